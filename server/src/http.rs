//! The server's answers.
//!
//! | path | answer |
//! |---|---|
//! | `/api/v1/state[?topic=]` | the observed state, as JSON ([`state`]) |
//! | `/api/v1/events[?topic=][&after=]` | frames, as server-sent events ([`events`]) |
//! | `/healthz`, `/readyz`, `/metrics` | for those who run it ([`health`]) |
//! | `/_reload` | development only: tells pages to reload ([`reload`]) |
//! | everything else | the built site ([`files`]) |
//!
//! Every answer carries the same security headers ([`headers`]). There is no CORS: only pages of this server read it.

pub mod events;
pub mod files;
pub mod headers;
pub mod health;
pub mod reload;
pub mod state;

use crate::live::feeds::{FeedError, Feeds};
use crate::metrics::Metrics;
use crate::stop::Stop;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use engine::ids::TopicName;
use files::Files;
use reload::Reloads;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What the answers are made from.
pub struct App {
    /// The live feeds.
    pub feeds: Arc<Feeds>,
    /// The built site.
    pub files: Files,
    /// The counters.
    pub metrics: Arc<Metrics>,
    /// One permit for each browser that may be served at once.
    pub slots: Arc<Semaphore>,
    /// In development, the rebuilds of the site.
    pub reloads: Option<Reloads>,
    /// Ends the streams.
    pub stop: Stop,
}

/// What may follow the `?` of the API.
#[derive(Debug, Deserialize)]
struct Params {
    topic: Option<String>,
    after: Option<u64>,
}

impl Params {
    fn topic(&self) -> Option<TopicName> {
        self.topic.as_deref().map(TopicName::from)
    }
}

/// All answers.
pub fn router(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/v1/state", get(state::state))
        .route("/v1/events", get(events::events))
        .fallback(unknown_api);
    let mut router = Router::new()
        .nest("/api", api)
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics));
    if app.reloads.is_some() {
        router = router.route("/_reload", get(reload::reload));
    }
    router
        .fallback(files::files)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            headers::secure,
        ))
        .with_state(app)
}

/// An answer that says what is wrong.
#[derive(Serialize)]
struct Problem {
    error: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topics: Vec<TopicName>,
}

async fn unknown_api() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "cette adresse n’existe pas dans l’API",
        Vec::new(),
    )
}

fn problem(status: StatusCode, error: &str, topics: Vec<TopicName>) -> Response {
    let body = Problem {
        error: error.to_owned(),
        topics,
    };
    match serde_json::to_vec(&body) {
        Ok(bytes) => json(status, bytes),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn no_feed(error: FeedError) -> Response {
    let message = error.to_string();
    match error {
        FeedError::BadName => problem(StatusCode::BAD_REQUEST, &message, Vec::new()),
        FeedError::Unknown { topics, .. } => problem(StatusCode::NOT_FOUND, &message, topics),
        FeedError::TooMany { .. } | FeedError::Unavailable => retry_later(problem(
            StatusCode::SERVICE_UNAVAILABLE,
            &message,
            Vec::new(),
        )),
    }
}

fn bad_query() -> Response {
    problem(
        StatusCode::BAD_REQUEST,
        "paramètres invalides : « topic » est un nom, « after » un numéro de trame",
        Vec::new(),
    )
}

fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    answer(status, "application/json", "no-store", body)
}

fn text(status: StatusCode, body: &str) -> Response {
    answer(
        status,
        "text/plain; charset=utf-8",
        "no-store",
        body.to_owned(),
    )
}

fn answer(
    status: StatusCode,
    kind: &'static str,
    cache: &'static str,
    body: impl Into<Body>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn retry_later(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

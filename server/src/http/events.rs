//! `GET /api/v1/events`: frames as they are closed, as server-sent events.
//!
//! A browser that comes back sends `Last-Event-ID` by itself; a page that has just read the state may say
//! `?after=<seq of the state>` to miss nothing in between. Without either the stream begins with the next frame.

use super::{App, Params, answer, bad_query, no_feed, problem, retry_later};
use crate::live::subscription::Subscription;
use crate::stop::Stop;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{Stream, unfold};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// First words of every stream: how long a browser waits before it comes back, in milliseconds.
const GREETING: Bytes = Bytes::from_static(b"retry: 2000\n\n");
/// A comment, which pages do not see.
const KEEP_ALIVE: Bytes = Bytes::from_static(b": toujours la\n\n");
/// What browsers send after a cut.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// One browser's stream. Dropped, slot and place included, as soon as the connection is gone.
struct Client {
    subscription: Subscription,
    greeting: Option<Bytes>,
    keep_alive: Duration,
    stop: Stop,
    _slot: OwnedSemaphorePermit,
}

/// Opens a stream, if there is room for one more browser.
pub(super) async fn events(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    let Ok(Query(params)) = params else {
        return bad_query();
    };
    let Ok(slot) = Arc::clone(&app.slots).try_acquire_owned() else {
        app.metrics.refused();
        return retry_later(problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "trop de navigateurs suivent déjà le direct : réessayez dans un instant",
            Vec::new(),
        ));
    };
    let feed = match app.feeds.get(params.topic().as_ref()) {
        Ok(feed) => feed,
        Err(error) => return no_feed(error),
    };
    let client = Client {
        subscription: feed.subscribe(last_event_id(&headers).or(params.after)),
        greeting: Some(GREETING),
        keep_alive: feed.tuning().keep_alive,
        stop: app.stop.clone(),
        _slot: slot,
    };
    let body = Body::from_stream(messages(client));
    let mut response = answer(StatusCode::OK, "text/event-stream", "no-store", body);
    // Asks nginx and OpenShift's like not to hold frames back.
    response
        .headers_mut()
        .insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// A number that no feed ever used means "start again"; so does anything that is not a number.
fn last_event_id(headers: &HeaderMap) -> Option<u64> {
    let id = headers.get(LAST_EVENT_ID)?;
    Some(
        id.to_str()
            .ok()
            .and_then(|id| id.trim().parse().ok())
            .unwrap_or(0),
    )
}

fn messages(client: Client) -> impl Stream<Item = Result<Bytes, Infallible>> {
    unfold(client, |mut client| async move {
        let message = client.next().await?;
        Some((Ok(message), client))
    })
}

impl Client {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        tokio::select! {
            biased;
            () = self.stop.wait() => None,
            message = tokio::time::timeout(self.keep_alive, self.subscription.next()) => {
                message.unwrap_or(Some(KEEP_ALIVE))
            }
        }
    }
}

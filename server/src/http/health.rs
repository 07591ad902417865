//! For those who run the server: is it alive, is it of use, what does it do.

use super::{App, answer, json, text};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;

/// `/readyz` in full.
#[derive(Serialize)]
struct Readiness {
    ready: bool,
    site: Part,
    kafka: Part,
}

#[derive(Serialize)]
struct Part {
    ready: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Part {
    fn new(reason: Option<String>) -> Self {
        Self {
            ready: reason.is_none(),
            reason,
        }
    }
}

/// The process is up: restart it only if this does not answer.
pub(super) async fn healthz() -> Response {
    text(StatusCode::OK, "ok\n")
}

/// The site is there and the cluster answers.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Response {
    let site = Part::new(app.files.missing().await);
    let kafka = Part::new(app.feeds.usual().unreachable());
    let readiness = Readiness {
        ready: site.ready && kafka.ready,
        site,
        kafka,
    };
    let status = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    match serde_json::to_vec(&readiness) {
        Ok(bytes) => json(status, bytes),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// The counters, in the format that Prometheus reads.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    /// The media type of `OpenMetrics`, which the encoder writes.
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match app.metrics.render() {
        Ok(page) => answer(StatusCode::OK, OPEN_METRICS, "no-store", page),
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

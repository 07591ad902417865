//! `GET /api/v1/state`: the whole observed state.

use super::{App, Params, bad_query, json, no_feed, problem};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;

/// How long the first answer of a cluster is waited for; then the state says that it is not known yet.
const PATIENCE: Duration = Duration::from_secs(3);

/// Answers with the state of the topic asked for, or of the usual one.
pub(super) async fn state(
    State(app): State<Arc<App>>,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    let Ok(Query(params)) = params else {
        return bad_query();
    };
    let feed = match app.feeds.get(params.topic().as_ref()) {
        Ok(feed) => feed,
        Err(error) => return no_feed(error),
    };
    tokio::select! {
        () = feed.ready() => {}
        () = tokio::time::sleep(PATIENCE) => {}
        () = app.stop.wait() => {}
    }
    match feed.snapshot() {
        Ok(bytes) => json(StatusCode::OK, bytes),
        Err(error) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            &error.to_string(),
            Vec::new(),
        ),
    }
}

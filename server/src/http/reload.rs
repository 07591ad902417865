//! Development: pages reload when the site was rebuilt.
//!
//! The generator puts a new home page in place last, whether it swaps the whole folder or moves single files into it. So
//! looking at that one file ten times a second is enough to notice, and costs nothing.

use super::{App, answer, text};
use crate::stop::Stop;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Sent when nothing was rebuilt for a while.
const KEEP_ALIVE: Bytes = Bytes::from_static(b": toujours la\n\n");
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
const RELOAD: Bytes = Bytes::from_static(b"event: reload\ndata: \n\n");

/// The rebuilds of the site, counted.
#[derive(Clone, Debug)]
pub struct Reloads {
    count: watch::Receiver<u64>,
}

/// Which file the home page is, and when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fingerprint {
    identity: u64,
    modified: Option<SystemTime>,
}

impl Reloads {
    /// Watches `dist` until `stop` is given.
    pub fn watch(dist: &Path, stop: Stop) -> Self {
        let (sender, count) = watch::channel(0);
        let home = dist.join("index.html");
        // Read before the server answers anyone: what changes from here on is a rebuild.
        let mut known = fingerprint(std::fs::metadata(&home));
        tokio::spawn(async move {
            while !wait(&stop).await {
                let now = fingerprint(tokio::fs::metadata(&home).await);
                // A swap takes two renames: while there is no page, there is nothing to load.
                if now.is_some() && now != known {
                    known = now;
                    sender.send_modify(|count| *count += 1);
                }
            }
        });
        Self { count }
    }
}

/// A stream that says `reload` each time the site was rebuilt.
pub(super) async fn reload(State(app): State<Arc<App>>) -> Response {
    let Some(mut reloads) = app.reloads.clone() else {
        return text(StatusCode::NOT_FOUND, "");
    };
    // The page that asks was just loaded: the rebuilds until now are no news to it.
    reloads.count.mark_unchanged();
    let stream = unfold(
        (reloads.count, app.stop.clone()),
        |(mut count, stop)| async move {
            let message = tokio::select! {
                () = stop.wait() => return None,
                changed = count.changed() => changed.ok().map(|()| RELOAD)?,
                () = tokio::time::sleep(KEEP_ALIVE_EVERY) => KEEP_ALIVE,
            };
            Some((Ok::<_, Infallible>(message), (count, stop)))
        },
    );
    answer(
        StatusCode::OK,
        "text/event-stream",
        "no-store",
        Body::from_stream(stream),
    )
}

/// Waits for the next look. Returns whether the server stops instead.
async fn wait(stop: &Stop) -> bool {
    tokio::select! {
        () = stop.wait() => true,
        () = tokio::time::sleep(LOOK_EVERY) => false,
    }
}

/// Nothing while there is no such file.
fn fingerprint(home: io::Result<Metadata>) -> Option<Fingerprint> {
    let metadata = home.ok()?;
    Some(Fingerprint {
        identity: identity(&metadata),
        modified: metadata.modified().ok(),
    })
}

/// The file's number, which a file written in the same instant does not share.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

/// Without numbers, the length must do.
#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> u64 {
    metadata.len()
}

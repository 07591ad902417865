//! From what an observer sees to what a browser receives.
//!
//! ```text
//! Observer ─► Feed (one per topic) ─► ring of encoded frames ─► one Subscription per browser
//!              └ Model: the state that the frames add up to
//! ```
//!
//! * [`model`]: the observed state, changed by events only.
//! * [`ring`]: the newest frames, encoded once, for all.
//! * [`feed`]: model and ring under one lock, so that a snapshot and its `seq` always agree.
//! * [`subscription`]: a browser's place in the ring; it has no queue of its own, so it cannot grow.
//! * [`feeds`]: the feeds by topic, each with the thread that runs its observer.

pub mod feed;
pub mod feeds;
pub mod model;
pub mod ring;
pub mod subscription;

use std::time::Duration;

/// The sizes and rhythms of the live part.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// How long events are gathered into one frame.
    pub window: Duration,
    /// Events in one frame at most; the rest is counted in `skipped`.
    pub events_per_frame: usize,
    /// Frames kept for clients that come back.
    pub ring_frames: usize,
    /// Bytes of frames kept at most.
    pub ring_bytes: usize,
    /// A client further behind than this many frames is told to start again from the snapshot.
    pub queue_frames: u64,
    /// Without events, a frame is sent this often as long as the cluster answers.
    pub heartbeat: Duration,
    /// An SSE comment is sent after this much silence, so that a browser that went away is noticed.
    pub keep_alive: Duration,
    /// A connection whose other end takes nothing for this long is closed, so that a computer put to sleep frees its place.
    pub dead_connection: Duration,
    /// A topic nobody looks at any more is watched this long.
    pub idle_topic: Duration,
    /// Topics watched at once.
    pub max_topics: usize,
    /// Longest wait between two attempts to reach the cluster.
    pub longest_backoff: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            window: Duration::from_millis(80),
            events_per_frame: 500,
            ring_frames: 1_024,
            ring_bytes: 8 << 20,
            queue_frames: 64,
            heartbeat: Duration::from_secs(1),
            keep_alive: Duration::from_secs(10),
            dead_connection: Duration::from_secs(60),
            idle_topic: Duration::from_secs(60),
            max_topics: 8,
            longest_backoff: Duration::from_secs(10),
        }
    }
}

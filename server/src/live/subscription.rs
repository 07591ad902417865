//! A browser's place in a feed.
//!
//! There is no queue per client: a subscription is a number, the frame it sent last, and takes the next one from the shared
//! ring when the connection can take it. A client too slow for the ring's pace is moved to the newest frame and told how
//! many events it missed; its page then reads the snapshot. So it neither slows others nor costs memory.

use super::feed::{Feed, sse_message};
use crate::clock;
use bytes::Bytes;
use engine::live::Frame;
use std::sync::Arc;
use tokio::sync::watch;

/// A client's place in the ring. Dropping it is all it takes to leave.
pub struct Subscription {
    feed: Arc<Feed>,
    newest: watch::Receiver<u64>,
    /// The last frame this client was given.
    cursor: u64,
    /// Events up to and including that frame.
    events_seen: u64,
    /// Until here the client is catching up after a reconnection, which is not lagging.
    resume_target: u64,
    /// The client knows a state that this feed cannot continue.
    must_reset: bool,
}

enum Step {
    Send(Bytes),
    Wait,
}

impl Subscription {
    pub(super) fn new(feed: Arc<Feed>, newest: watch::Receiver<u64>, after: Option<u64>) -> Self {
        let (cursor, events_seen, target, must_reset) = feed.with_ring(|ring, seq| {
            let newest_events = ring.newest().map_or(0, |frame| frame.events_so_far);
            match after {
                Some(after) if after == seq => (seq, newest_events, seq, false),
                Some(after) => match ring.get(after) {
                    Some(frame) => (after, frame.events_so_far, seq, false),
                    None => (seq, newest_events, seq, true),
                },
                None => (seq, newest_events, seq, false),
            }
        });
        feed.metrics().connected(after.is_some(), must_reset);
        Self {
            feed,
            newest,
            cursor,
            events_seen,
            resume_target: target,
            must_reset,
        }
    }

    /// The next SSE message, as soon as there is one; `None` when the feed is over.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            self.newest.mark_unchanged();
            match self.step() {
                Step::Send(bytes) => return Some(bytes),
                Step::Wait => self.newest.changed().await.ok()?,
            }
        }
    }

    fn step(&mut self) -> Step {
        let feed = Arc::clone(&self.feed);
        feed.with_ring(|ring, seq| {
            if self.must_reset {
                self.must_reset = false;
                return self.jump(seq, self.events_seen);
            }
            if self.cursor >= seq {
                return Step::Wait;
            }
            let lag = seq - self.cursor.max(self.resume_target);
            match ring.get(self.cursor + 1) {
                Some(frame) if lag <= self.feed.tuning().queue_frames => {
                    self.cursor = frame.seq;
                    self.events_seen = frame.events_so_far;
                    Step::Send(frame.bytes.clone())
                }
                _ => {
                    let newest_events = ring
                        .newest()
                        .map_or(self.events_seen, |frame| frame.events_so_far);
                    self.jump(seq, newest_events)
                }
            }
        })
    }

    /// Moves to the newest frame and tells the client to read the snapshot again.
    fn jump(&mut self, seq: u64, newest_events: u64) -> Step {
        let skipped = newest_events - self.events_seen;
        self.cursor = seq;
        self.events_seen = newest_events;
        self.feed.metrics().lagged(skipped);
        let notice = Frame {
            seq,
            sent_at_ms: clock::unix_millis(),
            events: Vec::new(),
            skipped,
            reset: true,
        };
        match sse_message(&notice) {
            Ok(bytes) => Step::Send(bytes),
            Err(error) => {
                tracing::error!(%error, "avis impossible à encoder");
                Step::Wait
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.feed.metrics().disconnected();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Tuning;
    use crate::metrics::Metrics;
    use crate::observer::Observation;
    use engine::event::EventKind;
    use engine::live::Source;

    fn feed(queue_frames: u64) -> Arc<Feed> {
        let tuning = Tuning {
            queue_frames,
            ring_frames: 16,
            ..Tuning::default()
        };
        Arc::new(Feed::new(
            Source::Embedded,
            "démarrage".to_owned(),
            tuning,
            Arc::new(Metrics::new()),
        ))
    }

    fn publish(feed: &Feed, events: usize) {
        feed.publish(Observation {
            events: vec![EventKind::SourceRecovered; events],
            ..Observation::default()
        });
    }

    async fn frame(subscription: &mut Subscription) -> Frame {
        let bytes = subscription.next().await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, data) = text.split_once("data: ").unwrap();
        let frame: Frame = serde_json::from_str(data.trim_end()).unwrap();
        assert_eq!(head, format!("id: {}\nevent: frame\n", frame.seq));
        frame
    }

    #[tokio::test]
    async fn frames_come_in_order_without_gaps() {
        let feed = feed(64);
        let mut client = feed.subscribe(None);
        for events in [1, 2, 3] {
            publish(&feed, events);
        }
        let mut last = None;
        for events in [1, 2, 3] {
            let frame = frame(&mut client).await;
            assert_eq!(frame.events.len(), events);
            assert!(last.is_none_or(|seq| frame.seq == seq + 1));
            last = Some(frame.seq);
        }
    }

    #[tokio::test]
    async fn a_client_that_comes_back_gets_what_it_missed() {
        let feed = feed(2);
        publish(&feed, 1);
        let mut client = feed.subscribe(None);
        publish(&feed, 1);
        let seen = frame(&mut client).await.seq;
        drop(client);
        for _ in 0..10 {
            publish(&feed, 1);
        }
        let mut client = feed.subscribe(Some(seen));
        for missed in 1..=10 {
            let frame = frame(&mut client).await;
            assert_eq!(
                (frame.seq, frame.skipped, frame.reset),
                (seen + missed, 0, false)
            );
        }
    }

    #[tokio::test]
    async fn a_client_with_an_unknown_place_is_told_to_start_again() {
        let feed = feed(64);
        publish(&feed, 1);
        for unknown in [1, u64::MAX] {
            let mut client = feed.subscribe(Some(unknown));
            assert!(frame(&mut client).await.reset);
        }
    }

    #[tokio::test]
    async fn a_slow_client_is_told_how_much_it_missed() {
        for burst in [5, 40] {
            let feed = feed(4);
            publish(&feed, 1);
            let mut client = feed.subscribe(None);
            for _ in 0..burst {
                publish(&feed, 3);
            }
            let notice = frame(&mut client).await;
            assert_eq!((notice.skipped, notice.reset), (3 * burst, true));
            publish(&feed, 1);
            let next = frame(&mut client).await;
            assert_eq!(
                (next.seq, next.skipped, next.reset),
                (notice.seq + 1, 0, false)
            );
        }
    }
}

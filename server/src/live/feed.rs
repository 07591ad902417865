//! One topic's feed: the model and the ring of frames, moved together under one lock.
//!
//! A frame is closed once per window: its events are applied to the model, encoded, and put in the ring in one step. So the
//! snapshot with number `seq` is exactly what the frames up to `seq` add up to.
//!
//! Frames are numbered without gaps from the microsecond at which the feed began. A client that comes back after the
//! server was restarted therefore brings a number that this feed never used, and is told to read the snapshot.

use super::Tuning;
use super::model::Model;
use super::ring::{Encoded, Ring};
use super::subscription::Subscription;
use crate::clock;
use crate::metrics::Metrics;
use crate::observer::{Observation, ObserveError, Opening};
use bytes::Bytes;
use engine::event::{Event, EventKind};
use engine::ids::{EventId, TopicName};
use engine::live::{Frame, Source};
use engine::time::Instant as RunInstant;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long a snapshot without new frames is handed out again.
const SNAPSHOT_AGE: Duration = Duration::from_millis(200);

/// The live state and the newest frames of one topic.
pub struct Feed {
    inner: Mutex<Inner>,
    newest: watch::Sender<u64>,
    ready: watch::Sender<bool>,
    began: Instant,
    tuning: Tuning,
    metrics: Arc<Metrics>,
}

struct Inner {
    model: Model,
    ring: Ring,
    /// Number of the last frame, or of none if there is none yet.
    seq: u64,
    next_event: u64,
    events_so_far: u64,
    last_frame: Instant,
    connected_before: bool,
    snapshot: Option<(Instant, u64, Bytes)>,
}

/// A frame being put together.
#[derive(Default)]
struct Draft {
    events: Vec<EventKind>,
    skipped: u64,
    reset: bool,
}

impl Feed {
    /// A feed that knows nothing yet; `reason` is what the page shows until it does.
    pub fn new(source: Source, reason: String, tuning: Tuning, metrics: Arc<Metrics>) -> Self {
        let seq = clock::unix_micros();
        Self {
            inner: Mutex::new(Inner {
                model: Model::new(source, reason),
                ring: Ring::new(tuning.ring_frames, tuning.ring_bytes),
                seq,
                next_event: 0,
                events_so_far: 0,
                last_frame: Instant::now(),
                connected_before: false,
                snapshot: None,
            }),
            newest: watch::Sender::new(seq),
            ready: watch::Sender::new(false),
            began: Instant::now(),
            tuning,
            metrics,
        }
    }

    /// A watch begins: the pages read the state again.
    pub fn open(&self, opening: Opening) {
        let mut inner = self.lock();
        let recovered = inner.connected_before && inner.model.unreachable().is_some();
        inner.connected_before = true;
        inner.model.open(opening);
        inner.model.answered(clock::unix_millis());
        let events = if recovered {
            vec![EventKind::SourceRecovered]
        } else {
            Vec::new()
        };
        self.close_frame(
            &mut inner,
            Draft {
                events,
                skipped: 0,
                reset: true,
            },
        );
        drop(inner);
        self.ready.send_replace(true);
    }

    /// One window's observation becomes a frame, unless there is nothing to say.
    pub fn publish(&self, observation: Observation) {
        let mut inner = self.lock();
        if observation.answered {
            inner.model.answered(clock::unix_millis());
        }
        let reset = observation.layout.is_some();
        if let Some(layout) = observation.layout {
            inner.model.place(layout);
        }
        for event in &observation.events {
            inner.model.apply(event);
        }
        let silent = observation.events.is_empty() && observation.skipped == 0 && !reset;
        let heartbeat = observation.answered && inner.last_frame.elapsed() >= self.tuning.heartbeat;
        if silent && !heartbeat {
            return;
        }
        let draft = Draft {
            events: observation.events,
            skipped: observation.skipped,
            reset,
        };
        let draft = cap(draft, self.tuning.events_per_frame, &inner.model);
        self.close_frame(&mut inner, draft);
    }

    /// The cluster cannot be watched; told once for each different reason.
    pub fn lose(&self, error: &ObserveError) {
        let reason = error.to_string();
        let mut inner = self.lock();
        if inner.model.unreachable() != Some(&reason) {
            inner.model.lose(reason.clone(), error.known_topics());
            let draft = Draft {
                events: vec![EventKind::SourceLost { reason }],
                skipped: 0,
                reset: error.known_topics().is_some(),
            };
            self.close_frame(&mut inner, draft);
        }
        drop(inner);
        self.ready.send_replace(true);
    }

    /// The whole state as JSON, encoded at most once per frame.
    ///
    /// # Errors
    /// The state cannot be encoded.
    pub fn snapshot(&self) -> Result<Bytes, serde_json::Error> {
        let mut inner = self.lock();
        if let Some((at, seq, bytes)) = &inner.snapshot
            && *seq == inner.seq
            && at.elapsed() < SNAPSHOT_AGE
        {
            return Ok(bytes.clone());
        }
        let snapshot = inner.model.snapshot(inner.seq, clock::unix_millis());
        let bytes = Bytes::from(serde_json::to_vec(&snapshot)?);
        inner.snapshot = Some((Instant::now(), inner.seq, bytes.clone()));
        Ok(bytes)
    }

    /// A client's place in this feed: after frame `after` if it is known, otherwise after the newest.
    pub fn subscribe(self: &Arc<Self>, after: Option<u64>) -> Subscription {
        Subscription::new(Arc::clone(self), self.newest.subscribe(), after)
    }

    /// Completes when the cluster was reached, or could not be, for the first time.
    pub async fn ready(&self) {
        let mut ready = self.ready.subscribe();
        // The sender lives as long as `self`.
        let _ = ready.wait_for(|ready| *ready).await;
    }

    /// Why the cluster is out of reach, if it is.
    pub fn unreachable(&self) -> Option<String> {
        self.lock().model.unreachable().map(str::to_owned)
    }

    /// The topic being shown, if any.
    pub fn topic(&self) -> Option<TopicName> {
        self.lock().model.topic().cloned()
    }

    /// All topics that the cluster told of.
    pub fn topics(&self) -> Vec<TopicName> {
        self.lock().model.topics().to_vec()
    }

    /// The sizes and rhythms.
    pub fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// The counters.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Looks at the ring; `look` must be brief.
    pub(super) fn with_ring<T>(&self, look: impl FnOnce(&Ring, u64) -> T) -> T {
        let inner = self.lock();
        look(&inner.ring, inner.seq)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers, encodes and publishes a frame.
    fn close_frame(&self, inner: &mut Inner, draft: Draft) {
        let count = draft.events.len() as u64;
        let frame = Frame {
            seq: inner.seq + 1,
            sent_at_ms: clock::unix_millis(),
            events: self.number(inner.next_event, draft.events),
            skipped: draft.skipped,
            reset: draft.reset,
        };
        let bytes = match sse_message(&frame) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, "trame impossible à encoder");
                return;
            }
        };
        inner.seq = frame.seq;
        inner.next_event += count;
        inner.events_so_far += count + frame.skipped;
        inner.last_frame = Instant::now();
        self.metrics.frame(bytes.len(), count, frame.skipped);
        inner.ring.push(Encoded {
            seq: frame.seq,
            events_so_far: inner.events_so_far,
            bytes,
        });
        self.newest.send_replace(inner.seq);
    }

    fn number(&self, first: u64, events: Vec<EventKind>) -> Vec<Event> {
        let micros = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        (first..)
            .zip(events)
            .map(|(id, kind)| Event {
                id: EventId::new(id),
                at: RunInstant(micros),
                cause: None,
                kind,
            })
            .collect()
    }
}

/// A frame as an SSE message: its number as `id`, so that the browser sends it back as `Last-Event-ID`.
///
/// # Errors
/// The frame cannot be encoded.
pub(super) fn sse_message(frame: &Frame) -> Result<Bytes, serde_json::Error> {
    let mut message = format!("id: {}\nevent: frame\ndata: ", frame.seq).into_bytes();
    serde_json::to_writer(&mut message, frame)?;
    message.extend_from_slice(b"\n\n");
    Ok(Bytes::from(message))
}

/// Leaves out the oldest records of a frame that is too full; what they changed is told by the ends of the logs.
fn cap(mut draft: Draft, most: usize, model: &Model) -> Draft {
    let excess = draft.events.len().saturating_sub(most);
    if excess == 0 {
        return draft;
    }
    let mut left = excess;
    draft.events.retain(|event| {
        let drop = left > 0 && is_record(event);
        left -= usize::from(drop);
        !drop
    });
    draft.skipped += (excess - left) as u64;
    if let Some(topic) = model.topic() {
        let ends =
            model
                .ends()
                .into_iter()
                .map(|(partition, low, high)| EventKind::WatermarksRead {
                    topic: topic.clone(),
                    partition,
                    low,
                    high,
                });
        draft.events.extend(ends);
    }
    draft
}

/// Whether the event is one of many alike, whose loss the ends of the logs make good.
fn is_record(event: &EventKind) -> bool {
    matches!(
        event,
        EventKind::RecordAppended { .. } | EventKind::RecordConsumed { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{Offset, PartitionId};
    use engine::live::{PartitionState, Snapshot, TopicState};

    fn opening() -> Opening {
        Opening {
            topics: vec!["orders.created".into()],
            topic: TopicState {
                name: "orders.created".into(),
                partitions: vec![PartitionState {
                    partition: PartitionId(0),
                    leader: Some(1),
                    replicas: vec![1],
                    isr: vec![1],
                    low: Offset(0),
                    high: Offset(0),
                    recent: Vec::new(),
                }],
            },
            groups: Vec::new(),
        }
    }

    fn feed(tuning: Tuning) -> Arc<Feed> {
        let metrics = Arc::new(Metrics::new());
        Arc::new(Feed::new(
            Source::Embedded,
            "démarrage".to_owned(),
            tuning,
            metrics,
        ))
    }

    fn appended(offset: i64) -> EventKind {
        EventKind::RecordAppended {
            topic: "orders.created".into(),
            partition: PartitionId(0),
            offset: Offset(offset),
            key: None,
            size_bytes: 1,
            record: None,
        }
    }

    fn newest_frame(feed: &Feed) -> Frame {
        let bytes = feed.with_ring(|ring, _| ring.newest().unwrap().bytes.clone());
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let data = text.split_once("data: ").unwrap().1;
        serde_json::from_str(data.trim_end()).unwrap()
    }

    fn snapshot(feed: &Feed) -> Snapshot {
        serde_json::from_slice(&feed.snapshot().unwrap()).unwrap()
    }

    #[test]
    fn a_snapshot_is_what_the_frames_up_to_its_number_add_up_to() {
        let feed = feed(Tuning::default());
        feed.open(opening());
        assert!(newest_frame(&feed).reset);
        for offset in 0..10 {
            feed.publish(Observation {
                events: vec![appended(offset)],
                ..Observation::default()
            });
            let (state, frame) = (snapshot(&feed), newest_frame(&feed));
            assert_eq!(state.seq, frame.seq);
            assert_eq!(state.topic.unwrap().partitions[0].high, Offset(offset + 1));
        }
    }

    #[test]
    fn a_window_without_anything_makes_no_frame_before_the_heartbeat() {
        let feed = feed(Tuning::default());
        feed.open(opening());
        let before = newest_frame(&feed).seq;
        feed.publish(Observation {
            answered: true,
            ..Observation::default()
        });
        assert_eq!(newest_frame(&feed).seq, before);
    }

    #[test]
    fn a_frame_that_is_too_full_drops_old_records_and_tells_the_ends() {
        let feed = feed(Tuning {
            events_per_frame: 10,
            ..Tuning::default()
        });
        feed.open(opening());
        let mut events: Vec<EventKind> = (0..100).map(appended).collect();
        events.insert(
            0,
            EventKind::MemberJoined {
                group: "billing".into(),
                member: "consumer-1".into(),
            },
        );
        feed.publish(Observation {
            events,
            ..Observation::default()
        });
        let frame = newest_frame(&feed);
        assert_eq!(frame.skipped, 91);
        assert!(matches!(
            frame.events[0].kind,
            EventKind::MemberJoined { .. }
        ));
        assert_eq!(
            frame.events.last().map(|e| e.kind.clone()),
            Some(EventKind::WatermarksRead {
                topic: "orders.created".into(),
                partition: PartitionId(0),
                low: Offset(0),
                high: Offset(100),
            })
        );
    }

    #[test]
    fn a_loss_is_told_once_and_a_recovery_resets() {
        let feed = feed(Tuning::default());
        feed.open(opening());
        let error = ObserveError::Unreachable {
            bootstrap: "127.0.0.1:1".to_owned(),
            detail: "refusé".to_owned(),
        };
        feed.lose(&error);
        let lost = newest_frame(&feed);
        feed.lose(&error);
        assert_eq!(newest_frame(&feed).seq, lost.seq);
        assert!(matches!(lost.events[0].kind, EventKind::SourceLost { .. }));
        assert!(snapshot(&feed).unreachable.unwrap().contains("127.0.0.1:1"));
        feed.open(opening());
        let back = newest_frame(&feed);
        assert!(back.reset && back.events[0].kind == EventKind::SourceRecovered);
        assert_eq!(snapshot(&feed).unreachable, None);
    }
}

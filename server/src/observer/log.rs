//! One topic's log, read from its end: records as they land, watermarks, leaders.
//!
//! 1. [`TopicLog::open`] asks for the metadata, chooses the topic, reads both ends of each partition and the few records
//!    before the end: that is the opening state.
//! 2. [`TopicLog::observe`] then reads records for one window, the ends twice a second, the metadata every five seconds.
//!
//! The consumer is *assigned* its partitions, so it joins no group and commits nothing. librdkafka wants a `group.id` all
//! the same; the name never reaches the cluster's list of groups. `isolation.level` is `read_uncommitted`, because what is
//! watched is the log itself: a record counts when it is in the log, even if its transaction is aborted later.
//!
//! What arrives faster than a page can show is not read at all: a reader that falls too far behind jumps to the end and
//! counts what it left out.

use super::{Layout, Observation, ObserveError, Placement};
use crate::client_log::{Quiet, client_config};
use crate::stop::Stop;
use engine::event::EventKind;
use engine::ids::{Offset, PartitionId, TopicName};
use engine::live::{PartitionState, RECENT_RECORDS, RecentRecord};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::metadata::Metadata;
use rdkafka::topic_partition_list::{Offset as Place, TopicPartitionList};
use std::time::{Duration, Instant};

/// How long the first answer of a cluster may take, in attempts between which the order to stop is heard.
const OPEN_TIMEOUT: Duration = Duration::from_secs(1);
const OPEN_ATTEMPTS: usize = 3;
/// How long any later answer may take; the page counts as cut off after this.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the records before the end may take to arrive.
const HISTORY_TIMEOUT: Duration = Duration::from_millis(1_500);
/// How often both ends of the log are asked for.
const WATERMARKS_EVERY: Duration = Duration::from_millis(500);
/// How often leaders, replicas and the list of topics are asked for.
const LAYOUT_EVERY: Duration = Duration::from_secs(5);
/// Records read in one window at most.
const RECORDS_PER_WINDOW: usize = 2_000;
/// A partition read this many records late is read from its end again.
const MAX_BEHIND: i64 = 5_000;
/// Keys are shown up to this many bytes.
const KEY_BYTES: usize = 256;
/// Internal topics begin like this, by convention of Kafka's own and of its operators.
const INTERNAL_PREFIX: &str = "__";

/// A reader of one topic's log.
pub(crate) struct TopicLog {
    consumer: BaseConsumer<Quiet>,
    bootstrap: String,
    topic: TopicName,
    topics: Vec<TopicName>,
    cursors: Vec<Cursor>,
    watermarks_due: Instant,
    layout_due: Instant,
}

/// Where the reader stands on one partition; its index in the list is the partition's number.
struct Cursor {
    placement: Placement,
    low: i64,
    /// End of the log as far as it was told.
    high: i64,
    /// End of the log when it was last sampled.
    sampled: i64,
    /// Offset of the next record to read, `None` for "whatever comes next".
    next: Option<i64>,
}

struct Record {
    partition: i32,
    offset: i64,
    key: Option<String>,
    size_bytes: u32,
}

enum Polled {
    Record(Record),
    EndOfPartition(i32),
    TopicMoved,
    Nothing,
}

impl TopicLog {
    /// Opens `wish`, or the topic `usual` if it exists, or the first one.
    pub(crate) fn open(
        bootstrap: &str,
        fetch_wait: Duration,
        wish: Option<&TopicName>,
        usual: &TopicName,
        stop: &Stop,
    ) -> Result<(Self, Vec<PartitionState>), ObserveError> {
        let consumer = consumer(bootstrap, fetch_wait)?;
        let metadata =
            first_metadata(&consumer, stop).map_err(|e| failure(&consumer, bootstrap, &e))?;
        let topics = topic_names(&metadata);
        let topic = choose(wish, usual, &topics)?;
        let cursors = placements(&metadata, &topic)
            .into_iter()
            .map(Cursor::new)
            .collect();
        let mut log = Self {
            consumer,
            bootstrap: bootstrap.to_owned(),
            topic,
            topics,
            cursors,
            watermarks_due: Instant::now() + WATERMARKS_EVERY,
            layout_due: Instant::now() + LAYOUT_EVERY,
        };
        log.start_before_end()?;
        let history = log.read_history(stop);
        let partitions = log.states(history);
        Ok((log, partitions))
    }

    /// The topic being read.
    pub(crate) fn topic(&self) -> &TopicName {
        &self.topic
    }

    /// All topics of the cluster, as of the latest metadata.
    pub(crate) fn topics(&self) -> &[TopicName] {
        &self.topics
    }

    /// Up to which offset a partition was read, `None` for a partition that is not known.
    pub(crate) fn read_up_to(&self, partition: PartitionId) -> Option<i64> {
        let index = usize::try_from(partition.0).ok()?;
        self.cursors.get(index)?.next
    }

    /// Reads for one window.
    pub(crate) fn observe(&mut self, window: Duration) -> Result<Observation, ObserveError> {
        let until = Instant::now() + window;
        let mut seen = Observation::default();
        self.read_records(until, &mut seen);
        let now = Instant::now();
        if now >= self.watermarks_due {
            self.read_watermarks(&mut seen)?;
            self.watermarks_due = now + WATERMARKS_EVERY;
        }
        if now >= self.layout_due {
            self.read_layout(&mut seen)?;
            self.layout_due = now + LAYOUT_EVERY;
        }
        Ok(seen)
    }

    /// Records of the window; when there are too many, the rest waits in the client's bounded queue.
    fn read_records(&mut self, until: Instant, seen: &mut Observation) {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if seen.events.len() >= RECORDS_PER_WINDOW {
                std::thread::sleep(left);
                return;
            }
            match poll(&self.consumer, left) {
                Polled::Record(record) => {
                    seen.answered = true;
                    self.advance(&record);
                    seen.events.push(self.appended(record));
                }
                Polled::TopicMoved => self.layout_due = Instant::now(),
                Polled::EndOfPartition(_) | Polled::Nothing => {}
            }
            if left.is_zero() {
                return;
            }
        }
    }

    fn advance(&mut self, record: &Record) {
        let index = usize::try_from(record.partition).unwrap_or(usize::MAX);
        if let Some(cursor) = self.cursors.get_mut(index) {
            cursor.next = Some(record.offset + 1);
            cursor.high = cursor.high.max(record.offset + 1);
        }
    }

    fn appended(&self, record: Record) -> EventKind {
        EventKind::RecordAppended {
            topic: self.topic.clone(),
            partition: PartitionId(record.partition),
            offset: Offset(record.offset),
            key: record.key,
            size_bytes: record.size_bytes,
            record: None,
        }
    }

    /// Asks for both ends. An end is told when the log's start moved, or when the end stays beyond what the records told:
    /// there are offsets without a record (transaction markers, compaction), or the reader jumps ahead.
    fn read_watermarks(&mut self, seen: &mut Observation) -> Result<(), ObserveError> {
        let lows = self.ends(Place::Beginning)?;
        let highs = self.ends(Place::End)?;
        seen.answered = true;
        let mut jumped = false;
        for (index, cursor) in self.cursors.iter_mut().enumerate() {
            let (Some(low), Some(high)) = (lows[index], highs[index]) else {
                continue;
            };
            if high < cursor.high {
                return Err(ObserveError::LogWentBack {
                    topic: self.topic.clone(),
                });
            }
            let skipped = cursor.jump_if_behind(high);
            jumped |= skipped > 0;
            seen.skipped += skipped.unsigned_abs();
            if cursor.sample(low, high, skipped > 0) {
                seen.events.push(EventKind::WatermarksRead {
                    topic: self.topic.clone(),
                    partition: cursor.placement.partition,
                    low: Offset(cursor.low),
                    high: Offset(cursor.high),
                });
            }
        }
        if jumped {
            self.assign()?;
        }
        Ok(())
    }

    /// Asks for the metadata: new topics and partitions are events, anything else that moved is a new layout.
    fn read_layout(&mut self, seen: &mut Observation) -> Result<(), ObserveError> {
        let metadata = self
            .consumer
            .fetch_metadata(None, ANSWER_TIMEOUT)
            .map_err(|e| failure(&self.consumer, &self.bootstrap, &e))?;
        seen.answered = true;
        let topics = topic_names(&metadata);
        if !topics.contains(&self.topic) {
            return Err(ObserveError::UnknownTopic {
                topic: self.topic.clone(),
                topics,
            });
        }
        let placements = placements(&metadata, &self.topic);
        let old: Vec<&Placement> = self.cursors.iter().map(|c| &c.placement).collect();
        if topics == self.topics && old.iter().copied().eq(&placements) {
            return Ok(());
        }
        seen.events
            .extend(new_topics(&metadata, &self.topics, &topics));
        self.topics = topics;
        self.grow(&placements, seen)?;
        for (cursor, placement) in self.cursors.iter_mut().zip(&placements) {
            cursor.placement.clone_from(placement);
        }
        seen.layout = Some(Layout {
            topics: self.topics.clone(),
            partitions: placements,
        });
        Ok(())
    }

    /// Starts to read partitions that were added since, from their first record.
    fn grow(
        &mut self,
        placements: &[Placement],
        seen: &mut Observation,
    ) -> Result<(), ObserveError> {
        let before = self.cursors.len();
        if placements.len() < before {
            return Err(ObserveError::LogWentBack {
                topic: self.topic.clone(),
            });
        }
        if placements.len() == before {
            return Ok(());
        }
        for placement in &placements[before..] {
            let mut cursor = Cursor::new(placement.clone());
            cursor.next = Some(0);
            self.cursors.push(cursor);
        }
        let as_count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        seen.events.push(EventKind::PartitionsAdded {
            topic: self.topic.clone(),
            from: as_count(before),
            to: as_count(placements.len()),
        });
        self.assign()
    }

    /// One end of every partition; `None` where its leader did not answer.
    fn ends(&self, place: Place) -> Result<Vec<Option<i64>>, ObserveError> {
        let failed = |error: KafkaError| failure(&self.consumer, &self.bootstrap, &error);
        let mut question = TopicPartitionList::with_capacity(self.cursors.len());
        for cursor in &self.cursors {
            question
                .add_partition_offset(self.topic.as_str(), cursor.placement.partition.0, place)
                .map_err(failed)?;
        }
        let answer = self
            .consumer
            .offsets_for_times(question, ANSWER_TIMEOUT)
            .map_err(failed)?;
        let mut ends = vec![None; self.cursors.len()];
        let mut refusal = None;
        for element in answer.elements() {
            let index = usize::try_from(element.partition()).unwrap_or(usize::MAX);
            match (element.error(), element.offset(), ends.get_mut(index)) {
                (Ok(()), Place::Offset(offset), Some(end)) => *end = Some(offset),
                (Err(error), ..) => refusal = Some(error),
                _ => {}
            }
        }
        match refusal {
            Some(error) if ends.iter().all(Option::is_none) => Err(failed(error)),
            _ => Ok(ends),
        }
    }

    /// Reads both ends and goes to the few records before the end of each partition.
    fn start_before_end(&mut self) -> Result<(), ObserveError> {
        let lows = self.ends(Place::Beginning)?;
        let highs = self.ends(Place::End)?;
        for (index, cursor) in self.cursors.iter_mut().enumerate() {
            if let (Some(low), Some(high)) = (lows[index], highs[index]) {
                cursor.low = low;
                cursor.high = high;
                cursor.sampled = high;
                cursor.next = Some(low.max(high - recent_records()));
            }
        }
        self.assign()
    }

    /// Reads up to the end that was known at the opening; gives up when the records take too long.
    fn read_history(&mut self, stop: &Stop) -> Vec<Record> {
        let until = Instant::now() + HISTORY_TIMEOUT;
        let mut history = Vec::new();
        let mut missing: Vec<bool> = self.cursors.iter().map(Cursor::is_behind).collect();
        while missing.contains(&true) && Instant::now() < until && !stop.is_set() {
            match poll(&self.consumer, Duration::from_millis(50)) {
                Polled::Record(record) => {
                    self.advance(&record);
                    let index = usize::try_from(record.partition).unwrap_or(usize::MAX);
                    if let (Some(missing), Some(cursor)) =
                        (missing.get_mut(index), self.cursors.get(index))
                    {
                        *missing &= cursor.is_behind();
                    }
                    history.push(record);
                }
                Polled::EndOfPartition(partition) => {
                    let index = usize::try_from(partition).unwrap_or(usize::MAX);
                    if let Some(missing) = missing.get_mut(index) {
                        *missing = false;
                    }
                }
                Polled::TopicMoved | Polled::Nothing => {}
            }
        }
        history
    }

    fn states(&self, history: Vec<Record>) -> Vec<PartitionState> {
        let mut states: Vec<PartitionState> = self.cursors.iter().map(Cursor::state).collect();
        for record in history {
            let index = usize::try_from(record.partition).unwrap_or(usize::MAX);
            let Some(state) = states.get_mut(index) else {
                continue;
            };
            if state.recent.len() == RECENT_RECORDS {
                state.recent.remove(0);
            }
            state.recent.push(RecentRecord {
                offset: Offset(record.offset),
                key: record.key,
                size_bytes: record.size_bytes,
            });
        }
        states
    }

    /// Hands the client the position of every partition; what it had fetched before is dropped.
    fn assign(&self) -> Result<(), ObserveError> {
        let failed = |error: KafkaError| failure(&self.consumer, &self.bootstrap, &error);
        let mut assignment = TopicPartitionList::with_capacity(self.cursors.len());
        for cursor in &self.cursors {
            let place = cursor.next.map_or(Place::End, Place::Offset);
            assignment
                .add_partition_offset(self.topic.as_str(), cursor.placement.partition.0, place)
                .map_err(failed)?;
        }
        self.consumer.assign(&assignment).map_err(failed)
    }
}

impl Cursor {
    fn new(placement: Placement) -> Self {
        Self {
            placement,
            low: 0,
            high: 0,
            sampled: 0,
            next: None,
        }
    }

    fn is_behind(&self) -> bool {
        self.next.is_some_and(|next| next < self.high)
    }

    /// Goes near the end if it is too far away. Returns how many offsets that leaves out.
    fn jump_if_behind(&mut self, high: i64) -> i64 {
        match self.next {
            Some(next) if high - next > MAX_BEHIND => {
                let target = high - recent_records();
                self.next = Some(target);
                target - next
            }
            _ => 0,
        }
    }

    /// Takes note of a sample. Returns whether it is worth telling.
    fn sample(&mut self, low: i64, high: i64, jumped: bool) -> bool {
        let start_moved = low != self.low;
        let end_ahead = high > self.high && (jumped || high == self.sampled);
        self.low = low;
        self.sampled = high;
        if end_ahead {
            self.high = high;
        }
        // A log emptied by retention starts where it ends, even before its end is told.
        self.high = self.high.max(low);
        start_moved || end_ahead
    }

    fn state(&self) -> PartitionState {
        PartitionState {
            partition: self.placement.partition,
            leader: self.placement.leader,
            replicas: self.placement.replicas.clone(),
            isr: self.placement.isr.clone(),
            low: Offset(self.low),
            high: Offset(self.high),
            recent: Vec::new(),
        }
    }
}

fn recent_records() -> i64 {
    i64::try_from(RECENT_RECORDS).unwrap_or(i64::MAX)
}

/// A consumer that reads and never takes part: no commits, small queues, no topic created by asking for it.
fn consumer(bootstrap: &str, fetch_wait: Duration) -> Result<BaseConsumer<Quiet>, ObserveError> {
    client_config()
        .set("bootstrap.servers", bootstrap)
        .set("client.id", "formation-kafka-observer")
        .set("group.id", "formation-kafka-observer")
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("enable.partition.eof", "true")
        .set("auto.offset.reset", "latest")
        .set("isolation.level", "read_uncommitted")
        .set("allow.auto.create.topics", "false")
        .set("fetch.wait.max.ms", fetch_wait.as_millis().to_string())
        .set("fetch.message.max.bytes", "65536")
        .set("queued.min.messages", "1000")
        .set("queued.max.messages.kbytes", "4096")
        .set("reconnect.backoff.max.ms", "2000")
        .create_with_context(Quiet::default())
        .map_err(|error| ObserveError::Client {
            detail: error.to_string(),
        })
}

fn first_metadata(consumer: &BaseConsumer<Quiet>, stop: &Stop) -> Result<Metadata, KafkaError> {
    let mut outcome = consumer.fetch_metadata(None, OPEN_TIMEOUT);
    for _ in 1..OPEN_ATTEMPTS {
        if outcome.is_ok() || stop.is_set() {
            break;
        }
        outcome = consumer.fetch_metadata(None, OPEN_TIMEOUT);
    }
    outcome
}

fn poll(consumer: &BaseConsumer<Quiet>, wait: Duration) -> Polled {
    match consumer.poll(wait) {
        None => Polled::Nothing,
        Some(Ok(message)) => Polled::Record(Record {
            partition: message.partition(),
            offset: message.offset(),
            key: message.key().map(key_text),
            size_bytes: u32::try_from(message.key_len() + message.payload_len())
                .unwrap_or(u32::MAX),
        }),
        Some(Err(KafkaError::PartitionEOF(partition))) => Polled::EndOfPartition(partition),
        Some(Err(error)) => {
            tracing::debug!(%error, "lecture interrompue");
            match error.rdkafka_error_code() {
                Some(
                    RDKafkaErrorCode::UnknownTopicOrPartition
                    | RDKafkaErrorCode::UnknownTopic
                    | RDKafkaErrorCode::UnknownPartition,
                ) => Polled::TopicMoved,
                _ => Polled::Nothing,
            }
        }
    }
}

fn key_text(key: &[u8]) -> String {
    if key.len() <= KEY_BYTES {
        return String::from_utf8_lossy(key).into_owned();
    }
    let mut text = String::from_utf8_lossy(&key[..KEY_BYTES]).into_owned();
    text.push('…');
    text
}

/// Names the failure; the client's own complaint, more telling than its code, waits in its queue of events.
fn failure(consumer: &BaseConsumer<Quiet>, bootstrap: &str, error: &KafkaError) -> ObserveError {
    const QUEUED_EVENTS: usize = 32;
    for _ in 0..QUEUED_EVENTS {
        // Records in the queue are lost here; the watch ends with this failure anyway.
        let _ = consumer.poll(Duration::ZERO);
    }
    ObserveError::from_kafka(error, bootstrap, consumer.context().take_complaint())
}

fn topic_names(metadata: &Metadata) -> Vec<TopicName> {
    let mut names: Vec<TopicName> = metadata
        .topics()
        .iter()
        .filter(|topic| topic.error().is_none() && !topic.name().starts_with(INTERNAL_PREFIX))
        .map(|topic| TopicName::from(topic.name()))
        .collect();
    names.sort();
    names
}

fn choose(
    wish: Option<&TopicName>,
    usual: &TopicName,
    topics: &[TopicName],
) -> Result<TopicName, ObserveError> {
    match wish {
        Some(wish) if topics.contains(wish) => Ok(wish.clone()),
        Some(wish) => Err(ObserveError::UnknownTopic {
            topic: wish.clone(),
            topics: topics.to_vec(),
        }),
        None if topics.contains(usual) => Ok(usual.clone()),
        None => topics.first().cloned().ok_or(ObserveError::NoTopic),
    }
}

/// The topic's partitions by number. Numbers without gaps are part of Kafka's protocol.
fn placements(metadata: &Metadata, topic: &TopicName) -> Vec<Placement> {
    let mut placements: Vec<Placement> = metadata
        .topics()
        .iter()
        .filter(|candidate| candidate.name() == topic.as_str())
        .flat_map(|found| found.partitions())
        .map(|partition| Placement {
            partition: PartitionId(partition.id()),
            leader: Some(partition.leader()).filter(|id| *id >= 0),
            replicas: partition.replicas().to_vec(),
            isr: partition.isr().to_vec(),
        })
        .collect();
    placements.sort_by_key(|placement| placement.partition);
    placements
}

fn new_topics(metadata: &Metadata, before: &[TopicName], now: &[TopicName]) -> Vec<EventKind> {
    now.iter()
        .filter(|topic| !before.contains(topic))
        .map(|topic| EventKind::TopicCreated {
            topic: topic.clone(),
            partitions: i32::try_from(placements(metadata, topic).len()).unwrap_or(i32::MAX),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(low: i64, high: i64, next: i64) -> Cursor {
        Cursor {
            placement: Placement {
                partition: PartitionId(0),
                leader: Some(1),
                replicas: vec![1],
                isr: vec![1],
            },
            low,
            high,
            sampled: high,
            next: Some(next),
        }
    }

    #[test]
    fn an_end_ahead_of_the_records_is_told_only_once_it_stays() {
        let mut cursor = cursor(0, 10, 10);
        assert!(
            !cursor.sample(0, 12, false),
            "the records may be on their way"
        );
        assert!(
            cursor.sample(0, 12, false),
            "nothing came: offsets without a record"
        );
        assert_eq!(cursor.high, 12);
        assert!(!cursor.sample(0, 12, false));
    }

    #[test]
    fn a_start_that_moved_is_told_at_once() {
        let mut cursor = cursor(0, 10, 10);
        assert!(cursor.sample(4, 10, false));
        assert_eq!((cursor.low, cursor.high), (4, 10));
    }

    #[test]
    fn a_late_reader_jumps_and_counts_what_it_leaves_out() {
        let mut cursor = cursor(0, 10, 10);
        assert_eq!(cursor.jump_if_behind(10 + MAX_BEHIND), 0);
        let skipped = cursor.jump_if_behind(100_000);
        assert_eq!(skipped, 100_000 - recent_records() - 10);
        assert_eq!(cursor.next, Some(100_000 - recent_records()));
    }

    #[test]
    fn a_long_key_is_cut_and_marked() {
        assert_eq!(key_text(b"customer-A"), "customer-A");
        let long = key_text(&[b'x'; 1_000]);
        assert_eq!(long.chars().count(), KEY_BYTES + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn the_usual_topic_comes_before_the_first_one() {
        let topics = [TopicName::from("a"), TopicName::from("orders.created")];
        let usual = TopicName::from("orders.created");
        assert_eq!(choose(None, &usual, &topics), Ok(usual.clone()));
        assert_eq!(
            choose(None, &TopicName::from("z"), &topics),
            Ok(TopicName::from("a"))
        );
        assert_eq!(choose(None, &usual, &[]), Err(ObserveError::NoTopic));
        let missing = choose(Some(&TopicName::from("orders")), &usual, &topics);
        let text = missing.unwrap_err().to_string();
        assert!(
            text.contains("« orders »") && text.contains("a, orders.created"),
            "{text}"
        );
    }
}

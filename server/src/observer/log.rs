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

mod client;
mod cursor;
mod map;

use super::{Layout, Observation, ObserveError, Placement};
use crate::stop::Stop;
use client::{Client, End, Polled, Record};
use cursor::Cursor;
use engine::event::EventKind;
use engine::ids::{Offset, PartitionId, TopicName};
use engine::live::PartitionState;
use std::time::{Duration, Instant};

/// How long the records before the end may take to arrive.
const HISTORY_TIMEOUT: Duration = Duration::from_millis(1_500);
/// How often both ends of the log are asked for.
const WATERMARKS_EVERY: Duration = Duration::from_millis(500);
/// How often leaders, replicas and the list of topics are asked for.
const LAYOUT_EVERY: Duration = Duration::from_secs(5);
/// Records read in one window at most.
const RECORDS_PER_WINDOW: usize = 2_000;

/// A reader of one topic's log.
pub(crate) struct TopicLog {
    client: Client,
    topic: TopicName,
    topics: Vec<TopicName>,
    /// By partition number.
    cursors: Vec<Cursor>,
    watermarks_due: Instant,
    layout_due: Instant,
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
        let client = Client::new(bootstrap, fetch_wait)?;
        let metadata = client.first_metadata(stop)?;
        let topics = map::topic_names(&metadata);
        let topic = map::choose(wish, usual, &topics)?;
        let placements = map::placements(&metadata, &topic);
        let mut log = Self {
            client,
            topic,
            topics,
            cursors: placements.into_iter().map(Cursor::new).collect(),
            watermarks_due: Instant::now() + WATERMARKS_EVERY,
            layout_due: Instant::now() + LAYOUT_EVERY,
        };
        log.start_before_end()?;
        let history = log.read_history(stop);
        let states = log.cursors.iter().zip(history);
        let states = states
            .map(|(cursor, records)| cursor.state(records))
            .collect();
        Ok((log, states))
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
        self.cursors.get(index(partition.0))?.next()
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
            match self.client.poll(left) {
                Polled::Record(record) => {
                    seen.answered = true;
                    if let Some(cursor) = self.cursors.get_mut(index(record.partition)) {
                        cursor.advance(&record);
                    }
                    seen.events.push(self.appended(record));
                }
                Polled::TopicMoved => self.layout_due = Instant::now(),
                Polled::End(_) | Polled::Nothing => {}
            }
            if left.is_zero() {
                return;
            }
        }
    }

    fn appended(&self, record: Record) -> EventKind {
        EventKind::RecordAppended {
            topic: self.topic.clone(),
            partition: PartitionId(record.partition),
            offset: Offset(record.offset),
            key: record.key.map(Into::into),
            size_bytes: record.size_bytes,
            record: None,
        }
    }

    fn read_watermarks(&mut self, seen: &mut Observation) -> Result<(), ObserveError> {
        let ends = self.both_ends()?;
        seen.answered = true;
        let mut jumped = false;
        for (cursor, ends) in self.cursors.iter_mut().zip(ends) {
            let Some((low, high)) = ends else {
                continue;
            };
            let sampled = cursor
                .sample(low, high)
                .map_err(|_| ObserveError::LogWentBack {
                    topic: self.topic.clone(),
                })?;
            jumped |= sampled.skipped > 0;
            seen.skipped += sampled.skipped;
            if sampled.tell {
                let (low, high) = cursor.ends();
                seen.events.push(EventKind::WatermarksRead {
                    topic: self.topic.clone(),
                    partition: cursor.placement.partition,
                    low,
                    high,
                });
            }
        }
        if jumped { self.assign() } else { Ok(()) }
    }

    /// Asks for the metadata: new topics and partitions are events, anything else that moved is a new layout.
    fn read_layout(&mut self, seen: &mut Observation) -> Result<(), ObserveError> {
        let metadata = self.client.metadata()?;
        seen.answered = true;
        let topics = map::topic_names(&metadata);
        if !topics.contains(&self.topic) {
            return Err(ObserveError::UnknownTopic {
                topic: self.topic.clone(),
                topics,
            });
        }
        let placements = map::placements(&metadata, &self.topic);
        let unchanged = self
            .cursors
            .iter()
            .map(|cursor| &cursor.placement)
            .eq(&placements);
        if unchanged && topics == self.topics {
            return Ok(());
        }
        seen.events
            .extend(map::new_topics(&metadata, &self.topics, &topics));
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

    /// Starts to read partitions that were added since.
    fn grow(
        &mut self,
        placements: &[Placement],
        seen: &mut Observation,
    ) -> Result<(), ObserveError> {
        let before = self.cursors.len();
        let Some(added) = placements.get(before..) else {
            return Err(ObserveError::LogWentBack {
                topic: self.topic.clone(),
            });
        };
        if added.is_empty() {
            return Ok(());
        }
        self.cursors
            .extend(added.iter().cloned().map(Cursor::from_first));
        seen.events.push(EventKind::PartitionsAdded {
            topic: self.topic.clone(),
            from: count(before),
            to: count(placements.len()),
        });
        self.assign()
    }

    fn start_before_end(&mut self) -> Result<(), ObserveError> {
        let ends = self.both_ends()?;
        for (cursor, ends) in self.cursors.iter_mut().zip(ends) {
            if let Some((low, high)) = ends {
                cursor.start_before_end(low, high);
            }
        }
        self.assign()
    }

    /// Both ends of each partition, `None` where its leader did not answer. The start is read first: it only grows.
    fn both_ends(&self) -> Result<Vec<Option<(i64, i64)>>, ObserveError> {
        let lows = self
            .client
            .ends(&self.topic, self.cursors.len(), End::Low)?;
        let highs = self
            .client
            .ends(&self.topic, self.cursors.len(), End::High)?;
        Ok(lows
            .into_iter()
            .zip(highs)
            .map(|(low, high)| low.zip(high))
            .collect())
    }

    /// Reads up to the ends that were known at the opening, by partition; gives up when the records take too long.
    fn read_history(&mut self, stop: &Stop) -> Vec<Vec<Record>> {
        let until = Instant::now() + HISTORY_TIMEOUT;
        let mut history: Vec<Vec<Record>> = self.cursors.iter().map(|_| Vec::new()).collect();
        let mut missing: Vec<bool> = self.cursors.iter().map(Cursor::is_behind).collect();
        while missing.contains(&true) && Instant::now() < until && !stop.is_set() {
            match self.client.poll(Duration::from_millis(50)) {
                Polled::Record(record) => {
                    let index = index(record.partition);
                    if let Some(cursor) = self.cursors.get_mut(index) {
                        cursor.advance(&record);
                        missing[index] &= cursor.is_behind();
                        history[index].push(record);
                    }
                }
                Polled::End(partition) => {
                    if let Some(missing) = missing.get_mut(index(partition)) {
                        *missing = false;
                    }
                }
                Polled::TopicMoved | Polled::Nothing => {}
            }
        }
        history
    }

    fn assign(&self) -> Result<(), ObserveError> {
        let from: Vec<Option<i64>> = self.cursors.iter().map(Cursor::next).collect();
        self.client.assign(&self.topic, &from)
    }
}

/// A partition's place in the lists; one that no list has for a number that makes no sense.
fn index(partition: i32) -> usize {
    usize::try_from(partition).unwrap_or(usize::MAX)
}

fn count(partitions: usize) -> i32 {
    i32::try_from(partitions).unwrap_or(i32::MAX)
}

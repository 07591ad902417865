//! What the group coordinator wrote down: `__consumer_offsets`, followed from its beginning and decoded by the schemas of
//! `group-coordinator/src/main/resources/common/message` of Apache Kafka 4.3.

use crate::Outcome;
use crate::observed::{Partitions, What, Written};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Follows the topic in a thread.
pub(crate) struct Follower {
    written: Arc<Mutex<Vec<Written>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    pub(crate) fn start(bootstrap: &str) -> Outcome<Self> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", bootstrap)
            .set("group.id", "not-used")
            .set("enable.auto.commit", "false")
            .set("fetch.wait.max.ms", "20")
            .create()?;
        let mut from = TopicPartitionList::new();
        from.add_partition_offset("__consumer_offsets", 0, Offset::Beginning)?;
        consumer.assign(&from)?;
        let (written, stop) = (
            Arc::<Mutex<Vec<Written>>>::default(),
            Arc::<AtomicBool>::default(),
        );
        let (into, until) = (Arc::clone(&written), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            while !until.load(Ordering::SeqCst) {
                let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) else {
                    continue;
                };
                let at_ms = message.timestamp().to_millis().unwrap_or(0);
                if let Some((group, what)) = decode(message.key(), message.payload()) {
                    let mut written = into.lock().unwrap_or_else(PoisonError::into_inner);
                    written.push(Written { at_ms, group, what });
                }
            }
        });
        Ok(Self {
            written,
            stop,
            thread: Some(thread),
        })
    }

    /// What was written about a group so far.
    pub(crate) fn of_group(&self, group: &str) -> Vec<Written> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written
            .iter()
            .filter(|one| one.group == group)
            .cloned()
            .collect()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Group and content of a record; `None` for those that are of no use here.
fn decode(key: Option<&[u8]>, value: Option<&[u8]>) -> Option<(String, What)> {
    let mut key = Bytes(key?);
    let kind = key.int16()?;
    let group = key.string()?;
    let mut value = value.map(Bytes);
    let what = match kind {
        0 | 1 => offset(key, &mut value?)?,
        2 => generation(&mut value?)?,
        5 => member(key, &mut value?)?,
        6 => {
            let mut value = value?;
            value.int16()?;
            What::TargetEpoch(value.int32()?)
        }
        7 => What::Target {
            id: key.string()?,
            partitions: match &mut value {
                Some(value) => {
                    value.int16()?;
                    Some(value.compact_partitions()?)
                }
                None => None,
            },
        },
        _ => return None,
    };
    Some((group, what))
}

fn offset(mut key: Bytes<'_>, value: &mut Bytes<'_>) -> Option<What> {
    value.int16()?;
    Some(What::Offset {
        topic: key.string()?,
        partition: key.int32()?,
        offset: value.int64()?,
    })
}

/// `GroupMetadataValue`, versions 2 and 3.
fn generation(value: &mut Bytes<'_>) -> Option<What> {
    let version = value.int16()?;
    value.string()?;
    let generation = value.int32()?;
    value.nullable_string()?;
    value.nullable_string()?;
    value.int64()?;
    let mut members = Vec::new();
    for _ in 0..value.int32()? {
        value.string()?;
        if version >= 3 {
            value.nullable_string()?;
        }
        let client = value.string()?;
        value.string()?;
        value.int32()?;
        value.int32()?;
        value.bytes()?;
        let mut assignment = Bytes(value.bytes()?);
        let partitions = assignment.classic_assignment().unwrap_or_default();
        members.push((client, partitions));
    }
    members.sort();
    Some(What::Generation {
        generation,
        members,
    })
}

fn member(mut key: Bytes<'_>, value: &mut Bytes<'_>) -> Option<What> {
    let id = key.string()?;
    value.int16()?;
    value.compact_nullable_string()?;
    value.compact_nullable_string()?;
    Some(What::Member {
        id,
        client: value.compact_nullable_string()??,
    })
}

/// Kafka's primitive types.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn int16(&mut self) -> Option<i16> {
        Some(i16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn int32(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn int64(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    fn nullable_string(&mut self) -> Option<Option<String>> {
        match usize::try_from(self.int16()?) {
            Ok(length) => Some(Some(text(self.take(length)?))),
            Err(_) => Some(None),
        }
    }

    fn string(&mut self) -> Option<String> {
        self.nullable_string()?
    }

    fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(self.int32()?).ok()?;
        self.take(length)
    }

    fn varint(&mut self) -> Option<usize> {
        let mut value = 0;
        for place in 0..5 {
            let byte = self.take(1)?[0];
            value |= usize::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn compact_nullable_string(&mut self) -> Option<Option<String>> {
        match self.varint()?.checked_sub(1) {
            Some(length) => Some(Some(text(self.take(length)?))),
            None => Some(None),
        }
    }

    /// `TopicId`, `Partitions`, tagged fields, in a compact array.
    fn compact_partitions(&mut self) -> Option<Partitions> {
        let mut all = Partitions::new();
        for _ in 0..self.varint()?.saturating_sub(1) {
            let topic: String = self
                .take(16)?
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let mut partitions = BTreeSet::new();
            for _ in 0..self.varint()?.saturating_sub(1) {
                partitions.insert(self.int32()?);
            }
            for _ in 0..self.varint()? {
                self.varint()?;
                let size = self.varint()?;
                self.take(size)?;
            }
            all.insert(topic, partitions);
        }
        Some(all)
    }

    /// `ConsumerProtocolAssignment`: version, then topics with their partitions.
    fn classic_assignment(&mut self) -> Option<Partitions> {
        self.int16()?;
        let mut all = Partitions::new();
        for _ in 0..self.int32()? {
            let topic = self.string()?;
            let mut partitions = BTreeSet::new();
            for _ in 0..self.int32()? {
                partitions.insert(self.int32()?);
            }
            all.insert(topic, partitions);
        }
        Some(all)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

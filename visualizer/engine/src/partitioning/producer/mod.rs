//! A producer: it chooses a partition for each record and puts it in a batch.
//!
//! For records without a key the choice depends on what was sent before ([`choice`]), and in Java on the batches: there,
//! choosing and batching are one step ([`java`]).

mod choice;
mod java;

use super::accumulator::{Accumulator, Appended, Batch, FullWhen, Pending};
use super::keybook::KeyBook;
use crate::config::Config;
use crate::event::PartitionReason;
use crate::ids::{PartitionId, ProducerId};
use crate::partitioner::{
    Client, GetHashCode, Kip480Sticky, Kip794Uniform, LibrdkafkaSticky, Partitioner, RoundRobin,
};
use crate::rng::Rng;
use crate::shared_list::SharedList;
use crate::time::{Duration, Instant};
use crate::view::{KeyView, ProducerView};

/// A producer and everything it remembers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Producer {
    pub(super) id: ProducerId,
    pub(super) linger: Duration,
    partitioner: Partitioner,
    sticky_linger: Duration,
    adaptive: bool,
    ignore_keys: bool,
    rng: Rng,
    memory: Memory,
    batches: Accumulator,
    /// By the number of the key.
    keys: SharedList<KeyState>,
    keys_seen: u64,
    keys_moved: u64,
    sent: u64,
    waiting: u64,
}

/// What a partitioner remembers between records.
#[derive(Clone, Debug, PartialEq)]
enum Memory {
    Librdkafka(LibrdkafkaSticky),
    GetHashCode(LibrdkafkaSticky, GetHashCode),
    Kip480(Kip480Sticky),
    Kip794(Kip794Uniform),
    RoundRobin(RoundRobin),
}

/// What it remembers of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
struct KeyState {
    /// None for a key that it has not sent yet.
    records: u64,
    partition: PartitionId,
    moved_from: Option<PartitionId>,
}

/// What the producer did with a record.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub(super) partition: PartitionId,
    pub(super) reason: PartitionReason,
    /// What happened to its batch.
    pub(super) appended: Appended,
}

impl Producer {
    /// Producer number `index` of a run.
    pub(super) fn new(id: ProducerId, config: &Config, seed: u64, index: usize) -> Self {
        let partitioner = config.partitioner();
        let mut rng = Rng::new(seed, index as u64);
        let memory = match partitioner {
            Partitioner::JavaDefault => Memory::Kip794(Kip794Uniform::new(config.batch_size())),
            Partitioner::JavaSticky480 => Memory::Kip480(Kip480Sticky::default()),
            Partitioner::RoundRobin => Memory::RoundRobin(RoundRobin::default()),
            Partitioner::GetHashCode => Memory::GetHashCode(
                LibrdkafkaSticky::default(),
                GetHashCode::new(rng.next_u64()),
            ),
            _ => Memory::Librdkafka(LibrdkafkaSticky::default()),
        };
        let batch_size = config.batch_size();
        let full_when = match config.client() {
            Client::Java => FullWhen::Java { batch_size },
            Client::Librdkafka => FullWhen::Librdkafka {
                batch_size,
                batch_num_messages: config.batch_num_messages(),
            },
        };
        Self {
            id,
            linger: config.linger(),
            partitioner,
            sticky_linger: config.sticky_linger(),
            adaptive: config.adaptive_partitioning(),
            ignore_keys: config.ignore_keys(),
            rng,
            memory,
            batches: Accumulator::new(full_when, config.linger()),
            keys: SharedList::default(),
            keys_seen: 0,
            keys_moved: 0,
            sent: 0,
            waiting: 0,
        }
    }

    /// Takes a record for a topic of this many partitions; the application may have named one.
    pub(super) fn accept(
        &mut self,
        record: Pending,
        named: Option<PartitionId>,
        partitions: i32,
        now: Instant,
    ) -> Accepted {
        let key = record.key_number;
        let accepted = match named {
            Some(partition) => self.append(record, partition, PartitionReason::Explicit, now),
            None => match self.partitioner {
                Partitioner::JavaDefault => self.accept_kip794(record, partitions, now),
                Partitioner::JavaSticky480 => self.accept_kip480(record, partitions, now),
                _ => {
                    let (partition, reason) = self.choose(record.key.as_deref(), partitions, now);
                    self.append(record, partition, reason, now)
                }
            },
        };
        self.sent += 1;
        self.waiting += 1;
        if let Some(key) = key {
            self.remember(key, accepted.partition);
        }
        accepted
    }

    /// Learns that its topic has this many partitions.
    pub(super) fn learn(&mut self, partitions: i32) {
        self.batches.resize(PartitionId(partitions).index());
    }

    /// The first partition from this one on whose oldest batch may leave.
    pub(super) fn next_ready(&self, from: PartitionId, now: Instant) -> Option<PartitionId> {
        self.batches.next_ready(from, now)
    }

    /// Takes the partition's oldest batch, if it may leave.
    pub(super) fn take_ready(&mut self, partition: PartitionId, now: Instant) -> Option<Batch> {
        let batch = self.batches.take_ready(partition, now)?;
        self.waiting -= batch.records.len() as u64;
        Some(batch)
    }

    /// Java: what each pass of the sender thread tells the partitioner before it takes batches.
    pub(super) fn observe_queues(&mut self) {
        if let Memory::Kip794(uniform) = &mut self.memory {
            let queues = if self.adaptive {
                self.batches.queue_lengths()
            } else {
                None
            };
            uniform.observe_queues(queues);
        }
    }

    /// Whether batches leave when their partition is looked at (librdkafka), or in passes over all of them (Java).
    pub(super) fn client(&self) -> Client {
        self.partitioner.client()
    }

    /// Puts the record in the partition's last batch, or in a new one.
    fn append(
        &mut self,
        record: Pending,
        partition: PartitionId,
        reason: PartitionReason,
        now: Instant,
    ) -> Accepted {
        let record = Pending {
            reason: reason.clone(),
            ..record
        };
        let appended = match self.batches.try_append(partition, record, now) {
            Ok(appended) => appended,
            Err(record) => self.batches.open(partition, record, now),
        };
        Accepted {
            partition,
            reason,
            appended,
        }
    }

    fn remember(&mut self, key: usize, partition: PartitionId) {
        while self.keys.len() <= key {
            self.keys.push(KeyState {
                records: 0,
                partition,
                moved_from: None,
            });
        }
        let Some(state) = self.keys.get_mut(key) else {
            return;
        };
        self.keys_seen += u64::from(state.records == 0);
        if state.records > 0 && state.partition != partition {
            self.keys_moved += u64::from(state.moved_from.is_none());
            state.moved_from = Some(state.partition);
        }
        state.records += 1;
        state.partition = partition;
    }

    /// The partition to which records without key go at the moment.
    fn sticky(&self) -> Option<PartitionId> {
        match &self.memory {
            Memory::Librdkafka(sticky) | Memory::GetHashCode(sticky, _) => sticky.current(),
            Memory::Kip480(sticky) => sticky.current(),
            Memory::Kip794(uniform) => uniform.current(),
            Memory::RoundRobin(_) => None,
        }
    }

    /// About how long copying what it remembers of keys takes: see [`crate::run::World::weight`].
    pub(super) fn weight(&self) -> usize {
        self.keys.weight()
    }

    pub(super) fn view(&self) -> ProducerView {
        ProducerView {
            id: self.id.clone(),
            partitioner: self.partitioner,
            sent: self.sent,
            waiting: self.waiting,
            sticky: self.sticky(),
            keys: self.keys_seen,
            keys_moved: self.keys_moved,
        }
    }

    /// The keys that it has sent, in their order, for the view of producer number `producer`.
    pub(super) fn key_views(
        &self,
        producer: usize,
        book: &KeyBook,
    ) -> impl Iterator<Item = KeyView> {
        book.iter().filter_map(move |(key, number)| {
            let state = self.keys.get(number).filter(|state| state.records > 0)?;
            Some(KeyView {
                key: key.clone(),
                producer,
                records: state.records,
                partition: state.partition,
                moved_from: state.moved_from,
            })
        })
    }

    /// What it remembers of a key: records sent, and the partition of the last.
    pub(super) fn key(&self, number: usize) -> Option<(u64, PartitionId)> {
        self.keys
            .get(number)
            .filter(|state| state.records > 0)
            .map(|state| (state.records, state.partition))
    }
}

//! A producer's batches: records wait, by partition, until their batch is full or has waited for `linger.ms`.
//!
//! The two clients count differently. Java (`RecordAccumulator`) estimates the bytes on the wire and opens another batch
//! when a record does not fit. librdkafka counts keys and values, and messages, and lets the last one overflow.

use super::record_size::{BATCH_HEADER, RecordLengths};
use crate::event::PartitionReason;
use crate::ids::{EventId, PartitionId, RecordId, RecordKey};
use crate::time::{Duration, Instant};
use std::collections::VecDeque;

/// A record on its way to its partition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pending {
    pub(super) record: RecordId,
    pub(super) key: Option<RecordKey>,
    /// The key's number in the run.
    pub(super) key_number: Option<usize>,
    pub(super) lengths: RecordLengths,
    pub(super) reason: PartitionReason,
    /// The event that told its partition.
    pub(super) chosen: EventId,
}

/// When a batch is full.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum FullWhen {
    /// Java: its estimated size reaches `batch.size`.
    Java { batch_size: u32 },
    /// librdkafka: its keys and values reach `batch.size`, or its messages `batch.num.messages`.
    Librdkafka {
        batch_size: u32,
        batch_num_messages: u32,
    },
}

/// Records that leave together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Batch {
    pub(super) records: Vec<Pending>,
    opened_at: Instant,
    bytes: u32,
    /// Size at which it is full; Java makes room for a first record that is larger than `batch.size`.
    limit: u32,
    /// Java: a record did not fit, no other is tried.
    closed: bool,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Appended {
    /// By how many bytes the batches grew.
    pub(super) bytes: u32,
    /// Whether it opened a batch.
    pub(super) new_batch: bool,
    /// Whether a batch of the partition may leave without waiting.
    pub(super) full: bool,
}

/// The batches of one producer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Accumulator {
    full_when: FullWhen,
    linger: Duration,
    queues: Vec<VecDeque<Batch>>,
    /// By partition, when its oldest batch may leave: Java's sender looks at all of them, at each pass.
    ready_at: Vec<Instant>,
    /// By partition, how many batches wait.
    lengths: Vec<u32>,
    /// By partition, whether it ever had a batch.
    used: Vec<bool>,
    unused: usize,
}

/// Of a partition without batches.
const NEVER: Instant = Instant(u64::MAX);

impl Accumulator {
    pub(super) fn new(full_when: FullWhen, linger: Duration) -> Self {
        Self {
            full_when,
            linger,
            queues: Vec::new(),
            ready_at: Vec::new(),
            lengths: Vec::new(),
            used: Vec::new(),
            unused: 0,
        }
    }

    /// Makes room for this many partitions.
    pub(super) fn resize(&mut self, partitions: usize) {
        self.queues.resize_with(partitions, VecDeque::new);
        self.ready_at.resize(partitions, NEVER);
        self.lengths.resize(partitions, 0);
        self.used.resize(partitions, false);
        self.unused = self.used.iter().filter(|used| !**used).count();
    }

    /// Adds a record to the partition's last batch. Gives it back if there is none that can take it.
    pub(super) fn try_append(
        &mut self,
        partition: PartitionId,
        record: Pending,
        now: Instant,
    ) -> Result<Appended, Pending> {
        let full_when = self.full_when;
        let Some(batch) = self.queues[partition.index()].back_mut() else {
            return Err(record);
        };
        let Some(bytes) = batch.room(full_when, &record, now) else {
            batch.closed = true;
            self.note(partition);
            return Err(record);
        };
        batch.bytes = batch.bytes.saturating_add(bytes);
        batch.records.push(record);
        self.note(partition);
        Ok(Appended {
            bytes,
            new_batch: false,
            full: self.any_full(partition),
        })
    }

    /// Opens a batch with this record.
    pub(super) fn open(
        &mut self,
        partition: PartitionId,
        record: Pending,
        now: Instant,
    ) -> Appended {
        let (bytes, limit) = match self.full_when {
            FullWhen::Java { batch_size } => (
                BATCH_HEADER + record.lengths.in_batch(0, 0),
                batch_size.max(record.lengths.batch_upper_bound()),
            ),
            FullWhen::Librdkafka { batch_size, .. } => (record.lengths.payload(), batch_size),
        };
        let batch = Batch {
            records: vec![record],
            opened_at: now,
            bytes,
            limit,
            closed: false,
        };
        self.queues[partition.index()].push_back(batch);
        self.unused -= usize::from(!self.used[partition.index()]);
        self.used[partition.index()] = true;
        self.note(partition);
        Appended {
            bytes,
            new_batch: true,
            full: self.any_full(partition),
        }
    }

    /// Whether no batch of the partition can take a record (`RecordAccumulator.allBatchesFull`).
    pub(super) fn all_full(&self, partition: PartitionId) -> bool {
        self.queues[partition.index()]
            .back()
            .is_none_or(|batch| batch.is_full(self.full_when))
    }

    /// Whether the partition's oldest batch is full, or followed by another.
    fn any_full(&self, partition: PartitionId) -> bool {
        let queue = &self.queues[partition.index()];
        let oldest = queue.front();
        oldest.is_some_and(|batch| queue.len() > 1 || batch.is_full(self.full_when))
    }

    /// Notes how many batches of a partition wait, and until when the oldest does.
    fn note(&mut self, partition: PartitionId) {
        let queue = &self.queues[partition.index()];
        self.lengths[partition.index()] = u32::try_from(queue.len()).unwrap_or(u32::MAX);
        self.ready_at[partition.index()] = match queue.front() {
            None => NEVER,
            Some(_) if self.any_full(partition) => Instant::ZERO,
            Some(oldest) => oldest.opened_at + self.linger,
        };
    }

    /// The first partition from this one on whose oldest batch may leave.
    pub(super) fn next_ready(&self, from: PartitionId, now: Instant) -> Option<PartitionId> {
        let rest = self.ready_at.get(from.index()..)?;
        let ready = rest.iter().position(|at| *at <= now)?;
        i32::try_from(from.index() + ready).ok().map(PartitionId)
    }

    /// Takes the partition's oldest batch if it may leave.
    pub(super) fn take_ready(&mut self, partition: PartitionId, now: Instant) -> Option<Batch> {
        if self.ready_at[partition.index()] > now {
            return None;
        }
        let batch = self.queues[partition.index()].pop_front();
        self.note(partition);
        batch
    }

    /// How many batches wait, by partition; `None` while a partition has never had one.
    pub(super) fn queue_lengths(&self) -> Option<&[u32]> {
        (self.unused == 0).then_some(&self.lengths)
    }
}

impl Batch {
    /// The bytes that a record would add, if it may be added.
    fn room(&self, full_when: FullWhen, record: &Pending, now: Instant) -> Option<u32> {
        if self.is_full(full_when) {
            return None;
        }
        match full_when {
            FullWhen::Java { .. } => {
                let timestamp_delta = now.as_millis() - self.opened_at.as_millis();
                let bytes = record.lengths.in_batch(self.count(), timestamp_delta);
                (self.bytes.saturating_add(bytes) <= self.limit).then_some(bytes)
            }
            FullWhen::Librdkafka { .. } => Some(record.lengths.payload()),
        }
    }

    fn is_full(&self, full_when: FullWhen) -> bool {
        let many = match full_when {
            FullWhen::Java { .. } => false,
            FullWhen::Librdkafka {
                batch_num_messages, ..
            } => self.count() >= batch_num_messages,
        };
        self.closed || many || self.bytes >= self.limit
    }

    fn count(&self) -> u32 {
        u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }
}

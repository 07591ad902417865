//! What drawings need, as plain structs: drawing never reaches into the simulation's state.

use crate::event::PartitionReason;
use crate::ids::{Offset, PartitionId, ProducerId, RecordId, RecordKey, TopicName};
use crate::partitioner::Partitioner;
use crate::time::Instant;

/// How many of a partition's newest records a view carries at most.
pub const RECENT_RECORDS: usize = 20;

/// The whole run at one instant. Its cost does not grow with the number of records or keys.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The instant.
    pub now: Instant,
    /// The topic.
    pub topic: TopicView,
    /// The producers, in the scenario's order: one, or two to compare.
    pub producers: Vec<ProducerView>,
}

/// The topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicView {
    /// Its name.
    pub name: TopicName,
    /// Its partitions, by number.
    pub partitions: Vec<PartitionView>,
}

/// One partition.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionView {
    /// Its number.
    pub partition: PartitionId,
    /// When it was added, `None` if the topic was created with it.
    pub added_at: Option<Instant>,
    /// Offset that the next record will have: how many records it holds.
    pub log_end: Offset,
    /// How many of them each producer wrote, in the order of [`View::producers`].
    pub records_by_producer: Vec<u64>,
    /// Its newest records, oldest first, at most [`RECENT_RECORDS`].
    pub recent: Vec<RecordView>,
}

/// A record in its partition.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordView {
    /// Its number in the run.
    pub record: RecordId,
    /// Its offset.
    pub offset: Offset,
    /// Its key, `None` for a null key.
    pub key: Option<RecordKey>,
    /// Index of its producer in [`View::producers`].
    pub producer: usize,
    /// Size of key and value, in bytes.
    pub size_bytes: u32,
    /// When the leader wrote it.
    pub appended_at: Instant,
    /// Why it went to this partition.
    pub reason: PartitionReason,
}

/// A producer.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerView {
    /// Its name.
    pub id: ProducerId,
    /// Its partitioner.
    pub partitioner: Partitioner,
    /// Records handed to it so far.
    pub sent: u64,
    /// Of those, records that still wait in its batches.
    pub waiting: u64,
    /// The partition to which its records without key go at the moment, if it holds on to one.
    pub sticky: Option<PartitionId>,
    /// Different keys it has seen.
    pub keys: u64,
    /// Of those, keys whose records are now in more than one partition.
    pub keys_moved: u64,
}

/// A key that a producer has seen. See [`crate::partitioning::Simulation::keys`].
#[derive(Clone, Debug, PartialEq)]
pub struct KeyView {
    /// The key.
    pub key: RecordKey,
    /// Index of the producer in [`View::producers`].
    pub producer: usize,
    /// Records sent with it.
    pub records: u64,
    /// Where its last record went.
    pub partition: PartitionId,
    /// Where its records went before it last changed partition.
    pub moved_from: Option<PartitionId>,
}

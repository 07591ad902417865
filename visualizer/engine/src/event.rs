//! What happens, told once: the simulator, the server and the pictures share this vocabulary.
//!
//! An event says *what* ([`EventKind`]), *when* ([`Instant`]) and *because of which event* (`cause`), so that "why?" is a walk
//! along causes. A real cluster does not tell causes: there, `cause` is `None`.

mod architecture;
mod group;
mod replication;

pub use architecture::{ArchitectureEvent, CallFailure, Lane, Refusal};
pub use group::{
    CommitReason, GroupError, GroupEvent, GroupState, MemberState, PositionSource, RebalanceReason,
    Request, Target,
};
pub use replication::{Election, ProduceError, ReplicationEvent, ShrinkReason};

use crate::ids::{
    EventId, GroupId, MemberId, Offset, PartitionId, ProducerId, RecordId, RecordKey, TopicName,
};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number in the run.
    pub id: EventId,
    /// When it happened.
    pub at: Instant,
    /// The event that brought it about, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<EventId>,
    /// What happened.
    pub kind: EventKind,
}

/// A partition of a named topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TopicPartition {
    /// The topic.
    pub topic: TopicName,
    /// The partition in it.
    pub partition: PartitionId,
}

/// The kinds of event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A topic exists from now on, with partitions `0..partitions`.
    TopicCreated {
        /// Its name.
        topic: TopicName,
        /// How many partitions it has.
        partitions: i32,
    },
    /// A topic grew; the keys' partitions change from here on.
    PartitionsAdded {
        /// Its name.
        topic: TopicName,
        /// Partitions before.
        from: i32,
        /// Partitions after.
        to: i32,
    },
    /// An application handed a record to its producer.
    RecordSent {
        /// The producer.
        producer: ProducerId,
        /// The record's number.
        record: RecordId,
        /// The topic it is for.
        topic: TopicName,
        /// Its key, `None` for a null key.
        key: Option<RecordKey>,
    },
    /// The producer's partitioner chose.
    PartitionChosen {
        /// The producer.
        producer: ProducerId,
        /// The record's number.
        record: RecordId,
        /// The partition chosen.
        partition: PartitionId,
        /// Why that one.
        reason: PartitionReason,
    },
    /// The partition's leader wrote the record.
    RecordAppended {
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The record's offset there.
        offset: Offset,
        /// Its key, `None` for a null key.
        key: Option<RecordKey>,
        /// Size of key and value, in bytes.
        size_bytes: u32,
        /// The simulator's number for it, `None` on a real cluster.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<RecordId>,
    },
    /// A consumer's application received the record.
    RecordConsumed {
        /// The group.
        group: GroupId,
        /// The member.
        member: MemberId,
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The record's offset.
        offset: Offset,
    },
    /// A group's committed offset moved: the next record to read after a restart.
    OffsetCommitted {
        /// The group.
        group: GroupId,
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The committed offset (one past the last record done).
        offset: Offset,
    },
    /// A consumer joined its group.
    MemberJoined {
        /// The group.
        group: GroupId,
        /// The member.
        member: MemberId,
    },
    /// A consumer left its group, or was expelled.
    MemberLeft {
        /// The group.
        group: GroupId,
        /// The member.
        member: MemberId,
    },
    /// A member now owns these partitions in addition to those it kept.
    PartitionsAssigned {
        /// The group.
        group: GroupId,
        /// The member.
        member: MemberId,
        /// The generation (classic protocol) or member epoch (KIP-848), if known.
        generation: Option<i32>,
        /// What it gained.
        partitions: Box<[TopicPartition]>,
    },
    /// A member gave these partitions up, or lost them.
    PartitionsRevoked {
        /// The group.
        group: GroupId,
        /// The member.
        member: MemberId,
        /// What it no longer owns.
        partitions: Box<[TopicPartition]>,
        /// True if they were lost without the member being asked (`on_partitions_lost`).
        lost: bool,
    },
    /// The log of a partition now reaches from `low` to before `high` (live: sampled).
    WatermarksRead {
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// First offset still there.
        low: Offset,
        /// Offset that the next record will have.
        high: Offset,
    },
    /// What happens in a consumer group. The simulator's own: nobody sends it.
    #[serde(skip_deserializing)]
    Group(GroupEvent),
    /// Replicas, leaders, and what the producer and the consumer see of them.
    Replication(ReplicationEvent),
    /// What happens when three architectures carry the same orders.
    Architecture(ArchitectureEvent),
    /// The observer cannot reach the cluster (live only).
    SourceLost {
        /// What the client said.
        reason: String,
    },
    /// The observer reaches the cluster again (live only).
    SourceRecovered,
}

/// Why a partitioner chose a partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartitionReason {
    /// `hash(key) % partitions`, with the hash as the partitioner reduced it (murmur2 already masked to 31 bits).
    Hashed {
        /// The hash value before the modulo.
        hash: u32,
    },
    /// No key to hash: the producer stays on its current partition.
    Sticky,
    /// No key to hash: a partition drawn at random.
    Random,
    /// Next in turn.
    RoundRobin,
    /// A null key that this partitioner hashes like an empty one: always the same partition.
    NullKeyFixed,
    /// Named by the application.
    Explicit,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run keeps a million of them, and fresh memory is a fifth of what it costs.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn an_event_is_small() {
        assert!(size_of::<Event>() <= 80, "{} bytes", size_of::<Event>());
    }
}

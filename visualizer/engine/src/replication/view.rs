//! What drawings need, as plain structs.

use crate::event::ProduceError;
use crate::ids::{BrokerId, Offset, PartitionId, RecordId, RecordKey, TopicName};
use crate::time::Instant;

/// How many of a log's newest records a view carries at most.
pub const RECENT_RECORDS: usize = 40;

/// The whole run at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The instant.
    pub now: Instant,
    /// The topic.
    pub topic: TopicName,
    /// `min.insync.replicas` in force: at most the number of replicas.
    pub min_insync_replicas: u32,
    /// The brokers, by number.
    pub brokers: Vec<BrokerView>,
    /// The partitions, by number.
    pub partitions: Vec<PartitionView>,
    /// The producer.
    pub producer: ProducerView,
    /// The consumer's positions, by partition.
    pub consumer: Vec<ConsumerView>,
    /// What became of the records.
    pub counters: Counters,
}

/// A broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerView {
    /// Its number.
    pub broker: BrokerId,
    /// What it does.
    pub state: BrokerState,
    /// Whether the controller keeps it away from leadership and ISR.
    pub fenced: bool,
    /// How many partitions it leads.
    pub leads: u32,
}

/// What a broker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerState {
    /// It works.
    Up,
    /// Its followers fetch nothing until then.
    Slow(Instant),
    /// Nothing of its process runs until then.
    Stopped(Instant),
    /// Its process is dead.
    Down,
    /// Its process is up and waits for the controller to let it serve.
    Starting,
}

/// A partition.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionView {
    /// Its number.
    pub partition: PartitionId,
    /// Its leader according to the controller, if it has one.
    pub leader: Option<BrokerId>,
    /// The leader epoch.
    pub epoch: i32,
    /// The in-sync replicas, in the order of the replicas.
    pub isr: Box<[BrokerId]>,
    /// The eligible leader replicas (KIP-966).
    pub elr: Box<[BrokerId]>,
    /// The leader's high watermark: what consumers see ends here. `None` without a leader that is up.
    pub high_watermark: Option<Offset>,
    /// Its replicas; the first is the preferred leader.
    pub replicas: Vec<ReplicaView>,
}

/// A replica: a copy of a partition on a broker.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaView {
    /// Its broker.
    pub broker: BrokerId,
    /// What it is to its partition now.
    pub role: Role,
    /// Whether it is in the ISR.
    pub in_sync: bool,
    /// Its log's end: the offset that its next record will have.
    pub log_end: Offset,
    /// The high watermark that it knows, as leader or from its last fetch.
    pub high_watermark: Offset,
    /// Its log's end as the leader knows it from its last fetch; `None` for the leader itself, or without one.
    pub log_end_at_leader: Option<Offset>,
    /// When the leader last saw it caught up; `None` for the leader itself, or without one.
    pub caught_up_at: Option<Instant>,
    /// Its newest records, oldest first, at most [`RECENT_RECORDS`]. The last one is at `log_end - 1`.
    pub records: Vec<RecordView>,
}

/// What a replica is to its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It takes the writes.
    Leader,
    /// It fetches from the leader.
    Follower,
    /// Its broker does not serve.
    Offline,
}

/// A record in a replica's log.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordView {
    /// Its offset.
    pub offset: Offset,
    /// Its number in the run.
    pub record: RecordId,
    /// Its key, `None` for a null key.
    pub key: Option<RecordKey>,
    /// The leader epoch in which it was written.
    pub epoch: i32,
    /// What the producer knows of it.
    pub status: Status,
    /// Whether the leader has it at this offset too. False: it will be cut off. `None` without a leader.
    pub on_leader: Option<bool>,
    /// The brokers that have it at this offset, in the order of the replicas.
    pub copies: Vec<BrokerId>,
    /// Whether the same record is at a lower offset of this log too.
    pub duplicate: bool,
}

/// What the producer knows of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for its first attempt.
    Waiting,
    /// It is on its way, or its answer is.
    InFlight,
    /// An attempt failed; another will follow.
    Retrying(ProduceError),
    /// The delivery report says that it is written.
    Acknowledged,
    /// The delivery report gives it up, and it was never written (`NotPersisted`).
    Refused(ProduceError),
    /// The delivery report gives it up, and it may be written all the same (`PossiblyPersisted`).
    Unknown(ProduceError),
    /// The producer's process was killed before the delivery report: nobody will ever be told.
    Unreported,
}

/// The producer.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerView {
    /// Its name.
    pub name: String,
    /// `acks`: 0, 1, or -1 for `all`.
    pub acks: i8,
    /// `enable.idempotence`.
    pub idempotent: bool,
    /// What its process does.
    pub state: ProducerState,
    /// The leaders it knows, by partition.
    pub leaders: Vec<Option<BrokerId>>,
    /// Its requests on the way, oldest first.
    pub requests: Vec<RequestView>,
    /// Its newest records, oldest first, at most [`RECENT_RECORDS`].
    pub records: Vec<SentView>,
}

/// What the producer's process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProducerState {
    /// It works.
    Up,
    /// It is stopped until then.
    Stopped(Instant),
    /// It is dead.
    Down,
}

/// A batch on its way, or waiting for its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestView {
    /// The partition.
    pub partition: PartitionId,
    /// The broker.
    pub broker: BrokerId,
    /// When it left.
    pub sent_at: Instant,
    /// Whether the leader has written it.
    pub appended: bool,
    /// Its records.
    pub records: Box<[RecordId]>,
    /// 1 for the first attempt.
    pub attempt: u32,
}

/// A record as its producer sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct SentView {
    /// Its number in the run.
    pub record: RecordId,
    /// Its key, `None` for a null key.
    pub key: Option<RecordKey>,
    /// Its partition.
    pub partition: PartitionId,
    /// What the producer knows of it.
    pub status: Status,
    /// When it was handed to the producer.
    pub sent_at: Instant,
    /// Whether the log that counts has it: the leader's, or without a leader some replica's.
    pub kept: bool,
    /// Whether the consumer has received it.
    pub consumed: bool,
}

/// The consumer's place in a partition.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerView {
    /// The partition.
    pub partition: PartitionId,
    /// Offset of the next record that it will receive.
    pub position: Offset,
    /// The broker that it reads from, if it knows a leader that answers.
    pub broker: Option<BrokerId>,
}

/// What became of the records: each is in exactly one of the first seven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Wait for their first attempt.
    pub waiting: u64,
    /// On their way, or between two attempts.
    pub in_flight: u64,
    /// The producer believes them written, and they are in the log that counts.
    pub acknowledged_kept: u64,
    /// The producer believes them written, and they are not.
    pub acknowledged_lost: u64,
    /// The producer was told that they are not written, and they are not.
    pub refused: u64,
    /// The producer was told that they failed, but cannot know, or was killed before it was told: not in the log that counts.
    pub unknown_absent: u64,
    /// The producer was told that they failed, but cannot know, or was killed before it was told: they are in the log that
    /// counts.
    pub unknown_present: u64,
    /// Copies too many in the logs that count.
    pub duplicates: u64,
    /// Records that the consumer received.
    pub consumed: u64,
    /// Of those, records that are no longer in the log that counts.
    pub consumed_lost: u64,
}

impl Counters {
    /// Records handed to the producer.
    pub const fn sent(&self) -> u64 {
        self.waiting
            + self.in_flight
            + self.acknowledged_kept
            + self.acknowledged_lost
            + self.refused
            + self.unknown()
    }

    /// Records of which the producer cannot know whether they are written.
    pub const fn unknown(&self) -> u64 {
        self.unknown_absent + self.unknown_present
    }
}

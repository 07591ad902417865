//! The group as drawings need it: plain structs, at one instant.
//!
//! Consumers, partitions and topics are named by their places in these lists; places do not change during a run.

use crate::event::{GroupState, MemberState, Request};
use crate::ids::{ActorName, MemberId, PartitionId, TopicName};
use crate::time::{Duration, Instant};

/// Everything at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupView {
    /// The instant.
    pub now: Instant,
    /// `classic` or `consumer` (KIP-848).
    pub protocol: Protocol,
    /// What the coordinator knows.
    pub coordinator: CoordinatorView,
    /// The topics.
    pub topics: Vec<TopicName>,
    /// The partitions of all topics, in the order of topics, then of partitions; those added later come last.
    pub partitions: Vec<PartitionView>,
    /// The consumers, in the order in which they first started.
    pub consumers: Vec<ConsumerView>,
    /// The requests and answers on their way.
    pub messages: Vec<MessageView>,
    /// What has become of all records.
    pub counters: Counters,
    /// The rules that the run broke: none, or the model is wrong.
    pub breaches: Vec<Breach>,
}

/// The group protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `JoinGroup` and `SyncGroup`, an assignment computed by the leader.
    Classic,
    /// KIP-848: one heartbeat request, an assignment computed by the coordinator.
    Consumer,
}

/// What the coordinator knows.
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinatorView {
    /// The group's state.
    pub state: GroupState,
    /// The generation (classic) or group epoch (KIP-848).
    pub epoch: i32,
    /// The epoch of the target assignment (KIP-848); the generation (classic).
    pub assignment_epoch: i32,
    /// The member that computes the assignment (classic).
    pub leader: Option<usize>,
    /// When it stops waiting for members to join, if it waits.
    pub rebalance_until: Option<Instant>,
    /// Since when it rebalances, if it does.
    pub rebalancing_since: Option<Instant>,
    /// Generations (classic) or group epochs (KIP-848) so far.
    pub rebalances: u32,
    /// Its members, in the order of member ids.
    pub members: Vec<MemberView>,
}

/// A member as the coordinator sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberView {
    /// The consumer behind it.
    pub consumer: usize,
    /// Its member id.
    pub id: MemberId,
    /// Its member epoch (KIP-848), or the generation (classic).
    pub epoch: i32,
    /// Where it is on its way (KIP-848); `Stable` under classic.
    pub state: MemberState,
    /// True if the coordinator waits for it to join (classic).
    pub awaited: bool,
    /// When it was last heard of.
    pub last_heartbeat: Instant,
    /// When its session expires if it is not heard of.
    pub session_ends: Instant,
    /// What it owns, or may own, by the coordinator's books: places of partitions.
    pub assigned: Vec<usize>,
    /// What it is to own: places of partitions.
    pub target: Vec<usize>,
    /// What it must give up (KIP-848): places of partitions.
    pub pending_revocation: Vec<usize>,
}

/// Whether a consumer's process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    /// It runs.
    Running,
    /// It runs, but nothing moves in it until its pause ends.
    Paused {
        /// The end of the pause.
        until: Instant,
    },
    /// `Close()` has begun.
    Closing,
    /// It has ended: closed, terminated, killed, fenced or refused.
    Ended(Ending),
}

/// How a consumer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// `Close()`.
    Closed,
    /// SIGTERM without `Close()`.
    Terminated,
    /// SIGKILL.
    Crashed,
    /// Another consumer has its `group.instance.id`.
    Fenced,
    /// Its constructor refused the configuration.
    Refused,
}

/// A consumer.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerView {
    /// Its name.
    pub name: ActorName,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// Whether it runs.
    pub life: Life,
    /// How many times its process has started.
    pub starts: u32,
    /// What it believes to be its member id.
    pub member: Option<MemberId>,
    /// What it believes to be its generation or member epoch; -1 if it is not a member.
    pub epoch: i32,
    /// True while it is joining, or giving up or receiving partitions.
    pub rebalancing: bool,
    /// What it believes to own: places of partitions.
    pub owned: Vec<usize>,
    /// The line of the handler that is being executed.
    pub step: HandlerStep,
    /// The records being processed: one, or one per worker of the pool.
    pub in_hand: Vec<InHand>,
    /// Records handed over to the pool that wait for a worker.
    pub pool_waiting: u32,
    /// Records fetched that wait for `Consume()`.
    pub fetched_waiting: u64,
    /// When the application last called `Consume()` (or `poll()`).
    pub last_poll: Instant,
    /// When `max.poll.interval.ms` will have passed.
    pub max_poll_ends: Instant,
    /// When the next heartbeat leaves, if the consumer is a member.
    pub next_heartbeat: Option<Instant>,
    /// When the next automatic commit is, if there are any.
    pub next_auto_commit: Option<Instant>,
    /// Records that the application received.
    pub received: u64,
    /// Records whose processing ended.
    pub processed: u64,
    /// How long a record takes it.
    pub processing_time: Duration,
}

/// A record being processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InHand {
    /// The place of its partition.
    pub partition: usize,
    /// Its offset.
    pub offset: u64,
    /// When its processing began.
    pub since: Instant,
    /// When it will end.
    pub until: Instant,
}

/// The line of the handler that is being executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HandlerStep {
    /// The process does not run.
    Stopped,
    /// `consumer.Consume(…)`: waits for a record.
    Consume,
    /// The record is being processed.
    Process,
    /// `consumer.StoreOffset(…)`.
    StoreOffset,
    /// `consumer.Commit(…)`: waits for the coordinator's answer.
    Commit,
    /// The record is handed over to the pool.
    Dispatch,
    /// The `PartitionsAssigned` handler runs.
    OnAssigned,
    /// The `PartitionsRevoked` handler runs.
    OnRevoked,
    /// The `PartitionsLost` handler runs.
    OnLost,
    /// `consumer.Close()`.
    Close,
}

/// A request or an answer on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// The consumer that sent the request.
    pub consumer: usize,
    /// Which request.
    pub request: Request,
    /// True for an answer.
    pub answer: bool,
    /// When it left.
    pub from: Instant,
    /// When it arrives.
    pub to: Instant,
}

/// A partition.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionView {
    /// The place of its topic.
    pub topic: usize,
    /// Its number.
    pub partition: PartitionId,
    /// Offset that the next record will have.
    pub log_end: u64,
    /// The group's committed offset.
    pub committed: Option<u64>,
    /// Of its present owner: offset of the next record that `Consume()` gives.
    pub position: Option<u64>,
    /// Of its present owner: what the next commit will write.
    pub stored: Option<u64>,
    /// Who reads it now, and whether it can.
    pub now: Holding,
    /// Time without an owner able to read it, since it was first owned.
    pub downtime: Duration,
    /// What has become of its records.
    pub counters: Counters,
}

/// Who holds a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The consumer, if any.
    pub consumer: Option<usize>,
    /// In what way.
    pub kind: HoldingKind,
}

/// In what way a partition is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldingKind {
    /// Nobody has ever been assigned it.
    Unassigned,
    /// A consumer owns and reads it.
    Owned,
    /// Its owner has been told to give it up, and has not yet: it no longer fetches.
    Revoking,
    /// Given up, and not yet assigned to the next owner.
    InTransit,
    /// Its owner is dead or out of the group, and the group does not know, or has not yet chosen another.
    Orphaned,
    /// Its owner is alive but frozen.
    Frozen,
}

/// A part of a partition's history: held in one way, by one consumer or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Who held it and how.
    pub holding: Holding,
    /// From when.
    pub from: Instant,
    /// To when; `None` if it goes on.
    pub to: Option<Instant>,
}

/// What has become of records. Each record is counted once, in one of the first six.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Not yet given to an application, or to be given again after a failure.
    pub waiting: u64,
    /// In the hands of an application that is alive.
    pub in_flight: u64,
    /// Processed exactly once.
    pub once: u64,
    /// Processed more than once.
    pub replayed: u64,
    /// Never processed, and nobody will read it again.
    pub lost: u64,
    /// Written before the group began to read (`auto.offset.reset=latest`).
    pub skipped: u64,
    /// Processings beyond the first, over all records.
    pub replays: u64,
}

/// What has become of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Not yet given to an application, or to be given again after a failure.
    Waiting,
    /// In the hands of an application that is alive, for the first time.
    InFlight,
    /// Processed exactly once.
    Once,
    /// Processed more than once.
    Replayed,
    /// Never processed, and nobody will read it again.
    Lost,
    /// Written before the group began to read (`auto.offset.reset=latest`).
    Skipped,
}

/// A record, for drawing a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// Its offset.
    pub offset: u64,
    /// The place of its key among the keys seen, `None` for a null key.
    pub key: Option<u32>,
    /// What has become of it.
    pub fate: Fate,
    /// How many times it was processed to the end.
    pub runs: u8,
    /// How many times it was given to an application.
    pub deliveries: u8,
}

/// A rule that the run broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breach {
    /// When.
    pub at: Instant,
    /// Which rule.
    pub rule: Rule,
    /// The place of the partition.
    pub partition: usize,
}

/// What must always hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A partition never has two owners in one generation: by the coordinator's books, and as their applications believe.
    OneOwner,
    /// The committed offset is never beyond the log's end.
    CommittedWithinLog,
    /// One consumer gets a partition's records in the order of offsets, without gaps.
    InOrder,
    /// Every record is counted once.
    EveryRecordCounted,
}

//! What happens in a consumer group: what its consumers ask of the coordinator, what the coordinator decides, and what becomes
//! of records and offsets.
//!
//! A request is told three times: when it leaves, when the coordinator gets it, and when its answer reaches the consumer.
//! What a member gained or gave up is told by [`super::EventKind::PartitionsAssigned`] and
//! [`super::EventKind::PartitionsRevoked`], when the application's handler runs; a record that the application received by
//! [`super::EventKind::RecordConsumed`]; an offset that the coordinator wrote by [`super::EventKind::OffsetCommitted`].

use super::TopicPartition;
use crate::ids::{ActorName, Offset, PartitionId, TopicName};
use crate::time::{Duration, Instant};
use serde::Serialize;

/// The kinds of event of a consumer group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupEvent {
    /// A consumer's process started, and subscribed.
    ConsumerStarted {
        /// The consumer.
        consumer: ActorName,
        /// Its `group.instance.id`, if it is a static member.
        instance: Option<Box<str>>,
    },
    /// The client refused its configuration: its constructor throws.
    ConsumerRefused {
        /// The consumer.
        consumer: ActorName,
        /// The property that `group.protocol=consumer` forbids.
        property: &'static str,
    },
    /// The application called `Close()`.
    ConsumerClosing {
        /// The consumer.
        consumer: ActorName,
    },
    /// `Close()` returned; the process ended.
    ConsumerClosed {
        /// The consumer.
        consumer: ActorName,
    },
    /// SIGTERM ended the process; it did not call `Close()`.
    ConsumerTerminated {
        /// The consumer.
        consumer: ActorName,
    },
    /// The process was killed (SIGKILL).
    ConsumerCrashed {
        /// The consumer.
        consumer: ActorName,
    },
    /// Nothing of the process runs until an instant: a long garbage collection, a frozen machine.
    ConsumerPaused {
        /// The consumer.
        consumer: ActorName,
        /// How long.
        lasts: Duration,
    },
    /// The process runs again.
    ConsumerResumed {
        /// The consumer.
        consumer: ActorName,
    },
    /// An error that ends the consumer: another one has taken its `group.instance.id`.
    ConsumerFenced {
        /// The consumer.
        consumer: ActorName,
    },
    /// A setting changed during the run.
    SettingChanged {
        /// Its name.
        property: &'static str,
        /// Its new value.
        value: Box<str>,
    },

    /// A request left the consumer.
    RequestSent {
        /// The consumer.
        consumer: ActorName,
        /// Which request.
        request: Request,
        /// The generation (classic) or member epoch (KIP-848) that it carries.
        epoch: i32,
    },
    /// The coordinator got a request.
    RequestReceived {
        /// The consumer.
        consumer: ActorName,
        /// Which request.
        request: Request,
        /// The generation (classic) or member epoch (KIP-848) that it carries.
        epoch: i32,
    },
    /// The answer to a request reached the consumer.
    ResponseReceived {
        /// The consumer.
        consumer: ActorName,
        /// Which request.
        request: Request,
        /// The generation or member epoch that the answer carries.
        epoch: i32,
        /// Why the coordinator refused, `None` if it did not.
        error: Option<GroupError>,
    },

    /// The coordinator put the group in another state.
    StateChanged {
        /// The state before.
        from: GroupState,
        /// The state now.
        to: GroupState,
    },
    /// The coordinator begins a rebalance: members must join again (classic).
    RebalancePrepared {
        /// The generation that ends, 0 if there was none.
        generation: i32,
        /// Why.
        reason: RebalanceReason,
        /// The consumer that brought it about.
        consumer: Option<ActorName>,
        /// When the coordinator stops waiting for those that have not joined.
        until: Instant,
    },
    /// `group.initial.rebalance.delay.ms`: somebody joined meanwhile, the coordinator waits once more.
    InitialDelayExtended {
        /// The end of the new wait.
        until: Instant,
    },
    /// Everybody has joined, or the wait is over: a generation begins (classic).
    GenerationBegan {
        /// Its number.
        generation: i32,
        /// Its members, in the order of their member ids.
        members: Box<[ActorName]>,
        /// The member that computes the assignment.
        leader: Option<ActorName>,
    },
    /// The leader sent its assignment: the coordinator hands it to the members (classic).
    RebalanceCompleted {
        /// The generation.
        generation: i32,
        /// How long it took, from [`Self::RebalancePrepared`].
        took: Duration,
    },
    /// The group changed: its epoch grows (KIP-848).
    GroupEpochBumped {
        /// The new group epoch.
        epoch: i32,
        /// Why.
        reason: RebalanceReason,
        /// The consumer that brought it about.
        consumer: Option<ActorName>,
    },
    /// An assignment was computed: what each member is to own in the end.
    TargetComputed {
        /// The generation (classic) or assignment epoch (KIP-848).
        epoch: i32,
        /// The member that computed it (classic leader), `None` for the coordinator (KIP-848).
        by: Option<ActorName>,
        /// The assignor, under its name in the configuration.
        assignor: &'static str,
        /// Who is to own what.
        targets: Box<[Target]>,
    },
    /// The coordinator moved a member one step towards its target (KIP-848).
    MemberReconciled {
        /// The consumer.
        consumer: ActorName,
        /// Its member epoch.
        epoch: i32,
        /// Where it is.
        state: MemberState,
        /// What it may own from now on.
        assigned: Box<[TopicPartition]>,
        /// What it must give up first.
        pending_revocation: Box<[TopicPartition]>,
    },
    /// The coordinator has not heard of a member for its session timeout: it expels it.
    SessionExpired {
        /// The consumer.
        consumer: ActorName,
        /// When it was last heard of.
        last: Instant,
    },
    /// A member was asked to join again, or to give partitions up, and has not in time: it is expelled.
    RebalanceTimedOut {
        /// The consumer.
        consumer: ActorName,
    },
    /// The application has not called `Consume()` for `max.poll.interval.ms`: its client leaves the group.
    MaxPollExceeded {
        /// The consumer.
        consumer: ActorName,
        /// When it last did.
        last_poll: Instant,
    },
    /// The client itself noticed that it was out of contact for a session timeout.
    ConnectionLost {
        /// The consumer.
        consumer: ActorName,
    },

    /// Where a consumer begins to read a partition that it was assigned.
    PositionSet {
        /// The consumer.
        consumer: ActorName,
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The offset.
        offset: Offset,
        /// Where it comes from.
        source: PositionSource,
    },
    /// Java's `poll()` returned records.
    Polled {
        /// The consumer.
        consumer: ActorName,
        /// How many.
        records: u32,
    },
    /// The handler began a record.
    ProcessingBegan {
        /// The consumer.
        consumer: ActorName,
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The record's offset.
        offset: Offset,
        /// The worker of the pool, 0 without a pool.
        worker: u16,
    },
    /// The handler ended a record.
    ProcessingEnded {
        /// The consumer.
        consumer: ActorName,
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The record's offset.
        offset: Offset,
        /// How many times it has been processed, this one included: a replay if more than 1.
        run: u8,
    },
    /// Records that nobody will read again, and that nobody has processed.
    RecordsLost {
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The offset of the first.
        offset: Offset,
        /// How many.
        count: u32,
    },
    /// The offset that the next commit will write: one past the record.
    OffsetStored {
        /// The consumer.
        consumer: ActorName,
        /// The topic.
        topic: TopicName,
        /// The partition.
        partition: PartitionId,
        /// The offset.
        offset: Offset,
    },
    /// `auto.commit.interval.ms` has passed.
    AutoCommitFired {
        /// The consumer.
        consumer: ActorName,
    },
    /// A commit left the consumer.
    CommitSent {
        /// The consumer.
        consumer: ActorName,
        /// Why.
        reason: CommitReason,
        /// What it asks to write.
        offsets: Box<[(TopicPartition, Offset)]>,
    },
    /// The coordinator wrote the offsets, and the consumer knows.
    CommitAccepted {
        /// The consumer.
        consumer: ActorName,
    },
    /// The coordinator refused the commit, and the consumer knows.
    CommitRefused {
        /// The consumer.
        consumer: ActorName,
        /// Why.
        error: GroupError,
    },
}

/// What a member is to own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The consumer.
    pub consumer: ActorName,
    /// Its partitions.
    pub partitions: Box<[TopicPartition]>,
}

/// What a consumer asks of the group's coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Request {
    /// Which broker coordinates the group?
    FindCoordinator,
    /// I want to be a member (classic).
    JoinGroup,
    /// Here is the assignment (leader), or: what is mine (others)?
    SyncGroup,
    /// I am alive (classic).
    Heartbeat,
    /// I leave (classic).
    LeaveGroup,
    /// I am alive, this is what I own (KIP-848). It also joins and leaves.
    ConsumerGroupHeartbeat,
    /// Where had the group got to?
    OffsetFetch,
    /// The group has got there.
    OffsetCommit,
}

/// Why the coordinator refuses, under Kafka's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupError {
    /// Join again with the member id given here.
    MemberIdRequired,
    /// No such member.
    UnknownMemberId,
    /// Another generation has begun.
    IllegalGeneration,
    /// A rebalance has begun: join again.
    RebalanceInProgress,
    /// Another consumer has this `group.instance.id` now.
    FencedInstanceId,
    /// The member epoch is not one that the coordinator accepts: join again.
    FencedMemberEpoch,
    /// The member epoch is not the current one.
    StaleMemberEpoch,
    /// Another consumer still has this `group.instance.id`.
    UnreleasedInstanceId,
}

impl GroupError {
    /// Its name in Kafka.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MemberIdRequired => "MEMBER_ID_REQUIRED",
            Self::UnknownMemberId => "UNKNOWN_MEMBER_ID",
            Self::IllegalGeneration => "ILLEGAL_GENERATION",
            Self::RebalanceInProgress => "REBALANCE_IN_PROGRESS",
            Self::FencedInstanceId => "FENCED_INSTANCE_ID",
            Self::FencedMemberEpoch => "FENCED_MEMBER_EPOCH",
            Self::StaleMemberEpoch => "STALE_MEMBER_EPOCH",
            Self::UnreleasedInstanceId => "UNRELEASED_INSTANCE_ID",
        }
    }
}

/// The states of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum GroupState {
    /// No members.
    #[default]
    Empty,
    /// Members join (classic).
    PreparingRebalance,
    /// The leader computes (classic).
    CompletingRebalance,
    /// The target is being computed (KIP-848).
    Assigning,
    /// Members move towards the target (KIP-848).
    Reconciling,
    /// Everybody has what it is to have.
    Stable,
    /// The group is gone.
    Dead,
}

impl GroupState {
    /// Its name in Kafka.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Assigning => "Assigning",
            Self::Reconciling => "Reconciling",
            Self::Stable => "Stable",
            Self::Dead => "Dead",
        }
    }
}

/// Where a member of a KIP-848 group is on its way to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MemberState {
    /// It has its target.
    Stable,
    /// It must give partitions up.
    UnrevokedPartitions,
    /// It waits for partitions that others must give up.
    UnreleasedPartitions,
}

/// What brings a rebalance about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RebalanceReason {
    /// A member joined.
    Join,
    /// A member joined again, to be given what others gave up (second step of the cooperative protocol).
    Rejoin,
    /// A member left.
    Leave,
    /// A member's session expired.
    SessionExpired,
    /// A member did not join again, or did not give partitions up, in time.
    TimedOut,
    /// A subscribed topic grew.
    PartitionsAdded,
    /// A static member came back with another subscription or assignor.
    StaticMemberChanged,
}

/// Where a position comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PositionSource {
    /// The group's committed offset.
    Committed,
    /// Nothing was committed: `auto.offset.reset=earliest`.
    Earliest,
    /// Nothing was committed: `auto.offset.reset=latest`.
    Latest,
}

/// Why a consumer commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommitReason {
    /// The auto-commit timer fired.
    Auto,
    /// The handler called `Commit()` and waits.
    Sync,
    /// The handler called it without waiting.
    Async,
    /// Partitions are being revoked: librdkafka commits what is stored, Java what it has returned.
    Revoke,
    /// `Close()`.
    Close,
}

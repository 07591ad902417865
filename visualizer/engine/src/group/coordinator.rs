//! What the two coordinators have in common: their members' vocabulary, and what they answer.
//!
//! A coordinator is a pure state machine: requests and timers go in, [`Effect`]s come out. It knows consumers by their places
//! and members by numbers, one per member id.

use super::Protocol;
use super::classic::ClassicCoordinator;
use super::modern::ModernCoordinator;
use crate::event::{GroupError, GroupState, MemberState, RebalanceReason, Request};
use crate::ids::MemberId;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// The number of a member: one per member id.
pub(super) type MemberNumber = u32;

/// The place of a partition among all partitions.
pub(super) type Slot = usize;

/// What a request asks.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ask {
    FindCoordinator,
    Join {
        /// `None` for an unknown member.
        member: Option<MemberNumber>,
        /// The member id that a new member will be given (classic), or that it has drawn (KIP-848).
        id: MemberId,
        instance: Option<Arc<str>>,
        topics: Vec<usize>,
        owned: Vec<Slot>,
        /// The generation in which `owned` was assigned.
        generation: i32,
    },
    Sync {
        member: MemberNumber,
        generation: i32,
        /// Of the leader: who is to own what.
        assignment: Option<Vec<(MemberNumber, Vec<Slot>)>>,
    },
    Heartbeat {
        member: MemberNumber,
        generation: i32,
    },
    Leave {
        member: MemberNumber,
    },
    /// KIP-848, to a group that it has joined.
    Report {
        member: MemberNumber,
        epoch: i32,
        /// What it owns, if it says so.
        owned: Option<Vec<Slot>>,
    },
    FetchOffsets {
        slots: Vec<Slot>,
    },
    Commit {
        member: Option<MemberNumber>,
        epoch: i32,
        offsets: Vec<(Slot, u64)>,
    },
}

/// What an answer says besides its error.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) enum Answer {
    Nothing,
    /// The member's number; it must join again with it (`MEMBER_ID_REQUIRED`), or it has joined.
    Joined {
        member: MemberNumber,
        generation: i32,
        leader: bool,
    },
    Assigned {
        generation: i32,
        slots: Vec<Slot>,
    },
    /// KIP-848: the member epoch, and what it may own, if that changed.
    Epoch {
        member: MemberNumber,
        epoch: i32,
        slots: Option<Vec<Slot>>,
    },
    Offsets(Vec<(Slot, Option<u64>)>),
}

/// What a coordinator does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Effect {
    Reply {
        consumer: usize,
        request: Request,
        epoch: i32,
        error: Option<GroupError>,
        answer: Answer,
    },
    Timer(Duration, Timer),
    Note(Note),
}

/// The coordinator's timers. Those that may be outdated carry a number to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Timer {
    Join(u32),
    Sync(u32),
    Session(MemberNumber),
    /// A member must have given partitions up by now (KIP-848).
    Revocation(MemberNumber, i32),
}

/// What a coordinator has to tell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Note {
    State(GroupState, GroupState),
    MemberJoined(usize, MemberId),
    MemberLeft(usize, MemberId),
    Prepared {
        generation: i32,
        reason: RebalanceReason,
        consumer: Option<usize>,
        after: Duration,
    },
    DelayExtended(Duration),
    Generation {
        generation: i32,
        members: Vec<usize>,
        leader: Option<usize>,
    },
    Completed(i32, Duration),
    SessionExpired(usize, Instant),
    TimedOut(usize),
    /// The consumer is no member any more: nobody answers for what it owned.
    Expelled(usize, Vec<Slot>),
    EpochBumped {
        epoch: i32,
        reason: RebalanceReason,
        consumer: Option<usize>,
    },
    Target(i32, Vec<(usize, Vec<Slot>)>),
    Reconciled {
        consumer: usize,
        epoch: i32,
        state: MemberState,
        assigned: Vec<Slot>,
        revoking: Vec<Slot>,
    },
}

/// The coordinator of the group's protocol.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Coordinator {
    Classic(ClassicCoordinator),
    Modern(ModernCoordinator),
}

/// What the coordinator's books say of a member: what drawings show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) consumer: usize,
    pub(super) id: &'a MemberId,
    pub(super) epoch: i32,
    pub(super) state: MemberState,
    pub(super) awaited: bool,
    pub(super) heard: Instant,
    pub(super) expires: Instant,
    pub(super) assigned: &'a [Slot],
    pub(super) target: &'a [Slot],
    pub(super) revoking: &'a [Slot],
}

impl Coordinator {
    pub(super) fn new(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Classic => Self::Classic(ClassicCoordinator::default()),
            Protocol::Consumer => Self::Modern(ModernCoordinator::default()),
        }
    }

    /// Why an offset commit is refused, if it is.
    pub(super) fn refuses(&self, member: Option<MemberNumber>, epoch: i32) -> Option<GroupError> {
        match self {
            Self::Classic(classic) => classic.refuses(member, epoch),
            Self::Modern(modern) => modern.refuses(member, epoch),
        }
    }

    pub(super) fn entries(&self) -> Vec<Entry<'_>> {
        match self {
            Self::Classic(classic) => classic.entries(),
            Self::Modern(modern) => modern.entries(),
        }
    }

    pub(super) fn state(&self) -> GroupState {
        match self {
            Self::Classic(classic) => classic.state(),
            Self::Modern(modern) => modern.state(),
        }
    }
}

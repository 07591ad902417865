//! A consumer's process: its membership, what it reads, and what its application is doing.

use super::coordinator::{MemberNumber, Slot};
use super::{Ending, HandlerStep, Life};
use crate::ids::{ActorName, EventId, MemberId};
use crate::time::{Duration, Instant};
use std::collections::VecDeque;
use std::sync::Arc;

/// Where a consumer is on its way into the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not a member.
    Out,
    /// Waits for the answer to a `FindCoordinator`, a `JoinGroup`, or the first heartbeat of KIP-848.
    Joining,
    /// Waits for the answer to a `SyncGroup`.
    Syncing,
    /// A member; its heartbeats leave.
    Steady,
}

/// What the client's background thread wants the application's thread to do at its next `Consume()`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Callback {
    Assign {
        slots: Vec<Slot>,
        cause: Option<EventId>,
    },
    Revoke {
        slots: Vec<Slot>,
        lost: bool,
        /// Join again afterwards (classic).
        rejoin: bool,
        cause: Option<EventId>,
    },
}

impl Callback {
    /// Whether it tells of partitions that are lost.
    pub(super) const fn is_loss(&self) -> bool {
        matches!(self, Self::Revoke { lost: true, .. })
    }
}

/// What the application's thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Application {
    /// It waits in `Consume()`.
    Waiting,
    /// It processes a record (or the last one of a batch).
    Processing,
    /// It waits for the answer to a `Commit()` before it processes this record.
    CommitBefore { slot: Slot, offset: u64 },
    /// It waits for the answer to a `Commit()`, then asks for the next record.
    CommitAfter,
    /// It waits in `Close()`.
    Closing,
    /// There is no process.
    Stopped,
}

/// What is known of a partition that is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    pub(super) slot: Slot,
    /// Next offset that the application gets.
    pub(super) position: u64,
    /// Next offset that a fetch brings; `None` until the first has been answered.
    pub(super) fetched: Option<u64>,
    pub(super) stored: Option<u64>,
    pub(super) committed: Option<u64>,
    /// Records from here on are not all done (low-water mark).
    pub(super) low: u64,
    /// Which of those after `low` are.
    pub(super) done: VecDeque<bool>,
    /// The event that stored the offset: the cause of the commit.
    pub(super) stored_by: Option<EventId>,
}

/// Records that were fetched, in the order in which `Consume()` gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) slot: Slot,
    pub(super) from: u64,
    pub(super) to: u64,
}

/// A record being processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) slot: Slot,
    pub(super) offset: u64,
    pub(super) since: Instant,
    pub(super) until: Instant,
    pub(super) cause: EventId,
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // Independent facts about a process, not states of one machine.
pub(super) struct Consumer {
    pub(super) name: ActorName,
    pub(super) instance: Option<Arc<str>>,
    pub(super) topics: Vec<usize>,
    pub(super) processing: Option<Duration>,
    pub(super) life: Life,
    /// How many times its process has started: answers to an earlier one find nobody.
    pub(super) incarnation: u32,
    pub(super) paused_since: Instant,
    pub(super) ended_by: Option<EventId>,
    pub(super) paused_by: Option<EventId>,

    pub(super) member: Option<MemberNumber>,
    pub(super) id: Option<MemberId>,
    pub(super) generation: i32,
    /// Generation in which `owned` was assigned.
    pub(super) owned_generation: i32,
    /// What Java's `StickyAssignor` remembers: the last assignment and its generation.
    pub(super) remembered: (Vec<Slot>, i32),
    /// The member id that it had before it was thrown out: its callback for what is lost comes later.
    pub(super) former: Option<MemberId>,
    pub(super) phase: Phase,
    pub(super) owned: Vec<Slot>,
    pub(super) callback: Option<Callback>,
    /// What to assign after the callback in hand (cooperative).
    pub(super) assign_next: Option<Vec<Slot>>,
    /// What it is to own (KIP-848).
    pub(super) target: Option<Vec<Slot>>,
    pub(super) acknowledge: bool,
    /// The application must call `Consume()` before it joins again.
    pub(super) join_at_poll: bool,
    pub(super) heartbeats: u32,
    pub(super) next_heartbeat: Instant,
    pub(super) answered_at: Instant,
    pub(super) heard_by: Option<EventId>,
    /// What told that it is no member any more.
    pub(super) expelled_by: Option<EventId>,
    pub(super) joined_by: Option<EventId>,

    /// In the order of slots.
    pub(super) readings: Vec<Reading>,
    pub(super) fetched: VecDeque<Chunk>,
    pub(super) application: Application,
    pub(super) step: HandlerStep,
    pub(super) workers: Vec<Option<Work>>,
    pub(super) pool: VecDeque<(Slot, u64, EventId)>,
    /// Records left of what the last `poll()` returned (Java).
    pub(super) batch_left: u32,
    /// Records since the last commit (handler `batch`).
    pub(super) uncommitted: u32,
    pub(super) slow: Option<Duration>,
    pub(super) last_poll: Instant,
    pub(super) overdue: bool,
    pub(super) next_auto_commit: Instant,
    pub(super) closing: bool,
    /// Answers that `Close()` waits for.
    pub(super) close_waits: u32,
    pub(super) received: u64,
    pub(super) processed: u64,
}

impl Consumer {
    pub(super) fn new(name: ActorName) -> Self {
        Self {
            name,
            instance: None,
            topics: Vec::new(),
            processing: None,
            life: Life::Ended(Ending::Closed),
            incarnation: 0,
            paused_since: Instant::ZERO,
            ended_by: None,
            paused_by: None,
            member: None,
            id: None,
            generation: -1,
            owned_generation: -1,
            remembered: (Vec::new(), -1),
            former: None,
            phase: Phase::Out,
            owned: Vec::new(),
            callback: None,
            assign_next: None,
            target: None,
            acknowledge: false,
            join_at_poll: false,
            heartbeats: 0,
            next_heartbeat: Instant::ZERO,
            answered_at: Instant::ZERO,
            heard_by: None,
            expelled_by: None,
            joined_by: None,
            readings: Vec::new(),
            fetched: VecDeque::new(),
            application: Application::Stopped,
            step: HandlerStep::Stopped,
            workers: Vec::new(),
            pool: VecDeque::new(),
            batch_left: 0,
            uncommitted: 0,
            slow: None,
            last_poll: Instant::ZERO,
            overdue: false,
            next_auto_commit: Instant::ZERO,
            closing: false,
            close_waits: 0,
            received: 0,
            processed: 0,
        }
    }

    pub(super) fn runs(&self) -> bool {
        !matches!(self.life, Life::Ended(_))
    }

    pub(super) fn reading(&self, slot: Slot) -> Option<&Reading> {
        self.readings
            .binary_search_by_key(&slot, |reading| reading.slot)
            .ok()
            .map(|index| &self.readings[index])
    }

    pub(super) fn reading_mut(&mut self, slot: Slot) -> Option<&mut Reading> {
        self.readings
            .binary_search_by_key(&slot, |reading| reading.slot)
            .ok()
            .map(|index| &mut self.readings[index])
    }

    /// Begins to read a partition.
    pub(super) fn read(&mut self, reading: Reading) {
        match self
            .readings
            .binary_search_by_key(&reading.slot, |reading| reading.slot)
        {
            Ok(index) => self.readings[index] = reading,
            Err(index) => self.readings.insert(index, reading),
        }
    }

    /// Stops reading partitions, and forgets what was fetched of them.
    pub(super) fn stop_reading(&mut self, slots: &[Slot]) {
        self.readings
            .retain(|reading| !slots.contains(&reading.slot));
        self.fetched.retain(|chunk| !slots.contains(&chunk.slot));
        self.owned.retain(|slot| !slots.contains(slot));
    }

    /// Adds records that a fetch brought.
    pub(super) fn fetch(&mut self, slot: Slot, from: u64, to: u64) {
        if from >= to {
            return;
        }
        match self.fetched.back_mut() {
            Some(chunk) if chunk.slot == slot && chunk.to == from => chunk.to = to,
            _ => self.fetched.push_back(Chunk { slot, from, to }),
        }
    }

    /// Takes the next record that was fetched.
    pub(super) fn take(&mut self) -> Option<(Slot, u64)> {
        let chunk = self.fetched.front_mut()?;
        let record = (chunk.slot, chunk.from);
        chunk.from += 1;
        if chunk.from == chunk.to {
            self.fetched.pop_front();
        }
        Some(record)
    }

    /// How many records wait for `Consume()`.
    pub(super) fn waiting(&self) -> u64 {
        self.fetched.iter().map(|chunk| chunk.to - chunk.from).sum()
    }

    /// Forgets its membership.
    pub(super) fn forget_membership(&mut self) {
        self.member = None;
        self.former = self.id.take().or_else(|| self.former.take());
        self.generation = -1;
        self.phase = Phase::Out;
        self.heartbeats += 1;
    }
}

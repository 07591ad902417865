//! The coordinator of the classic protocol, as Kafka 4.3's `GroupMetadataManager` and `ClassicGroup` do it.
//!
//! 1. A consumer without member id is given one and told to join again (`MEMBER_ID_REQUIRED`); a static one is added at once.
//! 2. A join to an empty group waits `group.initial.rebalance.delay.ms`, and as long again as long as others arrive; a join to
//!    a stable group begins a rebalance, which waits for all members, at most their longest `max.poll.interval.ms`.
//! 3. Then a generation begins: everybody is answered, the leader with the list of members; it computes the assignment and
//!    sends it with its `SyncGroup`; everybody else's `SyncGroup` is answered with it.
//! 4. A member that is not heard of for `session.timeout.ms` is removed, unless it waits for an answer itself.

mod joining;
mod leaving;
mod rebalance;
mod syncing;

use super::coordinator::{Answer, Ask, Effect, Entry, MemberNumber, Note, Slot, Timer};
use super::settings::Settings;
use crate::event::{GroupError, GroupState, MemberState, Request};
use crate::ids::MemberId;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// A new member that waits for its first generation is given this long (`group.new.member.join.timeout.ms`).
const NEW_MEMBER: Duration = Duration(300_000_000);

#[derive(Clone, Debug, PartialEq, Hash)]
#[allow(clippy::struct_excessive_bools)] // Independent facts about a member, not states of one machine.
pub(super) struct Member {
    pub(super) number: MemberNumber,
    pub(super) id: MemberId,
    pub(super) consumer: usize,
    pub(super) instance: Option<Arc<str>>,
    pub(super) topics: Vec<usize>,
    pub(super) owned: Vec<Slot>,
    pub(super) owned_generation: i32,
    assigned: Vec<Slot>,
    /// In no generation yet.
    new: bool,
    /// Has sent a `JoinGroup` that is not answered yet.
    joining: bool,
    /// Has sent a `SyncGroup` that is not answered yet.
    syncing: bool,
    synced: bool,
    heard: Instant,
    expires: Instant,
}

#[derive(Clone, Debug, PartialEq, Hash)]
struct Pending {
    number: MemberNumber,
    id: MemberId,
    consumer: usize,
    expires: Instant,
}

#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub(super) struct ClassicCoordinator {
    pub(super) state: State,
    pub(super) generation: i32,
    /// In the order of member ids.
    pub(super) members: Vec<Member>,
    pending: Vec<Pending>,
    pub(super) leader: Option<MemberNumber>,
    numbers: MemberNumber,
    /// The rebalance in preparation is the first of an empty group.
    initial: bool,
    newcomer: bool,
    remaining: Duration,
    delay: Duration,
    join_timer: u32,
    sync_timer: u32,
    pub(super) until: Option<Instant>,
    pub(super) since: Option<Instant>,
    pub(super) rebalances: u32,
}

/// The states of a classic group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum State {
    #[default]
    Empty,
    Preparing,
    Completing,
    Stable,
}

impl From<State> for GroupState {
    fn from(state: State) -> Self {
        match state {
            State::Empty => Self::Empty,
            State::Preparing => Self::PreparingRebalance,
            State::Completing => Self::CompletingRebalance,
            State::Stable => Self::Stable,
        }
    }
}

impl ClassicCoordinator {
    pub(super) fn state(&self) -> GroupState {
        self.state.into()
    }

    /// A request of the group's members, other than about offsets.
    pub(super) fn ask(
        &mut self,
        consumer: usize,
        ask: Ask,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        match ask {
            Ask::Join {
                member: Some(number),
                topics,
                owned,
                generation,
                ..
            } => self.join_known(
                number,
                consumer,
                (topics, owned, generation),
                now,
                settings,
                effects,
            ),
            Ask::Join {
                member: None,
                id,
                instance,
                topics,
                owned,
                generation,
            } => {
                let metadata = (topics, owned, generation);
                self.join_unknown(consumer, id, instance, metadata, now, settings, effects);
            }
            Ask::Sync {
                member,
                generation,
                assignment,
            } => self.sync(
                member, consumer, generation, assignment, now, settings, effects,
            ),
            Ask::Heartbeat { member, generation } => {
                self.heartbeat(member, consumer, generation, now, settings, effects);
            }
            Ask::Leave { member } => {
                let error = self.leave(member, now, settings, effects);
                reply(
                    effects,
                    consumer,
                    Request::LeaveGroup,
                    -1,
                    error,
                    Answer::Nothing,
                );
            }
            _ => {}
        }
    }

    /// A timer is due.
    pub(super) fn timer(
        &mut self,
        timer: Timer,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        match timer {
            Timer::Join(number) if number == self.join_timer && self.state == State::Preparing => {
                self.join_due(now, settings, effects);
            }
            Timer::Sync(number) if number == self.sync_timer => {
                self.sync_due(now, settings, effects);
            }
            Timer::Session(number) => self.session_due(number, now, settings, effects),
            _ => {}
        }
    }

    /// Why an offset commit is refused, if it is (`ClassicGroup.validateOffsetCommit`).
    pub(super) fn refuses(
        &self,
        member: Option<MemberNumber>,
        generation: i32,
    ) -> Option<GroupError> {
        let Some(number) = member else {
            return (self.state != State::Empty).then_some(GroupError::UnknownMemberId);
        };
        if !self.members.iter().any(|member| member.number == number) {
            return Some(GroupError::UnknownMemberId);
        }
        if generation != self.generation {
            return Some(GroupError::IllegalGeneration);
        }
        (self.state == State::Completing).then_some(GroupError::RebalanceInProgress)
    }

    fn position(&self, number: MemberNumber) -> Option<usize> {
        self.members
            .iter()
            .position(|member| member.number == number)
    }

    fn enter(&mut self, state: State, effects: &mut Vec<Effect>) {
        if self.state != state {
            effects.push(Effect::Note(Note::State(self.state.into(), state.into())));
            self.state = state;
        }
    }

    fn hear(&mut self, index: usize, now: Instant, settings: &Settings) {
        self.members[index].heard = now;
        self.members[index].expires = now + settings.session;
    }

    fn heartbeat(
        &mut self,
        number: MemberNumber,
        consumer: usize,
        generation: i32,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        let error = match self.position(number) {
            None => Some(GroupError::UnknownMemberId),
            Some(_) if generation != self.generation => Some(GroupError::IllegalGeneration),
            Some(index) => {
                self.hear(index, now, settings);
                (self.state == State::Preparing).then_some(GroupError::RebalanceInProgress)
            }
        };
        let epoch = self.generation;
        reply(
            effects,
            consumer,
            Request::Heartbeat,
            epoch,
            error,
            Answer::Nothing,
        );
    }

    pub(super) fn entries(&self) -> Vec<Entry<'_>> {
        self.members
            .iter()
            .map(|member| Entry {
                consumer: member.consumer,
                id: &member.id,
                epoch: self.generation,
                state: MemberState::Stable,
                awaited: self.state == State::Preparing && !member.joining,
                heard: member.heard,
                expires: member.expires,
                assigned: &member.assigned,
                target: &member.assigned,
                revoking: &[],
            })
            .collect()
    }
}

pub(super) fn reply(
    effects: &mut Vec<Effect>,
    consumer: usize,
    request: Request,
    epoch: i32,
    error: Option<GroupError>,
    answer: Answer,
) {
    effects.push(Effect::Reply {
        consumer,
        request,
        epoch,
        error,
        answer,
    });
}

//! The coordinator of the classic protocol, as Kafka 4.3's `GroupMetadataManager` and `ClassicGroup` do it.
//!
//! 1. A consumer without member id is given one and told to join again (`MEMBER_ID_REQUIRED`); a static one is added at once.
//! 2. A join to an empty group waits `group.initial.rebalance.delay.ms`, and as long again as long as others arrive; a join to
//!    a stable group begins a rebalance, which waits for all members, at most their longest `max.poll.interval.ms`.
//! 3. Then a generation begins: everybody is answered, the leader with the list of members; it computes the assignment and
//!    sends it with its `SyncGroup`; everybody else's `SyncGroup` is answered with it.
//! 4. A member that is not heard of for `session.timeout.ms` is removed, unless it waits for an answer itself.

use super::coordinator::{Answer, Ask, Effect, Entry, MemberNumber, Note, Slot, Timer};
use super::settings::Settings;
use crate::event::{GroupError, GroupState, MemberState, RebalanceReason, Request};
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

    #[allow(clippy::too_many_arguments)]
    fn join_unknown(
        &mut self,
        consumer: usize,
        id: MemberId,
        instance: Option<Arc<str>>,
        metadata: (Vec<usize>, Vec<Slot>, i32),
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        let number = self.numbers;
        self.numbers += 1;
        if instance.is_none() {
            self.pending.push(Pending {
                number,
                id,
                consumer,
                expires: now + settings.session,
            });
            effects.push(Effect::Timer(settings.session, Timer::Session(number)));
            let answer = Answer::Joined {
                member: number,
                generation: -1,
                leader: false,
            };
            let error = Some(GroupError::MemberIdRequired);
            reply(effects, consumer, Request::JoinGroup, -1, error, answer);
            return;
        }
        let known = self
            .members
            .iter()
            .position(|member| member.instance == instance);
        match known {
            Some(index) => {
                self.replace_static(
                    index, number, id, consumer, metadata, now, settings, effects,
                );
            }
            None => self.add(
                number, id, consumer, instance, metadata, now, settings, effects,
            ),
        }
    }

    /// A static member came back under a new member id: it takes its predecessor's place, without a rebalance if the group
    /// is stable.
    #[allow(clippy::too_many_arguments)]
    fn replace_static(
        &mut self,
        index: usize,
        number: MemberNumber,
        id: MemberId,
        consumer: usize,
        metadata: (Vec<usize>, Vec<Slot>, i32),
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        let (topics, owned, generation) = metadata;
        let mut member = self.members.remove(index);
        let old = member.number;
        if member.joining {
            let error = Some(GroupError::FencedInstanceId);
            reply(
                effects,
                member.consumer,
                Request::JoinGroup,
                -1,
                error,
                Answer::Nothing,
            );
        }
        if member.syncing {
            let error = Some(GroupError::FencedInstanceId);
            reply(
                effects,
                member.consumer,
                Request::SyncGroup,
                -1,
                error,
                Answer::Nothing,
            );
        }
        let same = member.topics == topics;
        member.number = number;
        member.id = id;
        member.consumer = consumer;
        member.topics = topics;
        (member.owned, member.owned_generation) = (owned, generation);
        (member.joining, member.syncing) = (true, false);
        member.heard = now;
        member.expires = now + settings.session;
        if self.leader == Some(old) {
            self.leader = Some(number);
        }
        self.insert(member);
        effects.push(Effect::Timer(settings.session, Timer::Session(number)));
        match self.state {
            State::Stable if same => {
                let generation = self.generation;
                if let Some(index) = self.position(number) {
                    self.members[index].joining = false;
                }
                // The leader is told to skip the assignment: it only asks what is its own.
                let answer = Answer::Joined {
                    member: number,
                    generation,
                    leader: false,
                };
                reply(
                    effects,
                    consumer,
                    Request::JoinGroup,
                    generation,
                    None,
                    answer,
                );
            }
            State::Stable | State::Completing => self.prepare(
                RebalanceReason::StaticMemberChanged,
                Some(consumer),
                now,
                settings,
                effects,
            ),
            State::Empty | State::Preparing => self.complete_if_all_joined(now, settings, effects),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        number: MemberNumber,
        id: MemberId,
        consumer: usize,
        instance: Option<Arc<str>>,
        metadata: (Vec<usize>, Vec<Slot>, i32),
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        if self.state == State::Preparing && self.initial {
            self.newcomer = true;
        }
        effects.push(Effect::Note(Note::MemberJoined(consumer, id.clone())));
        let (topics, owned, owned_generation) = metadata;
        self.insert(Member {
            number,
            id,
            consumer,
            instance,
            topics,
            owned,
            owned_generation,
            assigned: Vec::new(),
            new: true,
            joining: true,
            syncing: false,
            synced: false,
            heard: now,
            expires: now + NEW_MEMBER,
        });
        if self.leader.is_none() {
            self.leader = Some(number);
        }
        effects.push(Effect::Timer(NEW_MEMBER, Timer::Session(number)));
        self.prepare_or_complete(
            RebalanceReason::Join,
            Some(consumer),
            now,
            settings,
            effects,
        );
    }

    fn insert(&mut self, member: Member) {
        let place = self.members.partition_point(|other| other.id < member.id);
        self.members.insert(place, member);
    }

    fn join_known(
        &mut self,
        number: MemberNumber,
        consumer: usize,
        metadata: (Vec<usize>, Vec<Slot>, i32),
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(place) = self.pending.iter().position(|one| one.number == number) {
            let one = self.pending.remove(place);
            self.add(
                number, one.id, consumer, None, metadata, now, settings, effects,
            );
            return;
        }
        let Some(index) = self.position(number) else {
            let error = Some(GroupError::UnknownMemberId);
            reply(
                effects,
                consumer,
                Request::JoinGroup,
                -1,
                error,
                Answer::Nothing,
            );
            return;
        };
        let leader = self.leader == Some(number);
        let (topics, owned, generation) = metadata;
        let member = &mut self.members[index];
        // The metadata that decides holds what the member owns only under the cooperative and sticky assignors.
        let same = member.topics == topics && member.owned == owned;
        if same && (self.state == State::Completing || (self.state == State::Stable && !leader)) {
            let answer = Answer::Joined {
                member: number,
                generation: self.generation,
                leader: leader && self.state == State::Completing,
            };
            reply(
                effects,
                consumer,
                Request::JoinGroup,
                self.generation,
                None,
                answer,
            );
            return;
        }
        let reason = if member.topics == topics {
            RebalanceReason::Rejoin
        } else {
            RebalanceReason::Join
        };
        member.topics = topics;
        (member.owned, member.owned_generation) = (owned, generation);
        member.joining = true;
        self.prepare_or_complete(reason, Some(consumer), now, settings, effects);
    }

    fn prepare_or_complete(
        &mut self,
        reason: RebalanceReason,
        consumer: Option<usize>,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        if self.state == State::Preparing {
            self.complete_if_all_joined(now, settings, effects);
        } else {
            self.prepare(reason, consumer, now, settings, effects);
        }
    }

    fn prepare(
        &mut self,
        reason: RebalanceReason,
        consumer: Option<usize>,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        if self.state == State::Completing {
            for member in &mut self.members {
                if std::mem::take(&mut member.syncing) {
                    let error = Some(GroupError::RebalanceInProgress);
                    let request = Request::SyncGroup;
                    reply(
                        effects,
                        member.consumer,
                        request,
                        self.generation,
                        error,
                        Answer::Nothing,
                    );
                }
            }
        }
        self.sync_timer += 1;
        self.initial = self.state == State::Empty;
        self.since = Some(now);
        let after = if self.initial {
            self.delay = settings.initial_delay;
            self.remaining = Duration(settings.max_poll_interval.0.saturating_sub(self.delay.0));
            self.delay
        } else {
            settings.max_poll_interval
        };
        self.until = Some(now + after);
        effects.push(Effect::Note(Note::Prepared {
            generation: self.generation,
            reason,
            consumer,
            after,
        }));
        self.enter(State::Preparing, effects);
        if !self.initial && self.all_joined() {
            self.complete(now, settings, effects);
            return;
        }
        self.join_timer += 1;
        effects.push(Effect::Timer(after, Timer::Join(self.join_timer)));
    }

    fn all_joined(&self) -> bool {
        self.pending.is_empty() && self.members.iter().all(|member| member.joining)
    }

    fn complete_if_all_joined(
        &mut self,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        if self.state == State::Preparing && !self.initial && self.all_joined() {
            self.complete(now, settings, effects);
        }
    }

    fn join_due(&mut self, now: Instant, settings: &Settings, effects: &mut Vec<Effect>) {
        if self.initial && self.newcomer && self.remaining.0 != 0 {
            self.newcomer = false;
            let delay = settings.initial_delay.min(self.remaining);
            self.remaining.0 = self.remaining.0.saturating_sub(self.delay.0);
            self.delay = delay;
            self.until = Some(now + delay);
            self.join_timer += 1;
            effects.push(Effect::Note(Note::DelayExtended(delay)));
            effects.push(Effect::Timer(delay, Timer::Join(self.join_timer)));
        } else {
            self.complete(now, settings, effects);
        }
    }

    /// Begins a generation with those that have joined.
    fn complete(&mut self, now: Instant, settings: &Settings, effects: &mut Vec<Effect>) {
        self.join_timer += 1;
        let mut index = 0;
        while index < self.members.len() {
            let member = &self.members[index];
            if member.joining || member.instance.is_some() {
                index += 1;
            } else {
                let consumer = member.consumer;
                effects.push(Effect::Note(Note::TimedOut(consumer)));
                self.remove(index, effects);
            }
        }
        let elected = self
            .members
            .iter()
            .find(|member| Some(member.number) == self.leader && member.joining)
            .or_else(|| self.members.iter().find(|member| member.joining))
            .map(|member| member.number);
        if elected.is_none() && !self.members.is_empty() {
            // Only static members, none of which has come back: wait once more.
            effects.push(Effect::Timer(
                settings.max_poll_interval,
                Timer::Join(self.join_timer),
            ));
            return;
        }
        self.leader = elected;
        self.generation += 1;
        self.initial = false;
        self.newcomer = false;
        self.until = None;
        if self.members.is_empty() {
            self.since = None;
            self.enter(State::Empty, effects);
            return;
        }
        self.rebalances += 1;
        self.enter(State::Completing, effects);
        effects.push(Effect::Note(Note::Generation {
            generation: self.generation,
            members: self.members.iter().map(|member| member.consumer).collect(),
            leader: self
                .members
                .iter()
                .find(|member| Some(member.number) == self.leader)
                .map(|member| member.consumer),
        }));
        for member in &mut self.members {
            member.synced = false;
            member.assigned.clear();
            if !std::mem::take(&mut member.joining) {
                continue;
            }
            member.new = false;
            member.heard = now;
            member.expires = now + settings.session;
            effects.push(Effect::Timer(
                settings.session,
                Timer::Session(member.number),
            ));
            let answer = Answer::Joined {
                member: member.number,
                generation: self.generation,
                leader: Some(member.number) == self.leader,
            };
            let request = Request::JoinGroup;
            reply(
                effects,
                member.consumer,
                request,
                self.generation,
                None,
                answer,
            );
        }
        self.sync_timer += 1;
        effects.push(Effect::Timer(
            settings.max_poll_interval,
            Timer::Sync(self.sync_timer),
        ));
    }

    fn enter(&mut self, state: State, effects: &mut Vec<Effect>) {
        if self.state != state {
            effects.push(Effect::Note(Note::State(self.state.into(), state.into())));
            self.state = state;
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn sync(
        &mut self,
        number: MemberNumber,
        consumer: usize,
        generation: i32,
        assignment: Option<Vec<(MemberNumber, Vec<Slot>)>>,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        let error = match self.position(number) {
            None => Some(GroupError::UnknownMemberId),
            Some(_) if generation != self.generation => Some(GroupError::IllegalGeneration),
            Some(_) if self.state == State::Preparing => Some(GroupError::RebalanceInProgress),
            Some(_) if self.state == State::Empty => Some(GroupError::UnknownMemberId),
            Some(_) => None,
        };
        let (Some(index), None) = (self.position(number), error) else {
            let epoch = self.generation;
            reply(
                effects,
                consumer,
                Request::SyncGroup,
                epoch,
                error,
                Answer::Nothing,
            );
            return;
        };
        self.members[index].synced = true;
        if self.state == State::Stable {
            self.hear(index, now, settings);
            self.reply_sync(index, effects);
            return;
        }
        self.members[index].syncing = true;
        let Some(assignment) = assignment.filter(|_| self.leader == Some(number)) else {
            return;
        };
        for (number, slots) in assignment {
            if let Some(index) = self.position(number) {
                self.members[index].assigned = slots;
            }
        }
        self.enter(State::Stable, effects);
        let took = now - self.since.take().unwrap_or(now);
        effects.push(Effect::Note(Note::Completed(self.generation, took)));
        for index in 0..self.members.len() {
            if std::mem::take(&mut self.members[index].syncing) {
                self.hear(index, now, settings);
                self.reply_sync(index, effects);
            }
        }
    }

    fn reply_sync(&mut self, index: usize, effects: &mut Vec<Effect>) {
        let member = &self.members[index];
        let answer = Answer::Assigned {
            generation: self.generation,
            slots: member.assigned.clone(),
        };
        let request = Request::SyncGroup;
        reply(
            effects,
            member.consumer,
            request,
            self.generation,
            None,
            answer,
        );
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

    fn leave(
        &mut self,
        number: MemberNumber,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) -> Option<GroupError> {
        if let Some(place) = self.pending.iter().position(|one| one.number == number) {
            self.pending.remove(place);
            self.complete_if_all_joined(now, settings, effects);
            return None;
        }
        let Some(index) = self.position(number) else {
            return Some(GroupError::UnknownMemberId);
        };
        self.remove_and_rebalance(index, RebalanceReason::Leave, now, settings, effects);
        None
    }

    fn session_due(
        &mut self,
        number: MemberNumber,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(place) = self.pending.iter().position(|one| one.number == number) {
            if self.pending[place].expires <= now {
                self.pending.remove(place);
                self.complete_if_all_joined(now, settings, effects);
            }
            return;
        }
        let Some(index) = self.position(number) else {
            return;
        };
        let member = &self.members[index];
        if member.expires > now {
            effects.push(Effect::Timer(member.expires - now, Timer::Session(number)));
        } else if member.new || !(member.joining || member.syncing) {
            effects.push(Effect::Note(Note::SessionExpired(
                member.consumer,
                member.heard,
            )));
            let reason = RebalanceReason::SessionExpired;
            self.remove_and_rebalance(index, reason, now, settings, effects);
        }
    }

    fn sync_due(&mut self, now: Instant, settings: &Settings, effects: &mut Vec<Effect>) {
        if !matches!(self.state, State::Completing | State::Stable)
            || self.members.iter().all(|member| member.synced)
        {
            return;
        }
        let mut index = 0;
        while index < self.members.len() {
            if self.members[index].synced {
                index += 1;
            } else {
                effects.push(Effect::Note(Note::TimedOut(self.members[index].consumer)));
                self.remove(index, effects);
            }
        }
        self.prepare(RebalanceReason::TimedOut, None, now, settings, effects);
    }

    fn remove(&mut self, index: usize, effects: &mut Vec<Effect>) {
        let member = self.members.remove(index);
        for (waits, request) in [
            (member.joining, Request::JoinGroup),
            (member.syncing, Request::SyncGroup),
        ] {
            if waits {
                let error = Some(GroupError::UnknownMemberId);
                reply(
                    effects,
                    member.consumer,
                    request,
                    -1,
                    error,
                    Answer::Nothing,
                );
            }
        }
        if self.leader == Some(member.number) {
            self.leader = self
                .members
                .iter()
                .find(|member| member.joining)
                .or(self.members.first())
                .map(|member| member.number);
        }
        effects.push(Effect::Note(Note::MemberLeft(member.consumer, member.id)));
        effects.push(Effect::Note(Note::Expelled(
            member.consumer,
            member.assigned,
        )));
    }

    fn remove_and_rebalance(
        &mut self,
        index: usize,
        reason: RebalanceReason,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        let consumer = self.members[index].consumer;
        self.remove(index, effects);
        if self.state == State::Preparing {
            self.complete_if_all_joined(now, settings, effects);
        } else {
            self.prepare(reason, Some(consumer), now, settings, effects);
        }
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

//! The coordinator of KIP-848, as Kafka 4.3's `GroupMetadataManager` and `CurrentAssignmentBuilder` do it.
//!
//! 1. Everything is one request. A heartbeat with epoch 0 joins: the **group epoch** grows.
//! 2. At the next heartbeat of anybody, at least `group.consumer.assignment.interval.ms` (1 s) after the last time, the
//!    coordinator computes the target for the group epoch: the **assignment epoch** follows.
//! 3. At each of its heartbeats a member goes one step towards its target: first it gives up what it must, and says so; then
//!    its **member epoch** becomes the target's, and it gets what nobody else still holds.
//! 4. A member that is not heard of for `group.consumer.session.timeout.ms`, or that has not given up in
//!    `max.poll.interval.ms` what it must, is fenced.

use super::classic::reply;
use super::coordinator::{Answer, Ask, Effect, Entry, MemberNumber, Note, Slot, Timer};
use super::settings::Settings;
use super::world::slot_of;
use crate::assignor;
use crate::event::{GroupError, GroupState, MemberState, RebalanceReason, Request};
use crate::ids::MemberId;
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// `group.consumer.assignment.interval.ms`, by default.
const ASSIGNMENT_INTERVAL: Duration = Duration(1_000_000);

#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct Member {
    pub(super) number: MemberNumber,
    id: MemberId,
    pub(super) consumer: usize,
    instance: Option<Arc<str>>,
    topics: Vec<usize>,
    pub(super) epoch: i32,
    previous_epoch: i32,
    state: MemberState,
    pub(super) assigned: Vec<Slot>,
    revoking: Vec<Slot>,
    target: Vec<Slot>,
    /// It has left for a while (static): nobody is behind it.
    away: bool,
    heard: Instant,
    expires: Instant,
}

#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct ModernCoordinator {
    pub(super) epoch: i32,
    pub(super) assignment_epoch: i32,
    pub(super) computed_at: Option<Instant>,
    /// In the order of member ids.
    pub(super) members: Vec<Member>,
    numbers: MemberNumber,
    pub(super) since: Option<Instant>,
}

impl Default for ModernCoordinator {
    /// A new group is at epoch 1 (`ModernGroup`), so its first member makes it 2.
    fn default() -> Self {
        Self {
            epoch: 1,
            assignment_epoch: 0,
            computed_at: None,
            members: Vec::new(),
            numbers: MemberNumber::default(),
            since: None,
        }
    }
}

/// The partitions that there are, for the assignor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Catalogue<'a> {
    /// Topic of each partition, and its number there.
    pub(super) slots: &'a [assignor::TopicPartition],
    pub(super) topics: &'a [assignor::Topic<'a>],
}

impl Catalogue<'_> {
    /// The place of a partition.
    pub(super) fn slot(&self, partition: assignor::TopicPartition) -> Option<Slot> {
        let before = self.topics[..partition.topic].iter();
        let before = before.map(|topic| topic.partitions).sum();
        slot_of(self.slots, before, partition)
    }
}

impl ModernCoordinator {
    /// `ConsumerGroup.maybeUpdateGroupState`.
    pub(super) fn state(&self) -> GroupState {
        if self.members.is_empty() {
            GroupState::Empty
        } else if self.epoch > self.assignment_epoch {
            GroupState::Assigning
        } else if self.members.iter().all(|member| {
            member.state == MemberState::Stable && member.epoch == self.assignment_epoch
        }) {
            GroupState::Stable
        } else {
            GroupState::Reconciling
        }
    }

    /// Why an offset commit is refused, if it is.
    pub(super) fn refuses(&self, member: Option<MemberNumber>, epoch: i32) -> Option<GroupError> {
        let Some(number) = member else {
            return (!self.members.is_empty()).then_some(GroupError::UnknownMemberId);
        };
        match self.members.iter().find(|member| member.number == number) {
            None => Some(GroupError::UnknownMemberId),
            Some(member) => (epoch != member.epoch).then_some(GroupError::StaleMemberEpoch),
        }
    }

    /// A request of the group's members, other than about offsets.
    pub(super) fn ask(
        &mut self,
        consumer: usize,
        ask: Ask,
        now: Instant,
        (settings, catalogue): (&Settings, Catalogue<'_>),
        effects: &mut Vec<Effect>,
    ) {
        let before = self.state();
        match ask {
            Ask::Join {
                id,
                instance,
                topics,
                ..
            } => self.join(
                consumer,
                id,
                instance,
                topics,
                now,
                (settings, catalogue),
                effects,
            ),
            Ask::Report {
                member,
                epoch,
                owned,
            } => {
                let reported = (member, epoch, owned);
                self.report(consumer, reported, now, (settings, catalogue), effects);
            }
            Ask::Leave { member } => {
                self.leave(member, effects);
                let request = Request::ConsumerGroupHeartbeat;
                reply(effects, consumer, request, -1, None, Answer::Nothing);
            }
            _ => {}
        }
        self.note_state(before, now, effects);
    }

    /// A timer is due.
    pub(super) fn timer(&mut self, timer: Timer, now: Instant, effects: &mut Vec<Effect>) {
        let before = self.state();
        match timer {
            Timer::Session(number) => {
                let Some(index) = self.position(number) else {
                    return;
                };
                let member = &self.members[index];
                if member.expires > now {
                    effects.push(Effect::Timer(member.expires - now, timer));
                    return;
                }
                effects.push(Effect::Note(Note::SessionExpired(
                    member.consumer,
                    member.heard,
                )));
                self.remove(index, RebalanceReason::SessionExpired, effects);
            }
            Timer::Revocation(number, epoch) => {
                let Some(index) = self.position(number) else {
                    return;
                };
                let member = &self.members[index];
                if member.state != MemberState::UnrevokedPartitions || member.epoch != epoch {
                    return;
                }
                effects.push(Effect::Note(Note::TimedOut(member.consumer)));
                self.remove(index, RebalanceReason::TimedOut, effects);
            }
            _ => {}
        }
        self.note_state(before, now, effects);
    }

    /// A topic that a member reads grew.
    pub(super) fn grew(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let before = self.state();
        if !self.members.is_empty() {
            self.bump(RebalanceReason::PartitionsAdded, None, effects);
        }
        self.note_state(before, now, effects);
    }

    fn note_state(&mut self, before: GroupState, now: Instant, effects: &mut Vec<Effect>) {
        let after = self.state();
        if before != after {
            effects.push(Effect::Note(Note::State(before, after)));
        }
        if matches!(after, GroupState::Stable | GroupState::Empty) {
            self.since = None;
        } else if self.since.is_none() {
            self.since = Some(now);
        }
    }

    fn position(&self, number: MemberNumber) -> Option<usize> {
        self.members
            .iter()
            .position(|member| member.number == number)
    }

    fn bump(
        &mut self,
        reason: RebalanceReason,
        consumer: Option<usize>,
        effects: &mut Vec<Effect>,
    ) {
        self.epoch += 1;
        let epoch = self.epoch;
        effects.push(Effect::Note(Note::EpochBumped {
            epoch,
            reason,
            consumer,
        }));
    }

    #[allow(clippy::too_many_arguments)]
    fn join(
        &mut self,
        consumer: usize,
        id: MemberId,
        instance: Option<Arc<str>>,
        topics: Vec<usize>,
        now: Instant,
        (settings, catalogue): (&Settings, Catalogue<'_>),
        effects: &mut Vec<Effect>,
    ) {
        let number = self.numbers;
        let known = instance.as_ref().and_then(|_| {
            self.members
                .iter()
                .position(|member| member.instance == instance)
        });
        if let Some(index) = known {
            if !self.members[index].away {
                // The new one is refused, not the old one: it must wait until the old one's session expires.
                let error = Some(GroupError::UnreleasedInstanceId);
                let request = Request::ConsumerGroupHeartbeat;
                reply(effects, consumer, request, 0, error, Answer::Nothing);
                return;
            }
            let mut member = self.members.remove(index);
            let changed = member.topics != topics;
            member.number = number;
            member.id = id;
            member.consumer = consumer;
            member.topics = topics;
            member.away = false;
            member.epoch = 0;
            member.state = MemberState::Stable;
            self.insert(member);
            if changed {
                self.bump(
                    RebalanceReason::StaticMemberChanged,
                    Some(consumer),
                    effects,
                );
            }
        } else {
            effects.push(Effect::Note(Note::MemberJoined(consumer, id.clone())));
            self.insert(Member {
                number,
                id,
                consumer,
                instance,
                topics,
                epoch: 0,
                previous_epoch: -1,
                state: MemberState::Stable,
                assigned: Vec::new(),
                revoking: Vec::new(),
                target: Vec::new(),
                away: false,
                heard: now,
                expires: now + settings.session,
            });
            self.bump(RebalanceReason::Join, Some(consumer), effects);
        }
        self.numbers += 1;
        effects.push(Effect::Timer(settings.session, Timer::Session(number)));
        if let Some(index) = self.position(number) {
            self.step(
                index,
                Some(Vec::new()),
                true,
                now,
                (settings, catalogue),
                effects,
            );
        }
    }

    fn insert(&mut self, member: Member) {
        let place = self.members.partition_point(|other| other.id < member.id);
        self.members.insert(place, member);
    }

    fn report(
        &mut self,
        consumer: usize,
        (number, epoch, owned): (MemberNumber, i32, Option<Vec<Slot>>),
        now: Instant,
        context: (&Settings, Catalogue<'_>),
        effects: &mut Vec<Effect>,
    ) {
        let request = Request::ConsumerGroupHeartbeat;
        let Some(index) = self.position(number) else {
            let error = Some(GroupError::UnknownMemberId);
            reply(effects, consumer, request, 0, error, Answer::Nothing);
            return;
        };
        let member = &self.members[index];
        // The answer that carried the new epoch may have been lost: the previous one is accepted from a member that owns no
        // more than it may.
        let repeats = epoch == member.previous_epoch
            && owned
                .as_ref()
                .is_some_and(|owned| owned.iter().all(|slot| member.assigned.contains(slot)));
        if epoch != member.epoch && !repeats {
            let error = Some(GroupError::FencedMemberEpoch);
            reply(effects, consumer, request, 0, error, Answer::Nothing);
            return;
        }
        let full = owned.is_some();
        self.step(index, owned, full, now, context, effects);
    }

    /// A member's heartbeat: computes the target if it is time to, moves the member one step towards its own, answers.
    fn step(
        &mut self,
        index: usize,
        owned: Option<Vec<Slot>>,
        full: bool,
        now: Instant,
        (settings, catalogue): (&Settings, Catalogue<'_>),
        effects: &mut Vec<Effect>,
    ) {
        self.members[index].heard = now;
        self.members[index].expires = now + settings.session;
        let due = self
            .computed_at
            .is_none_or(|at| now >= at + ASSIGNMENT_INTERVAL);
        if self.epoch > self.assignment_epoch && due {
            self.compute(now, settings, catalogue, effects);
        }
        let changed = self.reconcile(index, owned.as_deref(), settings, effects);
        let member = &self.members[index];
        let answer = Answer::Epoch {
            member: member.number,
            epoch: member.epoch,
            slots: (full || changed).then(|| member.assigned.clone()),
        };
        let request = Request::ConsumerGroupHeartbeat;
        reply(
            effects,
            member.consumer,
            request,
            member.epoch,
            None,
            answer,
        );
    }

    fn compute(
        &mut self,
        now: Instant,
        settings: &Settings,
        catalogue: Catalogue<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let targets: Vec<Vec<assignor::TopicPartition>> = self
            .members
            .iter()
            .map(|member| {
                member
                    .target
                    .iter()
                    .map(|slot| catalogue.slots[*slot])
                    .collect()
            })
            .collect();
        let members: Vec<assignor::Member<'_>> = self
            .members
            .iter()
            .zip(&targets)
            .map(|(member, target)| assignor::Member {
                id: member.id.as_str(),
                instance_id: member.instance.as_deref(),
                topics: &member.topics,
                owned: target,
                generation: member.epoch,
            })
            .collect();
        let computed = assignor::assign(settings.assignor, catalogue.topics, &members);
        for (member, partitions) in self.members.iter_mut().zip(computed) {
            member.target = partitions
                .into_iter()
                .filter_map(|partition| catalogue.slot(partition))
                .collect();
        }
        self.assignment_epoch = self.epoch;
        self.computed_at = Some(now);
        let targets = self
            .members
            .iter()
            .map(|member| (member.consumer, member.target.clone()))
            .collect();
        effects.push(Effect::Note(Note::Target(self.assignment_epoch, targets)));
    }

    /// One step towards the target (`CurrentAssignmentBuilder`). True if the member's assignment changed.
    fn reconcile(
        &mut self,
        index: usize,
        owned: Option<&[Slot]>,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let member = &self.members[index];
        let still_owns = |slots: &[Slot]| {
            owned.is_none_or(|owned| owned.iter().any(|slot| slots.contains(slot)))
        };
        let proceed = match member.state {
            MemberState::Stable => member.epoch != self.assignment_epoch,
            MemberState::UnrevokedPartitions => !still_owns(&member.revoking),
            MemberState::UnreleasedPartitions => true,
        };
        if !proceed {
            return false;
        }
        let keep: Vec<Slot> = member
            .assigned
            .iter()
            .copied()
            .filter(|slot| member.target.contains(slot))
            .collect();
        let revoking: Vec<Slot> = member
            .assigned
            .iter()
            .copied()
            .filter(|slot| !member.target.contains(slot))
            .collect();
        let missing = member
            .target
            .iter()
            .copied()
            .filter(|slot| !keep.contains(slot));
        let (unreleased, free): (Vec<Slot>, Vec<Slot>) =
            missing.partition(|slot| self.held_by_another(index, *slot));
        let before = (member.epoch, member.state, member.assigned.clone());
        let must_wait = !revoking.is_empty() && still_owns(&revoking);
        let (epoch, state, assigned, revoking) = if must_wait {
            (
                member.epoch,
                MemberState::UnrevokedPartitions,
                keep,
                revoking,
            )
        } else {
            let mut assigned = keep;
            assigned.extend(free);
            assigned.sort_unstable();
            let state = if unreleased.is_empty() {
                MemberState::Stable
            } else {
                MemberState::UnreleasedPartitions
            };
            (self.assignment_epoch, state, assigned, Vec::new())
        };
        let member = &mut self.members[index];
        if epoch != member.epoch {
            member.previous_epoch = member.epoch;
        }
        member.epoch = epoch;
        member.state = state;
        member.assigned = assigned;
        member.revoking = revoking;
        if must_wait && before.1 != MemberState::UnrevokedPartitions {
            effects.push(Effect::Timer(
                settings.max_poll_interval,
                Timer::Revocation(member.number, member.epoch),
            ));
        }
        if (member.epoch, member.state) != (before.0, before.1) || member.assigned != before.2 {
            effects.push(Effect::Note(Note::Reconciled {
                consumer: member.consumer,
                epoch: member.epoch,
                state: member.state,
                assigned: member.assigned.clone(),
                revoking: member.revoking.clone(),
            }));
        }
        member.assigned != before.2
    }

    fn held_by_another(&self, index: usize, slot: Slot) -> bool {
        self.members.iter().enumerate().any(|(other, member)| {
            other != index && (member.assigned.contains(&slot) || member.revoking.contains(&slot))
        })
    }

    fn leave(&mut self, number: MemberNumber, effects: &mut Vec<Effect>) {
        let Some(index) = self.position(number) else {
            return;
        };
        if self.members[index].instance.is_some() {
            // A static member leaves for a while (epoch -2): what it owns is kept for it.
            self.members[index].away = true;
        } else {
            self.remove(index, RebalanceReason::Leave, effects);
        }
    }

    fn remove(&mut self, index: usize, reason: RebalanceReason, effects: &mut Vec<Effect>) {
        let member = self.members.remove(index);
        effects.push(Effect::Note(Note::MemberLeft(member.consumer, member.id)));
        let mut held = member.assigned;
        held.extend(member.revoking);
        effects.push(Effect::Note(Note::Expelled(member.consumer, held)));
        self.bump(reason, Some(member.consumer), effects);
        if self.members.is_empty() {
            self.assignment_epoch = self.epoch;
        }
    }

    pub(super) fn entries(&self) -> Vec<Entry<'_>> {
        self.members
            .iter()
            .map(|member| Entry {
                consumer: member.consumer,
                id: &member.id,
                epoch: member.epoch,
                state: member.state,
                awaited: false,
                heard: member.heard,
                expires: member.expires,
                assigned: &member.assigned,
                target: &member.target,
                revoking: &member.revoking,
            })
            .collect()
    }
}

//! Members join: for the first time, as a static member that comes back, or again.

use super::super::coordinator::{Answer, Effect, MemberNumber, Note, Slot, Timer};
use super::super::settings::Settings;
use super::{ClassicCoordinator, Member, NEW_MEMBER, Pending, State, reply};
use crate::event::{GroupError, RebalanceReason, Request};
use crate::ids::MemberId;
use crate::time::Instant;
use std::sync::Arc;

impl ClassicCoordinator {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn join_unknown(
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

    pub(super) fn join_known(
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
}

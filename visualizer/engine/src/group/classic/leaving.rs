//! Members leave, or are not heard of any more.

use super::super::coordinator::{Answer, Effect, MemberNumber, Note, Timer};
use super::super::settings::Settings;
use super::{ClassicCoordinator, State, reply};
use crate::event::{GroupError, RebalanceReason, Request};
use crate::time::Instant;

impl ClassicCoordinator {
    pub(super) fn leave(
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

    pub(super) fn session_due(
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

    pub(super) fn remove(&mut self, index: usize, effects: &mut Vec<Effect>) {
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
}

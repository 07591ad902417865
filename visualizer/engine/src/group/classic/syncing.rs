//! Members ask for their assignment, which the leader brings.

use super::super::coordinator::{Answer, Effect, MemberNumber, Note, Slot};
use super::super::settings::Settings;
use super::{ClassicCoordinator, State, reply};
use crate::event::{GroupError, RebalanceReason, Request};
use crate::time::Instant;

impl ClassicCoordinator {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn sync(
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

    pub(super) fn sync_due(
        &mut self,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
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
}

//! A rebalance: from its first member to the beginning of a generation.

use super::super::coordinator::{Answer, Effect, Note, Timer};
use super::super::settings::Settings;
use super::{ClassicCoordinator, State, reply};
use crate::event::{GroupError, RebalanceReason, Request};
use crate::time::{Duration, Instant};

impl ClassicCoordinator {
    pub(super) fn prepare_or_complete(
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

    pub(super) fn prepare(
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

    pub(super) fn complete_if_all_joined(
        &mut self,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
        if self.state == State::Preparing && !self.initial && self.all_joined() {
            self.complete(now, settings, effects);
        }
    }

    pub(super) fn join_due(
        &mut self,
        now: Instant,
        settings: &Settings,
        effects: &mut Vec<Effect>,
    ) {
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
}

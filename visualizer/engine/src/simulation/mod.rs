//! A run of a scenario in virtual time.
//!
//! 1. What is to come is the scenario's actions and a queue of planned commands (`queue`); the earliest is done next, at
//!    one instant the commands before the actions. Doing it changes the `world` and tells events.
//! 2. Same scenario, same events: all chance comes from the scenario's seed, and no clock is read. So going back is starting
//!    again from a copy of the world (`checkpoint`) and replaying.
//! 3. Acting forks: what was computed and what the scenario planned for later is forgotten, and the action becomes part of
//!    the scenario. A link made from that scenario replays the same run.
//!
//! # What is not represented
//! The network and the brokers answer at once and never fail; each partition's leader is a broker of its own, so that
//! Java's sender sends no batch along with another; producers know of new partitions at once (a real one learns of them
//! within `topic.metadata.refresh.interval.ms` or `metadata.max.age.ms`, five minutes by default); nothing is compressed;
//! records have no headers; librdkafka's batches leave when they are full, whereas its thread may look a little later.

mod accumulator;
mod checkpoint;
mod producer;
mod queue;
mod record_size;
mod series;
mod topic;
mod world;

use crate::event::Event;
use crate::ids::{PartitionId, ProducerId};
use crate::scenario::{Action, ActionError, Scenario, TimedAction, insert_in_time};
use crate::time::Instant;
use crate::view::{KeyView, View};
use checkpoint::{Checkpoint, Checkpoints};
use world::World;

/// A run of a scenario, at some instant.
#[derive(Clone, Debug)]
pub struct Simulation {
    scenario: Scenario,
    world: World,
    /// How many commands and actions were done to get here.
    done: u64,
    /// Everything known to happen, which may reach beyond the present after going back.
    events: Vec<Event>,
    /// How many of them have happened.
    happened: usize,
    checkpoints: Checkpoints,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Next {
    Command,
    Action,
}

impl Simulation {
    /// A run of this scenario at its start: its topic exists, nothing else has happened.
    ///
    /// Actions are put in the order of time. One that makes no sense when its time comes — the checks of
    /// [`Action::check`] — is left out, as a broker would refuse it; scenarios that were read from a text have none.
    pub fn new(mut scenario: Scenario) -> Self {
        for action in std::mem::take(&mut scenario.actions) {
            insert_in_time(&mut scenario.actions, action);
        }
        let (world, created) = World::new(&scenario);
        let start = Checkpoint {
            done: 0,
            events: 1,
            world: world.clone(),
        };
        Self {
            scenario,
            world,
            done: 0,
            events: vec![created],
            happened: 1,
            checkpoints: Checkpoints::new(start),
        }
    }

    /// The scenario, with the actions that were added to it.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The instant that the run has reached.
    pub fn now(&self) -> Instant {
        self.world.queue.now()
    }

    /// When the run ends: see [`Scenario::end`].
    pub fn end(&self) -> Instant {
        self.scenario.end()
    }

    /// Everything that has happened so far.
    pub fn events(&self) -> &[Event] {
        &self.events[..self.happened]
    }

    /// Lets the next thing happen, and returns its events; empty when nothing is left.
    pub fn step(&mut self) -> Vec<Event> {
        let before = self.happened;
        while self.happened == before && self.advance(None) {}
        self.events[before..self.happened].to_vec()
    }

    /// Lets everything up to and including this instant happen. Does nothing if it is past.
    pub fn run_until(&mut self, to: Instant) {
        while self.advance(Some(to)) {}
        self.world.queue.advance(to);
    }

    /// Goes to an instant, past or future, as if the run had just reached it.
    pub fn seek(&mut self, to: Instant) {
        let past = to < self.now();
        if let Some(checkpoint) = self.checkpoints.before(to)
            && (past || checkpoint.done > self.done)
        {
            self.world = checkpoint.world.clone();
            self.done = checkpoint.done;
            self.happened = checkpoint.events;
        }
        self.run_until(to);
    }

    /// Does something now, after what the instant holds already. What had been computed or planned for later is gone: the
    /// run forks. Its end moves back if the action needs it to.
    ///
    /// # Errors
    /// When the action makes no sense in the present state; what was to come is unchanged then.
    pub fn act(&mut self, action: Action) -> Result<(), ActionError> {
        let now = self.now();
        self.run_until(now);
        self.world.check(&action)?;
        self.scenario.actions.truncate(self.world.actions_done);
        self.scenario.actions.push(TimedAction { at: now, action });
        if let Some(duration) = &mut self.scenario.duration {
            let ends_at = self
                .scenario
                .actions
                .last()
                .map(TimedAction::ends_at)
                .unwrap_or_default();
            *duration = (*duration).max(ends_at - Instant::ZERO);
        }
        self.events.truncate(self.happened);
        self.checkpoints.forget_after(self.done);
        self.run_until(now);
        Ok(())
    }

    /// The state as drawings need it.
    pub fn view(&self) -> View {
        View {
            now: self.now(),
            finished: self.next().is_none(),
            topic: self.world.topic.view(),
            producers: self
                .world
                .producers
                .iter()
                .map(producer::Producer::view)
                .collect(),
        }
    }

    /// The keys seen so far, by producer, then in the order of the keys. Its cost grows with their number.
    pub fn keys(&self) -> Vec<KeyView> {
        self.world
            .producers
            .iter()
            .enumerate()
            .flat_map(|(index, producer)| producer.key_views(index))
            .collect()
    }

    /// How many partitions the topic has now.
    pub fn partitions(&self) -> i32 {
        self.world.topic.partitions()
    }

    /// The producers' names, in the order of the view.
    pub fn producers(&self) -> impl Iterator<Item = &ProducerId> {
        self.world.producers.iter().map(|producer| &producer.id)
    }

    /// How many records producer number `producer` has sent with this key so far, and where the last one went.
    pub fn key(&self, producer: usize, key: &str) -> Option<(u64, PartitionId)> {
        self.world.producers.get(producer)?.key(key)
    }

    /// Does the next command or action, unless it comes after `until`. False if it did nothing.
    fn advance(&mut self, until: Option<Instant>) -> bool {
        let Some((next, at)) = self
            .next()
            .filter(|(_, at)| until.is_none_or(|until| *at <= until))
        else {
            return false;
        };
        let mut told = Vec::new();
        match next {
            Next::Command => self.world.execute(&mut told),
            Next::Action => {
                let action = &self.scenario.actions[self.world.actions_done].action;
                self.world.act(action, at, &mut told);
            }
        }
        self.done += 1;
        self.record(told);
        self.checkpoints
            .offer(self.done, self.happened, &self.world);
        true
    }

    /// What comes next, and when. At one instant commands come before actions, whether the actions were planned or are
    /// done by hand at that instant: that is what lets a link replay a fork.
    fn next(&self) -> Option<(Next, Instant)> {
        let command = self.world.queue.next_at().map(|at| (Next::Command, at));
        let action = self
            .scenario
            .actions
            .get(self.world.actions_done)
            .map(|action| (Next::Action, action.at));
        match (command, action) {
            (Some(command), Some(action)) => Some(if action.1 < command.1 {
                action
            } else {
                command
            }),
            (command, action) => command.or(action),
        }
    }

    /// Adds events to those that have happened; after going back they are known already.
    fn record(&mut self, told: Vec<Event>) {
        let after = self.happened + told.len();
        if after > self.events.len() {
            self.events.extend(told);
        } else {
            debug_assert_eq!(
                self.events[self.happened..after],
                told[..],
                "a replay must repeat the run"
            );
        }
        self.happened = after;
    }
}

#[cfg(test)]
mod tests;

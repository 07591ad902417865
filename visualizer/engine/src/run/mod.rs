//! A run of a scenario in virtual time.
//!
//! 1. What is to come is the scenario's actions and a queue of planned commands ([`CommandQueue`]); the earliest is done
//!    next, at one instant the commands before the actions. Doing it changes the [`World`] and tells events ([`Story`]).
//! 2. Same scenario, same events: all chance comes from the scenario's seed, and no clock is read. So going back is starting
//!    again from a copy of the world (`checkpoint`) and replaying.
//! 3. Acting forks: what was computed and what the scenario planned for later is forgotten, and the action becomes part of
//!    the scenario. A link made from that scenario replays the same run.
//!
//! Each simulation is a world of its own: [`crate::partitioning`] and its neighbours.

mod checkpoint;
mod queue;
mod story;

pub use queue::CommandQueue;
pub use story::Story;

use crate::event::Event;
use crate::scenario::{Action, ActionError, Scenario, TimedAction, insert_in_time};
use crate::time::Instant;
use checkpoint::{Checkpoint, Checkpoints};

/// What a simulation simulates: everything that changes during a run, and how.
pub trait World: Clone {
    /// Something that the world plans for itself. A command that may be outdated when it is due carries what tells so.
    type Command: Copy + std::fmt::Debug;
    /// The state as drawings need it.
    type View;

    /// The world at the start of a run; what it tells has happened at instant zero.
    fn new(
        scenario: &Scenario,
        queue: &mut CommandQueue<Self::Command>,
        story: &mut Story<'_>,
    ) -> Self;

    /// Does a planned command, which is due now.
    fn execute(
        &mut self,
        command: Self::Command,
        queue: &mut CommandQueue<Self::Command>,
        story: &mut Story<'_>,
    );

    /// Whether an action makes sense now.
    ///
    /// # Errors
    /// When it does not.
    fn check(&self, action: &Action) -> Result<(), ActionError>;

    /// Does an action that makes sense now.
    fn act(
        &mut self,
        action: &Action,
        queue: &mut CommandQueue<Self::Command>,
        story: &mut Story<'_>,
    );

    /// About how long copying it takes, in commands that could be done meanwhile. One takes some 150 ns.
    fn weight(&self) -> u64;

    /// The state as drawings need it, at this instant. Its cost does not grow with the length of the run.
    fn view(&self, now: Instant) -> Self::View;
}

/// A run of a scenario, at some instant.
#[derive(Clone, Debug)]
pub struct Run<W: World> {
    scenario: Scenario,
    queue: CommandQueue<W::Command>,
    world: W,
    /// How many commands and actions were done to get here.
    done: u64,
    /// How many of the scenario's actions were done to get here.
    actions_done: usize,
    /// Everything known to happen, which may reach beyond the present after going back.
    events: Vec<Event>,
    /// How many of them have happened.
    happened: usize,
    checkpoints: Checkpoints<W>,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Next {
    Command,
    Action,
}

impl<W: World> Run<W> {
    /// A run of this scenario at its start.
    ///
    /// Actions are put in the order of time. One that makes no sense when its time comes — [`World::check`] — is left out, as
    /// a broker would refuse it; scenarios that were read from a text have none.
    pub fn new(mut scenario: Scenario) -> Self {
        for action in std::mem::take(&mut scenario.actions) {
            insert_in_time(&mut scenario.actions, action);
        }
        let mut queue = CommandQueue::default();
        let mut events = Vec::new();
        let mut story = Story::new(Instant::ZERO, 0, &mut events);
        let world = W::new(&scenario, &mut queue, &mut story);
        let start = Checkpoint {
            done: 0,
            events: events.len(),
            actions: 0,
            queue: queue.clone(),
            world: world.clone(),
        };
        Self {
            scenario,
            queue,
            world,
            done: 0,
            actions_done: 0,
            happened: events.len(),
            events,
            checkpoints: Checkpoints::new(start),
        }
    }

    /// The scenario, with the actions that were added to it.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The world in its present state.
    pub fn world(&self) -> &W {
        &self.world
    }

    /// The instant that the run has reached.
    pub fn now(&self) -> Instant {
        self.queue.now()
    }

    /// When the run ends: see [`Scenario::end`].
    pub fn end(&self) -> Instant {
        self.scenario.end()
    }

    /// Everything that has happened so far.
    pub fn events(&self) -> &[Event] {
        &self.events[..self.happened]
    }

    /// The state as drawings need it.
    pub fn view(&self) -> W::View {
        self.world.view(self.now())
    }

    /// Whether nothing is left to happen.
    pub fn finished(&self) -> bool {
        self.next().is_none()
    }

    /// Lets the next thing happen, and returns its events; empty when nothing is left.
    pub fn step(&mut self) -> &[Event] {
        let before = self.happened;
        while self.happened == before && self.advance(None) {}
        &self.events[before..self.happened]
    }

    /// Lets everything up to and including this instant happen. Does nothing if it is past.
    pub fn run_until(&mut self, to: Instant) {
        while self.advance(Some(to)) {}
        self.queue.advance(to);
    }

    /// Goes to an instant, past or future, as if the run had just reached it.
    pub fn seek(&mut self, to: Instant) {
        let past = to < self.now();
        if let Some(checkpoint) = self.checkpoints.before(to)
            && (past || checkpoint.done > self.done)
        {
            self.world = checkpoint.world.clone();
            self.queue = checkpoint.queue.clone();
            self.done = checkpoint.done;
            self.actions_done = checkpoint.actions;
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
        self.scenario.actions.truncate(self.actions_done);
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

    /// Does the next command or action, unless it comes after `until`. False if it did nothing.
    fn advance(&mut self, until: Option<Instant>) -> bool {
        let Some((next, at)) = self
            .next()
            .filter(|(_, at)| until.is_none_or(|until| *at <= until))
        else {
            return false;
        };
        if self.happened == self.events.len() {
            let mut events = std::mem::take(&mut self.events);
            self.tell(next, at, 0, &mut events);
            self.events = events;
            self.happened = self.events.len();
        } else {
            self.repeat(next, at);
        }
        self.done += 1;
        if self.checkpoints.wants(self.done) {
            self.checkpoints.keep(Checkpoint {
                done: self.done,
                events: self.happened,
                actions: self.actions_done,
                queue: self.queue.clone(),
                world: self.world.clone(),
            });
        }
        true
    }

    /// Lets what comes next happen, and adds its events to `events`, the first of which has this number.
    fn tell(&mut self, next: Next, at: Instant, first: u64, events: &mut Vec<Event>) {
        let mut story = Story::new(at, first, events);
        match next {
            Next::Command => {
                if let Some(command) = self.queue.pop() {
                    self.world.execute(command, &mut self.queue, &mut story);
                }
            }
            Next::Action => {
                self.queue.advance(at);
                let action = &self.scenario.actions[self.actions_done].action;
                self.actions_done += 1;
                if self.world.check(action).is_ok() {
                    self.world.act(action, &mut self.queue, &mut story);
                }
            }
        }
    }

    /// Lets what is known to come happen once more, after going back.
    fn repeat(&mut self, next: Next, at: Instant) {
        let mut told = Vec::new();
        self.tell(next, at, self.happened as u64, &mut told);
        let after = self.happened + told.len();
        debug_assert_eq!(
            self.events.get(self.happened..after),
            Some(&told[..]),
            "a replay must repeat the run"
        );
        self.happened = after;
    }

    /// What comes next, and when. At one instant commands come before actions, whether the actions were planned or are
    /// done by hand at that instant: that is what lets a link replay a fork.
    fn next(&self) -> Option<(Next, Instant)> {
        let command = self.queue.next_at().map(|at| (Next::Command, at));
        let action = self
            .scenario
            .actions
            .get(self.actions_done)
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
}

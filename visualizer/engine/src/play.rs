//! A run of whatever simulation a scenario is for, for those who do not mind which: checks, headless runs.
//!
//! What draws a simulation knows which one it draws, and uses its own [`Run`].

use crate::event::Event;
use crate::query::Subject;
use crate::run::{Run, World};
use crate::scenario::{Kind, Scenario};
use crate::time::Instant;
use crate::{architecture, group, partitioning, replication};

/// A run whose world is not named.
pub trait Play {
    /// Goes to an instant, past or future.
    fn seek(&mut self, to: Instant);

    /// When the run ends.
    fn end(&self) -> Instant;

    /// Everything that has happened so far.
    fn events(&self) -> &[Event];

    /// What expressions can ask.
    fn subject(&self) -> &dyn Subject;
}

impl<W: World> Play for Run<W>
where
    Self: Subject,
{
    fn seek(&mut self, to: Instant) {
        Run::seek(self, to);
    }

    fn end(&self) -> Instant {
        Run::end(self)
    }

    fn events(&self) -> &[Event] {
        Run::events(self)
    }

    fn subject(&self) -> &dyn Subject {
        self
    }
}

/// A run of the scenario, at its start.
pub fn play(scenario: Scenario) -> Box<dyn Play> {
    match scenario.kind {
        Kind::Partitioning => Box::new(partitioning::Simulation::new(scenario)),
        Kind::Rebalancing | Kind::Commits => Box::new(group::Simulation::new(scenario)),
        Kind::Replication => Box::new(replication::Simulation::new(scenario)),
        Kind::Architecture => Box::new(architecture::Run::new(scenario)),
    }
}

//! A run of a scenario in virtual time.

use crate::event::Event;
use crate::scenario::{Action, Scenario};
use crate::time::Instant;
use crate::view::{KeyView, View};
use std::fmt;

/// A run of a scenario.
#[derive(Clone, Debug)]
pub struct Simulation {
    scenario: Scenario,
    now: Instant,
    events: Vec<Event>,
}

/// Why an action cannot be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionError {
    /// A topic can only gain partitions.
    NotMorePartitions {
        /// How many it has.
        current: i32,
    },
    /// More partitions than a simulated topic may have.
    TooManyPartitions,
    /// More records than a run may have.
    TooManyRecords,
    /// No keys to take, or a share above 100 %.
    BadProduce,
    /// The partition named does not exist.
    NoSuchPartition,
    /// The producer named does not exist.
    NoSuchProducer,
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMorePartitions { current } => {
                return write!(
                    f,
                    "le topic a déjà {current} partitions : on ne peut qu'en ajouter"
                );
            }
            Self::TooManyPartitions => "trop de partitions",
            Self::TooManyRecords => "trop de messages pour une simulation",
            Self::BadProduce => "envoi mal formé",
            Self::NoSuchPartition => "cette partition n'existe pas",
            Self::NoSuchProducer => "ce producer n'existe pas",
        })
    }
}

impl std::error::Error for ActionError {}

impl Simulation {
    /// A run of this scenario, at its start: nothing has happened yet.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            now: Instant::ZERO,
            events: Vec::new(),
        }
    }

    /// The scenario, with the actions that were added to it.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The instant that the run has reached.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// When the run ends by itself: its duration, or when nothing is left to happen.
    pub fn end(&self) -> Instant {
        self.now
    }

    /// Everything that has happened so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Lets the next thing happen, and returns its events; empty when nothing is left.
    pub fn step(&mut self) -> Vec<Event> {
        Vec::new()
    }

    /// Lets everything up to and including this instant happen. Does nothing if it is past.
    pub fn run_until(&mut self, to: Instant) {
        self.now = self.now.max(to);
    }

    /// Goes to an instant, past or future.
    pub fn seek(&mut self, to: Instant) {
        self.now = to;
    }

    /// Does something now. What had been computed or planned for later is gone: the run forks.
    ///
    /// # Errors
    /// When the action makes no sense in the present state; nothing has changed then.
    pub fn act(&mut self, action: Action) -> Result<(), ActionError> {
        let _ = action;
        Ok(())
    }

    /// The state as drawings need it.
    pub fn view(&self) -> View {
        View {
            now: self.now,
            finished: true,
            topic: crate::view::TopicView {
                name: self.scenario.topic.clone(),
                partitions: Vec::new(),
            },
            producers: Vec::new(),
        }
    }

    /// The keys seen so far, by producer, then in the order of the keys.
    pub fn keys(&self) -> Vec<KeyView> {
        Vec::new()
    }
}

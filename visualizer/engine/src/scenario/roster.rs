//! Who is there: the consumers, brokers and services that the steps of a scenario are done to.

use super::{Action, ActionError, Kind, Scenario, Step};
use crate::config::Property;
use crate::ids::ActorName;
use crate::replication::PRODUCER;

/// Whether each known actor is running.
#[derive(Clone, Debug)]
pub struct Roster {
    kind: Kind,
    running: Vec<(ActorName, bool)>,
}

/// Most consumers of a group.
pub const MAX_CONSUMERS: usize = 100;

/// The services of the architecture simulation, in the order of the chain.
pub const SERVICES: [&str; 6] = [
    "OrderService",
    "InventoryService",
    "PaymentService",
    "ShippingService",
    "NotificationService",
    "AnalyticsService",
];

/// The service that comes later.
pub const LATE_SERVICE: &str = "FraudService";

impl Roster {
    /// Who is there at the start of a scenario: its brokers and their producer, or its services; its consumers join.
    pub fn new(scenario: &Scenario) -> Self {
        let mut running = Vec::new();
        match scenario.kind {
            Kind::Replication => {
                for broker in 1..=scenario.config.count(Property::SimulationBrokers) {
                    running.push((ActorName::from(format!("broker-{broker}")), true));
                }
                running.push((ActorName::from(PRODUCER), true));
            }
            Kind::Architecture => {
                for service in SERVICES {
                    running.push((ActorName::from(service), true));
                }
                running.push((ActorName::from(LATE_SERVICE), false));
            }
            Kind::Partitioning | Kind::Rebalancing | Kind::Commits => {}
        }
        Self {
            kind: scenario.kind,
            running,
        }
    }

    /// Whether an action makes sense now.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self, step: &Step) -> Result<(), ActionError> {
        if !verbs(self.kind).contains(&step.verb()) {
            return Err(ActionError::NotInThisSimulation(step.verb()));
        }
        if let Step::Set(property, _) = step {
            return if property.suits(self.kind) {
                Ok(())
            } else {
                Err(ActionError::NotInThisSimulation(property.name()))
            };
        }
        let Some(actor) = step.actor() else {
            return Ok(());
        };
        if self.kind == Kind::Replication && !does(actor, step) {
            return Err(ActionError::NotInThisSimulation(step.verb()));
        }
        let running = self.running(actor);
        match (step, running) {
            (Step::Join(_), None) if self.running.len() >= MAX_CONSUMERS => {
                Err(ActionError::TooManyConsumers)
            }
            (Step::Join(_) | Step::Restart(_) | Step::Subscribe(_), Some(true)) => {
                Err(ActionError::AlreadyRunning(actor.clone()))
            }
            (Step::Join(_), None | Some(false))
            | (Step::Restart(_) | Step::Subscribe(_), Some(false))
            | (_, Some(true)) => Ok(()),
            (_, None) => {
                let known: Vec<_> = self.running.iter().map(|(name, _)| name.as_str()).collect();
                Err(ActionError::NoSuchActor {
                    name: actor.clone(),
                    known: known.join(", "),
                })
            }
            (_, Some(false)) => Err(ActionError::NotRunning(actor.clone())),
        }
    }

    /// Notes what a step that makes sense changes.
    pub fn note(&mut self, step: &Step) {
        let running = match step {
            Step::Join(_) | Step::Restart(_) | Step::Subscribe(_) => true,
            Step::Close(_) | Step::Terminate(_) | Step::Crash(_) => false,
            _ => return,
        };
        let Some(actor) = step.actor() else { return };
        match self.running.iter_mut().find(|(name, _)| name == actor) {
            Some(known) => known.1 = running,
            None => self.running.push((actor.clone(), running)),
        }
    }

    /// Whether somebody of this name is running; `None` if nobody has it.
    fn running(&self, actor: &ActorName) -> Option<bool> {
        let known = self.running.iter().find(|(name, _)| name == actor);
        known.map(|(_, running)| *running)
    }

    /// Whether an action makes sense now; one that does is noted.
    pub(super) fn follow(&mut self, action: &Action) -> Result<(), ActionError> {
        if let Action::Do(step) = action {
            self.check(step)?;
            self.note(step);
        }
        Ok(())
    }
}

/// Whether a step is one for a broker, or for the producer: only a broker is slow to replicate.
fn does(actor: &ActorName, step: &Step) -> bool {
    match step {
        Step::Slow(..) => actor.as_str() != PRODUCER,
        _ => true,
    }
}

/// What can be done in a simulation.
pub const fn verbs(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Partitioning => &[],
        Kind::Rebalancing | Kind::Commits => &[
            "join",
            "close",
            "terminate",
            "crash",
            "restart",
            "pause",
            "slow",
            "processing",
            "set",
        ],
        Kind::Replication => &["crash", "restart", "slow", "pause", "set"],
        Kind::Architecture => &[
            "break",
            "fail",
            "repair",
            "slow",
            "subscribe",
            "replay",
            "redrive",
        ],
    }
}

//! What is done to a service: the same in the three architectures.

use super::ledger::MAX_SERVICES;
use super::service::{Health, Service};
use super::{Command, World};
use crate::event::{ArchitectureEvent, EventKind, Lane};
use crate::ids::{ActorName, EventId, ServiceName};
use crate::run::{CommandQueue, Story};
use crate::scenario::{ActionError, SERVICES, Step};
use crate::time::Duration;

/// The service that receives the orders and tells the others.
pub const ORDER_SERVICE: &str = SERVICES[0];

impl World {
    /// Whether a step makes sense now.
    pub(super) fn check_step(&self, step: &Step) -> Result<(), ActionError> {
        let not_here = ActionError::NotInThisSimulation(step.verb());
        let Some(actor) = step.actor() else {
            return Err(not_here);
        };
        let service = self.place(actor.as_str());
        let orders = actor.as_str() == ORDER_SERVICE;
        match (step, service) {
            (Step::Break(_), _) if orders => fits(self.shop.orders_up, || {
                ActionError::NotRunning(actor.clone())
            }),
            (Step::Repair(_), _) if orders => fits(!self.shop.orders_up, || {
                ActionError::AlreadyRunning(actor.clone())
            }),
            (Step::Subscribe(_), None) if !orders => {
                fits(self.shop.services.len() < MAX_SERVICES, || not_here)
            }
            (Step::Subscribe(_), _) => Err(ActionError::AlreadyRunning(actor.clone())),
            (_, Some(service)) => self.check_service(step, service, actor),
            (_, None) if orders => Err(not_here),
            (_, None) => Err(ActionError::NoSuchActor {
                name: actor.clone(),
                known: self.names().join(", "),
            }),
        }
    }

    fn check_service(
        &self,
        step: &Step,
        service: usize,
        actor: &ActorName,
    ) -> Result<(), ActionError> {
        let Service { health, time, .. } = self.shop.services[service];
        let normal = health == Health::Up && time == self.shop.settings.time;
        match step {
            Step::Break(_) => fits(health != Health::Stopped, || {
                ActionError::NotRunning(actor.clone())
            }),
            Step::Fail(_) => fits(health == Health::Up, || {
                ActionError::NotRunning(actor.clone())
            }),
            Step::Repair(_) => fits(!normal, || ActionError::AlreadyRunning(actor.clone())),
            Step::Slow(..) | Step::Replay(_) => Ok(()),
            Step::Redrive(_) => fits(!self.queue.queues[service].dead.is_empty(), || {
                ActionError::NoDeadLetters(actor.clone())
            }),
            _ => Err(ActionError::NotInThisSimulation(step.verb())),
        }
    }

    /// The names of all services.
    fn names(&self) -> Vec<&str> {
        std::iter::once(ORDER_SERVICE)
            .chain(
                self.shop
                    .services
                    .iter()
                    .map(|service| service.name.as_str()),
            )
            .collect()
    }

    /// The place of a service in the order of calls.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.shop
            .services
            .iter()
            .position(|service| service.name.as_str() == name)
    }

    /// Does a step that makes sense.
    pub(super) fn step(
        &mut self,
        step: &Step,
        queue: &mut CommandQueue<Command>,
        story: &mut Story<'_>,
    ) {
        let Some(actor) = step.actor() else { return };
        let Some(service) = self.place(actor.as_str()) else {
            return match step {
                Step::Subscribe(_) => self.add(actor.as_str(), queue, story),
                Step::Break(_) => self.stop_orders(queue, story),
                _ => self.start_orders(story),
            };
        };
        match step {
            Step::Break(_) => self.stop(service, queue, story),
            Step::Fail(_) => self.fail(service, story),
            Step::Repair(_) => self.repair(service, queue, story),
            Step::Slow(_, time) => self.pace(service, *time, story),
            Step::Replay(_) => self.replay(service, queue, story),
            Step::Redrive(_) => {
                let context = &mut self.shop.context(queue, story);
                self.queue.return_dead_letters(service, context);
            }
            _ => {}
        }
    }

    fn stop_orders(&mut self, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        self.shop.orders_up = false;
        let service = ServiceName::from(ORDER_SERVICE);
        let cause = told(story, ArchitectureEvent::ServiceStopped { service });
        let context = &mut self.shop.context(queue, story);
        self.rest.stop_orders(cause, context);
    }

    fn start_orders(&mut self, story: &mut Story<'_>) {
        self.shop.orders_up = true;
        let service = ServiceName::from(ORDER_SERVICE);
        told(story, ArchitectureEvent::ServiceRepaired { service });
    }

    fn stop(&mut self, service: usize, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        self.shop.services[service].health = Health::Stopped;
        self.shop.ledger.stopped(service);
        let name = self.shop.services[service].name.clone();
        let cause = told(story, ArchitectureEvent::ServiceStopped { service: name });
        let context = &mut self.shop.context(queue, story);
        self.rest.stop(service, cause, context);
        self.queue.stop(service, cause, context);
        self.log.stop(service, cause, context);
    }

    fn fail(&mut self, service: usize, story: &mut Story<'_>) {
        self.shop.services[service].health = Health::Failing;
        self.shop.ledger.stopped(service);
        let service = self.shop.services[service].name.clone();
        told(story, ArchitectureEvent::ServiceFails { service });
    }

    fn pace(&mut self, service: usize, time: Duration, story: &mut Story<'_>) {
        self.shop.services[service].time = time;
        let service = self.shop.services[service].name.clone();
        told(story, ArchitectureEvent::ServicePaced { service, time });
    }

    /// It works again, and as fast as at the start.
    fn repair(&mut self, service: usize, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        let time = self.shop.settings.time;
        let repaired = &mut self.shop.services[service];
        let was = std::mem::replace(&mut repaired.health, Health::Up);
        repaired.time = time;
        let name = repaired.name.clone();
        let cause = told(story, ArchitectureEvent::ServiceRepaired { service: name });
        self.shop.ledger.repaired(service, queue.now(), cause);
        let context = &mut self.shop.context(queue, story);
        self.queue.repair(service, context);
        self.log.repair(service, cause, was, context);
    }

    fn add(&mut self, name: &str, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        let name = ServiceName::from(name);
        let service = Service::new(name.clone(), self.shop.settings.time);
        self.shop.services.push(service);
        self.shop.ledger.add_service();
        let added = ArchitectureEvent::ServiceAdded {
            service: name.clone(),
        };
        let cause = told(story, added);
        self.rest.add_service();
        self.queue.add_service();
        let context = &mut self.shop.context(queue, story);
        self.log.add_service(cause, context);
        for lane in [Lane::Rest, Lane::Queue] {
            let past = ArchitectureEvent::PastMissed {
                lane,
                service: name.clone(),
                orders: context.ledger.book(lane).accepted,
            };
            context.tell(cause, past);
        }
    }

    fn replay(&mut self, service: usize, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        let name = self.shop.services[service].name.clone();
        let asked = ArchitectureEvent::ReplayAsked {
            service: name.clone(),
        };
        let cause = told(story, asked);
        let context = &mut self.shop.context(queue, story);
        for lane in [Lane::Rest, Lane::Queue] {
            let nothing = ArchitectureEvent::NothingToReplay {
                lane,
                service: name.clone(),
            };
            context.tell(cause, nothing);
        }
        self.log.rewind(service, cause, context);
    }
}

/// An error unless a condition holds.
fn fits(holds: bool, error: impl FnOnce() -> ActionError) -> Result<(), ActionError> {
    if holds { Ok(()) } else { Err(error()) }
}

/// Tells an event that comes from outside.
fn told(story: &mut Story<'_>, event: ArchitectureEvent) -> EventId {
    story.tell(None, EventKind::Architecture(event))
}

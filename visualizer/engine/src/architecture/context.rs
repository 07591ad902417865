//! What the three architectures share while something happens in one of them.

use super::Command;
use super::ledger::Ledger;
use super::service::{Health, Service};
use super::settings::Settings;
use crate::event::{ArchitectureEvent, EventKind, Lane, Refusal};
use crate::ids::{EventId, RecordId, ServiceName};
use crate::run::{CommandQueue, Story};
use crate::time::{Duration, Instant};
use std::sync::Arc;

/// What the three architectures have in common at all times.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    pub(super) settings: Arc<Settings>,
    pub(super) services: Vec<Service>,
    /// Whether the order service runs.
    pub(super) orders_up: bool,
    pub(super) ledger: Ledger,
}

impl Shop {
    /// What an architecture needs while something happens in it.
    pub(super) fn context<'a, 's>(
        &'a mut self,
        queue: &'a mut CommandQueue<Command>,
        story: &'a mut Story<'s>,
    ) -> Context<'a, 's> {
        Context {
            settings: &self.settings,
            services: &self.services,
            ledger: &mut self.ledger,
            queue,
            story,
        }
    }
}

/// Time, the story, the services and the books.
pub(super) struct Context<'a, 's> {
    pub(super) settings: &'a Settings,
    pub(super) services: &'a [Service],
    pub(super) ledger: &'a mut Ledger,
    pub(super) queue: &'a mut CommandQueue<Command>,
    pub(super) story: &'a mut Story<'s>,
}

/// An order that an instance of a service has in hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// Tells it from others, so that the end of one that was interrupted is recognised as outdated.
    pub(super) number: u32,
    pub(super) order: u32,
    /// The event that told of its start.
    pub(super) event: EventId,
    pub(super) since: Instant,
    pub(super) until: Instant,
}

impl Context<'_, '_> {
    pub(super) fn now(&self) -> Instant {
        self.queue.now()
    }

    pub(super) fn tell(&mut self, cause: EventId, event: ArchitectureEvent) -> EventId {
        self.story.tell(Some(cause), EventKind::Architecture(event))
    }

    pub(super) fn name(&self, service: usize) -> ServiceName {
        self.services[service].name.clone()
    }

    pub(super) fn health(&self, service: usize) -> Health {
        self.services[service].health
    }

    /// Tells that a service takes an order in hand; the caller plans its end.
    pub(super) fn start(
        &mut self,
        lane: Lane,
        service: usize,
        number: u32,
        order: u32,
        attempt: u32,
        cause: EventId,
    ) -> Work {
        let Settings { jitter, seed, .. } = *self.settings;
        let time = self.services[service].handling(service, order, jitter, seed);
        let event = ArchitectureEvent::WorkStarted {
            lane,
            service: self.name(service),
            order: record(order),
            attempt,
        };
        Work {
            number,
            order,
            event: self.tell(cause, event),
            since: self.now(),
            until: self.now() + time,
        }
    }

    /// Notes and tells that a service did its part of an order.
    pub(super) fn done(
        &mut self,
        lane: Lane,
        service: usize,
        work: &Work,
        awaited: bool,
    ) -> EventId {
        let again = self.ledger.done(lane, work.order, service);
        let event = ArchitectureEvent::WorkDone {
            lane,
            service: self.name(service),
            order: record(work.order),
            again,
            awaited,
        };
        self.tell(work.event, event)
    }

    /// Tells that a handler threw an error.
    pub(super) fn failed(
        &mut self,
        lane: Lane,
        service: usize,
        work: &Work,
        attempt: u32,
    ) -> EventId {
        let event = ArchitectureEvent::WorkFailed {
            lane,
            service: self.name(service),
            order: record(work.order),
            attempt,
        };
        self.tell(work.event, event)
    }

    /// Tells that a service stopped with this order in hand.
    pub(super) fn interrupted(
        &mut self,
        lane: Lane,
        service: usize,
        work: &Work,
        cause: EventId,
    ) -> EventId {
        let event = ArchitectureEvent::WorkInterrupted {
            lane,
            service: self.name(service),
            order: record(work.order),
        };
        self.tell(cause, event)
    }

    /// Notes and tells that an order is confirmed, which the first `services` services are to do.
    pub(super) fn accept(&mut self, lane: Lane, order: u32, services: usize, cause: EventId) {
        let waited = self.ledger.accept(lane, order, services, self.now());
        let order = record(order);
        self.tell(
            cause,
            ArchitectureEvent::OrderAccepted {
                lane,
                order,
                waited,
            },
        );
    }

    /// Notes and tells that a customer gets an error.
    pub(super) fn refuse(&mut self, lane: Lane, order: u32, reason: Refusal, cause: EventId) {
        let (waited, done) = self.ledger.refuse(lane, order, reason, self.now());
        let order = record(order);
        self.tell(
            cause,
            ArchitectureEvent::OrderRefused {
                lane,
                order,
                reason,
                waited,
                done,
            },
        );
    }

    /// Notes and tells that a repaired service has caught up, unless it had.
    pub(super) fn caught_up(&mut self, lane: Lane, service: usize) {
        let Some((_, cause)) = self.ledger.book(lane).tallies[service].repaired else {
            return;
        };
        if let Some(after) = self.ledger.caught_up(lane, service, self.queue.now()) {
            let service = self.name(service);
            self.tell(
                cause,
                ArchitectureEvent::CaughtUp {
                    lane,
                    service,
                    after,
                },
            );
        }
    }

    pub(super) fn schedule(&mut self, after: Duration, command: Command) {
        self.queue.schedule(after, command);
    }
}

/// The number under which the story knows an order.
pub(super) fn record(order: u32) -> RecordId {
    RecordId(u64::from(order))
}

/// The place of a service as commands carry it.
pub(super) fn small(service: usize) -> u8 {
    u8::try_from(service).unwrap_or(u8::MAX)
}

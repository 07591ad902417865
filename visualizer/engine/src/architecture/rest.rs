//! A chain of calls: the order service calls the others one after another, and answers the customer when the last one has
//! answered.
//!
//! 1. An order takes one of the order service's places, or waits for one, or is refused.
//! 2. For each service in turn: a call, which waits for its answer for a limited time; if it comes to nothing, the same call
//!    again, a limited number of times; then the customer gets an error. Nothing that was done is undone.
//! 3. A called service handles as many requests at a time as it has instances; the others wait in line. A request that was
//!    given up while it waited is dropped; one that was in hand is finished, though no one waits for it any more.

use super::Command;
use super::context::{Context, Work, record, small};
use super::service::Health;
use crate::event::{ArchitectureEvent, CallFailure, Lane, Refusal};
use crate::ids::EventId;
use std::collections::VecDeque;

const LANE: Lane = Lane::Rest;

/// The chain of calls.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    /// The orders that have a place, in no order that matters.
    pub(super) active: Vec<Progress>,
    /// Orders that wait for a place, and the events that told so.
    pub(super) waiting: VecDeque<(u32, EventId)>,
    pub(super) servers: Vec<Server>,
    /// Number of the next call or piece of work.
    next: u32,
}

/// An order that has a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub(super) order: u32,
    /// How many services there were when it got its place.
    services: u8,
    /// The service that it calls.
    pub(super) service: u8,
    /// The attempt, from 1.
    attempt: u32,
    /// Number of the call under way; answers to others come too late.
    call: u32,
    /// Why the next call is sent.
    cause: EventId,
}

/// A service as its callers see it.
#[derive(Clone, Debug, Default)]
pub(super) struct Server {
    pub(super) line: VecDeque<Request>,
    pub(super) hand: Vec<(Request, Work)>,
}

/// A request that reached a service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) order: u32,
    call: u32,
    attempt: u32,
    cause: EventId,
}

impl Rest {
    pub(super) fn new(services: usize) -> Self {
        Self {
            active: Vec::new(),
            waiting: VecDeque::new(),
            servers: vec![Server::default(); services],
            next: 0,
        }
    }

    /// An order comes.
    pub(super) fn receive(&mut self, order: u32, event: EventId, context: &mut Context<'_, '_>) {
        if self.active.len() < context.settings.places {
            self.begin(order, event, context);
        } else if self.waiting.len() < context.settings.waiting_places {
            let order_id = record(order);
            let event = context.tell(event, ArchitectureEvent::OrderWaits { order: order_id });
            self.waiting.push_back((order, event));
        } else {
            context.refuse(LANE, order, Refusal::Busy, event);
        }
    }

    fn begin(&mut self, order: u32, cause: EventId, context: &mut Context<'_, '_>) {
        let services = u8::try_from(self.servers.len()).unwrap_or(u8::MAX);
        self.active.push(Progress {
            order,
            services,
            service: 0,
            attempt: 0,
            call: 0,
            cause,
        });
        self.call(self.active.len() - 1, context);
    }

    /// Sends the call that an active order is at; confirms the order if there is none left.
    fn call(&mut self, index: usize, context: &mut Context<'_, '_>) {
        let progress = &mut self.active[index];
        if progress.service == progress.services {
            let Progress {
                order,
                services,
                cause,
                ..
            } = *progress;
            context.accept(LANE, order, services.into(), cause);
            for service in 0..usize::from(services) {
                context.caught_up(LANE, service);
            }
            return self.leave(index, context);
        }
        progress.attempt += 1;
        progress.call = self.next;
        self.next += 1;
        let Progress {
            order,
            call,
            attempt,
            cause,
            service,
            ..
        } = *progress;
        let service = usize::from(service);
        let event = ArchitectureEvent::CallSent {
            service: context.name(service),
            order: record(order),
            attempt,
        };
        let cause = context.tell(cause, event);
        self.active[index].cause = cause;
        context.schedule(context.settings.timeout, Command::CallTimeout { call });
        if context.health(service) != Health::Stopped {
            self.servers[service].line.push_back(Request {
                order,
                call,
                attempt,
                cause,
            });
            self.serve(service, context);
        }
    }

    /// A service takes requests in hand as long as it has a free instance.
    fn serve(&mut self, service: usize, context: &mut Context<'_, '_>) {
        while self.servers[service].hand.len() < context.settings.workers {
            let Some(request) = self.servers[service].line.pop_front() else {
                return;
            };
            let Request {
                order,
                attempt,
                cause,
                ..
            } = request;
            let work = context.start(LANE, service, self.next, order, attempt, cause);
            self.next += 1;
            let ends = Command::RequestEnds {
                service: small(service),
                work: work.number,
            };
            context.schedule(work.until - work.since, ends);
            self.servers[service].hand.push((request, work));
        }
    }

    /// A service is through with a request.
    pub(super) fn ends(&mut self, service: usize, number: u32, context: &mut Context<'_, '_>) {
        let hand = &mut self.servers[service].hand;
        let Some(index) = hand.iter().position(|(_, work)| work.number == number) else {
            return;
        };
        let (request, work) = hand.remove(index);
        let caller = self
            .active
            .iter()
            .position(|progress| progress.order == request.order && progress.call == request.call);
        if context.health(service) == Health::Failing {
            let event = context.failed(LANE, service, &work, request.attempt);
            if let Some(index) = caller {
                self.active[index].cause = event;
                self.came_to_nothing(index, CallFailure::Error, context);
            }
        } else {
            let event = context.done(LANE, service, &work, caller.is_some());
            if let Some(index) = caller {
                let progress = &mut self.active[index];
                progress.service += 1;
                progress.attempt = 0;
                progress.cause = event;
                self.call(index, context);
            }
        }
        self.serve(service, context);
    }

    /// A call has waited long enough, unless it was answered.
    pub(super) fn timeout(&mut self, call: u32, context: &mut Context<'_, '_>) {
        let waits = |progress: &Progress| progress.call == call && progress.attempt > 0;
        let Some(index) = self.active.iter().position(waits) else {
            return;
        };
        let service = usize::from(self.active[index].service);
        self.servers[service]
            .line
            .retain(|request| request.call != call);
        self.came_to_nothing(index, CallFailure::Timeout, context);
    }

    /// A call was not answered, or with an error: the same again, or an error for the customer.
    fn came_to_nothing(
        &mut self,
        index: usize,
        failure: CallFailure,
        context: &mut Context<'_, '_>,
    ) {
        let Progress {
            order,
            service,
            attempt,
            cause,
            ..
        } = self.active[index];
        let retries = attempt <= context.settings.retries;
        let event = ArchitectureEvent::CallFailed {
            service: context.name(service.into()),
            order: record(order),
            attempt,
            failure,
            retries,
        };
        let cause = context.tell(cause, event);
        // The number of a retry, so that a late answer to the call before is no answer to it.
        let call = self.next;
        self.next += 1;
        self.active[index] = Progress {
            call,
            cause,
            ..self.active[index]
        };
        if retries {
            return context.schedule(context.settings.backoff, Command::CallAgain { call });
        }
        let reason = match failure {
            CallFailure::Timeout => Refusal::NoAnswer,
            CallFailure::Error => Refusal::Error,
        };
        context.refuse(LANE, order, reason, cause);
        self.leave(index, context);
    }

    /// Time to try a call again.
    pub(super) fn again(&mut self, call: u32, context: &mut Context<'_, '_>) {
        if let Some(index) = self
            .active
            .iter()
            .position(|progress| progress.call == call)
        {
            self.call(index, context);
        }
    }

    /// An order gives its place to the first that waits.
    fn leave(&mut self, index: usize, context: &mut Context<'_, '_>) {
        self.active.swap_remove(index);
        if let Some((order, event)) = self.waiting.pop_front() {
            self.begin(order, event, context);
        }
    }

    /// A service stops: what it had in hand and in line is lost, and its callers will wait in vain.
    pub(super) fn stop(&mut self, service: usize, cause: EventId, context: &mut Context<'_, '_>) {
        let Server { hand, line } = &mut self.servers[service];
        line.clear();
        for (_, work) in std::mem::take(hand) {
            context.interrupted(LANE, service, &work, cause);
        }
    }

    /// The order service stops: the customers of the orders it had get an error.
    pub(super) fn stop_orders(&mut self, cause: EventId, context: &mut Context<'_, '_>) {
        let waiting = std::mem::take(&mut self.waiting);
        let active = std::mem::take(&mut self.active);
        let mut orders: Vec<u32> = active.iter().map(|progress| progress.order).collect();
        orders.extend(waiting.iter().map(|(order, _)| order));
        orders.sort_unstable();
        for order in orders {
            context.refuse(LANE, order, Refusal::Stopped, cause);
        }
    }

    /// A service is called from the next order on.
    pub(super) fn add_service(&mut self) {
        self.servers.push(Server::default());
    }

    /// Orders that are at their call to a service.
    pub(super) fn calls(&self, service: usize) -> u64 {
        self.active
            .iter()
            .filter(|progress| usize::from(progress.service) == service)
            .count() as u64
    }
}

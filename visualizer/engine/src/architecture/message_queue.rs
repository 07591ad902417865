//! A queue per service: the broker puts a copy of each message in every queue, and forgets it when it is acknowledged.
//!
//! 1. The order service publishes; the broker has the message after a short time, and the customer his confirmation.
//! 2. Each instance of a service takes the oldest message that is free: they compete.
//! 3. When it is through, it acknowledges, and the message is deleted. If its handler failed or its connection was lost, the
//!    message goes back to its place in the queue; after too many deliveries it is set aside with the dead letters.

use super::Command;
use super::context::{Context, Work, record, small};
use super::service::Health;
use crate::event::{ArchitectureEvent, EventKind, Lane};
use crate::ids::EventId;
use std::collections::VecDeque;

const LANE: Lane = Lane::Queue;

/// The broker and its queues, one per service.
#[derive(Clone, Debug)]
pub(super) struct MessageQueue {
    pub(super) queues: Vec<ServiceQueue>,
    /// Number of the next piece of work.
    next: u32,
}

/// One service's queue.
#[derive(Clone, Debug, Default)]
pub(super) struct ServiceQueue {
    /// Free messages, oldest first.
    pub(super) ready: VecDeque<Message>,
    /// Messages delivered and not acknowledged.
    pub(super) hand: Vec<(Message, Work)>,
    /// Messages set aside.
    pub(super) dead: Vec<Message>,
    /// How many messages were put in the queue.
    entered: u32,
}

/// A copy of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) order: u32,
    /// Its place in the queue: how many were put in it before.
    place: u32,
    /// How often it was delivered.
    deliveries: u32,
    /// Why it is in the queue.
    cause: EventId,
}

impl ServiceQueue {
    /// A message comes last.
    fn enter(&mut self, order: u32, cause: EventId) {
        self.ready.push_back(Message {
            order,
            place: self.entered,
            deliveries: 0,
            cause,
        });
        self.entered += 1;
    }
}

impl MessageQueue {
    /// About how long copying it takes: see [`crate::run::World::weight`].
    pub(super) fn weight(&self) -> usize {
        let messages = |queue: &ServiceQueue| queue.ready.len() + queue.dead.len();
        self.queues.len() + self.queues.iter().map(messages).sum::<usize>() / 64
    }

    pub(super) fn new(services: usize) -> Self {
        Self {
            queues: vec![ServiceQueue::default(); services],
            next: 0,
        }
    }

    /// The broker has an order: a copy in each queue, and the customer is answered.
    pub(super) fn publish(&mut self, order: u32, context: &mut Context<'_, '_>) {
        let (_, received) = context.ledger.arrival(order);
        let copies = u32::try_from(self.queues.len()).unwrap_or(u32::MAX);
        let event = ArchitectureEvent::MessagePublished {
            order: record(order),
            copies,
        };
        let cause = context.tell(received, event);
        context.accept(LANE, order, self.queues.len(), cause);
        for service in 0..self.queues.len() {
            self.queues[service].enter(order, cause);
            self.deliver(service, context);
        }
    }

    /// The broker delivers messages as long as an instance of the service is free.
    fn deliver(&mut self, service: usize, context: &mut Context<'_, '_>) {
        if context.health(service) == Health::Stopped {
            return;
        }
        while self.queues[service].hand.len() < context.settings.workers {
            let Some(mut message) = self.queues[service].ready.pop_front() else {
                break;
            };
            message.deliveries += 1;
            let Message {
                order,
                deliveries,
                cause,
                ..
            } = message;
            let work = context.start(LANE, service, self.next, order, deliveries, cause);
            self.next += 1;
            let ends = Command::MessageEnds {
                service: small(service),
                work: work.number,
            };
            context.schedule(work.until - work.since, ends);
            self.queues[service].hand.push((message, work));
        }
        if self.queues[service].ready.is_empty() && context.health(service) == Health::Up {
            context.caught_up(LANE, service);
        }
    }

    /// An instance is through with a message.
    pub(super) fn ends(&mut self, service: usize, number: u32, context: &mut Context<'_, '_>) {
        let hand = &mut self.queues[service].hand;
        let Some(index) = hand.iter().position(|(_, work)| work.number == number) else {
            return;
        };
        let (mut message, work) = hand.remove(index);
        if context.health(service) == Health::Failing {
            message.cause = context.failed(LANE, service, &work, message.deliveries);
            self.put_back(service, message, context);
        } else {
            context.done(LANE, service, &work, true);
        }
        self.deliver(service, context);
    }

    /// A message that was not acknowledged goes back to its place, or aside.
    fn put_back(&mut self, service: usize, mut message: Message, context: &mut Context<'_, '_>) {
        let queue = &mut self.queues[service];
        if message.deliveries < context.settings.deliveries {
            let place = queue
                .ready
                .partition_point(|before| before.place < message.place);
            queue.ready.insert(place, message);
            return;
        }
        let event = ArchitectureEvent::DeadLettered {
            service: context.name(service),
            order: record(message.order),
            attempts: message.deliveries,
        };
        message.cause = context.tell(message.cause, event);
        queue.dead.push(message);
    }

    /// A service stops: its connections are lost, and the messages it had go back.
    pub(super) fn stop(&mut self, service: usize, cause: EventId, context: &mut Context<'_, '_>) {
        for (mut message, work) in std::mem::take(&mut self.queues[service].hand) {
            message.cause = context.interrupted(LANE, service, &work, cause);
            self.put_back(service, message, context);
        }
    }

    /// A service works again.
    pub(super) fn repair(&mut self, service: usize, context: &mut Context<'_, '_>) {
        self.deliver(service, context);
    }

    /// Someone puts the dead letters back into the queue, as if they had never been delivered.
    pub(super) fn return_dead_letters(&mut self, service: usize, context: &mut Context<'_, '_>) {
        let messages = self.queues[service].dead.len();
        let event = ArchitectureEvent::DeadLettersReturned {
            service: context.name(service),
            messages: u32::try_from(messages).unwrap_or(u32::MAX),
        };
        let cause = context.story.tell(None, EventKind::Architecture(event));
        for message in std::mem::take(&mut self.queues[service].dead) {
            self.queues[service].enter(message.order, cause);
        }
        self.deliver(service, context);
    }

    /// A queue for a new service, empty.
    pub(super) fn add_service(&mut self) {
        self.queues.push(ServiceQueue::default());
    }
}

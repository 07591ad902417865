//! Three architectures under the same load: a chain of calls ([`rest`]), a queue per service ([`message_queue`]), a log
//! ([`log`]).
//!
//! 1. Customers send orders, the same ones at the same instants to three shops that differ only in how their order service
//!    tells the others. A service takes the same time for the same order in the three.
//! 2. What is done to a service is done to it in the three: it stops, fails, is repaired, slows down, is added, is to replay.
//! 3. The books ([`ledger`]) say what became of every order, and how long its customer waited.
//!
//! The numbers are the model's, not measurements: properties under `simulation.` say what everything takes.
//!
//! # What is not represented
//! The network, the order service's own work and its database take no time and never fail; the broker of the queue and of
//! the log never fails (see the simulation of replication); a write under way when the order service stops is completed.
//! Callers have neither a circuit breaker nor compensations, and receivers no idempotence: what is done twice is counted
//! twice. The queue has no prefetch beyond the message in hand, and no delay before a redelivery. On the log, all members
//! of a group stop together, they fetch at once, their last heartbeat is at the instant of the stop, commits take no time,
//! and retention deletes nothing.

mod context;
mod invariant;
mod ledger;
mod log;
mod message_queue;
mod query;
mod rest;
mod service;
mod settings;
mod step;
pub mod view;

pub use invariant::{Breach, breaches};
pub use service::Health;
pub use step::ORDER_SERVICE;

use crate::event::{ArchitectureEvent, EventKind, Lane, Refusal};
use crate::ids::{RecordKey, ServiceName};
use crate::partitioning::{KeyBook, Series};
use crate::run::{self, CommandQueue, Story};
use crate::scenario::{Action, ActionError, Produce, SERVICES, Scenario};
use crate::time::Instant;
use context::{Shop, Work, record};
use ledger::Ledger;
use log::Log;
use message_queue::MessageQueue;
use rest::Rest;
use service::Service;
use settings::Settings;
use std::sync::Arc;
use view::{LaneView, PartitionView, ServiceView, View, WorkView};

/// A run of the three architectures.
pub type Run = run::Run<World>;

/// The three shops.
#[derive(Clone, Debug)]
pub struct World {
    shop: Shop,
    rest: Rest,
    queue: MessageQueue,
    log: Log,
    series: Vec<Arc<Series>>,
    /// Orders that actions have asked for so far.
    planned: u64,
}

/// What the world plans for itself. Numbers of calls and of work, and epochs, tell what is outdated.
#[derive(Clone, Copy, Debug)]
pub enum Command {
    /// A series of orders goes on, from its order number `from`.
    Send {
        /// Index of the series.
        series: u32,
        /// Number in it of its next order.
        from: u32,
    },
    /// The brokers have an order.
    Published {
        /// The order.
        order: u32,
        /// Its series, which knows its key.
        series: u32,
        /// Its number in the series.
        index: u32,
    },
    /// REST: a call has waited long enough.
    CallTimeout {
        /// Its number.
        call: u32,
    },
    /// REST: a call is tried again.
    CallAgain {
        /// Its number.
        call: u32,
    },
    /// REST: a service is through with a request.
    RequestEnds {
        /// The service.
        service: u8,
        /// Number of the work.
        work: u32,
    },
    /// Queue: a service is through with a message.
    MessageEnds {
        /// The service.
        service: u8,
        /// Number of the work.
        work: u32,
    },
    /// Log: a member is through with a record.
    RecordEnds {
        /// The service.
        service: u8,
        /// The member.
        member: u16,
        /// Number of the work.
        work: u32,
    },
    /// Log: a group has its partitions.
    ReaderStarts {
        /// The service.
        service: u8,
        /// The group's epoch when it joined.
        epoch: u32,
    },
    /// Log: a group commits.
    Commit {
        /// The service.
        service: u8,
        /// The group's epoch when it started.
        epoch: u32,
    },
}

impl run::World for World {
    type Command = Command;
    type View = View;

    fn new(scenario: &Scenario, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) -> Self {
        let settings = Settings::of(scenario);
        let services: Vec<Service> = SERVICES[1..]
            .iter()
            .map(|name| Service::new(ServiceName::from(*name), settings.time))
            .collect();
        let mut shop = Shop {
            ledger: Ledger::new(services.len()),
            settings: Arc::new(settings),
            services,
            orders_up: true,
        };
        let topic = EventKind::TopicCreated {
            topic: scenario.topic.clone(),
            partitions: i32::try_from(shop.settings.partitions).unwrap_or(i32::MAX),
        };
        let created = story.tell(None, topic);
        let services = shop.services.len();
        let mut context = shop.context(queue, story);
        let log = Log::new(&scenario.topic, &context, created);
        log.begin(&mut context);
        Self {
            rest: Rest::new(services),
            queue: MessageQueue::new(services),
            log,
            shop,
            series: Vec::new(),
            planned: 0,
        }
    }

    fn execute(
        &mut self,
        command: Command,
        queue: &mut CommandQueue<Command>,
        story: &mut Story<'_>,
    ) {
        if let Command::Send { series, from } = command {
            return self.send(series, from, queue, story);
        }
        let context = &mut self.shop.context(queue, story);
        let (rest, queue, log) = (&mut self.rest, &mut self.queue, &mut self.log);
        match command {
            Command::Send { .. } => {}
            Command::Published {
                order,
                series,
                index,
            } => {
                let key = self.series[series as usize].key(index).cloned();
                queue.publish(order, context);
                log.append(order, key, context);
            }
            Command::CallTimeout { call } => rest.timeout(call, context),
            Command::CallAgain { call } => rest.again(call, context),
            Command::RequestEnds { service, work } => rest.ends(service.into(), work, context),
            Command::MessageEnds { service, work } => queue.ends(service.into(), work, context),
            Command::RecordEnds {
                service,
                member,
                work,
            } => log.ends(service.into(), member.into(), work, context),
            Command::ReaderStarts { service, epoch } => log.starts(service.into(), epoch, context),
            Command::Commit { service, epoch } => log.commit(service.into(), epoch, context),
        }
    }

    fn check(&self, action: &Action) -> Result<(), ActionError> {
        match action {
            Action::Produce(_) => action.check(self.partitions(), self.planned, []),
            Action::Do(step) => self.check_step(step),
            Action::AddPartitions(_) => Err(ActionError::NotInThisSimulation("add-partitions")),
        }
    }

    fn act(&mut self, action: &Action, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        match action {
            Action::Produce(produce) => self.begin(produce, queue, story),
            Action::Do(step) => self.step(step, queue, story),
            Action::AddPartitions(_) => {}
        }
    }

    fn weight(&self) -> u64 {
        (self.shop.ledger.weight() + self.log.weight() + self.queue.weight()) as u64
    }

    fn view(&self, now: Instant) -> View {
        View {
            now,
            received: self.shop.ledger.received() as u64,
            orders_up: self.shop.orders_up,
            instances: self.shop.settings.workers as u64,
            services: self
                .shop
                .services
                .iter()
                .map(|service| ServiceView {
                    name: service.name.clone(),
                    health: service.health,
                    time: service.time,
                })
                .collect(),
            lanes: Lane::ALL.map(|lane| self.lane(lane, now)),
            partitions: self.partition_views(),
        }
    }
}

impl World {
    fn partitions(&self) -> i32 {
        i32::try_from(self.shop.settings.partitions).unwrap_or(i32::MAX)
    }

    fn begin(
        &mut self,
        produce: &Produce,
        queue: &mut CommandQueue<Command>,
        story: &mut Story<'_>,
    ) {
        self.planned += u64::from(produce.count);
        let series = Series::new(produce.clone(), &mut KeyBook::default());
        self.series.push(Arc::new(series));
        let series = u32::try_from(self.series.len() - 1).unwrap_or(u32::MAX);
        self.send(series, 0, queue, story);
    }

    /// The next orders of a series come, and those after them are planned.
    fn send(
        &mut self,
        number: u32,
        from: u32,
        queue: &mut CommandQueue<Command>,
        story: &mut Story<'_>,
    ) {
        let series = Arc::clone(&self.series[number as usize]);
        let next = from + series.burst(from);
        for index in from..next {
            self.receive(number, index, series.key(index), queue, story);
        }
        if next < series.produce.count {
            let go_on = Command::Send {
                series: number,
                from: next,
            };
            queue.schedule(series.produce.every, go_on);
        }
    }

    /// A customer sends an order to the three shops.
    fn receive(
        &mut self,
        series: u32,
        index: u32,
        customer: Option<&RecordKey>,
        queue: &mut CommandQueue<Command>,
        story: &mut Story<'_>,
    ) {
        let order = u32::try_from(self.shop.ledger.received()).unwrap_or(u32::MAX);
        let received = ArchitectureEvent::OrderReceived {
            order: record(order),
            customer: customer.cloned(),
        };
        let event = story.tell(None, EventKind::Architecture(received));
        self.shop.ledger.receive(queue.now(), event);
        let orders_up = self.shop.orders_up;
        let publish = self.shop.settings.publish;
        let mut context = self.shop.context(queue, story);
        if orders_up {
            self.rest.receive(order, event, &mut context);
            let published = Command::Published {
                order,
                series,
                index,
            };
            context.schedule(publish, published);
        } else {
            for lane in Lane::ALL {
                context.refuse(lane, order, Refusal::Stopped, event);
            }
        }
    }

    /// One architecture as drawings need it.
    fn lane(&self, lane: Lane, now: Instant) -> LaneView {
        let book = self.shop.ledger.book(lane);
        let answered = book.accepted + book.refusals();
        LaneView {
            lane,
            accepted: book.accepted,
            refused: book.refusals(),
            in_progress: self.shop.ledger.received() as u64 - answered,
            median: book.wait(50),
            p99: book.wait(99),
            services: (0..self.shop.services.len())
                .map(|service| self.work(lane, service, now))
                .collect(),
        }
    }

    /// What a service did and has to do in one architecture.
    fn work(&self, lane: Lane, service: usize, now: Instant) -> WorkView {
        let book = self.shop.ledger.book(lane);
        let tally = &book.tallies[service];
        let mut view = WorkView::of(tally);
        view.missed = book.accepted - tally.concerned;
        match lane {
            Lane::Rest => {
                let server = &self.rest.servers[service];
                view.calls = self.rest.calls(service);
                view.waiting = server.line.len() as u64;
                view.hand = hand(server.hand.iter().map(|(_, work)| work), now);
            }
            Lane::Queue => {
                let queue = &self.queue.queues[service];
                view.waiting = queue.ready.len() as u64;
                view.hand = hand(queue.hand.iter().map(|(_, work)| work), now);
                view.dead = queue.dead.len() as u64;
            }
            Lane::Log => {
                let group = &self.log.groups[service];
                view.waiting = self.log.unread(service) - group.in_hand();
                let works = group
                    .members
                    .iter()
                    .filter_map(|member| member.hand.as_ref());
                view.hand = hand(works.map(|(_, work)| work), now);
                // Whoever reads the log may read all of it.
                view.missed = group.skipped;
                view.lag = self.log.lag(service);
                view.reads = group.reads;
            }
        }
        view.reads &= self.shop.services[service].health != Health::Stopped;
        view
    }

    fn partition_views(&self) -> Vec<PartitionView> {
        let position =
            |group: &log::Group, partition: usize| u64::from(group.cursors[partition].position);
        self.log
            .partitions
            .iter()
            .enumerate()
            .map(|(partition, records)| PartitionView {
                end: records.len() as u64,
                positions: self
                    .log
                    .groups
                    .iter()
                    .map(|group| position(group, partition))
                    .collect(),
            })
            .collect()
    }
}

/// The orders in hand, and how far each is, in thousandths.
fn hand<'w>(works: impl Iterator<Item = &'w Work>, now: Instant) -> Vec<(u64, u16)> {
    works
        .map(|work| {
            let whole = (work.until - work.since).0.max(1);
            let part = (now - work.since).0.min(whole);
            let thousandths = u16::try_from(part * 1_000 / whole).unwrap_or(1_000);
            (u64::from(work.order), thousandths)
        })
        .collect()
}

#[cfg(test)]
mod tests;

//! The simulated world: what a command or an action changes, and the events that tell it.
//!
//! The network and the brokers answer at once: a batch that leaves is appended in the same instant, and producers know of
//! new partitions as soon as they exist.

use super::accumulator::{Batch, Pending};
use super::producer::Producer;
use super::queue::{Command, CommandQueue};
use super::record_size::RecordLengths;
use super::series::Series;
use super::topic::Topic;
use crate::event::{Event, EventKind, PartitionReason};
use crate::ids::{EventId, PartitionId, RecordId};
use crate::partitioner::Client;
use crate::scenario::{Action, ActionError, Produce, Scenario};
use crate::time::Instant;
use crate::view::RecordView;
use std::sync::Arc;

/// Everything that changes during a run.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) queue: CommandQueue,
    pub(super) topic: Topic,
    pub(super) producers: Vec<Producer>,
    series: Vec<Arc<Series>>,
    /// How many of the scenario's actions have been done.
    pub(super) actions_done: usize,
    /// Records that actions have asked for so far, per producer.
    records_planned: u64,
    next_record: u64,
    next_event: u64,
}

impl World {
    /// The world at the start of a run, and the event of its topic's creation.
    pub(super) fn new(scenario: &Scenario) -> (Self, Event) {
        let ids = scenario.producers();
        let configs = std::iter::once(&scenario.config).chain(&scenario.compare);
        let mut producers: Vec<_> = ids
            .into_iter()
            .zip(configs)
            .enumerate()
            .map(|(index, (id, config))| Producer::new(id, config, scenario.seed, index))
            .collect();
        let partitions = scenario.config.partitions();
        for producer in &mut producers {
            producer.learn(partitions);
        }
        let mut world = Self {
            queue: CommandQueue::default(),
            topic: Topic::new(scenario.topic.clone(), partitions, producers.len()),
            producers,
            series: Vec::new(),
            actions_done: 0,
            records_planned: 0,
            next_record: 0,
            next_event: 0,
        };
        let mut events = Vec::new();
        world.tell(
            &mut events,
            None,
            EventKind::TopicCreated {
                topic: scenario.topic.clone(),
                partitions,
            },
        );
        (world, events.remove(0))
    }

    /// About how many things a copy of it holds.
    pub(super) fn weight(&self) -> u64 {
        let keys: u64 = self.producers.iter().map(Producer::keys_seen).sum();
        keys + self.topic.recent_records()
    }

    /// Whether an action makes sense now.
    pub(super) fn check(&self, action: &Action) -> Result<(), ActionError> {
        let producers = self.producers.iter().map(|producer| &producer.id);
        action.check(self.topic.partitions(), self.records_planned, producers)
    }

    /// Does the scenario's next action. One that makes no sense in the present state changes nothing.
    pub(super) fn act(&mut self, action: &Action, at: Instant, events: &mut Vec<Event>) {
        self.queue.advance(at);
        self.actions_done += 1;
        if self.check(action).is_err() {
            return;
        }
        match action {
            Action::Produce(produce) => self.begin(produce, events),
            Action::AddPartitions(partitions) => self.add_partitions(*partitions, events),
        }
    }

    /// Does the next planned command.
    pub(super) fn execute(&mut self, events: &mut Vec<Event>) {
        match self.queue.pop() {
            Some(Command::Send { series, from }) => self.go_on(series, from, events),
            Some(Command::BatchDue {
                producer,
                partition,
            }) => self.send_batches(producer, partition, events),
            None => {}
        }
    }

    fn add_partitions(&mut self, to: i32, events: &mut Vec<Event>) {
        let from = self.topic.partitions();
        self.topic.grow(to, Some(self.queue.now()));
        for producer in &mut self.producers {
            producer.learn(to);
        }
        let topic = self.topic.name.clone();
        self.tell(events, None, EventKind::PartitionsAdded { topic, from, to });
    }

    fn begin(&mut self, produce: &Produce, events: &mut Vec<Event>) {
        self.records_planned += u64::from(produce.count);
        self.series.push(Arc::new(Series::new(produce.clone())));
        self.go_on(self.series.len() - 1, 0, events);
    }

    /// Sends a series' next records, and plans those after them.
    fn go_on(&mut self, index: usize, from: u32, events: &mut Vec<Event>) {
        let series = Arc::clone(&self.series[index]);
        let next = from + series.burst(from);
        for record in from..next {
            let key = series.key(record);
            for producer in 0..self.producers.len() {
                if series
                    .produce
                    .producer
                    .as_ref()
                    .is_none_or(|id| *id == self.producers[producer].id)
                {
                    self.send(producer, key.as_ref(), &series.produce, events);
                }
            }
        }
        if next < series.produce.count {
            self.queue.schedule(
                series.produce.every,
                Command::Send {
                    series: index,
                    from: next,
                },
            );
        }
    }

    /// An application hands a record to a producer.
    fn send(
        &mut self,
        index: usize,
        key: Option<&Arc<str>>,
        produce: &Produce,
        events: &mut Vec<Event>,
    ) {
        let now = self.queue.now();
        let record = RecordId(self.next_record);
        self.next_record += 1;
        let producer = self.producers[index].id.clone();
        let sent = EventKind::RecordSent {
            producer: producer.clone(),
            record,
            topic: self.topic.name.clone(),
            key: key.map(ToString::to_string),
        };
        let sent = self.tell(events, None, sent);

        let pending = Pending {
            record,
            key: key.cloned(),
            lengths: RecordLengths {
                key: key.map(|key| u32::try_from(key.len()).unwrap_or(u32::MAX)),
                value: produce.value_size,
            },
            reason: PartitionReason::Explicit,
            // The next event tells the choice.
            chosen: EventId(self.next_event),
        };
        let accepted =
            self.producers[index].accept(pending, produce.partition, self.topic.partitions(), now);
        let partition = accepted.partition;
        let chosen = EventKind::PartitionChosen {
            producer,
            record,
            partition,
            reason: accepted.reason,
        };
        self.tell(events, Some(sent), chosen);

        let linger = self.producers[index].linger;
        if accepted.appended.new_batch {
            let due = Command::BatchDue {
                producer: index,
                partition,
            };
            self.queue.schedule(linger, due);
        }
        // Java wakes its sender in these cases; librdkafka looks at full queues at once too.
        if accepted.appended.new_batch || accepted.appended.full {
            self.send_batches(index, partition, events);
        }
    }

    /// Lets batches leave: librdkafka looks at the partition concerned, Java's sender passes over all of them until nothing
    /// is ready.
    fn send_batches(&mut self, producer: usize, partition: PartitionId, events: &mut Vec<Event>) {
        match self.producers[producer].client() {
            Client::Librdkafka => {
                while let Some(batch) =
                    self.producers[producer].take_ready(partition, self.queue.now())
                {
                    self.append(producer, partition, batch, events);
                }
            }
            Client::Java => while self.sender_pass(producer, events) {},
        }
    }

    /// One pass of Java's sender: true if batches left.
    fn sender_pass(&mut self, producer: usize, events: &mut Vec<Event>) -> bool {
        self.producers[producer].observe_queues();
        let mut left = false;
        for partition in (0..self.topic.partitions()).map(PartitionId) {
            if let Some(batch) = self.producers[producer].take_ready(partition, self.queue.now()) {
                self.append(producer, partition, batch, events);
                left = true;
            }
        }
        left
    }

    /// The partition's leader writes a batch.
    fn append(
        &mut self,
        producer: usize,
        partition: PartitionId,
        batch: Batch,
        events: &mut Vec<Event>,
    ) {
        for pending in batch.records {
            let offset = self.topic.log_end(partition);
            let size_bytes = pending.lengths.payload();
            let appended = EventKind::RecordAppended {
                topic: self.topic.name.clone(),
                partition,
                offset,
                key: pending.key.as_deref().map(str::to_owned),
                size_bytes,
                record: Some(pending.record),
            };
            self.tell(events, Some(pending.chosen), appended);
            let view = RecordView {
                record: pending.record,
                offset,
                key: pending.key,
                producer,
                size_bytes,
                appended_at: self.queue.now(),
                reason: pending.reason,
            };
            self.topic.append(partition, view);
        }
    }

    /// Tells an event.
    fn tell(
        &mut self,
        events: &mut Vec<Event>,
        cause: Option<EventId>,
        kind: EventKind,
    ) -> EventId {
        let id = EventId(self.next_event);
        self.next_event += 1;
        events.push(Event {
            id,
            at: self.queue.now(),
            cause,
            kind,
        });
        id
    }
}

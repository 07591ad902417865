//! The simulated world: what a command or an action changes, and the events that tell it.
//!
//! The network and the brokers answer at once: a batch that leaves is appended in the same instant, and producers know of
//! new partitions as soon as they exist.

use super::accumulator::{Batch, Pending};
use super::keybook::KeyBook;
use super::producer::Producer;
use super::record_size::RecordLengths;
use super::series::Series;
use super::topic::Topic;
use crate::event::{EventKind, PartitionReason};
use crate::ids::{PartitionId, RecordId, RecordKey};
use crate::partitioner::Client;
use crate::run::{CommandQueue, Story, World};
use crate::scenario::{Action, ActionError, Produce, Scenario};
use crate::time::Instant;
use crate::view::{RecordView, View};
use std::sync::Arc;

/// Something that the producers have planned.
#[derive(Clone, Copy, Debug)]
pub enum Command {
    /// A series of records goes on, from its record number `from`.
    Send {
        /// Index of the series.
        series: usize,
        /// Number of its next record.
        from: u32,
    },
    /// A batch has waited for `linger.ms`, unless it has left already.
    BatchDue {
        /// Index of the producer.
        producer: usize,
        /// The batch's partition.
        partition: PartitionId,
    },
}

/// What is planned.
type Queue = CommandQueue<Command>;

/// Everything that changes during a run.
#[derive(Clone, Debug)]
pub struct PartitioningWorld {
    pub(super) topic: Topic,
    pub(super) producers: Vec<Producer>,
    series: Vec<Arc<Series>>,
    pub(super) keys: Arc<KeyBook>,
    /// Records that actions have asked for so far, per producer.
    records_planned: u64,
    next_record: u64,
}

impl World for PartitioningWorld {
    type Command = Command;
    type View = View;

    fn new(scenario: &Scenario, _: &mut Queue, story: &mut Story<'_>) -> Self {
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
        let topic = scenario.topic.clone();
        story.tell(None, EventKind::TopicCreated { topic, partitions });
        Self {
            topic: Topic::new(scenario.topic.clone(), partitions, producers.len()),
            producers,
            series: Vec::new(),
            keys: Arc::default(),
            records_planned: 0,
            next_record: 0,
        }
    }

    fn weight(&self) -> u64 {
        let keys: usize = self.producers.iter().map(Producer::weight).sum();
        keys as u64 + self.topic.recent_records() / 8
    }

    fn check(&self, action: &Action) -> Result<(), ActionError> {
        let producers = self.producers.iter().map(|producer| &producer.id);
        action.check(self.topic.partitions(), self.records_planned, producers)
    }

    fn act(&mut self, action: &Action, queue: &mut Queue, story: &mut Story<'_>) {
        match action {
            Action::Produce(produce) => self.begin(produce, queue, story),
            Action::AddPartitions(partitions) => self.add_partitions(*partitions, queue, story),
            // Refused by `check`.
            Action::Do(_) => {}
        }
    }

    fn execute(&mut self, command: Command, queue: &mut Queue, story: &mut Story<'_>) {
        match command {
            Command::Send { series, from } => self.go_on(series, from, queue, story),
            Command::BatchDue {
                producer,
                partition,
            } => self.send_batches(producer, partition, queue.now(), story),
        }
    }

    fn view(&self, now: Instant) -> View {
        View {
            now,
            topic: self.topic.view(),
            producers: self.producers.iter().map(Producer::view).collect(),
        }
    }
}

impl PartitioningWorld {
    fn add_partitions(&mut self, to: i32, queue: &Queue, story: &mut Story<'_>) {
        let from = self.topic.partitions();
        self.topic.grow(to, Some(queue.now()));
        for producer in &mut self.producers {
            producer.learn(to);
        }
        let topic = self.topic.name.clone();
        story.tell(None, EventKind::PartitionsAdded { topic, from, to });
    }

    fn begin(&mut self, produce: &Produce, queue: &mut Queue, story: &mut Story<'_>) {
        self.records_planned += u64::from(produce.count);
        let series = Series::new(produce.clone(), Arc::make_mut(&mut self.keys));
        self.series.push(Arc::new(series));
        self.go_on(self.series.len() - 1, 0, queue, story);
    }

    /// Sends a series' next records, and plans those after them.
    fn go_on(&mut self, index: usize, from: u32, queue: &mut Queue, story: &mut Story<'_>) {
        let series = Arc::clone(&self.series[index]);
        let next = from + series.burst(from);
        for record in from..next {
            let key = series.numbered_key(record);
            for producer in 0..self.producers.len() {
                if series
                    .produce
                    .producer
                    .as_ref()
                    .is_none_or(|id| *id == self.producers[producer].id)
                {
                    self.send(producer, key, &series.produce, queue, story);
                }
            }
        }
        if next < series.produce.count {
            queue.schedule(
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
        key: Option<(&RecordKey, usize)>,
        produce: &Produce,
        queue: &mut Queue,
        story: &mut Story<'_>,
    ) {
        let now = queue.now();
        let (key, key_number) = key.unzip();
        let record = RecordId(self.next_record);
        self.next_record += 1;
        let producer = self.producers[index].id.clone();
        let sent = EventKind::RecordSent {
            producer: producer.clone(),
            record,
            topic: self.topic.name.clone(),
            key: key.cloned(),
        };
        let sent = story.tell(None, sent);

        let pending = Pending {
            record,
            key: key.cloned(),
            key_number,
            lengths: RecordLengths {
                key: key.map(|key| u32::try_from(key.len()).unwrap_or(u32::MAX)),
                value: produce.value_size,
            },
            reason: PartitionReason::Explicit,
            // The next event tells the choice.
            chosen: story.next(),
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
        story.tell(Some(sent), chosen);

        let linger = self.producers[index].linger;
        if accepted.appended.new_batch {
            let due = Command::BatchDue {
                producer: index,
                partition,
            };
            queue.schedule(linger, due);
        }
        // Java wakes its sender in these cases; librdkafka looks at full queues at once too.
        if accepted.appended.new_batch || accepted.appended.full {
            self.send_batches(index, partition, now, story);
        }
    }

    /// Lets batches leave: librdkafka looks at the partition concerned, Java's sender passes over all of them until nothing
    /// is ready.
    fn send_batches(
        &mut self,
        producer: usize,
        partition: PartitionId,
        now: Instant,
        story: &mut Story<'_>,
    ) {
        match self.producers[producer].client() {
            Client::Librdkafka => {
                while let Some(batch) = self.producers[producer].take_ready(partition, now) {
                    self.append(producer, partition, batch, now, story);
                }
            }
            Client::Java => while self.sender_pass(producer, now, story) {},
        }
    }

    /// One pass of Java's sender: true if batches left.
    fn sender_pass(&mut self, producer: usize, now: Instant, story: &mut Story<'_>) -> bool {
        self.producers[producer].observe_queues();
        let mut next = PartitionId(0);
        while let Some(partition) = self.producers[producer].next_ready(next, now) {
            if let Some(batch) = self.producers[producer].take_ready(partition, now) {
                self.append(producer, partition, batch, now, story);
            }
            next = PartitionId(partition.0 + 1);
        }
        next > PartitionId(0)
    }

    /// The partition's leader writes a batch.
    fn append(
        &mut self,
        producer: usize,
        partition: PartitionId,
        batch: Batch,
        now: Instant,
        story: &mut Story<'_>,
    ) {
        for pending in batch.records {
            let offset = self.topic.log_end(partition);
            let size_bytes = pending.lengths.payload();
            let appended = EventKind::RecordAppended {
                topic: self.topic.name.clone(),
                partition,
                offset,
                key: pending.key.clone(),
                size_bytes,
                record: Some(pending.record),
            };
            story.tell(Some(pending.chosen), appended);
            let view = RecordView {
                record: pending.record,
                offset,
                key: pending.key,
                producer,
                size_bytes,
                appended_at: now,
                reason: pending.reason,
            };
            self.topic.append(partition, view);
        }
    }
}

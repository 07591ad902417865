//! The producer: batches, attempts, and what it makes of errors.
//!
//! 1. A record waits `linger.ms` in its partition's queue, then leaves in a batch for the broker that the producer takes for
//!    the leader. While that broker does not answer, records stay in the queue.
//! 2. An error that can be retried puts the batch's records back, for another attempt after `retry.backoff.ms`, doubled each
//!    time. If the error says that the leader is another or gone, the producer asks again who leads.
//! 3. `delivery.timeout.ms` after it was sent, a record's delivery report gives it up: `Local_MsgTimedOut`, whatever the errors
//!    before were. It tells whether the record may be written all the same.
//!
//! The actions by error are those of librdkafka's `rd_kafka_handle_Produce_error`.

use super::broker_set::BrokerSet;
use super::cluster::records;
use super::ledger::Record;
use super::log::Sequence;
use super::process::Process;
use super::settings::Acks;
use super::view::Status;
use super::world::{Command, Now, World, number};
use crate::event::{EventKind, ProduceError, ReplicationEvent};
use crate::ids::{EventId, ProducerId, RecordId, RecordKey};
use crate::partitioner::Partitioner;
use crate::partitioning::{KeyBook, Series};
use crate::rng::Rng;
use crate::scenario::{Produce, Scenario};
use crate::time::Instant;
use std::collections::VecDeque;
use std::sync::Arc;

/// A batch on its way, at the leader, or on its way back.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) id: u32,
    pub(super) partition: usize,
    pub(super) broker: usize,
    pub(super) acks: Acks,
    pub(super) records: Vec<usize>,
    /// Of the first record, if the producer is idempotent.
    pub(super) sequence: Option<Sequence>,
    pub(super) sent_at: Instant,
    pub(super) attempt: u32,
    pub(super) phase: Phase,
    /// The producer broke the connection before it was answered.
    pub(super) hung_up: bool,
    /// What was last told of it.
    pub(super) event: EventId,
}

/// Where a request is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Phase {
    OnItsWay,
    /// The broker has not looked at it yet: it answers a connection's requests one after the other.
    Queued,
    /// The leader has written it, from one offset to before another, and waits for its followers until then.
    Written {
        from: usize,
        end: usize,
        until: Instant,
    },
    /// Its answer is on the way: the offset of its first record, or an error.
    Answered(Result<usize, ProduceError>),
}

/// The producer.
#[derive(Clone, Debug)]
pub(super) struct Producer {
    pub(super) id: ProducerId,
    pub(super) partitioner: Partitioner,
    pub(super) rng: Rng,
    pub(super) series: Vec<Arc<Series>>,
    /// Records that actions have asked for so far.
    pub(super) planned: u64,
    pub(super) queues: Vec<Queue>,
    /// The brokers that answer, as far as the clients know.
    pub(super) reachable: BrokerSet,
    pub(super) next_request: u32,
    /// The producer id: each process has its own.
    pub(super) process_id: u32,
    /// The epoch of an idempotent producer: a new one begins when sequence numbers would have a gap.
    pub(super) epoch: u32,
    /// It has given up: what it is handed fails.
    pub(super) fatal: bool,
    /// It is asking who leads.
    pub(super) refreshing: bool,
    pub(super) deadline_planned: bool,
    pub(super) process: Process,
}

/// A partition's records that wait, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    pub(super) records: VecDeque<usize>,
    pub(super) leader: Option<usize>,
    /// What last told who leads.
    pub(super) event: Option<EventId>,
    pub(super) next_sequence: u32,
}

impl Producer {
    pub(super) fn new(scenario: &Scenario, partitions: usize, brokers: usize) -> Self {
        let queue = |partition| Queue {
            leader: Some(partition % brokers),
            ..Queue::default()
        };
        Self {
            id: scenario.producers().swap_remove(0),
            partitioner: scenario.config.partitioner(),
            rng: Rng::new(scenario.seed, 0),
            series: Vec::new(),
            planned: 0,
            queues: (0..partitions).map(queue).collect(),
            reachable: BrokerSet::first(brokers),
            next_request: 0,
            process_id: 0,
            epoch: 0,
            fatal: false,
            refreshing: false,
            deadline_planned: false,
            process: Process::Running,
        }
    }

    /// Whether its sequence numbers never had to begin anew.
    pub(super) const fn gave_nothing_up(&self) -> bool {
        self.epoch == 0 && self.process_id == 0
    }

    /// Another process, to which nothing has been handed over.
    pub(super) fn begin_anew(&mut self) {
        self.process_id += 1;
        self.epoch = 0;
        self.fatal = false;
        for queue in &mut self.queues {
            queue.next_sequence = 0;
        }
    }

    /// The leader that it knows of a partition.
    pub(super) fn leader(&self, partition: usize) -> Option<usize> {
        self.queues[partition].leader
    }

    /// Sequence numbers would have a gap: a new epoch begins, and those that wait are numbered anew.
    pub(super) fn bump_epoch(&mut self) -> impl Iterator<Item = usize> {
        self.epoch += 1;
        for queue in &mut self.queues {
            queue.next_sequence = 0;
        }
        let waiting = self.queues.iter().flat_map(|queue| &queue.records);
        waiting.copied().collect::<Vec<_>>().into_iter()
    }
}

impl World {
    pub(super) fn begin_series(&mut self, produce: &Produce, now: &mut Now<'_, '_>) {
        self.producer.planned += u64::from(produce.count);
        let series = Arc::new(Series::new(produce.clone(), &mut KeyBook::default()));
        self.producer.series.push(series);
        let first = Command::Send {
            series: self.producer.series.len() - 1,
            from: 0,
        };
        match self.producer_waits(first, now.at()) {
            Some(delay) => now.after(delay, first),
            None => self.go_on(self.producer.series.len() - 1, 0, now),
        }
    }

    /// The application hands over a series' next records.
    pub(super) fn go_on(&mut self, index: usize, from: u32, now: &mut Now<'_, '_>) {
        let series = Arc::clone(&self.producer.series[index]);
        let next = from + series.burst(from);
        // A dead process is handed nothing.
        let handed = if self.producer.process == Process::Dead {
            next..next
        } else {
            from..next
        };
        for record in handed {
            self.hand_over(series.key(record).cloned(), &series.produce, now);
        }
        if next < series.produce.count {
            let command = Command::Send {
                series: index,
                from: next,
            };
            now.after(series.produce.every, command);
        }
    }

    /// The application hands over a record.
    fn hand_over(&mut self, key: Option<RecordKey>, produce: &Produce, now: &mut Now<'_, '_>) {
        let index = self.ledger.len();
        let partition = self.choose(key.as_deref(), produce);
        let sent = EventKind::RecordSent {
            producer: self.producer.id.clone(),
            record: RecordId(index as u64),
            topic: self.topic.clone(),
            key: key.clone(),
        };
        let key_bytes = key.as_ref().map_or(0, |key| key.len());
        let event = now.story.tell(None, sent);
        let fatal = self.producer.fatal;
        self.ledger.add(Record {
            partition,
            size: produce.value_size + u32::try_from(key_bytes).unwrap_or(u32::MAX),
            key,
            sent_at: now.at(),
            status: if fatal {
                Status::Refused(ProduceError::Fatal)
            } else {
                Status::Waiting
            },
            possibly_persisted: false,
            attempts: 0,
            retries: 0,
            backoff_until: now.at(),
            batch: 0,
            sequence: None,
            kept: 0,
            consumed: false,
            event,
        });
        if fatal {
            let failed = ReplicationEvent::RecordsFailed {
                partition: number(partition),
                records: records(&[index]),
                error: ProduceError::Fatal,
                possibly_persisted: false,
            };
            now.tell(Some(event), failed);
            return;
        }
        self.producer.queues[partition].records.push_back(index);
        now.after(self.settings.linger, Command::Flush { partition });
        if !self.producer.deadline_planned {
            self.producer.deadline_planned = true;
            now.after(self.settings.delivery_timeout, Command::Deadline);
        }
    }

    fn choose(&mut self, key: Option<&str>, produce: &Produce) -> usize {
        let count = self.partitions.len();
        if let Some(named) = produce.partition {
            return named.index();
        }
        let hashed = key.and_then(|key| {
            let partitions = i32::try_from(count).unwrap_or(i32::MAX);
            self.producer.partitioner.keyed(key.as_bytes(), partitions)
        });
        hashed.map_or_else(
            || self.producer.rng.next_u31() as usize % count,
            |(partition, _)| partition.index(),
        )
    }
}

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

use super::broker_set::{BrokerSet, name};
use super::cluster::records;
use super::ledger::Record;
use super::log::Sequence;
use super::settings::{Acks, IDEMPOTENT_IN_FLIGHT, LEADER_QUERY};
use super::view::Status;
use super::world::{Command, Now, World, number, offset};
use crate::event::{EventKind, ProduceError, ReplicationEvent};
use crate::ids::{EventId, ProducerId, RecordId, RecordKey};
use crate::partitioner::Partitioner;
use crate::partitioning::{KeyBook, Series};
use crate::rng::Rng;
use crate::scenario::{Produce, Scenario};
use crate::time::{Duration, Instant};
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
    /// What was last told of it.
    pub(super) event: EventId,
}

/// Where a request is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Phase {
    OnItsWay,
    /// The broker has not looked at it yet: it answers a connection's requests one after the other.
    Queued,
    /// The leader has written it, from one offset to before another, and waits for its followers.
    Written {
        from: usize,
        end: usize,
    },
    /// Its answer is on the way: the offset of its first record, or an error.
    Answered(Result<usize, ProduceError>),
}

/// The producer.
#[derive(Clone, Debug)]
pub(super) struct Producer {
    pub(super) id: ProducerId,
    partitioner: Partitioner,
    rng: Rng,
    series: Vec<Arc<Series>>,
    /// Records that actions have asked for so far.
    pub(super) planned: u64,
    queues: Vec<Queue>,
    /// The brokers that answer, as far as the clients know.
    reachable: BrokerSet,
    next_request: u32,
    /// The epoch of an idempotent producer: a new one begins when sequence numbers would have a gap.
    epoch: u32,
    /// It has given up: what it is handed fails.
    fatal: bool,
    /// It is asking who leads.
    refreshing: bool,
    deadline_planned: bool,
}

/// A partition's records that wait, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
struct Queue {
    records: VecDeque<usize>,
    leader: Option<usize>,
    /// What last told who leads.
    event: Option<EventId>,
    next_sequence: u32,
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
            epoch: 0,
            fatal: false,
            refreshing: false,
            deadline_planned: false,
        }
    }

    /// Whether its sequence numbers never had to begin anew.
    pub(super) const fn gave_nothing_up(&self) -> bool {
        self.epoch == 0
    }

    /// The leader that it knows of a partition.
    pub(super) fn leader(&self, partition: usize) -> Option<usize> {
        self.queues[partition].leader
    }

    /// Sequence numbers would have a gap: a new epoch begins, and those that wait are numbered anew.
    fn bump_epoch(&mut self) -> impl Iterator<Item = usize> {
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
        self.go_on(self.producer.series.len() - 1, 0, now);
    }

    /// The application hands over a series' next records.
    pub(super) fn go_on(&mut self, index: usize, from: u32, now: &mut Now<'_, '_>) {
        let series = Arc::clone(&self.producer.series[index]);
        let next = from + series.burst(from);
        for record in from..next {
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
    fn hand_over(&mut self, key: Option<Arc<str>>, produce: &Produce, now: &mut Now<'_, '_>) {
        let index = self.ledger.len();
        let partition = self.choose(key.as_deref(), produce);
        let sent = EventKind::RecordSent {
            producer: self.producer.id.clone(),
            record: RecordId(index as u64),
            topic: self.topic.clone(),
            key: key.as_ref().map(RecordKey::from),
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

    /// Lets a partition's records leave, as far as they may.
    pub(super) fn flush(&mut self, partition: usize, now: &mut Now<'_, '_>) {
        while let Some(broker) = self.producer.queues[partition].leader {
            let batch = self.ready(partition, now.at());
            if batch.is_empty() || !self.producer.reachable.has(broker) {
                return;
            }
            self.send(partition, broker, batch, now);
        }
    }

    /// The records of the batch that may leave now.
    fn ready(&self, partition: usize, now: Instant) -> Vec<usize> {
        let queue = &self.producer.queues[partition].records;
        let Some(head) = queue.front().map(|head| self.ledger.get(*head)) else {
            return Vec::new();
        };
        let most = self.settings.batch_records;
        let lingers =
            head.attempts == 0 && head.sent_at + self.settings.linger > now && queue.len() < most;
        let repeated = head.sequence.is_some();
        if lingers || self.settings.idempotent && !self.may_send_idempotent(partition, repeated) {
            return Vec::new();
        }
        let fits = |record: &&usize| {
            let record = self.ledger.get(**record);
            // An idempotent producer repeats a batch exactly as it was.
            let same_batch =
                record.sequence.is_some() == repeated && (!repeated || record.batch == head.batch);
            record.backoff_until <= now && same_batch
        };
        queue.iter().take_while(fits).take(most).copied().collect()
    }

    /// Five requests at most, and before a batch is repeated none.
    fn may_send_idempotent(&self, partition: usize, repeated: bool) -> bool {
        let in_flight = self
            .requests
            .iter()
            .filter(|request| request.partition == partition)
            .count();
        if repeated {
            // Those before it are through, those after it have failed and wait behind it.
            let queue = &self.producer.queues[partition].records;
            in_flight == 0
                || self.requests.iter().all(|request| {
                    request.partition != partition || request.records.first() < queue.front()
                })
        } else {
            in_flight < IDEMPOTENT_IN_FLIGHT
        }
    }

    /// A batch leaves.
    fn send(&mut self, partition: usize, broker: usize, batch: Vec<usize>, now: &mut Now<'_, '_>) {
        let id = self.producer.next_request;
        self.producer.next_request += 1;
        let queue = &mut self.producer.queues[partition];
        queue.records.drain(..batch.len());
        let mut cause = queue.event;
        for record in &batch {
            let sequence = self.settings.idempotent.then_some(Sequence {
                epoch: self.producer.epoch,
                number: queue.next_sequence,
            });
            let known = self.ledger.get(*record);
            cause = cause.max(Some(known.event));
            if sequence.is_some() && known.sequence.is_none() {
                queue.next_sequence += 1;
            }
            self.ledger.change(*record, |record| {
                record.status = Status::InFlight;
                record.attempts += 1;
                record.batch = id;
                record.sequence = record.sequence.or(sequence);
            });
        }
        let first = self.ledger.get(batch[0]);
        let (attempt, sequence) = (first.attempts, first.sequence);
        let sent = ReplicationEvent::BatchSent {
            partition: number(partition),
            broker: name(broker),
            records: records(&batch),
            attempt,
        };
        let event = now.tell(cause, sent);
        let acks = self.settings.acks;
        if acks == Acks::None {
            self.acknowledge(partition, &batch, None, event, now);
        }
        self.requests.push(Request {
            id,
            partition,
            broker,
            acks,
            records: batch,
            sequence,
            sent_at: now.at(),
            attempt,
            phase: Phase::OnItsWay,
            event,
        });
        let command = Command::ProduceArrives { request: id };
        now.after(self.settings.latency, command);
    }

    /// The delivery report of records that are written, or are taken to be.
    fn acknowledge(
        &mut self,
        partition: usize,
        written: &[usize],
        first: Option<usize>,
        cause: EventId,
        now: &mut Now<'_, '_>,
    ) {
        let event = ReplicationEvent::RecordsAcknowledged {
            partition: number(partition),
            records: records(written),
            offset: first.map(offset),
        };
        let event = now.tell(Some(cause), event);
        for record in written {
            self.ledger.change(*record, |record| {
                record.status = Status::Acknowledged;
                record.event = event;
            });
        }
    }

    /// The answer to a request arrives.
    pub(super) fn produce_answered(&mut self, id: u32, now: &mut Now<'_, '_>) {
        let Some(request) = self.take_request(id) else {
            return;
        };
        let Phase::Answered(result) = request.phase else {
            return;
        };
        let mut open = request.records;
        open.retain(|record| self.is_open(*record));
        match result {
            _ if open.is_empty() => {
                // Nobody waits for it; but with `acks=0` a broken connection is all that tells of an error.
                if result.is_err() {
                    self.refresh(now);
                }
            }
            Ok(first) => {
                self.acknowledge(request.partition, &open, Some(first), request.event, now);
            }
            Err(ProduceError::OutOfOrderSequenceNumber)
                if self.is_head(request.partition, open[0]) =>
            {
                self.give_up(request.event, open[0], now);
            }
            Err(error) => self.retry(request.partition, &open, error, request.event, now),
        }
        self.flush(request.partition, now);
    }

    /// Whether no older record of the partition waits for its delivery report.
    fn is_head(&self, partition: usize, record: usize) -> bool {
        let queued = self.producer.queues[partition].records.front();
        let mut sent = self
            .requests
            .iter()
            .filter(|request| request.partition == partition);
        queued.is_none_or(|queued| *queued > record)
            && sent.all(|request| request.records[0] > record)
    }

    /// Puts records back in their queue, for another attempt.
    fn retry(
        &mut self,
        partition: usize,
        again: &[usize],
        error: ProduceError,
        cause: EventId,
        now: &mut Now<'_, '_>,
    ) {
        // A leader that was not one has written nothing: that attempt does not count.
        let counts = error != ProduceError::NotLeaderForPartition;
        let retries = self.ledger.get(again[0]).retries + u32::from(counts);
        let backoff = self.settings.backoff(retries);
        let event = ReplicationEvent::BatchFailed {
            partition: number(partition),
            records: records(again),
            error,
            backoff,
        };
        let event = now.tell(Some(cause), event);
        let queue = &mut self.producer.queues[partition].records;
        for record in again {
            self.ledger.change(*record, |record| {
                record.status = Status::Retrying(error);
                record.retries = retries;
                record.possibly_persisted |= error.is_possibly_persisted();
                record.backoff_until = now.at() + backoff;
                record.event = event;
            });
            let place = queue.partition_point(|waiting| waiting < record);
            queue.insert(place, *record);
        }
        now.after(backoff, Command::Flush { partition });
        if error.asks_who_leads() {
            self.refresh(now);
        }
    }

    /// Records were not delivered within `delivery.timeout.ms`.
    pub(super) fn deadline(&mut self, now: &mut Now<'_, '_>) {
        let timeout = self.settings.delivery_timeout;
        let (overdue, next) = self.ledger.overdue(timeout, now.at());
        self.producer.deadline_planned = next.is_some();
        if let Some(next) = next {
            now.after(next - now.at(), Command::Deadline);
        }
        self.fail(&overdue, ProduceError::MsgTimedOut, None, now);
        for broker in 0..self.brokers.len() {
            self.hang_up(broker, now);
        }
    }

    /// A request that timed out makes the producer break the connection (`socket.max.fails=1`): the broker never looks at
    /// those behind it.
    fn hang_up(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        let timed_out = |request: &Request| {
            request.broker == broker
                && request.acks != Acks::None
                && !self.is_open(request.records[0])
        };
        let Some(cause) = self
            .requests
            .iter()
            .find(|request| timed_out(request))
            .map(|request| self.ledger.get(request.records[0]).event)
        else {
            return;
        };
        let (broken, others) = std::mem::take(&mut self.requests)
            .into_iter()
            .partition(|request| request.broker == broker);
        self.requests = others;
        for request in broken {
            let mut open = request.records;
            open.retain(|record| self.is_open(*record));
            if !open.is_empty() {
                let error = ProduceError::Transport;
                self.retry(request.partition, &open, error, cause, now);
            }
        }
    }

    /// An idempotent producer finds that the log lost what it had written: no order can be promised any more.
    fn give_up(&mut self, cause: EventId, first: usize, now: &mut Now<'_, '_>) {
        self.producer.fatal = true;
        let open: Vec<usize> = (first..self.ledger.len())
            .filter(|record| self.is_open(*record))
            .collect();
        self.fail(
            &open,
            ProduceError::OutOfOrderSequenceNumber,
            Some(cause),
            now,
        );
    }

    /// The delivery report of records that are given up, those that follow each other with the same outcome at once.
    fn fail(
        &mut self,
        failed: &[usize],
        error: ProduceError,
        cause: Option<EventId>,
        now: &mut Now<'_, '_>,
    ) {
        let outcome = |record: &usize| {
            let record = self.ledger.get(*record);
            let on_its_way = record.status == Status::InFlight;
            (record.partition, record.possibly_persisted || on_its_way)
        };
        let outcomes: Vec<_> = failed.iter().map(outcome).collect();
        let mut from = 0;
        let mut gap = false;
        for same in outcomes.chunk_by(PartialEq::eq) {
            let chunk = &failed[from..from + same.len()];
            from += same.len();
            let (partition, possibly_persisted) = same[0];
            let last = self.ledger.get(chunk[chunk.len() - 1]).event;
            let event = ReplicationEvent::RecordsFailed {
                partition: number(partition),
                records: records(chunk),
                error,
                possibly_persisted,
            };
            let event = now.tell(cause.or(Some(last)), event);
            for record in chunk {
                self.ledger.change(*record, |record| {
                    record.event = event;
                    record.status = if possibly_persisted {
                        Status::Unknown(error)
                    } else {
                        Status::Refused(error)
                    };
                    gap |= record.sequence.is_some();
                });
            }
            let queue = &mut self.producer.queues[partition].records;
            queue.retain(|record| chunk.binary_search(record).is_err());
        }
        if gap {
            for record in self.producer.bump_epoch() {
                self.ledger.change(record, |record| record.sequence = None);
            }
        }
    }

    /// The connections to a broker break.
    pub(super) fn disconnected(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        if !self.brokers[broker].serving {
            self.producer.reachable = self.producer.reachable.without(broker);
            self.stop_reading(broker);
            self.refresh(now);
        }
    }

    /// The clients ask who leads, unless they are asking.
    fn refresh(&mut self, now: &mut Now<'_, '_>) {
        if !self.producer.refreshing {
            self.producer.refreshing = true;
            now.after(Duration(0), Command::Refresh);
        }
    }

    /// The clients are told who leads, by any broker that answers; they ask again while a leader is missing or dead.
    pub(super) fn refreshed(&mut self, now: &mut Now<'_, '_>) {
        self.producer.refreshing = false;
        let serving = (0..self.brokers.len()).filter(|broker| self.brokers[*broker].serving);
        self.producer.reachable = serving.fold(BrokerSet::default(), BrokerSet::with);
        let mut satisfied = !self.producer.reachable.is_empty();
        for partition in 0..self.partitions.len() {
            let part = &self.partitions[partition];
            let leader = part.registration.leader;
            if satisfied && self.producer.queues[partition].leader != leader {
                self.producer.queues[partition].leader = leader;
                let event = ReplicationEvent::MetadataRefreshed {
                    partition: number(partition),
                    leader: leader.map(name),
                };
                let event = now.tell(part.event, event);
                self.producer.queues[partition].event = Some(event);
            }
            let known = self.producer.queues[partition].leader;
            match known.filter(|leader| self.producer.reachable.has(*leader)) {
                Some(leader) => {
                    self.read_from(partition, leader, now);
                    self.flush(partition, now);
                }
                None => satisfied = false,
            }
        }
        if !satisfied {
            self.producer.refreshing = true;
            now.after(LEADER_QUERY, Command::Refresh);
        }
    }
}

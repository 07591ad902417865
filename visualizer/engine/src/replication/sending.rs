//! Batches leave: which records go together, when, and in what order.

use super::broker_set::name;
use super::cluster::records;
use super::log::Sequence;
use super::process::Process;
use super::producer::{Phase, Request};
use super::settings::{Acks, IDEMPOTENT_IN_FLIGHT};
use super::view::Status;
use super::world::{Command, Now, World, number};
use crate::event::ReplicationEvent;
use crate::time::Instant;

impl World {
    /// Lets a partition's records leave, as far as they may.
    pub(super) fn flush(&mut self, partition: usize, now: &mut Now<'_, '_>) {
        if self.producer.process != Process::Running {
            return;
        }
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
            .filter(|request| request.partition == partition && self.is_awaited(request))
            .count();
        if repeated {
            // Those before it are through, those after it have failed and wait behind it.
            let queue = &self.producer.queues[partition].records;
            in_flight == 0
                || self.requests.iter().all(|request| {
                    request.partition != partition
                        || !self.is_awaited(request)
                        || request.records.first() < queue.front()
                })
        } else {
            in_flight < IDEMPOTENT_IN_FLIGHT
        }
    }

    /// Whether somebody waits for a request's answer: the process that sent it still lives, and its connection too.
    pub(super) fn is_awaited(&self, request: &Request) -> bool {
        !request.hung_up && self.ledger.get(request.records[0]).status != Status::Unreported
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
                producer: self.producer.process_id,
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
            hung_up: false,
            event,
        });
        if self.is_stopped(broker, now.at()) {
            self.plan_request_timeout(id, now.at(), now);
        }
        let command = Command::ProduceArrives { request: id };
        now.after(self.settings.latency, command);
    }
}

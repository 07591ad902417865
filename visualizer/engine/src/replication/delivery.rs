//! What becomes of batches that left: acknowledged, sent again, or given up. Each record has one delivery report in the end.

use super::cluster::records;
use super::process::Process;
use super::producer::{Phase, Request};
use super::settings::Acks;
use super::view::Status;
use super::world::{Command, Now, World, number, offset};
use crate::event::{ProduceError, ReplicationEvent};
use crate::ids::EventId;

impl World {
    /// The delivery report of records that are written, or are taken to be.
    pub(super) fn acknowledge(
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
        if request.hung_up {
            return;
        }
        let mut open = request.records;
        open.retain(|record| self.is_open(*record));
        match result {
            _ if open.is_empty() => {
                // Nobody waits for it; but with `acks=0` a broken connection is all that tells of an error.
                if result.is_err() && self.producer.process == Process::Running {
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
            .filter(|request| request.partition == partition && self.is_awaited(request));
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
            if let Some(cause) = self.overdue_at(broker) {
                self.hang_up(broker, ProduceError::Transport, cause, now);
            }
        }
    }

    /// What told of the failure of a record for which the producer still waits at this broker.
    fn overdue_at(&self, broker: usize) -> Option<EventId> {
        let timed_out = |request: &Request| {
            request.broker == broker
                && request.acks != Acks::None
                && self.is_awaited(request)
                && !self.is_open(request.records[0])
        };
        let mut requests = self.requests.iter();
        requests
            .find(|request| timed_out(request))
            .map(|request| self.ledger.get(request.records[0]).event)
    }

    /// A request that timed out makes the producer break the connection (`socket.max.fails=1`): the broker never looks at
    /// those behind it, a stopped one at those behind the first.
    pub(super) fn hang_up(
        &mut self,
        broker: usize,
        error: ProduceError,
        cause: EventId,
        now: &mut Now<'_, '_>,
    ) {
        let (broken, others): (Vec<_>, _) = std::mem::take(&mut self.requests)
            .into_iter()
            .partition(|request| request.broker == broker);
        self.requests = others;
        let mut in_socket = self.is_stopped(broker, now.at());
        for mut request in broken {
            let mut open = request.records.clone();
            open.retain(|record| self.is_open(*record));
            if !open.is_empty() && self.is_awaited(&request) {
                self.retry(request.partition, &open, error, cause, now);
            }
            if in_socket && matches!(request.phase, Phase::OnItsWay) {
                in_socket = false;
                request.hung_up = true;
                let place = self.requests.partition_point(|other| other.id < request.id);
                self.requests.insert(place, request);
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
}

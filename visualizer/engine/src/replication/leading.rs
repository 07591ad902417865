//! What a leader does with produce requests: refuse, write, wait for the followers, answer.
//!
//! `acks=0` gets no answer, `acks=1` one as soon as the leader has written, `acks=all` one when the high watermark has passed
//! the records. `min.insync.replicas` counts for `acks=all` only, but since KIP-966 the high watermark does not move while the
//! ISR is smaller: then what `acks=1` has written is acknowledged and yet hidden from consumers.
//!
//! A broker looks at a connection's next request only when it has answered the one before: behind a batch that waits for its
//! followers, the others are not even written.

use super::broker_set::name;
use super::cluster::records;
use super::ledger::Record;
use super::log::{Entry, Sequence};
use super::producer::{Phase, Request};
use super::settings::Acks;
use super::world::{Command, Now, World, number, offset};
use crate::event::{EventKind, ProduceError, ReplicationEvent};
use crate::ids::{EventId, RecordId};
use crate::shared_list::SharedList;
use crate::time::{Duration, Instant};

/// What a leader thinks of a batch of an idempotent producer.
enum Known {
    New,
    /// It was written already, from this offset on.
    Duplicate(usize),
    OutOfOrder,
}

impl World {
    /// A request reaches its broker.
    pub(super) fn produce_arrives(&mut self, id: u32, now: &mut Now<'_, '_>) {
        let Some(at) = self.request(id) else { return };
        let request = &self.requests[at];
        let (partition, broker) = (request.partition, request.broker);
        if matches!(request.phase, Phase::Answered(_)) {
            return;
        }
        if !self.brokers[broker].serving {
            self.answer(at, Err(ProduceError::Transport), None, now);
            return;
        }
        let mut before = self.requests[..at].iter();
        if before
            .any(|other| other.broker == broker && !other.hung_up && other.phase.is_at_broker())
        {
            self.requests[at].phase = Phase::Queued;
            return;
        }
        let replica = &self.partitions[partition].replicas[broker];
        let Some(leadership) = replica.leadership() else {
            let cause = self.partitions[partition].event;
            self.answer(at, Err(ProduceError::NotLeaderForPartition), cause, now);
            return;
        };
        if request.acks == Acks::All && leadership.isr.len() < self.settings.min_isr {
            let cause = self.partitions[partition].event;
            self.answer(at, Err(ProduceError::NotEnoughReplicas), cause, now);
            return;
        }
        match request.sequence.map_or(Known::New, |sequence| {
            recognise(&replica.log.entries, sequence)
        }) {
            Known::New => {}
            Known::Duplicate(from) => {
                let event = ReplicationEvent::DuplicateRecognised {
                    partition: number(partition),
                    broker: name(broker),
                    records: records(&request.records),
                };
                let event = now.tell(Some(request.event), event);
                let end = from + request.records.len();
                self.requests[at].event = event;
                self.acknowledge_or_wait(at, from, end, now);
                return;
            }
            Known::OutOfOrder => {
                let cause = self.partitions[partition].event;
                self.answer(at, Err(ProduceError::OutOfOrderSequenceNumber), cause, now);
                return;
            }
        }
        let from = replica.log.end();
        let appended = self.append(at, now);
        let end = from + self.requests[at].records.len();
        self.advance(partition, broker, Some(appended), now);
        self.acknowledge_or_wait(at, from, end, now);
        self.release_fetches(partition, broker, now);
    }

    /// The leader writes a request's records.
    fn append(&mut self, at: usize, now: &mut Now<'_, '_>) -> EventId {
        let request = &self.requests[at];
        let part = &mut self.partitions[request.partition];
        let counts = part.authority == request.broker;
        let epoch = part.registration.epoch;
        let replica = &mut part.replicas[request.broker];
        let epoch = replica
            .leadership()
            .map_or(epoch, |leadership| leadership.epoch);
        let mut last = request.event;
        for (place, &index) in request.records.iter().enumerate() {
            let record = self.ledger.get(index);
            let appended = EventKind::RecordAppended {
                topic: self.topic.clone(),
                partition: number(request.partition),
                offset: offset(replica.log.end()),
                key: record.key.clone(),
                size_bytes: record.size,
                record: Some(RecordId(index as u64)),
            };
            last = now.story.tell(Some(request.event), appended);
            replica.log.append(Entry {
                record: index,
                epoch,
                sequence: request.sequence.map(|first| Sequence {
                    number: first.number + u32::try_from(place).unwrap_or(0),
                    ..first
                }),
            });
            if counts {
                self.ledger.change(index, |record| record.kept += 1);
            }
        }
        replica.event = Some(last);
        last
    }

    /// Answers a request whose records are written up to `end`, or keeps it until the followers have them.
    fn acknowledge_or_wait(&mut self, at: usize, from: usize, end: usize, now: &mut Now<'_, '_>) {
        let request = &mut self.requests[at];
        let replica = &self.partitions[request.partition].replicas[request.broker];
        let cause = Some(request.event);
        if request.acks != Acks::All {
            self.answer(at, Ok(from), replica.event.max(cause), now);
        } else if replica.log.high_watermark >= end {
            self.answer(at, Ok(from), replica.committed.max(cause), now);
        } else {
            let until = now.at() + self.settings.request_timeout;
            request.phase = Phase::Written { from, end, until };
            let broker = request.broker;
            self.plan_produce_expiry(broker, until, now);
        }
    }

    fn plan_produce_expiry(&mut self, broker: usize, until: Instant, now: &mut Now<'_, '_>) {
        let command = Command::ProduceExpires { broker };
        now.set(&mut self.brokers[broker].produce_expiry, until, command);
    }

    /// Lets the high watermark move as far as the followers allow, and answers who waited for that.
    pub(super) fn advance(
        &mut self,
        partition: usize,
        leader: usize,
        cause: Option<EventId>,
        now: &mut Now<'_, '_>,
    ) {
        let at = self.circumstances(now.at());
        let part = &mut self.partitions[partition];
        let followers = part.registration.replicas.iter().copied();
        let followers = followers.filter(|broker| *broker != leader);
        let replica = &part.replicas[leader];
        let Some(leadership) = replica.leadership() else {
            return;
        };
        let from = replica.log.high_watermark;
        let to = leadership.high_watermark(replica.log.end(), followers, at);
        let enough = self.settings.min_isr <= leadership.maximal_isr().len();
        let Some(to) = to.filter(|to| *to > from) else {
            return;
        };
        let replica = &mut part.replicas[leader];
        replica.set_high_watermark(to, now.at());
        let event = ReplicationEvent::HighWatermarkAdvanced {
            partition: number(partition),
            broker: name(leader),
            from: offset(from),
            to: offset(to),
        };
        let event = now.tell(cause, event);
        replica.committed = Some(event);
        for at in 0..self.requests.len() {
            let request = &self.requests[at];
            if let Phase::Written { from, end, .. } = request.phase
                && request.partition == partition
                && request.broker == leader
                && end <= to
            {
                let result = if enough {
                    Ok(from)
                } else {
                    Err(ProduceError::NotEnoughReplicasAfterAppend)
                };
                self.answer(at, result, Some(event), now);
            }
        }
        self.serve(partition, now);
    }

    /// The followers may not have replicated a request's records within `request.timeout.ms`.
    pub(super) fn produce_expires(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        if !self.brokers[broker].produce_expiry.rings(now.at()) {
            return;
        }
        for at in 0..self.requests.len() {
            let request = &self.requests[at];
            let Phase::Written { until, .. } = request.phase else {
                continue;
            };
            if request.broker != broker {
                continue;
            }
            if until > now.at() {
                self.plan_produce_expiry(broker, until, now);
            } else {
                let cause = self.partitions[request.partition].event;
                self.answer(at, Err(ProduceError::RequestTimedOut), cause, now);
            }
        }
    }

    /// A broker no longer leads: who waits for it is told so.
    pub(super) fn resign(&mut self, partition: usize, broker: usize, now: &mut Now<'_, '_>) {
        let cause = self.partitions[partition].event;
        for at in 0..self.requests.len() {
            let request = &self.requests[at];
            let waits = matches!(request.phase, Phase::Written { .. });
            if waits && request.partition == partition && request.broker == broker {
                self.answer(at, Err(ProduceError::NotLeaderForPartition), cause, now);
            }
        }
        self.release_fetches(partition, broker, now);
    }

    /// A broker died: the requests that it had not answered fail.
    pub(super) fn break_requests(&mut self, broker: usize, cause: EventId, now: &mut Now<'_, '_>) {
        for at in 0..self.requests.len() {
            let request = &self.requests[at];
            if request.broker == broker && request.phase.is_at_broker() {
                self.answer(at, Err(ProduceError::Transport), Some(cause), now);
            }
        }
    }

    /// The answer to a request leaves, or the news that there will be none.
    fn answer(
        &mut self,
        at: usize,
        result: Result<usize, ProduceError>,
        cause: Option<EventId>,
        now: &mut Now<'_, '_>,
    ) {
        let request = &mut self.requests[at];
        request.phase = Phase::Answered(result);
        // The latest of the two explains the answer.
        request.event = cause.map_or(request.event, |cause| cause.max(request.event));
        let (request, broker) = (request.id, request.broker);
        now.after(self.settings.latency, Command::ProduceAnswered { request });
        let next = self
            .requests
            .iter()
            .find(|other| other.broker == broker && matches!(other.phase, Phase::Queued));
        if let Some(next) = next {
            now.after(Duration(0), Command::ProduceArrives { request: next.id });
        }
    }

    pub(super) fn request(&self, id: u32) -> Option<usize> {
        self.requests
            .binary_search_by_key(&id, |request: &Request| request.id)
            .ok()
    }

    /// Takes a request whose answer arrived.
    pub(super) fn take_request(&mut self, id: u32) -> Option<Request> {
        self.request(id).map(|at| self.requests.remove(at))
    }

    /// Whether a record's delivery is still open.
    pub(super) fn is_open(&self, record: usize) -> bool {
        !Record::is_final(self.ledger.get(record))
    }
}

impl Phase {
    /// Whether the broker has it, and has not answered.
    const fn is_at_broker(self) -> bool {
        matches!(self, Self::Queued | Self::Written { .. })
    }
}

/// Compares a batch's first sequence number with what the log holds of its producer: `ProducerAppendInfo.checkSequence`.
fn recognise(entries: &SharedList<Entry>, first: Sequence) -> Known {
    let (mut unknown, mut new_epoch) = (true, true);
    for (place, entry) in (0..entries.len()).rev().zip(entries.iter().rev()) {
        let same_producer = |known: &Sequence| known.producer == first.producer;
        let Some(sequence) = entry.sequence.filter(same_producer) else {
            continue;
        };
        unknown = false;
        if sequence.epoch < first.epoch {
            break;
        }
        new_epoch = false;
        if sequence == first {
            return Known::Duplicate(place);
        }
        if sequence.number < first.number {
            return if sequence.number + 1 == first.number {
                Known::New
            } else {
                Known::OutOfOrder
            };
        }
    }
    // A producer of whom nothing is known may begin anywhere, a new epoch only at 0.
    if unknown || new_epoch && first.number == 0 {
        Known::New
    } else {
        Known::OutOfOrder
    }
}

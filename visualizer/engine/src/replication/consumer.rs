//! The consumer reads what is committed: its fetches end at the leader's high watermark.
//!
//! It runs beside the producer and knows the same leaders. When a leader is new, it first asks where its position's epoch ends
//! there (KIP-320): if that is before its position, what it had read no longer exists, and it goes back.

use super::broker_set::name;
use super::world::{Command, Now, World, number, offset};
use crate::event::ReplicationEvent;
use crate::ids::EventId;
use crate::time::Duration;

/// The consumer's place in a partition.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    pub(super) offset: usize,
    /// The leader epoch of the last record read.
    epoch: Option<i32>,
    /// The leader that it reads from.
    pub(super) leader: Option<usize>,
    /// Grows with each leader: answers of the previous one are of no interest.
    pub(super) number: u32,
    /// The leader keeps a fetch, to answer when there is something.
    kept: bool,
    /// What moved the high watermark that it reads up to.
    cause: Option<EventId>,
}

impl World {
    /// The consumer knows a leader, old or new, that answers.
    pub(super) fn read_from(&mut self, partition: usize, leader: usize, now: &mut Now<'_, '_>) {
        let position = &mut self.consumer[partition];
        if position.leader == Some(leader) {
            return;
        }
        position.leader = Some(leader);
        position.number += 1;
        position.kept = false;
        let number = position.number;
        let command = Command::Validated { partition, number };
        now.after(Duration(2 * self.settings.latency.0), command);
        self.plan_read_timeout(partition, now);
    }

    /// The consumer's connection broke.
    pub(super) fn stop_reading(&mut self, broker: usize) {
        for position in &mut self.consumer {
            if position.leader == Some(broker) {
                position.leader = None;
                position.kept = false;
            }
        }
    }

    pub(super) fn validated(&mut self, partition: usize, serial: u32, now: &mut Now<'_, '_>) {
        let position = &mut self.consumer[partition];
        let (Some(leader), true) = (position.leader, position.number == serial) else {
            return;
        };
        let part = &self.partitions[partition];
        let log = &part.replicas[leader].log;
        if let Some((_, end)) = log.divergence(position.epoch, position.offset) {
            let event = ReplicationEvent::PositionTruncated {
                partition: number(partition),
                from: offset(position.offset),
                to: offset(end),
            };
            now.tell(part.event, event);
            position.offset = end;
            let last = end.checked_sub(1).and_then(|last| log.entries.get(last));
            position.epoch = last.map(|entry| entry.epoch);
        }
        self.ask(partition, now);
    }

    fn ask(&self, partition: usize, now: &mut Now<'_, '_>) {
        let number = self.consumer[partition].number;
        now.after(
            self.settings.latency,
            Command::Consume { partition, number },
        );
    }

    /// The leader receives the consumer's fetch.
    pub(super) fn consume(&mut self, partition: usize, number: u32, now: &mut Now<'_, '_>) {
        if self.consumer[partition].number == number {
            self.consumer[partition].kept = true;
            self.serve(partition, now);
        }
    }

    /// The leader answers the consumer's fetch, if it has something that is committed.
    pub(super) fn serve(&mut self, partition: usize, now: &mut Now<'_, '_>) {
        let position = &mut self.consumer[partition];
        let Some(leader) = position.leader.filter(|_| position.kept) else {
            return;
        };
        let part = &self.partitions[partition];
        let replica = &part.replicas[leader];
        let to = replica.log.high_watermark;
        if replica.leadership().is_none() || to <= position.offset {
            return;
        }
        position.kept = false;
        position.cause = replica.committed.or(part.event);
        let command = Command::Consumed {
            partition,
            number: position.number,
            to,
        };
        now.after(self.settings.latency, command);
    }

    pub(super) fn consumed(
        &mut self,
        partition: usize,
        serial: u32,
        to: usize,
        now: &mut Now<'_, '_>,
    ) {
        let position = &mut self.consumer[partition];
        let (Some(leader), true) = (position.leader, position.number == serial) else {
            return;
        };
        let log = &self.partitions[partition].replicas[leader].log;
        let from = position.offset;
        if !(from..=log.end()).contains(&to) {
            return;
        }
        for entry in log.entries.iter_from(from).take(to - from) {
            self.ledger
                .change(entry.record, |record| record.consumed = true);
        }
        position.offset = to;
        let last = to.checked_sub(1).and_then(|last| log.entries.get(last));
        position.epoch = last.filter(|_| to > from).map(|entry| entry.epoch);
        let event = ReplicationEvent::RecordsConsumed {
            partition: number(partition),
            broker: name(leader),
            from: offset(from),
            to: offset(to),
        };
        now.tell(position.cause, event);
        self.ask(partition, now);
    }
}

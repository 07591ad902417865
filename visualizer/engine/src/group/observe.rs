//! The world as drawings need it, and what may be asked of it.

use super::consumer::Application;
use super::coordinator::Coordinator;
use super::network::Content;
use super::world::GroupWorld;
use super::{
    ConsumerView, CoordinatorView, Counters, Fate, GroupView, HandlerStep, InHand, MemberView,
    MessageView, PartitionView, RecordView, Span,
};
use crate::time::{Duration, Instant};

impl GroupWorld {
    pub(super) fn observe(&self, now: Instant) -> GroupView {
        GroupView {
            now,
            protocol: self.settings.protocol,
            coordinator: self.observe_coordinator(),
            topics: self.topics.clone(),
            partitions: (0..self.partitions.len())
                .map(|slot| self.observe_partition(slot, now))
                .collect(),
            consumers: (0..self.consumers.len())
                .map(|consumer| self.observe_consumer(consumer, now))
                .collect(),
            messages: self
                .network
                .iter()
                .map(|message| MessageView {
                    consumer: message.consumer,
                    request: message.request,
                    answer: matches!(message.content, Content::Answer { .. }),
                    from: message.from,
                    to: message.to,
                })
                .collect(),
            counters: self.counters(),
            breaches: self.breaches.clone(),
        }
    }

    pub(super) fn observe_coordinator(&self) -> CoordinatorView {
        let members = self
            .coordinator
            .entries()
            .into_iter()
            .map(|entry| MemberView {
                consumer: entry.consumer,
                id: entry.id.clone(),
                epoch: entry.epoch,
                state: entry.state,
                awaited: entry.awaited,
                last_heartbeat: entry.heard,
                session_ends: entry.expires,
                assigned: entry.assigned.to_vec(),
                target: entry.target.to_vec(),
                pending_revocation: entry.revoking.to_vec(),
            })
            .collect();
        let state = self.coordinator.state();
        match &self.coordinator {
            Coordinator::Classic(classic) => CoordinatorView {
                state,
                epoch: classic.generation,
                assignment_epoch: classic.generation,
                leader: classic
                    .members
                    .iter()
                    .find(|member| Some(member.number) == classic.leader)
                    .map(|member| member.consumer),
                rebalance_until: classic.until,
                rebalancing_since: classic.since,
                rebalances: classic.rebalances,
                members,
            },
            Coordinator::Modern(modern) => CoordinatorView {
                state,
                epoch: modern.epoch,
                assignment_epoch: modern.assignment_epoch,
                leader: None,
                rebalance_until: None,
                rebalancing_since: modern.since,
                rebalances: modern.epoch.cast_unsigned(),
                members,
            },
        }
    }

    pub(super) fn observe_partition(&self, slot: usize, now: Instant) -> PartitionView {
        let one = &self.partitions[slot];
        let holding = one.history.now();
        let reading = holding
            .consumer
            .and_then(|consumer| self.consumers[consumer].reading(slot));
        PartitionView {
            topic: self.places[slot].topic,
            partition: self.places[slot].partition,
            log_end: one.log.end(),
            committed: one.log.committed,
            position: reading.map(|reading| reading.position),
            stored: reading.and_then(|reading| {
                if self.settings.java {
                    Some(reading.position)
                } else {
                    reading.stored
                }
            }),
            now: holding,
            downtime: one.history.downtime(now),
            counters: one.log.counters,
        }
    }

    fn observe_consumer(&self, consumer: usize, now: Instant) -> ConsumerView {
        let one = &self.consumers[consumer];
        let member = one.member.is_some();
        let mut in_hand: Vec<InHand> = one
            .workers
            .iter()
            .flatten()
            .map(|work| InHand {
                partition: work.slot,
                offset: work.offset,
                since: work.since,
                until: work.until,
            })
            .collect();
        if let Application::CommitBefore { slot, offset } = one.application {
            in_hand.push(InHand {
                partition: slot,
                offset,
                since: now,
                until: now,
            });
        }
        ConsumerView {
            name: one.name.clone(),
            instance: one.instance.as_deref().map(String::from),
            life: one.life,
            starts: one.incarnation,
            member: one.id.clone().filter(|_| member),
            epoch: one.generation,
            rebalancing: one.runs()
                && (one.phase != super::consumer::Phase::Steady || one.callback.is_some()),
            owned: one.owned.clone(),
            step: self.handler_step(consumer),
            in_hand,
            pool_waiting: u32::try_from(one.pool.len()).unwrap_or(u32::MAX),
            fetched_waiting: one.waiting(),
            last_poll: one.last_poll,
            max_poll_ends: one.last_poll + self.settings.max_poll_interval,
            next_heartbeat: (member && one.phase == super::consumer::Phase::Steady)
                .then_some(one.next_heartbeat),
            next_auto_commit: (self.settings.auto_commit && one.runs())
                .then_some(one.next_auto_commit),
            received: one.received,
            processed: one.processed,
            processing_time: one.processing.unwrap_or(self.settings.processing),
        }
    }

    fn handler_step(&self, consumer: usize) -> HandlerStep {
        self.consumers[consumer].step
    }

    /// What has become of all records.
    pub fn counters(&self) -> Counters {
        let mut sum = Counters::default();
        for partition in &self.partitions {
            let one = &partition.log.counters;
            sum.waiting += one.waiting;
            sum.in_flight += one.in_flight;
            sum.once += one.once;
            sum.replayed += one.replayed;
            sum.lost += one.lost;
            sum.skipped += one.skipped;
            sum.replays += one.replays;
        }
        sum
    }

    /// Who held a partition from when to when, oldest first; a partition is named by its place.
    pub fn ownership(&self, partition: usize) -> &[Span] {
        self.partitions
            .get(partition)
            .map_or(&[], |one| one.history.spans())
    }

    /// Time without an owner able to read, over all partitions, each since it was first owned.
    pub fn downtime(&self, now: Instant) -> Duration {
        let total = self
            .partitions
            .iter()
            .map(|one| one.history.downtime(now).0)
            .sum();
        Duration(total)
    }

    /// Records `from..to` of a partition.
    pub fn records(&self, partition: usize, from: u64, to: u64) -> Vec<RecordView> {
        self.partitions
            .get(partition)
            .map_or_else(Vec::new, |one| one.log.views(from, to))
    }

    /// What has become of a record; `None` if there is none at this offset.
    pub fn fate(&self, partition: usize, offset: u64) -> Option<Fate> {
        self.records(partition, offset, offset + 1)
            .first()
            .map(|record| record.fate)
    }

    /// The keys seen, in the order in which [`RecordView::key`] counts them.
    pub fn keys(&self) -> Vec<&str> {
        self.keys.iter().map(|key| &**key).collect()
    }

    /// The instants, what the coordinator waits for and the settings aside: whether every record is counted once.
    pub fn every_record_is_counted(&self) -> bool {
        self.partitions.iter().all(|one| {
            let counted = one.log.counters;
            let sum = counted.waiting
                + counted.in_flight
                + counted.once
                + counted.replayed
                + counted.lost
                + counted.skipped;
            sum == one.log.end() && counted == one.log.recount()
        })
    }
}

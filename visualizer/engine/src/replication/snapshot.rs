//! The view of the world at an instant.

use super::broker_set::name;
use super::log::Entry;
use super::process::Process;
use super::producer::Phase;
use super::settings::Acks;
use super::view::{
    BrokerState, BrokerView, ConsumerView, PartitionView, ProducerState, ProducerView,
    RECENT_RECORDS, RecordView, ReplicaView, RequestView, Role as RoleView, SentView, View,
};
use super::world::{Broker, Partition, Role, World, number, offset};
use crate::ids::RecordId;
use crate::shared_list::SharedList;
use crate::time::Instant;

impl World {
    pub(super) fn snapshot(&self, now: Instant) -> View {
        View {
            now,
            topic: self.topic.clone(),
            min_insync_replicas: u32::try_from(self.settings.min_isr).unwrap_or(u32::MAX),
            brokers: (0..self.brokers.len())
                .map(|broker| self.broker_view(broker, now))
                .collect(),
            partitions: (0..self.partitions.len())
                .map(|partition| self.partition_view(partition))
                .collect(),
            producer: self.producer_view(),
            consumer: (0..self.consumer.len())
                .map(|partition| ConsumerView {
                    partition: number(partition),
                    position: offset(self.consumer[partition].offset),
                    broker: self.consumer[partition].leader.map(name),
                })
                .collect(),
            counters: self.ledger.counters(),
        }
    }

    fn broker_view(&self, broker: usize, now: Instant) -> BrokerView {
        let Broker {
            up,
            serving,
            slow_until,
            stopped_until,
            ..
        } = self.brokers[broker];
        let leads = self
            .partitions
            .iter()
            .filter(|partition| partition.registration.leader == Some(broker))
            .count();
        BrokerView {
            broker: name(broker),
            state: match (up, serving) {
                (false, _) => BrokerState::Down,
                _ if stopped_until > now => BrokerState::Stopped(stopped_until),
                (true, false) => BrokerState::Starting,
                _ if slow_until > now => BrokerState::Slow(slow_until),
                _ => BrokerState::Up,
            },
            fenced: !self.active.has(broker),
            leads: u32::try_from(leads).unwrap_or(u32::MAX),
        }
    }

    fn partition_view(&self, partition: usize) -> PartitionView {
        let part = &self.partitions[partition];
        let registration = &part.registration;
        let leader = registration.leader;
        let led = leader.filter(|leader| part.replicas[*leader].leadership().is_some());
        PartitionView {
            partition: number(partition),
            leader: leader.map(name),
            epoch: registration.epoch,
            isr: registration.isr.named(&registration.replicas),
            elr: registration.elr.named(&registration.replicas),
            high_watermark: led.map(|leader| offset(part.replicas[leader].log.high_watermark)),
            replicas: registration
                .replicas
                .iter()
                .map(|broker| self.replica_view(part, *broker, led))
                .collect(),
        }
    }

    fn replica_view(&self, part: &Partition, broker: usize, led: Option<usize>) -> ReplicaView {
        let replica = &part.replicas[broker];
        let known = led
            .filter(|leader| *leader != broker)
            .and_then(|leader| part.replicas[leader].leadership())
            .map(|leadership| leadership.followers[broker]);
        let end = replica.log.end();
        ReplicaView {
            broker: name(broker),
            role: match replica.role {
                _ if !self.brokers[broker].serving => RoleView::Offline,
                Role::Leader(_) => RoleView::Leader,
                Role::Follower { .. } | Role::Idle => RoleView::Follower,
            },
            in_sync: part.registration.isr.has(broker),
            log_end: offset(end),
            high_watermark: offset(replica.log.high_watermark),
            log_end_at_leader: known.and_then(|known| known.end).map(offset),
            caught_up_at: known.and_then(|known| known.caught_up_at),
            records: (end.saturating_sub(RECENT_RECORDS)..end)
                .map(|at| self.record_view(part, broker, at))
                .collect(),
        }
    }

    fn record_view(&self, part: &Partition, broker: usize, at: usize) -> RecordView {
        let entries = &part.replicas[broker].log.entries;
        let entry = entries[at];
        let record = self.ledger.get(entry.record);
        let has = |broker: usize| same(&part.replicas[broker].log.entries, at, entry);
        let copies = part.registration.replicas.iter().copied();
        RecordView {
            offset: offset(at),
            record: RecordId(entry.record as u64),
            key: record.key.clone(),
            epoch: entry.epoch,
            status: record.status,
            on_leader: part.registration.leader.map(has),
            copies: copies.filter(|broker| has(*broker)).map(name).collect(),
            duplicate: record.attempts > 1
                && entries
                    .iter()
                    .take(at)
                    .any(|other| other.record == entry.record),
        }
    }

    fn producer_view(&self) -> ProducerView {
        let requests = self.requests.iter().map(|request| RequestView {
            partition: number(request.partition),
            broker: name(request.broker),
            sent_at: request.sent_at,
            appended: matches!(
                request.phase,
                Phase::Written { .. } | Phase::Answered(Ok(_))
            ),
            records: super::cluster::records(&request.records),
            attempt: request.attempt,
        });
        let from = self.ledger.len().saturating_sub(RECENT_RECORDS);
        ProducerView {
            name: self.producer.id.to_string(),
            acks: match self.settings.acks {
                Acks::None => 0,
                Acks::Leader => 1,
                Acks::All => -1,
            },
            idempotent: self.settings.idempotent,
            state: match self.producer.process {
                Process::Running => ProducerState::Up,
                Process::StoppedUntil(until) => ProducerState::Stopped(until),
                Process::Dead => ProducerState::Down,
            },
            leaders: (0..self.partitions.len())
                .map(|partition| self.producer.leader(partition).map(name))
                .collect(),
            requests: requests.collect(),
            records: (from..self.ledger.len())
                .map(|index| self.sent_view(index))
                .collect(),
        }
    }

    fn sent_view(&self, index: usize) -> SentView {
        let record = self.ledger.get(index);
        SentView {
            record: RecordId(index as u64),
            key: record.key.clone(),
            partition: number(record.partition),
            status: record.status,
            sent_at: record.sent_at,
            kept: record.kept > 0,
            consumed: record.consumed,
        }
    }
}

/// Whether a log has this entry there.
fn same(entries: &SharedList<Entry>, at: usize, entry: Entry) -> bool {
    entries.get(at) == Some(&entry)
}

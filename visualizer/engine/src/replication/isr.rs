//! Leaders propose who is in sync; the controller accepts, or not.

use super::broker_set::BrokerSet;
use super::controller::Change;
use super::world::{Command, Now, World};
use crate::event::ShrinkReason;
use crate::ids::EventId;
use crate::time::Duration;

impl World {
    pub(super) fn plan_isr_check(&self, broker: usize, now: &mut Now<'_, '_>) {
        let number = self.brokers[broker].number;
        let period = Duration(self.settings.max_lag.0 / 2);
        now.after(period, Command::IsrCheck { broker, number });
    }

    /// A broker looks, every half of `replica.lag.time.max.ms`, for followers that lag.
    pub(super) fn isr_check(&mut self, broker: usize, number: u32, now: &mut Now<'_, '_>) {
        if self.brokers[broker].number != number {
            return;
        }
        self.plan_isr_check(broker, now);
        let at = self.circumstances(now.at());
        for partition in 0..self.partitions.len() {
            let replica = &self.partitions[partition].replicas[broker];
            let shrunk = replica
                .leadership()
                .and_then(|leadership| leadership.shrunk(broker, replica.log.end(), at));
            if let Some(isr) = shrunk {
                self.propose(partition, broker, isr, now);
            }
        }
    }

    /// A leader proposes an ISR to the controller.
    pub(super) fn propose(
        &mut self,
        partition: usize,
        broker: usize,
        isr: BrokerSet,
        now: &mut Now<'_, '_>,
    ) {
        let replica = &mut self.partitions[partition].replicas[broker];
        if let Some(leadership) = replica.leadership_mut() {
            leadership.pending = Some(isr);
            let command = Command::AlterPartition { partition, broker };
            now.after(self.settings.latency, command);
        }
    }

    /// The controller accepts a leader's proposal, unless the partition has changed since, or a member is fenced.
    pub(super) fn alter_partition(
        &mut self,
        partition: usize,
        broker: usize,
        now: &mut Now<'_, '_>,
    ) {
        let part = &self.partitions[partition];
        let Some((leadership, isr)) = part.replicas[broker]
            .leadership()
            .and_then(|leadership| leadership.pending.map(|isr| (leadership, isr)))
        else {
            return;
        };
        let registration = &part.registration;
        let current = registration.leader == Some(broker)
            && registration.epoch == leadership.epoch
            && registration.version == leadership.version;
        if !current || !isr.minus(self.active).is_empty() {
            now.after(self.settings.latency, Command::Learn { partition, broker });
            return;
        }
        let joined = isr.minus(registration.isr);
        let cause = (0..self.brokers.len())
            .find(|other| joined.has(*other))
            .map_or(self.slowest(partition, isr), |joined| {
                let copied = part.replicas[joined].event.max(part.event);
                copied.max(self.brokers[joined].event)
            });
        let change = Change {
            isr,
            ..self.same(partition)
        };
        if let Some(cause) = cause {
            self.change(partition, change, cause, ShrinkReason::Lag, now);
        }
    }

    /// Why a replica is about to leave the ISR: what last happened to its broker.
    fn slowest(&self, partition: usize, isr: BrokerSet) -> Option<EventId> {
        let part = &self.partitions[partition];
        let left = part.registration.isr.minus(isr);
        (0..self.brokers.len())
            .find(|broker| left.has(*broker))
            .and_then(|broker| self.brokers[broker].event)
            .or(part.event)
    }
}

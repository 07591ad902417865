//! How the clients learn who leads: they ask when a connection broke, and when an answer says that they are wrong.

use super::broker_set::{BrokerSet, name};
use super::settings::LEADER_QUERY;
use super::world::{Command, Now, World, number};
use crate::event::ReplicationEvent;
use crate::time::Duration;

impl World {
    /// The connections to a broker break.
    pub(super) fn disconnected(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        if !self.brokers[broker].serving {
            self.producer.reachable = self.producer.reachable.without(broker);
            self.stop_reading(broker);
            self.refresh(now);
        }
    }

    /// The clients ask who leads, unless they are asking.
    pub(super) fn refresh(&mut self, now: &mut Now<'_, '_>) {
        if !self.producer.refreshing {
            self.producer.refreshing = true;
            now.after(Duration(0), Command::Refresh);
        }
    }

    /// The clients are told who leads, by any broker that answers; they ask again while a leader is missing or dead.
    pub(super) fn refreshed(&mut self, now: &mut Now<'_, '_>) {
        self.producer.refreshing = false;
        let serving = (0..self.brokers.len()).filter(|broker| self.brokers[*broker].serving);
        // A stopped broker takes no new connection; one that is open seems as good as any.
        let (stopped, answering): (Vec<_>, Vec<_>) =
            serving.partition(|broker| self.is_stopped(*broker, now.at()));
        let open = stopped
            .into_iter()
            .filter(|broker| self.producer.reachable.has(*broker));
        let mut satisfied = !answering.is_empty();
        self.producer.reachable = answering
            .into_iter()
            .chain(open)
            .fold(BrokerSet::default(), BrokerSet::with);
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

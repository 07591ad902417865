//! The controller changes a partition, and the brokers learn it.

use super::broker_set::name;
use super::cluster::records;
use super::controller::{Change, Rule};
use super::leadership::Leadership;
use super::world::{Command, Now, Role, World, number};
use crate::event::{Election, ReplicationEvent, ShrinkReason};
use crate::ids::EventId;

impl World {
    /// A change that only looks for a leader where there is none.
    pub(super) fn same(&self, partition: usize) -> Change {
        Change {
            isr: self.partitions[partition].registration.isr,
            unclean_shutdown: None,
            rule: if self.settings.unclean {
                Rule::Unclean
            } else {
                Rule::Online
            },
            active: self.active,
            min_isr: self.settings.min_isr,
        }
    }

    /// The controller changes a partition, and its brokers will read so in its log.
    pub(super) fn change(
        &mut self,
        partition: usize,
        change: Change,
        cause: EventId,
        why: ShrinkReason,
        now: &mut Now<'_, '_>,
    ) {
        let before = self.partitions[partition].registration.clone();
        let Some((after, election)) = before.change(&change) else {
            return;
        };
        let elr = after.elr.named(&after.replicas);
        let mut event = cause;
        let removed = before.isr.minus(change.isr);
        if !removed.is_empty() {
            let shrunk = ReplicationEvent::IsrShrunk {
                partition: number(partition),
                removed: removed.named(&after.replicas),
                isr: change.isr.named(&after.replicas),
                elr: elr.clone(),
                reason: why,
            };
            event = now.tell(Some(event), shrunk);
        }
        for added in change.isr.minus(before.isr).named(&after.replicas) {
            let expanded = ReplicationEvent::IsrExpanded {
                partition: number(partition),
                added,
                isr: after.isr.named(&after.replicas),
            };
            event = now.tell(Some(event), expanded);
        }
        let isr = after.isr.named(&after.replicas);
        let epoch = after.epoch;
        let leader = after.leader;
        self.partitions[partition].registration = after;
        if let (Some(leader), Some(election)) = (leader, election) {
            let elected = ReplicationEvent::LeaderElected {
                partition: number(partition),
                leader: name(leader),
                epoch,
                election,
                isr,
            };
            event = now.tell(Some(event), elected);
            self.partitions[partition].unclean |= election == Election::Unclean;
            self.take_over(partition, leader, event, now);
        } else if leader.is_none() && before.leader.is_some() {
            let offline = ReplicationEvent::PartitionOffline {
                partition: number(partition),
                epoch,
                isr,
                elr,
            };
            event = now.tell(Some(event), offline);
        }
        self.partitions[partition].event = Some(event);
        for broker in 0..self.brokers.len() {
            now.after(self.settings.latency, Command::Learn { partition, broker });
        }
    }

    /// The new leader's log is the one that counts: what it lacks is lost.
    fn take_over(
        &mut self,
        partition: usize,
        leader: usize,
        cause: EventId,
        now: &mut Now<'_, '_>,
    ) {
        let part = &mut self.partitions[partition];
        let old: Vec<usize> = part
            .counting_log()
            .iter()
            .map(|entry| entry.record)
            .collect();
        part.authority = leader;
        for record in &old {
            self.ledger.change(*record, |record| record.kept = 0);
        }
        for entry in part.counting_log().iter() {
            self.ledger.change(entry.record, |record| record.kept += 1);
        }
        let mut lost: Vec<usize> = old
            .into_iter()
            .filter(|record| self.ledger.get(*record).kept == 0)
            .collect();
        lost.dedup();
        if lost.is_empty() {
            return;
        }
        let acknowledged = lost
            .iter()
            .filter(|record| self.ledger.get(**record).status == super::view::Status::Acknowledged)
            .count();
        let event = ReplicationEvent::RecordsLost {
            partition: number(partition),
            records: records(&lost),
            acknowledged: u32::try_from(acknowledged).unwrap_or(u32::MAX),
        };
        now.tell(Some(cause), event);
    }

    /// A broker reads in the controller's log what became of a partition: it leads, follows, or waits.
    pub(super) fn learn(&mut self, partition: usize, broker: usize, now: &mut Now<'_, '_>) {
        let registration = &self.partitions[partition].registration;
        if !self.brokers[broker].serving || !registration.replicas.contains(&broker) {
            return;
        }
        let (leader, epoch, version) = (
            registration.leader,
            registration.epoch,
            registration.version,
        );
        let isr = registration.isr;
        let brokers = self.brokers.len();
        let replica = &mut self.partitions[partition].replicas[broker];
        let led = replica.leadership().map(|leadership| leadership.epoch);
        match leader {
            Some(leader) if leader == broker => match replica.leadership_mut() {
                Some(leadership) if leadership.epoch == epoch => {
                    if leadership.version < version {
                        leadership.version = version;
                        leadership.isr = isr;
                    }
                    leadership.pending = None;
                }
                _ => {
                    replica.log.begin_epoch(epoch);
                    let end = replica.log.end();
                    replica.role =
                        Role::Leader(Leadership::new(epoch, version, isr, brokers, end, now.at()));
                }
            },
            Some(leader) => {
                let same =
                    matches!(replica.role, Role::Follower { epoch: known, .. } if known == epoch);
                if !same {
                    replica.role = Role::Follower {
                        leader,
                        epoch,
                        delayed_until: now.at(),
                    };
                }
            }
            None => replica.role = Role::Idle,
        }
        if led.is_some() && leader != Some(broker) {
            self.resign(partition, broker, now);
        }
        if leader == Some(broker) {
            let cause = self.partitions[partition].event;
            self.advance(partition, broker, cause, now);
        } else if let Some(leader) = leader {
            self.wake_fetcher(broker, leader, now);
        }
    }
}

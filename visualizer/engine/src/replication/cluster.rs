//! Brokers that die and come back, and the controller that watches them.
//!
//! 1. A dead broker's heartbeats stop; when the controller has not heard of it for `broker.session.timeout.ms`, it fences it
//!    and takes it out of leaderships and ISRs. It looks every eighth of that time.
//! 2. A broker that was started asks to be registered, is refused while its previous life's session lasts, then catches up
//!    with the controller's log, is unfenced, and takes its place as a follower, or as the leader of what had none.
//! 3. What the controller decides reaches the brokers one network hop later.

use super::broker_set::{BrokerSet, name};
use super::controller::{Change, Rule};
use super::leadership::Leadership;
use super::settings::{ELECTION_CHECK, HEARTBEAT};
use super::world::{Command, Now, Role, World, number};
use crate::event::{Election, ReplicationEvent, ShrinkReason};
use crate::ids::{EventId, RecordId};
use crate::time::{Duration, Instant};

/// First wait before a registration is tried again; it doubles.
const REGISTRATION_BACKOFF: Duration = Duration::from_millis(100);

impl World {
    /// `SIGKILL`.
    pub(super) fn crash(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        let event = now.tell(
            None,
            ReplicationEvent::BrokerCrashed {
                broker: name(broker),
            },
        );
        let at = now.at();
        let dead = &mut self.brokers[broker];
        let was_serving = dead.serving;
        dead.up = false;
        dead.serving = false;
        dead.number += 1;
        dead.slow_until = at;
        dead.event = Some(event);
        for fetcher in &mut dead.fetchers {
            fetcher.stop();
        }
        if !was_serving {
            return;
        }
        let alive = (at - dead.heartbeats_from).0;
        dead.last_heartbeat = dead.heartbeats_from + Duration(alive - alive % HEARTBEAT.0);
        for partition in &mut self.partitions {
            partition.replicas[broker].crash(at);
        }
        self.plan_session_check(broker, now);
        self.break_fetches(broker, now);
        self.break_requests(broker, event, now);
        now.after(self.settings.latency, Command::Disconnected { broker });
    }

    /// The process is started again.
    pub(super) fn restart(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        let event = ReplicationEvent::BrokerRestarted {
            broker: name(broker),
        };
        let event = now.tell(None, event);
        let back = &mut self.brokers[broker];
        back.up = true;
        back.number += 1;
        back.event = Some(event);
        let number = back.number;
        let command = Command::Register {
            broker,
            number,
            attempt: 0,
        };
        now.after(self.settings.latency, command);
    }

    /// Its followers fetch nothing for a while.
    pub(super) fn slow(&mut self, broker: usize, duration: Duration, now: &mut Now<'_, '_>) {
        let event = ReplicationEvent::BrokerSlowed {
            broker: name(broker),
            duration,
        };
        let event = now.tell(None, event);
        let slow = &mut self.brokers[broker];
        slow.slow_until = now.at() + duration;
        slow.event = Some(event);
        now.after(duration, Command::Resume { broker });
    }

    /// A slow broker is slow no longer, unless that was prolonged.
    pub(super) fn resume(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        let slow = &mut self.brokers[broker];
        if !slow.serving || slow.slow_until != now.at() {
            return;
        }
        let event = ReplicationEvent::FetchingResumed {
            broker: name(broker),
        };
        slow.event = Some(now.tell(slow.event, event));
        for leader in 0..self.brokers.len() {
            self.wake_fetcher(broker, leader, now);
        }
    }

    /// The controller looks every eighth of `broker.session.timeout.ms`: this is its first look after the session's end.
    fn plan_session_check(&self, broker: usize, now: &mut Now<'_, '_>) {
        let dead = &self.brokers[broker];
        let ends = dead.last_heartbeat + self.settings.session;
        let period = self.settings.session.0 / 8;
        let look = Instant(ends.0.div_ceil(period) * period);
        let number = dead.registered;
        now.after(look - now.at(), Command::SessionCheck { broker, number });
    }

    pub(super) fn session_check(&mut self, broker: usize, number: u32, now: &mut Now<'_, '_>) {
        let dead = &self.brokers[broker];
        // It may have been registered anew since, or its session prolonged.
        if dead.registered != number || !self.active.has(broker) {
            return;
        }
        let silent = now.at() - dead.last_heartbeat;
        if silent < self.settings.session {
            self.plan_session_check(broker, now);
            return;
        }
        let event = ReplicationEvent::BrokerFenced {
            broker: name(broker),
            silent,
        };
        let event = now.tell(dead.event, event);
        self.brokers[broker].event = Some(event);
        self.leave(broker, event, ShrinkReason::Fenced, now);
    }

    /// The controller takes a broker out of everything.
    fn leave(&mut self, broker: usize, event: EventId, why: ShrinkReason, now: &mut Now<'_, '_>) {
        self.active = self.active.without(broker);
        let unclean_shutdown = (why == ShrinkReason::UncleanShutdown).then_some(broker);
        for partition in 0..self.partitions.len() {
            let registration = &self.partitions[partition].registration;
            let eligible = unclean_shutdown.is_some() && registration.elr.has(broker);
            if registration.isr.has(broker) || eligible {
                let change = Change {
                    isr: registration.isr.without(broker),
                    unclean_shutdown,
                    ..self.same(partition)
                };
                self.change(partition, change, event, why, now);
            }
        }
    }

    pub(super) fn register(
        &mut self,
        broker: usize,
        number: u32,
        attempt: u32,
        now: &mut Now<'_, '_>,
    ) {
        let back = &mut self.brokers[broker];
        if back.number != number {
            return;
        }
        if now.at() < back.last_heartbeat + self.settings.session {
            if attempt == 0 {
                let event = ReplicationEvent::RegistrationRefused {
                    broker: name(broker),
                };
                back.event = Some(now.tell(back.event, event));
            }
            let backoff = Duration(REGISTRATION_BACKOFF.0 << attempt.min(20));
            let command = Command::Register {
                broker,
                number,
                attempt: attempt + 1,
            };
            now.after(backoff.min(self.settings.session), command);
            return;
        }
        back.registered = number;
        back.last_heartbeat = now.at();
        back.heartbeats_from = now.at();
        if let Some(event) = back.event {
            self.leave(broker, event, ShrinkReason::UncleanShutdown, now);
        }
        // The answer, then a heartbeat that says that the broker has caught up with the controller's log.
        let hops = Duration(2 * self.settings.latency.0);
        now.after(hops, Command::Unfence { broker, number });
    }

    pub(super) fn unfence(&mut self, broker: usize, number: u32, now: &mut Now<'_, '_>) {
        if self.brokers[broker].number != number {
            return;
        }
        self.active = self.active.with(broker);
        let back = &mut self.brokers[broker];
        back.serving = true;
        back.heartbeats_from = now.at();
        let event = ReplicationEvent::BrokerUnfenced {
            broker: name(broker),
        };
        let event = now.tell(back.event, event);
        back.event = Some(event);
        for partition in 0..self.partitions.len() {
            if self.partitions[partition].registration.leader.is_none() {
                let change = self.same(partition);
                self.change(partition, change, event, ShrinkReason::Fenced, now);
            }
            now.after(self.settings.latency, Command::Learn { partition, broker });
        }
        self.plan_isr_check(broker, now);
    }

    /// Every five minutes: preferred leaders take over again, and partitions without leader get one if unclean elections
    /// were allowed in the meantime.
    pub(super) fn election_check(&mut self, now: &mut Now<'_, '_>) {
        now.after(ELECTION_CHECK, Command::ElectionCheck);
        for partition in 0..self.partitions.len() {
            let registration = &self.partitions[partition].registration;
            let mut change = self.same(partition);
            if registration.leader.is_some() {
                change.rule = Rule::Preferred;
            }
            if let Some(event) = self.partitions[partition].event {
                self.change(partition, change, event, ShrinkReason::Fenced, now);
            }
        }
    }

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

/// Records by their number in the run.
pub(super) fn records(indices: &[usize]) -> Vec<RecordId> {
    indices
        .iter()
        .map(|index| RecordId(*index as u64))
        .collect()
}

//! Brokers that die and come back, and the controller that watches them.
//!
//! 1. A dead broker's heartbeats stop; when the controller has not heard of it for `broker.session.timeout.ms`, it fences it
//!    and takes it out of leaderships and ISRs. It looks every eighth of that time.
//! 2. A broker that was started asks to be registered, is refused while its previous life's session lasts, then catches up
//!    with the controller's log, is unfenced, and takes its place as a follower, or as the leader of what had none.
//! 3. What the controller decides reaches the brokers one network hop later.

use super::broker_set::name;
use super::controller::{Change, Rule};
use super::settings::ELECTION_CHECK;
use super::world::{Command, Now, World};
use crate::event::{ReplicationEvent, ShrinkReason};
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
        let was_stopped = self.is_stopped(broker, at);
        self.fall_silent(broker, now);
        let dead = &mut self.brokers[broker];
        let was_serving = dead.serving;
        dead.up = false;
        dead.serving = false;
        dead.number += 1;
        dead.slow_until = at;
        dead.stopped_until = at;
        dead.event = Some(event);
        for fetcher in &mut dead.fetchers {
            fetcher.stop();
        }
        if !was_serving {
            return;
        }
        for partition in &mut self.partitions {
            partition.replicas[broker].crash(at);
        }
        if was_stopped {
            self.reset_sockets(broker, now);
        }
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
        let stopped = self.is_stopped(broker, now.at());
        let slow = &mut self.brokers[broker];
        // A stopped one does not say so: its fetches wait for it to go on.
        if !slow.serving || slow.slow_until != now.at() || stopped {
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
    pub(super) fn plan_session_check(&self, broker: usize, now: &mut Now<'_, '_>) {
        let dead = &self.brokers[broker];
        let ends = dead.last_heartbeat + self.settings.session;
        let period = self.settings.session.0 / 8;
        let look = Instant(ends.0.div_ceil(period) * period);
        let number = dead.registered;
        now.after(look - now.at(), Command::SessionCheck { broker, number });
    }

    pub(super) fn session_check(&mut self, broker: usize, number: u32, now: &mut Now<'_, '_>) {
        let dead = &self.brokers[broker];
        // It may have been registered anew since, or go on, or its session have been prolonged.
        let heard = self.sends_heartbeats(broker, now.at());
        if heard || dead.registered != number || !self.active.has(broker) {
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
        let started = !back.serving;
        if started {
            back.serving = true;
            back.heartbeats_from = now.at();
        }
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
        if started {
            self.plan_isr_check(broker, now);
        }
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
}

/// Records by their number in the run.
pub(super) fn records(indices: &[usize]) -> Box<[RecordId]> {
    indices
        .iter()
        .map(|index| RecordId(*index as u64))
        .collect()
}

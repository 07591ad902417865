//! A broker's process is stopped for a while: `SIGSTOP`, a long pause of the garbage collector, a frozen machine.
//!
//! 1. Nothing of it runs: it sends no heartbeat, fetches nothing, answers nothing. But its connections stay open, so that
//!    nobody is told: what is sent to it waits in its socket. The clients notice when `socket.timeout.ms` is over
//!    (librdkafka's `rd_kafka_broker_timeout_scan`), and break the connection.
//! 2. The controller, which counts heartbeats, fences it after `broker.session.timeout.ms` as if it were dead.
//! 3. When it goes on, it first does what waits in its socket, still as the leader that it was. Only then does it read in the
//!    controller's log what became of its partitions: what it acknowledged in between with `acks=1` is in no other log.
//! 4. Its next heartbeat is that of the same registration: it is let in again, and no shutdown of it counts as unclean.
//!
//! Of the requests of a connection that the producer had broken, it does the first: it finds out when it answers that one.

use super::broker_set::name;
use super::producer::Phase;
use super::settings::{Acks, HEARTBEAT};
use super::world::{Command, Now, World};
use crate::event::{ProduceError, ReplicationEvent};
use crate::time::{Duration, Instant};

impl World {
    /// The process is stopped for a while.
    pub(super) fn stop_broker(&mut self, broker: usize, duration: Duration, now: &mut Now<'_, '_>) {
        let stopped = ReplicationEvent::BrokerStopped {
            broker: name(broker),
            duration,
        };
        let event = now.tell(None, stopped);
        self.fall_silent(broker, now);
        let stopped = &mut self.brokers[broker];
        stopped.stopped_until = now.at() + duration;
        stopped.event = Some(event);
        now.after(duration, Command::BrokerGoesOn { broker });
        for request in &self.requests {
            if request.broker == broker {
                self.plan_request_timeout(request.id, request.sent_at, now);
            }
        }
        for partition in 0..self.partitions.len() {
            self.plan_read_timeout(partition, now);
        }
    }

    /// It goes on, unless it was killed or stopped anew meanwhile.
    pub(super) fn broker_goes_on(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        let fenced = !self.active.has(broker);
        let back = &mut self.brokers[broker];
        if !back.up || back.stopped_until != now.at() {
            return;
        }
        let resumed = ReplicationEvent::BrokerResumed {
            broker: name(broker),
        };
        back.event = Some(now.tell(back.event, resumed));
        if back.serving {
            back.heartbeats_from = now.at();
            back.last_heartbeat = now.at();
            if fenced {
                let number = back.number;
                now.after(self.settings.latency, Command::Unfence { broker, number });
            }
        }
    }

    pub(super) fn is_stopped(&self, broker: usize, at: Instant) -> bool {
        self.brokers[broker].stopped_until > at
    }

    /// Whether the controller hears of it.
    pub(super) fn sends_heartbeats(&self, broker: usize, at: Instant) -> bool {
        self.brokers[broker].serving && !self.is_stopped(broker, at)
    }

    /// Its heartbeats stop, if it sends any: the controller will look when its session is over.
    pub(super) fn fall_silent(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        if !self.sends_heartbeats(broker, now.at()) {
            return;
        }
        let silent = &mut self.brokers[broker];
        let alive = (now.at() - silent.heartbeats_from).0;
        silent.last_heartbeat = silent.heartbeats_from + Duration(alive - alive % HEARTBEAT.0);
        self.plan_session_check(broker, now);
    }

    /// For how much longer a stopped broker leaves undone what is its to do; nothing if it runs. What the controller wrote
    /// meanwhile is one hop away when it goes on; what waits in its socket is there.
    pub(super) fn broker_waits(&self, command: Command, now: Instant) -> Option<Duration> {
        let mut hop = Duration(0);
        let broker = match command {
            Command::ProduceArrives { request } => self.requests[self.request(request)?].broker,
            Command::Fetch { follower, .. } | Command::FetchAnswered { follower, .. } => follower,
            Command::FetchArrives { leader, .. } | Command::FetchExpires { leader, .. } => leader,
            Command::ProduceExpires { broker }
            | Command::IsrCheck { broker, .. }
            | Command::Register { broker, .. } => broker,
            Command::Learn { broker, .. } => {
                hop = self.settings.latency;
                broker
            }
            Command::Consume { partition, .. } | Command::Validated { partition, .. } => {
                self.consumer[partition].leader?
            }
            _ => return None,
        };
        let until = self.brokers[broker].stopped_until;
        (until > now).then(|| until + hop - now)
    }

    /// The producer will wait no longer for the answer of a stopped broker.
    pub(super) fn plan_request_timeout(
        &self,
        request: u32,
        sent_at: Instant,
        now: &mut Now<'_, '_>,
    ) {
        let over = sent_at + self.settings.socket_timeout;
        now.after(over - now.at(), Command::RequestTimesOut { request });
    }

    /// Nor the consumer, if it reads from a stopped broker.
    pub(super) fn plan_read_timeout(&self, partition: usize, now: &mut Now<'_, '_>) {
        let position = &self.consumer[partition];
        let stopped = |leader| self.is_stopped(leader, now.at());
        if position.leader.is_some_and(stopped) {
            let number = position.number;
            let command = Command::ReadTimesOut { partition, number };
            now.after(self.settings.socket_timeout, command);
        }
    }

    /// A request has waited for `socket.timeout.ms`: the producer breaks the connection, and all that it waited for there is
    /// to be sent again.
    pub(super) fn request_times_out(&mut self, id: u32, now: &mut Now<'_, '_>) {
        let Some(at) = self.request(id) else { return };
        let request = &self.requests[at];
        let (broker, cause) = (request.broker, self.brokers[request.broker].event);
        let waits = request.acks != Acks::None
            && !matches!(request.phase, Phase::Answered(_))
            && self.is_awaited(request);
        if waits && self.is_stopped(broker, now.at()) {
            let cause = cause.unwrap_or(request.event);
            self.hang_up(broker, ProduceError::TimedOut, cause, now);
            self.producer.reachable = self.producer.reachable.without(broker);
            self.refresh(now);
        }
    }

    /// The consumer's fetch has waited as long.
    pub(super) fn read_times_out(&mut self, partition: usize, number: u32, now: &mut Now<'_, '_>) {
        let position = &self.consumer[partition];
        let stopped = |leader: &usize| self.is_stopped(*leader, now.at());
        if position.number != number {
            return;
        }
        if let Some(leader) = position.leader.filter(stopped) {
            self.stop_reading(leader);
            self.refresh(now);
        }
    }

    /// A stopped broker is killed: what waits in its socket fails as what it had begun does.
    pub(super) fn reset_sockets(&mut self, broker: usize, now: &mut Now<'_, '_>) {
        for request in &mut self.requests {
            if request.broker == broker && matches!(request.phase, Phase::OnItsWay) {
                request.phase = Phase::Queued;
            }
        }
        for follower in 0..self.brokers.len() {
            if self.brokers[follower].fetchers[broker].is_busy() {
                self.back_off(follower, broker, now);
            }
        }
    }
}

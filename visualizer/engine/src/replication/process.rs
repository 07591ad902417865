//! The producer's process: killed, started again, stopped for a while.
//!
//! 1. A killed process takes along what it had not sent, and hears of nothing that it had: its application never learns
//!    what became of these records ([`Status::Unreported`]). What was on its way still arrives at the brokers.
//! 2. A process that is started again is another producer, with its own producer id: its sequence numbers begin anew. What its application would have
//!    sent meanwhile was never handed over.
//! 3. A process that is stopped (`SIGSTOP`, a long pause of the garbage collector) sends nothing, and looks at no answer and
//!    at no delay, until it goes on.

use super::cluster::records;
use super::view::Status;
use super::world::{Command, Now, World};
use crate::event::ReplicationEvent;
use crate::time::{Duration, Instant};

/// Its name among those that steps are done to.
pub const PRODUCER: &str = "producer";

/// What the process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Process {
    Running,
    StoppedUntil(Instant),
    Dead,
}

impl World {
    /// The process is killed (`SIGKILL`).
    pub(super) fn kill_producer(&mut self, now: &mut Now<'_, '_>) {
        self.producer.process = Process::Dead;
        let open: Vec<usize> = (0..self.ledger.len())
            .filter(|record| self.is_open(*record))
            .collect();
        let crashed = ReplicationEvent::ProducerCrashed {
            unreported: records(&open),
        };
        let event = now.tell(None, crashed);
        for record in open {
            self.ledger.change(record, |record| {
                record.status = Status::Unreported;
                record.event = event;
            });
        }
        for queue in &mut self.producer.queues {
            queue.records.clear();
        }
    }

    /// Another process takes its place.
    pub(super) fn restart_producer(&mut self, now: &mut Now<'_, '_>) {
        self.producer.process = Process::Running;
        self.producer.begin_anew();
        let event = now.tell(None, ReplicationEvent::ProducerRestarted);
        for queue in &mut self.producer.queues {
            queue.event = Some(event);
        }
        self.refresh(now);
    }

    /// The process is stopped for a while.
    pub(super) fn stop_producer(&mut self, duration: Duration, now: &mut Now<'_, '_>) {
        self.producer.process = Process::StoppedUntil(now.at() + duration);
        let event = now.tell(None, ReplicationEvent::ProducerStopped { duration });
        for queue in &mut self.producer.queues {
            queue.event = Some(event);
        }
        now.after(duration, Command::ProducerGoesOn);
    }

    /// It goes on, unless it was killed or stopped anew meanwhile.
    pub(super) fn producer_goes_on(&mut self, now: &mut Now<'_, '_>) {
        if self.producer.process != Process::StoppedUntil(now.at()) {
            return;
        }
        self.producer.process = Process::Running;
        let stopped = self.producer.queues.first().and_then(|queue| queue.event);
        now.tell(stopped, ReplicationEvent::ProducerResumed);
        // After the answers that came meanwhile: what failed leaves again before what follows it.
        for partition in 0..self.partitions.len() {
            now.after(Duration(0), Command::Flush { partition });
        }
    }

    /// For how much longer the process, and the application in it, leave undone what is theirs to do; nothing if it runs, or is
    /// dead.
    pub(super) fn producer_waits(&self, command: Command, now: Instant) -> Option<Duration> {
        let its_own = matches!(
            command,
            Command::Send { .. }
                | Command::ProduceAnswered { .. }
                | Command::RequestTimesOut { .. }
                | Command::Deadline
        );
        match self.producer.process {
            Process::StoppedUntil(until) if its_own && until > now => Some(until - now),
            _ => None,
        }
    }
}

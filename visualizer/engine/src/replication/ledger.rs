//! What becomes of each record: what the producer knows of it, and whether it is in the log that counts.

use super::log::Sequence;
use super::view::{Counters, Status};
use crate::ids::{EventId, RecordKey};
use crate::shared_list::SharedList;
use crate::time::{Duration, Instant};

/// A record of the run.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) key: Option<RecordKey>,
    pub(super) partition: usize,
    pub(super) size: u32,
    pub(super) sent_at: Instant,
    pub(super) status: Status,
    /// An attempt may have been written although it failed.
    pub(super) possibly_persisted: bool,
    pub(super) attempts: u32,
    pub(super) retries: u32,
    /// No attempt before this.
    pub(super) backoff_until: Instant,
    /// The batch of its last attempt, which an idempotent producer repeats as it was.
    pub(super) batch: u32,
    pub(super) sequence: Option<Sequence>,
    /// How many times the log that counts has it.
    pub(super) kept: u32,
    pub(super) consumed: bool,
    /// What was last told of it.
    pub(super) event: EventId,
}

impl Record {
    /// Whether its delivery report was given, or will never be.
    pub(super) fn is_final(&self) -> bool {
        matches!(
            self.status,
            Status::Acknowledged | Status::Refused(_) | Status::Unknown(_) | Status::Unreported
        )
    }
}

/// All records, and their count.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    records: SharedList<Record>,
    counters: Counters,
    /// All before it have their delivery report.
    oldest_open: usize,
}

impl Ledger {
    pub(super) fn counters(&self) -> Counters {
        self.counters
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// About how long copying it takes: see [`crate::run::World::weight`].
    pub(super) fn weight(&self) -> usize {
        self.records.weight()
    }

    pub(super) fn get(&self, record: usize) -> &Record {
        &self.records[record]
    }

    pub(super) fn add(&mut self, record: Record) -> usize {
        count(&mut self.counters, &record, true);
        self.records.push(record);
        self.records.len() - 1
    }

    /// Changes a record, and the counters with it.
    pub(super) fn change(&mut self, record: usize, change: impl FnOnce(&mut Record)) {
        let Some(record) = self.records.get_mut(record) else {
            return;
        };
        count(&mut self.counters, record, false);
        change(record);
        count(&mut self.counters, record, true);
    }

    /// The records whose time is over, oldest first, and when the next one's will be.
    pub(super) fn overdue(
        &mut self,
        timeout: Duration,
        now: Instant,
    ) -> (Vec<usize>, Option<Instant>) {
        let mut overdue = Vec::new();
        let mut at = self.oldest_open;
        while let Some(record) = self.records.get(at) {
            if !record.is_final() {
                let due = record.sent_at + timeout;
                if due > now {
                    return (overdue, Some(due));
                }
                overdue.push(at);
            }
            at += 1;
            self.oldest_open = at;
        }
        (overdue, None)
    }
}

/// Adds a record to the counters, or takes it out.
fn count(counters: &mut Counters, record: &Record, add: bool) {
    let kept = record.kept > 0;
    let fate = match record.status {
        Status::Waiting => &mut counters.waiting,
        Status::InFlight | Status::Retrying(_) => &mut counters.in_flight,
        Status::Acknowledged if kept => &mut counters.acknowledged_kept,
        Status::Acknowledged => &mut counters.acknowledged_lost,
        Status::Refused(_) => &mut counters.refused,
        Status::Unknown(_) | Status::Unreported if kept => &mut counters.unknown_present,
        Status::Unknown(_) | Status::Unreported => &mut counters.unknown_absent,
    };
    let step = |count: &mut u64, by: u64| {
        *count = if add { *count + by } else { *count - by };
    };
    step(fate, 1);
    step(
        &mut counters.duplicates,
        u64::from(record.kept.saturating_sub(1)),
    );
    step(&mut counters.consumed, u64::from(record.consumed));
    step(
        &mut counters.consumed_lost,
        u64::from(record.consumed && !kept),
    );
}

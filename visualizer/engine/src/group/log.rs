//! A partition's log as the group sees it: what was committed, and what has become of each record.
//!
//! A record's fate is a function of how often it was processed, how many living applications hold it, and where the group
//! would begin again after a restart ([`Log::floor`]). Counters follow each change by taking the record out of its old
//! fate's count and putting it into the new one's, so they are exact at any instant.

use super::{Counters, Fate, RecordView};
use crate::shared_list::SharedList;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Place of the key plus one, 0 for a null key.
    key: u32,
    runs: u8,
    deliveries: u8,
    /// How many living applications hold it, unfinished.
    held: u8,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Log {
    records: SharedList<Record>,
    pub(super) committed: Option<u64>,
    /// Where the last `latest` reset put a reader while nothing was committed.
    reset: Option<u64>,
    /// Records before it were written before the group began to read.
    start: u64,
    pub(super) counters: Counters,
}

/// What of a log decides on its records' fates.
#[derive(Clone, Copy)]
struct Horizon {
    start: u64,
    floor: u64,
}

impl Horizon {
    fn fate(self, record: Record, offset: u64) -> Fate {
        match (record.runs, record.held) {
            (2.., _) => Fate::Replayed,
            (1, _) => Fate::Once,
            (0, 1..) => Fate::InFlight,
            (0, 0) if offset < self.start => Fate::Skipped,
            (0, 0) if offset < self.floor => Fate::Lost,
            (0, 0) => Fate::Waiting,
        }
    }
}

impl Log {
    /// About how long copying it takes: see [`crate::run::World::weight`].
    pub(super) fn weight(&self) -> usize {
        self.records.weight()
    }

    pub(super) fn end(&self) -> u64 {
        self.records.len() as u64
    }

    /// Appends a record, and gives its offset.
    pub(super) fn append(&mut self, key: Option<u32>) -> u64 {
        self.records.push(Record {
            key: key.map_or(0, |key| key + 1),
            ..Record::default()
        });
        self.counters.waiting += 1;
        self.end() - 1
    }

    /// Records before it are not read again, unless somebody holds them.
    fn floor(&self) -> u64 {
        self.committed.or(self.reset).unwrap_or(0)
    }

    fn horizon(&self) -> Horizon {
        Horizon {
            start: self.start,
            floor: self.floor(),
        }
    }

    fn count(&mut self, fate: Fate) -> &mut u64 {
        match fate {
            Fate::Waiting => &mut self.counters.waiting,
            Fate::InFlight => &mut self.counters.in_flight,
            Fate::Once => &mut self.counters.once,
            Fate::Replayed => &mut self.counters.replayed,
            Fate::Lost => &mut self.counters.lost,
            Fate::Skipped => &mut self.counters.skipped,
        }
    }

    fn change(&mut self, offset: u64, how: impl FnOnce(&mut Record)) -> Record {
        let horizon = self.horizon();
        let Some(record) = self.records.get_mut(index(offset)) else {
            return Record::default();
        };
        let before = horizon.fate(*record, offset);
        how(record);
        let record = *record;
        self.recount_as(before, horizon.fate(record, offset));
        record
    }

    /// A record's fate has changed, or not.
    fn recount_as(&mut self, before: Fate, after: Fate) {
        if before != after {
            *self.count(before) -= 1;
            *self.count(after) += 1;
        }
    }

    /// An application received it.
    pub(super) fn deliver(&mut self, offset: u64) {
        self.change(offset, |record| {
            record.held = record.held.saturating_add(1);
            record.deliveries = record.deliveries.saturating_add(1);
        });
    }

    /// Its processing ended. Gives how many times it did.
    pub(super) fn finish(&mut self, offset: u64) -> u8 {
        let runs = self
            .change(offset, |record| {
                record.held = record.held.saturating_sub(1);
                record.runs = record.runs.saturating_add(1);
            })
            .runs;
        if runs > 1 {
            self.counters.replays += 1;
        }
        runs
    }

    /// The application that held it is dead. True if that loses it.
    pub(super) fn drop_held(&mut self, offset: u64) -> bool {
        let record = self.change(offset, |record| {
            record.held = record.held.saturating_sub(1);
        });
        self.horizon().fate(record, offset) == Fate::Lost
    }

    /// The coordinator wrote a committed offset. Gives the records that it loses, as ranges.
    pub(super) fn commit(&mut self, offset: u64) -> Vec<(u64, u32)> {
        let old = self.floor();
        self.move_floor(old, offset, |log| log.committed = Some(offset))
    }

    /// A reader without a committed offset begins at the end of the log. Gives the records that it loses.
    pub(super) fn reset_to(&mut self, offset: u64) -> Vec<(u64, u32)> {
        if self.committed.is_some() {
            return Vec::new();
        }
        if self.reset.is_none() && self.counters.once + self.counters.replayed == 0 {
            // The group's first reading: what is older was never for it.
            return self.move_floor(0, offset, |log| {
                log.reset = Some(offset);
                log.start = offset;
            });
        }
        let old = self.floor();
        self.move_floor(old, offset, |log| log.reset = Some(offset))
    }

    fn move_floor(&mut self, old: u64, new: u64, how: impl FnOnce(&mut Self)) -> Vec<(u64, u32)> {
        let (from, to) = (old.min(new), old.max(new).min(self.end()));
        let before = self.horizon();
        how(self);
        let after = self.horizon();
        let mut lost: Vec<(u64, u32)> = Vec::new();
        for offset in from..to {
            let record = self.records[index(offset)];
            let fates = (before.fate(record, offset), after.fate(record, offset));
            self.recount_as(fates.0, fates.1);
            if fates.0 != fates.1 && fates.1 == Fate::Lost {
                match lost.last_mut() {
                    Some((first, count)) if *first + u64::from(*count) == offset => *count += 1,
                    _ => lost.push((offset, 1)),
                }
            }
        }
        lost
    }

    /// Records `from..to`, for drawing.
    pub(super) fn views(&self, from: u64, to: u64) -> Vec<RecordView> {
        let horizon = self.horizon();
        (from..to.min(self.end()))
            .map(|offset| {
                let record = self.records[index(offset)];
                RecordView {
                    offset,
                    key: record.key.checked_sub(1),
                    fate: horizon.fate(record, offset),
                    runs: record.runs,
                    deliveries: record.deliveries,
                }
            })
            .collect()
    }

    /// The counters, recounted from the records: what they must equal.
    pub(super) fn recount(&self) -> Counters {
        let mut fresh = Self {
            counters: Counters::default(),
            ..self.clone()
        };
        for record in self.views(0, self.end()) {
            *fresh.count(record.fate) += 1;
            fresh.counters.replays += u64::from(record.runs.saturating_sub(1));
        }
        fresh.counters
    }
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(records: u32) -> Log {
        let mut log = Log::default();
        for _ in 0..records {
            log.append(None);
        }
        log
    }

    #[test]
    fn committed_before_it_is_processed_and_its_application_dies_a_record_is_lost() {
        let mut log = log(3);
        log.deliver(0);
        assert!(log.commit(1).is_empty(), "somebody still holds it");
        assert!(log.drop_held(0));
        assert_eq!((log.counters.lost, log.counters.waiting), (1, 2));
        assert_eq!(log.counters, log.recount());
    }

    #[test]
    fn processed_before_it_is_committed_and_given_again_a_record_is_replayed() {
        let mut log = log(2);
        for runs in 1..=3 {
            log.deliver(0);
            assert_eq!(log.finish(0), runs);
        }
        assert_eq!((log.counters.replayed, log.counters.replays), (1, 2));
        assert_eq!(log.counters, log.recount());
    }

    #[test]
    fn latest_skips_what_is_older_than_the_group_and_loses_what_came_between_two_readers() {
        let mut log = log(5);
        assert!(log.reset_to(5).is_empty());
        assert_eq!(log.counters.skipped, 5);
        for _ in 0..3 {
            log.append(None);
        }
        assert_eq!(log.reset_to(8), [(5, 3)]);
        assert_eq!(log.counters.lost, 3);
        assert_eq!(log.counters, log.recount());
    }
}

//! Where a reader stands on one partition.

use super::super::Placement;
use super::client::Record;
use engine::ids::Offset;
use engine::live::{PartitionState, RECENT_RECORDS, RecentRecord};

/// A partition read this many records late is read from its end again.
const MAX_BEHIND: i64 = 5_000;

/// Where a reader stands on one partition, and what it knows of its log.
pub(super) struct Cursor {
    pub(super) placement: Placement,
    low: i64,
    /// End of the log as far as it was told.
    high: i64,
    /// End of the log when it was last sampled.
    sampled: i64,
    /// Offset of the next record to read, `None` for "whatever comes next".
    next: Option<i64>,
}

/// A sample that cannot belong to the log read so far: the topic was made anew, or its log was cut.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WentBack;

/// What a sample of both ends changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sampled {
    /// The ends are worth telling.
    pub(super) tell: bool,
    /// Offsets left out because the reader was too late and goes near the end.
    pub(super) skipped: u64,
}

impl Cursor {
    /// Nothing is known of the log; the reader takes what comes next.
    pub(super) fn new(placement: Placement) -> Self {
        Self {
            placement,
            low: 0,
            high: 0,
            sampled: 0,
            next: None,
        }
    }

    /// A log that appeared while its topic was watched is read from its first record.
    pub(super) fn from_first(placement: Placement) -> Self {
        Self {
            next: Some(0),
            ..Self::new(placement)
        }
    }

    /// Goes to the few records before the end.
    pub(super) fn start_before_end(&mut self, low: i64, high: i64) {
        self.low = low;
        self.high = high;
        self.sampled = high;
        self.next = Some(low.max(before_end(high)));
    }

    pub(super) fn next(&self) -> Option<i64> {
        self.next
    }

    pub(super) fn ends(&self) -> (Offset, Offset) {
        (Offset(self.low), Offset(self.high))
    }

    /// Whether there are records before the known end that were not read.
    pub(super) fn is_behind(&self) -> bool {
        self.next.is_some_and(|next| next < self.high)
    }

    /// Takes note of a record that was read.
    pub(super) fn advance(&mut self, record: &Record) {
        self.next = Some(record.offset + 1);
        self.high = self.high.max(record.offset + 1);
    }

    /// Takes note of a sample of both ends. They are told when the start moved, or when the end stays beyond what the
    /// records told: offsets without a record (transaction markers, compaction), or records that are left out.
    pub(super) fn sample(&mut self, low: i64, high: i64) -> Result<Sampled, WentBack> {
        if high < self.high {
            return Err(WentBack);
        }
        let skipped = self.jump_if_late(high);
        let start_moved = low != self.low;
        let end_ahead = high > self.high && (skipped > 0 || high == self.sampled);
        self.low = low;
        self.sampled = high;
        if end_ahead {
            self.high = high;
        }
        // A log emptied by retention starts where it ends, even before its end is told.
        self.high = self.high.max(low);
        Ok(Sampled {
            tell: start_moved || end_ahead,
            skipped,
        })
    }

    fn jump_if_late(&mut self, high: i64) -> u64 {
        match self.next {
            Some(next) if high - next > MAX_BEHIND => {
                let target = before_end(high);
                self.next = Some(target);
                (target - next).unsigned_abs()
            }
            _ => 0,
        }
    }

    /// The partition as pages show it, with the newest of these records, which are its own.
    pub(super) fn state(&self, mut records: Vec<Record>) -> PartitionState {
        let newest = records.split_off(records.len().saturating_sub(RECENT_RECORDS));
        let recent = newest.into_iter().map(|record| RecentRecord {
            offset: Offset(record.offset),
            key: record.key,
            size_bytes: record.size_bytes,
        });
        PartitionState {
            partition: self.placement.partition,
            leader: self.placement.leader,
            replicas: self.placement.replicas.clone(),
            isr: self.placement.isr.clone(),
            low: Offset(self.low),
            high: Offset(self.high),
            recent: recent.collect(),
        }
    }
}

fn before_end(high: i64) -> i64 {
    high - i64::try_from(RECENT_RECORDS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::PartitionId;

    const NOTHING: Result<Sampled, WentBack> = Ok(Sampled {
        tell: false,
        skipped: 0,
    });
    const TELL: Result<Sampled, WentBack> = Ok(Sampled {
        tell: true,
        skipped: 0,
    });

    /// A reader that has read everything up to `high`.
    fn cursor(low: i64, high: i64) -> Cursor {
        let mut cursor = Cursor::new(Placement {
            partition: PartitionId(0),
            leader: Some(1),
            replicas: vec![1],
            isr: vec![1],
        });
        cursor.start_before_end(low, high);
        cursor.next = Some(high);
        cursor
    }

    fn record(offset: i64) -> Record {
        Record {
            partition: 0,
            offset,
            key: None,
            size_bytes: 1,
        }
    }

    #[test]
    fn an_end_ahead_of_the_records_is_told_only_once_it_stays() {
        let mut cursor = cursor(0, 10);
        assert_eq!(
            cursor.sample(0, 12),
            NOTHING,
            "the records may be on their way"
        );
        assert_eq!(
            cursor.sample(0, 12),
            TELL,
            "nothing came: offsets without a record"
        );
        assert_eq!(cursor.ends(), (Offset(0), Offset(12)));
        assert_eq!(cursor.sample(0, 12), NOTHING);
    }

    #[test]
    fn an_end_that_the_records_told_is_not_told_again() {
        let mut cursor = cursor(0, 10);
        cursor.advance(&record(10));
        cursor.advance(&record(11));
        assert_eq!(cursor.sample(0, 12), NOTHING);
        assert_eq!(cursor.sample(0, 12), NOTHING);
    }

    #[test]
    fn a_start_that_moved_is_told_at_once() {
        let mut cursor = cursor(0, 10);
        assert_eq!(cursor.sample(4, 10), TELL);
        assert_eq!(cursor.ends(), (Offset(4), Offset(10)));
    }

    #[test]
    fn a_late_reader_jumps_and_counts_what_it_leaves_out() {
        let mut cursor = cursor(0, 10);
        assert_eq!(cursor.sample(0, 10 + MAX_BEHIND), NOTHING);
        let sampled = cursor.sample(0, 100_000).unwrap();
        assert_eq!(cursor.next(), Some(100_000 - 20));
        assert_eq!((sampled.tell, sampled.skipped), (true, 100_000 - 20 - 10));
    }

    #[test]
    fn a_log_that_ends_before_what_was_read_is_another_one() {
        assert_eq!(cursor(0, 10).sample(0, 9), Err(WentBack));
    }

    #[test]
    fn the_newest_records_are_shown() {
        let state = cursor(0, 50).state((20..50).map(record).collect());
        assert_eq!(state.recent.len(), RECENT_RECORDS);
        assert_eq!(state.recent[0].offset, Offset(30));
    }
}

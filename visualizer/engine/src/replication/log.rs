//! A replica's log: records with the leader epoch in which each was written, and where epochs begin.
//!
//! Offsets are indices: nothing is ever deleted from the front.

use crate::shared_list::SharedList;

/// A record in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    /// Index of the record in the run.
    pub(super) record: usize,
    /// The leader epoch in which it was written.
    pub(super) epoch: i32,
    /// What an idempotent producer numbered it with.
    pub(super) sequence: Option<Sequence>,
}

/// A producer, its epoch, and a number in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sequence {
    /// The producer id that a broker gave to the process.
    pub(super) producer: u32,
    pub(super) epoch: u32,
    pub(super) number: u32,
}

/// A log and its leader epoch cache.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Log {
    pub(super) entries: SharedList<Entry>,
    /// Each epoch known, and the offset at which it begins; both increase.
    epochs: Vec<(i32, usize)>,
    /// Everything below is committed, as far as this replica knows.
    pub(super) high_watermark: usize,
}

impl Log {
    /// The offset that the next record will have.
    pub(super) fn end(&self) -> usize {
        self.entries.len()
    }

    /// The latest epoch known, as a follower's fetch says it.
    pub(super) fn last_epoch(&self) -> Option<i32> {
        self.epochs.last().map(|(epoch, _)| *epoch)
    }

    /// An epoch begins at the log's end: what `LeaderEpochFileCache.assign` does, which forgets what contradicts it.
    pub(super) fn begin_epoch(&mut self, epoch: i32) {
        let start = self.end();
        if self.last_epoch() != Some(epoch) {
            self.epochs
                .retain(|known| known.0 < epoch && known.1 < start);
            self.epochs.push((epoch, start));
        }
    }

    /// Writes a record after the others.
    pub(super) fn append(&mut self, entry: Entry) {
        if self.last_epoch().is_none_or(|last| last < entry.epoch) {
            self.begin_epoch(entry.epoch);
        }
        self.entries.push(entry);
    }

    /// The largest epoch known that is not above `asked`, and the offset at which it ends: what a leader answers in
    /// `OffsetForLeaderEpoch`. `None` if `asked` is above all that are known.
    pub(super) fn end_of_epoch(&self, asked: i32) -> Option<(i32, usize)> {
        let above = self.epochs.partition_point(|(epoch, _)| *epoch <= asked);
        let ends = match self.epochs.get(above) {
            Some((_, start)) => *start,
            None if self.last_epoch() == Some(asked) => self.end(),
            None => return None,
        };
        let floor = above.checked_sub(1).map_or(asked, |at| self.epochs[at].0);
        Some((floor, ends))
    }

    /// Where a follower that has fetched up to `offset`, in `epoch`, leaves this log: the epoch and its end, to which it
    /// must go back; `None` if it follows.
    pub(super) fn divergence(&self, epoch: Option<i32>, offset: usize) -> Option<(i32, usize)> {
        let asked = epoch?;
        if self.last_epoch() == Some(asked) && offset <= self.end() {
            // The usual case, which is asked of every follower all the time.
            return None;
        }
        let (floor, end) = self.end_of_epoch(asked).unwrap_or((asked, self.end()));
        (floor < asked || end < offset).then_some((floor, end))
    }

    /// Cuts the log off where it leaves the leader's, whose `epoch` ends at `end`, and returns what it held beyond.
    /// One cut may not be enough: the next fetch tells.
    pub(super) fn truncate_to_divergence(&mut self, epoch: i32, end: usize) -> Vec<Entry> {
        let to = match self.end_of_epoch(epoch) {
            Some((known, own_end)) if known == epoch => own_end.min(end),
            Some((_, own_end)) => own_end,
            None => end,
        };
        self.truncate(to)
    }

    fn truncate(&mut self, to: usize) -> Vec<Entry> {
        let to = to.min(self.end());
        self.epochs.retain(|(_, start)| *start < to);
        self.high_watermark = self.high_watermark.min(to);
        self.entries.split_off(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(epochs: &[i32]) -> Log {
        let mut log = Log::default();
        for (record, epoch) in epochs.iter().enumerate() {
            log.append(Entry {
                record,
                epoch: *epoch,
                sequence: None,
            });
        }
        log
    }

    #[test]
    fn epochs_end_where_the_next_begins() {
        let log = log(&[1, 1, 3, 3, 3, 6]);
        assert_eq!(log.end_of_epoch(1), Some((1, 2)));
        assert_eq!(log.end_of_epoch(2), Some((1, 2)));
        assert_eq!(log.end_of_epoch(5), Some((3, 5)));
        assert_eq!(log.end_of_epoch(6), Some((6, 6)));
        assert_eq!(log.end_of_epoch(7), None);
        assert_eq!(log.end_of_epoch(0), Some((0, 0)));
    }

    /// KIP-101: the returning leader removes what the others never had, and keeps what they have.
    #[test]
    fn a_returning_leader_is_cut_where_the_logs_part() {
        let mut leader = log(&[0, 0]);
        leader.begin_epoch(1);
        let mut back = log(&[0, 0, 0, 0]);
        let parted = leader.divergence(back.last_epoch(), back.end());
        assert_eq!(parted, Some((0, 2)));
        assert_eq!(back.truncate_to_divergence(0, 2).len(), 2);
        assert_eq!(leader.divergence(back.last_epoch(), back.end()), None);
    }

    /// A follower with an epoch that the leader never saw goes back step by step.
    #[test]
    fn an_unknown_epoch_is_left_step_by_step() {
        let leader = log(&[0, 0, 1, 4, 4]);
        let mut follower = log(&[0, 0, 1, 2, 2, 3]);
        while let Some((epoch, end)) = leader.divergence(follower.last_epoch(), follower.end()) {
            assert!(!follower.truncate_to_divergence(epoch, end).is_empty());
        }
        assert_eq!(follower, log(&[0, 0, 1]));
    }
}

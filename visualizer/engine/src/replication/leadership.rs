//! What a leader knows of its partition: its followers' progress, the ISR, and from these the high watermark.
//!
//! A transcription of the rules of Kafka 4.3's `Partition` and `Replica`.

use super::broker_set::BrokerSet;
use crate::time::{Duration, Instant};

/// What a leader knows of a follower, from its fetches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Follower {
    /// Its log's end: the offset of its last fetch. `None` before its first one in this epoch.
    pub(super) end: Option<usize>,
    last_fetch: Instant,
    /// The leader's own log's end at that fetch.
    leader_end: usize,
    /// When it last had everything. `None`: too long ago.
    pub(super) caught_up_at: Option<Instant>,
}

/// A leader's state, for one leader epoch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Leadership {
    pub(super) epoch: i32,
    /// The partition epoch known.
    pub(super) version: u32,
    /// The log's end when the epoch began: a follower must have reached it to join the ISR.
    epoch_start: usize,
    pub(super) isr: BrokerSet,
    /// An ISR that was proposed to the controller.
    pub(super) pending: Option<BrokerSet>,
    /// By broker; the leader's own is not used.
    pub(super) followers: Vec<Follower>,
}

/// What does not depend on the leader.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    pub(super) now: Instant,
    /// `replica.lag.time.max.ms`
    pub(super) max_lag: Duration,
    /// `min.insync.replicas`, at most the number of replicas.
    pub(super) min_isr: usize,
    /// The brokers that are not fenced.
    pub(super) active: BrokerSet,
}

impl Follower {
    /// A fetch from `offset` arrived, while the leader's log ended at `leader_end`.
    pub(super) fn fetched(&mut self, offset: usize, leader_end: usize, now: Instant) {
        if offset >= leader_end {
            self.caught_up_at = Some(now);
        } else if offset >= self.leader_end {
            // It has everything that there was at its last fetch.
            self.caught_up_at = self.caught_up_at.max(Some(self.last_fetch));
        }
        self.end = Some(offset);
        self.leader_end = self.leader_end.max(leader_end);
        self.last_fetch = now;
    }

    fn is_caught_up(&self, leader_end: usize, now: Instant, max_lag: Duration) -> bool {
        self.end == Some(leader_end) || self.caught_up_at.is_some_and(|at| now - at <= max_lag)
    }
}

impl Leadership {
    /// An epoch begins at this end of the log, with this ISR.
    pub(super) fn new(
        epoch: i32,
        version: u32,
        isr: BrokerSet,
        brokers: usize,
        log_end: usize,
        now: Instant,
    ) -> Self {
        let follower = |broker| Follower {
            caught_up_at: isr.has(broker).then_some(now),
            ..Follower::default()
        };
        Self {
            epoch,
            version,
            epoch_start: log_end,
            isr,
            pending: None,
            followers: (0..brokers).map(follower).collect(),
        }
    }

    /// The ISR, and those that are about to join: a record is committed when all of them have it.
    pub(super) fn maximal_isr(&self) -> BrokerSet {
        self.pending
            .map_or(self.isr, |pending| self.isr.and(pending))
    }

    /// The high watermark that the followers' progress allows, `None` while the ISR is too small for it to move (KIP-966).
    /// Followers that are not in the ISR but keep up are waited for, so that they can join it.
    pub(super) fn high_watermark(
        &self,
        log_end: usize,
        followers: impl IntoIterator<Item = usize>,
        at: Circumstances,
    ) -> Option<usize> {
        if self.isr.len() < at.min_isr {
            return None;
        }
        let maximal = self.maximal_isr();
        let waited_for = followers.into_iter().filter_map(|broker| {
            let follower = &self.followers[broker];
            let counts = maximal.has(broker)
                || at.active.has(broker)
                    && follower.is_caught_up(log_end, at.now, at.max_lag)
                    && follower.end.is_some();
            counts.then_some(follower.end.unwrap_or(0))
        });
        Some(waited_for.fold(log_end, usize::min))
    }

    /// The ISR with this follower in it, if it may join.
    pub(super) fn expanded(
        &self,
        broker: usize,
        high_watermark: usize,
        active: BrokerSet,
    ) -> Option<BrokerSet> {
        let in_sync = self.followers[broker]
            .end
            .is_some_and(|end| end >= high_watermark && end >= self.epoch_start);
        (self.pending.is_none() && !self.isr.has(broker) && active.has(broker) && in_sync)
            .then(|| self.isr.with(broker))
    }

    /// The ISR without those that lag, if there are any.
    pub(super) fn shrunk(&self, me: usize, log_end: usize, at: Circumstances) -> Option<BrokerSet> {
        let lags = |broker: &usize| {
            *broker != me
                && self.isr.has(*broker)
                && !self.followers[*broker].is_caught_up(log_end, at.now, at.max_lag)
        };
        let isr = (0..self.followers.len())
            .filter(lags)
            .fold(self.isr, BrokerSet::without);
        (self.pending.is_none() && isr != self.isr).then_some(isr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64, min_isr: usize) -> Circumstances {
        Circumstances {
            now: Instant::from_millis(ms),
            max_lag: Duration::from_millis(10_000),
            min_isr,
            active: BrokerSet::first(3),
        }
    }

    fn leader() -> Leadership {
        Leadership::new(0, 0, BrokerSet::first(3), 3, 0, Instant::ZERO)
    }

    #[test]
    fn the_high_watermark_is_what_all_in_sync_replicas_have() {
        let mut leader = leader();
        leader.followers[1].fetched(5, 5, Instant::from_millis(1));
        leader.followers[2].fetched(3, 5, Instant::from_millis(1));
        assert_eq!(leader.high_watermark(5, [1, 2], at(1, 2)), Some(3));
        leader.isr = leader.isr.without(2);
        // It still keeps up: it is waited for.
        assert_eq!(leader.high_watermark(5, [1, 2], at(1, 2)), Some(3));
        // It no longer does.
        assert_eq!(leader.high_watermark(5, [1, 2], at(20_000, 2)), Some(5));
    }

    /// KIP-966: below `min.insync.replicas` nothing more is committed, whatever `acks` says.
    #[test]
    fn a_small_isr_commits_nothing() {
        let mut leader = leader();
        leader.isr = BrokerSet::of(0);
        assert_eq!(leader.high_watermark(5, [1, 2], at(20_000, 2)), None);
        assert_eq!(leader.high_watermark(5, [1, 2], at(20_000, 1)), Some(5));
    }

    #[test]
    fn a_follower_lags_when_it_has_not_caught_up_for_too_long() {
        let mut leader = leader();
        leader.followers[1].fetched(5, 5, Instant::from_millis(1_000));
        leader.followers[2].fetched(5, 5, Instant::from_millis(1_000));
        assert_eq!(
            leader.shrunk(0, 5, at(60_000, 2)),
            None,
            "nothing is written"
        );
        assert_eq!(leader.shrunk(0, 6, at(11_000, 2)), None);
        assert_eq!(leader.shrunk(0, 6, at(11_001, 2)), Some(BrokerSet::of(0)));
        // A fetch that reaches what the leader had at the one before counts as of that one.
        leader.followers[2].fetched(5, 9, Instant::from_millis(9_000));
        leader.followers[2].fetched(9, 20, Instant::from_millis(12_000));
        assert_eq!(
            leader.followers[2].caught_up_at,
            Some(Instant::from_millis(9_000))
        );
    }

    #[test]
    fn a_follower_joins_when_it_reaches_the_high_watermark_of_this_epoch() {
        let mut leader = Leadership::new(3, 7, BrokerSet::of(0), 3, 10, Instant::ZERO);
        leader.followers[1].fetched(8, 12, Instant::from_millis(1));
        assert_eq!(leader.expanded(1, 8, BrokerSet::first(3)), None);
        leader.followers[1].fetched(11, 12, Instant::from_millis(2));
        assert_eq!(leader.expanded(1, 12, BrokerSet::first(3)), None);
        assert_eq!(
            leader.expanded(1, 11, BrokerSet::first(3)),
            Some(BrokerSet::first(2))
        );
        assert_eq!(leader.expanded(1, 11, BrokerSet::of(0)), None, "fenced");
    }
}

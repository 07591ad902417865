//! How a set of keys spreads over partitions, without running anything.

use crate::ids::PartitionId;
use crate::partitioner::Partitioner;

/// How many keys each partition gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// By partition; at least one.
    counts: Vec<u32>,
}

impl Distribution {
    /// Spreads these keys; `None` if the partitioner sends one of them to no fixed partition, or without partitions.
    pub fn of<K: AsRef<str>>(
        keys: impl IntoIterator<Item = K>,
        partitions: i32,
        by: Partitioner,
    ) -> Option<Self> {
        if partitions < 1 {
            return None;
        }
        let mut counts = vec![0; PartitionId(partitions).index()];
        for key in keys {
            counts[partition(key.as_ref(), partitions, by)?.index()] += 1;
        }
        Some(Self { counts })
    }

    /// By partition.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The partition with most keys, the first one if there are several.
    pub fn hottest(&self) -> PartitionId {
        hottest(self.counts.iter().map(|&count| u64::from(count)))
    }

    /// Keys in the fullest partition.
    pub fn max(&self) -> u32 {
        self.counts.iter().copied().max().unwrap_or(0)
    }

    /// Keys in the emptiest partition.
    pub fn min(&self) -> u32 {
        self.counts.iter().copied().min().unwrap_or(0)
    }

    /// Partitions without any key.
    pub fn empty(&self) -> usize {
        self.counts.iter().filter(|&&count| count == 0).count()
    }
}

/// The index of the greatest count, the first one if there are several.
pub(crate) fn hottest(counts: impl IntoIterator<Item = u64>) -> PartitionId {
    let mut best = (PartitionId(0), 0);
    for (partition, count) in (0..).map(PartitionId).zip(counts) {
        if count > best.1 {
            best = (partition, count);
        }
    }
    best.0
}

/// How many keys change partition when a topic grows; `None` as for [`Distribution::of`].
pub fn moved<K: AsRef<str>>(
    keys: impl IntoIterator<Item = K>,
    from: i32,
    to: i32,
    by: Partitioner,
) -> Option<u32> {
    differing(keys, |key| {
        Some((partition(key, from, by)?, partition(key, to, by)?))
    })
}

/// How many keys two partitioners send to different partitions; `None` as for [`Distribution::of`].
pub fn disagreeing<K: AsRef<str>>(
    keys: impl IntoIterator<Item = K>,
    partitions: i32,
    left: Partitioner,
    right: Partitioner,
) -> Option<u32> {
    differing(keys, |key| {
        Some((
            partition(key, partitions, left)?,
            partition(key, partitions, right)?,
        ))
    })
}

fn differing<K: AsRef<str>>(
    keys: impl IntoIterator<Item = K>,
    both: impl Fn(&str) -> Option<(PartitionId, PartitionId)>,
) -> Option<u32> {
    let mut differing = 0;
    for key in keys {
        let (left, right) = both(key.as_ref())?;
        differing += u32::from(left != right);
    }
    Some(differing)
}

fn partition(key: &str, partitions: i32, by: Partitioner) -> Option<PartitionId> {
    by.keyed(key.as_bytes(), partitions)
        .map(|(partition, _)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Partitioner::{ConsistentRandom, Murmur2Random, Random};

    /// The demonstration keys of librdkafka and Kafka at 6 partitions: 21, foobar, abc, kafka.
    const KEYS: [&str; 4] = ["21", "foobar", "abc", "kafka"];

    #[test]
    fn keys_are_counted_where_they_go() {
        let spread = Distribution::of(KEYS, 6, ConsistentRandom).unwrap();
        assert_eq!(spread.counts(), [1, 0, 0, 0, 1, 2]);
        assert_eq!(
            (
                spread.hottest().0,
                spread.max(),
                spread.min(),
                spread.empty()
            ),
            (5, 2, 0, 3)
        );
    }

    #[test]
    fn languages_disagree_on_these_keys() {
        assert_eq!(
            disagreeing(KEYS, 6, ConsistentRandom, Murmur2Random),
            Some(4)
        );
        assert_eq!(
            disagreeing(KEYS, 6, ConsistentRandom, ConsistentRandom),
            Some(0)
        );
    }

    #[test]
    fn growing_moves_keys() {
        assert_eq!(
            moved(KEYS, 6, 12, ConsistentRandom),
            Some(2),
            "abc from 0 to 6, kafka from 5 to 11"
        );
        assert_eq!(moved(KEYS, 6, 6, ConsistentRandom), Some(0));
    }

    #[test]
    fn what_is_not_hashed_has_no_distribution() {
        assert_eq!(Distribution::of(KEYS, 6, Random), None);
        assert_eq!(Distribution::of([""], 6, ConsistentRandom), None);
        assert_eq!(Distribution::of(KEYS, 0, ConsistentRandom), None);
    }
}

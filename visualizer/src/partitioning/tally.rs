//! How keys are spread, counted per partition: what the charts and the sentences show, never one entry per key.
//!
//! The hashes of the keys are computed once per partitioner; a change of the number of partitions costs one modulo per key
//! and producer, which is what lets ten thousand keys follow the slider.

use engine::partitioner::Partitioner;
use engine::scenario::Skew;

/// The hashes of all keys under one partitioner; `None` where the key alone does not decide.
pub(crate) fn hashes(partitioner: Partitioner, keys: &[String]) -> Vec<Option<u32>> {
    keys.iter()
        .map(|key| partitioner.hash(key.as_bytes()))
        .collect()
}

/// The partition of a hash among `partitions`.
pub(crate) fn reduce(hash: Option<u32>, partitions: i32) -> Option<i32> {
    let hash = hash?;
    let partitions = u32::try_from(partitions).ok().filter(|&n| n > 0)?;
    // Below a positive i32, so it is one.
    Some((hash % partitions).cast_signed())
}

/// What is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many keys there are.
    pub keys: usize,
    /// The first producer.
    pub left: Side,
    /// The second one, if there is one.
    pub right: Option<Side>,
    /// Keys that both producers hash, to different partitions.
    pub differ: usize,
    /// Keys that both producers hash.
    pub compared: usize,
}

/// One producer's part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Side {
    /// Keys per partition.
    pub keys: Vec<u64>,
    /// Share of the messages per partition, in thousandths of them all: empty if every key sends as much as any other.
    pub messages: Vec<u64>,
    /// Keys whose partition changes when the topic grows.
    pub moved: usize,
    /// Keys that it does not hash.
    pub unhashed: usize,
}

impl Side {
    /// What each partition gets: messages if keys are unequal, keys otherwise.
    pub(crate) fn load(&self) -> &[u64] {
        if self.messages.is_empty() {
            &self.keys
        } else {
            &self.messages
        }
    }

    /// Partitions that get nothing.
    pub(crate) fn empty(&self) -> usize {
        self.load().iter().filter(|&&load| load == 0).count()
    }

    /// The partition that gets most, and how much.
    pub(crate) fn hottest(&self) -> Option<(usize, u64)> {
        let most = self.load().iter().copied().max().filter(|&most| most > 0)?;
        let partition = self.load().iter().position(|&load| load == most)?;
        Some((partition, most))
    }
}

/// How many partitions the topic has, first and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Growth {
    /// At its creation.
    pub from: i32,
    /// In the end; the same if it does not grow.
    pub to: i32,
}

/// Counts.
pub(crate) fn tally(
    left: &[Option<u32>],
    right: Option<&[Option<u32>]>,
    growth: Growth,
    hot: Option<(usize, u8)>,
) -> Tally {
    let mut tally = Tally {
        keys: left.len(),
        left: side(left, growth, hot),
        right: right.map(|right| side(right, growth, hot)),
        ..Tally::default()
    };
    for (left, right) in left.iter().zip(right.unwrap_or_default()) {
        if left.is_some() && right.is_some() {
            tally.compared += 1;
            tally.differ += usize::from(reduce(*left, growth.to) != reduce(*right, growth.to));
        }
    }
    tally
}

fn side(hashes: &[Option<u32>], growth: Growth, hot: Option<(usize, u8)>) -> Side {
    let mut side = Side {
        keys: vec![0; usize::try_from(growth.to).unwrap_or(0)],
        ..Side::default()
    };
    for &hash in hashes {
        let to = reduce(hash, growth.to);
        let Some(slot) = to
            .and_then(|to| usize::try_from(to).ok())
            .and_then(|to| side.keys.get_mut(to))
        else {
            side.unhashed += 1;
            continue;
        };
        *slot += 1;
        side.moved += usize::from(to != reduce(hash, growth.from));
    }
    if let Some((key, share)) = hot {
        let partition = hashes.get(key).and_then(|&hash| reduce(hash, growth.to));
        side.messages = messages(&side.keys, hashes.len(), partition, share);
    }
    side
}

/// Thousandths of the messages per partition, when one key, in partition `hot`, takes `share` percent of them and the
/// others share the rest equally.
fn messages(keys: &[u64], total: usize, hot: Option<i32>, share: u8) -> Vec<u64> {
    let others = (total as u64).saturating_sub(1);
    let favoured = if others == 0 {
        1_000
    } else {
        u64::from(share.min(100)) * 10
    };
    keys.iter()
        .enumerate()
        .map(|(partition, &keys)| {
            let has_hot = hot.is_some_and(|hot| usize::try_from(hot) == Ok(partition));
            let ordinary = keys - u64::from(has_hot);
            let rest = ((1_000 - favoured) * ordinary + others / 2)
                .checked_div(others)
                .unwrap_or(0);
            rest + if has_hot { favoured } else { 0 }
        })
        .collect()
}

/// The place of the favoured key among the keys, and its share.
pub(crate) fn hot_key(keys: &[String], skew: Option<&Skew>) -> Option<(usize, u8)> {
    let skew = skew?;
    let place = keys.iter().position(|key| *key == skew.key)?;
    Some((place, skew.share))
}

/// Which keys a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Filter {
    /// All.
    #[default]
    All,
    /// Those on which the producers disagree.
    Different,
    /// Those whose partition changes when the topic grows.
    Moved,
}

/// The places of the keys that a filter keeps.
pub(crate) fn filtered(
    filter: Filter,
    left: &[Option<u32>],
    right: Option<&[Option<u32>]>,
    growth: Growth,
) -> Vec<usize> {
    let right = right.unwrap_or_default();
    let keeps = |&place: &usize| {
        let (left, right) = (left[place], right.get(place).copied().flatten());
        match filter {
            Filter::All => true,
            Filter::Different => {
                left.is_some()
                    && right.is_some()
                    && reduce(left, growth.to) != reduce(right, growth.to)
            }
            Filter::Moved => [left, right]
                .iter()
                .any(|&hash| reduce(hash, growth.from) != reduce(hash, growth.to)),
        }
    };
    (0..left.len()).filter(keeps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partitioning::keybook::{expand, set};
    use engine::partitioner::murmur2;

    fn growth(from: i32, to: i32) -> Growth {
        Growth { from, to }
    }

    fn keys(name: &str) -> Vec<String> {
        expand(&set(name).unwrap())
    }

    fn demo() -> Vec<String> {
        ["21", "foobar", "abc", "kafka", "client-42"]
            .map(String::from)
            .to_vec()
    }

    /// The table that was checked against both real clients.
    #[test]
    fn producers_disagree_as_the_real_ones_do() {
        let left = hashes(Partitioner::ConsistentRandom, &demo());
        let right = hashes(Partitioner::Murmur2Random, &demo());
        let partitions = |hashes: &[Option<u32>]| -> Vec<i32> {
            hashes.iter().filter_map(|&hash| reduce(hash, 6)).collect()
        };
        assert_eq!(partitions(&left), [4, 5, 0, 5, 5]);
        assert_eq!(partitions(&right), [0, 0, 3, 4, 3]);
        let tally = tally(&left, Some(&right), growth(6, 6), None);
        assert_eq!((tally.differ, tally.compared), (5, 5));
        assert_eq!(tally.left.keys, [1, 0, 0, 0, 1, 3]);
        assert_eq!(tally.left.hottest(), Some((5, 3)));
        assert_eq!(tally.left.moved, 0);
    }

    #[test]
    fn growing_moves_keys_only_to_new_partitions_when_it_doubles() {
        let left = hashes(Partitioner::ConsistentRandom, &keys("capteurs-100"));
        let grown = tally(&left, None, growth(6, 12), None);
        let moved = filtered(Filter::Moved, &left, None, growth(6, 12));
        assert_eq!(moved.len(), grown.left.moved);
        assert!(grown.left.moved > 0);
        for place in moved {
            assert!(reduce(left[place], 12).unwrap() >= 6);
        }
        assert_eq!(grown.left.keys.iter().sum::<u64>(), 100);
    }

    #[test]
    fn a_favoured_key_makes_its_partition_hot() {
        let keys = keys("clients-10");
        let left = hashes(Partitioner::ConsistentRandom, &keys);
        let skew = Skew {
            key: "customer-C".into(),
            share: 80,
        };
        let hot = hot_key(&keys, Some(&skew));
        assert_eq!(hot, Some((2, 80)));
        let side = tally(&left, None, growth(6, 6), hot).left;
        let (partition, most) = side.hottest().unwrap();
        assert_eq!(i32::try_from(partition).ok(), reduce(left[2], 6));
        assert!(most >= 800);
        let total: u64 = side.messages.iter().sum();
        assert!((995..=1_005).contains(&total), "{total}");
    }

    #[test]
    fn keys_that_are_not_hashed_are_not_counted_anywhere() {
        let keys = vec![String::new(), "a".into()];
        let left = hashes(Partitioner::ConsistentRandom, &keys);
        let right = hashes(Partitioner::Murmur2Random, &keys);
        assert_eq!(right[0], Some(murmur2(b"") & 0x7fff_ffff));
        let tally = tally(&left, Some(&right), growth(3, 3), None);
        assert_eq!(tally.left.unhashed, 1);
        assert_eq!(tally.compared, 1);
    }

    #[test]
    fn filters_agree_with_counts() {
        let keys = keys("commandes-1000");
        let left = hashes(Partitioner::ConsistentRandom, &keys);
        let right = hashes(Partitioner::JavaDefault, &keys);
        let counted = tally(&left, Some(&right), growth(6, 6), None);
        let different = filtered(Filter::Different, &left, Some(&right), growth(6, 6));
        assert_eq!(different.len(), counted.differ);
        assert_eq!(
            filtered(Filter::All, &left, None, growth(6, 6)).len(),
            1_000
        );
    }
}

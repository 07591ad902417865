//! A series of records that an action asked for: which key each one has.

use super::keybook::KeyBook;
use crate::ids::RecordKey;
use crate::scenario::{Keys, Produce};

/// The keys of a `produce` action, ready to be counted off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    pub(crate) produce: Produce,
    /// Each with its number in the run. The favoured one comes last, if there is one.
    keys: Vec<(RecordKey, usize)>,
    /// How many of them are taken in turn; 0 for null keys.
    turns: u64,
    /// The favoured key's share, in percent.
    share: Option<u64>,
}

impl Series {
    /// The series that an action asks for, with its keys entered in the run's book.
    pub(crate) fn new(produce: Produce, book: &mut KeyBook) -> Self {
        let favourite = produce.skew.as_ref().map(|skew| skew.key.as_str());
        let mut keys: Vec<RecordKey> = match &produce.keys {
            Keys::List(keys) => keys
                .iter()
                .map(|key| RecordKey::from(key.as_str()))
                .collect(),
            Keys::Set(set) => set.keys().map(RecordKey::from).collect(),
            Keys::Null => Vec::new(),
        };
        keys.retain(|key| Some(&**key) != favourite);
        let turns = keys.len() as u64;
        keys.extend(favourite.map(RecordKey::from));
        Self {
            share: produce.skew.as_ref().map(|skew| u64::from(skew.share)),
            keys: keys
                .into_iter()
                .map(|key| {
                    let number = book.enter(&key);
                    (key, number)
                })
                .collect(),
            turns,
            produce,
        }
    }

    /// The key of record number `index`, and its number in the run's book.
    ///
    /// A favoured key gets its share exactly and evenly: record `i` is its own when the share of `i + 1` records is one more
    /// whole record than the share of `i`. The others share the rest in turn.
    pub(crate) fn numbered_key(&self, index: u32) -> Option<(&RecordKey, usize)> {
        let index = u64::from(index);
        let favoured_before = self.share.map_or(0, |share| index * share / 100);
        let favoured = self
            .share
            .is_some_and(|share| (index + 1) * share / 100 > favoured_before);
        let place = if favoured {
            self.turns
        } else if self.turns > 0 {
            (index - favoured_before) % self.turns
        } else if self.share.is_some() && self.produce.keys != Keys::Null {
            // The favoured key was the only one.
            self.turns
        } else {
            return None;
        };
        let (key, number) = self.keys.get(usize::try_from(place).ok()?)?;
        Some((key, *number))
    }

    /// The key of record number `index`.
    pub(crate) fn key(&self, index: u32) -> Option<&RecordKey> {
        self.numbered_key(index).map(|(key, _)| key)
    }

    /// How many records leave at the send that begins with record number `from`.
    pub(crate) fn burst(&self, from: u32) -> u32 {
        let rest = self.produce.count.saturating_sub(from);
        if self.produce.every.0 == 0 {
            rest
        } else {
            rest.min(self.produce.burst.max(1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Skew;
    use std::collections::BTreeMap;

    fn counts(produce: Produce, records: u32) -> BTreeMap<Option<String>, u32> {
        let series = Series::new(produce, &mut KeyBook::default());
        let mut counts = BTreeMap::new();
        for index in 0..records {
            *counts
                .entry(series.key(index).map(ToString::to_string))
                .or_insert(0) += 1;
        }
        counts
    }

    fn five_keys() -> Keys {
        Keys::List(["A", "B", "C", "D", "E"].map(String::from).to_vec())
    }

    #[test]
    fn keys_take_turns() {
        let counts = counts(Produce::of(five_keys()), 30);
        assert!(counts.values().all(|&count| count == 6), "{counts:?}");
    }

    #[test]
    fn a_favoured_key_gets_its_share_exactly_and_the_others_the_rest() {
        let skew = Some(Skew {
            key: "A".into(),
            share: 80,
        });
        let counts = counts(
            Produce {
                skew,
                ..Produce::of(five_keys())
            },
            100,
        );
        assert_eq!(counts[&Some("A".into())], 80);
        assert_eq!(counts[&Some("B".into())], 5);
        assert_eq!(counts[&Some("E".into())], 5);
    }

    #[test]
    fn a_favoured_key_may_stand_out_among_null_keys() {
        let skew = Some(Skew {
            key: "A".into(),
            share: 25,
        });
        let counts = counts(
            Produce {
                skew,
                ..Produce::of(Keys::Null)
            },
            40,
        );
        assert_eq!(counts[&Some("A".into())], 10);
        assert_eq!(counts[&None], 30);
    }
}

//! A series of records that an action asked for: which key each one has.

use crate::scenario::{Keys, Produce};
use std::sync::Arc;

/// The keys of a `produce` action, ready to be counted off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    pub(crate) produce: Produce,
    /// Taken in turn; empty for null keys.
    keys: Vec<Arc<str>>,
    skew: Option<(Arc<str>, u64)>,
}

impl Series {
    pub(crate) fn new(produce: Produce) -> Self {
        let skew = produce
            .skew
            .as_ref()
            .map(|skew| (Arc::from(skew.key.as_str()), u64::from(skew.share)));
        let mut keys: Vec<Arc<str>> = match &produce.keys {
            Keys::List(keys) => keys.iter().map(|key| Arc::from(key.as_str())).collect(),
            Keys::Set(set) => set.keys().map(Arc::from).collect(),
            Keys::Null => Vec::new(),
        };
        if let Some((favourite, _)) = &skew {
            keys.retain(|key| key != favourite);
        }
        Self {
            produce,
            keys,
            skew,
        }
    }

    /// The key of record number `index`.
    ///
    /// A favoured key gets its share exactly and evenly: record `i` is its own when the share of `i + 1` records is one more
    /// whole record than the share of `i`. The others share the rest in turn.
    pub(crate) fn key(&self, index: u32) -> Option<Arc<str>> {
        let index = u64::from(index);
        let favoured_before = match &self.skew {
            Some((favourite, share)) => {
                let before = index * share / 100;
                if (index + 1) * share / 100 > before {
                    return Some(Arc::clone(favourite));
                }
                before
            }
            None => 0,
        };
        if self.keys.is_empty() {
            // Either the keys are null, or the favoured key was the only one.
            return match (&self.produce.keys, &self.skew) {
                (Keys::List(_) | Keys::Set(_), Some((favourite, _))) => Some(Arc::clone(favourite)),
                _ => None,
            };
        }
        let turn = (index - favoured_before) % self.keys.len() as u64;
        usize::try_from(turn)
            .ok()
            .map(|turn| Arc::clone(&self.keys[turn]))
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
        let series = Series::new(produce);
        let mut counts = BTreeMap::new();
        for index in 0..records {
            *counts
                .entry(series.key(index).map(|key| key.to_string()))
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

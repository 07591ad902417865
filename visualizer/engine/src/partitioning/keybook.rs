//! The keys of a run, each numbered once: what is remembered of a key is found by its number, not by its text.

use crate::ids::RecordKey;
use std::collections::BTreeMap;

/// The keys, in their order, and their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KeyBook {
    numbers: BTreeMap<RecordKey, usize>,
}

impl KeyBook {
    /// The number of a key, which it is given if it has none.
    pub(crate) fn enter(&mut self, key: &RecordKey) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(key.clone()).or_insert(next)
    }

    /// The number of a key, if it has one.
    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        self.numbers.get(key).copied()
    }

    /// All keys and their numbers, in the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&RecordKey, usize)> {
        self.numbers.iter().map(|(key, number)| (key, *number))
    }
}

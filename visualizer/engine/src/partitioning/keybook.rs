//! The keys of a run, each numbered once: what is remembered of a key is found by its number, not by its text.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The keys, in their order, and their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KeyBook {
    numbers: BTreeMap<Arc<str>, usize>,
}

impl KeyBook {
    /// The number of a key, which it is given if it has none.
    pub(crate) fn enter(&mut self, key: &Arc<str>) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(Arc::clone(key)).or_insert(next)
    }

    /// The number of a key, if it has one.
    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        self.numbers.get(key).copied()
    }

    /// All keys and their numbers, in the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, usize)> {
        self.numbers.iter().map(|(key, number)| (key, *number))
    }
}

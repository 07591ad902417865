//! A few brokers, by their index.

use crate::ids::BrokerId;

/// A set of brokers, numbered from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct BrokerSet(u32);

impl BrokerSet {
    /// Brokers `0..count`.
    pub(super) const fn first(count: usize) -> Self {
        Self((1 << count) - 1)
    }

    pub(super) const fn of(broker: usize) -> Self {
        Self(1 << broker)
    }

    pub(super) const fn has(self, broker: usize) -> bool {
        self.0 & (1 << broker) != 0
    }

    pub(super) const fn with(self, broker: usize) -> Self {
        Self(self.0 | 1 << broker)
    }

    pub(super) const fn without(self, broker: usize) -> Self {
        Self(self.0 & !(1 << broker))
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in `other`.
    pub(super) const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their numbers in Kafka, in the order of `replicas`.
    pub(super) fn named(self, replicas: &[usize]) -> Box<[BrokerId]> {
        replicas
            .iter()
            .filter(|broker| self.has(**broker))
            .map(|broker| name(*broker))
            .collect()
    }
}

/// A broker's number in Kafka: they count from 1.
pub(super) fn name(broker: usize) -> BrokerId {
    BrokerId(i32::try_from(broker + 1).unwrap_or(i32::MAX))
}

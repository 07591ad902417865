//! Records without a key in Java 2.4 to 3.2 (KIP-480): one partition until a batch begins (`StickyPartitionCache`).
//!
//! 1. The first record draws a partition.
//! 2. A record that would open a batch, with a key or without, makes the producer call `onNewBatch` with the partition it
//!    was going to: if that is the sticky one, another is drawn, never the same, and the record is partitioned again.
//!
//! So even the very first record opens its batch on the *second* partition drawn. And a slow broker, whose batches take
//! longer to fill and leave, collects more records than the others: what KIP-794 corrects.

use crate::ids::PartitionId;

/// The sticky partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Kip480Sticky {
    current: Option<PartitionId>,
}

impl Kip480Sticky {
    /// The partition of a record without key (`StickyPartitionCache.partition`). `random` gives numbers from 0 to 2³¹ - 1.
    pub(crate) fn partition(
        &mut self,
        partitions: u32,
        mut random: impl FnMut() -> u32,
    ) -> PartitionId {
        *self
            .current
            .get_or_insert_with(|| PartitionId((random() % partitions).cast_signed()))
    }

    /// A batch is about to begin on `opened` (`StickyPartitionCache.nextPartition`).
    pub(crate) fn on_new_batch(
        &mut self,
        opened: PartitionId,
        partitions: u32,
        mut random: impl FnMut() -> u32,
    ) {
        if self.current.is_some_and(|current| current != opened) {
            return;
        }
        let old = self.current;
        self.current = loop {
            let drawn = Some(PartitionId((random() % partitions).cast_signed()));
            if partitions == 1 || drawn != old {
                break drawn;
            }
        };
    }

    /// The partition it holds on to.
    pub(crate) fn current(&self) -> Option<PartitionId> {
        self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(numbers: &[u32]) -> impl FnMut() -> u32 + use<'_> {
        let mut numbers = numbers.iter();
        move || *numbers.next().expect("as many draws as the test foresees")
    }

    #[test]
    fn a_new_batch_on_the_sticky_partition_moves_to_another() {
        let mut sticky = Kip480Sticky::default();
        assert_eq!(sticky.partition(3, draws(&[4])), PartitionId(1));
        sticky.on_new_batch(PartitionId(1), 3, draws(&[1, 7, 5]));
        assert_eq!(
            sticky.current(),
            Some(PartitionId(2)),
            "1 and 7 fall on the old one and are drawn again"
        );
        assert_eq!(sticky.partition(3, draws(&[])), PartitionId(2));
    }

    #[test]
    fn a_new_batch_elsewhere_changes_nothing() {
        let mut sticky = Kip480Sticky::default();
        sticky.partition(3, draws(&[0]));
        sticky.on_new_batch(PartitionId(2), 3, draws(&[]));
        assert_eq!(sticky.current(), Some(PartitionId(0)));
    }

    #[test]
    fn a_single_partition_is_kept() {
        let mut sticky = Kip480Sticky::default();
        sticky.partition(1, draws(&[9]));
        sticky.on_new_batch(PartitionId(0), 1, draws(&[9]));
        assert_eq!(sticky.current(), Some(PartitionId(0)));
    }
}

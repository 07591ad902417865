//! Java's `RoundRobinPartitioner` (4.x): each record in turn, whatever its key.
//!
//! Until Java 3.x a record that opened a batch was partitioned twice and skipped a partition (KAFKA-9965); 4.0 no longer
//! does that, and that is what is modelled.

use crate::ids::PartitionId;

/// Whose turn it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RoundRobin {
    /// Java counts in 32 bits, wraps around and clears the sign.
    next: u32,
}

impl RoundRobin {
    /// The partition of the next record.
    pub(crate) fn partition(&mut self, partitions: u32) -> PartitionId {
        let turn = self.next & super::MASK;
        self.next = self.next.wrapping_add(1);
        PartitionId((turn % partitions).cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_take_turns() {
        let mut turns = RoundRobin::default();
        let taken: Vec<i32> = (0..7).map(|_| turns.partition(3).0).collect();
        assert_eq!(taken, [0, 1, 2, 0, 1, 2, 0]);
    }
}

//! Records without a key in librdkafka (KIP-480 as it implements it): one partition for a length of time.
//!
//! `sticky.partitioning.linger.ms` after the last choice, the next record draws a partition again — possibly the same one.
//! The interval is fixed: it is not prolonged by records, and exactly at its end the old partition still holds
//! (`rd_kafka_msg_sticky_partition` and `rd_interval` in librdkafka 2.12.1). With 0 each record draws.

use crate::ids::PartitionId;
use crate::time::{Duration, Instant};

/// Where records without a key go, and since when.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LibrdkafkaSticky {
    current: Option<(PartitionId, Instant)>,
}

impl LibrdkafkaSticky {
    /// The partition of a record sent now; `random` is asked for one when it is time to choose.
    pub(crate) fn partition(
        &mut self,
        now: Instant,
        linger: Duration,
        random: impl FnOnce() -> PartitionId,
    ) -> PartitionId {
        match self.current {
            Some((partition, chosen_at)) if now <= chosen_at + linger => partition,
            _ => {
                let partition = random();
                self.current = Some((partition, now));
                partition
            }
        }
    }

    /// The partition it holds on to.
    pub(crate) fn current(&self) -> Option<PartitionId> {
        self.current.map(|(partition, _)| partition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_kept_for_the_interval_and_no_longer() {
        let mut sticky = LibrdkafkaSticky::default();
        let linger = Duration::from_millis(10);
        let mut next = 0;
        let mut at = |us: u64| {
            sticky.partition(Instant(us), linger, || {
                next += 1;
                PartitionId(next)
            })
        };
        assert_eq!(at(5_000), PartitionId(1));
        assert_eq!(
            at(9_000),
            PartitionId(1),
            "records do not prolong the interval"
        );
        assert_eq!(
            at(15_000),
            PartitionId(1),
            "the end of the interval belongs to it"
        );
        assert_eq!(at(15_001), PartitionId(2));
        assert_eq!(at(90_000), PartitionId(3));
    }
}

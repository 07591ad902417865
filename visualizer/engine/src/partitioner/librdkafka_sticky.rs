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

    /// Eight runs of real producers against librdkafka's mock cluster. Where the model draws, it is given the partition that
    /// was recorded; everywhere else it must say the one that was recorded.
    #[test]
    fn it_keeps_partitions_as_long_as_librdkafka_does() {
        let recorded = include_str!("../../vectors/recorded/librdkafka-sticky.tsv");
        let (mut sticky, mut linger, mut draws) = (LibrdkafkaSticky::default(), Duration(0), 0);
        let mut runs = Vec::new();
        for row in recorded.lines().filter(|line| !line.starts_with('#')) {
            let row: Vec<&str> = row.split('\t').collect();
            if row[0] == "run" {
                let twice_linger = 2 * row[4].parse::<u64>().unwrap();
                linger = Duration::from_millis(row[3].parse().unwrap_or(twice_linger));
                sticky = LibrdkafkaSticky::default();
                runs.push(std::mem::take(&mut draws));
                continue;
            }
            let (now, partition) = (
                Instant(row[1].parse().unwrap()),
                PartitionId(row[3].parse().unwrap()),
            );
            if linger.0 == 0 {
                // Without interval the producer does not ask for a sticky partition, it draws.
                draws += 1;
                continue;
            }
            let chosen = sticky.partition(now, linger, || {
                draws += 1;
                partition
            });
            assert_eq!(chosen, partition, "{row:?}");
        }
        runs.push(draws);
        // 300 records in 600 to 800 ms: one draw each 50 ms or more, 60 ms by default (twice linger.ms), or each its own.
        assert_eq!(runs.len(), 9);
        assert!(
            runs[1..7].iter().all(|draws| (8..=16).contains(draws)),
            "{runs:?}"
        );
        assert_eq!(runs[7..], [300, 300]);
    }
}

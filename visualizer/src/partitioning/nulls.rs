//! Records without key, in bursts: the same bursts under three ways to place them.

use engine::config::{Config, Property, Setting};
use engine::event::EventKind;
use engine::partitioner::Partitioner;
use engine::partitioning::Simulation;
use engine::scenario::{Action, Keys, Kind, Produce, Scenario, TimedAction};
use engine::time::{Duration, Instant};
use picture::roll::Roll;

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bursts {
    /// How many bursts.
    pub count: u32,
    /// Records in each.
    pub records: u32,
    /// Milliseconds from one to the next.
    pub every_ms: u32,
    /// `sticky.partitioning.linger.ms`.
    pub linger_ms: u32,
    /// Partitions of the topic.
    pub partitions: i32,
    /// Where chance comes from.
    pub seed: u64,
}

/// A way to place records without key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// librdkafka's, hence .NET's: one partition for `sticky.partitioning.linger.ms`.
    Sticky,
    /// The same with `sticky.partitioning.linger.ms` = 0: one draw per record.
    PerRecord,
    /// Java's since 3.3 (KIP-794): one partition for `batch.size` bytes.
    Java,
}

impl Manner {
    /// In the order in which they are shown.
    pub(crate) const ALL: [Self; 3] = [Self::Sticky, Self::PerRecord, Self::Java];

    fn config(self, bursts: &Bursts) -> Config {
        let mut config = Config::default();
        let count = Setting::Count(bursts.partitions.unsigned_abs());
        config.set(Property::NumPartitions, count);
        let linger = match self {
            Self::Sticky => bursts.linger_ms,
            Self::PerRecord => 0,
            Self::Java => {
                config.set(
                    Property::Partitioner,
                    Setting::Partitioner(Partitioner::JavaDefault),
                );
                return config;
            }
        };
        let linger = Duration::from_millis(u64::from(linger));
        config.set(Property::StickyPartitioningLingerMs, Setting::Time(linger));
        config
    }
}

/// How the records of each burst are spread.
pub(crate) fn roll(bursts: &Bursts, manner: Manner) -> Roll {
    let mut scenario = Scenario::new(Kind::Partitioning, "");
    scenario.seed = bursts.seed;
    scenario.config = manner.config(bursts);
    scenario.actions.push(TimedAction {
        at: Instant::ZERO,
        action: Action::Produce(Produce {
            count: bursts.count * bursts.records,
            burst: bursts.records,
            every: Duration::from_millis(u64::from(bursts.every_ms)),
            ..Produce::of(Keys::Null)
        }),
    });
    let mut run = Simulation::new(scenario);
    let end = run.end();
    run.run_until(end);
    Roll {
        bursts: counted(&run, bursts),
        ..Roll::default()
    }
}

fn counted(run: &Simulation, bursts: &Bursts) -> Vec<Vec<u64>> {
    let partitions = usize::try_from(bursts.partitions).unwrap_or(0);
    let mut counts = vec![vec![0; partitions]; bursts.count as usize];
    for event in run.events() {
        if let EventKind::PartitionChosen {
            record, partition, ..
        } = &event.kind
        {
            let burst = usize::try_from(record.0 / u64::from(bursts.records.max(1))).unwrap_or(0);
            let partition = usize::try_from(partition.0).unwrap_or(0);
            if let Some(count) = counts
                .get_mut(burst)
                .and_then(|burst| burst.get_mut(partition))
            {
                *count += 1;
            }
        }
    }
    counts
}

/// Partitions that got at least one record, and the share of the fullest in the whole, in thousandths.
pub(crate) fn spread(roll: &Roll) -> (usize, u64) {
    let partitions = roll.bursts.first().map_or(0, Vec::len);
    let totals: Vec<u64> = (0..partitions)
        .map(|partition| roll.bursts.iter().map(|burst| burst[partition]).sum())
        .collect();
    let all: u64 = totals.iter().sum();
    let most = totals.iter().copied().max().unwrap_or(0);
    let used = totals.iter().filter(|&&total| total > 0).count();
    (used, (most * 1_000).checked_div(all).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread_of(manner: Manner) -> (usize, u64) {
        spread(&roll(
            &Bursts {
                count: 1,
                records: 200,
                every_ms: 50,
                linger_ms: 10,
                partitions: 6,
                seed: 42,
            },
            manner,
        ))
    }

    /// What the real libraries do with a burst: librdkafka's lands whole on one partition.
    #[test]
    fn a_burst_sticks_to_one_partition_unless_told_otherwise() {
        assert_eq!(spread_of(Manner::Sticky), (1, 1_000));
        assert_eq!(spread_of(Manner::PerRecord).0, 6);
    }

    #[test]
    fn every_record_is_counted_in_its_burst() {
        let bursts = Bursts {
            count: 5,
            records: 30,
            every_ms: 50,
            linger_ms: 10,
            partitions: 6,
            seed: 7,
        };
        for manner in Manner::ALL {
            let roll = roll(&bursts, manner);
            assert_eq!(roll.bursts.len(), 5);
            for burst in &roll.bursts {
                assert_eq!(burst.iter().sum::<u64>(), 30, "{manner:?}");
            }
        }
    }
}

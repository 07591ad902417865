//! The engine against what the real clients did, as recorded in `vectors/recorded` by the programs in `vectors`.

#![allow(clippy::unwrap_used)]

use engine::config::{Config, Property};
use engine::event::EventKind;
use engine::ids::{PartitionId, RecordId};
use engine::partitioner::Partitioner;
use engine::partitioning::Simulation;
use engine::scenario::{Action, Keys, Kind, Produce, Scenario, TimedAction};
use engine::time::Instant;
use std::collections::BTreeMap;

/// The rows of a recorded file, cut into columns; comments left out.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

/// A key as `keys.txt` writes it: hexadecimal after `hex:`, else text.
fn key(written: &str) -> Vec<u8> {
    match written.strip_prefix("hex:") {
        Some(hex) => (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect(),
        None => written.as_bytes().to_vec(),
    }
}

fn partitioner(name: &str) -> Partitioner {
    Partitioner::from_property(name).unwrap_or_else(|| panic!("{name} is a partitioner"))
}

/// Checks every key, partition count and partitioner of a file; returns how many there are.
fn check_keyed(recorded: &str) -> usize {
    let counts: Vec<i32> = include_str!("../vectors/partitions.txt")
        .split_whitespace()
        .map(|count| count.parse().unwrap())
        .collect();
    let mut checked = 0;
    for row in rows(recorded) {
        let [name, written, partitions] = row[..] else {
            panic!("{row:?}")
        };
        let partitions: Vec<i32> = partitions
            .split(' ')
            .map(|partition| partition.parse().unwrap())
            .collect();
        assert_eq!(partitions.len(), counts.len(), "{row:?}");
        for (&count, &partition) in counts.iter().zip(&partitions) {
            let chosen = match written {
                "null-key" => partitioner(name).fixed_null(count),
                _ => partitioner(name)
                    .keyed(&key(written), count)
                    .map(|(partition, _)| partition),
            };
            assert_eq!(
                chosen,
                Some(PartitionId(partition)),
                "{name}, {written}, {count} partitions"
            );
            checked += 1;
        }
    }
    checked
}

#[test]
fn keys_go_where_java_sends_them() {
    assert_eq!(
        check_keyed(include_str!("../vectors/recorded/java-keyed.tsv")),
        157 * 41
    );
}

#[test]
fn keys_go_where_librdkafka_sends_them() {
    // Six partitioners; consistent_random decides neither the null nor the empty key, the other _random not the null one.
    let keys = 6 * 157 - 1 + 3;
    let recorded = include_str!("../vectors/recorded/librdkafka-keyed.tsv");
    assert_eq!(check_keyed(recorded), keys * 41);
}

/// Not the functions alone but producers as .NET makes them, up to the delivery report.
#[test]
fn messages_are_delivered_where_the_engine_says() {
    let mut delivered = 0;
    for row in rows(include_str!("../vectors/recorded/librdkafka-produced.tsv")) {
        let [name, count, written, partition] = row[..] else {
            panic!("{row:?}")
        };
        let count: i32 = count.parse().unwrap();
        let chosen = match written {
            "null-key" => partitioner(name).fixed_null(count),
            _ => partitioner(name)
                .keyed(&key(written), count)
                .map(|(partition, _)| partition),
        };
        assert_eq!(
            chosen,
            Some(PartitionId(partition.parse().unwrap())),
            "{row:?}"
        );
        delivered += 1;
    }
    assert_eq!(delivered, 2 * (6 * 157 - 1 + 3));
}

/// A scenario of one topic and one producer.
fn scenario(settings: &[(Property, &str)]) -> Scenario {
    let mut scenario = Scenario::new(Kind::Partitioning, "recorded");
    let mut config = Config::default();
    for (property, value) in settings {
        config.set_text(*property, value).unwrap();
    }
    scenario.config = config;
    scenario
}

/// By record: the partition chosen, and when it was appended.
fn outcomes(scenario: Scenario) -> BTreeMap<RecordId, (PartitionId, Instant)> {
    let mut run = Simulation::new(scenario);
    while !run.step().is_empty() {}
    let mut outcomes = BTreeMap::new();
    for event in run.events() {
        match &event.kind {
            EventKind::PartitionChosen {
                record, partition, ..
            } => {
                outcomes.insert(*record, (*partition, Instant::ZERO));
            }
            EventKind::RecordAppended {
                record: Some(record),
                ..
            } => {
                outcomes.get_mut(record).unwrap().1 = event.at;
            }
            _ => {}
        }
    }
    outcomes
}

fn one(at_ms: &str, written_key: &str, value_size: &str) -> TimedAction {
    let keys = if written_key == "null" {
        Keys::Null
    } else {
        Keys::List(vec![written_key.to_owned()])
    };
    let produce = Produce {
        value_size: value_size.parse().unwrap(),
        ..Produce::of(keys)
    };
    TimedAction {
        at: Instant::from_millis(at_ms.parse().unwrap()),
        action: Action::Produce(produce),
    }
}

#[test]
fn round_robin_is_javas() {
    let keys = include_str!("../vectors/keys.txt").lines().count();
    for row in rows(include_str!("../vectors/recorded/java-round-robin.tsv")) {
        let [count, partitions] = row[..] else {
            panic!("{row:?}")
        };
        let mut scenario = scenario(&[
            (Property::NumPartitions, count),
            (Property::Partitioner, "round_robin"),
        ]);
        scenario.actions = (0..keys).map(|_| one("0", "customer-A", "0")).collect();
        let ours: Vec<String> = outcomes(scenario)
            .values()
            .map(|(partition, _)| partition.to_string())
            .collect();
        assert_eq!(ours.join(" "), partitions, "{count} partitions");
    }
}

/// The runs of a file: the columns of each `run` row, and the `send` rows after it.
fn runs(text: &str) -> Vec<(Vec<&str>, Vec<Vec<&str>>)> {
    let mut runs: Vec<(Vec<&str>, Vec<Vec<&str>>)> = Vec::new();
    for row in rows(text) {
        match row[0] {
            "run" => runs.push((row[1].split(' ').collect(), Vec::new())),
            _ => runs.last_mut().unwrap().1.push(row),
        }
    }
    runs
}

/// KIP-794 as it is in Java's accumulator, batches included: the same random numbers give the same partitions, and batches
/// leave at the same instants.
#[test]
fn records_without_key_go_where_java_sends_them() {
    let runs = runs(include_str!("../vectors/recorded/java-uniform.tsv"));
    assert_eq!(runs.len(), 10);
    for (settings, sends) in runs {
        let [partitions, batch_size, linger, adaptive, ignore_keys, seed] = settings[..] else {
            panic!("{settings:?}")
        };
        let mut scenario = scenario(&[
            (Property::NumPartitions, partitions),
            (Property::Partitioner, "java_default"),
            (Property::BatchSize, batch_size),
            (Property::LingerMs, linger),
            (Property::AdaptivePartitioning, adaptive),
            (Property::IgnoreKeys, ignore_keys),
        ]);
        scenario.seed = seed.parse().unwrap();
        scenario.actions = sends
            .iter()
            .map(|send| one(send[1], send[2], send[3]))
            .collect();
        let ours = outcomes(scenario);
        assert_eq!(ours.len(), sends.len());
        for (send, (record, outcome)) in sends.iter().zip(ours) {
            let java = (
                PartitionId(send[4].parse().unwrap()),
                Instant::from_millis(send[5].parse().unwrap()),
            );
            assert_eq!(outcome, java, "{settings:?}, record {record:?}: {send:?}");
        }
    }
}

/// KIP-480, whose random numbers could not be chosen: it moves at the same records, never to the partition it was on, and
/// its batches leave at the same instants.
#[test]
fn records_without_key_moved_with_each_batch_until_java_3_2() {
    let runs = runs(include_str!("../vectors/recorded/java-kip480.tsv"));
    assert_eq!(runs.len(), 4);
    for (settings, sends) in runs {
        let [partitions, batch_size, linger] = settings[..] else {
            panic!("{settings:?}")
        };
        let mut scenario = scenario(&[
            (Property::NumPartitions, partitions),
            (Property::Partitioner, "java_sticky"),
            (Property::BatchSize, batch_size),
            (Property::LingerMs, linger),
        ]);
        scenario.actions = sends
            .iter()
            .map(|send| one(send[1], "null", send[2]))
            .collect();
        let ours: Vec<_> = outcomes(scenario).into_values().collect();
        let java: Vec<_> = sends
            .iter()
            .map(|send| (send[3], Instant::from_millis(send[4].parse().unwrap())))
            .collect();
        let left = |(index, pair): (usize, (Instant, Instant))| {
            (pair.0 != pair.1).then_some((index, pair))
        };
        let instants = ours
            .iter()
            .map(|outcome| outcome.1)
            .zip(java.iter().map(|outcome| outcome.1));
        assert_eq!(instants.enumerate().find_map(left), None, "{settings:?}");
        let moved = |same: &dyn Fn(usize) -> bool| {
            (1..sends.len())
                .filter(|&index| !same(index))
                .collect::<Vec<_>>()
        };
        let our_moves = moved(&|index| ours[index].0 == ours[index - 1].0);
        assert_eq!(
            our_moves,
            moved(&|index| java[index].0 == java[index - 1].0),
            "{settings:?}"
        );
        assert!(our_moves.len() > 10);
    }
}

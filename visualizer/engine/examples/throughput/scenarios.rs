//! What is played: a long scenario of each simulation, and of its costly variants.

use engine::config::Property;
use engine::keys::KeySet;
use engine::scenario::{Action, Keys, Kind, Produce, Scenario, Step, TimedAction};
use engine::time::{Duration, Instant};

/// Ten minutes.
const TEN_MINUTES: u64 = 600_000;

/// Records of each scenario: as many as a simulation takes.
const RECORDS: u32 = 100_000;

/// A property and its value.
type Setting<'a> = (Property, &'a str);

/// Every scenario, with what is printed of it.
pub(crate) fn all() -> Vec<(String, Scenario)> {
    let mut all = Vec::new();
    for (consumers, partitions, settings) in [
        (6, "12", &[(Property::SimulationHandler, "auto")][..]),
        (6, "12", &[(Property::SimulationHandler, "store-after")]),
        (6, "12", &[(Property::SimulationHandler, "sync-after")]),
        (6, "12", &[(Property::GroupProtocol, "consumer")]),
        (100, "1000", &[(Property::SimulationHandler, "auto")]),
        (100, "1000", &[(Property::GroupProtocol, "consumer")]),
    ] {
        let label = format!("groupe {consumers} × {partitions}, {}", settings[0].1);
        all.push((label, group(consumers, partitions, settings)));
    }
    for (partitioner, keys) in [
        ("consistent_random", "commandes-10000"),
        ("consistent_random", ""),
        ("java_default", "commandes-10000"),
        ("java_default", ""),
    ] {
        let kind = if keys.is_empty() {
            "sans clé"
        } else {
            "10 000 clés"
        };
        let label = format!("partitionnement, {partitioner}, {kind}");
        all.push((label, partitioning(partitioner, keys)));
    }
    all.push((
        "réplication, acks=all, un broker tombe".into(),
        replication(),
    ));
    all.push(("architecture, un service tombe".into(), architecture()));
    all
}

/// Everybody joins at the start, one consumer crashes and comes back.
fn group(consumers: u32, partitions: &str, settings: &[Setting<'_>]) -> Scenario {
    let mut scenario = scenario(Kind::Rebalancing, settings);
    set(&mut scenario, &[(Property::NumPartitions, partitions)]);
    set(
        &mut scenario,
        &[(Property::SimulationProcessingTime, "5ms")],
    );
    for consumer in 1..=consumers {
        step(&mut scenario, 0, &format!("join C{consumer}"));
    }
    step(&mut scenario, 200_000, "crash C1");
    step(&mut scenario, 400_000, "restart C1");
    produce(&mut scenario, 10_000, 5_000, "commandes-1000");
    scenario
}

/// Ten seconds: that is all that a partitioner's story takes.
fn partitioning(partitioner: &str, keys: &str) -> Scenario {
    let settings = [
        (Property::NumPartitions, "100"),
        (Property::Partitioner, partitioner),
    ];
    let mut scenario = scenario(Kind::Partitioning, &settings);
    scenario.duration = None;
    produce(&mut scenario, 0, 100, keys);
    scenario
}

/// Three brokers, six partitions.
fn replication() -> Scenario {
    let settings = [
        (Property::NumPartitions, "6"),
        (Property::MinInsyncReplicas, "2"),
    ];
    let mut scenario = scenario(Kind::Replication, &settings);
    step(&mut scenario, 200_000, "crash broker-1");
    step(&mut scenario, 400_000, "restart broker-1");
    produce(&mut scenario, 10_000, 5_000, "commandes-1000");
    scenario
}

/// The three shops.
fn architecture() -> Scenario {
    let mut scenario = scenario(Kind::Architecture, &[]);
    step(&mut scenario, 200_000, "crash ShippingService");
    step(&mut scenario, 400_000, "restart ShippingService");
    produce(&mut scenario, 10_000, 5_000, "commandes-1000");
    scenario
}

fn scenario(kind: Kind, settings: &[Setting<'_>]) -> Scenario {
    let mut scenario = Scenario::new(kind, "Débit");
    scenario.duration = Some(Duration::from_millis(TEN_MINUTES));
    set(&mut scenario, settings);
    scenario
}

fn set(scenario: &mut Scenario, settings: &[Setting<'_>]) {
    for (property, value) in settings {
        if let Err(error) = scenario.config.set_text(*property, value) {
            unreachable!("{value}: {error}");
        }
    }
}

fn step(scenario: &mut Scenario, at_ms: u64, line: &str) {
    let step: Step = match line.parse() {
        Ok(step) => step,
        Err(error) => unreachable!("{line}: {error}"),
    };
    scenario.actions.push(TimedAction {
        at: Instant::from_millis(at_ms),
        action: Action::Do(step),
    });
}

/// Records of this set of keys, without key if it has no name.
fn produce(scenario: &mut Scenario, at_ms: u64, every_us: u64, keys: &str) {
    let keys = KeySet::from_name(keys).map_or(Keys::Null, Keys::Set);
    scenario.actions.push(TimedAction {
        at: Instant::from_millis(at_ms),
        action: Action::Produce(Produce {
            count: RECORDS,
            every: Duration(every_us),
            ..Produce::of(keys)
        }),
    });
}

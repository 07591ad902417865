//! How fast the engine is: `cargo run --release --example throughput -p engine`.

use engine::config::Property;
use engine::distribution::Distribution;
use engine::keys::KeySet;
use engine::partitioner::Partitioner;
use engine::partitioning::Simulation;
use engine::scenario::{Action, Keys, Kind, Produce, Scenario, TimedAction};
use engine::time::{Duration, Instant};
use std::hint::black_box;
use std::time;

/// Records of each simulated run.
const RECORDS: u32 = 100_000;

fn main() {
    for (partitioner, keys) in [
        ("consistent_random", Keys::Set(set("commandes-10000"))),
        ("consistent_random", Keys::Null),
        ("java_default", Keys::Set(set("commandes-10000"))),
        ("java_default", Keys::Null),
    ] {
        let kind = if keys == Keys::Null {
            "sans clé"
        } else {
            "10 000 clés"
        };
        let mut run = Simulation::new(scenario(partitioner, keys));
        let end = run.end();
        let (took, ()) = timed(|| run.run_until(end));
        let events = run.events().len();
        println!(
            "{partitioner:18} {kind:12} {:6.2} M événements/s ({events} événements en {took:.0?})",
            rate(events, took)
        );
        if kind == "10 000 clés" {
            seek_and_view(&mut run);
        }
    }
    let keys: Vec<String> = set("commandes-10000").keys().collect();
    let (took, _) =
        timed(|| black_box(Distribution::of(&keys, 100, Partitioner::ConsistentRandom)));
    println!("répartition de 10 000 clés sur 100 partitions, CRC-32 : {took:.0?}");
    let (took, _) = timed(|| black_box(Distribution::of(&keys, 100, Partitioner::JavaDefault)));
    println!("répartition de 10 000 clés sur 100 partitions, murmur2 : {took:.0?}");
}

/// What a page does at each frame while a person drags the time slider.
fn seek_and_view(run: &mut Simulation) {
    let end = run.end();
    let (took, ()) = timed(|| run.seek(Instant(end.0 / 3)));
    println!("    retour au tiers du temps : {took:.0?}");
    let (took, _) = timed(|| black_box(run.view()));
    println!("    vue de 100 partitions : {took:.0?}");
}

fn scenario(partitioner: &str, keys: Keys) -> Scenario {
    let mut scenario = Scenario::new(Kind::Partitioning, "débit");
    for (property, value) in [
        (Property::NumPartitions, "100"),
        (Property::Partitioner, partitioner),
    ] {
        if let Err(error) = scenario.config.set_text(property, value) {
            eprintln!("{value} : {error}");
        }
    }
    let every = Duration(100);
    let produce = Produce {
        count: RECORDS,
        every,
        ..Produce::of(keys)
    };
    scenario.actions.push(TimedAction {
        at: Instant::ZERO,
        action: Action::Produce(produce),
    });
    scenario
}

fn set(name: &str) -> KeySet {
    KeySet::from_name(name).unwrap_or_else(|| unreachable!("{name} is a set of the course"))
}

fn timed<T>(work: impl FnOnce() -> T) -> (time::Duration, T) {
    let start = time::Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// Millions a second.
fn rate(count: usize, took: time::Duration) -> f64 {
    count as f64 / took.as_secs_f64() / 1e6
}

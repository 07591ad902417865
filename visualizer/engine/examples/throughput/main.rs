//! How fast the engine is: `cargo run --release --example throughput -p engine`; `cargo xtask bench` runs it in wasm too.
//!
//! 1. Each scenario of [`scenarios`] lasts ten minutes at most, and is played to its end [`TIMES`] times; the fastest counts.
//!    The first time warms up: a browser compiles wasm again, better, once it has seen what is called often.
//! 2. An *event* is one [`engine::event::Event`] told and kept, as [`Run::events`] gives it. What a run does without telling
//!    of it — commands that come to nothing, checkpoints — takes time and counts for nothing.
//! 3. Time is the processor's, of this process alone ([`clock`]), so that others on the machine do not count.
//! 4. An argument plays only the scenarios whose label contains it.
//! 5. Then the run goes back to each tenth of the scenario, the latest first, and draws what is there: the slowest counts.

mod clock;
mod scenarios;

use clock::{say, stopwatch};
use engine::distribution::Distribution;
use engine::keys::KeySet;
use engine::partitioner::Partitioner;
use engine::run::{Run, World};
use engine::scenario::{Kind, Scenario};
use engine::time::Instant;
use engine::{architecture, group, partitioning, replication};
use std::hint::black_box;

/// How often each scenario is played.
const TIMES: u32 = 3;

fn main() {
    let only = std::env::args().nth(1);
    for (label, scenario) in scenarios::all() {
        if only
            .as_ref()
            .is_some_and(|part| !label.contains(part.as_str()))
        {
            continue;
        }
        match scenario.kind {
            Kind::Partitioning => measure::<partitioning::PartitioningWorld>(&label, &scenario),
            Kind::Rebalancing | Kind::Commits => measure::<group::GroupWorld>(&label, &scenario),
            Kind::Replication => measure::<replication::World>(&label, &scenario),
            Kind::Architecture => measure::<architecture::World>(&label, &scenario),
        }
    }
    distribution();
}

/// Plays a scenario, goes back in it, and prints how fast both were.
fn measure<W: World>(label: &str, scenario: &Scenario) {
    let mut fastest: Option<(f64, Run<W>)> = None;
    for _ in 0..TIMES {
        let start = stopwatch();
        let mut run = Run::<W>::new(scenario.clone());
        run.run_until(run.end());
        let took = start.seconds();
        if fastest.as_ref().is_none_or(|(best, _)| took < *best) {
            fastest = Some((took, run));
        }
    }
    let Some((took, mut run)) = fastest else {
        return;
    };
    let events = run.events().len();
    let back = slowest_seek(&mut run);
    say(&format!(
        "{label:50} {:5.2} M événements/s ({events:7} en {:4.0} ms) ; retour et vue {:5.1} ms",
        events as f64 / took / 1e6,
        took * 1e3,
        back * 1e3,
    ));
}

/// Seconds that the slowest of ten journeys into the past takes, view included: what a page does while a person drags the
/// time slider.
fn slowest_seek<W: World>(run: &mut Run<W>) -> f64 {
    let end = run.end();
    (0..10)
        .rev()
        .map(|tenth| {
            let start = stopwatch();
            run.seek(Instant(end.0 / 10 * tenth + end.0 / 11));
            black_box(run.view());
            start.seconds()
        })
        .fold(0.0, f64::max)
}

/// What the partitioning page computes at each change of a setting.
fn distribution() {
    let keys: Vec<String> = KeySet::from_name("commandes-10000")
        .into_iter()
        .flat_map(KeySet::keys)
        .collect();
    for (name, partitioner) in [
        ("CRC-32", Partitioner::ConsistentRandom),
        ("murmur2", Partitioner::JavaDefault),
    ] {
        let start = stopwatch();
        black_box(Distribution::of(&keys, 100, partitioner));
        let took = start.seconds() * 1e3;
        say(&format!(
            "répartition de {} clés sur 100 partitions, {name} : {took:.1} ms",
            keys.len()
        ));
    }
}

//! A small world, completely: every sequence of six things that can happen to three brokers and one partition, at the
//! instants that matter — in the middle of a request's way, after it, after the controller has noticed.

use super::{action, scenario};
use crate::replication::{Monitor, Simulation};
use crate::time::Instant;

const ACTIONS: [&str; 7] = [
    "produce 1",
    "crash broker-1",
    "crash broker-2",
    "crash broker-3",
    "restart broker-1",
    "restart broker-2",
    "restart broker-3",
];

/// Half of a hop, three hops, and longer than sessions and lags.
const WAITS_US: [u64; 3] = [500, 3_000, 13_000_000];

const DEPTH: u32 = 6;

/// Plays every continuation, and returns how many states were looked at.
fn explore(run: &Simulation, monitor: &Monitor, depth: u32) -> u64 {
    let mut seen = 1;
    if depth == 0 {
        return seen;
    }
    for line in ACTIONS {
        let mut next = run.clone();
        if next.act(action(line)).is_ok() {
            seen += look(next, monitor, depth - 1);
        }
    }
    for wait in WAITS_US {
        let mut next = run.clone();
        next.run_until(Instant(run.now().0 + wait));
        seen += look(next, monitor, depth - 1);
    }
    seen
}

fn look(run: Simulation, monitor: &Monitor, depth: u32) -> u64 {
    let mut monitor = monitor.clone();
    let state = monitor.observe(run.world());
    assert!(
        state.is_ok(),
        "{state:?} after {:?}",
        run.scenario().actions
    );
    explore(&run, &monitor, depth)
}

#[test]
fn no_sequence_loses_what_was_committed() {
    let settings = [
        ("min.insync.replicas", "2"),
        ("linger.ms", "0"),
        ("delivery.timeout.ms", "60s"),
    ];
    let mut run = Simulation::new(scenario(&settings, &[]));
    run.run_until(Instant::from_millis(100));
    let seen = explore(&run, &Monitor::default(), DEPTH);
    assert!(seen > 100_000, "{seen} states");
}

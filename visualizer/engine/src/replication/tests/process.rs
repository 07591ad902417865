//! The producer's process is killed, started again, stopped: who knows what of which record.

use super::{run, scenario, told};
use crate::event::ReplicationEvent as E;
use crate::replication::Simulation;
use crate::replication::view::{ProducerState, Status};
use crate::scenario::ActionError;

/// One hop takes 10 ms: a batch leaves at once, is written after one, and acknowledged after four.
const SETTINGS: [(&str, &str); 2] = [("simulation.latency", "10ms"), ("linger.ms", "5ms")];

fn statuses(run: &Simulation) -> Vec<Status> {
    let records = run.view().producer.records;
    records.iter().map(|sent| sent.status).collect()
}

#[test]
fn what_had_not_left_dies_with_the_process() {
    let run = run(
        &SETTINGS,
        &[(1_000, "produce 2"), (1_002, "crash producer")],
        60_000,
    );
    assert_eq!(statuses(&run), [Status::Unreported; 2]);
    let counters = run.view().counters;
    assert_eq!((counters.unknown_absent, counters.unknown_present), (2, 0));
    assert_eq!(counters.sent(), 2);
    assert_eq!(run.view().producer.state, ProducerState::Down);
    let unreported = told(&run).find_map(|(_, event)| match event {
        E::ProducerCrashed { unreported } => Some(unreported.len()),
        _ => None,
    });
    assert_eq!(unreported, Some(2));
}

#[test]
fn what_was_on_its_way_is_written_and_nobody_knows() {
    let run = run(
        &SETTINGS,
        &[(1_000, "produce 2"), (1_010, "crash producer")],
        60_000,
    );
    assert_eq!(statuses(&run), [Status::Unreported; 2]);
    let counters = run.view().counters;
    assert_eq!((counters.unknown_absent, counters.unknown_present), (0, 2));
    assert_eq!((counters.consumed, counters.duplicates), (2, 0));
    assert!(told(&run).all(|(_, event)| !matches!(event, E::RecordsAcknowledged { .. })));
}

#[test]
fn a_dead_process_is_handed_nothing_and_another_begins_anew() {
    let run = run(
        &SETTINGS,
        &[
            (1_000, "produce 2"),
            (1_010, "crash producer"),
            (2_000, "produce 3"),
            (3_000, "restart producer"),
            (4_000, "produce 4"),
        ],
        60_000,
    );
    let view = run.view();
    assert_eq!(view.producer.state, ProducerState::Up);
    assert_eq!(view.counters.sent(), 6, "three were never handed over");
    assert_eq!(view.counters.acknowledged_kept, 4);
    assert_eq!(view.counters.unknown_present, 2);
    assert_eq!(view.counters.duplicates, 0);
}

#[test]
fn a_stopped_process_sends_nothing_and_goes_on() {
    let actions = [
        (1_000, "produce 2"),
        (1_010, "pause producer 5s"),
        (2_000, "produce 1"),
    ];
    let stopped = run(&SETTINGS, &actions, 5_000);
    assert_eq!(statuses(&stopped), [Status::InFlight; 2]);
    assert!(matches!(
        stopped.view().producer.state,
        ProducerState::Stopped(_)
    ));
    assert_eq!(stopped.view().counters.consumed, 2, "written, and read");
    let after = run(&SETTINGS, &actions, 60_000);
    assert_eq!(statuses(&after), [Status::Acknowledged; 3]);
    let resumed = told(&after).find_map(|(ms, event)| (*event == E::ProducerResumed).then_some(ms));
    assert_eq!(resumed, Some(6_010));
    assert!(
        told(&after)
            .all(|(ms, event)| { !matches!(event, E::RecordsAcknowledged { .. }) || ms >= 6_010 })
    );
}

#[test]
fn a_stop_longer_than_the_delivery_timeout_reports_a_failure_of_what_is_written() {
    let settings = [
        ("simulation.latency", "10ms"),
        ("delivery.timeout.ms", "3s"),
        ("num.partitions", "1"),
    ];
    let run = run(
        &settings,
        &[(1_000, "produce 1"), (1_025, "pause producer 10s")],
        60_000,
    );
    // Which of the two is looked at first, the answer or the delay, is the order in which they came about.
    assert_eq!(statuses(&run), [Status::Acknowledged]);
}

/// The answers that came while it was stopped come first: what failed is sent again before what follows it.
#[test]
fn a_stop_does_not_change_the_order() {
    let settings = [
        ("simulation.latency", "20ms"),
        ("num.partitions", "1"),
        ("default.replication.factor", "1"),
        ("min.insync.replicas", "1"),
        ("broker.session.timeout.ms", "500ms"),
    ];
    let actions = [
        (0, "crash broker-1"),
        (0, "produce 1"),
        (3, "restart broker-1"),
        (5, "produce 1"),
        (6, "pause producer 2s"),
    ];
    let run = run(&settings, &actions, 60_000);
    let log = &run.view().partitions[0].replicas[0].records;
    let order: Vec<u64> = log.iter().map(|record| record.record.0).collect();
    assert_eq!(order, [0, 1]);
}

#[test]
fn a_producer_does_not_replicate_slowly() {
    let faulty = |line| scenario(&[], &[(1_000, line)]).faulty_actions();
    assert_eq!(
        faulty("slow producer 5s"),
        [(0, ActionError::NotInThisSimulation("slow"))]
    );
    assert_eq!(faulty("pause producer 5s"), []);
    assert_eq!(faulty("pause broker-1 5s"), []);
}

/// The batch of the first life arrives after that of the second: a broker takes them for two producers' batches, and writes
/// both.
#[test]
fn a_late_batch_of_the_previous_life_is_another_producers() {
    let run = run(
        &[
            ("simulation.latency", "10ms"),
            ("linger.ms", "5ms"),
            ("num.partitions", "1"),
        ],
        &[
            (1_000, "produce 2"),
            (2_000, "produce 1"),
            (2_006, "crash producer"),
            (2_007, "restart producer"),
            (2_008, "produce 2"),
        ],
        60_000,
    );
    let counters = run.view().counters;
    assert_eq!(
        (counters.acknowledged_kept, counters.unknown_present),
        (4, 1)
    );
    assert_eq!(counters.duplicates, 0);
}

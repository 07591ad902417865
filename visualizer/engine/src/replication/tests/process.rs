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

#[test]
fn a_broker_is_not_paused_and_a_producer_does_not_replicate_slowly() {
    for (line, verb) in [("pause broker-1 5s", "pause"), ("slow producer 5s", "slow")] {
        let faulty = scenario(&[], &[(1_000, line)]).faulty_actions();
        assert_eq!(faulty, [(0, ActionError::NotInThisSimulation(verb))]);
    }
    assert_eq!(
        scenario(&[], &[(1_000, "pause producer 5s")]).faulty_actions(),
        []
    );
}

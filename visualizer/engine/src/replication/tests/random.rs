//! Random runs: every rule holds in every state.

use super::{action, scenario};
use crate::event::{EventKind, ReplicationEvent};
use crate::narrate::replication_run;
use crate::replication::{Monitor, Simulation};
use crate::scenario::{Scenario, TimedAction};
use crate::time::Instant;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Settings that make the timers short enough to meet.
fn settings() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let text =
        |choices: &[&str]| select(choices.iter().map(ToString::to_string).collect::<Vec<_>>());
    (
        text(&["all", "all", "1", "0"]),
        text(&["true", "false"]),
        text(&["1", "2", "3"]),
        text(&["false", "false", "true"]),
        text(&["1s", "3s", "30s"]),
        text(&["500ms", "3s", "9s"]),
        text(&["1s", "8s", "60s"]),
        (text(&["1", "2", "3"]), text(&["1", "2", "3"])),
        (text(&["2", "3", "4"]), text(&["300us", "1ms", "20ms"])),
        (text(&["200ms", "30s"]), text(&["500ms", "5s", "60s"])),
    )
        .prop_map(
            |(acks, idempotence, min_isr, unclean, lag, session, delivery, a, b, request)| {
                vec![
                    ("acks", acks),
                    ("enable.idempotence", idempotence),
                    ("min.insync.replicas", min_isr),
                    ("unclean.leader.election.enable", unclean),
                    ("replica.lag.time.max.ms", lag),
                    ("broker.session.timeout.ms", session),
                    ("delivery.timeout.ms", delivery),
                    ("num.partitions", a.0),
                    ("default.replication.factor", a.1),
                    ("simulation.brokers", b.0),
                    ("simulation.latency", b.1),
                    ("request.timeout.ms", request.0),
                    ("socket.timeout.ms", request.1),
                ]
            },
        )
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (1..6_u32).prop_map(|count| format!("produce {count}")),
        3 => (1..5_u32).prop_map(|broker| format!("crash broker-{broker}")),
        3 => (1..5_u32).prop_map(|broker| format!("restart broker-{broker}")),
        1 => (1..20_u32).prop_map(|s| format!("pause producer {s}s")),
        2 => (1..5_u32, 1..20_u32).prop_map(|(broker, s)| format!("pause broker-{broker} {s}s")),
        1 => Just("crash producer".to_owned()),
        1 => Just("restart producer".to_owned()),
        1 => (1..5_u32, 1..20_u32).prop_map(|(broker, s)| format!("slow broker-{broker} {s}s")),
    ]
}

/// Actions that follow each other at once, after a few hops, or after a while.
fn run() -> impl Strategy<Value = Scenario> {
    let gap = prop_oneof![0..10_000_u64, 0..500_000_u64, 0..15_000_000_u64];
    (settings(), vec((gap, line()), 1..25)).prop_map(|(settings, actions)| {
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut scenario = scenario(&settings, &[]);
        let mut at = 0;
        for (gap, line) in actions {
            at += gap;
            scenario.actions.push(TimedAction {
                at: Instant(at),
                action: action(&line),
            });
        }
        // Something to tell at the end, so that stepping comes to it.
        scenario.actions.push(TimedAction {
            at: Instant(at + 82_000_000),
            action: action("set request.timeout.ms=30s"),
        });
        scenario
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_rules_hold(scenario in run()) {
        let end = scenario.actions.last().expect("an action").at;
        let mut run = Simulation::new(scenario);
        let mut monitor = Monitor::default();
        while run.now() < end {
            let events = run.step().to_vec();
            let state = monitor.observe(run.world());
            prop_assert!(state.is_ok(), "{:?} after {:?}", state, events);
            for event in &events {
                prop_assert!(event.cause.is_none_or(|cause| cause < event.id));
                prop_assert!(replication_run(&event.kind).is_some_and(|text| text.ends_with('.')));
                let acted = matches!(
                    event.kind,
                    EventKind::RecordSent { .. }
                        | EventKind::Replication(
                            ReplicationEvent::BrokerCrashed { .. }
                                | ReplicationEvent::BrokerRestarted { .. }
                                | ReplicationEvent::BrokerSlowed { .. }
                                | ReplicationEvent::BrokerStopped { .. }
                                | ReplicationEvent::ProducerCrashed { .. }
                                | ReplicationEvent::ProducerRestarted
                                | ReplicationEvent::ProducerStopped { .. }
                                | ReplicationEvent::SettingChanged { .. }
                                | ReplicationEvent::ClusterStarted { .. }
                        )
                );
                prop_assert!(acted || event.cause.is_some(), "no cause: {event:?}");
            }
        }
        // Nothing stays open for ever: after the longest stop and `delivery.timeout.ms` all reports are given.
        let counters = run.view().counters;
        prop_assert_eq!(counters.waiting + counters.in_flight, 0);
    }

    #[test]
    fn going_back_repeats_the_run(scenario in run(), to in 0..100_u64) {
        let end = Instant(120_000_000);
        let mut run = Simulation::new(scenario);
        run.run_until(end);
        let (view, events) = (run.view(), run.events().to_vec());
        run.seek(Instant(end.0 / 100 * to));
        run.seek(end);
        prop_assert_eq!(run.view(), view);
        prop_assert_eq!(run.events(), &events[..]);
    }
}

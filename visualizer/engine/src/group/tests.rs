//! Scenarios of the course, with the numbers that the course gives.

use super::{Counters, GroupWorld, HoldingKind};
use crate::event::{Event, EventKind, GroupError, GroupEvent};
use crate::run::Run;
use crate::scenario::Scenario;
use crate::time::{Duration, Instant};

mod commits;
mod random;
mod rebalancing;
mod small_worlds;

/// A scenario of this kind: settings, then actions as `(seconds, what)`.
fn scenario(config: &str, topics: &str, actions: &[(&str, &str)]) -> Scenario {
    let mut text = format!(
        "type = \"reequilibrage\"\ntitle = \"Essai\"\nduration = \"20min\"\n[config]\n{config}\n"
    );
    if !topics.is_empty() {
        text += &["[topics]\n", topics, "\n"].concat();
    }
    for (at, what) in actions {
        let what = if what.starts_with("produce") || what.starts_with("add-partitions") {
            (*what).to_owned()
        } else {
            format!("do = \"{what}\"")
        };
        text += &["[[action]]\nat = \"", at, "\"\n", what.as_str(), "\n"].concat();
    }
    Scenario::from_toml(&text).unwrap_or_else(|errors| {
        panic!(
            "{}\n{text}",
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })
}

fn run(scenario: Scenario, until_ms: u64) -> Run<GroupWorld> {
    let mut run = Run::new(scenario);
    run.run_until(Instant::from_millis(until_ms));
    run
}

/// Numbers of the partitions that each consumer owns now, by name, in the order of names.
fn owned(run: &Run<GroupWorld>) -> Vec<(String, Vec<i32>)> {
    let view = run.view();
    let mut owned: Vec<_> = view
        .consumers
        .iter()
        .map(|one| {
            let partitions = one
                .owned
                .iter()
                .map(|slot| view.partitions[*slot].partition.0);
            (one.name.to_string(), partitions.collect::<Vec<_>>())
        })
        .collect();
    owned.sort();
    owned
}

fn owned_text(run: &Run<GroupWorld>) -> String {
    let all: Vec<String> = owned(run)
        .into_iter()
        .map(|(_, partitions)| {
            let numbers: Vec<String> = partitions.iter().map(i32::to_string).collect();
            numbers.join(",")
        })
        .collect();
    all.join(" / ")
}

fn counters(run: &Run<GroupWorld>) -> Counters {
    assert!(run.world().every_record_is_counted());
    run.world().counters()
}

/// The instants of the events that this picks, in ms.
fn when(run: &Run<GroupWorld>, pick: impl Fn(&GroupEvent) -> bool) -> Vec<u64> {
    run.events()
        .iter()
        .filter(|event| matches!(&event.kind, EventKind::Group(group) if pick(group)))
        .map(|event| event.at.as_millis())
        .collect()
}

#[test]
fn a_run_repeats_itself_and_goes_back() {
    let make = || {
        scenario(
            "\"num.partitions\" = 6\n\"simulation.processing.jitter\" = 50",
            "",
            &[
                ("0s", "join C1"),
                ("1s", "join C2"),
                (
                    "5s",
                    "produce = { keys = [\"a\", \"b\", \"c\"], every = \"20ms\", count = 2000 }",
                ),
                ("20s", "crash C1"),
            ],
        )
    };
    let first = run(make(), 120_000);
    let mut second = run(make(), 120_000);
    assert_eq!(first.events(), second.events());
    let view = second.view();
    second.seek(Instant::from_millis(17_000));
    second.seek(Instant::from_millis(120_000));
    assert_eq!(second.view(), view);
    assert_eq!(counters(&first).waiting, 0);
}

#[test]
fn every_cause_comes_before_what_it_causes() {
    let run = run(
        scenario(
            "\"num.partitions\" = 6",
            "",
            &[("0s", "join C1"), ("10s", "join C2"), ("30s", "close C1")],
        ),
        60_000,
    );
    for Event { id, cause, .. } in run.events() {
        assert!(cause.is_none_or(|cause| cause < *id));
    }
}

/// "Why?" on an assignment goes back to what was done from outside, not to a heartbeat that happened to come.
#[test]
fn every_assignment_goes_back_to_what_began_it() {
    for config in [
        "\"partition.assignment.strategy\" = \"range\"",
        "\"partition.assignment.strategy\" = \"cooperative-sticky\"",
        "\"simulation.client\" = \"java\"\n\"partition.assignment.strategy\" = \"sticky\"",
        "\"group.protocol\" = \"consumer\"",
    ] {
        let actions = [
            ("0s", "join C1"),
            ("10s", "join C2"),
            ("30s", "join C3"),
            ("60s", "crash C1"),
            ("130s", "add-partitions = 8"),
            ("150s", "close C2"),
            ("170s", "pause C3 100s"),
            ("300s", "restart C1"),
        ];
        let config = format!("\"num.partitions\" = 6\n{config}");
        let run = run(scenario(&config, "", &actions), 400_000);
        let mut assignments = 0;
        for event in run.events() {
            if !matches!(event.kind, EventKind::PartitionsAssigned { .. }) {
                continue;
            }
            assignments += 1;
            let mut root = event;
            while let Some(cause) = root.cause {
                root = &run.events()[cause.index()];
            }
            let outside = matches!(
                root.kind,
                EventKind::PartitionsAdded { .. }
                    | EventKind::Group(
                        GroupEvent::ConsumerStarted { .. }
                            | GroupEvent::ConsumerClosing { .. }
                            | GroupEvent::ConsumerCrashed { .. }
                            | GroupEvent::ConsumerPaused { .. }
                    )
            );
            assert!(outside, "{config}: {event:?} goes back to {root:?}");
        }
        assert!(assignments >= 8, "{config}: {assignments}");
    }
}

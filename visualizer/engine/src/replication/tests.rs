//! The situations of the course.

use super::view::{Counters, Status};
use super::{Simulation, World};
use crate::event::{Election, EventKind, ProduceError, ReplicationEvent, ShrinkReason};
use crate::ids::BrokerId;
use crate::scenario::{Action, Keys, Kind, Produce, Scenario, Step, TimedAction};
use crate::time::{Duration, Instant};

/// A scenario on three brokers, with these settings; each action is its instant in milliseconds and its line, or
/// `produce N`.
fn scenario(settings: &[(&str, &str)], actions: &[(u64, &str)]) -> Scenario {
    let mut scenario = Scenario::new(Kind::Replication, "");
    for (name, value) in settings {
        let property = crate::config::Property::from_name(name).expect(name);
        scenario.config.set_text(property, value).expect(value);
    }
    for (ms, line) in actions {
        let action = match line.strip_prefix("produce ") {
            Some(count) => Action::Produce(Produce {
                count: count.parse().expect("a number"),
                every: Duration(0),
                ..Produce::of(Keys::List(vec!["A".to_owned()]))
            }),
            None => Action::Do(line.parse::<Step>().expect(line)),
        };
        scenario.actions.push(TimedAction {
            at: Instant::from_millis(*ms),
            action,
        });
    }
    scenario
}

#[test]
fn print() {
    let mut run = Simulation::new(scenario(
        &[("min.insync.replicas", "2"), ("acks", "all")],
        &[
            (1000, "produce 2"),
            (3000, "crash broker-1"),
            (3500, "produce 1"),
            (5000, "restart broker-1"),
        ],
    ));
    run.run_until(Instant::from_millis(30_000));
    for event in run.events() {
        println!(
            "{} {} {:?} {:?}",
            event.id.0,
            event.at,
            event.cause.map(|c| c.0),
            event.kind
        );
    }
    println!("{:#?}", run.view().counters);
}

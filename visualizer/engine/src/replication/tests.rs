//! The situations of the course, random runs, and speed of going back.

mod exhaustive;
mod process;
mod random;
mod situations;
mod stopped_broker;

use super::Simulation;
use crate::event::{Election, EventKind, ReplicationEvent};
use crate::scenario::{Action, Keys, Kind, Produce, Scenario, Step, TimedAction};
use crate::time::{Duration, Instant};

/// A scenario on three brokers, with these settings; each action is its instant in milliseconds and its line, or
/// `produce N`, N records at once.
fn scenario(settings: &[(&str, &str)], actions: &[(u64, &str)]) -> Scenario {
    let mut scenario = Scenario::new(Kind::Replication, "");
    for (name, value) in settings {
        let property = crate::config::Property::from_name(name).expect(name);
        scenario.config.set_text(property, value).expect(value);
    }
    for (ms, line) in actions {
        scenario.actions.push(TimedAction {
            at: Instant::from_millis(*ms),
            action: action(line),
        });
    }
    scenario
}

fn action(line: &str) -> Action {
    match line.strip_prefix("produce ") {
        Some(count) => Action::Produce(Produce {
            count: count.parse().expect("a number"),
            every: Duration(0),
            ..Produce::of(Keys::List(vec!["A".to_owned()]))
        }),
        None => Action::Do(line.parse::<Step>().expect(line)),
    }
}

/// The run at this instant.
fn run(settings: &[(&str, &str)], actions: &[(u64, &str)], until_ms: u64) -> Simulation {
    let mut run = Simulation::new(scenario(settings, actions));
    run.run_until(Instant::from_millis(until_ms));
    run
}

/// The replication events so far, and their instants in milliseconds.
fn told(run: &Simulation) -> impl Iterator<Item = (u64, &ReplicationEvent)> {
    run.events().iter().filter_map(|event| match &event.kind {
        EventKind::Replication(told) => Some((event.at.as_millis(), told)),
        _ => None,
    })
}

/// When the first event of a kind was told, in milliseconds.
fn when(run: &Simulation, is: impl Fn(&ReplicationEvent) -> bool) -> Option<u64> {
    told(run).find(|(_, event)| is(event)).map(|(at, _)| at)
}

/// Who was elected, and by which rule.
fn elections(run: &Simulation) -> Vec<(i32, Election)> {
    told(run)
        .filter_map(|(_, event)| match event {
            ReplicationEvent::LeaderElected {
                leader, election, ..
            } => Some((leader.0, *election)),
            _ => None,
        })
        .collect()
}

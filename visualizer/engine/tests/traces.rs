//! The engine against what Apache Kafka and real clients did, as recorded in `vectors/traces`.
//!
//! What is seen of a run of the engine becomes the lines of a trace by the code that made those lines of the real thing
//! (`vectors/fidelity/src/{outcome,delivery}.rs`): only the watching differs, and that is this file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
#[path = "../vectors/fidelity/src/delivery.rs"]
mod delivery;
#[allow(dead_code)]
#[path = "../vectors/fidelity/src/observed.rs"]
mod observed;
#[allow(dead_code)]
#[path = "../vectors/fidelity/src/outcome.rs"]
mod outcome;
#[allow(dead_code)]
#[path = "../vectors/fidelity/src/scenario.rs"]
mod scenario;
#[allow(dead_code)]
#[path = "../vectors/fidelity/src/trace.rs"]
mod trace;

#[path = "traces/brokers.rs"]
mod brokers;
#[path = "traces/group.rs"]
mod group;

use engine::scenario::{Action, Kind, Scenario};
use std::collections::BTreeMap;
use std::path::Path;
use trace::{Recorded, Trace};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Where the engine is known to do otherwise than Kafka: trace, line (or time), reason. A test fails on a difference that is
/// not here, and on a line here that is not a difference.
const KNOWN_DIFFERENCES: &[(&str, &str, &str)] = &[];

#[test]
fn the_engine_does_what_kafka_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/traces");
    let traces = Trace::all(&folder).unwrap();
    assert!(traces.len() >= 29, "{} traces", traces.len());
    let mut wrong = Vec::new();
    for trace in &traces {
        let mut known: BTreeMap<&str, &str> = KNOWN_DIFFERENCES
            .iter()
            .filter(|(name, ..)| *name == trace.name)
            .map(|(_, line, reason)| (*line, *reason))
            .collect();
        for (line, difference) in differences(&trace.recorded, &simulated(trace)) {
            if known.remove(line.as_str()).is_none() {
                wrong.push(format!("{}\n{difference}", trace.name));
            }
        }
        for (line, reason) in known {
            wrong.push(format!(
                "{}: « {line} » is no difference any more ({reason})",
                trace.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the engine makes of a trace's scenario.
fn simulated(trace: &Trace) -> Recorded {
    let scenario = match Scenario::from_toml(&trace.scenario) {
        Ok(scenario) => scenario,
        Err(errors) => {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{}: {}", trace.name, errors.join("; "));
        }
    };
    let facts = scenario::Scenario::read(&trace.scenario)
        .unwrap()
        .facts()
        .unwrap();
    match scenario.kind {
        Kind::Replication => delivery::of_brokers(&brokers::seen(scenario)),
        _ => outcome::of_group(&trace.name, &facts, &group::seen(scenario)),
    }
}

/// Lines that are not equal and times that are not within their tolerance, by what stands before `:` or `=`.
fn differences(kafka: &Recorded, engine: &Recorded) -> BTreeMap<String, String> {
    let by_name = |lines: &[String]| -> BTreeMap<String, String> {
        let name = |line: &String| line.split(": ").next().unwrap_or_default().to_owned();
        lines
            .iter()
            .map(|line| (name(line), line.clone()))
            .collect()
    };
    let (expected, actual) = (by_name(&kafka.equal), by_name(&engine.equal));
    let mut differences = BTreeMap::new();
    let none = "nothing".to_owned();
    for name in expected.keys().chain(actual.keys()) {
        let (expected, actual) = (expected.get(name), actual.get(name));
        if expected != actual {
            let text = format!(
                "  Kafka:  {}\n  engine: {}",
                expected.unwrap_or(&none),
                actual.unwrap_or(&none)
            );
            differences.insert(name.clone(), text);
        }
    }
    for one in &kafka.times {
        let same = engine.times.iter().find(|other| other.name == one.name);
        let text = match same {
            Some(other) if (other.milliseconds - one.milliseconds).abs() <= one.tolerance => {
                continue;
            }
            Some(other) => other.milliseconds.to_string(),
            None => none.clone(),
        };
        let text = format!(
            "  Kafka:  {} = {} ± {}\n  engine: {text}",
            one.name, one.milliseconds, one.tolerance
        );
        differences.insert(one.name.clone(), text);
    }
    differences
}

/// What is done from outside, with its instant in microseconds; records left out.
fn steps(scenario: &Scenario) -> Vec<(i64, String)> {
    scenario
        .actions
        .iter()
        .filter_map(|timed| match &timed.action {
            Action::Do(step) => Some((microseconds(timed.at), step.to_string())),
            _ => None,
        })
        .collect()
}

fn microseconds(at: engine::time::Instant) -> i64 {
    i64::try_from(at.0).unwrap()
}

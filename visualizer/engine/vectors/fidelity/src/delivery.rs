//! From what was seen of a producer and its brokers to the lines of a trace.

use crate::observed::Deliveries;
use crate::outcome::{or_none, ranges};
use crate::trace::{Measure, Recorded};
use std::collections::{BTreeMap, BTreeSet};

/// Session, election and a busy machine: what times may differ by, in milliseconds.
const TOLERANCE: i64 = 3_000;

/// The lines of a trace of replication.
pub(crate) fn of_brokers(seen: &Deliveries) -> Recorded {
    Recorded {
        with: String::new(),
        equal: lines(seen),
        times: times(seen),
    }
}

fn lines(seen: &Deliveries) -> Vec<String> {
    let Deliveries {
        sent,
        reports,
        kept,
        states,
        ..
    } = seen;
    let good: BTreeSet<u32> = reports
        .iter()
        .filter(|report| report.error.is_none())
        .map(|report| report.number)
        .collect();
    let in_log: BTreeSet<u32> = kept.iter().copied().collect();
    let list = |numbers: Vec<u32>| or_none(ranges(numbers.into_iter().map(i64::from)));
    let mut lines = vec![
        format!("sent: {sent}"),
        format!("acknowledged: {}", list(good.iter().copied().collect())),
    ];
    let mut errors: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for report in reports {
        if let Some(error) = &report.error {
            errors.entry(error).or_default().insert(report.number);
        }
    }
    for (error, numbers) in errors {
        lines.push(format!(
            "failed, {error}: {}",
            list(numbers.into_iter().collect())
        ));
    }
    lines.push(format!(
        "acknowledged and lost: {}",
        list(good.difference(&in_log).copied().collect())
    ));
    lines.push(format!(
        "kept without acknowledgement: {}",
        list(in_log.difference(&good).copied().collect())
    ));
    let twice = kept.len() - in_log.len();
    lines.push(format!("written twice: {twice}"));
    let mut leaders: Vec<String> = states
        .iter()
        .map(|(_, state)| state.leader.to_string())
        .collect();
    leaders.dedup();
    lines.push(format!("leader: {}", leaders.join(" > ")));
    // Two brokers that die together leave one after the other, in either order.
    if let Some((_, state)) = states.last() {
        let isr = ranges(state.isr.iter().map(|id| i64::from(*id)));
        lines.push(format!("isr at the end: {isr}"));
    }
    lines
}

/// For each crash or pause: until the state changed, and the longest time without an acknowledgement.
fn times(seen: &Deliveries) -> Vec<Measure> {
    let Deliveries {
        incidents,
        reports,
        states,
        ..
    } = seen;
    let mut measures = Vec::new();
    for (index, (at, text)) in incidents.iter().enumerate() {
        if !text.starts_with("crash") && !text.starts_with("pause") {
            continue;
        }
        let until = incidents.get(index + 1).map_or(i64::MAX, |next| next.0);
        let inside = |instant: i64| (*at..until).contains(&instant);
        let mut measure = |name: &str, length: i64| {
            measures.push(Measure {
                name: format!("{name} after {text}"),
                milliseconds: length / 1_000,
                tolerance: TOLERANCE,
            });
        };
        if let Some((changed, _)) = states.iter().find(|(instant, _)| inside(*instant)) {
            measure("new state", changed - at);
        }
        let good = reports
            .iter()
            .filter(|one| one.error.is_none() && inside(one.at));
        let mut good: Vec<i64> = good.map(|one| one.at).collect();
        good.sort_unstable();
        let silences = std::iter::once(*at)
            .chain(good.iter().copied())
            .zip(good.iter());
        if let Some(longest) = silences.map(|(before, after)| after - before).max() {
            measure("longest without acknowledgement", longest);
        }
    }
    measures
}

//! The chart of runs of the group's world.

use super::{Band, Ownership, PartitionName, Row, Span, kind_name};
use crate::french::seconds;
use engine::config::Property;
use engine::event::{Event, EventKind, GroupEvent, GroupState};
use engine::group::{GroupView, GroupWorld, HoldingKind};
use engine::run::Run;
use engine::scenario::{Action, Scenario, Step};
use engine::time::Instant;
use std::fmt::Write;

/// A part of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its start.
    pub from: Instant,
    /// Its end.
    pub to: Instant,
}

/// The chart of runs with their names. All are at the same instant.
pub fn chart(runs: &[(&Run<GroupWorld>, &str)], window: Window) -> (Ownership, Vec<String>) {
    let mut names: Vec<String> = Vec::new();
    let mut bands = Vec::with_capacity(runs.len());
    for (run, name) in runs {
        bands.push(band(run, name, window, &mut names));
    }
    let Some((first, _)) = runs.first() else {
        return (Ownership::default(), names);
    };
    let chart = Ownership {
        title: "Qui lit quelle partition, et quand".to_owned(),
        description: described(first.now(), &bands, &names),
        from: window.from,
        to: window.to,
        now: first.now(),
        incidents: incidents(first.scenario(), first.now()),
        bands,
    };
    (chart, names)
}

/// A run as a band. Consumers are counted through `names`, which grows by those that are not in it.
pub fn band(run: &Run<GroupWorld>, name: &str, window: Window, names: &mut Vec<String>) -> Band {
    let view = run.view();
    let (world, now) = (run.world(), run.now());
    let places: Vec<Option<u16>> = view
        .consumers
        .iter()
        .map(|consumer| {
            let name = consumer.name.as_str();
            let known = names.iter().position(|known| known == name);
            let place = known.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            u16::try_from(place).ok()
        })
        .collect();
    let rows = view
        .partitions
        .iter()
        .enumerate()
        .map(|(place, partition)| {
            let history = world.ownership(place);
            // Spans follow each other: those before the window are passed over at once.
            let first = history.partition_point(|span| span.to.is_some_and(|to| to < window.from));
            let spans = history[first..].iter().map(|span| Span {
                from: span.from,
                to: span.to.unwrap_or(now),
                kind: span.holding.kind,
                holder: span
                    .holding
                    .consumer
                    .and_then(|consumer| places.get(consumer).copied().flatten()),
            });
            Row {
                name: PartitionName::new(partition, &view.topics),
                spans: spans.collect(),
                downtime: partition.downtime,
            }
        });
    let rows: Vec<Row> = rows.collect();
    Band {
        name: name.to_owned(),
        idle: idle(&view),
        generations: generations(run.events()),
        rows,
    }
}

/// Most idle members that are named.
const MAX_IDLE: usize = 8;

/// The members to which nothing is assigned, once the group has settled.
fn idle(view: &GroupView) -> String {
    if view.coordinator.state != GroupState::Stable {
        return String::new();
    }
    let members = view.coordinator.members.iter();
    let idle: Vec<&str> = members
        .filter(|member| member.assigned.is_empty() && member.target.is_empty())
        .filter_map(|member| Some(view.consumers.get(member.consumer)?.name.as_str()))
        .collect();
    let mut text = idle[..idle.len().min(MAX_IDLE)].join(", ");
    if idle.len() > MAX_IDLE {
        let _ = write!(text, " et {} autres", idle.len() - MAX_IDLE);
    }
    text
}

/// What to call the run of a scenario: its assignor and its manner, or KIP-848.
pub fn protocol_name(scenario: &Scenario) -> String {
    let config = &scenario.config;
    if config.choice(Property::GroupProtocol) == "consumer" {
        return format!("KIP-848, {}", config.choice(Property::RemoteAssignor));
    }
    let strategy = config.choice(Property::AssignmentStrategy);
    let manner = if strategy == "cooperative-sticky" {
        "coopératif"
    } else {
        "eager"
    };
    format!("{strategy}, {manner}")
}

fn generations(events: &[Event]) -> Vec<(Instant, i32)> {
    let number = |event: &Event| match &event.kind {
        EventKind::Group(GroupEvent::GenerationBegan { generation, .. }) => Some(*generation),
        EventKind::Group(GroupEvent::GroupEpochBumped { epoch, .. }) => Some(*epoch),
        _ => None,
    };
    events
        .iter()
        .filter_map(|event| Some((event.at, number(event)?)))
        .collect()
}

/// What was done up to an instant, as it is written above the chart: joins at the start and sends are left out.
pub fn incidents(scenario: &Scenario, now: Instant) -> Vec<(Instant, String)> {
    let told = |action: &Action, at: Instant| match action {
        Action::Produce(_) => None,
        Action::AddPartitions(to) => Some(format!("{to} partitions")),
        Action::Do(Step::Join(_)) if at == Instant::ZERO => None,
        Action::Do(step) => Some(incident(step)),
    };
    let mut incidents: Vec<(Instant, String)> = Vec::new();
    for timed in scenario.actions.iter().filter(|timed| timed.at <= now) {
        let Some(text) = told(&timed.action, timed.at) else {
            continue;
        };
        match incidents.last_mut() {
            Some((at, line)) if *at == timed.at => {
                line.push_str(", ");
                line.push_str(&text);
            }
            _ => incidents.push((timed.at, text)),
        }
    }
    incidents
}

/// A step in as few words as one can read over a chart.
fn incident(step: &Step) -> String {
    let actor = step.actor().map_or("", engine::ids::ActorName::as_str);
    match step {
        Step::Join(_) => format!("+ {actor}"),
        Step::Close(_) => format!("Close {actor}"),
        Step::Terminate(_) => format!("SIGTERM {actor}"),
        Step::Crash(_) => format!("SIGKILL {actor}"),
        Step::Restart(_) => format!("↻ {actor}"),
        Step::Pause(_, time) => format!("pause {actor} {time}"),
        Step::Slow(_, time) => format!("lent {actor} {time}"),
        Step::Set(..) => step.line(' ').replacen("set ", "", 1),
        _ => step.line(' '),
    }
}

/// The chart in words: for each run, what it cost, and what is not read now.
fn described(now: Instant, bands: &[Band], names: &[String]) -> String {
    let mut text = format!("À {}.", seconds(now));
    for band in bands {
        let _ = write!(text, " {} : {}", band.name, band.cost());
        let unread: Vec<String> = band
            .rows
            .iter()
            .filter_map(|row| {
                let span = row.spans.last()?;
                let read = matches!(span.kind, HoldingKind::Owned | HoldingKind::Unassigned);
                (!read).then(|| {
                    let holder = super::holder(span, names).unwrap_or_default();
                    format!("{} {} {holder}", row.name, kind_name(span.kind))
                })
            })
            .take(8)
            .collect();
        if !unread.is_empty() {
            let _ = write!(text, " ; {}", unread.join(", "));
        }
        text.push('.');
    }
    text
}

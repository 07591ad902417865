//! What is drawn: the ownership chart of all runs, then the members of the chosen one.

use super::view;
use crate::dom::{El, class, el, text};
use crate::drawing::drawing;
use crate::kit;
use crate::lab::{self, Bench, Timeline};
use crate::state::{Var, forever};
use engine::config::Property;
use engine::group::{GroupView, GroupWorld, HoldingKind, Protocol};
use engine::scenario::Scenario;
use engine::time::{Duration, Instant};
use picture::ownership::{self, Window, kind_name, milliseconds};
use picture::{Picture, Px, members};

/// How much of time is drawn, in microseconds; all of it if 0.
const ZOOMS: [(u64, &str); 5] = [
    (0, "tout"),
    (60_000_000, "60 s"),
    (10_000_000, "10 s"),
    (1_000_000, "1 s"),
    (100_000, "100 ms"),
];

pub(super) fn stage(lab: Bench) -> Vec<El> {
    let zoom: &'static Var<usize> = forever(Var::new(0));
    let chart = drawing(move |width| {
        lab.player
            .with(|timeline| charted(timeline, zoom.get(), width))
    });
    let listed = drawing(move |width| {
        let drawn = lab.with_chosen(|track| {
            let view = view(track)?;
            let fired = members::fired(track.events(), &view.consumers);
            let heartbeat = heartbeat(track.scenario(), &view);
            let rows = members::of_view(&view, heartbeat, &fired);
            Some(members::picture(&rows, width))
        });
        drawn.flatten().unwrap_or_else(|| nothing(width))
    });
    let state = class("p", "sim-hint").text_of(move || {
        let view = lab.with_chosen(view).flatten();
        view.map_or_else(String::new, |view| group(&view))
    });
    vec![
        zooms(zoom),
        chart,
        drawing(ownership::legend),
        kit::details("Le même en texte", as_text(lab)),
        class("div", "lab-members").all(vec![lab::run_choice(lab), state, listed]),
    ]
}

fn zooms(zoom: &'static Var<usize>) -> El {
    let buttons = ZOOMS.iter().enumerate().map(|(index, (_, name))| {
        kit::toggle(name, move || zoom.get() == index, move || zoom.set(index))
    });
    let mut row = vec![text("span", "sim-hint", "Temps montré :")];
    row.extend(buttons);
    kit::row(row)
        .attr("role", "group")
        .attr("aria-label", "Temps montré")
}

fn charted(timeline: &Timeline, zoom: usize, width: Px) -> Picture {
    let names = timeline.names();
    let runs: Vec<_> = timeline
        .tracks()
        .iter()
        .zip(&names)
        .filter_map(|(track, name)| Some((lab::run::<GroupWorld>(track.as_ref())?, name.as_str())))
        .collect();
    let window = window(timeline.now(), timeline.end(), zoom);
    let (chart, consumers) = ownership::chart(&runs, window);
    ownership::picture(&chart, &consumers, width)
}

/// The part of time that is drawn: the present at seven tenths of it.
fn window(now: Instant, end: Instant, zoom: usize) -> Window {
    let length = ZOOMS.get(zoom).map_or(0, |zoom| zoom.0);
    if length == 0 || length >= end.0 {
        return Window {
            from: Instant::ZERO,
            to: end,
        };
    }
    let latest = end.0 - length;
    let from = now.0.saturating_sub(length * 7 / 10).min(latest);
    Window {
        from: Instant(from),
        to: Instant(from + length),
    }
}

/// The heartbeat interval in force.
fn heartbeat(scenario: &Scenario, view: &GroupView) -> Duration {
    scenario.config.time(match view.protocol {
        Protocol::Classic => Property::HeartbeatIntervalMs,
        Protocol::Consumer => Property::GroupConsumerHeartbeatIntervalMs,
    })
}

/// The group's state in one line.
fn group(view: &GroupView) -> String {
    let coordinator = &view.coordinator;
    let leader = coordinator
        .leader
        .and_then(|leader| view.consumers.get(leader))
        .map_or_else(String::new, |leader| format!(" · leader {}", leader.name));
    let timers = match view.protocol {
        Protocol::Classic => "session.timeout.ms, heartbeat.interval.ms, max.poll.interval.ms",
        Protocol::Consumer => {
            "group.consumer.session.timeout.ms, group.consumer.heartbeat.interval.ms, max.poll.interval.ms"
        }
    };
    format!(
        "Groupe {} · {} {}{leader}. Barres : ce qui reste de {timers}.",
        coordinator.state.name(),
        members::epoch_word(view),
        coordinator.epoch
    )
}

/// Most partitions that are listed in words.
const LISTED: usize = 50;

/// The chosen run's partitions in a table.
fn as_text(lab: Bench) -> El {
    class("div", "lab-table").region(move || {
        let chosen = lab.chosen.get();
        let view = lab.player.with_listed(|timeline| {
            let track = timeline.tracks().get(chosen)?;
            view(track.as_ref())
        });
        view.map(|view| table(&view)).into_iter().collect()
    })
}

fn table(view: &GroupView) -> El {
    let head = ["Partition", "État", "Par", "Sans lecteur"]
        .iter()
        .map(|name| text("th", "", name).attr("scope", "col"));
    let rows = view.partitions.iter().take(LISTED).map(|partition| {
        let topic = view.topics.get(partition.topic);
        let name = topic.map_or_else(String::new, |topic| {
            format!("{topic}-{}", partition.partition)
        });
        let holder = partition
            .now
            .consumer
            .and_then(|consumer| view.consumers.get(consumer))
            .map_or("–", |consumer| consumer.name.as_str());
        let sign = match partition.now.kind {
            HoldingKind::Owned => "● ",
            HoldingKind::Unassigned => "○ ",
            _ => "✕ ",
        };
        el("tr")
            .add(text("th", "", &name).attr("scope", "row"))
            .add(text("td", "", sign).text(kind_name(partition.now.kind)))
            .add(text("td", "", holder))
            .add(text("td", "", &milliseconds(partition.downtime)))
    });
    el("table")
        .add(el("thead").add(el("tr").all(head.collect())))
        .add(el("tbody").all(rows.collect()))
}

/// A picture of nothing, where there is no run.
fn nothing(width: Px) -> Picture {
    Picture {
        width,
        height: Px::new(1),
        title: String::new(),
        description: String::new(),
        shapes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_present_and_stays_in_the_run() {
        let ms = Instant::from_millis;
        let shown = |now, zoom| {
            let window = window(ms(now), ms(90_000), zoom);
            (window.from.as_millis(), window.to.as_millis())
        };
        assert_eq!(shown(50_000, 0), (0, 90_000));
        assert_eq!(shown(50_000, 2), (43_000, 53_000));
        assert_eq!(shown(0, 2), (0, 10_000));
        assert_eq!(shown(90_000, 3), (89_000, 90_000));
    }
}

//! Numbers: before, now, and how much that is; and run beside run.

use super::desk::Desk;
use super::run_choice;
use super::{Metric, Timeline, Wish};
use crate::dom::{El, class, el, text};
use crate::kit;
use engine::text::grouped;
use engine::time::Instant;
use picture::french::seconds;
use std::cell::RefCell;
use std::rc::Rc;

/// What was measured at a reference, and for which: scenario, run, instant.
type Measured = ((u64, usize, Instant), Vec<Metric>);

pub(super) fn metrics(lab: Desk) -> El {
    let kept: Rc<RefCell<Option<Measured>>> = Rc::default();
    let reference = kit::row(vec![
        kit::button("Comparer à cet instant", "", move || {
            lab.reference.set(Some(lab.player.time().0));
        }),
        kit::button(
            "Comparer à l’instant d’avant l’incident",
            "",
            move || {
                lab.reference.set(None);
            },
        )
        .flag("disabled", move || lab.reference.with(Option::is_none)),
    ]);
    let table = scrolled().region(move || {
        let before_at = reference_of(lab);
        let before = before(lab, before_at, &kept);
        let now = lab
            .with_chosen_listed(|track| (lab.detail.metrics)(track))
            .unwrap_or_default();
        vec![compared(before_at, &before, &now)]
    });
    let beside = scrolled().region(move || {
        let (names, runs) = lab.player.with_listed(|timeline| {
            let tracks = timeline.tracks().iter();
            let runs: Vec<_> = tracks
                .map(|track| (lab.detail.metrics)(track.as_ref()))
                .collect();
            (timeline.names(), runs)
        });
        if runs.len() < 2 {
            return Vec::new();
        }
        vec![side_by_side(&names, &runs)]
    });
    class("div", "lab-metrics").all(vec![
        run_choice(lab.bench),
        reference,
        table,
        beside,
        all_kept(lab),
    ])
}

/// With which instant the present is compared: the one that was chosen, else just before what was last done.
fn reference_of(lab: Desk) -> Instant {
    lab.reference
        .get()
        .unwrap_or_else(|| lab.player.with_listed(before_incident))
}

/// The instant before the last action that has been done.
fn before_incident(timeline: &Timeline) -> Instant {
    let now = timeline.now();
    let actions = timeline.scenario().actions.iter();
    let last = actions.map(|timed| timed.at).filter(|at| *at <= now).max();
    last.map_or(Instant::ZERO, |at| Instant(at.0.saturating_sub(1)))
}

/// The numbers of the chosen run at an instant.
fn before(lab: Desk, at: Instant, kept: &RefCell<Option<Measured>>) -> Vec<Metric> {
    let chosen = lab.chosen.get();
    let key = (lab.player.altered(), chosen, at);
    if let Some((known, measured)) = &*kept.borrow()
        && *known == key
    {
        return measured.clone();
    }
    let measured = lab.player.with_scenario(|timeline| {
        timeline
            .tracks()
            .get(chosen)
            .map_or_else(Vec::new, |track| {
                let mut again = track.anew();
                again.seek(at);
                (lab.detail.metrics)(again.as_ref())
            })
    });
    *kept.borrow_mut() = Some((key, measured.clone()));
    measured
}

fn compared(before_at: Instant, before: &[Metric], now: &[Metric]) -> El {
    let head = [
        "Mesure".to_owned(),
        format!("À {}", seconds(before_at)),
        "Maintenant".to_owned(),
        "Δ".to_owned(),
    ];
    let rows = now.iter().enumerate().map(|(index, metric)| {
        let was = before.get(index).map_or(0, |before| before.value);
        let delta = metric.value - was;
        el("tr")
            .add(name(metric))
            .add(text("td", "", &shown(was, metric.unit)))
            .add(text("td", "", &shown(metric.value, metric.unit)))
            .add(text(
                "td",
                judged(metric.wish, delta),
                &change(delta, metric),
            ))
    });
    table(&head, rows.collect())
}

fn side_by_side(names: &[String], runs: &[Vec<Metric>]) -> El {
    let mut head = vec!["Maintenant".to_owned()];
    head.extend(names.iter().cloned());
    let metrics = runs.first().map_or(&[][..], Vec::as_slice);
    let rows = metrics.iter().enumerate().map(|(index, metric)| {
        let cells = runs.iter().map(|run| {
            let value = run.get(index).map_or(0, |metric| metric.value);
            text("td", "", &shown(value, metric.unit))
        });
        el("tr").add(name(metric)).all(cells.collect())
    });
    table(&head, rows.collect())
}

/// Room for a table: where that is wider than the screen, arrows move it.
fn scrolled() -> El {
    class("div", "lab-table")
        .attr("tabindex", "0")
        .attr("role", "group")
        .attr("aria-label", "Tableau des mesures")
}

fn table(head: &[String], rows: Vec<El>) -> El {
    let head = head
        .iter()
        .map(|name| text("th", "", name).attr("scope", "col"));
    el("table")
        .add(el("thead").add(el("tr").all(head.collect())))
        .add(el("tbody").all(rows))
}

fn name(metric: &Metric) -> El {
    text("th", "", metric.name).attr("scope", "row")
}

/// A number with its unit.
fn shown(value: i64, unit: &str) -> String {
    let mut text = grouped(value);
    if !unit.is_empty() {
        text.push('\u{a0}');
        text.push_str(unit);
    }
    text
}

/// How a number changed, with its sign and whether that is good.
fn change(delta: i64, metric: &Metric) -> String {
    if delta == 0 {
        return "=".to_owned();
    }
    let sign = if delta > 0 { "+" } else { "" };
    let mark = match judged(metric.wish, delta) {
        "good" => " ✓",
        "bad" => " ✗",
        _ => "",
    };
    format!("{sign}{}{mark}", shown(delta, metric.unit))
}

const fn judged(wish: Wish, delta: i64) -> &'static str {
    match (wish, delta) {
        (_, 0) | (Wish::Any, _) => "",
        (Wish::Low, 1..) | (Wish::High, ..=-1) => "bad",
        _ => "good",
    }
}

/// The rules that the runs broke: none, or the model is wrong.
fn broken(lab: Desk) -> Vec<String> {
    lab.player.with_listed(|timeline| {
        let mut broken = Vec::new();
        for (track, name) in timeline.tracks().iter().zip(timeline.names()) {
            for rule in (lab.detail.breaches)(track.as_ref()) {
                broken.push(format!("{name} : {rule}"));
            }
        }
        broken
    })
}

/// The rules that are broken, where nobody can miss them.
pub(super) fn breaches(lab: Desk) -> El {
    el("div").attr("role", "status").region(move || {
        let broken = broken(lab);
        let lines = broken.iter();
        lines
            .map(|rule| text("p", "sim-verdict bad", &format!("✗ {rule}")))
            .collect()
    })
}

/// That none is broken, if so.
fn all_kept(lab: Desk) -> El {
    class("p", "sim-hint").text_of(move || {
        if broken(lab).is_empty() {
            "✓ Les règles que Kafka garantit sont vérifiées à chaque événement : toutes tenues jusqu’ici.".to_owned()
        } else {
            String::new()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{SUBJECT, scenario};
    use super::*;

    #[test]
    fn the_reference_is_just_before_what_was_last_done() {
        let mut timeline = Timeline::new(&SUBJECT, scenario());
        timeline.seek(Instant::from_millis(3_000));
        assert_eq!(before_incident(&timeline), Instant::ZERO);
        timeline.seek(Instant::from_millis(3_500));
        assert_eq!(before_incident(&timeline), Instant(3_499_999));
    }

    #[test]
    fn changes_say_whether_they_are_good() {
        let metric = |wish| Metric {
            name: "m",
            value: 0,
            unit: "ms",
            wish,
        };
        assert_eq!(change(0, &metric(Wish::Low)), "=");
        assert_eq!(change(12, &metric(Wish::Low)), "+12\u{a0}ms ✗");
        assert_eq!(change(-12, &metric(Wish::Low)), "\u{2212}12\u{a0}ms ✓");
        assert_eq!(change(12, &metric(Wish::Any)), "+12\u{a0}ms");
    }
}

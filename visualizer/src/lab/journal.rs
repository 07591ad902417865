//! What has happened, newest first: to filter, to copy, and to ask for reasons.

use super::desk::Desk;
use super::run_choice;
use super::{Detail, Subject, why};
use crate::dom::{El, Row, class, effect, el, field_value, text};
use crate::kit;
use crate::state::Var;
use engine::event::Event;
use engine::ids::EventId;
use picture::french::{count, seconds};
use std::rc::Rc;

/// Lines that are shown at first, and how many more each time.
const LINES: usize = 40;
/// Most lines that are copied.
const COPIED: usize = 10_000;
/// More runs than a scenario has.
const RUNS: u64 = 1 << 10;
/// Most events that are looked at for the lines that are shown.
const LOOKED_AT: usize = 50_000;

/// Which lines are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    /// What they contain, in lower case.
    text: String,
    /// Of which kind they are.
    family: Option<usize>,
    /// Whether small things are shown too.
    all: bool,
    /// How many.
    lines: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            text: String::new(),
            family: None,
            all: false,
            lines: LINES,
        }
    }
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The event.
    pub(super) event: EventId,
    /// When, in French.
    pub(super) at: String,
    /// What kind.
    pub(super) family: &'static str,
    /// What.
    pub(super) text: String,
}

/// The lines that are shown, and of which run of which scenario: events of another have the same numbers.
type Read = Rc<Var<(u64, Vec<Line>)>>;

/// An event in words; `None` if it is not worth any.
pub(super) fn line(detail: &Detail, event: &Event) -> Option<Line> {
    Some(Line {
        event: event.id,
        at: seconds(event.at),
        family: detail
            .families
            .get((detail.family)(event))
            .copied()
            .unwrap_or_default(),
        text: (detail.sentence)(event)?,
    })
}

/// The newest lines that pass the filter, newest first.
fn lines(subject: &Subject, detail: &Detail, events: &[Event], filter: &Filter) -> Vec<Line> {
    let wanted = |event: &&Event| {
        (filter.all || (subject.told)(event))
            && filter
                .family
                .is_none_or(|family| (detail.family)(event) == family)
    };
    events
        .iter()
        .rev()
        .take(LOOKED_AT)
        .filter(wanted)
        .filter_map(|event| line(detail, event))
        .filter(|line| filter.text.is_empty() || kit::lower(&line.text).contains(&filter.text))
        .take(filter.lines)
        .collect()
}

/// The newest thing worth telling in the chosen run.
pub(super) fn newest(lab: Desk) -> Option<String> {
    let filter = Filter {
        lines: 1,
        ..Filter::default()
    };
    let chosen = lab.chosen.now();
    lab.player.with_listed(|timeline| {
        let track = timeline.tracks().get(chosen)?;
        let newest = lines(lab.subject, lab.detail, track.events(), &filter).pop()?;
        Some(format!("{} : {}", newest.at, newest.text))
    })
}

/// The lines of the chosen run. Follows it, a few times a second.
fn shown(lab: Desk, most: Option<usize>) -> Vec<Line> {
    let mut filter = lab.filter.get();
    filter.lines = most.unwrap_or(filter.lines);
    let shown =
        lab.with_chosen_listed(|track| lines(lab.subject, lab.detail, track.events(), &filter));
    shown.unwrap_or_default()
}

pub(super) fn journal(lab: Desk) -> El {
    let read: Read = Rc::new(Var::new((0, Vec::new())));
    let (kept, listed, counted) = (Rc::clone(&read), Rc::clone(&read), Rc::clone(&read));
    effect(move || {
        let run = lab.player.altered() * RUNS + lab.chosen.get() as u64;
        kept.put((run, shown(lab, None)));
    });
    let list = el("ol").rows(move || {
        let rows = listed.with(|(run, lines)| {
            let rows = lines.iter().cloned().map(|line| -> Row {
                let key = (run << 32) + line.event.number();
                (key, Box::new(move || told(lab, line)))
            });
            rows.collect::<Vec<_>>()
        });
        if rows.is_empty() {
            let nothing = "Rien encore, ou rien qui passe le filtre.";
            return vec![(u64::MAX, Box::new(move || text("li", "sim-hint", nothing)))];
        }
        rows
    });
    let more = kit::button("Voir plus loin", "", move || {
        lab.filter.update(|filter| filter.lines += 4 * LINES);
    })
    .flag("hidden", move || {
        counted.with(|read| read.1.len()) < lab.filter.with(|filter| filter.lines)
    });
    class("div", "lab-journal").all(vec![
        run_choice(lab.bench),
        filters(lab, read),
        why::why(lab),
        class("div", "sim-story").add(list),
        more,
    ])
}

fn filters(lab: Desk, read: Read) -> El {
    let (words, kinds) = (kit::unique_id(), kit::unique_id());
    let field = el("input")
        .attr("type", "text")
        .attr("id", &words)
        .attr("autocomplete", "off")
        .on("input", move |event| {
            let typed = kit::lower(field_value(&event).trim());
            lab.filter.update(|filter| filter.text = typed);
        });
    let families = lab
        .detail
        .families
        .iter()
        .enumerate()
        .map(|(index, name)| el("option").attr("value", &index.to_string()).text(name));
    let kind = el("select")
        .attr("id", &kinds)
        .add(el("option").attr("value", "").text("tous"))
        .all(families.collect())
        .on("change", move |event| {
            let family = field_value(&event).parse().ok();
            lab.filter.update(|filter| filter.family = family);
        });
    let all = kit::toggle(
        "Tout, même les battements de cœur",
        move || lab.filter.with(|filter| filter.all),
        move || lab.filter.update(|filter| filter.all = !filter.all),
    );
    let copy = kit::copier("Copier le journal", move || {
        as_text(&shown(lab, Some(COPIED)))
    });
    kit::row(vec![
        class("div", "lab-field")
            .add(text("label", "", "Contient").attr("for", &words))
            .add(field),
        class("div", "lab-field")
            .add(text("label", "", "Genre").attr("for", &kinds))
            .add(kind),
        all,
        copy,
        class("output", "sim-hint")
            .text_of(move || count(read.with(|read| read.1.len()) as u64, "ligne", "lignes")),
    ])
    .attr("class", "sim-row lab-filters")
}

/// The lines as one copies them, oldest first.
fn as_text(lines: &[Line]) -> String {
    let mut copied = String::new();
    for line in lines.iter().rev() {
        for piece in [&line.at, "\t", line.family, "\t", &line.text, "\n"] {
            copied.push_str(piece);
        }
    }
    copied
}

fn told(lab: Desk, line: Line) -> El {
    let event = line.event;
    let why = kit::toggle(
        "pourquoi ?",
        move || lab.asked.get() == Some(event),
        move || {
            lab.player.pause();
            lab.asked
                .update(|asked| *asked = (*asked != Some(event)).then_some(event));
        },
    );
    el("li")
        .add(text("span", "sim-at", &line.at))
        .text(" ")
        .add(text("span", "", &line.text))
        .text(" ")
        .add(text("span", "lab-family", line.family))
        .text(" ")
        .add(why)
}

#[cfg(test)]
mod tests {
    use super::super::Timeline;
    use super::super::testing::{DETAIL, SUBJECT, scenario};
    use super::*;
    use engine::time::Instant;

    fn texts(filter: &Filter) -> Vec<String> {
        let mut timeline = Timeline::new(&SUBJECT, scenario());
        timeline.seek(Instant::from_millis(4_000));
        lines(&SUBJECT, &DETAIL, timeline.tracks()[0].events(), filter)
            .into_iter()
            .map(|line| line.text)
            .collect()
    }

    #[test]
    fn lines_are_newest_first_and_filtered_by_text_and_kind() {
        let tick = "Il arrive : tick.".to_owned();
        let member = "Il arrive : C1.".to_owned();
        let all = Filter::default();
        assert_eq!(
            texts(&all),
            [
                tick.clone(),
                member.clone(),
                tick.clone(),
                tick.clone(),
                tick.clone()
            ]
        );
        let by_kind = Filter {
            family: Some(1),
            ..Filter::default()
        };
        assert_eq!(texts(&by_kind), [member]);
        let by_text = Filter {
            text: "tick".to_owned(),
            lines: 2,
            ..Filter::default()
        };
        assert_eq!(texts(&by_text), [tick.clone(), tick]);
    }

    #[test]
    fn what_is_copied_is_in_the_order_of_time() {
        let line = |at: &str| Line {
            event: EventId::new(0),
            at: at.to_owned(),
            family: "tic",
            text: "t".to_owned(),
        };
        assert_eq!(as_text(&[line("2"), line("1")]), "1\ttic\tt\n2\ttic\tt\n");
    }
}

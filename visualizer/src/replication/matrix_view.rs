//! The table of cases: computed while the page is read, one case a frame; a click opens the run.

use super::matrix::{self, ACKS, CASES, CRASHES, Case, MIN_ISR, Verdict};
use crate::browser::each_frame;
use crate::dom::{El, class, effect, el, text};
use crate::kit;
use crate::lab::Bench;
use crate::state::Var;
use engine::config::Config;
use engine::scenario::{Action, Step};
use engine::time::Instant;
use std::rc::Rc;

struct Table {
    config: Var<Config>,
    verdicts: Var<Vec<Option<Verdict>>>,
    opened: Var<Option<usize>>,
    /// Where the run is drawn.
    above: El,
}

/// The table. A click shows the run in `above`.
pub(super) fn matrix_view(lab: Bench, above: &El) -> El {
    // Not read off the scenario here: whoever makes the table would follow it, and make everything anew at each change.
    let table = Rc::new(Table {
        config: Var::new(Config::default()),
        verdicts: Var::new(vec![None; CASES]),
        opened: Var::new(None),
        above: above.clone(),
    });
    follow(lab, &table);
    compute(&table);
    let tables = (0..CRASHES.len()).map(|crash| one_table(lab, &table, crash));
    class("section", "rep-matrix")
        .add(text("p", "sim-title", "Un message, le leader meurt : que devient le message ?"))
        .add(text(
            "p",
            "sim-hint",
            "Chaque case est un déroulé calculé : trois brokers, trois répliques, delivery.timeout.ms de 20 s. Un clic l’ouvre.",
        ))
        .add(class("div", "rep-tables").all(tables.collect()))
        .add(kit::details("Lire le tableau", kit::bullets(&LEGEND)))
}

const LEGEND: [&str; 5] = [
    "✓ gardé : acquitté, et dans le journal qui fait foi.",
    "✕ perdu : acquitté, et pourtant disparu.",
    "⊘ refusé : le producer sait qu’il n’est pas écrit.",
    "? absent, ? présent : le producer a renoncé, sans pouvoir savoir lequel des deux.",
    "ISR ≥ n : min.insync.replicas=n.",
];

/// Keeps the table's settings those of the scenario.
fn follow(lab: Bench, table: &Rc<Table>) {
    let table = Rc::clone(table);
    effect(move || {
        let config = lab
            .player
            .with_scenario(|timeline| matrix::kept(&timeline.scenario().config));
        if table.config.peek(|known| *known != config) {
            table.config.set(config);
            table.verdicts.set(vec![None; CASES]);
        }
    });
}

/// Plays the cases, one a frame.
fn compute(table: &Rc<Table>) {
    let table = Rc::clone(table);
    let mut frames = None;
    let run = move || {
        let unknown = table.verdicts.with(|all| all.iter().all(Option::is_none));
        if !unknown {
            return;
        }
        let table = Rc::clone(&table);
        let playing = each_frame(move |_| {
            let next = table
                .verdicts
                .peek(|all| all.iter().position(Option::is_none));
            let Some(next) = next else {
                return false;
            };
            let verdict = table.config.peek(|config| Case::at(next).play(config));
            table.verdicts.update(|all| {
                if let Some(place) = all.get_mut(next) {
                    *place = Some(verdict);
                }
            });
            true
        });
        // Held until the table starts anew.
        drop(frames.replace(playing));
    };
    effect(run);
}

fn one_table(lab: Bench, table: &Rc<Table>, crash: usize) -> El {
    let mut head = vec![el("th").attr("scope", "col").text("acks")];
    for min_isr in MIN_ISR {
        let name = ["ISR ≥ ", min_isr].concat();
        head.push(text("th", "", &name).attr("scope", "col"));
    }
    let mut rows = vec![el("tr").all(head)];
    for (acks, name) in ACKS.iter().enumerate() {
        let mut row = vec![text("th", "", name).attr("scope", "row")];
        for min_isr in 0..MIN_ISR.len() {
            let index = crash * 9 + acks * 3 + min_isr;
            row.push(el("td").add(cell(lab, table, index)));
        }
        rows.push(el("tr").all(row));
    }
    let caption = ["Le leader meurt ", CRASHES[crash]].concat();
    el("table").add(text("caption", "", &caption)).all(rows)
}

fn cell(lab: Bench, table: &Rc<Table>, index: usize) -> El {
    let (said, shown, open, pressed) = (
        Rc::clone(table),
        Rc::clone(table),
        Rc::clone(table),
        Rc::clone(table),
    );
    let verdict = move |table: &Table| table.verdicts.with(|all| all.get(index).copied().flatten());
    kit::button("", "", move || {
        open.opened.set(Some(index));
        open_case(lab, &open, index);
    })
    .attr_of("class", move || {
        let class = verdict(&shown).map_or("waiting", Verdict::class);
        Some(["rep-case ", class].concat())
    })
    .says("aria-pressed", move || {
        let title = Case::at(index).title();
        pressed.opened.get() == Some(index)
            && lab
                .player
                .with_scenario(|timeline| timeline.scenario().title == title)
    })
    .text_of(move || verdict(&said).map_or("…", Verdict::short).to_owned())
}

/// Puts the case's scenario on the bench, at the instant of the crash or of the sending, whichever comes last.
fn open_case(lab: Bench, table: &Table, index: usize) {
    let scenario = table.config.peek(|config| Case::at(index).scenario(config));
    let crash = scenario
        .actions
        .iter()
        .find(|timed| matches!(timed.action, Action::Do(Step::Crash(_))))
        .map_or(Instant::ZERO, |timed| timed.at);
    let sent = scenario.actions.last().map_or(crash, |timed| timed.at);
    lab.say(&scenario.title);
    lab.begin(scenario);
    lab.player.seek(crash.max(sent));
    table.above.element().scroll_into_view();
}

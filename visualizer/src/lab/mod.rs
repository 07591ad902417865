//! The bench on which the simulations in time are tried: several runs of one incident on one time axis, moved by one player.
//!
//! A simulation says what it is as a [`Subject`] — a table of plain functions — and the bench does the rest:
//!
//! 1. [`Timeline`]: the runs of the scenario and of its variants, where they are, what was done in them. [`Player`] moves it.
//! 2. The learner predicts ([`crate::kit::Questions`]), plays (`transport`), acts (`acts`), changes settings (`settings`),
//!    reads what happened and why (`journal`), compares numbers (`metrics`), and takes the scenario away (`export`, `link`).
//! 3. What the simulation draws stands in the middle: [`Subject::stage`].

mod acts;
mod export;
mod journal;
mod link;
mod metrics;
mod model;
mod player;
mod presets;
mod settings;
mod subject;
#[cfg(test)]
mod testing;
mod timeline;
mod track;
mod transport;
mod why;

pub(crate) use link::{refusal, said as copied};
pub(crate) use model::{Bench, Lab};
pub(crate) use player::Player;
pub(crate) use subject::{Actor, Metric, Preset, Subject, Wish};
pub(crate) use timeline::Timeline;
pub(crate) use track::{Track, run, start, view, world};

use crate::browser;
use crate::dom::{El, apart, class, el, key_of, text};
use crate::figure::Figure;
use crate::kit::{self, Tab, question_view, tabs};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Puts a simulation into its stage.
pub(crate) fn bench(stage: &Element, figure: Figure, subject: &'static Subject) {
    let lab = Lab::new(figure, subject);
    let body = class("div", "sim-body").region(move || {
        if lab.questions.hides() {
            return Vec::new();
        }
        apart(|| body(lab))
    });
    let said = text("p", "sr", "")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .text_of(move || lab.said.get());
    let root = class("div", "sim lab")
        .attr("tabindex", "-1")
        .on("keydown", move |event| on_key(lab, &event))
        .all(vec![
            refusal(&lab.refused),
            question_view(&lab.questions, move || lab.ask()),
            body,
            said,
        ]);
    El::of(stage).add(root);
}

/// What there is once no question waits.
fn body(lab: Bench) -> Vec<El> {
    let mut body = vec![presets::presets(lab), transport::transport(lab)];
    body.extend((lab.subject.stage)(lab));
    body.push(metrics::breaches(lab));
    body.push(acts::acts(lab));
    body.extend(panels(lab));
    body.push(footer(lab));
    body
}

fn panels(lab: Bench) -> Vec<El> {
    let tab = |name, shortcut, content| Tab {
        name,
        shortcut,
        content,
    };
    let list = vec![
        tab(
            "Journal",
            "1",
            Box::new(move || journal::journal(lab)) as Box<dyn Fn() -> El>,
        ),
        tab("Mesures", "2", Box::new(move || metrics::metrics(lab))),
        tab("Réglages", "3", Box::new(move || settings::settings(lab))),
        tab("Exporter", "4", Box::new(move || export::export(lab))),
    ];
    tabs("Ce qu’on peut lire et régler", list, &lab.panel)
}

/// Which of the runs one reads about; nothing if there is one only.
pub(crate) fn run_choice(lab: Bench) -> El {
    el("div").region(move || {
        let names = lab.player.names();
        if names.len() < 2 {
            return Vec::new();
        }
        let buttons = names.iter().enumerate().map(|(index, name)| {
            kit::toggle(
                name,
                move || lab.chosen.get() == index,
                move || {
                    lab.asked.set(None);
                    lab.chosen.set(index);
                },
            )
        });
        let row = kit::row(buttons.collect())
            .attr("role", "group")
            .attr("aria-label", "Déroulé");
        vec![row]
    })
}

/// How many panels there are.
const PANELS: usize = 4;

fn footer(lab: Bench) -> El {
    let restore = kit::button("Tout réinitialiser", "", move || lab.restore())
        .flag("disabled", move || !lab.changed());
    let buttons = kit::row(vec![
        kit::button("Copier le lien", "L", move || link::copy(lab)),
        kit::button("Prédire", "P", move || lab.ask()),
        restore,
    ]);
    let limits = lab.subject.limits;
    el("footer")
        .attr("class", "sim-footer")
        .add(buttons)
        .add(kit::details("Raccourcis clavier", kit::bullets(&SHORTCUTS)))
        .add(kit::details(
            "Ce qui n’est pas représenté",
            kit::bullets(limits),
        ))
}

const SHORTCUTS: [&str; 7] = [
    "K : lecture ou pause.",
    "← et → : à l’événement précédent, au suivant.",
    "Début et Fin : aller au début, à la fin du déroulé.",
    "+ et − : plus vite, plus lentement.",
    "R : revenir au déroulé d’origine après être intervenu.",
    "1, 2, 3, 4 : journal, mesures, réglages, export ; ou les flèches sur les onglets.",
    "P : une question ; L : copier le lien.",
];

/// Keys that work anywhere in the simulation, except where something is being typed.
fn on_key(lab: Bench, event: &Event) {
    let Some(pressed) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
        return;
    };
    let modified = pressed.ctrl_key() || pressed.alt_key() || pressed.meta_key();
    if modified || lab.questions.hides() || browser::is_typing(event.target()) {
        return;
    }
    let key = key_of(event);
    let panel = key
        .parse::<usize>()
        .ok()
        .filter(|n| (1..=PANELS).contains(n));
    match key.as_str() {
        _ if panel.is_some() => lab.panel.set(panel.unwrap_or(1) - 1),
        "p" | "P" => lab.ask(),
        "l" | "L" => link::copy(lab),
        "r" | "R" => lab.unfork(),
        key if lab.player.on_key(key) => {
            if key.starts_with("Arrow") {
                lab.tell();
            }
        }
        _ => return,
    }
    event.prevent_default();
}

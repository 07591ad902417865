//! The bench on which the simulations in time are tried: several runs of one incident on one time axis, moved by one player.
//!
//! A simulation says what it is as a [`Subject`] and a [`Detail`] — tables of plain functions — and the bench does the rest:
//!
//! 1. [`Timeline`]: the runs of the scenario and of its variants, where they are, what was done in them. [`Player`] moves it.
//! 2. The learner predicts ([`crate::kit::Questions`]), plays (`transport`), acts (`acts`), changes settings (`settings`),
//!    reads what happened and why (`journal`), compares numbers (`metrics`), and takes the scenario away (`export`, `link`).
//! 3. What the simulation draws stands in the middle: [`Subject::stage`]. All that is below it is downloaded after it
//!    ([`desk`]).

mod acts;
mod desk;
mod export;
mod journal;
mod link;
mod metrics;
mod model;
mod player;
mod presets;
mod run_choice;
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
pub(crate) use run_choice::run_choice;
pub(crate) use subject::{Actor, Detail, Metric, Preset, Subject, Wish};
pub(crate) use timeline::Timeline;
pub(crate) use track::{Track, run, start, view, world};

use crate::browser;
use crate::dom::{El, apart, class, key_of, text};
use crate::figure::Figure;
use crate::kit::question_view;
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
    desk::load(lab);
}

/// What there is once no question waits.
fn body(lab: Bench) -> Vec<El> {
    let mut body = vec![desk::presets(lab), transport::transport(lab)];
    body.extend((lab.subject.stage)(lab));
    body.push(desk::lower(lab));
    body
}

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
        .filter(|n| (1..=desk::PANELS).contains(n));
    match key.as_str() {
        _ if panel.is_some() => lab.panel.set(panel.unwrap_or(1) - 1),
        "p" | "P" => lab.ask(),
        "l" | "L" => lab.copy_link(),
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

//! The lower half of a bench: what one does and reads below the pictures. It is a part of its own of the downloaded module,
//! which follows once the pictures are there.
//!
//! 1. The bench asks for the part once its upper half is there ([`load`]). [`lower`] keeps the place, and shows the part when
//!    it comes; or says that it did not, and tries again.
//! 2. The upper half reaches it through [`Part`], a table of functions that the part brings along: what it needs no sooner
//!    (a sentence to say, a question to ask, a link to copy) is not done before.
//! 3. In the part, a [`Desk`] is the bench together with the simulation's [`Detail`].
//!
//! Only the part may name [`PART`] and what is behind it: whatever else does would bring it into the upper half. A build
//! without the feature `split` has both halves in one module.

use super::{Bench, Detail, Lab, acts, export, journal, link, metrics, presets, settings};
use crate::dom::{El, apart, class, text};
use crate::kit::{self, Tab, tabs};
use crate::state::Var;
use any_spawner::Executor;
use std::ops::Deref;

/// What the upper half calls in the lower one.
pub(super) struct Part {
    /// Says what the upper half has no words for.
    arrived: fn(Bench),
    /// Makes the lower half.
    body: fn(Bench) -> Vec<El>,
    /// Makes the choice of scenarios, which stands above the pictures.
    presets: fn(Bench) -> Vec<El>,
    /// Says the newest thing that happened in the chosen run.
    pub(super) tell: fn(Bench),
    /// Asks another question about the present state.
    pub(super) ask: fn(Bench),
    /// Copies the link that brings back the present state.
    pub(super) copy: fn(Bench),
}

/// Where the part is.
#[derive(Clone, Copy)]
pub(super) enum Lower {
    /// It has been asked for, or will be.
    Awaited,
    /// It is here.
    Here(&'static Part),
    /// It could not be had.
    Missing,
}

/// How many panels there are.
pub(super) const PANELS: usize = 4;

/// The place of the lower half, and what is in it.
pub(super) fn lower(lab: Bench) -> El {
    class("div", "sim-body").region(move || match lab.lower.get() {
        Lower::Here(part) => apart(|| (part.body)(lab)),
        Lower::Awaited => vec![text(
            "p",
            "sim-hint",
            "Journal, mesures et réglages : en chemin…",
        )],
        Lower::Missing => vec![
            text(
                "p",
                "sim-refusal",
                "Le journal, les mesures et les réglages n’ont pas pu être chargés.",
            )
            .attr("role", "alert"),
            kit::button("Réessayer", "", move || load(lab)),
        ],
    })
}

/// The place of the choice of scenarios, as high as it will be.
pub(super) fn presets(lab: Bench) -> El {
    class("div", "lab-presets").region(move || match lab.lower.get() {
        Lower::Here(part) => apart(|| (part.presets)(lab)),
        Lower::Awaited | Lower::Missing => Vec::new(),
    })
}

/// Asks for the part.
pub(super) fn load(lab: Bench) {
    lab.lower.set(Lower::Awaited);
    Executor::spawn_local(async move {
        let Some(part) = fetch().await else {
            lab.lower.set(Lower::Missing);
            return;
        };
        (part.arrived)(lab);
        lab.lower.set(Lower::Here(part));
    });
}

#[cfg(feature = "split")]
async fn fetch() -> Option<&'static Part> {
    split::part().await.ok()
}

#[cfg(not(feature = "split"))]
fn fetch() -> std::future::Ready<Option<&'static Part>> {
    std::future::ready(Some(&PART))
}

/// The seam along which `wasm-split` cuts. Its macro declares what the tool defines: the only `unsafe` of this crate.
#[cfg(feature = "split")]
#[allow(unsafe_code)]
mod split {
    use super::{PART, Part};
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    #[wasm_split(lower, wasm_split_path = leptos::wasm_split, fallible)]
    pub(super) fn part() -> Result<&'static Part, SplitLoaderError> {
        Ok(&PART)
    }
}

static PART: Part = Part {
    arrived: |lab| {
        if let Some(fault) = lab.faulty.take() {
            lab.refused.set(Some(fault.to_string()));
        }
    },
    body: |lab| Desk::of(lab).map_or_else(Vec::new, body),
    presets: |lab| Desk::of(lab).map(presets::presets).into_iter().collect(),
    tell: |lab| {
        if let Some(line) = Desk::of(lab).and_then(journal::newest) {
            lab.say(&line);
        }
    },
    ask: |lab| {
        if let Some(desk) = Desk::of(lab) {
            ask(desk);
        }
    },
    copy: link::copy,
};

/// A bench, and what its simulation brings to the lower half.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The bench.
    pub(super) bench: Bench,
    /// The simulation's words and numbers.
    pub(super) detail: &'static Detail,
}

impl Desk {
    /// `None` if this module does not hold the simulation.
    fn of(bench: Bench) -> Option<Self> {
        let detail = crate::detail(bench.kind())?;
        Some(Self { bench, detail })
    }
}

impl Deref for Desk {
    type Target = Lab;

    fn deref(&self) -> &Lab {
        self.bench
    }
}

fn body(lab: Desk) -> Vec<El> {
    let mut body = vec![metrics::breaches(lab), acts::acts(lab)];
    body.extend(panels(lab));
    body.push(footer(lab));
    body
}

fn panels(lab: Desk) -> Vec<El> {
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
    let open: &'static Var<usize> = &lab.bench.panel;
    tabs("Ce qu’on peut lire et régler", list, open)
}

/// Asks another question about the present state.
fn ask(lab: Desk) {
    let turn = lab.questions.turn();
    if let Some(question) = (lab.detail.ask)(lab.bench, turn) {
        lab.player.pause();
        lab.questions.pose(question);
    } else {
        lab.say("Pas de question possible sur ce déroulé.");
    }
}

fn footer(lab: Desk) -> El {
    let bench = lab.bench;
    let restore = kit::button("Tout réinitialiser", "", move || bench.restore())
        .flag("disabled", move || !lab.changed());
    let buttons = vec![
        kit::button("Copier le lien", "L", move || link::copy(bench)),
        kit::button("Prédire", "P", move || ask(lab)),
        restore,
    ];
    kit::footer(buttons, &SHORTCUTS, lab.detail.limits)
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

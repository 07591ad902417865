//! The partitioning simulation: which partition each key goes to, for a .NET and a Java producer side by side.
//!
//! 1. [`model`] holds what the learner sets, and what follows from it; the [`settings`] go back into a scenario, which is
//!    what a link carries.
//! 2. A question comes first, if the page asks one ([`question`]).
//! 3. Four views of the same settings: key by key ([`keys_view`]), the load of the partitions ([`load_view`]), records
//!    without key ([`nulls_view`]), and the run in time ([`time_view`]).

mod controls;
mod keybook;
mod keys_view;
mod load_view;
mod model;
mod narrate;
mod nulls;
mod nulls_view;
mod player;
mod question;
mod question_view;
mod settings;
mod shared_link;
mod tally;
mod time_view;
mod why;

use crate::browser;
use crate::dom::{El, class, key_of, text};
use crate::figure::Figure;
use crate::kit::{self, Tab, tabs};
use crate::lab;
use model::{Model, Shared};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Puts the simulation of a figure into its stage.
pub(crate) fn partitioning(stage: &Element, figure: Figure) {
    let model = Model::new(figure);
    let width = stage.client_width();
    let body = class("div", "sim-body").region(move || {
        if model.questions.hides() {
            return Vec::new();
        }
        let mut body = vec![controls::controls(model, width)];
        body.extend(views(model));
        body.push(footer(model));
        body
    });
    let said = text("p", "sr", "")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .text_of(move || model.said.get());
    let root = class("div", "sim")
        .attr("tabindex", "-1")
        .on("keydown", move |event| on_key(model, &event))
        .all(vec![
            lab::refusal(&model.refused),
            question_view::question_view(model),
            body,
            said,
        ]);
    El::of(stage).add(root);
}

/// Names of the views, in order.
const VIEWS: [(&str, &str); 4] = [
    ("Clés", "1"),
    ("Répartition", "2"),
    ("Sans clé", "3"),
    ("Dans le temps", "4"),
];

fn views(model: Shared) -> Vec<El> {
    let contents: [Box<dyn Fn() -> El>; 4] = [
        Box::new(move || keys_view::keys_view(model)),
        Box::new(move || load_view::load_view(model)),
        Box::new(move || nulls_view::nulls_view(model)),
        Box::new(move || time_view::time_view(model)),
    ];
    let list = VIEWS
        .into_iter()
        .zip(contents)
        .map(|((name, shortcut), content)| Tab {
            name,
            shortcut,
            content,
        })
        .collect();
    tabs("Vues de la simulation", list, &model.view)
}

fn footer(model: Shared) -> El {
    let restore = kit::button("Tout réinitialiser", "", move || model.restore())
        .flag("disabled", move || !model.changed());
    let buttons = vec![
        kit::button("Copier le lien", "L", move || shared_link::copy(model)),
        kit::button("Prédire", "P", move || model.questions.ask(model)),
        restore,
    ];
    kit::footer(buttons, &SHORTCUTS, &LIMITS)
}

const SHORTCUTS: [&str; 7] = [
    "1, 2, 3, 4 : changer de vue ; ou les flèches sur les onglets.",
    "Clés : ↑ ↓ parcourent la liste, Début et Fin vont aux extrémités.",
    "K : lecture ou pause (vue « Dans le temps »).",
    "← et → : un message en arrière, un message en avant.",
    "Début et Fin : aller au début, à la fin du déroulé.",
    "+ et − : plus vite, plus lentement.",
    "P : une question ; L : copier le lien.",
];

const LIMITS: [&str; 6] = [
    "Le réseau et les brokers répondent aussitôt : un lot qui part est écrit au même instant. Ni latence, ni erreur, ni \
     réessai, ni réplication.",
    "Les producers voient tout de suite les partitions ajoutées. Un vrai client ne les voit qu’au prochain rafraîchissement \
     de ses métadonnées, 5 minutes au plus tard par défaut (topic.metadata.refresh.interval.ms, ou metadata.max.age.ms en \
     Java) ; jusque-là, il écrit dans les anciennes.",
    "Toutes les partitions sont disponibles : ce que font les partitionneurs quand un broker manque n’est pas simulé.",
    "Java peut écarter les partitions d’un broker lent (partitioner.availability.timeout.ms) ; ici, aucun n’est lent.",
    "Les tirages au hasard sont justes en loi, pas en détail : deux exécutions réelles tireraient autrement. La graine du \
     scénario les rend reproductibles ici.",
    "get_hash_code n’est pas un partitionneur de Kafka : c’est l’erreur qui consiste à écrire Math.Abs(key.GetHashCode()) % n.",
];

/// Keys that work anywhere in the simulation, except where something is being typed.
fn on_key(model: Shared, event: &Event) {
    let Some(pressed) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
        return;
    };
    let modified = pressed.ctrl_key() || pressed.alt_key() || pressed.meta_key();
    if modified || model.questions.hides() || browser::is_typing(event.target()) {
        return;
    }
    let key = key_of(event);
    let view = VIEWS.iter().position(|(_, shortcut)| *shortcut == key);
    match key.as_str() {
        _ if view.is_some() => model.view.set(view.unwrap_or_default()),
        "p" | "P" => model.questions.ask(model),
        "l" | "L" => shared_link::copy(model),
        key if model.view.now() == 3 && model.player.on_key(key) => {
            if key.starts_with("Arrow") {
                time_view::tell(model);
            }
        }
        _ => return,
    }
    event.prevent_default();
}

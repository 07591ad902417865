//! Key by key: the hash, the modulo and the partition under each producer, where they disagree, why, and the remedy.

mod list;
mod remedy;

use super::keybook::shown;
use super::model::Shared;
use super::tally::Filter;
use super::why::{self, Why};
use crate::dom::{El, class, el, text};
use crate::kit;
use picture::french::{count, percent, whole};

pub(super) fn keys_view(model: Shared) -> El {
    class("div", "sim-keys").region(move || {
        if model.list().is_empty() {
            let none = "Aucune clé : prenez un jeu de clés, ou ajoutez-en une.";
            return vec![text("p", "sim-verdict", none)];
        }
        vec![
            class("div", "sim-verdicts").region(move || verdicts(model)),
            class("div", "sim-filters").region(move || filters(model)),
            list::list(model),
            el("div").region(move || why_chosen(model)),
            el("div").region(move || remedy::remedy(model)),
        ]
    })
}

/// What all keys say together.
fn verdicts(model: Shared) -> Vec<El> {
    let tally = model.tally();
    let mut lines = Vec::new();
    if tally.right.is_some() {
        let class = if tally.differ > 0 {
            "sim-verdict bad"
        } else {
            "sim-verdict good"
        };
        let names = (model.left_name(), model.right_name());
        lines.push(text(
            "p",
            class,
            &agreement(&names, tally.differ, tally.compared),
        ));
    }
    lines.extend(moved(model).map(|line| text("p", "sim-verdict", &line)));
    lines
}

fn agreement((left, right): &(String, String), differ: usize, compared: usize) -> String {
    match (differ, compared) {
        (_, 0) => format!("{left} et {right} : aucune clé n’est hachée par les deux."),
        (0, compared) => format!(
            "= {left} et {right} sont d’accord sur {}.",
            count(compared as u64, "clé", "clés")
        ),
        (differ, compared) => format!(
            "≠ {left} et {right} : {} sur {} n’ont pas la même partition ({}).",
            count(differ as u64, "clé", "clés"),
            whole(compared as u64),
            percent(differ as u64, compared as u64)
        ),
    }
}

/// How many keys change partition when the topic grows.
pub(super) fn moved(model: Shared) -> Option<String> {
    let growth = model.growth();
    if growth.from == growth.to {
        return None;
    }
    let tally = model.tally();
    let side = |name: String, moved: usize| {
        format!(
            "{name}, {} sur {} ({})",
            count(moved as u64, "clé", "clés"),
            whole(tally.keys as u64),
            percent(moved as u64, tally.keys as u64)
        )
    };
    let mut text = format!(
        "↷ De {} à {} partitions, des clés changent de partition : {}",
        growth.from,
        growth.to,
        side(model.left_name(), tally.left.moved)
    );
    if let Some(right) = &tally.right {
        text.push_str(" ; ");
        text.push_str(&side(model.right_name(), right.moved));
    }
    text.push('.');
    Some(text)
}

fn filters(model: Shared) -> Vec<El> {
    let mut filters = vec![("toutes", Filter::All)];
    if model.compares() {
        filters.push(("≠ en désaccord", Filter::Different));
    }
    if model.grows() {
        filters.push(("↷ déplacées", Filter::Moved));
    }
    if filters.len() < 2 {
        return Vec::new();
    }
    let buttons = filters.into_iter().map(|(label, filter)| {
        kit::toggle(
            label,
            move || model.filter.get() == filter,
            move || model.filter.set(filter),
        )
    });
    vec![kit::row(buttons.collect())]
}

/// The way of the chosen key.
fn why_chosen(model: Shared) -> Vec<El> {
    let list = model.list();
    let Some(key) = list.get(model.chosen.get()) else {
        return Vec::new();
    };
    let partitions = model.grown.get();
    let left = why::key(model.left_partitioner(), key, partitions);
    let mut sides = vec![side(&model.left_name(), left)];
    if let Some(right) = model.right_partitioner() {
        let right = why::key(right, key, partitions);
        sides.push(side(&model.right_name(), right));
    }
    let title = format!("Pourquoi ? {}", shown(key));
    let section = class("section", "sim-why")
        .add(text("p", "sim-title", &title))
        .add(class("div", "sim-sides").all(sides));
    vec![section]
}

fn side(name: &str, why: Why) -> El {
    let steps = why.steps.into_iter().map(|step| {
        el("div")
            .add(text("dt", "", step.name))
            .add(text("dd", "", &step.result))
    });
    let steps = steps.collect();
    class("div", "sim-side")
        .add(text("p", "sim-name", name))
        .add(el("dl").all(steps))
        .add(text("p", "", &why.sentence))
}

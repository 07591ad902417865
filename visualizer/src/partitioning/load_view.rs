//! How the load is spread over the partitions, and what a favoured key makes of it.

use super::keybook::shown;
use super::keys_view::moved;
use super::model::Shared;
use super::tally::{Side, Tally};
use crate::dom::{El, class, el, text};
use crate::drawing::drawing;
use crate::kit::{self, Choice, Number, Select};
use engine::scenario::Skew;
use picture::bars::{self, Chart, Series};
use picture::french::{count, percent, times};

pub(super) fn load_view(model: Shared) -> El {
    class("div", "sim-load").all(vec![
        drawing(move |width| bars::picture(&chart(model, &model.tally()), width)),
        class("div", "sim-verdicts").region(move || facts(model)),
        favoured(model),
    ])
}

fn chart(model: Shared, tally: &Tally) -> Chart {
    let unit = if tally.left.messages.is_empty() {
        "Clés par partition"
    } else {
        "Messages par partition, en millièmes du total"
    };
    let series = |name: String, side: &Side| Series {
        name,
        values: side.load().to_vec(),
        note: side
            .hottest()
            .map_or_else(String::new, |(partition, most)| {
                format!("▲ P{partition} : {}", amount(side, most))
            }),
    };
    let growth = model.growth();
    let added = (growth.from < growth.to).then(|| usize::try_from(growth.from).unwrap_or(0));
    Chart {
        title: unit.to_owned(),
        description: sentences(model, tally).join(" "),
        up: series(model.left_name(), &tally.left),
        down: tally
            .right
            .as_ref()
            .map(|right| series(model.right_name(), right)),
        added_from: added,
    }
}

fn amount(side: &Side, load: u64) -> String {
    if side.messages.is_empty() {
        count(load, "clé", "clés")
    } else {
        format!("{} des messages", percent(load, 1_000))
    }
}

fn facts(model: Shared) -> Vec<El> {
    let mut lines = sentences(model, &model.tally());
    lines.extend(moved(model));
    lines
        .iter()
        .map(|line| text("p", "sim-verdict", line))
        .collect()
}

fn sentences(model: Shared, tally: &Tally) -> Vec<String> {
    let mut lines = vec![sentence(&model.left_name(), &tally.left)];
    if let Some(right) = &tally.right {
        lines.push(sentence(&model.right_name(), right));
    }
    lines
}

fn sentence(name: &str, side: &Side) -> String {
    let Some((partition, most)) = side.hottest() else {
        return format!("{name} : aucune clé n’est hachée, rien ne se compte d’avance.");
    };
    let load = side.load();
    let total = load.iter().sum();
    let mut text = format!(
        "{name} : la plus chargée est P{partition} avec {}, {} la moyenne",
        amount(side, most),
        times(most, total, load.len() as u64)
    );
    match side.empty() {
        0 => text.push_str(" ; toutes reçoivent quelque chose."),
        empty => {
            text.push_str(" ; ");
            text.push_str(&count(empty as u64, "partition vide", "partitions vides"));
            text.push('.');
        }
    }
    text
}

/// Most keys among which the favoured one is chosen by name.
const MAX_CHOICES: usize = 200;

/// The controls of the 80/20 case.
fn favoured(model: Shared) -> El {
    let slider = kit::number(Number {
        name: "part de la clé favorite",
        property: false,
        summary: "Part des messages qui portent cette clé ; 0 : toutes les clés en ont autant.",
        unit: "%",
        min: Box::new(|| 0),
        max: 95,
        value: Box::new(move || share(model)),
        set: Box::new(move |share| set_share(model, share)),
    });
    let presets = [("toutes égales", 0), ("80 / 20", 80)].map(|(label, preset)| {
        kit::toggle(
            label,
            move || share(model) == preset,
            move || set_share(model, preset),
        )
    });
    let which = el("div").region(move || {
        let favours = model.skew.with(Option::is_some);
        if favours {
            vec![which(model)]
        } else {
            Vec::new()
        }
    });
    let cost = "Une clé ne se partage pas : ajouter des partitions ne soulage pas la sienne. Une clé composée ou salée la \
                répartit, au prix de son ordre.";
    kit::group(
        "Clés déséquilibrées",
        vec![
            kit::row(presets.into()),
            slider,
            which,
            text("p", "sim-hint", cost),
        ],
    )
}

fn share(model: Shared) -> i32 {
    model
        .skew
        .with(|skew| skew.as_ref().map_or(0, |skew| i32::from(skew.share)))
}

fn set_share(model: Shared, share: i32) {
    let known = model
        .skew
        .peek(|skew| skew.as_ref().map(|skew| skew.key.clone()));
    let key = known.or_else(|| model.list().first().cloned());
    let share = u8::try_from(share).unwrap_or(0);
    model
        .skew
        .put(key.filter(|_| share > 0).map(|key| Skew { key, share }));
}

fn which(model: Shared) -> El {
    let list = model.list();
    let choices = list.iter().take(MAX_CHOICES).map(|key| Choice {
        value: key.clone(),
        label: shown(key).to_owned(),
    });
    kit::select(Select {
        owner: Box::new(|| "clé favorite".to_owned()),
        property: "",
        summary: Box::new(String::new),
        groups: vec![("", choices.collect())],
        value: Box::new(|| {
            model.skew.with(|skew| {
                skew.as_ref()
                    .map_or_else(String::new, |skew| skew.key.clone())
            })
        }),
        set: Box::new(|key| {
            model.skew.update(|skew| {
                if let Some(skew) = skew {
                    skew.key = key;
                }
            });
        }),
    })
}

//! What all views share: the keys, the partitions, the two producers.

use super::keybook::{self, SETS};
use super::model::Shared;
use super::settings::with_partitioner;
use crate::dom::{El, class, el, field_value, text};
use crate::kit::{self, Choice, Number, Select};
use crate::state::Var;
use engine::config::{Config, Property};
use engine::partitioner::Partitioner;
use engine::scenario::Keys;
use picture::french::count;
use std::rc::Rc;

/// Most partitions that the slider offers.
const MAX_PARTITIONS: i32 = 100;

/// Below this width the settings are closed at first, so that the picture is not pushed out of sight.
const NARROW: i32 = 620;

pub(super) fn controls(model: Shared, width: i32) -> El {
    let groups = vec![keys(model), partitions(model), producers(model)];
    let summary = el("summary")
        .text("Réglages")
        .add(class("span", "sim-summary").text_of(move || {
            let (keys, partitions) = (model.list().len(), model.grown.get().unsigned_abs());
            format!(
                "{}, {}",
                count(keys as u64, "clé", "clés"),
                count(u64::from(partitions), "partition", "partitions")
            )
        }));
    let settings = class("details", "sim-settings")
        .add(summary)
        .add(class("div", "sim-controls").all(groups));
    if width < NARROW {
        settings
    } else {
        settings.attr("open", "")
    }
}

fn keys(model: Shared) -> El {
    let sets = SETS
        .into_iter()
        .map(|(name, label)| {
            let pressed = move || {
                model
                    .keys
                    .with(|keys| keybook::set_name(keys).as_deref() == Some(name))
            };
            kit::toggle(label, pressed, move || {
                if let Some(keys) = keybook::set(name) {
                    model.set_keys(keys);
                    model.say(&format!("Jeu de clés : {label}."));
                }
            })
        })
        .collect();
    let add = kit::line_form("Ajouter une clé", "customer-F", "Ajouter", move |typed| {
        add_key(model, &typed);
    });
    kit::group("Clés", vec![kit::row(sets), add, edit_all(model)])
}

/// Puts a key at the top of the list.
fn add_key(model: Shared, typed: &str) {
    let Some(key) = keybook::read(typed).keys.into_iter().next() else {
        return;
    };
    let mut keys = model.list().to_vec();
    keys.retain(|known| *known != key);
    model.say(&format!("Clé ajoutée : {}.", keybook::shown(&key)));
    keys.insert(0, key);
    keys.truncate(keybook::MAX_KEYS);
    model.set_keys(Keys::List(keys));
}

fn edit_all(model: Shared) -> El {
    let id = kit::unique_id();
    let notice = Rc::new(Var::new(String::new()));
    let said = Rc::clone(&notice);
    let take = move |list: String| {
        let typed = keybook::read(&list);
        let mut text = count(typed.keys.len() as u64, "clé lue", "clés lues");
        if typed.repeated > 0 {
            text.push_str(" ; ");
            text.push_str(&count(
                typed.repeated as u64,
                "ligne répétée",
                "lignes répétées",
            ));
        }
        if typed.dropped > 0 {
            text.push_str(" ; au-delà de 10\u{202f}000 clés, les lignes sont laissées de côté");
        }
        said.set(text);
        if !typed.keys.is_empty() {
            model.set_keys(Keys::List(typed.keys));
        }
    };
    let area = el("textarea")
        .attr("id", &id)
        .attr("rows", "6")
        .attr("spellcheck", "false")
        .value_of(move || keybook::write(&model.list()))
        .on("change", move |event| take(field_value(&event)));
    let label = "Une clé par ligne ; \"\" est la clé vide";
    let content = el("div")
        .add(text("label", "", label).attr("for", &id))
        .add(area)
        .add(
            class("p", "sim-hint")
                .attr("role", "status")
                .text_of(move || notice.get()),
        );
    kit::details("Modifier toute la liste", content)
}

fn partitions(model: Shared) -> El {
    let created = kit::number(Number {
        name: Property::NumPartitions.name(),
        property: true,
        summary: Property::NumPartitions.spec().summary(),
        unit: "",
        min: Box::new(|| 1),
        max: MAX_PARTITIONS,
        value: Box::new(|| model.partitions.get()),
        set: Box::new(|value| model.set_partitions(value)),
    });
    let grown = kit::number(Number {
        name: "puis on en ajoute, jusqu’à",
        property: false,
        summary: "Nombre de partitions après l’ajout ; le même nombre pour n’en ajouter aucune. On n’en retire jamais.",
        unit: "",
        min: Box::new(|| model.partitions.get()),
        max: MAX_PARTITIONS,
        value: Box::new(|| model.grown.get()),
        set: Box::new(|value| model.grown.put(value)),
    });
    kit::group("Partitions", vec![created, grown])
}

fn producers(model: Shared) -> El {
    let first = kit::select(Select {
        owner: Box::new(|| model.left_name()),
        property: "partitioner",
        summary: Box::new(|| summary(model.left_partitioner()).to_owned()),
        groups: choices(),
        value: Box::new(|| model.left_partitioner().property().to_owned()),
        set: Box::new(move |name| {
            if let Some(partitioner) = Partitioner::from_property(&name) {
                set_left(model, partitioner);
            }
        }),
    });
    let second = kit::select(Select {
        owner: Box::new(|| {
            if model.compares() {
                model.right_name()
            } else {
                "second producer".to_owned()
            }
        }),
        property: "partitioner",
        summary: Box::new(|| {
            model
                .right_partitioner()
                .map_or("Un seul producer écrit dans le topic.", summary)
                .to_owned()
        }),
        groups: with_none(choices()),
        value: Box::new(|| {
            model
                .right_partitioner()
                .map_or("", |right| right.property())
                .to_owned()
        }),
        set: Box::new(move |name| set_right(model, &name)),
    });
    kit::group("Producers", vec![first, second])
}

/// Gives the first producer this partitioner.
pub(super) fn set_left(model: Shared, partitioner: Partitioner) {
    model
        .left
        .update(|config| *config = with_partitioner(config, partitioner));
}

/// Gives the second producer this partitioner; none if the name is empty.
fn set_right(model: Shared, name: &str) {
    model.right.update(|right| {
        *right = Partitioner::from_property(name).map(|partitioner| {
            with_partitioner(right.as_ref().unwrap_or(&Config::default()), partitioner)
        });
    });
}

fn with_none(mut groups: Vec<(&'static str, Vec<Choice>)>) -> Vec<(&'static str, Vec<Choice>)> {
    let none = Choice {
        value: String::new(),
        label: "aucun".to_owned(),
    };
    groups.insert(0, ("", vec![none]));
    groups
}

fn choices() -> Vec<(&'static str, Vec<Choice>)> {
    use Partitioner as P;
    let group = |name, partitioners: &[Partitioner]| {
        let choices = partitioners.iter().map(|partitioner| Choice {
            value: partitioner.property().to_owned(),
            label: label(*partitioner).to_owned(),
        });
        (name, choices.collect())
    };
    vec![
        group(
            "librdkafka : .NET, Python, Go…",
            &[
                P::ConsistentRandom,
                P::Consistent,
                P::Murmur2Random,
                P::Murmur2,
                P::Fnv1aRandom,
                P::Fnv1a,
                P::Random,
            ],
        ),
        group("Java", &[P::JavaDefault, P::JavaSticky480, P::RoundRobin]),
        group("Erreur à comprendre", &[P::GetHashCode]),
    ]
}

const fn label(partitioner: Partitioner) -> &'static str {
    match partitioner {
        Partitioner::ConsistentRandom => "consistent_random (défaut de .NET)",
        Partitioner::Murmur2Random => "murmur2_random (compatible Java)",
        Partitioner::JavaDefault => "par défaut (murmur2, KIP-794)",
        Partitioner::JavaSticky480 => "DefaultPartitioner 2.4 à 3.2 (KIP-480)",
        Partitioner::RoundRobin => "RoundRobinPartitioner",
        Partitioner::GetHashCode => "Math.Abs(key.GetHashCode())",
        other => other.property(),
    }
}

/// What a partitioner does, in one sentence.
const fn summary(partitioner: Partitioner) -> &'static str {
    match partitioner {
        Partitioner::ConsistentRandom => {
            "CRC32 de la clé ; clé nulle ou vide : partition collante."
        }
        Partitioner::Consistent => {
            "CRC32 de la clé ; toutes les clés nulles vont à une même partition."
        }
        Partitioner::Murmur2 => {
            "murmur2 de la clé, comme Java ; toutes les clés nulles vont à une même partition."
        }
        Partitioner::Murmur2Random => {
            "murmur2 de la clé, comme Java ; clé nulle : partition collante."
        }
        Partitioner::Fnv1a => {
            "FNV-1a de la clé, comme Sarama ; toutes les clés nulles vont à une même partition."
        }
        Partitioner::Fnv1aRandom => {
            "FNV-1a de la clé, comme Sarama ; clé nulle : partition collante."
        }
        Partitioner::Random => {
            "Une partition tirée au hasard pour chaque clé ; clé nulle : partition collante."
        }
        Partitioner::JavaDefault => {
            "murmur2 de la clé ; clé nulle : une même partition le temps de batch.size octets."
        }
        Partitioner::JavaSticky480 => "murmur2 de la clé ; clé nulle : une partition par lot.",
        Partitioner::RoundRobin => "Chaque partition à son tour, sans regarder la clé.",
        Partitioner::GetHashCode => {
            "Une graine par processus : la clé change de partition à chaque démarrage."
        }
    }
}

//! The properties of the simulation under their real names: value, explanation, and back to the default.

use super::desk::Desk;
use crate::dom::{El, class, el, field_value, text};
use crate::kit;
use crate::state::Var;
use engine::config::{Form, PROPERTIES, PropertySpec, Scope, Setting};
use engine::scenario::{Action, Step, verbs};
use std::rc::Rc;

/// Whether a group holds what is of this scope.
type Holds = fn(Scope) -> bool;

/// The groups of properties.
const GROUPS: [(&str, Holds); 4] = [
    ("Consumer", |scope| matches!(scope, Scope::Consumer)),
    ("Producer", |scope| {
        matches!(scope, Scope::Producer | Scope::ProducerOf(_))
    }),
    ("Brokers et topics", |scope| {
        matches!(scope, Scope::Broker | Scope::Topic)
    }),
    ("Ce que la simulation suppose", |scope| {
        matches!(scope, Scope::Simulation)
    }),
];

pub(super) fn settings(lab: Desk) -> El {
    let kind = lab.kind();
    let now = Rc::new(Var::new(false));
    let mut things = Vec::new();
    if verbs(kind).contains(&"set") {
        let (is_now, set_now) = (Rc::clone(&now), Rc::clone(&now));
        things.push(kit::row(vec![
            kit::toggle(
                "Changer à cet instant",
                move || is_now.get(),
                move || set_now.update(|now| *now = !*now),
            ),
            text(
                "span",
                "sim-hint",
                "Sinon, un réglage vaut dès le début : le déroulé est recalculé.",
            ),
        ]));
    }
    for (name, is_in) in GROUPS {
        let controls: Vec<El> = PROPERTIES
            .iter()
            .filter(|spec| is_in(spec.scope) && spec.property.suits(kind))
            .map(|spec| control(lab, spec, &now))
            .collect();
        if !controls.is_empty() {
            things.push(kit::group(name, controls).attr("class", "sim-group lab-settings"));
        }
    }
    class("div", "lab-panel").all(things)
}

fn control(lab: Desk, spec: &'static PropertySpec, now: &Rc<Var<bool>>) -> El {
    let (id, hint) = (kit::unique_id(), kit::unique_id());
    let error = Rc::new(Var::new(String::new()));
    let field = match spec.form {
        Form::Choice(words) => choice(lab, spec, words),
        Form::Flag => choice(lab, spec, &["true", "false"]),
        _ => el("input")
            .attr("type", "text")
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .value_of(move || value(lab, spec)),
    };
    let (refused, now) = (Rc::clone(&error), Rc::clone(now));
    let field = field
        .attr("id", &id)
        .attr("aria-describedby", &hint)
        .on("change", move |event| {
            let said = take(lab, spec, &field_value(&event), now.now());
            refused.set(said.unwrap_or_default());
        });
    let reset = kit::button("Défaut", "", move || {
        lab.player
            .change(|timeline| timeline.set(spec.property, None));
    })
    .attr(
        "aria-label",
        &format!("Rendre sa valeur par défaut à {}", spec.name),
    )
    .flag("disabled", move || !is_set(lab, spec));
    let hints = class("p", "sim-hint")
        .attr("id", &hint)
        .text_of(move || format!("{} {}", spec.summary(), elsewhere(lab, spec)));
    class("div", "lab-setting")
        .add(
            el("label")
                .attr("for", &id)
                .add(text("code", "", spec.name)),
        )
        .add(class("span", "lab-value").add(field).add(reset))
        .add(hints)
        .add(el("div").attr("role", "alert").region(move || {
            let error = error.get();
            if error.is_empty() {
                return Vec::new();
            }
            vec![text("p", "sim-refusal", &error)]
        }))
}

fn choice(lab: Desk, spec: &'static PropertySpec, words: &'static [&'static str]) -> El {
    let options = words.iter().map(|word| {
        el("option")
            .attr("value", word)
            .flag("selected", move || value(lab, spec) == *word)
            .text(word)
    });
    el("select")
        .all(options.collect())
        .value_of(move || value(lab, spec))
}

/// The value in force in the scenario's own run.
fn value(lab: Desk, spec: &PropertySpec) -> String {
    lab.player.with_scenario(|timeline| {
        let setting = timeline.scenario().config.effective(spec.property);
        setting
            .map(|setting| setting.to_string())
            .unwrap_or_default()
    })
}

fn is_set(lab: Desk, spec: &PropertySpec) -> bool {
    lab.player
        .with_scenario(|timeline| timeline.scenario().config.get(spec.property).is_some())
}

/// What the variants set instead.
fn elsewhere(lab: Desk, spec: &PropertySpec) -> String {
    lab.player.with_scenario(|timeline| {
        let variants = timeline.scenario().variants.iter();
        let set = variants.filter_map(|variant| {
            let setting = variant.config.get(spec.property)?;
            Some(format!("{} : {setting}", variant.name))
        });
        let set: Vec<_> = set.collect();
        if set.is_empty() {
            String::new()
        } else {
            format!("(Dans {}.)", set.join(" ; "))
        }
    })
}

/// Takes what was typed; why not, if it cannot.
fn take(lab: Desk, spec: &'static PropertySpec, typed: &str, now: bool) -> Option<String> {
    let setting = match Setting::parse(spec.form, typed) {
        Ok(setting) => setting,
        Err(error) => return Some(format!("« {typed} » : {error}.")),
    };
    if now {
        lab.bench
            .act(&Action::Do(Step::Set(spec.property, setting)));
    } else {
        lab.player
            .change(|timeline| timeline.set(spec.property, Some(setting)));
        lab.say("Réglage pris ; le déroulé est recalculé.");
    }
    None
}

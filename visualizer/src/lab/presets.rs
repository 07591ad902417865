//! Scenarios of the course to begin with.

use super::desk::Desk;
use crate::dom::El;
use crate::kit::{Choice, Select, select};
use crate::state::Var;
use std::rc::Rc;

pub(super) fn presets(lab: Desk) -> El {
    let taken = Rc::new(Var::new(String::new()));
    let shown = Rc::clone(&taken);
    let presets = lab.detail.presets;
    let page = Choice {
        value: String::new(),
        label: "Celui de la page".to_owned(),
    };
    let choices = presets.iter().enumerate().map(|(index, preset)| Choice {
        value: index.to_string(),
        label: preset.name.to_owned(),
    });
    select(Select {
        owner: Box::new(|| "Scénario".to_owned()),
        property: "",
        // The page's own is named above the simulation.
        summary: Box::new(move || {
            let title = lab
                .player
                .with_scenario(|timeline| timeline.scenario().title.clone());
            if title == lab.page.title {
                String::new()
            } else {
                title
            }
        }),
        groups: vec![("", std::iter::once(page).chain(choices).collect())],
        value: Box::new(move || shown.get()),
        set: Box::new(move |value| {
            let preset = value
                .parse()
                .ok()
                .and_then(|index: usize| presets.get(index));
            // A link that is not read is a fault of ours, which a test would have shown.
            let scenario = preset.and_then(|preset| engine::share::decode(preset.link).ok());
            taken.set(value);
            lab.bench.take(scenario);
        }),
    })
}

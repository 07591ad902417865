//! The scenario to take away: for a page of the course, and as the configuration of a .NET client.

use super::desk::Desk;
use super::run_choice;
use crate::dom::{El, class};
use crate::kit;

pub(super) fn export(lab: Desk) -> El {
    let chosen = move || lab.chosen.get();
    class("div", "lab-panel").all(vec![
        kit::code_of("Scénario, pour une page du cours (TOML)", move || {
            lab.player
                .with_scenario(|timeline| timeline.scenario().to_toml())
        }),
        run_choice(lab.bench),
        kit::code_of(
            "C#, Confluent.Kafka : seulement ce qui est réglé",
            move || {
                let index = chosen();
                lab.player
                    .with_scenario(|timeline| timeline.scenario().variant(index).to_csharp())
            },
        ),
    ])
}

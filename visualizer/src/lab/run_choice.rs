//! Which of several runs one reads about.

use super::Bench;
use crate::dom::{El, el};
use crate::kit;

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

//! The link that brings back the present state: settings, and what was done during the run.

use super::Bench;
use crate::dom::{El, el, text};
use crate::state::Var;
use crate::{browser, figure};

/// Why the link that led here was refused, if it was.
pub(crate) fn refusal(refused: &'static Var<Option<String>>) -> El {
    el("div").region(move || {
        let refused = refused.get().map(|reason| {
            text("p", "sim-refusal", &reason)
                .attr("role", "alert")
                .text(". La simulation de la page est affichée à la place.")
        });
        refused.into_iter().collect()
    })
}

/// Puts the link into the address bar and the clipboard.
pub(super) fn copy(lab: Bench) {
    let scenario = lab
        .player
        .with_scenario(|timeline| timeline.scenario().clone());
    let fragment = figure::fragment(&lab.id, &scenario);
    browser::show_fragment(&fragment);
    browser::copy(&browser::address_with(&fragment), move |copied| {
        lab.say(said(copied));
    });
}

/// What to say when a link was copied, or was not.
pub(crate) const fn said(copied: bool) -> &'static str {
    if copied {
        "Lien copié."
    } else {
        "Copie refusée par le navigateur : le lien est dans la barre d’adresse."
    }
}

//! The link that brings back the present state: settings, and what was done during the run.

use super::model::Shared;
use crate::dom::{El, el, text};
use crate::{browser, figure};

/// Why the link that led here was refused, if it was.
pub(super) fn refusal(model: Shared) -> El {
    el("div").region(move || {
        let refused = model.refused.get().map(|reason| {
            text("p", "sim-refusal", &reason)
                .attr("role", "alert")
                .text(". La simulation de la page est affichée à la place.")
        });
        refused.into_iter().collect()
    })
}

/// Puts the link into the address bar and the clipboard.
pub(super) fn copy(model: Shared) {
    let fragment = figure::fragment(&model.id, &model.to_share());
    browser::show_fragment(&fragment);
    browser::copy(&browser::address_with(&fragment), move |copied| {
        model.say(if copied {
            "Lien copié."
        } else {
            "Copie refusée par le navigateur : le lien est dans la barre d’adresse."
        });
    });
}

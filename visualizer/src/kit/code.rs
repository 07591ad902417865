//! A few lines of code to copy.

use crate::browser;
use crate::dom::{El, class, el, text};
use crate::state::Var;
use std::rc::Rc;

/// Code with its title and a button that copies it.
pub(crate) fn code(title: &str, lines: &'static str) -> El {
    let label = Rc::new(Var::new("Copier"));
    let said = Rc::clone(&label);
    let copy = el("button")
        .attr("type", "button")
        .text_of(move || label.get().to_owned())
        .on("click", move |_| {
            let said = Rc::clone(&said);
            browser::copy(lines, move |done| {
                said.set(if done { "Copié ✓" } else { "Copie refusée" });
            });
        });
    class("figure", "sim-code")
        .add(el("figcaption").add(text("span", "", title)).add(copy))
        .add(el("pre").attr("tabindex", "0").add(text("code", "", lines)))
}

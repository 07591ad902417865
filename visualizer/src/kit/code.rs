//! A few lines of code to copy.

use crate::browser;
use crate::dom::{El, class, el, text};
use crate::state::Var;
use std::rc::Rc;

/// Code with its title and a button that copies it.
pub(crate) fn code(title: &str, lines: &'static str) -> El {
    code_of(title, move || lines.to_owned())
}

/// Code that follows what a function reads, with its title and a button that copies it.
pub(crate) fn code_of(title: &str, lines: impl Fn() -> String + 'static) -> El {
    let lines: Rc<dyn Fn() -> String> = Rc::new(lines);
    let shown = Rc::clone(&lines);
    class("figure", "sim-code")
        .add(
            el("figcaption")
                .add(text("span", "", title))
                .add(copier("Copier", move || lines())),
        )
        .add(
            el("pre")
                .attr("tabindex", "0")
                .add(el("code").verbatim_of(move || shown())),
        )
}

/// A button that copies what a function says, and tells how that went.
pub(crate) fn copier(label: &'static str, lines: impl Fn() -> String + 'static) -> El {
    let label = Rc::new(Var::new(label));
    let said = Rc::clone(&label);
    el("button")
        .attr("type", "button")
        .text_of(move || label.get().to_owned())
        .on("click", move |_| {
            let said = Rc::clone(&said);
            browser::copy(&lines(), move |done| {
                said.set(if done { "Copié ✓" } else { "Copie refusée" });
            });
        })
}

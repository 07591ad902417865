//! The controls of simulations, each in one place: a label, the real property's name, an explanation, a shortcut that can be
//! seen, and nothing that only a mouse can do.

mod code;
mod lower;
mod number;
mod question;
mod select;
mod tabs;

pub(crate) use code::{code, code_of, copier};
pub(crate) use lower::lower;
pub(crate) use number::{Number, number};
pub(crate) use question::{Answer, Question, Questions, question_view};
pub(crate) use select::{Choice, Select, select};
pub(crate) use tabs::{Tab, tabs};

use crate::dom::{El, class, el, set_field_value, text};
use std::sync::atomic::{AtomicU32, Ordering};

/// What the module's ids begin with: a page may run several modules, each with a count of its own.
const ID: &str = if cfg!(feature = "calculator") {
    "viz-calculator-"
} else if cfg!(feature = "live") {
    "viz-live-"
} else if cfg!(feature = "partitioning") {
    "viz-partitioning-"
} else if cfg!(feature = "rebalancing") {
    "viz-rebalancing-"
} else if cfg!(feature = "commits") {
    "viz-commits-"
} else if cfg!(feature = "replication") {
    "viz-replication-"
} else {
    "viz-architecture-"
};

/// An id that no other element of the page has.
pub(crate) fn unique_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    [ID, &NEXT.fetch_add(1, Ordering::Relaxed).to_string()].concat()
}

/// A button. `shortcut` is the key that does the same, or nothing.
pub(crate) fn button(label: &str, shortcut: &str, on: impl Fn() + 'static) -> El {
    pressable(label, shortcut, Box::new(on))
}

fn pressable(label: &str, shortcut: &str, on: Box<dyn Fn()>) -> El {
    el("button")
        .attr("type", "button")
        .text(label)
        .maybe(key(shortcut))
        .on("click", move |_| on())
}

/// The shortcut of a control, for the eyes only.
pub(crate) fn key(shortcut: &str) -> Option<El> {
    (!shortcut.is_empty()).then(|| el("kbd").attr("aria-hidden", "true").text(shortcut))
}

/// A button that is in or out.
pub(crate) fn toggle(
    label: &str,
    pressed: impl Fn() -> bool + 'static,
    on: impl Fn() + 'static,
) -> El {
    button(label, "", on).says("aria-pressed", pressed)
}

/// Things in a row that wraps.
pub(crate) fn row(things: Vec<El>) -> El {
    class("div", "sim-row").all(things)
}

/// A named group of controls.
pub(crate) fn group(legend: &str, things: Vec<El>) -> El {
    class("fieldset", "sim-group")
        .add(text("legend", "", legend))
        .all(things)
}

/// Something to open.
pub(crate) fn details(summary: &str, content: El) -> El {
    class("details", "sim-details")
        .add(text("summary", "", summary))
        .add(content)
}

/// A list of sentences.
pub(crate) fn bullets(items: &[&str]) -> El {
    el("ul").all(items.iter().map(|item| text("li", "", item)).collect())
}

/// What ends a simulation: its last buttons, its keys, and what it does not represent.
pub(crate) fn footer(buttons: Vec<El>, shortcuts: &[&str], limits: &[&str]) -> El {
    class("footer", "sim-footer")
        .add(row(buttons))
        .add(details("Raccourcis clavier", bullets(shortcuts)))
        .add(details("Ce qui n’est pas représenté", bullets(limits)))
}

/// A field of text in a form, with what its button says; `send` gets what was typed.
pub(crate) fn line_form(
    label: &str,
    placeholder: &str,
    button: &str,
    send: impl Fn(String) + 'static,
) -> El {
    form(label, placeholder, button, Box::new(send))
}

fn form(label: &str, placeholder: &str, button: &str, send: Box<dyn Fn(String)>) -> El {
    let id = unique_id();
    let input = el("input")
        .attr("type", "text")
        .attr("id", &id)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", placeholder);
    let field = input.clone();
    let submit = el("button")
        .attr("type", "submit")
        .text(button)
        .maybe(key("Entrée"));
    class("form", "sim-row")
        .add(text("label", "", label).attr("for", &id))
        .add(input)
        .add(submit)
        .on("submit", move |event| {
            event.prevent_default();
            let value = js_sys::Reflect::get(field.element(), &"value".into()).unwrap_or_default();
            send(value.as_string().unwrap_or_default());
            set_field_value(field.element(), "");
        })
}

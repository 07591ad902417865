//! One of several values.

use super::unique_id;
use crate::dom::{El, class, el, field_value, text};
use std::rc::Rc;

/// A value to choose.
pub(crate) struct Select {
    /// Whose it is, or what it is.
    pub(crate) owner: Box<dyn Fn() -> String>,
    /// The property's real name; may be empty.
    pub(crate) property: &'static str,
    /// What the chosen value means.
    pub(crate) summary: Box<dyn Fn() -> String>,
    /// The values, in groups: the group's name, and the values in it.
    pub(crate) groups: Vec<(&'static str, Vec<Choice>)>,
    /// The chosen value.
    pub(crate) value: Box<dyn Fn() -> String>,
    /// Takes another.
    pub(crate) set: Box<dyn Fn(String)>,
}

/// A value and its name for people.
pub(crate) struct Choice {
    /// The value.
    pub(crate) value: String,
    /// Its name.
    pub(crate) label: String,
}

/// The control.
pub(crate) fn select(select: Select) -> El {
    let Select {
        owner,
        property,
        summary,
        groups,
        value,
        set,
    } = select;
    let (id, hint) = (unique_id(), unique_id());
    let value: Rc<dyn Fn() -> String> = value.into();
    let groups = groups
        .into_iter()
        .flat_map(|(name, choices)| group(name, choices, &value))
        .collect();
    let label = el("label").attr("for", &id).text_of(owner);
    let label = if property.is_empty() {
        label
    } else {
        label.text(" ").add(text("code", "", property))
    };
    let field = el("select")
        .attr("id", &id)
        .attr("aria-describedby", &hint)
        .all(groups)
        .value_of(move || value())
        .on("change", move |event| set(field_value(&event)));
    class("div", "sim-select")
        .add(label)
        .add(field)
        .add(class("p", "sim-hint").attr("id", &hint).text_of(summary))
}

fn group(name: &'static str, choices: Vec<Choice>, value: &Rc<dyn Fn() -> String>) -> Vec<El> {
    let options = choices
        .into_iter()
        .map(|choice| option(choice, Rc::clone(value)))
        .collect();
    if name.is_empty() {
        return options;
    }
    vec![el("optgroup").attr("label", name).all(options)]
}

fn option(choice: Choice, value: Rc<dyn Fn() -> String>) -> El {
    let own = choice.value;
    el("option")
        .attr("value", &own)
        .flag("selected", move || value() == own)
        .text(&choice.label)
}

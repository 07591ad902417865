//! A whole number: a slider to play with, a field to be exact.

use super::unique_id;
use crate::dom::{El, class, el, field_value, text};
use std::rc::Rc;

/// A number to set.
pub(crate) struct Number {
    /// The property's real name, or a few words.
    pub(crate) name: &'static str,
    /// Whether the name is a property's.
    pub(crate) property: bool,
    /// What it does, in one sentence.
    pub(crate) summary: &'static str,
    /// Its unit; may be empty.
    pub(crate) unit: &'static str,
    /// Smallest value.
    pub(crate) min: Box<dyn Fn() -> i32>,
    /// Largest value.
    pub(crate) max: i32,
    /// Its value.
    pub(crate) value: Box<dyn Fn() -> i32>,
    /// Takes a new one, always from `min` to `max`.
    pub(crate) set: Box<dyn Fn(i32)>,
}

/// The control.
pub(crate) fn number(number: Number) -> El {
    let number = Rc::new(number);
    let (id, hint) = (unique_id(), unique_id());
    let spoken = format!("{} (curseur)", number.summary.trim_end_matches('.'));
    let range = field(&number, "range").attr("aria-label", &spoken);
    let exact = field(&number, "number")
        .attr("id", &id)
        .attr("aria-describedby", &hint)
        .attr("inputmode", "numeric");
    let name = text(
        if number.property { "code" } else { "span" },
        "",
        number.name,
    );
    class("div", "sim-number")
        .add(el("label").attr("for", &id).add(name))
        .add(range)
        .add(class("span", "sim-field").add(exact).text(number.unit))
        .add(text("p", "sim-hint", number.summary).attr("id", &hint))
}

fn field(number: &Rc<Number>, kind: &str) -> El {
    let (least, shown, taken) = (Rc::clone(number), Rc::clone(number), Rc::clone(number));
    // A slider is followed as it moves; a field is read when it is left.
    let event = if kind == "range" { "input" } else { "change" };
    el("input")
        .attr("type", kind)
        .attr("max", &number.max.to_string())
        .attr_of("min", move || Some((least.min)().to_string()))
        .value_of(move || (shown.value)().to_string())
        .on(event, move |event| {
            if let Ok(value) = field_value(&event).trim().parse::<i32>() {
                (taken.set)(value.clamp((taken.min)(), taken.max));
            }
        })
}

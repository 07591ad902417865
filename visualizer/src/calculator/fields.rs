//! The numbers of a calculator: each under its name, with what it means.

use super::Bench;
use crate::dom::{El, class, el, field_value, set_field_value, text};
use crate::kit::unique_id;
use engine::calculator::Field;

/// Up to here a slider says something; beyond, a field is exact.
const SLIDER: u32 = 1_000;

pub(super) fn fields(bench: &'static Bench) -> El {
    let fields = bench.page.formula().fields();
    let controls = fields.iter().enumerate().map(|(place, field)| {
        if field.choices.is_empty() {
            number(bench, place, field)
        } else {
            choice(bench, place, field)
        }
    });
    class("div", "calc-fields").all(controls.collect())
}

/// The value of a field, now.
fn value(bench: &Bench, place: usize) -> u32 {
    bench
        .calculator
        .with(|now| now.values().get(place).copied().unwrap_or_default())
}

fn label(field: &Field, id: &str) -> El {
    let tag = if field.property { "code" } else { "span" };
    el("label").attr("for", id).add(text(tag, "", field.label))
}

fn number(bench: &'static Bench, place: usize, field: &'static Field) -> El {
    let (id, hint) = (unique_id(), unique_id());
    let exact = input(bench, place, field, "number")
        .attr("id", &id)
        .attr("inputmode", "numeric")
        .attr("aria-describedby", &hint);
    let slider = (field.max <= SLIDER).then(|| {
        let spoken = [field.label, " (curseur)"].concat();
        input(bench, place, field, "range")
            .attr("min", &field.min.to_string())
            .attr("aria-label", &spoken)
    });
    class("div", "calc-field")
        .add(label(field, &id))
        .add(class("span", "sim-field").add(exact).text(field.unit))
        .maybe(slider)
        .add(text("p", "sim-hint", field.summary).attr("id", &hint))
}

/// A field to type in, or a slider. Neither says its smallest value to the browser when it is typed in: arrows would then
/// count from there (1, 1001, 2001…).
fn input(bench: &'static Bench, place: usize, field: &'static Field, kind: &str) -> El {
    // A slider is followed as it moves; a field is read when it is left, or when an arrow changes it.
    let event = if kind == "range" { "input" } else { "change" };
    let input = el("input")
        .attr("type", kind)
        .attr("max", &field.max.to_string())
        .attr("step", &field.step.to_string())
        .value_of(move || value(bench, place).to_string());
    let element = input.element().clone();
    input.on(event, move |event| {
        let typed = field_value(&event);
        if let Some(number) = whole(&typed) {
            bench.change(|now| now.set(place, number));
        }
        // What was not a number, or out of bounds, does not stay.
        set_field_value(&element, &value(bench, place).to_string());
    })
}

/// A whole number as it was typed; what is too large for any field becomes the largest.
fn whole(typed: &str) -> Option<u32> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u32::MAX))
}

fn choice(bench: &'static Bench, place: usize, field: &'static Field) -> El {
    let (id, hint) = (unique_id(), unique_id());
    let chosen = move || field.written(value(bench, place));
    let options = field.choices.iter().map(|name| {
        text("option", "", name)
            .attr("value", name)
            .flag("selected", move || chosen() == *name)
    });
    let select = el("select")
        .attr("id", &id)
        .attr("aria-describedby", &hint)
        .all(options.collect())
        .value_of(chosen)
        .on("change", move |event| {
            if let Ok(chosen) = field.read(&field_value(&event)) {
                bench.change(|now| now.set(place, chosen));
            }
        });
    class("div", "calc-field")
        .add(label(field, &id))
        .add(class("span", "sim-field").add(select))
        .add(text("p", "sim-hint", field.summary).attr("id", &hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_are_taken() {
        assert_eq!(whole("45 000"), Some(45_000));
        assert_eq!(whole("99999999999"), Some(u32::MAX));
        for typed in ["", "1,5", "-3", "dix"] {
            assert_eq!(whole(typed), None, "{typed}");
        }
    }
}

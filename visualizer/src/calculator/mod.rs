//! A calculator in the page: numbers to change, and what they come to.
//!
//! What is computed, and every sentence, is the engine's ([`engine::calculator`]); this lays it out.

mod fields;

use crate::dom::{El, class, el, text};
use crate::state::{Var, forever};
use crate::{browser, kit, lab};
use engine::calculator::{Calculator, Report, Weight};
use web_sys::{Element, HtmlElement};

/// A calculator in its figure.
pub(crate) struct Figure {
    /// Id of the figure.
    id: String,
    /// The calculator of the page.
    page: Calculator,
    /// What a link brought for this figure, or why it was refused.
    shared: Option<Result<Calculator, String>>,
}

/// What its parts share.
struct Bench {
    id: String,
    page: Calculator,
    calculator: Var<Calculator>,
    refused: Var<Option<String>>,
    said: Var<String>,
}

/// Reads the figure around a stage; `None` if it is not a calculator's.
///
/// # Errors
/// When it carries no calculator that this version understands.
pub(crate) fn read(stage: &HtmlElement) -> Option<Result<Figure, String>> {
    let figure = stage.closest("[data-calculator]").ok().flatten()?;
    let text = figure.get_attribute("data-calculator").unwrap_or_default();
    let id = figure.id();
    let page = match Calculator::from_link(&text) {
        Ok(page) => page,
        Err(error) => return Some(Err(error.to_string())),
    };
    let shared = shared(&browser::fragment(), &id, &page);
    Some(Ok(Figure { id, page, shared }))
}

/// What the fragment of the page's address holds for this figure.
fn shared(fragment: &str, id: &str, page: &Calculator) -> Option<Result<Calculator, String>> {
    let (target, link) = fragment.split_once('?')?;
    (target == id).then(|| match Calculator::from_link(link) {
        Ok(other) if other.formula() != page.formula() => {
            Err("ce lien est celui d’un autre calculateur".to_owned())
        }
        read => read.map_err(|error| error.to_string()),
    })
}

/// Puts the calculator into its stage.
pub(crate) fn calculator(stage: &Element, figure: Figure) {
    let Figure { id, page, shared } = figure;
    let (now, refused) = match shared {
        Some(Ok(shared)) => (shared, None),
        Some(Err(reason)) => {
            let reason = ["Ce lien est refusé : ", &reason].concat();
            (page.clone(), Some(reason))
        }
        None => (page.clone(), None),
    };
    let bench = forever(Bench {
        id,
        page,
        calculator: Var::new(now),
        refused: Var::new(refused),
        said: Var::new(String::new()),
    });
    let said = text("p", "sr", "")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .text_of(move || bench.said.get());
    let root = class("div", "sim calc").attr("tabindex", "-1").all(vec![
        lab::refusal(&bench.refused),
        examples(bench),
        fields::fields(bench),
        el("div").region(move || reasoning(&bench.report())),
        listing(bench),
        footer(bench),
        said,
    ]);
    El::of(stage).add(root);
}

impl Bench {
    fn report(&self) -> Report {
        self.calculator.with(Calculator::report)
    }

    /// Changes the values, and says what they come to.
    fn change(&self, change: impl FnOnce(&mut Calculator)) {
        self.calculator.update(change);
        self.said
            .set(spoken(&self.calculator.peek(Calculator::report)));
    }
}

/// What those hear who do not see it: the result, and what is wrong with it.
fn spoken(report: &Report) -> String {
    let mut spoken = report.result.clone();
    for remark in &report.remarks {
        if remark.weight == Weight::Broken {
            spoken.push_str(". ");
            spoken.push_str(&remark.text);
        }
    }
    spoken
}

fn examples(bench: &'static Bench) -> El {
    let formula = bench.page.formula();
    let buttons = formula.examples().iter().map(|example| {
        kit::toggle(
            example.name,
            move || bench.calculator.with(|now| now.values() == example.values),
            move || bench.change(|now| now.take(example.values)),
        )
    });
    kit::row(buttons.collect())
        .attr("role", "group")
        .attr("aria-label", "Exemples")
}

fn reasoning(report: &Report) -> Vec<El> {
    let steps = report.steps.iter().map(|step| text("li", "", step));
    let remarks = report.remarks.iter().map(|remark| {
        let words = [remark.weight.sign(), " ", &remark.text].concat();
        text("li", class_of(remark.weight), &words)
    });
    let body = class("div", "calc")
        .add(text("p", "calc-result", &report.result))
        .add(class("ol", "calc-steps").all(steps.collect()))
        .add(class("ul", "calc-remarks").all(remarks.collect()));
    vec![body]
}

const fn class_of(weight: Weight) -> &'static str {
    match weight {
        Weight::Good => "good",
        Weight::Advice => "advice",
        Weight::Broken => "broken",
    }
}

/// What to paste; nothing for a calculator that has nothing.
fn listing(bench: &'static Bench) -> El {
    let shown = move || bench.calculator.with(Calculator::report).code;
    el("div").region(move || {
        let listing = shown().map(|(title, _)| {
            kit::code_of(title, move || {
                shown().map_or_else(String::new, |(_, code)| code)
            })
        });
        listing.into_iter().collect()
    })
}

fn footer(bench: &'static Bench) -> El {
    let restore = kit::button("Réinitialiser", "", move || {
        bench.change(|now| *now = bench.page.clone());
    })
    .flag("disabled", move || {
        bench.calculator.with(|now| *now == bench.page)
    });
    class("footer", "sim-footer").add(kit::row(vec![
        kit::button("Copier le lien", "", move || copy(bench)),
        restore,
    ]))
}

/// Puts the link into the address bar and the clipboard.
fn copy(bench: &'static Bench) {
    let fragment = [&bench.id, "?", &bench.calculator.peek(Calculator::link)].concat();
    browser::show_fragment(&fragment);
    browser::copy(&browser::address_with(&fragment), move |copied| {
        bench.said.set(lab::copied(copied).to_owned());
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::calculator::Formula;

    #[test]
    fn a_link_is_for_one_figure_and_one_formula() {
        let page = Calculator::new(Formula::Partitions);
        let link = Calculator::new(Formula::Partitions).link();
        let other = Calculator::new(Formula::Timeouts).link();
        let read = |fragment: &str| shared(fragment, "a", &page);
        assert_eq!(read(&format!("a?{link}")), Some(Ok(page.clone())));
        assert_eq!(read(&format!("b?{link}")), None);
        assert_eq!(read("a"), None);
        assert!(read(&format!("a?{other}")).is_some_and(|read| read.is_err()));
    }

    #[test]
    fn what_is_broken_is_spoken_after_the_result() {
        let mut calculator = Calculator::new(Formula::Timeouts);
        assert_eq!(
            spoken(&calculator.report()),
            "Crash détecté en 45\u{a0}s au plus tard ; traitement bloqué exclu au bout de 5\u{a0}min"
        );
        calculator.set(1, 5_000);
        assert!(spoken(&calculator.report()).contains("InvalidSessionTimeout"));
    }
}

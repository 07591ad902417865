//! What a page's figure carries: its id and its scenario, or the one that a link brings for it.
//!
//! A scenario is written as `engine::share` does, in the page as in a link: one form, one reader. A shared link is the page's
//! address and the fragment `#<figure>?<scenario>`.

use crate::browser;
use engine::scenario::{Place, Prediction, Scenario};
use engine::share::ShareError;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A figure of the page.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Its id in the page.
    pub id: String,
    /// The page's own scenario.
    pub scenario: Scenario,
    /// What a link brought for this figure, or why it was refused.
    pub shared: Option<Result<Scenario, ShareError>>,
}

/// Reads the figure around a stage.
pub(crate) fn read(stage: &HtmlElement) -> Result<Figure, String> {
    let figure = stage
        .closest("[data-simulation]")
        .ok()
        .flatten()
        .ok_or("no figure around the stage")?;
    let written = figure
        .get_attribute("data-scenario")
        .ok_or("no data-scenario on the figure")?;
    // Never refused but by a module of another version: no reason is worth the words.
    let mut scenario =
        engine::share::decode(&written).map_err(|_| "data-scenario is not a scenario")?;
    scenario.predict = prediction(&figure);
    let id = identifier(&figure);
    let shared = shared(&browser::fragment(), &id);
    Ok(Figure {
        id,
        scenario,
        shared,
    })
}

/// The question that the page asks first, with the answer that was computed when the page was made.
fn prediction(figure: &Element) -> Option<Prediction> {
    Some(Prediction {
        question: figure.get_attribute("data-question")?,
        answer: figure.get_attribute("data-expression")?,
        computed: figure.get_attribute("data-answer"),
        place: Place::default(),
    })
}

fn identifier(figure: &Element) -> String {
    figure
        .dyn_ref::<HtmlElement>()
        .map(|figure| figure.id())
        .unwrap_or_default()
}

/// What the fragment of the page's address holds for this figure.
fn shared(fragment: &str, id: &str) -> Option<Result<Scenario, ShareError>> {
    let (target, link) = fragment.split_once('?')?;
    (target == id).then(|| engine::share::decode(link))
}

/// The fragment that brings a scenario to a figure.
pub(crate) fn fragment(id: &str, scenario: &Scenario) -> String {
    format!("{id}?{}", engine::share::encode(scenario))
}

/// The scenario of a link with what belongs to the page: its title, its question, its captions.
pub(crate) fn adopt(shared: Scenario, page: &Scenario) -> Scenario {
    Scenario {
        title: page.title.clone(),
        predict: page.predict.clone(),
        frames: page.frames.clone(),
        expect: page.expect.clone(),
        ..shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_is_for_one_figure_only() {
        assert_eq!(shared("sim-a", "sim-a"), None);
        assert_eq!(shared("sim-b?x", "sim-a"), None);
        assert!(shared("sim-a?", "sim-a").is_some_and(|read| read.is_err()));
    }
}

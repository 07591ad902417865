//! The moving half of the course: what plays a scenario, or shows a live cluster, inside a page.
//!
//! 1. The page calls [`mount`] with a simulation's stage when it comes into view. The figure around it carries the scenario;
//!    the stage's storyboard gives way to the [`partitioning`] component.
//! 2. The page calls [`mount_live`] with the live page's element: the [`live`] component follows the server's stream.
//! 3. Both draw with the same pictures (crate `picture`), which [`drawing`] keeps in the page as DOM nodes.
//!
//! Components hold no knowledge of Kafka: what they show is computed by the engine, or by plain functions beside them that
//! are tested without a browser. Styles are the site's; nothing here writes a style attribute, so that the pages may
//! forbid them.

// A module that leaves one of them out does not use all that they share.
#![cfg_attr(
    not(all(
        feature = "partitioning",
        feature = "rebalancing",
        feature = "architecture",
        feature = "live"
    )),
    allow(dead_code, unused_imports)
)]

mod architecture;
mod browser;
mod calculator;
mod commits;
mod dom;
mod drawing;
mod figure;
mod json;
mod kit;
mod lab;
mod live;
mod partitioning;
mod rebalancing;
mod replication;
mod state;

use engine::scenario::Kind;
use wasm_bindgen::prelude::*;

/// The smallest of the allocators that are kept in repair: the standard one weighs three times as much.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
use web_sys::{Element, HtmlElement};

/// Replaces the storyboard in `stage` by the running simulation, or calculator, of the figure around it.
///
/// # Errors
/// When the figure carries nothing that this module understands; the storyboard is untouched then.
#[cfg(any(
    feature = "partitioning",
    feature = "rebalancing",
    feature = "commits",
    feature = "replication",
    feature = "architecture",
    feature = "calculator"
))]
#[wasm_bindgen]
pub fn mount(stage: HtmlElement) -> Result<(), JsValue> {
    #[cfg(feature = "calculator")]
    if let Some(figure) = calculator::read(&stage) {
        let figure = figure.map_err(|error| JsValue::from_str(&error))?;
        replace(stage, move |inside| calculator::calculator(inside, figure));
        return Ok(());
    }
    mount_simulation(stage)
}

/// Replaces what is in `stage` by what `make` puts there.
#[cfg(any(
    feature = "partitioning",
    feature = "rebalancing",
    feature = "commits",
    feature = "replication",
    feature = "architecture",
    feature = "calculator"
))]
fn replace(stage: HtmlElement, make: impl FnOnce(&Element) + 'static) {
    stage.set_inner_html("");
    state::root(move || make(&stage));
}

#[cfg(any(
    feature = "partitioning",
    feature = "rebalancing",
    feature = "commits",
    feature = "replication",
    feature = "architecture"
))]
fn mount_simulation(stage: HtmlElement) -> Result<(), JsValue> {
    let figure = figure::read(&stage).map_err(|error| JsValue::from_str(&error))?;
    let component = component(figure.scenario.kind)
        .ok_or_else(|| JsValue::from_str("this module does not hold that simulation"))?;
    replace(stage, move |inside| component(inside, figure));
    Ok(())
}

/// A module of calculators holds no simulation.
#[cfg(all(
    feature = "calculator",
    not(any(
        feature = "partitioning",
        feature = "rebalancing",
        feature = "commits",
        feature = "replication",
        feature = "architecture"
    ))
))]
fn mount_simulation(_: HtmlElement) -> Result<(), JsValue> {
    Err(JsValue::from_str("no calculator in the figure"))
}

/// What puts a simulation into its stage; `None` if this module does not hold it.
#[cfg(any(
    feature = "partitioning",
    feature = "rebalancing",
    feature = "commits",
    feature = "replication",
    feature = "architecture"
))]
fn component(kind: Kind) -> Option<fn(&Element, figure::Figure)> {
    match kind {
        #[cfg(feature = "partitioning")]
        Kind::Partitioning => Some(partitioning::partitioning),
        #[cfg(feature = "rebalancing")]
        Kind::Rebalancing => Some(rebalancing::rebalancing),
        #[cfg(feature = "commits")]
        Kind::Commits => Some(commits::commits),
        #[cfg(feature = "replication")]
        Kind::Replication => Some(replication::replication),
        #[cfg(feature = "architecture")]
        Kind::Architecture => Some(architecture::architecture),
        #[allow(unreachable_patterns)] // Reached in modules that leave one out.
        _ => None,
    }
}

/// What the lower half of a simulation's bench needs; `None` if this module does not hold it.
pub(crate) fn detail(kind: Kind) -> Option<&'static lab::Detail> {
    match kind {
        #[cfg(feature = "rebalancing")]
        Kind::Rebalancing => Some(&rebalancing::DETAIL),
        #[cfg(feature = "commits")]
        Kind::Commits => Some(&commits::DETAIL),
        #[cfg(feature = "replication")]
        Kind::Replication => Some(&replication::DETAIL),
        #[cfg(feature = "architecture")]
        Kind::Architecture => Some(&architecture::DETAIL),
        _ => None,
    }
}

/// Replaces the content of `element` by the live view of the server whose API is at `api_base`. If there is none, the
/// content comes back below the reason.
#[cfg(feature = "live")]
#[wasm_bindgen]
pub fn mount_live(element: HtmlElement, api_base: String) {
    state::root(move || live::mount(&element, api_base));
}

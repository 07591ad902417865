//! Several views of one thing, one at a time: the ARIA tabs pattern, arrows included.

use super::{key, unique_id};
use crate::dom::{El, apart, class, el, key_of};
use crate::state::Var;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A view.
pub(crate) struct Tab {
    /// Its name.
    pub(crate) name: &'static str,
    /// The digit that opens it.
    pub(crate) shortcut: &'static str,
    /// Makes its content; called each time it is opened.
    pub(crate) content: Box<dyn Fn() -> El>,
}

/// The row of names and the open view.
pub(crate) fn tabs(label: &str, tabs: Vec<Tab>, open: &'static Var<usize>) -> Vec<El> {
    let count = tabs.len();
    let panel = unique_id();
    let names = tabs
        .iter()
        .enumerate()
        .map(|(index, tab)| name(index, tab, open, &panel))
        .collect();
    let list = class("div", "sim-tabs")
        .attr("role", "tablist")
        .attr("aria-label", label)
        .all(names);
    let bar = list.element().clone();
    let list = list.on("keydown", move |event| {
        let now = open.now();
        let to = match key_of(&event).as_str() {
            "ArrowRight" => (now + 1) % count,
            "ArrowLeft" => (now + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        open.set(to);
        let button = bar
            .children()
            .item(u32::try_from(to).unwrap_or(0))
            .and_then(|button| button.dyn_into::<HtmlElement>().ok());
        if let Some(button) = button {
            let _ = button.focus();
        }
    });
    let content = class("div", "sim-panel")
        .attr("role", "tabpanel")
        .attr("id", &panel)
        .attr("aria-label", label)
        .region(move || {
            tabs.get(open.get())
                .map(|tab| apart(|| (tab.content)()))
                .into_iter()
                .collect()
        });
    vec![list, content]
}

fn name(index: usize, tab: &Tab, open: &'static Var<usize>, panel: &str) -> El {
    el("button")
        .attr("type", "button")
        .attr("role", "tab")
        .attr("aria-controls", panel)
        .says("aria-selected", move || open.get() == index)
        .attr_of("tabindex", move || {
            Some(if open.get() == index { "0" } else { "-1" }.to_owned())
        })
        .text(tab.name)
        .maybe(key(tab.shortcut))
        .on("click", move |_| open.set(index))
}

//! The few services of the browser that components need.

mod clipboard;
mod frames;
pub(crate) mod promise;
mod size;
mod timers;

pub(crate) use clipboard::copy;
pub(crate) use frames::{Frames, each_frame};
pub(crate) use size::width_of;
pub(crate) use timers::{after, every, now_ms};

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, FocusOptions, HtmlElement, Text, Window};

/// The window. `None` outside a page, as in a test.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The page.
///
/// # Panics
/// Outside a page: nothing of this could be shown there.
fn document() -> Document {
    #[allow(clippy::expect_used)]
    window()
        .and_then(|window| window.document())
        .expect("a page")
}

/// A new element.
pub(crate) fn create(tag: &str) -> Element {
    // Not `Result::expect`: it would write the error out, and the page would download how.
    #[allow(clippy::expect_used, clippy::ok_expect)]
    document().create_element(tag).ok().expect("a valid tag")
}

/// A new text, empty.
pub(crate) fn text_node() -> Text {
    document().create_text_node("")
}

/// What follows `#` in the page's address, decoded; empty if nothing does.
pub(crate) fn fragment() -> String {
    let raw = window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default();
    let raw = raw.strip_prefix('#').unwrap_or(&raw);
    js_sys::decode_uri_component(raw).map_or_else(|_| raw.to_owned(), String::from)
}

/// The page's address with this fragment; unsafe characters are encoded.
pub(crate) fn address_with(fragment: &str) -> String {
    let href = window()
        .and_then(|window| window.location().href().ok())
        .unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}#{}", String::from(js_sys::encode_uri(fragment)))
}

/// Puts a fragment into the address bar, without a new entry in the history.
pub(crate) fn show_fragment(fragment: &str) {
    let history = window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        // A page opened from a file may not do this; its address then simply stays.
        let _ = history.replace_state_with_url(
            &wasm_bindgen::JsValue::NULL,
            "",
            Some(&address_with(fragment)),
        );
    }
}

/// Moves the focus from an element that is about to lose it, if it has it, to what holds it: keys go on working there. Nothing
/// scrolls.
pub(crate) fn keep_focus_near(element: &Element) {
    let focused = document().active_element();
    if focused.as_ref() != Some(element) {
        return;
    }
    let holder = element.closest("[tabindex='-1']").ok().flatten();
    if let Some(holder) = holder.and_then(|holder| holder.dyn_into::<HtmlElement>().ok()) {
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = holder.focus_with_options(&still);
    }
}

/// Whether the reader asked for no motion.
pub(crate) fn reduced_motion() -> bool {
    window()
        .and_then(|window| {
            window
                .match_media("(prefers-reduced-motion: reduce)")
                .ok()
                .flatten()
        })
        .is_some_and(|query| query.matches())
}

/// Whether a key press is meant for the control it happens in: typing, choosing, sliding.
pub(crate) fn is_typing(target: Option<web_sys::EventTarget>) -> bool {
    target
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            element
                .closest("input, textarea, select, [role=listbox], [role=tablist]")
                .ok()
                .flatten()
                .is_some()
        })
}

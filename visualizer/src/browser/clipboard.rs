//! Copying to the clipboard.

use super::promise;
use wasm_bindgen::JsValue;

/// Copies a text, then says whether it could.
pub(crate) fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let clipboard = super::window()
        .and_then(|window| {
            js_sys::Reflect::get(&window.navigator(), &JsValue::from_str("clipboard")).ok()
        })
        // Outside a secure context there is none.
        .filter(|clipboard| !clipboard.is_undefined());
    match clipboard {
        Some(clipboard) => promise::settle(
            &web_sys::Clipboard::from(clipboard).write_text(text),
            move |result| done(result.is_ok()),
        ),
        None => done(false),
    }
}

//! Time as the browser counts it.

use wasm_bindgen::prelude::*;

/// Milliseconds since the Unix epoch, by the device's clock.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Calls a function once, in so many milliseconds.
pub(crate) fn after(ms: i32, call: impl FnOnce() + 'static) {
    if let Some(window) = super::window() {
        let call: Box<dyn FnOnce()> = Box::new(call);
        let closure = Closure::once_into_js(call);
        // It fails only in a window that is being closed.
        let _ = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(closure.unchecked_ref(), ms);
    }
}

/// Calls a function every so many milliseconds, for as long as the page lasts.
pub(crate) fn every(ms: i32, call: impl FnMut() + 'static) {
    if let Some(window) = super::window() {
        let call: Box<dyn FnMut()> = Box::new(call);
        let closure = Closure::wrap(call);
        let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(
            closure.as_ref().unchecked_ref(),
            ms,
        );
        closure.forget();
    }
}

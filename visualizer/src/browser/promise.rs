//! Promises without an executor of their own.

use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

type Outcome = Result<JsValue, JsValue>;
type Done = Rc<RefCell<Option<Box<dyn FnOnce(Outcome)>>>>;

/// Calls a function once with what a promise gives, or with what it fails with.
pub(crate) fn settle(promise: &js_sys::Promise, done: impl FnOnce(Outcome) + 'static) {
    let done: Done = Rc::new(RefCell::new(Some(Box::new(done))));
    let on = |done: Done, wrap: fn(JsValue) -> Outcome| {
        Closure::<dyn FnMut(JsValue)>::new(move |value| {
            if let Some(done) = done.take() {
                done(wrap(value));
            }
        })
    };
    let (kept, refused) = (on(Rc::clone(&done), Ok), on(done, Err));
    let _ = promise.then2(&kept, &refused);
    // One of them is called once, the other never: both stay.
    kept.forget();
    refused.forget();
}

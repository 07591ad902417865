//! How wide an element is, and when that changes.

use crate::dom::on_drop;
use crate::state::Var;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

/// The width of an element's content, in whole CSS pixels; 0 until it is known.
pub(crate) fn width_of(element: &Element) -> Rc<Var<i32>> {
    let width = Rc::new(Var::new(element.client_width()));
    let (watched, told) = (element.clone(), Rc::clone(&width));
    let closure = Closure::<dyn FnMut()>::new(move || {
        let now = watched.client_width();
        if now > 0 {
            told.put(now);
        }
    });
    if let Ok(observer) = ResizeObserver::new(closure.as_ref().unchecked_ref()) {
        observer.observe(element);
        on_drop(move || {
            observer.disconnect();
            // Held until nobody calls it any more.
            let _ = &closure;
        });
    }
    width
}

//! A function called once per frame of the screen.

use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

type Callback = Closure<dyn FnMut(f64)>;

/// Frames that go on for as long as this is held.
pub(crate) struct Frames {
    callback: Rc<RefCell<Option<Callback>>>,
}

impl Drop for Frames {
    fn drop(&mut self) {
        // A callback that is running cannot be dropped: it ends when it finds nobody waiting for it.
        if let Ok(mut callback) = self.callback.try_borrow_mut() {
            *callback = None;
        }
    }
}

/// Calls `frame` with the milliseconds since the last call, before each repaint, until it returns false or the result is
/// dropped.
pub(crate) fn each_frame(mut frame: impl FnMut(f64) -> bool + 'static) -> Frames {
    let callback = Rc::new(RefCell::new(None::<Callback>));
    let waiting = Rc::downgrade(&callback);
    let mut last = None;
    let run = Closure::new(move |now: f64| {
        let elapsed = last.replace(now).map_or(0.0, |last| now - last);
        let go_on = frame(elapsed);
        if let Some(callback) = waiting.upgrade().filter(|_| go_on) {
            request(&callback);
        }
    });
    *callback.borrow_mut() = Some(run);
    request(&callback);
    Frames { callback }
}

fn request(callback: &Rc<RefCell<Option<Callback>>>) {
    if let (Some(window), Some(callback)) = (super::window(), &*callback.borrow()) {
        // It fails only in a window that is being closed.
        let _ = window.request_animation_frame(callback.as_ref().unchecked_ref());
    }
}

//! A function called once per frame of the screen.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Frames that go on for as long as this is held.
pub(crate) struct Frames(Rc<Loop>);

type Callback = Closure<dyn FnMut(f64)>;

/// What the frames and their callback share.
struct Loop {
    /// Whether somebody still wants frames.
    wanted: Cell<bool>,
    /// Whether the callback is being called.
    running: Cell<bool>,
    /// What the browser calls the frame that was asked for.
    asked: Cell<i32>,
    callback: RefCell<Option<Callback>>,
}

thread_local! {
    /// Loops that were given up by their own callback, which cannot free itself.
    static ENDED: RefCell<Vec<Rc<Loop>>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.0.wanted.set(false);
        if let Some(window) = super::window() {
            let _ = window.cancel_animation_frame(self.0.asked.get());
        }
        if self.0.running.get() {
            ENDED.with_borrow_mut(|ended| ended.push(Rc::clone(&self.0)));
        } else {
            self.0.callback.take();
        }
    }
}

/// Calls `frame` with the milliseconds since the last call, before each repaint, until it returns false or the result is
/// dropped.
pub(crate) fn each_frame(mut frame: impl FnMut(f64) -> bool + 'static) -> Frames {
    let ended = ENDED.with_borrow_mut(|ended| {
        let (running, over) = ended.drain(..).partition(|ended| ended.running.get());
        *ended = running;
        let over: Vec<Rc<Loop>> = over;
        over
    });
    for ended in ended {
        ended.callback.take();
    }
    let frames = Rc::new(Loop {
        wanted: Cell::new(true),
        running: Cell::new(false),
        asked: Cell::new(0),
        callback: RefCell::new(None),
    });
    let own = Rc::downgrade(&frames);
    let mut last = None;
    let run = Closure::new(move |now: f64| {
        let Some(own) = own.upgrade() else {
            return;
        };
        let elapsed = last.replace(now).map_or(0.0, |last| now - last);
        own.running.set(true);
        let go_on = frame(elapsed);
        own.running.set(false);
        if go_on && own.wanted.get() {
            own.ask();
        }
    });
    *frames.callback.borrow_mut() = Some(run);
    frames.ask();
    Frames(frames)
}

impl Loop {
    fn ask(&self) {
        if let (Some(window), Some(callback)) = (super::window(), &*self.callback.borrow()) {
            // It fails only in a window that is being closed.
            let asked = window.request_animation_frame(callback.as_ref().unchecked_ref());
            self.asked.set(asked.unwrap_or(0));
        }
    }
}

//! The server's stream: the snapshot, then the frames, again after each cut.
//!
//! 1. [`Stream::open`] fetches the snapshot, then listens to the frames. The browser itself reconnects after a cut, with
//!    the number of the last frame it has seen.
//! 2. When it gives up, or when a frame says that the snapshot must be read again, the whole begins anew, after a wait that
//!    grows.
//! 3. Another call of `open` (another topic) makes what the first one still receives fall on deaf ears.

use super::backoff::Backoff;
use super::model::{Applied, Model};
use crate::browser::{self, promise};
use crate::json::live::{frame, snapshot};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent, Response};

/// How the page stands with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The snapshot was asked for.
    Opening,
    /// Frames arrive.
    Open,
    /// The stream was cut; the browser is trying again.
    Cut,
    /// No answer; the next attempt is in so many seconds.
    Waiting(i32),
}

/// What the stream tells its page.
pub(crate) trait Page {
    /// The link has changed.
    fn link(&self, link: Link);
    /// A snapshot came.
    fn snapshot(&self, model: Model);
    /// A frame came; `apply` moves the page's state on.
    fn frame(&self, apply: &dyn Fn(&mut Model) -> Applied) -> Applied;
}

/// The connection, which lasts as long as the page.
pub(crate) struct Stream {
    /// `…/api/v1/`.
    api: String,
    page: &'static dyn Page,
    topic: RefCell<String>,
    /// Counts the calls of [`Stream::open`]: what belongs to an older one is ignored.
    round: Cell<u32>,
    source: RefCell<Option<EventSource>>,
    backoff: RefCell<Backoff>,
}

impl Stream {
    pub(crate) fn new(api: String, page: &'static dyn Page) -> Self {
        Self {
            api,
            page,
            topic: RefCell::default(),
            round: Cell::new(0),
            source: RefCell::new(None),
            backoff: RefCell::default(),
        }
    }

    /// Watches this topic from now on; the server's own choice if the name is empty.
    pub(crate) fn watch(&'static self, topic: &str) {
        topic.clone_into(&mut self.topic.borrow_mut());
        self.open();
    }

    /// Begins anew.
    pub(crate) fn open(&'static self) {
        let round = self.round.get() + 1;
        self.round.set(round);
        if let Some(old) = self.source.take() {
            old.close();
        }
        self.page.link(Link::Opening);
        let Some(window) = browser::window() else {
            return;
        };
        promise::settle(
            &window.fetch_with_str(&self.address("state")),
            move |answer| {
                let body = answer
                    .ok()
                    .and_then(|answer| answer.dyn_into::<Response>().ok())
                    .filter(Response::ok)
                    .and_then(|answer| answer.text().ok());
                match body {
                    Some(body) => promise::settle(&body, move |text| self.read(round, text)),
                    None => self.failed(round),
                }
            },
        );
    }

    fn read(&'static self, round: u32, text: Result<JsValue, JsValue>) {
        if round != self.round.get() {
            return;
        }
        let state = text.ok().and_then(|text| snapshot(&text.as_string()?));
        let Some(state) = state else {
            return self.failed(round);
        };
        // From the frame after the snapshot on: nothing falls between the two.
        let events = self.address(&format!("events?after={}", state.seq));
        let Ok(source) = EventSource::new(&events) else {
            return self.failed(round);
        };
        self.page.snapshot(Model::new(state));
        self.listen(round, &source);
        self.source.replace(Some(source));
    }

    fn listen(&'static self, round: u32, source: &EventSource) {
        let current = move || round == self.round.get();
        on(source, "open", move |_| {
            if current() {
                self.backoff.borrow_mut().worked();
                self.page.link(Link::Open);
            }
        });
        let closed = source.clone();
        on(source, "error", move |_| {
            if !current() {
                closed.close();
            } else if closed.ready_state() == EventSource::CLOSED {
                self.failed(round);
            } else {
                self.page.link(Link::Cut);
            }
        });
        on(source, "frame", move |event| {
            let text = event
                .dyn_into::<MessageEvent>()
                .ok()
                .and_then(|event| event.data().as_string());
            // What cannot be read at all is as good as lost: the snapshot tells where things stand.
            let applied = match text.as_deref().and_then(frame) {
                _ if !current() => Applied::Known,
                Some(frame) => self.page.frame(&|model| model.apply(&frame)),
                None => Applied::Reset,
            };
            if applied == Applied::Reset {
                self.open();
            }
        });
    }

    fn failed(&'static self, round: u32) {
        if round != self.round.get() {
            return;
        }
        let seconds = self.backoff.borrow_mut().failed();
        self.page.link(Link::Waiting(seconds));
        browser::after(seconds * 1_000, move || {
            if round == self.round.get() {
                self.open();
            }
        });
    }

    fn address(&self, what: &str) -> String {
        let topic = self.topic.borrow();
        if topic.is_empty() {
            format!("{}{what}", self.api)
        } else {
            let name = String::from(js_sys::encode_uri_component(&topic));
            let joint = if what.contains('?') { '&' } else { '?' };
            format!("{}{what}{joint}topic={name}", self.api)
        }
    }
}

fn on(source: &EventSource, event: &str, listener: impl FnMut(web_sys::Event) + 'static) {
    let listener: Box<dyn FnMut(web_sys::Event)> = Box::new(listener);
    let closure = Closure::wrap(listener);
    let _ = source.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    // Three per connection, and connections are few: they stay as long as the page.
    closure.forget();
}

//! What the page shows: the model as it was at the last repaint, the link, and what the person has chosen.

use super::journal::About;
use super::model::{Applied, Model};
use super::stream::{Link, Page};
use crate::browser::{self, Frames, each_frame};
use crate::state::{Var, forever};
use engine::live::GroupState;
use std::cell::{Cell, RefCell};

/// How often the page looks at the clock, in milliseconds.
const TICK_MS: i32 = 1_000;
/// How often a screen reader is told where things stand, in ticks.
const NARRATED_TICKS: u32 = 10;

/// The state of the live view.
pub(crate) struct Live {
    /// The model as it moves on.
    latest: RefCell<Option<Model>>,
    /// The model as it is shown.
    pub shown: Var<Option<Model>>,
    /// How the page stands with the server.
    pub link: Var<Link>,
    /// Whether the picture stands still.
    pub paused: Var<bool>,
    /// Lines written since the picture stands still.
    pub waiting: Var<u64>,
    /// Seconds since the last news from the server.
    pub age_s: Var<u64>,
    /// What the journal shows.
    pub filter: Var<Option<About>>,
    /// What a screen reader is told.
    pub said: Var<String>,
    heard_at_ms: Cell<f64>,
    ticks: Cell<u32>,
    told: Cell<u64>,
    /// Whether a repaint was asked for and has not come.
    asked: Cell<bool>,
    /// The last repaint that was asked for. A new one takes its place: it is not dropped while it runs.
    repaint: RefCell<Option<Frames>>,
}

impl Live {
    /// The state before anything is known.
    pub(crate) fn new() -> &'static Self {
        let live = forever(Self {
            latest: RefCell::new(None),
            shown: Var::new(None),
            link: Var::new(Link::Opening),
            paused: Var::new(false),
            waiting: Var::new(0),
            age_s: Var::new(0),
            filter: Var::new(None),
            said: Var::new(String::new()),
            heard_at_ms: Cell::new(browser::now_ms()),
            ticks: Cell::new(0),
            told: Cell::new(0),
            asked: Cell::new(false),
            repaint: RefCell::new(None),
        });
        browser::every(TICK_MS, move || live.tick());
        live
    }

    /// Stops the picture, or lets it go on.
    pub(crate) fn toggle_pause(&'static self) {
        self.paused.update(|paused| *paused = !*paused);
        self.ask_repaint();
    }

    /// The group whose marks are on the board: the first that reads the topic.
    pub(crate) fn group(model: &Model) -> Option<&GroupState> {
        model.state.groups.first()
    }

    fn ask_repaint(&'static self) {
        if self.asked.replace(true) {
            return;
        }
        let frames = each_frame(move |_| {
            self.asked.set(false);
            self.repaint();
            false
        });
        self.repaint.replace(Some(frames));
    }

    fn repaint(&self) {
        let latest = self.latest.borrow();
        let written =
            |model: &Option<Model>| model.as_ref().map_or(0, |model| model.journal.written());
        if self.paused.now() {
            let shown = self.shown.peek(written);
            self.waiting.put(written(&latest).saturating_sub(shown));
            return;
        }
        self.waiting.put(0);
        self.shown.set(latest.clone());
    }

    fn tick(&'static self) {
        let silent_ms = (browser::now_ms() - self.heard_at_ms.get()).max(0.0);
        // Whole seconds: the fraction is dropped on purpose.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        self.age_s.put((silent_ms / 1_000.0) as u64);
        self.ticks.set(self.ticks.get() + 1);
        if silent_ms >= f64::from(TICK_MS)
            && let Some(model) = self.latest.borrow_mut().as_mut()
        {
            // What has landed settles even when nothing follows it.
            model.settle();
        }
        if self.ticks.get().is_multiple_of(NARRATED_TICKS) {
            self.narrate();
        }
        self.ask_repaint();
    }

    fn narrate(&self) {
        if self.paused.now() {
            return;
        }
        let latest = self.latest.borrow();
        let Some(model) = latest.as_ref() else {
            return;
        };
        let since = model.received - self.told.replace(model.received).min(model.received);
        self.said.put(super::view::summary(model, since));
    }
}

impl Page for &'static Live {
    fn link(&self, link: Link) {
        self.link.put(link);
    }

    fn snapshot(&self, model: Model) {
        self.heard_at_ms.set(browser::now_ms());
        let mut latest = self.latest.borrow_mut();
        match latest.as_mut() {
            Some(known) => known.renew(model.state),
            None => *latest = Some(model),
        }
        drop(latest);
        self.ask_repaint();
    }

    fn frame(&self, apply: &dyn Fn(&mut Model) -> Applied) -> Applied {
        self.heard_at_ms.set(browser::now_ms());
        let applied = self
            .latest
            .borrow_mut()
            .as_mut()
            .map_or(Applied::Reset, apply);
        if applied == Applied::Yes {
            self.ask_repaint();
        }
        applied
    }
}

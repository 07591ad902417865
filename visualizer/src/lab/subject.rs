//! What a simulation brings to the bench: its world and its pictures ([`Subject`]), its words and numbers ([`Detail`]).
//! Plain functions and texts, so that the bench is one piece of code whatever it holds.

use super::{Bench, Track};
use crate::dom::El;
use crate::kit::Question;
use engine::event::Event;
use engine::scenario::Scenario;

/// A simulation, as the upper half of the bench needs it: what plays and is seen at once.
pub(crate) struct Subject {
    /// Begins a run: [`super::start`] of its world.
    pub(crate) start: fn(Scenario) -> Box<dyn Track>,
    /// What to call the scenario's own run beside its variants, in a word or two.
    pub(crate) name: fn(&Scenario) -> String,
    /// The pictures. Made once; what they draw follows [`super::Player::with`].
    pub(crate) stage: fn(Bench) -> Vec<El>,
    /// Whether an event is worth a step of its own.
    pub(crate) told: fn(&Event) -> bool,
}

/// A simulation, as the lower half of the bench needs it: what is read and done below the pictures ([`super::desk`]).
pub(crate) struct Detail {
    /// Who is there and can be acted on, now.
    pub(crate) actors: fn(&dyn Track) -> Vec<Actor>,
    /// The numbers that sum the run up, always the same in the same order.
    pub(crate) metrics: fn(&dyn Track) -> Vec<Metric>,
    /// The rules that the run broke, in French; none, or the model is wrong.
    pub(crate) breaches: fn(&dyn Track) -> Vec<String>,
    /// An event in one French sentence; `None` if it is not worth one.
    pub(crate) sentence: fn(&Event) -> Option<String>,
    /// The place in [`Detail::families`] of an event's kind.
    pub(crate) family: fn(&Event) -> usize,
    /// Kinds of event to filter by.
    pub(crate) families: &'static [&'static str],
    /// Question number so and so about the present state, from 0.
    pub(crate) ask: fn(Bench, usize) -> Option<Question>,
    /// Scenarios of the course.
    pub(crate) presets: &'static [Preset],
    /// What is not represented, a sentence each.
    pub(crate) limits: &'static [&'static str],
}

/// A scenario to begin with.
pub(crate) struct Preset {
    /// Its name.
    pub(crate) name: &'static str,
    /// The scenario, as a link says it: see `engine::share`.
    pub(crate) link: &'static str,
}

/// Somebody to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Actor {
    /// Its name, as in a step.
    pub(crate) name: String,
    /// Its state in a word or two; may be empty.
    pub(crate) state: String,
}

/// A number that sums up a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metric {
    /// What it counts.
    pub(crate) name: &'static str,
    /// The number.
    pub(crate) value: i64,
    /// Its unit; may be empty.
    pub(crate) unit: &'static str,
    /// Whether less of it is better, more of it, or neither.
    pub(crate) wish: Wish,
}

impl Metric {
    /// A count, with its unit (may be empty).
    pub(crate) fn new(name: &'static str, count: u64, unit: &'static str, wish: Wish) -> Self {
        Self {
            name,
            value: i64::try_from(count).unwrap_or(i64::MAX),
            unit,
            wish,
        }
    }
}

/// What one wishes a number to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To stay low.
    Low,
    /// To grow.
    High,
    /// Nothing.
    Any,
}

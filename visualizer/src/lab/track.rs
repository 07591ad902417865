//! Runs on one time axis, whatever their world.

use engine::event::Event;
use engine::run::{Run, World};
use engine::scenario::{Action, ActionError, Scenario};
use engine::time::Instant;
use std::any::Any;

/// One run: the scenario's own, or that of a variant.
///
/// The bench knows runs only so; a simulation gets the view of its own world back with [`view`] and [`world`].
pub(crate) trait Track {
    /// The scenario, with the actions that were added to it.
    fn scenario(&self) -> &Scenario;
    /// The instant that it has reached.
    fn now(&self) -> Instant;
    /// When it ends.
    fn end(&self) -> Instant;
    /// Everything that has happened so far.
    fn events(&self) -> &[Event];
    /// Lets everything up to an instant happen.
    fn run_until(&mut self, to: Instant);
    /// Goes to an instant, past or future.
    fn seek(&mut self, to: Instant);
    /// Lets the next thing happen; how many events it told, 0 when nothing is left.
    fn step(&mut self) -> usize;
    /// Whether something can be done now.
    fn check(&self, action: &Action) -> Result<(), ActionError>;
    /// Does something now: what was to come is forgotten.
    fn act(&mut self, action: Action) -> Result<(), ActionError>;
    /// Another run of the same scenario, from its start.
    fn anew(&self) -> Box<dyn Track>;
    /// Itself, for [`view`] and [`world`].
    fn as_any(&self) -> &dyn Any;
}

impl<W: World + 'static> Track for Run<W> {
    fn scenario(&self) -> &Scenario {
        self.scenario()
    }

    fn now(&self) -> Instant {
        self.now()
    }

    fn end(&self) -> Instant {
        self.end()
    }

    fn events(&self) -> &[Event] {
        self.events()
    }

    fn run_until(&mut self, to: Instant) {
        self.run_until(to);
    }

    fn seek(&mut self, to: Instant) {
        self.seek(to);
    }

    fn step(&mut self) -> usize {
        self.step().len()
    }

    fn check(&self, action: &Action) -> Result<(), ActionError> {
        self.world().check(action)
    }

    fn act(&mut self, action: Action) -> Result<(), ActionError> {
        self.act(action)
    }

    fn anew(&self) -> Box<dyn Track> {
        Box::new(Run::<W>::new(self.scenario().clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A run of a scenario in the world `W`, at its start: what [`super::Subject::start`] asks for.
pub(crate) fn start<W: World + 'static>(scenario: Scenario) -> Box<dyn Track> {
    Box::new(Run::<W>::new(scenario))
}

/// What the run's world shows now; `None` if it is another world.
pub(crate) fn view<W: World + 'static>(track: &dyn Track) -> Option<W::View> {
    Some(track.as_any().downcast_ref::<Run<W>>()?.view())
}

/// The run itself; `None` if it is of another world.
pub(crate) fn run<W: World + 'static>(track: &dyn Track) -> Option<&Run<W>> {
    track.as_any().downcast_ref()
}

/// The run's world; `None` if it is another one.
pub(crate) fn world<W: World + 'static>(track: &dyn Track) -> Option<&W> {
    Some(track.as_any().downcast_ref::<Run<W>>()?.world())
}

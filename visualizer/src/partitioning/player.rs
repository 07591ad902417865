//! A run on the screen's clock: play, pause, step, go anywhere, act.
//!
//! Virtual time advances with each frame of the screen, at the chosen speed. Records are seen flying for a while after they
//! were written; when the run is paused they come to rest, although virtual time stands still: [`Player::settled`] is what
//! that adds to their way. With reduced motion nothing flies, and playing takes one step a second.

use super::narrate::{self, Line};
use crate::browser::{self, Frames, each_frame};
use crate::state::Var;
use engine::event::Event;
use engine::partitioning::Simulation;
use engine::scenario::{Action, Scenario};
use engine::time::{Duration, Instant};
use engine::view::View;
use picture::board::Moment;
use std::cell::{Cell, RefCell};

/// Speeds: virtual time, for how much of the screen's.
pub(super) const SPEEDS: [(u64, u64, &str); 9] = [
    (1, 100, "× 0,01"),
    (1, 20, "× 0,05"),
    (1, 10, "× 0,1"),
    (1, 4, "× 0,25"),
    (1, 2, "× 0,5"),
    (1, 1, "× 1"),
    (2, 1, "× 2"),
    (5, 1, "× 5"),
    (20, 1, "× 20"),
];

/// How long a record is seen flying, in microseconds of the screen's clock.
const FLIGHT: u64 = 450_000;
/// Longest that a whole run should take at the speed chosen for it, in microseconds of the screen's clock.
const PATIENCE: u64 = 16_000_000;
/// Time between two steps with reduced motion, in microseconds.
const PACE: u64 = 1_000_000;

pub(super) struct Player {
    run: RefCell<Simulation>,
    /// The scenario that the run began with.
    origin: RefCell<Scenario>,
    /// Changes whenever there is something new to draw.
    drawn: Var<u32>,
    /// How many events have happened.
    happened: Var<usize>,
    pub(super) playing: Var<bool>,
    pub(super) speed: Var<usize>,
    /// Whether the learner did something in the run.
    pub(super) forked: Var<bool>,
    /// Microseconds of virtual time.
    settled: Cell<u64>,
    frames: RefCell<Option<Frames>>,
}

impl Player {
    pub(super) fn new(scenario: Scenario) -> Self {
        let speed = fitting_speed(scenario.end());
        Self {
            origin: RefCell::new(scenario.clone()),
            run: RefCell::new(Simulation::new(scenario)),
            drawn: Var::new(0),
            happened: Var::new(1),
            playing: Var::new(false),
            speed: Var::new(speed),
            forked: Var::new(false),
            settled: Cell::new(0),
            frames: RefCell::new(None),
        }
    }

    /// Begins again with a scenario, unless it is the one that the run began with.
    pub(super) fn adopt(&'static self, scenario: Scenario) {
        if *self.origin.borrow() != scenario {
            self.restart(scenario);
        }
    }

    /// Begins again with a scenario.
    pub(super) fn restart(&'static self, scenario: Scenario) {
        self.pause();
        self.speed.set(fitting_speed(scenario.end()));
        *self.origin.borrow_mut() = scenario.clone();
        *self.run.borrow_mut() = Simulation::new(scenario);
        self.forked.set(false);
        self.changed();
    }

    /// The scenario of the run, with what the learner did.
    pub(super) fn scenario(&self) -> Scenario {
        self.run.borrow().scenario().clone()
    }

    /// What to draw, and how. Follows the run.
    pub(super) fn view(&self) -> (View, Moment) {
        self.drawn.version();
        let view = self.run.borrow().view();
        let newest = view
            .topic
            .partitions
            .iter()
            .filter_map(|partition| Some(partition.recent.last()?.appended_at.0))
            .max();
        let moment = Moment {
            flight: Duration(self.flight()),
            settled: Duration(self.settled.get()),
            fresh_after: newest.map(|newest| Instant(newest.saturating_sub(1))),
        };
        (view, moment)
    }

    /// The newest lines of the story, newest first. Follows the run's events.
    pub(super) fn story(&self, lines: usize) -> Vec<Line> {
        self.happened.version();
        narrate::story(&self.run.borrow(), lines)
    }

    /// The instant and the end. Follows the run.
    pub(super) fn time(&self) -> (Instant, Instant) {
        self.drawn.version();
        let run = self.run.borrow();
        (run.now(), run.end())
    }

    pub(super) fn toggle(&'static self) {
        if self.playing.now() {
            self.pause();
        } else {
            self.play();
        }
    }

    fn play(&'static self) {
        let (now, end) = self.time();
        if now >= end {
            self.run.borrow_mut().seek(Instant::ZERO);
            self.settled.set(0);
        }
        self.playing.set(true);
        let mut waited = 0;
        let frames = each_frame(move |elapsed| {
            let elapsed = micros(elapsed);
            if browser::reduced_motion() {
                waited += elapsed;
                if waited < PACE {
                    return self.playing.now();
                }
                waited = 0;
                self.advance_one();
            } else {
                self.advance(elapsed);
            }
            self.go_on()
        });
        *self.frames.borrow_mut() = Some(frames);
    }

    /// Whether playing goes on; stops it at the end.
    fn go_on(&'static self) -> bool {
        let (now, end) = self.time();
        if now < end {
            return self.playing.now();
        }
        self.playing.set(false);
        self.settle();
        false
    }

    pub(super) fn pause(&'static self) {
        if self.playing.now() {
            self.playing.set(false);
            self.settle();
        }
    }

    /// Lets what flies come to rest.
    fn settle(&'static self) {
        let flight = self.flight();
        if flight == 0 {
            return;
        }
        let frames = each_frame(move |elapsed| {
            let more = self.scaled(micros(elapsed));
            let settled = (self.settled.get() + more).min(flight);
            self.settled.set(settled);
            self.changed();
            settled < flight
        });
        *self.frames.borrow_mut() = Some(frames);
    }

    fn advance(&'static self, elapsed: u64) {
        let elapsed = self.scaled(elapsed);
        let mut run = self.run.borrow_mut();
        let to = (run.now() + Duration(elapsed)).min(run.end());
        run.run_until(to);
        drop(run);
        // What has come to rest stays so: the lead shrinks more slowly than time goes on.
        let settled = self.settled.get();
        self.settled.set(settled.saturating_sub(elapsed / 2));
        self.changed();
    }

    /// The next message, or the next change of the topic.
    pub(super) fn step(&'static self) {
        self.playing.set(false);
        self.advance_one();
        self.settle();
    }

    fn advance_one(&'static self) {
        let mut run = self.run.borrow_mut();
        loop {
            let events = run.step();
            if events.is_empty() {
                let end = run.end();
                run.run_until(end);
                break;
            }
            if events.iter().any(narrate::is_told) {
                break;
            }
        }
        drop(run);
        self.settled.set(0);
        self.changed();
    }

    /// Back to the message before.
    pub(super) fn step_back(&'static self) {
        let run = self.run.borrow();
        let now = run.now();
        let to = run
            .events()
            .iter()
            .rev()
            .filter(|event| narrate::is_told(event))
            .map(|event: &Event| event.at)
            .find(|at| *at < now);
        drop(run);
        self.seek(to.unwrap_or(Instant::ZERO));
    }

    /// Goes to an instant; everything is at rest there.
    pub(super) fn seek(&'static self, to: Instant) {
        self.playing.set(false);
        *self.frames.borrow_mut() = None;
        self.run.borrow_mut().seek(to);
        self.settled.set(self.flight());
        self.changed();
    }

    /// Does something now.
    pub(super) fn act(&'static self, action: Action) -> Result<(), String> {
        let acted = self.run.borrow_mut().act(action);
        acted.map_err(|error| error.to_string())?;
        self.forked.set(true);
        self.settled.set(0);
        self.changed();
        if !self.playing.now() {
            // The message leaves when its batch does: show that at once.
            self.step();
        }
        Ok(())
    }

    pub(super) fn faster(&self, steps: isize) {
        self.speed.update(|speed| {
            *speed = speed.saturating_add_signed(steps).min(SPEEDS.len() - 1);
        });
    }

    /// Does what a key stands for; false if it stands for nothing.
    pub(super) fn on_key(&'static self, key: &str) -> bool {
        match key {
            "k" | "K" => self.toggle(),
            "ArrowRight" => self.step(),
            "ArrowLeft" => self.step_back(),
            "Home" => self.seek(Instant::ZERO),
            "End" => self.seek(self.time().1),
            "+" => self.faster(1),
            "-" => self.faster(-1),
            _ => return false,
        }
        true
    }

    fn changed(&self) {
        let happened = self.run.borrow().events().len();
        if happened != self.happened.now() {
            self.happened.set(happened);
        }
        self.drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
    }

    /// How long a record is seen flying, in microseconds of virtual time.
    fn flight(&self) -> u64 {
        if browser::reduced_motion() {
            0
        } else {
            self.scaled(FLIGHT)
        }
    }

    /// The virtual time that passes in some of the screen's.
    fn scaled(&self, screen: u64) -> u64 {
        let (virtual_time, screen_time, _) = SPEEDS[self.speed.now().min(SPEEDS.len() - 1)];
        screen * virtual_time / screen_time
    }
}

/// Milliseconds as the screen gives them, as whole microseconds; a tab that slept does not make up for it.
fn micros(ms: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let micros = (ms.clamp(0.0, 100.0) * 1_000.0) as u64;
    micros
}

/// The slowest speed at which the run does not try anyone's patience.
fn fitting_speed(end: Instant) -> usize {
    SPEEDS
        .iter()
        .position(|(virtual_time, screen_time, _)| {
            end.0.saturating_mul(*screen_time) / virtual_time <= PATIENCE
        })
        .unwrap_or(SPEEDS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_any_length_are_played_in_reasonable_time() {
        let speed = |ms| SPEEDS[fitting_speed(Instant::from_millis(ms))].2;
        assert_eq!(speed(100), "× 0,01");
        assert_eq!(speed(3_000), "× 0,25");
        assert_eq!(speed(10_000), "× 1");
        assert_eq!(speed(10_000_000), "× 20");
    }

    #[test]
    fn a_tab_that_slept_does_not_jump() {
        assert_eq!(micros(16.5), 16_500);
        assert_eq!(micros(60_000.0), 100_000);
        assert_eq!(micros(-1.0), 0);
    }
}

//! The timeline on the screen's clock: play, pause, step, go anywhere.
//!
//! Virtual time advances with each frame of the screen, at the chosen speed. With reduced motion playing takes one step a
//! second instead.

use super::{Subject, Timeline};
use crate::browser::{self, Frames, each_frame};
use crate::state::Var;
use engine::scenario::Scenario;
use engine::time::{Duration, Instant};
use std::cell::{Cell, RefCell};

/// Speeds: virtual time, for how much of the screen's.
pub(crate) const SPEEDS: [(u64, u64, &str); 11] = [
    (1, 1_000, "× 0,001"),
    (1, 100, "× 0,01"),
    (1, 20, "× 0,05"),
    (1, 10, "× 0,1"),
    (1, 4, "× 0,25"),
    (1, 2, "× 0,5"),
    (1, 1, "× 1"),
    (2, 1, "× 2"),
    (5, 1, "× 5"),
    (20, 1, "× 20"),
    (100, 1, "× 100"),
];

/// Longest that a whole run should take at the speed chosen for it, in microseconds of the screen's clock.
const PATIENCE: u64 = 30_000_000;
/// Time between two steps with reduced motion, in microseconds.
const PACE: u64 = 1_000_000;
/// Least time between two listings of the events while playing, in microseconds of the screen's clock.
const LISTING: u64 = 250_000;

/// The timeline, and how it moves.
pub(crate) struct Player {
    timeline: RefCell<Timeline>,
    /// Changes whenever there is something new to draw.
    drawn: Var<u32>,
    /// Changes with the drawing, but not so often while playing.
    listed: Var<u32>,
    /// Changes with the scenario: its settings, or what was done.
    altered: Var<u32>,
    /// What the runs are called.
    names: Var<Vec<String>>,
    /// Whether time goes on.
    pub(crate) playing: Var<bool>,
    /// Which of [`SPEEDS`].
    pub(crate) speed: Var<usize>,
    /// Since when the events were not listed, in microseconds of the screen's clock.
    unlisted: Cell<u64>,
    frames: RefCell<Option<Frames>>,
}

impl Player {
    pub(super) fn new(subject: &'static Subject, scenario: Scenario) -> Self {
        let timeline = Timeline::new(subject, scenario);
        Self {
            drawn: Var::new(0),
            listed: Var::new(0),
            altered: Var::new(0),
            names: Var::new(timeline.names()),
            playing: Var::new(false),
            speed: Var::new(fitting_speed(timeline.end())),
            timeline: RefCell::new(timeline),
            unlisted: Cell::new(0),
            frames: RefCell::new(None),
        }
    }

    /// Reads the runs. Whoever does follows them, frame by frame.
    pub(crate) fn with<R>(&self, read: impl FnOnce(&Timeline) -> R) -> R {
        self.drawn.version();
        read(&self.timeline.borrow())
    }

    /// Reads the runs. Whoever does follows them, a few times a second while they play.
    pub(crate) fn with_listed<R>(&self, read: impl FnOnce(&Timeline) -> R) -> R {
        self.listed.version();
        read(&self.timeline.borrow())
    }

    /// Reads the runs. Whoever does follows their scenario only: settings, and what was done.
    pub(crate) fn with_scenario<R>(&self, read: impl FnOnce(&Timeline) -> R) -> R {
        self.altered.version();
        read(&self.timeline.borrow())
    }

    /// What the runs are called. Whoever asks follows these names only: what is made for each run stays while their settings
    /// change.
    pub(crate) fn names(&self) -> Vec<String> {
        self.names.get()
    }

    /// A number that grows when the scenario changes; whoever reads it follows the scenario.
    pub(crate) fn altered(&self) -> u64 {
        self.altered.version()
    }

    /// The instant and the end. Follows the runs.
    pub(crate) fn time(&self) -> (Instant, Instant) {
        self.with(|timeline| (timeline.now(), timeline.end()))
    }

    /// Begins again with a scenario.
    pub(crate) fn restart(&self, subject: &'static Subject, scenario: Scenario) {
        self.stop();
        let timeline = Timeline::new(subject, scenario);
        self.speed.set(fitting_speed(timeline.end()));
        *self.timeline.borrow_mut() = timeline;
        self.alter();
    }

    /// Changes the scenario.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Timeline) -> R) -> R {
        let result = change(&mut self.timeline.borrow_mut());
        self.alter();
        result
    }

    pub(crate) fn toggle(&'static self) {
        if self.playing.now() {
            self.pause();
        } else {
            self.play();
        }
    }

    fn play(&'static self) {
        let (now, end) = self.time();
        if now >= end {
            self.go(|timeline| timeline.seek(Instant::ZERO));
        }
        self.playing.set(true);
        let mut waited = 0;
        let frames = each_frame(move |elapsed| {
            let elapsed = micros(elapsed);
            waited += elapsed;
            if !browser::reduced_motion() {
                self.advance(elapsed);
            } else if waited >= PACE {
                waited = 0;
                self.go(Timeline::next);
            }
            let (now, end) = self.time();
            if now >= end {
                self.pause();
            }
            self.playing.now()
        });
        *self.frames.borrow_mut() = Some(frames);
    }

    /// Stops time.
    pub(crate) fn pause(&self) {
        self.playing.put(false);
        self.list();
    }

    fn stop(&self) {
        self.playing.put(false);
        *self.frames.borrow_mut() = None;
    }

    fn advance(&self, elapsed: u64) {
        let (virtual_time, screen_time, _) = SPEEDS[self.speed.now().min(SPEEDS.len() - 1)];
        let passes = Duration((elapsed * virtual_time / screen_time).max(1));
        let mut timeline = self.timeline.borrow_mut();
        let to = (timeline.now() + passes).min(timeline.end());
        timeline.run_until(to);
        drop(timeline);
        self.draw();
        let unlisted = self.unlisted.get() + elapsed;
        self.unlisted.set(unlisted);
        if unlisted >= LISTING {
            self.list();
        }
    }

    /// The next instant at which something happens.
    pub(crate) fn step(&self) {
        self.stop();
        self.go(Timeline::next);
    }

    /// Back to the instant before.
    pub(crate) fn step_back(&self) {
        self.stop();
        self.go(Timeline::previous);
    }

    /// Goes to an instant.
    pub(crate) fn seek(&self, to: Instant) {
        self.stop();
        self.go(|timeline| timeline.seek(to));
    }

    fn go(&self, go: impl FnOnce(&mut Timeline)) {
        go(&mut self.timeline.borrow_mut());
        self.draw();
        self.list();
    }

    pub(crate) fn faster(&self, steps: isize) {
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

    fn alter(&self) {
        let names = self.timeline.borrow().names();
        self.names.put(names);
        self.altered.update(|count| *count = count.wrapping_add(1));
        self.draw();
        self.list();
    }

    fn draw(&self) {
        self.drawn.update(|count| *count = count.wrapping_add(1));
    }

    fn list(&self) {
        self.unlisted.set(0);
        self.listed.update(|count| *count = count.wrapping_add(1));
    }
}

/// Milliseconds as the screen gives them, as whole microseconds; a tab that slept does not make up for it.
pub(crate) fn micros(ms: f64) -> u64 {
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
        assert_eq!(speed(30_000), "× 1");
        assert_eq!(speed(60_000), "× 2");
        assert_eq!(speed(10_000_000), "× 100");
    }

    #[test]
    fn a_tab_that_slept_does_not_jump() {
        assert_eq!(micros(16.5), 16_500);
        assert_eq!(micros(60_000.0), 100_000);
    }
}

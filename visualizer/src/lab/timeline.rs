//! The runs of a scenario and of its variants, at one instant: what the player moves.
//!
//! 1. There is one scenario, the *base*; each of its variants gives a run. Going somewhere moves them all.
//! 2. Acting now does the same to each of them and becomes part of the base; what the base had planned for later is gone.
//!    What it had planned is kept, so that one can go back to it.
//! 3. A run in which the action makes no sense goes on as if nothing had been done, and says so.

use super::{Subject, Track};
use engine::config::{Property, Setting};
use engine::event::Event;
use engine::scenario::{Action, Scenario, TimedAction};
use engine::time::{Duration, Instant};

/// The runs, and the scenario that they come from.
pub(crate) struct Timeline {
    subject: &'static Subject,
    base: Scenario,
    planned: Planned,
    tracks: Vec<Box<dyn Track>>,
    forks: Vec<Instant>,
}

/// What the scenario planned before anybody acted.
struct Planned {
    actions: Vec<TimedAction>,
    duration: Option<Duration>,
}

impl Timeline {
    /// The runs of a scenario, at their start.
    pub(crate) fn new(subject: &'static Subject, scenario: Scenario) -> Self {
        let planned = Planned {
            actions: scenario.actions.clone(),
            duration: scenario.duration,
        };
        let mut timeline = Self {
            subject,
            base: scenario,
            planned,
            tracks: Vec::new(),
            forks: Vec::new(),
        };
        timeline.rebuild();
        timeline
    }

    /// The scenario, with what was done in it.
    pub(crate) fn scenario(&self) -> &Scenario {
        &self.base
    }

    /// The runs: the scenario's own, then its variants'.
    pub(crate) fn tracks(&self) -> &[Box<dyn Track>] {
        &self.tracks
    }

    /// Where somebody acted.
    pub(crate) fn forks(&self) -> &[Instant] {
        &self.forks
    }

    /// What to call the runs.
    pub(crate) fn names(&self) -> Vec<String> {
        let own = (self.subject.name)(&self.base);
        let variants = self
            .base
            .variants
            .iter()
            .map(|variant| variant.name.clone());
        std::iter::once(own).chain(variants).collect()
    }

    /// The instant.
    pub(crate) fn now(&self) -> Instant {
        self.tracks
            .first()
            .map_or(Instant::ZERO, |track| track.now())
    }

    /// When the last of the runs ends.
    pub(crate) fn end(&self) -> Instant {
        let ends = self.tracks.iter().map(|track| track.end());
        ends.max().unwrap_or_default()
    }

    /// Lets everything up to an instant happen.
    pub(crate) fn run_until(&mut self, to: Instant) {
        for track in &mut self.tracks {
            track.run_until(to);
        }
    }

    /// Goes to an instant, past or future.
    pub(crate) fn seek(&mut self, to: Instant) {
        let to = to.min(self.end());
        for track in &mut self.tracks {
            track.seek(to);
        }
    }

    /// Goes to the next instant at which one of the runs tells something; to the end if there is none.
    pub(crate) fn next(&mut self) {
        let (now, end, told) = (self.now(), self.end(), self.subject.told);
        let next = self
            .tracks
            .iter_mut()
            .map(|track| next_told(track.as_mut(), now, end, told))
            .min();
        self.seek(next.unwrap_or(end));
    }

    /// Goes back to the instant before this one at which one of the runs told something.
    pub(crate) fn previous(&mut self) {
        let (now, told) = (self.now(), self.subject.told);
        let last = |track: &dyn Track| {
            let mut events = track.events().iter().rev();
            events
                .find(|event| event.at < now && told(event))
                .map(|event| event.at)
        };
        let before = self.tracks.iter().filter_map(|track| last(track.as_ref()));
        let to = before.max().unwrap_or(Instant::ZERO);
        self.seek(to);
    }

    /// Whether something can be done now in one of the runs at least.
    pub(crate) fn can(&self, action: &Action) -> bool {
        self.tracks.iter().any(|track| track.check(action).is_ok())
    }

    /// Does something now in all runs; the places of those in which it makes no sense.
    ///
    /// # Errors
    /// When it makes sense in none: nothing has changed then.
    pub(crate) fn act(&mut self, action: &Action) -> Result<Vec<usize>, String> {
        let now = self.now();
        let acted: Vec<_> = self
            .tracks
            .iter_mut()
            .map(|track| track.act(action.clone()))
            .collect();
        if acted.iter().all(Result::is_err) {
            let reason = acted.into_iter().find_map(Result::err);
            return Err(reason.map(|reason| reason.to_string()).unwrap_or_default());
        }
        self.base.actions.retain(|timed| timed.at <= now);
        self.base.actions.push(TimedAction {
            at: now,
            action: action.clone(),
        });
        if let Some(duration) = &mut self.base.duration {
            *duration = (*duration).max(now - Instant::ZERO);
        }
        self.forks.push(now);
        let refused: Vec<_> = (0..acted.len()).filter(|&at| acted[at].is_err()).collect();
        for &index in &refused {
            let mut track = (self.subject.start)(self.base.variant(index));
            track.seek(now);
            self.tracks[index] = track;
        }
        Ok(refused)
    }

    /// Forgets what was done by hand; the instant stays.
    pub(crate) fn unfork(&mut self) {
        self.base.actions.clone_from(&self.planned.actions);
        self.base.duration = self.planned.duration;
        self.forks.clear();
        self.rebuild();
    }

    /// Sets a property of the scenario, or lets it take its default; the instant stays.
    pub(crate) fn set(&mut self, property: Property, setting: Option<Setting>) {
        match setting {
            Some(setting) => self.base.config.set(property, setting),
            None => self.base.config.unset(property),
        }
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let now = self.now();
        let runs = 0..=self.base.variants.len();
        self.tracks = runs
            .map(|index| (self.subject.start)(self.base.variant(index)))
            .collect();
        self.seek(now);
    }
}

/// When a run next tells something, `end` if it does not; the run goes there.
fn next_told(
    track: &mut dyn Track,
    now: Instant,
    end: Instant,
    told: fn(&Event) -> bool,
) -> Instant {
    loop {
        let events = track.step();
        if events == 0 || track.now() >= end {
            return end;
        }
        let all = track.events();
        let new = &all[all.len() - events..];
        if let Some(event) = new.iter().find(|event| event.at > now && told(event)) {
            return event.at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{SUBJECT, scenario};
    use super::*;

    fn timeline() -> Timeline {
        Timeline::new(&SUBJECT, scenario())
    }

    fn times(timeline: &Timeline) -> Vec<u64> {
        timeline
            .tracks()
            .iter()
            .map(|track| track.now().as_millis())
            .collect()
    }

    fn step(line: &str) -> Action {
        Action::Do(line.parse().unwrap())
    }

    #[test]
    fn all_runs_move_together() {
        let mut timeline = timeline();
        assert_eq!(timeline.tracks().len(), 2);
        assert_eq!(timeline.names(), ["base", "autre"]);
        timeline.seek(Instant::from_millis(1_500));
        assert_eq!(times(&timeline), [1_500, 1_500]);
        timeline.seek(Instant::from_millis(99_000));
        assert_eq!(times(&timeline), [4_000, 4_000]);
    }

    #[test]
    fn steps_go_from_told_instant_to_told_instant_and_back() {
        let mut timeline = timeline();
        let mut seen = Vec::new();
        for _ in 0..4 {
            timeline.next();
            seen.push(timeline.now().as_millis());
        }
        assert_eq!(seen, [1_000, 2_000, 3_000, 3_500]);
        timeline.next();
        assert_eq!(timeline.now(), timeline.end());
        timeline.previous();
        timeline.previous();
        assert_eq!(times(&timeline), [3_000, 3_000]);
        timeline.seek(Instant::from_millis(1_000));
        timeline.previous();
        assert_eq!(timeline.now(), Instant::ZERO);
    }

    #[test]
    fn acting_forks_all_runs_and_can_be_undone() {
        let mut timeline = timeline();
        timeline.seek(Instant::from_millis(2_500));
        let planned = timeline.scenario().clone();
        assert_eq!(timeline.act(&step("crash C1")), Ok(Vec::new()));
        assert_eq!(timeline.forks(), [Instant::from_millis(2_500)]);
        let actions = &timeline.scenario().actions;
        assert_eq!(actions.last().unwrap().at, Instant::from_millis(2_500));
        assert!(actions.iter().all(|timed| timed.at.as_millis() <= 2_500));
        timeline.unfork();
        assert_eq!(timeline.scenario(), &planned);
        assert_eq!(times(&timeline), [2_500, 2_500]);
    }

    #[test]
    fn what_makes_no_sense_changes_nothing() {
        let mut timeline = timeline();
        timeline.seek(Instant::from_millis(2_500));
        let before = timeline.scenario().clone();
        assert!(timeline.act(&step("crash nobody")).is_err());
        assert_eq!(timeline.scenario(), &before);
        assert!(timeline.forks().is_empty());
    }

    #[test]
    fn a_shared_fork_is_the_same_run_again() {
        let mut timeline = timeline();
        timeline.seek(Instant::from_millis(2_500));
        timeline.act(&step("crash C1")).unwrap();
        let link = engine::share::encode(timeline.scenario());
        let mut again = Timeline::new(&SUBJECT, engine::share::decode(&link).unwrap());
        let end = timeline.end();
        timeline.seek(end);
        again.seek(end);
        for (left, right) in timeline.tracks().iter().zip(again.tracks()) {
            assert_eq!(left.events(), right.events());
        }
    }

    #[test]
    fn settings_keep_the_instant() {
        let mut timeline = timeline();
        timeline.seek(Instant::from_millis(2_500));
        let count = Setting::Time(Duration::from_millis(10_000));
        timeline.set(Property::SessionTimeoutMs, Some(count.clone()));
        assert_eq!(times(&timeline), [2_500, 2_500]);
        let config = &timeline.scenario().config;
        assert_eq!(config.get(Property::SessionTimeoutMs), Some(&count));
        timeline.set(Property::SessionTimeoutMs, None);
        let config = &timeline.scenario().config;
        assert_eq!(config.get(Property::SessionTimeoutMs), None);
    }
}

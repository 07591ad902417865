//! The instant of a crash, moved: what would be lost or processed again if the process died a little earlier or later.
//!
//! 1. The run without the crash tells the instants at which something changes for the consumer: a record begun or done, an
//!    offset stored, a commit sent, written or refused. Between two of them nothing does, so one crash stands for all.
//! 2. A *cycle* goes from one written commit to the next: it is what the slider runs along.
//! 3. Each instant is tried: the scenario is played with its crash there, to the end; what comes after the crash moves with
//!    it.

use engine::event::{Event, EventKind, GroupEvent};
use engine::group::{GroupView, GroupWorld, HandlerStep};
use engine::ids::ActorName;
use engine::run::Run;
use engine::scenario::{Action, Scenario, Step, TimedAction};
use engine::time::{Duration, Instant};
use std::ops::Range;

/// Most instants of a run that are looked at.
const MOST_POINTS: usize = 3_000;
/// Most instants of a cycle that are shown at once.
pub(super) const SHOWN: usize = 24;

/// The crash of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Crash {
    /// Its place among the actions.
    place: usize,
    /// Who dies.
    pub(super) consumer: ActorName,
    /// When.
    pub(super) at: Instant,
}

/// An instant at which the process may die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// From when nothing changes.
    from: Instant,
    /// The middle of the time during which nothing changes.
    pub(super) at: Instant,
    /// The line of the handler that is being executed.
    pub(super) step: HandlerStep,
    /// The record in hand.
    offset: Option<u64>,
    /// Whether records are in the hands of a pool.
    pool: bool,
    /// Whether a commit was written at [`Self::from`].
    committed: bool,
}

/// The first crash of a scenario.
pub(super) fn crash(scenario: &Scenario) -> Option<Crash> {
    scenario
        .actions
        .iter()
        .enumerate()
        .find_map(|(place, timed)| match &timed.action {
            Action::Do(Step::Crash(consumer) | Step::Terminate(consumer)) => Some(Crash {
                place,
                consumer: consumer.clone(),
                at: timed.at,
            }),
            _ => None,
        })
}

/// The scenario with its crash at another instant; what is done after the crash moves with it.
pub(super) fn moved(scenario: &Scenario, to: Instant) -> Scenario {
    let mut scenario = scenario.clone();
    let Some(crash) = crash(&scenario) else {
        return scenario;
    };
    for timed in scenario.actions.iter_mut().skip(crash.place) {
        if matches!(timed.action, Action::Do(_)) {
            timed.at = to + (timed.at - crash.at);
        }
    }
    scenario.actions.sort_by_key(|timed| timed.at);
    scenario
}

/// The scenario without its crash, and without what is done after it.
pub(super) fn without(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    let end = scenario.end();
    if let Some(crash) = crash(&scenario) {
        let mut place = 0;
        scenario.actions.retain(|timed| {
            place += 1;
            place <= crash.place || !matches!(timed.action, Action::Do(_))
        });
    }
    scenario.duration = Some(end - Instant::ZERO);
    scenario
}

/// All instants at which the consumer may die, in the run without the crash.
pub(super) fn points(without: &Scenario, consumer: &ActorName) -> Vec<Point> {
    let mut run = Run::<GroupWorld>::new(without.clone());
    let end = run.end();
    run.run_until(end);
    let changes = changes(run.events(), consumer);
    let mut again = Run::<GroupWorld>::new(without.clone());
    let mut points = Vec::with_capacity(changes.len());
    for (index, (from, committed)) in changes.iter().enumerate() {
        let until = changes.get(index + 1).map_or(end, |next| next.0);
        let at = Instant(from.0 + (until - *from).0 / 2);
        again.run_until(at);
        let (step, offset, pool) = doing(&again.view(), consumer);
        points.push(Point {
            from: *from,
            at,
            step,
            offset,
            pool,
            committed: *committed,
        });
    }
    points
}

/// When something changes for a consumer, and whether a commit is written then.
fn changes(events: &[Event], consumer: &ActorName) -> Vec<(Instant, bool)> {
    let mut changes: Vec<(Instant, bool)> = Vec::new();
    for event in events {
        let committed = matches!(event.kind, EventKind::OffsetCommitted { .. });
        if !committed && !concerns(&event.kind, consumer) {
            continue;
        }
        if let Some(last) = changes.last_mut().filter(|last| last.0 == event.at) {
            last.1 |= committed;
        } else if changes.len() < MOST_POINTS {
            changes.push((event.at, committed));
        }
    }
    changes
}

fn concerns(kind: &EventKind, consumer: &ActorName) -> bool {
    use GroupEvent as E;
    let EventKind::Group(event) = kind else {
        return false;
    };
    match event {
        E::ProcessingBegan { consumer: who, .. }
        | E::ProcessingEnded { consumer: who, .. }
        | E::OffsetStored { consumer: who, .. }
        | E::CommitSent { consumer: who, .. }
        | E::CommitRefused { consumer: who, .. } => who == consumer,
        _ => false,
    }
}

/// The line that a consumer executes, the record in its hands, and whether a pool works for it.
fn doing(view: &GroupView, consumer: &ActorName) -> (HandlerStep, Option<u64>, bool) {
    view.consumers
        .iter()
        .find(|one| one.name == *consumer)
        .map_or((HandlerStep::Stopped, None, false), |one| {
            let pool = one.step == HandlerStep::Consume && !one.in_hand.is_empty();
            let first = one.in_hand.first().map(|hand| hand.offset);
            (one.step, first, pool)
        })
}

/// The points around an instant, from one written commit to the next; a long cycle in parts.
pub(super) fn cycle(points: &[Point], at: Instant) -> Range<usize> {
    let here = place(points, at);
    let start = points[..=here.min(points.len().saturating_sub(1))]
        .iter()
        .rposition(|point| point.committed)
        .unwrap_or(0);
    let end = points
        .iter()
        .enumerate()
        .skip(here + 1)
        .find(|(_, point)| point.committed)
        .map_or(points.len(), |(index, _)| index);
    let from = start + (here - start) / SHOWN * SHOWN;
    from..end.min(from + SHOWN)
}

/// The place of the point during which an instant is.
pub(super) fn place(points: &[Point], at: Instant) -> usize {
    points
        .partition_point(|point| point.from <= at)
        .saturating_sub(1)
}

/// What a crash at an instant comes to by the end of the run: records lost, processings beyond the first, processings that
/// were cut short and begun again.
pub(super) fn play(scenario: &Scenario, at: Instant) -> (u64, u64, u64) {
    let mut run = Run::<GroupWorld>::new(moved(scenario, at));
    let end = run.end();
    run.run_until(end);
    let counters = run.world().counters();
    let partitions = run.view().partitions.len();
    let again: u64 = (0..partitions)
        .flat_map(|partition| run.world().records(partition, 0, u64::MAX))
        .map(|record| u64::from(record.deliveries.saturating_sub(1)))
        .sum();
    let restarts = again.saturating_sub(counters.replays);
    (counters.lost, counters.replays, restarts)
}

impl Point {
    /// What is being done, in a word or two.
    pub(super) fn word(&self) -> String {
        if self.pool {
            return "tâches".to_owned();
        }
        let word = match self.step {
            HandlerStep::Stopped => "arrêté",
            HandlerStep::Consume => "Consume",
            HandlerStep::Process => return self.of_record("traite ", "traitement"),
            HandlerStep::StoreOffset => "StoreOffset",
            HandlerStep::Commit => "Commit",
            HandlerStep::Dispatch => "Task.Run",
            HandlerStep::OnAssigned => "Assigned",
            HandlerStep::OnRevoked => "Revoked",
            HandlerStep::OnLost => "Lost",
            HandlerStep::Close => "Close",
        };
        word.to_owned()
    }

    /// When that is, in a sentence about somebody's death.
    pub(super) fn during(&self) -> String {
        if self.pool {
            return "pendant que des tâches travaillent".to_owned();
        }
        match self.step {
            HandlerStep::Process => {
                self.of_record("pendant le traitement du message ", "en plein traitement")
            }
            HandlerStep::Consume => "pendant Consume()".to_owned(),
            HandlerStep::Commit => "pendant Commit()".to_owned(),
            _ => ["dans ", &self.word()].concat(),
        }
    }

    fn of_record(&self, words: &str, otherwise: &str) -> String {
        match self.offset {
            Some(offset) => [words, &offset.to_string()].concat(),
            None => otherwise.to_owned(),
        }
    }
}

/// A scenario for those that have no crash: the first consumer dies in the middle of the run and comes back.
pub(super) fn with_crash(scenario: &Scenario) -> Scenario {
    if crash(scenario).is_some() {
        return scenario.clone();
    }
    let mut scenario = scenario.clone();
    let joins = scenario
        .actions
        .iter()
        .find_map(|timed| match &timed.action {
            Action::Do(Step::Join(join)) => Some(join.consumer.clone()),
            _ => None,
        });
    let Some(consumer) = joins else {
        return scenario;
    };
    let end = scenario.end();
    let at = Instant(end.0 / 2);
    scenario.duration = Some(end - Instant::ZERO);
    for (at, step) in [
        (at, Step::Crash(consumer.clone())),
        (at + Duration::from_millis(2_000), Step::Restart(consumer)),
    ] {
        scenario.actions.push(TimedAction {
            at,
            action: Action::Do(step),
        });
    }
    scenario.actions.sort_by_key(|timed| timed.at);
    scenario
}

#[cfg(test)]
mod tests {
    use super::super::PRESETS;
    use super::*;

    fn strategies() -> Scenario {
        engine::share::decode(PRESETS[0].link).unwrap()
    }

    fn outcomes(variant: usize) -> Vec<(String, u64, u64, u64)> {
        let scenario = strategies().variant(variant);
        let crash = crash(&scenario).unwrap();
        let points = points(&without(&scenario), &crash.consumer);
        let cycle = cycle(&points, crash.at);
        points[cycle]
            .iter()
            .map(|point| {
                let (lost, replays, restarts) = play(&scenario, point.at);
                (point.word(), lost, replays, restarts)
            })
            .collect()
    }

    #[test]
    fn moving_the_crash_moves_what_follows() {
        let scenario = strategies();
        let before = crash(&scenario).unwrap();
        let later = moved(&scenario, before.at + Duration::from_millis(700));
        assert_eq!(
            crash(&later).unwrap().at,
            before.at + Duration::from_millis(700)
        );
        assert_eq!(moved(&later, before.at), scenario);
        assert!(crash(&without(&scenario)).is_none());
    }

    #[test]
    fn the_cycle_stays_while_the_crash_moves_within_it() {
        let scenario = strategies().variant(1);
        let crash = crash(&scenario).unwrap();
        let points = points(&without(&scenario), &crash.consumer);
        let cycle_here = cycle(&points, crash.at);
        assert!(cycle_here.len() > 1, "{cycle_here:?}");
        for index in cycle_here.clone() {
            assert_eq!(cycle(&points, points[index].at), cycle_here);
            assert_eq!(place(&points, points[index].at), index);
        }
    }

    #[test]
    fn each_strategy_fails_in_its_own_way() {
        let all: Vec<_> = (0..=strategies().variants.len()).map(outcomes).collect();
        let lost = |of: usize| all[of].iter().map(|outcome| outcome.1).max();
        let replays = |of: usize| all[of].iter().map(|outcome| outcome.2).max();
        // Auto-commit loses the record in hand; storing after processing never loses.
        assert_eq!(lost(0), Some(1), "{:?}", all[0]);
        assert_eq!(lost(1), Some(0), "{:?}", all[1]);
        assert!(replays(1) >= Some(1), "{:?}", all[1]);
        let restarts = |of: usize| all[of].iter().map(|outcome| outcome.3).max();
        // Commit before: at most once. Commit after: the record in hand is begun again.
        assert_eq!((lost(2), replays(2)), (Some(1), Some(0)), "{:?}", all[2]);
        assert_eq!((lost(3), restarts(3)), (Some(0), Some(1)), "{:?}", all[3]);
        // A pool whose offsets are stored on delivery loses several.
        assert!(lost(4) > Some(1), "{:?}", all[4]);
    }
}

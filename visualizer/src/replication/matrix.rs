//! What becomes of one record when the leader dies: each combination of `acks`, `min.insync.replicas` and instant, played.
//!
//! 1. A record is sent; broker 1, which leads, dies before it was sent, when it has written it but its followers are late, or
//!    when they have it too. When that is, is read off a run without a crash.
//! 2. Each case is a scenario of its own: what the table says is what its run ends with, and what a click opens.

use engine::config::{Config, Property};
use engine::event::{EventKind, ReplicationEvent};
use engine::replication::Simulation;
use engine::replication::view::Counters;
use engine::scenario::{Action, Keys, Kind, Produce, Scenario, Step, TimedAction};
use engine::time::{Duration, Instant};

/// The values of `acks`, each under its real name.
pub(super) const ACKS: [&str; 3] = ["0", "1", "all"];
/// The values of `min.insync.replicas`.
pub(super) const MIN_ISR: [&str; 3] = ["1", "2", "3"];
/// When the leader dies.
pub(super) const CRASHES: [&str; 3] = [
    "avant l’envoi",
    "avant la copie : ses suiveurs sont en retard",
    "après la copie",
];
/// How many cases there are.
pub(super) const CASES: usize = ACKS.len() * MIN_ISR.len() * CRASHES.len();

/// When the leader dies before the record is sent.
const EARLY: Instant = Instant::from_millis(1_000);
/// When the record is sent: another leader has been found long before.
const SENT: Instant = Instant::from_millis(20_000);
/// From when the followers fetch nothing, where the leader is to die before they copy: a fetch waits at the leader for half a
/// second at most.
const LATE: Instant = Instant::from_millis(18_000);
/// For how long: they stay in the ISR.
const LATENESS: Duration = Duration::from_millis(4_000);
/// From what the leader lives to see until its death.
const REPRIEVE: Duration = Duration::from_millis(10);
/// `delivery.timeout.ms`, shorter than by default so that the run is not five minutes long.
const PATIENCE: &str = "20s";
/// How long the runs last.
const LASTS: Duration = Duration::from_millis(55_000);

/// A cell of the table: places in [`CRASHES`], [`ACKS`] and [`MIN_ISR`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) crash: usize,
    pub(super) acks: usize,
    pub(super) min_isr: usize,
}

/// What became of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The producer believes it written, and it is.
    Kept,
    /// The producer believes it written, and it is not.
    Lost,
    /// The producer knows that it is not written.
    Refused,
    /// The producer cannot know; it is not written.
    UnknownAbsent,
    /// The producer cannot know; it is written.
    UnknownPresent,
    /// Nothing yet.
    Waiting,
}

impl Case {
    /// Case number so and so.
    pub(super) const fn at(index: usize) -> Self {
        Self {
            crash: index / 9,
            acks: index / 3 % 3,
            min_isr: index % 3,
        }
    }

    /// Its scenario, under the other settings of `config`.
    pub(super) fn scenario(self, config: &Config) -> Scenario {
        let mut scenario = self.without_crash(config);
        let crash = TimedAction {
            at: self.crash_at(&scenario),
            action: Action::Do(Step::Crash("broker-1".into())),
        };
        let place = scenario
            .actions
            .partition_point(|before| before.at <= crash.at);
        scenario.actions.insert(place, crash);
        scenario
    }

    /// What it is, in words.
    pub(super) fn title(self) -> String {
        [
            "acks=",
            ACKS[self.acks],
            ", min.insync.replicas=",
            MIN_ISR[self.min_isr],
            " : le leader meurt ",
            CRASHES[self.crash],
        ]
        .concat()
    }

    fn without_crash(self, config: &Config) -> Scenario {
        let mut scenario = Scenario::new(Kind::Replication, &self.title());
        scenario.config = config.clone();
        scenario.duration = Some(LASTS);
        let settings = [
            (Property::NumPartitions, "1"),
            (Property::SimulationBrokers, "3"),
            (Property::ReplicationFactor, "3"),
            (Property::Acks, ACKS[self.acks]),
            (Property::MinInsyncReplicas, MIN_ISR[self.min_isr]),
            (Property::DeliveryTimeoutMs, PATIENCE),
        ];
        if self.acks < 2 {
            // Idempotence needs acks=all: the client would refuse the rest.
            let _ = scenario
                .config
                .set_text(Property::EnableIdempotence, "false");
        }
        for (property, value) in settings {
            // Values of ours; a test reads them.
            let _ = scenario.config.set_text(property, value);
        }
        if self.crash == 1 {
            for follower in ["broker-2", "broker-3"] {
                scenario.actions.push(TimedAction {
                    at: LATE,
                    action: Action::Do(Step::Slow(follower.into(), LATENESS)),
                });
            }
        }
        let mut produce = Produce::of(Keys::Null);
        produce.count = 1;
        scenario.actions.push(TimedAction {
            at: SENT,
            action: Action::Produce(produce),
        });
        scenario
    }

    /// When the leader dies: read off the run in which it does not.
    fn crash_at(self, scenario: &Scenario) -> Instant {
        if self.crash == 0 {
            return EARLY;
        }
        let mut run = Simulation::new(scenario.clone());
        run.run_until(SENT + Duration::from_millis(5_000));
        let written = |event: &EventKind| matches!(event, EventKind::RecordAppended { .. });
        let copied = |event: &EventKind| {
            matches!(
                event,
                EventKind::Replication(ReplicationEvent::HighWatermarkAdvanced { .. })
            )
        };
        let found = run.events().iter().find(|event| {
            event.at >= SENT
                && if self.crash == 1 {
                    written(&event.kind)
                } else {
                    copied(&event.kind)
                }
        });
        // The answer to the producer has the time to leave.
        found.map_or(SENT, |event| event.at + REPRIEVE)
    }

    /// What becomes of its record.
    pub(super) fn play(self, config: &Config) -> Verdict {
        let mut run = Simulation::new(self.scenario(config));
        let end = run.end();
        run.run_until(end);
        verdict(&run.view().counters)
    }
}

fn verdict(counters: &Counters) -> Verdict {
    match () {
        () if counters.acknowledged_lost > 0 => Verdict::Lost,
        () if counters.acknowledged_kept > 0 => Verdict::Kept,
        () if counters.refused > 0 => Verdict::Refused,
        () if counters.unknown_present > 0 => Verdict::UnknownPresent,
        () if counters.unknown_absent > 0 => Verdict::UnknownAbsent,
        () => Verdict::Waiting,
    }
}

impl Verdict {
    /// Its sign and its words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Kept => "✓ acquitté, gardé",
            Self::Lost => "✕ acquitté, perdu",
            Self::Refused => "⊘ refusé",
            Self::UnknownAbsent => "? renoncé, pas écrit",
            Self::UnknownPresent => "? renoncé, écrit",
            Self::Waiting => "… sans réponse",
        }
    }

    /// Its sign and a word: what the table has room for.
    pub(super) const fn short(self) -> &'static str {
        match self {
            Self::Kept => "✓ gardé",
            Self::Lost => "✕ perdu",
            Self::Refused => "⊘ refusé",
            Self::UnknownAbsent => "? absent",
            Self::UnknownPresent => "? présent",
            Self::Waiting => "…",
        }
    }

    /// The class of its cell.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Lost => "lost",
            Self::Refused => "refused",
            _ => "unknown",
        }
    }
}

/// The settings that the table keeps of a scenario: all but those that its cases set.
pub(super) fn kept(config: &Config) -> Config {
    let mut config = config.clone();
    for property in [
        Property::NumPartitions,
        Property::SimulationBrokers,
        Property::ReplicationFactor,
        Property::Acks,
        Property::MinInsyncReplicas,
        Property::DeliveryTimeoutMs,
        Property::EnableIdempotence,
    ] {
        config.unset(property);
    }
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(crash: usize, acks: usize, min_isr: usize) -> Verdict {
        let case = Case {
            crash,
            acks,
            min_isr,
        };
        case.play(&Config::default())
    }

    #[test]
    fn what_is_acknowledged_before_the_copy_is_lost_unless_all_acknowledge() {
        for min_isr in 0..3 {
            assert_eq!(play(1, 0, min_isr), Verdict::Lost, "acks=0");
            assert_eq!(play(1, 1, min_isr), Verdict::Lost, "acks=1");
        }
        assert_eq!(play(1, 2, 0), Verdict::Kept);
        assert_eq!(play(1, 2, 1), Verdict::Kept);
    }

    #[test]
    fn what_all_have_is_kept() {
        for acks in 0..3 {
            for min_isr in 0..3 {
                assert_eq!(play(2, acks, min_isr), Verdict::Kept, "{acks} {min_isr}");
            }
        }
    }

    #[test]
    fn too_few_in_sync_replicas_refuse_only_with_acks_all() {
        assert_eq!(play(0, 2, 2), Verdict::Refused);
        assert_eq!(play(0, 2, 1), Verdict::Kept);
        assert_eq!(play(0, 1, 2), Verdict::Kept);
        assert_eq!(play(0, 0, 2), Verdict::Kept);
    }

    #[test]
    fn cases_are_numbered_without_gaps_and_their_scenarios_can_be_shared() {
        for index in 0..CASES {
            let case = Case::at(index);
            let scenario = case.scenario(&Config::default());
            assert_eq!(scenario.config.choice(Property::Acks), ACKS[case.acks]);
            assert_eq!(scenario.faulty_actions(), Vec::new());
            let link = engine::share::encode(&scenario);
            assert_eq!(engine::share::decode(&link), Ok(scenario));
        }
    }
}

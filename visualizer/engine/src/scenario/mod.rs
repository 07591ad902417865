//! A scenario: everything a run depends on, and the only thing that is ever saved — in a Markdown fence, in a shared link,
//! in a test.

mod action;
mod error;
mod export;
mod place;
mod roster;
mod step;
#[cfg(feature = "toml")]
mod toml;

pub(crate) use action::insert_in_time;
pub use action::{
    Action, ActionError, Keys, MAX_RECORDS, MAX_TIME, MAX_VALUE_SIZE, Produce, Skew, TimedAction,
};
pub use error::{ScenarioError, ScenarioErrorKind};
pub use place::Place;
pub use roster::{LATE_SERVICE, MAX_CONSUMERS, Roster, SERVICES, verbs};
pub use step::{Join, Step, StepError, VERBS};

use crate::config::Config;
use crate::ids::{ProducerId, TopicName};
use crate::partitioner::Client;
use crate::query::Value;
use crate::time::{Duration, Instant};

/// What a run depends on, and what is expected of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Which simulation plays it.
    pub kind: Kind,
    /// Its title, in French.
    pub title: String,
    /// Where all chance comes from: same seed, same events.
    pub seed: u64,
    /// The topic.
    pub topic: TopicName,
    /// When the run ends, if it says so: see [`Scenario::end`].
    pub duration: Option<Duration>,
    /// The topics and how many partitions each has, if there is more than the one.
    pub topics: Vec<(TopicName, i32)>,
    /// The topic's configuration, and the first producer's.
    pub config: Config,
    /// The second producer's configuration: it sends the same records to the same topic.
    pub compare: Option<Config>,
    /// The same incident under other settings, beside the first.
    pub variants: Vec<Variant>,
    /// What happens from outside, in the order of time.
    pub actions: Vec<TimedAction>,
    /// What must be true, checked when the course is built.
    pub expect: Vec<Expectation>,
    /// The instants that the storyboard draws.
    pub frames: Vec<FrameNote>,
    /// What the learner is asked before the run.
    pub predict: Option<Prediction>,
}

/// Other settings for the same incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// What to call it, in French.
    pub name: String,
    /// The settings that differ.
    pub config: Config,
}

/// The simulations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `partitionnement`: producers, keys and partitions.
    Partitioning,
    /// `reequilibrage`: a group that shares partitions.
    Rebalancing,
    /// `commits`: what a consumer processes and commits.
    Commits,
    /// `replication`: leaders, followers and what is acknowledged.
    Replication,
    /// `architecture`: a chain of calls, a queue and a log under the same load.
    Architecture,
}

/// A statement about the run that must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// An expression of [`crate::query`].
    pub that: String,
    /// What it must give.
    pub equals: Value,
    /// When it is asked; at the end of the run if `None`.
    pub at: Option<Instant>,
    /// Of which run: 0 for the scenario's own settings, then its variants'. See [`Scenario::variant`].
    pub variant: usize,
    /// Where `that` is written.
    pub place: Place,
}

/// An instant worth drawing, and what to say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameNote {
    /// The instant.
    pub at: Instant,
    /// One French sentence.
    pub caption: String,
}

/// A question asked before the run, whose answer the engine computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The question, in French.
    pub question: String,
    /// The expression of [`crate::query`] that answers it, in the state that the run has at its end.
    pub answer: String,
    /// What the expression gave when the page was made: a whole number, or a text. A page shows it without having to
    /// evaluate expressions.
    pub computed: Option<String>,
    /// Where `answer` is written.
    pub place: Place,
}

impl Scenario {
    /// A scenario in which nothing happens.
    pub fn new(kind: Kind, title: &str) -> Self {
        Self {
            kind,
            title: title.to_owned(),
            seed: DEFAULT_SEED,
            topic: DEFAULT_TOPIC.into(),
            duration: None,
            topics: Vec::new(),
            config: Config::default(),
            compare: None,
            variants: Vec::new(),
            actions: Vec::new(),
            expect: Vec::new(),
            frames: Vec::new(),
            predict: None,
        }
    }

    /// The producers' names: their `client.id`, else that of their language (`.NET`, `Java`), with the partitioner's added
    /// to the second one if both would have the same.
    pub fn producers(&self) -> Vec<ProducerId> {
        let language = |config: &Config| match config.client() {
            Client::Librdkafka => ".NET",
            Client::Java => "Java",
        };
        let name = |config: &Config| {
            config
                .client_id()
                .unwrap_or_else(|| language(config))
                .to_owned()
        };
        let first = name(&self.config);
        let second = self.compare.as_ref().map(|config| {
            let name = name(config);
            if name == first {
                format!("{name} {}", config.partitioner().property())
            } else {
                name
            }
        });
        std::iter::once(first)
            .chain(second)
            .map(ProducerId::from)
            .collect()
    }

    /// The actions that make no sense in the state that those before them leave, by index. Actions are in the order of
    /// time.
    pub fn faulty_actions(&self) -> Vec<(usize, ActionError)> {
        let producers = self.producers();
        let counts = self.all_topics().into_iter().map(|(_, count)| count);
        let mut partitions = counts.max().unwrap_or_default();
        let mut planned = 0;
        let mut roster = Roster::new(self);
        let mut faulty = Vec::new();
        for (index, timed) in self.actions.iter().enumerate() {
            let checked = match &timed.action {
                Action::Do(_) => roster.follow(&timed.action),
                _ => timed.action.check(partitions, planned, &producers),
            };
            match (checked, &timed.action) {
                (Err(error), _) => faulty.push((index, error)),
                (Ok(()), Action::Produce(produce)) => planned += u64::from(produce.count),
                (Ok(()), Action::AddPartitions(more)) => partitions = *more,
                (Ok(()), Action::Do(_)) => {}
            }
        }
        faulty
    }

    /// The topics and how many partitions each has.
    pub fn all_topics(&self) -> Vec<(TopicName, i32)> {
        if self.topics.is_empty() {
            vec![(self.topic.clone(), self.config.partitions())]
        } else {
            self.topics.clone()
        }
    }

    /// The scenario under its settings number `index`: 0 for its own, then its variants'. Without variants of its own.
    #[must_use]
    pub fn variant(&self, index: usize) -> Self {
        let mut scenario = self.clone();
        scenario.variants.clear();
        if let Some(variant) = index
            .checked_sub(1)
            .and_then(|index| self.variants.get(index))
        {
            scenario.config = scenario.config.overlaid(&variant.config);
        }
        scenario
    }

    /// When the run ends: after its duration, else after its last action and the records that still wait then, rounded up
    /// to a tenth of a second. What an incident sets off takes longer: half a minute then.
    pub fn end(&self) -> Instant {
        if let Some(duration) = self.duration {
            return Instant::ZERO + duration;
        }
        let last = self
            .actions
            .iter()
            .map(TimedAction::ends_at)
            .max()
            .unwrap_or_default();
        if self.kind != Kind::Partitioning {
            return last + AFTERMATH;
        }
        let linger = std::iter::once(&self.config)
            .chain(&self.compare)
            .map(Config::linger)
            .max()
            .unwrap_or_default();
        Instant((last + linger).0.div_ceil(TENTH).max(1) * TENTH)
    }
}

/// Most variants of a scenario: what a page can show side by side.
pub const MAX_VARIANTS: usize = 8;

/// The seed of a scenario that does not give one.
pub const DEFAULT_SEED: u64 = 1;

/// The topic of a scenario that does not name one.
pub const DEFAULT_TOPIC: &str = "orders.created";

/// How long a run that does not say it goes on after its last action.
const AFTERMATH: Duration = Duration(30_000_000);

/// A tenth of a second, in microseconds.
const TENTH: u64 = 100_000;

impl Kind {
    /// All simulations.
    pub const ALL: [Self; 5] = [
        Self::Partitioning,
        Self::Rebalancing,
        Self::Commits,
        Self::Replication,
        Self::Architecture,
    ];

    /// Its name in a fence and in the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Partitioning => "partitionnement",
            Self::Rebalancing => "reequilibrage",
            Self::Commits => "commits",
            Self::Replication => "replication",
            Self::Architecture => "architecture",
        }
    }
}

//! What the learner may set, as taken from a scenario and put back into it: the scenario stays the only thing saved.

use engine::config::{Config, Property, Setting};
use engine::partitioner::Partitioner;
use engine::scenario::{Action, Keys, Produce, Scenario, Skew, TimedAction};
use engine::time::{Duration, Instant};

/// The settings of a partitioning scenario.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// The keys of its records.
    pub keys: Keys,
    /// `num.partitions`: partitions at the topic's creation.
    pub partitions: i32,
    /// Partitions in the end; the same if the topic does not grow.
    pub grown: i32,
    /// The first producer.
    pub left: Config,
    /// The second one.
    pub right: Option<Config>,
    /// A key that gets more than its turn.
    pub skew: Option<Skew>,
}

impl Settings {
    /// Those of a scenario.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let partitions = scenario.config.partitions();
        Self {
            keys: keys(scenario),
            partitions,
            grown: growths(scenario).max().unwrap_or(partitions),
            left: scenario.config.clone(),
            right: scenario.compare.clone(),
            skew: produces(scenario).find_map(|produce| produce.skew.clone()),
        }
    }

    /// The scenario with these settings. What they do not say stays as it was: a scenario gets its own settings back
    /// unchanged.
    pub(crate) fn apply(&self, base: &Scenario) -> Scenario {
        let before = Self::of(base);
        let mut scenario = base.clone();
        scenario.config = self.left.clone();
        scenario.compare.clone_from(&self.right);
        let count = Setting::Count(self.partitions.unsigned_abs());
        if self.partitions != before.partitions {
            scenario.config.set(Property::NumPartitions, count);
        }
        if self.keys != before.keys {
            replace_keys(&mut scenario, &self.keys);
        }
        if self.skew != before.skew {
            for produce in produces_mut(&mut scenario) {
                produce.skew.clone_from(&self.skew);
            }
        }
        if (self.partitions, self.grown) != (before.partitions, before.grown) {
            self.grow(&mut scenario);
        }
        scenario
    }

    fn grow(&self, scenario: &mut Scenario) {
        let last = scenario
            .actions
            .iter()
            .rposition(|timed| matches!(timed.action, Action::AddPartitions(_)));
        if let Some(last) = last {
            scenario.actions[last].action = Action::AddPartitions(self.grown);
        } else if self.grown > self.partitions {
            let at = middle(scenario);
            insert(scenario, at, Action::AddPartitions(self.grown));
        }
        // A topic only gains partitions: what would not is left out.
        let mut reached = self.partitions;
        let grown = self.grown;
        scenario.actions.retain(|timed| match timed.action {
            Action::AddPartitions(to) => {
                let grows = to > reached && to <= grown;
                if grows {
                    reached = to;
                }
                grows
            }
            Action::Produce(_) => true,
        });
    }
}

/// Adds an action in its place in time, after those of the same instant.
fn insert(scenario: &mut Scenario, at: Instant, action: Action) {
    let place = scenario.actions.partition_point(|timed| timed.at <= at);
    scenario.actions.insert(place, TimedAction { at, action });
}

/// Half of the run, on a whole tenth of a second.
fn middle(scenario: &Scenario) -> Instant {
    let tenth = Duration::from_millis(100).0;
    Instant(scenario.end().0 / 2 / tenth * tenth)
}

fn growths(scenario: &Scenario) -> impl Iterator<Item = i32> {
    scenario
        .actions
        .iter()
        .filter_map(|timed| match timed.action {
            Action::AddPartitions(to) => Some(to),
            Action::Produce(_) => None,
        })
}

fn produces(scenario: &Scenario) -> impl Iterator<Item = &Produce> {
    scenario
        .actions
        .iter()
        .filter_map(|timed| match &timed.action {
            Action::Produce(produce) => Some(produce),
            Action::AddPartitions(_) => None,
        })
}

fn produces_mut(scenario: &mut Scenario) -> impl Iterator<Item = &mut Produce> {
    scenario
        .actions
        .iter_mut()
        .filter_map(|timed| match &mut timed.action {
            Action::Produce(produce) => Some(produce),
            Action::AddPartitions(_) => None,
        })
}

/// The keys of all its records; null keys only if there are no others.
fn keys(scenario: &Scenario) -> Keys {
    let mut keyed: Vec<&Keys> = Vec::new();
    for produce in produces(scenario) {
        if produce.keys != Keys::Null && !keyed.contains(&&produce.keys) {
            keyed.push(&produce.keys);
        }
    }
    if let [one] = keyed[..] {
        return one.clone();
    }
    let mut all: Vec<String> = Vec::new();
    for key in keyed.into_iter().flat_map(super::keybook::expand) {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    if all.is_empty() {
        Keys::Null
    } else {
        Keys::List(all)
    }
}

/// Sends these keys instead, each at least once, in as many sends as before.
fn replace_keys(scenario: &mut Scenario, keys: &Keys) {
    let mut replaced = false;
    for produce in produces_mut(scenario).filter(|produce| produce.keys != Keys::Null) {
        let sends = produce.count.div_ceil(produce.burst.max(1)).max(1);
        produce.keys.clone_from(keys);
        produce.count = produce.count.max(keys.len());
        produce.burst = produce.count.div_ceil(sends).max(produce.burst);
        replaced = true;
    }
    if !replaced && !keys.is_empty() {
        let produce = Action::Produce(Produce::of(keys.clone()));
        insert(scenario, Instant::ZERO, produce);
    }
}

/// The same configuration with another partitioner. What the other family of clients does not know is left out.
pub(crate) fn with_partitioner(config: &Config, partitioner: Partitioner) -> Config {
    let mut config = config.clone();
    config.set(Property::Partitioner, Setting::Partitioner(partitioner));
    let client = config.client();
    for spec in &engine::config::PROPERTIES {
        if matches!(spec.scope, engine::config::Scope::ProducerOf(of) if of != client) {
            config.unset(spec.property);
        }
    }
    config
}

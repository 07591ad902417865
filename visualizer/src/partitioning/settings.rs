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
                let gains = to > reached && to <= grown;
                if gains {
                    reached = to;
                }
                gains
            }
            Action::Produce(_) | Action::Do(_) => true,
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
            Action::Produce(_) | Action::Do(_) => None,
        })
}

fn produces(scenario: &Scenario) -> impl Iterator<Item = &Produce> {
    scenario
        .actions
        .iter()
        .filter_map(|timed| match &timed.action {
            Action::Produce(produce) => Some(produce),
            Action::AddPartitions(_) | Action::Do(_) => None,
        })
}

fn produces_mut(scenario: &mut Scenario) -> impl Iterator<Item = &mut Produce> {
    scenario
        .actions
        .iter_mut()
        .filter_map(|timed| match &mut timed.action {
            Action::Produce(produce) => Some(produce),
            Action::AddPartitions(_) | Action::Do(_) => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use engine::keys::KeySet;
    use engine::partitioning::Simulation;
    use engine::scenario::Kind;

    fn set(name: &str) -> Keys {
        Keys::Set(KeySet::from_name(name).unwrap())
    }

    fn scenario(growth: Option<i32>) -> Scenario {
        let mut scenario = Scenario::new(Kind::Partitioning, "t");
        scenario
            .config
            .set(Property::NumPartitions, Setting::Count(6));
        let produce = Produce {
            count: 30,
            ..Produce::of(set("clients-5"))
        };
        insert(&mut scenario, Instant::ZERO, Action::Produce(produce));
        if let Some(to) = growth {
            let at = Instant::from_millis(1_000);
            insert(&mut scenario, at, Action::AddPartitions(to));
        }
        scenario
    }

    #[test]
    fn a_scenario_gets_its_own_settings_back_unchanged() {
        for scenario in [scenario(None), scenario(Some(12))] {
            assert_eq!(Settings::of(&scenario).apply(&scenario), scenario);
        }
    }

    #[test]
    fn a_topic_that_is_made_to_grow_does_so_half_way() {
        let base = scenario(None);
        let mut settings = Settings::of(&base);
        settings.grown = 12;
        let grown = settings.apply(&base);
        assert_eq!(Settings::of(&grown).grown, 12);
        let mut run = Simulation::new(grown);
        let end = run.end();
        run.run_until(end);
        assert_eq!(run.partitions(), 12);
    }

    #[test]
    fn a_growth_that_is_none_any_more_is_left_out() {
        let base = scenario(Some(12));
        let mut settings = Settings::of(&base);
        settings.partitions = 12;
        let applied = settings.apply(&base);
        assert_eq!(growths(&applied).count(), 0);
        assert_eq!(applied.config.partitions(), 12);
    }

    #[test]
    fn every_key_is_sent_in_as_many_sends_as_before() {
        let base = scenario(None);
        let mut settings = Settings::of(&base);
        settings.keys = set("capteurs-100");
        let applied = settings.apply(&base);
        let produce = produces(&applied).next().unwrap();
        assert_eq!((produce.count, produce.burst), (100, 4));
        assert_eq!(applied.end(), {
            let mut shorter = base;
            for produce in produces_mut(&mut shorter) {
                produce.count = 25;
            }
            shorter.end()
        });
    }

    #[test]
    fn a_partitioner_of_the_other_family_drops_what_it_does_not_know() {
        let mut config = Config::default();
        config
            .set_text(Property::StickyPartitioningLingerMs, "10ms")
            .unwrap();
        let java = with_partitioner(&config, Partitioner::JavaDefault);
        assert_eq!(java.get(Property::StickyPartitioningLingerMs), None);
        let murmur2 = with_partitioner(&config, Partitioner::Murmur2Random);
        assert!(murmur2.get(Property::StickyPartitioningLingerMs).is_some());
    }
}

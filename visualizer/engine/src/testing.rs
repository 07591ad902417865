//! Scenarios at random, for property tests.

use crate::config::{Config, Form, PROPERTIES, Scope, Setting};
use crate::ids::PartitionId;
use crate::keys::KeySet;
use crate::partitioner::Partitioner;
use crate::scenario::{Action, Keys, Kind, Produce, Scenario, Skew, TimedAction};
use crate::time::{Duration, Instant};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Valid scenarios with at most this many actions, each of at most a few dozen records.
pub(crate) fn scenario(actions: usize) -> impl Strategy<Value = Scenario> {
    let head = (
        any::<u64>(),
        "\\PC{0,12}",
        "[a-z.]{1,8}",
        option::of(duration(5_000_000)),
    );
    let configs = (config(true), option::of(config(false)));
    (head, configs, vec(action(), 0..=actions)).prop_map(
        |((seed, title, topic, duration), (config, compare), actions)| {
            let mut scenario = Scenario {
                seed,
                topic: topic.as_str().into(),
                duration,
                config,
                compare,
                actions,
                ..Scenario::new(Kind::Partitioning, &title)
            };
            scenario.actions.sort_by_key(|action| action.at);
            while let Some((index, _)) = scenario.faulty_actions().first() {
                scenario.actions.remove(*index);
            }
            scenario
        },
    )
}

fn config(first: bool) -> impl Strategy<Value = Config> {
    let partitioner = prop::sample::select(Partitioner::ALL.to_vec());
    let known = PROPERTIES
        .iter()
        .filter(|spec| spec.property.suits(Kind::Partitioning));
    let settings: Vec<_> = known
        .map(|spec| option::of(setting(spec.form)).prop_map(move |setting| (spec, setting)))
        .collect();
    (partitioner, settings).prop_map(move |(partitioner, settings)| {
        let mut config = Config::default();
        for (spec, setting) in settings {
            let suits = match spec.scope {
                Scope::Topic => first,
                Scope::Producer => true,
                Scope::ProducerOf(client) => client == partitioner.client(),
                Scope::Consumer | Scope::Broker | Scope::Simulation => false,
            };
            match (spec.form, setting) {
                (Form::Partitioner, _) => {
                    config.set(spec.property, Setting::Partitioner(partitioner));
                }
                (_, Some(setting)) if suits => config.set(spec.property, setting),
                _ => {}
            }
        }
        config
    })
}

/// Values small enough that batches fill, wait and leave in a few records.
fn setting(form: Form) -> BoxedStrategy<Setting> {
    match form {
        Form::Count { min, .. } => (min..20).prop_map(Setting::Count).boxed(),
        Form::Milliseconds { .. } => duration(30_000).prop_map(Setting::Time).boxed(),
        Form::Bytes { min, .. } => (min..2_000).prop_map(Setting::Bytes).boxed(),
        Form::Flag => any::<bool>().prop_map(Setting::Flag).boxed(),
        Form::Partitioner => Just(Setting::Partitioner(Partitioner::ConsistentRandom)).boxed(),
        Form::Choice(words) => prop::sample::select(words)
            .prop_map(Setting::Choice)
            .boxed(),
        Form::Text => "[a-z]{1,6}".prop_map(Setting::Text).boxed(),
    }
}

fn duration(max_us: u64) -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..=max_us).prop_map(Duration),
        (0..=max_us / 1_000).prop_map(Duration::from_millis)
    ]
}

fn action() -> impl Strategy<Value = TimedAction> {
    let action = prop_oneof![
        4 => produce().prop_map(Action::Produce),
        1 => (2..40_i32).prop_map(Action::AddPartitions),
    ];
    (duration(300_000), action).prop_map(|(at, action)| TimedAction {
        at: Instant::ZERO + at,
        action,
    })
}

fn produce() -> impl Strategy<Value = Produce> {
    let keys = prop_oneof![
        Just(Keys::Null),
        vec("\\PC{0,5}", 1..6).prop_map(Keys::List),
        prop::sample::select(vec!["clients-5", "restaurants-50"])
            .prop_map(|name| Keys::Set(KeySet::from_name(name).expect("a known set"))),
    ];
    let skew = option::of(("\\PC{0,5}", 0..=100_u8).prop_map(|(key, share)| Skew { key, share }));
    let partition = option::weighted(0.2, (0..6).prop_map(PartitionId));
    let numbers = (1..40_u32, 1..8_u32, 0..600_u32);
    (keys, numbers, duration(20_000), skew, partition).prop_map(
        |(keys, numbers, every, skew, partition)| Produce {
            count: numbers.0,
            burst: numbers.1,
            value_size: numbers.2,
            every,
            skew,
            partition,
            ..Produce::of(keys)
        },
    )
}

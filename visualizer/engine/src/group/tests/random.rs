//! Rules over random scenarios.

use super::*;
use crate::config::{Property, Setting};
use crate::scenario::{Action, Keys, Kind, Produce, Step, TimedAction};
use proptest::prelude::*;

fn config() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let choice = |name: &'static str, values: &'static [&'static str]| {
        proptest::sample::select(values).prop_map(move |value| (name, value.to_owned()))
    };
    (
        choice("group.protocol", &["classic", "consumer"]),
        choice(
            "partition.assignment.strategy",
            &["range", "roundrobin", "cooperative-sticky"],
        ),
        choice("simulation.client", &["librdkafka", "java"]),
        choice(
            "simulation.handler",
            &[
                "auto",
                "store-after",
                "sync-before",
                "sync-after",
                "async-after",
                "batch",
                "task-pool",
                "low-water-mark",
            ],
        ),
        choice("auto.offset.reset", &["earliest", "latest"]),
        choice("simulation.latency", &["0ms", "1ms", "300ms"]),
        choice("simulation.processing.jitter", &["0", "80"]),
        choice("simulation.batch", &["1", "7"]),
    )
        .prop_map(|all| {
            let mut list = vec![all.0, all.2, all.3, all.4, all.5, all.6, all.7];
            if list[0].1 == "classic" {
                list.push(all.1);
                list.push(("session.timeout.ms", "6s".to_owned()));
            }
            list.push(("max.poll.interval.ms", "10s".to_owned()));
            list
        })
}

fn action() -> impl Strategy<Value = Action> {
    let name = proptest::sample::select(&["C1", "C2", "C3", "C4"][..]);
    let step = |text: String| Action::Do(text.parse::<Step>().unwrap());
    prop_oneof![
        3 => (name.clone(), prop::bool::weighted(0.2)).prop_map(move |(name, fixed)| step(
            if fixed { format!("join {name} static=i-{name}") } else { format!("join {name}") }
        )),
        1 => name.clone().prop_map(move |name| step(format!("close {name}"))),
        1 => name.clone().prop_map(move |name| step(format!("terminate {name}"))),
        2 => name.clone().prop_map(move |name| step(format!("crash {name}"))),
        2 => name.clone().prop_map(move |name| step(format!("restart {name}"))),
        1 => (name.clone(), 1_u32..20).prop_map(move |(name, s)| step(format!("pause {name} {s}s"))),
        1 => (name, 1_u32..30).prop_map(move |(name, s)| step(format!("slow {name} {s}s"))),
        3 => (1_u32..60, 0_u64..500).prop_map(|(count, every)| {
            let mut produce = Produce::of(Keys::List(vec!["a".into(), "b".into(), "c".into()]));
            produce.count = count;
            produce.every = Duration::from_millis(every);
            Action::Produce(produce)
        }),
        1 => (5_i32..9).prop_map(Action::AddPartitions),
    ]
}

fn scenario_of(
    config: Vec<(&'static str, String)>,
    actions: Vec<(u64, Action)>,
    partitions: u32,
    seed: u64,
) -> Scenario {
    let mut scenario = Scenario::new(Kind::Rebalancing, "Hasard");
    scenario.seed = seed;
    scenario
        .config
        .set(Property::NumPartitions, Setting::Count(partitions));
    for (name, value) in config {
        let property = Property::from_name(name).unwrap();
        scenario.config.set_text(property, &value).unwrap();
    }
    scenario.duration = Some(Duration::from_millis(120_000));
    let mut actions: Vec<TimedAction> = actions
        .into_iter()
        .map(|(ms, action)| TimedAction {
            at: Instant::from_millis(ms),
            action,
        })
        .collect();
    actions.sort_by_key(|one| one.at);
    scenario.actions = actions;
    scenario
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Two owners never, commits within the log, order within a partition, every record counted, and each record that is
    /// told to be processed is counted as such.
    #[test]
    fn rules_hold(
        config in config(),
        actions in prop::collection::vec((0_u64..60_000, action()), 1..14),
        partitions in 1_u32..5,
        seed: u64,
    ) {
        let scenario = scenario_of(config, actions, partitions, seed);
        let mut run: Run<GroupWorld> = Run::new(scenario);
        for at in [10, 30, 60, 120] {
            run.run_until(Instant::from_millis(at * 1_000));
            prop_assert!(run.world().every_record_is_counted());
        }
        let view = run.view();
        prop_assert!(view.breaches.is_empty(), "{:?}", view.breaches);
        let ended = when(&run, |event| matches!(event, GroupEvent::ProcessingEnded { .. })).len();
        let counted = view.counters.once + view.counters.replayed + view.counters.replays;
        prop_assert_eq!(ended as u64, counted);
        for partition in &view.partitions {
            prop_assert!(partition.committed.unwrap_or(0) <= partition.log_end);
        }
    }

    /// Left alone, the group settles: every partition has an owner, all read to the end, as long as somebody is there.
    #[test]
    fn a_group_left_alone_settles(
        config in config(),
        actions in prop::collection::vec((0_u64..60_000, action()), 1..14),
        partitions in 1_u32..5,
        seed: u64,
    ) {
        let mut scenario = scenario_of(config, actions, partitions, seed);
        scenario.duration = Some(Duration::from_millis(600_000));
        let mut run: Run<GroupWorld> = Run::new(scenario);
        run.run_until(Instant::from_millis(590_000));
        let view = run.view();
        let there = view.consumers.iter().filter(|one| matches!(one.life, super::super::Life::Running)).count();
        if there > 0 {
            for partition in &view.partitions {
                prop_assert_eq!(partition.now.kind, HoldingKind::Owned);
            }
            prop_assert_eq!(view.counters.waiting, 0);
            prop_assert_eq!(view.counters.in_flight, 0);
            let owned: usize = view.consumers.iter().map(|one| one.owned.len()).sum();
            prop_assert_eq!(owned, view.partitions.len());
        }
    }
}

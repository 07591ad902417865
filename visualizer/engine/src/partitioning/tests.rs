//! Runs of small scenarios, checked by hand.

use super::*;
use crate::config::{Config, Property};
use crate::event::{EventKind, PartitionReason};
use crate::ids::Offset;
use crate::keys::KeySet;
use crate::scenario::{Action, ActionError, Keys, Kind, Produce, Scenario, TimedAction};
use crate::time::Instant;

fn scenario(partitioner: &str, partitions: &str, actions: Vec<(u64, Action)>) -> Scenario {
    let mut scenario = Scenario::new(Kind::Partitioning, "essai");
    scenario
        .config
        .set_text(Property::NumPartitions, partitions)
        .unwrap();
    scenario
        .config
        .set_text(Property::Partitioner, partitioner)
        .unwrap();
    scenario.actions = actions
        .into_iter()
        .map(|(ms, action)| TimedAction {
            at: Instant::from_millis(ms),
            action,
        })
        .collect();
    scenario
}

fn customers() -> Keys {
    Keys::Set(KeySet::from_name("clients-5").unwrap())
}

fn nulls(count: u32, every_ms: u64) -> Action {
    Action::Produce(Produce {
        count,
        every: crate::time::Duration::from_millis(every_ms),
        ..Produce::of(Keys::Null)
    })
}

/// The partitions chosen so far, in the order of sending.
fn chosen(run: &Simulation) -> Vec<(i32, PartitionReason)> {
    run.events()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::PartitionChosen {
                partition, reason, ..
            } => Some((partition.0, reason.clone())),
            _ => None,
        })
        .collect()
}

fn finished(scenario: Scenario) -> Simulation {
    let mut run = Simulation::new(scenario);
    run.run_until(run.end());
    run
}

#[test]
fn a_record_is_sent_then_chosen_then_appended_when_its_batch_leaves() {
    let produce = Produce::of(Keys::List(vec!["customer-A".into()]));
    let mut run = Simulation::new(scenario(
        "consistent_random",
        "6",
        vec![(10, Action::Produce(produce))],
    ));
    let sent = run.step().to_vec();
    assert_eq!(run.now(), Instant::from_millis(10));
    assert!(matches!(sent[0].kind, EventKind::RecordSent { .. }));
    assert_eq!(sent[1].cause, Some(sent[0].id));
    let hash = crate::partitioner::crc32(b"customer-A");
    let reason = PartitionReason::Hashed { hash };
    assert!(
        matches!(&sent[1].kind, EventKind::PartitionChosen { reason: told, .. } if *told == reason)
    );
    assert_eq!(run.view().producers[0].waiting, 1);

    let appended = run.step().to_vec();
    assert_eq!(
        run.now(),
        Instant::from_millis(15),
        "linger.ms is 5 ms by default"
    );
    assert_eq!(appended[0].cause, Some(sent[1].id));
    let expected = PartitionId((hash % 6).cast_signed());
    let EventKind::RecordAppended {
        partition,
        offset,
        size_bytes,
        ..
    } = &appended[0].kind
    else {
        panic!()
    };
    assert_eq!(
        (*partition, *offset, *size_bytes),
        (expected, Offset(0), 110)
    );
    assert!(run.step().is_empty());
    assert!(run.finished());
}

#[test]
fn adding_partitions_moves_keys_and_the_view_tells_which() {
    let produce = Action::Produce(Produce {
        count: 40,
        ..Produce::of(customers())
    });
    let run = finished(scenario(
        "consistent_random",
        "6",
        vec![(0, produce), (2_050, Action::AddPartitions(12))],
    ));
    let keys = run.keys();
    for key in &keys {
        let partition = |n| {
            crate::partitioner::Partitioner::ConsistentRandom
                .keyed(key.key.as_bytes(), n)
                .unwrap()
                .0
        };
        assert_eq!(key.partition, partition(12), "{key:?}");
        assert_eq!(
            key.moved_from,
            (partition(6) != partition(12)).then(|| partition(6)),
            "{key:?}"
        );
        assert_eq!(key.records, 8);
    }
    let moved = keys.iter().filter(|key| key.moved_from.is_some()).count();
    assert_eq!(run.view().producers[0].keys_moved, moved as u64);
    let view = run.view();
    assert_eq!(
        view.topic.partitions[11].added_at,
        Some(Instant::from_millis(2_050))
    );
    assert_eq!(
        view.topic
            .partitions
            .iter()
            .map(|partition| partition.log_end.0)
            .sum::<i64>(),
        40
    );
}

/// Measured on librdkafka's mock cluster: a burst of null keys lands on one partition.
#[test]
fn null_keys_in_a_burst_stay_together_with_librdkafka() {
    let run = finished(scenario(
        "consistent_random",
        "6",
        vec![(0, nulls(2_000, 0))],
    ));
    let chosen = chosen(&run);
    assert_eq!(chosen.len(), 2_000);
    assert!(
        chosen
            .iter()
            .all(|choice| *choice == (chosen[0].0, PartitionReason::Sticky))
    );
}

#[test]
fn null_keys_change_partition_only_after_the_sticky_interval() {
    let run = finished(scenario("murmur2_random", "50", vec![(0, nulls(100, 4))]));
    let chosen = chosen(&run);
    // 10 ms is twice linger.ms: draws at 0, 12, 24 ms…, every third record.
    for three in chosen.chunks(3) {
        assert!(three.iter().all(|choice| choice == &three[0]));
    }
    let distinct: std::collections::BTreeSet<_> = chosen.iter().map(|choice| choice.0).collect();
    assert!(distinct.len() > 15, "{distinct:?}");
}

#[test]
fn without_sticky_interval_each_null_key_is_drawn() {
    let mut scenario = scenario("consistent_random", "6", vec![(0, nulls(60, 0))]);
    scenario
        .config
        .set_text(Property::StickyPartitioningLingerMs, "0")
        .unwrap();
    let chosen = chosen(&finished(scenario));
    assert!(
        chosen
            .iter()
            .all(|choice| choice.1 == PartitionReason::Random)
    );
    assert_eq!(
        chosen
            .iter()
            .map(|choice| choice.0)
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        6
    );
}

#[test]
fn partitioners_without_random_send_null_keys_to_the_partition_of_the_empty_key() {
    for (partitioner, partition) in [("consistent", 0), ("murmur2", 3), ("fnv1a", 3)] {
        let chosen = chosen(&finished(scenario(
            partitioner,
            "6",
            vec![(0, nulls(3, 1))],
        )));
        assert_eq!(
            chosen,
            vec![(partition, PartitionReason::NullKeyFixed); 3],
            "{partitioner}"
        );
    }
}

#[test]
fn an_empty_key_is_sticky_for_crc32_and_hashed_for_murmur2() {
    let empty = || Action::Produce(Produce::of(Keys::List(vec![String::new()])));
    let reason = |partitioner| {
        chosen(&finished(scenario(partitioner, "6", vec![(0, empty())])))[0]
            .1
            .clone()
    };
    assert_eq!(reason("consistent_random"), PartitionReason::Sticky);
    assert_eq!(
        reason("murmur2_random"),
        PartitionReason::Hashed { hash: 0x106e_08d9 }
    );
    assert_eq!(
        reason("java_default"),
        PartitionReason::Hashed { hash: 0x106e_08d9 }
    );
}

#[test]
fn java_leaves_a_partition_after_batch_size_bytes() {
    let mut scenario = scenario("java_default", "50", vec![(0, nulls(400, 1))]);
    scenario
        .config
        .set_text(Property::BatchSize, "1000")
        .unwrap();
    let chosen = chosen(&finished(scenario));
    let mut runs = vec![0];
    for pair in chosen.windows(2) {
        if pair[0] == pair[1] {
            *runs.last_mut().unwrap() += 1;
        } else {
            runs.push(1);
        }
    }
    // About 109 bytes a record and 61 a batch of 6 (5 ms): at least 1000 bytes are 9 records, 2000 bytes are 18.
    assert!(
        runs.len() > 20
            && runs[..runs.len() - 1]
                .iter()
                .all(|run| (8..=36).contains(run)),
        "{runs:?}"
    );
}

#[test]
fn java_kip_480_changes_partition_with_each_batch() {
    let run = finished(scenario("java_sticky", "50", vec![(0, nulls(60, 1))]));
    let chosen = chosen(&run);
    // A batch takes what comes within linger.ms: at 0, 1, 2, 3, 4 ms; it has left when the next record comes at 5 ms...
    let changes: Vec<_> = (1..60)
        .filter(|&index| chosen[index] != chosen[index - 1])
        .collect();
    assert_eq!(changes, (1..12).map(|batch| batch * 5).collect::<Vec<_>>());
}

#[test]
fn round_robin_takes_turns_whatever_the_keys() {
    let produce = Action::Produce(Produce {
        count: 7,
        ..Produce::of(customers())
    });
    let chosen = chosen(&finished(scenario("round_robin", "3", vec![(0, produce)])));
    assert_eq!(
        chosen.iter().map(|choice| choice.0).collect::<Vec<_>>(),
        [0, 1, 2, 0, 1, 2, 0]
    );
}

#[test]
fn get_hash_code_changes_with_the_process() {
    let partitions = |seed| {
        let mut scenario = scenario(
            "get_hash_code",
            "6",
            vec![(0, Action::Produce(Produce::of(customers())))],
        );
        scenario.seed = seed;
        chosen(&finished(scenario))
            .iter()
            .map(|choice| choice.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(partitions(1), partitions(1));
    assert_ne!(partitions(1), partitions(2));
}

#[test]
fn an_application_may_name_the_partition() {
    let produce = Produce {
        partition: Some(PartitionId(4)),
        ..Produce::of(customers())
    };
    let chosen = chosen(&finished(scenario(
        "consistent_random",
        "6",
        vec![(0, Action::Produce(produce))],
    )));
    assert_eq!(chosen, vec![(4, PartitionReason::Explicit); 5]);
}

#[test]
fn two_producers_send_the_same_records_to_one_topic() {
    let produce = Action::Produce(Produce {
        count: 30,
        ..Produce::of(customers())
    });
    let mut scenario = scenario("consistent_random", "6", vec![(0, produce)]);
    let mut java = Config::default();
    java.set_text(Property::Partitioner, "java_default")
        .unwrap();
    scenario.compare = Some(java);
    let alone = {
        chosen(&finished(Scenario {
            compare: None,
            ..scenario.clone()
        }))
    };
    let run = finished(scenario);
    let view = run.view();
    assert_eq!(
        view.producers
            .iter()
            .map(|producer| producer.id.as_str())
            .collect::<Vec<_>>(),
        [".NET", "Java"]
    );
    let by = |index: usize| {
        view.topic
            .partitions
            .iter()
            .map(|p| p.records_by_producer[index])
            .sum::<u64>()
    };
    assert_eq!((by(0), by(1)), (30, 30));
    let both = chosen(&run);
    let first: Vec<_> = both.iter().step_by(2).cloned().collect();
    assert_eq!(
        first, alone,
        "the second producer does not disturb the first"
    );
}

#[test]
fn a_second_producer_of_the_same_language_is_named_after_its_partitioner() {
    let mut scenario = scenario("consistent_random", "6", vec![]);
    let mut fixed = Config::default();
    fixed
        .set_text(Property::Partitioner, "murmur2_random")
        .unwrap();
    scenario.compare = Some(fixed);
    assert_eq!(
        scenario.producers(),
        [".NET".into(), ".NET murmur2_random".into()]
    );
}

#[test]
fn acting_in_the_past_forgets_what_came_later() {
    let produce = Action::Produce(Produce {
        count: 30,
        ..Produce::of(customers())
    });
    let mut run = finished(scenario(
        "consistent_random",
        "6",
        vec![(0, produce), (2_000, Action::AddPartitions(12))],
    ));
    run.seek(Instant::from_millis(1_000));
    run.act(Action::AddPartitions(8)).unwrap();
    assert_eq!(run.scenario().actions.len(), 2);
    assert_eq!(run.partitions(), 8);
    run.run_until(run.end());
    assert_eq!(run.partitions(), 8, "the growth planned for later is gone");
    assert_eq!(run.view().producers[0].sent, 30, "what had begun goes on");
}

#[test]
fn an_action_that_makes_no_sense_is_refused_and_changes_nothing() {
    let mut run = Simulation::new(scenario(
        "consistent_random",
        "6",
        vec![(2_000, Action::AddPartitions(12))],
    ));
    run.run_until(Instant::from_millis(1_000));
    assert_eq!(
        run.act(Action::AddPartitions(6)),
        Err(ActionError::NotMorePartitions {
            current: 6,
            asked: 6
        })
    );
    assert_eq!(
        run.act(Action::AddPartitions(1_001)),
        Err(ActionError::TooManyPartitions)
    );
    let nowhere = Produce {
        partition: Some(PartitionId(6)),
        ..Produce::of(Keys::Null)
    };
    let refused = ActionError::NoSuchPartition {
        current: 6,
        asked: 6,
    };
    assert_eq!(run.act(Action::Produce(nowhere)), Err(refused));
    assert_eq!(run.scenario().actions.len(), 1);
}

#[test]
fn a_run_ends_after_its_last_record_or_when_it_is_told_to() {
    let produce = Action::Produce(Produce {
        count: 30,
        ..Produce::of(customers())
    });
    let mut scenario = scenario("consistent_random", "6", vec![(0, produce)]);
    assert_eq!(
        scenario.end(),
        Instant::from_millis(3_000),
        "29 × 100 ms, and linger.ms"
    );
    scenario.duration = Some(crate::time::Duration::from_millis(700));
    let mut run = finished(scenario);
    assert_eq!(run.view().producers[0].sent, 8);
    run.act(nulls(11, 100)).unwrap();
    assert_eq!(
        run.end(),
        Instant::from_millis(1_700),
        "an action moves the end"
    );
}

#[test]
fn a_long_run_is_scrubbed_through_its_checkpoints() {
    let mut run = Simulation::new(scenario(
        "consistent_random",
        "6",
        vec![(0, nulls(60_000, 1))],
    ));
    run.run_until(run.end());
    let total = run.events().len();
    for ms in [59_000, 100, 30_000, 59_999, 0, 45_000] {
        run.seek(Instant::from_millis(ms));
        assert_eq!(run.view().producers[0].sent, ms + 1);
    }
    run.seek(run.end());
    assert_eq!(run.events().len(), total);
}

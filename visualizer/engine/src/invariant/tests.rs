//! Each rule caught at work, and all of them over random runs.

use super::*;
use crate::partitioning::Simulation;
use crate::scenario::Scenario;
use crate::testing::scenario;
use crate::time::Duration;
use proptest::prelude::*;

/// Events of a tiny run that keeps all rules, with this change.
fn after(change: impl FnOnce(&mut Vec<Event>)) -> Option<Rule> {
    let topic = TopicName::from("t");
    let producer = ProducerId::from("p");
    let mut kinds = vec![EventKind::TopicCreated {
        topic: topic.clone(),
        partitions: 2,
    }];
    for number in 0..2 {
        let record = RecordId(number);
        let partition = PartitionId(1);
        let offset = Offset(number.cast_signed());
        let key = Some(RecordKey::from("k"));
        kinds.extend([
            EventKind::RecordSent {
                producer: producer.clone(),
                record,
                topic: topic.clone(),
                key: key.clone(),
            },
            EventKind::PartitionChosen {
                producer: producer.clone(),
                record,
                partition,
                reason: PartitionReason::Hashed { hash: 3 },
            },
            EventKind::RecordAppended {
                topic: topic.clone(),
                partition,
                offset,
                key,
                size_bytes: 1,
                record: Some(record),
            },
        ]);
    }
    let mut events: Vec<Event> = (0..)
        .zip(kinds)
        .map(|(id, kind)| Event {
            id: EventId::new(id),
            at: Instant(id),
            cause: None,
            kind,
        })
        .collect();
    change(&mut events);
    check(&events).err().map(|breach| breach.rule)
}

#[test]
fn each_rule_is_noticed_when_broken() {
    assert_eq!(after(|_| {}), None);
    assert_eq!(
        after(|events| events[3].id = EventId::new(9)),
        Some(Rule::NumberedWithoutGaps)
    );
    assert_eq!(
        after(|events| events[3].at = Instant(0)),
        Some(Rule::TimeGoesOn)
    );
    assert_eq!(
        after(|events| events[3].cause = Some(EventId::new(3))),
        Some(Rule::CausesComeFirst)
    );
    let created = |partitions| EventKind::TopicCreated {
        topic: "t".into(),
        partitions,
    };
    assert_eq!(
        after(|events| events[0].kind = created(1)),
        Some(Rule::PartitionsExist)
    );
    let grown = |from, to| EventKind::PartitionsAdded {
        topic: "t".into(),
        from,
        to,
    };
    assert_eq!(
        after(|events| events[4].kind = grown(2, 2)),
        Some(Rule::PartitionsExist)
    );
    assert_eq!(
        after(|events| events[4].kind = grown(3, 4)),
        Some(Rule::PartitionsExist)
    );

    let chosen = |record, partition| EventKind::PartitionChosen {
        producer: "p".into(),
        record: RecordId(record),
        partition: PartitionId(partition),
        reason: PartitionReason::Hashed { hash: 3 },
    };
    assert_eq!(
        after(|events| events[5].kind = chosen(1, 0)),
        Some(Rule::OneHashedPartitionPerKey)
    );
    assert_eq!(
        after(|events| events[5].kind = chosen(0, 1)),
        Some(Rule::RecordsAccountedFor)
    );
    assert_eq!(
        after(|events| events[5].kind = chosen(7, 1)),
        Some(Rule::RecordsAccountedFor)
    );

    let appended = |record, partition, offset| EventKind::RecordAppended {
        topic: "t".into(),
        partition: PartitionId(partition),
        offset: Offset(offset),
        key: None,
        size_bytes: 1,
        record: Some(RecordId(record)),
    };
    assert_eq!(
        after(|events| events[6].kind = appended(1, 1, 2)),
        Some(Rule::OffsetsWithoutGaps)
    );
    assert_eq!(
        after(|events| events[6].kind = appended(0, 1, 1)),
        Some(Rule::RecordsAccountedFor)
    );
    assert_eq!(
        after(|events| events[6].kind = appended(1, 0, 0)),
        Some(Rule::RecordsAccountedFor)
    );
    assert_eq!(
        after(|events| events[6].kind = appended(1, 2, 0)),
        Some(Rule::PartitionsExist)
    );
    assert_eq!(
        after(|events| events[6].kind = appended(1, -1, 1)),
        Some(Rule::PartitionsExist)
    );
}

#[test]
fn records_of_a_key_that_overtake_each_other_are_noticed() {
    let overtaking = |events: &mut Vec<Event>| {
        // Both sent and chosen first, then the second appended before the first.
        let order = [0, 1, 2, 4, 5, 6, 3];
        *events = order.map(|index: usize| events[index].clone()).to_vec();
        for (id, event) in (0..).zip(events.iter_mut()) {
            event.id = EventId::new(id);
            event.at = Instant(id);
        }
        for (event, number) in [(5, 0), (6, 1)] {
            if let EventKind::RecordAppended { offset, .. } = &mut events[event].kind {
                *offset = Offset(number);
            }
        }
    };
    assert_eq!(after(overtaking), Some(Rule::OrderPerKey));
}

/// The run of a scenario until nothing is left to happen.
fn finished(scenario: &Scenario) -> Simulation {
    let mut run = Simulation::new(scenario.clone());
    while !run.step().is_empty() {}
    run
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn random_runs_keep_all_rules(scenario in scenario(8)) {
        let run = finished(&scenario);
        let checker = check(run.events());
        prop_assert!(checker.is_ok(), "{:?}", checker.err());
        prop_assert_eq!(checker.map(|checker| checker.waiting()), Ok(0), "records that never left");
    }

    #[test]
    fn the_same_scenario_gives_the_same_events_byte_for_byte(scenario in scenario(5)) {
        let json = |run: &Simulation| serde_json::to_string(run.events()).expect("events are serialisable");
        prop_assert_eq!(json(&finished(&scenario)), json(&finished(&scenario)));
    }

    /// Wherever one goes, and by whatever way, the state is that of a run straight to that instant.
    #[test]
    fn seeking_is_running(scenario in scenario(6), path in proptest::collection::vec(0..400_000_u64, 1..8)) {
        let mut seeker = Simulation::new(scenario.clone());
        for us in path {
            seeker.seek(Instant(us));
            let mut runner = Simulation::new(scenario.clone());
            runner.run_until(Instant(us));
            prop_assert_eq!(seeker.now(), Instant(us));
            prop_assert_eq!(seeker.view(), runner.view());
            prop_assert_eq!(seeker.keys(), runner.keys());
            prop_assert_eq!(seeker.events(), runner.events());
        }
    }

    /// A run that was forked, in the past or the present, is the run of the scenario that it has become.
    #[test]
    fn a_fork_is_the_run_of_its_own_scenario(
        scenario in scenario(4),
        acts in scenario_actions(),
        steps in 0..40_usize,
    ) {
        let mut fork = Simulation::new(scenario);
        for (us, action) in acts {
            fork.seek(Instant(us));
            for _ in 0..steps % 5 {
                fork.step();
            }
            // An action may be refused in the state the run is in.
            let _ = fork.act(action);
        }
        let end = fork.end() + Duration::from_millis(100);
        fork.seek(end);
        let mut replay = Simulation::new(fork.scenario().clone());
        replay.run_until(end);
        prop_assert_eq!(fork.view(), replay.view());
        prop_assert_eq!(fork.events(), replay.events());
        prop_assert!(check(fork.events()).is_ok());
    }
}

fn scenario_actions() -> impl Strategy<Value = Vec<(u64, crate::scenario::Action)>> {
    scenario(3).prop_map(|scenario| {
        let mut acts: Vec<_> = scenario
            .actions
            .into_iter()
            .map(|timed| (timed.at.0, timed.action))
            .collect();
        // Not in the order of time: each one forks the past of the one before.
        acts.reverse();
        acts
    })
}

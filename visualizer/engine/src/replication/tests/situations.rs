//! `acks` × `min.insync.replicas` × crashes: acknowledged and kept, acknowledged and lost, refused, unknown.

use super::{elections, run, told, when};
use crate::event::{Election, ProduceError, ReplicationEvent as E, ShrinkReason};
use crate::ids::{BrokerId, Offset};
use crate::query::{Value, evaluate_in};
use crate::replication::Simulation;
use crate::replication::view::{BrokerState, Counters, Status};
use crate::time::Instant;

fn counters(run: &Simulation) -> Counters {
    run.view().counters
}

#[test]
fn a_record_is_committed_one_fetch_after_it_is_copied() {
    let run = run(
        &[("linger.ms", "0"), ("min.insync.replicas", "2")],
        &[(1_000, "produce 1")],
        3_000,
    );
    let at = |is: fn(&E) -> bool| when(&run, is).expect("told");
    assert_eq!(at(|e| matches!(e, E::BatchSent { .. })), 1_000);
    assert_eq!(at(|e| matches!(e, E::RecordsReplicated { .. })), 1_002);
    assert_eq!(at(|e| matches!(e, E::HighWatermarkAdvanced { .. })), 1_003);
    assert_eq!(at(|e| matches!(e, E::RecordsAcknowledged { .. })), 1_004);
    // The followers learn so when the leader has kept their fetch for replica.fetch.wait.max.ms.
    assert_eq!(at(|e| matches!(e, E::HighWatermarkLearned { .. })), 1_504);
    assert_eq!(counters(&run).consumed, 1);
}

/// `acks=1`, and the leader dies before its followers copy: acknowledged and lost. `acks=all` in the same situation is not
/// acknowledged, is sent again, and is kept.
#[test]
fn the_leader_dies_before_the_followers_copy() {
    let actions = [
        (1_000, "slow broker-2 5s"),
        (1_000, "slow broker-3 5s"),
        (1_600, "produce 3"),
        (1_650, "crash broker-1"),
    ];
    let one = run(&[("acks", "1")], &actions, 30_000);
    assert_eq!(counters(&one).acknowledged_lost, 3);
    assert_eq!(elections(&one), [(2, Election::InSync)]);
    assert!(told(&one).any(|(_, event)| matches!(
        event,
        E::RecordsLost { records, acknowledged: 3, .. } if records.len() == 3
    )));

    let all = run(&[("acks", "all")], &actions, 30_000);
    assert_eq!(counters(&all).acknowledged_kept, 3);
    assert_eq!(counters(&all).duplicates, 0);
    assert!(told(&all).any(|(_, event)| matches!(
        event,
        E::BatchFailed {
            error: ProduceError::Transport,
            ..
        }
    )));

    let none = run(&[("acks", "0")], &actions, 30_000);
    assert_eq!(counters(&none).acknowledged_lost, 3);
}

/// The returning leader cuts off what the others never had.
#[test]
fn the_old_leader_comes_back_and_is_cut() {
    let run = run(
        &[("acks", "1")],
        &[
            (1_000, "slow broker-2 5s"),
            (1_000, "slow broker-3 5s"),
            (1_600, "produce 3"),
            (1_650, "crash broker-1"),
            (20_000, "produce 2"),
            (25_000, "restart broker-1"),
        ],
        40_000,
    );
    let truncated = told(&run).find_map(|(_, event)| match event {
        E::LogTruncated {
            broker,
            to,
            removed,
            ..
        } => Some((broker.0, to.0, removed.len())),
        _ => None,
    });
    assert_eq!(truncated, Some((1, 0, 3)));
    let view = run.view();
    assert_eq!(view.partitions[0].isr.len(), 3);
    assert!(
        view.partitions[0]
            .replicas
            .iter()
            .all(|replica| replica.log_end == Offset(2))
    );
    assert_eq!(view.counters.acknowledged_lost, 3);
    assert_eq!(view.counters.acknowledged_kept, 2);
}

/// RF=3, `min.insync.replicas=2`, `acks=all`: one broker down is harmless, with two down nothing is written any more, and
/// reading goes on.
#[test]
fn two_brokers_down_refuse_writes() {
    let settings = [("min.insync.replicas", "2"), ("delivery.timeout.ms", "5s")];
    let one = run(
        &settings,
        &[(1_000, "crash broker-3"), (15_000, "produce 2")],
        30_000,
    );
    assert_eq!(counters(&one).acknowledged_kept, 2);
    assert_eq!(one.view().partitions[0].isr.len(), 2);

    let two = run(
        &settings,
        &[
            (500, "produce 1"),
            (1_000, "crash broker-3"),
            (1_000, "crash broker-2"),
            (15_000, "produce 2"),
        ],
        30_000,
    );
    assert_eq!(counters(&two).refused, 2);
    assert_eq!(counters(&two).consumed, 1);
    let view = two.view();
    assert_eq!(*view.partitions[0].isr, [BrokerId(1)]);
    assert_eq!(view.partitions[0].elr.len(), 1);
    assert_eq!(
        view.producer.records[1].status,
        Status::Refused(ProduceError::MsgTimedOut)
    );
    let refusals = told(&two).filter(|(_, event)| {
        matches!(
            event,
            E::BatchFailed {
                error: ProduceError::NotEnoughReplicas,
                ..
            }
        )
    });
    assert!(refusals.count() > 3, "tried again and again");
}

/// KIP-966: below `min.insync.replicas`, `acks=1` is acknowledged, and hidden from consumers.
#[test]
fn a_small_isr_hides_what_acks_1_writes() {
    let run = run(
        &[("min.insync.replicas", "2"), ("acks", "1")],
        &[
            (1_000, "crash broker-3"),
            (1_000, "crash broker-2"),
            (15_000, "produce 2"),
        ],
        30_000,
    );
    assert_eq!(counters(&run).acknowledged_kept, 2);
    assert_eq!(counters(&run).consumed, 0);
    assert_eq!(run.view().partitions[0].high_watermark, Some(Offset(0)));
}

/// Everybody in the ISR dies. Without unclean election one waits; with it one loses.
#[test]
fn an_unclean_election_loses_what_was_acknowledged() {
    let actions = [
        (1_000, "crash broker-2"),
        (1_000, "crash broker-3"),
        (15_000, "produce 4"),
        (20_000, "crash broker-1"),
        (21_000, "restart broker-2"),
    ];
    let clean = run(&[], &actions, 60_000);
    assert_eq!(clean.view().partitions[0].leader, None);
    assert_eq!(counters(&clean).acknowledged_kept, 4);
    assert!(elections(&clean).is_empty());

    let unclean = run(
        &[("unclean.leader.election.enable", "true")],
        &actions,
        60_000,
    );
    assert_eq!(elections(&unclean), [(2, Election::Unclean)]);
    assert_eq!(counters(&unclean).acknowledged_lost, 4);
    assert_eq!(counters(&unclean).consumed_lost, 4);
    assert!(told(&unclean).any(|(_, event)| matches!(event, E::PositionTruncated { .. })));
}

/// The last leader comes back: nothing is lost, although its shutdown was unclean (KIP-966).
#[test]
fn the_last_leader_comes_back() {
    let run = run(
        &[],
        &[
            (1_000, "crash broker-2"),
            (1_000, "crash broker-3"),
            (15_000, "produce 4"),
            (20_000, "crash broker-1"),
            (40_000, "restart broker-1"),
        ],
        60_000,
    );
    assert_eq!(elections(&run), [(1, Election::LastKnown)]);
    assert_eq!(counters(&run).acknowledged_kept, 4);
    assert_eq!(run.view().partitions[0].epoch, 2);
}

/// A follower that fetches nothing leaves the ISR between one and one and a half `replica.lag.time.max.ms` later, and comes
/// back when it has caught up.
#[test]
fn a_slow_follower_leaves_the_isr_and_rejoins() {
    let run = run(
        &[("replica.lag.time.max.ms", "10s")],
        &[
            (2_000, "slow broker-3 30s"),
            (3_000, "produce 1"),
            (20_000, "produce 1"),
        ],
        40_000,
    );
    let left = when(
        &run,
        |event| matches!(event, E::IsrShrunk { removed, reason: ShrinkReason::Lag, .. } if **removed == [BrokerId(3)]),
    );
    assert_eq!(left, Some(15_001));
    let back = when(&run, |event| {
        matches!(
            event,
            E::IsrExpanded {
                added: BrokerId(3),
                ..
            }
        )
    });
    assert!(
        back.is_some_and(|back| (32_000..32_010).contains(&back)),
        "{back:?}"
    );
    // The first record waited for it, the second did not.
    let acknowledged: Vec<u64> = told(&run)
        .filter(|(_, event)| matches!(event, E::RecordsAcknowledged { .. }))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(acknowledged[0], 15_003);
    assert!(acknowledged[1] < 20_020);
}

/// A silent partition: a follower that fetches nothing has everything, and stays.
#[test]
fn a_slow_follower_of_an_idle_partition_stays_in_sync() {
    let run = run(
        &[("replica.lag.time.max.ms", "10s")],
        &[(1_000, "produce 1"), (2_000, "slow broker-3 60s")],
        50_000,
    );
    assert_eq!(run.view().partitions[0].isr.len(), 3);
    assert_eq!(
        run.view().brokers[2].state,
        BrokerState::Slow(Instant::from_millis(62_000))
    );
}

/// The leader dies after its followers have copied and before it has answered: the producer sends again. Without idempotence
/// the record is there twice; with it the new leader recognises it.
#[test]
fn a_retry_writes_twice_without_idempotence() {
    let actions = [(1_000, "produce 1"), (1_008, "crash broker-1")];
    let settings = [("simulation.latency", "2ms"), ("linger.ms", "0")];
    let without = run(&settings, &actions, 30_000);
    assert_eq!(counters(&without).acknowledged_kept, 1);
    assert_eq!(counters(&without).duplicates, 0, "answered in time");

    let actions = [(1_000, "produce 1"), (1_005, "crash broker-1")];
    let without = run(&settings, &actions, 30_000);
    assert_eq!(counters(&without).acknowledged_kept, 1);
    assert_eq!(counters(&without).duplicates, 1);
    let mut settings = settings.to_vec();
    settings.push(("enable.idempotence", "true"));
    let with = run(&settings, &actions, 30_000);
    assert_eq!(counters(&with).acknowledged_kept, 1);
    assert_eq!(counters(&with).duplicates, 0);
    assert!(told(&with).any(|(_, event)| matches!(event, E::DuplicateRecognised { .. })));
}

/// A dead broker is fenced between 9 s after its last heartbeat and an eighth of that later, whether it led or not; one that
/// is restarted meanwhile has to wait for that.
#[test]
fn a_quick_restart_waits_for_the_old_session() {
    let run = run(
        &[],
        &[(3_000, "crash broker-1"), (3_500, "restart broker-1")],
        30_000,
    );
    assert_eq!(
        when(&run, |event| matches!(event, E::BrokerFenced { .. })),
        Some(11_250)
    );
    assert!(when(&run, |event| matches!(event, E::RegistrationRefused { .. })).is_some());
    assert_eq!(run.view().partitions[0].isr.len(), 3);
    assert_eq!(run.view().partitions[0].leader, Some(BrokerId(2)));
}

/// The preferred leader takes over again at the next check, every five minutes.
#[test]
fn the_preferred_leader_takes_over_again() {
    let run = run(
        &[("num.partitions", "3")],
        &[(1_000, "crash broker-1"), (20_000, "restart broker-1")],
        310_000,
    );
    assert_eq!(
        elections(&run),
        [(2, Election::InSync), (1, Election::Preferred)]
    );
    let view = run.view();
    assert!(view.brokers.iter().all(|broker| broker.leads == 1));
}

#[test]
fn expressions_can_ask() {
    let run = run(
        &[("acks", "1")],
        &[(1_000, "produce 3"), (2_000, "crash broker-1")],
        30_000,
    );
    let ask = |expression: &str| evaluate_in(expression, &run).map_err(|error| error.to_string());
    assert_eq!(ask("kept()"), Ok(Value::Integer(3)));
    assert_eq!(ask("leader()"), Ok(Value::Integer(2)));
    assert_eq!(ask("log_end(3)"), Ok(Value::Integer(3)));
    assert_eq!(ask("in_sync(1, 0)"), Ok(Value::Integer(0)));
    assert_eq!(
        ask("isr()"),
        Ok(Value::List(vec![Value::Integer(2), Value::Integer(3)]))
    );
    assert!(ask("log_end(9)").is_err());
    assert!(ask("leader(1)").is_err());
}

/// The controller chooses a leader while a record that it fetched from the old one is on its way to it: the record is in the
/// log that counts, and is not lost.
#[test]
fn a_record_that_reaches_the_new_leader_late_is_kept() {
    let settings = [
        ("num.partitions", "3"),
        ("delivery.timeout.ms", "1s"),
        ("request.timeout.ms", "200ms"),
        ("min.insync.replicas", "1"),
        ("replica.lag.time.max.ms", "1s"),
        ("broker.session.timeout.ms", "500ms"),
        ("simulation.latency", "20ms"),
    ];
    let actions = [
        (520, "produce 1"),
        (550, "produce 1"),
        (560, "crash broker-3"),
    ];
    let run = run(&settings, &actions, 2_000);
    let counters = run.view().counters;
    assert_eq!(
        (counters.acknowledged_kept, counters.acknowledged_lost),
        (2, 0)
    );
}

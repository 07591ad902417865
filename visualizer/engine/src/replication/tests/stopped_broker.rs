//! A broker's process is stopped for a while: what its clients see, and what it does when it goes on.

use super::{elections, run, told, when};
use crate::event::{Election, ProduceError, ReplicationEvent as E};
use crate::ids::Offset;
use crate::replication::view::{BrokerState, Role};
use crate::time::Instant;

const ONE: [(&str, &str); 2] = [("acks", "1"), ("num.partitions", "1")];
const ALL: [(&str, &str); 2] = [("acks", "all"), ("num.partitions", "1")];

#[test]
fn a_short_stop_is_a_late_answer() {
    let actions = [(2_000, "pause broker-1 5s"), (3_000, "produce 3")];
    let stopped = run(&ONE, &actions, 6_000);
    let view = stopped.view();
    assert_eq!(
        view.brokers[0].state,
        BrokerState::Stopped(Instant::from_millis(7_000))
    );
    assert_eq!(
        (view.counters.in_flight, view.counters.acknowledged_kept),
        (3, 0)
    );
    let after = run(&ONE, &actions, 30_000);
    let answered = when(&after, |e| matches!(e, E::RecordsAcknowledged { .. }));
    assert_eq!(answered, Some(7_001), "written when it goes on");
    assert_eq!(when(&after, |e| matches!(e, E::LeaderElected { .. })), None);
    assert_eq!(when(&after, |e| matches!(e, E::BrokerFenced { .. })), None);
    let counters = after.view().counters;
    assert_eq!((counters.acknowledged_kept, counters.consumed), (3, 3));
}

/// Fenced, another leads: what it had in its socket it writes as the leader that it is no more, acknowledges with `acks=1`, and
/// then cuts off.
#[test]
fn a_leader_of_the_past_acknowledges_what_it_will_cut_off() {
    let actions = [
        (1_000, "produce 2"),
        (2_000, "pause broker-1 20s"),
        (3_000, "produce 3"),
        (30_000, "produce 1"),
    ];
    let one = run(&ONE, &actions, 60_000);
    assert_eq!(elections(&one), [(2, Election::InSync)]);
    let view = one.view();
    assert_eq!(view.counters.acknowledged_lost, 3);
    assert_eq!(view.counters.acknowledged_kept, 3);
    let cut = told(&one).find_map(|(_, event)| match event {
        E::LogTruncated {
            broker,
            to,
            removed,
            ..
        } => Some((broker.0, *to, removed.len())),
        _ => None,
    });
    assert_eq!(cut, Some((1, Offset(2), 3)));
    assert_eq!(view.partitions[0].isr.len(), 3, "it is in sync again");
    let restarted = when(&one, |e| matches!(e, E::BrokerRestarted { .. }));
    assert_eq!(restarted, None, "it is the same process");

    let all = run(&ALL, &actions, 60_000).view().counters;
    assert_eq!((all.acknowledged_lost, all.acknowledged_kept), (0, 6));
    assert_eq!(all.duplicates, 0);
}

/// The cluster has another leader within seconds; the .NET client does not know before `socket.timeout.ms`.
#[test]
fn the_client_waits_for_its_socket_timeout() {
    let actions = [(2_000, "pause broker-1 200s"), (3_000, "produce 3")];
    let run = run(&ALL, &actions, 100_000);
    let elected = when(&run, |e| matches!(e, E::LeaderElected { .. })).expect("another leader");
    assert!((9_000..13_000).contains(&elected), "{elected}");
    let failed = when(&run, |e| {
        matches!(
            e,
            E::BatchFailed {
                error: ProduceError::TimedOut,
                ..
            }
        )
    });
    assert_eq!(failed, Some(63_005));
    let answered = when(&run, |e| matches!(e, E::RecordsAcknowledged { .. })).expect("an answer");
    assert!((63_005..64_500).contains(&answered), "{answered}");
    assert_eq!(run.view().counters.consumed, 3);
}

#[test]
fn a_consumer_of_a_stopped_leader_waits_as_long() {
    let run = run(
        &[("acks", "all"), ("num.partitions", "2")],
        &[(2_000, "pause broker-1 200s")],
        100_000,
    );
    let learned = when(&run, |e| matches!(e, E::MetadataRefreshed { .. }));
    assert_eq!(learned, Some(62_002));
}

#[test]
fn a_stopped_follower_leaves_the_isr_when_it_is_fenced_and_comes_back() {
    let actions = [(2_000, "pause broker-2 20s"), (3_000, "produce 3")];
    let stopped = run(&ALL, &actions, 20_000).view();
    assert_eq!(stopped.partitions[0].isr.len(), 2);
    assert!(stopped.brokers[1].fenced);
    assert_eq!(stopped.counters.acknowledged_kept, 3);
    let after = run(&ALL, &actions, 60_000).view();
    assert_eq!(after.partitions[0].isr.len(), 3);
    assert_eq!(after.partitions[0].replicas[1].role, Role::Follower);
    assert_eq!(after.partitions[0].replicas[1].log_end, Offset(3));
}

#[test]
fn a_stopped_broker_can_be_killed() {
    let run = run(
        &ALL,
        &[
            (2_000, "pause broker-1 200s"),
            (3_000, "produce 3"),
            (4_000, "crash broker-1"),
            (40_000, "restart broker-1"),
        ],
        80_000,
    );
    // The connection breaks when the process dies, not before.
    let failed = when(&run, |e| matches!(e, E::BatchFailed { .. }));
    assert_eq!(failed, Some(4_001));
    assert_eq!(when(&run, |e| matches!(e, E::BrokerResumed { .. })), None);
    let view = run.view();
    assert_eq!(view.counters.acknowledged_kept, 3);
    assert_eq!(view.partitions[0].isr.len(), 3);
}

/// Everything stands still, and goes on where it was.
#[test]
fn all_brokers_can_be_stopped() {
    let run = run(
        &ALL,
        &[
            (2_000, "pause broker-1 20s"),
            (2_000, "pause broker-2 20s"),
            (2_000, "pause broker-3 20s"),
            (3_000, "produce 3"),
        ],
        60_000,
    );
    let view = run.view();
    assert_eq!(view.counters.acknowledged_kept, 3);
    assert_eq!(view.counters.duplicates, 0);
    assert_eq!(view.partitions[0].isr.len(), 3);
}

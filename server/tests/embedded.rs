//! The embedded cluster from end to end: what browsers are told is what happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper's failure is the test's failure"
)]

mod common;

use common::{Listener, embedded, eventually, get, lively, state};
use engine::event::EventKind;
use engine::ids::PartitionId;
use engine::live::{GroupState, Snapshot, Source};
use engine::partitioner::Partitioner;
use server::embedded::{Fault, PARTITIONS, TOPIC};
use server::live::Tuning;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

/// Frames often, and back at once after a failure.
fn quick() -> Tuning {
    Tuning {
        window: Duration::from_millis(20),
        longest_backoff: Duration::from_millis(500),
        ..Tuning::default()
    }
}

async fn observed(addr: SocketAddr) -> Snapshot {
    eventually(async || Some(state(addr).await).filter(|state| state.topic.is_some())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_shows_the_topic_and_where_it_is() {
    let server = embedded(quick(), lively()).await;
    let state = observed(server.addr()).await;
    assert_eq!(state.source, Source::Embedded);
    assert_eq!(state.unreachable, None);
    assert_eq!(state.topics, [TOPIC.into()]);
    assert!(state.observed_at_ms > 0 && state.observed_at_ms <= state.taken_at_ms);
    let topic = state.topic.unwrap();
    let numbers: Vec<PartitionId> = topic.partitions.iter().map(|p| p.partition).collect();
    assert_eq!(
        numbers,
        (0..PARTITIONS).map(PartitionId).collect::<Vec<_>>()
    );
    for partition in topic.partitions {
        assert!(
            partition
                .leader
                .is_some_and(|leader| partition.replicas.contains(&leader))
        );
        assert_eq!(partition.isr.len(), 3);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_land_where_the_partitioner_says_with_offsets_without_gaps() {
    let server = embedded(quick(), lively()).await;
    observed(server.addr()).await;
    let mut browser = Listener::open(server.addr(), "/api/v1/events", &[]).await;
    let mut next: BTreeMap<PartitionId, i64> = BTreeMap::new();
    let (mut records, mut last) = (0, None);
    while records < 200 {
        let frame = browser.frame().await;
        assert!(
            last.is_none_or(|seq| frame.seq == seq + 1),
            "frames without gaps"
        );
        assert_eq!(frame.skipped, 0);
        last = Some(frame.seq);
        for event in frame.events {
            let EventKind::RecordAppended {
                partition,
                offset,
                key,
                ..
            } = event.kind
            else {
                continue;
            };
            let key = key.expect("every order has a key");
            let keyed = Partitioner::ConsistentRandom.keyed(key.as_bytes(), PARTITIONS);
            assert_eq!(
                keyed.map(|(partition, _)| partition),
                Some(partition),
                "{key}"
            );
            let expected = next.insert(partition, offset.0 + 1);
            assert!(expected.is_none_or(|expected| expected == offset.0));
            records += 1;
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_group_owns_every_partition_exactly_once() {
    let server = embedded(quick(), lively()).await;
    let group = eventually(async || {
        let state = state(server.addr()).await;
        let complete = |group: &GroupState| {
            group.members.len() == 3 && group.members.iter().all(|m| !m.assignment.is_empty())
        };
        state.groups.into_iter().find(complete)
    })
    .await;
    let owned: Vec<i32> = group
        .members
        .iter()
        .flat_map(|member| &member.assignment)
        .map(|owned| owned.partition.0)
        .collect();
    let distinct: BTreeSet<i32> = owned.iter().copied().collect();
    assert_eq!(owned.len(), 6, "{group:?}");
    assert_eq!(distinct, (0..6).collect());
    let labels: Vec<&str> = group.members.iter().map(|m| m.label.as_str()).collect();
    assert_eq!(labels, ["consumer-1", "consumer-2", "consumer-3"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_consumed_and_committed_is_already_in_the_log() {
    let server = embedded(quick(), lively()).await;
    let start = observed(server.addr()).await;
    let after = format!("/api/v1/events?after={}", start.seq);
    let mut browser = Listener::open(server.addr(), &after, &[]).await;
    let partitions = start.topic.unwrap().partitions;
    let mut ends: BTreeMap<PartitionId, i64> =
        partitions.iter().map(|p| (p.partition, p.high.0)).collect();
    let (mut consumed, mut committed) = (0, 0);
    while consumed < 100 || committed < 10 {
        let frame = browser.frame().await;
        assert!(!frame.reset, "nothing was missed since the state was read");
        for event in frame.events {
            match event.kind {
                EventKind::RecordAppended {
                    partition, offset, ..
                } => {
                    ends.insert(partition, offset.0 + 1);
                }
                EventKind::RecordConsumed {
                    partition, offset, ..
                } => {
                    assert!(offset.0 < ends[&partition], "consumed before it landed");
                    consumed += 1;
                }
                EventKind::OffsetCommitted {
                    partition, offset, ..
                } => {
                    assert!(offset.0 <= ends[&partition], "negative lag");
                    committed += 1;
                }
                _ => {}
            }
        }
        lag_is_never_negative(&state(server.addr()).await);
    }
    server.stop().await;
}

fn lag_is_never_negative(state: &Snapshot) {
    let Some(topic) = &state.topic else {
        return;
    };
    for offset in state.groups.iter().flat_map(|group| &group.offsets) {
        let partition = topic
            .partitions
            .iter()
            .find(|p| p.partition == offset.at.partition);
        let high = partition.unwrap().high;
        assert!(
            offset.committed.is_none_or(|committed| committed <= high),
            "{state:?}"
        );
        assert!(
            offset.position.is_none_or(|position| position <= high),
            "{state:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_comes_back_gets_the_frames_it_missed() {
    let server = embedded(quick(), lively()).await;
    observed(server.addr()).await;
    let mut browser = Listener::open(server.addr(), "/api/v1/events", &[]).await;
    let seen = browser.frame().await.seq;
    drop(browser);
    eventually(async || Some(state(server.addr()).await).filter(|state| state.seq > seen + 5))
        .await;
    let id = seen.to_string();
    let mut browser =
        Listener::open(server.addr(), "/api/v1/events", &[("Last-Event-ID", &id)]).await;
    for missed in 1..=5 {
        let frame = browser.frame().await;
        assert_eq!(
            (frame.seq, frame.skipped, frame.reset),
            (seen + missed, 0, false)
        );
    }
    let mut stranger =
        Listener::open(server.addr(), "/api/v1/events", &[("Last-Event-ID", "12")]).await;
    assert!(stranger.frame().await.reset, "a number of another run");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_goes_away_and_comes_back() {
    let server = embedded(quick(), lively()).await;
    let addr = server.addr();
    observed(addr).await;
    let faults = server.faults().unwrap();
    let mut browser = Listener::open(addr, "/api/v1/events", &[]).await;

    assert!(faults.inject(Fault::BrokerDown(None)));
    let reason = until(&mut browser, |event| match event {
        EventKind::SourceLost { reason } => Some(reason.clone()),
        _ => None,
    })
    .await;
    assert!(reason.contains("aucune réponse de Kafka"), "{reason}");
    assert_eq!(state(addr).await.unreachable, Some(reason));
    let readiness = get(addr, "/readyz", &[]).await;
    assert_eq!(readiness.status, 503);
    assert!(readiness.text().contains("aucune réponse de Kafka"));
    assert_eq!(get(addr, "/healthz", &[]).await.status, 200);

    assert!(faults.inject(Fault::BrokerUp(None)));
    until(&mut browser, |event| {
        matches!(event, EventKind::SourceRecovered).then_some(())
    })
    .await;
    assert_eq!(state(addr).await.unreachable, None);
    until(&mut browser, |event| {
        matches!(event, EventKind::RecordAppended { .. }).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_leader_makes_pages_read_the_state_again() {
    let server = embedded(quick(), lively()).await;
    let addr = server.addr();
    let before = observed(addr).await.topic.unwrap().partitions[0]
        .leader
        .unwrap();
    let mut browser = Listener::open(addr, "/api/v1/events", &[]).await;
    let other = if before == 1 { 2 } else { 1 };
    assert!(server.faults().unwrap().inject(Fault::Leader {
        partition: 0,
        broker: Some(other)
    }));
    while !browser.frame().await.reset {}
    let topic = state(addr).await.topic.unwrap();
    assert_eq!(topic.partitions[0].leader, Some(other));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_that_do_not_exist_are_refused_with_the_choice() {
    let server = embedded(quick(), lively()).await;
    let addr = server.addr();
    observed(addr).await;
    for path in ["state", "events"] {
        let unknown = get(addr, &format!("/api/v1/{path}?topic=payments"), &[]).await;
        assert_eq!(unknown.status, 404);
        assert!(unknown.text().contains(TOPIC) && unknown.text().contains("payments"));
        let bad = get(addr, &format!("/api/v1/{path}?topic=a%2Fb"), &[]).await;
        assert_eq!(bad.status, 400, "{}", bad.text());
        let known = format!("/api/v1/{path}?topic={TOPIC}&after=x");
        assert_eq!(get(addr, &known, &[]).await.status, 400);
    }
    let named = get(addr, &format!("/api/v1/state?topic={TOPIC}"), &[]).await;
    assert_eq!(named.status, 200);
    assert_eq!(get(addr, "/api/v2/state", &[]).await.status, 404);
    server.stop().await;
}

/// Reads frames until an event is the one looked for.
async fn until<T>(browser: &mut Listener, mut find: impl FnMut(&EventKind) -> Option<T>) -> T {
    loop {
        let frame = browser.frame().await;
        if let Some(found) = frame.events.iter().find_map(|event| find(&event.kind)) {
            return found;
        }
    }
}

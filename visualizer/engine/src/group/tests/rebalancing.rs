use super::*;

/// 12 partitions and 5 consumers: facts, §9, measured on librdkafka.
#[test]
fn twelve_partitions_for_five_consumers_and_after_a_leave() {
    for (strategy, first, then) in [
        (
            "range",
            "0,1,2 / 3,4,5 / 6,7 / 8,9 / 10,11",
            " / 0,1,2 / 3,4,5 / 6,7,8 / 9,10,11",
        ),
        (
            "roundrobin",
            "0,5,10 / 1,6,11 / 2,7 / 3,8 / 4,9",
            " / 0,4,8 / 1,5,9 / 2,6,10 / 3,7,11",
        ),
        (
            "cooperative-sticky",
            "0,5,10 / 1,6,11 / 2,7 / 3,8 / 4,9",
            " / 1,6,11 / 2,7,10 / 3,5,8 / 0,4,9",
        ),
    ] {
        let joins: Vec<String> = (0..5).map(|one| format!("join C{one}")).collect();
        let mut actions: Vec<(&str, &str)> =
            joins.iter().map(|join| ("0s", join.as_str())).collect();
        actions.push(("20s", "close C0"));
        let config =
            format!("\"num.partitions\" = 12\n\"partition.assignment.strategy\" = \"{strategy}\"");
        let mut run = run(scenario(&config, "", &actions), 19_000);
        assert_eq!(owned_text(&run), first, "{strategy}");
        run.run_until(Instant::from_millis(40_000));
        assert_eq!(owned_text(&run), then, "{strategy}");
    }
}

/// The server's assignor gives 3, 3, 2, 2, 2.
#[test]
fn twelve_partitions_for_five_consumers_under_kip_848() {
    let joins: Vec<String> = (0..5).map(|one| format!("join C{one}")).collect();
    let actions: Vec<(&str, &str)> = joins.iter().map(|join| ("0s", join.as_str())).collect();
    let config = "\"num.partitions\" = 12\n\"group.protocol\" = \"consumer\"";
    let run = run(scenario(config, "", &actions), 60_000);
    let mut sizes: Vec<usize> = owned(&run).iter().map(|(_, one)| one.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [2, 2, 2, 3, 3]);
    let view = run.view();
    assert_eq!(view.coordinator.state, crate::event::GroupState::Stable);
    assert!(view.breaches.is_empty());
}

/// The course's line: T=10 s crash, T=20 s detection, about T=22 s work again (session 10 s).
#[test]
fn a_crash_is_noticed_when_the_session_expires() {
    let run = run(
        scenario(
            "\"num.partitions\" = 6\n\"session.timeout.ms\" = \"10s\"\n\"heartbeat.interval.ms\" = \"3s\"",
            "",
            &[
                ("0s", "join C1"),
                ("0s", "join C2"),
                ("0s", "join C3"),
                ("10s", "crash C1"),
            ],
        ),
        40_000,
    );
    let expired = when(&run, |event| {
        matches!(event, GroupEvent::SessionExpired { .. })
    });
    assert_eq!(expired.len(), 1);
    assert!((17_000..=20_000).contains(&expired[0]), "{expired:?}");
    let completed = when(&run, |event| {
        matches!(event, GroupEvent::RebalanceCompleted { .. })
    });
    let again = *completed.last().unwrap();
    assert!(
        again > expired[0] && again <= expired[0] + 3_100,
        "{completed:?}"
    );
    assert_eq!(owned_text(&run), " / 0,1,2 / 3,4,5");
    // From the session's end to the survivors' next heartbeats, and the exchange.
    let took = run
        .events()
        .iter()
        .rev()
        .find_map(|event| match &event.kind {
            EventKind::Group(GroupEvent::RebalanceCompleted { took, .. }) => Some(took.as_millis()),
            _ => None,
        });
    assert_eq!(took, Some(again - expired[0]));
    assert!(run.view().breaches.is_empty());
}

#[test]
fn a_static_member_that_comes_back_in_time_causes_no_rebalance() {
    let run = run(
        scenario(
            "\"num.partitions\" = 6\n\"session.timeout.ms\" = \"30s\"",
            "",
            &[
                ("0s", "join C1 static=i1"),
                ("0s", "join C2 static=i2"),
                ("20s", "close C1"),
                ("30s", "restart C1"),
            ],
        ),
        60_000,
    );
    assert_eq!(run.view().coordinator.rebalances, 1);
    assert_eq!(owned_text(&run), "0,1,2 / 3,4,5");
}

#[test]
fn close_frees_partitions_at_the_others_next_heartbeat() {
    let config = "\"num.partitions\" = 6";
    let joins = [("0s", "join C1"), ("0s", "join C2")];
    let after = |step: &str| {
        let mut actions = joins.to_vec();
        actions.push(("20s", step));
        let run = run(scenario(config, "", &actions), 100_000);
        run.world().downtime(run.now()).as_millis()
    };
    let (close, crash) = (after("close C1"), after("crash C1"));
    // Each of 6 partitions waits for the survivor's heartbeat: at most 3 s, and a few hops.
    assert!(close <= 6 * 3_100, "{close}");
    // Three wait for the session (42 to 45 s), then all for the survivor's heartbeat.
    assert!(crash >= 3 * 42_000, "{crash}");
}

#[test]
fn a_handler_slower_than_max_poll_leaves_and_comes_back() {
    let run = run(
        scenario(
            "\"num.partitions\" = 2\n\"max.poll.interval.ms\" = \"60s\"\n\"auto.offset.reset\" = \"earliest\"\n\"simulation.handler\" = \"store-after\"",
            "",
            &[
                ("0s", "join C1"),
                ("0s", "join C2"),
                ("10s", "slow C1 100s"),
                (
                    "11s",
                    "produce = { keys = [\"a\"], partition = 0, count = 1 }",
                ),
            ],
        ),
        200_000,
    );
    let exceeded = when(&run, |event| {
        matches!(event, GroupEvent::MaxPollExceeded { .. })
    });
    assert_eq!(exceeded, [71_001]);
    // Somebody else did it meanwhile, and it was done again.
    let counters = counters(&run);
    assert_eq!((counters.replayed, counters.replays), (1, 1));
    assert_eq!(owned_text(&run), "0 / 1");
}

#[test]
fn a_pause_beyond_the_session_costs_the_membership() {
    let run = run(
        scenario(
            "\"num.partitions\" = 2\n\"session.timeout.ms\" = \"10s\"",
            "",
            &[
                ("0s", "join C1"),
                ("0s", "join C2"),
                ("10s", "pause C1 20s"),
            ],
        ),
        60_000,
    );
    let lost = run
        .events()
        .iter()
        .any(|event| matches!(&event.kind, EventKind::PartitionsRevoked { lost: true, .. }));
    assert!(lost);
    assert_eq!(owned_text(&run), "0 / 1");
    let frozen = run.world().ownership(0).iter();
    let kinds: Vec<HoldingKind> = frozen.map(|span| span.holding.kind).collect();
    assert!(kinds.contains(&HoldingKind::Frozen), "{kinds:?}");
}

/// The same incident (a third consumer joins): partitions that stay stop under the eager protocol only. Those that move wait
/// longer under the cooperative one, whose second step begins when the others' next heartbeats tell them of it.
#[test]
fn eager_stops_all_and_cooperative_and_kip_848_only_what_moves() {
    let stopped = |config: &str| {
        let config = format!("\"num.partitions\" = 6\n{config}");
        let actions = [("0s", "join C1"), ("2s", "join C2"), ("40s", "join C3")];
        let mut run = run(scenario(&config, "", &actions), 39_000);
        let downtimes = |run: &Run<GroupWorld>| -> Vec<Duration> {
            let view = run.view();
            view.partitions.iter().map(|one| one.downtime).collect()
        };
        let before = downtimes(&run);
        run.run_until(Instant::from_millis(80_000));
        assert!(run.view().breaches.is_empty());
        downtimes(&run)
            .iter()
            .zip(&before)
            .filter(|(after, before)| after > before)
            .count()
    };
    assert_eq!(stopped(""), 6);
    let cooperative = "\"partition.assignment.strategy\" = \"cooperative-sticky\"";
    assert_eq!(stopped(cooperative), 2);
    assert_eq!(stopped("\"group.protocol\" = \"consumer\""), 2);
}

#[test]
fn kip_848_refuses_the_classic_protocols_properties() {
    let run = run(
        scenario(
            "\"group.protocol\" = \"consumer\"\n\"session.timeout.ms\" = \"10s\"",
            "",
            &[("0s", "join C1")],
        ),
        1_000,
    );
    let refused = when(
        &run,
        |event| matches!(event, GroupEvent::ConsumerRefused { property, .. } if *property == "session.timeout.ms"),
    );
    assert_eq!(refused, [0]);
}

#[test]
fn members_without_id_are_told_to_join_again() {
    let run = run(
        scenario("\"num.partitions\" = 1", "", &[("0s", "join C1")]),
        10_000,
    );
    let required = when(&run, |event| {
        matches!(
            event,
            GroupEvent::ResponseReceived {
                error: Some(GroupError::MemberIdRequired),
                ..
            }
        )
    });
    assert_eq!(required, [4]);
    // FindCoordinator, JoinGroup twice, 3 s of initial delay, SyncGroup.
    let assigned = run
        .events()
        .iter()
        .find(|event| matches!(event.kind, EventKind::PartitionsAssigned { .. }))
        .map(|event| event.at.as_millis());
    assert_eq!(assigned, Some(3_008));
}

/// Under the cooperative protocol a member keeps what it owns while it joins. If it is thrown out meanwhile, because it is
/// frozen, it must lose it: somebody else has had it since, and nobody would read it again.
#[test]
fn who_is_thrown_out_while_joining_loses_what_it_kept() {
    let config = [
        "\"num.partitions\" = 3",
        "\"partition.assignment.strategy\" = \"cooperative-sticky\"",
        "\"session.timeout.ms\" = \"6s\"",
        "\"max.poll.interval.ms\" = \"10s\"",
        "\"simulation.latency\" = \"300ms\"",
    ];
    let actions = [
        ("3238ms", "join C3"),
        ("6838ms", "join C4"),
        ("16437ms", "pause C3 12s"),
        ("19837ms", "join C2"),
        ("24637ms", "terminate C2"),
    ];
    let mut scenario = scenario(&config.join("\n"), "", &actions);
    scenario.seed = 0;
    let run = run(scenario, 590_000);
    assert_eq!(owned_text(&run), " / 0,2 / 1");
    for partition in run.view().partitions {
        assert_eq!(partition.now.kind, HoldingKind::Owned);
    }
}

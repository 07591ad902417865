use super::*;

/// 200 messages a second, automatic commit every 5 s, crash at 8 s: the course's question, about 600 replayed.
fn six_hundred(handler: &str, client: &str) -> Counters {
    let config = format!(
        "\"num.partitions\" = 1\n\"auto.offset.reset\" = \"earliest\"\n\"simulation.processing.time\" = \"1ms\"\n\
         \"simulation.handler\" = \"{handler}\"\n\"simulation.client\" = \"{client}\"\n\
         \"group.initial.rebalance.delay.ms\" = \"0ms\"\n\"session.timeout.ms\" = \"10s\""
    );
    let run = run(
        scenario(
            &config,
            "",
            &[
                ("0s", "join C1"),
                (
                    "0s",
                    "produce = { keys = [\"a\"], every = \"5ms\", count = 1600 }",
                ),
                ("8s", "crash C1"),
                ("9s", "restart C1"),
            ],
        ),
        60_000,
    );
    counters(&run)
}

#[test]
fn a_crash_three_seconds_after_the_automatic_commit_replays_six_hundred_records() {
    let counters = six_hundred("store-after", "librdkafka");
    assert_eq!(counters.lost, 0);
    assert!((595..=605).contains(&counters.replayed), "{counters:?}");
    assert_eq!(counters.replays, counters.replayed);
    assert_eq!(counters.once + counters.replayed, 1600);
    // Java commits inside poll().
    let java = six_hundred("auto", "java");
    assert_eq!(java.lost, 0);
    assert!((590..=610).contains(&java.replayed), "{java:?}");
}

/// Crash while a record is being processed, after the automatic commit: `handler`, then (lost, replayed).
#[test]
fn what_a_crash_costs_under_each_handler() {
    for (handler, lost, replayed) in [
        // The record in hand was stored when Consume() gave it, and committed at 5 s.
        ("auto", 1, 0),
        // Stored after processing: the record in hand is read again, and so is what was done since the commit.
        ("store-after", 0, 0),
        ("sync-before", 1, 0),
        ("sync-after", 0, 0),
        ("async-after", 0, 0),
    ] {
        let config = format!(
            "\"num.partitions\" = 1\n\"auto.offset.reset\" = \"earliest\"\n\"simulation.processing.time\" = \"4s\"\n\
             \"simulation.handler\" = \"{handler}\"\n\"group.initial.rebalance.delay.ms\" = \"0ms\"\n\
             \"session.timeout.ms\" = \"6s\""
        );
        // The first record from about 1 s to 5 s, the second from 5 s to 9 s.
        let run = run(
            scenario(
                &config,
                "",
                &[
                    ("0s", "join C1"),
                    (
                        "2s",
                        "produce = { keys = [\"a\"], every = \"0ms\", count = 3 }",
                    ),
                    ("5900ms", "crash C1"),
                    ("20s", "restart C1"),
                ],
            ),
            100_000,
        );
        let counters = counters(&run);
        assert_eq!(
            (counters.lost, counters.replayed),
            (lost, replayed),
            "{handler}"
        );
        assert_eq!(counters.once, 3 - lost, "{handler}");
    }
}

/// The course's line: 100 messages handed to tasks at once, 60 done at 3 s, committed at 5 s, crash at 7 s.
#[test]
fn a_pool_of_tasks_loses_what_it_had_not_done_and_a_low_water_mark_loses_nothing() {
    let play = |handler: &str| {
        let config = format!(
            "\"num.partitions\" = 1\n\"auto.offset.reset\" = \"earliest\"\n\"simulation.processing.time\" = \"200ms\"\n\
             \"simulation.handler\" = \"{handler}\"\n\"simulation.workers\" = 2\n\
             \"group.initial.rebalance.delay.ms\" = \"0ms\"\n\"session.timeout.ms\" = \"6s\""
        );
        let run = run(
            scenario(
                &config,
                "",
                &[
                    ("0s", "join C1"),
                    (
                        "0s",
                        "produce = { keys = [\"a\"], every = \"0ms\", count = 100 }",
                    ),
                    ("7s", "crash C1"),
                    ("10s", "restart C1"),
                ],
            ),
            100_000,
        );
        counters(&run)
    };
    let pool = play("task-pool");
    // 2 workers, 5 records a second each, from about 10 ms on: 68 done at 7 s, two in hand.
    assert_eq!((pool.once, pool.lost, pool.replayed), (68, 32, 0));
    let marked = play("low-water-mark");
    assert_eq!(marked.lost, 0);
    // Done between the commit at 5 s and the crash.
    assert_eq!((marked.replayed, marked.once), (20, 80));
}

#[test]
fn close_commits_what_is_stored_and_terminate_does_not() {
    let play = |step: &str| {
        let config = "\"num.partitions\" = 1\n\"auto.offset.reset\" = \"earliest\"\n\"group.initial.rebalance.delay.ms\" = \"0ms\"\n\"session.timeout.ms\" = \"6s\"\n\"simulation.handler\" = \"store-after\"";
        let run = run(
            scenario(
                config,
                "",
                &[
                    ("0s", "join C1"),
                    (
                        "1s",
                        "produce = { keys = [\"a\"], every = \"0ms\", count = 50 }",
                    ),
                    ("3s", step),
                    ("4s", "restart C1"),
                ],
            ),
            60_000,
        );
        counters(&run).replayed
    };
    assert_eq!(play("close C1"), 0);
    assert_eq!(play("terminate C1"), 50);
}

#[test]
fn a_commit_of_a_member_that_was_expelled_is_refused() {
    let run = run(
        scenario(
            "\"num.partitions\" = 1\n\"session.timeout.ms\" = \"6s\"\n\"simulation.handler\" = \"sync-after\"\n\
             \"auto.offset.reset\" = \"earliest\"\n\"group.initial.rebalance.delay.ms\" = \"0ms\"\n\"simulation.processing.time\" = \"1s\"",
            "",
            &[
                ("0s", "join C1"),
                ("0s", "join C2"),
                (
                    "10s",
                    "produce = { keys = [\"a\"], every = \"0ms\", count = 1 }",
                ),
                ("10500ms", "pause C1 20s"),
            ],
        ),
        60_000,
    );
    let refused = when(&run, |event| {
        matches!(event, GroupEvent::CommitRefused { .. })
    });
    assert_eq!(refused.len(), 1);
    assert_eq!(counters(&run).replayed, 1);
}

#[test]
fn latest_loses_what_came_while_nobody_had_committed() {
    let run = run(
        scenario(
            "\"num.partitions\" = 1\n\"simulation.handler\" = \"sync-after\"\n\"group.initial.rebalance.delay.ms\" = \"0ms\"",
            "",
            &[
                (
                    "0s",
                    "produce = { keys = [\"a\"], every = \"0ms\", count = 5 }",
                ),
                ("1s", "join C1"),
                ("3s", "crash C1"),
                (
                    "4s",
                    "produce = { keys = [\"a\"], every = \"0ms\", count = 7 }",
                ),
                ("60s", "join C2"),
            ],
        ),
        120_000,
    );
    let counters = counters(&run);
    assert_eq!((counters.skipped, counters.lost), (5, 7));
}

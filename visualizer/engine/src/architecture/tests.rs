//! Whole runs: what the course says of the three architectures, and what must always be true of them.

use super::*;
use crate::query::evaluate_in;
use crate::scenario::{Keys, Kind, Step, TimedAction};
use crate::time::Duration;
use proptest::prelude::*;

/// A shop that receives `count` orders, one every `every` milliseconds, and to which this is done.
fn shop(config: &[(&str, &str)], count: u32, every: u64, steps: &[(u64, &str)]) -> Run {
    let mut scenario = Scenario::new(Kind::Architecture, "t");
    for (name, value) in [("num.partitions", "6"), ("auto.offset.reset", "earliest")]
        .iter()
        .chain(config)
    {
        let property = crate::config::Property::from_name(name).expect("a property");
        scenario
            .config
            .set_text(property, value)
            .expect("one of its values");
    }
    let keys = Keys::Set(crate::keys::KeySet::from_name("clients-10").expect("a set"));
    scenario.actions.push(TimedAction {
        at: Instant::ZERO,
        action: Action::Produce(Produce {
            count,
            every: Duration::from_millis(every),
            ..Produce::of(keys)
        }),
    });
    for (ms, line) in steps {
        let step: Step = line.parse().expect("a step");
        scenario.actions.push(TimedAction {
            at: Instant::from_millis(*ms),
            action: Action::Do(step),
        });
    }
    scenario.duration = Some(Duration::from_millis(600_000));
    Run::new(scenario)
}

fn at(run: &mut Run, seconds: u64, expression: &str) -> String {
    run.seek(Instant::from_millis(seconds * 1_000));
    match evaluate_in(expression, run) {
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Sentences of all events so far that contain this.
fn said(run: &Run, part: &str) -> Vec<String> {
    run.events()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Architecture(event) => Some(crate::narrate::architecture(event)),
            _ => None,
        })
        .filter(|sentence| sentence.contains(part))
        .collect()
}

#[test]
fn five_calls_of_200_ms_are_one_second_and_a_write_is_5_ms() {
    let mut run = shop(&[], 100, 360, &[]);
    for (expression, value) in [
        ("received()", "100"),
        ("accepted(\"rest\")", "100"),
        ("median(\"rest\")", "1\u{202f}000"),
        ("p99(\"rest\")", "1\u{202f}000"),
        ("p99(\"file\")", "5"),
        ("p99(\"journal\")", "5"),
        ("done(\"rest\", \"AnalyticsService\")", "100"),
        ("done(\"file\", \"AnalyticsService\")", "100"),
        ("done(\"journal\", \"AnalyticsService\")", "100"),
        ("lag(\"AnalyticsService\")", "0"),
    ] {
        assert_eq!(at(&mut run, 60, expression), value, "{expression}");
    }
}

#[test]
fn a_stopped_service_fails_the_chain_and_only_delays_the_others() {
    let steps = [
        (10_000, "break ShippingService"),
        (70_000, "repair ShippingService"),
    ];
    let mut run = shop(&[], 500, 360, &steps);
    // Two services did their part, then three attempts of 1 s, 200 ms apart.
    run.seek(Instant::from_millis(30_000));
    let refused = said(&run, "504 Gateway Timeout");
    let expected = "après 3,8\u{a0}s ; 2 services avaient pourtant fait leur part.";
    assert!(
        refused.iter().all(|said| said.ends_with(expected)),
        "{refused:?}"
    );
    assert_eq!(
        at(&mut run, 30, "refused(\"rest\")"),
        refused.len().to_string()
    );
    assert_eq!(at(&mut run, 70, "refused(\"file\")"), "0");
    assert_eq!(at(&mut run, 70, "refused(\"journal\")"), "0");
    assert_eq!(
        at(&mut run, 70, "done(\"file\", \"PaymentService\")"),
        at(
            &mut run,
            70,
            "accepted(\"file\") - backlog(\"file\", \"PaymentService\")"
        )
    );
    // Orders were charged whose customer got an error.
    assert_eq!(
        at(
            &mut run,
            200,
            "refused(\"rest\") - in_vain(\"rest\", \"PaymentService\")"
        ),
        "0"
    );
    for service in ["ShippingService", "PaymentService"] {
        for lane in ["file", "journal"] {
            let done = format!("done(\"{lane}\", \"{service}\")");
            assert_eq!(at(&mut run, 300, &done), "500", "{done}");
        }
    }
}

#[test]
fn a_queue_forgets_and_a_log_remembers() {
    let steps = [
        (36_500, "subscribe FraudService"),
        (60_000, "replay AnalyticsService"),
    ];
    let mut run = shop(&[], 150, 360, &steps);
    assert_eq!(
        at(&mut run, 400, "done(\"journal\", \"FraudService\")"),
        "150"
    );
    assert_eq!(
        at(&mut run, 400, "missed(\"file\", \"FraudService\")"),
        "102"
    );
    assert_eq!(at(&mut run, 400, "done(\"file\", \"FraudService\")"), "48");
    assert_eq!(
        at(&mut run, 400, "again(\"journal\", \"AnalyticsService\")"),
        "150"
    );
    assert_eq!(
        at(&mut run, 400, "again(\"file\", \"AnalyticsService\")"),
        "0"
    );
    // The chain is one call longer for the orders that come later.
    assert_eq!(at(&mut run, 400, "p99(\"rest\")"), "1\u{202f}200");
    let fraud = "la position de AnalyticsService revient au début ; 150\u{a0}événements";
    assert_eq!(said(&run, fraud).len(), 1);
}

#[test]
fn a_new_group_begins_at_the_end_by_default() {
    let mut run = shop(
        &[("auto.offset.reset", "latest")],
        150,
        360,
        &[(36_000, "subscribe FraudService")],
    );
    // The group has its partitions after group.initial.rebalance.delay.ms, 3 s.
    assert_eq!(
        at(&mut run, 400, "missed(\"journal\", \"FraudService\")"),
        "109"
    );
    assert_eq!(
        at(&mut run, 400, "done(\"journal\", \"FraudService\")"),
        "41"
    );
}

#[test]
fn a_failing_handler_fills_the_dead_letters_and_blocks_the_log() {
    let steps = [
        (5_000, "fail ShippingService"),
        (35_000, "repair ShippingService"),
        (60_000, "redrive ShippingService"),
    ];
    let mut run = shop(&[], 100, 360, &steps);
    assert_eq!(at(&mut run, 5, "dead(\"file\", \"ShippingService\")"), "0");
    let dead: u32 = at(&mut run, 34, "dead(\"file\", \"ShippingService\")")
        .parse()
        .expect("a number");
    assert!(dead > 50, "{dead}");
    assert_eq!(
        at(&mut run, 34, "dead(\"journal\", \"ShippingService\")"),
        "0"
    );
    assert_eq!(
        at(&mut run, 200, "dead(\"file\", \"ShippingService\")"),
        "0"
    );
    assert_eq!(
        at(&mut run, 200, "done(\"file\", \"ShippingService\")"),
        "100"
    );
    assert_eq!(
        at(&mut run, 200, "done(\"journal\", \"ShippingService\")"),
        "100"
    );
    assert_eq!(
        at(&mut run, 200, "again(\"journal\", \"ShippingService\")"),
        "0"
    );
}

#[test]
fn a_crash_makes_the_log_read_again_what_was_not_committed() {
    let steps = [
        (9_900, "break ShippingService"),
        (11_000, "repair ShippingService"),
    ];
    let mut run = shop(&[], 100, 360, &steps);
    // The members that died hold their partitions until session.timeout.ms after the crash.
    assert_eq!(
        at(&mut run, 54, "done(\"journal\", \"ShippingService\")"),
        at(&mut run, 10, "done(\"journal\", \"ShippingService\")")
    );
    assert_eq!(
        at(&mut run, 200, "done(\"journal\", \"ShippingService\")"),
        "100"
    );
    // Committed at 5 s: orders 1 to 14. Done again: those done between 5 s and 9.9 s, 15 to 27.
    assert_eq!(
        at(&mut run, 200, "again(\"journal\", \"ShippingService\")"),
        "13"
    );
    assert_eq!(
        at(&mut run, 200, "again(\"file\", \"ShippingService\")"),
        "0"
    );
}

#[test]
fn a_slow_service_is_called_again_while_it_still_works() {
    let mut run = shop(&[], 20, 2_000, &[(0, "slow PaymentService 1500ms")]);
    assert_eq!(at(&mut run, 100, "accepted(\"rest\")"), "0");
    assert_eq!(
        at(&mut run, 100, "done(\"rest\", \"PaymentService\")"),
        "20"
    );
    // Three attempts each: charged three times.
    assert_eq!(
        at(&mut run, 100, "again(\"rest\", \"PaymentService\")"),
        "40"
    );
    assert_eq!(
        at(&mut run, 100, "in_vain(\"rest\", \"PaymentService\")"),
        "20"
    );
    assert_eq!(
        at(&mut run, 100, "done(\"file\", \"PaymentService\")"),
        "20"
    );
    assert_eq!(
        at(&mut run, 100, "again(\"file\", \"PaymentService\")"),
        "0"
    );
}

#[test]
fn a_burst_is_refused_by_the_chain_and_taken_by_the_others() {
    let mut run = shop(&[], 100, 0, &[]);
    // 20 places, 20 that wait.
    assert_eq!(at(&mut run, 100, "refused(\"rest\")"), "60");
    assert_eq!(at(&mut run, 100, "accepted(\"file\")"), "100");
    assert_eq!(at(&mut run, 100, "accepted(\"journal\")"), "100");
    assert_eq!(
        at(&mut run, 100, "done(\"journal\", \"ShippingService\")"),
        "100"
    );
}

#[test]
fn the_course_outage_of_20_minutes_is_caught_up_in_about_194_s() {
    let steps = [
        (60_000, "break ShippingService"),
        (1_260_000, "repair ShippingService"),
    ];
    let mut run = shop(&[], 4_200, 360, &steps);
    let ms: u64 = at(&mut run, 1_500, "recovery(\"file\", \"ShippingService\")")
        .replace('\u{202f}', "")
        .parse()
        .expect("a number");
    assert!((193_000..196_000).contains(&ms), "{ms}");
}

#[test]
fn without_the_order_service_nobody_accepts() {
    let steps = [
        (10_000, "break OrderService"),
        (20_000, "repair OrderService"),
    ];
    let mut run = shop(&[], 100, 360, &steps);
    for lane in ["file", "journal"] {
        let refused = format!("refused(\"{lane}\")");
        assert_eq!(at(&mut run, 100, &refused), "28", "{lane}");
    }
}

#[test]
fn names_that_are_wrong_are_told() {
    let mut run = shop(&[], 1, 0, &[]);
    assert!(at(&mut run, 1, "accepted(\"kafka\")").contains("rest, file, journal"));
    assert!(at(&mut run, 1, "done(\"rest\", \"Shipping\")").contains("ShippingService"));
}

/// Random steps on random services.
fn steps() -> impl Strategy<Value = Vec<(u64, String)>> {
    let verb = prop_oneof![
        4 => Just("break"),
        2 => Just("fail"),
        5 => Just("repair"),
        2 => Just("slow"),
        1 => Just("subscribe"),
        2 => Just("replay"),
        2 => Just("redrive"),
    ];
    let service = prop_oneof![
        1 => Just("OrderService"),
        3 => Just("InventoryService"),
        4 => Just("ShippingService"),
        2 => Just("AnalyticsService"),
        2 => Just("FraudService"),
    ];
    let step =
        (0..60_000_u64, verb, service, 0..3_000_u64).prop_map(|(at, verb, service, time)| {
            let line = if verb == "slow" {
                format!("slow {service} {time}ms")
            } else {
                format!("{verb} {service}")
            };
            (at, line)
        });
    prop::collection::vec(step, 0..12)
}

/// What is wrong with the accounts of a run.
fn faults(run: &Run) -> Vec<String> {
    let view = run.view();
    let ends: u64 = view.partitions.iter().map(|partition| partition.end).sum();
    let mut faults: Vec<String> = breaches(&view).iter().map(ToString::to_string).collect();
    if ends != view.lanes[Lane::Log as usize].accepted {
        faults.push(format!("{ends} records"));
    }
    faults
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_order_is_accounted_for_at_every_instant(
        steps in steps(),
        every in prop_oneof![Just(0_u64), Just(20), Just(90), Just(360)],
        count in 1..200_u32,
        latest in any::<bool>(),
        jitter in 0..100_u32,
        partitions in 1..9_u32,
        instances in 1..6_u32,
        session in 0..50_000_u32,
    ) {
        let (jitter, partitions) = (jitter.to_string(), partitions.to_string());
        let (instances, session) = (instances.to_string(), session.to_string());
        let config = [
            ("auto.offset.reset", if latest { "latest" } else { "earliest" }),
            ("simulation.service.jitter", &jitter),
            ("num.partitions", &partitions),
            ("simulation.service.instances", &instances),
            ("session.timeout.ms", &session),
        ];
        let steps: Vec<(u64, &str)> = steps.iter().map(|(at, line)| (*at, line.as_str())).collect();
        let mut run = shop(&config, count, every, &steps);
        for ms in (0..90_000).step_by(3_700) {
            run.run_until(Instant::from_millis(ms));
            prop_assert_eq!(faults(&run), Vec::<String>::new(), "at {} ms", ms);
        }
        // Long enough for 200 orders at 3 s each, and some replays of them.
        run.run_until(Instant::from_millis(4 * 3_600_000));
        prop_assert_eq!(faults(&run), Vec::<String>::new());
        let view = run.view();
        prop_assert_eq!(view.lanes[0].in_progress, 0);
        for (service, up) in view.services.iter().enumerate() {
            if up.health == Health::Up {
                for lane in &view.lanes {
                    prop_assert_eq!(lane.services[service].backlog(), 0, "{} {:?}", up.name, lane);
                }
                let log = &view.lanes[2].services[service];
                prop_assert_eq!(log.done + log.missed, view.lanes[2].accepted);
            }
        }
        for event in run.events() {
            prop_assert!(event.cause.is_none_or(|cause| cause < event.id));
        }
    }

    #[test]
    fn going_back_and_forth_changes_nothing(steps in steps(), back in 0..60_000_u64) {
        let steps: Vec<(u64, &str)> = steps.iter().map(|(at, line)| (*at, line.as_str())).collect();
        let mut straight = shop(&[], 150, 360, &steps);
        straight.run_until(straight.end());
        let mut wandering = shop(&[], 150, 360, &steps);
        wandering.run_until(Instant::from_millis(80_000));
        wandering.seek(Instant::from_millis(back));
        wandering.run_until(wandering.end());
        prop_assert_eq!(straight.events(), wandering.events());
        prop_assert_eq!(straight.view(), wandering.view());
    }
}

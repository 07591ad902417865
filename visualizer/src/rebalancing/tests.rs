use super::*;
use crate::lab::Timeline;
use engine::event::{EventKind, GroupEvent};
use engine::scenario::Kind;
use engine::time::Instant;

fn preset(index: usize) -> Timeline {
    let scenario = engine::share::decode(presets::PRESETS[index].link).unwrap();
    let mut timeline = Timeline::new(&SUBJECT, scenario);
    timeline.seek(timeline.end());
    timeline
}

fn downtimes(timeline: &Timeline) -> Vec<i64> {
    timeline
        .tracks()
        .iter()
        .map(|track| (DETAIL.metrics)(track.as_ref())[0].value)
        .collect()
}

#[test]
fn presets_are_scenarios_of_this_simulation_that_keep_the_rules() {
    for (index, preset_of) in presets::PRESETS.iter().enumerate() {
        let timeline = preset(index);
        let scenario = timeline.scenario();
        assert_eq!(scenario.kind, Kind::Rebalancing, "{}", preset_of.name);
        assert_eq!(scenario.faulty_actions(), [], "{}", preset_of.name);
        for track in timeline.tracks() {
            let broken = (DETAIL.breaches)(track.as_ref());
            assert!(broken.is_empty(), "{}: {broken:?}", preset_of.name);
            assert!(!(DETAIL.actors)(track.as_ref()).is_empty());
        }
    }
}

#[test]
fn a_newcomer_stops_everybody_only_under_the_eager_protocol() {
    let timeline = preset(0);
    assert_eq!(
        timeline.names(),
        ["range, eager", "CooperativeSticky", "KIP-848"]
    );
    let touched: Vec<_> = timeline
        .tracks()
        .iter()
        .map(|track| {
            let view = view(track.as_ref()).unwrap();
            view.partitions
                .iter()
                .filter(|one| one.downtime.0 > 0)
                .count()
        })
        .collect();
    assert_eq!(touched[0], 6, "{touched:?}");
    assert!(touched[1] < 6 && touched[2] < 6, "{touched:?}");
}

#[test]
fn a_crash_costs_the_session_timeout() {
    for downtime in downtimes(&preset(2)) {
        // C2 has two of the six partitions, or more, for 42 to 45 seconds.
        assert!((80_000..150_000).contains(&downtime), "{downtime}");
    }
}

#[test]
fn steps_are_few_and_told() {
    let mut timeline = preset(0);
    timeline.seek(Instant::from_millis(19_999));
    let mut steps = 0;
    while timeline.now() < timeline.end() && steps < 200 {
        timeline.next();
        steps += 1;
    }
    assert!((3..100).contains(&steps), "{steps}");
}

#[test]
fn why_leads_from_what_a_survivor_gives_up_back_to_the_crash() {
    let timeline = preset(2);
    let events = timeline.tracks()[0].events();
    let revoked = events
        .iter()
        .rfind(|event| matches!(event.kind, EventKind::PartitionsRevoked { .. }))
        .unwrap();
    let mut chain = Vec::new();
    let mut next = Some(revoked.id);
    while let Some(id) = next {
        let event = &events[id.index()];
        chain.push(event.kind.clone());
        next = event.cause;
    }
    let has = |wanted: fn(&GroupEvent) -> bool| {
        chain
            .iter()
            .any(|kind| matches!(kind, EventKind::Group(event) if wanted(event)))
    };
    assert!(
        has(|event| matches!(event, GroupEvent::SessionExpired { .. })),
        "{chain:?}"
    );
    assert!(
        has(|event| matches!(event, GroupEvent::ConsumerCrashed { .. })),
        "{chain:?}"
    );
}

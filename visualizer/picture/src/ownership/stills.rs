//! The chart at the instants that a page draws without JavaScript.

use super::{Window, chart, picture, protocol_name};
use crate::french::seconds;
use crate::px::Px;
use crate::shape::Picture;
use engine::group::GroupWorld;
use engine::run::Run;
use engine::scenario::{FrameNote, Scenario};
use engine::time::Instant;

/// The chart of the scenario and its variants at each of its frames, and what is said of it; at the end if it has none.
pub fn stills(scenario: &Scenario, width: Px) -> Vec<(String, Picture)> {
    let mut runs: Vec<(Run<GroupWorld>, String)> = (0..=scenario.variants.len())
        .map(|index| {
            let name = index
                .checked_sub(1)
                .and_then(|index| scenario.variants.get(index));
            let name = name.map_or_else(|| protocol_name(scenario), |variant| variant.name.clone());
            (Run::new(scenario.variant(index)), name)
        })
        .collect();
    let end = scenario.end();
    let notes = if scenario.frames.is_empty() {
        vec![FrameNote {
            at: end,
            caption: format!("À {} : qui a lu quelle partition, et quand.", seconds(end)),
        }]
    } else {
        scenario.frames.clone()
    };
    let window = Window {
        from: Instant::ZERO,
        to: end,
    };
    notes
        .into_iter()
        .map(|note| {
            for (run, _) in &mut runs {
                run.seek(note.at);
            }
            let shown: Vec<_> = runs
                .iter()
                .map(|(run, name)| (run, name.as_str()))
                .collect();
            let (chart, names) = chart(&shown, window);
            (note.caption, picture(&chart, &names, width))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_a_band_and_every_frame_a_picture() {
        let link = "v=1&sim=reequilibrage&title=t&seed=1&topic=t&num.partitions=3&duration=30s&variant=Coop\
                    &variant.partition.assignment.strategy=cooperative-sticky&do=0ms:join:C1&do=10s:join:C2";
        let mut scenario = engine::share::decode(link).unwrap();
        assert_eq!(stills(&scenario, Px::new(320)).len(), 1);
        scenario.frames = [5_000, 20_000]
            .map(|ms| FrameNote {
                at: Instant::from_millis(ms),
                caption: "x".to_owned(),
            })
            .to_vec();
        let stills = stills(&scenario, Px::new(320));
        assert_eq!(stills.len(), 2);
        let svg = crate::svg::svg(&stills[1].1, "s");
        assert!(svg.contains(">range, eager</text>") && svg.contains(">Coop</text>"));
        assert!(svg.contains("+ C2"), "{svg}");
    }
}

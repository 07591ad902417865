//! Still pictures of what happens to a consumer and its commits, and to a partition's replicas.

use crate::commit_log::{self, CommitLog, Scale};
use crate::french::{count, seconds};
use crate::px::Px;
use crate::replicas::{self, Replicas};
use crate::shape::{Anchor, Picture, Shape};
use engine::group::GroupWorld;
use engine::replication::Simulation;
use engine::run::Run;
use engine::scenario::{Action, FrameNote, Scenario, Step};
use engine::time::Instant;

/// Room for a run's name.
const NAME: Px = Px::new(22);
/// Between two runs.
const GAP: Px = Px::new(14);

/// The instants that the scenario notes, else the start, each step that is not a consumer's first, and the end.
fn notes(scenario: &Scenario) -> Vec<FrameNote> {
    if !scenario.frames.is_empty() {
        return scenario.frames.clone();
    }
    let steps = scenario.actions.iter().filter_map(|timed| {
        let told = matches!(&timed.action, Action::Do(step) if !matches!(step, Step::Join(_)));
        told.then_some(timed.at)
    });
    let mut instants: Vec<Instant> = steps.chain([scenario.end()]).collect();
    instants.sort_unstable();
    instants.dedup();
    let note = |at| FrameNote {
        at,
        caption: String::new(),
    };
    instants.into_iter().map(note).collect()
}

/// What the scenario says of an instant, else what `counted` makes of the run's counters.
fn caption(note: &FrameNote, counted: impl FnOnce() -> String) -> String {
    if note.caption.is_empty() {
        counted()
    } else {
        note.caption.clone()
    }
}

/// The first partition's log at each instant, in each run, with what is to be said of it.
pub(crate) fn commits(scenario: &Scenario, width: Px) -> Vec<(String, Picture)> {
    let mut runs: Vec<(Run<GroupWorld>, String)> = (0..=scenario.variants.len())
        .map(|index| {
            let variant = index
                .checked_sub(1)
                .and_then(|at| scenario.variants.get(at));
            let name = variant.map_or_else(
                || commit_log::strategy(&scenario.config).to_owned(),
                |variant| variant.name.clone(),
            );
            (Run::new(scenario.variant(index)), name)
        })
        .collect();
    let mut stills = Vec::new();
    for note in notes(scenario) {
        let mut drawn = Vec::with_capacity(runs.len());
        for (run, name) in &mut runs {
            run.seek(note.at);
            let Some(log) = CommitLog::of(&run.view(), 0) else {
                continue;
            };
            let counters = log.counters;
            drawn.push((name.clone(), counters, logged(run, log, width)));
        }
        let Some((_, counters, _)) = drawn.first() else {
            continue;
        };
        let caption = caption(&note, || {
            format!(
                "À {} : {}, {} traités plus d’une fois, {} perdus.",
                seconds(note.at),
                count(
                    counters.once,
                    "message traité une fois",
                    "messages traités une fois"
                ),
                counters.replayed,
                counters.lost
            )
        });
        let pictures = drawn.into_iter().map(|(name, _, picture)| (name, picture));
        stills.push((caption, stacked(pictures.collect(), width)));
    }
    stills
}

/// A log with the records that fit.
fn logged(run: &Run<GroupWorld>, log: CommitLog, width: Px) -> Picture {
    let scale = Scale::of(width, log.marks, log.end);
    let world = run.world();
    let records = world.records(0, scale.records.start, scale.records.end);
    commit_log::picture(&CommitLog { records, ..log }, &scale, width)
}

/// Pictures of one width one below the other, each under its name; one alone is left as it is.
fn stacked(mut pictures: Vec<(String, Picture)>, width: Px) -> Picture {
    if pictures.len() == 1
        && let Some((_, picture)) = pictures.pop()
    {
        return picture;
    }
    let mut all = Picture {
        width,
        height: Px::ZERO,
        title: String::new(),
        description: String::new(),
        shapes: Vec::new(),
    };
    for (name, picture) in pictures {
        let base = all.height + Px::new(14);
        all.shapes
            .push(Shape::text("label", Px::ZERO, base, Anchor::Start, &*name));
        all.shapes.push(Shape::Group {
            class: "",
            title: String::new(),
            offset: (Px::ZERO, all.height + NAME),
            shapes: picture.shapes,
        });
        all.height += NAME + picture.height + GAP;
        all.title = picture.title;
        for piece in [&name, " : ", &picture.description, ". "] {
            all.description.push_str(piece);
        }
    }
    all
}

/// The first partition's replicas at each instant, with what is to be said of them.
pub(crate) fn replication(scenario: &Scenario, width: Px) -> Vec<(String, Picture)> {
    let mut run = Simulation::new(scenario.clone());
    let mut stills = Vec::new();
    for note in notes(scenario) {
        run.seek(note.at);
        let view = run.view();
        let Some(partition) = view.partitions.first() else {
            continue;
        };
        let caption = caption(&note, || {
            format!(
                "À {} : {} et gardés, {} acquittés et perdus, {} refusés.",
                seconds(note.at),
                count(
                    view.counters.acknowledged_kept,
                    "message acquitté",
                    "messages acquittés"
                ),
                view.counters.acknowledged_lost,
                view.counters.refused
            )
        });
        let gone = replicas::gone(run.events(), partition.partition);
        let picture = replicas::picture(&Replicas::of(&view, partition, &gone), width);
        stills.push((caption, picture));
    }
    stills
}

#[cfg(test)]
mod tests {

    use crate::storyboard::storyboard;

    fn frames(link: &str) -> Vec<crate::storyboard::Frame> {
        storyboard(&engine::share::decode(link).unwrap(), "").frames
    }

    #[test]
    fn a_crash_is_told_in_stills() {
        let frames = frames(
            "v=1&sim=commits&title=t&seed=1&topic=orders&duration=30s&num.partitions=1&session.timeout.ms=6s&\
             heartbeat.interval.ms=1s&group.initial.rebalance.delay.ms=1s&auto.offset.reset=earliest&\
             simulation.processing.time=2800ms&do=0ms:produce:nulls:count(5):every(0ms)&do=0ms:join:C1&\
             do=6300ms:crash:C1&do=8300ms:restart:C1",
        );
        assert_eq!(frames.len(), 3);
        // As on a real cluster: see the trace commit-auto-loss.
        let last = &frames[2];
        assert!(last.caption.ends_with("1 perdus."), "{}", last.caption);
        assert_eq!(last.svg.matches("cell-lost").count(), 1, "{}", last.svg);
    }

    #[test]
    fn every_strategy_is_drawn_under_its_name() {
        let frames = frames(
            "v=1&sim=commits&title=t&seed=1&topic=orders&duration=9s&num.partitions=1&auto.offset.reset=earliest&\
             variant=Autre&variant.simulation.handler=store-after&do=0ms:produce:nulls:count(5):every(0ms)&do=0ms:join:C1",
        );
        assert_eq!(frames.len(), 1);
        let svg = &frames[0].svg;
        assert!(
            svg.contains(">Auto-commit</text>") && svg.contains(">Autre</text>"),
            "{svg}"
        );
        assert_eq!(svg.matches(">P0</text>").count(), 2);
    }

    #[test]
    fn a_dead_leader_is_told_in_stills() {
        let frames = frames(
            "v=1&sim=replication&title=t&seed=1&topic=orders&duration=40s&num.partitions=1&acks=1&\
             enable.idempotence=false&do=1s:produce:nulls:count(3)&do=8s:crash:broker-1",
        );
        assert_eq!(frames.len(), 2);
        assert!(
            frames[1].svg.contains("broker-1 arrêté"),
            "{}",
            frames[1].svg
        );
    }
}

//! A run of the architectures as a few still pictures.

use super::picture;
use crate::french::{count, seconds};
use crate::px::Px;
use crate::shape::Picture;
use engine::architecture::Run;
use engine::architecture::view::View;
use engine::event::Lane;
use engine::scenario::{Action, FrameNote, Scenario};
use engine::time::{Duration, Instant};

/// How long before something is done to a service, and after it began, the state is drawn.
const BEFORE: Duration = Duration::from_millis(1);

/// The instants that the scenario notes, else those just before each step and the end; each with what to say of it.
pub(crate) fn stills(scenario: &Scenario, width: Px) -> Vec<(String, Picture)> {
    let mut run = Run::new(scenario.clone());
    let notes = if scenario.frames.is_empty() {
        instants(scenario, run.end())
    } else {
        scenario.frames.clone()
    };
    notes
        .into_iter()
        .map(|note| {
            run.seek(note.at);
            let view = run.view();
            let caption = if note.caption.is_empty() {
                caption(&view)
            } else {
                note.caption
            };
            (caption, picture(&view, width))
        })
        .collect()
}

fn instants(scenario: &Scenario, end: Instant) -> Vec<FrameNote> {
    let steps = scenario
        .actions
        .iter()
        .filter(|timed| matches!(timed.action, Action::Do(_)))
        .map(|timed| Instant((timed.at.0).saturating_sub(BEFORE.0)));
    let mut instants: Vec<Instant> = steps.chain([end]).collect();
    instants.dedup();
    instants
        .into_iter()
        .map(|at| FrameNote {
            at,
            caption: String::new(),
        })
        .collect()
}

fn caption(view: &View) -> String {
    let refused = |lane: Lane| {
        count(
            view.lanes[lane as usize].refused,
            "commande refusée",
            "commandes refusées",
        )
    };
    format!(
        "À {}, sur {} : {} en REST, {} avec la file, {} avec le journal.",
        seconds(view.now),
        count(view.received, "commande reçue", "commandes reçues"),
        refused(Lane::Rest),
        refused(Lane::Queue),
        refused(Lane::Log),
    )
}

//! Events in words, and which of them are worth a line.

use engine::architecture::view::View;
use engine::event::{ArchitectureEvent, Event, EventKind, Lane};
use engine::narrate::architecture_run;
use picture::french::{count, whole};

/// Kinds of event to filter by.
pub(super) const FAMILIES: [&str; 5] = ["REST", "file", "journal", "incident", "commande"];

/// An event in one sentence.
pub(super) fn sentence(event: &Event) -> Option<String> {
    architecture_run(&event.kind)
}

/// The place of an event's kind in [`FAMILIES`].
pub(super) fn family(event: &Event) -> usize {
    use ArchitectureEvent as E;
    let EventKind::Architecture(event) = &event.kind else {
        return Lane::Log as usize;
    };
    match event {
        E::OrderReceived { .. } => 4,
        E::OrderWaits { .. } | E::CallSent { .. } | E::CallFailed { .. } => Lane::Rest as usize,
        E::MessagePublished { .. } | E::DeadLettered { .. } | E::DeadLettersReturned { .. } => {
            Lane::Queue as usize
        }
        E::ReaderStarted { .. } | E::ReaderRewound { .. } => Lane::Log as usize,
        E::OrderAccepted { lane, .. }
        | E::OrderRefused { lane, .. }
        | E::WorkStarted { lane, .. }
        | E::WorkDone { lane, .. }
        | E::WorkFailed { lane, .. }
        | E::WorkInterrupted { lane, .. }
        | E::PastMissed { lane, .. }
        | E::NothingToReplay { lane, .. }
        | E::CaughtUp { lane, .. } => *lane as usize,
        E::ServiceStopped { .. }
        | E::ServiceFails { .. }
        | E::ServiceRepaired { .. }
        | E::ServicePaced { .. }
        | E::ServiceAdded { .. }
        | E::ReplayAsked { .. } => 3,
    }
}

/// Whether an event is worth a step: what is done to services and what comes of it, and the answers to the customers of
/// the chain of calls. The broker and the log answer all alike.
pub(super) fn is_told(event: &Event) -> bool {
    use ArchitectureEvent as E;
    let EventKind::Architecture(event) = &event.kind else {
        return false;
    };
    match event {
        E::OrderAccepted { lane, .. } => *lane == Lane::Rest,
        E::OrderReceived { .. }
        | E::OrderWaits { .. }
        | E::CallSent { .. }
        | E::CallFailed { .. }
        | E::MessagePublished { .. }
        | E::WorkStarted { .. }
        | E::WorkDone { .. }
        | E::WorkFailed { .. } => false,
        _ => true,
    }
}

/// The state in a few sentences, each with its class: what the pictures say, for those who do not see them.
pub(super) fn state(view: &View) -> Vec<(&'static str, String)> {
    let rest = &view.lanes[Lane::Rest as usize];
    let mut lines = vec![(
        "sim-hint",
        format!(
            "{} : {} par la chaîne d’appels, {} par la file, {} par le journal.",
            count(view.received, "commande reçue", "commandes reçues"),
            count(rest.accepted, "acceptée", "acceptées"),
            whole(view.lanes[Lane::Queue as usize].accepted),
            whole(view.lanes[Lane::Log as usize].accepted),
        ),
    )];
    let in_vain = rest.services.iter().map(|work| work.in_vain).max();
    let in_vain = in_vain.unwrap_or(0);
    if rest.refused > 0 {
        let mut text = format!(
            "✗ REST : {} reçu une erreur",
            if rest.refused == 1 {
                "1 client a".to_owned()
            } else {
                format!("{} clients ont", whole(rest.refused))
            }
        );
        if in_vain > 0 {
            text.push_str(" ; des services avaient fait leur part pour ");
            text.push_str(&whole(in_vain));
            text.push_str(" d’entre eux, et rien ne l’annule");
        }
        text.push('.');
        lines.push(("sim-verdict bad", text));
    }
    let dead: u64 = view.lanes[Lane::Queue as usize]
        .services
        .iter()
        .map(|work| work.dead)
        .sum();
    if dead > 0 {
        let text = format!(
            "✗ File : {} au rebut, que quelqu’un doit reprendre.",
            count(dead, "message est", "messages sont")
        );
        lines.push(("sim-verdict bad", text));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::architecture::Run;
    use engine::share::decode;

    #[test]
    fn every_event_has_a_sentence_and_a_family() {
        for preset in &super::super::presets::PRESETS {
            let mut run = Run::new(decode(preset.link).expect(preset.name));
            run.run_until(run.end());
            assert!(run.events().iter().any(is_told), "{}", preset.name);
            for event in run.events() {
                let sentence = sentence(event).unwrap_or_default();
                assert!(sentence.ends_with('.'), "{event:?}");
                assert!(!sentence.contains('\''), "{sentence}");
                assert!(family(event) < FAMILIES.len());
            }
        }
    }
}

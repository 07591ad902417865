//! The chronology of commits: what a consumer has processed, stored and committed, and what a crash makes of it.
//!
//! 1. [`stage`] draws each strategy's log with its marks, and lights the line of code that is executed ([`listing`]).
//! 2. The crash can be moved along a cycle of the handler; what each instant would lose or replay is played ([`crash`]).
//! 3. The rest is the bench's ([`crate::lab`]).

mod crash;
mod listing;
mod stage;

use crate::figure::Figure;
use crate::kit::Question;
use crate::lab::{self, Actor, Bench, Detail, Metric, Preset, Subject, Track, Wish, view};
use engine::event::{Event, EventKind, GroupEvent as E};
use engine::group::{Ending, GroupWorld, Life};
use engine::query::Value;
use picture::commit_log;
use web_sys::Element;

/// Puts the simulation of a figure into its stage.
pub(crate) fn commits(stage: &Element, mut figure: Figure) {
    figure.scenario = crash::with_crash(&figure.scenario);
    lab::bench(stage, figure, &SUBJECT);
}

static SUBJECT: Subject = Subject {
    start: lab::start::<GroupWorld>,
    name: |scenario| commit_log::strategy(&scenario.config).to_owned(),
    stage: stage::stage,
    told,
};

/// What stands below the pictures.
pub(crate) static DETAIL: Detail = Detail {
    actors,
    metrics,
    breaches,
    sentence: |event| engine::narrate::group_run(&event.kind),
    family,
    families: &["groupe", "traitement", "commits", "processus"],
    ask,
    presets: &PRESETS,
    limits: &LIMITS,
};

fn actors(track: &dyn Track) -> Vec<Actor> {
    let Some(view) = view::<GroupWorld>(track) else {
        return Vec::new();
    };
    let state = |life: Life| match life {
        Life::Running => "en marche",
        Life::Paused { .. } => "en pause",
        Life::Closing => "se ferme",
        Life::Ended(Ending::Closed) => "fermé",
        Life::Ended(Ending::Crashed) => "tué",
        Life::Ended(_) => "terminé",
    };
    view.consumers
        .iter()
        .map(|consumer| Actor {
            name: consumer.name.to_string(),
            state: state(consumer.life).to_owned(),
        })
        .collect()
}

fn metrics(track: &dyn Track) -> Vec<Metric> {
    let counters = view::<GroupWorld>(track)
        .map(|view| view.counters)
        .unwrap_or_default();
    let metric = |name, count, wish| Metric::new(name, count, "", wish);
    vec![
        metric("Messages traités une fois", counters.once, Wish::High),
        metric(
            "Messages traités plusieurs fois",
            counters.replayed,
            Wish::Low,
        ),
        metric("Traitements en trop", counters.replays, Wish::Low),
        metric("Messages perdus", counters.lost, Wish::Low),
        metric("Messages en cours", counters.in_flight, Wish::Any),
        metric("Messages en attente", counters.waiting, Wish::Any),
    ]
}

fn breaches(track: &dyn Track) -> Vec<String> {
    use engine::group::Rule;
    let Some(view) = view::<GroupWorld>(track) else {
        return Vec::new();
    };
    let rule = |rule: Rule| match rule {
        Rule::OneOwner => "une partition a deux propriétaires",
        Rule::CommittedWithinLog => "l’offset validé dépasse la fin du log",
        Rule::InOrder => "les messages d’une partition arrivent dans le désordre",
        Rule::EveryRecordCounted => "un message n’est pas compté une fois",
    };
    view.breaches
        .iter()
        .map(|breach| rule(breach.rule).to_owned())
        .collect()
}

fn family(event: &Event) -> usize {
    match &event.kind {
        EventKind::OffsetCommitted { .. } => 2,
        EventKind::RecordConsumed { .. } => 1,
        EventKind::Group(event) => match event {
            E::ProcessingBegan { .. }
            | E::ProcessingEnded { .. }
            | E::Polled { .. }
            | E::PositionSet { .. }
            | E::RecordsLost { .. } => 1,
            E::OffsetStored { .. }
            | E::AutoCommitFired { .. }
            | E::CommitSent { .. }
            | E::CommitAccepted { .. }
            | E::CommitRefused { .. } => 2,
            E::ConsumerStarted { .. }
            | E::ConsumerClosing { .. }
            | E::ConsumerClosed { .. }
            | E::ConsumerTerminated { .. }
            | E::ConsumerCrashed { .. }
            | E::ConsumerPaused { .. }
            | E::ConsumerResumed { .. } => 3,
            _ => 0,
        },
        _ => 0,
    }
}

fn told(event: &Event) -> bool {
    match &event.kind {
        EventKind::RecordConsumed { .. }
        | EventKind::OffsetCommitted { .. }
        | EventKind::PartitionsAssigned { .. }
        | EventKind::PartitionsRevoked { .. } => true,
        EventKind::Group(_) => family(event) != 0,
        _ => false,
    }
}

/// What will be lost, or processed again, by the end of the chosen run.
fn ask(lab: Bench, turn: usize) -> Option<Question> {
    lab.with_chosen(|track| {
        let mut run = track.anew();
        run.seek(run.end());
        let counters = view::<GroupWorld>(run.as_ref())?.counters;
        let strategy = commit_log::strategy(&track.scenario().config);
        let (answer, what) = match turn % 2 {
            0 => (counters.lost, "seront perdus"),
            _ => (counters.replayed, "seront traités plus d’une fois"),
        };
        Some(Question {
            text: format!("« {strategy} » : à la fin de ce déroulé, combien de messages {what} ?"),
            choices: Vec::new(),
            answer: Value::Integer(i64::try_from(answer).unwrap_or(i64::MAX)),
            tolerance: 0,
            explanation: commit_log::summary(&counters),
        })
    })
    .flatten()
}

static PRESETS: [Preset; 3] = [
    Preset {
        name: "Cinq stratégies, le même arrêt brutal",
        link: "v=1&sim=commits&title=Cinq%20strat%C3%A9gies&seed=1&topic=orders.created&duration=30s&num.partitions=1&session.timeout.ms=6s&heartbeat.interval.ms=1s&group.initial.rebalance.delay.ms=1s&auto.offset.reset=earliest&auto.commit.interval.ms=2s&simulation.processing.time=700ms&variant=StoreOffset%20apr%C3%A8s&variant.simulation.handler=store-after&variant=Commit%20avant&variant.simulation.handler=sync-before&variant=Commit%20apr%C3%A8s&variant.simulation.handler=sync-after&variant=T%C3%A2ches&variant.simulation.handler=task-pool&do=0ms:produce:nulls:count(14):every(0ms)&do=0ms:join:C1&do=5s:crash:C1&do=7s:restart:C1",
    },
    Preset {
        name: "Auto-commit : .NET et Java",
        link: "v=1&sim=commits&title=Auto-commit&seed=1&topic=orders.created&duration=40s&num.partitions=1&session.timeout.ms=6s&heartbeat.interval.ms=1s&group.initial.rebalance.delay.ms=1s&auto.offset.reset=earliest&simulation.processing.time=1s&variant=Java&variant.simulation.client=java&do=0ms:produce:nulls:count(14):every(0ms)&do=0ms:join:C1&do=8200ms:crash:C1&do=10s:restart:C1",
    },
    Preset {
        name: "Tâches parallèles : le pool et le plus petit offset terminé",
        link: "v=1&sim=commits&title=T%C3%A2ches%20parall%C3%A8les&seed=1&topic=orders.created&duration=30s&num.partitions=1&session.timeout.ms=6s&heartbeat.interval.ms=1s&group.initial.rebalance.delay.ms=1s&auto.offset.reset=earliest&auto.commit.interval.ms=1s&simulation.processing.time=800ms&simulation.processing.jitter=50&simulation.handler=task-pool&variant=Plus%20petit%20offset&variant.simulation.handler=low-water-mark&do=0ms:produce:nulls:count(30):every(0ms)&do=0ms:join:C1&do=4s:crash:C1&do=6s:restart:C1",
    },
];

const LIMITS: [&str; 6] = [
    "Entre la fin d’un traitement et le départ de son commit, aucun temps ne passe ici ; dans la réalité, un arrêt tombé là \
     fait traiter le message une fois de plus.",
    "Les brokers ne tombent pas en panne et le réseau ne perd rien.",
    "Les lectures n’ont pas de limite de taille : les messages déjà écrits arrivent ensemble.",
    "Le traitement est une durée ; les exceptions, les transactions et l’écriture ailleurs ne sont pas simulées.",
    "Lancer StoreOffset ou une tâche ne prend aucun temps.",
    "Seule la première partition est dessinée ; les compteurs des mesures les comptent toutes.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_scenarios_of_this_simulation() {
        for preset in &PRESETS {
            let scenario = engine::share::decode(preset.link)
                .unwrap_or_else(|error| panic!("{} : {error}", preset.name));
            assert_eq!(scenario.kind, engine::scenario::Kind::Commits);
            assert!(scenario.faulty_actions().is_empty(), "{}", preset.name);
            assert!(crash::crash(&scenario).is_some());
            for index in 0..=scenario.variants.len() {
                let mut track = lab::start::<GroupWorld>(scenario.variant(index));
                let end = track.end();
                track.run_until(end);
                assert!(breaches(track.as_ref()).is_empty());
            }
        }
    }
}

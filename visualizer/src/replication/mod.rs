//! Replication: leader and followers, what is committed, what is acknowledged and what is lost.
//!
//! 1. [`stage`] draws the replicas of each run, and says what the producer and the consumer know.
//! 2. [`matrix`] plays every combination of `acks`, `min.insync.replicas` and instant of the leader's death.
//! 3. The rest is the bench's ([`crate::lab`]).

mod matrix;
mod matrix_view;
mod questions;
mod stage;
mod words;

use crate::figure::Figure;
use crate::lab::{self, Actor, Detail, Metric, Preset, Subject, Track, Wish, view};
use engine::config::Property;
use engine::event::{Event, EventKind, ReplicationEvent as E};
use engine::replication::view::{BrokerState, ProducerState};
use engine::replication::{PRODUCER, World};
use engine::scenario::Scenario;
use web_sys::Element;

/// Puts the simulation of a figure into its stage.
pub(crate) fn replication(stage: &Element, figure: Figure) {
    lab::bench(stage, figure, &SUBJECT);
}

static SUBJECT: Subject = Subject {
    start: lab::start::<World>,
    name: own_name,
    stage: stage::stage,
    told,
};

/// What stands below the pictures.
pub(crate) static DETAIL: Detail = Detail {
    actors,
    metrics,
    breaches,
    sentence: |event| engine::narrate::replication_run(&event.kind),
    family,
    families: &["brokers", "réplication", "producer", "consumer"],
    ask: questions::ask,
    presets: &PRESETS,
    limits: &LIMITS,
};

fn own_name(scenario: &Scenario) -> String {
    let config = &scenario.config;
    [
        "acks=",
        config.choice(Property::Acks),
        ", min ISR ",
        &config.count(Property::MinInsyncReplicas).to_string(),
    ]
    .concat()
}

fn actors(track: &dyn Track) -> Vec<Actor> {
    let Some(view) = view::<World>(track) else {
        return Vec::new();
    };
    let state = |state: BrokerState, fenced: bool| match (state, fenced) {
        (BrokerState::Up, false) => "en service",
        (BrokerState::Up, true) => "écarté par le contrôleur",
        (BrokerState::Slow(_), _) => "ne réplique plus",
        (BrokerState::Stopped(_), false) => "figé",
        (BrokerState::Stopped(_), true) => "figé, écarté par le contrôleur",
        (BrokerState::Down, _) => "arrêté",
        (BrokerState::Starting, _) => "démarre",
    };
    let producer = match view.producer.state {
        ProducerState::Up => "en marche",
        ProducerState::Stopped(_) => "figé",
        ProducerState::Down => "tué",
    };
    let brokers = view.brokers.iter().map(|broker| Actor {
        name: broker.broker.to_string(),
        state: state(broker.state, broker.fenced).to_owned(),
    });
    let producer = Actor {
        name: PRODUCER.to_owned(),
        state: producer.to_owned(),
    };
    brokers.chain(std::iter::once(producer)).collect()
}

fn metrics(track: &dyn Track) -> Vec<Metric> {
    let counters = view::<World>(track)
        .map(|view| view.counters)
        .unwrap_or_default();
    let metric = |name, count, wish| Metric::new(name, count, "", wish);
    vec![
        metric("envoyés", counters.sent(), Wish::Any),
        metric("acquittés, gardés", counters.acknowledged_kept, Wish::High),
        metric("acquittés, perdus", counters.acknowledged_lost, Wish::Low),
        metric("refusés", counters.refused, Wish::Low),
        metric("incertains, pas écrits", counters.unknown_absent, Wish::Low),
        metric(
            "incertains, écrits quand même",
            counters.unknown_present,
            Wish::Low,
        ),
        metric("doublons", counters.duplicates, Wish::Low),
        metric("lus par le consumer", counters.consumed, Wish::High),
        metric("lus, puis disparus", counters.consumed_lost, Wish::Low),
    ]
}

fn breaches(track: &dyn Track) -> Vec<String> {
    let Some(view) = view::<World>(track) else {
        return Vec::new();
    };
    words::breaches(&view, safe(track.scenario()))
}

/// Whether the settings promise that nothing acknowledged is lost, all along.
fn safe(scenario: &Scenario) -> bool {
    use engine::scenario::{Action, Step};
    let config = &scenario.config;
    let changed = scenario
        .actions
        .iter()
        .any(|timed| matches!(timed.action, Action::Do(Step::Set(..))));
    !changed
        && config.choice(Property::Acks) == "all"
        && config.count(Property::MinInsyncReplicas) >= 2
        && config.count(Property::ReplicationFactor) >= 2
        && !config.flag(Property::UncleanLeaderElection)
}

fn family(event: &Event) -> usize {
    let EventKind::Replication(event) = &event.kind else {
        return match &event.kind {
            EventKind::RecordAppended { .. } => 1,
            EventKind::RecordSent { .. } | EventKind::PartitionChosen { .. } => 2,
            _ => 0,
        };
    };
    match event {
        E::LeaderElected { .. }
        | E::PartitionOffline { .. }
        | E::IsrShrunk { .. }
        | E::IsrExpanded { .. }
        | E::RecordsReplicated { .. }
        | E::HighWatermarkAdvanced { .. }
        | E::HighWatermarkLearned { .. }
        | E::LogTruncated { .. }
        | E::RecordsLost { .. } => 1,
        E::BatchSent { .. }
        | E::BatchFailed { .. }
        | E::DuplicateRecognised { .. }
        | E::RecordsAcknowledged { .. }
        | E::RecordsFailed { .. }
        | E::ProducerCrashed { .. }
        | E::ProducerRestarted
        | E::ProducerStopped { .. }
        | E::ProducerResumed
        | E::MetadataRefreshed { .. } => 2,
        E::RecordsConsumed { .. } | E::PositionTruncated { .. } => 3,
        _ => 0,
    }
}

fn told(event: &Event) -> bool {
    match &event.kind {
        EventKind::RecordAppended { .. } => true,
        EventKind::Replication(event) => !matches!(
            event,
            E::HighWatermarkLearned { .. }
                | E::PartitionPlaced { .. }
                | E::MetadataRefreshed { .. }
        ),
        _ => false,
    }
}

static PRESETS: [Preset; 7] = [
    Preset {
        name: "Le leader meurt avant la copie (acks=1 et acks=all)",
        link: "v=1&sim=replication&title=Le%20leader%20meurt%20avant%20la%20copie&seed=1&topic=orders.created&duration=40s&acks=1&enable.idempotence=false&min.insync.replicas=2&num.partitions=1&variant=acks%3Dall&variant.acks=all&do=1s:produce:nulls:count(5)&do=5s:slow:broker-2:4s&do=5s:slow:broker-3:4s&do=6500ms:produce:nulls:count(10)&do=8s:crash:broker-1&do=24s:produce:nulls:count(5)",
    },
    Preset {
        name: "Un suiveur lent sort de l’ISR, puis y revient",
        link: "v=1&sim=replication&title=Un%20suiveur%20lent&seed=1&topic=orders.created&duration=70s&acks=all&min.insync.replicas=2&num.partitions=1&do=1s:produce:nulls:count(60):every(1s)&do=5s:slow:broker-3:40s",
    },
    Preset {
        name: "Deux brokers de moins : NotEnoughReplicas",
        link: "v=1&sim=replication&title=Deux%20brokers%20de%20moins&seed=1&topic=orders.created&duration=80s&acks=all&min.insync.replicas=2&delivery.timeout.ms=20s&num.partitions=1&do=1s:produce:nulls:count(10):every(500ms)&do=8s:crash:broker-2&do=8s:crash:broker-3&do=20s:produce:nulls:count(4):every(500ms)&do=50s:restart:broker-2",
    },
    Preset {
        name: "Élection sale : l’ancien leader revient et tronque",
        link: "v=1&sim=replication&title=Election%20sale&seed=1&topic=orders.created&duration=90s&acks=1&enable.idempotence=false&num.partitions=1&unclean.leader.election.enable=true&do=1s:produce:nulls:count(5)&do=4s:slow:broker-2:40s&do=4s:slow:broker-3:40s&do=40s:produce:nulls:count(5)&do=42s:crash:broker-1&do=60s:produce:nulls:count(3)&do=65s:restart:broker-1",
    },
    Preset {
        name: "Le producer meurt entre l’écriture et l’acquittement",
        link: "v=1&sim=replication&title=Le%20producer%20meurt%20avant%20de%20savoir&seed=1&topic=orders.created&duration=30s&acks=all&min.insync.replicas=2&num.partitions=1&do=1s:produce:nulls:count(5)&do=1207ms:crash:producer&do=10s:restart:producer&do=12s:produce:nulls:count(3)",
    },
    Preset {
        name: "Le leader se fige, puis se croit encore leader",
        link: "v=1&sim=replication&title=Le%20leader%20se%20fige&seed=1&topic=orders.created&duration=45s&acks=1&enable.idempotence=false&min.insync.replicas=2&num.partitions=1&variant=acks%3Dall&variant.acks=all&do=1s:produce:nulls:count(5)&do=4s:pause:broker-1:20s&do=6s:produce:nulls:count(10)&do=35s:produce:nulls:count(5)",
    },
    Preset {
        name: "min.insync.replicas de 1, 2 et 3",
        link: "v=1&sim=replication&title=min.insync.replicas&seed=1&topic=orders.created&duration=60s&acks=all&min.insync.replicas=1&delivery.timeout.ms=20s&num.partitions=1&variant=min%20ISR%202&variant.min.insync.replicas=2&variant=min%20ISR%203&variant.min.insync.replicas=3&do=1s:produce:nulls:count(40):every(500ms)&do=10s:crash:broker-1",
    },
];

const LIMITS: [&str; 7] = [
    "Les contrôleurs ne tombent jamais en panne et répondent en un saut de réseau ; le réseau ne se coupe pas en deux.",
    "Les disques : ce qu’un broker tué avait écrit est là à son retour (le cache du système survit à SIGKILL, pas à une \
     coupure de courant). Démarrer ne prend que le temps de l’enregistrement.",
    "Rétention, compaction, transactions, stockage étagé, réassignation : rien de cela. Une lecture prend tout ce qu’il y a.",
    "Racks et départ aléatoire du placement : les répliques de la partition p commencent au broker p + 1.",
    "Variation de 20 % des attentes des clients ; un client demande qui est leader une fois par seconde quand il en manque un.",
    "Un broker figé l’est pour tous, et un client qui demande qui est leader ne tombe jamais sur lui. Pendant que le producer \
     est figé, le consumer apprend quand même qui est leader.",
    "Depuis Kafka 4.0, le high watermark n’avance plus sous min.insync.replicas : le producer voit RequestTimedOut là où \
     NotEnoughReplicasAfterAppend se lisait.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_scenarios_of_this_simulation() {
        for preset in &PRESETS {
            let scenario = engine::share::decode(preset.link)
                .unwrap_or_else(|error| panic!("{} : {error}", preset.name));
            assert_eq!(scenario.kind, engine::scenario::Kind::Replication);
            assert!(scenario.faulty_actions().is_empty(), "{}", preset.name);
            let link = engine::share::encode(&scenario);
            assert_eq!(engine::share::decode(&link), Ok(scenario));
        }
    }

    fn at_end(preset: usize, variant: usize) -> Vec<Metric> {
        let scenario = engine::share::decode(PRESETS[preset].link).unwrap();
        let mut track = lab::start::<World>(scenario.variant(variant));
        let end = track.end();
        track.run_until(end);
        assert_eq!(breaches(track.as_ref()), Vec::<String>::new());
        metrics(track.as_ref())
    }

    #[test]
    fn presets_show_what_they_promise() {
        assert_eq!(
            at_end(0, 0)[2].value,
            10,
            "acks=1 loses what was not copied"
        );
        assert_eq!(at_end(0, 1)[2].value, 0, "acks=all loses nothing");
        assert_eq!(at_end(2, 0)[3].value, 4, "all are refused");
        assert_eq!(at_end(3, 0)[2].value, 5, "an unclean leader lacks them");
        assert!(
            at_end(6, 2)[3].value > 0,
            "min ISR 3 refuses with two replicas"
        );
        assert_eq!(at_end(6, 0)[3].value, 0);
        assert_eq!(
            at_end(5, 0)[2].value,
            10,
            "a leader of the past acknowledges"
        );
        assert_eq!((at_end(5, 1)[1].value, at_end(5, 1)[2].value), (20, 0));
        let dead = at_end(4, 0);
        assert_eq!(
            (dead[1].value, dead[5].value),
            (5, 1),
            "one is written, and nobody knows"
        );
    }
}

//! Events in words: what a run tells while it goes on, and why a record went where it went.

use super::keybook::shown;
use super::why;
use engine::event::{Event, EventKind, PartitionReason};
use engine::ids::{EventId, PartitionId, ProducerId};
use engine::partitioner::Partitioner;
use engine::partitioning::Simulation;

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The event told.
    pub event: EventId,
    /// When, in French.
    pub at: String,
    /// What.
    pub text: String,
    /// Why.
    pub because: String,
}

/// Whether an event is worth a line, and a step of its own.
pub(crate) fn is_told(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::RecordAppended { .. } | EventKind::PartitionsAdded { .. }
    )
}

/// The newest lines of a run, newest first.
pub(crate) fn story(run: &Simulation, lines: usize) -> Vec<Line> {
    run.events()
        .iter()
        .rev()
        .filter(|event| is_told(event))
        .take(lines)
        .map(|event| line(run, event))
        .collect()
}

fn line(run: &Simulation, event: &Event) -> Line {
    let (text, because) = match &event.kind {
        EventKind::PartitionsAdded { from, to, .. } => (
            format!("Le topic passe de {from} à {to} partitions"),
            format!(
                "Le reste de la division par {to} n’est pas toujours celui de la division par {from} : les clés qui changent de \
                 partition laissent leurs anciens messages où ils sont. L’ordre par clé n’est plus garanti d’un bout à \
                 l’autre."
            ),
        ),
        EventKind::RecordAppended {
            partition,
            offset,
            key,
            ..
        } => appended(run, event, *partition, offset.0, key.as_deref()),
        _ => (String::new(), String::new()),
    };
    Line {
        event: event.id,
        at: picture::french::seconds(event.at),
        text,
        because,
    }
}

fn appended(
    run: &Simulation,
    event: &Event,
    partition: PartitionId,
    offset: i64,
    key: Option<&str>,
) -> (String, String) {
    let name = key.map_or("sans clé", shown);
    let Some((producer, reason, chosen_among)) = choice(run, event) else {
        return (
            format!("{name} → P{partition}, offset {offset}"),
            String::new(),
        );
    };
    let text = format!("{producer} : {name} → P{partition}, offset {offset}");
    let because = reason_text(run, producer, reason, key, partition, chosen_among);
    (text, because)
}

/// Who chose the partition of a record that was appended, why, and among how many partitions.
fn choice<'a>(
    run: &'a Simulation,
    appended: &'a Event,
) -> Option<(&'a ProducerId, &'a PartitionReason, i32)> {
    let events = run.events();
    let mut cause = appended.cause;
    while let Some(event) = cause.and_then(|id| events.get(id.index())) {
        if let EventKind::PartitionChosen {
            producer, reason, ..
        } = &event.kind
        {
            return Some((producer, reason, partitions_at(events, event.id)));
        }
        cause = event.cause;
    }
    None
}

/// How many partitions the topic had when an event happened.
fn partitions_at(events: &[Event], before: EventId) -> i32 {
    events
        .iter()
        .take_while(|event| event.id < before)
        .filter_map(|event| match event.kind {
            EventKind::TopicCreated { partitions, .. } => Some(partitions),
            EventKind::PartitionsAdded { to, .. } => Some(to),
            _ => None,
        })
        .last()
        .unwrap_or(0)
}

fn reason_text(
    run: &Simulation,
    producer: &ProducerId,
    reason: &PartitionReason,
    key: Option<&str>,
    partition: PartitionId,
    partitions: i32,
) -> String {
    let partitioner = partitioner_of(run, producer);
    match reason {
        PartitionReason::Hashed { .. } => {
            why::key(partitioner, key.unwrap_or_default(), partitions).sentence
        }
        PartitionReason::Sticky if java(partitioner) => format!(
            "Pas de clé : {producer} remplit la partition {partition} avant d’en changer (batch.size octets)."
        ),
        PartitionReason::Sticky => format!(
            "Pas de clé : {producer} reste sur la partition {partition} pendant sticky.partitioning.linger.ms."
        ),
        PartitionReason::Random => {
            format!(
                "Aucune clé n’est hachée : la partition {partition} a été tirée au hasard pour ce message."
            )
        }
        PartitionReason::RoundRobin => {
            format!("Chacune son tour : c’était celui de la partition {partition}.")
        }
        PartitionReason::NullKeyFixed => format!(
            "{} hache une clé nulle comme une clé vide : toujours la partition {partition}.",
            picture::french::partitioner(partitioner)
        ),
        PartitionReason::Explicit => {
            format!(
                "L’application a nommé la partition {partition} : aucun partitionneur n’a été consulté."
            )
        }
    }
}

fn java(partitioner: Partitioner) -> bool {
    matches!(
        partitioner,
        Partitioner::JavaDefault | Partitioner::JavaSticky480
    )
}

fn partitioner_of(run: &Simulation, producer: &ProducerId) -> Partitioner {
    let second = run.producers().nth(1) == Some(producer);
    let scenario = run.scenario();
    let config = match &scenario.compare {
        Some(compare) if second => compare,
        _ => &scenario.config,
    };
    config.partitioner()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::scenario::{Action, Keys, Kind, Produce, Scenario, TimedAction};
    use engine::time::Instant;

    fn run(keys: Keys) -> Simulation {
        let mut scenario = Scenario::new(Kind::Partitioning, "t");
        let property = engine::config::Property::NumPartitions;
        scenario.config.set_text(property, "6").unwrap();
        let produce = Produce::of(keys);
        scenario.actions = vec![
            TimedAction {
                at: Instant::ZERO,
                action: Action::Produce(produce.clone()),
            },
            TimedAction {
                at: Instant::from_millis(500),
                action: Action::AddPartitions(12),
            },
            TimedAction {
                at: Instant::from_millis(600),
                action: Action::Produce(produce),
            },
        ];
        let mut run = Simulation::new(scenario);
        let end = run.end();
        run.run_until(end);
        run
    }

    #[test]
    fn a_record_is_explained_by_the_partitions_of_its_time() {
        let lines = story(&run(Keys::List(vec!["kafka".into()])), 9);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                ".NET : kafka → P11, offset 0",
                "Le topic passe de 6 à 12 partitions",
                ".NET : kafka → P5, offset 0",
            ]
        );
        assert!(
            lines[0].because.contains("par 12 est 11"),
            "{}",
            lines[0].because
        );
        assert!(
            lines[2].because.contains("par 6 est 5"),
            "{}",
            lines[2].because
        );
    }

    #[test]
    fn a_record_without_key_says_what_holds_it() {
        let lines = story(&run(Keys::Null), 1);
        assert!(lines[0].text.contains("sans clé"));
        assert!(lines[0].because.contains("sticky.partitioning.linger.ms"));
    }
}

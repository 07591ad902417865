//! From what was seen to the lines of a trace: assignments, callbacks, records, committed offsets, and times.

use crate::observed::{Facts, Partitions, Said, Seen, What, Written};
use crate::trace::{Measure, Recorded};
use std::collections::{BTreeMap, BTreeSet};

/// What a busy machine and the clients' own timers add to any time, in milliseconds.
const SLACK: i64 = 1_000;

/// A topic's partition.
type Place = (String, i32);

/// The lines of a group's trace.
pub(crate) fn of_group(group: &str, facts: &Facts, seen: &Seen) -> Recorded {
    let prefix = format!("{group}.");
    let mut equal = generations(&prefix, &seen.written);
    equal.extend(epochs(facts, &seen.written));
    equal.extend(callbacks(&prefix, facts, &seen.said));
    equal.extend(records(&prefix, facts, seen));
    Recorded {
        with: String::new(),
        equal,
        times: times(&prefix, facts, seen),
    }
}

/// Classic protocol: who has what in each generation.
fn generations(prefix: &str, written: &[Written]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in written {
        if let What::Generation {
            generation,
            members,
        } = &one.what
        {
            // Written when the group is made, before anybody is in it.
            if *generation == 0 {
                continue;
            }
            let members = members
                .iter()
                .map(|(client, partitions)| (client.as_str(), Some(partitions)));
            lines.push(format!(
                "generation {generation}: {}",
                owners(prefix, members)
            ));
        }
    }
    // A static member that comes back is written again, in the same generation.
    lines.dedup();
    lines
}

/// New protocol: who is to have what in each epoch.
fn epochs(facts: &Facts, written: &[Written]) -> Vec<String> {
    let mut clients = BTreeMap::new();
    let mut targets: BTreeMap<&str, Partitions> = BTreeMap::new();
    let mut lines = Vec::new();
    for one in written {
        match &one.what {
            What::Member { id, client } => drop(clients.insert(id.as_str(), client.as_str())),
            What::Target {
                id,
                partitions: Some(partitions),
            } => drop(targets.insert(id, named(facts, partitions))),
            What::Target {
                id,
                partitions: None,
            } => drop(targets.remove(id.as_str())),
            What::TargetEpoch(epoch) => {
                let mut members: Vec<_> = targets
                    .iter()
                    .map(|(id, partitions)| (*clients.get(id).unwrap_or(id), Some(partitions)))
                    .collect();
                members.sort();
                lines.push(format!("epoch {epoch}: {}", owners("", members)));
            }
            _ => {}
        }
    }
    lines
}

/// The new protocol knows topics by an id; scenarios of it have one topic.
fn named(facts: &Facts, partitions: &Partitions) -> Partitions {
    partitions
        .values()
        .map(|numbers| (facts.topic.clone(), numbers.clone()))
        .collect()
}

fn owners<'p>(
    prefix: &str,
    members: impl IntoIterator<Item = (&'p str, Option<&'p Partitions>)>,
) -> String {
    let members: Vec<String> = members
        .into_iter()
        .map(|(client, partitions)| match partitions {
            Some(partitions) if !partitions.is_empty() => {
                format!("{client} {}", shown(prefix, partitions))
            }
            _ => format!("{client} nothing"),
        })
        .collect();
    if members.is_empty() {
        "nobody".to_owned()
    } else {
        members.join(" | ")
    }
}

/// `orders 0-3,7`.
fn shown(prefix: &str, partitions: &Partitions) -> String {
    let topics: Vec<String> = partitions
        .iter()
        .map(|(topic, numbers)| {
            let topic = topic.strip_prefix(prefix).unwrap_or(topic);
            let numbers = numbers.iter().map(|number| i64::from(*number));
            format!("{topic} {}", ranges(numbers))
        })
        .collect();
    topics.join(" ")
}

/// `0-3,7`.
pub(crate) fn ranges(numbers: impl IntoIterator<Item = i64>) -> String {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let words: Vec<String> = ranges
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            _ => format!("{first}-{last}"),
        })
        .collect();
    words.join(",")
}

/// What each client was told, in order.
///
/// KIP-848 hands partitions over as the heartbeats happen to fall: what it says in one callback it may say in two. There,
/// callbacks of one kind that follow each other are written as one.
fn callbacks(prefix: &str, facts: &Facts, said: &[Said]) -> Vec<String> {
    let mut of_clients: BTreeMap<&str, Vec<(&str, Partitions)>> = BTreeMap::new();
    for one in said {
        let restarted = one.rest.strip_prefix("restart ");
        if let Some(client) = restarted.filter(|_| one.word == "action") {
            let told = of_clients.entry(client).or_default();
            told.push(("restarted", Partitions::new()));
        } else if matches!(one.word.as_str(), "assigned" | "revoked" | "lost") {
            let told = of_clients.entry(&one.client).or_default();
            let partitions = partitions_of(&one.rest);
            match told.last_mut() {
                Some((word, before)) if facts.modern && *word == one.word => {
                    for (topic, numbers) in partitions {
                        before.entry(topic).or_default().extend(numbers);
                    }
                }
                _ => told.push((&one.word, partitions)),
            }
        }
    }
    of_clients
        .into_iter()
        .map(|(client, told)| {
            let told: Vec<String> = told
                .into_iter()
                .map(|(word, partitions)| match word {
                    "restarted" => word.to_owned(),
                    _ if partitions.is_empty() => format!("{word} nothing"),
                    _ => format!("{word} {}", shown(prefix, &partitions)),
                })
                .collect();
            format!("{client}: {}", told.join(" | "))
        })
        .collect()
}

/// `topic:0,1 other:3`.
fn partitions_of(text: &str) -> Partitions {
    text.split(' ')
        .filter_map(|word| word.rsplit_once(':'))
        .map(|(topic, numbers)| {
            let numbers = numbers.split(',').filter_map(|number| number.parse().ok());
            (topic.to_owned(), numbers.collect())
        })
        .collect()
}

/// What became of the records, and the committed offsets at each incident and at the end.
fn records(prefix: &str, facts: &Facts, seen: &Seen) -> Vec<String> {
    let planned = facts.records;
    if planned == 0 {
        return Vec::new();
    }
    let begun = counts(prefix, &seen.said, "begin");
    let ended = counts(prefix, &seen.said, "end");
    let committed = committed(prefix, &seen.written, seen.end);
    let mut lines: Vec<String> = incidents(&seen.said)
        .into_iter()
        .filter(|incident| {
            !incident.text.starts_with("join") && !incident.text.starts_with("restart")
        })
        .map(|incident| {
            let then = self::committed(prefix, &seen.written, incident.at);
            format!("committed at {}: {}", incident.text, offsets(&then))
        })
        .collect();
    lines.push(format!("committed at the end: {}", offsets(&committed)));
    let again: BTreeSet<_> = begun.iter().filter(|(_, count)| **count > 1).collect();
    let again = again.into_iter().map(|(record, _)| record);
    let twice = ended
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(record, _)| record);
    let lost = committed
        .iter()
        .flat_map(|(place, next)| (0..*next).map(|offset| (place.clone(), offset)));
    let lost: BTreeSet<(Place, i64)> = lost.filter(|record| !ended.contains_key(record)).collect();
    lines.push(format!(
        "records: {planned} in all, {} processed, {} lost",
        ended.len(),
        lost.len()
    ));
    lines.push(format!("begun more than once: {}", listed(again)));
    lines.push(format!("processed more than once: {}", listed(twice)));
    lines.push(format!("lost: {}", listed(&lost)));
    lines
}

/// How many times each record was begun or ended.
fn counts(prefix: &str, said: &[Said], word: &str) -> BTreeMap<(Place, i64), u32> {
    let mut counts = BTreeMap::new();
    for one in said.iter().filter(|one| one.word == word) {
        let words: Vec<&str> = one.rest.split(' ').collect();
        if let [topic, partition, offset] = words[..]
            && let (Ok(partition), Ok(offset)) = (partition.parse(), offset.parse())
        {
            let topic = topic.strip_prefix(prefix).unwrap_or(topic).to_owned();
            *counts.entry(((topic, partition), offset)).or_insert(0) += 1;
        }
    }
    counts
}

/// Committed offsets at an instant, in microseconds.
fn committed(prefix: &str, written: &[Written], at: i64) -> BTreeMap<Place, i64> {
    let mut committed = BTreeMap::new();
    for one in written.iter().filter(|one| one.at_ms * 1_000 <= at) {
        if let What::Offset {
            topic,
            partition,
            offset,
        } = &one.what
        {
            let topic = topic.strip_prefix(prefix).unwrap_or(topic).to_owned();
            committed.insert((topic, *partition), *offset);
        }
    }
    committed
}

fn offsets(committed: &BTreeMap<Place, i64>) -> String {
    let words: Vec<String> = committed
        .iter()
        .map(|((topic, partition), offset)| format!("{topic}-{partition} {offset}"))
        .collect();
    or_none(words.join(" | "))
}

/// `orders-0 5-7 | orders-1 2`.
fn listed<'r>(records: impl IntoIterator<Item = &'r (Place, i64)>) -> String {
    let mut places: BTreeMap<&Place, Vec<i64>> = BTreeMap::new();
    for (place, offset) in records {
        places.entry(place).or_default().push(*offset);
    }
    let words: Vec<String> = places
        .into_iter()
        .map(|((topic, partition), offsets)| format!("{topic}-{partition} {}", ranges(offsets)))
        .collect();
    or_none(words.join(" | "))
}

pub(crate) fn or_none(text: String) -> String {
    if text.is_empty() {
        "none".to_owned()
    } else {
        text
    }
}

/// Actions of one instant.
struct Incident {
    at: i64,
    text: String,
}

fn incidents(said: &[Said]) -> Vec<Incident> {
    const TOGETHER: i64 = 50_000;
    let mut incidents: Vec<Incident> = Vec::new();
    for one in said.iter().filter(|one| one.word == "action") {
        match incidents.last_mut() {
            Some(last) if one.at - last.at < TOGETHER => {
                last.text = format!("{}, {}", last.text, one.rest);
            }
            _ => incidents.push(Incident {
                at: one.at,
                text: one.rest.clone(),
            }),
        }
    }
    incidents
}

/// For each incident: until the last callback that follows it, and the longest time that a partition was without an owner.
fn times(prefix: &str, facts: &Facts, seen: &Seen) -> Vec<Measure> {
    let gaps = gaps(prefix, &seen.said);
    let incidents = incidents(&seen.said);
    let mut measures = Vec::new();
    for (index, incident) in incidents.iter().enumerate() {
        let until = incidents.get(index + 1).map_or(seen.end, |next| next.at);
        let inside = |at: i64| (incident.at..until).contains(&at);
        // Others learn of it at their next heartbeat; a silence is counted from the last heartbeat before it.
        let silent = ["crash", "pause", "terminate", "slow"];
        let silent = silent.iter().any(|verb| incident.text.contains(verb));
        let tolerance = SLACK + facts.heartbeat * if silent { 2 } else { 1 };
        let settled = seen.said.iter().filter(|one| {
            inside(one.at) && matches!(one.word.as_str(), "assigned" | "revoked" | "lost")
        });
        let settled = settled.map(|one| one.at).max();
        let gap = gaps
            .iter()
            .filter(|gap| inside(gap.1))
            .map(|gap| gap.1 - gap.0)
            .max();
        for (name, length) in [
            ("settled", settled.map(|at| at - incident.at)),
            ("longest without owner", gap),
        ] {
            if let Some(length) = length {
                measures.push(Measure {
                    name: format!("{name} after {}", incident.text),
                    milliseconds: length / 1_000,
                    tolerance,
                });
            }
        }
    }
    measures
}

/// From when to when a partition that had an owner had none.
fn gaps(prefix: &str, said: &[Said]) -> Vec<(i64, i64)> {
    let mut owners: BTreeMap<Place, &str> = BTreeMap::new();
    let mut free: BTreeMap<Place, i64> = BTreeMap::new();
    let mut gaps = Vec::new();
    for one in said {
        let places = places(prefix, &partitions_of(&one.rest));
        match one.word.as_str() {
            "assigned" => {
                for place in places {
                    if let Some(since) = free.remove(&place) {
                        gaps.push((since, one.at));
                    }
                    owners.insert(place, &one.client);
                }
            }
            "revoked" | "lost" => {
                for place in places {
                    // Whoever lost it in silence may hear of it when another has it.
                    if owners.get(&place) == Some(&one.client.as_str()) {
                        owners.remove(&place);
                        free.insert(place, one.at);
                    }
                }
            }
            "action" => {
                let gone = one
                    .rest
                    .strip_prefix("crash ")
                    .or(one.rest.strip_prefix("terminate "));
                let places: Vec<Place> = owners
                    .iter()
                    .filter(|(_, owner)| Some(**owner) == gone)
                    .map(|(place, _)| place.clone())
                    .collect();
                for place in places {
                    owners.remove(&place);
                    free.insert(place, one.at);
                }
            }
            _ => {}
        }
    }
    gaps
}

fn places(prefix: &str, partitions: &Partitions) -> Vec<Place> {
    partitions
        .iter()
        .flat_map(|(topic, numbers)| {
            let topic = topic.strip_prefix(prefix).unwrap_or(topic);
            numbers
                .iter()
                .map(move |number| (topic.to_owned(), *number))
        })
        .collect()
}

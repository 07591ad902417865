//! What is seen of a consumer group: the engine's events, as a client's log and the coordinator's records would tell them.

use crate::observed::{Partitions, Said, Seen, What, Written};
use crate::{microseconds, steps};
use engine::event::{Event, EventKind, GroupEvent, GroupState, TopicPartition};
use engine::ids::{MemberId, Offset, PartitionId, TopicName};
use engine::scenario::Scenario;
use std::collections::BTreeMap;

/// Plays a scenario to its end and watches.
pub(crate) fn seen(scenario: Scenario) -> Seen {
    let actions = steps(&scenario);
    let mut run = engine::run::Run::<engine::group::GroupWorld>::new(scenario);
    let end = run.end();
    run.run_until(end);
    let mut watcher = Watcher::default();
    for (at, text) in actions {
        watcher.say(at, "", "action", text);
    }
    for event in run.events() {
        watcher.watch(event);
    }
    // What is done at an instant comes before what follows from it.
    watcher.said.sort_by_key(|said| said.at);
    Seen {
        said: watcher.said,
        written: watcher.written,
        end: microseconds(end),
    }
}

#[derive(Default)]
struct Watcher {
    said: Vec<Said>,
    written: Vec<Written>,
    /// Consumers by their `group.instance.id`.
    instances: BTreeMap<String, String>,
    /// The generation that the last rebalance of the classic protocol ends.
    generation: i32,
    /// Who is to own what, by the last assignment computed.
    targets: Vec<(String, Partitions)>,
}

impl Watcher {
    fn say(&mut self, at: i64, client: &str, word: &str, rest: String) {
        self.said.push(Said {
            at,
            client: client.to_owned(),
            word: word.to_owned(),
            rest,
        });
    }

    fn write(&mut self, event: &Event, what: What) {
        self.written.push(Written {
            at_ms: microseconds(event.at) / 1_000,
            group: String::new(),
            what,
        });
    }

    fn watch(&mut self, event: &Event) {
        let at = microseconds(event.at);
        match &event.kind {
            EventKind::PartitionsAssigned {
                member, partitions, ..
            } => {
                let client = self.client(member);
                self.say(at, &client, "assigned", told(partitions));
            }
            EventKind::PartitionsRevoked {
                member,
                partitions,
                lost,
                ..
            } => {
                let client = self.client(member);
                let word = if *lost { "lost" } else { "revoked" };
                self.say(at, &client, word, told(partitions));
            }
            EventKind::OffsetCommitted {
                topic,
                partition,
                offset,
                ..
            } => self.write(
                event,
                What::Offset {
                    topic: topic.to_string(),
                    partition: partition.0,
                    offset: offset.0,
                },
            ),
            EventKind::Group(group) => self.watch_group(event, group),
            _ => {}
        }
    }

    fn watch_group(&mut self, event: &Event, group: &GroupEvent) {
        let at = microseconds(event.at);
        match group {
            GroupEvent::ConsumerStarted {
                consumer,
                instance: Some(instance),
            } => {
                let name = consumer.to_string();
                self.instances.insert(instance.to_string(), name);
            }
            GroupEvent::ProcessingBegan {
                consumer,
                topic,
                partition,
                offset,
                ..
            } => self.say(
                at,
                consumer.as_str(),
                "begin",
                place(topic, *partition, *offset),
            ),
            GroupEvent::ProcessingEnded {
                consumer,
                topic,
                partition,
                offset,
                ..
            } => self.say(
                at,
                consumer.as_str(),
                "end",
                place(topic, *partition, *offset),
            ),
            GroupEvent::TargetComputed {
                epoch, by, targets, ..
            } => {
                let targets = targets.iter().map(|target| {
                    let consumer = target.consumer.to_string();
                    (consumer, partitions(&target.partitions))
                });
                self.targets = targets.collect();
                self.targets.sort();
                if by.is_none() {
                    self.write_targets(event, *epoch);
                }
            }
            GroupEvent::RebalanceCompleted { generation, .. } => {
                let members = self.targets.clone();
                self.write(
                    event,
                    What::Generation {
                        generation: *generation,
                        members,
                    },
                );
            }
            GroupEvent::RebalancePrepared { generation, .. } => self.generation = *generation,
            GroupEvent::StateChanged {
                to: GroupState::Empty,
                ..
            } if self.generation > 0 => {
                // A rebalance that nobody joined is a generation too.
                let generation = self.generation + 1;
                let members = Vec::new();
                self.write(
                    event,
                    What::Generation {
                        generation,
                        members,
                    },
                );
            }
            _ => {}
        }
    }

    /// The new protocol's target assignment, as the coordinator's records would say it.
    fn write_targets(&mut self, event: &Event, epoch: i32) {
        let gone: Vec<String> = self
            .written
            .iter()
            .filter_map(|written| match &written.what {
                What::Target { id, .. } => Some(id.clone()),
                _ => None,
            })
            .filter(|id| self.targets.iter().all(|(name, _)| name != id))
            .collect();
        for id in gone {
            self.write(
                event,
                What::Target {
                    id,
                    partitions: None,
                },
            );
        }
        for (id, partitions) in self.targets.clone() {
            let partitions = Some(partitions);
            self.write(event, What::Target { id, partitions });
        }
        self.write(event, What::TargetEpoch(epoch));
    }

    /// The consumer behind a member id, which begins with its name, or with its `group.instance.id`.
    fn client(&self, member: &MemberId) -> String {
        const UUID: usize = 37;
        let id = member.as_str();
        let name = id.get(..id.len().saturating_sub(UUID)).unwrap_or(id);
        self.instances
            .get(name)
            .map_or(name, String::as_str)
            .to_owned()
    }
}

fn place(topic: &TopicName, partition: PartitionId, offset: Offset) -> String {
    format!("{topic} {} {}", partition.0, offset.0)
}

fn partitions(list: &[TopicPartition]) -> Partitions {
    let mut partitions = Partitions::new();
    for one in list {
        let numbers = partitions.entry(one.topic.to_string()).or_default();
        numbers.insert(one.partition.0);
    }
    partitions
}

/// `topic:0,1 other:3`, as clients say it.
fn told(list: &[TopicPartition]) -> String {
    let words: Vec<String> = partitions(list)
        .into_iter()
        .map(|(topic, numbers)| {
            let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
            format!("{topic}:{}", numbers.join(","))
        })
        .collect();
    words.join(" ")
}

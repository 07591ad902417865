//! What the metadata says about topics and where their partitions are.

use super::super::{ObserveError, Placement};
use engine::event::EventKind;
use engine::ids::{PartitionId, TopicName};
use rdkafka::metadata::{Metadata, MetadataTopic};

/// Internal topics begin like this, by convention of Kafka's own and of its operators.
const INTERNAL_PREFIX: &str = "__";

/// All topics but the internal ones, sorted.
pub(super) fn topic_names(metadata: &Metadata) -> Vec<TopicName> {
    let mut names: Vec<TopicName> = metadata
        .topics()
        .iter()
        .filter(|topic| topic.error().is_none() && !topic.name().starts_with(INTERNAL_PREFIX))
        .map(|topic| TopicName::from(topic.name()))
        .collect();
    names.sort();
    names
}

/// The topic asked for, or the usual one if it exists, or the first.
pub(super) fn choose(
    wish: Option<&TopicName>,
    usual: &TopicName,
    topics: &[TopicName],
) -> Result<TopicName, ObserveError> {
    match wish {
        Some(wish) if topics.contains(wish) => Ok(wish.clone()),
        Some(wish) => Err(ObserveError::UnknownTopic {
            topic: wish.clone(),
            topics: topics.to_vec(),
        }),
        None if topics.contains(usual) => Ok(usual.clone()),
        None => topics.first().cloned().ok_or(ObserveError::NoTopic),
    }
}

/// The topic's partitions by number. Numbers without gaps are part of Kafka's protocol.
pub(super) fn placements(metadata: &Metadata, topic: &TopicName) -> Vec<Placement> {
    let mut placements: Vec<Placement> = metadata
        .topics()
        .iter()
        .filter(|candidate| candidate.name() == topic.as_str())
        .flat_map(MetadataTopic::partitions)
        .map(|partition| Placement {
            partition: PartitionId(partition.id()),
            leader: Some(partition.leader()).filter(|id| *id >= 0),
            replicas: partition.replicas().to_vec(),
            isr: partition.isr().to_vec(),
        })
        .collect();
    placements.sort_by_key(|placement| placement.partition);
    placements
}

/// The topics that are there now and were not before.
pub(super) fn new_topics(
    metadata: &Metadata,
    before: &[TopicName],
    now: &[TopicName],
) -> Vec<EventKind> {
    now.iter()
        .filter(|topic| !before.contains(topic))
        .map(|topic| EventKind::TopicCreated {
            topic: topic.clone(),
            partitions: i32::try_from(placements(metadata, topic).len()).unwrap_or(i32::MAX),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_topic_comes_before_the_first_one() {
        let topics = [TopicName::from("a"), TopicName::from("orders.created")];
        let usual = TopicName::from("orders.created");
        assert_eq!(choose(None, &usual, &topics), Ok(usual.clone()));
        assert_eq!(
            choose(None, &TopicName::from("z"), &topics),
            Ok(TopicName::from("a"))
        );
        assert_eq!(choose(None, &usual, &[]), Err(ObserveError::NoTopic));
        let missing = choose(Some(&TopicName::from("orders")), &usual, &topics);
        let text = missing.unwrap_err().to_string();
        assert!(
            text.contains("« orders »") && text.contains("a, orders.created"),
            "{text}"
        );
    }
}

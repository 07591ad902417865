//! Round robin: the partitions of all topics, in order, dealt to members in turn.

use super::{Member, Topic, TopicPartition, order};
use crate::ids::PartitionId;
use std::cmp::Ordering;

/// Java's `RoundRobinAssignor` and librdkafka's `roundrobin`, which differ only in how they sort members.
pub(super) fn assign(
    topics: &[Topic<'_>],
    members: &[Member<'_>],
    compare: fn(&Member<'_>, &Member<'_>) -> Ordering,
) -> Vec<Vec<TopicPartition>> {
    let sorted = order::sorted(members, compare);
    let mut assignment = vec![Vec::new(); members.len()];
    let mut turn = sorted.iter().cycle();
    for topic in order::by_name(topics) {
        if !members.iter().any(|member| member.topics.contains(&topic)) {
            continue;
        }
        for partition in (0..topics[topic].partitions).map(PartitionId) {
            // Somebody is subscribed, so that this ends; who is passed over has lost a turn.
            if let Some(&member) = turn.find(|&&member| members[member].topics.contains(&topic)) {
                assignment[member].push(TopicPartition { topic, partition });
            }
        }
    }
    assignment
}

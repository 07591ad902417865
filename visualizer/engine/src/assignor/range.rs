//! Range: each topic cut in as many pieces as it has subscribers; the first ones get one partition more.

use super::{Member, Topic, TopicPartition, order};
use crate::ids::PartitionId;
use std::cmp::Ordering;

/// Java's `RangeAssignor`, librdkafka's `range` and the broker's, which differ only in how they sort members (no racks).
pub(super) fn assign(
    topics: &[Topic<'_>],
    members: &[Member<'_>],
    compare: fn(&Member<'_>, &Member<'_>) -> Ordering,
) -> Vec<Vec<TopicPartition>> {
    let sorted = order::sorted(members, compare);
    let mut assignment = vec![Vec::new(); members.len()];
    for (topic, partitions) in topics.iter().map(|topic| topic.partitions).enumerate() {
        let subscribers: Vec<usize> = sorted
            .iter()
            .copied()
            .filter(|&member| members[member].topics.contains(&topic))
            .collect();
        let Ok(count) = i32::try_from(subscribers.len()) else {
            continue;
        };
        let mut next = 0;
        for (member, rank) in subscribers.into_iter().zip(0..) {
            let end = next + partitions / count + i32::from(rank < partitions % count);
            assignment[member].extend((next..end).map(|partition| TopicPartition {
                topic,
                partition: PartitionId(partition),
            }));
            next = end;
        }
    }
    assignment
}

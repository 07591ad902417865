//! The broker's `uniform` assignor (KIP-848) when all members are subscribed to the same topics: everybody keeps what it has up
//! to its quota, the rest goes to those that have room (Kafka's `UniformHomogeneousAssignmentBuilder`).

use super::flat::{Partitions, Subscriptions};
use super::{Member, Topic, TopicPartition, hash_map, uniform_heterogeneous};

/// The target assignment.
pub(super) fn assign(topics: &[Topic<'_>], members: &[Member<'_>]) -> Vec<Vec<TopicPartition>> {
    let partitions = Partitions::new(topics);
    let subscriptions = Subscriptions::new(topics, members);
    let walked = hash_map::walk_members(members);
    let owned: Vec<Vec<usize>> = members
        .iter()
        .enumerate()
        .map(|(at, member)| {
            let mut owned: Vec<usize> = partitions.owned(member).collect();
            owned.retain(|&partition| subscriptions.has(partitions.topic(partition), at));
            owned.sort_unstable();
            owned
        })
        .collect();
    let homogeneous = members.iter().all(|member| {
        let first = members[0].topics;
        member.topics.len() == first.len()
            && member.topics.iter().all(|topic| first.contains(topic))
    });
    let tables = (&partitions, &subscriptions);
    let assigned = if homogeneous {
        homogeneous_assignment(tables, &walked, owned)
    } else {
        uniform_heterogeneous::assign(tables, &walked, owned)
    };
    partitions.named(assigned)
}

/// Lets members keep what they own up to their quotas, and deals the rest.
fn homogeneous_assignment(
    (partitions, subscriptions): (&Partitions, &Subscriptions),
    walked: &[usize],
    mut assigned: Vec<Vec<usize>>,
) -> Vec<Vec<usize>> {
    let mut free = partitions.of_all(&subscriptions.topics());
    let total = free.len();
    let mut taken = vec![false; partitions.len()];
    for &partition in assigned.iter().flatten() {
        taken[partition] = true;
    }
    free.retain(|&partition| !taken[partition]);
    let count = walked.len().max(1);
    // How many members still to come get one partition more than the others.
    let mut extra = total % count;
    let mut unfilled = Vec::new();
    for (rank, &member) in walked.iter().enumerate() {
        let mut takes_extra = extra > 0;
        let quota = total / count + usize::from(takes_extra);
        let kept = keep(partitions, &mut assigned[member], quota, &mut free);
        let mut room = quota - kept;
        if room > 0 && takes_extra && count - rank > extra {
            // Another one may want it; the last ones have no choice.
            room -= 1;
            takes_extra = false;
        }
        unfilled.push((member, room));
        extra -= usize::from(takes_extra);
    }
    let mut free = free.into_iter();
    for (member, room) in unfilled {
        assigned[member].extend(free.by_ref().take(room));
    }
    assigned
}

/// Frees what exceeds the quota, topic after topic, in the order in which Java walks a set of numbers; how many are kept.
fn keep(
    partitions: &Partitions,
    owned: &mut Vec<usize>,
    quota: usize,
    free: &mut Vec<usize>,
) -> usize {
    let mut kept = Vec::with_capacity(owned.len());
    for topic in owned.chunk_by(|&a, &b| partitions.topic(a) == partitions.topic(b)) {
        let room = (quota - kept.len()).min(topic.len());
        let mut topic = topic.to_vec();
        if room < topic.len() {
            // Copied from a list: the table is made for one key more than three quarters of it hold.
            let buckets = hash_map::sized_for(topic.len());
            hash_map::walk(&mut topic, buckets, &|partition| {
                partitions.number(partition)
            });
        }
        free.extend_from_slice(&topic[room..]);
        kept.extend_from_slice(&topic[..room]);
    }
    *owned = kept;
    owned.len()
}

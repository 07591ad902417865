//! The orders in which libraries take members.

use super::{Member, Topic};
use std::cmp::Ordering;

/// Java's `MemberInfo`, and the broker's range: static members first, by instance id, then the others by member id.
pub(super) fn static_first(a: &Member<'_>, b: &Member<'_>) -> Ordering {
    match (a.instance_id, b.instance_id) {
        (Some(a), Some(b)) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.id.cmp(b.id),
    }
}

/// librdkafka's `rd_kafka_group_member_cmp`: two static members by instance id, any other two by member id.
pub(super) fn static_by_instance(a: &Member<'_>, b: &Member<'_>) -> Ordering {
    match (a.instance_id, b.instance_id) {
        (Some(a), Some(b)) => a.cmp(b),
        _ => a.id.cmp(b.id),
    }
}

/// Sorts numbers by an order of theirs, equal ones as they were. One function for all orders: the standard library would put
/// a copy of its sort for each into the page.
pub(super) fn sort(numbers: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    numbers.sort_by(|&a, &b| compare(a, b));
}

/// Sorts numbers by a rank of theirs, equal ones as they were.
pub(super) fn sort_by_rank(numbers: &mut [usize], rank: &dyn Fn(usize) -> usize) {
    sort(numbers, &|a, b| rank(a).cmp(&rank(b)));
}

/// Places of the members in this order.
pub(super) fn sorted(
    members: &[Member<'_>],
    compare: fn(&Member<'_>, &Member<'_>) -> Ordering,
) -> Vec<usize> {
    let mut places: Vec<usize> = (0..members.len()).collect();
    sort(&mut places, &|a, b| compare(&members[a], &members[b]));
    places
}

/// Places of the topics, by name.
pub(super) fn by_name(topics: &[Topic<'_>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..topics.len()).collect();
    sort(&mut places, &|a, b| topics[a].name.cmp(topics[b].name));
    places
}

/// Rank of each member among the member ids.
pub(super) fn ranks_by_id(members: &[Member<'_>]) -> Vec<usize> {
    let mut ranks = vec![0; members.len()];
    for (rank, member) in sorted(members, |a, b| a.id.cmp(b.id))
        .into_iter()
        .enumerate()
    {
        ranks[member] = rank;
    }
    ranks
}

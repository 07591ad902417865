//! Java's `StickyAssignor` and `CooperativeStickyAssignor` (`AbstractStickyAssignor`, without racks).

use super::balance::{self, Library, Start};
use super::flat::{Partitions, Subscriptions};
use super::hash_map::walk_members;
use super::java_constrained::{self, Constrained};
use super::{Member, Topic, TopicPartition, order};

/// What the members say they own, once they have been reconciled.
pub(super) struct Claims {
    /// Partitions that each member owns.
    pub(super) owned: Vec<Vec<usize>>,
    /// Partitions that two members say they own since the same generation: neither does.
    pub(super) disputed: Vec<bool>,
}

/// The assignment; `cooperative` withholds what another member must give up first.
pub(super) fn assign(
    topics: &[Topic<'_>],
    members: &[Member<'_>],
    cooperative: bool,
) -> Vec<Vec<TopicPartition>> {
    let partitions = Partitions::new(topics);
    let subscriptions = Subscriptions::new(topics, members);
    let walked = walk_members(members);
    let claims = claims(&partitions, &subscriptions, members, &walked);
    let tables = (&partitions, &subscriptions);
    let mut assigned;
    if subscriptions_equal(members, &walked) {
        let withheld;
        Constrained { assigned, withheld } =
            java_constrained::assign(topics, members, tables, &walked, claims);
        if cooperative {
            remove(&mut assigned, |_, partition| withheld[partition]);
        }
    } else {
        let start = start(topics, members, tables, &walked, claims);
        assigned = balance::balance(Library::Java, topics, members, tables, start);
        if cooperative {
            let mut owners = vec![Vec::new(); partitions.len()];
            for (at, member) in members.iter().enumerate() {
                for partition in partitions.owned(member) {
                    owners[partition].push(at);
                }
            }
            remove(&mut assigned, |member, partition| {
                let owners = &owners[partition];
                !owners.is_empty() && !owners.contains(&member)
            });
        }
    }
    partitions.named(assigned)
}

fn remove(assigned: &mut [Vec<usize>], withheld: impl Fn(usize, usize) -> bool) {
    for (member, list) in assigned.iter_mut().enumerate() {
        list.retain(|&partition| !withheld(member, partition));
    }
}

/// Whether all are subscribed to the same topics. As in Java, members subscribed to nothing do not count while no other has
/// been met.
fn subscriptions_equal(members: &[Member<'_>], walked: &[usize]) -> bool {
    let mut lists = walked.iter().map(|&member| members[member].topics);
    let Some(first) = lists.find(|topics| !topics.is_empty()) else {
        return true;
    };
    lists.all(|topics| {
        topics.len() == first.len() && topics.iter().all(|topic| first.contains(topic))
    })
}

/// Of two that say they own a partition, the one of the later generation does; of the same generation, neither.
fn claims(
    partitions: &Partitions,
    subscriptions: &Subscriptions,
    members: &[Member<'_>],
    walked: &[usize],
) -> Claims {
    let mut owned = vec![Vec::new(); members.len()];
    let mut disputed = vec![false; partitions.len()];
    let mut claimed: Vec<Option<usize>> = vec![None; partitions.len()];
    for &member in walked {
        let generation = members[member].generation.max(-1);
        for partition in partitions.owned(&members[member]) {
            if subscriptions.count(partitions.topic(partition)) == 0 {
                continue;
            }
            if let Some(other) = claimed[partition] {
                let other_generation = members[other].generation.max(-1);
                if generation < other_generation {
                    continue;
                }
                owned[other].retain(|&owned| owned != partition);
                if generation == other_generation {
                    disputed[partition] = true;
                    claimed[partition] = Some(member);
                    continue;
                }
            }
            owned[member].push(partition);
            claimed[partition] = Some(member);
        }
    }
    Claims { owned, disputed }
}

/// What the general search begins with: what each owns of the topics it is still subscribed to.
fn start(
    topics: &[Topic<'_>],
    members: &[Member<'_>],
    (partitions, subscriptions): (&Partitions, &Subscriptions),
    walked: &[usize],
    claims: Claims,
) -> Start {
    let mut lists = claims.owned;
    let mut holders = vec![None; partitions.len()];
    let mut revoked = false;
    for (member, list) in lists.iter_mut().enumerate() {
        let owned = list.len();
        list.retain(|&partition| subscriptions.has(partitions.topic(partition), member));
        revoked |= list.len() < owned;
        for &partition in &*list {
            holders[partition] = Some(member);
        }
    }
    let mut by_subscribers = order::by_name(topics);
    by_subscribers.retain(|&topic| subscriptions.count(topic) > 0);
    order::sort_by_rank(&mut by_subscribers, &|topic| subscriptions.count(topic));
    let sorted = partitions.of_all(&by_subscribers);
    let unassigned = sorted
        .iter()
        .copied()
        .filter(|&partition| holders[partition].is_none());
    Start {
        unassigned: unassigned.collect(),
        previous: previous(partitions, members, walked),
        lists,
        holders,
        sorted,
        revoked,
    }
}

/// By partition, who owned it in the latest generation but the last.
fn previous(
    partitions: &Partitions,
    members: &[Member<'_>],
    walked: &[usize],
) -> Vec<Option<usize>> {
    let generation = |member: usize| members[member].generation.max(-1);
    let last = (0..members.len()).map(generation).max();
    let mut previous: Vec<Option<usize>> = vec![None; partitions.len()];
    for &member in walked
        .iter()
        .filter(|&&member| Some(generation(member)) < last)
    {
        for partition in partitions.owned(&members[member]) {
            let known = &mut previous[partition];
            if known.is_none_or(|known| generation(member) > generation(known)) {
                *known = Some(member);
            }
        }
    }
    previous
}

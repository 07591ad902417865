//! librdkafka's `cooperative-sticky` (`rdkafka_sticky_assignor.c`), then what its group leader withholds
//! (`rd_kafka_cooperative_protocol_adjust_assignment` in `rdkafka_cgrp.c`).
//!
//! It follows Java's general search even when all members are subscribed to the same topics. Its maps are walked from what
//! was put in last to what was put in first, so that a first assignment is like round robin, but partitions of members that
//! leave are given from the last to the first.

use super::balance::{self, Library, Start};
use super::flat::{Partitions, Subscriptions};
use super::{Member, Topic, TopicPartition, order};
use std::cmp::Ordering;

/// The assignment, without what another member must give up first.
pub(super) fn assign(topics: &[Topic<'_>], members: &[Member<'_>]) -> Vec<Vec<TopicPartition>> {
    let partitions = Partitions::new(topics);
    let subscriptions = Subscriptions::new(topics, members);
    let owned: Vec<Vec<usize>> = members
        .iter()
        .map(|member| partitions.owned(member).collect())
        .collect();
    let tables = (&partitions, &subscriptions);
    let start = start(topics, members, tables, &owned);
    let assigned = balance::balance(Library::Librdkafka, topics, members, tables, start);
    partitions.named(withhold(&assigned, &owned, partitions.len()))
}

/// Gives what its owner keeps and what nobody owned; what nobody is to have stays with its owner.
fn withhold(assigned: &[Vec<usize>], owned: &[Vec<usize>], count: usize) -> Vec<Vec<usize>> {
    // Of two, the last one counts.
    let last = |lists: &[Vec<usize>]| {
        let mut last = vec![None; count];
        for (member, list) in lists.iter().enumerate() {
            for &partition in list {
                last[partition] = Some(member);
            }
        }
        last
    };
    let (new, old) = (last(assigned), last(owned));
    let mut given = vec![Vec::new(); assigned.len()];
    for (partition, owners) in new.into_iter().zip(old).enumerate() {
        match owners {
            (Some(new), Some(old)) if new != old => {}
            (Some(member), _) | (None, Some(member)) => given[member].push(partition),
            (None, None) => {}
        }
    }
    given
}

/// What the search begins with.
fn start(
    topics: &[Topic<'_>],
    members: &[Member<'_>],
    (partitions, subscriptions): (&Partitions, &Subscriptions),
    owned: &[Vec<usize>],
) -> Start {
    let mut lists = vec![Vec::new(); members.len()];
    let mut holders = vec![None; partitions.len()];
    let mut previous = vec![None; partitions.len()];
    for (partition, mut owners) in claimants(owned, partitions.len()).into_iter().enumerate() {
        let holder = owners.last().copied();
        let generation = |member: usize| members[member].generation;
        order::sort(&mut owners, &|a, b| generation(a).cmp(&generation(b)));
        let same = |pair: &[usize]| members[pair[0]].generation == members[pair[1]].generation;
        // Two members say that they own it since the same generation: nobody does.
        if subscriptions.count(partitions.topic(partition)) == 0 || owners.windows(2).any(same) {
            continue;
        }
        if let Some(owner) = owners.pop() {
            lists[owner].push(partition);
            holders[partition] = holder;
            previous[partition] = owners.pop();
        }
    }
    let names = order::by_name(topics);
    let mut ranks = vec![0; topics.len()];
    for (rank, topic) in names.into_iter().enumerate() {
        ranks[topic] = rank;
    }
    for list in &mut lists {
        order::sort(list, &|a, b| by_name(partitions, &ranks, a, b));
    }
    let sorted = sort(
        members,
        (partitions, subscriptions),
        &ranks,
        &lists,
        &previous,
    );
    let mut revoked = false;
    let mut kept = vec![false; partitions.len()];
    for (member, list) in lists.iter_mut().enumerate() {
        let before = list.len();
        list.retain(|&partition| subscriptions.has(partitions.topic(partition), member));
        revoked |= list.len() < before;
        for &partition in &*list {
            kept[partition] = true;
        }
    }
    let unassigned = sorted.iter().copied().filter(|&partition| !kept[partition]);
    Start {
        unassigned: unassigned.collect(),
        lists,
        holders,
        previous,
        sorted,
        revoked,
    }
}

/// By partition, the members that say they own it, in their order.
fn claimants(owned: &[Vec<usize>], count: usize) -> Vec<Vec<usize>> {
    let mut claimants = vec![Vec::new(); count];
    for (member, list) in owned.iter().enumerate() {
        for &partition in list {
            claimants[partition].push(member);
        }
    }
    claimants
}

/// The order in which partitions are given and moved: of different subscriptions, those that fewest members could have first;
/// else one of each member in turn, from the member that has most, and what nobody has from the last to the first.
fn sort(
    members: &[Member<'_>],
    (partitions, subscriptions): (&Partitions, &Subscriptions),
    ranks: &[usize],
    lists: &[Vec<usize>],
    previous: &[Option<usize>],
) -> Vec<usize> {
    let mut all = partitions.of_all(&subscriptions.topics());
    let by_name = |a, b| by_name(partitions, ranks, a, b);
    let mut identical = subscriptions.topics().into_iter();
    if !identical.all(|topic| subscriptions.count(topic) == members.len()) {
        order::sort(&mut all, &|a, b| {
            let subscribers = |partition| subscriptions.count(partitions.topic(partition));
            let counts = subscribers(a).cmp(&subscribers(b));
            counts.then_with(|| by_name(a, b))
        });
        return all;
    }
    let mut sorted = Vec::with_capacity(partitions.len());
    let mut rest = lists.to_vec();
    let ids = order::ranks_by_id(members);
    while let Some(most) = (0..rest.len()).max_by_key(|&member| (rest[member].len(), ids[member])) {
        let list = &mut rest[most];
        if list.is_empty() {
            break;
        }
        let moved_before = list
            .iter()
            .position(|&partition| previous[partition].is_some());
        sorted.push(list.remove(moved_before.unwrap_or(0)));
    }
    let mut known = vec![false; partitions.len()];
    for &partition in &sorted {
        known[partition] = true;
    }
    all.retain(|&partition| !known[partition]);
    if sorted.is_empty() {
        order::sort(&mut all, &by_name);
    } else {
        all.reverse();
    }
    sorted.append(&mut all);
    sorted
}

/// By the name of the topic, then by number.
fn by_name(partitions: &Partitions, ranks: &[usize], a: usize, b: usize) -> Ordering {
    let rank = |partition| ranks[partitions.topic(partition)];
    rank(a).cmp(&rank(b)).then(a.cmp(&b))
}

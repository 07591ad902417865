//! The broker's `uniform` assignor (KIP-848) when members are subscribed to different topics
//! (Kafka's `UniformHeterogeneousAssignmentBuilder`).
//!
//! # Steps
//! 1. Members keep what they own of the topics to which they are still subscribed.
//! 2. Topic after topic, those with most partitions per subscriber first, the rest goes to who has least.
//! 3. Topic after topic again, partitions move from who has most to who has least, until a whole round moves nothing or 16
//!    rounds have passed.

use super::flat::{Partitions, Subscriptions};
use super::order;

/// Kafka's `MAX_ITERATION_COUNT`.
const ROUNDS: usize = 16;

/// The target assignment; members are numbered by their place in `walked`, the order in which Java walks them.
pub(super) fn assign(
    (partitions, subscriptions): (&Partitions, &Subscriptions),
    walked: &[usize],
    owned: Vec<Vec<usize>>,
) -> Vec<Vec<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; partitions.len()];
    let mut sizes = vec![0; walked.len()];
    for (number, &member) in walked.iter().enumerate() {
        for &partition in &owned[member] {
            owners[partition] = Some(number);
            sizes[number] += 1;
        }
    }
    let subscribers = |topic| -> Vec<usize> {
        (0..walked.len())
            .filter(|&number| subscriptions.has(topic, walked[number]))
            .collect()
    };
    let mut topics = subscriptions.topics();
    // More partitions per subscriber, then fewer subscribers; fractions are compared without dividing.
    order::sort(&mut topics, &|a, b| {
        let count = |topic| subscriptions.count(topic);
        let left = partitions.of(b).len() * count(a);
        let right = partitions.of(a).len() * count(b);
        left.cmp(&right).then(count(a).cmp(&count(b)))
    });
    for &topic in &topics {
        let mut balancer = Balancer::new(subscribers(topic), &sizes);
        for partition in partitions.of(topic) {
            if owners[partition].is_none() {
                let to = balancer.next_least_loaded(&sizes);
                owners[partition] = Some(to);
                sizes[to] += 1;
            }
        }
    }
    topics.retain(|&topic| subscriptions.count(topic) >= 2);
    balance(partitions, &topics, subscribers, &mut owners, &mut sizes);
    let mut assigned = vec![Vec::new(); walked.len()];
    for (partition, owner) in owners.into_iter().enumerate() {
        if let Some(number) = owner {
            assigned[walked[number]].push(partition);
        }
    }
    assigned
}

/// Balances topic after topic, until all have been seen since the last one where something moved.
fn balance(
    partitions: &Partitions,
    topics: &[usize],
    subscribers: impl Fn(usize) -> Vec<usize>,
    owners: &mut [Option<usize>],
    sizes: &mut [usize],
) {
    let mut last_moved = None;
    for _ in 0..ROUNDS {
        for &topic in topics {
            if last_moved == Some(topic) {
                return;
            }
            let balancer = Balancer::new(subscribers(topic), sizes);
            let moved = balance_topic(balancer, &mut owners[partitions.of(topic)], sizes);
            if moved || last_moved.is_none() {
                last_moved = Some(topic);
            }
        }
    }
}

/// Moves partitions of one topic from the members that have most to those that have least; whether any was moved.
fn balance_topic(
    mut balancer: Balancer,
    owners: &mut [Option<usize>],
    sizes: &mut [usize],
) -> bool {
    let imbalance = balancer.sorted.last().map_or(0, |&most| sizes[most])
        - balancer.sorted.first().map_or(0, |&least| sizes[least]);
    if imbalance <= 1 {
        return false;
    }
    // What each member had at the beginning, from which its last one is taken first.
    let mut had = vec![Vec::new(); sizes.len()];
    for (partition, owner) in owners.iter().enumerate() {
        if let Some(owner) = *owner {
            had[owner].push(partition);
        }
    }
    let mut moved = false;
    while !balancer.is_balanced() {
        let Some(most) = balancer.next_most_loaded(sizes) else {
            break;
        };
        let Some(partition) = had[most].pop() else {
            balancer.exclude_most_loaded();
            continue;
        };
        let to = balancer.next_least_loaded(sizes);
        if balancer.is_balanced() {
            break;
        }
        if let Some(from) = owners[partition].replace(to) {
            sizes[from] -= 1;
        }
        sizes[to] += 1;
        moved = true;
    }
    moved
}

/// Two ranges of members, those that have least and those that have most, that grow towards each other: Kafka's
/// `MemberAssignmentBalancer`. Positions and counts are signed because they go below zero.
struct Balancer {
    /// Subscribers, by number of partitions, then by number.
    sorted: Vec<usize>,
    least_end: usize,
    least_count: isize,
    next_least: usize,
    most_start: usize,
    most_end: usize,
    most_count: isize,
    /// One more than the position of the next member to give.
    next_most: usize,
}

impl Balancer {
    fn new(subscribers: Vec<usize>, sizes: &[usize]) -> Self {
        let mut sorted = subscribers;
        order::sort(&mut sorted, &|a, b| sizes[a].cmp(&sizes[b]).then(a.cmp(&b)));
        let size = |member: Option<&usize>| member.map_or(0, |&member| sizes[member].cast_signed());
        Self {
            least_end: 0,
            least_count: size(sorted.first()) - 1,
            next_least: 0,
            most_start: sorted.len(),
            most_end: sorted.len(),
            most_count: size(sorted.last()) + 1,
            next_most: sorted.len(),
            sorted,
        }
    }

    /// The member to give a partition to, as if it had been given.
    fn next_least_loaded(&mut self, sizes: &[usize]) -> usize {
        if self.next_least >= self.least_end {
            self.least_count += 1;
            while self.least_end < self.sorted.len()
                && sizes[self.sorted[self.least_end]].cast_signed() == self.least_count
            {
                self.least_end += 1;
            }
            self.next_least = 0;
        }
        self.next_least += 1;
        self.sorted[self.next_least - 1]
    }

    /// The member to take a partition from, as if it had been taken; none if nobody has any.
    fn next_most_loaded(&mut self, sizes: &[usize]) -> Option<usize> {
        if self.next_most <= self.most_start {
            let size = |at: usize| sizes[self.sorted[at]].cast_signed();
            if self.most_end <= self.most_start && self.most_start > 0 {
                self.most_count = size(self.most_start - 1);
            } else {
                self.most_count -= 1;
            }
            while self.most_start > 0 && size(self.most_start - 1) == self.most_count {
                self.most_start -= 1;
            }
            self.next_most = self.most_end;
        }
        self.next_most = self.next_most.checked_sub(1)?;
        Some(self.sorted[self.next_most])
    }

    /// Leaves the member just returned out of those that have most.
    fn exclude_most_loaded(&mut self) {
        self.sorted.swap(self.next_most, self.most_end - 1);
        self.most_end -= 1;
    }

    fn is_balanced(&self) -> bool {
        self.most_count - self.least_count <= 1
    }
}

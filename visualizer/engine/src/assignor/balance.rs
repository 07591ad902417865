//! The general search of the sticky assignors, when members are subscribed to different topics (and always in librdkafka, which
//! wrote Java's algorithm again): give what nobody owns to whoever has least, then move partitions as long as that helps.

use super::flat::{Partitions, Subscriptions};
use super::hash_map::{hash_partition, hash_string};
use super::movements::Movements;
use super::{Member, Topic, order};

/// Whose search: they differ in a few places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Library {
    /// kafka-clients' `AbstractStickyAssignor`.
    Java,
    /// librdkafka's `rdkafka_sticky_assignor.c`.
    Librdkafka,
}

/// Rounds after which the search gives up. The libraries have no such limit, and needed 5 at most in the recorded groups; but
/// nothing proves that they always end, and a page must not hang.
const ROUNDS: usize = 100;

/// What the search begins with.
pub(super) struct Start {
    /// Partitions that each member owns and keeps.
    pub(super) lists: Vec<Vec<usize>>,
    /// By partition, who is held to own it.
    pub(super) holders: Vec<Option<usize>>,
    /// By partition, who owned it in an earlier generation.
    pub(super) previous: Vec<Option<usize>>,
    /// All partitions, in the order in which they are looked at.
    pub(super) sorted: Vec<usize>,
    /// Partitions to give, in the order in which they are given.
    pub(super) unassigned: Vec<usize>,
    /// Whether somebody lost a partition because it is no longer subscribed to the topic.
    pub(super) revoked: bool,
}

/// The assignment while it is searched.
struct Balance<'a> {
    library: Library,
    partitions: &'a Partitions,
    subscriptions: &'a Subscriptions,
    topic_hashes: Vec<i32>,
    lists: Vec<Vec<usize>>,
    holders: Vec<Option<usize>>,
    previous: Vec<Option<usize>>,
    ranks: Vec<usize>,
    /// Members that may give or get something: how many partitions, rank of the id, place; sorted.
    loads: Vec<(usize, usize, usize)>,
    movements: Movements,
    balanced: bool,
}

/// Partitions that each member gets.
pub(super) fn balance(
    library: Library,
    topics: &[Topic<'_>],
    members: &[Member<'_>],
    (partitions, subscriptions): (&Partitions, &Subscriptions),
    start: Start,
) -> Vec<Vec<usize>> {
    let mut search = Balance {
        library,
        partitions,
        subscriptions,
        topic_hashes: topics.iter().map(|topic| hash_string(topic.name)).collect(),
        lists: start.lists,
        holders: start.holders,
        previous: start.previous,
        ranks: order::ranks_by_id(members),
        loads: Vec::new(),
        movements: Movements::new(library),
        balanced: false,
    };
    for member in 0..members.len() {
        search.enter(member);
    }
    search.run(start.sorted, start.unassigned, start.revoked);
    search.lists
}

impl Balance<'_> {
    fn run(&mut self, mut sorted: Vec<usize>, mut unassigned: Vec<usize>, revoked: bool) {
        let initializing = self.loads.last().is_none_or(|last| last.0 == 0);
        self.give(&unassigned);
        let shared = |&partition: &usize| {
            let topic = self.partitions.topic(partition);
            self.subscriptions.count(topic) >= 2
        };
        sorted.retain(shared);
        unassigned.retain(shared);
        self.set_fixed_members_aside();
        let before = self.lists.clone();
        self.balanced = self.is_balanced();
        if !revoked {
            self.reassign(&unassigned);
        }
        let moved = self.reassign(&sorted);
        if !initializing && moved && self.score(&self.lists) >= self.score(&before) {
            self.lists = before;
        }
    }

    /// Gives each of these partitions to the member that has least, of those subscribed to its topic.
    fn give(&mut self, unassigned: &[usize]) {
        for &partition in unassigned {
            let topic = self.partitions.topic(partition);
            if let Some(member) = self.least_loaded(topic) {
                self.leave(member);
                self.lists[member].push(partition);
                self.holders[partition] = Some(member);
                self.enter(member);
            }
        }
    }

    /// Takes out those that have all they can get and of which nobody else could have anything.
    fn set_fixed_members_aside(&mut self) {
        let (partitions, subscriptions) = (self.partitions, self.subscriptions);
        let (lists, topics) = (&self.lists, subscriptions.topics());
        self.loads.retain(|&(count, _, member)| {
            let possible: usize = topics
                .iter()
                .filter(|&&topic| subscriptions.has(topic, member))
                .map(|&topic| partitions.of(topic).len())
                .sum();
            count < possible
                || lists[member]
                    .iter()
                    .any(|&partition| subscriptions.count(partitions.topic(partition)) >= 2)
        });
    }

    /// Moves partitions as long as the balance can be improved; whether any was moved.
    fn reassign(&mut self, partitions: &[usize]) -> bool {
        let mut performed = false;
        for _ in 0..ROUNDS {
            let mut modified = false;
            for &partition in partitions {
                if self.balanced {
                    break;
                }
                if let Some((from, to)) = self.better_place(partition) {
                    self.move_or_swap(partition, from, to);
                    modified = true;
                }
            }
            performed |= modified;
            if !modified {
                break;
            }
        }
        performed
    }

    /// From whom to whom this partition should go: back to who had it, or to who has least, if that one has two less.
    fn better_place(&self, partition: usize) -> Option<(usize, usize)> {
        let from = self.holders[partition]?;
        let load = self.lists[from].len();
        let better = |to: &usize| load > self.lists[*to].len() + 1;
        let previous = self.previous[partition].filter(|&member| self.takes_part(member));
        let to = previous.filter(better).or_else(|| {
            self.least_loaded(self.partitions.topic(partition))
                .filter(better)
        })?;
        Some((from, to))
    }

    fn move_or_swap(&mut self, partition: usize, from: usize, to: usize) {
        let topic = self.partitions.topic(partition);
        let hash = |other| hash_partition(self.topic_hashes[topic], self.partitions.number(other));
        let (noted, partition) = self.movements.instead_of(partition, topic, from, to, hash);
        let from = self.holders[noted].unwrap_or(from);
        self.leave(from);
        self.leave(to);
        self.movements.note(noted, topic, from, to);
        if let Some(at) = self.lists[from]
            .iter()
            .position(|&other| other == partition)
        {
            self.lists[from].swap_remove(at);
        }
        self.lists[to].push(partition);
        self.holders[partition] = Some(to);
        self.enter(to);
        self.enter(from);
        self.balanced = self.is_balanced();
    }

    /// Whether nobody could get a partition from a member that has more: one more is enough for librdkafka, Java wants two.
    fn is_balanced(&self) -> bool {
        let (Some(least), Some(most)) = (self.loads.first(), self.loads.last()) else {
            return true;
        };
        if least.0 + 1 >= most.0 {
            return true;
        }
        let slack = usize::from(self.library == Library::Java);
        let owners = self.owners();
        let richest: Vec<usize> = (0..self.topic_hashes.len())
            .map(|topic| owners[self.partitions.of(topic)].iter().copied().max())
            .map(Option::unwrap_or_default)
            .collect();
        let topics = self.subscriptions.topics();
        !self.loads.iter().any(|&(count, _, member)| {
            let tempting = |&&topic: &&usize| {
                self.subscriptions.has(topic, member) && count + slack < richest[topic]
            };
            topics.iter().filter(tempting).any(|&topic| {
                self.partitions.of(topic).any(|partition| {
                    count + slack < owners[partition] && !self.lists[member].contains(&partition)
                })
            })
        })
    }

    /// By partition, how many partitions its owner has. (Of two owners, which bad claims can lead librdkafka to: the first.)
    fn owners(&self) -> Vec<usize> {
        let mut owners = vec![0; self.partitions.len()];
        for list in self.lists.iter().rev() {
            for &partition in list {
                owners[partition] = list.len();
            }
        }
        owners
    }

    /// Sum over all pairs of how many partitions one has more than the other.
    fn score(&self, lists: &[Vec<usize>]) -> usize {
        let sizes = || self.loads.iter().map(|load| lists[load.2].len());
        sizes()
            .map(|a| sizes().map(|b| a.abs_diff(b)).sum::<usize>())
            .sum()
    }

    fn least_loaded(&self, topic: usize) -> Option<usize> {
        let mut members = self.loads.iter().map(|load| load.2);
        members.find(|&member| self.subscriptions.has(topic, member))
    }

    fn takes_part(&self, member: usize) -> bool {
        self.loads.binary_search(&self.load(member)).is_ok()
    }

    fn load(&self, member: usize) -> (usize, usize, usize) {
        (self.lists[member].len(), self.ranks[member], member)
    }

    fn leave(&mut self, member: usize) {
        if let Ok(at) = self.loads.binary_search(&self.load(member)) {
            self.loads.remove(at);
        }
    }

    fn enter(&mut self, member: usize) {
        let load = self.load(member);
        if let Err(at) = self.loads.binary_search(&load) {
            self.loads.insert(at, load);
        }
    }
}

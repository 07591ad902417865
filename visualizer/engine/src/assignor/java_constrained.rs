//! Java's sticky assignment when all members are subscribed to the same topics: quotas, and only what exceeds them moves.

use super::flat::{Partitions, Subscriptions};
use super::java_sticky::Claims;
use super::{Member, Topic, order};
use std::collections::VecDeque;

/// What the search found.
pub(super) struct Constrained {
    /// Partitions of each member.
    pub(super) assigned: Vec<Vec<usize>>,
    /// Partitions that another member must give up before the new one gets them.
    pub(super) withheld: Vec<bool>,
}

/// The assignment in the making: Kafka's `ConstrainedAssignmentBuilder`.
struct Builder {
    assigned: Vec<Vec<usize>>,
    /// By partition, the member from which it is taken.
    revoked_from: Vec<Option<usize>>,
    given: Vec<bool>,
    /// Members below the lower quota.
    under: Vec<usize>,
    /// Members at the lower quota that may still get one more.
    exactly: VecDeque<usize>,
    lower: usize,
    upper: usize,
    /// How many members are above the lower quota, and how many are to be.
    over: usize,
    over_expected: usize,
}

/// The assignment; `walked` is the order in which Java walks the members.
pub(super) fn assign(
    topics: &[Topic<'_>],
    members: &[Member<'_>],
    (partitions, subscriptions): (&Partitions, &Subscriptions),
    walked: &[usize],
    claims: Claims,
) -> Constrained {
    let mut by_name = order::by_name(topics);
    by_name.retain(|&topic| subscriptions.count(topic) > 0);
    let all = partitions.of_all(&by_name);
    let count = members.len().max(1);
    let mut builder = Builder {
        assigned: vec![Vec::new(); members.len()],
        revoked_from: vec![None; partitions.len()],
        given: vec![false; partitions.len()],
        under: Vec::new(),
        exactly: VecDeque::new(),
        lower: all.len() / count,
        upper: all.len().div_ceil(count),
        over: 0,
        over_expected: all.len() % count,
    };
    for &member in walked {
        let mut owned = claims.owned[member].clone();
        owned.retain(|&partition| !claims.disputed[partition]);
        order::sort(&mut owned, &|a, b| {
            let name = |partition| topics[partitions.topic(partition)].name;
            let numbers = partitions.number(a).cmp(&partitions.number(b));
            numbers.then_with(|| name(a).cmp(name(b)))
        });
        builder.keep(member, owned);
    }
    let ranks = order::ranks_by_id(members);
    let rank = |member: usize| ranks[member];
    order::sort_by_rank(&mut builder.under, &rank);
    order::sort_by_rank(builder.exactly.make_contiguous(), &rank);
    let withheld = builder.deal(&all, &claims.disputed);
    Constrained {
        assigned: builder.assigned,
        withheld,
    }
}

impl Builder {
    /// Lets a member keep what it owns, up to its quota.
    fn keep(&mut self, member: usize, mut owned: Vec<usize>) {
        let room = self.over < self.over_expected;
        let kept;
        if owned.len() < self.lower {
            kept = owned.len();
            self.under.push(member);
        } else if owned.len() >= self.upper && room {
            kept = self.upper;
            self.over += 1;
            if self.over == self.over_expected {
                self.exactly.clear();
            }
        } else {
            kept = self.lower;
            if room {
                self.exactly.push_back(member);
            }
        }
        for partition in owned.drain(kept..) {
            self.revoked_from[partition] = Some(member);
        }
        for &partition in &owned {
            self.given[partition] = true;
        }
        self.assigned[member] = owned;
    }

    /// Deals what nobody kept, to the members below the quota in turn, then to those at it; says what is withheld.
    fn deal(&mut self, all: &[usize], disputed: &[bool]) -> Vec<bool> {
        let mut withheld = vec![false; self.given.len()];
        let mut turn = 0;
        for &partition in all {
            if self.given[partition] {
                continue;
            }
            if turn == self.under.len() {
                turn = 0;
            }
            let next = self.under.get(turn).copied();
            let Some(member) = next.or_else(|| self.exactly.pop_front()) else {
                break;
            };
            turn += usize::from(next.is_some());
            self.assigned[member].push(partition);
            withheld[partition] = disputed[partition]
                || self.revoked_from[partition].is_some_and(|from| from != member);
            if next.is_some() && self.assigned[member].len() == self.lower {
                turn -= 1;
                self.under.remove(turn);
                self.exactly.push_back(member);
            }
        }
        withheld
    }
}

//! Virtual time: one priority queue of commands.
//!
//! Most commands are planned with one of a few delays: a hop of the network, a heartbeat interval, the time that a record
//! takes. Those of one delay come due in the order in which they were planned. So the queue is a few **lanes**, first in first
//! out, of one delay each, and a heap for what finds no lane; the next command is the earliest of their heads.

use crate::time::{Duration, Instant};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

/// Most lanes: more delays than a scenario uses often, and few enough to look at all their heads.
const MOST_LANES: usize = 12;

/// Commands in the order of their instants, and at one instant in the order in which they were planned.
///
/// Planning takes a delay, never an instant: nothing can be planned in the past.
#[derive(Clone, Debug)]
pub struct CommandQueue<C> {
    now: Instant,
    planned: u64,
    len: usize,
    /// The delay of each lane.
    delays: Vec<Duration>,
    /// When the first command of each lane is due.
    heads: Vec<Due>,
    lanes: Vec<VecDeque<Planned<C>>>,
    /// The earliest on top.
    others: BinaryHeap<Reverse<Planned<C>>>,
    /// The earliest of all, and its lane; none for the heap.
    next: (Due, Option<usize>),
}

/// When a command is due, and how many were planned before it: no two are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Instant,
    number: u64,
}

impl Due {
    const NEVER: Self = Self {
        at: Instant(u64::MAX),
        number: u64::MAX,
    };
}

/// A command, and when it is due.
#[derive(Clone, Debug)]
struct Planned<C> {
    due: Due,
    command: C,
}

impl<C> Ord for Planned<C> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due.cmp(&other.due)
    }
}

impl<C> PartialOrd for Planned<C> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<C> PartialEq for Planned<C> {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl<C> Eq for Planned<C> {}

impl<C> Default for CommandQueue<C> {
    fn default() -> Self {
        Self {
            now: Instant::ZERO,
            planned: 0,
            len: 0,
            delays: Vec::new(),
            heads: Vec::new(),
            lanes: Vec::new(),
            others: BinaryHeap::new(),
            next: (Due::NEVER, None),
        }
    }
}

impl<C> CommandQueue<C> {
    /// The instant that has been reached.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// How many commands are planned.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Plans a command.
    pub fn schedule(&mut self, after: Duration, command: C) {
        let due = Due {
            at: self.now + after,
            number: self.planned,
        };
        self.planned += 1;
        self.len += 1;
        let planned = Planned { due, command };
        let lane = self.lane(after);
        match lane {
            Some(lane) => {
                self.heads[lane] = self.heads[lane].min(due);
                self.lanes[lane].push_back(planned);
            }
            None => self.others.push(Reverse(planned)),
        }
        if due < self.next.0 {
            self.next = (due, lane);
        }
    }

    /// The lane for this delay: its own, or one that is empty. `None` if all are used by others.
    fn lane(&mut self, delay: Duration) -> Option<usize> {
        let own = self.delays.iter().position(|other| *other == delay);
        if own.is_some() {
            return own;
        }
        let empty = self.heads.iter().position(|head| *head == Due::NEVER);
        if let Some(lane) = empty {
            self.delays[lane] = delay;
            return empty;
        }
        (self.lanes.len() < MOST_LANES).then(|| {
            self.delays.push(delay);
            self.heads.push(Due::NEVER);
            self.lanes.push(VecDeque::new());
            self.lanes.len() - 1
        })
    }

    /// When the next command is due.
    pub(super) fn next_at(&self) -> Option<Instant> {
        (self.len > 0).then_some(self.next.0.at)
    }

    /// Takes the next command, and moves to its instant.
    pub(super) fn pop(&mut self) -> Option<C> {
        let taken = match self.next.1 {
            Some(lane) => {
                let taken = self.lanes[lane].pop_front();
                let head = self.lanes[lane].front();
                self.heads[lane] = head.map_or(Due::NEVER, |head| head.due);
                taken
            }
            None => self.others.pop().map(|Reverse(other)| other),
        }?;
        self.now = taken.due.at;
        self.len -= 1;
        self.next = self.earliest();
        Some(taken.command)
    }

    fn earliest(&self) -> (Due, Option<usize>) {
        let other = self.others.peek();
        let mut earliest = (other.map_or(Due::NEVER, |Reverse(other)| other.due), None);
        for (lane, head) in self.heads.iter().enumerate() {
            if *head < earliest.0 {
                earliest = (*head, Some(lane));
            }
        }
        earliest
    }

    /// Moves to a later instant, at which or before which nothing is planned any more except at it.
    pub(super) fn advance(&mut self, to: Instant) {
        debug_assert!(
            self.next_at().is_none_or(|next| next >= to),
            "a command would be left behind"
        );
        self.now = self.now.max(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_come_by_instant_then_in_the_order_planned() {
        let mut queue = CommandQueue::default();
        for (ms, command) in [(5, 'a'), (1, 'b'), (5, 'c'), (0, 'd')] {
            queue.schedule(Duration::from_millis(ms), command);
        }
        let order: String = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, "dbac");
        assert_eq!(queue.now(), Instant::from_millis(5));
    }

    /// More delays than lanes, some of them often, against the plain rule.
    #[test]
    fn lanes_and_heap_keep_one_order() {
        let mut rng = crate::rng::Rng::new(5, 0);
        let mut queue = CommandQueue::default();
        let mut expected: Vec<(Instant, u64)> = Vec::new();
        let mut taken = Vec::new();
        for number in 0..20_000_u64 {
            let drawn = rng.next_u64();
            let delay = Duration(if drawn.is_multiple_of(3) {
                drawn % 1_000
            } else {
                drawn % 5 * 100
            });
            queue.schedule(delay, number);
            expected.push((queue.now() + delay, number));
            if drawn.is_multiple_of(7) || number > 10_000 {
                taken.extend(queue.pop().map(|number| (queue.now(), number)));
            }
        }
        while let Some(number) = queue.pop() {
            taken.push((queue.now(), number));
        }
        assert!(queue.is_empty());
        assert_eq!(taken.len(), expected.len());
        assert!(taken.is_sorted_by_key(|(at, _)| *at));
        taken.sort_unstable();
        expected.sort_unstable();
        assert_eq!(taken, expected);
    }

    #[test]
    fn delays_count_from_the_instant_reached() {
        let mut queue = CommandQueue::default();
        queue.advance(Instant::from_millis(7));
        queue.schedule(Duration::from_millis(2), ());
        assert_eq!(queue.next_at(), Some(Instant::from_millis(9)));
    }
}

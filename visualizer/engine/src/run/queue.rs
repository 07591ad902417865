//! Virtual time: one priority queue of commands.

use crate::time::{Duration, Instant};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Commands in the order of their instants, and at one instant in the order in which they were planned.
///
/// Planning takes a delay, never an instant: nothing can be planned in the past.
#[derive(Clone, Debug)]
pub struct CommandQueue<C> {
    now: Instant,
    planned: u64,
    /// The earliest on top. No two have the same number.
    commands: BinaryHeap<Planned<C>>,
}

/// A command, when it is due, and how many were planned before it.
#[derive(Clone, Debug)]
struct Planned<C> {
    at: Instant,
    number: u64,
    command: C,
}

impl<C> Ord for Planned<C> {
    /// The earlier is the greater: it is on top of the heap.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl<C> PartialOrd for Planned<C> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<C> PartialEq for Planned<C> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<C> Eq for Planned<C> {}

impl<C> Default for CommandQueue<C> {
    fn default() -> Self {
        Self {
            now: Instant::ZERO,
            planned: 0,
            commands: BinaryHeap::new(),
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
        self.commands.len()
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// Plans a command.
    pub fn schedule(&mut self, after: Duration, command: C) {
        self.commands.push(Planned {
            at: self.now + after,
            number: self.planned,
            command,
        });
        self.planned += 1;
    }

    /// When the next command is due.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.commands.peek().map(|planned| planned.at)
    }

    /// Takes the next command, and moves to its instant.
    pub(super) fn pop(&mut self) -> Option<C> {
        let Planned { at, command, .. } = self.commands.pop()?;
        self.now = at;
        Some(command)
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

    #[test]
    fn delays_count_from_the_instant_reached() {
        let mut queue = CommandQueue::default();
        queue.advance(Instant::from_millis(7));
        queue.schedule(Duration::from_millis(2), ());
        assert_eq!(queue.next_at(), Some(Instant::from_millis(9)));
    }
}

//! Virtual time: one priority queue of commands.

use crate::ids::PartitionId;
use crate::time::{Duration, Instant};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that the simulated world has planned for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Command {
    /// A series of records goes on, from its record number `from`.
    Send {
        /// Index of the series.
        series: usize,
        /// Number of its next record.
        from: u32,
    },
    /// A batch has waited for `linger.ms`, unless it has left already.
    BatchDue {
        /// Index of the producer.
        producer: usize,
        /// The batch's partition.
        partition: PartitionId,
    },
}

/// Commands in the order of their instants, and at one instant in the order in which they were planned.
///
/// Planning takes a delay, never an instant: nothing can be planned in the past.
#[derive(Clone, Debug, Default)]
pub(super) struct CommandQueue {
    now: Instant,
    planned: u64,
    /// The earliest on top. No two have the same number.
    commands: BinaryHeap<Reverse<(Instant, u64, Command)>>,
}

impl CommandQueue {
    /// The instant that has been reached.
    pub(super) fn now(&self) -> Instant {
        self.now
    }

    /// Plans a command.
    pub(super) fn schedule(&mut self, after: Duration, command: Command) {
        self.commands
            .push(Reverse((self.now + after, self.planned, command)));
        self.planned += 1;
    }

    /// When the next command is due.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.commands.peek().map(|Reverse((at, _, _))| *at)
    }

    /// Takes the next command, and moves to its instant.
    pub(super) fn pop(&mut self) -> Option<Command> {
        let Reverse((at, _, command)) = self.commands.pop()?;
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

    fn send(from: u32) -> Command {
        Command::Send { series: 0, from }
    }

    #[test]
    fn commands_come_by_instant_then_in_the_order_planned() {
        let mut queue = CommandQueue::default();
        for (ms, from) in [(5, 0), (1, 1), (5, 2), (0, 3)] {
            queue.schedule(Duration::from_millis(ms), send(from));
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [send(3), send(1), send(0), send(2)]);
        assert_eq!(queue.now(), Instant::from_millis(5));
    }

    #[test]
    fn delays_count_from_the_instant_reached() {
        let mut queue = CommandQueue::default();
        queue.advance(Instant::from_millis(7));
        queue.schedule(Duration::from_millis(2), send(0));
        assert_eq!(queue.next_at(), Some(Instant::from_millis(9)));
    }
}

//! Checkpoints: copies of the world from which a run can be replayed, so that going back costs little.

use super::{CommandQueue, World};
use crate::time::Instant;

/// Most checkpoints kept. When there are more, every other one goes and the distance between them doubles.
const MOST: usize = 64;

/// Fewest commands between two checkpoints: a millisecond to replay.
const MIN_DISTANCE: u64 = 4_096;

/// Running costs at least so many times what copies cost.
const RUNS_PER_COPY: u64 = 8;

/// A copy of the world and of what is planned in it.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint<W: World> {
    /// How many commands and actions had been done.
    pub(super) done: u64,
    /// How many events had been told.
    pub(super) events: usize,
    /// How many of the scenario's actions had been done.
    pub(super) actions: usize,
    pub(super) queue: CommandQueue<W::Command>,
    pub(super) world: W,
}

/// The checkpoints of a run, oldest first. The first is its start.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints<W: World> {
    distance: u64,
    kept: Vec<Checkpoint<W>>,
    /// No other one before this many commands.
    due: u64,
}

impl<W: World> Checkpoints<W> {
    /// Those of a run that begins with this world.
    pub(super) fn new(start: Checkpoint<W>) -> Self {
        Self {
            distance: MIN_DISTANCE,
            kept: vec![start],
            due: MIN_DISTANCE,
        }
    }

    /// Whether the last copy is far enough back for another one.
    pub(super) fn wants(&self, done: u64) -> bool {
        done >= self.due
    }

    /// Keeps a copy.
    pub(super) fn keep(&mut self, checkpoint: Checkpoint<W>) {
        self.kept.push(checkpoint);
        if self.kept.len() > MOST {
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.distance *= 2;
        }
        self.plan();
    }

    /// Plans the next one: the heavier the last, the later.
    fn plan(&mut self) {
        if let Some(last) = self.kept.last() {
            let cost = RUNS_PER_COPY * last.world.weight();
            self.due = last.done + self.distance.max(cost);
        }
    }

    /// The latest one that is not after this instant.
    pub(super) fn before(&self, at: Instant) -> Option<&Checkpoint<W>> {
        let after = self
            .kept
            .partition_point(|checkpoint| checkpoint.queue.now() <= at);
        self.kept[..after].last()
    }

    /// Forgets those that come after this many commands.
    pub(super) fn forget_after(&mut self, done: u64) {
        self.kept.retain(|checkpoint| checkpoint.done <= done);
        self.plan();
    }
}

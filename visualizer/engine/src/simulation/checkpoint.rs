//! Checkpoints: copies of the world from which a run can be replayed, so that going back costs little.

use super::world::World;
use crate::time::Instant;

/// Most checkpoints kept. When there are more, every other one goes and the distance between them doubles.
const MOST: usize = 64;

/// Fewest commands between two checkpoints.
const MIN_DISTANCE: u64 = 256;

/// A copy of the world.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    /// How many commands and actions had been done.
    pub(super) done: u64,
    /// How many events had been told.
    pub(super) events: usize,
    pub(super) world: World,
}

/// The checkpoints of a run, oldest first. The first is its start.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    distance: u64,
    kept: Vec<Checkpoint>,
}

impl Checkpoints {
    /// Those of a run that begins with this world.
    pub(super) fn new(start: Checkpoint) -> Self {
        Self {
            distance: MIN_DISTANCE,
            kept: vec![start],
        }
    }

    /// Keeps a copy if the last one is far enough back: at least as many commands as the copy holds things, so that copying
    /// never costs more than running.
    pub(super) fn offer(&mut self, done: u64, events: usize, world: &World) {
        let Some(last) = self.kept.last() else { return };
        if done < last.done + self.distance || done < last.done + world.weight() {
            return;
        }
        self.kept.push(Checkpoint {
            done,
            events,
            world: world.clone(),
        });
        if self.kept.len() > MOST {
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.distance *= 2;
        }
    }

    /// The latest one that is not after this instant.
    pub(super) fn before(&self, at: Instant) -> Option<&Checkpoint> {
        let after = self
            .kept
            .partition_point(|checkpoint| checkpoint.world.queue.now() <= at);
        self.kept[..after].last()
    }

    /// Forgets those that come after this many commands.
    pub(super) fn forget_after(&mut self, done: u64) {
        self.kept.retain(|checkpoint| checkpoint.done <= done);
    }
}

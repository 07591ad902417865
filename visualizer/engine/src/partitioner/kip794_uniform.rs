//! Records without a key in Java since 3.3 (KIP-794, `BuiltInPartitioner`): one partition for `batch.size` bytes.
//!
//! 1. The first record draws a partition.
//! 2. Each record adds the bytes it took in its batch. From `batch.size` on, the producer leaves the partition as soon as
//!    its batches there are full or gone; from twice `batch.size` on, at once.
//! 3. The draw is uniform, or weighted against long queues once every partition has had a batch: a partition with `q`
//!    batches waiting gets weight `longest queue + 1 - q`.
//!
//! Here brokers answer at once, so queues differ only by the batch that is being filled. The real producer may also leave
//! out partitions whose broker has not answered for `partitioner.availability.timeout.ms`; that is not modelled.

use crate::ids::PartitionId;

/// The partition in use, the bytes sent to it, and what is known of the queues.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kip794Uniform {
    batch_size: u64,
    current: Option<(PartitionId, u64)>,
    /// How many batches wait, by partition; empty for a uniform draw.
    queues: Vec<u32>,
}

impl Kip794Uniform {
    /// Nothing sent yet.
    pub(crate) fn new(batch_size: u32) -> Self {
        Self {
            batch_size: u64::from(batch_size.max(1)),
            current: None,
            queues: Vec::new(),
        }
    }

    /// The partition of the next record without key (`peekCurrentPartitionInfo`). `random` gives numbers from 0 to 2³¹ - 1.
    pub(crate) fn partition(
        &mut self,
        partitions: u32,
        random: impl FnOnce() -> u32,
    ) -> PartitionId {
        match self.current {
            Some((partition, _)) => partition,
            None => self.choose(partitions, random()),
        }
    }

    /// `bytes` more were appended to the current partition (`updatePartitionInfo`); `batches_full` says that no batch there
    /// can take more. True if the producer has moved to another partition, or drawn the same one again.
    pub(crate) fn appended(
        &mut self,
        bytes: u32,
        batches_full: bool,
        partitions: u32,
        random: impl FnOnce() -> u32,
    ) -> bool {
        let Some((_, produced)) = &mut self.current else {
            return false;
        };
        *produced += u64::from(bytes);
        let leave =
            (*produced >= self.batch_size && batches_full) || *produced >= 2 * self.batch_size;
        if leave {
            self.choose(partitions, random());
        }
        leave
    }

    /// Takes note of how many batches wait, by partition (`updatePartitionLoadStats`); `None` while a partition has never
    /// had a batch, or with `partitioner.adaptive.partitioning.enable=false`.
    pub(crate) fn observe_queues(&mut self, queues: Option<&[u32]>) {
        let queues = queues.filter(|queues| queues.len() >= 2);
        self.queues.clear();
        self.queues.extend_from_slice(queues.unwrap_or_default());
    }

    /// The partition it holds on to.
    pub(crate) fn current(&self) -> Option<PartitionId> {
        self.current.map(|(partition, _)| partition)
    }

    /// Draws a partition (`nextPartition`).
    fn choose(&mut self, partitions: u32, random: u32) -> PartitionId {
        let longest = self.queues.iter().copied().max().unwrap_or(0);
        let weights = || self.queues.iter().map(|queue| longest + 1 - queue);
        let index = if self.queues.iter().all(|queue| *queue == longest) {
            (random % partitions) as usize
        } else {
            let drawn = random % weights().sum::<u32>();
            let sums = weights().scan(0, |sum, weight| {
                *sum += weight;
                Some(*sum)
            });
            sums.take_while(|sum| *sum <= drawn).count()
        };
        // At most a thousand partitions.
        let partition = PartitionId(i32::try_from(index).unwrap_or(0));
        self.current = Some((partition, 0));
        partition
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(uniform: &mut Kip794Uniform, bytes: u32, full: bool, draw: u32) -> bool {
        uniform.appended(bytes, full, 6, || draw)
    }

    #[test]
    fn it_stays_for_batch_size_bytes() {
        let mut uniform = Kip794Uniform::new(1_000);
        assert_eq!(uniform.partition(6, || 8), PartitionId(2));
        assert!(!moved(&mut uniform, 999, true, 3));
        assert!(moved(&mut uniform, 1, true, 3));
        assert_eq!(uniform.current(), Some(PartitionId(3)));
    }

    #[test]
    fn an_open_batch_keeps_it_up_to_twice_as_long() {
        let mut uniform = Kip794Uniform::new(1_000);
        uniform.partition(6, || 0);
        assert!(!moved(&mut uniform, 1_500, false, 5));
        assert!(!moved(&mut uniform, 499, false, 5));
        assert!(moved(&mut uniform, 1, false, 5));
        assert_eq!(uniform.current(), Some(PartitionId(5)));
    }

    /// The example in the comments of `BuiltInPartitioner.updatePartitionLoadStats`: queues 0 3 1 give weights 4 1 3.
    #[test]
    fn long_queues_are_drawn_less_often() {
        let drawn = |random| {
            let mut uniform = Kip794Uniform::new(1);
            uniform.observe_queues(Some(&[0, 3, 1]));
            uniform.partition(3, || random).0
        };
        assert_eq!(
            (0..8).map(drawn).collect::<Vec<_>>(),
            [0, 0, 0, 0, 1, 2, 2, 2]
        );
        assert_eq!(drawn(8), 0);
    }

    #[test]
    fn equal_queues_are_drawn_uniformly() {
        let mut uniform = Kip794Uniform::new(1);
        uniform.observe_queues(Some(&[2, 2, 2]));
        assert_eq!(uniform.partition(3, || 7), PartitionId(1));
    }
}

//! Which partitions the general search has moved from whom to whom, so that it can move back another one of the same topic
//! rather than let two members swap.

use super::balance::Library;
use super::hash_map;
use std::collections::BTreeMap;

/// Members: from whom, to whom.
type Pair = (usize, usize);

/// Partitions of one topic moved within one pair, in the order in which they were; and the size of Java's table of them.
struct Moved {
    partitions: Vec<usize>,
    buckets: u32,
}

/// The record of movements: Kafka's `PartitionMovements`.
pub(super) struct Movements {
    library: Library,
    by_topic: BTreeMap<(usize, Pair), Moved>,
    by_partition: BTreeMap<usize, Pair>,
}

impl Movements {
    pub(super) fn new(library: Library) -> Self {
        Self {
            library,
            by_topic: BTreeMap::new(),
            by_partition: BTreeMap::new(),
        }
    }

    /// What to move instead of this partition: one of the topic that has moved the other way, if there is. Its record is
    /// that of the first partition returned; the second one is what moves.
    ///
    /// The two differ in librdkafka, which keeps a pointer into the list of the partitions that have moved the other way
    /// while it takes the first one out of that list: it points at the next one by then. (It has failed, or soon will, when
    /// there is no next one, or when it finds that one elsewhere than it believes: its memory or its assertions are broken.)
    pub(super) fn instead_of(
        &self,
        partition: usize,
        topic: usize,
        from: usize,
        to: usize,
        hash: impl Fn(usize) -> i32,
    ) -> (usize, usize) {
        let source = match self.library {
            Library::Java => self.by_partition.get(&partition).map(|pair| pair.0),
            // It has made the pair to look for before it replaces `from`.
            Library::Librdkafka => None,
        };
        let pair = (to, source.unwrap_or(from));
        let Some(moved) = self.by_topic.get(&(topic, pair)) else {
            return (partition, partition);
        };
        match self.library {
            Library::Java => {
                let first = hash_map::first(&moved.partitions, moved.buckets, hash);
                let first = first.unwrap_or(partition);
                (first, first)
            }
            Library::Librdkafka => {
                let mut partitions = moved.partitions.iter().copied();
                let first = partitions.next().unwrap_or(partition);
                (first, partitions.next().unwrap_or(first))
            }
        }
    }

    /// Notes that a partition moves.
    pub(super) fn note(&mut self, partition: usize, topic: usize, from: usize, to: usize) {
        let mut source = from;
        if let Some(pair) = self.by_partition.remove(&partition) {
            self.forget(partition, topic, pair);
            source = pair.0;
            if source == to {
                return;
            }
        }
        let pair = (source, to);
        self.by_partition.insert(partition, pair);
        let moved = self.by_topic.entry((topic, pair)).or_insert(Moved {
            partitions: Vec::new(),
            buckets: hash_map::NEW,
        });
        moved.partitions.push(partition);
        moved.buckets = hash_map::grown(moved.buckets, moved.partitions.len());
    }

    fn forget(&mut self, partition: usize, topic: usize, pair: Pair) {
        if let Some(moved) = self.by_topic.get_mut(&(topic, pair)) {
            moved.partitions.retain(|&other| other != partition);
            if moved.partitions.is_empty() {
                self.by_topic.remove(&(topic, pair));
            }
        }
    }
}

//! Which partitions the general search has moved from whom to whom, so that it can move back another one of the same topic
//! rather than let two members swap.

use super::balance::Library;
use super::hash_map;

/// Members: from whom, to whom.
type Pair = (usize, usize);

/// Partitions of one topic moved within one pair, in the order in which they were; and the size of Java's table of them.
struct Moved {
    topic: usize,
    pair: Pair,
    partitions: Vec<usize>,
    buckets: u32,
}

/// The record of movements: Kafka's `PartitionMovements`.
pub(super) struct Movements {
    library: Library,
    /// Sorted by topic, then by pair; none is empty. (A sorted list, which weighs less in the page than a tree.)
    by_topic: Vec<Moved>,
    /// By partition, for as many as have been met.
    by_partition: Vec<Option<Pair>>,
}

impl Movements {
    pub(super) fn new(library: Library) -> Self {
        Self {
            library,
            by_topic: Vec::new(),
            by_partition: Vec::new(),
        }
    }

    /// Where what moved within a pair is, or would be.
    fn place(&self, topic: usize, pair: Pair) -> Result<usize, usize> {
        let sought = (topic, pair);
        self.by_topic
            .binary_search_by(|moved| (moved.topic, moved.pair).cmp(&sought))
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
            Library::Java => {
                let known = self.by_partition.get(partition).copied().flatten();
                known.map(|pair| pair.0)
            }
            // It has made the pair to look for before it replaces `from`.
            Library::Librdkafka => None,
        };
        let pair = (to, source.unwrap_or(from));
        let Ok(place) = self.place(topic, pair) else {
            return (partition, partition);
        };
        let moved = &self.by_topic[place];
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
        if self.by_partition.len() <= partition {
            self.by_partition.resize(partition + 1, None);
        }
        if let Some(pair) = self.by_partition[partition].take() {
            self.forget(partition, topic, pair);
            source = pair.0;
            if source == to {
                return;
            }
        }
        let pair = (source, to);
        self.by_partition[partition] = Some(pair);
        let place = self.place(topic, pair).unwrap_or_else(|place| {
            let new = Moved {
                topic,
                pair,
                partitions: Vec::new(),
                buckets: hash_map::NEW,
            };
            self.by_topic.insert(place, new);
            place
        });
        let moved = &mut self.by_topic[place];
        moved.partitions.push(partition);
        moved.buckets = hash_map::grown(moved.buckets, moved.partitions.len());
    }

    fn forget(&mut self, partition: usize, topic: usize, pair: Pair) {
        if let Ok(place) = self.place(topic, pair) {
            let partitions = &mut self.by_topic[place].partitions;
            partitions.retain(|&other| other != partition);
            if partitions.is_empty() {
                self.by_topic.remove(place);
            }
        }
    }
}

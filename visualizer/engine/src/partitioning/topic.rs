//! The topic: partitions that records are appended to, one after another, and never leave.

use crate::ids::{Offset, PartitionId, TopicName};
use crate::time::Instant;
use crate::view::{PartitionView, RECENT_RECORDS, RecordView, TopicView};
use std::collections::VecDeque;

/// A topic.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Topic {
    pub(super) name: TopicName,
    producers: usize,
    partitions: Vec<Partition>,
}

#[derive(Clone, Debug, PartialEq)]
struct Partition {
    added_at: Option<Instant>,
    log_end: i64,
    by_producer: Vec<u64>,
    recent: VecDeque<RecordView>,
}

impl Topic {
    /// A topic to which this many producers write.
    pub(super) fn new(name: TopicName, partitions: i32, producers: usize) -> Self {
        let mut topic = Self {
            name,
            producers,
            partitions: Vec::new(),
        };
        topic.grow(partitions, None);
        topic
    }

    /// How many partitions it has.
    pub(super) fn partitions(&self) -> i32 {
        // At most a thousand.
        i32::try_from(self.partitions.len()).unwrap_or(i32::MAX)
    }

    /// Gives it this many partitions.
    pub(super) fn grow(&mut self, partitions: i32, added_at: Option<Instant>) {
        let empty = Partition {
            added_at,
            log_end: 0,
            by_producer: vec![0; self.producers],
            recent: VecDeque::new(),
        };
        self.partitions
            .resize(PartitionId(partitions).index(), empty);
    }

    /// At most how many recent records it keeps.
    pub(super) fn recent_records(&self) -> u64 {
        (self.partitions.len() * RECENT_RECORDS) as u64
    }

    /// Offset that the partition's next record will have.
    pub(super) fn log_end(&self, partition: PartitionId) -> Offset {
        Offset(self.partitions[partition.index()].log_end)
    }

    /// Writes a record whose offset is the partition's log end.
    pub(super) fn append(&mut self, partition: PartitionId, record: RecordView) {
        let partition = &mut self.partitions[partition.index()];
        partition.log_end += 1;
        partition.by_producer[record.producer] += 1;
        if partition.recent.len() == RECENT_RECORDS {
            partition.recent.pop_front();
        }
        partition.recent.push_back(record);
    }

    pub(super) fn view(&self) -> TopicView {
        let partitions = (0_i32..)
            .zip(&self.partitions)
            .map(|(number, partition)| PartitionView {
                partition: PartitionId(number),
                added_at: partition.added_at,
                log_end: Offset(partition.log_end),
                records_by_producer: partition.by_producer.clone(),
                recent: partition.recent.iter().cloned().collect(),
            });
        TopicView {
            name: self.name.clone(),
            partitions: partitions.collect(),
        }
    }
}

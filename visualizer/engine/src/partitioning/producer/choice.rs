//! Choices that do not depend on batches: librdkafka's, and Java's round robin.

use super::{Memory, Producer};
use crate::event::PartitionReason;
use crate::ids::PartitionId;
use crate::partitioner::Partitioner;
use crate::time::Instant;

impl Producer {
    /// The partition of a record, among at least one (`rd_kafka_msg_partitioner`).
    pub(super) fn choose(
        &mut self,
        key: Option<&str>,
        partitions: i32,
        now: Instant,
    ) -> (PartitionId, PartitionReason) {
        let hashed = key.and_then(|key| self.hashed(key, partitions));
        let rng = &mut self.rng;
        let mut random =
            || PartitionId((rng.next_u31() % partitions.cast_unsigned()).cast_signed());
        let may_stick = self.sticky_linger.0 > 0 && self.partitioner.sticks_without_key();
        let keyless = match key {
            None => true,
            Some(key) => key.is_empty() && self.partitioner == Partitioner::ConsistentRandom,
        };
        match &mut self.memory {
            Memory::RoundRobin(turns) => {
                let partition = turns.partition(partitions.cast_unsigned());
                return (partition, PartitionReason::RoundRobin);
            }
            Memory::Librdkafka(sticky) | Memory::GetHashCode(sticky, _) if keyless && may_stick => {
                let partition = sticky.partition(now, self.sticky_linger, random);
                return (partition, PartitionReason::Sticky);
            }
            _ => {}
        }
        if let Some((partition, hash)) = hashed {
            return (partition, PartitionReason::Hashed { hash });
        }
        match self.partitioner.fixed_null(partitions) {
            Some(partition) if key.is_none() => (partition, PartitionReason::NullKeyFixed),
            _ => (random(), PartitionReason::Random),
        }
    }

    /// The partition that the key alone decides, for this process, and the hash it comes from.
    pub(super) fn hashed(&self, key: &str, partitions: i32) -> Option<(PartitionId, u32)> {
        match &self.memory {
            Memory::GetHashCode(_, process) => process.partition(key, partitions),
            _ => self.partitioner.keyed(key.as_bytes(), partitions),
        }
    }
}

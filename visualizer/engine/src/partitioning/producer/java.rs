//! Java's producers, whose choice for records without a key depends on their batches.

use super::super::accumulator::Pending;
use super::{Accepted, Memory, Producer};
use crate::event::PartitionReason;
use crate::ids::PartitionId;
use crate::time::Instant;

impl Producer {
    /// `RecordAccumulator.append` of Java 3.3 and later.
    pub(super) fn accept_kip794(
        &mut self,
        mut record: Pending,
        partitions: i32,
        now: Instant,
    ) -> Accepted {
        let key = record.key.as_deref().filter(|_| !self.ignore_keys);
        if let Some((partition, hash)) = key.and_then(|key| self.hashed(key, partitions)) {
            return self.append(record, partition, PartitionReason::Hashed { hash }, now);
        }
        record.reason = PartitionReason::Sticky;
        let count = partitions.cast_unsigned();
        loop {
            let Self {
                memory: Memory::Kip794(uniform),
                batches,
                rng,
                ..
            } = self
            else {
                // A producer with this partitioner is made with this memory.
                return self.append(record, PartitionId(0), PartitionReason::Sticky, now);
            };
            let partition = uniform.partition(count, || rng.next_u31());
            // A move that an open batch had held back happens once the batch is gone.
            let full = batches.all_full(partition);
            if full && uniform.appended(0, true, count, || rng.next_u31()) {
                continue;
            }
            let appended = match batches.try_append(partition, record, now) {
                Ok(appended) => appended,
                Err(back) => {
                    record = back;
                    // The batch could not take it and is closed: that too may be what the move waited for.
                    if uniform.appended(0, true, count, || rng.next_u31()) {
                        continue;
                    }
                    batches.open(partition, record, now)
                }
            };
            let full = batches.all_full(partition);
            uniform.appended(appended.bytes, full, count, || rng.next_u31());
            return Accepted {
                partition,
                reason: PartitionReason::Sticky,
                appended,
            };
        }
    }

    /// `KafkaProducer.doSend` of Java 2.4 to 3.2: a record that would open a batch is partitioned a second time.
    pub(super) fn accept_kip480(
        &mut self,
        record: Pending,
        partitions: i32,
        now: Instant,
    ) -> Accepted {
        let (first, reason) = self.choose_kip480(record.key.as_deref(), partitions);
        let record = Pending {
            reason: reason.clone(),
            ..record
        };
        let record = match self.batches.try_append(first, record, now) {
            Ok(appended) => {
                return Accepted {
                    partition: first,
                    reason,
                    appended,
                };
            }
            Err(record) => record,
        };
        if let Self {
            memory: Memory::Kip480(sticky),
            rng,
            ..
        } = self
        {
            sticky.on_new_batch(first, partitions.cast_unsigned(), || rng.next_u31());
        }
        let (second, reason) = self.choose_kip480(record.key.as_deref(), partitions);
        self.append(record, second, reason, now)
    }

    fn choose_kip480(
        &mut self,
        key: Option<&str>,
        partitions: i32,
    ) -> (PartitionId, PartitionReason) {
        if let Some((partition, hash)) = key.and_then(|key| self.hashed(key, partitions)) {
            return (partition, PartitionReason::Hashed { hash });
        }
        let partition = match self {
            Self {
                memory: Memory::Kip480(sticky),
                rng,
                ..
            } => sticky.partition(partitions.cast_unsigned(), || rng.next_u31()),
            // A producer with this partitioner is made with this memory.
            _ => PartitionId(0),
        };
        (partition, PartitionReason::Sticky)
    }
}

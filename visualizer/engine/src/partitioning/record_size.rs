//! Sizes of records and batches on the wire (message format v2), as Java's producer estimates them.

/// Header of a batch (`DefaultRecordBatch.RECORD_BATCH_OVERHEAD`), in bytes.
pub(super) const BATCH_HEADER: u32 = 61;

/// What a record needs at most beside key, value and headers (`DefaultRecord.MAX_RECORD_OVERHEAD`), in bytes.
const MAX_RECORD_OVERHEAD: u32 = 21;

/// Lengths of a record's key (`None` for a null key) and value, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordLengths {
    pub(super) key: Option<u32>,
    pub(super) value: u32,
}

impl RecordLengths {
    /// Key and value alone.
    pub(super) fn payload(self) -> u32 {
        self.key.unwrap_or(0).saturating_add(self.value)
    }

    /// The record in a batch, without headers (`DefaultRecord.sizeInBytes`).
    pub(super) fn in_batch(self, offset_delta: u32, timestamp_delta_ms: u64) -> u32 {
        let attributes = 1;
        let body = attributes
            + varint(timestamp_delta_ms)
            + varint(u64::from(offset_delta))
            + self.fields();
        varint(u64::from(body)) + body
    }

    /// A batch of this record alone, at most (`AbstractRecords.estimateSizeInBytesUpperBound`).
    pub(super) fn batch_upper_bound(self) -> u32 {
        BATCH_HEADER + MAX_RECORD_OVERHEAD + self.fields()
    }

    /// Key, value and the count of headers, each after its length.
    fn fields(self) -> u32 {
        // A null key is the length -1, which takes one byte as 0 does.
        let key = self.key.unwrap_or(0);
        varint(u64::from(key)) + key + varint(u64::from(self.value)) + self.value + varint(0)
    }
}

/// Bytes that a number from 0 takes as a zigzag varint.
fn varint(number: u64) -> u32 {
    let bits = 64 - (number << 1).leading_zeros();
    bits.div_ceil(7).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_take_seven_bits_a_byte() {
        for (number, bytes) in [
            (0, 1),
            (63, 1),
            (64, 2),
            (8_191, 2),
            (8_192, 3),
            (1_048_575, 3),
            (1_048_576, 4),
        ] {
            assert_eq!(varint(number), bytes, "{number}");
        }
    }

    /// A record of Kafka's documentation: 1 + 1 + 1 + (1 + 3) + (1 + 5) + 1 bytes of body, and their length.
    #[test]
    fn a_small_record() {
        assert_eq!(
            RecordLengths {
                key: Some(3),
                value: 5
            }
            .in_batch(0, 0),
            15
        );
        assert_eq!(
            RecordLengths {
                key: None,
                value: 5
            }
            .in_batch(0, 0),
            12
        );
        assert_eq!(
            RecordLengths {
                key: None,
                value: 5
            }
            .in_batch(64, 100),
            14
        );
    }
}

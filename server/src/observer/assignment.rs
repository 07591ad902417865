//! The bytes in which a classic group's member describes its assignment (`ConsumerProtocolAssignment`).
//!
//! From Apache Kafka's `ConsumerProtocolAssignment.json`: version as int16, then an array of topics, each a string and an
//! array of int32 partitions, then user data, which does not matter here. Later versions only append fields.

use engine::event::TopicPartition;
use engine::ids::{PartitionId, TopicName};

/// The partitions in an assignment; `None` if the bytes are not one. An empty assignment has no bytes at all.
pub fn decode(bytes: &[u8]) -> Option<Vec<TopicPartition>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let mut reader = Reader(bytes);
    let _version = reader.int16()?;
    let mut partitions = Vec::new();
    for _ in 0..reader.int32()?.max(0) {
        let topic = reader.string()?;
        for _ in 0..reader.int32()?.max(0) {
            partitions.push(TopicPartition {
                topic: topic.clone(),
                partition: PartitionId(reader.int32()?),
            });
        }
    }
    partitions.sort();
    Some(partitions)
}

/// Big-endian fields one after the other. Counts are not trusted: each field is checked against what is left.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn int16(&mut self) -> Option<i16> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i16::from_be_bytes(*field))
    }

    fn int32(&mut self) -> Option<i32> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(i32::from_be_bytes(*field))
    }

    fn string(&mut self) -> Option<TopicName> {
        let length = usize::try_from(self.int16()?).ok()?;
        let (field, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(TopicName::from(std::str::from_utf8(field).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 3, topic `orders.created` with partitions 4 and 1, no user data.
    const BYTES: &[u8] =
        b"\0\x03\0\0\0\x01\0\x0eorders.created\0\0\0\x02\0\0\0\x04\0\0\0\x01\xff\xff\xff\xff";

    #[test]
    fn an_assignment_is_read_and_sorted() {
        let partitions = decode(BYTES).unwrap();
        let numbers: Vec<i32> = partitions.iter().map(|p| p.partition.0).collect();
        assert_eq!(numbers, [1, 4]);
        assert_eq!(partitions[0].topic, "orders.created".into());
    }

    #[test]
    fn no_bytes_are_no_partitions() {
        assert_eq!(decode(&[]), Some(Vec::new()));
    }

    #[test]
    fn cut_or_lying_bytes_are_refused() {
        for length in 1..BYTES.len() - 4 {
            assert_eq!(decode(&BYTES[..length]), None, "{length} bytes");
        }
        assert_eq!(decode(b"\0\x03\x7f\xff\xff\xff"), None);
    }
}

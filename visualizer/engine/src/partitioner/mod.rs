//! Which partition a record goes to: the real algorithms, under the names that the clients' configuration gives them.
//!
//! 1. A record with a key that the partitioner hashes goes to `hash(key) % partitions`: [`Partitioner::keyed`], a pure
//!    function, checked against vectors recorded from librdkafka and from Java's `kafka-clients`.
//! 2. A record without a key (or with an empty one, for `consistent_random`) goes where the producer's state says: sticky,
//!    random, next in turn. That state lives with the simulated producer.
//!
//! .NET's producer is librdkafka's, so its default is [`Partitioner::ConsistentRandom`]; Java's is
//! [`Partitioner::JavaDefault`]. The same key therefore lands on two different partitions, unless the .NET producer is
//! configured with [`Partitioner::Murmur2Random`].

mod crc32;
mod fnv1a;
mod get_hash_code;
mod kip480_sticky;
mod kip794_uniform;
mod librdkafka_sticky;
mod murmur2;
mod round_robin;

pub use crc32::crc32;
pub use fnv1a::fnv1a;
pub use murmur2::{MASK, murmur2};

pub(crate) use get_hash_code::GetHashCode;
pub(crate) use kip480_sticky::Kip480Sticky;
pub(crate) use kip794_uniform::Kip794Uniform;
pub(crate) use librdkafka_sticky::LibrdkafkaSticky;
pub(crate) use round_robin::RoundRobin;

use crate::ids::PartitionId;

/// A partitioner that a producer can be configured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Partitioner {
    /// librdkafka's default, hence .NET's: CRC-32 of the key; null **and empty** keys are sticky.
    ConsistentRandom,
    /// librdkafka: CRC-32 of the key; null keys all go to the partition of the empty key (0).
    Consistent,
    /// librdkafka: murmur2 of the key, as Java; null keys all go to the partition of the empty key.
    Murmur2,
    /// librdkafka: murmur2 of the key, as Java, empty key included; null keys are sticky. The .NET remedy.
    Murmur2Random,
    /// librdkafka: FNV-1a of the key; null keys all go to the partition of the empty key.
    Fnv1a,
    /// librdkafka: FNV-1a of the key, empty key included; null keys are sticky.
    Fnv1aRandom,
    /// librdkafka: random for every non-null key; null keys are sticky.
    Random,
    /// Java since 3.3 (KIP-794): murmur2 of the key; null keys stay on a partition for `batch.size` bytes.
    JavaDefault,
    /// Java 2.4 to 3.2 (KIP-480): murmur2 of the key; null keys stay on a partition until a new batch begins.
    JavaSticky480,
    /// Java's `RoundRobinPartitioner`: each record in turn, keys ignored.
    RoundRobin,
    /// Not Kafka's, a mistake to learn from: `Math.Abs(key.GetHashCode()) % partitions`. .NET draws a new seed for each
    /// process, so a key changes partition at each restart. Null keys are sticky.
    GetHashCode,
}

impl Partitioner {
    /// All of them, librdkafka's first.
    pub const ALL: [Self; 11] = [
        Self::ConsistentRandom,
        Self::Consistent,
        Self::Murmur2,
        Self::Murmur2Random,
        Self::Fnv1a,
        Self::Fnv1aRandom,
        Self::Random,
        Self::JavaDefault,
        Self::JavaSticky480,
        Self::RoundRobin,
        Self::GetHashCode,
    ];

    /// The partitioner that a configuration calls `name`: librdkafka's `partitioner` values, ours for Java's
    /// (`java_default`, `java_sticky`, `round_robin`) and for the deliberate mistake (`get_hash_code`).
    pub fn from_property(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|partitioner| partitioner.property() == name)
    }

    /// Its name in a configuration.
    pub const fn property(&self) -> &'static str {
        match self {
            Self::ConsistentRandom => "consistent_random",
            Self::Consistent => "consistent",
            Self::Murmur2 => "murmur2",
            Self::Murmur2Random => "murmur2_random",
            Self::Fnv1a => "fnv1a",
            Self::Fnv1aRandom => "fnv1a_random",
            Self::Random => "random",
            Self::JavaDefault => "java_default",
            Self::JavaSticky480 => "java_sticky",
            Self::RoundRobin => "round_robin",
            Self::GetHashCode => "get_hash_code",
        }
    }

    /// The client library that has it.
    pub const fn client(&self) -> Client {
        match self {
            Self::JavaDefault | Self::JavaSticky480 | Self::RoundRobin => Client::Java,
            _ => Client::Librdkafka,
        }
    }

    /// The hash it takes of a key, before the modulo; `None` if it does not hash this key in a way that the key alone
    /// decides.
    pub fn hash(&self, key: &[u8]) -> Option<u32> {
        match self {
            Self::ConsistentRandom if key.is_empty() => None,
            Self::ConsistentRandom | Self::Consistent => Some(crc32(key)),
            Self::Murmur2 | Self::Murmur2Random | Self::JavaDefault | Self::JavaSticky480 => {
                Some(murmur2(key) & MASK)
            }
            Self::Fnv1a | Self::Fnv1aRandom => Some(fnv1a(key)),
            Self::Random | Self::RoundRobin | Self::GetHashCode => None,
        }
    }

    /// The partition of a non-null key among `partitions`, and the hash it comes from; `None` if the key alone does not
    /// decide, or if there are no partitions.
    pub fn keyed(&self, key: &[u8], partitions: i32) -> Option<(PartitionId, u32)> {
        let hash = self.hash(key)?;
        Some((reduce(hash, partitions)?, hash))
    }

    /// Whether records without a key stay on a partition for `sticky.partitioning.linger.ms`: librdkafka's partitioners do,
    /// except those that send all null keys to one partition. A custom one is then not even asked.
    pub(crate) const fn sticks_without_key(self) -> bool {
        matches!(
            self,
            Self::ConsistentRandom
                | Self::Murmur2Random
                | Self::Fnv1aRandom
                | Self::Random
                | Self::GetHashCode
        )
    }

    /// The one partition to which it sends every null key, if it does that: the partition of the empty key.
    pub fn fixed_null(&self, partitions: i32) -> Option<PartitionId> {
        match self {
            Self::Consistent | Self::Murmur2 | Self::Fnv1a => reduce(self.hash(b"")?, partitions),
            _ => None,
        }
    }
}

/// A family of Kafka clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// librdkafka, and .NET's `Confluent.Kafka` which wraps it.
    Librdkafka,
    /// Java's `kafka-clients`.
    Java,
}

/// `hash % partitions`, unsigned as both libraries compute it; `None` without partitions.
fn reduce(hash: u32, partitions: i32) -> Option<PartitionId> {
    let partitions = u32::try_from(partitions).ok().filter(|&count| count > 0)?;
    // Below a positive i32, so it is one.
    Some(PartitionId((hash % partitions).cast_signed()))
}

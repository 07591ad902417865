//! Typed identifiers: a partition is not an offset, and a group is not a member.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Number of an event in one run, from 0, without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub u64);

/// Number of a partition within its topic, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartitionId(pub i32);

/// Position of a record in its partition, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offset(pub i64);

/// Number of a record in the run, in the order in which the application handed it to its producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub u64);

impl RecordId {
    /// What drawings and sentences call it: A to Z, then AA, AB…
    pub fn letters(self) -> String {
        let mut letters = Vec::new();
        let mut rest = self.0;
        loop {
            letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
            rest /= 26;
            if rest == 0 {
                break;
            }
            rest -= 1;
        }
        letters.iter().rev().collect()
    }
}

/// Number of a broker (`node.id`), from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrokerId(pub i32);

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Copying it copies no text.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// It as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(Arc::from(name))
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(Arc::from(name))
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

name_type! {
    /// Name of a topic, for example `orders.created`.
    TopicName
}
name_type! {
    /// `group.id` of a consumer group.
    GroupId
}
name_type! {
    /// Member id that the coordinator gave a consumer.
    MemberId
}
name_type! {
    /// Name of a consumer, a broker or a service in a scenario.
    ActorName
}
name_type! {
    /// Name of a producer in a scenario, or `client.id` of a real one.
    ProducerId
}
name_type! {
    /// Key of a record as text, lossy for bytes that are not UTF-8.
    RecordKey
}
name_type! {
    /// Name of a service, `ShippingService`.
    ServiceName
}

impl From<&Arc<str>> for RecordKey {
    fn from(key: &Arc<str>) -> Self {
        Self(Arc::clone(key))
    }
}

impl ServiceName {
    /// The name without what all services' names end with: `Shipping`.
    pub fn short(&self) -> &str {
        self.0
            .strip_suffix("Service")
            .filter(|short| !short.is_empty())
            .unwrap_or(&self.0)
    }
}

impl PartitionId {
    /// Its place in a list of the topic's partitions; 0 for a number that no partition has.
    pub const fn index(self) -> usize {
        if self.0 < 0 {
            0
        } else {
            self.0.cast_unsigned() as usize
        }
    }
}

impl fmt::Display for PartitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for BrokerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "broker-{}", self.0)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702]
            .map(|record| RecordId(record).letters())
            .into();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}

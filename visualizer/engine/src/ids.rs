//! Typed identifiers: a partition is not an offset, and a group is not a member.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::fmt;
use std::num::NonZeroU64;
use std::ops::Deref;
use std::sync::Arc;

/// Number of an event in one run, from 0, without gaps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct EventId(
    /// One more than the number: an event whose cause is not known keeps no room for that.
    NonZeroU64,
);

impl EventId {
    /// The event of this number.
    pub const fn new(number: u64) -> Self {
        Self(NonZeroU64::MIN.saturating_add(number))
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0.get() - 1
    }

    /// Its place in a list of all events.
    pub fn index(self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventId({})", self.number())
    }
}

impl From<u64> for EventId {
    fn from(number: u64) -> Self {
        Self::new(number)
    }
}

impl From<EventId> for u64 {
    fn from(id: EventId) -> Self {
        id.number()
    }
}

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
        /// Copying it copies no text. It is as small as a pointer: a run keeps a million events, with a name or two in each.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<String>);

        impl $name {
            /// It as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(Arc::new(name.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(Arc::new(name))
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
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
    fn events_are_written_by_their_number() {
        let event = EventId::new(0);
        assert_eq!(serde_json::to_string(&event).unwrap(), "0");
        assert_eq!(serde_json::from_str::<EventId>("7").unwrap().number(), 7);
        assert_eq!(format!("{event:?}"), "EventId(0)");
        assert!(event < EventId::new(1));
    }

    #[test]
    fn letters_go_on_after_z() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702]
            .map(|record| RecordId(record).letters())
            .into();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}

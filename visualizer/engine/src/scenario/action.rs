//! What reaches the simulation from outside.

use crate::ids::{PartitionId, ProducerId};
use crate::keys::KeySet;
use crate::time::{Duration, Instant};
use serde::{Deserialize, Serialize};

/// An action and its instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimedAction {
    /// When.
    pub at: Instant,
    /// What.
    #[serde(flatten)]
    pub action: Action,
}

/// Something done to the cluster or to its clients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Applications hand records to their producers.
    Produce(Produce),
    /// The topic grows to this many partitions.
    AddPartitions(i32),
}

/// A series of records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Produce {
    /// Their keys, taken in turn.
    pub keys: Keys,
    /// How many records in all.
    pub count: u32,
    /// Time between two sends; 0 sends all at once.
    pub every: Duration,
    /// Records handed over at each send.
    pub burst: u32,
    /// Size of each value, in bytes.
    pub value_size: u32,
    /// A key that gets more than its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew: Option<Skew>,
    /// The partition, if the application names it: then no partitioner is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<PartitionId>,
    /// The only producer that sends them; all producers if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer: Option<ProducerId>,
}

/// Where keys come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keys {
    /// These, in turn.
    List(Vec<String>),
    /// Those of a set of the course, in turn.
    Set(KeySet),
    /// No key at all.
    Null,
}

/// A key that gets more than its turn: the 80/20 case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skew {
    /// The key.
    pub key: String,
    /// Its share of the records, in percent, 0 to 100. Exact, not drawn at random.
    pub share: u8,
}

//! What is seen of a run, by whoever watches: real clusters and the engine's events come down to this, and the same code then
//! makes the lines of a trace from both.

use std::collections::{BTreeMap, BTreeSet};

/// Partitions by topic. Topics of the new protocol are ids, in hexadecimal.
pub(crate) type Partitions = BTreeMap<String, BTreeSet<i32>>;

/// One record of the coordinator.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// When the broker wrote it, in milliseconds of the wall clock.
    pub(crate) at_ms: i64,
    pub(crate) group: String,
    pub(crate) what: What,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    /// Classic protocol: a generation is complete, with what the leader gave to whom (by `client.id`).
    Generation {
        generation: i32,
        members: Vec<(String, Partitions)>,
    },
    /// A member of the new protocol and its `client.id`.
    Member { id: String, client: String },
    /// New protocol: what a member is to own, `None` when it is gone.
    Target {
        id: String,
        partitions: Option<Partitions>,
    },
    /// New protocol: the targets written before this are those of the epoch.
    TargetEpoch(i32),
    /// A committed offset.
    Offset {
        topic: String,
        partition: i32,
        offset: i64,
    },
}

/// One line of a client.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// Microseconds of the wall clock, by the client.
    pub(crate) at: i64,
    pub(crate) client: String,
    pub(crate) word: String,
    pub(crate) rest: String,
}

/// What was seen.
pub(crate) struct Seen {
    /// What clients said, and the harness's actions.
    pub(crate) said: Vec<Said>,
    /// What the coordinator wrote.
    pub(crate) written: Vec<Written>,
    /// End of the scenario, in microseconds of the wall clock.
    pub(crate) end: i64,
}

/// What a scenario says that its outcome depends on.
pub(crate) struct Facts {
    /// Whether the group speaks KIP-848.
    pub(crate) modern: bool,
    /// The first topic.
    pub(crate) topic: String,
    /// Records in all.
    pub(crate) records: u32,
    /// Between two heartbeats of a member, in milliseconds.
    pub(crate) heartbeat: i64,
}

/// What became of a record.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// The record's number.
    pub(crate) number: u32,
    /// Microseconds of the wall clock.
    pub(crate) at: i64,
    /// Why it was not delivered.
    pub(crate) error: Option<String>,
}

/// The leader and the in-sync replicas, when they changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) leader: i32,
    pub(crate) isr: BTreeSet<i32>,
}

/// What was seen of a producer and its brokers. All instants are in microseconds.
#[derive(Default)]
pub(crate) struct Deliveries {
    /// What was done to brokers.
    pub(crate) incidents: Vec<(i64, String)>,
    /// How many records the producer was given.
    pub(crate) sent: u32,
    /// Its delivery reports.
    pub(crate) reports: Vec<Report>,
    /// The numbers of the records in the log at the end, as often as they are there.
    pub(crate) kept: Vec<u32>,
    /// The partition's states.
    pub(crate) states: Vec<(i64, State)>,
}

//! What the server sends to the browser: a whole [`Snapshot`] first, then [`Frame`]s of events.
//!
//! 1. The page reads a [`Snapshot`] (`GET /api/v1/state`), which carries the number of the last frame it includes.
//! 2. It opens the stream after that frame (`GET /api/v1/events?after=SEQ`); each SSE message's `id` is the frame's `seq`, its data one [`Frame`] as JSON.
//! 3. After a cut the browser sends `Last-Event-ID`; frames still in the server's ring are sent again; if they are gone the
//!    first frame has `reset = true` and the page reads the snapshot anew.
//! 4. What a slow client missed is counted in `skipped`, never silently dropped.

use crate::event::{Event, TopicPartition};
use crate::ids::{GroupId, MemberId, Offset, PartitionId, TopicName};
use serde::{Deserialize, Serialize};

/// What kind of cluster is being watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// librdkafka's in-process mock cluster, with demonstration clients.
    Embedded,
    /// A real cluster at these bootstrap addresses.
    Cluster {
        /// `bootstrap.servers`.
        bootstrap: String,
    },
}

/// Events of one batch window, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Number of the frame, without gaps. The first of a server is its start in microseconds since the Unix epoch, so that
    /// a number of an earlier run is never taken for one of this run; it stays below 2^53.
    pub seq: u64,
    /// Server's wall clock when the frame was closed, in milliseconds since the Unix epoch.
    pub sent_at_ms: u64,
    /// The events.
    pub events: Vec<Event>,
    /// Events that this client (or the batch's cap) had to leave out before this frame.
    #[serde(default)]
    pub skipped: u64,
    /// True if the client must read the snapshot again before going on.
    #[serde(default)]
    pub reset: bool,
}

/// The observed cluster, whole, at one instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of the last frame that this state includes.
    pub seq: u64,
    /// Server's wall clock when it was taken, in milliseconds since the Unix epoch.
    pub taken_at_ms: u64,
    /// Server's wall clock at the last answer from the cluster, in milliseconds since the Unix epoch.
    pub observed_at_ms: u64,
    /// What is being watched.
    pub source: Source,
    /// Why the cluster cannot be reached at the moment, if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<String>,
    /// Names of all topics that may be chosen, sorted, internal ones left out.
    pub topics: Vec<TopicName>,
    /// The topic that is shown in detail.
    pub topic: Option<TopicState>,
    /// Groups known to read that topic.
    pub groups: Vec<GroupState>,
}

/// One topic, in detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicState {
    /// Its name.
    pub name: TopicName,
    /// Its partitions, by number.
    pub partitions: Vec<PartitionState>,
}

/// One partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionState {
    /// Its number.
    pub partition: PartitionId,
    /// Broker id of its leader, `None` while there is none.
    pub leader: Option<i32>,
    /// Broker ids of its replicas.
    pub replicas: Vec<i32>,
    /// Broker ids of its in-sync replicas.
    pub isr: Vec<i32>,
    /// First offset still there.
    pub low: Offset,
    /// Offset that the next record will have.
    pub high: Offset,
    /// Its newest records, oldest first, at most [`RECENT_RECORDS`].
    pub recent: Vec<RecentRecord>,
}

/// How many of a partition's newest records a snapshot carries at most.
pub const RECENT_RECORDS: usize = 20;

/// A record as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentRecord {
    /// Its offset.
    pub offset: Offset,
    /// Its key as text, `None` for a null key.
    pub key: Option<String>,
    /// Size of key and value, in bytes.
    pub size_bytes: u32,
}

/// One consumer group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupState {
    /// Its `group.id`.
    pub id: GroupId,
    /// Its members and what they own.
    pub members: Vec<MemberState>,
    /// Committed offset and position by partition, sorted.
    pub offsets: Vec<GroupOffset>,
}

/// One member of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberState {
    /// Its member id.
    pub id: MemberId,
    /// A short name for people: the `client.id`.
    pub label: String,
    /// What it owns, sorted.
    pub assignment: Vec<TopicPartition>,
}

/// Where a group stands on one partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupOffset {
    /// The partition.
    pub at: TopicPartition,
    /// Committed offset, `None` if the group never committed there.
    pub committed: Option<Offset>,
    /// Offset of the next record its member will receive, `None` if unknown.
    pub position: Option<Offset>,
}

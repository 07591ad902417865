//! The seam between a cluster and the page: someone who watches, and what was seen.
//!
//! 1. An [`Observer`] knows how to reach one cluster. It can be asked, from any thread, to [watch](Observer::watch) a topic.
//! 2. Watching begins with an [`Opening`], the whole state at one instant, and goes on with [`Observation`]s, one per window.
//! 3. Any [`ObserveError`] ends a watch; whoever wants to go on asks for a new one, which begins with an opening again.
//!
//! Nothing here can produce, create or delete: these types hold consumers only. Two implementations exist:
//! [`ClusterObserver`](cluster::ClusterObserver) for a real cluster, and
//! [`EmbeddedObserver`](crate::embedded::EmbeddedObserver) for the mock cluster inside this process.

pub mod assignment;
pub mod cluster;
pub mod failure;
pub mod groups;
pub(crate) mod log;

pub use failure::ObserveError;

use crate::stop::Stop;
use engine::event::EventKind;
use engine::ids::{PartitionId, TopicName};
use engine::live::{GroupState, Source, TopicState};
use std::time::Duration;

/// Someone who can watch one cluster.
pub trait Observer: Send + Sync + 'static {
    /// Which cluster this is.
    fn source(&self) -> Source;

    /// Begins to watch `topic`, or a topic of the observer's choice.
    ///
    /// Blocks for a few seconds at most, less once `stop` is given.
    ///
    /// # Errors
    /// The cluster cannot be reached, refuses, or has no such topic.
    fn watch(
        &self,
        topic: Option<&TopicName>,
        stop: &Stop,
    ) -> Result<(Opening, Box<dyn Watch>), ObserveError>;
}

/// A watch in progress. Lives on the thread that began it.
pub trait Watch {
    /// Gathers what happens during `window` and returns it, in order.
    ///
    /// # Errors
    /// The cluster cannot be reached any more, or changed so much that watching must begin anew.
    fn observe(&mut self, window: Duration) -> Result<Observation, ObserveError>;
}

/// The whole state when a watch begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// All topics that may be chosen, sorted.
    pub topics: Vec<TopicName>,
    /// The topic being watched.
    pub topic: TopicState,
    /// The groups known to read it.
    pub groups: Vec<GroupState>,
}

/// What one window brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// What happened, in order.
    pub events: Vec<EventKind>,
    /// Records or events that happened but are not in `events`.
    pub skipped: u64,
    /// What no event can tell, when it changed.
    pub layout: Option<Layout>,
    /// True if the cluster answered within this window.
    pub answered: bool,
}

/// Where things are: changes of these are not events, the page reads the state again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// All topics that may be chosen, sorted.
    pub topics: Vec<TopicName>,
    /// The watched topic's partitions, by number.
    pub partitions: Vec<Placement>,
}

/// On which brokers a partition is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The partition.
    pub partition: PartitionId,
    /// Broker id of its leader, `None` while there is none.
    pub leader: Option<i32>,
    /// Broker ids of its replicas.
    pub replicas: Vec<i32>,
    /// Broker ids of its in-sync replicas.
    pub isr: Vec<i32>,
}

//! Watching a real cluster, reading only.
//!
//! The log is read by `TopicLog`; groups by a thread of their own (`poller`), because asking for them may take
//! long and must not hold up the records. What changed between two looks at the groups is told as events
//! (`changes`).

mod changes;
mod poller;

use super::log::TopicLog;
use super::{Observation, ObserveError, Observer, Opening, Watch};
use crate::stop::Stop;
use engine::ids::TopicName;
use engine::live::{GroupState, Source, TopicState};
use poller::GroupPoller;
use std::time::Duration;

/// A real broker answers a fetch as soon as a record arrives; this is how long it may hold an empty one.
const FETCH_WAIT: Duration = Duration::from_millis(500);
/// The topic shown if it exists and none was asked for: the course's own.
const USUAL_TOPIC: &str = "orders.created";

/// Watches the cluster at `bootstrap.servers`.
#[derive(Clone, Debug)]
pub struct ClusterObserver {
    bootstrap: String,
}

struct ClusterWatch {
    log: TopicLog,
    poller: GroupPoller,
    groups: Vec<GroupState>,
}

impl ClusterObserver {
    /// An observer of the cluster at these addresses, `host:port` separated by commas.
    pub fn new(bootstrap: &str) -> Self {
        Self {
            bootstrap: bootstrap.to_owned(),
        }
    }
}

impl Observer for ClusterObserver {
    fn source(&self) -> Source {
        Source::Cluster {
            bootstrap: self.bootstrap.clone(),
        }
    }

    fn watch(
        &self,
        topic: Option<&TopicName>,
        stop: &Stop,
    ) -> Result<(Opening, Box<dyn Watch>), ObserveError> {
        let usual = TopicName::from(USUAL_TOPIC);
        let (log, partitions) = TopicLog::open(&self.bootstrap, FETCH_WAIT, topic, &usual, stop)?;
        let poller = GroupPoller::start(&self.bootstrap, log.topic())?;
        let opening = Opening {
            topics: log.topics().to_vec(),
            topic: TopicState {
                name: log.topic().clone(),
                partitions,
            },
            // They come as events, as soon as the coordinators have answered.
            groups: Vec::new(),
        };
        let watch = ClusterWatch {
            log,
            poller,
            groups: Vec::new(),
        };
        Ok((opening, Box::new(watch)))
    }
}

impl Watch for ClusterWatch {
    fn observe(&mut self, window: Duration) -> Result<Observation, ObserveError> {
        // Committed offsets were read before the ends that this window may bring: lag is not seen negative.
        let groups = self.poller.take();
        let mut seen = self.log.observe(window)?;
        if let Some(groups) = groups {
            seen.events.extend(changes::between(&self.groups, &groups));
            self.groups = groups;
        }
        Ok(seen)
    }
}

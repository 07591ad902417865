//! Watching the embedded cluster: its log like any other, its group by the reports of the group's members.

use super::{Shared, TOPIC};
use crate::observer::log::TopicLog;
use crate::observer::{Observation, ObserveError, Observer, Opening, Watch};
use crate::stop::Stop;
use engine::ids::TopicName;
use engine::live::{Source, TopicState};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// How long a watch waits for the cluster to start.
const START_PATIENCE: Duration = Duration::from_secs(2);
/// The mock answers a fetch when this is over, not when a record arrives.
const FETCH_WAIT: Duration = Duration::from_millis(50);

/// Watches the embedded cluster.
pub struct EmbeddedObserver {
    shared: Arc<Shared>,
}

struct EmbeddedWatch {
    log: TopicLog,
    shared: Arc<Shared>,
    _watcher: Arc<()>,
}

impl EmbeddedObserver {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Observer for EmbeddedObserver {
    fn source(&self) -> Source {
        Source::Embedded
    }

    fn watch(
        &self,
        topic: Option<&TopicName>,
        stop: &Stop,
    ) -> Result<(Opening, Box<dyn Watch>), ObserveError> {
        let bootstrap = self.shared.bootstrap(START_PATIENCE)?;
        let watcher = Arc::clone(&self.shared.watchers);
        let usual = TopicName::from(TOPIC);
        let (log, partitions) = TopicLog::open(&bootstrap, FETCH_WAIT, topic, &usual, stop)?;
        let mut watch = EmbeddedWatch {
            log,
            shared: Arc::clone(&self.shared),
            _watcher: watcher,
        };
        let opening = Opening {
            topics: watch.log.topics().to_vec(),
            topic: TopicState {
                name: watch.log.topic().clone(),
                partitions,
            },
            groups: watch.catch_up(),
        };
        Ok((opening, Box::new(watch)))
    }
}

impl EmbeddedWatch {
    /// The group as of the records read so far.
    fn catch_up(&mut self) -> Vec<engine::live::GroupState> {
        let mut reports = self
            .shared
            .reports
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        reports.release(|partition| self.log.read_up_to(partition));
        reports.groups().to_vec()
    }
}

impl Watch for EmbeddedWatch {
    fn observe(&mut self, window: Duration) -> Result<Observation, ObserveError> {
        let mut seen = self.log.observe(window)?;
        let mut reports = self
            .shared
            .reports
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        seen.events
            .extend(reports.release(|partition| self.log.read_up_to(partition)));
        Ok(seen)
    }
}

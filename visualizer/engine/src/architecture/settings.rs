//! What a run of the architectures takes from its configuration.

use crate::config::Property;
use crate::partitioner::Partitioner;
use crate::scenario::Scenario;
use crate::time::Duration;

/// The settings in force during a run.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) seed: u64,
    /// Instances of each service, each handling one order at a time.
    pub(super) workers: usize,
    /// Time that a service takes to handle an order.
    pub(super) time: Duration,
    /// Spread of that time, in percent.
    pub(super) jitter: u32,
    /// Orders that the order service handles at a time.
    pub(super) places: usize,
    /// Orders that may wait for a place.
    pub(super) waiting_places: usize,
    /// How long a call waits for its answer.
    pub(super) timeout: Duration,
    /// How often a call is tried again.
    pub(super) retries: u32,
    /// Time before a call is tried again.
    pub(super) backoff: Duration,
    /// Time until a broker has acknowledged an order.
    pub(super) publish: Duration,
    /// How often a message is delivered before it is set aside.
    pub(super) deliveries: u32,
    pub(super) partitions: usize,
    pub(super) partitioner: Partitioner,
    /// `auto.offset.reset`: whether a group without a committed offset begins at the beginning.
    pub(super) from_the_beginning: bool,
    pub(super) commit_interval: Duration,
    pub(super) session_timeout: Duration,
    pub(super) rebalance_delay: Duration,
}

impl Settings {
    /// Those of a scenario.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let config = &scenario.config;
        let count = |property| config.count(property) as usize;
        Self {
            seed: scenario.seed,
            workers: count(Property::SimulationServiceInstances).max(1),
            time: config.time(Property::SimulationServiceTime),
            jitter: config.count(Property::SimulationServiceJitter),
            places: count(Property::SimulationRestRequests).max(1),
            waiting_places: count(Property::SimulationRestQueue),
            timeout: config.time(Property::SimulationRestTimeout),
            retries: config.count(Property::SimulationRestRetries),
            backoff: config.time(Property::SimulationRestBackoff),
            publish: config.time(Property::SimulationPublishTime),
            deliveries: config.count(Property::SimulationQueueDeliveries).max(1),
            partitions: count(Property::NumPartitions).max(1),
            partitioner: config.partitioner(),
            from_the_beginning: config.choice(Property::AutoOffsetReset) == "earliest",
            commit_interval: config.time(Property::AutoCommitIntervalMs),
            session_timeout: config.time(Property::SessionTimeoutMs),
            rebalance_delay: config.time(Property::InitialRebalanceDelayMs),
        }
    }
}

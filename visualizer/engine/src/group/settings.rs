//! The group's settings, read once: what the configuration says, with the defaults that each handler implies.

use super::Protocol;
use crate::assignor::Assignor;
use crate::config::{Config, Property};
use crate::partitioner::Partitioner;
use crate::time::Duration;

/// What the application does with each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// Processes it; the client commits by itself.
    Auto,
    /// Processes it, then `StoreOffset`; the client commits what is stored.
    StoreAfter,
    /// `Commit` and wait, then processes it.
    SyncBefore,
    /// Processes it, then `Commit` and wait.
    SyncAfter,
    /// Processes it, then `Commit` without waiting.
    AsyncAfter,
    /// Processes it; `Commit` and wait after a number of records.
    Batch,
    /// Hands it to a pool of workers and asks for the next; the client commits by itself.
    TaskPool,
    /// Hands it to a pool; `StoreOffset` as far as all records before are done.
    LowWaterMark,
}

impl Handler {
    /// Whether records are processed by a pool.
    pub const fn pools(self) -> bool {
        matches!(self, Self::TaskPool | Self::LowWaterMark)
    }

    /// The handler that the configuration names.
    pub fn of(config: &Config) -> Self {
        match config.choice(Property::SimulationHandler) {
            "store-after" => Self::StoreAfter,
            "sync-before" => Self::SyncBefore,
            "sync-after" => Self::SyncAfter,
            "async-after" => Self::AsyncAfter,
            "batch" => Self::Batch,
            "task-pool" => Self::TaskPool,
            "low-water-mark" => Self::LowWaterMark,
            _ => Self::Auto,
        }
    }
}

/// Everything that is set.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // As many independent settings.
pub(super) struct Settings {
    pub(super) protocol: Protocol,
    pub(super) java: bool,
    pub(super) assignor: Assignor,
    pub(super) assignor_name: &'static str,
    pub(super) cooperative: bool,
    /// Session timeout of the protocol in use.
    pub(super) session: Duration,
    /// Heartbeat interval of the protocol in use.
    pub(super) heartbeat: Duration,
    pub(super) max_poll_interval: Duration,
    pub(super) max_poll_records: u32,
    pub(super) auto_commit: bool,
    pub(super) auto_commit_interval: Duration,
    pub(super) auto_store: bool,
    pub(super) earliest: bool,
    pub(super) initial_delay: Duration,
    pub(super) latency: Duration,
    pub(super) processing: Duration,
    /// In percent.
    pub(super) jitter: u32,
    pub(super) handler: Handler,
    pub(super) workers: usize,
    pub(super) batch: u32,
    pub(super) partitioner: Partitioner,
    /// The property that makes the constructor fail, if one does.
    pub(super) refused: Option<&'static str>,
}

impl Settings {
    /// Whether the group speaks KIP-848.
    pub(super) fn modern(&self) -> bool {
        self.protocol == Protocol::Consumer
    }

    pub(super) fn of(config: &Config) -> Self {
        let handler = Handler::of(config);
        let java = config.choice(Property::SimulationClient) == "java";
        let modern = config.choice(Property::GroupProtocol) == "consumer";
        let (assignor, assignor_name) = assignor(config, java, modern);
        let manual = matches!(
            handler,
            Handler::SyncBefore | Handler::SyncAfter | Handler::AsyncAfter | Handler::Batch
        );
        let stores = matches!(handler, Handler::StoreAfter | Handler::LowWaterMark);
        let (session, heartbeat) = if modern {
            (
                Property::GroupConsumerSessionTimeoutMs,
                Property::GroupConsumerHeartbeatIntervalMs,
            )
        } else {
            (Property::SessionTimeoutMs, Property::HeartbeatIntervalMs)
        };
        Self {
            protocol: if modern {
                Protocol::Consumer
            } else {
                Protocol::Classic
            },
            java,
            assignor,
            assignor_name,
            cooperative: !modern && assignor_name == "cooperative-sticky",
            session: config.time(session),
            heartbeat: config.time(heartbeat).max(Duration::from_millis(1)),
            max_poll_interval: config.time(Property::MaxPollIntervalMs),
            max_poll_records: config.count(Property::MaxPollRecords).max(1),
            auto_commit: if config.get(Property::EnableAutoCommit).is_some() {
                config.flag(Property::EnableAutoCommit)
            } else {
                !manual
            },
            auto_commit_interval: config
                .time(Property::AutoCommitIntervalMs)
                .max(Duration::from_millis(1)),
            auto_store: if config.get(Property::EnableAutoOffsetStore).is_some() {
                config.flag(Property::EnableAutoOffsetStore)
            } else {
                !stores
            },
            earliest: config.choice(Property::AutoOffsetReset) == "earliest",
            initial_delay: config.time(Property::InitialRebalanceDelayMs),
            latency: config.time(Property::SimulationLatency),
            processing: config.time(Property::SimulationProcessingTime),
            jitter: config.count(Property::SimulationProcessingJitter),
            handler,
            workers: config.count(Property::SimulationWorkers).max(1) as usize,
            batch: config.count(Property::SimulationBatch).max(1),
            partitioner: config.partitioner(),
            refused: forbidden_property(config),
        }
    }
}

/// The property that makes the constructor of a consumer fail: those of the classic protocol under
/// `group.protocol=consumer`, and `max.poll.interval.ms` below `session.timeout.ms` (librdkafka, classic).
pub fn forbidden_property(config: &Config) -> Option<&'static str> {
    if config.choice(Property::GroupProtocol) == "consumer" {
        return [
            Property::SessionTimeoutMs,
            Property::HeartbeatIntervalMs,
            Property::AssignmentStrategy,
        ]
        .into_iter()
        .find(|property| config.get(*property).is_some())
        .map(Property::name);
    }
    let librdkafka = config.choice(Property::SimulationClient) != "java";
    if librdkafka
        && config.time(Property::MaxPollIntervalMs) < config.time(Property::SessionTimeoutMs)
    {
        return Some(Property::MaxPollIntervalMs.name());
    }
    // librdkafka has no eager sticky assignor.
    (librdkafka && config.choice(Property::AssignmentStrategy) == "sticky")
        .then(|| Property::AssignmentStrategy.name())
}

fn assignor(config: &Config, java: bool, modern: bool) -> (Assignor, &'static str) {
    if modern {
        return match config.choice(Property::RemoteAssignor) {
            "range" => (Assignor::ServerRange, "range"),
            _ => (Assignor::ServerUniform, "uniform"),
        };
    }
    match (config.choice(Property::AssignmentStrategy), java) {
        ("roundrobin", true) => (Assignor::JavaRoundRobin, "roundrobin"),
        ("roundrobin", false) => (Assignor::LibrdkafkaRoundRobin, "roundrobin"),
        ("sticky", _) => (Assignor::JavaSticky, "sticky"),
        ("cooperative-sticky", true) => (Assignor::JavaCooperativeSticky, "cooperative-sticky"),
        ("cooperative-sticky", false) => {
            (Assignor::LibrdkafkaCooperativeSticky, "cooperative-sticky")
        }
        (_, true) => (Assignor::JavaRange, "range"),
        (_, false) => (Assignor::LibrdkafkaRange, "range"),
    }
}

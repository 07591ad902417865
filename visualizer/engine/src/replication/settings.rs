//! The settings that the replication simulation reads, and Kafka's defaults that it does not let one change.

use crate::config::{Config, Property};
use crate::time::Duration;

/// `broker.heartbeat.interval.ms`
pub(super) const HEARTBEAT: Duration = Duration::from_millis(2_000);
/// `replica.fetch.backoff.ms`
pub(super) const FETCH_BACKOFF: Duration = Duration::from_millis(1_000);
/// `replica.high.watermark.checkpoint.interval.ms`
pub(super) const CHECKPOINT: Duration = Duration::from_millis(5_000);
/// `leader.imbalance.check.interval.seconds`, and `unclean.leader.election.interval.ms`
pub(super) const ELECTION_CHECK: Duration = Duration::from_millis(300_000);
/// `retry.backoff.max.ms`
const MAX_BACKOFF: Duration = Duration::from_millis(1_000);
/// How often a client asks again who leads, while the leader that it knows does not answer.
pub(super) const LEADER_QUERY: Duration = Duration::from_millis(1_000);
/// `max.in.flight.requests.per.connection` of an idempotent producer.
pub(super) const IDEMPOTENT_IN_FLIGHT: usize = 5;

/// Who must have written a record for it to be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acks {
    None,
    Leader,
    All,
}

/// The settings in force.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) acks: Acks,
    /// Only with `acks=all`: a client refuses to start with both otherwise.
    pub(super) idempotent: bool,
    pub(super) linger: Duration,
    pub(super) batch_records: usize,
    pub(super) delivery_timeout: Duration,
    pub(super) request_timeout: Duration,
    /// How long a client waits for an answer before it breaks the connection.
    pub(super) socket_timeout: Duration,
    retry_backoff: Duration,
    /// At most the number of replicas.
    pub(super) min_isr: usize,
    pub(super) max_lag: Duration,
    pub(super) fetch_wait: Duration,
    pub(super) unclean: bool,
    pub(super) session: Duration,
    pub(super) latency: Duration,
}

impl Settings {
    /// Those of a configuration, on partitions that have this many replicas.
    pub(super) fn new(config: &Config, replicas: usize) -> Self {
        let acks = match config.choice(Property::Acks) {
            "0" => Acks::None,
            "1" => Acks::Leader,
            _ => Acks::All,
        };
        // A wait of nothing would let time stand still.
        let at_least = |property, ms| config.time(property).max(Duration::from_millis(ms));
        Self {
            acks,
            idempotent: acks == Acks::All && config.flag(Property::EnableIdempotence),
            linger: config.linger(),
            batch_records: config.batch_num_messages() as usize,
            delivery_timeout: config.time(Property::DeliveryTimeoutMs),
            request_timeout: at_least(Property::RequestTimeoutMs, 1),
            socket_timeout: at_least(Property::SocketTimeoutMs, 10),
            retry_backoff: at_least(Property::RetryBackoffMs, 1),
            min_isr: (config.count(Property::MinInsyncReplicas) as usize).min(replicas),
            max_lag: at_least(Property::ReplicaLagTimeMaxMs, 2),
            fetch_wait: at_least(Property::ReplicaFetchWaitMaxMs, 1),
            unclean: config.flag(Property::UncleanLeaderElection),
            session: at_least(Property::BrokerSessionTimeoutMs, 100),
            latency: config.time(Property::SimulationLatency).max(Duration(1)),
        }
    }

    /// The wait before an attempt, after this many: `retry.backoff.ms`, doubled each time. Without the clients' jitter of
    /// 20 %.
    pub(super) fn backoff(&self, retries: u32) -> Duration {
        let doubled = self.retry_backoff.0 << retries.saturating_sub(1).min(10);
        Duration(doubled).min(MAX_BACKOFF.max(self.retry_backoff))
    }
}

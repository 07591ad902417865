//! Counters for Prometheus, one set per server: nothing global, so that tests can run servers side by side.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    clients: Gauge,
    refused_clients: Counter,
    connections: Family<Outcome, Counter>,
    frames: Counter,
    frame_bytes: Counter,
    events: Counter,
    skipped: Family<Cause, Counter>,
    connected: Gauge,
    losses: Counter,
    topics: Gauge,
    responses: Family<Status, Counter>,
    resident: Gauge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Cause {
    cause: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: u32,
}

/// Events that did not fit into a frame, or that the observer jumped over.
const FULL_FRAME: &str = "full_frame";
/// Events that a client was too slow for.
const SLOW_CLIENT: &str = "slow_client";

impl Metrics {
    /// All counters at zero.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("formation"),
            clients: Gauge::default(),
            refused_clients: Counter::default(),
            connections: Family::default(),
            frames: Counter::default(),
            frame_bytes: Counter::default(),
            events: Counter::default(),
            skipped: Family::default(),
            connected: Gauge::default(),
            losses: Counter::default(),
            topics: Gauge::default(),
            responses: Family::default(),
            resident: Gauge::default(),
        };
        metrics.register_live();
        metrics.register_cluster();
        metrics
    }

    fn register_live(&mut self) {
        let r = &mut self.registry;
        r.register(
            "live_clients",
            "Browsers that receive frames now",
            self.clients.clone(),
        );
        r.register(
            "live_clients_refused",
            "Browsers refused because too many were there",
            self.refused_clients.clone(),
        );
        r.register(
            "live_connections",
            "Streams opened, by what the client was given first",
            self.connections.clone(),
        );
        r.register("live_frames", "Frames encoded", self.frames.clone());
        r.register_with_unit(
            "live_frame",
            "Size of the frames encoded",
            Unit::Bytes,
            self.frame_bytes.clone(),
        );
        r.register("live_events", "Events put in frames", self.events.clone());
        r.register(
            "live_events_skipped",
            "Events left out, by cause",
            self.skipped.clone(),
        );
    }

    fn register_cluster(&mut self) {
        let r = &mut self.registry;
        r.register(
            "kafka_connected",
            "1 while the cluster answers",
            self.connected.clone(),
        );
        r.register(
            "kafka_losses",
            "Times the cluster was lost",
            self.losses.clone(),
        );
        r.register(
            "kafka_topics_watched",
            "Topics watched now",
            self.topics.clone(),
        );
        r.register(
            "http_responses",
            "Answers, by status",
            self.responses.clone(),
        );
        r.register_with_unit(
            "process_resident_memory",
            "Memory of this process",
            Unit::Bytes,
            self.resident.clone(),
        );
    }

    /// The text that Prometheus reads.
    ///
    /// # Errors
    /// A label cannot be written; none of ours can fail.
    pub fn render(&self) -> Result<String, fmt::Error> {
        if let Some(bytes) = resident_bytes() {
            self.resident.set(bytes);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// Browsers connected now.
    pub fn clients(&self) -> i64 {
        self.clients.get()
    }

    /// The cluster answers, or not.
    pub fn set_connected(&self, connected: bool) {
        let before = self.connected.set(i64::from(connected));
        if before == 1 && !connected {
            self.losses.inc();
        }
    }

    /// So many topics are watched.
    pub fn set_topics(&self, topics: usize) {
        self.topics.set(i64::try_from(topics).unwrap_or(i64::MAX));
    }

    /// An answer was sent.
    pub fn response(&self, status: u16) {
        let status = u32::from(status);
        self.responses.get_or_create(&Status { status }).inc();
    }

    /// A browser was refused.
    pub fn refused(&self) {
        self.refused_clients.inc();
    }

    pub(crate) fn frame(&self, bytes: usize, events: u64, skipped: u64) {
        self.frames.inc();
        self.frame_bytes.inc_by(bytes as u64);
        self.events.inc_by(events);
        self.skip(FULL_FRAME, skipped);
    }

    pub(crate) fn connected(&self, resumed: bool, reset: bool) {
        let outcome = match (resumed, reset) {
            (_, true) => "reset",
            (true, false) => "resumed",
            (false, false) => "new",
        };
        self.connections.get_or_create(&Outcome { outcome }).inc();
        self.clients.inc();
    }

    pub(crate) fn disconnected(&self) {
        self.clients.dec();
    }

    pub(crate) fn lagged(&self, events: u64) {
        self.skip(SLOW_CLIENT, events);
    }

    fn skip(&self, cause: &'static str, events: u64) {
        if events > 0 {
            self.skipped.get_or_create(&Cause { cause }).inc_by(events);
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Resident memory of this process in bytes, where the system tells (Linux).
pub fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}

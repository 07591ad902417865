//! librdkafka's voice: its log lines and errors go to `tracing`, out of sight unless asked for.
//!
//! The library repeats each connection attempt that fails; the person at the terminal is told once by whoever watches, in
//! French, with the latest complaint kept here. `RUST_LOG=librdkafka=debug` shows everything.

use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryResult, ProducerContext};
use std::sync::{Mutex, PoisonError};

/// The configuration that every client here starts from: whatever the library has to say comes to [`log_line`].
pub(crate) fn client_config() -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set_log_level(RDKafkaLogLevel::Info);
    config
}

/// A client context that logs quietly and remembers the latest complaint.
#[derive(Debug, Default)]
pub(crate) struct Quiet {
    complaint: Mutex<Option<String>>,
}

impl Quiet {
    /// The latest complaint since the last call.
    pub(crate) fn take_complaint(&self) -> Option<String> {
        self.complaint
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl ClientContext for Quiet {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log_line(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(target: "librdkafka", %error, reason);
        if matches!(error, KafkaError::PartitionEOF(_))
            || error.rdkafka_error_code() == Some(RDKafkaErrorCode::PartitionEOF)
        {
            return;
        }
        let mut complaint = self
            .complaint
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // "1/1 brokers are down" follows the line that says why: keep the latter.
        if complaint.is_none()
            || error.rdkafka_error_code() != Some(RDKafkaErrorCode::AllBrokersDown)
        {
            *complaint = Some(reason.to_owned());
        }
    }
}

impl ConsumerContext for Quiet {}

impl ProducerContext for Quiet {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, _)) = result {
            tracing::debug!(%error, "message non livré");
        }
    }
}

/// One log line of the library. Only what it calls critical is worth a warning here.
pub(crate) fn log_line(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
            tracing::warn!(target: "librdkafka", facility, message);
        }
        _ => tracing::debug!(target: "librdkafka", facility, message),
    }
}

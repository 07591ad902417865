//! The demonstration's clients: one producer of orders and a group of three consumers, configured as the course does it.
//!
//! * The producer sends orders of five customers, the customer being the key, a few per second and sometimes a burst.
//!   Its partitioner is librdkafka's default, hence .NET's.
//! * The consumers process for a moment, then store the offset; what is stored is committed in the background. That is
//!   `EnableAutoOffsetStore = false` with `StoreOffset` in .NET.

mod consumer;
mod order;
mod producer;
mod random;

use super::reports::Reporter;
use crate::stop::Stop;
use std::thread::JoinHandle;
use std::time::Duration;

/// `group.id` of the demonstration's consumers.
pub const GROUP: &str = "order-processing";
/// How many consumers the group has.
pub const CONSUMERS: usize = 3;
/// The keys: customers.
pub const KEYS: [&str; 5] = [
    "customer-A",
    "customer-B",
    "customer-C",
    "customer-D",
    "customer-E",
];

/// The rhythm of the demonstration.
#[derive(Clone, Debug)]
pub struct DemoSettings {
    /// Shortest and longest pause between two orders.
    pub pause: (Duration, Duration),
    /// Orders between two bursts.
    pub calm: usize,
    /// Orders in a burst.
    pub burst: usize,
    /// Pause between two orders of a burst.
    pub burst_pause: Duration,
    /// Shortest and longest time that a consumer takes for an order.
    pub work: (Duration, Duration),
}

impl Default for DemoSettings {
    /// About four orders a second, and a burst of fifteen every half minute: the eye can follow.
    fn default() -> Self {
        Self {
            pause: (Duration::from_millis(160), Duration::from_millis(340)),
            calm: 120,
            burst: 15,
            burst_pause: Duration::from_millis(40),
            work: (Duration::from_millis(40), Duration::from_millis(160)),
        }
    }
}

/// The running clients.
pub(super) struct Demo {
    threads: Vec<JoinHandle<()>>,
}

impl Demo {
    /// Starts the clients, which end when `stop` is given.
    pub(super) fn start(
        bootstrap: &str,
        settings: &DemoSettings,
        reporter: &Reporter,
        stop: &Stop,
    ) -> Result<Self, String> {
        let mut threads = vec![producer::start(bootstrap, settings.clone(), stop.clone())?];
        for number in 1..=CONSUMERS {
            threads.push(consumer::start(
                bootstrap,
                number,
                settings.clone(),
                reporter.clone(),
                stop.clone(),
            )?);
        }
        Ok(Self { threads })
    }

    /// Waits until all clients have ended.
    pub(super) fn join(self) {
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("un client de démonstration s’est terminé anormalement");
            }
        }
    }
}

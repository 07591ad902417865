//! The embedded cluster: librdkafka's mock of a Kafka cluster, in this process, with demonstration clients.
//!
//! 1. One thread owns the mock cluster (its handle may not change threads): it creates the topic, starts the
//!    [`demo`] and waits for the end, or for [`Fault`]s to inject.
//! 2. [`EmbeddedObserver`] watches the log like any real cluster's. The mock cannot describe groups, so what the group does is
//!    what the demonstration's own consumers report.
//!
//! The mock speaks Kafka's protocol on loopback ports, but is not Kafka: a broker that is down elects no new leader, aborted
//! transactions are visible, and each partition keeps 5 MiB or 100,000 record batches. Pages must always name their source.

pub mod demo;
pub mod faults;
mod observer;
mod reports;

pub use faults::{Fault, Faults};
pub use observer::EmbeddedObserver;

use crate::client_log::{Quiet, client_config};
use crate::observer::ObserveError;
use crate::stop::Stop;
use demo::{Demo, DemoSettings};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, Producer};
use reports::Reports;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The topic of the demonstration.
pub const TOPIC: &str = "orders.created";
/// Its partitions.
pub const PARTITIONS: i32 = 6;
/// Brokers of the mock cluster.
pub const BROKERS: i32 = 3;

/// How often the owner looks for faults and serves the library's log.
const ROUND: Duration = Duration::from_millis(50);
/// How long the cluster outlives the order to stop for the sake of those who still watch it.
const FAREWELL: Duration = Duration::from_millis(1_500);

/// The running embedded cluster.
pub struct EmbeddedCluster {
    shared: Arc<Shared>,
    faults: Faults,
    thread: JoinHandle<()>,
}

/// What the owner tells the observer.
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    reports: Mutex<Reports>,
    /// Held by everyone who watches.
    watchers: Arc<()>,
}

#[derive(Clone)]
enum State {
    Starting,
    Up { bootstrap: String },
    Failed { detail: String },
}

impl EmbeddedCluster {
    /// Starts the cluster and its clients in the background; [`EmbeddedCluster::observer`] may be used at once.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(settings: DemoSettings, stop: Stop) -> std::io::Result<Self> {
        let (sender, receiver) = reports::channel(stop.clone());
        let shared = Arc::new(Shared {
            state: Mutex::new(State::Starting),
            changed: Condvar::new(),
            reports: Mutex::new(Reports::new(receiver)),
            watchers: Arc::new(()),
        });
        let (faults, orders) = faults::channel();
        let owner = Owner {
            shared: Arc::clone(&shared),
            orders,
            stop,
        };
        let thread = std::thread::Builder::new()
            .name("embedded".to_owned())
            .spawn(move || owner.run(&settings, &sender))?;
        Ok(Self {
            shared,
            faults,
            thread,
        })
    }

    /// Someone who watches it.
    pub fn observer(&self) -> EmbeddedObserver {
        EmbeddedObserver::new(Arc::clone(&self.shared))
    }

    /// Where to inject faults.
    pub fn faults(&self) -> Faults {
        self.faults.clone()
    }

    /// Whether the owner's thread has ended: cluster and clients are gone.
    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }
}

impl Shared {
    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.changed.notify_all();
    }

    /// The cluster's address, as soon as it is known, or the reason why it is not after `patience`.
    fn bootstrap(&self, patience: Duration) -> Result<String, ObserveError> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (state, _) = self
            .changed
            .wait_timeout_while(state, patience, |state| matches!(state, State::Starting))
            .unwrap_or_else(PoisonError::into_inner);
        match state.clone() {
            State::Up { bootstrap } => Ok(bootstrap),
            State::Starting => Err(ObserveError::Starting),
            State::Failed { detail } => Err(ObserveError::EmbeddedFailed { detail }),
        }
    }
}

/// The thread that owns the mock cluster.
struct Owner {
    shared: Arc<Shared>,
    orders: Receiver<Fault>,
    stop: Stop,
}

impl Owner {
    fn run(self, settings: &DemoSettings, reports: &reports::Reporter) {
        if let Err(detail) = self.own(settings, reports) {
            tracing::error!("le cluster embarqué n’a pas pu démarrer : {detail}");
            self.shared.set(State::Failed { detail });
        }
    }

    fn own(&self, settings: &DemoSettings, reports: &reports::Reporter) -> Result<(), String> {
        // A client that carries the mock, rather than `MockCluster::new`: this one's log queue can be served.
        let carrier: BaseProducer<Quiet> = client_config()
            .set("test.mock.num.brokers", BROKERS.to_string())
            .create_with_context(Quiet::default())
            .map_err(|error| error.to_string())?;
        let cluster = carrier
            .client()
            .mock_cluster()
            .ok_or("la bibliothèque n’a pas créé de cluster")?;
        cluster
            .create_topic(TOPIC, PARTITIONS, BROKERS)
            .map_err(|error| error.to_string())?;
        let bootstrap = cluster.bootstrap_servers();
        let demo = Demo::start(&bootstrap, settings, reports, &self.stop)?;
        tracing::info!("cluster embarqué prêt : KAFKA_BOOTSTRAP_SERVERS={bootstrap}");
        self.shared.set(State::Up { bootstrap });
        self.serve(&carrier, &cluster);
        demo.join();
        self.wait_for_watchers();
        Ok(())
    }

    /// A question to a cluster that is gone is only given up after its timeout: those who watch leave first.
    fn wait_for_watchers(&self) {
        let until = Instant::now() + FAREWELL;
        while Arc::strong_count(&self.shared.watchers) > 1 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn serve(&self, carrier: &BaseProducer<Quiet>, cluster: &MockCluster<'_, Quiet>) {
        while !self.stop.sleep(ROUND) {
            carrier.poll(Duration::ZERO);
            for fault in self.orders.try_iter() {
                if let Err(error) = fault.inject(cluster) {
                    tracing::warn!(%error, ?fault, "panne impossible à provoquer");
                }
            }
        }
    }
}

//! The three architectures as drawings need them.

use super::ledger::Tally;
use super::service::Health;
use crate::event::Lane;
use crate::ids::ServiceName;
use crate::time::{Duration, Instant};

/// The state at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The instant.
    pub now: Instant,
    /// Orders that customers sent.
    pub received: u64,
    /// Whether the order service runs.
    pub orders_up: bool,
    /// Instances of each service, each handling one order at a time.
    pub instances: u64,
    /// The services, in the order in which they are called.
    pub services: Vec<ServiceView>,
    /// REST, queue, log.
    pub lanes: [LaneView; 3],
    /// The topic's partitions.
    pub partitions: Vec<PartitionView>,
}

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceView {
    /// Its name.
    pub name: ServiceName,
    /// How it is.
    pub health: Health,
    /// Time that it takes to handle an order.
    pub time: Duration,
}

/// One architecture.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneView {
    /// Which one.
    pub lane: Lane,
    /// Orders confirmed.
    pub accepted: u64,
    /// Orders whose customer got an error.
    pub refused: u64,
    /// Orders whose customer waits for an answer.
    pub in_progress: u64,
    /// Wait of the customers who were answered: half of them waited no longer.
    pub median: Option<Duration>,
    /// 99 in 100 of them waited no longer.
    pub p99: Option<Duration>,
    /// By service.
    pub services: Vec<WorkView>,
}

/// What a service did and has to do in one architecture.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkView {
    /// Orders done, each counted once.
    pub done: u64,
    /// How often it did an order again.
    pub again: u64,
    /// Orders done although their customer got an error.
    pub in_vain: u64,
    /// REST: orders whose call to it is under way or about to be tried again.
    pub calls: u64,
    /// Orders that wait for it, those in hand not included.
    pub waiting: u64,
    /// The orders that its instances have in hand, and how far they are with them, in thousandths.
    pub hand: Vec<(u64, u16)>,
    /// Messages set aside.
    pub dead: u64,
    /// Accepted orders that it will not get: older than itself, or passed over.
    pub missed: u64,
    /// Records between what it has committed and the end of the log.
    pub lag: u64,
    /// Whether it takes orders: not while it is stopped, nor while its group waits for its partitions.
    pub reads: bool,
    /// How long it took to catch up after the last repair, once it has.
    pub recovery: Option<Duration>,
    /// Whether it has been repaired and has not caught up yet.
    pub recovering: bool,
}

/// A partition of the topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionView {
    /// Offset that the next record will have.
    pub end: u64,
    /// The positions of the services' groups.
    pub positions: Vec<u64>,
}

impl WorkView {
    /// What the books say.
    pub(super) fn of(tally: &Tally) -> Self {
        Self {
            done: tally.done,
            again: tally.again,
            in_vain: tally.in_vain,
            calls: 0,
            waiting: 0,
            hand: Vec::new(),
            dead: 0,
            missed: 0,
            lag: 0,
            reads: true,
            recovery: tally.recovery,
            recovering: tally.repaired.is_some(),
        }
    }

    /// All that waits for the service or is in its hands.
    pub fn backlog(&self) -> u64 {
        self.waiting + self.hand.len() as u64
    }
}

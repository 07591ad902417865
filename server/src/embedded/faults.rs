//! Faults that can be injected into the embedded cluster, as far as the mock can play them.

use rdkafka::ClientContext;
use rdkafka::error::KafkaError;
use rdkafka::mocking::MockCluster;
use std::sync::mpsc::{Receiver, Sender, channel as unbounded};

/// Something that goes wrong, or right again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A broker closes its connections and takes no new ones; `None` for all. No new leader is elected: the mock cannot.
    BrokerDown(Option<i32>),
    /// A broker takes connections again; `None` for all.
    BrokerUp(Option<i32>),
    /// A partition of the demonstration's topic changes leader; `None` leaves it without one.
    Leader {
        /// The partition.
        partition: i32,
        /// The new leader's broker id.
        broker: Option<i32>,
    },
}

/// Where to send faults. Clones lead to the same cluster.
#[derive(Clone, Debug)]
pub struct Faults {
    orders: Sender<Fault>,
}

pub(super) fn channel() -> (Faults, Receiver<Fault>) {
    let (orders, receiver) = unbounded();
    (Faults { orders }, receiver)
}

impl Faults {
    /// Injects a fault within the next moments. Returns false if the cluster is gone.
    pub fn inject(&self, fault: Fault) -> bool {
        self.orders.send(fault).is_ok()
    }
}

impl Fault {
    pub(super) fn inject<C: ClientContext>(
        self,
        cluster: &MockCluster<'_, C>,
    ) -> Result<(), KafkaError> {
        /// What librdkafka takes for "all brokers".
        const ALL: i32 = -1;
        match self {
            Self::BrokerDown(broker) => cluster.broker_down(broker.unwrap_or(ALL)),
            Self::BrokerUp(broker) => cluster.broker_up(broker.unwrap_or(ALL)),
            Self::Leader { partition, broker } => {
                cluster.partition_leader(super::TOPIC, partition, broker)
            }
        }
    }
}

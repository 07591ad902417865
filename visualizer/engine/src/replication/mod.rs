//! The replication simulation: brokers that come and go, leaders and followers, what is committed and what is lost.
//!
//! 1. A leader writes what producers send; its followers fetch it (`fetching`, `fetch_response`); from their progress it
//!    computes the high watermark, and proposes who is in sync (`leadership`).
//! 2. The controller decides who leads and who is in sync (`controller`), and brokers learn it (`partition_change`, `isr`),
//!    also when they die and come back (`cluster`) or are stopped for a while (`stopped_broker`). A returning replica cuts its
//!    log where it leaves the leader's (`log`).
//! 3. The producer learns what became of its records, or does not (`producer`, `sending`, `delivery`, `leading`), and its
//!    process may be killed before it does (`process`); the consumer sees what is committed (`consumer`). What is true of
//!    each record is counted apart (`ledger`).
//!
//! The rules are those of Apache Kafka 4.3 with `KRaft` and eligible leader replicas (KIP-966), and of librdkafka's producer.
//!
//! # What is not represented
//! * The controllers: one that never fails, and answers in one network hop. Networks that split: a broker is dead or stopped for
//!   all, or for none.
//! * `replica.socket.timeout.ms`: a follower waits for a stopped leader until it learns of another one. A client that asks who
//!   leads never asks a stopped broker. It notices a silent connection when `socket.timeout.ms` is over, not up to a second later.
//! * While the producer's process is stopped or dead, the consumer still learns who leads: the two share what clients know.
//! * Disks: what a killed broker had written is there when it is back (the system's page cache survives `SIGKILL`, not a loss of
//!   power). Starting takes no time beyond registration. Controlled shutdown moves leaders first; here brokers are killed.
//! * Retention, compaction, transactions, tiered storage, reassignment of replicas, several fetchers per broker, sizes:
//!   a fetch takes all there is.
//! * Racks, and the random start of replica placement: partition *p*'s replicas begin at broker *p* + 1.
//! * Jitter of 20 % on the clients' waits; connections are made at once; a client asks who leads once a second while a
//!   leader is missing or dead. Records without a key go to a partition drawn at random. `batch.size` does not cut batches.
//! * A change of `min.insync.replicas` leaves the eligible leader replicas as they are until the next change of the ISR.
//! * `NotEnoughReplicasAfterAppend`: the rule is there, but since 4.0 the high watermark no longer moves below
//!   `min.insync.replicas`, so that a producer sees `RequestTimedOut` instead.

mod alarm;
mod broker_set;
mod cluster;
mod consumer;
mod controller;
mod delivery;
mod fetch_response;
mod fetching;
mod invariant;
mod isr;
mod leadership;
mod leading;
mod ledger;
mod log;
mod metadata;
mod partition_change;
mod process;
mod producer;
mod query;
mod sending;
mod settings;
mod snapshot;
mod stopped_broker;
#[cfg(test)]
mod tests;
pub mod view;
mod world;

pub use invariant::{Monitor, Rule};
pub use process::PRODUCER;
pub use world::World;

/// A run of a replication scenario.
pub type Simulation = crate::run::Run<World>;

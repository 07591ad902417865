//! A consumer group: its coordinator, its consumers, what they process and what they commit.
//!
//! 1. The [coordinator](`Protocol`) is a pure state machine, one per protocol, after Kafka 4.3's own (`classic`, `modern`).
//! 2. A consumer is two threads, as in librdkafka: a background one that joins, heartbeats and commits (`membership`,
//!    `joining`, `reconciling`, `commits`), and the application's, which gets records and callbacks from `Consume()`
//!    (`application`). Java's client joins and commits inside `poll()`.
//! 3. They exchange messages that take one hop each (`network`, `exchange`).
//! 4. Each record ends in exactly one count: once, replayed, lost, skipped, in flight, or waiting (`log`); each partition has
//!    a history of who held it and how (`history`).
//!
//! # What is not represented
//! The brokers never fail, and no message is lost. Fetches have no size limit, and records of a partition that a consumer
//! finds when it is assigned come all together, partition by partition; afterwards records come in the order in which they
//! were appended. Null keys of one send share a partition, drawn from the seed; with several topics, records go to each in
//! turn. Clients know new partitions at once. librdkafka looks at `max.poll.interval.ms` every 500 ms, here it is exact.
//! The group leader needs no metadata request. Under KIP-848, real member ids are random: here they begin with the
//! consumer's name, as in the classic protocol, so that members keep their order. Regular expressions, racks, transactions,
//! and groups that change their protocol are left out.

mod application;
mod classic;
mod commits;
mod consumer;
mod coordinator;
mod exchange;
mod history;
mod joining;
mod lifecycle;
mod log;
mod membership;
mod modern;
mod network;
mod observe;
mod query;
mod reconciling;
mod settings;
mod view;
mod world;

#[cfg(test)]
mod tests;

pub use settings::{Handler, forbidden_property};
pub use view::*;
pub use world::{Command, GroupWorld, TimerCommand};

/// A run of a group's scenario.
pub type Simulation = crate::run::Run<GroupWorld>;

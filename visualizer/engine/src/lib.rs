//! A deterministic simulation of Apache Kafka, and the vocabulary in which everything else speaks of it.
//!
//! # Words of the domain
//! * **broker**: a server of the cluster; **controller**: the brokers' coordinator (`KRaft`).
//! * **topic**: a named log cut into **partitions**; a record's place in a partition is its **offset**.
//! * **replica**: a partition's copy on a broker; the **leader** takes writes, **followers** fetch from it; the replicas
//!   that keep up are the **ISR** (in-sync replicas); what they all hold ends at the **high watermark**.
//! * **producer**: writes **records** (key, value); a **partitioner** chooses the partition of each.
//! * **group**: consumers that share a topic's partitions; a **member** owns the partitions of its **assignment**, valid for
//!   one **generation**; what the group has read and recorded is its **committed offset**.
//!
//! # From a scenario to a picture
//! 1. A [`scenario::Scenario`] is read from a Markdown fence (feature `toml`), from a link ([`share`]) or from JSON.
//! 2. A [`run::Run`] plays it in virtual time ([`time`]) and tells [`event`]s; [`invariant`] watches them.
//! 3. Drawings look at its [`view`]; texts ask it questions in the language of [`query`]; [`expect`] checks what the
//!    course says of it.
//!
//! # Modules
//! Each module is one concept under Kafka's own name. Start with [`event`], which everything else produces or reads, then
//! [`partitioner`], which is checked against the real libraries.

#![forbid(unsafe_code)]

pub mod architecture;
pub mod assignor;
pub mod calculator;
pub mod config;
pub mod distribution;
pub mod event;
pub mod expect;
pub mod group;
pub mod ids;
pub mod invariant;
pub mod keys;
pub mod live;
pub mod narrate;
pub mod partitioner;
pub mod partitioning;
pub mod play;
pub mod query;
pub mod replication;
mod rng;
pub mod run;
pub mod scenario;
pub mod share;
mod shared_list;
#[cfg(test)]
mod testing;
pub mod text;
pub mod time;
pub mod units;
pub mod view;

//! The partitioning simulation: producers that send records to the partitions of one topic.
//!
//! # What is not represented
//! The network and the brokers answer at once and never fail; each partition's leader is a broker of its own, so that
//! Java's sender sends no batch along with another; producers know of new partitions at once (a real one learns of them
//! within `topic.metadata.refresh.interval.ms` or `metadata.max.age.ms`, five minutes by default); nothing is compressed;
//! records have no headers; librdkafka's batches leave when they are full, whereas its thread may look a little later.

mod accumulator;
mod keybook;
mod producer;
mod record_size;
mod series;
mod topic;
mod world;

pub(crate) use keybook::KeyBook;
pub(crate) use series::Series;
pub use world::PartitioningWorld;

use crate::ids::{PartitionId, ProducerId};
use crate::run::Run;
use crate::view::KeyView;

/// A run of a partitioning scenario.
pub type Simulation = Run<PartitioningWorld>;

impl Run<PartitioningWorld> {
    /// The keys seen so far, by producer, then in the order of the keys. Its cost grows with their number.
    pub fn keys(&self) -> Vec<KeyView> {
        self.world()
            .producers
            .iter()
            .enumerate()
            .flat_map(|(index, producer)| producer.key_views(index, &self.world().keys))
            .collect()
    }

    /// How many partitions the topic has now.
    pub fn partitions(&self) -> i32 {
        self.world().topic.partitions()
    }

    /// The producers' names, in the order of the view.
    pub fn producers(&self) -> impl Iterator<Item = &ProducerId> {
        self.world().producers.iter().map(|producer| &producer.id)
    }

    /// How many records producer number `producer` has sent with this key so far, and where the last one went.
    pub fn key(&self, producer: usize, key: &str) -> Option<(u64, PartitionId)> {
        let number = self.world().keys.number(key)?;
        self.world().producers.get(producer)?.key(number)
    }
}

#[cfg(test)]
mod tests;

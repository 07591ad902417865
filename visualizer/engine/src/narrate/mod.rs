//! French sentences for events: the log of events, the causal chain and the headless mode share them.

mod architecture;
mod group;
mod replication;

pub use architecture::{architecture, architecture_run};
pub use group::{group, group_run};
pub use replication::{replication, replication_run};

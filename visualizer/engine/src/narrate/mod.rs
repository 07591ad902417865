//! French sentences for events: the log of events, the causal chain and the headless mode share them.

mod architecture;

pub use architecture::{architecture, architecture_run};

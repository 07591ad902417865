//! The course's companion server: it serves the built site, and shows in the browser what happens in a Kafka cluster.
//!
//! ```text
//! cluster ─► observer ─► live (model, frames) ─► http ─► browsers
//!            embedded: a mock cluster with demonstration clients, or a real cluster
//! ```
//!
//! * [`observer`]: the seam to a cluster; it can read and nothing else.
//! * [`embedded`]: the mock cluster inside this process, so that live mode works without installing anything.
//! * [`live`]: the observed state, frames of events, and each browser's place in them.
//! * [`http`]: the answers. [`server`] puts everything together; [`settings`] is what may be asked for.
//!
//! What goes over the wire is [`engine::live`], the same words that the simulator uses.

pub mod backoff;
mod client_log;
mod clock;
pub mod embedded;
pub mod error;
pub mod http;
pub mod live;
pub mod metrics;
pub mod observer;
pub mod server;
pub mod settings;
pub mod stop;

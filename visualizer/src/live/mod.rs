//! The live view: a cluster as the server sees it, drawn with the pictures of the simulations.
//!
//! 1. The [`stream`] brings a snapshot, then frames; the [`model`] holds what they tell, within bounds.
//! 2. Before the next repaint, not more often, what is known is shown ([`view`]): the topic's partitions as logs
//!    ([`board`]), who reads them and how far, and what happened lately ([`journal`]).
//! 3. Paused, the picture stands still while the model goes on.

mod backoff;
mod board;
mod journal;
mod model;
mod state;
mod stream;
mod view;

pub(crate) use view::mount;

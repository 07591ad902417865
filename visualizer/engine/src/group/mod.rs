//! A consumer group: its coordinator, its consumers, what they process and what they commit.

mod view;

pub use view::*;

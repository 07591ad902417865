//! Text, before it is Markdown: where it stands, how it is typeset in French, how it is escaped, how sizes are said, and TOML with positions.

pub mod escape;
pub mod french;
pub mod origin;
pub mod problem;
pub mod size;
pub mod slug;
pub mod suggest;
pub mod toml;

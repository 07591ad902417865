//! Text, before it is Markdown: where it stands, how it is typeset in French, how it is escaped, and TOML with positions.

pub mod escape;
pub mod french;
pub mod origin;
pub mod problem;
pub mod slug;
pub mod suggest;
pub mod toml;

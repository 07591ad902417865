//! Generator of the French course: Markdown in, a static site out.

pub mod context;

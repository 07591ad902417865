//! Drawings of what the engine shows, as shapes that become SVG text or DOM.
//!
//! 1. A picture is laid out from plain structs, for a given width: [`board`] (the logs of a topic), [`bars`] (how keys are
//!    spread), [`roll`] (partitions × time), [`strip`] (one choice among the partitions).
//! 2. The result is a [`Picture`]: a title, a description and a tree of [`Shape`]s, which know nothing of their medium.
//! 3. [`svg`] writes the tree as text, for the storyboard; the page's visualizer makes DOM nodes of the same tree.
//!
//! Shapes carry classes and geometry, never colours or styles: the stylesheet dresses them, in both themes, and a page
//! with a strict Content-Security-Policy accepts them as they are.

#![forbid(unsafe_code)]

pub mod architecture;
pub mod bars;
pub mod board;
pub mod commit_log;
pub mod crash_strip;
pub mod french;
mod incident;
pub mod marks;
pub mod members;
pub mod ownership;
pub mod px;
pub mod replicas;
pub mod roll;
pub mod shape;
pub mod storyboard;
pub mod strip;
pub mod svg;

pub use px::Px;
pub use shape::{Anchor, Picture, Shape};

//! Fenced blocks: from the words after the backticks to HTML.
//!
//! * [`info`] reads the first line, [`language`] knows the languages of code;
//! * [`mod@include`] takes code out of a lab's file, [`annotation`] takes numbered marks out of code, [`code`] writes the figure;
//! * [`schema`] draws ASCII diagrams; simulations and quizzes have modules of their own at the top level.

pub mod annotation;
pub mod code;
pub mod include;
pub mod info;
pub mod language;
pub mod problem;
pub mod schema;

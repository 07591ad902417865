//! The generator on tiny courses: what it writes (`golden/`), what it says (`errors/`), what it does a second time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod case;
mod commands;
mod errors;
mod golden;
mod hostile;
mod offline;
mod pdf;
mod rebuild;

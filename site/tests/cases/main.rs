//! The generator on tiny courses: what it writes (`golden/`), what it says (`errors/`), what it does a second time.

mod case;
mod commands;
mod errors;
mod golden;
mod hostile;
mod rebuild;

//! The generator on tiny courses: what it writes (`golden/`), and what it says (`errors/`).

mod case;
mod errors;
mod golden;

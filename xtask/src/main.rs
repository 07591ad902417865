//! The developer's commands: `cargo xtask serve`, `test`, `build`, `check`, `dev`, `bench`, `fidelity`, `lint`…
//!
//! Each command first makes sure that what it needs is there ([`setup`]), then runs the programs that do the work
//! ([`process`]) and shows where it is ([`progress`]). Depends on nothing of the workspace: it is what builds it.

mod cli;
mod commands;
mod context;
mod count;
mod course;
mod elapsed;
mod error;
mod fingerprint;
mod interrupt;
mod lockfile;
mod port;
mod process;
mod program;
mod progress;
#[cfg(test)]
mod scratch;
mod service;
mod setup;
mod wasm;
mod workspace;

use std::process::ExitCode;

use context::Context;
use error::Error;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // After an interruption children may have died of it: only the interruption matters.
            let error = if interrupt::requested() {
                Error::Interrupted
            } else {
                error
            };
            eprintln!("\n{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run() -> Result<(), Error> {
    let command = cli::parse(std::env::args_os().skip(1))?;
    interrupt::install().map_err(|error| Error::Missing {
        what: format!("la gestion de Ctrl-C ({error})"),
        remedy: "Relancez depuis un terminal ordinaire.".to_owned(),
    })?;
    commands::run(command, &Context::new()?)
}

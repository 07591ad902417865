//! One module per command.

mod bench;
mod build;
mod check;
mod dev;
mod fidelity;
mod hook;
mod lint;
mod screenshots;
mod serve;
mod setup;
mod spelling;
mod test;
mod trunk;

use crate::cli::{Command, HELP};
use crate::context::Context;
use crate::error::Error;

/// Runs a command.
///
/// # Errors
/// Those of the command.
pub(crate) fn run(command: Command, context: &Context) -> Result<(), Error> {
    match command {
        Command::Help => {
            print!("{HELP}");
            Ok(())
        }
        Command::Serve(options) => serve::run(context, &options),
        Command::Dev(options) => dev::run(context, &options),
        Command::Build(options) => build::run(context, &options),
        Command::Check => check::run(context),
        Command::Test(suites) => test::run(context, &suites),
        Command::Lint => lint::run(context),
        Command::Bench => bench::run(context),
        Command::Fidelity(options) => fidelity::run(context, &options),
        Command::Setup { tests, trunk } => setup::run(context, tests, trunk),
        Command::Hook => hook::run(context),
        Command::Trunk(args) => trunk::run(context, args),
        Command::Screenshots => screenshots::run(context),
    }
}

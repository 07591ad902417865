//! The command `site`: see [`site::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    site::cli::run(std::env::args_os())
}

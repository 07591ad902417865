//! What is wrong with a command line, in French.

use clap::error::{ContextKind, Error, ErrorKind};
use std::io::{self, Write};
use std::process::ExitCode;

/// Explains why the arguments were not taken, or shows the help that was asked for.
pub(crate) fn explain(error: &Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = write!(io::stdout(), "{error}");
            ExitCode::SUCCESS
        }
        kind => {
            let _ = writeln!(
                io::stderr(),
                "Erreur : {}\nToutes les options : server --help",
                sentence(kind, error)
            );
            ExitCode::from(2)
        }
    }
}

fn sentence(kind: ErrorKind, error: &Error) -> String {
    let about = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = about(ContextKind::InvalidArg);
    let value = about(ContextKind::InvalidValue);
    match kind {
        ErrorKind::UnknownArgument => format!("l’option « {argument} » n’existe pas."),
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("l’option « {argument} » attend une valeur.")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("« {value} » ne convient pas pour l’option « {argument} ».")
        }
        ErrorKind::ArgumentConflict => format!("l’option « {argument} » est donnée deux fois."),
        _ => error.to_string(),
    }
}

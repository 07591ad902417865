//! What can go wrong, said in French to the person at the terminal: what failed, where, what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::elapsed::French;

/// How many lines of a failed program's output are worth showing.
const TAIL: usize = 60;

/// A failed command.
#[derive(Debug)]
pub(crate) enum Error {
    /// The person pressed Ctrl-C, or the terminal was closed.
    Interrupted,
    /// The command line is wrong; the text says how.
    Usage(String),
    /// A file or folder could not be read or written.
    File {
        /// What was being done, as an infinitive: « lire », « créer ».
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// A program could not be started.
    NotStarted {
        /// The program as it was called.
        program: String,
        /// The system's word.
        source: io::Error,
    },
    /// A program ended with an error.
    Failed {
        /// The step it was part of.
        step: String,
        /// The command line.
        command: String,
        /// Exit code or signal.
        status: String,
        /// Its output, whole.
        output: String,
        /// Where that output is kept.
        log: PathBuf,
    },
    /// A program took longer than it may.
    TimedOut {
        /// The command line.
        command: String,
        /// How long it was given.
        limit: Duration,
    },
    /// A program that should run until told otherwise stopped by itself.
    Stopped {
        /// The command line.
        command: String,
        /// Exit code or signal.
        status: String,
    },
    /// Something is missing that this program cannot install by itself.
    Missing {
        /// What is missing.
        what: String,
        /// What to type or do.
        remedy: String,
    },
    /// A file does not say what it should.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        expected: String,
    },
    /// Some tests or checks failed; they have been reported already.
    ChecksFailed,
}

impl Error {
    /// An [`Error::File`] maker, for `map_err`.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File {
            action,
            path,
            source,
        }
    }

    /// The process's exit code, as shells expect it.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::Usage(_) => 2,
            _ => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => write!(f, "interrompu"),
            Self::Usage(message) => {
                write!(
                    f,
                    "{message}\n  → « cargo xtask --help » montre les commandes."
                )
            }
            Self::File {
                action,
                path,
                source,
            } => {
                write!(f, "impossible de {action} {} : {source}", path.display())
            }
            Self::NotStarted { program, source } => write!(
                f,
                "impossible de lancer « {program} » : {source}\n  → Ce programme est-il installé et dans le PATH ?"
            ),
            Self::Failed {
                step,
                command,
                status,
                output,
                log,
            } => {
                writeln!(f, "échec : {step} ({status})\n  commande : {command}")?;
                for line in last_lines(output, TAIL) {
                    writeln!(f, "  │ {line}")?;
                }
                write!(f, "  sortie complète : {}", log.display())
            }
            Self::TimedOut { command, limit } => write!(
                f,
                "« {command} » n'a pas fini en {} et a été arrêté",
                French(*limit)
            ),
            Self::Stopped { command, status } => write!(
                f,
                "« {command} » s'est arrêté ({status})\n  → Son message est juste au-dessus."
            ),
            Self::Missing { what, remedy } => write!(f, "il manque {what}\n  → {remedy}"),
            Self::Unreadable { path, expected } => {
                write!(f, "{} : {expected} introuvable", path.display())
            }
            Self::ChecksFailed => write!(f, "des vérifications ont échoué (voir plus haut)"),
        }
    }
}

/// The last `count` lines of `text`.
fn last_lines(text: &str, count: usize) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(count);
    lines.into_iter().skip(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_end_of_the_output_and_where_the_rest_is() {
        let output = (0..200)
            .map(|n| format!("ligne {n}"))
            .collect::<Vec<_>>()
            .join("\n");
        let text = Error::Failed {
            step: "Compilation".into(),
            command: "cargo build".into(),
            status: "code 101".into(),
            output,
            log: PathBuf::from("journal.log"),
        }
        .to_string();
        assert!(text.contains("ligne 199") && text.contains("ligne 140"));
        assert!(!text.contains("ligne 139\n"));
        assert!(text.ends_with("journal.log"));
    }

    #[test]
    fn an_interruption_has_the_exit_code_shells_give_it() {
        assert_eq!(Error::Interrupted.exit_code(), 130);
        assert_eq!(Error::Usage(String::new()).exit_code(), 2);
        assert_eq!(Error::ChecksFailed.exit_code(), 1);
    }
}

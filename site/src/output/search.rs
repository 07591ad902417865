//! The search index, made by Pagefind from the finished pages.

use super::OutputError;
use std::path::Path;
use std::process::{Command, Stdio};

/// Folder of the index on the site.
pub const FOLDER: &str = "pagefind";

/// Runs `program` (Pagefind) on the pages in `folder`; the index goes to its folder [`FOLDER`].
///
/// # Errors
/// If the program cannot be started, or fails.
pub fn index(program: &Path, folder: &Path) -> Result<(), OutputError> {
    let fail = |reason: String| OutputError::Search {
        program: program.to_owned(),
        reason,
    };
    let output = Command::new(program)
        .arg("--site")
        .arg(folder)
        .args(["--output-subdir", FOLDER, "--force-language", "fr"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| fail(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    Err(fail(String::from_utf8_lossy(&said).trim().to_owned()))
}

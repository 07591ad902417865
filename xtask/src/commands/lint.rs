//! `lint`: format, clippy natively and for the browser, the scripts' syntax, the course's spelling.

use std::fs::{self, File};
use std::path::Path;

use crate::commands::spelling;
use crate::context::Context;
use crate::count::Count;
use crate::error::Error;
use crate::fingerprint::files_under;
use crate::process::Job;
use crate::setup::system;
use crate::setup::wasm_toolchain::{self, TARGET};
use crate::wasm::PROFILE;

/// Runs every lint and reports them all.
///
/// # Errors
/// [`Error::ChecksFailed`] when one finds something.
pub(super) fn run(context: &Context) -> Result<(), Error> {
    let count = count(context)?;
    for skip in &count.skipped {
        println!("non exécuté : {} — {}", skip.name, skip.reason);
    }
    if count.failed == 0 {
        Ok(())
    } else {
        Err(Error::ChecksFailed)
    }
}

/// Runs every lint as one check each.
///
/// # Errors
/// When a lint cannot run at all.
pub(super) fn count(context: &Context) -> Result<Count, Error> {
    system::ensure(context, system::BUILD)?;
    ensure_components()?;
    let mut count = Count::default();
    count += check(
        context,
        "Format (rustfmt)",
        Job::cargo().args(["fmt", "--all", "--check", "--", "--color", "never"]),
    )?;
    count += check(
        context,
        "Format de xtask/bind (rustfmt)",
        Job::cargo()
            .args(["fmt", "--check", "--manifest-path"])
            .arg(context.path("xtask/bind/Cargo.toml")),
    )?;
    count += check(
        context,
        "clippy",
        clippy(Job::cargo(), &["--workspace", "--all-targets"]),
    )?;
    let toolchain = wasm_toolchain::ensure(context)?;
    wasm_toolchain::ensure_clippy(context, toolchain)?;
    // In the profile of the modules: what their compiler's settings rebuild is not the native build.
    let browser = [
        "--package",
        "visualizer",
        "--target",
        TARGET,
        "--profile",
        PROFILE,
    ];
    count += check(
        context,
        "clippy pour wasm",
        clippy(toolchain.cargo(), &browser),
    )?;
    count += scripts(context)?;
    count += spelling::count(context)?;
    Ok(count)
}

/// A minimal install of Rust has neither.
fn ensure_components() -> Result<(), Error> {
    for component in ["fmt", "clippy"] {
        if Job::cargo()
            .args([component, "--version"])
            .query()
            .is_none()
        {
            return Err(Error::Missing {
                what: format!("« cargo {component} »"),
                remedy: "Tapez : rustup component add rustfmt clippy".to_owned(),
            });
        }
    }
    Ok(())
}

fn clippy(cargo: Job, what: &[&str]) -> Job {
    cargo
        .args(["clippy", "--locked"])
        .args(what)
        .args(["--", "--deny", "warnings"])
}

/// Runs a job that finds nothing or fails, as one check.
///
/// # Errors
/// When it cannot run at all.
pub(super) fn check(context: &Context, label: &str, job: Job) -> Result<Count, Error> {
    match context.run(label, job) {
        Ok(_) => Ok(Count::check(true)),
        Err(error @ Error::Failed { .. }) => {
            context.console.say(&error.to_string());
            Ok(Count::check(false))
        }
        Err(error) => Err(error),
    }
}

/// Node reads each script as a module, without running it.
fn scripts(context: &Context) -> Result<Count, Error> {
    let mut files = files_under(&context.path("site/assets"))?;
    files.extend(files_under(&context.path("xtask/browser"))?);
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "js" || extension == "mjs")
    });
    let good = context
        .console
        .step("Syntaxe des scripts (node --check)", |step| {
            let mut good = true;
            for file in &files {
                if let Some(message) = syntax_error(file)? {
                    step.console()
                        .say(&format!("{} :\n{message}", file.display()));
                    good = false;
                }
            }
            step.result(format!("{} fichiers", files.len()));
            Ok(good)
        })?;
    Ok(Count::check(good))
}

fn syntax_error(file: &Path) -> Result<Option<String>, Error> {
    let source = File::open(file).map_err(Error::file("lire", file))?;
    Job::new("node")
        .args(["--check", "--input-type=module"])
        .input(source)
        .complaint()
}

/// The size of a file, in bytes.
///
/// # Errors
/// When it cannot be read.
pub(super) fn size(path: &Path) -> Result<u64, Error> {
    fs::metadata(path)
        .map(|meta| meta.len())
        .map_err(Error::file("lire", path))
}

//! The compiler for the browser's half.
//!
//! 1. Debian's compiler is there (3), or the active toolchain has the target: nothing to do.
//! 2. rustup can add it: done, with a time limit, since some networks swallow the download without a word.
//! 3. Debian carries a matching compiler with the standard library's source, and the target's library is built from
//!    source. Those compilers are stable ones: `RUSTC_BOOTSTRAP` opens the unstable options that this takes, and with them
//!    a panic that says nothing, which the page could not show anyway and which makes modules a twentieth smaller.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::program::{find_program, is_program};
use crate::progress::Step;
use crate::setup::system;

/// The target of browsers.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's compiler, its standard library's source and the linker it calls.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/// What makes modules smaller where the standard library is built from source. With unstable options the compiler no
/// longer finds the linker by itself.
const SMALL: &str = "-Zlocation-detail=none -Zunstable-options -Cpanic=immediate-abort \
     -Clinker=/usr/bin/lld-22 -Clinker-flavor=wasm-lld";
/// Debian's clippy for that compiler.
const CLIPPY: [&str; 1] = ["rust-web-clippy"];
/// The oldest compiler that Debian may have: the workspace's own minimum, 1.89.
const OLDEST: u32 = 89;
/// What a download of 20 MB may take on a slow line.
const RUSTUP_LIMIT: Duration = Duration::from_secs(90);

/// A compiler that can build for the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The active toolchain.
    Active,
    /// Debian's packages.
    Debian,
}

impl WasmToolchain {
    /// Cargo, set up for the browser's target.
    pub(crate) fn cargo(self) -> Job {
        let job = match self {
            Self::Active => Job::cargo(),
            Self::Debian => Job::new("/usr/bin/cargo"),
        };
        self.environment()
            .into_iter()
            .fold(job.without_env("LD_LIBRARY_PATH"), |job, (name, value)| {
                job.env(name, value)
            })
    }

    /// What must be in the environment of whoever calls Cargo for the browser's target.
    pub(crate) fn environment(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Active => Vec::new(),
            Self::Debian => vec![
                (
                    "PATH",
                    format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()),
                ),
                ("RUSTC", "/usr/bin/rustc".into()),
                ("CARGO", "/usr/bin/cargo".into()),
                ("RUSTC_BOOTSTRAP", "1".into()),
                ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
                (
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                    SMALL.into(),
                ),
            ],
        }
    }

    /// The compiler's full version, part of what a build depends on.
    pub(crate) fn version(self) -> String {
        let rustc = match self {
            Self::Active => Job::new("rustc"),
            Self::Debian => Job::new("/usr/bin/rustc"),
        };
        rustc.arg("-vV").query().unwrap_or_default()
    }
}

/// Finds a compiler for the browser's target, or installs one.
///
/// # Errors
/// When none of the ways is open: the message names both commands.
pub(crate) fn ensure(context: &Context) -> Result<WasmToolchain, Error> {
    // Where both are, the one whose modules are smaller.
    if debian_is_ready() {
        return Ok(WasmToolchain::Debian);
    }
    if active_has_target() {
        return Ok(WasmToolchain::Active);
    }
    context
        .console
        .step("Compilateur pour le navigateur (wasm)", |step| {
            install(context, step)
        })
}

/// Installs what lints the browser's half, where it does not come with the compiler.
///
/// # Errors
/// When apt fails or is not to be had.
pub(crate) fn ensure_clippy(context: &Context, toolchain: WasmToolchain) -> Result<(), Error> {
    if toolchain == WasmToolchain::Active || is_program(Path::new("/usr/bin/cargo-clippy")) {
        return Ok(());
    }
    if !system::may_install() {
        return Err(Error::Missing {
            what: "clippy pour wasm".into(),
            remedy: system::remedy(&CLIPPY),
        });
    }
    context
        .console
        .step("clippy pour wasm (paquet Debian)", |step| {
            system::install(context, step, &CLIPPY)
        })
}

fn install(context: &Context, step: &Step<'_>) -> Result<WasmToolchain, Error> {
    if find_program("rustup").is_some() {
        step.note("rustup target add");
        let rustup = Job::new("rustup")
            .args(["target", "add", TARGET])
            .dir(&context.workspace.root)
            .limit(RUSTUP_LIMIT);
        match rustup.run(step, "rustup target add", &context.workspace.log("rustup")) {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Ok(_) if active_has_target() => {
                step.result("cible ajoutée par rustup");
                return Ok(WasmToolchain::Active);
            }
            _ => step
                .console()
                .say("  rustup n'a pas pu télécharger la cible ; essai avec les paquets Debian"),
        }
    }
    if system::may_install() {
        system::install(context, step, &PACKAGES)?;
        if debian_is_ready() {
            step.result("paquets Debian");
            return Ok(WasmToolchain::Debian);
        }
    }
    Err(Error::Missing {
        what: format!("la cible de compilation {TARGET}"),
        remedy: format!(
            "Tapez : rustup target add {TARGET}\n    Sans rustup :\n    {}",
            system::remedy(&PACKAGES)
        ),
    })
}

/// Does the active toolchain have the target's standard library?
fn active_has_target() -> bool {
    let folder = Job::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .query();
    folder.is_some_and(|folder| {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        files
            .into_iter()
            .any(|file| file.file_name().as_encoded_bytes().starts_with(b"libcore-"))
    })
}

/// Are Debian's compiler, its library's source and the linker there?
fn debian_is_ready() -> bool {
    let Some(sysroot) = Job::new("/usr/bin/rustc")
        .args(["--print", "sysroot"])
        .query()
    else {
        return false;
    };
    let source = PathBuf::from(sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    let version = Job::new("/usr/bin/rustc").arg("--version").query();
    if version
        .as_deref()
        .and_then(minor)
        .is_none_or(|minor| minor < OLDEST)
    {
        return false;
    }
    let programs = ["/usr/bin/cargo", "/usr/bin/lld-22"]
        .iter()
        .all(|path| is_program(Path::new(path)));
    programs && source.exists()
}

/// The minor version in `rustc 1.96.0 (…)`.
fn minor(version: &str) -> Option<u32> {
    version
        .strip_prefix("rustc 1.")?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_s_version_is_read() {
        assert_eq!(
            minor("rustc 1.96.0 (ac68faa20 2026-05-01) (built from a source tarball)"),
            Some(96)
        );
        assert_eq!(minor("rustc 2.0.0"), None);
    }
}

//! The compiler for the browser's half.
//!
//! The size of a module must not depend on the machine, so that the standard library is built from its source wherever
//! that can be had, with the same flags:
//!
//! 1. the active toolchain has the source, or rustup can add it (with a time limit, since some networks swallow the
//!    download without a word);
//! 2. else Debian carries a compiler with its standard library's source and a linker;
//! 3. as the last resort, the target's ready-made library, whose modules are larger by a sixth.
//!
//! Those compilers are stable ones: `RUSTC_BOOTSTRAP` opens the unstable options that this takes, and with them a panic
//! that says nothing, which the page could not show anyway.

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
/// The standard library's source, as rustup calls it.
const SOURCE: &str = "rust-src";
/// Debian's compiler, its standard library's source and the linker it calls.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/// What makes modules smaller where the standard library is built from source: no place in a panic, no text of `{:?}`
/// (which no reader sees), and what is called once is not copied before the linker knows.
const SMALL: &str = "-Zlocation-detail=none -Zfmt-debug=none -Zinline-mir=no -Zunstable-options";
/// With unstable options Debian's compiler no longer finds the linker by itself.
const DEBIAN_LINKER: &str = "-Clinker=/usr/bin/lld-22 -Clinker-flavor=wasm-lld";
/// The first compiler whose flag makes a panic stop at once; before it, that was a feature of the standard library.
const IMMEDIATE_ABORT: u32 = 91;
/// Debian's clippy for that compiler.
const CLIPPY: [&str; 1] = ["rust-web-clippy"];
/// The oldest compiler that may build: the workspace's own minimum, 1.89.
const OLDEST: u32 = 89;
/// What a download of 20 MB may take on a slow line.
const RUSTUP_LIMIT: Duration = Duration::from_secs(90);

/// A compiler that can build for the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The active toolchain, and its standard library's source.
    Active,
    /// Debian's packages, the standard library's source among them.
    Debian,
    /// The active toolchain and its ready-made library, without what needs the source.
    ReadyMade,
}

impl WasmToolchain {
    /// Cargo, set up for the browser's target.
    pub(crate) fn cargo(self) -> Job {
        let job = match self {
            Self::Active | Self::ReadyMade => Job::cargo(),
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
            Self::Active => from_source(self.minor(), ""),
            Self::Debian => {
                let path = std::env::var("PATH").unwrap_or_default();
                let mut all = vec![
                    ("PATH", format!("/usr/bin:{path}")),
                    ("RUSTC", "/usr/bin/rustc".into()),
                    ("CARGO", "/usr/bin/cargo".into()),
                ];
                all.extend(from_source(self.minor(), DEBIAN_LINKER));
                all
            }
            Self::ReadyMade => Vec::new(),
        }
    }

    fn rustc(self) -> Job {
        match self {
            Self::Active | Self::ReadyMade => Job::new("rustc"),
            Self::Debian => Job::new("/usr/bin/rustc"),
        }
    }

    /// The compiler's minor version; nothing where there is none, or another major one.
    fn minor(self) -> Option<u32> {
        minor(&self.rustc().arg("--version").query()?)
    }

    /// The standard library's source, if it is there and the compiler is not too old for it.
    fn source(self) -> Option<PathBuf> {
        let sysroot = PathBuf::from(self.rustc().args(["--print", "sysroot"]).query()?);
        let source = sysroot.join("lib/rustlib/src/rust/library");
        let known = self.minor().is_some_and(|minor| minor >= OLDEST);
        (known && source.join("std/Cargo.toml").exists()).then_some(source)
    }

    /// The compiler's full version and how it is called: part of what a build depends on.
    pub(crate) fn version(self) -> String {
        let version = self.rustc().arg("-vV").query().unwrap_or_default();
        let flags = match self {
            Self::ReadyMade => Vec::new(),
            Self::Active | Self::Debian => from_source(self.minor(), ""),
        };
        format!("{version}\n{flags:?}")
    }
}

/// Cargo's environment where it builds the standard library, with `linker`'s flags.
fn from_source(minor: Option<u32>, linker: &str) -> Vec<(&'static str, String)> {
    let by_flag = minor.is_none_or(|minor| minor >= IMMEDIATE_ABORT);
    let (flag, feature) = if by_flag {
        (" -Cpanic=immediate-abort", "")
    } else {
        ("", ",panic_immediate_abort")
    };
    let flags = format!("{SMALL}{flag} {linker}");
    vec![
        ("RUSTC_BOOTSTRAP", "1".into()),
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
        (
            "CARGO_UNSTABLE_BUILD_STD_FEATURES",
            format!("optimize_for_size{feature}"),
        ),
        (
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            flags.trim_end().to_owned(),
        ),
    ]
}

/// Finds a compiler for the browser's target, or installs one.
///
/// # Errors
/// When none of the ways is open: the message names both commands.
pub(crate) fn ensure(context: &Context) -> Result<WasmToolchain, Error> {
    if active_is_ready() {
        return Ok(WasmToolchain::Active);
    }
    if debian_is_ready() {
        return Ok(WasmToolchain::Debian);
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
    if toolchain != WasmToolchain::Debian || is_program(Path::new("/usr/bin/cargo-clippy")) {
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
    let rustup = find_program("rustup").is_some();
    if rustup && by_rustup(context, step, &["component", "add", SOURCE])? && active_is_ready() {
        step.result("source de la bibliothèque standard ajoutée par rustup");
        return Ok(WasmToolchain::Active);
    }
    if system::may_install() {
        match system::install(context, step, &PACKAGES) {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Ok(()) if debian_is_ready() => {
                step.result("paquets Debian");
                return Ok(WasmToolchain::Debian);
            }
            _ => step
                .console()
                .say("  les paquets Debian ne s'installent pas ; essai avec la cible toute faite"),
        }
    }
    if active_has_target() || (rustup && by_rustup(context, step, &["target", "add", TARGET])?) {
        step.result("cible toute faite : des modules plus lourds");
        return Ok(WasmToolchain::ReadyMade);
    }
    Err(Error::Missing {
        what: format!("de quoi compiler pour {TARGET}"),
        remedy: format!(
            "Tapez : rustup component add {SOURCE}\n    Sans rustup :\n    {}",
            system::remedy(&PACKAGES)
        ),
    })
}

/// Did rustup do it in time?
///
/// # Errors
/// When the person interrupts.
fn by_rustup(context: &Context, step: &Step<'_>, words: &[&str]) -> Result<bool, Error> {
    step.note(&format!("rustup {}", words.join(" ")));
    let job = Job::new("rustup")
        .args(words)
        .dir(&context.workspace.root)
        .limit(RUSTUP_LIMIT);
    match job.run(step, "rustup", &context.workspace.log("rustup")) {
        Ok(_) => Ok(true),
        Err(Error::Interrupted) => Err(Error::Interrupted),
        Err(_) => {
            step.console()
                .say("  rustup n'a pas pu télécharger ce qui manque ; essai d'une autre façon");
            Ok(false)
        }
    }
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

/// Has the active toolchain its library's source, and the linker that rustup puts beside the compiler? Debian's own
/// compiler has the one without the other.
fn active_is_ready() -> bool {
    WasmToolchain::Active
        .source()
        .is_some_and(|source| linker_beside(&source))
}

/// `rust-lld` among the programs of the toolchain that holds `source`.
fn linker_beside(source: &Path) -> bool {
    let rustlib = source.ancestors().nth(3).unwrap_or(source);
    let hosts = std::fs::read_dir(rustlib).into_iter().flatten().flatten();
    hosts
        .into_iter()
        .any(|host| is_program(&host.path().join("bin/rust-lld")))
}

/// Are Debian's compiler, its library's source and the linker there?
fn debian_is_ready() -> bool {
    let programs = ["/usr/bin/cargo", "/usr/bin/lld-22"]
        .iter()
        .all(|path| is_program(Path::new(path)));
    programs && WasmToolchain::Debian.source().is_some()
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
    fn an_older_compiler_stops_a_panic_by_a_feature_of_the_library() {
        let text = |minor| format!("{:?}", from_source(Some(minor), "-Clinker=lld"));
        let (old, new) = (text(90), text(91));
        assert!(old.contains("optimize_for_size,panic_immediate_abort"));
        assert!(!old.contains("-Cpanic"));
        assert!(new.contains("-Cpanic=immediate-abort -Clinker=lld"));
        assert!(!new.contains("panic_immediate_abort"));
    }

    #[test]
    fn the_linker_is_looked_for_beside_the_source() {
        let toolchain = crate::scratch::Scratch::new("wasm-linker");
        let source = toolchain.path().join("lib/rustlib/src/rust/library");
        toolchain.write("lib/rustlib/src/rust/library/std/Cargo.toml", "");
        assert!(!linker_beside(&source));
        toolchain.write("lib/rustlib/host/bin/rust-lld", "#!/bin/sh\n");
        let linker = toolchain.path().join("lib/rustlib/host/bin/rust-lld");
        let runs = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(linker, runs).unwrap();
        assert!(linker_beside(&source));
    }

    #[test]
    fn the_compiler_s_version_is_read() {
        assert_eq!(
            minor("rustc 1.96.0 (ac68faa20 2026-05-01) (built from a source tarball)"),
            Some(96)
        );
        assert_eq!(minor("rustc 2.0.0"), None);
    }
}

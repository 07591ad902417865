//! Ready-made programs from npm: wasm-opt, pagefind, a Node.js recent enough for the browser tests, and those tests'
//! libraries.

use std::fs;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::process::Job;
use crate::program::is_program;
use crate::setup::install;

/// The oldest Node.js that Playwright accepts.
const NODE_FOR_TESTS: u32 = 20;
/// What is installed where the system's is older.
const NODE_VERSION: &str = "22.23.3";
/// Written last, with the fingerprint of the lock file that was installed.
const STAMP: &str = ".installed";

/// Programs of `xtask/node/package.json`.
pub(crate) struct NodeTools {
    /// Makes a wasm module smaller.
    pub(crate) wasm_opt: PathBuf,
    /// Indexes the pages for the search.
    pub(crate) pagefind: PathBuf,
}

/// Makes sure that wasm-opt and pagefind are there.
///
/// # Errors
/// When npm fails.
pub(crate) fn ensure_tools(context: &Context) -> Result<NodeTools, Error> {
    let source = context.path("xtask/node");
    let stamp = stamp_of(&source)?;
    let valid = |folder: &Path| tools_in(folder).is_some() && installed(folder, &stamp);
    let name = format!("node-tools-{}", &stamp[..12]);
    let folder = install::folder(&context.workspace.cache, &name, valid, |folder| {
        context.console.step("wasm-opt et pagefind (npm)", |step| {
            for file in ["package.json", "package-lock.json"] {
                fs::copy(source.join(file), folder.join(file))
                    .map_err(Error::file("copier", &source))?;
            }
            // `npm ci` would refuse a lock file without the packages of other systems.
            npm("install").dir(folder).run(
                step,
                "npm install",
                &context.workspace.log("npm-tools"),
            )?;
            write_stamp(folder, &stamp)
        })
    })?;
    tools_in(&folder).ok_or_else(|| Error::Unreadable {
        path: folder,
        expected: "pagefind pour ce système".into(),
    })
}

/// Makes sure that the browser tests' libraries are beside them.
///
/// # Errors
/// When npm fails.
pub(crate) fn ensure_test_libraries(context: &Context) -> Result<(), Error> {
    let folder = context.path("xtask/browser");
    let stamp = stamp_of(&folder)?;
    let modules = folder.join("node_modules");
    if installed(&modules, &stamp) {
        return Ok(());
    }
    context
        .console
        .step("Playwright, axe-core et vnu (npm)", |step| {
            // The script of vnu's package would download a Java; the tests have one.
            npm("ci").arg("--ignore-scripts").dir(&folder).run(
                step,
                "npm ci",
                &context.workspace.log("npm-tests"),
            )?;
            write_stamp(&modules, &stamp)
        })
}

/// A Node.js recent enough for the browser tests: the system's, or npm's.
///
/// # Errors
/// When npm fails.
pub(crate) fn ensure_node(context: &Context) -> Result<PathBuf, Error> {
    if let Some(program) = crate::program::find_program("node") {
        let version = Job::new(&program).arg("--version").query();
        if version
            .as_deref()
            .and_then(major)
            .is_some_and(|major| major >= NODE_FOR_TESTS)
        {
            return Ok(program);
        }
    }
    let package = format!(
        "node-{}-{}",
        node_name(std::env::consts::OS),
        node_name(std::env::consts::ARCH)
    );
    let program = PathBuf::from("node_modules")
        .join(&package)
        .join("bin/node");
    let name = format!("node-{NODE_VERSION}");
    let valid = |folder: &Path| {
        Job::new(folder.join(&program))
            .arg("--version")
            .query()
            .is_some()
    };
    let folder = install::folder(&context.workspace.cache, &name, valid, |folder| {
        context.console.step(
            &format!("Node.js {NODE_VERSION} pour les tests (npm)"),
            |step| {
                fs::write(folder.join("package.json"), "{}")
                    .map_err(Error::file("écrire", folder))?;
                let exact = format!("{package}@{NODE_VERSION}");
                npm("install")
                    .arg(exact)
                    .dir(folder)
                    .run(step, "npm install", &context.workspace.log("npm-node"))
                    .map(drop)
            },
        )
    })?;
    Ok(folder.join(program))
}

fn npm(verb: &str) -> Job {
    Job::new("npm").args([
        verb,
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
    ])
}

/// npm's word for what Rust calls `x86_64` and so on.
fn node_name(rust: &str) -> &str {
    match rust {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "macos" => "darwin",
        other => other,
    }
}

/// The major version in `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn stamp_of(source: &Path) -> Result<String, Error> {
    let mut fingerprint = Fingerprint::new();
    for file in ["package.json", "package-lock.json"] {
        fingerprint.add_path(&source.join(file))?;
    }
    Ok(fingerprint.hex())
}

fn installed(folder: &Path, stamp: &str) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|text| text == stamp)
}

fn write_stamp(folder: &Path, stamp: &str) -> Result<(), Error> {
    fs::write(folder.join(STAMP), stamp).map_err(Error::file("écrire", folder))
}

fn tools_in(folder: &Path) -> Option<NodeTools> {
    let modules = folder.join("node_modules");
    let wasm_opt = modules.join("binaryen/bin/wasm-opt");
    let platforms = fs::read_dir(modules.join("@pagefind")).ok()?.flatten();
    let pagefind = platforms
        .map(|platform| platform.path().join("bin/pagefind_extended"))
        .find(|file| is_program(file))?;
    wasm_opt
        .exists()
        .then_some(NodeTools { wasm_opt, pagefind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v9.1.0"), Some(9));
        assert_eq!(major("20"), None);
    }

    #[test]
    fn names_of_systems_are_npm_s() {
        assert_eq!(node_name("x86_64"), "x64");
        assert_eq!(node_name("linux"), "linux");
    }

    #[test]
    fn an_install_of_another_lock_file_is_not_this_one() {
        let scratch = Scratch::new("node-stamp");
        write_stamp(scratch.path(), "abc").unwrap();
        assert!(installed(scratch.path(), "abc"));
        assert!(!installed(scratch.path(), "abd"));
    }
}

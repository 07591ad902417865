//! Tools compiled from crates.io, or from a folder of this repository, each version in a folder of its own.
//!
//! They run for seconds and compile for minutes: a little optimisation and no debug information halves the wait.
//! The build folder survives an interruption, so that the next try goes on where the last one stopped.

use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::setup::install;

/// A tool that Cargo compiles.
pub(crate) struct CargoTool {
    /// Its package.
    pub(crate) package: &'static str,
    /// Where its source is; crates.io if `None`.
    pub(crate) source: Option<PathBuf>,
    /// The program.
    pub(crate) program: &'static str,
    /// The exact version; of a tool of this repository, the fingerprint of its source.
    pub(crate) version: String,
    /// More arguments for `cargo install`.
    pub(crate) options: &'static [&'static str],
}

impl CargoTool {
    /// Makes sure that the tool is there, and returns the program's path.
    ///
    /// # Errors
    /// When it does not compile, or cannot be downloaded.
    pub(crate) fn ensure(&self, context: &Context) -> Result<PathBuf, Error> {
        let cache = &context.workspace.cache;
        let name = format!("{}-{}", self.package, self.version);
        let valid = |folder: &Path| self.is_valid(folder);
        let folder = install::folder(cache, &name, valid, |folder| {
            let version = match self.source {
                Some(_) => String::new(),
                None => format!(" {}", self.version),
            };
            let label = format!(
                "{}{version} (compilation, une fois pour toutes)",
                self.package
            );
            let build = cache.join(format!("build-{name}"));
            let log = context.workspace.log(self.package);
            context.console.step(&label, |step| {
                self.job(cache, folder, &build).run(step, &label, &log)
            })?;
            install::remove(&build)
        })?;
        Ok(folder.join("bin").join(self.program))
    }

    fn job(&self, cache: &Path, folder: &Path, build: &Path) -> Job {
        let job = Job::cargo().dir(cache).arg("install");
        let job = match &self.source {
            Some(source) => job.arg("--path").arg(source),
            None => job.args([self.package, "--version", &format!("={}", self.version)]),
        };
        job.args(["--bin", self.program])
            .args([
                "--debug",
                "--config",
                "profile.dev.opt-level=1",
                "--config",
                "profile.dev.debug=false",
            ])
            .args(self.options)
            .arg("--root")
            .arg(folder)
            .arg("--target-dir")
            .arg(build)
            .without_env("CARGO_TARGET_DIR")
            .without_env("RUSTFLAGS")
    }

    /// Its own word counts, not the folder's name; of a tool of this repository, that it speaks at all.
    fn is_valid(&self, folder: &Path) -> bool {
        let program = folder.join("bin").join(self.program);
        let said = program
            .exists()
            .then(|| Job::new(program).arg("--version").query())
            .flatten();
        said.is_some_and(|said| {
            self.source.is_some() || said.split_whitespace().any(|word| word == self.version)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_tool_of_another_version_or_broken_is_not_valid() {
        let scratch = Scratch::new("cargo-tool");
        let tool = |version: &str| CargoTool {
            package: "tool",
            source: None,
            program: "tool",
            version: version.into(),
            options: &[],
        };
        assert!(!tool("1.2.3").is_valid(scratch.path()));
        scratch.write("bin/tool", "#!/bin/sh\necho tool 1.2.3\n");
        let program = scratch.path().join("bin/tool");
        assert!(!tool("1.2.3").is_valid(scratch.path()), "not executable");
        std::fs::set_permissions(program, PermissionsExt::from_mode(0o755)).unwrap();
        assert!(tool("1.2.3").is_valid(scratch.path()));
        assert!(!tool("1.2.30").is_valid(scratch.path()));
    }
}

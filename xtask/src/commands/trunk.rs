//! `trunk`: Trunk, in the environment it needs.
//!
//! Trunk calls Cargo, wasm-bindgen and wasm-opt itself, and must find this workspace's versions in the `PATH`. Where the
//! browser's target takes another compiler or the standard library's source, a small script of Cargo's name comes first and
//! sets that up for this target only: the hook's own builds go on with the ordinary one.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::program::find_program;
use crate::service::Service;
use crate::setup::wasm_toolchain::{TARGET, WasmToolchain};
use crate::setup::{self, node_package, system};

/// Runs Trunk until it ends.
///
/// # Errors
/// When something cannot be installed or built, or Trunk fails.
pub(super) fn run(context: &Context, args: Vec<OsString>) -> Result<(), Error> {
    let status = Service::start(job(context)?.args(args))?.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::ChecksFailed)
    }
}

/// Trunk with its environment, everything it needs installed.
///
/// # Errors
/// When something cannot be installed.
pub(super) fn job(context: &Context) -> Result<Job, Error> {
    system::ensure(context, system::BUILD)?;
    let node = node_package::ensure_tools(context)?;
    let tools = setup::wasm_tools(context, &node)?;
    let bindgen = setup::wasm_bindgen(context)?;
    let trunk = setup::trunk(context)?;
    let mut folders = Vec::new();
    if tools.toolchain != WasmToolchain::ReadyMade {
        folders.push(write_shim(context, tools.toolchain)?);
    }
    folders.extend(
        [&bindgen, &tools.wasm_opt]
            .into_iter()
            .filter_map(|tool| Some(tool.parent()?.to_path_buf())),
    );
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let path = std::env::join_paths(folders).map_err(|_| Error::Missing {
        what: "un dossier d'outils dont le nom soit sans deux-points".to_owned(),
        remedy: "Définissez XDG_CACHE_HOME autrement.".to_owned(),
    })?;
    let job = Job::new(trunk)
        .dir(&context.workspace.root)
        .without_env("LD_LIBRARY_PATH");
    // Everything is here: Trunk need not look for newer versions, nor download its own.
    Ok(job
        .env("PATH", path)
        .env("TRUNK_OFFLINE", "true")
        .env("TRUNK_SKIP_VERSION_CHECK", "true"))
}

/// Writes the script, and returns its folder.
fn write_shim(context: &Context, toolchain: WasmToolchain) -> Result<PathBuf, Error> {
    let folder = context.workspace.target.join("xtask/shim");
    fs::create_dir_all(&folder).map_err(Error::file("créer", &folder))?;
    let file = folder.join("cargo");
    let ordinary = find_program("cargo").unwrap_or_else(|| PathBuf::from("/usr/bin/cargo"));
    let special = match toolchain {
        WasmToolchain::Debian => Path::new("/usr/bin/cargo"),
        WasmToolchain::Active | WasmToolchain::ReadyMade => &ordinary,
    };
    fs::write(&file, shim(&toolchain.environment(), special, &ordinary))
        .map_err(Error::file("écrire", &file))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755))
        .map_err(Error::file("rendre exécutable", &file))?;
    Ok(folder)
}

fn shim(environment: &[(&str, String)], special: &Path, ordinary: &Path) -> String {
    let words: Vec<String> = environment
        .iter()
        .map(|(name, value)| format!("{name}={}", quoted(value)))
        .collect();
    let set = words.join(" ");
    let special = quoted(&special.to_string_lossy());
    let ordinary = quoted(&ordinary.to_string_lossy());
    format!(
        "#!/bin/sh\n\
         case \" $* \" in\n\
         *\" --target {TARGET} \"* | *\" --target={TARGET} \"*) exec env {set} {special} \"$@\" ;;\n\
         *) exec {ordinary} \"$@\" ;;\n\
         esac\n"
    )
}

/// A word that the shell takes as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_browser_s_target_turns_to_the_other_compiler() {
        let folder = crate::scratch::Scratch::new("trunk-shim");
        folder.write("ordinary", "#!/bin/sh\necho ordinary \"$@\"\n");
        let ordinary = folder.path().join("ordinary");
        fs::set_permissions(&ordinary, fs::Permissions::from_mode(0o755)).unwrap();
        let environment = [("KIND", "special".to_owned())];
        folder.write("special", "#!/bin/sh\necho $KIND \"$@\"\n");
        let special = folder.path().join("special");
        fs::set_permissions(&special, fs::Permissions::from_mode(0o755)).unwrap();
        folder.write("shim", &shim(&environment, &special, &ordinary));
        let run = |args: &[&str]| {
            Job::new("sh")
                .arg(folder.path().join("shim"))
                .args(args)
                .query()
        };
        assert_eq!(
            run(&["build", "--release"]).as_deref(),
            Some("ordinary build --release")
        );
        assert_eq!(
            run(&["build", "--target", TARGET]).as_deref(),
            Some("special build --target wasm32-unknown-unknown")
        );
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(quoted("/l'été"), r"'/l'\''été'");
    }
}

//! `hook`: called by Trunk after it has built the wasm module, to put the course around it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::course::{self, Pages};
use crate::error::Error;
use crate::setup::{install, node_package};

/// Replaces Trunk's staging folder by the course, with the module that was in it.
///
/// # Errors
/// When not called by Trunk, or the generator fails.
pub(super) fn run(context: &Context) -> Result<(), Error> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or_else(|| Error::Missing {
        what: "la variable TRUNK_STAGING_DIR".to_owned(),
        remedy: "Cette commande est appelée par Trunk ; tapez plutôt « cargo xtask trunk -- serve ».".to_owned(),
    })?;
    let node = node_package::ensure_tools(context)?;
    course::binaries(context, &["site"])?;
    let work = context.workspace.target.join("xtask/hook");
    let visualizer = work.join("visualizer");
    install::remove(&work)?;
    copy_files(&staging, &visualizer, |name| name.starts_with("visualizer"))?;
    let out = work.join("site");
    let pages = Pages {
        offline: false,
        ..Pages::new(&out, &visualizer)
    };
    course::pages(context, &node, &pages)?;
    install::remove(&staging)?;
    copy_tree(&out, &staging)
}

/// The files of a folder whose names are wanted, without its folders.
fn copy_files(from: &Path, to: &Path, wanted: fn(&str) -> bool) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::file("créer", to))?;
    for entry in fs::read_dir(from).map_err(Error::file("lister", from))? {
        let entry = entry.map_err(Error::file("lister", from))?.path();
        if let Some(name) = entry
            .file_name()
            .filter(|name| entry.is_file() && wanted(&name.to_string_lossy()))
        {
            fs::copy(&entry, to.join(name)).map_err(Error::file("copier", &entry))?;
        }
    }
    Ok(())
}

/// A folder and all that is in it.
fn copy_tree(from: &Path, to: &Path) -> Result<(), Error> {
    copy_files(from, to, |_| true)?;
    for entry in fs::read_dir(from).map_err(Error::file("lister", from))? {
        let entry = entry.map_err(Error::file("lister", from))?.path();
        if let Some(name) = entry.file_name().filter(|_| entry.is_dir()) {
            copy_tree(&entry, &to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_tree_is_copied_whole_and_wanted_files_alone() {
        let scratch = Scratch::new("hook-copy");
        scratch.write("from/a", "a");
        scratch.write("from/b/c", "c");
        scratch.write("from/index.html", "");
        let (from, all, top) = (
            scratch.path().join("from"),
            scratch.path().join("all"),
            scratch.path().join("top"),
        );
        copy_tree(&from, &all).unwrap();
        copy_files(&from, &top, |name| name == "a").unwrap();
        assert_eq!(fs::read_to_string(all.join("b/c")).unwrap(), "c");
        assert_eq!(fs::read_dir(&top).unwrap().count(), 1);
        assert!(top.join("a").exists());
    }
}

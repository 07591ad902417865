//! Where things are: the repository, its build folder, and the person's tool cache.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The folders every command works with.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Cargo's build folder.
    pub(crate) target: PathBuf,
    /// Tools, shared by all clones of the same person.
    pub(crate) cache: PathBuf,
}

impl Workspace {
    /// Finds the folders from the environment that Cargo gives.
    ///
    /// # Errors
    /// When neither `XDG_CACHE_HOME` nor `HOME` is set.
    pub(crate) fn find() -> Result<Self, Error> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .map_or(manifest.clone(), Path::to_path_buf);
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        let cache = cache_home(
            env::var_os("XDG_CACHE_HOME").map(PathBuf::from),
            env::var_os("HOME").map(PathBuf::from),
        )
        .ok_or_else(|| Error::Missing {
            what: "un dossier personnel où ranger les outils".into(),
            remedy: "Définissez la variable HOME ou XDG_CACHE_HOME.".into(),
        })?;
        Ok(Self {
            root,
            target,
            cache,
        })
    }

    /// A release binary of the workspace.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }

    /// The visualizer, ready for the browser.
    pub(crate) fn visualizer(&self) -> PathBuf {
        self.target.join("visualizer")
    }

    /// The site, as it is served.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Where a step's output is kept.
    pub(crate) fn log(&self, step: &str) -> PathBuf {
        let name: String = step
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        self.target.join("xtask").join(format!("{name}.log"))
    }
}

/// The cache folder by the XDG rules: a relative `XDG_CACHE_HOME` is ignored.
fn cache_home(xdg: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    xdg.filter(|path| path.is_absolute())
        .or_else(|| home.map(|home| home.join(".cache")))
        .map(|base| base.join("formation-kafka"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_follows_the_xdg_rules() {
        let home = || Some(PathBuf::from("/home/ada"));
        assert_eq!(
            cache_home(None, home()),
            Some("/home/ada/.cache/formation-kafka".into())
        );
        assert_eq!(
            cache_home(Some("/var/c".into()), home()),
            Some("/var/c/formation-kafka".into())
        );
        assert_eq!(
            cache_home(Some("relative".into()), home()),
            Some("/home/ada/.cache/formation-kafka".into())
        );
        assert_eq!(cache_home(None, None), None);
    }
}

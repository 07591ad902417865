//! Installs into a versioned folder, all or nothing: the work is done beside it and renamed at the end, so that an
//! interrupted install leaves no half of a tool behind. A folder that does not pass its check is made anew.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The folder `cache/name`, valid: as it is, or installed by `install` into the folder it is given.
///
/// # Errors
/// When the install fails, or what it made does not pass the check.
pub(crate) fn folder(
    cache: &Path,
    name: &str,
    valid: impl Fn(&Path) -> bool,
    install: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<PathBuf, Error> {
    let place = cache.join(name);
    if valid(&place) {
        return Ok(place);
    }
    let work = cache.join(format!(".{name}.{}", std::process::id()));
    remove(&work)?;
    fs::create_dir_all(&work).map_err(Error::file("créer", &work))?;
    let outcome = install(&work).and_then(|()| {
        if valid(&work) {
            replace(&work, &place)
        } else {
            Err(Error::Unreadable {
                path: work.clone(),
                expected: format!("l'outil « {name} » en état de marche"),
            })
        }
    });
    if outcome.is_err() {
        remove(&work)?;
    }
    outcome.map(|()| place)
}

/// Puts `new` in the place of `old`, which may exist.
///
/// # Errors
/// When a folder cannot be moved or removed.
pub(crate) fn replace(new: &Path, old: &Path) -> Result<(), Error> {
    remove(old)?;
    fs::rename(new, old).map_err(Error::file("mettre en place", old))
}

/// Removes a folder if it is there.
///
/// # Errors
/// When it is there and cannot be removed.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("supprimer", path)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn valid(folder: &Path) -> bool {
        fs::read_to_string(folder.join("tool")).is_ok_and(|text| text == "whole")
    }

    fn write(text: &'static str) -> impl FnOnce(&Path) -> Result<(), Error> {
        move |folder| fs::write(folder.join("tool"), text).map_err(Error::file("écrire", folder))
    }

    #[test]
    fn a_valid_install_is_kept() {
        let cache = Scratch::new("install-kept");
        folder(cache.path(), "tool-1", valid, write("whole")).unwrap();
        let again = folder(cache.path(), "tool-1", valid, |_| panic!("installed twice"));
        assert_eq!(again.unwrap(), cache.path().join("tool-1"));
    }

    #[test]
    fn a_partial_install_is_made_anew() {
        let cache = Scratch::new("install-partial");
        cache.write("tool-1/tool", "who");
        folder(cache.path(), "tool-1", valid, write("whole")).unwrap();
        assert!(valid(&cache.path().join("tool-1")));
    }

    #[test]
    fn a_failed_install_leaves_nothing() {
        let cache = Scratch::new("install-failed");
        assert!(folder(cache.path(), "tool-1", valid, write("who")).is_err());
        assert!(folder(cache.path(), "tool-1", valid, |_| Err(Error::ChecksFailed)).is_err());
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 0);
    }
}

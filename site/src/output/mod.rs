//! The site's folder: written beside the old one, then put in its place in one step.
//!
//! Readers never see half a site, and whatever fails on the way leaves the old site as it was.

pub mod compress;
pub mod search;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use zip::result::ZipError;

/// Something on disk, or a tool, failed.
#[derive(Debug)]
pub enum OutputError {
    /// A file or folder cannot be read or written.
    Disk {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Pagefind cannot be started or failed.
    Search {
        /// The program.
        program: PathBuf,
        /// What it said.
        reason: String,
    },
    /// A lab's archive cannot be made.
    Archive {
        /// The lab.
        lab: String,
        /// Why.
        source: ZipError,
    },
    /// The folder to replace is not one that this program wrote.
    NotOurs {
        /// The folder.
        path: PathBuf,
    },
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk { path, source } => {
                write!(f, "impossible d'écrire « {} » : {source}", path.display())
            }
            Self::Search { program, reason } => write!(
                f,
                "l'indexation par « {} » a échoué : {reason}",
                program.display()
            ),
            Self::Archive { lab, source } => {
                write!(
                    f,
                    "l'archive du lab {lab} ne peut pas être faite : {source}"
                )
            }
            Self::NotOurs { path } => {
                write!(
                    f,
                    "« {} » existe et n'est pas un site construit par ce programme : choisissez un autre dossier",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for OutputError {}

/// An error about `path`.
pub(crate) fn disk(path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |source| OutputError::Disk { path, source }
}

/// A folder that will take the place of the site's; removed if it never does.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    target: PathBuf,
    swapped: bool,
}

impl Staging {
    /// Makes an empty folder beside `target`.
    ///
    /// # Errors
    /// If it cannot be made, or if `target` holds something else than a site.
    pub fn new(target: &Path) -> Result<Self, OutputError> {
        let occupied = std::fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_some());
        if occupied && !target.join("sitemap.xml").is_file() {
            return Err(OutputError::NotOurs {
                path: target.to_owned(),
            });
        }
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".staging");
        let folder = target.with_file_name(name);
        remove(&folder)?;
        std::fs::create_dir_all(&folder).map_err(disk(&folder))?;
        Ok(Self {
            folder,
            target: target.to_owned(),
            swapped: false,
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file at `path`, relative to the folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let file = self.folder.join(path);
        match std::fs::write(&file, bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let parent = file.parent().unwrap_or(&self.folder);
                std::fs::create_dir_all(parent).map_err(disk(parent))?;
                std::fs::write(&file, bytes).map_err(disk(&file))
            }
            other => other.map_err(disk(&file)),
        }
    }

    /// Moves every file of the folder into the site's, one by one, and removes from it the files in `gone`. For small changes
    /// to a site that someone is reading while it is written: each file is whole at every moment.
    ///
    /// The home page is moved last, and always: who watches it knows that there is something new.
    ///
    /// # Errors
    /// If a file cannot be moved or removed.
    pub fn merge<'a>(self, gone: impl Iterator<Item = &'a str>) -> Result<(), OutputError> {
        const LAST: &str = "index.html";
        let home = self.folder.join(LAST);
        if !home.exists() {
            let old = self.target.join(LAST);
            let bytes = std::fs::read(&old).map_err(disk(&old))?;
            self.write(LAST, &bytes)?;
        }
        move_files(&self.folder, &self.target, &|path| *path != home)?;
        for path in gone {
            let path = self.target.join(path);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(disk(&path)(error));
                }
                _ => {}
            }
        }
        let target = self.target.join(LAST);
        std::fs::rename(&home, &target).map_err(disk(&target))
    }

    /// Puts the folder in the place of the site's.
    ///
    /// # Errors
    /// If it cannot be moved there; the old site is then where it was.
    pub fn swap(mut self) -> Result<(), OutputError> {
        if self.target.exists() {
            exchange(&self.folder, &self.target)?;
            // What is now in the staging folder is the old site, which goes away with `self`.
        } else {
            std::fs::rename(&self.folder, &self.target).map_err(disk(&self.target))?;
            self.swapped = true;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.swapped {
            // Nothing to tell the person: the next build removes it before it begins.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// Swaps two folders in one step.
#[cfg(target_os = "linux")]
fn exchange(new: &Path, old: &Path) -> Result<(), OutputError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => exchange_in_steps(new, old),
        Err(error) => Err(disk(old)(error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(new: &Path, old: &Path) -> Result<(), OutputError> {
    exchange_in_steps(new, old)
}

/// Swaps two folders by three renames; puts the old one back if the second fails.
fn exchange_in_steps(new: &Path, old: &Path) -> Result<(), OutputError> {
    let mut name = old.file_name().unwrap_or_default().to_owned();
    name.push(".old");
    let aside = old.with_file_name(name);
    remove(&aside)?;
    std::fs::rename(old, &aside).map_err(disk(old))?;
    if let Err(error) = std::fs::rename(new, old) {
        std::fs::rename(&aside, old).map_err(disk(old))?;
        return Err(disk(old)(error));
    }
    std::fs::rename(&aside, new).map_err(disk(new))
}

/// Moves the files of `from` that are `wanted` to the same places in `to`.
fn move_files(
    from: &Path,
    to: &Path,
    wanted: &dyn Fn(&PathBuf) -> bool,
) -> Result<(), OutputError> {
    for entry in std::fs::read_dir(from).map_err(disk(from))? {
        let path = entry.map_err(disk(from))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            std::fs::create_dir_all(&target).map_err(disk(&target))?;
            move_files(&path, &target, wanted)?;
        } else if wanted(&path) {
            std::fs::rename(&path, &target).map_err(disk(&target))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), OutputError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk(folder)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(folder: &Path, file: &str) {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join("sitemap.xml"), "").unwrap();
        std::fs::write(folder.join(file), file).unwrap();
    }

    #[test]
    fn the_new_site_takes_the_place_of_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        let dist = dir.path().join("dist");
        site(&dist, "old.html");
        let staging = Staging::new(&dist).unwrap();
        staging.write("a/new.html", b"new").unwrap();
        assert!(
            dist.join("old.html").exists(),
            "nothing moves before the swap"
        );
        staging.swap().unwrap();
        assert!(dist.join("a/new.html").exists() && !dist.join("old.html").exists());
        assert_eq!(
            std::fs::read_dir(dir.path()).unwrap().count(),
            1,
            "nothing else is left behind"
        );
    }

    #[test]
    fn a_build_that_stops_leaves_the_old_site() {
        let dir = tempfile::tempdir().unwrap();
        let dist = dir.path().join("dist");
        site(&dist, "old.html");
        let staging = Staging::new(&dist).unwrap();
        staging.write("new.html", b"new").unwrap();
        drop(staging);
        assert!(dist.join("old.html").exists() && !dist.join("new.html").exists());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_no_site_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("travail.txt"), "").unwrap();
        assert!(matches!(
            Staging::new(dir.path()),
            Err(OutputError::NotOurs { .. })
        ));
        assert!(dir.path().join("travail.txt").exists());
    }

    #[test]
    fn small_changes_are_merged_into_the_site() {
        let dir = tempfile::tempdir().unwrap();
        let dist = dir.path().join("dist");
        site(&dist, "index.html");
        std::fs::write(dist.join("gone.html"), "").unwrap();
        std::fs::write(dist.join("kept.html"), "kept").unwrap();
        let staging = Staging::new(&dist).unwrap();
        staging.write("a/new.html", b"new").unwrap();
        staging
            .merge(["gone.html", "never-there.html"].into_iter())
            .unwrap();
        assert_eq!(
            std::fs::read_to_string(dist.join("a/new.html")).unwrap(),
            "new"
        );
        assert_eq!(
            std::fs::read_to_string(dist.join("kept.html")).unwrap(),
            "kept"
        );
        assert_eq!(
            std::fs::read_to_string(dist.join("index.html")).unwrap(),
            "index.html"
        );
        assert!(!dist.join("gone.html").exists());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn folders_are_exchanged_in_steps_where_one_step_is_not_possible() {
        let dir = tempfile::tempdir().unwrap();
        let (new, old) = (dir.path().join("new"), dir.path().join("old"));
        site(&new, "n");
        site(&old, "o");
        exchange_in_steps(&new, &old).unwrap();
        assert!(old.join("n").exists() && new.join("o").exists());
    }
}

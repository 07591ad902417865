//! Has anything changed? A hash of files' paths and contents, independent of dates, so that a fresh checkout
//! with the same contents needs no new build. 128-bit FNV-1a: no adversary here, only accidents.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// A hash in the making.
pub(crate) struct Fingerprint(u128);

impl Fingerprint {
    /// Of nothing yet.
    pub(crate) fn new() -> Self {
        Self(OFFSET)
    }

    /// Adds some bytes, with their length so that neighbours cannot be confused.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }

    /// Adds a file, or all files under a folder in the order of their names.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(crate) fn add_path(&mut self, path: &Path) -> Result<(), Error> {
        for file in files_under(path)? {
            let name = file.strip_prefix(path).unwrap_or(&file);
            self.add(name.as_os_str().as_encoded_bytes());
            self.add(&fs::read(&file).map_err(Error::file("lire", &file))?);
        }
        Ok(())
    }

    /// The hash, in hexadecimal.
    pub(crate) fn hex(&self) -> String {
        format!("{:032x}", self.0)
    }
}

/// Every file under `path` (or itself), sorted; hidden files and build folders left out.
///
/// # Errors
/// When a folder cannot be listed.
pub(crate) fn files_under(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::file("lister", path))? {
        let entry = entry.map_err(Error::file("lister", path))?;
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".")
            || name == "target"
            || name == "node_modules"
            || name == "dist"
        {
            continue;
        }
        files.extend(files_under(&entry.path())?);
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn of(path: &Path) -> String {
        let mut fingerprint = Fingerprint::new();
        fingerprint.add_path(path).unwrap();
        fingerprint.hex()
    }

    #[test]
    fn published_vectors_of_fnv_1a() {
        let raw = |text: &str| {
            text.bytes().fold(OFFSET, |hash, byte| {
                (hash ^ u128::from(byte)).wrapping_mul(PRIME)
            })
        };
        assert_eq!(raw("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(raw("foobar"), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }

    #[test]
    fn contents_and_names_count_dates_and_build_folders_do_not() {
        let folder = Scratch::new("fingerprint");
        folder.write("src/a.rs", "a");
        let first = of(folder.path());
        folder.write("src/a.rs", "a");
        folder.write("target/x", "x");
        folder.write(".hidden", "x");
        assert_eq!(of(folder.path()), first);
        folder.write("src/a.rs", "b");
        let second = of(folder.path());
        assert_ne!(second, first);
        folder.write("src/b.rs", "");
        assert_ne!(of(folder.path()), second);
    }
}

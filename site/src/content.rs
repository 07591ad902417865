//! The content folder, read whole into memory.
//!
//! Text is normalised on the way in (no byte order mark, `\n` at line ends), so that positions mean the same on every
//! machine. Nothing is interpreted here.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::Utf8Error;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Folders that tools leave behind and that are never content.
const IGNORED_FOLDERS: [&str; 4] = ["bin", "obj", "node_modules", "target"];

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path relative to the content folder, with `/`.
    pub path: Arc<str>,
    /// Its bytes, normalised if they are text.
    pub bytes: Vec<u8>,
    /// Hash of its bytes.
    pub hash: u64,
    /// True if its bytes are UTF-8.
    pub is_text: bool,
}

impl File {
    /// The file `path`, just read.
    pub fn new(path: &str, bytes: Vec<u8>) -> Self {
        let bytes = normalise(bytes);
        let is_text = std::str::from_utf8(&bytes).is_ok();
        Self {
            path: Arc::from(path),
            hash: xxh3_64(&bytes),
            bytes,
            is_text,
        }
    }

    /// The file as text.
    ///
    /// # Errors
    /// If its bytes are not UTF-8.
    pub fn text(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(&self.bytes)
    }

    /// True if the file must be UTF-8 text whatever refers to it.
    pub fn is_source(&self) -> bool {
        has_extension(&self.path, "md") || has_extension(&self.path, "toml")
    }
}

/// True if `path` ends in `.extension`, in any case.
pub fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// All files of the content folder, by path.
#[derive(Clone, Debug, Default)]
pub struct Content {
    root: PathBuf,
    files: BTreeMap<Arc<str>, File>,
}

/// The content folder, or a file in it, cannot be read.
#[derive(Debug)]
pub struct LoadError {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "impossible de lire « {} » : {}",
            self.path.display(),
            self.source
        )
    }
}

impl std::error::Error for LoadError {}

impl Content {
    /// Reads the folder `root`.
    ///
    /// # Errors
    /// If the folder or one of its files cannot be read.
    pub fn load(root: &Path) -> Result<Self, LoadError> {
        let mut content = Self {
            root: root.to_owned(),
            files: BTreeMap::new(),
        };
        content.load_folder(root, "")?;
        Ok(content)
    }

    /// Content held in memory, for tests and generated corpora.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut content = Self::default();
        for (path, bytes) in files {
            content.insert(path, bytes.to_vec());
        }
        content
    }

    /// The folder it was read from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file at `path`, relative to the folder.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// True if `path` is a folder that holds files.
    pub fn has_folder(&self, path: &str) -> bool {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        self.files
            .range(Arc::from(prefix.as_str())..)
            .next()
            .is_some_and(|(found, _)| found.starts_with(&prefix))
    }

    /// All files, by path.
    pub fn files(&self) -> impl Iterator<Item = &File> + Clone {
        self.files.values()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: &str, bytes: Vec<u8>) {
        let file = File::new(path, bytes);
        self.files.insert(Arc::clone(&file.path), file);
    }

    /// Reads one file again; a file that is gone is forgotten. True if its bytes are not what they were.
    ///
    /// # Errors
    /// If the file is there but cannot be read.
    pub fn refresh(&mut self, path: &str) -> Result<bool, LoadError> {
        let disk = self.root.join(path);
        match std::fs::read(&disk) {
            Ok(bytes) => {
                let file = File::new(path, bytes);
                let changed = self.get(path).is_none_or(|old| old.hash != file.hash);
                self.files.insert(Arc::clone(&file.path), file);
                Ok(changed)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(self.files.remove(path).is_some())
            }
            Err(source) => Err(LoadError { path: disk, source }),
        }
    }

    fn load_folder(&mut self, folder: &Path, prefix: &str) -> Result<(), LoadError> {
        let fail = |path: &Path| {
            let path = path.to_owned();
            move |source| LoadError { path, source }
        };
        for entry in std::fs::read_dir(folder).map_err(fail(folder))? {
            let entry = entry.map_err(fail(folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = std::fs::metadata(entry.path()).map_err(fail(&entry.path()))?;
            if is_ignored(&name, kind.is_dir()) {
                continue;
            }
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                self.load_folder(&entry.path(), &format!("{path}/"))?;
            } else {
                let bytes = std::fs::read(entry.path()).map_err(fail(&entry.path()))?;
                self.insert(&path, bytes);
            }
        }
        Ok(())
    }
}

/// True for hidden files, editors' backups and the folders that builds leave behind.
pub fn is_ignored(name: &str, folder: bool) -> bool {
    let hidden_but_useful = [".dockerignore", ".editorconfig", ".gitignore"].contains(&name);
    (name.starts_with('.') && !hidden_but_useful)
        || name.ends_with('~')
        || (folder && IGNORED_FOLDERS.contains(&name))
}

/// Without byte order mark and carriage returns, if `bytes` are text.
fn normalise(mut bytes: Vec<u8>) -> Vec<u8> {
    let marked = bytes.starts_with(b"\xEF\xBB\xBF");
    let carriage = memchr::memchr(b'\r', &bytes).is_some();
    if (marked || carriage) && std::str::from_utf8(&bytes).is_ok() {
        if marked {
            bytes.drain(..3);
        }
        if carriage {
            return String::from_utf8_lossy(&bytes)
                .replace("\r\n", "\n")
                .into_bytes();
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_byte_order_mark_are_normalised() {
        assert_eq!(normalise(b"\xEF\xBB\xBFa\r\nb\r\n".to_vec()), b"a\nb\n");
        assert_eq!(
            normalise(b"\xFF\r\n".to_vec()),
            b"\xFF\r\n",
            "bytes that are not text stay as they are"
        );
    }

    #[test]
    fn folders_are_recognised() {
        let content = Content::from_files([("labs/1.1/README.md", &b""[..]), ("labs-x.md", b"")]);
        assert!(content.has_folder("labs/1.1/"));
        assert!(content.has_folder("labs"));
        assert!(!content.has_folder("lab"));
    }
}

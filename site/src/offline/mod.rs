//! The course offline: a worker that keeps the whole site on the reader's device.
//!
//! 1. When everything else of a new site is written, [`write`] lists its files with the SHA-256 of their bytes. The list
//!    goes into the service worker (`sw.js`, from `worker.js` beside this file), so that a changed byte anywhere makes
//!    another worker, and browsers notice.
//! 2. [`NOTICE`] says how large the whole is: a page shows it before anything is kept.
//! 3. [`MANIFEST`] makes the site installable.
//!
//! A site that is not for offline reading carries [`retiring_worker`] under the same name: it undoes what an earlier site
//! at the same address set up.

use crate::content::has_extension;
use crate::course::Course;
use crate::output::{OutputError, Staging, disk};
use crate::theme::assets::{Assets, without_comments};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Path of the service worker: at the root, as it answers for what is below it only.
pub const WORKER: &str = "sw.js";
/// Path of the file that tells the size of what is kept.
pub const NOTICE: &str = "hors-ligne.json";
/// Path of the web application's manifest.
pub const MANIFEST: &str = "manifest.webmanifest";

/// Files that no reader without network misses: for robots, for other sites, and those that speak of the kept copy.
const LEFT_OUT: [&str; 4] = [WORKER, NOTICE, "sitemap.xml", "robots.txt"];

/// Folders that are not the learner's: whoever teaches has them from the network, and PDF files are kept by who wants them.
const FOLDERS_LEFT_OUT: [&str; 3] = ["formateur/", "presentation/", "pdf/"];

/// What the worker keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of each file's bytes in base64, by path below the site's root; a page by the path of its folder.
    pub files: BTreeMap<String, String>,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl Kept {
    /// All files of the site in `folder`.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn of_site(folder: &Path) -> Result<Self, OutputError> {
        let mut kept = Self::default();
        kept.add_folder(folder, "")?;
        Ok(kept)
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str) -> Result<(), OutputError> {
        for entry in std::fs::read_dir(folder).map_err(disk(folder))? {
            let entry = entry.map_err(disk(folder))?;
            let path = entry.path();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if path.is_dir() {
                self.add_folder(&path, &format!("{name}/"))?;
            } else if is_kept(&name) {
                self.add(&name, &std::fs::read(&path).map_err(disk(&path))?);
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &str, bytes: &[u8]) {
        let address = match path.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => path,
        };
        self.bytes += bytes.len() as u64;
        let hash = STANDARD.encode(Sha256::digest(bytes));
        self.files.insert(address.to_owned(), hash);
    }

    /// What tells this version of the course from every other: 16 hexadecimal digits.
    pub fn version(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(include_str!("worker.js"));
        for (path, hash) in &self.files {
            hasher.update(path);
            hasher.update(hash);
        }
        let head = hasher
            .finalize()
            .iter()
            .take(8)
            .fold(0_u64, |head, byte| head << 8 | u64::from(*byte));
        format!("{head:016x}")
    }

    /// The service worker.
    pub fn worker(&self) -> String {
        let files: Vec<_> = self.files.iter().collect();
        format!(
            "const VERSION = {};\nconst BYTES = {};\nconst FILES = {};\n{}",
            json!(self.version()),
            self.bytes,
            json!(files),
            without_comments(include_str!("worker.js"))
        )
    }
}

/// True for what is fetched from the site when it is read: compressed copies and the picture that other sites show are not.
fn is_kept(path: &str) -> bool {
    let compressed = has_extension(path, "br") || has_extension(path, "gz");
    let not_the_learners = FOLDERS_LEFT_OUT
        .iter()
        .any(|folder| path.starts_with(folder));
    !compressed
        && !not_the_learners
        && !LEFT_OUT.contains(&path)
        && !path.starts_with("assets/icons/og-")
}

/// Writes what makes the site in `staging`, otherwise whole, readable offline.
///
/// # Errors
/// If a file cannot be read or written.
pub fn write(course: &Course, assets: &Assets, staging: &Staging) -> Result<(), OutputError> {
    staging.write(MANIFEST, manifest(course, assets).as_bytes())?;
    let kept = Kept::of_site(staging.folder())?;
    let notice =
        json!({ "version": kept.version(), "bytes": kept.bytes, "files": kept.files.len() });
    staging.write(NOTICE, notice.to_string().as_bytes())?;
    staging.write(WORKER, kept.worker().as_bytes())
}

/// The worker of a site that keeps nothing.
pub fn retiring_worker() -> String {
    without_comments(include_str!("retire.js"))
}

/// The web application's manifest; addresses are relative to it. Icons that `assets` do not have are not named.
fn manifest(course: &Course, assets: &Assets) -> String {
    let icon = |path: &str, sizes: &str, purpose: &str| {
        let name = assets.names.get(path)?;
        Some(json!({ "src": name, "sizes": sizes, "type": "image/png", "purpose": purpose }))
    };
    let icons: Vec<_> = [
        icon("icons/icon-192.png", "192x192", "any"),
        icon("icons/icon-512.png", "512x512", "any"),
        icon("icons/icon-maskable-512.png", "512x512", "maskable"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let manifest = json!({
        "id": "./",
        "name": course.title,
        "short_name": "Formation Kafka",
        "description": course.description,
        "lang": "fr",
        "dir": "ltr",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": "#fbf9f4",
        "theme_color": "#fbf9f4",
        "categories": ["education"],
        "icons": icons,
        "shortcuts": [
            { "name": "Mon parcours", "url": "parcours/" },
            { "name": "Glossaire", "url": "glossaire/" },
        ],
    });
    manifest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(files: &[(&str, &str)]) -> Kept {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        Kept::of_site(folder.path()).unwrap()
    }

    const SITE: [(&str, &str); 9] = [
        ("index.html", "accueil"),
        ("jour-1/index.html", "jour"),
        ("jour-1/mon-index.html", "autre"),
        ("404.html", "?"),
        ("jour-1/index.html.br", "x"),
        ("assets/icons/og-0123.png", "x"),
        ("sitemap.xml", "x"),
        ("sw.js", "x"),
        ("pagefind/fr.pf_meta", "index"),
    ];

    #[test]
    fn everything_a_reader_asks_for_is_kept_by_its_address() {
        let kept = kept(&SITE);
        let paths: Vec<&str> = kept.files.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "",
                "404.html",
                "jour-1/",
                "jour-1/mon-index.html",
                "pagefind/fr.pf_meta"
            ]
        );
        assert_eq!(kept.bytes, 7 + 4 + 5 + 1 + 5);
        // printf jour | sha256sum | xxd -r -p | base64
        assert_eq!(
            kept.files["jour-1/"],
            "tZd7g2tEXq/v3+vl1kY3hRhv+Q148DrzhkGQ1ymVfPI="
        );
    }

    #[test]
    fn a_changed_byte_is_another_version_and_the_same_bytes_are_the_same() {
        let mut changed = SITE;
        changed[8].1 = "indey";
        assert_ne!(kept(&SITE).version(), kept(&changed).version());
        let mut unkept = SITE;
        unkept[6].1 = "y";
        assert_eq!(kept(&SITE), kept(&unkept));
        assert_eq!(kept(&SITE).worker(), kept(&unkept).worker());
    }

    #[test]
    fn the_worker_begins_with_its_constants() {
        let kept = kept(&[("index.html", "accueil")]);
        let worker = kept.worker();
        let hash = &kept.files[""];
        let expected = format!(
            "const VERSION = \"{}\";\nconst BYTES = 7;\nconst FILES = [[\"\",\"{hash}\"]];\n",
            kept.version()
        );
        assert!(worker.starts_with(&expected), "{worker}");
    }
}

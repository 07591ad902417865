//! Labs to take away: one zip archive per lab, made at build time.
//!
//! 1. A lab is a folder of `content/labs`, `labs/1.2a`. Its archive holds that folder whole (start, solution, manifests),
//!    and the files that stand beside all labs (`labs/Directory.Build.props`…), under the same paths: what is unpacked builds
//!    by itself, and several labs unpacked in one place share what they share here.
//! 2. The same files make the same bytes, on every machine: entries in the order of their paths, one fixed date, and modes
//!    that depend on the file's kind only.

use crate::content::{Content, File, has_extension};
use crate::course::file_stem;
use crate::text::slug::slug;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3Default;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Folder of the labs, in the content folder and on the site.
const FOLDER: &str = "labs/";
/// Hardest compression of deflate: made once, downloaded often.
const LEVEL: i64 = 9;

/// The archive of one lab.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Fingerprint of the files that it was made from.
    fingerprint: u64,
}

/// Archives by lab, kept from one build to the next.
#[derive(Clone, Debug, Default)]
pub struct Archives(BTreeMap<String, Archive>);

impl Archives {
    /// Makes the archives of all labs in `content`; those whose files did not change are kept.
    ///
    /// # Errors
    /// The lab whose archive cannot be written, and why: a path that is too long, more bytes than a zip can hold.
    pub fn refresh(&mut self, content: &Content) -> Result<(), (String, ZipError)> {
        let mut made = BTreeMap::new();
        for lab in labs(content) {
            let files = files_of(&lab, content);
            let fingerprint = fingerprint(&files);
            let kept = self
                .0
                .remove(&lab)
                .filter(|old| old.fingerprint == fingerprint);
            let archive = match kept {
                Some(archive) => archive,
                None => Archive {
                    bytes: zip(&files).map_err(|error| (lab.clone(), error))?.into(),
                    fingerprint,
                },
            };
            made.insert(lab, archive);
        }
        self.0 = made;
        Ok(())
    }

    /// All archives by lab.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Archive)> {
        self.0.iter().map(|(lab, archive)| (lab.as_str(), archive))
    }

    /// The lab of the page made from the file `page`, with its archive: the one that it is named after (`lab-1-2a.md` is
    /// the page of `labs/1.2a`), else the one that all the files it `includes` belong to.
    pub fn of_page<'f>(
        &self,
        page: &str,
        includes: impl Iterator<Item = &'f str>,
    ) -> Option<(&str, &Archive)> {
        let named = file_stem(page).strip_prefix("lab-");
        let find = |is: &dyn Fn(&str) -> bool| self.iter().find(|(lab, _)| is(lab));
        if let Some(found) = named.and_then(|name| find(&|lab| slug(lab) == name)) {
            return Some(found);
        }
        let labs: BTreeSet<&str> = includes.filter_map(lab_of).collect();
        let only = labs.first().filter(|_| labs.len() == 1)?;
        find(&|lab| lab == *only)
    }
}

/// Path of the archive of `lab` on the site.
pub fn path(lab: &str) -> String {
    format!("{FOLDER}lab-{lab}.zip")
}

/// The lab whose whole folder is `folder`, if it is one: `labs/1.2a` is that of `1.2a`.
pub fn lab_in(folder: &str) -> Option<&str> {
    let lab = folder.strip_prefix(FOLDER)?.trim_end_matches('/');
    (!lab.is_empty() && !lab.contains('/')).then_some(lab)
}

/// The lab that the file `path` belongs to; none if it stands beside all labs.
fn lab_of(path: &str) -> Option<&str> {
    Some(path.strip_prefix(FOLDER)?.split_once('/')?.0)
}

/// Names of the folders in the labs' folder.
fn labs(content: &Content) -> BTreeSet<String> {
    let labs = content.files().filter_map(|file| lab_of(&file.path));
    labs.map(str::to_owned).collect()
}

/// Files of `lab`, and those beside all labs, by path.
fn files_of<'c>(lab: &str, content: &'c Content) -> Vec<&'c File> {
    let belongs = |file: &&File| {
        let below = file.path.strip_prefix(FOLDER);
        below.is_some_and(|path| path.split_once('/').is_none_or(|(folder, _)| folder == lab))
    };
    content.files().filter(belongs).collect()
}

fn fingerprint(files: &[&File]) -> u64 {
    let mut hasher = Xxh3Default::new();
    for file in files {
        hasher.update(file.path.as_bytes());
        hasher.update(&file.hash.to_le_bytes());
    }
    hasher.digest()
}

/// An archive of `files`, which come in the order of their paths.
fn zip(files: &[&File]) -> Result<Vec<u8>, ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // The first instant that a zip can tell: a build's date has no place in what must not change.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default());
    for file in files {
        writer.start_file(&*file.path, options.unix_permissions(mode(file)))?;
        writer.write_all(&file.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Scripts may be run; the folder's own modes are not trusted, as they depend on who cloned it where.
fn mode(file: &File) -> u32 {
    if has_extension(&file.path, "sh") || file.bytes.starts_with(b"#!") {
        0o755
    } else {
        0o644
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use zip::ZipArchive;

    const FILES: [(&str, &[u8]); 7] = [
        ("labs/Directory.Build.props", b"<Project />"),
        ("labs/1.2a/solution/Program.cs", b"await RunAsync();"),
        ("labs/1.2a/depart/Program.cs", b"// a faire"),
        ("labs/1.2a/scripts/lancer.sh", b"echo ok"),
        ("labs/1.2a/scripts/sonde", b"#!/bin/sh"),
        ("labs/1.1/kafka.yaml", b"kind: Kafka"),
        ("jour-1/page.md", b"# Page"),
    ];

    fn made(files: &[(&str, &[u8])]) -> Archives {
        let content = Content::from_files(files.iter().copied());
        let mut archives = Archives::default();
        archives.refresh(&content).unwrap();
        archives
    }

    fn bytes(archives: &Archives, lab: &str) -> Vec<u8> {
        archives.0[lab].bytes.to_vec()
    }

    #[test]
    fn an_archive_holds_its_lab_and_what_stands_beside_all_labs() {
        let archives = made(&FILES);
        let bytes = bytes(&archives, "1.2a");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let found: Vec<(String, u32)> = (0..archive.len())
            .map(|index| {
                let entry = archive.by_index(index).unwrap();
                (
                    entry.name().unwrap().into_owned(),
                    entry.unix_mode().unwrap() & 0o777,
                )
            })
            .collect();
        let expected = [
            ("labs/1.2a/depart/Program.cs", 0o644),
            ("labs/1.2a/scripts/lancer.sh", 0o755),
            ("labs/1.2a/scripts/sonde", 0o755),
            ("labs/1.2a/solution/Program.cs", 0o644),
            ("labs/Directory.Build.props", 0o644),
        ];
        assert_eq!(found, expected.map(|(name, mode)| (name.to_owned(), mode)));
        let mut text = String::new();
        archive
            .by_name("labs/1.2a/solution/Program.cs")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "await RunAsync();");
    }

    #[test]
    fn the_same_files_make_the_same_bytes_in_whatever_order_they_were_read() {
        let mut other = FILES;
        other.reverse();
        let (first, second) = (made(&FILES), made(&other));
        for lab in ["1.1", "1.2a"] {
            assert_eq!(bytes(&first, lab), bytes(&second, lab), "{lab}");
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes(&first, "1.1"))).unwrap();
        let date = archive.by_index(0).unwrap().last_modified().unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (1980, 1, 1));
    }

    #[test]
    fn only_the_archive_of_a_changed_lab_is_made_anew() {
        let mut archives = made(&FILES);
        let before = archives.clone();
        let mut changed = FILES;
        changed[5].1 = b"kind: KafkaTopic";
        let content = Content::from_files(changed);
        archives.refresh(&content).unwrap();
        let same = |lab: &str| Arc::ptr_eq(&archives.0[lab].bytes, &before.0[lab].bytes);
        assert!(same("1.2a") && !same("1.1"));
    }

    #[test]
    fn pages_and_folders_know_their_lab() {
        let archives = made(&FILES);
        let lab = |page: &str, includes: &[&'static str]| {
            let found = archives.of_page(page, includes.iter().copied());
            found.map(|(lab, _)| lab.to_owned())
        };
        let some = |lab: &str| Some(lab.to_owned());
        assert_eq!(lab("jour-1/lab-1-2a.md", &[]), some("1.2a"));
        let (one, other) = ("labs/1.1/kafka.yaml", "labs/1.2a/depart/Program.cs");
        assert_eq!(lab("jour-1/lab-1-2a.md", &[one]), some("1.2a"));
        assert_eq!(
            lab("jour-1/demo.md", &[one, "labs/Directory.Build.props"]),
            some("1.1")
        );
        assert_eq!(lab("jour-1/demo.md", &[one, other]), None);
        assert_eq!(lab("jour-1/lab-9.md", &[]), None);
        assert_eq!(lab_in("labs/1.2a"), Some("1.2a"));
        assert_eq!(lab_in("labs/1.2a/depart"), None);
        assert_eq!(lab_in("images"), None);
    }
}

//! What a browser keeps of a site, held against the site itself.

use crate::case::Case;
use site::builder::BuildOptions;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn offline(options: &mut BuildOptions) {
    options.offline = true;
}

/// The constant `name` at the head of the worker of the site in `folder`.
fn constant(folder: &Path, name: &str) -> serde_json::Value {
    let worker = fs::read_to_string(folder.join("dist/sw.js")).unwrap();
    let prefix = format!("const {name} = ");
    let line = worker.lines().find_map(|line| line.strip_prefix(&prefix));
    serde_json::from_str(line.unwrap().trim_end_matches(';')).unwrap()
}

/// Hash by path of what the worker keeps.
fn kept(folder: &Path) -> BTreeMap<String, String> {
    let files: Vec<(String, String)> = serde_json::from_value(constant(folder, "FILES")).unwrap();
    files.into_iter().collect()
}

#[test]
fn the_list_and_the_manifest_are_those_expected() {
    let case = Case::feature("offline");
    let site = Case::built(case.content(), offline);
    let paths: Vec<String> = kept(site.path()).into_keys().collect();
    case.compares("files.txt", &(paths.join("\n") + "\n"));
    let manifest = fs::read_to_string(site.path().join("dist/manifest.webmanifest")).unwrap();
    case.compares("manifest.webmanifest", &manifest);
}

#[test]
fn every_address_of_the_list_is_a_file_and_the_sizes_add_up() {
    let case = Case::feature("offline");
    let site = Case::built(case.content(), offline);
    let size = |path: &str| {
        let file = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        };
        fs::metadata(site.path().join("dist").join(file))
            .unwrap()
            .len()
    };
    let bytes: u64 = kept(site.path()).keys().map(|path| size(path)).sum();
    assert_eq!(constant(site.path(), "BYTES"), bytes);
    let notice = fs::read_to_string(site.path().join("dist/hors-ligne.json")).unwrap();
    let notice: serde_json::Value = serde_json::from_str(&notice).unwrap();
    assert_eq!(notice["bytes"], bytes);
    assert_eq!(notice["files"], kept(site.path()).len());
    assert_eq!(notice["version"], constant(site.path(), "VERSION"));
}

#[test]
fn the_same_content_makes_the_same_worker_and_a_changed_word_another() {
    let case = Case::feature("offline");
    let worker = |content| {
        let site = Case::built(content, offline);
        (
            fs::read_to_string(site.path().join("dist/sw.js")).unwrap(),
            kept(site.path()),
        )
    };
    let (first, before) = worker(case.content());
    assert_eq!(worker(case.content()).0, first);
    let mut content = case.content();
    content.insert("deux.md", b"# Deux\n\nUn autre texte.\n".to_vec());
    let (second, after) = worker(content);
    assert_ne!(second, first);
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, hash)| before.get(*path) != Some(*hash))
        .map(|(path, _)| path)
        .collect();
    // The page, its day and bloc on paper, and the glossary that no longer leads there; the presentation is not the learner's.
    assert_eq!(
        changed,
        [
            "glossaire/",
            "imprimer/jour-1/",
            "imprimer/jour-1/bloc-1-1/",
            "jour-1/bloc-1-1/deux/"
        ]
    );
}

#[test]
fn a_site_that_is_not_for_offline_reading_undoes_an_earlier_one() {
    let case = Case::feature("offline");
    let site = Case::built(case.content(), |options| options.dev = true);
    let worker = fs::read_to_string(site.path().join("dist/sw.js")).unwrap();
    assert!(
        worker.contains("unregister()") && !worker.contains("\"fetch\""),
        "{worker}"
    );
    for absent in ["hors-ligne.json", "manifest.webmanifest"] {
        assert!(!site.path().join("dist").join(absent).exists(), "{absent}");
    }
}

#[test]
fn archives_are_the_same_bytes_twice() {
    let case = Case::feature("archive");
    let zip = || {
        let site = Case::built(case.content(), |_| {});
        fs::read(site.path().join("dist/labs/lab-1.1a.zip")).unwrap()
    };
    let first = zip();
    assert!(first.starts_with(b"PK"));
    assert_eq!(first, zip());
}

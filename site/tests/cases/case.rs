//! Tiny courses on disk, built and compared with what is expected of them.
//!
//! `UPDATE_GOLDEN=1 cargo test -p site` writes what is found in the place of what is expected; review it before committing.

use site::builder::{BuildError, BuildOptions, Builder};
use site::content::Content;
use site::diagnostic::frame;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The course of a case that brings none: one bloc with the page `page.md`.
const COURSE: &str = "[course]\ntitle = \"Cours\"\nurl = \"https://example.invalid/\"\nminutes = 10\n\n[versions]\nkafka = \"4.3.1\"\n\n[glossary.isr]\nterm = \"ISR\"\nlong = \"in-sync replicas\"\ndefinition = \"Répliques **à jour** d'une partition.\"\n\n[[day]]\nnumber = 1\ntitle = \"Jour un\"\nslug = \"jour-1\"\nminutes = 10\n\n[[day.bloc]]\nnumber = \"1.1\"\ntitle = \"Bloc\"\nslug = \"bloc-1-1\"\nminutes = 10\n\n[[day.bloc.page]]\nfile = \"page.md\"\nminutes = 10\nkind = \"texte\"\n";

/// A case: a folder with `content` and what is expected.
pub(crate) struct Case {
    folder: PathBuf,
}

impl Case {
    /// The feature `name`: `golden/<name>`.
    pub(crate) fn feature(name: &str) -> Self {
        Self {
            folder: tests().join("golden").join(name),
        }
    }

    /// The error `name`: `errors/<name>`.
    pub(crate) fn error(name: &str) -> Self {
        Self {
            folder: tests().join("errors").join(name),
        }
    }

    /// Its content.
    pub(crate) fn content(&self) -> Content {
        let mut content =
            Content::load(&self.folder.join("content")).expect("the case has a folder « content »");
        if content.get("course.toml").is_none() && !self.folder.join("no-course").exists() {
            content.insert("course.toml", COURSE.into());
        }
        content
    }

    /// Builds the site and compares `files` with those of the folder `expected`.
    pub(crate) fn writes(&self, files: &[&str]) {
        let site = Self::built(self.content(), |_| {});
        for file in files {
            let found = fs::read_to_string(site.path().join("dist").join(file))
                .unwrap_or_else(|error| panic!("{file} is not written: {error}"));
            self.compares(file, &found);
        }
    }

    /// Compares `found` with what is expected of `file`.
    pub(crate) fn compares(&self, file: &str, found: &str) {
        compare(&self.folder.join("expected").join(file), found);
    }

    /// A folder in which `dist` is the site of `content`, built with the options that `change` changes.
    pub(crate) fn built(content: Content, change: impl FnOnce(&mut BuildOptions)) -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut options = BuildOptions {
            out: folder.path().join("dist"),
            theme: Some(theme()),
            ..BuildOptions::default()
        };
        change(&mut options);
        let mut builder = Builder::with_content(options, content);
        if let Err(error) = builder.build() {
            panic!("{}", shown(&error, builder.content()));
        }
        folder
    }

    /// Checks the content and compares the frames with `expected.txt`.
    pub(crate) fn says(&self) {
        let content = self.content();
        let mut builder = Builder::with_content(BuildOptions::default(), content);
        let problems = builder.check().expect_err("the content must not pass");
        let found = frame::render(&problems, builder.content(), "content/", false);
        compare(&self.folder.join("expected.txt"), &found);
    }
}

/// The folder of the tests.
pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A theme of bare templates.
pub(crate) fn theme() -> PathBuf {
    tests().join("theme")
}

fn shown(error: &BuildError, content: &Content) -> String {
    match error {
        BuildError::Content(problems) => frame::render(problems, content, "content/", false),
        other => other.to_string(),
    }
}

fn compare(file: &Path, found: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(file.parent().expect("a file in a folder")).expect("a folder for it");
        fs::write(file, found).expect("a file to update");
        return;
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    assert!(
        expected == found,
        "{} differs (UPDATE_GOLDEN=1 accepts it)\n--- expected\n{expected}\n--- found\n{found}",
        file.display()
    );
}

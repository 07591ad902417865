//! Building again: only what changed is done, and what fails changes nothing.

use crate::case::theme;
use site::builder::{BuildError, BuildOptions, Builder};
use site::output::OutputError;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const COURSE: &str = "[course]\ntitle = \"Cours\"\nurl = \"https://example.invalid/\"\nminutes = 20\n\n[[day]]\nnumber = 1\ntitle = \"Jour\"\nslug = \"jour-1\"\nminutes = 20\n\n[[day.bloc]]\nnumber = \"1.1\"\ntitle = \"Bloc\"\nslug = \"bloc\"\nminutes = 20\n\n[[day.bloc.page]]\nfile = \"un.md\"\nminutes = 10\nkind = \"texte\"\n\n[[day.bloc.page]]\nfile = \"deux.md\"\nminutes = 10\nkind = \"texte\"\n";

/// A course on disk, and its site beside it.
struct Site {
    folder: TempDir,
    builder: Builder,
}

impl Site {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut BuildOptions)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let content = folder.path().join("content");
        fs::create_dir_all(content.join("labs")).unwrap();
        fs::write(content.join("course.toml"), COURSE).unwrap();
        fs::write(
            content.join("un.md"),
            "# Un\n\n```csharp file=\"labs/a.cs\"\n```\n",
        )
        .unwrap();
        fs::write(content.join("deux.md"), "# Deux\n\nTexte.\n").unwrap();
        fs::write(content.join("labs/a.cs"), "var a = 1;\n").unwrap();
        let mut options = BuildOptions {
            content,
            out: folder.path().join("dist"),
            theme: Some(theme()),
            ..BuildOptions::default()
        };
        change(&mut options);
        let builder = Builder::new(options).unwrap();
        Self { folder, builder }
    }

    fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.file(path)).unwrap()
    }

    /// Writes a file of the content and tells the builder.
    fn write(&mut self, path: &str, text: &str) {
        fs::write(self.file("content").join(path), text).unwrap();
        assert!(
            self.builder.refresh(&[path.to_owned()]).unwrap(),
            "{path} changed"
        );
    }
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

#[test]
fn one_changed_page_is_all_that_is_compiled() {
    let mut site = Site::new();
    assert_eq!(site.builder.build().unwrap().compiled, 2);
    site.write("deux.md", "# Deux\n\nUn autre texte.\n");
    let report = site.builder.build().unwrap();
    // The page, the printable day and bloc, the bloc's presentation and notes; the glossary's fingerprint is the same.
    assert_eq!((report.compiled, report.written), (1, 5));
    assert!(
        site.read("dist/jour-1/bloc/deux/index.html")
            .contains("Un autre texte.")
    );
    assert!(
        site.read("dist/imprimer/jour-1/index.html")
            .contains("Un autre texte.")
    );
}

#[test]
fn nothing_changed_is_nothing_done() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    let report = site.builder.build().unwrap();
    assert_eq!((report.compiled, report.written), (0, 0));
}

#[test]
fn a_new_title_reaches_the_pages_that_show_it() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    site.write("deux.md", "# Deux bis\n\nTexte.\n");
    let report = site.builder.build().unwrap();
    assert_eq!(report.compiled, 1);
    assert!(
        report.written > 5,
        "every page may show the title: {report:?}"
    );
    assert!(site.read("dist/jour-1/index.html").contains("Deux bis"));
}

#[test]
fn a_changed_lab_file_reaches_the_page_that_includes_it() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    site.write("labs/a.cs", "var b = 2;\n");
    assert_eq!(site.builder.build().unwrap().compiled, 1);
    let page = site.read("dist/jour-1/bloc/un/index.html");
    assert!(page.contains("b = ") && !page.contains("a = "), "{page}");
}

#[test]
fn a_page_that_goes_leaves_the_site() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    let second = COURSE.rfind("\n[[day.bloc.page]]").unwrap();
    site.write(
        "course.toml",
        &COURSE[..second].replace("minutes = 20", "minutes = 10"),
    );
    fs::remove_file(site.file("content/deux.md")).unwrap();
    site.builder.refresh(&["deux.md".to_owned()]).unwrap();
    site.builder.build().unwrap();
    assert!(!site.file("dist/jour-1/bloc/deux/index.html").exists());
    assert!(site.file("dist/jour-1/bloc/un/index.html").exists());
}

#[test]
fn errors_leave_the_site_as_it_was_and_are_gone_once_mended() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    let before = files(&site.file("dist"));
    site.write("deux.md", "# Deux\n\n[rompu](absent.md)\n");
    assert!(
        matches!(site.builder.build(), Err(BuildError::Content(problems)) if problems.len() == 1)
    );
    assert_eq!(files(&site.file("dist")), before);
    site.write("deux.md", "# Deux\n\nTexte.\n");
    site.builder.build().unwrap();
    assert_eq!(files(&site.file("dist")), before);
}

#[test]
fn a_build_that_fails_after_writing_leaves_the_site_as_it_was() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    let before = files(site.folder.path());
    let options = BuildOptions {
        content: site.file("content"),
        out: site.file("dist"),
        theme: Some(theme()),
        pagefind: Some(PathBuf::from("false")),
        ..BuildOptions::default()
    };
    let failed = Builder::new(options).unwrap().build();
    assert!(
        matches!(failed, Err(BuildError::Output(OutputError::Search { .. }))),
        "{failed:?}"
    );
    assert_eq!(
        files(site.folder.path()),
        before,
        "not even the folder of the new site is left"
    );
}

#[test]
fn what_cannot_be_written_leaves_the_site_as_it_was() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    let before = files(&site.file("dist"));
    // A file where the new site's folder should be made.
    fs::write(site.file("dist.staging"), "").unwrap();
    site.write("deux.md", "# Deux\n\nUn autre texte.\n");
    let failed = site.builder.build();
    assert!(
        matches!(failed, Err(BuildError::Output(OutputError::Disk { .. }))),
        "{failed:?}"
    );
    assert_eq!(files(&site.file("dist")), before);
}

#[test]
fn a_rebuilt_site_is_the_site_that_a_first_build_makes() {
    let mut site = Site::new();
    site.builder.build().unwrap();
    site.write("un.md", "# Premier\n\n## Une section\n\n- [ ] fait\n");
    site.builder.build().unwrap();
    let rebuilt = files(&site.file("dist"));
    let options = BuildOptions {
        content: site.file("content"),
        out: site.file("dist"),
        theme: Some(theme()),
        ..BuildOptions::default()
    };
    Builder::new(options).unwrap().build().unwrap();
    assert_eq!(files(&site.file("dist")), rebuilt);
}

#[test]
fn the_visualizer_is_published_under_a_hashed_name() {
    let visualizer = tempfile::tempdir().unwrap();
    fs::write(visualizer.path().join("visualizer.js"), "export {}").unwrap();
    fs::write(visualizer.path().join("visualizer_bg.wasm"), "wasm").unwrap();
    let mut site = Site::with(|options| options.visualizer = Some(visualizer.path().to_owned()));
    site.builder.build().unwrap();
    let assets: Vec<_> = files(&site.file("dist/assets"))
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(assets.len(), 2);
    let folder = assets[0]
        .parent()
        .unwrap()
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    assert!(
        folder.starts_with("visualizer-") && folder.len() == "visualizer-".len() + 16,
        "{folder}"
    );

    fs::remove_file(visualizer.path().join("visualizer.js")).unwrap();
    assert!(
        site.builder.build().is_err(),
        "a folder without a module is refused"
    );
    fs::write(visualizer.path().join("live.js"), "export {}").unwrap();
    fs::write(visualizer.path().join("commits.js"), "export {}").unwrap();
    site.builder.build().unwrap();
}

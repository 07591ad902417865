//! PDF files that go with the site: they are copied, and offered only where there are some.

use crate::case::{tests, theme};
use site::builder::{BuildOptions, Builder};
use std::fs;
use std::path::Path;

/// Builds the course of the printed documents into `dist`, with the PDF files of `pdf` if there are any.
fn build(dist: &Path, pdf: Option<&Path>) -> String {
    let options = BuildOptions {
        content: tests().join("golden/print/content"),
        out: dist.to_owned(),
        theme: Some(theme()),
        pdf: pdf.map(Path::to_owned),
        ..BuildOptions::default()
    };
    Builder::new(options).unwrap().build().unwrap();
    fs::read_to_string(dist.join("formateur/index.html")).unwrap()
}

#[test]
fn pdf_files_are_offered_where_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let pdf = dir.path().join("pdf");
    fs::create_dir_all(pdf.join("jour-1")).unwrap();
    fs::write(pdf.join("jour-1/bloc-1-1.pdf"), vec![b'%'; 1_500]).unwrap();
    fs::write(pdf.join("jour-1/notes.txt"), "not a PDF file").unwrap();
    let dist = dir.path().join("dist");

    let with = build(&dist, Some(&pdf));
    assert!(
        with.contains("../pdf/jour-1/bloc-1-1.pdf (1,5\u{A0}ko)"),
        "{with}"
    );
    assert!(!with.contains("bloc-1-2.pdf"), "{with}");
    assert_eq!(
        fs::read(dist.join("pdf/jour-1/bloc-1-1.pdf"))
            .unwrap()
            .len(),
        1_500
    );
    assert!(!dist.join("pdf/jour-1/notes.txt").exists());

    let without = build(&dist, None);
    assert!(!without.contains(".pdf"), "{without}");
    assert!(!dist.join("pdf").exists());
}

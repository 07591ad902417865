//! One tiny course per feature, built and compared with the documents expected of it.

use crate::case::Case;

/// The page of a case that brings no course of its own.
const PAGE: &str = "jour-1/bloc-1-1/page/index.html";

macro_rules! page_features {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            Case::feature(stringify!($name)).writes(&[PAGE]);
        })*
    };
}

page_features! {
    alerts, annotations, calculator, checklists, code, console, details, diagram, diff, footnotes, headings, images, inclusion, quiz,
    simulation, substitutions, tables, tabs, typography,
}

#[test]
fn links() {
    Case::feature("links").writes(&[PAGE, "annexes/autre/index.html", "labs/1.1/kafka.yaml"]);
}

#[test]
fn navigation() {
    Case::feature("navigation").writes(&[
        "index.html",
        "jour-1/index.html",
        "jour-1/bloc-1-1/index.html",
        "jour-1/bloc-1-1/deux/index.html",
        "annexes/outils/index.html",
        "glossaire/index.html",
        "direct/index.html",
        "404.html",
        "sitemap.xml",
        "robots.txt",
    ]);
}

#[test]
fn archive() {
    Case::feature("archive").writes(&[
        "jour-1/bloc-1-1/lab-1-1a/index.html",
        "jour-1/bloc-1-1/suite/index.html",
    ]);
}

#[test]
fn glossary() {
    Case::feature("glossary").writes(&["glossaire/index.html"]);
}

#[test]
fn journey() {
    Case::feature("journey").writes(&["parcours/index.html"]);
}

#[test]
fn print() {
    Case::feature("print").writes(&[
        "imprimer/jour-1/index.html",
        "imprimer/jour-1/bloc-1-1/index.html",
    ]);
}

#[test]
fn instructor() {
    Case::feature("instructor").writes(&[
        PAGE,
        "formateur/jour-1/bloc-1-1/index.html",
        "formateur/index.html",
    ]);
}

#[test]
fn presentation() {
    Case::feature("presentation").writes(&["presentation/jour-1/bloc-1-1/index.html"]);
}

#[test]
fn timetable() {
    Case::feature("timetable").writes(&["horaires/index.html"]);
}

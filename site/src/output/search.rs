//! The search index, made by Pagefind from the finished pages.
//!
//! Pagefind folds accents (« equipement » finds « équipement ») but cuts words at white space only, so that « équipement »
//! would not be found in « l'équipement ». It therefore reads a copy of the pages in which a space follows every elision, and
//! in which what nobody searches for (heading anchors, drawings, marks in code) is set aside. The page's script takes the
//! space out of the excerpts again.

use super::{OutputError, Staging, disk};
use crate::content::has_extension;
use std::path::Path;
use std::process::{Command, Stdio};

/// Folder of the index on the site.
pub const FOLDER: &str = "pagefind";
/// Folder of the copy, removed once it is indexed.
const COPY: &str = ".index";
/// Beginnings of elements that hold nothing to search for.
const ASIDE: [&str; 4] = [
    "<svg ",
    "<a class=\"anchor\"",
    "<a class=\"mark\"",
    "<sup class=\"fn\"",
];

/// Pagefind's own interfaces: the site has its own.
const UNUSED: [&str; 7] = [
    "pagefind-ui.js",
    "pagefind-ui.css",
    "pagefind-modular-ui.js",
    "pagefind-modular-ui.css",
    "pagefind-component-ui.js",
    "pagefind-component-ui.css",
    "pagefind-highlight.js",
];

/// Runs `program` (Pagefind) on those of `documents`, paths in the new site, that are pages; the index goes to its folder
/// [`FOLDER`].
///
/// # Errors
/// If the program cannot be started or fails, or if the copy cannot be written.
pub fn index<'a>(
    program: &Path,
    documents: impl Iterator<Item = &'a str>,
    staging: &Staging,
) -> Result<(), OutputError> {
    for path in documents.filter(|path| has_extension(path, "html")) {
        let file = staging.folder().join(path);
        let html = std::fs::read_to_string(&file).map_err(disk(&file))?;
        staging.write(&format!("{COPY}/{path}"), searchable(&html).as_bytes())?;
    }
    let copy = staging.folder().join(COPY);
    let index = staging.folder().join(FOLDER);
    run(program, &copy, &index)?;
    for file in UNUSED {
        // Which of them are there depends on Pagefind's version.
        let _ = std::fs::remove_file(index.join(file));
    }
    std::fs::remove_dir_all(&copy).map_err(disk(&copy))
}

fn run(program: &Path, pages: &Path, into: &Path) -> Result<(), OutputError> {
    let fail = |reason: String| OutputError::Search {
        program: program.to_owned(),
        reason,
    };
    let output = Command::new(program)
        .arg("--site")
        .arg(pages)
        .arg("--output-path")
        .arg(into)
        .args(["--force-language", "fr"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| fail(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    Err(fail(String::from_utf8_lossy(&said).trim().to_owned()))
}

/// The page `html` as Pagefind should read it.
fn searchable(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 50);
    let mut before = ' ';
    for c in html.chars() {
        out.push(c);
        if c == '’' && before.is_alphabetic() {
            out.push(' ');
        }
        before = c;
    }
    for element in ASIDE {
        let (name, rest) = element.split_once(' ').unwrap_or((element, ""));
        out = out.replace(element, &format!("{name} data-pagefind-ignore {rest}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elided_words_stand_alone_and_drawings_aside() {
        let html = "<h2>L’équipement <a class=\"anchor\" href=\"#x\">#</a></h2><p>d’<code>offset</code></p><svg class=\"bob\">";
        let expected = "<h2>L’ équipement <a data-pagefind-ignore class=\"anchor\" href=\"#x\">#</a></h2><p>d’ <code>offset</code></p><svg data-pagefind-ignore class=\"bob\">";
        assert_eq!(searchable(html), expected);
    }
}

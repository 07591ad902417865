//! Markdown into a [`Page`]: checked, rendered, and ready to be bound to its place on the site.
//!
//! 1. comrak parses (`CommonMark`, GFM, footnotes, alerts); its tree carries line and column of every node.
//! 2. [`writer`] walks the blocks and writes HTML with late-bound ids and links ([`crate::body`]). One module per kind of
//!    block: [`heading`], [`list`], [`table`], [`tabs`], [`fenced`], [`footnote`], [`instructor`]; [`inline`] writes what stands
//!    inside them, typesets it and replaces `{{…}}`. [`piece`] notes where each block of the page begins and ends.
//! 3. Each module checks what it writes. What needs the other pages (does that anchor exist?) is noted in the page and
//!    checked once all are parsed, by [`crate::check`].
//!
//! Quizzes hold Markdown in TOML; the same writer renders it, with an [`Origin`] that knows where it stands in the file.

pub mod fenced;
pub mod footnote;
pub mod glossary;
pub mod heading;
pub mod html;
pub mod image;
pub mod inline;
pub mod instructor;
pub mod link;
pub mod list;
pub mod page;
pub mod piece;
pub mod problem;
pub mod substitution;
pub mod table;
pub mod tabs;
pub mod writer;

pub use page::Page;

use crate::content::{Content, File};
use crate::course::Course;
use crate::diagnostic::Diagnostics;
use crate::highlight::Highlighter;
use crate::text::origin::Origin;
use crate::text::problem::TextProblem;
use comrak::{Arena, Options};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

/// Files of pages.
pub type PageSet = HashSet<Arc<str>>;

/// What a page may refer to.
#[derive(Debug)]
pub struct Env<'a> {
    /// All files.
    pub content: &'a Content,
    /// Versions and glossary.
    pub course: &'a Course,
    /// Files of the pages of the course.
    pub pages: &'a PageSet,
    /// Definitions of the glossary's terms without markup, by id.
    pub definitions: &'a HashMap<String, String>,
    /// Highlights code.
    pub highlighter: &'a Highlighter,
}

/// The dialect.
static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.parse.leave_footnote_definitions = true;
    options
});

/// Parses `source` into the arena, in the dialect of the course.
pub fn parse<'a>(arena: &'a Arena<'a>, source: &str) -> comrak::nodes::Node<'a> {
    comrak::parse_document(arena, source, &OPTIONS)
}

/// Compiles the page in `file`. A page with problems is still returned, for the checks that look across pages.
pub fn compile(file: &File, env: &Env<'_>) -> (Page, Diagnostics) {
    let mut problems = Diagnostics::default();
    let source = file.text().unwrap_or_default();
    let origin = Origin::whole(&file.path);
    if let Some((at, c)) = source
        .char_indices()
        .find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        problems.push(origin.place(at..at + c.len_utf8()), TextProblem::Control(c));
    }
    let arena = Arena::new();
    let root = parse(&arena, source);
    let page = page::compile(root, source, &origin, env, &mut problems);
    (page, problems)
}

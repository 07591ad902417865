//! A stretch of prose that can be searched as one text and still knows where each of its bytes stands.

use crate::diagnostic::{Place, Span};
use std::sync::Arc;

/// A paragraph, a heading, a table, or a sentence kept in TOML.
#[derive(Clone, Debug)]
pub struct Passage {
    path: Arc<str>,
    text: String,
    /// The code and the `{{…}}` that were left out, each followed by a space.
    left_out: String,
    /// Pairs (start of a piece in the text, start of it in the file), ascending.
    marks: Vec<(usize, usize)>,
    /// The section (headings of levels 1 and 2) that it is in, counted from the top of the page.
    pub section: usize,
    /// True if it carries a footnote or a link that leaves the course, or is itself a footnote.
    pub cited: bool,
    /// True if it is a table; its cells end in `\n`.
    pub is_table: bool,
}

impl Passage {
    /// Stands in the text where code or a `{{…}}` stood.
    pub const CODE: char = '\u{FFFC}';

    /// An empty passage of the file `path`.
    pub fn new(path: &Arc<str>, section: usize) -> Self {
        Self {
            path: Arc::clone(path),
            text: String::new(),
            left_out: String::new(),
            marks: Vec::new(),
            section,
            cited: false,
            is_table: false,
        }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was left out of it: code and the names in `{{…}}`, for whoever asks what it is about.
    pub fn left_out(&self) -> &str {
        &self.left_out
    }

    /// Leaves out `code`, of which a sign stays in the text.
    pub fn leave_out(&mut self, code: &str) {
        self.text.push(Self::CODE);
        self.left_out.push_str(code);
        self.left_out.push(' ');
    }

    /// Adds `text`, which begins at the byte `start` of the file.
    pub fn push(&mut self, text: &str, start: usize) {
        self.marks.push((self.text.len(), start));
        self.text.push_str(text);
    }

    /// Adds a sign that is not in the file.
    pub fn gap(&mut self, sign: char) {
        self.text.push(sign);
    }

    /// Where the bytes `span` of the text stand; they must not reach over a gap.
    pub fn place(&self, span: Span) -> Place {
        let index = self
            .marks
            .partition_point(|(start, _)| *start <= span.start);
        let (start, file) = index
            .checked_sub(1)
            .and_then(|index| self.marks.get(index))
            .copied()
            .unwrap_or_default();
        let at = file + (span.start - start);
        Place::new(&self.path, at..at + span.len())
    }

    /// The passage, unless nothing in it is text.
    pub(super) fn if_any(self) -> Option<Self> {
        (!self.marks.is_empty()).then_some(self)
    }
}

//! Instructor's notes: a quotation that begins with `[!FORMATEUR]`.
//!
//! A forge shows it as a quotation. The site keeps it out of the learner's page, which holds only an empty mark in its place;
//! the note itself goes to the documents that the instructor opens (see [`crate::layout::teaching`]), and the page's script
//! fetches it from there when asked to. It is therefore in no search index, in no learner's download, and not on paper.
//!
//! A note stands between blocks of the page, not inside one. It may hold text, lists, code and tables; what a learner would
//! miss or meet twice (headings, exercises, footnotes) is refused.

use super::page::Note;
use super::problem::MarkupProblem;
use super::writer::Writer;
use crate::body::{self, Body};
use crate::text::french::typeset;
use comrak::nodes::{Node, NodeValue};
use std::fmt::Write as _;

/// Name of the note, as one writes it between `[!` and `]`.
pub const NAME: &str = "FORMATEUR";

impl Writer<'_, '_, '_> {
    /// If `node` is a note, takes it out of the page's text; says whether it is one.
    pub fn instructor_note(&mut self, node: Node<'_>) -> bool {
        let Some(title) = self.note_title(node) else {
            return false;
        };
        if self.is_inside_raw() {
            self.misplaced_note(node);
            return true;
        }
        self.check_note(node);
        drop_first_line(node);
        let counts = self.state.page.counts;
        let start = self.out.len();
        self.children(node);
        let html = self.out.split_off(start);
        // It is not the learner's to read: it takes none of his time.
        self.state.page.counts.words = counts.words;
        self.state.page.counts.code_words = counts.code_words;
        let line = self.text.line_place(node.data().sourcepos.start.line);
        let section = self.state.outline.last();
        let section = section.map(|(_, entry)| (entry.title.clone(), entry.id.clone()));
        let page = &mut self.state.page;
        let number = page.notes.len() + 1;
        page.notes.push(Note {
            title: typeset(&title),
            section: section.unwrap_or_default(),
            body: Body::from(html),
            place: line,
        });
        self.made.note = Some(number - 1);
        body::push_off_screen(&mut self.out, |out| {
            let _ = writeln!(out, "<div data-note=\"{number}\" hidden></div>");
        });
        true
    }

    /// Reports the note `node` that stands inside another block.
    pub fn misplaced_note(&mut self, node: Node<'_>) {
        let line = self.text.line(node.data().sourcepos.start.line);
        self.report(line, MarkupProblem::NoteInside);
    }

    /// What follows the name on the first line of the quotation `node`; `None` if it is no instructor's note.
    pub fn note_title(&self, node: Node<'_>) -> Option<String> {
        let line = self.text.line(node.data().sourcepos.start.line);
        let (before, rest) = self.text.source[line].split_once("[!")?;
        let (name, title) = rest.split_once(']')?;
        let only_marks = before.chars().all(|c| c == '>' || c.is_whitespace());
        let is_note = only_marks && name.eq_ignore_ascii_case(NAME);
        is_note.then(|| title.trim().to_owned())
    }

    /// Reports what no note may hold.
    fn check_note(&mut self, note: Node<'_>) {
        for node in note.descendants() {
            let what = match &node.data().value {
                NodeValue::Heading(_) => "un titre",
                NodeValue::TaskItem(_) => "une liste de validation",
                NodeValue::FootnoteReference(_) => "un appel de note de bas de page",
                NodeValue::CodeBlock(block) if block.info.starts_with("simulation") => {
                    "une simulation"
                }
                NodeValue::CodeBlock(block) if block.info.starts_with("quiz") => "un quiz",
                _ => continue,
            };
            let line = self.text.line(node.data().sourcepos.start.line);
            self.report(line, MarkupProblem::InNote { what });
        }
    }
}

/// Takes the first line, which names the note, out of the tree.
fn drop_first_line(note: Node<'_>) {
    let Some(paragraph) = note.first_child() else {
        return;
    };
    let inlines: Vec<_> = paragraph.children().collect();
    for inline in inlines {
        let ends = matches!(
            inline.data().value,
            NodeValue::SoftBreak | NodeValue::LineBreak
        );
        inline.detach();
        if ends {
            return;
        }
    }
    paragraph.detach();
}

//! Footnotes: numbered in the order of their calls, written at the end of the page.

use super::problem::FootnoteProblem;
use super::writer::{Text, Writer};
use crate::body;
use crate::diagnostic::{Diagnostics, Span};
use crate::text::suggest::closest;
use comrak::nodes::{Node, NodeValue};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The footnotes of a page.
#[derive(Debug, Default)]
pub struct Footnotes {
    /// Names of all definitions.
    defined: Vec<String>,
    /// Names in the order of their first calls, each with the number of calls so far.
    called: Vec<(String, usize)>,
}

/// Finds the footnotes of the document `root`; reports those that are defined twice or never called.
pub fn collect(root: Node<'_>, text: &Text<'_>, problems: &mut Diagnostics) -> Footnotes {
    let mut defined: Vec<(String, Span)> = Vec::new();
    let mut called: HashSet<String> = HashSet::new();
    for node in root.descendants() {
        match &node.data().value {
            NodeValue::FootnoteDefinition(definition) => {
                let name = &definition.name;
                let at = text.find(text.span(node.data().sourcepos), &format!("[^{name}]"));
                if defined.iter().any(|(known, _)| known == name) {
                    problems.push(
                        text.origin.place(at),
                        FootnoteProblem::Twice { name: name.clone() },
                    );
                } else {
                    defined.push((name.clone(), at));
                }
            }
            NodeValue::FootnoteReference(reference) => {
                called.insert(reference.name.clone());
            }
            _ => {}
        }
    }
    for (name, span) in &defined {
        if !called.contains(name) {
            problems.push(
                text.origin.place(span.clone()),
                FootnoteProblem::Unused { name: name.clone() },
            );
        }
    }
    Footnotes {
        defined: defined.into_iter().map(|(name, _)| name).collect(),
        called: Vec::new(),
    }
}

/// The problem of a call to `name`, which is not defined.
pub fn undefined(name: &str, footnotes: &Footnotes) -> FootnoteProblem {
    let closest = closest(name, footnotes.defined.iter().map(String::as_str)).map(str::to_owned);
    FootnoteProblem::Undefined {
        name: name.to_owned(),
        closest,
    }
}

impl Footnotes {
    /// Counts a call to `name`: the footnote's number, and how many times it has now been called.
    fn call(&mut self, name: &str) -> (usize, usize) {
        let index = self
            .called
            .iter()
            .position(|(known, _)| known == name)
            .unwrap_or_else(|| {
                self.called.push((name.to_owned(), 0));
                self.called.len() - 1
            });
        self.called[index].1 += 1;
        (index + 1, self.called[index].1)
    }
}

/// Id of call number `call` of footnote `number`.
fn call_id(number: usize, call: usize) -> String {
    if call == 1 {
        format!("appel-{number}")
    } else {
        format!("appel-{number}-{call}")
    }
}

impl Writer<'_, '_, '_> {
    /// Writes the call `node` to the footnote `name`; reports it if the page does not define it (quizzes have no footnotes of
    /// their own).
    pub fn footnote_call(&mut self, node: Node<'_>, name: &str) {
        if !self
            .state
            .footnotes
            .defined
            .iter()
            .any(|known| known == name)
        {
            let problem = undefined(name, &self.state.footnotes);
            let span = self.span(node);
            self.report(span, problem);
            return;
        }
        let (number, call) = self.state.footnotes.call(name);
        body::push_off_screen(&mut self.out, |out| {
            out.push_str("<sup class=\"fn\"><a href=\"");
            body::push_link(out, "", &format!("note-{number}"));
            out.push_str("\" id=\"");
            body::push_id(out, &call_id(number, call));
            let _ = write!(out, "\" aria-label=\"Note {number}\">{number}</a></sup>");
        });
    }

    /// Writes the footnotes of the document `root` that were called. A footnote may call others, which then follow.
    pub fn footnotes(&mut self, root: Node<'_>) {
        let mut written = 0;
        while let Some((name, _)) = self.state.footnotes.called.get(written).cloned() {
            if written == 0 {
                self.open_notes();
            }
            written += 1;
            if let Some(definition) = root.descendants().find(|node| defines(node, &name)) {
                self.footnote(definition, written);
            }
        }
        if written > 0 {
            self.close_notes();
        }
    }

    /// On its page the notes are a landmark; in print, where every page has some, they are not.
    fn open_notes(&mut self) {
        body::push_on_page(&mut self.out, |out| {
            out.push_str("<section class=\"footnotes\" aria-label=\"Notes\">");
        });
        body::push_in_print(&mut self.out, "<div class=\"footnotes\">");
        self.out.push_str("<ol>\n");
    }

    fn close_notes(&mut self) {
        self.out.push_str("</ol>");
        body::push_on_page(&mut self.out, |out| out.push_str("</section>\n"));
        body::push_in_print(&mut self.out, "</div>\n");
    }

    fn footnote(&mut self, definition: Node<'_>, number: usize) {
        self.out.push_str("<li id=\"");
        body::push_id(&mut self.out, &format!("note-{number}"));
        self.out.push_str("\">");
        let blocks: Vec<_> = definition.children().collect();
        match blocks.split_last() {
            Some((last, before)) if matches!(last.data().value, NodeValue::Paragraph) => {
                self.blocks(before);
                self.out.push_str("<p>");
                self.inlines(last);
                self.ways_back(number);
                self.out.push_str("</p>");
            }
            _ => {
                self.blocks(&blocks);
                self.ways_back(number);
            }
        }
        self.out.push_str("</li>\n");
    }

    fn ways_back(&mut self, number: usize) {
        let calls = self.state.footnotes.called[number - 1].1;
        for call in 1..=calls {
            self.out.push_str(" <a class=\"fn-back\" href=\"");
            body::push_link(&mut self.out, "", &call_id(number, call));
            self.out.push_str("\" aria-label=\"Retour au texte\">↩</a>");
        }
    }
}

/// True if `node` defines the footnote `name`.
fn defines(node: Node<'_>, name: &str) -> bool {
    matches!(&node.data().value, NodeValue::FootnoteDefinition(definition) if definition.name == name)
}

//! Headings: ids, anchors, table of contents.

use super::page::Section;
use super::problem::MarkupProblem;
use super::writer::Writer;
use crate::body;
use crate::context::TocEntry;
use crate::diagnostic::Span;
use crate::text::escape;
use crate::text::slug::slug;
use comrak::nodes::{Node, NodeValue};

/// Deepest level that the table of contents shows.
const TOC_DEPTH: u8 = 3;
/// Deepest level of a heading outside of tabs.
const DEEPEST: u8 = 4;

impl Writer<'_, '_, '_> {
    /// Writes the heading `node`.
    pub fn heading(&mut self, node: Node<'_>, level: u8) {
        let span = self.heading_span(node);
        if self.nested {
            self.report(span, MarkupProblem::NestedHeading);
            return;
        }
        self.check_level(level, span.clone());
        let plain = self.plain(node);
        let (title, explicit) = split_id(&plain);
        if title.is_empty() {
            self.report(span, MarkupProblem::EmptyHeading);
            return;
        }
        let id = explicit.map_or_else(|| slug(&title), str::to_owned);
        // A term in the heading is used in the section that the heading opens.
        self.state.section = Section {
            id: id.clone(),
            title: title.clone(),
        };
        let (html, _) = self.heading_text(node);
        self.state.add_new_id(&id, self.text.origin.place(span));
        self.state.level = level;
        if level <= TOC_DEPTH {
            self.state.outline.push((
                level,
                TocEntry {
                    title: title.clone(),
                    id: id.clone(),
                    children: Vec::new(),
                },
            ));
        }
        self.out.push_str("<h");
        body::push_level(&mut self.out, level);
        self.out.push_str(" id=\"");
        body::push_id(&mut self.out, &id);
        self.out.push_str("\">");
        self.out.push_str(&html);
        body::push_off_screen(&mut self.out, |out| push_anchor(out, &id, &title));
        self.out.push_str("</h");
        body::push_level(&mut self.out, level);
        self.out.push_str(">\n");
        self.made.heading = Some((id, html));
    }

    /// Markup of the heading's text, and its explicit id if it has one.
    pub fn heading_text(&mut self, node: Node<'_>) -> (String, Option<String>) {
        let start = self.out.len();
        self.inlines(node);
        let html = self.out.split_off(start);
        let (html, id) = split_id(&html);
        let id = id.map(str::to_owned);
        if let Some(id) = &id {
            let better = slug(id);
            if better != *id {
                let within = self.span(node);
                let at = self.text.find(within, &format!("{{#{id}}}"));
                self.report(at, MarkupProblem::BadId { better });
            }
        }
        (html, id)
    }

    /// Bytes of the heading's text, without its dashes.
    fn heading_span(&self, node: Node<'_>) -> Span {
        let span = self.span(node);
        let first = node.first_child().map(|child| self.span(child));
        let last = node.last_child().map(|child| self.span(child));
        match (first, last) {
            (Some(first), Some(last))
                if first.start >= span.start && last.end <= span.end.max(last.end) =>
            {
                first.start..last.end
            }
            _ => span,
        }
    }

    fn check_level(&mut self, level: u8, span: Span) {
        let before = self.state.level;
        if level == 1 {
            self.report(span, MarkupProblem::SecondTitle);
        } else if level > DEEPEST {
            self.report(span, MarkupProblem::DeepHeading);
        } else if level > before + 1 {
            self.report(span, MarkupProblem::SkippedLevel { level, before });
        }
    }
}

/// Appends the link by which a reader takes the address of what has the id `id` and is called `title`.
pub fn push_anchor(out: &mut String, id: &str, title: &str) {
    out.push_str(" <a class=\"anchor\" href=\"");
    body::push_link(out, "", id);
    out.push_str("\" aria-label=\"Lien vers «\u{202F}");
    escape::push(out, title);
    out.push_str("\u{202F}»\">#</a>");
}

/// `text` without the `{#id}` at its end, and the id.
fn split_id(text: &str) -> (String, Option<&str>) {
    let trimmed = text.trim_end();
    let id = trimmed
        .strip_suffix('}')
        .and_then(|rest| rest.rsplit_once("{#"));
    match id {
        Some((before, id)) if !id.is_empty() && !id.contains(char::is_whitespace) => {
            (before.trim_end().to_owned(), Some(id))
        }
        _ => (trimmed.to_owned(), None),
    }
}

/// The headings of `outline`, each under the last one of a higher level.
pub fn nest(outline: Vec<(u8, TocEntry)>) -> Vec<TocEntry> {
    let mut toc: Vec<TocEntry> = Vec::new();
    for (level, entry) in outline {
        match toc.last_mut().filter(|_| level > 2) {
            Some(parent) => parent.children.push(entry),
            None => toc.push(entry),
        }
    }
    toc
}

/// Level of the heading `node`, if it is one.
pub fn level_of(node: Node<'_>) -> Option<u8> {
    match &node.data().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_split_off() {
        assert_eq!(
            split_id("Titre {#ancre}"),
            ("Titre".to_owned(), Some("ancre"))
        );
        assert_eq!(split_id("Un {x} deux"), ("Un {x} deux".to_owned(), None));
    }

    #[test]
    fn the_outline_becomes_a_tree() {
        let entry = |id: &str| TocEntry {
            title: id.to_owned(),
            id: id.to_owned(),
            children: Vec::new(),
        };
        let toc = nest(vec![
            (2, entry("a")),
            (3, entry("b")),
            (3, entry("c")),
            (2, entry("d")),
        ]);
        assert_eq!(toc.len(), 2);
        assert_eq!(toc[0].children, [entry("b"), entry("c")]);
    }
}

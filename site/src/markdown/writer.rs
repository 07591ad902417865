//! Blocks of Markdown into HTML.

use super::html::{self, Token};
use super::page::State;
use super::piece::Made;
use super::problem::{ALERTS, MarkupProblem};
use super::{page, parse};
use crate::diagnostic::{Place, Problem, Span};
use crate::text::escape;
use crate::text::origin::{Origin, line_starts};
use comrak::Arena;
use comrak::nodes::{AlertType, Node, NodeValue, Sourcepos};
use std::ops::Range;

/// A Markdown text, and where it stands.
#[derive(Debug)]
pub struct Text<'t> {
    /// The text.
    pub source: &'t str,
    /// Byte offsets of its lines.
    starts: Vec<usize>,
    /// Its place.
    pub origin: &'t Origin,
}

impl<'t> Text<'t> {
    /// `source`, at `origin`.
    pub fn new(source: &'t str, origin: &'t Origin) -> Self {
        Self {
            source,
            starts: line_starts(source),
            origin,
        }
    }

    /// Bytes of a node.
    pub fn span(&self, position: Sourcepos) -> Span {
        let start = self.offset(position.start.line, position.start.column);
        let end = self.offset(position.end.line, position.end.column + 1);
        start..end.max(start)
    }

    /// Offset of `column` (in bytes, from 1) of `line` (from 1).
    fn offset(&self, line: usize, column: usize) -> usize {
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.source.len());
        (start + column.saturating_sub(1)).min(self.source.len())
    }

    /// Bytes of line `line`, from 1, without its end.
    pub fn line(&self, line: usize) -> Span {
        let start = self.offset(line, 1);
        let end = self
            .starts
            .get(line)
            .map_or(self.source.len(), |next| next - 1);
        start..end.max(start)
    }

    /// Place of line `line`, from 1.
    pub fn line_place(&self, line: usize) -> Place {
        self.origin.place(self.line(line))
    }

    /// Where `literal`, the lines of a fence from line `first` (from 1), stand: the end of each is the end of its line here,
    /// whatever stands before it.
    pub fn lines_origin(&self, first: usize, literal: &str) -> Origin {
        let starts: Vec<usize> = literal
            .split_inclusive('\n')
            .enumerate()
            .map(|(index, text)| {
                let line = self.line(first + index);
                let length = text.trim_end_matches('\n').len();
                line.end.saturating_sub(length).max(line.start)
            })
            .collect();
        if starts.is_empty() {
            let at = self.line(first.saturating_sub(1));
            return self.origin.of_lines("", &[at.start]);
        }
        self.origin.of_lines(literal, &starts)
    }

    /// Bytes of the first `needle` in the bytes `within`, or in their lines where the parser's columns are off (text after
    /// indentation); `within` itself if it is not there as written.
    pub fn find(&self, within: Span, needle: &str) -> Span {
        let end = within.end.min(self.source.len());
        let start = within.start.min(end);
        let bytes = self.source.as_bytes();
        let line_start = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
        let line_end = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at);
        let search = |area: Span| {
            let found = memchr::memmem::find(&bytes[area.clone()], needle.as_bytes());
            found.map(|at| area.start + at..area.start + at + needle.len())
        };
        let found = if needle.is_empty() {
            None
        } else {
            search(start..end).or_else(|| search(line_start..line_end))
        };
        found.unwrap_or(start..end)
    }
}

/// Writes one Markdown text.
#[derive(Debug)]
pub struct Writer<'s, 'e, 't> {
    /// What grows.
    pub state: &'s mut State<'e>,
    /// What is read.
    pub text: Text<'t>,
    /// What is written.
    pub out: String,
    /// Raw elements that are open, with their places.
    open: Vec<(String, Span)>,
    /// True inside a quiz.
    pub nested: bool,
    /// Forbidden elements reported so far: their closing tags need no word of their own.
    forbidden: Vec<String>,
    /// What the block written last has made, for [`super::piece`].
    pub made: Made,
    /// True inside tabs.
    pub in_tabs: bool,
}

impl<'s, 'e, 't> Writer<'s, 'e, 't> {
    /// Writes `text` into `state`.
    pub fn new(state: &'s mut State<'e>, text: Text<'t>) -> Self {
        let out = String::with_capacity(text.source.len() * 2);
        Self {
            state,
            text,
            out,
            open: Vec::new(),
            nested: false,
            forbidden: Vec::new(),
            made: Made::default(),
            in_tabs: false,
        }
    }

    /// What was written.
    pub fn into_html(self) -> String {
        self.out
    }

    /// Reports `problem` at the bytes `span` of the text.
    pub fn report(&mut self, span: Span, problem: impl Into<Problem>) {
        let place = self.text.origin.place(span);
        self.state.problems.push(place, problem);
    }

    /// Bytes of `node`.
    pub fn span(&self, node: Node<'_>) -> Span {
        self.text.span(node.data().sourcepos)
    }

    /// Renders `source`, another Markdown text at `origin`, as blocks.
    pub fn nested(&mut self, source: &str, origin: &Origin) -> String {
        let arena = Arena::new();
        let root = parse(&arena, source);
        let blocks: Vec<_> = root.children().collect();
        let mut writer = Writer::new(self.state, Text::new(source, origin));
        writer.nested = true;
        writer.blocks(&blocks);
        writer.end();
        writer.out
    }

    /// Renders `source`, another Markdown text at `origin`, as one line; reports it if it is more than a paragraph.
    pub fn nested_line(&mut self, source: &str, origin: &Origin) -> String {
        let arena = Arena::new();
        let root = parse(&arena, source);
        let blocks: Vec<_> = root.children().collect();
        let mut writer = Writer::new(self.state, Text::new(source, origin));
        match blocks[..] {
            [] => {}
            [one] if matches!(one.data().value, NodeValue::Paragraph) => writer.inlines(one),
            _ => writer.report(0..source.len(), MarkupProblem::InlineOnly),
        }
        writer.end();
        writer.out
    }

    /// Takes the description of the page from its first paragraph.
    pub fn describe(&mut self, blocks: &[Node<'_>]) {
        if let Some(first) = blocks
            .first()
            .filter(|node| matches!(node.data().value, NodeValue::Paragraph))
        {
            self.state.page.description = page::shorten(&self.plain(first));
        }
    }

    /// Writes sibling blocks.
    pub fn blocks(&mut self, blocks: &[Node<'_>]) {
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            at += 1;
            at += self.step(block, &blocks[at..]);
        }
    }

    /// Writes `block`; says how many of `rest`, the blocks after it, it took with it.
    pub fn step(&mut self, block: Node<'_>, rest: &[Node<'_>]) -> usize {
        if let Some(length) = self.tabs(block, rest) {
            return length;
        }
        if matches!(block.data().value, NodeValue::CodeBlock(_)) {
            return usize::from(self.fenced(block, rest.first().copied()));
        }
        self.block(block);
        0
    }

    /// True if a raw element is open around what is written next.
    pub fn is_inside_raw(&self) -> bool {
        !self.open.is_empty()
    }

    /// Writes the blocks inside `node`.
    pub fn children(&mut self, node: Node<'_>) {
        let blocks: Vec<_> = node.children().collect();
        self.blocks(&blocks);
    }

    fn block(&mut self, node: Node<'_>) {
        match &node.data().value {
            NodeValue::Paragraph => self.paragraph(node),
            NodeValue::Heading(heading) => self.heading(node, heading.level),
            NodeValue::BlockQuote => self.quote(node),
            NodeValue::Alert(alert) => self.alert(node, alert.alert_type, alert.title.as_deref()),
            NodeValue::List(list) => self.list(node, list),
            NodeValue::Table(table) => self.table(node, &table.alignments),
            NodeValue::ThematicBreak => self.out.push_str("<hr>\n"),
            NodeValue::HtmlBlock(block) => self.raw(node, &block.literal),
            // Written at the end of the page, in the order of their calls.
            NodeValue::FootnoteDefinition(_) => {}
            _ => self.children(node),
        }
    }

    fn paragraph(&mut self, node: Node<'_>) {
        if self.lone_image(node) {
            return;
        }
        self.out.push_str("<p>");
        self.inlines(node);
        self.out.push_str("</p>\n");
    }

    fn quote(&mut self, node: Node<'_>) {
        if self.note_title(node).is_some() {
            self.misplaced_note(node);
            return;
        }
        self.check_alert_name(node);
        self.out.push_str("<blockquote>\n");
        self.children(node);
        self.out.push_str("</blockquote>\n");
    }

    /// A quotation that begins with `[!` was meant as an alert.
    fn check_alert_name(&mut self, node: Node<'_>) {
        let span = self.span(node);
        let line = &self.text.source[span.start
            ..self.text.source[span.start..]
                .find('\n')
                .map_or(span.end, |end| span.start + end)];
        let Some((before, rest)) = line.split_once("[!") else {
            return;
        };
        let only_marks = before.chars().all(|c| c == '>' || c.is_whitespace());
        let Some((name, _)) = rest.split_once(']').filter(|_| only_marks) else {
            return;
        };
        if !ALERTS.contains(&name.to_ascii_uppercase().as_str()) {
            let start = span.start + before.len() + 2;
            self.report(
                start..start + name.len(),
                MarkupProblem::UnknownAlert {
                    name: name.to_owned(),
                },
            );
        }
    }

    fn alert(&mut self, node: Node<'_>, kind: AlertType, title: Option<&str>) {
        let (class, default) = match kind {
            AlertType::Note => ("note", "Note"),
            AlertType::Tip => ("tip", "Astuce"),
            AlertType::Important => ("important", "Important"),
            AlertType::Warning => ("warning", "Attention"),
            AlertType::Caution => ("caution", "Dépannage"),
        };
        self.out.push_str("<aside class=\"alert alert-");
        self.out.push_str(class);
        self.out.push_str("\"><p class=\"alert-title\">");
        match title {
            Some(title) => escape::push(&mut self.out, &crate::text::french::typeset(title)),
            None => self.out.push_str(default),
        }
        self.out.push_str("</p>\n");
        self.children(node);
        self.out.push_str("</aside>\n");
    }

    /// A block of raw HTML.
    fn raw(&mut self, node: Node<'_>, literal: &str) {
        let span = self.span(node);
        self.raw_html(literal, &span, true);
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Raw HTML that stands in the bytes `within`; `block` if it is a block of its own.
    pub fn raw_html(&mut self, literal: &str, within: &Span, block: bool) {
        let (tokens, problems) = html::tokens(literal);
        let base = self.text.find(within.clone(), literal.trim_end()).start;
        let place = |span: &Range<usize>| base + span.start..base + span.end;
        for (span, problem) in problems {
            if let MarkupProblem::Element { name } = &problem {
                if self.forbidden.contains(name) && literal[..span.start].ends_with("</") {
                    continue;
                }
                self.forbidden.push(name.clone());
            }
            self.report(place(&span), problem);
        }
        for (span, token) in tokens {
            match token {
                Token::Text(text) if block => self.out.push_str(&html::text(text)),
                Token::Text(text) => self.out.push_str(text),
                Token::Comment(comment) => self.check_comment(comment, place(&span)),
                Token::Open { name, attributes } => self.open(name, &attributes, place(&span)),
                Token::Close { name } => self.close(&name, place(&span)),
            }
        }
    }

    fn open(&mut self, name: String, attributes: &str, span: Span) {
        self.out.push('<');
        self.out.push_str(&name);
        self.out.push_str(attributes);
        self.out.push('>');
        if name != "br" {
            self.open.push((name, span));
        }
    }

    fn close(&mut self, name: &str, span: Span) {
        match self.open.last() {
            Some((open, _)) if open == name => {
                self.open.pop();
            }
            _ if html::ELEMENTS.contains(&name) => self.report(
                span,
                MarkupProblem::NotOpened {
                    name: name.to_owned(),
                },
            ),
            _ => {}
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// Comments are not written; a mark of tabs that reached this point is misplaced or misspelt.
    fn check_comment(&mut self, comment: &str, span: Span) {
        let word = comment.trim_start_matches('/').trim();
        if comment == super::tabs::END {
            self.report(span, MarkupProblem::TabsNotOpened);
        } else if word.to_lowercase().starts_with("onglet")
            || word.to_lowercase().starts_with("tabs")
        {
            self.report(span, MarkupProblem::TabsMark);
        } else if super::piece::is_like_a_mark(comment) {
            self.report(span, MarkupProblem::ScreenMark);
        }
    }

    /// Reports the raw elements that are still open.
    pub fn end(&mut self) {
        for (name, span) in std::mem::take(&mut self.open) {
            self.report(span, MarkupProblem::NotClosed { name });
        }
    }
}

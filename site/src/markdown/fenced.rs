//! Fenced blocks in a page: which block is it, is it well formed, where does its text stand.

use super::problem::SubstitutionProblem;
use super::substitution::in_code;
use super::writer::Writer;
use crate::body;
use crate::diagnostic::Span;
use crate::fence::annotation::{self, Annotated};
use crate::fence::code::{Change, CodeBlock, parse_lines, split_diff};
use crate::fence::info::{self, Info};
use crate::fence::language::Language;
use crate::fence::problem::FenceProblem;
use crate::fence::{include, schema};
use crate::markdown::link::closest_path;
use crate::text::french::typeset;
use crate::text::origin::Origin;
use crate::{quiz, simulation};
use comrak::nodes::{ListType, Node, NodeCodeBlock, NodeValue};
use std::borrow::Cow;
use std::sync::Arc;

/// Keys of a block of code.
const CODE_KEYS: [&str; 5] = ["title", "lines", "diff", "file", "anchor"];
/// Keys of a diagram.
const SCHEMA_KEYS: [&str; 2] = ["alt", "title"];

/// A fence as it stands in the text.
pub struct Fence<'n> {
    /// What stands between its first and last line.
    pub body: &'n str,
    /// Where that stands.
    pub origin: Origin,
    /// Bytes of the words after the backticks.
    info_span: Span,
}

impl Fence<'_> {
    /// Bytes in the text of the bytes `span` of the words after the backticks.
    fn in_info(&self, span: &Span) -> Span {
        self.info_span.start + span.start..self.info_span.start + span.end
    }
}

impl Writer<'_, '_, '_> {
    /// Writes the block of code `node`; says whether it took `next`, the block after it, with it (the list that explains
    /// its marks).
    pub fn fenced(&mut self, node: Node<'_>, next: Option<Node<'_>>) -> bool {
        let data = node.data();
        let NodeValue::CodeBlock(block) = &data.value else {
            return false;
        };
        if !block.fenced {
            let span = self.span(node);
            self.report(span, FenceProblem::Indented);
            return false;
        }
        let info_span = self.info_span(node, block);
        if !block.closed {
            let line = self.text.line(node.data().sourcepos.start.line);
            self.report(line, FenceProblem::NotClosed);
        }
        let fence = Fence {
            body: &block.literal,
            origin: self.body_origin(node, block),
            info_span: info_span.clone(),
        };
        let source = self.text.source;
        match info::parse(&source[info_span.clone()]) {
            Ok(info) => self.dispatch(node, &fence, &info, next),
            Err((span, problem)) => {
                self.report(
                    info_span.start + span.start..info_span.start + span.end,
                    problem,
                );
                false
            }
        }
    }

    fn dispatch(
        &mut self,
        node: Node<'_>,
        fence: &Fence<'_>,
        info: &Info<'_>,
        next: Option<Node<'_>>,
    ) -> bool {
        match info.name {
            "" => {
                let line = self.text.line(node.data().sourcepos.start.line);
                self.report(line, FenceProblem::NoLanguage);
            }
            "simulation" => {
                self.check_keys(fence, info, &[]);
                simulation::write(self, fence);
            }
            "quiz" => {
                self.check_keys(fence, info, &[]);
                quiz::write(self, fence);
            }
            "schema" => self.schema(fence, info),
            name => {
                if let Some(language) = Language::from_name(name) {
                    return self.code(fence, info, language, next);
                }
                let problem = FenceProblem::UnknownLanguage {
                    name: name.to_owned(),
                };
                self.report(fence.in_info(&info.name_span), problem);
            }
        }
        false
    }

    /// Bytes of the words after the backticks, as written.
    fn info_span(&self, node: Node<'_>, block: &NodeCodeBlock) -> Span {
        let position = node.data().sourcepos.start;
        let line = self.text.line(position.line);
        let start = self.text.span(node.data().sourcepos).start;
        let raw = &self.text.source[start..line.end.max(start)];
        let fence = char::from(block.fence_char);
        let after = raw.trim_start().trim_start_matches(fence);
        let from = start + raw.len() - after.trim_start().len();
        from..from + after.trim().len()
    }

    /// Where the lines of the block stand: the end of each is the end of its line in the file, whatever stands before it.
    fn body_origin(&self, node: Node<'_>, block: &NodeCodeBlock) -> Origin {
        let first = node.data().sourcepos.start.line + 1;
        self.text.lines_origin(first, &block.literal)
    }

    /// Reports the keys of `info` that are not in `known`.
    fn check_keys(&mut self, fence: &Fence<'_>, info: &Info<'_>, known: &'static [&'static str]) {
        for key in &info.keys {
            let problem = if !known.contains(&key.name) {
                FenceProblem::UnknownKey {
                    key: key.name.to_owned(),
                    known,
                }
            } else if let Some(name) = known
                .iter()
                .find(|name| **name == key.name && (key.value.is_none() != (**name == "diff")))
            {
                FenceProblem::ValueExpected {
                    key: name,
                    needed: *name != "diff",
                }
            } else {
                continue;
            };
            let span = fence.in_info(&key.span);
            self.report(span, problem);
        }
    }

    /// The value of a key with versions and computed values replaced, typeset.
    fn text_value(&mut self, fence: &Fence<'_>, info: &Info<'_>, name: &str) -> Option<String> {
        let key = info.key(name)?;
        let value = key.value?;
        match in_code(value, self.state.env.course) {
            Ok(text) => Some(typeset(&text)),
            Err((span, problem)) => {
                let start = fence.info_span.start + key.value_span.start;
                self.report(start + span.start..start + span.end, problem);
                None
            }
        }
    }

    fn schema(&mut self, fence: &Fence<'_>, info: &Info<'_>) {
        self.check_keys(fence, info, &SCHEMA_KEYS);
        let alt = self
            .text_value(fence, info, "alt")
            .filter(|alt| !alt.trim().is_empty());
        let title = self.text_value(fence, info, "title");
        let name = fence.in_info(&info.name_span);
        let Some(alt) = alt else {
            self.report(name, FenceProblem::NoAlt);
            return;
        };
        if fence.body.trim().is_empty() {
            self.report(name, FenceProblem::Empty);
            return;
        }
        self.state.page.counts.schemas += 1;
        schema::write(
            fence.body,
            &alt,
            title.as_deref(),
            self.state.page.counts.schemas,
            &mut self.out,
        );
    }

    fn code(
        &mut self,
        fence: &Fence<'_>,
        info: &Info<'_>,
        language: Language,
        next: Option<Node<'_>>,
    ) -> bool {
        self.check_keys(fence, info, &CODE_KEYS);
        let Some((code, file)) = self.code_source(fence, info) else {
            return false;
        };
        let Some((code, changes)) = self.diff(fence, info, code) else {
            return false;
        };
        let annotated = annotation::extract(&code);
        let list = next
            .filter(|_| !annotated.marks.is_empty())
            .filter(|next| is_ordered_list(next));
        let items = list.map_or(0, |list| list.children().count());
        if let Err(problem) = annotated.check(items) {
            self.report(fence.in_info(&info.name_span), problem);
            return false;
        }
        let highlighted = self.highlighted_lines(fence, info, &annotated);
        let title = self
            .text_value(fence, info, "title")
            .or_else(|| file_title(file));
        self.state.page.counts.codes += 1;
        self.state.page.counts.code_words += annotated.code.split_whitespace().count();
        let number = self.state.page.counts.codes;
        let block = CodeBlock {
            language,
            title,
            file,
            annotated,
            highlighted,
            changes,
            number,
        };
        block.write(self.state.env.highlighter, &mut self.out);
        if let Some(list) = list {
            self.annotations(list, &block);
        }
        list.is_some()
    }

    /// The code of the block, its own or a file's, and the file.
    fn code_source<'i>(
        &mut self,
        fence: &Fence<'_>,
        info: &Info<'i>,
    ) -> Option<(String, Option<&'i str>)> {
        let Some(file) = info.value("file") else {
            if let Some(anchor) = info.key("anchor") {
                let span = fence.in_info(&anchor.span);
                self.report(span, FenceProblem::AnchorWithoutFile);
            }
            return self
                .own_code(fence, info)
                .map(|code| (code.into_owned(), None));
        };
        if !fence.body.trim().is_empty() {
            let place = fence.origin.place(0..fence.body.trim_end().len());
            self.state.problems.push(place, FenceProblem::BodyNotEmpty);
        }
        match self.included(file, info.value("anchor")) {
            Ok(code) => Some((code, Some(file))),
            Err(problem) => {
                let at_anchor = matches!(
                    problem,
                    FenceProblem::NoSuchAnchor { .. } | FenceProblem::AnchorNotClosed { .. }
                );
                let key = info.key(if at_anchor { "anchor" } else { "file" })?;
                let span = fence.in_info(&key.value_span);
                self.report(span, problem);
                None
            }
        }
    }

    fn own_code<'n>(&mut self, fence: &Fence<'n>, info: &Info<'_>) -> Option<Cow<'n, str>> {
        if fence.body.trim().is_empty() {
            let name = fence.in_info(&info.name_span);
            self.report(name, FenceProblem::Empty);
            return None;
        }
        match in_code(fence.body, self.state.env.course) {
            Ok(code) => Some(code),
            Err((span, problem)) => {
                self.report_in_body(fence, span, problem);
                None
            }
        }
    }

    fn report_in_body(&mut self, fence: &Fence<'_>, span: Span, problem: SubstitutionProblem) {
        self.state.problems.push(fence.origin.place(span), problem);
    }

    fn included(&mut self, path: &str, anchor: Option<&str>) -> Result<String, FenceProblem> {
        let content = self.state.env.content;
        let Some(file) = content.get(path) else {
            let labs = content
                .files()
                .map(|file| &*file.path)
                .filter(|path| path.starts_with("labs/"));
            let closest = closest_path(path, labs).map(str::to_owned);
            return Err(FenceProblem::NoSuchFile {
                file: path.to_owned(),
                closest,
            });
        };
        self.state.page.depends_on.insert(Arc::clone(&file.path));
        let text = file.text().map_err(|_| FenceProblem::FileNotText {
            file: path.to_owned(),
        })?;
        include::extract(text, anchor)
    }

    fn diff(
        &mut self,
        fence: &Fence<'_>,
        info: &Info<'_>,
        code: String,
    ) -> Option<(String, Vec<Option<Change>>)> {
        if info.key("diff").is_none() {
            return Some((code, Vec::new()));
        }
        match split_diff(&code) {
            Ok(split) => Some(split),
            Err(index) => {
                let start: usize = code.split_inclusive('\n').take(index).map(str::len).sum();
                let length = code[start..].find('\n').unwrap_or(code.len() - start);
                self.state.problems.push(
                    fence.origin.place(start..start + length),
                    FenceProblem::DiffLine,
                );
                None
            }
        }
    }

    fn highlighted_lines(
        &mut self,
        fence: &Fence<'_>,
        info: &Info<'_>,
        annotated: &Annotated,
    ) -> Vec<std::ops::RangeInclusive<usize>> {
        let Some((key, value)) = info.key("lines").and_then(|key| Some((key, key.value?))) else {
            return Vec::new();
        };
        parse_lines(value, annotated.code.lines().count()).unwrap_or_else(|problem| {
            let span = fence.in_info(&key.value_span);
            self.report(span, problem);
            Vec::new()
        })
    }

    /// The list that explains the marks of `block`.
    fn annotations(&mut self, list: Node<'_>, block: &CodeBlock<'_>) {
        self.out.push_str("<ol class=\"annotations\">\n");
        let tight = matches!(&list.data().value, NodeValue::List(list) if list.tight);
        for (index, item) in list.children().enumerate() {
            self.out.push_str("<li id=\"");
            body::push_id(&mut self.out, &block.note_id(index + 1));
            self.out.push_str("\">");
            self.item_blocks(item, tight);
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol>\n");
    }
}

fn is_ordered_list(node: Node<'_>) -> bool {
    matches!(&node.data().value, NodeValue::List(list) if list.list_type == ListType::Ordered)
}

fn file_title(file: Option<&str>) -> Option<String> {
    file.and_then(|file| file.rsplit('/').next())
        .map(str::to_owned)
}

//! A page taken apart for those who check it rather than render it: the passages that a person reads as sentences, and the
//! fences, each with its place in the file.
//!
//! 1. [`read`] walks the parsed page. A paragraph, a heading or a whole table is one [`Passage`]; code is left out of it and
//!    what stands for `{{…}}` too, because neither is the author's prose.
//! 2. Quizzes, captions and titles are prose kept in TOML: their strings are read as Markdown of their own ([`strings`]).
//! 3. [`words`] cuts a passage into words as a French dictionary knows them.
//!
//! Spelling (`cargo xtask lint`) and the tests of `tests/quality` are what it is for.

mod passage;
mod strings;
pub mod words;

pub use passage::Passage;

use crate::content::{Content, has_extension};
use crate::diagnostic::Place;
use crate::fence::info;
use crate::markdown::parse;
use crate::markdown::substitution::{Piece, pieces};
use crate::markdown::writer::Text;
use crate::markdown::{html, html::Token};
use crate::text::origin::Origin;
use comrak::Arena;
use comrak::nodes::{Node, NodeCodeBlock, NodeValue};
use std::sync::Arc;

/// What a page is made of, in the order of the file.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its prose.
    pub passages: Vec<Passage>,
    /// Its fenced blocks.
    pub fences: Vec<Fence>,
    /// Sections begun so far: the number of the one that is being read.
    section: usize,
}

/// A fenced block.
#[derive(Debug)]
pub struct Fence {
    /// The words after the backticks.
    pub info: String,
    /// What stands between its first and last line.
    pub body: String,
    /// Where that stands.
    pub origin: Origin,
    /// The section it is in, as in [`Passage::section`].
    pub section: usize,
}

/// The prose of everything that a learner reads: pages, the labs' own texts, `course.toml`.
pub fn course(content: &Content) -> Vec<(Arc<str>, Reading)> {
    content
        .files()
        .filter_map(|file| {
            let text = file.text().ok()?;
            let origin = Origin::whole(&file.path);
            let reading = match &*file.path {
                "course.toml" => strings::reading(text, &origin),
                path if has_extension(path, "md") => read(text, &origin),
                _ => return None,
            };
            Some((Arc::clone(&file.path), reading))
        })
        .collect()
}

/// The Markdown text `source`, which stands at `origin`.
pub fn read(source: &str, origin: &Origin) -> Reading {
    let mut reading = Reading::default();
    markdown(source, origin, &mut reading);
    reading
}

/// Adds the Markdown text `source` to `reading`.
fn markdown(source: &str, origin: &Origin, reading: &mut Reading) {
    let arena = Arena::new();
    let root = parse(&arena, source);
    let text = Text::new(source, origin);
    for block in root.children() {
        blocks(block, &text, false, reading);
    }
}

/// Reads the block `node`; `noted` inside a footnote, which is itself a source.
fn blocks(node: Node<'_>, text: &Text<'_>, noted: bool, reading: &mut Reading) {
    match &node.data().value {
        NodeValue::Heading(heading) => {
            if heading.level <= 2 {
                reading.section += 1;
            }
            prose(node, text, noted, reading);
        }
        NodeValue::Paragraph | NodeValue::Table(_) => prose(node, text, noted, reading),
        NodeValue::CodeBlock(block) => fence(node, block, text, reading),
        NodeValue::HtmlBlock(block) => {
            let mut passage = Passage::new(text.origin.path(), reading.section);
            html_text(&block.literal, node, text, &mut passage);
            reading.passages.extend(passage.if_any());
        }
        NodeValue::FootnoteDefinition(_) => {
            for child in node.children() {
                blocks(child, text, true, reading);
            }
        }
        _ => {
            for child in node.children() {
                blocks(child, text, noted, reading);
            }
        }
    }
}

fn prose(node: Node<'_>, text: &Text<'_>, noted: bool, reading: &mut Reading) {
    let mut passage = Passage::new(text.origin.path(), reading.section);
    passage.cited = noted;
    passage.is_table = matches!(node.data().value, NodeValue::Table(_));
    inlines(node, text, &mut passage);
    reading.passages.extend(passage.if_any());
}

fn inlines(node: Node<'_>, text: &Text<'_>, passage: &mut Passage) {
    for child in node.children() {
        match &child.data().value {
            NodeValue::Text(literal) => running(child, literal, text, passage),
            NodeValue::SoftBreak | NodeValue::LineBreak => passage.gap(' '),
            NodeValue::Code(code) => passage.leave_out(&code.literal),
            NodeValue::TableCell => {
                inlines(child, text, passage);
                passage.gap('\n');
            }
            NodeValue::FootnoteReference(_) => passage.cited = true,
            NodeValue::Link(link) => {
                passage.cited |= link.url.starts_with("http");
                let bare = child.first_child().is_some_and(|only| {
                    matches!(&only.data().value, NodeValue::Text(shown) if link.url.ends_with(&**shown))
                });
                if !bare {
                    inlines(child, text, passage);
                }
            }
            NodeValue::HtmlInline(html) => html_text(html, child, text, passage),
            _ => inlines(child, text, passage),
        }
    }
}

/// Running text: as parsed where it stands so in the file, else as written.
fn running(node: Node<'_>, literal: &str, text: &Text<'_>, passage: &mut Passage) {
    let mut span = text.find(text.span(node.data().sourcepos), literal);
    if text.source[span.clone()] != *literal {
        // In a table's cell, columns count `\|` as one.
        let escaped = text.source[span.clone()].matches("\\|").count();
        span.end = (span.end + escaped).min(text.source.len());
    }
    let written = text.source.get(span.clone()).unwrap_or_default();
    let mut at = span.start;
    for piece in pieces(written) {
        let length = match piece {
            Piece::Text(shown) => {
                // A heading may end in the name of its anchor.
                let words = shown.split("{#").next().unwrap_or(shown);
                passage.push(words, text.origin.place(at..at + words.len()).start);
                shown.len()
            }
            Piece::Braces(inner) => {
                passage.leave_out(inner);
                inner.len() + 4
            }
            Piece::Open(rest) => rest.len(),
        };
        at += length;
    }
}

/// The text between the tags of `html`.
fn html_text(html: &str, node: Node<'_>, text: &Text<'_>, passage: &mut Passage) {
    let span = text.span(node.data().sourcepos);
    for (_, token) in html::tokens(html).0 {
        if let Token::Text(shown) = token {
            for line in shown.lines().filter(|line| !line.trim().is_empty()) {
                let place = text.find(span.clone(), line);
                passage.push(line, text.origin.place(place).start);
                passage.gap(' ');
            }
        }
    }
}

/// Reads a fence: its titles are prose, and so are the sentences of a quiz or a simulation.
fn fence(node: Node<'_>, block: &NodeCodeBlock, text: &Text<'_>, reading: &mut Reading) {
    let first = node.data().sourcepos.start.line;
    let info_line = text.line(first);
    if let Ok(info) = info::parse(&block.info) {
        for key in ["title", "alt"] {
            if let Some(value) = info.key(key).and_then(|key| key.value) {
                let start = text.find(info_line.clone(), value).start;
                let origin = text.origin.of_lines(value, &[start]);
                strings::plain(value, &origin, reading);
            }
        }
    }
    let fence = Fence {
        info: block.info.clone(),
        body: block.literal.clone(),
        origin: text.lines_origin(first + 1, &block.literal),
        section: reading.section,
    };
    let name = block.info.split_whitespace().next().unwrap_or_default();
    if matches!(name, "quiz" | "simulation") {
        strings::sentences(&fence.body, &fence.origin, reading);
    }
    reading.fences.push(fence);
}

/// Line and column of `place`, from 1, in characters.
pub fn line_column(content: &Content, place: &Place) -> (usize, usize) {
    let bytes = content
        .get(&place.path)
        .map_or(&[][..], |file| &file.bytes[..]);
    let before = &bytes[..place.start.min(bytes.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let column = String::from_utf8_lossy(&before[line_start..])
        .chars()
        .count()
        + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(source: &str) -> Reading {
        read(source, &Origin::whole(&Arc::from("a.md")))
    }

    fn texts(source: &str) -> Vec<String> {
        let reading = reading(source);
        reading
            .passages
            .iter()
            .map(|passage| passage.text().trim().to_owned())
            .collect()
    }

    #[test]
    fn prose_without_code_addresses_and_substitutions() {
        assert_eq!(
            texts(
                "# Un *titre*\n\nDu `code`, {{version.kafka}} et [un lien](https://x.invalid).\nhttps://y.invalid\n"
            ),
            ["Un titre", "Du \u{FFFC}, \u{FFFC} et un lien."]
        );
        assert_eq!(texts("## Règle {#regle}\n"), ["Règle"]);
        assert_eq!(
            texts("<details>\n<summary>Voir</summary>\n\nLe reste.\n"),
            ["Voir", "Le reste."]
        );
    }

    #[test]
    fn sentences_of_quizzes_and_titles_of_fences() {
        let source = "- liste\n\n  ```quiz\n  id = \"x\"\n  [[question]]\n  type = \"single\"\n  prompt = \"Combien de **pages** ?\"\n  ```\n\n```csharp title=\"Une boucle\"\nx\n```\n";
        let reading = reading(source);
        let found: Vec<_> = reading.passages.iter().map(Passage::text).collect();
        assert_eq!(found, ["liste", "Combien de pages ?", "Une boucle"]);
        let place = reading.passages[1].place(11..16);
        assert_eq!(&source[place.start..place.end], "pages");
        assert_eq!(reading.fences.len(), 2);
        let body = reading.fences[1].origin.place(0..1);
        assert_eq!(&source[body.start..body.end], "x");
    }

    #[test]
    fn a_passage_knows_its_source_and_its_section() {
        let reading = reading(
            "# A\n\nCinq.[^a]\n\n## B\n\n[x](page.md)\n\n| a | b |\n|---|---|\n| 1 | [s](https://x.invalid) |\n\n[^a]: Mesuré.\n",
        );
        let cited: Vec<_> = reading
            .passages
            .iter()
            .map(|p| (p.section, p.cited, p.is_table))
            .collect();
        assert_eq!(
            cited,
            [
                (1, false, false),
                (1, true, false),
                (2, false, false),
                (2, false, false),
                (2, true, true),
                (2, true, false)
            ]
        );
    }
}

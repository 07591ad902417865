//! Prose kept in TOML: the sentences of a quiz or a simulation, the titles and definitions of `course.toml`.

use super::{Passage, Reading, markdown};
use crate::diagnostic::Span;
use crate::text::origin::Origin;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys whose value is a sentence; all others are settings, ids, addresses, and the glossary's English terms.
const SENTENCES: [&str; 10] = [
    "title",
    "subtitle",
    "description",
    "definition",
    "caption",
    "question",
    "prompt",
    "text",
    "feedback",
    "explanation",
];
/// Keys that name a variant of a simulation, shown as they are.
const NAMES: [&str; 2] = ["name", "unit"];

/// The sentences of the TOML file `text`.
pub(super) fn reading(text: &str, origin: &Origin) -> Reading {
    let mut reading = Reading::default();
    sentences(text, origin, &mut reading);
    reading
}

/// Adds the sentences of the TOML text `text`; a malformed text has none, the generator reports it.
pub(super) fn sentences(text: &str, origin: &Origin, reading: &mut Reading) {
    if let Ok(table) = DeTable::parse(text) {
        walk(table.get_ref(), text, origin, reading);
    }
}

fn walk(table: &DeTable<'_>, text: &str, origin: &Origin, reading: &mut Reading) {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        visit(key.get_ref(), value, text, origin, reading);
    }
}

fn visit(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    text: &str,
    origin: &Origin,
    reading: &mut Reading,
) {
    match value.get_ref() {
        DeValue::String(string) if SENTENCES.contains(&key) || NAMES.contains(&key) => {
            let span: Span = value.span();
            markdown(string, &origin.of_value(text, span, string), reading);
        }
        DeValue::Array(items) => {
            for item in items {
                visit(key, item, text, origin, reading);
            }
        }
        DeValue::Table(table) => walk(table, text, origin, reading),
        _ => {}
    }
}

/// Adds `text`, which is a sentence without markup.
pub(super) fn plain(text: &str, origin: &Origin, reading: &mut Reading) {
    let mut passage = Passage::new(origin.path(), reading.section);
    passage.push(text, origin.place(0..text.len()).start);
    reading.passages.push(passage);
}

//! Takes values out of TOML tables, and notes every fault with its place instead of stopping at the first.

use super::syntax::translate;
use crate::scenario::{Place, ScenarioError, ScenarioErrorKind};
use crate::text::closest;
use crate::time::{Duration, Instant};
use crate::units;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A piece of the text, in bytes.
pub(super) type Span = Range<usize>;

/// The text and what is wrong with it.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) errors: Vec<ScenarioError>,
}

/// A table, under the name that faults give it.
#[derive(Clone, Copy)]
pub(super) struct Table<'d, 't> {
    pub(super) within: &'static str,
    pub(super) fields: &'d DeTable<'t>,
    /// Where a fault about the table as a whole is shown.
    pub(super) start: usize,
}

impl<'d, 't> Table<'d, 't> {
    /// The value of a key.
    pub(super) fn get(self, key: &str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.fields.get(key)
    }

    /// The place of a key's value, else of the table.
    pub(super) fn span_of(self, key: &str) -> Span {
        self.get(key).map_or(self.start..self.start, Spanned::span)
    }
}

impl<'t> Reader<'t> {
    /// Parses the text. Its syntax errors are noted, and what can be read of it is given.
    pub(super) fn parse(text: &'t str) -> (Self, DeTable<'t>) {
        let (document, faults) = DeTable::parse_recoverable(text);
        let mut reader = Self {
            text,
            errors: Vec::new(),
        };
        for fault in faults {
            let span = fault.span().unwrap_or(text.len()..text.len());
            reader.fault(span, ScenarioErrorKind::Syntax(translate(fault.message())));
        }
        (reader, document.into_inner())
    }

    pub(super) fn fault(&mut self, span: Span, kind: ScenarioErrorKind) {
        self.errors.push(ScenarioError::new(self.place(span), kind));
    }

    /// Line, column and length in characters; of a piece over several lines, its first one.
    pub(super) fn place(&self, span: Span) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let piece = self.text.get(span).unwrap_or_default();
        let first_line = piece.lines().next().unwrap_or_default();
        Place {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            length: first_line.chars().count().max(1),
        }
    }

    /// The place of what is between the quotes of a text, if it is written there as it is read; else of the whole.
    pub(super) fn place_inside(&self, span: Span, value: &str) -> Place {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let inside = written.get(1..written.len().saturating_sub(1));
        if inside == Some(value) {
            self.place(span.start + 1..span.end - 1)
        } else {
            self.place(span)
        }
    }

    /// Notes the keys that mean nothing in this table.
    pub(super) fn only(&mut self, table: Table<'_, '_>, known: &[&'static str]) {
        for key in table.fields.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                self.fault(key.span(), unknown_key(name, table.within, known));
            }
        }
    }

    /// Notes that a key is missing.
    pub(super) fn missing(&mut self, table: Table<'_, '_>, key: &'static str) {
        let kind = ScenarioErrorKind::MissingKey {
            key,
            within: table.within,
        };
        self.fault(header(self.text, table.start), kind);
    }

    /// Notes that not exactly one of these keys is there.
    pub(super) fn not_exactly_one(&mut self, table: Table<'_, '_>, keys: &'static [&'static str]) {
        let kind = ScenarioErrorKind::ExactlyOne {
            keys,
            within: table.within,
        };
        self.fault(header(self.text, table.start), kind);
    }

    pub(super) fn text<'d>(
        &mut self,
        table: Table<'d, '_>,
        key: &'static str,
    ) -> Option<(&'d str, Span)> {
        let value = table.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            return self.wrong_type(key, value, "un texte entre guillemets");
        };
        if text.trim().is_empty() {
            self.fault(value.span(), ScenarioErrorKind::EmptyText(key));
            return None;
        }
        Some((text, value.span()))
    }

    /// A text that must be there.
    pub(super) fn required_text<'d>(
        &mut self,
        table: Table<'d, '_>,
        key: &'static str,
    ) -> Option<(&'d str, Span)> {
        if table.get(key).is_none() {
            self.missing(table, key);
        }
        self.text(table, key)
    }

    /// A whole number from `min` to `max`.
    pub(super) fn integer(
        &mut self,
        table: Table<'_, '_>,
        key: &'static str,
        min: i64,
        max: i64,
    ) -> Option<i64> {
        let value = table.get(key)?;
        let Some(number) = integer(value.get_ref()) else {
            return self.wrong_type(key, value, "un nombre entier");
        };
        if !(min..=max).contains(&number) {
            self.fault(
                value.span(),
                ScenarioErrorKind::OutOfRange { key, min, max },
            );
            return None;
        }
        Some(number)
    }

    pub(super) fn flag(&mut self, table: Table<'_, '_>, key: &'static str) -> Option<bool> {
        let value = table.get(key)?;
        match value.get_ref().as_bool() {
            Some(flag) => Some(flag),
            None => self.wrong_type(key, value, "true ou false"),
        }
    }

    pub(super) fn duration(&mut self, table: Table<'_, '_>, key: &'static str) -> Option<Duration> {
        let (text, span) = self.text(table, key)?;
        match units::parse_duration(text) {
            Ok(duration) => Some(duration),
            Err(error) => {
                self.fault(span, ScenarioErrorKind::Unit { key, error });
                None
            }
        }
    }

    pub(super) fn instant(&mut self, table: Table<'_, '_>, key: &'static str) -> Option<Instant> {
        self.duration(table, key)
            .map(|since_start| Instant::ZERO + since_start)
    }

    /// The table under a key.
    pub(super) fn table<'d, 'v>(
        &mut self,
        table: Table<'d, 'v>,
        key: &'static str,
        within: &'static str,
    ) -> Option<Table<'d, 'v>> {
        let value = table.get(key)?;
        match value.get_ref().as_table() {
            Some(fields) => Some(Table {
                within,
                fields,
                start: value.span().start,
            }),
            None => self.wrong_type(key, value, "une table de clés"),
        }
    }

    /// The tables of a list of tables (`[[key]]`).
    pub(super) fn tables<'d, 'v>(
        &mut self,
        table: Table<'d, 'v>,
        key: &'static str,
        within: &'static str,
    ) -> Vec<Table<'d, 'v>> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type::<()>(key, value, "une liste de tables, écrite avec deux crochets");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref().as_table() {
                Some(fields) => tables.push(Table {
                    within,
                    fields,
                    start: item.span().start,
                }),
                None => self
                    .wrong_type(key, item, "une table de clés")
                    .unwrap_or_default(),
            }
        }
        tables
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, table: Table<'_, '_>, key: &'static str) -> Option<Vec<String>> {
        let value = table.get(key)?;
        let Some(items) = value.get_ref().as_array() else {
            return self.wrong_type(key, value, "une liste de textes");
        };
        let texts: Vec<_> = items.iter().map(|item| self.item(key, item)).collect();
        texts.into_iter().collect()
    }

    fn item(&mut self, key: &'static str, item: &Spanned<DeValue<'_>>) -> Option<String> {
        match item.get_ref().as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.wrong_type(key, item, "une liste de textes"),
        }
    }

    /// Notes that a value has the wrong type.
    pub(super) fn wrong_type<T>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &'static str,
    ) -> Option<T> {
        let kind = ScenarioErrorKind::WrongType {
            key: key.to_owned(),
            expected,
            found: french_type(value.get_ref()),
        };
        self.fault(value.span(), kind);
        None
    }
}

/// A key that means nothing here, and the known one that looks like it.
pub(super) fn unknown_key(
    key: &str,
    within: &'static str,
    known: &[&'static str],
) -> ScenarioErrorKind {
    ScenarioErrorKind::UnknownKey {
        key: key.to_owned(),
        within,
        closest: closest(key, known.iter().copied()),
        known: known.to_vec(),
    }
}

/// A whole number, if it is one that fits.
pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn french_type(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "un texte",
        DeValue::Integer(_) => "un nombre entier",
        DeValue::Float(_) => "un nombre à virgule",
        DeValue::Boolean(_) => "un booléen",
        DeValue::Datetime(_) => "une date",
        DeValue::Array(_) => "une liste",
        DeValue::Table(_) => "une table",
    }
}

/// The line on which a table begins, from there on.
fn header(text: &str, start: usize) -> Span {
    let end = text
        .get(start..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |length| start + length);
    start..end
}

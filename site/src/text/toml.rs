//! TOML read key by key, each problem at its place, all problems in one go.
//!
//! 1. [`parse`] reports every syntax error.
//! 2. The caller takes the keys it knows from a [`Table`] with the methods named after their types.
//! 3. [`Table::finish`] reports the keys that nobody took.

use crate::diagnostic::{Diagnostics, Span};
use crate::text::origin::Origin;
use crate::text::problem::TomlProblem;
use std::cell::RefCell;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// A table whose keys are taken one by one.
pub struct Table<'t, 'i> {
    entries: Vec<(
        &'t Spanned<std::borrow::Cow<'i, str>>,
        &'t Spanned<DeValue<'i>>,
    )>,
    span: Span,
    asked: RefCell<Vec<&'static str>>,
    context: Context<'t>,
}

/// Where the text stands, and where problems go.
#[derive(Clone, Copy)]
pub struct Context<'t> {
    /// The TOML text.
    pub text: &'t str,
    /// Its place.
    pub origin: &'t Origin,
    /// Problems found.
    pub problems: &'t RefCell<Diagnostics>,
}

impl Context<'_> {
    /// Reports `problem` at the bytes `span` of the TOML text.
    pub fn report(&self, span: Span, problem: impl Into<crate::diagnostic::Problem>) {
        self.problems
            .borrow_mut()
            .push(self.origin.place(span), problem);
    }

    /// The origin of `value`, decoded from the bytes `span` of the TOML text.
    pub fn origin_of(&self, span: &Span, value: &str) -> Origin {
        self.origin.of_value(self.text, span.clone(), value)
    }
}

/// A value taken from a table, with its place.
#[derive(Clone, Debug)]
pub struct Taken<T> {
    /// The value.
    pub value: T,
    /// Bytes of the value in the TOML text (a string's quotes included).
    pub span: Span,
}

/// Parses `text`; `None` after reporting if it is not TOML.
pub fn parse<'i>(
    text: &'i str,
    origin: &Origin,
    problems: &RefCell<Diagnostics>,
) -> Option<Spanned<DeTable<'i>>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(table);
    }
    for error in &errors {
        let span = error.span().unwrap_or(0..text.len());
        problems
            .borrow_mut()
            .push(origin.place(span), TomlProblem::Syntax(in_french(error)));
    }
    None
}

impl<'t, 'i> Table<'t, 'i> {
    /// The keys of `table`; `span` is its place in the text, underlined when a key is missing.
    pub fn new(table: &'t DeTable<'i>, span: Span, context: Context<'t>) -> Self {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        Self {
            entries,
            span,
            asked: RefCell::default(),
            context,
        }
    }

    /// Where the text stands, and where problems go.
    pub fn context(&self) -> Context<'t> {
        self.context
    }

    /// Bytes of the table in the text.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Reports `problem` at the bytes `span` of the TOML text.
    pub fn report(&self, span: Span, problem: impl Into<crate::diagnostic::Problem>) {
        self.context.report(span, problem);
    }

    fn take(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.asked.borrow_mut().push(key);
        self.entries
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| *value)
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'i>>, expected: &'static str) {
        self.report(
            value.span(),
            TomlProblem::WrongType {
                key: key.to_owned(),
                expected,
            },
        );
    }

    /// The text at `key`, if it is there.
    pub fn text(&self, key: &'static str) -> Option<Taken<String>> {
        let value = self.take(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, value, "un texte entre guillemets");
        }
        text.map(|text| Taken {
            value: text.to_owned(),
            span: value.span(),
        })
    }

    /// The text at `key`, which must be there and not be empty.
    pub fn required_text(&self, key: &'static str) -> Option<Taken<String>> {
        if !self.has(key) {
            self.missing(key);
        }
        let taken = self.text(key)?;
        if taken.value.trim().is_empty() {
            self.report(
                taken.span,
                TomlProblem::Empty {
                    key: key.to_owned(),
                },
            );
            return None;
        }
        Some(taken)
    }

    /// The whole number at `key`, if it is there and in `range`.
    pub fn integer(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<Taken<i64>> {
        let value = self.take(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        let Some(number) = number else {
            self.wrong_type(key, value, "un nombre entier");
            return None;
        };
        if !range.contains(&number) {
            self.report(
                value.span(),
                TomlProblem::OutOfRange {
                    min: *range.start(),
                    max: *range.end(),
                },
            );
            return None;
        }
        Some(Taken {
            value: number,
            span: value.span(),
        })
    }

    /// The whole number at `key`, which must be there.
    pub fn required_integer(
        &self,
        key: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<Taken<i64>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.integer(key, range)
    }

    /// The number at `key`, whole or not, if it is there.
    pub fn number(&self, key: &'static str) -> Option<Taken<f64>> {
        let value = self.take(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(key, value, "un nombre");
        }
        number.map(|number| Taken {
            value: number,
            span: value.span(),
        })
    }

    /// The boolean at `key`, if it is there.
    pub fn boolean(&self, key: &'static str) -> Option<Taken<bool>> {
        let value = self.take(key)?;
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            self.wrong_type(key, value, "true ou false");
        }
        boolean.map(|boolean| Taken {
            value: boolean,
            span: value.span(),
        })
    }

    /// One of `choices` at `key`, which must be there: its index.
    pub fn required_choice(
        &self,
        key: &'static str,
        choices: &[&'static str],
    ) -> Option<Taken<usize>> {
        let taken = self.required_text(key)?;
        let index = choices.iter().position(|choice| *choice == taken.value);
        if index.is_none() {
            self.report(
                taken.span.clone(),
                TomlProblem::NotAllowed {
                    value: taken.value,
                    allowed: choices.to_vec(),
                },
            );
        }
        index.map(|index| Taken {
            value: index,
            span: taken.span,
        })
    }

    /// The list of texts at `key`; empty if it is not there.
    pub fn texts(&self, key: &'static str) -> Vec<Taken<String>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "une liste de textes");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Taken {
                    value: text.to_owned(),
                    span: item.span(),
                }),
                None => self.wrong_type(key, item, "un texte entre guillemets"),
            }
        }
        texts
    }

    /// The table at `key`, if it is there.
    pub fn table(&self, key: &'static str) -> Option<Table<'t, 'i>> {
        let value = self.take(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, value, "une table");
        }
        table.map(|table| Table::new(table, value.span(), self.context))
    }

    /// The tables at `key` (`[[key]]`); empty if there are none.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'t, 'i>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "une liste de tables [[…]]");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array {
            match item.get_ref().as_table() {
                Some(table) => tables.push(Table::new(table, item.span(), self.context)),
                None => self.wrong_type(key, item, "une table [[…]]"),
            }
        }
        tables
    }

    /// All entries as texts, for tables whose keys are free; what is no text is reported.
    pub fn free_texts(&self) -> Vec<(Taken<String>, Taken<String>)> {
        let mut texts = Vec::new();
        for (key, value) in &self.entries {
            let name = Taken {
                value: key.get_ref().to_string(),
                span: key.span(),
            };
            match value.get_ref().as_str() {
                Some(text) => texts.push((
                    name,
                    Taken {
                        value: text.to_owned(),
                        span: value.span(),
                    },
                )),
                None => self.wrong_type(&name.value, value, "un texte entre guillemets"),
            }
        }
        texts
    }

    /// All entries as tables, for tables whose keys are free; what is no table is reported.
    pub fn free_tables(&self) -> Vec<(Taken<String>, Table<'t, 'i>)> {
        let mut tables = Vec::new();
        for (key, value) in &self.entries {
            let name = Taken {
                value: key.get_ref().to_string(),
                span: key.span(),
            };
            match value.get_ref().as_table() {
                Some(table) => tables.push((name, Table::new(table, key.span(), self.context))),
                None => self.wrong_type(&name.value, value, "une table"),
            }
        }
        tables
    }

    /// True if `key` is there.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// Bytes of the key `key` itself, or of the table if it is not there.
    pub fn key_span(&self, key: &str) -> Span {
        self.entries
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map_or_else(|| self.span(), |(name, _)| name.span())
    }

    /// Reports that `key` is missing.
    pub fn missing(&self, key: &'static str) {
        self.report(self.span(), TomlProblem::MissingKey { key });
    }

    /// Reports the keys that were never asked for.
    pub fn finish(self) {
        let known = self.asked.borrow();
        for (key, _) in &self.entries {
            if !known.iter().any(|name| name == key.get_ref()) {
                let problem = TomlProblem::UnknownKey {
                    key: key.get_ref().to_string(),
                    known: known.clone(),
                };
                self.report(key.span(), problem);
            }
        }
    }
}

/// Beginnings of the parser's reasons, and how to say them in French.
const REASONS: [(&str, &str); 21] = [
    ("duplicate key", "clé déjà donnée"),
    ("string values must be quoted", "texte sans guillemets"),
    ("missing value", "valeur absente"),
    ("key with no value", "clé sans valeur"),
    ("missing assignment", "« = » absent"),
    ("extra assignment", "« = » en trop"),
    ("extra `=`", "« = » en trop"),
    ("unclosed array", "« ] » absent"),
    ("unclosed table", "« ] » absent"),
    ("unclosed inline table", "« } » absent"),
    ("missing comma", "virgule absente"),
    ("extra comma", "virgule en trop"),
    ("invalid basic string", "texte sans guillemet final"),
    (
        "invalid multi-line basic string",
        "texte sans guillemets finaux",
    ),
    ("invalid literal string", "texte sans apostrophe finale"),
    (
        "missing escaped value",
        "« \\ » suivi d'un caractère inattendu",
    ),
    ("missing opening quote", "guillemet absent"),
    ("invalid unquoted key", "caractère interdit dans une clé"),
    ("unquoted keys cannot be empty", "clé vide"),
    ("unexpected key or value", "clé ou valeur inattendue"),
    ("unexpected content", "texte inattendu"),
];

/// The parser's reason, in French.
fn in_french(error: &Error) -> &'static str {
    let message = error.message();
    REASONS
        .iter()
        .find(|(english, _)| message.contains(english))
        .map_or("syntaxe invalide ici", |(_, french)| french)
}

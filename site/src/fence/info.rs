//! The first line of a fence: a name, then keys with or without a value, `csharp title="Program.cs" lines="3-5" diff`.

use super::problem::FenceProblem;
use crate::diagnostic::Span;

/// What stands after the backticks; all spans are byte ranges of that text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info<'a> {
    /// The first word.
    pub name: &'a str,
    /// Its place.
    pub name_span: Span,
    /// The keys, in order.
    pub keys: Vec<Key<'a>>,
}

/// A key of a fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// Its name.
    pub name: &'a str,
    /// Place of the name.
    pub span: Span,
    /// What stands between the quotes, `None` for a key alone.
    pub value: Option<&'a str>,
    /// Place of the value without its quotes; of the name, if there is none.
    pub value_span: Span,
}

impl<'a> Info<'a> {
    /// The key `name`.
    pub fn key(&self, name: &str) -> Option<&Key<'a>> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The value of the key `name`.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.key(name).and_then(|key| key.value)
    }
}

/// Reads `text`.
///
/// # Errors
/// The first malformed key, with its place in `text`.
pub fn parse(text: &str) -> Result<Info<'_>, (Span, FenceProblem)> {
    let mut cursor = Cursor { text, at: 0 };
    cursor.skip_spaces();
    let name_span = cursor.word(char::is_whitespace);
    let mut info = Info {
        name: &text[name_span.clone()],
        name_span,
        keys: Vec::new(),
    };
    loop {
        cursor.skip_spaces();
        if cursor.at == text.len() {
            return Ok(info);
        }
        let key = cursor.key()?;
        if info.key(key.name).is_some() {
            return Err((
                key.span,
                FenceProblem::KeyTwice {
                    key: key.name.to_owned(),
                },
            ));
        }
        info.keys.push(key);
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Advances to the first character that ends the word; says what was passed.
    fn word(&mut self, ends: impl Fn(char) -> bool) -> Span {
        let start = self.at;
        self.at += self.rest().find(ends).unwrap_or(self.rest().len());
        start..self.at
    }

    fn key(&mut self) -> Result<Key<'a>, (Span, FenceProblem)> {
        let span = self.word(|c| c.is_whitespace() || c == '=');
        let name = &self.text[span.clone()];
        let plausible = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if !plausible {
            let end = self.at.max(span.start + 1);
            return Err((span.start..end, FenceProblem::MalformedKey));
        }
        if !self.rest().starts_with('=') {
            return Ok(Key {
                name,
                value: None,
                value_span: span.clone(),
                span,
            });
        }
        self.at += 1;
        let value_span = self.quoted(&span)?;
        Ok(Key {
            name,
            span,
            value: Some(&self.text[value_span.clone()]),
            value_span,
        })
    }

    fn quoted(&mut self, key: &Span) -> Result<Span, (Span, FenceProblem)> {
        if !self.rest().starts_with('"') {
            let value = self.word(char::is_whitespace);
            return Err((key.start..value.end, FenceProblem::UnquotedValue));
        }
        let start = self.at + 1;
        match self.text[start..].find('"') {
            Some(length) => {
                self.at = start + length + 1;
                Ok(start..start + length)
            }
            None => Err((key.start..self.text.len(), FenceProblem::UnclosedValue)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_are_read_with_their_places() {
        let info = parse(r#"csharp title="Mon Program.cs" diff lines="3-5,8""#).unwrap();
        assert_eq!(info.name, "csharp");
        assert_eq!(info.value("title"), Some("Mon Program.cs"));
        assert_eq!(info.value("lines"), Some("3-5,8"));
        assert_eq!(info.key("diff").map(|key| key.value), Some(None));
        assert_eq!(
            info.key("lines").map(|key| key.value_span.clone()),
            Some(42..47)
        );
        assert_eq!(parse("").unwrap().name, "");
    }

    #[test]
    fn malformed_keys_are_pointed_at() {
        assert_eq!(
            parse("yaml title=x"),
            Err((5..12, FenceProblem::UnquotedValue))
        );
        assert_eq!(
            parse("yaml title=\"x"),
            Err((5..13, FenceProblem::UnclosedValue))
        );
        assert_eq!(parse("yaml {1}"), Err((5..8, FenceProblem::MalformedKey)));
        assert_eq!(
            parse("yaml a=\"1\" a=\"2\""),
            Err((11..12, FenceProblem::KeyTwice { key: "a".into() }))
        );
    }
}

//! JSON as the server writes it, read by hand: the derived readers of all types would weigh more than the pictures drawn from
//! them. Tests hold these readers to what the derived writers write.
//!
//! 1. [`parse`] makes a tree of a text.
//! 2. [`live`] reads the types of the engine out of such a tree. Anything missing or of another kind gives `None`: nothing is
//!    half-read.

pub(crate) mod live;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A whole number too large for the other kind.
    Large(u64),
    /// Any other number, which nothing here reads.
    Fraction,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A field of an object; `None` if there is none, or if it is `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, value)| value)
                .filter(|value| **value != Self::Null),
            _ => None,
        }
    }

    /// The only field of an object, as an enum's variant is written; a text stands for a variant without fields.
    pub(crate) fn variant(&self) -> Option<(&str, &Self)> {
        match self {
            Self::Text(name) => Some((name, &Self::Null)),
            Self::Object(fields) => fields.first().map(|(name, value)| (name.as_str(), value)),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn natural(&self) -> Option<u64> {
        match self {
            Self::Large(number) => Some(*number),
            _ => u64::try_from(self.whole()?).ok(),
        }
    }

    pub(crate) fn small(&self) -> Option<u32> {
        u32::try_from(self.whole()?).ok()
    }

    pub(crate) fn int(&self) -> Option<i32> {
        i32::try_from(self.whole()?).ok()
    }

    pub(crate) fn flag(&self) -> bool {
        *self == Self::Flag(true)
    }
}

/// Reads a text that is one value and nothing else.
pub(crate) fn parse(text: &str) -> Option<Json> {
    let mut reader = Reader {
        rest: text,
        depth: 0,
    };
    let value = reader.value()?;
    reader.skip_spaces();
    reader.rest.is_empty().then_some(value)
}

/// Deepest nesting that is read.
const MAX_DEPTH: u32 = 32;

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl Reader<'_> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_spaces();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Option<Json> {
        self.skip_spaces();
        match self.rest.as_bytes().first()? {
            b'"' => self.string().map(Json::Text),
            b'[' => self.nested(Self::items),
            b'{' => self.nested(Self::fields),
            b't' => self.take("true").then_some(Json::Flag(true)),
            b'f' => self.take("false").then_some(Json::Flag(false)),
            b'n' => self.take("null").then_some(Json::Null),
            _ => self.number(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Json>) -> Option<Json> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.rest = &self.rest[1..];
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn items(&mut self) -> Option<Json> {
        let mut items = Vec::new();
        if self.take("]") {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.take("]") {
                return Some(Json::List(items));
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    fn fields(&mut self) -> Option<Json> {
        let mut fields = Vec::new();
        if self.take("}") {
            return Some(Json::Object(fields));
        }
        loop {
            self.skip_spaces();
            let name = self.string()?;
            if !self.take(":") {
                return None;
            }
            fields.push((name, self.value()?));
            if self.take("}") {
                return Some(Json::Object(fields));
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let end = self
            .rest
            .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        if let Ok(whole) = digits.parse() {
            return Some(Json::Whole(whole));
        }
        if let Ok(large) = digits.parse() {
            return Some(Json::Large(large));
        }
        digits.contains(['.', 'e', 'E']).then_some(Json::Fraction)
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut rest = self.rest.strip_prefix('"')?;
        loop {
            let special = rest.find(['"', '\\'])?;
            text.push_str(&rest[..special]);
            rest = &rest[special..];
            if let Some(after) = rest.strip_prefix('"') {
                self.rest = after;
                return Some(text);
            }
            let (character, after) = escape(&rest[1..])?;
            text.push(character);
            rest = after;
        }
    }
}

/// The character that an escape stands for, after its backslash, and what follows it.
fn escape(text: &str) -> Option<(char, &str)> {
    let kind = text.chars().next()?;
    let rest = &text[kind.len_utf8()..];
    let character = match kind {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        '"' | '\\' | '/' => kind,
        'u' => return unicode(rest),
        _ => return None,
    };
    Some((character, rest))
}

/// `XXXX`, or `XXXX\uXXXX` for a pair of surrogates.
fn unicode(text: &str) -> Option<(char, &str)> {
    let unit = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let (first, rest) = (unit(text)?, &text[4..]);
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, rest));
    }
    let rest = rest.strip_prefix("\\u")?;
    let second = unit(rest)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    let code = 0x1_0000 + ((first - 0xd800) << 10) + second;
    Some((char::from_u32(code)?, &rest[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_each_kind_are_read() {
        let read = parse(
            r#" {"a": [1, -2, true, null], "b": "é\n\u00e9\ud83d\ude00\"", "c": 1.5e3, "d": {}} "#,
        )
        .unwrap();
        let items = read.get("a").and_then(Json::list).unwrap();
        assert_eq!(
            items,
            [
                Json::Whole(1),
                Json::Whole(-2),
                Json::Flag(true),
                Json::Null
            ]
        );
        assert_eq!(read.get("b").and_then(Json::text), Some("é\né😀\""));
        assert_eq!(read.get("c"), Some(&Json::Fraction));
        assert_eq!(
            parse("18446744073709551615").and_then(|n| n.natural()),
            Some(u64::MAX)
        );
        assert_eq!(parse("[]"), Some(Json::List(Vec::new())));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        for text in [
            "",
            "{",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "nul",
            "1 2",
            "-",
            &deep,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

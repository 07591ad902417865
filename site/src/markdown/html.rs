//! Raw HTML: a few harmless elements, nothing that styles or runs.

use super::problem::MarkupProblem;
use crate::text::french::typeset;
use std::ops::Range;

/// Elements that may be written as HTML.
pub const ELEMENTS: [&str; 7] = ["abbr", "br", "details", "kbd", "sub", "summary", "sup"];

/// Problems with their bytes.
type Found = Vec<(Range<usize>, MarkupProblem)>;
/// Tokens with their bytes.
type Tokens<'a> = Vec<(Range<usize>, Token<'a>)>;

/// A piece of raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text between tags.
    Text(&'a str),
    /// A comment, without its marks.
    Comment(&'a str),
    /// `<name …>`
    Open {
        /// Its name, in lower case.
        name: String,
        /// Its attributes, normalised, with a leading space each.
        attributes: String,
    },
    /// `</name>`
    Close {
        /// Its name, in lower case.
        name: String,
    },
}

/// Tokens of `html` with their bytes, and the problems in them.
pub fn tokens(html: &str) -> (Tokens<'_>, Found) {
    let mut tokens = Vec::new();
    let mut problems = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        let length = if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(rest.len(), |end| end + 3);
            let inner = rest[..length]
                .trim_start_matches("<!--")
                .trim_end_matches("-->")
                .trim();
            tokens.push((at..at + length, Token::Comment(inner)));
            length
        } else if rest.starts_with('<') {
            let length = tag_length(rest);
            match tag(&rest[..length], &mut problems, at) {
                Some(token) => tokens.push((at..at + length, token)),
                None => problems.push((at..at + length, MarkupProblem::MalformedTag)),
            }
            length
        } else {
            let length = rest.find('<').unwrap_or(rest.len());
            tokens.push((at..at + length, Token::Text(&rest[..length])));
            length
        };
        at += length;
    }
    (tokens, problems)
}

/// Bytes of the tag at the start of `html`, up to its `>` outside of quotes.
fn tag_length(html: &str) -> usize {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    html.len()
}

fn tag<'a>(tag: &str, problems: &mut Found, at: usize) -> Option<Token<'a>> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    if let Some(name) = inner.strip_prefix('/') {
        let name = element(name.trim(), problems, at + 2)?;
        return Some(Token::Close { name });
    }
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let name = element(&inner[..end], problems, at + 1)?;
    let attributes = attributes(&name, &inner[end..], problems, at + 1 + end)?;
    Some(Token::Open { name, attributes })
}

/// The name in lower case; reports it if it is not allowed; `None` if it is no name.
fn element(name: &str, problems: &mut Found, at: usize) -> Option<String> {
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !valid {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    if !ELEMENTS.contains(&lower.as_str()) {
        problems.push((
            at..at + name.len(),
            MarkupProblem::Element {
                name: lower.clone(),
            },
        ));
    }
    Some(lower)
}

/// The attributes of the element `element`, normalised; reports those that are not allowed; `None` if they are malformed.
fn attributes(element: &str, text: &str, problems: &mut Found, at: usize) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(out);
        }
        let start = at + text.len() - rest.len();
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = None;
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (inside, after) = after[1..].split_once(quote)?;
            value = Some(inside);
            rest = after;
        }
        match attribute_problem(element, &name) {
            Some(problem) => problems.push((start..start + end, problem)),
            None => push_attribute(&mut out, &name, value),
        }
    }
}

fn attribute_problem(element: &str, name: &str) -> Option<MarkupProblem> {
    match (element, name) {
        ("details", "open") | ("abbr", "title") => None,
        (_, "style") => Some(MarkupProblem::InlineStyle),
        _ if name.starts_with("on") => Some(MarkupProblem::InlineHandler {
            name: name.to_owned(),
        }),
        _ => Some(MarkupProblem::Attribute {
            name: name.to_owned(),
        }),
    }
}

fn push_attribute(out: &mut String, name: &str, value: Option<&str>) {
    out.push(' ');
    out.push_str(name);
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        out.push_str("=\"");
        out.push_str(&value.replace('"', "&quot;"));
        out.push('"');
    }
}

/// Text between raw tags, typeset; text with entities is left as it is.
pub fn text(text: &str) -> String {
    if text.contains('&') {
        text.to_owned()
    } else {
        typeset(text).replace('>', "&gt;")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(html: &str) -> Vec<(&str, MarkupProblem)> {
        tokens(html)
            .1
            .into_iter()
            .map(|(span, problem)| (&html[span], problem))
            .collect()
    }

    #[test]
    fn allowed_elements_are_normalised() {
        let (found, problems) = tokens("<Details OPEN><abbr title='a b'>x</abbr><br/>");
        assert_eq!(problems, []);
        let open = |name: &str, attributes: &str| Token::Open {
            name: name.into(),
            attributes: attributes.into(),
        };
        let tokens: Vec<_> = found.into_iter().map(|(_, token)| token).collect();
        let close = Token::Close {
            name: "abbr".into(),
        };
        assert_eq!(
            tokens,
            [
                open("details", " open"),
                open("abbr", " title=\"a b\""),
                Token::Text("x"),
                close,
                open("br", "")
            ]
        );
    }

    #[test]
    fn what_styles_or_runs_is_refused() {
        assert_eq!(
            problems("<script>x</script>")[0],
            (
                "script",
                MarkupProblem::Element {
                    name: "script".into()
                }
            )
        );
        assert_eq!(
            problems("<kbd onclick=\"x()\">"),
            [(
                "onclick",
                MarkupProblem::InlineHandler {
                    name: "onclick".into()
                }
            )]
        );
        assert_eq!(
            problems("<kbd style=\"color:red\">"),
            [("style", MarkupProblem::InlineStyle)]
        );
        assert_eq!(
            problems("<kbd class=x>"),
            [("<kbd class=x>", MarkupProblem::MalformedTag)]
        );
        assert_eq!(
            problems("<details id=\"x\">"),
            [("id", MarkupProblem::Attribute { name: "id".into() })]
        );
    }
}

//! `{{…}}` in prose and code: versions, terms of the glossary, values computed by the engine.

use super::problem::SubstitutionProblem;
use crate::course::Course;
use crate::text::suggest::closest;
use std::borrow::Cow;
use std::ops::Range;

/// What stands between two pairs of braces.
#[derive(Clone, Debug, PartialEq)]
pub enum Substitution<'a> {
    /// A version or a computed value, as text.
    Value(Cow<'a, str>),
    /// A term of the glossary.
    Term {
        /// Its id.
        id: &'a str,
        /// What to call it, if not by its name.
        text: Option<&'a str>,
    },
}

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Ordinary text.
    Text(&'a str),
    /// What stands between `{{` and `}}`.
    Braces(&'a str),
    /// `{{` and what follows, never closed.
    Open(&'a str),
}

/// Splits `text` at its substitutions.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let piece = match rest.find("{{") {
            Some(0) => match rest.find("}}") {
                Some(end) => {
                    let inner = &rest[2..end];
                    rest = &rest[end + 2..];
                    return Some(Piece::Braces(inner));
                }
                None => Piece::Open(rest),
            },
            Some(at) => {
                let text = &rest[..at];
                rest = &rest[at..];
                return Some(Piece::Text(text));
            }
            None => Piece::Text(rest),
        };
        rest = "";
        Some(piece)
    })
}

/// What `inner` stands for.
///
/// # Errors
/// The problem, and the bytes of `inner` that it is about.
pub fn resolve<'a>(
    inner: &'a str,
    course: &'a Course,
) -> Result<Substitution<'a>, (Range<usize>, SubstitutionProblem)> {
    let trimmed = inner.trim();
    let start = inner.len() - inner.trim_start().len();
    if let Some(name) = trimmed.strip_prefix("version.") {
        let span = start + 8..start + trimmed.len();
        return version(name, course)
            .map(|value| Substitution::Value(Cow::Borrowed(value)))
            .map_err(|problem| (span, problem));
    }
    if let Some(term) = trimmed.strip_prefix("terme.") {
        let (id, text) = term
            .split_once('|')
            .map_or((term, None), |(id, text)| (id, Some(text)));
        let problem = check_term(id, course);
        return match problem {
            None => Ok(Substitution::Term { id, text }),
            Some(problem) => Err((start + 6..start + 6 + id.len(), problem)),
        };
    }
    if let Some(expression) = trimmed.strip_prefix("calcul:") {
        return compute(expression)
            .map(|value| Substitution::Value(Cow::Owned(value)))
            .map_err(|(span, problem)| (start + 7 + span.start..start + 7 + span.end, problem));
    }
    Err((
        0..inner.len(),
        SubstitutionProblem::Unknown {
            text: inner.to_owned(),
        },
    ))
}

fn version<'a>(name: &str, course: &'a Course) -> Result<&'a str, SubstitutionProblem> {
    course
        .versions
        .get(name)
        .map(String::as_str)
        .ok_or_else(|| {
            let closest =
                closest(name, course.versions.keys().map(String::as_str)).map(str::to_owned);
            SubstitutionProblem::Version {
                name: name.to_owned(),
                closest,
            }
        })
}

fn check_term(id: &str, course: &Course) -> Option<SubstitutionProblem> {
    if course.glossary.contains_key(id) {
        return None;
    }
    let closest = closest(id, course.glossary.keys().map(String::as_str)).map(str::to_owned);
    Some(SubstitutionProblem::Term {
        id: id.to_owned(),
        closest,
    })
}

/// The value of `expression`, in French; or the problem with its bytes in `expression`.
fn compute(expression: &str) -> Result<String, (Range<usize>, SubstitutionProblem)> {
    let trimmed = expression.trim();
    let start = expression.len() - expression.trim_start().len();
    engine::query::evaluate(trimmed)
        .map(|value| value.to_string())
        .map_err(|error| {
            let span = char_span(trimmed, error.column, error.length);
            (
                start + span.start..start + span.end,
                SubstitutionProblem::Computation {
                    reason: error.to_string(),
                },
            )
        })
}

/// Bytes of the `length` characters of `text` from `column`, counted from 1.
pub fn char_span(text: &str, column: usize, length: usize) -> Range<usize> {
    let offset = |characters: usize| {
        text.char_indices()
            .nth(characters)
            .map_or(text.len(), |(at, _)| at)
    };
    let first = column.saturating_sub(1);
    offset(first)..offset(first + length.max(1))
}

/// `code` with its versions and computed values. Braces of another kind belong to the code (Helm, Prometheus…) and stay.
///
/// # Errors
/// The first version or expression that is not known, and its bytes in `code`.
pub fn in_code<'a>(
    code: &'a str,
    course: &Course,
) -> Result<Cow<'a, str>, (Range<usize>, SubstitutionProblem)> {
    if !code.contains("{{") {
        return Ok(Cow::Borrowed(code));
    }
    let mut out = String::with_capacity(code.len());
    let mut at = 0;
    for piece in pieces(code) {
        match piece {
            Piece::Text(text) | Piece::Open(text) => {
                out.push_str(text);
                at += text.len();
            }
            Piece::Braces(inner) => {
                if inner.starts_with("version.") || inner.starts_with("calcul:") {
                    match resolve(inner, course) {
                        Ok(Substitution::Value(value)) => out.push_str(&value),
                        Ok(Substitution::Term { .. }) => {}
                        Err((span, problem)) => {
                            return Err((at + 2 + span.start..at + 2 + span.end, problem));
                        }
                    }
                } else {
                    out.push_str("{{");
                    out.push_str(inner);
                    out.push_str("}}");
                }
                at += inner.len() + 4;
            }
        }
    }
    Ok(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course() -> Course {
        Course {
            versions: [("kafka".to_owned(), "4.3.1".to_owned())].into(),
            ..Course::default()
        }
    }

    #[test]
    fn text_is_split_at_braces() {
        let found: Vec<_> = pieces("a {{version.kafka}} b {{x").collect();
        assert_eq!(
            found,
            [
                Piece::Text("a "),
                Piece::Braces("version.kafka"),
                Piece::Text(" b "),
                Piece::Open("{{x")
            ]
        );
    }

    #[test]
    fn versions_are_found_or_suggested() {
        let course = course();
        assert_eq!(
            resolve("version.kafka", &course),
            Ok(Substitution::Value("4.3.1".into()))
        );
        let problem = SubstitutionProblem::Version {
            name: "kafak".into(),
            closest: Some("kafka".into()),
        };
        assert_eq!(resolve("version.kafak", &course), Err((8..13, problem)));
    }

    #[test]
    fn foreign_braces_stay_in_code() {
        let course = course();
        let code = "image: x:{{version.kafka}}\nname: {{ .Values.name }}\n";
        assert_eq!(
            in_code(code, &course).unwrap(),
            "image: x:4.3.1\nname: {{ .Values.name }}\n"
        );
        assert_eq!(in_code("{{version.x}}", &course).unwrap_err().0, 10..11);
    }
}

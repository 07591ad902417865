//! The figure of a block of code: title, highlighted tokens, marked lines.

use super::annotation::Annotated;
use super::language::Language;
use super::problem::FenceProblem;
use crate::body;
use crate::highlight::Highlighter;
use crate::text::escape;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// What a line of a diff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `+`
    Added,
    /// `-`
    Removed,
}

/// A block of code, ready to be written.
#[derive(Clone, Debug)]
pub struct CodeBlock<'a> {
    /// Its language.
    pub language: Language,
    /// What stands above it, already typeset.
    pub title: Option<String>,
    /// The lab's file that it comes from.
    pub file: Option<&'a str>,
    /// The code without marks and diff signs, and the marks.
    pub annotated: Annotated,
    /// Highlighted lines, from 1.
    pub highlighted: Vec<RangeInclusive<usize>>,
    /// Changes by line, empty if it is no diff.
    pub changes: Vec<Option<Change>>,
    /// Number of the block on its page, from 1: ids of its marks begin with it.
    pub number: usize,
}

/// Reads `3-5,8` for a code of `count` lines.
///
/// # Errors
/// If it is malformed, or beyond the code.
pub fn parse_lines(text: &str, count: usize) -> Result<Vec<RangeInclusive<usize>>, FenceProblem> {
    text.split(',')
        .map(|part| parse_range(part.trim(), count))
        .collect()
}

fn parse_range(part: &str, count: usize) -> Result<RangeInclusive<usize>, FenceProblem> {
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    let number = |text: &str| {
        text.trim()
            .parse::<usize>()
            .map_err(|_| FenceProblem::BadLines)
    };
    let (first, last) = (number(first)?, number(last)?);
    if first == 0 || first > last {
        return Err(FenceProblem::BadLines);
    }
    if last > count {
        return Err(FenceProblem::LinesOutside {
            line: last,
            lines: count,
        });
    }
    Ok(first..=last)
}

/// Takes the signs off a diff: the code, and the change of each line.
///
/// # Errors
/// The index of the first line that has no sign.
pub fn split_diff(code: &str) -> Result<(String, Vec<Option<Change>>), usize> {
    let mut plain = String::with_capacity(code.len());
    let mut changes = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let change = match line.bytes().next() {
            Some(b'+') => Some(Change::Added),
            Some(b'-') => Some(Change::Removed),
            Some(b' ') | None => None,
            Some(_) => return Err(index),
        };
        plain.push_str(line.get(1..).unwrap_or_default());
        plain.push('\n');
        changes.push(change);
    }
    Ok((plain, changes))
}

impl CodeBlock<'_> {
    /// Appends the figure to `out`.
    pub fn write(&self, highlighter: &Highlighter, out: &mut String) {
        let _ = write!(
            out,
            "<figure class=\"code\" data-lang=\"{}\"",
            self.language.name()
        );
        if let Some(file) = self.file {
            out.push_str(" data-file=\"");
            escape::push(out, file);
            out.push('"');
        }
        out.push('>');
        if let Some(title) = &self.title {
            out.push_str("<figcaption>");
            escape::push(out, title);
            out.push_str("</figcaption>");
        }
        out.push_str("<pre tabindex=\"0\"><code>");
        match self.language {
            Language::Console => self.console_lines(highlighter, out),
            _ => self.lines(highlighter, out),
        }
        out.push_str("</code></pre></figure>\n");
    }

    fn lines(&self, highlighter: &Highlighter, out: &mut String) {
        let html = highlighter.highlight(self.language, &self.annotated.code);
        for (index, line) in html.lines().enumerate() {
            self.line(index, "", line, out);
        }
    }

    /// Commands after `$ ` are highlighted as bash, with the lines that they continue on; the rest is what they print.
    fn console_lines(&self, highlighter: &Highlighter, out: &mut String) {
        let lines: Vec<&str> = self.annotated.code.lines().collect();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let Some(first) = line.strip_prefix("$ ") else {
                self.line(at, "out", &escape::escaped(line), out);
                at += 1;
                continue;
            };
            let more = lines[at..]
                .iter()
                .take_while(|line| line.ends_with('\\'))
                .count();
            let end = (at + more + 1).min(lines.len());
            let command = [&[first], &lines[at + 1..end]].concat().join("\n");
            let html = highlighter.highlight(Language::Bash, &command);
            for (index, html) in (at..end).zip(html.lines()) {
                let prompt = if index == at {
                    "<span class=\"prompt\">$ </span>"
                } else {
                    ""
                };
                self.line(index, "cmd", &format!("{prompt}{html}"), out);
            }
            at = end;
        }
    }

    fn line(&self, index: usize, class: &str, html: &str, out: &mut String) {
        if index > 0 {
            out.push('\n');
        }
        let change = self.changes.get(index).copied().flatten();
        out.push_str("<span class=\"line");
        let highlighted = self
            .highlighted
            .iter()
            .any(|range| range.contains(&(index + 1)));
        let change_class = match change {
            Some(Change::Added) => "add",
            Some(Change::Removed) => "del",
            None => "",
        };
        for class in [class, if highlighted { "hl" } else { "" }, change_class] {
            if !class.is_empty() {
                out.push(' ');
                out.push_str(class);
            }
        }
        out.push('"');
        match change {
            Some(Change::Added) => out.push_str(" data-mark=\"+\""),
            Some(Change::Removed) => out.push_str(" data-mark=\"-\""),
            None => {}
        }
        out.push('>');
        out.push_str(html);
        self.marks_of(index, out);
        out.push_str("</span>");
    }

    fn marks_of(&self, index: usize, out: &mut String) {
        for (_, mark) in self
            .annotated
            .marks
            .iter()
            .filter(|(line, _)| *line == index)
        {
            out.push_str(" <a class=\"mark\" href=\"");
            body::push_link(out, "", &self.note_id(*mark));
            out.push_str("\" id=\"");
            body::push_id(out, &format!("m{}-{mark}", self.number));
            let _ = write!(out, "\" aria-label=\"Annotation {mark}\">{mark}</a>");
        }
    }

    /// Id of the explanation of mark `mark`.
    pub fn note_id(&self, mark: usize) -> String {
        format!("c{}-{mark}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_bounded() {
        assert_eq!(parse_lines("3-5, 8", 8), Ok(vec![3..=5, 8..=8]));
        assert_eq!(
            parse_lines("9", 8),
            Err(FenceProblem::LinesOutside { line: 9, lines: 8 })
        );
        assert_eq!(parse_lines("5-3", 8), Err(FenceProblem::BadLines));
        assert_eq!(parse_lines("a", 8), Err(FenceProblem::BadLines));
    }

    #[test]
    fn signs_are_taken_off_a_diff() {
        let (code, changes) = split_diff("+a\n-b\n c\n\n").unwrap();
        assert_eq!(code, "a\nb\nc\n\n");
        assert_eq!(
            changes,
            [Some(Change::Added), Some(Change::Removed), None, None]
        );
        assert_eq!(split_diff("+a\nb\n"), Err(1));
    }
}

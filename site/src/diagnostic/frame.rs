//! Diagnostics as a person reads them at the terminal.

use super::Diagnostic;
use crate::content::Content;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::ops::Range;

/// All `diagnostics` as frames, one blank line after each, then one line that counts them; empty if there are none.
///
/// `prefix` is put before each path (the content folder as the person named it).
pub fn render(diagnostics: &[Diagnostic], content: &Content, prefix: &str, colors: bool) -> String {
    let mut out = String::new();
    let renderer = if colors {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    for diagnostic in diagnostics {
        out.push_str(&one(diagnostic, content, prefix, &renderer));
        out.push_str("\n\n");
    }
    if !diagnostics.is_empty() {
        let _ = writeln!(out, "{}", count_line(diagnostics));
    }
    out
}

/// For example `3 erreurs dans 2 fichiers`.
fn count_line(diagnostics: &[Diagnostic]) -> String {
    let mut paths: Vec<&str> = diagnostics.iter().map(|d| &*d.place.path).collect();
    paths.dedup();
    let files = paths.len();
    let errors = diagnostics.len();
    let plural = |n: usize| if n > 1 { "s" } else { "" };
    format!(
        "{errors} erreur{} dans {files} fichier{}",
        plural(errors),
        plural(files)
    )
}

/// One frame, without its last newline.
fn one(diagnostic: &Diagnostic, content: &Content, prefix: &str, renderer: &Renderer) -> String {
    let words = diagnostic.problem.explain();
    let place = &diagnostic.place;
    let source = content
        .get(&place.path)
        .map(|file| String::from_utf8_lossy(&file.bytes))
        .unwrap_or_default();
    let path = format!("{prefix}{}", place.path);
    let span = snap(&source, place.start..place.end);
    let label = words.label();
    let mut annotation = AnnotationKind::Primary.span(span);
    if !label.is_empty() {
        annotation = annotation.label(label);
    }
    let group = Group::with_title(
        Level::ERROR
            .with_name("erreur ")
            .primary_title(words.title()),
    )
    .element(
        Snippet::source(source.as_ref())
            .path(path)
            .annotation(annotation),
    )
    .element(Level::HELP.with_name("aide ").message(words.help()));
    renderer.render(&[group])
}

/// `span` moved inwards to character boundaries and cut at the end of its first line, at least one character long where
/// the text has one there.
fn snap(source: &str, span: Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    let line_end = source[start..]
        .find('\n')
        .map_or(source.len(), |at| start + at);
    let mut end = floor(span.end).clamp(start, line_end.max(start));
    if end == start {
        end = source[start..line_end]
            .chars()
            .next()
            .map_or(start, |c| start + c.len_utf8());
    }
    start..end
}

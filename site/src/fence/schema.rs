//! ASCII diagrams drawn as SVG by svgbob.
//!
//! svgbob styles its drawing with a `<style>` element and refers to arrow heads from there; a strict content security policy
//! forbids the first, and several diagrams on a page break the second. So the drawing is taken bare: classes for the site's
//! style sheet, arrow heads as attributes, with ids of this diagram only.

use crate::body;
use crate::text::escape;
use std::fmt::Write as _;
use svgbob::Settings;

/// Arrow heads: name of svgbob's class, view box, place of the tip, shape.
const HEADS: [(&str, &str, &str, &str); 5] = [
    (
        "arrow",
        "-2 -2 8 8",
        "4 2",
        "<polygon points=\"0,0 0,4 4,2 0,0\"/>",
    ),
    (
        "diamond",
        "-2 -2 8 8",
        "4 2",
        "<polygon points=\"0,2 2,0 4,2 2,4 0,2\"/>",
    ),
    (
        "circle",
        "0 0 8 8",
        "4 4",
        "<circle cx=\"4\" cy=\"4\" r=\"2\" class=\"filled\"/>",
    ),
    (
        "open_circle",
        "0 0 8 8",
        "4 4",
        "<circle cx=\"4\" cy=\"4\" r=\"2\" class=\"bg_filled\"/>",
    ),
    (
        "big_open_circle",
        "0 0 8 8",
        "4 4",
        "<circle cx=\"4\" cy=\"4\" r=\"3\" class=\"bg_filled\"/>",
    ),
];

/// Appends the figure of the diagram `ascii`: described by `alt`, with an optional `title` below, number `number` on its page.
pub fn write(ascii: &str, alt: &str, title: Option<&str>, number: usize, out: &mut String) {
    let settings = Settings {
        include_backdrop: false,
        include_styles: false,
        include_defs: false,
        ..Settings::default()
    };
    let drawing = svgbob::to_svg_with_settings(ascii, &settings);
    let (width, height) = size(&drawing);
    let inner = drawing
        .split_once('>')
        .map_or("", |(_, rest)| rest)
        .trim_end()
        .trim_end_matches("</svg>");
    let id = format!("schema-{number}");
    out.push_str("<figure class=\"schema\"><svg role=\"img\" class=\"bob\" aria-labelledby=\"");
    body::push_id(out, &id);
    let _ = write!(
        out,
        "\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"><title id=\""
    );
    body::push_id(out, &id);
    out.push_str("\">");
    escape::push(out, alt);
    out.push_str("</title>");
    let inner = whole_words(inner);
    heads(&inner, &id, out);
    shapes(&inner, &id, out);
    out.push_str("</svg>");
    if let Some(title) = title {
        out.push_str("<figcaption>");
        escape::push(out, title);
        out.push_str("</figcaption>");
    }
    out.push_str("</figure>\n");
}

/// Width and height of svgbob's root element.
fn size(svg: &str) -> (&str, &str) {
    let root = svg.split_once('>').map_or(svg, |(root, _)| root);
    let attribute = |name: &str| {
        root.split_once(name)
            .and_then(|(_, rest)| rest.split_once('"'))
            .map_or("0", |(value, _)| value)
    };
    (attribute(" width=\""), attribute(" height=\""))
}

/// Definitions of the arrow heads that `inner` uses.
fn heads(inner: &str, id: &str, out: &mut String) {
    for (name, view_box, tip, shape) in HEADS {
        if !uses(inner, name) {
            continue;
        }
        let (x, y) = tip.split_once(' ').unwrap_or(("0", "0"));
        out.push_str("<marker id=\"");
        body::push_id(out, &format!("{id}-{name}"));
        let _ = write!(
            out,
            "\" viewBox=\"{view_box}\" refX=\"{x}\" refY=\"{y}\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\">{shape}</marker>"
        );
    }
}

fn uses(inner: &str, name: &str) -> bool {
    inner.contains(&format!("_marked_{name}\"")) || inner.contains(&format!("_marked_{name} "))
}

/// The shapes, with a marker attribute beside each class that asks for an arrow head.
fn shapes(inner: &str, id: &str, out: &mut String) {
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once("class=\"") {
        let Some((classes, after)) = after.split_once('"') else {
            break;
        };
        push_compact(out, before);
        let _ = write!(out, "class=\"{classes}\"");
        for class in classes.split(' ') {
            for end in ["start", "end"] {
                if let Some(name) = class
                    .strip_prefix(end)
                    .and_then(|rest| rest.strip_prefix("_marked_"))
                {
                    let _ = write!(out, " marker-{end}=\"url(#");
                    body::push_id(out, &format!("{id}-{name}"));
                    out.push_str(")\"");
                }
            }
        }
        rest = after;
    }
    push_compact(out, rest);
}

/// Width of a character on svgbob's grid.
const CHARACTER: usize = 8;

/// A text element of svgbob's.
struct Word<'a> {
    x: usize,
    y: &'a str,
    /// What it says, as markup.
    said: &'a str,
}

impl<'a> Word<'a> {
    /// The text element that `svg` begins with, and what follows it.
    fn read(svg: &'a str) -> Option<(Self, &'a str)> {
        let (attributes, rest) = svg
            .trim_start()
            .strip_prefix("<text x=\"")?
            .split_once('>')?;
        let (x, attributes) = attributes.split_once("\" y=\"")?;
        let (y, _) = attributes.split_once('"')?;
        let (said, rest) = rest.split_once("</text>")?;
        let x = x.parse().ok()?;
        Some((Self { x, y, said }, rest))
    }
}

/// svgbob begins a new element after each accented letter: the pieces of a word become one again, so that a reader can
/// search, select and hear it.
fn whole_words(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(at) = rest.find("<text x=\"") {
        out.push_str(&rest[..at]);
        let Some((first, mut after)) = Word::read(&rest[at..]) else {
            rest = &rest[at..];
            break;
        };
        let mut said = first.said.to_owned();
        while let Some((next, beyond)) = Word::read(after) {
            if next.y != first.y || next.x != first.x + CHARACTER * letters(&said) {
                break;
            }
            said.push_str(next.said);
            after = beyond;
        }
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\">{said}</text>",
            first.x, first.y
        );
        rest = after;
    }
    out + rest
}

/// How many characters a piece of markup shows: an entity is one.
fn letters(markup: &str) -> usize {
    let mut entity = false;
    let shown = markup.chars().filter(|&c| {
        let counts = !entity;
        entity = (entity || c == '&') && c != ';';
        counts
    });
    shown.count()
}

/// Without the line breaks and indentation between elements.
fn push_compact(out: &mut String, svg: &str) {
    for line in svg.lines() {
        let line = line.trim_start();
        if !line.is_empty() && !out.ends_with(['>', ' ']) && !line.starts_with(['<', '>', '/']) {
            out.push(' ');
        }
        out.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_heads_belong_to_their_diagram_and_nothing_is_styled_inline() {
        let mut out = String::new();
        write("a --* b\n", "De a vers b", Some("Un trait"), 3, &mut out);
        let html = out.replace('\u{1}', "");
        assert!(
            html.contains("marker-end=\"url(#schema-3-circle)\""),
            "{html}"
        );
        assert!(html.contains("<marker id=\"schema-3-circle\""), "{html}");
        assert!(
            html.contains("<title id=\"schema-3\">De a vers b</title>"),
            "{html}"
        );
        assert!(
            !html.contains("<style") && !html.contains("style="),
            "{html}"
        );
    }

    #[test]
    fn a_word_with_accents_is_one_text() {
        let mut out = String::new();
        write("  métadonnées  a&é\n", "x", None, 1, &mut out);
        assert!(out.contains(">métadonnées</text>"), "{out}");
        assert!(out.contains(">a&amp;é</text>"), "{out}");
    }

    #[test]
    fn text_is_escaped() {
        let mut out = String::new();
        write("a<b & \"c\"\n", "x < y", None, 1, &mut out);
        assert!(out.contains("&lt;b") && !out.contains("<b"), "{out}");
        assert!(out.contains("x &lt; y"), "{out}");
    }
}

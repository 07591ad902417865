//! Pictures as SVG text.

use crate::px::Px;
use crate::shape::{Picture, Shape};
use std::fmt::Write;

/// The picture as one `<svg>` element, with its title and description. `id` distinguishes it from the page's other
/// pictures; it must be a valid HTML id.
pub fn svg(picture: &Picture, id: &str) -> String {
    let (width, height) = (picture.width, picture.height);
    let mut out = String::with_capacity(4_096);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {width} {height}" width="{width}" height="{height}"><title id="{id}-title">"#
    );
    escape(&mut out, &picture.title);
    let _ = write!(out, r#"</title><desc id="{id}-desc">"#);
    escape(&mut out, &picture.description);
    out.push_str("</desc>");
    for shape in &picture.shapes {
        element(&mut out, shape);
    }
    out.push_str("</svg>");
    out
}

/// The picture as one `<svg>` element that only repeats what the text beside it says: assistive technology passes it by.
pub fn ornament(picture: &Picture) -> String {
    let (width, height) = (picture.width, picture.height);
    let mut out = format!(
        r#"<svg class="picture" aria-hidden="true" viewBox="0 0 {width} {height}" width="{width}" height="{height}">"#
    );
    for shape in &picture.shapes {
        element(&mut out, shape);
    }
    out.push_str("</svg>");
    out
}

fn element(out: &mut String, shape: &Shape) {
    out.push('<');
    out.push_str(tag(shape));
    attributes(shape, &mut |name, value| {
        if is_default(name, value) {
            return;
        }
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(out, value);
        out.push('"');
    });
    match shape {
        Shape::Rect { .. } | Shape::Line { .. } | Shape::Path { .. } => out.push_str("/>"),
        Shape::Text { text, .. } => {
            out.push('>');
            escape(out, text);
            out.push_str("</text>");
        }
        Shape::Group { title, shapes, .. } => {
            out.push('>');
            if !title.is_empty() {
                out.push_str("<title>");
                escape(out, title);
                out.push_str("</title>");
            }
            for shape in shapes {
                element(out, shape);
            }
            out.push_str("</g>");
        }
    }
}

/// Whether SVG takes this value anyway. A page's pictures have thousands of them.
fn is_default(name: &str, value: &str) -> bool {
    match name {
        "x" | "y" | "x1" | "y1" | "x2" | "y2" => value == "0",
        "text-anchor" => value == "start",
        _ => false,
    }
}

/// The name of a shape's SVG element.
pub const fn tag(shape: &Shape) -> &'static str {
    match shape {
        Shape::Rect { .. } => "rect",
        Shape::Line { .. } => "line",
        Shape::Path { .. } => "path",
        Shape::Text { .. } => "text",
        Shape::Group { .. } => "g",
    }
}

/// Hands each attribute of a shape's SVG element to `set`, always the same ones in the same order for a kind of shape.
pub fn attributes(shape: &Shape, set: &mut dyn FnMut(&'static str, &str)) {
    let mut length = |name, length: Px| set(name, &length.to_string());
    let class = match shape {
        Shape::Rect {
            class,
            x,
            y,
            width,
            height,
        } => {
            length("x", *x);
            length("y", *y);
            length("width", *width);
            length("height", *height);
            class
        }
        Shape::Line { class, from, to } => {
            length("x1", from.0);
            length("y1", from.1);
            length("x2", to.0);
            length("y2", to.1);
            class
        }
        Shape::Path { class, d } => {
            set("d", d);
            class
        }
        Shape::Text {
            class,
            x,
            y,
            anchor,
            ..
        } => {
            length("x", *x);
            length("y", *y);
            set("text-anchor", anchor.attribute());
            class
        }
        Shape::Group { class, offset, .. } => {
            if *offset != (Px::ZERO, Px::ZERO) {
                set(
                    "transform",
                    &format!("translate({} {})", offset.0, offset.1),
                );
            }
            class
        }
    };
    if !class.is_empty() {
        set("class", class);
    }
}

/// Appends a text to markup, as what it says and nothing else.
pub fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Anchor;

    fn picture(shapes: Vec<Shape>) -> Picture {
        Picture {
            width: Px::new(100),
            height: Px::new(40),
            title: "Clés & partitions".into(),
            description: "a < b".into(),
            shapes,
        }
    }

    #[test]
    fn a_picture_says_what_it_is() {
        assert_eq!(
            svg(&picture(Vec::new()), "f1"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" role=\"img\" \
             aria-labelledby=\"f1-title f1-desc\" viewBox=\"0 0 100 40\" width=\"100\" height=\"40\">\
             <title id=\"f1-title\">Clés &amp; partitions</title><desc id=\"f1-desc\">a &lt; b</desc></svg>"
        );
    }

    #[test]
    fn keys_cannot_break_out_of_the_text() {
        let text = Shape::text(
            "num",
            Px::ZERO,
            Px::new(5),
            Anchor::Start,
            "</text><script>\"&",
        );
        let group = Shape::Group {
            class: "",
            title: "<b>".into(),
            offset: (Px::new(2), Px::ZERO),
            shapes: vec![text],
        };
        let svg = svg(&picture(vec![group]), "x");
        assert!(
            svg.ends_with(
                "<g transform=\"translate(2 0)\"><title>&lt;b&gt;</title><text y=\"5\" \
                 class=\"num\">&lt;/text&gt;&lt;script&gt;&quot;&amp;</text></g></svg>"
            ),
            "{svg}"
        );
    }
}

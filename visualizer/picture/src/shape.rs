//! What pictures are made of.

use crate::px::Px;

/// A drawing, and what it says to those who do not see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its width, which is also that of its coordinates.
    pub width: Px,
    /// Its height.
    pub height: Px,
    /// What it is, in a few words.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub description: String,
    /// What is drawn, back to front.
    pub shapes: Vec<Shape>,
}

/// One thing drawn. Classes are those of the site's stylesheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A rectangle.
    Rect {
        /// Classes.
        class: &'static str,
        /// Left side.
        x: Px,
        /// Top side.
        y: Px,
        /// Width.
        width: Px,
        /// Height.
        height: Px,
    },
    /// A line from one point to another.
    Line {
        /// Classes.
        class: &'static str,
        /// Start.
        from: (Px, Px),
        /// End.
        to: (Px, Px),
    },
    /// A path, in SVG's path language.
    Path {
        /// Classes.
        class: &'static str,
        /// The path.
        d: String,
    },
    /// A text on one line.
    Text {
        /// Classes.
        class: &'static str,
        /// Where `anchor` is.
        x: Px,
        /// The baseline.
        y: Px,
        /// Which end of the text is at `x`.
        anchor: Anchor,
        /// The text.
        text: String,
    },
    /// Shapes that belong together, moved together.
    Group {
        /// Classes.
        class: &'static str,
        /// What it is, for the pointer that rests on it; empty if there is nothing to say.
        title: String,
        /// How far its shapes are moved.
        offset: (Px, Px),
        /// Its shapes.
        shapes: Vec<Shape>,
    },
}

/// Which part of a text is at its coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Anchor {
    /// SVG's `text-anchor`.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

impl Shape {
    /// A text whose middle is at a point.
    pub(crate) fn centred(class: &'static str, x: Px, y: Px, text: impl Into<String>) -> Self {
        Self::text(class, x, y, Anchor::Middle, text)
    }

    /// A text.
    pub(crate) fn text(
        class: &'static str,
        x: Px,
        y: Px,
        anchor: Anchor,
        text: impl Into<String>,
    ) -> Self {
        Self::Text {
            class,
            x,
            y,
            anchor,
            text: text.into(),
        }
    }

    /// A horizontal line.
    pub(crate) fn across(class: &'static str, x: Px, to: Px, y: Px) -> Self {
        Self::Line {
            class,
            from: (x, y),
            to: (to, y),
        }
    }
}

//! What a page consists of, block by block, so that a presentation can cut it into screens.
//!
//! While the writer writes the blocks of a page, it notes for each of them which bytes of the body it made and what it is.
//! [`crate::screens`] groups these pieces; nothing is rendered twice.

use super::problem::MarkupProblem;
use super::writer::Writer;
use comrak::nodes::{Node, NodeValue};
use std::ops::Range;

/// Characters in a line of a screen, in large type.
const LINE: usize = 52;

/// A block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes in the page's body.
    pub html: Range<usize>,
    /// What it is.
    pub kind: PieceKind,
    /// How many lines of large type it takes, about.
    pub lines: usize,
    /// True if its text announces what follows: it ends with a colon.
    pub announces: bool,
    /// What the author asked for before it.
    pub before: Cut,
}

/// What a block of a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A heading.
    Heading {
        /// Its id on the page.
        id: String,
        /// Its markup, without anchor.
        html: String,
    },
    /// Something to read: a paragraph, a quotation.
    Text,
    /// A list.
    List,
    /// Something to look at: a diagram, code, a table, a simulation, folded details.
    Figure,
    /// Tabs, each with its own blocks.
    Tabs(Vec<Tab>),
    /// A framed remark.
    Alert,
    /// A quiz: the bytes of its questions; what stands before the first and after the last frames each of them.
    Quiz(Vec<Range<usize>>),
    /// An instructor's note: its index in the page's notes.
    Note(usize),
}

/// A tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Markup of its label.
    pub label: String,
    /// Its blocks, in order.
    pub pieces: Vec<Piece>,
}

/// What the author asks for between two blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cut {
    /// Nothing: the rule decides.
    #[default]
    Auto,
    /// `<!-- écran -->`: a new screen.
    Force,
    /// `<!-- même écran -->`: the same screen.
    Forbid,
}

impl Cut {
    /// What the comment `text` asks for, if it is a mark of screens.
    fn of_comment(text: &str) -> Option<Self> {
        match text {
            "écran" => Some(Self::Force),
            "même écran" => Some(Self::Forbid),
            _ => None,
        }
    }
}

/// True if the comment `text` looks like a mark of screens.
pub fn is_like_a_mark(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("écran") || text.contains("ecran")
}

impl Writer<'_, '_, '_> {
    /// Writes the blocks of the page, or of a tab, and says what pieces they make.
    pub fn pieces(&mut self, blocks: &[Node<'_>]) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        let mut before = Cut::Auto;
        while let Some(block) = blocks.get(at) {
            let continues = self.is_inside_raw();
            if let Some(cut) = comment(block).and_then(|text| Cut::of_comment(&text)) {
                if continues {
                    let span = self.span(block);
                    self.report(span, MarkupProblem::ScreenMarkInside);
                }
                before = cut;
                at += 1;
                continue;
            }
            let start = self.out.len();
            self.made = Made::default();
            at += 1 + self.piece(block, &blocks[at + 1..]);
            let html = start..self.out.len();
            let made = std::mem::take(&mut self.made);
            if continues {
                // Folded details go on until they are closed.
                if let Some(last) = pieces.last_mut() {
                    last.html.end = html.end;
                }
            } else if !html.is_empty() {
                let (lines, announces) = measure(&self.out[html.clone()]);
                pieces.push(Piece {
                    html,
                    kind: made.kind().unwrap_or_else(|| kind(block)),
                    lines,
                    announces,
                    before: std::mem::take(&mut before),
                });
            }
        }
        pieces
    }

    /// Writes `block`, which may be an instructor's note; says how many of `rest`, the blocks after it, it took with it.
    fn piece(&mut self, block: Node<'_>, rest: &[Node<'_>]) -> usize {
        let is_quote = matches!(block.data().value, NodeValue::BlockQuote);
        if is_quote && !self.in_tabs && self.instructor_note(block) {
            return 0;
        }
        self.step(block, rest)
    }
}

/// What the block written last has made, where its node alone does not tell.
#[derive(Debug, Default)]
pub struct Made {
    /// Id and markup of a heading.
    pub heading: Option<(String, String)>,
    /// Bytes of the questions of a quiz.
    pub questions: Vec<Range<usize>>,
    /// Tabs.
    pub tabs: Vec<Tab>,
    /// Index of an instructor's note.
    pub note: Option<usize>,
}

impl Made {
    fn kind(self) -> Option<PieceKind> {
        if let Some(note) = self.note {
            return Some(PieceKind::Note(note));
        }
        // Tabs may hold headings' likes and quizzes; they are what the block is.
        if !self.tabs.is_empty() {
            return Some(PieceKind::Tabs(self.tabs));
        }
        if !self.questions.is_empty() {
            return Some(PieceKind::Quiz(self.questions));
        }
        let (id, html) = self.heading?;
        Some(PieceKind::Heading { id, html })
    }
}

/// What `block` is, as far as its node tells.
fn kind(block: Node<'_>) -> PieceKind {
    match &block.data().value {
        NodeValue::CodeBlock(_) | NodeValue::Table(_) | NodeValue::HtmlBlock(_) => {
            PieceKind::Figure
        }
        NodeValue::Alert(_) => PieceKind::Alert,
        NodeValue::List(_) if block.children().all(is_task) => PieceKind::Figure,
        NodeValue::List(_) => PieceKind::List,
        NodeValue::Paragraph if is_lone_image(block) => PieceKind::Figure,
        _ => PieceKind::Text,
    }
}

fn is_task(item: Node<'_>) -> bool {
    matches!(item.data().value, NodeValue::TaskItem(_))
}

fn is_lone_image(paragraph: Node<'_>) -> bool {
    let mut children = paragraph.children();
    let first = children.next();
    children.next().is_none()
        && first.is_some_and(|child| matches!(child.data().value, NodeValue::Image(_)))
}

/// Text of the comment that `block` is.
fn comment(block: Node<'_>) -> Option<String> {
    let data = block.data();
    let NodeValue::HtmlBlock(html) = &data.value else {
        return None;
    };
    let inner = html.literal.trim().strip_prefix("<!--")?;
    Some(inner.strip_suffix("-->")?.trim().to_owned())
}

/// Lines of large type that the markup `html` takes, about, and whether its text ends with a colon.
fn measure(html: &str) -> (usize, bool) {
    let mut lines = 0;
    let mut run = 0;
    let mut last = ' ';
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        run += count(text, &mut last);
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        let is_code = tag.starts_with("span class=\"line");
        if is_code || matches!(tag, "/p" | "/li" | "br" | "/tr" | "/blockquote") {
            lines += usize::div_ceil(run, LINE);
            run = 0;
        }
        rest = after;
    }
    run += count(rest, &mut last);
    (lines + run.div_ceil(LINE), last == ':')
}

/// Characters of `text`; the last one that is neither white space nor a mark goes to `last`.
fn count(text: &str, last: &mut char) -> usize {
    let visible = text.chars().filter(|c| !c.is_control());
    visible
        .inspect(|c| {
            if !c.is_whitespace() {
                *last = *c;
            }
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_measured_in_lines() {
        assert_eq!(measure("<p>Court.</p>\n"), (1, false));
        assert_eq!(measure("<p>Voici\u{202F}:</p>\n"), (1, true));
        let long = format!("<p>{}</p>", "a".repeat(LINE + 1));
        assert_eq!(measure(&long), (2, false));
        assert_eq!(measure("<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n").0, 2);
    }

    #[test]
    fn each_line_of_code_is_one() {
        let html = "<pre><code><span class=\"line\">a</span>\n<span class=\"line hl\">b</span></code></pre>";
        assert_eq!(measure(html).0, 2);
    }

    #[test]
    fn marks_of_screens_are_read() {
        assert_eq!(Cut::of_comment("écran"), Some(Cut::Force));
        assert_eq!(Cut::of_comment("même écran"), Some(Cut::Forbid));
        assert_eq!(Cut::of_comment("Écran"), None);
        assert!(is_like_a_mark("Écran suivant") && is_like_a_mark("meme ecran"));
        assert!(!is_like_a_mark("onglets"));
    }
}

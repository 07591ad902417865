//! A compiled page, and how it comes about.

use super::footnote::Footnotes;
use super::piece::Piece;
use super::problem::MarkupProblem;
use super::writer::{Text, Writer};
use super::{Env, footnote, heading};
use crate::body::Body;
use crate::context::TocEntry;
use crate::diagnostic::{Diagnostics, Place};
use crate::text::origin::Origin;
use comrak::nodes::{Node, NodeValue};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Words of prose that one reads in a minute.
const PROSE_PER_MINUTE: usize = 220;
/// Words of code that one reads in a minute.
const CODE_PER_MINUTE: usize = 110;
/// Longest description, in characters.
const DESCRIPTION_MAX: usize = 200;

/// A compiled page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its title, typeset, without markup.
    pub title: String,
    /// Its title with markup.
    pub title_html: String,
    /// Its first paragraph without markup, shortened.
    pub description: String,
    /// Its content, without its title.
    pub body: Body,
    /// Headings of levels 2 and 3.
    pub toc: Vec<TocEntry>,
    /// All ids that one may link to, and where they come from.
    pub ids: HashMap<String, Place>,
    /// Links to pages, itself included.
    pub links: Vec<PageLink>,
    /// Terms of the glossary that it uses, and the sections in which it does, in order.
    pub terms: BTreeMap<String, Vec<Section>>,
    /// Its quizzes.
    pub quizzes: Vec<PageQuiz>,
    /// Its checklists.
    pub checklists: Vec<PageChecklist>,
    /// Files of the content folder that must be on the site: path on the site → path in the folder.
    pub files: BTreeMap<String, Arc<str>>,
    /// Files of the content folder whose bytes went into the page.
    pub depends_on: BTreeSet<Arc<str>>,
    /// Its blocks, in order.
    pub pieces: Vec<Piece>,
    /// Its instructor's notes, in order.
    pub notes: Vec<Note>,
    /// Style sheets that its figures need, beside that of every page.
    pub sheets: BTreeSet<&'static str>,
    /// What it is made of.
    pub counts: Counts,
}

/// A note for who teaches the page.
#[derive(Clone, Debug)]
pub struct Note {
    /// What follows its name, typeset; empty if nothing does.
    pub title: String,
    /// Title of the section in which it stands, and its id; empty before the first heading.
    pub section: (String, String),
    /// Its content.
    pub body: Body,
    /// Where it stands.
    pub place: Place,
}

/// How much of what a page is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Words of prose.
    pub words: usize,
    /// Words of code.
    pub code_words: usize,
    /// Blocks of code.
    pub codes: usize,
    /// Diagrams.
    pub schemas: usize,
    /// Groups of tabs.
    pub tabs: usize,
    /// Simulations.
    pub simulations: usize,
}

/// A part of a page that one may link to; what stands before the first heading has neither id nor title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Section {
    /// Its heading's id on the page.
    pub id: String,
    /// Its heading's text, without markup.
    pub title: String,
}

/// A quiz of a page.
#[derive(Clone, Debug)]
pub struct PageQuiz {
    /// Its id, unique in the course.
    pub id: String,
    /// Its title, typeset.
    pub title: String,
    /// How many questions it asks.
    pub questions: usize,
    /// Where it stands.
    pub place: Place,
}

/// A checklist of a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageChecklist {
    /// Its id, unique in the course: the learner's ticks are kept under it.
    pub id: String,
    /// How many boxes it has.
    pub boxes: usize,
}

/// A link to a page.
#[derive(Clone, Debug)]
pub struct PageLink {
    /// The page's file.
    pub page: Arc<str>,
    /// The anchor, empty if none.
    pub fragment: String,
    /// Where the link stands.
    pub place: Place,
}

impl Page {
    /// Time to read it, in minutes, at least 1.
    pub fn reading_minutes(&self) -> u32 {
        let seconds = self.counts.words * 60 / PROSE_PER_MINUTE
            + self.counts.code_words * 60 / CODE_PER_MINUTE;
        u32::try_from(seconds.div_ceil(60))
            .unwrap_or(u32::MAX)
            .max(1)
    }
}

/// What grows while a page is written.
#[derive(Debug)]
pub struct State<'e> {
    /// What the page may refer to.
    pub env: &'e Env<'e>,
    /// Its file.
    pub path: Arc<str>,
    /// The page.
    pub page: Page,
    /// What is wrong with it.
    pub problems: Diagnostics,
    /// Its footnotes.
    pub footnotes: Footnotes,
    /// Headings for the table of contents, with their levels.
    pub outline: Vec<(u8, TocEntry)>,
    /// Level of the heading that the writer is under.
    pub level: u8,
    /// The section that the writer is in.
    pub section: Section,
}

impl<'e> State<'e> {
    /// For the file `path`, of which nothing is written yet.
    pub fn new(env: &'e Env<'e>, path: Arc<str>) -> Self {
        Self {
            env,
            path,
            page: Page::default(),
            problems: Diagnostics::default(),
            footnotes: Footnotes::default(),
            outline: Vec::new(),
            level: 1,
            section: Section::default(),
        }
    }

    /// Notes that the current section uses the term `id`.
    pub fn use_term(&mut self, id: &str) {
        let sections = self.page.terms.entry(id.to_owned()).or_default();
        if sections.last() != Some(&self.section) {
            sections.push(self.section.clone());
        }
    }

    /// Registers `id` as an id of the page; false if the page already has it.
    pub fn add_id(&mut self, id: &str, place: &Place) -> bool {
        let new = !self.page.ids.contains_key(id);
        if new {
            self.page.ids.insert(id.to_owned(), place.clone());
        }
        new
    }

    /// Registers `id` as an id of the page; reports it if the page already has it.
    pub fn add_new_id(&mut self, id: &str, place: Place) {
        if !self.add_id(id, &place) {
            self.problems
                .push(place, MarkupProblem::DuplicateId { id: id.to_owned() });
        }
    }
}

/// Compiles the parsed document `root` of the file at `origin`.
pub fn compile<'a>(
    root: Node<'a>,
    source: &str,
    origin: &Origin,
    env: &Env<'_>,
    problems: &mut Diagnostics,
) -> Page {
    let mut state = State::new(env, Arc::clone(origin.path()));
    state.problems = std::mem::take(problems);
    let text = Text::new(source, origin);
    state.footnotes = footnote::collect(root, &text, &mut state.problems);
    let blocks: Vec<Node<'a>> = root.children().collect();
    let mut writer = Writer::new(&mut state, text);
    let blocks = title(&mut writer, &blocks);
    writer.describe(blocks);
    writer.state.page.pieces = writer.pieces(blocks);
    writer.footnotes(root);
    writer.end();
    let body = writer.into_html();
    *problems = state.problems;
    state.page.body = Body::from(body);
    state.page.toc = heading::nest(state.outline);
    state.page
}

/// Writes the title into the page; says what blocks follow it.
fn title<'a, 'b>(writer: &mut Writer<'_, '_, '_>, blocks: &'b [Node<'a>]) -> &'b [Node<'a>] {
    let first = blocks.first().filter(
        |node| matches!(&node.data().value, NodeValue::Heading(heading) if heading.level == 1),
    );
    let Some(first) = first else {
        let place = writer.text.line_place(1);
        writer.state.problems.push(place, MarkupProblem::NoTitle);
        return blocks;
    };
    let (html, _) = writer.heading_text(first);
    writer.state.page.title = writer.plain(first);
    writer.state.page.title_html = html;
    &blocks[1..]
}

/// `text` cut after a word so that it has at most 200 characters.
pub fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((limit, _)) = text.char_indices().nth(DESCRIPTION_MAX) else {
        return text;
    };
    let cut = text[..limit].rfind(' ').unwrap_or(limit);
    format!(
        "{}…",
        text[..cut].trim_end_matches([',', ';', ':', '\u{202F}'])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_time_counts_code_twice() {
        let mut page = Page::default();
        assert_eq!(page.reading_minutes(), 1);
        page.counts = Counts {
            words: 1700,
            code_words: 220,
            ..Counts::default()
        };
        assert_eq!(page.reading_minutes(), 10);
    }

    #[test]
    fn descriptions_end_after_a_word() {
        assert_eq!(shorten("Un\n  journal."), "Un journal.");
        let long = shorten(&"mot ".repeat(100));
        assert!(
            long.chars().count() <= DESCRIPTION_MAX + 1 && long.ends_with("mot…"),
            "{long}"
        );
    }
}

//! A page cut into screens, one idea each, for the presentation of its bloc.
//!
//! The rule, in the order in which it is applied between two blocks of the page:
//! 1. The page opens with a screen that holds its title and its first paragraph, and nothing else.
//! 2. Each heading begins a screen, whose title it becomes; what follows up to the next heading is its section.
//! 3. `<!-- écran -->` begins a screen, `<!-- même écran -->` forbids to.
//! 4. What a text announces with a colon stays with it, and so does the list that follows a text of at most [`LEAD`] lines.
//! 5. A framed remark has a screen to itself.
//! 6. A figure (diagram, code, table, simulation, checklist, folded details) ends its screen; it may stand under a text of at
//!    most [`INTRODUCTION`] lines.
//! 7. Tabs are a figure if each of them fits in [`TAB`] lines; if not, the blocks of each are cut by these same rules, and the
//!    tab's label is added to the title.
//! 8. Texts share a screen as long as they fit in [`CAPACITY`] lines of large type.
//! 9. Each question of a quiz has a screen to itself.
//!
//! An instructor's note belongs to every screen of the section in which it stands. Footnotes and the links of headings to
//! themselves are left out.

use crate::markdown::Page;
use crate::markdown::piece::{Cut, Piece, PieceKind, Tab};
use std::ops::Range;

/// Lines of large type that a screen of text holds.
pub const CAPACITY: usize = 10;
/// Lines of text that may stand above a figure.
pub const INTRODUCTION: usize = 5;
/// Lines of a text that leads into a list.
pub const LEAD: usize = 2;
/// Lines of a tab that is shown whole.
pub const TAB: usize = 14;

/// A screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// Markup of its heading; `None` if its title is the page's.
    pub heading: Option<String>,
    /// Markup of the label of the tab that it shows a part of.
    pub tab: Option<String>,
    /// Its id in the presentation, after the page's: empty for the first, else `--heading`, with `.2` and so on for the
    /// screens that continue a section.
    pub anchor: String,
    /// True if it is the page's first.
    pub opening: bool,
    /// Its place among the screens of its section, from 1.
    pub part: usize,
    /// How many screens its section has.
    pub parts: usize,
    /// Bytes of the page's body, one range after the other.
    pub html: Vec<Range<usize>>,
    /// What fills it.
    pub kind: ScreenKind,
    /// Indices of the page's notes that go with it.
    pub notes: Vec<usize>,
    /// Its section, from 0.
    section: usize,
}

/// What fills a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScreenKind {
    /// A title, and at most a text under it.
    #[default]
    Text,
    /// A figure.
    Figure,
    /// A framed remark.
    Alert,
    /// A question of a quiz.
    Question,
}

impl ScreenKind {
    /// Its name in templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "texte",
            Self::Figure => "figure",
            Self::Alert => "encadre",
            Self::Question => "question",
        }
    }
}

/// Cuts `page` into screens.
pub fn cut(page: &Page) -> Vec<Screen> {
    let mut cutter = Cutter::new();
    for piece in &page.pieces {
        cutter.take(piece);
    }
    cutter.finish()
}

/// Screens in the making.
struct Cutter {
    screens: Vec<Screen>,
    /// Lines of text on the last screen.
    lines: usize,
    /// True if the last block of the screen announces what follows.
    announced: bool,
    /// Notes with their sections.
    notes: Vec<(usize, usize)>,
}

impl Cutter {
    fn new() -> Self {
        let opening = Screen {
            opening: true,
            ..Screen::default()
        };
        Self {
            screens: vec![opening],
            lines: 0,
            announced: false,
            notes: Vec::new(),
        }
    }

    fn take(&mut self, piece: &Piece) {
        match &piece.kind {
            PieceKind::Note(index) => {
                let section = self.last().section;
                self.notes.push((section, *index));
            }
            PieceKind::Heading { id, html } if piece.before != Cut::Forbid => {
                let section = self.last().section + 1;
                self.push(Screen {
                    heading: Some(html.clone()),
                    anchor: format!("--{id}"),
                    section,
                    ..Screen::default()
                });
            }
            PieceKind::Heading { .. } | PieceKind::Text | PieceKind::List => {
                self.add(piece, ScreenKind::Text);
            }
            PieceKind::Tabs(tabs) if tabs.iter().any(is_long) => self.tabs(tabs),
            PieceKind::Tabs(_) | PieceKind::Figure => self.add(piece, ScreenKind::Figure),
            PieceKind::Alert => self.add(piece, ScreenKind::Alert),
            PieceKind::Quiz(questions) => self.questions(piece, questions),
        }
    }

    fn last(&mut self) -> &mut Screen {
        if self.screens.is_empty() {
            self.screens.push(Screen::default());
        }
        let last = self.screens.len() - 1;
        &mut self.screens[last]
    }

    fn push(&mut self, screen: Screen) {
        self.screens.push(screen);
        self.lines = 0;
        self.announced = false;
    }

    /// A screen that continues the section of the last one.
    fn continue_section(&mut self) {
        let last = self.last();
        let next = Screen {
            heading: last.heading.clone(),
            tab: last.tab.clone(),
            anchor: last.anchor.clone(),
            section: last.section,
            ..Screen::default()
        };
        self.push(next);
    }

    fn add(&mut self, piece: &Piece, kind: ScreenKind) {
        if self.breaks_before(piece, kind) {
            self.continue_section();
        }
        self.lines += piece.lines;
        self.announced = piece.announces && kind == ScreenKind::Text;
        let last = self.last();
        last.html.push(piece.html.clone());
        if kind != ScreenKind::Text {
            last.kind = kind;
        }
    }

    fn breaks_before(&mut self, piece: &Piece, kind: ScreenKind) -> bool {
        let (lines, announced) = (self.lines, self.announced);
        let last = self.last();
        let empty = last.html.is_empty();
        match piece.before {
            Cut::Force => return !(empty && last.heading.is_some()),
            Cut::Forbid => return false,
            Cut::Auto => {}
        }
        if last.opening {
            // The first paragraph stands with the title, everything else after it.
            return !empty || kind != ScreenKind::Text;
        }
        if empty || announced {
            return false;
        }
        let full = last.kind != ScreenKind::Text;
        let leads = lines <= LEAD && piece.kind == PieceKind::List;
        match kind {
            ScreenKind::Text if leads && !full => false,
            ScreenKind::Text => full || lines + piece.lines > CAPACITY,
            ScreenKind::Figure => full || lines > INTRODUCTION,
            ScreenKind::Alert | ScreenKind::Question => true,
        }
    }

    /// The blocks of each tab, beginning with a screen of its own.
    fn tabs(&mut self, tabs: &[Tab]) {
        for tab in tabs {
            let last = self.last();
            if last.opening || !last.html.is_empty() {
                self.continue_section();
            }
            self.last().tab = Some(tab.label.clone());
            for piece in &tab.pieces {
                self.take(piece);
            }
        }
        if tabs.iter().any(|tab| !tab.pieces.is_empty()) {
            self.continue_section();
            self.last().tab = None;
        }
    }

    /// A screen for each question, each in the frame of the quiz.
    fn questions(&mut self, piece: &Piece, questions: &[Range<usize>]) {
        let (Some(first), Some(end)) = (questions.first(), questions.last()) else {
            return;
        };
        for question in questions {
            let last = self.last();
            if last.opening || !last.html.is_empty() {
                self.continue_section();
            }
            let last = self.last();
            last.kind = ScreenKind::Question;
            last.html = vec![
                piece.html.start..first.start,
                question.clone(),
                end.end..piece.html.end,
            ];
        }
    }

    fn finish(mut self) -> Vec<Screen> {
        // A section's title may stand alone, what continues it may not.
        let mut section = None;
        self.screens.retain(|screen| {
            let continues = section == Some(screen.section);
            section = Some(screen.section);
            !(continues && screen.html.is_empty())
        });
        let sections: Vec<usize> = self.screens.iter().map(|screen| screen.section).collect();
        let mut part = 0;
        for (index, screen) in self.screens.iter_mut().enumerate() {
            let starts = index == 0 || sections[index - 1] != screen.section;
            part = if starts { 1 } else { part + 1 };
            screen.part = part;
            screen.parts = sections
                .iter()
                .filter(|section| **section == screen.section)
                .count();
            if part > 1 {
                screen.anchor = format!("{}.{part}", screen.anchor);
            }
            let own = self
                .notes
                .iter()
                .filter(|(section, _)| *section == screen.section);
            screen.notes = own.map(|(_, note)| *note).collect();
        }
        self.screens
    }
}

/// True if `tab` does not fit on a screen.
fn is_long(tab: &Tab) -> bool {
    let lines = tab.pieces.iter().map(|piece| piece.lines + 1);
    lines.sum::<usize>() > TAB
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of blocks of ten bytes each.
    fn page(blocks: Vec<(PieceKind, usize, bool, Cut)>) -> Page {
        let pieces = blocks.into_iter().enumerate();
        let pieces = pieces.map(|(index, (kind, lines, announces, before))| Piece {
            html: index * 10..index * 10 + 10,
            kind,
            lines,
            announces,
            before,
        });
        Page {
            pieces: pieces.collect(),
            ..Page::default()
        }
    }

    fn heading(id: &str) -> (PieceKind, usize, bool, Cut) {
        let kind = PieceKind::Heading {
            id: id.to_owned(),
            html: id.to_uppercase(),
        };
        (kind, 1, false, Cut::Auto)
    }

    fn text(lines: usize) -> (PieceKind, usize, bool, Cut) {
        (PieceKind::Text, lines, false, Cut::Auto)
    }

    fn figure() -> (PieceKind, usize, bool, Cut) {
        (PieceKind::Figure, 30, false, Cut::Auto)
    }

    /// Anchors of the screens, each with the numbers of its blocks.
    fn shown(blocks: Vec<(PieceKind, usize, bool, Cut)>) -> Vec<(String, Vec<usize>)> {
        let screens = cut(&page(blocks)).into_iter();
        screens
            .map(|screen| {
                let blocks = screen.html.iter().map(|html| html.start / 10).collect();
                (screen.anchor, blocks)
            })
            .collect()
    }

    /// Where the parts of the screen begin.
    fn starts(screen: &Screen) -> Vec<usize> {
        screen.html.iter().map(|html| html.start).collect()
    }

    fn expect(blocks: Vec<(PieceKind, usize, bool, Cut)>, expected: &[(&str, &[usize])]) {
        let found = shown(blocks);
        let found: Vec<(&str, &[usize])> = found
            .iter()
            .map(|(anchor, blocks)| (anchor.as_str(), blocks.as_slice()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_page_opens_with_its_first_paragraph_and_each_heading_begins_a_screen() {
        let blocks = vec![text(2), text(1), heading("a"), text(1), heading("b")];
        expect(
            blocks,
            &[("", &[0]), (".2", &[1]), ("--a", &[3]), ("--b", &[])],
        );
    }

    #[test]
    fn texts_share_a_screen_as_long_as_they_fit() {
        let blocks = vec![heading("a"), text(6), text(4), text(1)];
        expect(blocks, &[("", &[]), ("--a", &[1, 2]), ("--a.2", &[3])]);
    }

    #[test]
    fn a_figure_stands_under_a_short_introduction_and_ends_its_screen() {
        let short = vec![heading("a"), text(INTRODUCTION), figure(), text(1)];
        expect(short, &[("", &[]), ("--a", &[1, 2]), ("--a.2", &[3])]);
        let long = vec![heading("a"), text(INTRODUCTION + 1), figure(), figure()];
        expect(
            long,
            &[("", &[]), ("--a", &[1]), ("--a.2", &[2]), ("--a.3", &[3])],
        );
    }

    #[test]
    fn what_a_text_announces_stays_with_it() {
        let blocks = vec![
            heading("a"),
            (PieceKind::Text, 9, true, Cut::Auto),
            text(4),
            text(1),
        ];
        expect(blocks, &[("", &[]), ("--a", &[1, 2]), ("--a.2", &[3])]);
    }

    #[test]
    fn a_short_text_leads_into_its_list() {
        let list = (PieceKind::List, CAPACITY, false, Cut::Auto);
        let short = vec![heading("a"), text(LEAD), list.clone()];
        expect(short, &[("", &[]), ("--a", &[1, 2])]);
        let long = vec![heading("a"), text(LEAD + 1), list];
        expect(long, &[("", &[]), ("--a", &[1]), ("--a.2", &[2])]);
    }

    #[test]
    fn long_tabs_are_cut_and_short_ones_are_not() {
        let tab = |label: &str, pieces: Vec<Piece>| Tab {
            label: label.to_owned(),
            pieces,
        };
        let piece = |start: usize, lines: usize| Piece {
            html: start..start + 5,
            kind: PieceKind::Figure,
            lines,
            announces: false,
            before: Cut::Auto,
        };
        let tabs = |lines: usize| {
            let tabs = vec![
                tab("x", vec![piece(21, lines), piece(26, 1)]),
                tab("y", vec![piece(31, 1)]),
            ];
            (PieceKind::Tabs(tabs), 30, false, Cut::Auto)
        };
        expect(
            vec![heading("a"), text(1), tabs(3), text(1)],
            &[("", &[]), ("--a", &[1, 2]), ("--a.2", &[3])],
        );
        let screens = cut(&page(vec![heading("a"), text(1), tabs(TAB), text(1)]));
        let shown: Vec<_> = screens
            .iter()
            .map(|screen| (screen.tab.as_deref(), starts(screen)))
            .collect();
        let expected = [
            (None, vec![10]),
            (Some("x"), vec![21]),
            (Some("x"), vec![26]),
            (Some("y"), vec![31]),
            (None, vec![30]),
        ];
        assert_eq!(shown[1..], expected);
    }

    #[test]
    fn the_author_forces_and_forbids() {
        let force = vec![
            heading("a"),
            text(1),
            (PieceKind::Text, 1, false, Cut::Force),
        ];
        expect(force, &[("", &[]), ("--a", &[1]), ("--a.2", &[2])]);
        let forbid = vec![
            heading("a"),
            figure(),
            (PieceKind::Alert, 4, false, Cut::Forbid),
        ];
        expect(forbid, &[("", &[]), ("--a", &[1, 2])]);
    }

    #[test]
    fn a_remark_and_each_question_have_a_screen_to_themselves() {
        let alert = (PieceKind::Alert, 2, false, Cut::Auto);
        let blocks = vec![
            heading("a"),
            text(1),
            alert,
            text(1),
            heading("quiz"),
            (PieceKind::Quiz(vec![51..53, 53..58]), 40, false, Cut::Auto),
        ];
        let screens = cut(&page(blocks));
        let parts: Vec<_> = screens.iter().map(starts).collect();
        let expected = [
            vec![],
            vec![10],
            vec![20],
            vec![30],
            vec![50, 51, 58],
            vec![50, 53, 58],
        ];
        assert_eq!(parts, expected);
        assert_eq!((screens[5].part, screens[5].parts), (2, 2));
    }

    #[test]
    fn a_note_goes_with_every_screen_of_its_section() {
        let note = (PieceKind::Note(0), 0, false, Cut::Auto);
        let blocks = vec![heading("a"), figure(), text(1), note, heading("b")];
        let screens = cut(&page(blocks));
        let notes: Vec<_> = screens.iter().map(|screen| screen.notes.len()).collect();
        assert_eq!(notes, [0, 1, 1, 0]);
    }
}

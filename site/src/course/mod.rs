//! The course as `course.toml` describes it: days, blocs, pages, versions and glossary.
//!
//! [`parse::parse`] reads it, [`check::check`] holds it against itself and against the folder: durations that add up, no page
//! listed twice, no page forgotten. [`timetable`] turns lengths into times of day.

pub mod check;
pub mod parse;
pub mod problem;
pub mod timetable;

use crate::diagnostic::Span;
use crate::text::origin::Origin;
use std::collections::BTreeMap;
use std::sync::Arc;
use timetable::Timetable;

/// Path of the course's description in the content folder.
pub const COURSE_FILE: &str = "course.toml";

/// The whole course.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub subtitle: String,
    /// A sentence or two about it.
    pub description: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Canonical base URL, with its trailing slash.
    pub url: String,
    /// Address of the source repository, empty if none.
    pub repository: String,
    /// Announced length, in minutes.
    pub minutes: Minutes,
    /// Versions by name.
    pub versions: BTreeMap<String, String>,
    /// Terms by id.
    pub glossary: BTreeMap<String, Term>,
    /// Days in order.
    pub days: Vec<Day>,
    /// Annexes in order.
    pub annexes: Vec<Annex>,
    /// When days start and pause.
    pub timetable: Timetable,
}

/// A length in minutes, and where it is written.
#[derive(Clone, Debug, Default)]
pub struct Minutes {
    /// How many.
    pub value: u32,
    /// Bytes of the number in `course.toml`.
    pub span: Span,
}

/// A term of the glossary.
#[derive(Clone, Debug)]
pub struct Term {
    /// The term.
    pub term: String,
    /// What it stands for, empty if nothing.
    pub long: String,
    /// Its definition, as inline Markdown.
    pub definition: String,
    /// Where the definition stands.
    pub origin: Origin,
}

/// A day.
#[derive(Clone, Debug)]
pub struct Day {
    /// 1, 2, 3…
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its folder on the site.
    pub slug: String,
    /// Its length.
    pub minutes: Minutes,
    /// Its blocs in order.
    pub blocs: Vec<Bloc>,
}

/// A bloc; without pages it is « à venir ».
#[derive(Clone, Debug)]
pub struct Bloc {
    /// For example `1.1`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its folder on the site, in its day's.
    pub slug: String,
    /// Its length.
    pub minutes: Minutes,
    /// Its pages in order.
    pub pages: Vec<PageEntry>,
}

/// A page of a bloc.
#[derive(Clone, Debug)]
pub struct PageEntry {
    /// Its file in the content folder.
    pub file: Arc<str>,
    /// Bytes of that path in `course.toml`.
    pub span: Span,
    /// Its length in the timetable.
    pub minutes: u32,
    /// What kind of page it is.
    pub kind: PageKind,
}

/// An annex; without file it is « à venir ».
#[derive(Clone, Debug)]
pub struct Annex {
    /// Its title.
    pub title: String,
    /// Its folder on the site.
    pub slug: String,
    /// Its file in the content folder.
    pub file: Option<PageEntry>,
}

/// What a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// Reading.
    Text,
    /// Practice.
    Lab,
    /// Questions.
    Quiz,
    /// Summary of a bloc.
    Recap,
    /// Outside of the timetable.
    Annex,
}

impl PageKind {
    /// Kinds that a page of a bloc may have, as written in `course.toml`.
    pub const IN_BLOC: [&'static str; 4] = ["texte", "lab", "quiz", "recap"];

    /// Its name in `course.toml` and in templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "texte",
            Self::Lab => "lab",
            Self::Quiz => "quiz",
            Self::Recap => "recap",
            Self::Annex => "annexe",
        }
    }

    fn from_index(index: usize) -> Self {
        [Self::Text, Self::Lab, Self::Quiz, Self::Recap][index]
    }
}

/// A page's place in the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Page number `page` of bloc number `bloc` of day number `day`, all from 0.
    InBloc {
        /// Index of the day.
        day: usize,
        /// Index of the bloc in its day.
        bloc: usize,
        /// Index of the page in its bloc.
        page: usize,
    },
    /// Annex number `annex`, from 0.
    Annex {
        /// Index of the annex.
        annex: usize,
    },
}

impl Course {
    /// All written pages in the order in which one reads them, annexes last.
    pub fn pages(&self) -> impl Iterator<Item = (Position, &PageEntry)> {
        let in_blocs = self.days.iter().enumerate().flat_map(|(day, d)| {
            d.blocs.iter().enumerate().flat_map(move |(bloc, b)| {
                b.pages
                    .iter()
                    .enumerate()
                    .map(move |(page, entry)| (Position::InBloc { day, bloc, page }, entry))
            })
        });
        let annexes = self.annexes.iter().enumerate().filter_map(|(annex, a)| {
            a.file
                .as_ref()
                .map(|entry| (Position::Annex { annex }, entry))
        });
        in_blocs.chain(annexes)
    }

    /// Address of the page at `position`, relative to the site's root: `jour-1/bloc-1-1/journal/`.
    pub fn url(&self, position: Position) -> String {
        match position {
            Position::InBloc { day, bloc, page } => {
                let day = &self.days[day];
                let bloc = &day.blocs[bloc];
                let stem = file_stem(&bloc.pages[page].file);
                if stem == "index" {
                    format!("{}/{}/", day.slug, bloc.slug)
                } else {
                    format!("{}/{}/{stem}/", day.slug, bloc.slug)
                }
            }
            Position::Annex { annex } => format!("annexes/{}/", self.annexes[annex].slug),
        }
    }
}

/// Name of the file `path` without folder and extension.
pub fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name)
}

/// A length as one says it: `45 min`, `7 h`, `1 h 30`.
pub fn duration_text(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest}\u{A0}min"),
        (hours, 0) => format!("{hours}\u{A0}h"),
        (hours, rest) => format!("{hours}\u{A0}h\u{A0}{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_in_a_timetable() {
        assert_eq!(duration_text(45), "45\u{A0}min");
        assert_eq!(duration_text(420), "7\u{A0}h");
        assert_eq!(duration_text(65), "1\u{A0}h\u{A0}05");
    }
}

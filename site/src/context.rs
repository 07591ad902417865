//! What a template sees: the variables of every page, as plain data.
//!
//! Each template is rendered once per output file with these top-level variables:
//!
//! | variable | type | in |
//! |---|---|---|
//! | `site` | [`SiteContext`] | every template, the same everywhere |
//! | `root` | text | every template: relative way back to the site's root, for example `../../` (home: `./`, 404: the base path) |
//! | `page` | [`PageContext`] | every template |
//! | `nav` | [`NavContext`] | every template: the sidebar, bounded by the current day and bloc |
//! | `day` | [`DayContext`] | `day.html`, `print.html`, `presentation.html`, `notes.html` |
//! | `bloc` | [`BlocContext`] | `print.html` (`None` for a whole day), `presentation.html`, `notes.html` |
//! | `sections` | list of [`PrintSection`] | `print.html` |
//! | `days` | list of [`TimetableDay`] | `timetable.html` |
//! | `talk` | [`TalkContext`] | `presentation.html` |
//! | `screens` | list of [`ScreenContext`] | `presentation.html` |
//! | `notes` | list of [`NoteContext`] | `presentation.html`, `notes.html` |
//! | `terms` | list of [`TermContext`] | `glossary.html` |
//! | `journey` | list of [`JourneyDay`] | `journey.html` |
//!
//! | template | writes |
//! |---|---|
//! | `page.html` | every page of a bloc, its opening page included, and every annex |
//! | `home.html` | `index.html` |
//! | `day.html` | `jour-1/index.html` |
//! | `glossary.html` | `glossaire/index.html` |
//! | `live.html` | `direct/index.html` |
//! | `journey.html` | `parcours/index.html` |
//! | `print.html` | `imprimer/jour-1/index.html`, `imprimer/jour-1/bloc-1-1/index.html` |
//! | `timetable.html` | `horaires/index.html` |
//! | `instructor.html` | `formateur/index.html` |
//! | `notes.html` | `formateur/jour-1/bloc-1-1/index.html` |
//! | `presentation.html` | `presentation/jour-1/bloc-1-1/index.html` |
//! | `404.html` | `404.html` |
//!
//! All `url` fields are relative to the site's root and carry no leading slash: write `href="{{ root }}{{ item.url }}"`.
//! Titles and labels are plain text in French typography (the template engine escapes them); fields that end in `html` are
//! safe markup. The function `asset(path="css/site.css")` gives the content-hashed name of a file of `site/assets`, relative
//! to the root: `href="{{ root }}{{ asset(path="css/site.css") }}"`; an unknown path is an error of the build.

use serde::Serialize;

/// The whole course, the same for every page.
#[derive(Clone, Debug, Serialize)]
pub struct SiteContext {
    /// Title of the course.
    pub title: String,
    /// Its subtitle.
    pub subtitle: String,
    /// One or two sentences for search engines and the home page.
    pub description: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Canonical base URL, with its trailing slash.
    pub url: String,
    /// Path of the site on its host, `/` or `/x/`.
    pub base_path: String,
    /// Total length in minutes.
    pub minutes: u32,
    /// Total length as text, for example `21 h`.
    pub duration: String,
    /// Days in order, each with its blocs (without their pages).
    pub days: Vec<DayContext>,
    /// Annexes in order.
    pub annexes: Vec<AnnexContext>,
    /// True if the site was built with `--dev`: load `dev-reload.js`.
    pub dev: bool,
    /// Folder of the visualizer's modules, relative to the root; `None` if the site was built without them.
    pub visualizer: Option<String>,
    /// What has a module of its own there (`live`, or a simulation's name), separated by spaces; `visualizer.js` holds the
    /// rest.
    pub modules: String,
    /// Where Pagefind's index will be, relative to the root; `None` if the site is not indexed.
    pub search: Option<String>,
    /// True if the site may be kept by the browser: name the manifest, register the worker.
    pub offline: bool,
    /// Address of the source repository, `None` if there is none.
    pub repository: Option<String>,
}

/// One day.
#[derive(Clone, Debug, Serialize)]
pub struct DayContext {
    /// 1, 2 or 3.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its slug, for example `jour-1`.
    pub slug: String,
    /// Its page, for example `jour-1/`.
    pub url: String,
    /// The printable document of the whole day, `None` as long as no page of it is written.
    pub print_url: Option<String>,
    /// The same as a PDF file, `None` if the site was built without.
    pub pdf: Option<PdfContext>,
    /// Length in minutes.
    pub minutes: u32,
    /// Length as text, for example `7 h`.
    pub duration: String,
    /// Its blocs in order.
    pub blocs: Vec<BlocContext>,
}

/// One bloc.
#[derive(Clone, Debug, Serialize)]
pub struct BlocContext {
    /// For example `1.1`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its slug, for example `bloc-1-1`.
    pub slug: String,
    /// Its first page; `None` if the bloc is « à venir ».
    pub url: Option<String>,
    /// Its printable document, `None` if the bloc is « à venir ».
    pub print_url: Option<String>,
    /// The same as a PDF file, `None` if the site was built without.
    pub pdf: Option<PdfContext>,
    /// Its presentation, `None` if the bloc is « à venir ».
    pub presentation_url: Option<String>,
    /// Its instructor's notes, `None` if the bloc is « à venir ».
    pub notes_url: Option<String>,
    /// How many instructor's notes it has.
    pub note_count: usize,
    /// Length in minutes.
    pub minutes: u32,
    /// Length as text, for example `1 h 30`.
    pub duration: String,
    /// How many pages it has, whether or not they are listed here.
    pub page_count: usize,
    /// Its pages in order; empty if « à venir », and also empty in [`SiteContext::days`].
    pub pages: Vec<PageLink>,
}

/// A page as others point to it.
#[derive(Clone, Debug, Serialize)]
pub struct PageLink {
    /// Its title.
    pub title: String,
    /// Its address, relative to the root.
    pub url: String,
    /// `texte`, `lab`, `quiz`, `recap` or `annexe`.
    pub kind: String,
    /// Length in the timetable, in minutes (0 for annexes).
    pub minutes: u32,
    /// Length as text, for example `25 min`.
    pub duration: String,
    /// Its place in the bloc, from 0: the offset of the brand motif.
    pub offset: usize,
    /// Number of the bloc it belongs to; empty for annexes.
    pub bloc: String,
    /// True if it is the page being rendered.
    pub current: bool,
}

/// An annex.
#[derive(Clone, Debug, Serialize)]
pub struct AnnexContext {
    /// Its title.
    pub title: String,
    /// Its address; `None` if it is « à venir ».
    pub url: Option<String>,
    /// True if it is the page being rendered.
    pub current: bool,
}

/// The page being rendered.
// Each of them is a question that a template asks.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug, Serialize)]
pub struct PageContext {
    /// `accueil`, `jour`, `texte`, `lab`, `quiz`, `recap`, `annexe`, `glossaire`, `direct`, `parcours`, `impression`,
    /// `horaires`, `formateur`, `notes`, `presentation` or `404`.
    pub kind: String,
    /// Its title, for `<h1>` and `<title>`.
    pub title: String,
    /// Markup of the title (code spans kept), for `<h1>`.
    pub title_html: String,
    /// Text for `<meta name="description">` and `OpenGraph`, at most 200 characters.
    pub description: String,
    /// Its address, relative to the root; empty for the home page.
    pub url: String,
    /// Its full canonical address; empty for the 404 page.
    pub canonical: String,
    /// Its content, ready to be placed inside `<article>` (the `<h1>` is not part of it).
    pub html: String,
    /// Headings of levels 2 and 3, nested.
    pub toc: Vec<TocEntry>,
    /// Time to read it, in minutes, at least 1; 0 for pages without text of their own.
    pub reading_minutes: u32,
    /// Length in the timetable, in minutes; 0 if it has none.
    pub minutes: u32,
    /// Length as text, for example `25 min`; empty if it has none.
    pub duration: String,
    /// Number of the day it belongs to, 0 if none: `<html data-day="1">`.
    pub day: u32,
    /// Number of its bloc, empty if none.
    pub bloc: String,
    /// Title of its bloc, empty if none.
    pub bloc_title: String,
    /// Its place in the bloc, from 0.
    pub offset: usize,
    /// How many pages the bloc has.
    pub bloc_len: usize,
    /// From the home page down to its parent; the page itself is not in it.
    pub breadcrumbs: Vec<Crumb>,
    /// The page before it in the course, across blocs.
    pub previous: Option<PageLink>,
    /// The page after it.
    pub next: Option<PageLink>,
    /// Where to edit its source, `None` if the course has no repository.
    pub edit_url: Option<String>,
    /// True if it has at least one simulation (or is the live page): the `visualizer` meta element is needed.
    pub has_simulation: bool,
    /// Style sheets that its figures need, beside that of every page.
    pub sheets: Vec<&'static str>,
    /// True if it has at least one quiz.
    pub has_quiz: bool,
    /// True if it has at least one block of code.
    pub has_code: bool,
    /// For a lab's page, the lab to download.
    pub archive: Option<ArchiveContext>,
}

/// A lab to download.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ArchiveContext {
    /// Address of the zip, relative to the root.
    pub url: String,
    /// The lab, for example `1.2a`: once unpacked, its folder is `labs/1.2a`.
    pub lab: String,
    /// Its size as text, for example `24 ko`.
    pub size: String,
}

/// A day as the learner goes through it.
#[derive(Clone, Debug, Serialize)]
pub struct JourneyDay {
    /// The day, without pages.
    pub day: DayContext,
    /// Its blocs, with what there is to do on each page.
    pub blocs: Vec<JourneyBloc>,
}

/// A bloc as the learner goes through it.
#[derive(Clone, Debug, Serialize)]
pub struct JourneyBloc {
    /// The bloc, without pages.
    pub bloc: BlocContext,
    /// Its pages; none if it is « à venir ».
    pub pages: Vec<JourneyPage>,
}

/// A page, and what there is to do on it.
#[derive(Clone, Debug, Serialize)]
pub struct JourneyPage {
    /// The page.
    pub page: PageLink,
    /// Its checklists.
    pub checklists: Vec<JourneyTask>,
    /// Its quizzes.
    pub quizzes: Vec<JourneyTask>,
}

/// A checklist or a quiz.
#[derive(Clone, Debug, Serialize)]
pub struct JourneyTask {
    /// Its id, under which the page remembers it.
    pub id: String,
    /// Its title; empty for a checklist.
    pub title: String,
    /// How many boxes or questions it has.
    pub count: usize,
}

/// One step of the way from the home page.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    /// What it says.
    pub title: String,
    /// Where it leads, relative to the root; `None` if nowhere (a bloc has no page of its own beside its first).
    pub url: Option<String>,
}

/// A heading in the table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TocEntry {
    /// Its text, without markup.
    pub title: String,
    /// Its id on the page.
    pub id: String,
    /// Headings of the next level below it.
    pub children: Vec<TocEntry>,
}

/// The sidebar of a page.
#[derive(Clone, Debug, Serialize)]
pub struct NavContext {
    /// Number of the current day, 0 outside of the days.
    pub day: u32,
    /// Number of the current bloc, empty outside of the blocs.
    pub bloc: String,
    /// Blocs of the current day; the current bloc has its pages, the others have none. Empty outside of the days.
    pub blocs: Vec<BlocContext>,
}

/// One page of a printed day.
#[derive(Clone, Debug, Serialize)]
pub struct PrintSection {
    /// Id of the section in the printed document; every id inside begins with it and `--`.
    pub id: String,
    /// Title of the page.
    pub title: String,
    /// Markup of the title.
    pub title_html: String,
    /// Number of its bloc.
    pub bloc: String,
    /// Title of its bloc.
    pub bloc_title: String,
    /// True for the first page of a bloc.
    pub opens_bloc: bool,
    /// `texte`, `lab`, `quiz` or `recap`.
    pub kind: String,
    /// Length as text.
    pub duration: String,
    /// Address of the page, relative to the root.
    pub url: String,
    /// Its content with headings one level lower, quizzes with their corrections open, simulations as storyboards.
    pub html: String,
}

/// A PDF file.
#[derive(Clone, Debug, Serialize)]
pub struct PdfContext {
    /// Its address, relative to the root.
    pub url: String,
    /// Its size as text, for example `1,2 Mo`.
    pub size: String,
}

/// A day of the timetable.
#[derive(Clone, Debug, Serialize)]
pub struct TimetableDay {
    /// 1, 2 or 3.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// What is taught of it, as text, for example `7 h`.
    pub duration: String,
    /// When it starts and ends, breaks included.
    pub time: TimeContext,
    /// Its stretches in order.
    pub rows: Vec<TimetableRow>,
}

/// A stretch of time.
#[derive(Clone, Debug, Serialize)]
pub struct TimeContext {
    /// Its start, for example `9 h 00`.
    pub start: String,
    /// The same for `<time datetime>`: `09:00`.
    pub start_code: String,
    /// Its end.
    pub end: String,
    /// The same for `<time datetime>`.
    pub end_code: String,
}

/// A bloc, or what a break leaves of it, or a break.
#[derive(Clone, Debug, Serialize)]
pub struct TimetableRow {
    /// True for a break.
    pub is_break: bool,
    /// Number of the bloc, empty for a break.
    pub number: String,
    /// Title of the bloc or of the break.
    pub title: String,
    /// First page of the bloc, `None` if it is « à venir », and for a break.
    pub url: Option<String>,
    /// True if a break came before in the same bloc.
    pub continued: bool,
    /// From when to when.
    pub time: TimeContext,
    /// Its length as text.
    pub duration: String,
    /// Its pages.
    pub pages: Vec<TimetablePage>,
}

/// A page in the timetable.
#[derive(Clone, Debug, Serialize)]
pub struct TimetablePage {
    /// The page.
    pub page: PageLink,
    /// From when to when.
    pub time: TimeContext,
}

/// What the clock of a presentation needs.
#[derive(Clone, Debug, Serialize)]
pub struct TalkContext {
    /// Identifies the bloc: `jour-1/bloc-1-1`.
    pub id: String,
    /// Minutes of the day that come before the bloc, breaks left out.
    pub before: u32,
    /// When the timetable has the bloc start and end.
    pub time: TimeContext,
}

/// A screen of a presentation.
#[derive(Clone, Debug, Serialize)]
pub struct ScreenContext {
    /// Its id in the document.
    pub id: String,
    /// Markup of its title.
    pub title_html: String,
    /// True for the first screen of a page.
    pub opening: bool,
    /// Its place among the screens of its section, from 1.
    pub part: usize,
    /// How many screens its section has.
    pub parts: usize,
    /// `texte`, `figure`, `encadre` or `question`.
    pub kind: String,
    /// The page it comes from.
    pub page: PageLink,
    /// Ids of the instructor's notes that go with it, separated by spaces.
    pub notes: String,
    /// Its content.
    pub html: String,
}

/// An instructor's note.
#[derive(Clone, Debug, Serialize)]
pub struct NoteContext {
    /// Its id in the document.
    pub id: String,
    /// Its number on its page, from 1.
    pub number: usize,
    /// What it is called, empty if it has no title.
    pub title: String,
    /// Title of the section in which it stands, empty before the first heading.
    pub section: String,
    /// Id of that section on its page.
    pub section_id: String,
    /// True for the first of its page.
    pub opens_page: bool,
    /// The page it stands on.
    pub page: PageLink,
    /// Its content.
    pub html: String,
}

/// One term of the glossary.
#[derive(Clone, Debug, Serialize)]
pub struct TermContext {
    /// Its id, for example `isr`: `<dt id="isr">`.
    pub id: String,
    /// The term.
    pub term: String,
    /// What it stands for, empty if nothing.
    pub long: String,
    /// Its definition, inline markup.
    pub definition_html: String,
    /// First letter without accent, in upper case, for an alphabet of links; `#` if it is not a letter.
    pub letter: String,
    /// Pages that use it, in the order of the course.
    pub pages: Vec<TermPage>,
}

/// A page that uses a term.
#[derive(Clone, Debug, Serialize)]
pub struct TermPage {
    /// The page.
    pub page: PageLink,
    /// The sections that do; what stands before the first heading is the page itself and not listed.
    pub sections: Vec<TermSection>,
}

/// A section that uses a term.
#[derive(Clone, Debug, Serialize)]
pub struct TermSection {
    /// Its id on the page.
    pub id: String,
    /// Its heading, without markup.
    pub title: String,
}

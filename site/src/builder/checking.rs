//! The content, compiled and checked: each page once, and again only when something that it is made from changed.

use super::{Builder, fingerprint};
use crate::course::problem::CourseProblem;
use crate::course::{self, COURSE_FILE, Course};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::markdown::problem::MarkupProblem;
use crate::markdown::{self, Env, Page, PageSet, glossary};
use crate::text::origin::Origin;
use crate::text::problem::TextProblem;
use crate::theme::Theme;
use crate::{check, labs};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The course, checked and compiled.
#[derive(Debug)]
pub struct Checked {
    /// The course.
    pub course: Course,
    /// Its pages by file.
    pub pages: HashMap<Arc<str>, Arc<Page>>,
    /// Markup of the glossary's definitions by id.
    pub definitions: BTreeMap<String, String>,
    /// How many pages were compiled for it.
    pub compiled: usize,
}

/// A page as it was compiled last.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) page: Arc<Page>,
    pub(super) problems: Vec<Diagnostic>,
    /// Fingerprint of all that it was compiled from.
    pub(super) fingerprint: u64,
}

impl Builder {
    /// Checks the whole course and compiles its pages.
    ///
    /// # Errors
    /// All problems of the content, sorted.
    pub fn check(&mut self) -> Result<Checked, Vec<Diagnostic>> {
        self.read_theme();
        let found = RefCell::new(Diagnostics::default());
        let course = self.course(&found);
        let mut problems = found.into_inner();
        // A course that cannot be read whole would seem to lack pages and minutes: one fault at a time there.
        let readable = problems.is_empty();
        if readable {
            course::check::check(&course, &self.content, &mut problems);
        }
        self.check_encoding(&mut problems);
        let listed = self.listed_pages(&course, readable);
        let mut env = Env {
            content: &self.content,
            course: &course,
            pages: &listed,
            definitions: &HashMap::new(),
            highlighter: &self.highlighter,
        };
        let plain = glossary::plain_definitions(&env);
        env.definitions = &plain;
        let (definitions, glossary) = glossary::definitions(&env, &mut problems);
        let compiled = compile_pages(&env, &mut self.compiled);
        let glossary_path: Arc<str> = Arc::from(COURSE_FILE);
        let pages = self
            .compiled
            .iter()
            .map(|(file, compiled)| (file, &*compiled.page));
        let pages = pages.chain(std::iter::once((&glossary_path, &glossary)));
        check::check(pages, &self.reserved_ids, &mut problems);
        problems.extend(
            self.compiled
                .values()
                .flat_map(|compiled| compiled.problems.iter().cloned()),
        );
        self.check_annexes(&course, &mut problems);
        labs::check(&course, &self.content, &mut problems);
        self.highlighter.end_round();
        if !problems.is_empty() {
            return Err(problems.into_sorted());
        }
        let pages = self
            .compiled
            .iter()
            .map(|(file, compiled)| (Arc::clone(file), Arc::clone(&compiled.page)))
            .collect();
        Ok(Checked {
            course,
            pages,
            definitions,
            compiled,
        })
    }

    /// Reads the theme, if it is not read yet, and its ids. A theme that cannot be read is reported when it is needed.
    fn read_theme(&mut self) {
        if self.theme.is_none() {
            self.theme = self.load_theme().ok();
            self.reserved_ids = self.theme.as_ref().map(Theme::ids).unwrap_or_default();
        }
    }

    /// Files of the pages to compile: those of the course, or all there are if the course is not `readable`.
    fn listed_pages(&self, course: &Course, readable: bool) -> PageSet {
        if readable {
            return course
                .pages()
                .map(|(_, entry)| Arc::clone(&entry.file))
                .collect();
        }
        let pages = self
            .content
            .files()
            .filter(|file| course::check::is_page(&file.path));
        pages.map(|file| Arc::clone(&file.path)).collect()
    }

    /// Reports the instructor's notes of annexes: only blocs are presented.
    fn check_annexes(&self, course: &Course, problems: &mut Diagnostics) {
        let files = course
            .annexes
            .iter()
            .filter_map(|annex| annex.file.as_ref());
        let pages = files.filter_map(|entry| self.compiled.get(&entry.file));
        for note in pages.flat_map(|compiled| &compiled.page.notes) {
            problems.push(note.place.clone(), MarkupProblem::NoteOutsideBloc);
        }
    }

    fn check_encoding(&self, problems: &mut Diagnostics) {
        for file in self
            .content
            .files()
            .filter(|file| file.is_source() && !file.is_text)
        {
            if let Err(error) = file.text() {
                let at = error.valid_up_to();
                // Positions are those of the text as it is shown, each invalid byte as one replacement character.
                problems.push(Place::new(&file.path, at..at + 1), TextProblem::NotUtf8);
            }
        }
    }

    fn course(&self, problems: &RefCell<Diagnostics>) -> Course {
        let path: Arc<str> = Arc::from(COURSE_FILE);
        let Some(file) = self.content.get(COURSE_FILE) else {
            problems
                .borrow_mut()
                .push(Place::new(&path, 0..0), CourseProblem::NoCourse);
            return Course::default();
        };
        let text = file.text().unwrap_or_default();
        course::parse::parse(text, &Origin::whole(&path), problems)
    }
}

/// Compiles the pages of the course that are not in `compiled` as they are now; forgets those that are no longer in the
/// course. Says how many were compiled.
fn compile_pages(env: &Env<'_>, compiled: &mut HashMap<Arc<str>, Compiled>) -> usize {
    compiled.retain(|file, _| env.pages.contains(file) && is_text(env, file));
    let course = env.content.get(COURSE_FILE).map(|file| file.hash);
    let names: Vec<&str> = env.content.files().map(|file| &*file.path).collect();
    let around = fingerprint(&(course, names));
    let stale: Vec<&Arc<str>> = env
        .pages
        .iter()
        .filter(|file| is_text(env, file))
        .filter(|file| {
            compiled
                .get(*file)
                .is_none_or(|old| old.fingerprint != page_fingerprint(file, &old.page, env, around))
        })
        .collect();
    let fresh: Vec<(Arc<str>, Compiled)> = stale
        .into_par_iter()
        .filter_map(|path| {
            let (page, problems) = markdown::compile(env.content.get(path)?, env);
            let fingerprint = page_fingerprint(path, &page, env, around);
            Some((
                Arc::clone(path),
                Compiled {
                    page: Arc::new(page),
                    problems: problems.into_vec(),
                    fingerprint,
                },
            ))
        })
        .collect();
    let count = fresh.len();
    compiled.extend(fresh);
    count
}

/// True if `file` is there and can be read; what cannot is reported elsewhere.
fn is_text(env: &Env<'_>, file: &str) -> bool {
    env.content.get(file).is_some_and(|file| file.is_text)
}

/// Of everything that the page `page`, made from `file`, was compiled from; `around` stands for the course and the names of
/// all files.
fn page_fingerprint(file: &str, page: &Page, env: &Env<'_>, around: u64) -> u64 {
    let bytes = |path: &str| env.content.get(path).map(|file| file.hash);
    let includes: Vec<_> = page.depends_on.iter().map(|path| bytes(path)).collect();
    fingerprint(&(around, bytes(file), includes))
}

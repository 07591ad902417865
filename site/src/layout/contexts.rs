//! The course and its compiled pages as templates see them.

use crate::archive::{self, Archives};
use crate::body::{Address, Addresses, Section};
use crate::context::{
    AnnexContext, ArchiveContext, BlocContext, Crumb, DayContext, JourneyBloc, JourneyPage,
    JourneyTask, NavContext, PageContext, PageLink, PdfContext, SiteContext,
};
use crate::course::{Bloc, Course, Day, PageEntry, PageKind, Position, duration_text, file_stem};
use crate::markdown::Page;
use crate::markdown::page::{PageChecklist, PageQuiz};
use crate::text::size::size_text;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What the person at the terminal chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteOptions {
    /// Canonical base URL instead of the course's, with its trailing slash.
    pub base_url: Option<String>,
    /// Path of the site on its host instead of the base URL's, with both slashes.
    pub base_path: Option<String>,
    /// Load the script that reloads the page when the site is rebuilt.
    pub dev: bool,
    /// Folder of the visualizer's modules, relative to the root.
    pub visualizer: Option<String>,
    /// What has a module of its own there, separated by spaces.
    pub modules: String,
    /// The site will be indexed for search.
    pub search: bool,
    /// Sizes of the PDF files in bytes, by path on the site.
    pub pdfs: BTreeMap<String, u64>,
    /// The site may be kept by the reader's browser.
    pub offline: bool,
}

/// All pages of the course in order, and the contexts made from them.
#[derive(Debug)]
pub struct Book<'a> {
    /// The course.
    pub course: &'a Course,
    /// What the person chose.
    pub options: &'a SiteOptions,
    /// The pages in the order in which one reads them.
    pub pages: Vec<BookPage<'a>>,
    /// Where they are.
    pub addresses: Addresses,
    /// Index in `pages` by file.
    pub by_file: HashMap<Arc<str>, usize>,
    /// The labs' archives.
    pub archives: &'a Archives,
}

/// A page of the book.
#[derive(Debug)]
pub struct BookPage<'a> {
    /// Its place.
    pub position: Position,
    /// Its entry in the course.
    pub entry: &'a PageEntry,
    /// Its content.
    pub page: &'a Page,
    /// Its address, relative to the root.
    pub url: String,
}

impl<'a> Book<'a> {
    /// Puts `pages`, by file, in order; `archives` are those of their labs.
    pub fn new(
        course: &'a Course,
        options: &'a SiteOptions,
        pages: &'a HashMap<Arc<str>, Arc<Page>>,
        archives: &'a Archives,
    ) -> Self {
        let pages: Vec<BookPage<'a>> = course
            .pages()
            .filter_map(|(position, entry)| {
                let page = pages.get(&entry.file)?;
                Some(BookPage {
                    position,
                    entry,
                    page,
                    url: course.url(position),
                })
            })
            .collect();
        let addresses = Addresses {
            pages: pages
                .iter()
                .map(|page| (Arc::clone(&page.entry.file), address(course, page)))
                .collect(),
        };
        let by_file = pages
            .iter()
            .enumerate()
            .map(|(index, page)| (Arc::clone(&page.entry.file), index))
            .collect();
        Self {
            course,
            options,
            pages,
            addresses,
            by_file,
            archives,
        }
    }

    /// Canonical base URL.
    pub fn base_url(&self) -> &str {
        self.options.base_url.as_deref().unwrap_or(&self.course.url)
    }

    /// Path of the site on its host.
    pub fn base_path(&self) -> &str {
        self.options
            .base_path
            .as_deref()
            .unwrap_or_else(|| url_path(self.base_url()))
    }

    /// The site, for every template.
    pub fn site(&self) -> SiteContext {
        let course = self.course;
        SiteContext {
            title: course.title.clone(),
            subtitle: course.subtitle.clone(),
            description: course.description.clone(),
            authors: course.authors.clone(),
            url: self.base_url().to_owned(),
            base_path: self.base_path().to_owned(),
            minutes: course.minutes.value,
            duration: duration_text(course.minutes.value),
            days: (0..course.days.len())
                .map(|day| self.day(day, false))
                .collect(),
            annexes: self.annexes(None),
            dev: self.options.dev,
            visualizer: self.options.visualizer.clone(),
            modules: self.options.modules.clone(),
            search: self.options.search.then(|| "pagefind/".to_owned()),
            offline: self.options.offline,
            repository: Some(course.repository.clone()).filter(|repository| !repository.is_empty()),
        }
    }

    /// Day number `day` from 0, `with_pages` or only with its blocs.
    pub fn day(&self, day: usize, with_pages: bool) -> DayContext {
        let d = &self.course.days[day];
        let written = d.blocs.iter().any(|bloc| !bloc.pages.is_empty());
        DayContext {
            number: d.number,
            title: d.title.clone(),
            slug: d.slug.clone(),
            url: format!("{}/", d.slug),
            print_url: written.then(|| format!("imprimer/{}/", d.slug)),
            pdf: self.pdf(&d.slug),
            minutes: d.minutes.value,
            duration: duration_text(d.minutes.value),
            blocs: (0..d.blocs.len())
                .map(|bloc| self.bloc(day, bloc, with_pages))
                .collect(),
        }
    }

    /// Bloc number `bloc` of day number `day`, `with_pages` or without.
    pub fn bloc(&self, day: usize, bloc: usize, with_pages: bool) -> BlocContext {
        let b = &self.course.days[day].blocs[bloc];
        let first = (!b.pages.is_empty()).then_some(Position::InBloc { day, bloc, page: 0 });
        let path = self.bloc_path(day, bloc);
        let below = |folder: &str| first.map(|_| format!("{folder}/{path}/"));
        BlocContext {
            number: b.number.clone(),
            title: b.title.clone(),
            slug: b.slug.clone(),
            url: first.map(|first| self.course.url(first)),
            print_url: below("imprimer"),
            pdf: self.pdf(&path),
            presentation_url: below("presentation"),
            notes_url: below("formateur"),
            note_count: self.bloc_notes(day, bloc),
            minutes: b.minutes.value,
            duration: duration_text(b.minutes.value),
            page_count: b.pages.len(),
            pages: if with_pages {
                self.bloc_pages(day, bloc, None)
            } else {
                Vec::new()
            },
        }
    }

    /// Folder of bloc number `bloc` of day number `day`: `jour-1/bloc-1-1`.
    pub fn bloc_path(&self, day: usize, bloc: usize) -> String {
        let d = &self.course.days[day];
        format!("{}/{}", d.slug, d.blocs[bloc].slug)
    }

    /// How many instructor's notes the bloc has.
    fn bloc_notes(&self, day: usize, bloc: usize) -> usize {
        let entries = self.course.days[day].blocs[bloc].pages.iter();
        let indices = entries.filter_map(|entry| self.by_file.get(&entry.file));
        indices
            .map(|index| self.pages[*index].page.notes.len())
            .sum()
    }

    /// The PDF file of the day or bloc in the folder `path`.
    fn pdf(&self, path: &str) -> Option<PdfContext> {
        let url = format!("pdf/{path}.pdf");
        let bytes = *self.options.pdfs.get(&url)?;
        let size = size_text(bytes);
        Some(PdfContext { url, size })
    }

    fn bloc_pages(&self, day: usize, bloc: usize, current: Option<usize>) -> Vec<PageLink> {
        let b = &self.course.days[day].blocs[bloc];
        b.pages
            .iter()
            .filter_map(|entry| self.by_file.get(&entry.file))
            .map(|index| PageLink {
                current: current == Some(*index),
                ..self.link(*index)
            })
            .collect()
    }

    fn annexes(&self, current: Option<usize>) -> Vec<AnnexContext> {
        let course = self.course;
        let annex = |(index, annex): (usize, &crate::course::Annex)| AnnexContext {
            title: annex.title.clone(),
            url: annex
                .file
                .is_some()
                .then(|| course.url(Position::Annex { annex: index })),
            current: current == Some(index),
        };
        course.annexes.iter().enumerate().map(annex).collect()
    }

    /// Page number `index`, as others point to it.
    pub fn link(&self, index: usize) -> PageLink {
        let BookPage {
            position,
            entry,
            page,
            url,
        } = &self.pages[index];
        let (offset, bloc) = match position {
            Position::InBloc { day, bloc, page } => {
                (*page, self.course.days[*day].blocs[*bloc].number.clone())
            }
            Position::Annex { .. } => (0, String::new()),
        };
        PageLink {
            title: page.title.clone(),
            url: url.clone(),
            kind: entry.kind.name().to_owned(),
            minutes: entry.minutes,
            duration: if entry.minutes > 0 {
                duration_text(entry.minutes)
            } else {
                String::new()
            },
            offset,
            bloc,
            current: false,
        }
    }

    /// The sidebar of page number `index`.
    pub fn nav(&self, index: usize) -> NavContext {
        let Position::InBloc { day, bloc, .. } = self.pages[index].position else {
            return empty_nav();
        };
        let d = &self.course.days[day];
        let mut blocs: Vec<BlocContext> = (0..d.blocs.len())
            .map(|bloc| self.bloc(day, bloc, false))
            .collect();
        blocs[bloc].pages = self.bloc_pages(day, bloc, Some(index));
        NavContext {
            day: d.number,
            bloc: d.blocs[bloc].number.clone(),
            blocs,
        }
    }

    /// The sidebar of day number `day`'s own page.
    pub fn day_nav(&self, day: usize) -> NavContext {
        let d = &self.course.days[day];
        let blocs = (0..d.blocs.len())
            .map(|bloc| self.bloc(day, bloc, false))
            .collect();
        NavContext {
            day: d.number,
            bloc: String::new(),
            blocs,
        }
    }

    /// Page number `index` itself; its `html` is left to the caller.
    pub fn page(&self, index: usize) -> PageContext {
        let BookPage {
            position,
            entry,
            page,
            url,
        } = &self.pages[index];
        let place = self.place(*position);
        let neighbour = |index: Option<usize>| {
            index
                .filter(|index| *index < self.pages.len())
                .map(|index| self.link(index))
        };
        PageContext {
            kind: entry.kind.name().to_owned(),
            title: page.title.clone(),
            title_html: page.title_html.clone(),
            description: if page.description.is_empty() {
                self.course.description.clone()
            } else {
                page.description.clone()
            },
            canonical: format!("{}{url}", self.base_url()),
            url: url.clone(),
            html: String::new(),
            toc: page.toc.clone(),
            reading_minutes: page.reading_minutes(),
            minutes: entry.minutes,
            duration: if entry.minutes > 0 {
                duration_text(entry.minutes)
            } else {
                String::new()
            },
            day: place.map_or(0, |(day, _, _)| day.number),
            bloc: place.map_or_else(String::new, |(_, bloc, _)| bloc.number.clone()),
            bloc_title: place.map_or_else(String::new, |(_, bloc, _)| bloc.title.clone()),
            offset: place.map_or(0, |(_, _, page)| page),
            bloc_len: place.map_or(0, |(_, bloc, _)| bloc.pages.len()),
            breadcrumbs: self.breadcrumbs(*position),
            previous: neighbour(index.checked_sub(1)),
            next: neighbour(Some(index + 1)),
            edit_url: self.edit_url(&entry.file),
            has_simulation: page.counts.simulations > 0,
            sheets: page.sheets.iter().copied().collect(),
            has_quiz: !page.quizzes.is_empty(),
            has_code: page.counts.codes > 0,
            archive: self.archive(index),
        }
    }

    /// The archive of the lab that page number `index` leads through.
    pub fn archive(&self, index: usize) -> Option<ArchiveContext> {
        let BookPage { entry, page, .. } = &self.pages[index];
        let includes = page.depends_on.iter().map(|path| &**path);
        let (lab, archive) = self
            .archives
            .of_page(&entry.file, includes)
            .filter(|_| entry.kind == PageKind::Lab)?;
        Some(ArchiveContext {
            url: archive::path(lab),
            lab: lab.to_owned(),
            size: size_text(archive.bytes.len() as u64),
        })
    }

    /// The blocs of day number `day`, with what there is to do on each page.
    pub fn journey(&self, day: usize) -> Vec<JourneyBloc> {
        let blocs = self.course.days[day].blocs.iter().enumerate();
        blocs
            .map(|(bloc, b)| JourneyBloc {
                bloc: self.bloc(day, bloc, false),
                pages: b
                    .pages
                    .iter()
                    .filter_map(|entry| self.by_file.get(&entry.file))
                    .map(|index| self.journey_page(*index))
                    .collect(),
            })
            .collect()
    }

    fn journey_page(&self, index: usize) -> JourneyPage {
        let page = self.pages[index].page;
        let list = |list: &PageChecklist| JourneyTask {
            id: list.id.clone(),
            title: String::new(),
            count: list.boxes,
        };
        let quiz = |quiz: &PageQuiz| JourneyTask {
            id: quiz.id.clone(),
            title: quiz.title.clone(),
            count: quiz.questions,
        };
        JourneyPage {
            page: self.link(index),
            checklists: page.checklists.iter().map(list).collect(),
            quizzes: page.quizzes.iter().map(quiz).collect(),
        }
    }

    fn place(&self, position: Position) -> Option<(&'a Day, &'a Bloc, usize)> {
        match position {
            Position::InBloc { day, bloc, page } => {
                let day = &self.course.days[day];
                Some((day, &day.blocs[bloc], page))
            }
            Position::Annex { .. } => None,
        }
    }

    fn breadcrumbs(&self, position: Position) -> Vec<Crumb> {
        let crumb = |title: &str, url: Option<String>| Crumb {
            title: title.to_owned(),
            url,
        };
        let mut crumbs = vec![crumb("Accueil", Some(String::new()))];
        match position {
            Position::InBloc { day, bloc, page } => {
                let d = &self.course.days[day];
                crumbs.push(crumb(
                    &format!("Jour {}", d.number),
                    Some(format!("{}/", d.slug)),
                ));
                if page > 0 {
                    let b = &d.blocs[bloc];
                    let url = self.course.url(Position::InBloc { day, bloc, page: 0 });
                    crumbs.push(crumb(
                        &format!("Bloc {} — {}", b.number, b.title),
                        Some(url),
                    ));
                }
            }
            Position::Annex { .. } => crumbs.push(crumb("Annexes", None)),
        }
        crumbs
    }

    fn edit_url(&self, file: &str) -> Option<String> {
        let repository = &self.course.repository;
        (!repository.is_empty()).then(|| format!("{repository}/edit/main/content/{file}"))
    }

    /// Context of a page that no file makes.
    pub fn own_page(&self, kind: &str, title: &str, url: &str) -> PageContext {
        PageContext {
            kind: kind.to_owned(),
            title: title.to_owned(),
            title_html: crate::text::escape::escaped(title),
            description: self.course.description.clone(),
            url: url.to_owned(),
            canonical: format!("{}{url}", self.base_url()),
            html: String::new(),
            toc: Vec::new(),
            reading_minutes: 0,
            minutes: 0,
            duration: String::new(),
            day: 0,
            bloc: String::new(),
            bloc_title: String::new(),
            offset: 0,
            bloc_len: 0,
            breadcrumbs: vec![Crumb {
                title: "Accueil".into(),
                url: Some(String::new()),
            }],
            previous: None,
            next: None,
            edit_url: None,
            has_simulation: false,
            sheets: Vec::new(),
            has_quiz: false,
            has_code: false,
            archive: None,
        }
    }
}

/// The sidebar outside of the days.
pub fn empty_nav() -> NavContext {
    NavContext {
        day: 0,
        bloc: String::new(),
        blocs: Vec::new(),
    }
}

/// Where `page` is on the site, and in the printable document of its day.
fn address(course: &Course, page: &BookPage<'_>) -> Address {
    let section = match page.position {
        Position::InBloc { day, bloc, .. } => {
            let slug = &course.days[day].blocs[bloc].slug;
            let stem = file_stem(&page.entry.file);
            let id = if stem == "index" {
                slug.clone()
            } else {
                format!("{slug}-{stem}")
            };
            Some(Section { day, bloc, id })
        }
        Position::Annex { .. } => None,
    };
    debug_assert!(page.entry.kind != PageKind::Annex || section.is_none());
    Address {
        url: page.url.clone(),
        section,
    }
}

/// Path of `url` on its host, with both slashes.
fn url_path(url: &str) -> &str {
    url.split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]))
        .unwrap_or("/")
}

/// Way back to the root from a document at `url`: `../` for each of its folders, `./` at the root.
pub fn root_from(url: &str) -> String {
    match url.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_back_to_the_root() {
        assert_eq!(root_from(""), "./");
        assert_eq!(root_from("jour-1/bloc-1-1/"), "../../");
        assert_eq!(url_path("https://x.fr/cours/"), "/cours/");
        assert_eq!(url_path("https://x.fr/"), "/");
    }
}

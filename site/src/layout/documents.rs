//! The documents of the site: which there are, and how each is written.

use super::contexts::{Book, BookPage, empty_nav, root_from};
use super::{Layout, TemplateError, slot};
use crate::body::{Place, Target};
use crate::context::{
    JourneyDay, NavContext, PageContext, PrintSection, TermContext, TermPage, TermSection,
};
use crate::course::{Position, duration_text};
use crate::markdown::page::Section;
use crate::text::escape;
use crate::text::slug::folded;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tera::{Context, Value};

/// A document of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Document {
    /// `index.html`
    Home,
    /// Page number `n` of the book.
    Page(usize),
    /// The page of day number `n`, from 0.
    Day(usize),
    /// The printable document of a day, or of one of its blocs.
    Print {
        /// Index of the day.
        day: usize,
        /// Index of the bloc in its day; the whole day if `None`.
        bloc: Option<usize>,
    },
    /// The presentation of a bloc.
    Presentation {
        /// Index of the day.
        day: usize,
        /// Index of the bloc in its day.
        bloc: usize,
    },
    /// The instructor's notes of a bloc.
    Notes {
        /// Index of the day.
        day: usize,
        /// Index of the bloc in its day.
        bloc: usize,
    },
    /// `formateur/index.html`
    Instructor,
    /// `horaires/index.html`
    Timetable,
    /// `glossaire/index.html`
    Glossary,
    /// `direct/index.html`
    Live,
    /// `parcours/index.html`
    Journey,
    /// `404.html`
    NotFound,
    /// `sitemap.xml`
    Sitemap,
    /// `robots.txt`
    Robots,
}

/// Writes the documents of a book.
#[derive(Debug)]
pub struct Scribe<'a> {
    pub(super) book: &'a Book<'a>,
    pub(super) layout: &'a Layout,
    site: Value,
    definitions: &'a BTreeMap<String, String>,
}

impl Book<'_> {
    /// All documents.
    pub fn documents(&self) -> Vec<Document> {
        let days = 0..self.course.days.len();
        let mut documents = vec![
            Document::Home,
            Document::Glossary,
            Document::Live,
            Document::Timetable,
            Document::Instructor,
            Document::Journey,
            Document::NotFound,
            Document::Sitemap,
            Document::Robots,
        ];
        for day in days.clone().filter(|day| self.has_pages(*day)) {
            documents.push(Document::Print { day, bloc: None });
            for bloc in self.written_blocs(day) {
                documents.extend([
                    Document::Print {
                        day,
                        bloc: Some(bloc),
                    },
                    Document::Presentation { day, bloc },
                    Document::Notes { day, bloc },
                ]);
            }
        }
        documents.extend(days.map(Document::Day));
        documents.extend((0..self.pages.len()).map(Document::Page));
        documents
    }

    /// True if something of day number `day` is written.
    fn has_pages(&self, day: usize) -> bool {
        self.written_blocs(day).next().is_some()
    }

    /// Indices of the blocs of day number `day` that have pages.
    fn written_blocs(&self, day: usize) -> impl Iterator<Item = usize> {
        let blocs = self.course.days[day].blocs.iter().enumerate();
        blocs
            .filter(|(_, bloc)| !bloc.pages.is_empty())
            .map(|(index, _)| index)
    }

    /// Pages of day number `day`, or only those of its bloc number `bloc`, in order.
    pub(super) fn pages_of(&self, day: usize, bloc: Option<usize>) -> Vec<&BookPage<'_>> {
        let wanted = |page: &&BookPage<'_>| match page.position {
            Position::InBloc {
                day: d, bloc: b, ..
            } => d == day && bloc.is_none_or(|bloc| bloc == b),
            Position::Annex { .. } => false,
        };
        self.pages.iter().filter(wanted).collect()
    }

    /// Path of `document` on the site.
    pub fn path(&self, document: Document) -> String {
        let slug = |day: usize| &self.course.days[day].slug;
        match document {
            Document::Home => "index.html".into(),
            Document::Page(index) => format!("{}index.html", self.pages[index].url),
            Document::Day(day) => format!("{}/index.html", slug(day)),
            Document::Print { day, bloc: None } => format!("imprimer/{}/index.html", slug(day)),
            Document::Print {
                day,
                bloc: Some(bloc),
            } => format!("imprimer/{}/index.html", self.bloc_path(day, bloc)),
            Document::Presentation { day, bloc } => {
                format!("presentation/{}/index.html", self.bloc_path(day, bloc))
            }
            Document::Notes { day, bloc } => {
                format!("formateur/{}/index.html", self.bloc_path(day, bloc))
            }
            Document::Instructor => "formateur/index.html".into(),
            Document::Timetable => "horaires/index.html".into(),
            Document::Glossary => "glossaire/index.html".into(),
            Document::Live => "direct/index.html".into(),
            Document::Journey => "parcours/index.html".into(),
            Document::NotFound => "404.html".into(),
            Document::Sitemap => "sitemap.xml".into(),
            Document::Robots => "robots.txt".into(),
        }
    }
}

impl<'a> Scribe<'a> {
    /// For `book`; `definitions` are the markup of the glossary's definitions, by id.
    pub fn new(
        book: &'a Book<'a>,
        layout: &'a Layout,
        definitions: &'a BTreeMap<String, String>,
    ) -> Self {
        Self {
            book,
            layout,
            site: Value::from_serializable(&book.site()),
            definitions,
        }
    }

    /// The text of `document`.
    ///
    /// # Errors
    /// If its template fails.
    pub fn write(&self, document: Document) -> Result<String, TemplateError> {
        match document {
            Document::Home => self.home(),
            Document::Page(index) => self.page(index),
            Document::Day(day) => self.day(day),
            Document::Print { day, bloc } => self.print(day, bloc),
            Document::Presentation { day, bloc } => self.presentation(day, bloc),
            Document::Notes { day, bloc } => self.notes(day, bloc),
            Document::Instructor => self.instructor(),
            Document::Timetable => self.timetable(),
            Document::Glossary => self.glossary(),
            Document::Live => self.live(),
            Document::Journey => self.journey(),
            Document::NotFound => self.not_found(),
            Document::Sitemap => Ok(self.sitemap()),
            Document::Robots => Ok(self.robots()),
        }
    }

    pub(super) fn context(&self, page: &PageContext, nav: &NavContext, root: &str) -> Context {
        let mut context = Context::new();
        context.insert_value("site", self.site.clone());
        context.insert("root", root);
        context.insert("nav", nav);
        let marked_up = [
            ("html", slot(0)),
            ("title_html", Value::safe_string(&page.title_html)),
        ];
        context.insert_value("page", with_markup(page, marked_up));
        context
    }

    pub(super) fn plain(
        &self,
        template: &str,
        page: &PageContext,
        nav: &NavContext,
    ) -> Result<String, TemplateError> {
        let context = self.context(page, nav, &root_from(&page.url));
        self.layout.render(template, &context, |_, _| {})
    }

    fn page(&self, index: usize) -> Result<String, TemplateError> {
        let page = self.book.page(index);
        let root = root_from(&page.url);
        let context = self.context(&page, &self.book.nav(index), &root);
        let target = Target {
            root: &root,
            addresses: &self.book.addresses,
            place: Place::Page,
        };
        self.layout.render("page.html", &context, |_, out| {
            self.book.pages[index].page.body.bind(&target, out);
        })
    }

    fn home(&self) -> Result<String, TemplateError> {
        let mut page = self.book.own_page("accueil", &self.book.course.title, "");
        page.breadcrumbs.clear();
        self.plain("home.html", &page, &empty_nav())
    }

    fn live(&self) -> Result<String, TemplateError> {
        let mut page = self.book.own_page("direct", "Mode direct", "direct/");
        page.description = "Les messages d'un cluster Kafka, embarqué ou réel, arrivent dans les partitions sous vos yeux.".into();
        page.has_simulation = true;
        self.plain("live.html", &page, &empty_nav())
    }

    fn journey(&self) -> Result<String, TemplateError> {
        let mut page = self.book.own_page("parcours", "Mon parcours", "parcours/");
        page.description =
            "Ce que vous avez lu, validé et réussi. Rien ne quitte votre appareil.".into();
        let days = 0..self.book.course.days.len();
        let journey: Vec<JourneyDay> = days
            .map(|day| JourneyDay {
                day: self.book.day(day, false),
                blocs: self.book.journey(day),
            })
            .collect();
        let mut context = self.context(&page, &empty_nav(), &root_from(&page.url));
        context.insert("journey", &journey);
        self.layout.render("journey.html", &context, |_, _| {})
    }

    fn not_found(&self) -> Result<String, TemplateError> {
        let mut page = self.book.own_page("404", "Page introuvable", "");
        page.canonical.clear();
        let context = self.context(&page, &empty_nav(), self.book.base_path());
        self.layout.render("404.html", &context, |_, _| {})
    }

    fn day(&self, day: usize) -> Result<String, TemplateError> {
        let d = self.book.day(day, true);
        let mut page = self.book.own_page("jour", &d.title, &d.url);
        page.day = d.number;
        page.minutes = d.minutes;
        page.duration = duration_text(d.minutes);
        let mut context = self.context(&page, &self.book.day_nav(day), &root_from(&page.url));
        context.insert("day", &d);
        self.layout.render("day.html", &context, |_, _| {})
    }

    fn print(&self, day: usize, bloc: Option<usize>) -> Result<String, TemplateError> {
        let d = self.book.day(day, true);
        let b = bloc.map(|bloc| self.book.bloc(day, bloc, true));
        let (title, url) = match &b {
            Some(bloc) => (&bloc.title, &bloc.print_url),
            None => (&d.title, &d.print_url),
        };
        let url = url.clone().unwrap_or_default();
        let mut page = self.book.own_page("impression", title, &url);
        page.day = d.number;
        // The same text stands on the pages themselves: search engines are sent there.
        page.canonical.clear();
        let printed = self.book.pages_of(day, bloc);
        page.sheets = sheets_of(&printed);
        let sections: Vec<Value> = printed
            .iter()
            .enumerate()
            .map(|(number, page)| self.section(number, page))
            .collect();
        let root = root_from(&url);
        let mut context = self.context(&page, &empty_nav(), &root);
        context.insert("day", &d);
        context.insert("bloc", &b);
        context.insert_value("sections", Value::from(sections));
        self.layout.render("print.html", &context, |number, out| {
            let Some(page) = printed.get(number) else {
                return;
            };
            let section = self.section_id(page);
            let place = Place::Print { day, bloc, section };
            let target = Target {
                root: &root,
                addresses: &self.book.addresses,
                place,
            };
            page.page.body.bind(&target, out);
        })
    }

    fn section_id(&self, page: &BookPage<'_>) -> &str {
        let address = self.book.addresses.pages.get(&page.entry.file);
        address
            .and_then(|address| address.section.as_ref())
            .map_or("", |section| &section.id)
    }

    fn section(&self, number: usize, page: &BookPage<'_>) -> Value {
        let Position::InBloc {
            day,
            bloc,
            page: offset,
        } = page.position
        else {
            return Value::none();
        };
        let b = &self.book.course.days[day].blocs[bloc];
        let section = PrintSection {
            id: self.section_id(page).to_owned(),
            title: page.page.title.clone(),
            title_html: page.page.title_html.clone(),
            bloc: b.number.clone(),
            bloc_title: b.title.clone(),
            opens_bloc: offset == 0,
            kind: page.entry.kind.name().to_owned(),
            duration: duration_text(page.entry.minutes),
            url: page.url.clone(),
            html: String::new(),
        };
        with_markup(
            &section,
            [
                ("html", slot(number)),
                ("title_html", Value::safe_string(&section.title_html)),
            ],
        )
    }

    fn glossary(&self) -> Result<String, TemplateError> {
        let page = self.book.own_page("glossaire", "Glossaire", "glossaire/");
        let root = root_from(&page.url);
        let mut terms: Vec<TermContext> = self
            .book
            .course
            .glossary
            .keys()
            .map(|id| self.term(id))
            .collect();
        terms.sort_by_cached_key(|term| folded(&term.term).trim_start_matches('_').to_owned());
        let values: Vec<Value> = terms
            .iter()
            .map(|term| {
                let mut html = String::new();
                let target = Target {
                    root: &root,
                    addresses: &self.book.addresses,
                    place: Place::Page,
                };
                crate::body::Body::from(term.definition_html.clone()).bind(&target, &mut html);
                with_markup(term, [("definition_html", Value::safe_string(&html))])
            })
            .collect();
        let mut context = self.context(&page, &empty_nav(), &root);
        context.insert_value("terms", Value::from(values));
        self.layout.render("glossary.html", &context, |_, _| {})
    }

    fn term(&self, id: &str) -> TermContext {
        let term = &self.book.course.glossary[id];
        let pages: Vec<TermPage> = self
            .book
            .pages
            .iter()
            .enumerate()
            .filter_map(|(index, page)| Some((index, page.page.terms.get(id)?)))
            .map(|(index, sections)| TermPage {
                page: self.book.link(index),
                sections: sections.iter().filter_map(term_section).collect(),
            })
            .collect();
        let first = folded(&term.term)
            .chars()
            .find(|c| *c != '_')
            .unwrap_or('#');
        TermContext {
            id: id.to_owned(),
            term: term.term.clone(),
            long: term.long.clone(),
            definition_html: self.definitions.get(id).cloned().unwrap_or_default(),
            letter: if first.is_alphabetic() {
                first.to_uppercase().collect()
            } else {
                "#".into()
            },
            pages,
        }
    }

    fn sitemap(&self) -> String {
        let base = self.book.base_url();
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for document in self.book.documents() {
            let listed = matches!(
                document,
                Document::Home
                    | Document::Page(_)
                    | Document::Day(_)
                    | Document::Glossary
                    | Document::Live
                    | Document::Timetable
                    | Document::Journey
            );
            let path = self.book.path(document);
            if let Some(url) = path.strip_suffix("index.html").filter(|_| listed) {
                let _ = writeln!(
                    out,
                    "<url><loc>{}</loc></url>",
                    escape::escaped(&format!("{base}{url}"))
                );
            }
        }
        out.push_str("</urlset>\n");
        out
    }

    fn robots(&self) -> String {
        format!(
            "User-agent: *\nAllow: /\nSitemap: {}sitemap.xml\n",
            self.book.base_url()
        )
    }
}

/// `section` as the glossary links to it, if it has a heading.
fn term_section(section: &Section) -> Option<TermSection> {
    (!section.id.is_empty()).then(|| TermSection {
        id: section.id.clone(),
        title: section.title.clone(),
    })
}

/// Style sheets that the figures of `pages` need, beside that of every page.
pub(super) fn sheets_of(pages: &[&BookPage<'_>]) -> Vec<&'static str> {
    let sheets = pages.iter().flat_map(|page| &page.page.sheets);
    sheets
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// `data` as a map, with some of its entries replaced by markup.
pub(super) fn with_markup<const N: usize>(
    data: &impl serde::Serialize,
    markup: [(&'static str, Value); N],
) -> Value {
    let mut map = Value::from_serializable(data)
        .into_map()
        .unwrap_or_default();
    for (key, value) in markup {
        map.insert(key.into(), value);
    }
    Value::from(map)
}

//! `course.toml` into [`Course`].

use super::{Annex, Bloc, Course, Day, Minutes, PageEntry, PageKind, Term};
use crate::course::problem::CourseProblem;
use crate::course::timetable::{Break, DEFAULT_START, Timetable, parse_clock};
use crate::diagnostic::Diagnostics;
use crate::text::french::typeset;
use crate::text::origin::Origin;
use crate::text::toml::{Context, Table, Taken, parse as parse_toml};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Lengths that make sense, in minutes.
const MINUTES: RangeInclusive<i64> = 1..=10_000;

/// Reads `text`, the file at `origin`; what is wrong goes to `problems`, and the rest is still read.
pub fn parse(text: &str, origin: &Origin, problems: &RefCell<Diagnostics>) -> Course {
    let Some(toml) = parse_toml(text, origin, problems) else {
        return Course::default();
    };
    let root = Table::new(
        toml.get_ref(),
        0..text.find('\n').unwrap_or(text.len()),
        Context {
            text,
            origin,
            problems,
        },
    );
    let mut course = Course::default();
    match root.table("course") {
        Some(table) => header(table, &mut course),
        None => root.missing("course"),
    }
    if let Some(table) = root.table("versions") {
        course.versions = table
            .free_texts()
            .into_iter()
            .map(|(name, version)| (name.value, version.value))
            .collect();
    }
    if let Some(table) = root.table("glossary") {
        course.glossary = glossary(&table);
    }
    if let Some(table) = root.table("timetable") {
        course.timetable = timetable(table);
    }
    course.days = root.tables("day").into_iter().filter_map(day).collect();
    course.annexes = root.tables("annex").into_iter().filter_map(annex).collect();
    root.finish();
    course
}

fn header(table: Table<'_, '_>, course: &mut Course) {
    course.title = title(&table);
    course.subtitle = optional(&table, "subtitle", typeset);
    course.description = optional(&table, "description", typeset);
    course.authors = table
        .texts("authors")
        .into_iter()
        .map(|author| author.value)
        .collect();
    course.repository = optional(&table, "repository", |url| {
        url.trim_end_matches('/').to_owned()
    });
    if let Some(url) = table.required_text("url") {
        if !url.value.starts_with("https://") && !url.value.starts_with("http://") {
            table.report(url.span, CourseProblem::NotAUrl);
        }
        course.url = format!("{}/", url.value.trim_end_matches('/'));
    }
    course.minutes = minutes(&table).unwrap_or_default();
    table.finish();
}

fn title(table: &Table<'_, '_>) -> String {
    table
        .required_text("title")
        .map(|title| typeset(&title.value))
        .unwrap_or_default()
}

fn optional(table: &Table<'_, '_>, key: &'static str, make: impl Fn(&str) -> String) -> String {
    table
        .text(key)
        .map(|text| make(&text.value))
        .unwrap_or_default()
}

fn minutes(table: &Table<'_, '_>) -> Option<Minutes> {
    let Taken { value, span } = table.required_integer("minutes", MINUTES)?;
    Some(Minutes {
        value: u32::try_from(value).unwrap_or_default(),
        span,
    })
}

fn glossary(table: &Table<'_, '_>) -> BTreeMap<String, Term> {
    let mut terms = BTreeMap::new();
    for (id, entry) in table.free_tables() {
        let term = entry.required_text("term");
        let long = optional(&entry, "long", typeset);
        let definition = entry.required_text("definition");
        if let (Some(term), Some(definition)) = (term, definition) {
            let origin = entry
                .context()
                .origin_of(&definition.span, &definition.value);
            terms.insert(
                id.value,
                Term {
                    term: typeset(&term.value),
                    long,
                    definition: definition.value,
                    origin,
                },
            );
        }
        entry.finish();
    }
    terms
}

fn timetable(table: Table<'_, '_>) -> Timetable {
    let start = table
        .text("start")
        .and_then(|taken| clock(&table, &taken))
        .unwrap_or(DEFAULT_START);
    let mut breaks: Vec<Break> = table
        .tables("break")
        .into_iter()
        .filter_map(pause)
        .collect();
    breaks.sort_by_key(|pause| pause.at);
    table.finish();
    Timetable { start, breaks }
}

fn pause(table: Table<'_, '_>) -> Option<Break> {
    let at = table.required_text("at");
    let time = at.as_ref().and_then(|taken| clock(&table, taken));
    let title = title(&table);
    let minutes = minutes(&table);
    table.finish();
    Some(Break {
        at: time?,
        minutes: minutes?.value,
        title,
        span: at?.span,
    })
}

/// The time of day in `taken`; reports it if it is none.
fn clock(table: &Table<'_, '_>, taken: &Taken<String>) -> Option<u32> {
    let time = parse_clock(&taken.value);
    if time.is_none() {
        table.report(taken.span.clone(), CourseProblem::NotATime);
    }
    time
}

fn day(table: Table<'_, '_>) -> Option<Day> {
    let number = table.required_integer("number", 1..=99);
    let title = title(&table);
    let slug = slug(&table);
    let minutes = minutes(&table);
    let blocs = table.tables("bloc").into_iter().filter_map(bloc).collect();
    table.finish();
    Some(Day {
        number: u32::try_from(number?.value).ok()?,
        title,
        slug: slug?,
        minutes: minutes?,
        blocs,
    })
}

fn bloc(table: Table<'_, '_>) -> Option<Bloc> {
    let number = table.required_text("number");
    let title = title(&table);
    let slug = slug(&table);
    let minutes = minutes(&table);
    let pages = table.tables("page").into_iter().filter_map(page).collect();
    table.finish();
    Some(Bloc {
        number: number?.value,
        title,
        slug: slug?,
        minutes: minutes?,
        pages,
    })
}

fn page(table: Table<'_, '_>) -> Option<PageEntry> {
    let file = file(&table, true);
    let minutes = minutes(&table);
    let kind = table.required_choice("kind", &PageKind::IN_BLOC);
    table.finish();
    let (file, span) = file?;
    Some(PageEntry {
        file,
        span,
        minutes: minutes?.value,
        kind: PageKind::from_index(kind?.value),
    })
}

fn annex(table: Table<'_, '_>) -> Option<Annex> {
    let title = title(&table);
    let slug = slug(&table);
    let file = file(&table, false).map(|(file, span)| PageEntry {
        file,
        span,
        minutes: 0,
        kind: PageKind::Annex,
    });
    table.finish();
    Some(Annex {
        title,
        slug: slug?,
        file,
    })
}

/// The Markdown file that an entry names.
fn file(table: &Table<'_, '_>, required: bool) -> Option<(Arc<str>, crate::diagnostic::Span)> {
    let taken = if required {
        table.required_text("file")
    } else {
        table.text("file")
    }?;
    if !crate::content::has_extension(&taken.value, "md") {
        table.report(taken.span, CourseProblem::NotMarkdown);
        return None;
    }
    Some((Arc::from(taken.value), taken.span))
}

/// A folder name for the site.
fn slug(table: &Table<'_, '_>) -> Option<String> {
    let taken = table.required_text("slug")?;
    if taken.value != crate::text::slug::slug(&taken.value) {
        table.report(
            taken.span,
            CourseProblem::BadSlug {
                better: crate::text::slug::slug(&taken.value),
            },
        );
        return None;
    }
    Some(taken.value)
}

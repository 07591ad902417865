//! The documents of who teaches: the presentation of a bloc, its notes, the way to them, and the timetable of all.

use super::contexts::{BookPage, empty_nav, root_from};
use super::documents::{Scribe, sheets_of, with_markup};
use super::{TemplateError, slot};
use crate::body::{Place, Target};
use crate::context::{
    NoteContext, ScreenContext, TalkContext, TimeContext, TimetableDay, TimetablePage, TimetableRow,
};
use crate::course::timetable::{Happening, Slot, clock_code, clock_text, slots};
use crate::course::{duration_text, file_stem};
use crate::screens::{self, Screen};
use std::ops::Range;
use tera::Value;

/// A screen and where it comes from.
struct Shown<'a> {
    page: &'a BookPage<'a>,
    screen: Screen,
    /// Its id in the presentation.
    id: String,
}

/// A note and where it comes from.
struct Kept<'a> {
    page: &'a BookPage<'a>,
    /// Its index on its page.
    index: usize,
    id: String,
}

impl Scribe<'_> {
    /// The presentation of bloc number `bloc` of day number `day`.
    pub(super) fn presentation(&self, day: usize, bloc: usize) -> Result<String, TemplateError> {
        let b = self.book.bloc(day, bloc, true);
        let url = b.presentation_url.clone().unwrap_or_default();
        let mut page = self.book.own_page("presentation", &b.title, &url);
        page.day = self.book.course.days[day].number;
        page.bloc.clone_from(&b.number);
        page.canonical.clear();
        let pages = self.book.pages_of(day, Some(bloc));
        page.sheets = sheets_of(&pages);
        page.has_simulation = pages.iter().any(|page| page.page.counts.simulations > 0);
        let shown: Vec<Shown<'_>> = pages.iter().flat_map(|page| screens_of(page)).collect();
        let kept: Vec<Kept<'_>> = pages.iter().flat_map(|page| notes_of(page)).collect();
        let root = root_from(&url);
        let mut context = self.context(&page, &empty_nav(), &root);
        context.insert("day", &self.book.day(day, false));
        context.insert("bloc", &b);
        context.insert("talk", &self.talk(day, bloc));
        let screens = shown.iter().enumerate();
        let screens: Vec<Value> = screens
            .map(|(number, shown)| self.screen(number, shown))
            .collect();
        context.insert_value("screens", Value::from(screens));
        let notes = kept.iter().enumerate();
        let notes: Vec<Value> = notes
            .map(|(number, kept)| self.note(shown.len() + number, kept))
            .collect();
        context.insert_value("notes", Value::from(notes));
        self.layout
            .render("presentation.html", &context, |number, out| {
                if let Some(shown) = shown.get(number) {
                    for part in &shown.screen.html {
                        let target = self.gathered(&root, &shown.id, &shown.page.url);
                        shown.page.page.body.bind_part(part.clone(), &target, out);
                    }
                } else if let Some(kept) = kept.get(number - shown.len()) {
                    self.pour_note(kept, &root, out);
                }
            })
    }

    /// The instructor's notes of bloc number `bloc` of day number `day`.
    pub(super) fn notes(&self, day: usize, bloc: usize) -> Result<String, TemplateError> {
        let b = self.book.bloc(day, bloc, true);
        let url = b.notes_url.clone().unwrap_or_default();
        let mut page = self.book.own_page("notes", &b.title, &url);
        page.day = self.book.course.days[day].number;
        page.canonical.clear();
        page.breadcrumbs.push(crate::context::Crumb {
            title: "Formateur".into(),
            url: Some("formateur/".into()),
        });
        let pages = self.book.pages_of(day, Some(bloc));
        let kept: Vec<Kept<'_>> = pages.iter().flat_map(|page| notes_of(page)).collect();
        let root = root_from(&url);
        let mut context = self.context(&page, &empty_nav(), &root);
        context.insert("day", &self.book.day(day, false));
        context.insert("bloc", &b);
        let notes = kept.iter().enumerate();
        let notes: Vec<Value> = notes
            .map(|(number, kept)| self.note(number, kept))
            .collect();
        context.insert_value("notes", Value::from(notes));
        self.layout.render("notes.html", &context, |number, out| {
            if let Some(kept) = kept.get(number) {
                self.pour_note(kept, &root, out);
            }
        })
    }

    /// The instructor's way to everything.
    pub(super) fn instructor(&self) -> Result<String, TemplateError> {
        let mut page = self.book.own_page("formateur", "Formateur", "formateur/");
        page.canonical.clear();
        self.plain("instructor.html", &page, &empty_nav())
    }

    /// The timetable.
    pub(super) fn timetable(&self) -> Result<String, TemplateError> {
        let mut page = self.book.own_page("horaires", "Horaires", "horaires/");
        page.description =
            "Les jours, les blocs et les pages du cours, heure par heure, pauses comprises.".into();
        let mut context = self.context(&page, &empty_nav(), &root_from(&page.url));
        let days = 0..self.book.course.days.len();
        let days: Vec<TimetableDay> = days.map(|day| self.timetable_day(day)).collect();
        context.insert("days", &days);
        self.layout.render("timetable.html", &context, |_, _| {})
    }

    /// Where parts of a page are gathered under the ids of `prefix`.
    fn gathered<'t>(&'t self, root: &'t str, prefix: &'t str, page: &'t str) -> Target<'t> {
        Target {
            root,
            addresses: &self.book.addresses,
            place: Place::Gathered { prefix, page },
        }
    }

    fn pour_note(&self, kept: &Kept<'_>, root: &str, out: &mut String) {
        let target = self.gathered(root, &kept.id, &kept.page.url);
        kept.page.page.notes[kept.index].body.bind(&target, out);
    }

    fn screen(&self, number: usize, shown: &Shown<'_>) -> Value {
        let Shown { page, screen, id } = shown;
        let notes = screen.notes.iter().map(|note| note_id(page, *note));
        let heading = screen.heading.as_ref();
        let mut title = String::new();
        // A title may hold links and late-bound ids as any text does.
        crate::body::Body::from(heading.unwrap_or(&page.page.title_html).clone())
            .bind(&self.gathered("", id, &page.url), &mut title);
        if let Some(label) = &screen.tab {
            title.push_str(" <span class=\"screen-tab\">");
            crate::body::Body::from(label.clone())
                .bind(&self.gathered("", id, &page.url), &mut title);
            title.push_str("</span>");
        }
        let data = ScreenContext {
            id: id.clone(),
            title_html: title,
            opening: screen.opening,
            part: screen.part,
            parts: screen.parts,
            kind: screen.kind.name().to_owned(),
            page: self.link_of(page),
            notes: notes.collect::<Vec<_>>().join(" "),
            html: String::new(),
        };
        with_markup(
            &data,
            [
                ("html", slot(number)),
                ("title_html", Value::safe_string(&data.title_html)),
            ],
        )
    }

    fn note(&self, number: usize, kept: &Kept<'_>) -> Value {
        let note = &kept.page.page.notes[kept.index];
        let (section, section_id) = note.section.clone();
        let data = NoteContext {
            id: kept.id.clone(),
            number: kept.index + 1,
            title: note.title.clone(),
            section,
            section_id,
            opens_page: kept.index == 0,
            page: self.link_of(kept.page),
            html: String::new(),
        };
        with_markup(&data, [("html", slot(number))])
    }

    fn link_of(&self, page: &BookPage<'_>) -> crate::context::PageLink {
        let index = self.book.by_file.get(&page.entry.file).copied();
        self.book.link(index.unwrap_or_default())
    }

    fn talk(&self, day: usize, bloc: usize) -> TalkContext {
        let course = self.book.course;
        let before = course.days[day].blocs.iter().take(bloc);
        let time = slots(course, day)
            .iter()
            .filter(|slot| bloc_of(slot) == Some(bloc))
            .fold(None, |time: Option<Range<u32>>, slot| {
                let start = time.map_or(slot.time.start, |time| time.start);
                Some(start..slot.time.end)
            });
        TalkContext {
            id: self.book.bloc_path(day, bloc),
            before: before.map(|bloc| bloc.minutes.value).sum(),
            time: time_context(&time.unwrap_or_default()),
        }
    }

    fn timetable_day(&self, day: usize) -> TimetableDay {
        let course = self.book.course;
        let slots = slots(course, day);
        let d = &course.days[day];
        let start = slots
            .first()
            .map_or(course.timetable.start, |slot| slot.time.start);
        let end = slots.last().map_or(start, |slot| slot.time.end);
        TimetableDay {
            number: d.number,
            title: d.title.clone(),
            url: format!("{}/", d.slug),
            duration: duration_text(d.minutes.value),
            time: time_context(&(start..end)),
            rows: self.rows(day, &slots),
        }
    }

    /// The stretches of a day: what stands between two breaks of one bloc is one row.
    fn rows(&self, day: usize, slots: &[Slot]) -> Vec<TimetableRow> {
        let mut seen = None;
        let runs = slots.chunk_by(|one, two| {
            let (one, two) = (bloc_of(one), bloc_of(two));
            one.is_some() && one == two
        });
        runs.filter_map(|run| {
            let time = run.first()?.time.start..run.last()?.time.end;
            let bloc = run.first().and_then(bloc_of);
            let continued = bloc.is_some() && bloc == seen;
            seen = bloc.or(seen);
            Some(self.row(day, run, &time, continued))
        })
        .collect()
    }

    fn row(&self, day: usize, run: &[Slot], time: &Range<u32>, continued: bool) -> TimetableRow {
        let course = self.book.course;
        let mut row = TimetableRow {
            is_break: false,
            number: String::new(),
            title: String::new(),
            url: None,
            continued,
            time: time_context(time),
            duration: duration_text(time.end - time.start),
            pages: Vec::new(),
        };
        for slot in run {
            match slot.what {
                Happening::Break(index) => {
                    row.is_break = true;
                    row.title.clone_from(&course.timetable.breaks[index].title);
                }
                Happening::Bloc { bloc, .. } => self.name_row(&mut row, day, bloc),
                Happening::Page { bloc, page } => {
                    self.name_row(&mut row, day, bloc);
                    let entry = &course.days[day].blocs[bloc].pages[page];
                    if let Some(index) = self.book.by_file.get(&entry.file) {
                        row.pages.push(TimetablePage {
                            page: self.book.link(*index),
                            time: time_context(&slot.time),
                        });
                    }
                }
            }
        }
        row
    }

    fn name_row(&self, row: &mut TimetableRow, day: usize, bloc: usize) {
        let bloc = self.book.bloc(day, bloc, false);
        row.number = bloc.number;
        row.title = bloc.title;
        row.url = bloc.url;
    }
}

/// The bloc that `slot` belongs to.
fn bloc_of(slot: &Slot) -> Option<usize> {
    match slot.what {
        Happening::Page { bloc, .. } | Happening::Bloc { bloc, .. } => Some(bloc),
        Happening::Break(_) => None,
    }
}

fn time_context(time: &Range<u32>) -> TimeContext {
    TimeContext {
        start: clock_text(time.start),
        start_code: clock_code(time.start),
        end: clock_text(time.end),
        end_code: clock_code(time.end),
    }
}

fn screens_of<'a>(page: &'a BookPage<'a>) -> Vec<Shown<'a>> {
    let stem = file_stem(&page.entry.file);
    screens::cut(page.page)
        .into_iter()
        .map(|screen| Shown {
            id: format!("{stem}{}", screen.anchor),
            page,
            screen,
        })
        .collect()
}

fn notes_of<'a>(page: &'a BookPage<'a>) -> Vec<Kept<'a>> {
    (0..page.page.notes.len())
        .map(|index| Kept {
            id: note_id(page, index),
            page,
            index,
        })
        .collect()
}

/// Id of note number `index`, from 0, of `page`.
fn note_id(page: &BookPage<'_>, index: usize) -> String {
    format!("note-{}-{}", file_stem(&page.entry.file), index + 1)
}

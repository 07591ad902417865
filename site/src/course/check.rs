//! The course held against itself and against the folder.

use super::{COURSE_FILE, Course, Day};
use crate::content::{Content, has_extension};
use crate::course::problem::CourseProblem;
use crate::diagnostic::{Diagnostics, Place, Span};
use crate::text::suggest::closest;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Reports durations that do not add up, pages listed twice, absent or forgotten, and names used twice.
pub fn check(course: &Course, content: &Content, problems: &mut Diagnostics) {
    let mut checker = Checker {
        path: Arc::from(COURSE_FILE),
        course,
        content,
        problems,
    };
    checker.durations();
    checker.pages();
    checker.forgotten_pages();
    checker.names();
    checker.breaks();
}

struct Checker<'a> {
    path: Arc<str>,
    course: &'a Course,
    content: &'a Content,
    problems: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn report(&mut self, span: &Span, problem: CourseProblem) {
        self.problems
            .push(Place::new(&self.path, span.clone()), problem);
    }

    fn durations(&mut self) {
        let course = self.course;
        for day in &course.days {
            self.day_durations(day);
        }
        let sum: u32 = course.days.iter().map(|day| day.minutes.value).sum();
        if !course.days.is_empty() && sum != course.minutes.value {
            let announced = course.minutes.value;
            let problem = CourseProblem::Durations {
                whole: "la formation".into(),
                parts: "jours",
                announced,
                sum,
            };
            self.report(&course.minutes.span, problem);
        }
    }

    fn day_durations(&mut self, day: &Day) {
        for bloc in &day.blocs {
            let sum: u32 = bloc.pages.iter().map(|page| page.minutes).sum();
            let announced = bloc.minutes.value;
            if !bloc.pages.is_empty() && sum != announced {
                let whole = format!("le bloc {}", bloc.number);
                self.report(
                    &bloc.minutes.span,
                    CourseProblem::Durations {
                        whole,
                        parts: "pages",
                        announced,
                        sum,
                    },
                );
            }
        }
        let sum: u32 = day.blocs.iter().map(|bloc| bloc.minutes.value).sum();
        let announced = day.minutes.value;
        if !day.blocs.is_empty() && sum != announced {
            let whole = format!("le jour {}", day.number);
            self.report(
                &day.minutes.span,
                CourseProblem::Durations {
                    whole,
                    parts: "blocs",
                    announced,
                    sum,
                },
            );
        }
    }

    fn pages(&mut self) {
        let mut by_url: HashMap<String, Arc<str>> = HashMap::new();
        let mut seen: HashSet<Arc<str>> = HashSet::new();
        for (position, entry) in self.course.pages() {
            let file = entry.file.to_string();
            if !seen.insert(Arc::clone(&entry.file)) {
                self.report(&entry.span, CourseProblem::ListedTwice { file });
                continue;
            }
            if self.content.get(&entry.file).is_none() {
                let pages = self
                    .content
                    .files()
                    .map(|file| &*file.path)
                    .filter(|path| is_page(path));
                let closest = closest(&file, pages).map(str::to_owned);
                self.report(&entry.span, CourseProblem::NoSuchFile { file, closest });
            }
            let url = self.course.url(position);
            if let Some(other) = by_url.insert(url.clone(), Arc::clone(&entry.file)) {
                self.report(
                    &entry.span,
                    CourseProblem::SameAddress {
                        url,
                        other: other.to_string(),
                    },
                );
            }
        }
    }

    fn forgotten_pages(&mut self) {
        let listed: HashSet<&str> = self.course.pages().map(|(_, entry)| &*entry.file).collect();
        let forgotten = self
            .content
            .files()
            .filter(|file| is_page(&file.path) && !listed.contains(&*file.path));
        for file in forgotten {
            let first_line = file
                .bytes
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(file.bytes.len());
            self.problems.push(
                Place::new(&file.path, 0..first_line),
                CourseProblem::NotListed,
            );
        }
    }

    fn names(&mut self) {
        let mut taken: HashSet<String> = HashSet::new();
        for day in &self.course.days {
            for name in [format!("jour {}", day.number), day.slug.clone()] {
                self.take_name(name, &day.minutes.span, &mut taken);
            }
            for bloc in &day.blocs {
                for name in [
                    format!("bloc {}", bloc.number),
                    format!("{}/{}", day.slug, bloc.slug),
                ] {
                    self.take_name(name, &bloc.minutes.span, &mut taken);
                }
            }
        }
    }

    fn breaks(&mut self) {
        let course = self.course;
        for two in course.timetable.breaks.windows(2) {
            if two[0].at == two[1].at {
                self.report(&two[1].span, CourseProblem::BreaksMeet);
            }
        }
    }

    fn take_name(&mut self, name: String, span: &Span, taken: &mut HashSet<String>) {
        if !taken.insert(name.clone()) {
            self.report(span, CourseProblem::SameName { name });
        }
    }
}

/// True for the Markdown files that are pages of the course: all but the labs' own.
pub fn is_page(path: &str) -> bool {
    has_extension(path, "md") && !path.starts_with("labs/")
}

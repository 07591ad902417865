//! Clock times of days, blocs and pages, from their lengths.
//!
//! 1. A day starts at the time that `course.toml` says ([`Timetable::start`]) and goes through its blocs and pages in order.
//! 2. A break is wanted at a time of day. It begins at the end of the page that is nearest to it, before or after; in a bloc
//!    whose pages are not written, at the very time, and the bloc goes on after it.
//! 3. A break that is wanted before the day starts or after it ends is left out: nobody needs it.

use super::{Course, Day};
use crate::diagnostic::Span;
use std::ops::Range;

/// Start of the days if `course.toml` does not say: nine o'clock, in minutes since midnight.
pub const DEFAULT_START: u32 = 9 * 60;

/// When days start and pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// Start of every day, in minutes since midnight.
    pub start: u32,
    /// Breaks of every day, in the order of their times.
    pub breaks: Vec<Break>,
}

/// A break of every day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// When it is wanted, in minutes since midnight.
    pub at: u32,
    /// Its length, in minutes.
    pub minutes: u32,
    /// What it is called.
    pub title: String,
    /// Bytes of its time in `course.toml`.
    pub span: Span,
}

impl Default for Timetable {
    fn default() -> Self {
        Self {
            start: DEFAULT_START,
            breaks: Vec::new(),
        }
    }
}

/// A stretch of a day, in minutes since midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// From when to when.
    pub time: Range<u32>,
    /// What happens.
    pub what: Happening,
}

/// What happens in a stretch of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Page number `page` of bloc number `bloc` of the day.
    Page {
        /// Index of the bloc in its day.
        bloc: usize,
        /// Index of the page in its bloc.
        page: usize,
    },
    /// A bloc whose pages are not written, or what is left of it after a break.
    Bloc {
        /// Index of the bloc in its day.
        bloc: usize,
        /// True after a break.
        continued: bool,
    },
    /// Break number `n` of the timetable.
    Break(usize),
}

/// The stretches of day number `day` of `course`, in order and without gap.
pub fn slots(course: &Course, day: usize) -> Vec<Slot> {
    let mut clock = Clock {
        breaks: &course.timetable.breaks,
        now: course.timetable.start,
        next: 0,
        slots: Vec::new(),
    };
    clock.skip_early();
    let Some(day) = course.days.get(day) else {
        return Vec::new();
    };
    for step in steps(day) {
        clock.take(step);
    }
    clock.slots
}

/// What the day does, in order, with its minutes and whether a break may interrupt it.
fn steps(day: &Day) -> Vec<Step> {
    let mut steps = Vec::new();
    for (bloc, b) in day.blocs.iter().enumerate() {
        if b.pages.is_empty() {
            steps.push(Step {
                what: Happening::Bloc {
                    bloc,
                    continued: false,
                },
                minutes: b.minutes.value,
                last: false,
            });
        }
        steps.extend(b.pages.iter().enumerate().map(|(page, entry)| Step {
            what: Happening::Page { bloc, page },
            minutes: entry.minutes,
            last: false,
        }));
    }
    if let Some(step) = steps.last_mut() {
        step.last = true;
    }
    steps
}

#[derive(Clone, Copy)]
struct Step {
    what: Happening,
    minutes: u32,
    /// True if the day ends with it.
    last: bool,
}

struct Clock<'a> {
    breaks: &'a [Break],
    now: u32,
    /// Index of the next break.
    next: usize,
    slots: Vec<Slot>,
}

impl Clock<'_> {
    /// Leaves out the breaks that are wanted before the day starts.
    fn skip_early(&mut self) {
        self.next = self
            .breaks
            .iter()
            .take_while(|pause| pause.at <= self.now)
            .count();
    }

    fn take(&mut self, step: Step) {
        match step.what {
            Happening::Bloc { bloc, .. } => self.bloc(bloc, step),
            what => {
                while self
                    .wanted()
                    .is_some_and(|at| self.is_nearer_before(at, step))
                {
                    self.pause();
                }
                self.push(what, step.minutes);
                let end = self.now;
                while !step.last && self.wanted().is_some_and(|at| at <= end) {
                    self.pause();
                }
            }
        }
    }

    /// True if a break wanted at `at` is nearer to the beginning of the page `step`, which is next, than to its end.
    fn is_nearer_before(&self, at: u32, step: Step) -> bool {
        let end = self.now + step.minutes;
        at <= self.now || at < end && at - self.now <= end - at
    }

    /// A bloc without pages, in as many stretches as breaks make of it.
    fn bloc(&mut self, bloc: usize, step: Step) {
        let mut left = step.minutes;
        let mut continued = false;
        while let Some(at) = self.wanted().filter(|at| *at < self.now + left) {
            let before = at.saturating_sub(self.now);
            if before > 0 {
                self.push(Happening::Bloc { bloc, continued }, before);
                continued = true;
            }
            left -= before;
            self.pause();
        }
        self.push(Happening::Bloc { bloc, continued }, left);
    }

    /// When the next break is wanted.
    fn wanted(&self) -> Option<u32> {
        self.breaks.get(self.next).map(|pause| pause.at)
    }

    fn pause(&mut self) {
        let index = self.next;
        let minutes = self.breaks[index].minutes;
        self.next += 1;
        if !self.slots.is_empty() {
            self.push(Happening::Break(index), minutes);
        }
    }

    fn push(&mut self, what: Happening, minutes: u32) {
        let time = self.now..self.now + minutes;
        self.now = time.end;
        self.slots.push(Slot { time, what });
    }
}

/// A time of day as one writes it: `9 h 00`, `13 h 30`.
pub fn clock_text(minutes: u32) -> String {
    format!("{}\u{A0}h\u{A0}{:02}", minutes / 60 % 24, minutes % 60)
}

/// A time of day as machines read it: `09:00`.
pub fn clock_code(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// The time of day in `text`, as `course.toml` has it (`09:00`), in minutes since midnight.
pub fn parse_clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::{Bloc, Minutes, PageEntry, PageKind};
    use std::sync::Arc;

    /// A day of blocs, each with the minutes of its pages; a bloc of one negative number has no pages.
    fn course(breaks: &[(&str, u32)], blocs: &[&[i32]]) -> Course {
        let page = |minutes: &i32| PageEntry {
            file: Arc::from("a.md"),
            span: 0..0,
            minutes: minutes.unsigned_abs(),
            kind: PageKind::Text,
        };
        let blocs = blocs.iter().map(|pages| Bloc {
            number: String::new(),
            title: String::new(),
            slug: String::new(),
            minutes: Minutes {
                value: pages.iter().map(|minutes| minutes.unsigned_abs()).sum(),
                span: 0..0,
            },
            pages: if pages[0] < 0 {
                Vec::new()
            } else {
                pages.iter().map(page).collect()
            },
        });
        let day = Day {
            number: 1,
            title: String::new(),
            slug: String::new(),
            minutes: Minutes::default(),
            blocs: blocs.collect(),
        };
        let breaks = breaks.iter().map(|(at, minutes)| Break {
            at: parse_clock(at).unwrap(),
            minutes: *minutes,
            title: String::new(),
            span: 0..0,
        });
        Course {
            days: vec![day],
            timetable: Timetable {
                start: DEFAULT_START,
                breaks: breaks.collect(),
            },
            ..Course::default()
        }
    }

    /// The day as words: `9:00 1.0`, `10:30 pause`…
    fn day(breaks: &[(&str, u32)], blocs: &[&[i32]]) -> Vec<String> {
        slots(&course(breaks, blocs), 0)
            .iter()
            .map(|slot| {
                let what = match slot.what {
                    Happening::Page { bloc, page } => format!("{bloc}.{page}"),
                    Happening::Bloc {
                        bloc,
                        continued: false,
                    } => format!("bloc {bloc}"),
                    Happening::Bloc { bloc, .. } => format!("suite {bloc}"),
                    Happening::Break(_) => "pause".to_owned(),
                };
                format!(
                    "{}-{} {what}",
                    clock_code(slot.time.start),
                    clock_code(slot.time.end)
                )
            })
            .collect()
    }

    #[test]
    fn without_breaks_the_day_is_a_sum() {
        assert_eq!(
            day(&[], &[&[30, 60], &[-45]]),
            ["09:00-09:30 0.0", "09:30-10:30 0.1", "10:30-11:15 bloc 1"]
        );
    }

    #[test]
    fn a_break_begins_at_the_nearest_end_of_a_page() {
        // Wanted at 10:30: pages end at 10:20 and 10:50.
        assert_eq!(
            day(&[("10:30", 15)], &[&[80, 30, 10]]),
            [
                "09:00-10:20 0.0",
                "10:20-10:35 pause",
                "10:35-11:05 0.1",
                "11:05-11:15 0.2"
            ]
        );
        // Wanted at 10:30: pages end at 10:00 and 10:40.
        assert_eq!(
            day(&[("10:30", 15)], &[&[60, 40, 10]]),
            [
                "09:00-10:00 0.0",
                "10:00-10:40 0.1",
                "10:40-10:55 pause",
                "10:55-11:05 0.2"
            ]
        );
    }

    #[test]
    fn a_bloc_without_pages_is_interrupted_on_time() {
        assert_eq!(
            day(&[("10:00", 15), ("12:00", 60)], &[&[-240]]),
            [
                "09:00-10:00 bloc 0",
                "10:00-10:15 pause",
                "10:15-12:00 suite 0",
                "12:00-13:00 pause",
                "13:00-14:15 suite 0"
            ]
        );
    }

    #[test]
    fn no_break_before_the_day_nor_at_its_end() {
        assert_eq!(
            day(&[("08:00", 15), ("09:58", 15), ("18:00", 15)], &[&[60]]),
            ["09:00-10:00 0.0"]
        );
    }

    #[test]
    fn the_day_has_no_gap_and_loses_no_minute() {
        let course = course(
            &[("10:15", 15), ("12:30", 60), ("15:30", 15)],
            &[&[3, 10, 6, 10, 5, 7, 12, 30, 7], &[45, 75], &[-150], &[-60]],
        );
        let slots = slots(&course, 0);
        assert!(
            slots
                .windows(2)
                .all(|two| two[0].time.end == two[1].time.start)
        );
        let taught: u32 = slots
            .iter()
            .filter(|slot| !matches!(slot.what, Happening::Break(_)))
            .map(|slot| slot.time.end - slot.time.start)
            .sum();
        assert_eq!(taught, 420);
        assert_eq!(slots.last().map(|slot| slot.time.end), Some(540 + 420 + 90));
    }

    #[test]
    fn times_are_read_and_written() {
        assert_eq!(parse_clock("09:05"), Some(545));
        for bad in ["9:05", "24:00", "09:60", "09h05", "", "0a:00"] {
            assert_eq!(parse_clock(bad), None, "{bad}");
        }
        assert_eq!(clock_text(545), "9\u{A0}h\u{A0}05");
    }
}

//! One partition as its group sees it: what has become of each record, and three marks under the log — the position, the
//! stored offset and the committed one.
//!
//! 1. [`Scale::of`] says which records fit in a width: in large cells if the marks are close together, else in small ones.
//! 2. Each record is a cell whose sign and outline tell its [`Fate`]; no fate is told by colour alone.
//! 3. A mark stands under the first record that it leaves to be done; one that is out of sight is an arrow at the edge.
//! 4. The last line counts the fates: it is the legend too.

use crate::board::hatch;
use crate::french::whole;
use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};
use engine::config::{Config, Property};
use engine::group::{Counters, Fate, GroupView, Handler, RecordView};
use std::ops::Range;

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommitLog {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// A word before the log, such as `P0`.
    pub name: String,
    /// Offset that the next record will have.
    pub end: u64,
    /// The records of [`Scale::records`], offsets without gaps.
    pub records: Vec<RecordView>,
    /// Where the marks are.
    pub marks: Marks,
    /// What has become of all records of the partition.
    pub counters: Counters,
}

/// The offsets that a group keeps of a partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Of the next record that the application will receive.
    pub position: Option<u64>,
    /// What the next commit will write.
    pub stored: Option<u64>,
    /// What the last commit wrote.
    pub committed: Option<u64>,
}

/// Which records are drawn, and how large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The offsets that fit; may end before the log does.
    pub records: Range<u64>,
    /// Width of a cell.
    cell: Px,
}

/// Side of a large cell: offset above, sign below.
const LARGE: Px = Px::new(32);
/// Narrowest large cell.
const NARROW: Px = Px::new(22);
/// Side of a small cell: only the sign.
const SMALL: Px = Px::new(14);
/// Room for the partition's name.
const LABEL: Px = Px::new(30);
/// Room for the sign that there are older records.
const MORE: Px = Px::new(16);
/// Top of the cells.
const TOP: Px = Px::new(14);
/// From one mark's line to the next.
const LANE: Px = Px::new(17);
/// From one line of counters to the next.
const LEGEND: Px = Px::new(16);
/// Width of a letter of the counters.
const LETTER: Px = Px::tenths(64);
/// Room for a mark's words.
const WORDS: Px = Px::new(96);
/// Height of the last line of counters.
const FOOT: Px = Px::new(22);
/// Free room around.
const EDGE: Px = Px::new(2);

impl CommitLog {
    /// One partition of a view, named by its place; its records are still to be added. `None` if there is no such partition.
    pub fn of(view: &GroupView, partition: usize) -> Option<Self> {
        let one = view.partitions.get(partition)?;
        let topic = view.topics.get(one.topic)?;
        let name = ["P", &one.partition.to_string()].concat();
        let mut description = summary(&one.counters);
        let marks = Marks {
            position: one.position,
            stored: one.stored,
            committed: one.committed,
        };
        for (word, mark) in [
            ("position", marks.position),
            ("stocké", marks.stored),
            ("validé", marks.committed),
        ] {
            if let Some(at) = mark {
                description.push_str(" · ");
                description.push_str(word);
                description.push(' ');
                description.push_str(&at.to_string());
            }
        }
        Some(Self {
            title: [topic.as_str(), ", partition ", &one.partition.to_string()].concat(),
            description,
            name,
            end: one.log_end,
            records: Vec::new(),
            marks,
            counters: one.counters,
        })
    }
}

impl Scale {
    /// What fits in this width of a partition whose log ends at `end`: as much as possible from one record before the
    /// lowest mark, but never less than what surrounds the position.
    pub fn of(width: Px, marks: Marks, end: u64) -> Self {
        let room = width - LABEL - MORE - EDGE;
        // All of it, if large cells can be narrow enough.
        let all = usize::try_from(end).unwrap_or(usize::MAX).saturating_add(1);
        if room.fits(NARROW) >= all {
            let whole = i32::try_from(all).unwrap_or(i32::MAX);
            return Self {
                records: 0..end,
                cell: (room / whole).min(LARGE),
            };
        }
        let every = [marks.committed, marks.stored, marks.position];
        let low = every.iter().flatten().min().copied().unwrap_or(0);
        let high = every.iter().flatten().max().copied().unwrap_or(low);
        let from = low.min(end).saturating_sub(2);
        let needed = usize::try_from(high.saturating_sub(from) + 3).unwrap_or(usize::MAX);
        let cell = if room.fits(LARGE) >= needed {
            LARGE
        } else {
            SMALL
        };
        let slots = room.fits(cell).max(2) as u64 - 1;
        let until = (high + 2).max(from + slots).min(end);
        Self {
            records: until.saturating_sub(slots)..until,
            cell,
        }
    }

    /// Left side of the cell of an offset.
    fn x(&self, offset: u64) -> Px {
        let slot = offset.saturating_sub(self.records.start);
        LABEL + MORE + self.cell.at(usize::try_from(slot).unwrap_or(0))
    }

    fn large(&self) -> bool {
        self.cell >= NARROW
    }

    /// Height of a cell.
    fn height(&self) -> Px {
        if self.large() { LARGE } else { SMALL }
    }
}

/// Draws the log in this width; `scale` is that of [`Scale::of`].
pub fn picture(log: &CommitLog, scale: &Scale, width: Px) -> Picture {
    let bottom = TOP + scale.height();
    let mut shapes = vec![Shape::text(
        "label",
        Px::ZERO,
        TOP + scale.height().half() + Px::new(5),
        Anchor::Start,
        log.name.clone(),
    )];
    if scale.records.start > 0 {
        let x = LABEL + MORE.half();
        let y = TOP + scale.height().half() + Px::new(4);
        shapes.push(Shape::centred("ink-2 more", x, y, "⋯"));
    }
    for record in &log.records {
        shapes.push(cell(record, scale));
    }
    if scale.records.end == log.end {
        shapes.push(next(log.end, scale));
    }
    let marks = [
        ("position", log.marks.position, "mark-position"),
        ("stocké", log.marks.stored, "mark-stored"),
        ("validé", log.marks.committed, "mark-committed"),
    ];
    let side = side(&log.marks, scale, width);
    for (lane, (name, at, class)) in marks.into_iter().enumerate() {
        if let Some(at) = at {
            // The words of a lane stand on the side where no other mark's stem passes.
            let lane = match side {
                Anchor::End => marks.len() - 1 - lane,
                _ => lane,
            };
            shapes.push(mark(name, at, class, lane, side, scale, width));
        }
    }
    let mut foot = bottom + Px::new(10) + LANE.at(marks.len()) + Px::new(12);
    let lines = legend(&log.counters, width);
    let last = lines.len().saturating_sub(1);
    for (line, text) in lines.into_iter().enumerate() {
        let y = foot + LEGEND.at(line);
        shapes.push(Shape::text("fates", Px::ZERO, y, Anchor::Start, text));
    }
    foot += LEGEND.at(last);
    Picture {
        width,
        height: foot + FOOT - Px::new(14),
        title: log.title.clone(),
        description: log.description.clone(),
        shapes,
    }
}

/// A record's sign.
pub fn sign(fate: Fate, runs: u8) -> String {
    match fate {
        Fate::Waiting => String::new(),
        Fate::InFlight => "…".to_owned(),
        Fate::Once => "✓".to_owned(),
        Fate::Replayed => {
            let mut sign = String::from("×");
            sign.push_str(&whole(u64::from(runs.max(2))));
            sign
        }
        Fate::Lost => "✕".to_owned(),
        Fate::Skipped => "–".to_owned(),
    }
}

/// What a fate is called.
pub const fn fate_name(fate: Fate) -> &'static str {
    match fate {
        Fate::Waiting => "en attente",
        Fate::InFlight => "en cours de traitement",
        Fate::Once => "traité une fois",
        Fate::Replayed => "traité plusieurs fois",
        Fate::Lost => "perdu : jamais traité, et plus personne ne le lira",
        Fate::Skipped => "écrit avant que le groupe ne lise",
    }
}

fn cell(record: &RecordView, scale: &Scale) -> Shape {
    let side = scale.cell;
    let class = match record.fate {
        Fate::InFlight => "cell cell-hot",
        Fate::Lost => "cell cell-lost",
        Fate::Skipped => "cell-faint",
        Fate::Waiting | Fate::Once | Fate::Replayed => "cell",
    };
    let mut shapes = vec![frame(class, Px::ZERO, scale)];
    match record.fate {
        Fate::Once => shapes.push(hatch(side, scale.height())),
        Fate::Replayed => {
            shapes.push(hatch(side, scale.height()));
            shapes.push(frame("cell-again", Px::tenths(25), scale));
        }
        _ => {}
    }
    let sign = sign(record.fate, record.runs);
    let middle = side.half();
    if scale.large() {
        let offset = record.offset.to_string();
        shapes.push(Shape::centred("offset", middle, Px::new(11), offset));
        if !sign.is_empty() {
            shapes.push(Shape::centred("mark", middle, Px::new(26), sign));
        }
    } else {
        if record.offset.is_multiple_of(5) {
            let offset = record.offset.to_string();
            shapes.push(Shape::centred("offset", middle, Px::new(-3), offset));
        }
        // Two runs are as many as a small cell can say.
        let short = sign.strip_prefix('×').unwrap_or(&sign);
        if !sign.is_empty() {
            shapes.push(Shape::centred(
                "mark mark-small",
                middle,
                Px::new(11),
                short,
            ));
        }
    }
    Shape::Group {
        class: "record",
        title: title(record),
        offset: (scale.x(record.offset), TOP),
        shapes,
    }
}

fn frame(class: &'static str, inset: Px, scale: &Scale) -> Shape {
    Shape::Rect {
        class,
        x: inset,
        y: inset,
        width: scale.cell - inset * 2,
        height: scale.height() - inset * 2,
    }
}

fn title(record: &RecordView) -> String {
    let mut title = String::from("offset ");
    title.push_str(&record.offset.to_string());
    title.push_str(" : ");
    title.push_str(fate_name(record.fate));
    if record.runs > 1 {
        title.push_str(" (");
        title.push_str(&record.runs.to_string());
        title.push_str(" fois)");
    }
    title
}

/// The place of the next record.
fn next(end: u64, scale: &Scale) -> Shape {
    let mut shapes = vec![frame("cell-next", Px::new(2), scale)];
    if scale.large() {
        let middle = scale.cell.half();
        shapes.push(Shape::centred(
            "offset ink-2",
            middle,
            Px::new(20),
            end.to_string(),
        ));
    }
    Shape::Group {
        class: "next",
        title: String::new(),
        offset: (scale.x(end), TOP),
        shapes,
    }
}

/// On which side of their stems the marks' words stand: to the right, unless the rightmost has no room there.
fn side(marks: &Marks, scale: &Scale, width: Px) -> Anchor {
    let every = [marks.committed, marks.stored, marks.position];
    let last = every.into_iter().flatten().max().unwrap_or(0);
    if scale.x(last.min(scale.records.end)) + WORDS <= width {
        Anchor::Start
    } else {
        Anchor::End
    }
}

/// A mark: a pointer under the log, a stem and its name on a line of its own.
fn mark(
    name: &str,
    at: u64,
    class: &'static str,
    lane: usize,
    side: Anchor,
    scale: &Scale,
    width: Px,
) -> Shape {
    let bottom = TOP + scale.height();
    let y = bottom + Px::new(12) + LANE.at(lane);
    let hidden = at < scale.records.start;
    let beyond = at > scale.records.end;
    // Marks at one offset stand side by side, the lowest the farthest from the words.
    let aside = Px::new(4) * (1 - i32::try_from(lane).unwrap_or(0));
    let aside = if matches!(side, Anchor::End) {
        Px::ZERO - aside
    } else {
        aside
    };
    let x = match (hidden, beyond) {
        (true, _) => LABEL + MORE.half() + aside,
        (_, true) => width - Px::new(8) + aside,
        _ => scale.x(at) + aside,
    };
    let text = [name, " ", &at.to_string()].concat();
    let text = match (hidden, beyond) {
        (true, _) => ["◂ ", &text].concat(),
        (_, true) => [&text, " ▸"].concat(),
        _ => text,
    };
    // Words of a mark that is out of sight on the left cannot stand to its left.
    let (anchor, text_x) = if matches!(side, Anchor::End) && x > WORDS {
        (Anchor::End, x - Px::new(6))
    } else {
        (Anchor::Start, x + Px::new(6))
    };
    let mut shapes = Vec::with_capacity(3);
    if !hidden && !beyond {
        shapes.push(Shape::Line {
            class: "ink",
            from: (x, bottom + Px::new(5)),
            to: (x, y + Px::new(4)),
        });
        shapes.push(Shape::Path {
            class: "mark-tip",
            d: [
                "M",
                &x.to_string(),
                " ",
                &(bottom + Px::new(1)).to_string(),
                "l3.5 6h-7z",
            ]
            .concat(),
        });
    }
    shapes.push(Shape::text("num", text_x, y + Px::new(4), anchor, text));
    Shape::Group {
        class,
        title: String::new(),
        offset: (Px::ZERO, Px::ZERO),
        shapes,
    }
}

/// The counters, on as few lines as the width allows.
fn legend(counters: &Counters, width: Px) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts(counters) {
        if let Some(line) = lines.last_mut() {
            let letters = line.chars().count() + 3 + part.chars().count();
            if LETTER.at(letters) <= width {
                line.push_str(" · ");
                line.push_str(&part);
                continue;
            }
        }
        lines.push(part);
    }
    lines
}

/// The counters on one line: `✓ une fois 12 · ×n rejoués 3 · ✕ perdus 1 · … en cours 1`.
pub fn summary(counters: &Counters) -> String {
    parts(counters).join(" · ")
}

/// Each counter, after its sign and its name.
fn parts(counters: &Counters) -> [String; 4] {
    [
        ("✓ une fois ", counters.once),
        ("×n rejoués ", counters.replayed),
        ("✕ perdus ", counters.lost),
        ("… en cours ", counters.in_flight),
    ]
    .map(|(name, count)| [name, &whole(count)].concat())
}

/// What to call the strategy that a configuration names.
pub fn strategy(config: &Config) -> &'static str {
    let java = config.choice(Property::SimulationClient) == "java";
    match Handler::of(config) {
        Handler::Auto if java => "Auto-commit de Java",
        Handler::Auto => "Auto-commit",
        Handler::StoreAfter => "StoreOffset après",
        Handler::SyncBefore => "Commit avant",
        Handler::SyncAfter => "Commit après",
        Handler::AsyncAfter => "Commit asynchrone après",
        Handler::Batch => "Commit par lot",
        Handler::TaskPool => "Tâches lancées sans attendre",
        Handler::LowWaterMark => "Tâches, plus petit offset terminé",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;

    fn record(offset: u64, fate: Fate, runs: u8) -> RecordView {
        RecordView {
            offset,
            key: None,
            fate,
            runs,
            deliveries: runs,
        }
    }

    fn fate(offset: u64) -> Fate {
        match offset {
            0..=3 => Fate::Once,
            4 | 5 => Fate::Replayed,
            6 => Fate::Lost,
            7 => Fate::InFlight,
            _ => Fate::Waiting,
        }
    }

    fn log(marks: Marks, end: u64, width: Px) -> (CommitLog, Scale) {
        let scale = Scale::of(width, marks, end);
        let log = CommitLog {
            name: "P0".into(),
            end,
            records: scale
                .records
                .clone()
                .map(|offset| record(offset, fate(offset), if offset == 5 { 3 } else { 2 }))
                .collect(),
            marks,
            ..CommitLog::default()
        };
        (log, scale)
    }

    fn marks(committed: u64, stored: u64, position: u64) -> Marks {
        Marks {
            position: Some(position),
            stored: Some(stored),
            committed: Some(committed),
        }
    }

    #[test]
    fn each_fate_has_a_sign_of_its_own() {
        let fates = [
            Fate::Waiting,
            Fate::InFlight,
            Fate::Once,
            Fate::Replayed,
            Fate::Lost,
            Fate::Skipped,
        ];
        let mut signs: Vec<String> = fates.iter().map(|fate| sign(*fate, 2)).collect();
        signs.sort();
        signs.dedup();
        assert_eq!(signs.len(), fates.len(), "{signs:?}");
    }

    #[test]
    fn a_wide_picture_shows_everything_in_large_cells() {
        let width = Px::new(700);
        let (log, scale) = log(marks(4, 7, 8), 12, width);
        assert_eq!(scale.records, 0..12);
        let drawn = svg(&picture(&log, &scale, width), "c");
        for expected in [
            ">✓</text>",
            ">×3</text>",
            ">✕</text>",
            ">…</text>",
            ">stocké 7<",
            ">validé 4<",
            ">position 8<",
        ] {
            assert!(drawn.contains(expected), "{expected} in {drawn}");
        }
        assert!(
            drawn.contains("offset 5 : traité plusieurs fois (3 fois)"),
            "{drawn}"
        );
    }

    #[test]
    fn a_telephone_shows_what_surrounds_the_marks() {
        let width = Px::new(320);
        let scale = Scale::of(width, marks(40, 42, 43), 200);
        assert!(scale.large());
        assert!(scale.records.start <= 39, "{scale:?}");
        assert!(scale.records.end >= 44, "{scale:?}");
        // Marks far apart: small cells, and an arrow towards the one that is out of sight.
        let far = marks(40, 60, 90);
        let (log, scale) = log(far, 200, width);
        assert!(!scale.large());
        assert!(scale.records.contains(&90));
        let drawn = svg(&picture(&log, &scale, width), "c");
        assert!(drawn.contains(">◂ validé 40<"), "{drawn}");
    }

    #[test]
    fn nothing_is_drawn_outside() {
        for pixels in [200, 320, 700, 1900] {
            let width = Px::new(pixels);
            for end in [0, 1, 9, 60, 500] {
                for position in [0, end / 2, end] {
                    let (log, scale) = log(marks(position / 2, position, position), end, width);
                    let drawn = picture(&log, &scale, width);
                    for shape in &drawn.shapes {
                        let Shape::Group {
                            class: "record" | "next",
                            offset,
                            ..
                        } = shape
                        else {
                            continue;
                        };
                        assert!(offset.0 + scale.cell <= width, "{pixels} {end} {position}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_counters_are_the_legend() {
        let counters = Counters {
            once: 1_200,
            lost: 1,
            ..Counters::default()
        };
        assert_eq!(
            summary(&counters),
            "✓ une fois 1\u{202f}200 · ×n rejoués 0 · ✕ perdus 1 · … en cours 0"
        );
    }
}

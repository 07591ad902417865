//! Who holds which partition, and when: partition × time, several runs on one time axis.
//!
//! 1. A run is a band: its name, what it cost in all, and a row per partition. A row is cut into spans; each says its holder
//!    in letters, and how it is held by its texture, never by colour alone: plain (owned), hatched (being revoked), a dashed
//!    line (in transit), crossed (orphaned), dotted (its owner is frozen).
//! 2. Spans without an owner able to read are drawn last and never narrower than three pixels: a rebalance of two
//!    milliseconds is seen beside a timeout of forty-five seconds.
//! 3. At the end of the row stands the partition's downtime.
//! 4. With more than [`MAX_ROWS`] partitions a band shows how many are held in which way, column by column, instead of rows.
//! 5. Above, the instants at which something was done; on all bands, a line where the present is.

mod crowd;
mod from_world;
mod stills;

pub use from_world::{Window, band, chart, incidents, protocol_name};
pub use stills::stills;

use crate::french::{count, seconds, whole};
use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};
use engine::group::{HoldingKind, PartitionView};
use engine::ids::{PartitionId, TopicName};
use engine::text::grouped;
use engine::time::{Duration, Instant};
use std::fmt::{self, Write};

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ownership {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// The part of time that is drawn: from this instant…
    pub from: Instant,
    /// …to this one.
    pub to: Instant,
    /// The present.
    pub now: Instant,
    /// What was done, and when, in the order of time.
    pub incidents: Vec<(Instant, String)>,
    /// The runs.
    pub bands: Vec<Band>,
}

/// One run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Its name.
    pub name: String,
    /// Members that have nothing to read, in a few words; empty if there are none.
    pub idle: String,
    /// When generations (or epochs) began, and their numbers.
    pub generations: Vec<(Instant, i32)>,
    /// The partitions.
    pub rows: Vec<Row>,
}

impl Band {
    /// What it cost in words: time without a reader over all partitions, and how many of them it touched.
    pub fn cost(&self) -> String {
        format!(
            "sans lecteur : {} en tout · {} sur {} interrompues",
            milliseconds(self.total()),
            count(self.touched() as u64, "partition", "partitions"),
            whole(self.rows.len() as u64)
        )
    }

    /// The same, as far as there is room beside the band's name.
    fn note(&self, width: Px) -> String {
        let total = milliseconds(self.total());
        let name = LABEL_LETTER.at(self.name.chars().count());
        let fits = |text: &String| name + LETTER.at(text.chars().count()) <= width;
        [self.cost(), format!("{total} sans lecteur")]
            .into_iter()
            .find(fits)
            .unwrap_or_else(|| format!("Σ {total} · {}/{}", self.touched(), self.rows.len()))
    }

    fn total(&self) -> Duration {
        Duration(self.rows.iter().map(|row| row.downtime.0).sum())
    }

    fn touched(&self) -> usize {
        let touched = self.rows.iter().filter(|row| row.downtime.0 > 0);
        touched.count()
    }
}

/// One partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: PartitionName,
    /// Who held it and how, in the order of time.
    pub spans: Vec<Span>,
    /// Time without an owner able to read.
    pub downtime: Duration,
}

/// A partition in a few letters: `P3`, or `b-3` in the second of several topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionName {
    /// The topic's letter, where there are several.
    pub topic: Option<char>,
    /// The number.
    pub partition: PartitionId,
}

impl PartitionName {
    /// The name of a partition of a group that reads these topics.
    pub fn new(partition: &PartitionView, topics: &[TopicName]) -> Self {
        let letter = |topic: usize| char::from(b'a' + u8::try_from(topic % 26).unwrap_or(0));
        Self {
            topic: (topics.len() > 1).then(|| letter(partition.topic)),
            partition: partition.partition,
        }
    }
}

impl fmt::Display for PartitionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.topic {
            Some(letter) => write!(f, "{letter}-{}", self.partition),
            None => write!(f, "P{}", self.partition),
        }
    }
}

/// A part of a partition's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: Instant,
    /// To when: the present if it goes on.
    pub to: Instant,
    /// In what way.
    pub kind: HoldingKind,
    /// The holder's place among the consumers; `None` if nobody holds it.
    pub holder: Option<u16>,
}

/// Most partitions that are drawn one by one.
pub const MAX_ROWS: usize = 32;

/// Width of a letter of a band's name, and of what stands at the end of its line.
const LABEL_LETTER: Px = Px::tenths(82);
const LETTER: Px = Px::tenths(73);
/// Room for the partitions' names.
const LABEL: Px = Px::new(40);
/// Room for the downtime.
const NOTE: Px = Px::new(66);
/// Room for the axis, above.
const AXIS: Px = Px::new(18);
/// Room for one line of incidents.
const INCIDENT: Px = Px::new(15);
/// Room for a band's name.
const HEAD: Px = Px::new(36);
/// Between two bands.
const GAP: Px = Px::new(12);
/// Narrowest that a span without reader is drawn.
const NARROWEST: Px = Px::new(3);
/// Most lines of incidents.
const MAX_INCIDENT_LINES: usize = 3;

/// Where things are.
struct Layout {
    width: Px,
    from: Instant,
    to: Instant,
    row: Px,
}

impl Layout {
    fn plot(&self) -> Px {
        self.width - LABEL - NOTE
    }

    fn right(&self) -> Px {
        LABEL + self.plot()
    }

    /// Where an instant is, at most at the edges.
    fn x(&self, at: Instant) -> Px {
        let whole = (self.to - self.from).0;
        let part = (at - self.from).0.min(whole);
        LABEL + self.plot().scaled(part, whole)
    }
}

/// Draws the chart in this width. `names` are the consumers', in their order.
pub fn picture(chart: &Ownership, names: &[String], width: Px) -> Picture {
    let most = chart.bands.iter().map(|band| band.rows.len()).max();
    let layout = Layout {
        width,
        from: chart.from,
        to: chart.to,
        row: match most.unwrap_or(0) {
            0..=12 => Px::new(22),
            13..=20 => Px::new(17),
            _ => Px::new(13),
        },
    };
    let mut shapes = Vec::new();
    let mut y = incident_marks(chart, &layout, &mut shapes);
    axis(&layout, y, &mut shapes);
    y += AXIS;
    uprights(chart, &layout, y - Px::new(5), y, &mut shapes);
    for band in &chart.bands {
        let top = y + HEAD - Px::new(2);
        let bottom = draw_band(band, names, &layout, y, &mut shapes);
        uprights(chart, &layout, top, bottom, &mut shapes);
        y = bottom + idle(band, bottom, &mut shapes) + GAP;
    }
    Picture {
        width,
        height: y - GAP + Px::new(4),
        title: chart.title.clone(),
        description: chart.description.clone(),
        shapes,
    }
}

/// Lines where something was done, and where the present is: over rows only, so that they cross no words.
fn uprights(chart: &Ownership, layout: &Layout, from: Px, to: Px, shapes: &mut Vec<Shape>) {
    let seen = |at: &Instant| (chart.from..=chart.to).contains(at);
    for (at, _) in chart.incidents.iter().filter(|(at, _)| seen(at)) {
        shapes.push(upright("rule own-incident", layout.x(*at), from, to));
    }
    if seen(&chart.now) {
        shapes.push(upright("accent own-now", layout.x(chart.now), from, to));
    }
}

/// Who has nothing to read, below the rows. Returns the height of that line.
fn idle(band: &Band, y: Px, shapes: &mut Vec<Shape>) -> Px {
    if band.idle.is_empty() {
        return Px::ZERO;
    }
    let text = format!("sans partition : {}", band.idle);
    let base = y + Px::new(13);
    shapes.push(Shape::text(
        "tiny own-word",
        LABEL,
        base,
        Anchor::Start,
        text,
    ));
    Px::new(16)
}

fn upright(class: &'static str, x: Px, from: Px, to: Px) -> Shape {
    Shape::Line {
        class,
        from: (x, from),
        to: (x, to),
    }
}

/// What was done, each on the first line where it does not hide another. Returns where they end.
fn incident_marks(chart: &Ownership, layout: &Layout, shapes: &mut Vec<Shape>) -> Px {
    let mut ends: Vec<Px> = Vec::new();
    for (at, text) in &chart.incidents {
        if !(chart.from..=chart.to).contains(at) {
            continue;
        }
        let letters = i32::try_from(text.chars().count()).unwrap_or(0) + 3;
        let long = Px::tenths(62) * letters;
        // A text that would leave the picture ends at its mark instead.
        let x = layout.x(*at);
        let ends_at_mark = x + long > layout.width;
        let left = if ends_at_mark { x - long } else { x };
        let line = ends.iter().position(|end| *end <= left);
        let line = line.unwrap_or(ends.len());
        if line >= MAX_INCIDENT_LINES {
            continue;
        }
        if line == ends.len() {
            ends.push(Px::ZERO);
        }
        ends[line] = left + long;
        let y = INCIDENT.at(line) + Px::new(11);
        let (anchor, words) = if ends_at_mark {
            (Anchor::End, format!("{text} ▾"))
        } else {
            (Anchor::Start, format!("▾ {text}"))
        };
        let nudge = if ends_at_mark {
            Px::new(4)
        } else {
            Px::new(-4)
        };
        shapes.push(Shape::text("tiny own-act", x + nudge, y, anchor, words));
    }
    INCIDENT.at(ends.len())
}

/// Instants at round distances.
fn axis(layout: &Layout, y: Px, shapes: &mut Vec<Shape>) {
    let whole = (layout.to - layout.from).0;
    let most = (layout.plot().fits(Px::new(46))).max(1) as u64;
    let step = round_step(whole.div_ceil(most).max(1));
    let mut at = layout.from.0.div_ceil(step) * step;
    while at <= layout.to.0 {
        let x = layout.x(Instant(at));
        shapes.push(upright("rule", x, y + AXIS - Px::new(5), y + AXIS));
        let text = short_time(at, step);
        shapes.push(Shape::centred(
            "tiny own-word ink-2",
            x,
            y + Px::new(10),
            text,
        ));
        at += step;
    }
    let y = y + AXIS;
    shapes.push(Shape::across("rule", LABEL, layout.right(), y));
}

/// The smallest of 1, 2, 5, 10… microseconds (then seconds and minutes) that is not below `least`.
fn round_step(least: u64) -> u64 {
    let mut decade = 1;
    while decade < 10_000_000 {
        for factor in [1, 2, 5] {
            if decade * factor >= least {
                return decade * factor;
            }
        }
        decade *= 10;
    }
    let minutes = [10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400];
    minutes
        .into_iter()
        .map(|seconds| seconds * 1_000_000)
        .find(|step| *step >= least)
        .unwrap_or(28_800_000_000)
}

/// An instant with as many digits as the step needs.
fn short_time(at: u64, step: u64) -> String {
    let (seconds, micros) = (at / 1_000_000, at % 1_000_000);
    let mut text = grouped(i64::try_from(seconds).unwrap_or(i64::MAX));
    if step < 1_000_000 {
        let digits = match step {
            100_000.. => 1,
            10_000.. => 2,
            1_000.. => 3,
            _ => 6,
        };
        let fraction = format!("{micros:06}");
        text.push(',');
        text.push_str(&fraction[..digits]);
    }
    text.push_str("\u{a0}s");
    text
}

fn draw_band(band: &Band, names: &[String], layout: &Layout, y: Px, shapes: &mut Vec<Shape>) -> Px {
    shapes.push(Shape::text(
        "label",
        Px::ZERO,
        y + Px::new(16),
        Anchor::Start,
        &*band.name,
    ));
    shapes.push(Shape::text(
        "num ink-2",
        layout.width,
        y + Px::new(16),
        Anchor::End,
        band.note(layout.width),
    ));
    generations(band, layout, y + Px::new(32), shapes);
    let y = y + HEAD;
    if band.rows.len() > MAX_ROWS {
        return crowd::draw(band, layout, y, shapes);
    }
    // Relative steps, all alike, compress to nothing.
    let (plot, row) = (layout.plot(), layout.row);
    let mut lines = format!("M{LABEL} {}", y - Px::new(3));
    for _ in &band.rows {
        let _ = write!(lines, "m0 {row}h{plot}h-{plot}");
    }
    shapes.push(Shape::Path {
        class: "rule",
        d: lines,
    });
    for (index, row) in band.rows.iter().enumerate() {
        shapes.push(draw_row(row, names, layout, y + layout.row.at(index)));
    }
    y + layout.row.at(band.rows.len())
}

/// Numbers of generations where they begin, leaving out those that would hide another.
fn generations(band: &Band, layout: &Layout, y: Px, shapes: &mut Vec<Shape>) {
    let mut free = Px::ZERO;
    let mut skipped = None;
    let mut draw = |at: Instant, number: i32, shapes: &mut Vec<Shape>| {
        let x = layout.x(at);
        if x < free {
            return false;
        }
        free = x + Px::new(38);
        let text = format!("┌{number}");
        shapes.push(Shape::text(
            "tiny own-word ink-2",
            x,
            y,
            Anchor::Start,
            text,
        ));
        true
    };
    for (at, number) in &band.generations {
        if (layout.from..=layout.to).contains(at) {
            skipped = if draw(*at, *number, shapes) {
                None
            } else {
                Some((*at, *number))
            };
        }
    }
    // The last one matters most: its number stands a little late rather than not at all.
    if let Some((_, number)) = skipped {
        let text = format!("…{number}");
        shapes.push(Shape::text(
            "tiny own-word ink-2",
            free,
            y,
            Anchor::Start,
            text,
        ));
    }
}

fn draw_row(row: &Row, names: &[String], layout: &Layout, y: Px) -> Shape {
    let height = layout.row - Px::new(3);
    let base = height.half() + Px::new(4);
    let mut shapes = vec![Shape::text(
        "tiny",
        Px::ZERO,
        base,
        Anchor::Start,
        row.name.to_string(),
    )];
    let seen = |span: &&Span| span.to >= layout.from && span.from <= layout.to;
    // First what is read, then what is not, so that short gaps stay in sight.
    for span in row.spans.iter().filter(seen) {
        if span.kind == HoldingKind::Owned {
            owned(span, names, layout, height, &mut shapes);
        }
    }
    for span in row.spans.iter().filter(seen) {
        if !matches!(span.kind, HoldingKind::Owned | HoldingKind::Unassigned) {
            unread(span, layout, height, &mut shapes);
        }
    }
    if row.downtime > Duration(0) {
        shapes.push(Shape::text(
            "tiny num",
            layout.width,
            base,
            Anchor::End,
            milliseconds(row.downtime),
        ));
    }
    Shape::Group {
        class: "own-row",
        title: spoken(row, names),
        offset: (Px::ZERO, y),
        shapes,
    }
}

/// A length of time in whole milliseconds; less than one is said so.
pub fn milliseconds(time: Duration) -> String {
    match time.as_millis() {
        0 if time.0 > 0 => "< 1\u{a0}ms".to_owned(),
        ms => format!("{}\u{a0}ms", grouped(i64::try_from(ms).unwrap_or(i64::MAX))),
    }
}

/// What a row says in words: who holds it now, and its downtime.
fn spoken(row: &Row, names: &[String]) -> String {
    let mut text = format!("{} : ", row.name);
    if let Some(span) = row.spans.last() {
        text.push_str(kind_name(span.kind));
        if let Some(holder) = holder(span, names) {
            let _ = write!(text, " ({holder})");
        }
        let _ = write!(text, " depuis {}", seconds(span.from));
    }
    let _ = write!(
        text,
        " ; indisponible {} en tout",
        milliseconds(row.downtime)
    );
    text
}

fn holder<'n>(span: &Span, names: &'n [String]) -> Option<&'n str> {
    names.get(usize::from(span.holder?)).map(String::as_str)
}

/// A way of holding, in a word or two.
pub const fn kind_name(kind: HoldingKind) -> &'static str {
    match kind {
        HoldingKind::Unassigned => "jamais attribuée",
        HoldingKind::Owned => "lue",
        HoldingKind::Revoking => "en révocation",
        HoldingKind::InTransit => "en transit",
        HoldingKind::Orphaned => "orpheline",
        HoldingKind::Frozen => "gelée",
    }
}

/// Tints by which neighbours differ; letters say the rest.
const TINTS: [&str; 4] = ["own own-a", "own own-b", "own own-c", "own own-d"];

fn owned(span: &Span, names: &[String], layout: &Layout, height: Px, shapes: &mut Vec<Shape>) {
    let (x, to) = (layout.x(span.from), layout.x(span.to));
    let width = to - x;
    shapes.push(Shape::Rect {
        class: TINTS[usize::from(span.holder.unwrap_or(0)) % TINTS.len()],
        x,
        y: Px::ZERO,
        width,
        height,
    });
    let Some(name) = holder(span, names) else {
        return;
    };
    let letters = i32::try_from(name.chars().count()).unwrap_or(i32::MAX / 100);
    if height >= Px::new(11) && width > Px::new(7) * letters + Px::new(6) {
        let y = height.half() + Px::new(4);
        shapes.push(Shape::text("tiny", x + Px::new(4), y, Anchor::Start, name));
    }
}

fn unread(span: &Span, layout: &Layout, height: Px, shapes: &mut Vec<Shape>) {
    let x = layout.x(span.from);
    let width = (layout.x(span.to) - x).max(NARROWEST);
    // At the right edge it grows to the left.
    let x = x.min(layout.right() - width);
    shapes.push(gap(span.kind, (x, Px::ZERO), width, height));
}

/// Time without a reader, in the texture of its kind.
fn gap(kind: HoldingKind, offset: (Px, Px), width: Px, height: Px) -> Shape {
    let rect = |class| Shape::Rect {
        class,
        x: Px::ZERO,
        y: Px::ZERO,
        width,
        height,
    };
    let (frame, texture) = match kind {
        HoldingKind::Revoking => (rect("own-gap"), hatch(width, height, false)),
        HoldingKind::Orphaned => (rect("own-gap own-orphan"), hatch(width, height, true)),
        HoldingKind::Frozen => (rect("own-gap"), dots(width, height)),
        _ => (
            rect("own-gap own-void"),
            Shape::Line {
                class: "own-transit",
                from: (Px::ZERO, height.half()),
                to: (width, height.half()),
            },
        ),
    };
    Shape::Group {
        class: "",
        title: String::new(),
        offset,
        shapes: vec![frame, texture],
    }
}

/// What the textures mean, in this width.
pub fn legend(width: Px) -> Picture {
    const KINDS: [HoldingKind; 5] = [
        HoldingKind::Owned,
        HoldingKind::Revoking,
        HoldingKind::InTransit,
        HoldingKind::Orphaned,
        HoldingKind::Frozen,
    ];
    let (cell, line) = (Px::new(136), Px::new(20));
    let columns = width.fits(cell).max(1);
    let height = Px::new(14);
    let mut shapes = Vec::new();
    for (index, kind) in KINDS.into_iter().enumerate() {
        let layout = Layout {
            width: LABEL + Px::new(28) + NOTE,
            from: Instant::ZERO,
            to: Instant(1),
            row: height,
        };
        let span = Span {
            from: layout.from,
            to: layout.to,
            kind,
            holder: Some(0),
        };
        let mut sample = Vec::new();
        if kind == HoldingKind::Owned {
            owned(&span, &["C1".to_owned()], &layout, height, &mut sample);
        } else {
            unread(&span, &layout, height, &mut sample);
        }
        let name = kind_name(kind);
        let (x, y) = (LABEL + Px::new(34), Px::new(11));
        sample.push(Shape::text("tiny own-word", x, y, Anchor::Start, name));
        shapes.push(Shape::Group {
            class: "",
            title: String::new(),
            offset: (cell.at(index % columns) - LABEL, line.at(index / columns)),
            shapes: sample,
        });
    }
    Picture {
        width,
        height: line.at(KINDS.len().div_ceil(columns)),
        title: "Légende".to_owned(),
        description: "Chaque façon de tenir une partition a sa texture.".to_owned(),
        shapes,
    }
}

/// Diagonals that fill a rectangle; both ways if crossed.
fn hatch(width: Px, height: Px, crossed: bool) -> Shape {
    let step = Px::new(6);
    let mut d = String::new();
    let mut along = step.half();
    while along < width + height {
        let (x1, y1) = (along.min(width), (along - width).max(Px::ZERO));
        let (x2, y2) = ((along - height).max(Px::ZERO), along.min(height));
        let _ = write!(d, "M{x1} {y1}L{x2} {y2}");
        if crossed {
            let _ = write!(d, "M{} {y1}L{} {y2}", width - x1, width - x2);
        }
        along += step;
    }
    Shape::Path { class: "hatch", d }
}

/// Upright dots that fill a rectangle.
fn dots(width: Px, height: Px) -> Shape {
    let mut d = String::new();
    let mut x = Px::new(2);
    while x < width {
        let mut y = Px::new(3);
        while y < height {
            let _ = write!(d, "M{x} {y}h1.5");
            y += Px::new(5);
        }
        x += Px::new(6);
    }
    Shape::Path {
        class: "own-dots",
        d,
    }
}

#[cfg(test)]
mod tests;

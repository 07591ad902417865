//! The partitions of a topic as append-only logs: one row of numbered cells each.
//!
//! 1. Producers, if there are any, stand beside the rows (or above them in a narrow picture).
//! 2. Each row shows the partition's newest records, one square cell each: the offset above, the key's mark below; then the
//!    place, dashed, where the next record will land, under the offset it will have.
//! 3. Records in flight are drawn on the way from their producer to their place.
//! 4. What a consumer group has committed is a mark under the log.

mod flight;
mod from_view;
mod producers;

pub use flight::Flight;
pub use from_view::{Moment, of_view};
pub use producers::Producer;

use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};
use std::fmt::Write;

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Who writes; may be empty.
    pub producers: Vec<Producer>,
    /// The partitions, by number.
    pub logs: Vec<Log>,
    /// Records on their way.
    pub flights: Vec<Flight>,
}

/// One partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// Its number.
    pub number: i32,
    /// Offset that the next record will have.
    pub end: i64,
    /// Its newest records, oldest first, offsets without gaps.
    pub cells: Vec<Cell>,
    /// A word at the end of its row; may be empty.
    pub note: String,
    /// What the group has committed, if it has.
    pub committed: Option<i64>,
    /// Whether it was added to the topic after its creation.
    pub added: bool,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its offset.
    pub offset: i64,
    /// Its key's mark.
    pub mark: String,
    /// Which producer it comes from, by the way it is drawn.
    pub look: Look,
    /// Whether it has just landed.
    pub fresh: bool,
    /// All there is to say of it.
    pub title: String,
}

/// How cells of different origins are told apart, without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Plain paper: the first producer.
    #[default]
    Plain,
    /// Hatched: the second producer.
    Hatched,
}

/// Side of a cell.
pub(crate) const CELL: Px = Px::new(32);
/// From one row to the next.
const ROW: Px = Px::new(42);
/// Room for the partition's name.
const LABEL: Px = Px::new(40);
/// Room for the sign that older records are not drawn.
const MORE: Px = Px::new(16);
/// Room for the note.
const NOTE: Px = Px::new(86);
/// Free room around.
const EDGE: Px = Px::new(2);

/// Where things are.
pub(crate) struct Layout {
    pub(crate) width: Px,
    /// Left side of the partitions' names.
    pub(crate) left: Px,
    /// Top of the first row.
    pub(crate) top: Px,
    /// Cells that fit in a row.
    pub(crate) slots: usize,
}

impl Layout {
    fn new(board: &Board, width: Px) -> Self {
        let (left, top) = producers::room(board, width);
        let note = if board.logs.iter().all(|log| log.note.is_empty()) {
            EDGE
        } else {
            NOTE
        };
        let slots = (width - left - LABEL - MORE - note).fits(CELL).max(2);
        Self {
            width,
            left,
            top,
            slots,
        }
    }

    /// Top of a row's cells.
    pub(crate) fn row(&self, index: usize) -> Px {
        self.top + ROW.at(index)
    }

    /// Left side of a slot.
    pub(crate) fn slot(&self, slot: usize) -> Px {
        self.left + LABEL + MORE + CELL.at(slot)
    }

    /// The cells of a log that fit, leaving one slot for the place of the next record.
    fn shown<'a>(&self, log: &'a Log) -> &'a [Cell] {
        let first = log.cells.len().saturating_sub(self.slots - 1);
        &log.cells[first..]
    }
}

/// Draws the board in this width.
pub fn picture(board: &Board, width: Px) -> Picture {
    let layout = Layout::new(board, width);
    let mut shapes = producers::draw(board, &layout);
    for (index, log) in board.logs.iter().enumerate() {
        shapes.push(row(log, index, &layout));
    }
    shapes.push(flight::draw(board, &layout));
    let bottom = layout.row(board.logs.len()) + EDGE;
    Picture {
        width,
        height: bottom.max(producers::bottom(board, &layout)),
        title: board.title.clone(),
        description: board.description.clone(),
        shapes,
    }
}

fn row(log: &Log, index: usize, layout: &Layout) -> Shape {
    let y = layout.row(index);
    let middle = y + CELL.half() + Px::new(5);
    let shown = layout.shown(log);
    let name_class = if log.added {
        "label label-added"
    } else {
        "label"
    };
    let mut shapes = vec![
        Shape::text(
            name_class,
            layout.left,
            middle,
            Anchor::Start,
            format!("P{}", log.number),
        ),
        Shape::across(
            "rule",
            layout.slot(0) - MORE,
            layout.slot(layout.slots),
            y + CELL,
        ),
    ];
    if shown.first().is_some_and(|cell| cell.offset > 0) {
        let x = layout.slot(0) - MORE.half();
        shapes.push(Shape::centred("ink-2 more", x, middle, "⋯"));
    }
    shapes.extend(
        shown
            .iter()
            .enumerate()
            .map(|(slot, record)| cell(record, layout.slot(slot), y)),
    );
    shapes.push(next(log, layout.slot(shown.len()), y));
    shapes.extend(committed(log, shown, layout, y));
    if !log.note.is_empty() {
        let x = layout.width - EDGE;
        shapes.push(Shape::text("num ink-2", x, middle, Anchor::End, &*log.note));
    }
    Shape::Group {
        class: "log",
        title: String::new(),
        offset: (Px::ZERO, Px::ZERO),
        shapes,
    }
}

/// A record's cell, its left upper corner at a point.
pub(crate) fn cell(record: &Cell, x: Px, y: Px) -> Shape {
    let class = if record.fresh {
        "cell cell-new"
    } else {
        "cell"
    };
    let mut shapes = vec![Shape::Rect {
        class,
        x: Px::ZERO,
        y: Px::ZERO,
        width: CELL,
        height: CELL,
    }];
    if record.look == Look::Hatched {
        shapes.push(hatch(CELL, CELL));
    }
    let (offset, mark) = if record.fresh {
        ("offset on-new", "mark on-new")
    } else {
        ("offset", "mark")
    };
    shapes.push(Shape::centred(
        offset,
        CELL.half(),
        Px::new(11),
        record.offset.to_string(),
    ));
    shapes.push(Shape::centred(
        mark,
        CELL.half(),
        Px::new(26),
        &*record.mark,
    ));
    Shape::Group {
        class: "record",
        title: record.title.clone(),
        offset: (x, y),
        shapes,
    }
}

/// Diagonal lines that fill a rectangle at the origin.
pub(crate) fn hatch(width: Px, height: Px) -> Shape {
    let step = Px::new(6);
    let mut d = String::new();
    let mut along = step;
    while along < width + height {
        let (x1, y1) = (along.min(width), (along - width).max(Px::ZERO));
        let (x2, y2) = ((along - height).max(Px::ZERO), along.min(height));
        // Writing to a String cannot fail.
        let _ = write!(d, "M{x1} {y1}L{x2} {y2}");
        along += step;
    }
    Shape::Path { class: "hatch", d }
}

/// The place of the next record.
fn next(log: &Log, x: Px, y: Px) -> Shape {
    let inset = Px::new(2);
    Shape::Group {
        class: "next",
        title: format!("prochain offset : {}", log.end),
        offset: (x, y),
        shapes: vec![
            Shape::Rect {
                class: "cell-next",
                x: inset,
                y: inset,
                width: CELL - inset * 2,
                height: CELL - inset * 2,
            },
            Shape::centred(
                "offset ink-2",
                CELL.half(),
                Px::new(20),
                log.end.to_string(),
            ),
        ],
    }
}

/// The mark of the committed offset: under the first record that the group has still to read.
fn committed(log: &Log, shown: &[Cell], layout: &Layout, y: Px) -> Option<Shape> {
    let committed = log.committed?;
    let first = shown.first().map_or(log.end, |cell| cell.offset);
    let slot = usize::try_from((committed - first).max(0))
        .unwrap_or(0)
        .min(shown.len());
    let (x, y) = (layout.slot(slot), y + CELL);
    let d = if committed < first {
        format!("M{x} {}l8 -4v8z", y + Px::new(5))
    } else {
        format!("M{x} {}l5 7h-10z", y + Px::new(1))
    };
    Some(Shape::Group {
        class: "committed",
        title: format!("position validée : {committed}"),
        offset: (Px::ZERO, Px::ZERO),
        shapes: vec![Shape::Path { class: "accent", d }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;

    fn log(number: i32, records: i64) -> Log {
        Log {
            number,
            end: records,
            cells: (0..records)
                .map(|offset| Cell {
                    offset,
                    mark: "A".into(),
                    look: Look::Plain,
                    fresh: offset + 1 == records,
                    title: String::new(),
                })
                .collect(),
            ..Log::default()
        }
    }

    fn board(logs: Vec<Log>) -> Board {
        Board {
            logs,
            ..Board::default()
        }
    }

    #[test]
    fn only_the_newest_records_fit() {
        let drawn = svg(&picture(&board(vec![log(0, 20)]), Px::new(320)), "b");
        assert!(drawn.contains(">19</text>"), "{drawn}");
        assert!(!drawn.contains(">5</text>"), "{drawn}");
        assert!(drawn.contains("⋯"), "{drawn}");
        assert_eq!(drawn.matches("cell-new").count(), 1);
    }

    #[test]
    fn an_empty_partition_waits_for_offset_0() {
        let drawn = svg(&picture(&board(vec![log(3, 0)]), Px::new(320)), "b");
        assert!(drawn.contains(">P3</text>"), "{drawn}");
        assert!(drawn.contains("prochain offset : 0"), "{drawn}");
    }

    #[test]
    fn nothing_is_drawn_outside() {
        for width in [200, 320, 700, 1900] {
            let mut logs: Vec<Log> = (0..6).map(|n| log(n, i64::from(n) * 7)).collect();
            logs[2].note = "retard 12".into();
            logs[2].committed = Some(1);
            let picture = picture(&board(logs), Px::new(width));
            for shape in &picture.shapes {
                if let Shape::Group { shapes, .. } = shape {
                    for inner in shapes {
                        if let Shape::Group { offset, .. } = inner {
                            assert!(offset.0 + CELL <= picture.width, "{width}");
                            assert!(offset.1 + CELL <= picture.height, "{width}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_committed_offset_stays_in_sight() {
        for committed in [0, 19, 20] {
            let mut log = log(0, 20);
            log.committed = Some(committed);
            let drawn = svg(&picture(&board(vec![log]), Px::new(320)), "b");
            assert!(
                drawn.contains(&format!("position validée : {committed}")),
                "{drawn}"
            );
        }
    }
}

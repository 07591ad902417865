//! Replicas as shapes: the producer's records, then each log under its line of words.

use super::{Cell, Look, Replicas, Row, words};
use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};

/// Side of a cell.
const CELL: Px = Px::new(32);
/// Room for a row's words.
const WORDS: Px = Px::new(18);
/// Height of a record that is gone.
const GONE: Px = Px::new(16);
/// Between rows.
const GAP: Px = Px::new(12);
/// Room for the sign that there are older records.
const MORE: Px = Px::new(16);
/// From one of the producer's records to the next.
const SENT: Px = Px::new(36);
/// Free room around.
const EDGE: Px = Px::new(2);

/// Where things are.
struct Layout {
    width: Px,
    /// The offset in the first slot.
    first: u64,
    slots: usize,
}

impl Layout {
    fn new(replicas: &Replicas, width: Px) -> Self {
        let slots = (width - MORE - EDGE).fits(CELL).max(2);
        let longest = replicas.rows.iter().map(|row| row.end);
        let gone = replicas.rows.iter().flat_map(|row| &row.gone);
        let end = longest
            .chain(gone.map(|(offset, _)| offset + 1))
            .max()
            .unwrap_or(0);
        Self {
            width,
            first: (end + 1).saturating_sub(slots as u64),
            slots,
        }
    }

    /// Left side of an offset's cell, if it is in sight.
    fn slot(&self, offset: u64) -> Option<Px> {
        let slot = usize::try_from(offset.checked_sub(self.first)?).ok()?;
        (slot < self.slots).then(|| MORE + CELL.at(slot))
    }
}

/// Draws the replicas in this width.
pub fn picture(replicas: &Replicas, width: Px) -> Picture {
    let layout = Layout::new(replicas, width);
    let mut shapes = Vec::new();
    let mut y = Px::ZERO;
    if !replicas.producer.is_empty() {
        y = draw_sent(replicas, &layout, &mut shapes);
    }
    let (x, baseline) = (Px::ZERO, y + Px::new(13));
    shapes.push(Shape::text(
        "num",
        x,
        baseline,
        Anchor::Start,
        &*replicas.heading,
    ));
    y += Px::new(24);
    for row in &replicas.rows {
        let position = replicas.position.filter(|_| row.leads);
        let (shape, height) = draw_row(row, &layout, position);
        shapes.push(Shape::Group {
            class: if row.alive {
                "replica"
            } else {
                "replica replica-down"
            },
            title: String::new(),
            offset: (Px::ZERO, y),
            shapes: shape,
        });
        y += height + GAP;
    }
    Picture {
        width,
        height: y.max(Px::new(10)),
        title: replicas.title.clone(),
        description: replicas.description.clone(),
        shapes,
    }
}

/// The producer's records; where they end.
fn draw_sent(replicas: &Replicas, layout: &Layout, shapes: &mut Vec<Shape>) -> Px {
    shapes.push(Shape::text(
        "label",
        Px::ZERO,
        Px::new(13),
        Anchor::Start,
        &*replicas.producer,
    ));
    let room = (layout.width - MORE).fits(SENT).max(1);
    let first = replicas.sent.len().saturating_sub(room);
    for (slot, sent) in replicas.sent[first..].iter().enumerate() {
        let class = if sent.lost { "cell cell-lost" } else { "cell" };
        let text = [&sent.letter, sent.sign].concat();
        let mut cell = vec![Shape::Rect {
            class,
            x: Px::ZERO,
            y: Px::ZERO,
            width: SENT - Px::new(4),
            height: Px::new(22),
        }];
        if sent.lost {
            cell.push(cross(SENT - Px::new(4), Px::new(22)));
        }
        let middle = SENT.half() - Px::new(2);
        cell.push(Shape::centred("num", middle, Px::new(15), text));
        shapes.push(Shape::Group {
            class: "sent",
            title: sent.title.clone(),
            offset: (MORE + SENT.at(slot), Px::new(20)),
            shapes: cell,
        });
    }
    Px::new(52)
}

fn draw_row(row: &Row, layout: &Layout, position: Option<u64>) -> (Vec<Shape>, Px) {
    let class = if row.leads {
        "label"
    } else {
        "label label-thin"
    };
    let mut shapes = vec![
        Shape::text(class, Px::ZERO, Px::new(13), Anchor::Start, words(row)),
        Shape::across("rule", MORE, MORE + CELL.at(layout.slots), WORDS + CELL),
    ];
    if layout.first > 0 && row.end > 0 {
        let y = WORDS + CELL.half() + Px::new(4);
        shapes.push(Shape::centred("ink-2 more", MORE.half(), y, "⋯"));
    }
    for cell in &row.cells {
        if let Some(x) = layout.slot(cell.offset) {
            shapes.push(draw_cell(cell, x));
        }
    }
    if let Some(x) = layout.slot(row.end) {
        shapes.push(next(row, x));
    }
    if let Some(x) = layout.slot(row.high_watermark) {
        shapes.push(watermark(x));
    }
    let mut height = WORDS + CELL;
    if !row.gone.is_empty() {
        for (offset, letter) in &row.gone {
            if let Some(x) = layout.slot(*offset) {
                shapes.push(draw_gone(letter, *offset, x, height + Px::new(3)));
            }
        }
        height += GONE + Px::new(3);
    }
    if let Some(position) = position {
        shapes.push(reader(position, layout, height));
        height += Px::new(18);
    }
    (shapes, height)
}

fn draw_cell(cell: &Cell, x: Px) -> Shape {
    let class = match cell.look {
        Look::Committed => "cell",
        Look::Pending => "cell cell-pending",
        Look::Diverging => "cell cell-lost",
        Look::Duplicate => "cell cell-hot",
    };
    let mut shapes = vec![Shape::Rect {
        class,
        x: Px::ZERO,
        y: Px::ZERO,
        width: CELL,
        height: CELL,
    }];
    if cell.look == Look::Diverging {
        shapes.push(cross(CELL, CELL));
    }
    let middle = CELL.half();
    let letter = match cell.look {
        Look::Duplicate => [&cell.letter, "="].concat(),
        _ => cell.letter.clone(),
    };
    shapes.push(Shape::centred(
        "offset",
        middle,
        Px::new(11),
        cell.offset.to_string(),
    ));
    shapes.push(Shape::centred("mark", middle, Px::new(26), letter));
    Shape::Group {
        class: "record",
        title: cell.title.clone(),
        offset: (x, WORDS),
        shapes,
    }
}

/// Two diagonals: gone, or about to go.
fn cross(width: Px, height: Px) -> Shape {
    let (w, h) = (width.to_string(), height.to_string());
    Shape::Path {
        class: "cross",
        d: ["M0 0L", &w, " ", &h, "M", &w, " 0L0 ", &h].concat(),
    }
}

fn draw_gone(letter: &str, offset: u64, x: Px, y: Px) -> Shape {
    Shape::Group {
        class: "gone",
        title: [
            "message ",
            letter,
            ", offset ",
            &offset.to_string(),
            " : tronqué",
        ]
        .concat(),
        offset: (x, y),
        shapes: vec![
            Shape::Rect {
                class: "cell-left",
                x: Px::new(2),
                y: Px::ZERO,
                width: CELL - Px::new(4),
                height: GONE,
            },
            cross(CELL, GONE),
            Shape::centred("mark mark-small", CELL.half(), Px::new(12), letter),
        ],
    }
}

/// The place of the next record: the log's end offset.
fn next(row: &Row, x: Px) -> Shape {
    let side = CELL - Px::new(4);
    Shape::Group {
        class: "next",
        title: ["LEO de ", &row.name].concat(),
        offset: (x, WORDS),
        shapes: vec![
            Shape::Rect {
                class: "cell-next",
                x: Px::new(2),
                y: Px::new(2),
                width: side,
                height: side,
            },
            Shape::centred(
                "offset ink-2",
                CELL.half(),
                Px::new(20),
                row.end.to_string(),
            ),
        ],
    }
}

/// The high watermark: a thick line before the first record that is not committed.
fn watermark(x: Px) -> Shape {
    Shape::Rect {
        class: "watermark",
        x: x - Px::tenths(15),
        y: WORDS - Px::new(3),
        width: Px::new(3),
        height: CELL + Px::new(6),
    }
}

/// Where the consumer has got to.
fn reader(position: u64, layout: &Layout, y: Px) -> Shape {
    let x = layout.slot(position).unwrap_or(if position < layout.first {
        MORE.half()
    } else {
        layout.width - Px::new(8)
    });
    let tip = [
        "M",
        &x.to_string(),
        " ",
        &(y + Px::new(2)).to_string(),
        "l4 7h-8z",
    ]
    .concat();
    let (anchor, text_x) = if x > layout.width.half() {
        (Anchor::End, x - Px::new(7))
    } else {
        (Anchor::Start, x + Px::new(7))
    };
    let text = ["consumer : lira ", &position.to_string()].concat();
    Shape::Group {
        class: "reader",
        title: String::new(),
        offset: (Px::ZERO, Px::ZERO),
        shapes: vec![
            Shape::Path {
                class: "mark-tip",
                d: tip,
            },
            Shape::text("num", text_x, y + Px::new(12), anchor, text),
        ],
    }
}

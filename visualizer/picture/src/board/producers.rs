//! The producers of a board: boxes to the left of the rows, or above them when there is little room.

use super::{Board, CELL, EDGE, Layout, Look, ROW, hatch};
use crate::px::Px;
use crate::shape::{Anchor, Shape};

/// Who writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Producer {
    /// Its name.
    pub name: String,
    /// Its partitioner.
    pub detail: String,
    /// How the cells of its records are drawn.
    pub look: Look,
}

/// Below this width, producers stand above the rows.
const NARROW: Px = Px::new(600);
/// Size of a producer's box.
const BOX: (Px, Px) = (Px::new(150), Px::new(46));
/// Room between the producers and the rows.
const LANE: Px = Px::new(46);

/// The left side and the top of the rows.
pub(super) fn room(board: &Board, width: Px) -> (Px, Px) {
    match board.producers.is_empty() {
        true => (EDGE, EDGE),
        false if width < NARROW => (EDGE, BOX.1 + Px::new(18)),
        false => (BOX.0 + LANE, EDGE),
    }
}

/// The lowest point that the producers need.
pub(super) fn bottom(board: &Board, layout: &Layout) -> Px {
    (0..board.producers.len())
        .map(|index| corner(board, layout, index).1 + BOX.1 + EDGE)
        .max()
        .unwrap_or(Px::ZERO)
}

/// Where records leave a producer: the left upper corner of their cell.
pub(super) fn exit(board: &Board, layout: &Layout, index: usize) -> (Px, Px) {
    let (x, y) = corner(board, layout, index);
    if above(layout) {
        (x + Px::new(8), y + BOX.1 - CELL.half())
    } else {
        (x + BOX.0 - CELL, y + (BOX.1 - CELL).half())
    }
}

fn above(layout: &Layout) -> bool {
    layout.left == EDGE
}

fn corner(board: &Board, layout: &Layout, index: usize) -> (Px, Px) {
    let count = board.producers.len();
    if above(layout) {
        let step = (layout.width - EDGE * 2) / i32::try_from(count.max(1)).unwrap_or(1);
        return (EDGE + step.at(index), EDGE);
    }
    let gap = Px::new(28);
    let rows = ROW.at(board.logs.len()) - (ROW - CELL);
    let all = BOX.1.at(count) + gap.at(count.saturating_sub(1));
    let first = (rows - all).half().max(Px::ZERO) + EDGE;
    (EDGE, first + (BOX.1 + gap).at(index))
}

pub(super) fn draw(board: &Board, layout: &Layout) -> Vec<Shape> {
    (0..board.producers.len())
        .map(|index| draw_one(board, layout, index))
        .collect()
}

fn draw_one(board: &Board, layout: &Layout, index: usize) -> Shape {
    let producer = &board.producers[index];
    let mut shapes = vec![Shape::Rect {
        class: "cell",
        x: Px::ZERO,
        y: Px::ZERO,
        width: Px::new(10),
        height: BOX.1,
    }];
    if producer.look == Look::Hatched {
        shapes.push(hatch(Px::new(10), BOX.1));
    }
    shapes.push(Shape::text(
        "label",
        Px::new(18),
        Px::new(19),
        Anchor::Start,
        &*producer.name,
    ));
    shapes.push(Shape::text(
        "num ink-2",
        Px::new(18),
        Px::new(37),
        Anchor::Start,
        &*producer.detail,
    ));
    Shape::Group {
        class: "producer",
        title: String::new(),
        offset: corner(board, layout, index),
        shapes,
    }
}

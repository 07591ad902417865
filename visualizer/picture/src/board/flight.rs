//! Records between their producer and their place in the log.

use super::{Board, Cell, Layout, cell, producers};
use crate::px::Px;
use crate::shape::Shape;

/// A record on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Index of its producer among the board's.
    pub producer: usize,
    /// Index of its partition among the board's.
    pub log: usize,
    /// The record.
    pub cell: Cell,
    /// How much of the way is done, in thousandths.
    pub progress: u16,
}

pub(super) fn draw(board: &Board, layout: &Layout) -> Shape {
    let shapes = board
        .flights
        .iter()
        .filter_map(|flight| draw_one(board, layout, flight))
        .collect();
    Shape::Group {
        class: "flights",
        title: String::new(),
        offset: (Px::ZERO, Px::ZERO),
        shapes,
    }
}

fn draw_one(board: &Board, layout: &Layout, flight: &Flight) -> Option<Shape> {
    let log = board.logs.get(flight.log)?;
    let start = producers::exit(board, layout, flight.producer);
    let end = (layout.slot(layout.shown(log).len()), layout.row(flight.log));
    // Up or down to its row first, then along it.
    let along = smooth(u64::from(flight.progress));
    let across = smooth((u64::from(flight.progress) * 8 / 5).min(1_000));
    let x = between(start.0, end.0, along);
    let y = between(start.1, end.1, across);
    Some(cell(&flight.cell, x, y))
}

/// Slow, fast, slow: `3p² − 2p³`, in thousandths.
fn smooth(p: u64) -> u64 {
    p * p * (3_000 - 2 * p) / 1_000_000
}

fn between(from: Px, to: Px, thousandths: u64) -> Px {
    if from <= to {
        from + (to - from).scaled(thousandths, 1_000)
    } else {
        from - (from - to).scaled(thousandths, 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_begins_and_ends_at_rest_where_it_should() {
        assert_eq!(smooth(0), 0);
        assert_eq!(smooth(500), 500);
        assert_eq!(smooth(1_000), 1_000);
        assert_eq!(between(Px::new(10), Px::new(0), 1_000), Px::ZERO);
        assert_eq!(between(Px::new(10), Px::new(30), 500), Px::new(20));
    }
}

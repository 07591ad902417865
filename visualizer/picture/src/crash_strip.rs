//! What a crash would do at each instant of a handler's cycle: a row of cells, one for each instant where something changes.
//!
//! 1. A cell holds what would be lost (`✕1`), processed again (`×1`), begun again (`↻1`), or nothing (`✓`), if the process died there.
//! 2. Neighbours at the same line of the handler stand under one name.
//! 3. The chosen cell is pointed at from below.

use crate::board::hatch;
use crate::french::whole;
use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrashStrip {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// The instants, in order.
    pub cells: Vec<Outcome>,
    /// The one at which the process dies, if it is among them.
    pub chosen: Option<usize>,
}

/// What a crash at one instant would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The line of the handler, in a word.
    pub step: &'static str,
    /// Whether the consequences are known already.
    pub known: bool,
    /// Records lost.
    pub lost: u64,
    /// Processings beyond the first.
    pub replays: u64,
    /// Processings that were cut short and begun again.
    pub restarts: u64,
}

/// Top of the cells.
const TOP: Px = Px::new(16);
/// Height of the cells.
const CELL: Px = Px::new(30);
/// Room for the pointer.
const FOOT: Px = Px::new(12);
/// Widest cell.
const WIDEST: Px = Px::new(64);

impl Outcome {
    /// The sign in its cell.
    pub fn sign(&self) -> String {
        match (self.known, self.lost, self.replays) {
            (false, ..) => "·".to_owned(),
            (_, 0, 0) if self.restarts > 0 => ["↻", &whole(self.restarts)].concat(),
            (_, 0, 0) => "✓".to_owned(),
            (_, 0, replays) => ["×", &whole(replays)].concat(),
            (_, lost, 0) => ["✕", &whole(lost)].concat(),
            (_, lost, replays) => ["✕", &whole(lost), "×", &whole(replays)].concat(),
        }
    }
}

/// Width of a cell, in a picture of this width.
pub fn cell_width(cells: usize, width: Px) -> Px {
    (width / i32::try_from(cells.max(1)).unwrap_or(i32::MAX)).min(WIDEST)
}

/// The cell at a distance from the picture's left side.
pub fn cell_at(cells: usize, width: Px, x: Px) -> usize {
    x.fits(cell_width(cells, width))
        .min(cells.saturating_sub(1))
}

/// Draws the strip in this width.
pub fn picture(strip: &CrashStrip, width: Px) -> Picture {
    let column = cell_width(strip.cells.len(), width);
    let mut shapes = Vec::with_capacity(strip.cells.len() + 8);
    for (index, outcome) in strip.cells.iter().enumerate() {
        shapes.push(cell(outcome, column.at(index), column));
    }
    shapes.extend(names(&strip.cells, column));
    if let Some(chosen) = strip.chosen.filter(|at| *at < strip.cells.len()) {
        shapes.extend(pointer(column.at(chosen), column));
    }
    Picture {
        width,
        height: TOP + CELL + FOOT,
        title: strip.title.clone(),
        description: strip.description.clone(),
        shapes,
    }
}

fn cell(outcome: &Outcome, x: Px, column: Px) -> Shape {
    let class = match (outcome.known, outcome.lost, outcome.replays) {
        (false, ..) => "cell-faint",
        (_, 0, 0) => "cell",
        (_, 0, _) => "cell cell-hot",
        _ => "cell cell-lost",
    };
    let mut shapes = vec![Shape::Rect {
        class,
        x: Px::new(1),
        y: Px::new(1),
        width: column - Px::new(2),
        height: CELL - Px::new(2),
    }];
    if outcome.known && outcome.lost == 0 && outcome.replays > 0 {
        shapes.push(hatch(column - Px::new(2), CELL - Px::new(2)));
    }
    let sign = outcome.sign();
    let letters = i32::try_from(sign.chars().count()).unwrap_or(1);
    // Too narrow for the number: the kind alone.
    let (sign, class) = if Px::new(7) * letters + Px::new(4) <= column {
        (sign, "mark mark-strip")
    } else {
        let kind = sign.chars().next().map(String::from).unwrap_or_default();
        (kind, "mark mark-small")
    };
    shapes.push(Shape::centred(class, column.half(), Px::new(20), sign));
    Shape::Group {
        class: "outcome",
        title: title(outcome),
        offset: (x, TOP),
        shapes,
    }
}

/// What a crash there would do, in words.
pub fn title(outcome: &Outcome) -> String {
    if !outcome.known {
        return outcome.step.to_owned();
    }
    let consequence = match (outcome.lost, outcome.replays) {
        (0, 0) if outcome.restarts > 0 => {
            [&whole(outcome.restarts), " interrompu(s), à recommencer"].concat()
        }
        (0, 0) => "rien de perdu, rien de retraité".to_owned(),
        (0, replays) => [&whole(replays), " à retraiter"].concat(),
        (lost, 0) => [&whole(lost), " perdu(s)"].concat(),
        (lost, replays) => [&whole(lost), " perdu(s), ", &whole(replays), " à retraiter"].concat(),
    };
    [outcome.step, " : ", &consequence].concat()
}

/// The names of the handler's lines, each over the cells where it is executed, where there is room.
fn names(cells: &[Outcome], column: Px) -> Vec<Shape> {
    let mut names = Vec::new();
    let mut from = 0;
    while from < cells.len() {
        let step = cells[from].step;
        let count = cells[from..]
            .iter()
            .take_while(|cell| cell.step == step)
            .count();
        let room = column.at(count);
        let letters = i32::try_from(step.chars().count()).unwrap_or(i32::MAX / 100);
        let (left, right) = (
            column.at(from) + Px::new(1),
            column.at(from) + room - Px::new(1),
        );
        names.push(Shape::across("rule", left, right, TOP - Px::new(3)));
        if Px::tenths(56) * letters <= room {
            names.push(Shape::text(
                "tiny",
                left,
                TOP - Px::new(6),
                Anchor::Start,
                step,
            ));
        }
        from += count;
    }
    names
}

fn pointer(x: Px, column: Px) -> [Shape; 2] {
    let tip = (x + column.half(), TOP + CELL + Px::new(1));
    let d = [
        "M",
        &tip.0.to_string(),
        " ",
        &tip.1.to_string(),
        "l6 9h-12z",
    ]
    .concat();
    [
        Shape::Rect {
            class: "crash-here",
            x,
            y: TOP,
            width: column,
            height: CELL,
        },
        Shape::Path { class: "accent", d },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;

    fn outcome(step: &'static str, lost: u64, replays: u64) -> Outcome {
        Outcome {
            step,
            known: true,
            lost,
            replays,
            restarts: 0,
        }
    }

    fn strip() -> CrashStrip {
        CrashStrip {
            cells: vec![
                outcome("Consume", 0, 0),
                outcome("traitement", 1, 0),
                outcome("traitement", 1, 0),
                outcome("StoreOffset", 0, 1),
                Outcome {
                    step: "Commit",
                    ..Outcome::default()
                },
            ],
            chosen: Some(1),
            ..CrashStrip::default()
        }
    }

    #[test]
    fn consequences_are_written_in_the_cells() {
        let drawn = svg(&picture(&strip(), Px::new(320)), "s");
        for expected in [
            ">✓<",
            ">✕1<",
            ">×1<",
            ">·<",
            ">traitement<",
            "StoreOffset : 1 à retraiter",
        ] {
            assert!(drawn.contains(expected), "{expected} in {drawn}");
        }
        assert_eq!(drawn.matches(">traitement</text>").count(), 1);
        assert_eq!(drawn.matches("crash-here").count(), 1);
    }

    #[test]
    fn narrow_cells_keep_the_kind_of_consequence() {
        let cells = vec![outcome("traitement", 12, 0); 30];
        let strip = CrashStrip {
            cells,
            ..CrashStrip::default()
        };
        let drawn = svg(&picture(&strip, Px::new(320)), "s");
        assert_eq!(drawn.matches(">✕</text>").count(), 30, "{drawn}");
    }

    #[test]
    fn a_pointer_finds_its_cell() {
        let width = Px::new(320);
        assert_eq!(cell_width(5, width), Px::new(64));
        assert_eq!(cell_at(5, width, Px::new(0)), 0);
        assert_eq!(cell_at(5, width, Px::new(65)), 1);
        assert_eq!(cell_at(5, width, Px::new(5_000)), 4);
        assert_eq!(cell_at(0, width, Px::new(10)), 0);
    }
}

//! What a crash would do at each instant of a handler's cycle: a row of cells, one for each instant where something changes.
//!
//! 1. A cell holds what would be lost (`−1`), processed again (`+1`), begun again (`↻1`), or nothing (`✓`), if the process
//!    died there; in words where there is room.
//! 2. Neighbours at the same line of the handler stand under one name.
//! 3. The chosen cell is pointed at from below.

use crate::board::hatch;
use crate::french::{count, whole};
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What the handler is doing, in a word or two.
    pub step: String,
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
/// Width of a letter of a name.
const NAME_LETTER: Px = Px::tenths(64);
/// Width of a letter in a cell.
const LETTER: Px = Px::new(7);

impl Outcome {
    /// The sign in its cell.
    pub fn sign(&self) -> String {
        match (self.known, self.lost, self.replays) {
            (false, ..) => "·".to_owned(),
            (_, 0, 0) if self.restarts > 0 => ["↻", &whole(self.restarts)].concat(),
            (_, 0, 0) => "✓".to_owned(),
            (_, 0, replays) => ["+", &whole(replays)].concat(),
            (_, lost, 0) => ["−", &whole(lost)].concat(),
            (_, lost, replays) => ["−", &whole(lost), " +", &whole(replays)].concat(),
        }
    }

    /// The same in a word or two.
    fn word(&self) -> String {
        let noun = |number: u64, word: &str| {
            let plural = if number > 1 { "s" } else { "" };
            [&whole(number), " ", word, plural].concat()
        };
        match (self.known, self.lost, self.replays) {
            (false, ..) => "·".to_owned(),
            (_, 0, 0) if self.restarts > 0 => [&whole(self.restarts), " repris"].concat(),
            (_, 0, 0) => "rien".to_owned(),
            (_, 0, replays) => noun(replays, "rejoué"),
            (_, lost, 0) => noun(lost, "perdu"),
            (_, lost, replays) => [noun(lost, "perdu"), noun(replays, "rejoué")].join(", "),
        }
    }
}

/// Width of a cell, in a picture of this width.
pub fn cell_width(cells: usize, width: Px) -> Px {
    width / i32::try_from(cells.max(1)).unwrap_or(i32::MAX)
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
    // All in words, or all in signs.
    let words = strip.cells.iter().all(|cell| fits(&cell.word(), column));
    for (index, outcome) in strip.cells.iter().enumerate() {
        shapes.push(cell(outcome, column.at(index), column, words));
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

/// Whether a text fits in a cell.
fn fits(text: &str, column: Px) -> bool {
    LETTER.at(text.chars().count()) + Px::new(8) <= column
}

fn cell(outcome: &Outcome, x: Px, column: Px, words: bool) -> Shape {
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
    let sign = if words {
        outcome.word()
    } else {
        outcome.sign()
    };
    let (sign, class) = if fits(&sign, column) {
        (sign, "mark mark-strip")
    } else {
        // Too narrow for the number: the kind alone.
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
    if outcome.known {
        [&outcome.step, " : ", &consequence(outcome)].concat()
    } else {
        outcome.step.clone()
    }
}

/// The consequences alone.
pub fn consequence(outcome: &Outcome) -> String {
    let lost = count(outcome.lost, "message perdu", "messages perdus");
    let replays = count(
        outcome.replays,
        "traitement en double",
        "traitements en double",
    );
    match (outcome.lost, outcome.replays) {
        (0, 0) if outcome.restarts > 0 => count(
            outcome.restarts,
            "message repris du début, rien de perdu",
            "messages repris du début, rien de perdu",
        ),
        (0, 0) => "rien de perdu, rien en double".to_owned(),
        (0, _) => replays,
        (_, 0) => lost,
        _ => [lost, replays].join(", "),
    }
}

/// The names of the handler's lines, each over the cells where it is executed, where there is room.
fn names(cells: &[Outcome], column: Px) -> Vec<Shape> {
    let mut names = Vec::new();
    let mut from = 0;
    while from < cells.len() {
        let step = &cells[from].step;
        let count = cells[from..]
            .iter()
            .take_while(|cell| cell.step == *step)
            .count();
        let room = column.at(count);
        let (left, right) = (
            column.at(from) + Px::new(1),
            column.at(from) + room - Px::new(1),
        );
        names.push(Shape::across("rule", left, right, TOP - Px::new(3)));
        // Where the name has no room, its record's number may.
        let number = step.rsplit(' ').next();
        let number = number.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        let fits = |text: &&str| NAME_LETTER.at(text.chars().count()) <= room;
        if let Some(name) = [Some(step.as_str()), number]
            .into_iter()
            .flatten()
            .find(fits)
        {
            let y = TOP - Px::new(6);
            names.push(Shape::text("tiny outcomes", left, y, Anchor::Start, name));
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

    fn outcome(step: &str, lost: u64, replays: u64) -> Outcome {
        Outcome {
            step: step.to_owned(),
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
                    step: "Commit".to_owned(),
                    ..Outcome::default()
                },
            ],
            chosen: Some(1),
            ..CrashStrip::default()
        }
    }

    #[test]
    fn consequences_are_written_in_the_cells() {
        let drawn = svg(&picture(&strip(), Px::new(240)), "s");
        for expected in [
            ">✓<",
            ">−1<",
            ">+1<",
            ">·<",
            ">traitement<",
            "StoreOffset : 1\u{a0}traitement en double",
        ] {
            assert!(drawn.contains(expected), "{expected} in {drawn}");
        }
        assert_eq!(drawn.matches(">traitement</text>").count(), 1);
        assert_eq!(drawn.matches("crash-here").count(), 1);
        let wide = svg(&picture(&strip(), Px::new(640)), "s");
        for expected in [">rien<", ">1 perdu<", ">1 rejoué<"] {
            assert!(wide.contains(expected), "{expected} in {wide}");
        }
    }

    #[test]
    fn narrow_cells_keep_the_kind_of_consequence() {
        let cells = vec![outcome("traitement", 12, 0); 30];
        let strip = CrashStrip {
            cells,
            ..CrashStrip::default()
        };
        let drawn = svg(&picture(&strip, Px::new(320)), "s");
        assert_eq!(drawn.matches(">−</text>").count(), 30, "{drawn}");
    }

    #[test]
    fn a_name_without_room_keeps_its_number() {
        let cells = (8..16).map(|at| outcome(&format!("traite {at}"), 0, at));
        let strip = CrashStrip {
            cells: cells.collect(),
            ..CrashStrip::default()
        };
        let drawn = svg(&picture(&strip, Px::new(320)), "s");
        assert!(drawn.contains(">12</text>"), "{drawn}");
        assert!(!drawn.contains(">traite 12</text>"));
    }

    #[test]
    fn a_pointer_finds_its_cell() {
        let width = Px::new(320);
        assert_eq!(cell_width(5, width), Px::new(64));
        assert_eq!(cell_width(2, width), Px::new(160));
        assert_eq!(cell_at(5, width, Px::new(0)), 0);
        assert_eq!(cell_at(5, width, Px::new(65)), 1);
        assert_eq!(cell_at(5, width, Px::new(5_000)), 4);
        assert_eq!(cell_at(0, width, Px::new(10)), 0);
    }
}

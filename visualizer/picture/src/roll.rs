//! Partitions × time, as on a piano roll: how many records of each burst went to each partition.
//!
//! A cell is filled from below in proportion to its share of the burst, and numbered when there is room.

use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roll {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// For each burst, how many records each partition got.
    pub bursts: Vec<Vec<u64>>,
}

/// Room for the partitions' names.
const LABEL: Px = Px::new(34);
/// Height of a row.
const ROW: Px = Px::new(24);
/// Room for the bursts' numbers.
const FOOT: Px = Px::new(18);
/// Widest column.
const WIDEST: Px = Px::new(30);

/// Draws the roll in at most this width.
pub fn picture(roll: &Roll, width: Px) -> Picture {
    let rows = roll.bursts.first().map_or(0, Vec::len);
    let columns = i32::try_from(roll.bursts.len().max(1)).unwrap_or(i32::MAX);
    let column = ((width - LABEL) / columns).min(WIDEST);
    let mut shapes: Vec<Shape> = (0..rows).map(|row| rail(row, column * columns)).collect();
    for (index, burst) in roll.bursts.iter().enumerate() {
        let total = burst.iter().sum();
        let x = LABEL + column.at(index);
        for (row, &records) in burst.iter().enumerate() {
            if records > 0 {
                shapes.push(note(records, total, (x, ROW.at(row) + Px::new(1)), column));
            }
        }
        if column >= Px::new(18) || index % 5 == 0 {
            let x = x + column.half();
            let y = ROW.at(rows) + Px::new(13);
            shapes.push(Shape::centred("tiny ink-2", x, y, (index + 1).to_string()));
        }
    }
    Picture {
        width,
        height: ROW.at(rows) + FOOT,
        title: roll.title.clone(),
        description: roll.description.clone(),
        shapes,
    }
}

fn rail(row: usize, width: Px) -> Shape {
    let y = ROW.at(row);
    Shape::Group {
        class: "",
        title: String::new(),
        offset: (Px::ZERO, y),
        shapes: vec![
            Shape::text(
                "label",
                Px::ZERO,
                Px::new(17),
                Anchor::Start,
                format!("P{row}"),
            ),
            Shape::across("rule", LABEL, LABEL + width, ROW - Px::new(2)),
        ],
    }
}

fn note(records: u64, total: u64, at: (Px, Px), column: Px) -> Shape {
    let (width, height) = (column - Px::new(2), ROW - Px::new(4));
    let filled = height.scaled(records, total);
    let mut shapes = vec![
        Shape::Rect {
            class: "cell",
            x: Px::new(1),
            y: Px::ZERO,
            width,
            height,
        },
        Shape::Rect {
            class: "fill",
            x: Px::new(1),
            y: height - filled,
            width,
            height: filled,
        },
    ];
    if column >= Px::new(18) {
        let class = if records * 2 > total {
            "tiny on-new"
        } else {
            "tiny"
        };
        let x = Px::new(1) + width.half();
        shapes.push(Shape::centred(class, x, Px::new(10), records.to_string()));
    }
    Shape::Group {
        class: "",
        title: String::new(),
        offset: at,
        shapes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;

    #[test]
    fn a_cell_is_filled_by_its_share_of_the_burst() {
        let roll = Roll {
            bursts: vec![vec![10, 0], vec![5, 5]],
            ..Roll::default()
        };
        let drawn = svg(&picture(&roll, Px::new(300)), "r");
        assert_eq!(drawn.matches("class=\"fill\"").count(), 3);
        assert!(drawn.contains("height=\"20\" class=\"fill\""), "{drawn}");
        assert_eq!(drawn.matches("height=\"10\" class=\"fill\"").count(), 2);
    }

    #[test]
    fn no_bursts_draw_no_rows() {
        assert_eq!(picture(&Roll::default(), Px::new(300)).height, FOOT);
    }
}

//! Many partitions: how many are held in which way, column by column.

use super::{Band, LABEL, Layout, gap, milliseconds};
use crate::px::Px;
use crate::shape::{Anchor, Shape};
use engine::group::HoldingKind;
use engine::text::grouped;
use engine::time::{Duration, Instant};

/// Height of the band.
const HEIGHT: Px = Px::new(96);
/// Width of a column.
const COLUMN: Px = Px::new(4);

/// The ways of holding that are drawn, from the bottom up.
const LAYERS: [HoldingKind; 5] = [
    HoldingKind::Owned,
    HoldingKind::Frozen,
    HoldingKind::Revoking,
    HoldingKind::InTransit,
    HoldingKind::Orphaned,
];

/// Draws the band below `y` and returns where it ends.
pub(super) fn draw(band: &Band, layout: &Layout, y: Px, shapes: &mut Vec<Shape>) -> Px {
    let columns = layout.plot().fits(COLUMN).max(1);
    let counts = count(band, layout, columns);
    let all = band.rows.len() as u64;
    let mut drawn = Vec::new();
    for (index, layer) in counts.iter().enumerate() {
        // Neighbours alike are one rectangle.
        let mut column = 0;
        while column < columns {
            let (value, below) = layer[column];
            let alike = layer[column..]
                .iter()
                .take_while(|cell| **cell == (value, below))
                .count();
            if value > 0 {
                let height = HEIGHT.scaled(value, all).max(Px::new(1));
                let x = LABEL + COLUMN.at(column);
                let y = (HEIGHT - HEIGHT.scaled(below, all) - height).max(Px::ZERO);
                let width = COLUMN.at(alike);
                drawn.push(match LAYERS[index] {
                    HoldingKind::Owned => Shape::Rect {
                        class: "own own-a",
                        x,
                        y,
                        width,
                        height,
                    },
                    kind => gap(kind, (x, y), width, height),
                });
            }
            column += alike;
        }
    }
    drawn.push(Shape::text(
        "tiny",
        Px::ZERO,
        Px::new(10),
        Anchor::Start,
        grouped(i64::try_from(all).unwrap_or(i64::MAX)),
    ));
    let worst = band.rows.iter().map(|row| row.downtime).max();
    let worst = worst.unwrap_or(Duration(0));
    drawn.push(Shape::text(
        "tiny num",
        layout.width,
        Px::new(10),
        Anchor::End,
        milliseconds(worst),
    ));
    shapes.push(Shape::Group {
        class: "own-crowd",
        title: format!(
            "{all} partitions ; au pire {} sans lecteur",
            milliseconds(worst)
        ),
        offset: (Px::ZERO, y),
        shapes: drawn,
    });
    y + HEIGHT
}

/// For each layer and column, how many partitions, and how many lie below them. A column shows, of each partition, the
/// worst that happened in it.
fn count(band: &Band, layout: &Layout, columns: usize) -> Vec<Vec<(u64, u64)>> {
    let mut counts = vec![vec![(0, 0); columns]; LAYERS.len()];
    let mut worst: Vec<Option<usize>> = Vec::with_capacity(columns);
    for row in &band.rows {
        worst.clear();
        worst.resize(columns, None);
        for span in &row.spans {
            let layer = LAYERS.iter().position(|kind| *kind == span.kind);
            let Some(layer) = layer else { continue };
            if span.to < layout.from || span.from > layout.to {
                continue;
            }
            let first = column(span.from, layout, columns);
            let last = column(span.to, layout, columns);
            for cell in &mut worst[first..=last] {
                *cell = (*cell).max(Some(layer));
            }
        }
        for (column, layer) in worst.iter().enumerate() {
            if let Some(layer) = layer {
                counts[*layer][column].0 += 1;
            }
        }
    }
    for column in 0..columns {
        let mut below = 0;
        for layer in &mut counts {
            layer[column].1 = below;
            below += layer[column].0;
        }
    }
    counts
}

fn column(at: Instant, layout: &Layout, columns: usize) -> usize {
    let whole = (layout.to - layout.from).0.max(1);
    let part = (at - layout.from).0.min(whole);
    let place = u128::from(part) * columns as u128 / u128::from(whole);
    usize::try_from(place).unwrap_or(0).min(columns - 1)
}

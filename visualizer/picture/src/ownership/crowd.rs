//! Many partitions: how many are held in which way, column by column.

use super::{Band, LABEL, Layout, Row, gap, milliseconds};
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
    let mut steps = Steps(vec![vec![0; columns + 1]; LAYERS.len()]);
    for row in &band.rows {
        steps.add(row, layout, columns);
    }
    let mut below = vec![0; columns];
    let stacked = |steps: &Vec<i64>| {
        let mut count = 0;
        let layer = steps.iter().zip(&mut below).map(|(step, below)| {
            count += step;
            let count = u64::try_from(count).unwrap_or(0);
            let cell = (count, *below);
            *below += count;
            cell
        });
        layer.collect()
    };
    steps.0.iter().map(stacked).collect()
}

/// By layer and column, by how many partitions the count differs from that of the column before: a span that covers many
/// columns costs as little as one that covers one.
struct Steps(Vec<Vec<i64>>);

impl Steps {
    fn add(&mut self, row: &Row, layout: &Layout, columns: usize) {
        // The last column of the spans so far, which the next one may share.
        let mut shared: Option<(usize, usize)> = None;
        for span in &row.spans {
            let layer = LAYERS.iter().position(|kind| *kind == span.kind);
            let Some(layer) = layer else { continue };
            if span.to < layout.from || span.from > layout.to {
                continue;
            }
            let mut first = column(span.from, layout, columns);
            let last = column(span.to, layout, columns);
            let mut worst = layer;
            if let Some((column, known)) = shared {
                if column < first {
                    self.fill(column, column + 1, known);
                } else {
                    worst = layer.max(known);
                    if last > column {
                        self.fill(column, column + 1, worst);
                        first = column + 1;
                        worst = layer;
                    }
                }
            }
            if first < last {
                self.fill(first, last, layer);
            }
            shared = Some((last, worst));
        }
        if let Some((column, layer)) = shared {
            self.fill(column, column + 1, layer);
        }
    }

    /// One partition more, from a column to before another.
    fn fill(&mut self, from: usize, to: usize, layer: usize) {
        self.0[layer][from] += 1;
        self.0[layer][to] -= 1;
    }
}

fn column(at: Instant, layout: &Layout, columns: usize) -> usize {
    let whole = (layout.to - layout.from).0.max(1);
    let part = (at - layout.from).0.min(whole);
    let place = part.saturating_mul(columns as u64) / whole;
    usize::try_from(place).unwrap_or(0).min(columns - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ownership::{PartitionName, Span};
    use engine::ids::PartitionId;

    /// What is meant, cell by cell.
    fn by_cell(band: &Band, layout: &Layout, columns: usize) -> Vec<Vec<u64>> {
        let worst = |row: &Row, cell: usize| {
            let touches = |span: &&Span| {
                let covers = column(span.from, layout, columns)..=column(span.to, layout, columns);
                span.to >= layout.from && span.from <= layout.to && covers.contains(&cell)
            };
            let kinds = row.spans.iter().filter(touches).map(|span| span.kind);
            let layers = kinds.filter_map(|kind| LAYERS.iter().position(|layer| *layer == kind));
            layers.max()
        };
        let counted = |layer: usize, cell: usize| {
            let rows = band.rows.iter();
            rows.filter(|row| worst(row, cell) == Some(layer)).count() as u64
        };
        let cells = |layer| (0..columns).map(|cell| counted(layer, cell)).collect();
        (0..LAYERS.len()).map(cells).collect()
    }

    #[test]
    fn a_column_shows_the_worst_of_each_partition() {
        let kinds = [
            HoldingKind::Unassigned,
            HoldingKind::Owned,
            HoldingKind::Revoking,
            HoldingKind::InTransit,
            HoldingKind::Orphaned,
            HoldingKind::Frozen,
        ];
        let mut state = 7_u64;
        let mut upto = |most: usize| {
            // Knuth's MMIX: enough to shuffle a few spans.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % most
        };
        for _ in 0..200 {
            let mut row = || {
                let mut from = 0;
                let spans = (0..upto(9)).map(|_| {
                    let long = [0, 3, 40, 900, 7_000][upto(5)] * (1 + upto(5) as u64);
                    let span = Span {
                        from: Instant(from),
                        to: Instant(from + long),
                        kind: kinds[upto(6)],
                        holder: None,
                    };
                    from += long;
                    span
                });
                Row {
                    name: PartitionName {
                        topic: None,
                        partition: PartitionId(0),
                    },
                    spans: spans.collect(),
                    downtime: Duration(0),
                }
            };
            let band = Band {
                rows: (0..5).map(|_| row()).collect(),
                ..Band::default()
            };
            let layout = Layout {
                width: Px::new(400),
                from: Instant(1_000),
                to: Instant(9_000),
                row: Px::new(13),
            };
            let stacked = count(&band, &layout, 37);
            let counted: Vec<Vec<u64>> = stacked
                .iter()
                .map(|layer| layer.iter().map(|(count, _)| *count).collect())
                .collect();
            assert_eq!(counted, by_cell(&band, &layout, 37), "{band:?}");
            let below = |layer: usize| stacked[..layer].iter().map(|cells| cells[0].0).sum::<u64>();
            assert!((0..LAYERS.len()).all(|layer| stacked[layer][0].1 == below(layer)));
        }
    }
}

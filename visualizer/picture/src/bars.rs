//! How a load is spread over the partitions: one bar each, the first series above the axis, the second mirrored below it.
//!
//! The axis is a row of numbered cells while they fit, ticks otherwise. The mean is a dashed line; the partition with the
//! most is marked by a word, not by its colour alone.

use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Above the axis.
    pub up: Series,
    /// Below the axis, if there is something to compare with.
    pub down: Option<Series>,
    /// Partitions from this number on were added later.
    pub added_from: Option<usize>,
}

/// One load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// What carries it.
    pub name: String,
    /// How much each partition has.
    pub values: Vec<u64>,
    /// What to write by the largest one.
    pub note: String,
}

/// Height of the largest bar.
const HEIGHT: Px = Px::new(96);
/// Room for a series' name and note.
const HEAD: Px = Px::new(24);
/// Height of the axis.
const AXIS: Px = Px::new(20);
/// Widest column: a few partitions do not need the whole width.
const WIDEST: Px = Px::new(76);
/// Room for the mean's name, to the right.
const MEAN: Px = Px::new(62);
/// Least room for a series' name and note.
const HEADING: Px = Px::new(300);
/// Narrowest step at which the axis numbers every partition.
const NUMBERED: Px = Px::new(19);

impl Series {
    fn largest(&self) -> u64 {
        self.values.iter().copied().max().unwrap_or(0)
    }

    /// The first partition that has the most, if any has something.
    pub fn hottest(&self) -> Option<usize> {
        let largest = self.largest();
        self.values
            .iter()
            .position(|&value| value == largest && largest > 0)
    }
}

/// Where things are.
struct Layout {
    width: Px,
    /// Width of all columns.
    columns: Px,
    partitions: usize,
    /// The largest value of both series: they share one scale.
    scale: u64,
    /// Top of the axis.
    axis: Px,
}

impl Layout {
    fn new(chart: &Chart, width: Px) -> Self {
        let scale = chart
            .down
            .iter()
            .map(Series::largest)
            .fold(chart.up.largest(), u64::max);
        let partitions = chart.up.values.len().max(1);
        Self {
            width,
            columns: (width - MEAN).min(WIDEST.at(partitions)),
            partitions,
            scale: scale.max(1),
            axis: HEAD + HEIGHT,
        }
    }

    /// Left side of a partition's column.
    fn column(&self, partition: usize) -> Px {
        self.columns
            .scaled(partition as u64, self.partitions as u64)
    }

    fn step(&self) -> Px {
        self.columns.scaled(1, self.partitions as u64)
    }

    fn height(&self, value: u64) -> Px {
        HEIGHT.scaled(value, self.scale)
    }
}

/// Draws the chart in this width.
pub fn picture(chart: &Chart, width: Px) -> Picture {
    let layout = Layout::new(chart, width);
    let mut shapes = series(&chart.up, &layout, true);
    let mut height = layout.axis + AXIS;
    if let Some(down) = &chart.down {
        shapes.extend(series(down, &layout, false));
        height += HEIGHT + HEAD;
    }
    shapes.push(axis(chart, &layout));
    Picture {
        width,
        height,
        title: chart.title.clone(),
        description: chart.description.clone(),
        shapes,
    }
}

fn series(series: &Series, layout: &Layout, up: bool) -> Vec<Shape> {
    let hottest = series.hottest();
    let bars = series
        .values
        .iter()
        .enumerate()
        .map(|(partition, &value)| bar(partition, value, hottest == Some(partition), layout, up))
        .collect();
    let bars = Shape::Group {
        class: if up { "bars" } else { "bars bars-b" },
        title: String::new(),
        offset: (Px::ZERO, Px::ZERO),
        shapes: bars,
    };
    let caption = if up {
        layout.axis - HEIGHT - Px::new(9)
    } else {
        layout.axis + AXIS + HEIGHT + Px::new(17)
    };
    let [line, name] = mean(series, layout, up);
    vec![
        bars,
        line,
        name,
        Shape::text("label", Px::ZERO, caption, Anchor::Start, &*series.name),
        Shape::text(
            "num ink-2",
            layout.width.min((layout.columns + MEAN).max(HEADING)),
            caption,
            Anchor::End,
            &*series.note,
        ),
    ]
}

fn bar(partition: usize, value: u64, hot: bool, layout: &Layout, up: bool) -> Shape {
    let height = layout.height(value);
    let gap = if layout.step() > Px::new(8) {
        Px::new(3)
    } else {
        Px::tenths(5)
    };
    let x = layout.column(partition);
    Shape::Rect {
        class: if hot { "bar bar-hot" } else { "bar" },
        x: x + gap.half(),
        y: if up {
            layout.axis - height
        } else {
            layout.axis + AXIS
        },
        width: layout.column(partition + 1) - x - gap,
        height,
    }
}

fn mean(series: &Series, layout: &Layout, up: bool) -> [Shape; 2] {
    let total: u64 = series.values.iter().sum();
    let height = HEIGHT.scaled(total, layout.scale.saturating_mul(layout.partitions as u64));
    let y = if up {
        layout.axis - height
    } else {
        layout.axis + AXIS + height
    };
    let x = layout.columns + Px::new(6);
    [
        Shape::across("mean", Px::ZERO, layout.columns + Px::new(4), y),
        Shape::text("tiny ink-2", x, y + Px::new(3), Anchor::Start, "moyenne"),
    ]
}

fn axis(chart: &Chart, layout: &Layout) -> Shape {
    let numbered = layout.step() >= NUMBERED;
    let every = if numbered { 1 } else { tick_step(layout) };
    let mut shapes = Vec::new();
    if !numbered {
        shapes.push(Shape::across("ink", Px::ZERO, layout.columns, layout.axis));
        shapes.push(Shape::across(
            "ink",
            Px::ZERO,
            layout.columns,
            layout.axis + AXIS,
        ));
    }
    for partition in (0..layout.partitions).step_by(every) {
        let x = layout.column(partition);
        let width = layout.column(partition + 1) - x;
        if numbered {
            let added = chart.added_from.is_some_and(|from| partition >= from);
            shapes.push(Shape::Rect {
                class: if added { "cell cell-added" } else { "cell" },
                x: x + Px::tenths(10),
                y: layout.axis,
                width: width - Px::tenths(20),
                height: AXIS,
            });
        }
        shapes.push(Shape::centred(
            "num",
            x + width.half(),
            layout.axis + Px::new(14),
            partition.to_string(),
        ));
    }
    Shape::Group {
        class: "axis",
        title: String::new(),
        offset: (Px::ZERO, Px::ZERO),
        shapes,
    }
}

/// A round number of partitions between two numbers on the axis, so that they do not touch.
fn tick_step(layout: &Layout) -> usize {
    [2, 5, 10, 20, 50, 100, 200]
        .into_iter()
        .find(|&every| layout.step().at(every) >= Px::new(26))
        .unwrap_or(500)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;

    fn chart(values: Vec<u64>, down: Option<Vec<u64>>) -> Chart {
        let series = |values| Series {
            values,
            ..Series::default()
        };
        Chart {
            up: series(values),
            down: down.map(series),
            ..Chart::default()
        }
    }

    #[test]
    fn both_series_share_one_scale() {
        let picture = picture(&chart(vec![10, 0], Some(vec![5, 20])), Px::new(200));
        let drawn = svg(&picture, "c");
        // 10 of 20 is half the height, upwards from the axis at 120; 5 of 20 a quarter, downwards from 140.
        assert!(
            drawn.contains(r#"y="72" width="66" height="48""#),
            "{drawn}"
        );
        assert!(
            drawn.contains(r#"y="140" width="66" height="24""#),
            "{drawn}"
        );
    }

    #[test]
    fn the_hottest_is_the_first_of_the_largest() {
        let hottest = |values: &[u64]| {
            Series {
                values: values.to_vec(),
                ..Series::default()
            }
            .hottest()
        };
        assert_eq!(hottest(&[1, 4, 4]), Some(1));
        assert_eq!(hottest(&[0, 0]), None);
        assert_eq!(hottest(&[]), None);
    }

    #[test]
    fn a_hundred_partitions_fit_a_phone() {
        let picture = picture(&chart(vec![1; 100], Some(vec![2; 100])), Px::new(320));
        let drawn = svg(&picture, "c");
        assert_eq!(drawn.matches("class=\"bar").count(), 200 + 2);
        assert_eq!(drawn.matches("<text").count(), 6 + 5);
    }
}

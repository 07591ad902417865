//! One choice among the partitions: a row of small cells, the chosen one filled and numbered.

use crate::px::Px;
use crate::shape::{Picture, Shape};

/// Most partitions that are drawn one by one.
pub const MAX_PARTITIONS: i32 = 12;

/// Side of a cell.
const SIDE: Px = Px::new(17);

/// The partition chosen among `partitions`, and the one it replaces, if it does. `None` when there are too many to draw.
pub fn picture(partitions: i32, chosen: Option<i32>, before: Option<i32>) -> Option<Picture> {
    if !(1..=MAX_PARTITIONS).contains(&partitions) {
        return None;
    }
    let before = before.filter(|_| before != chosen);
    let mut shapes: Vec<Shape> = (0..partitions)
        .map(|partition| {
            let class = match () {
                () if chosen == Some(partition) => "cell cell-new",
                () if before == Some(partition) => "cell cell-left",
                () => "cell-faint",
            };
            Shape::Rect {
                class,
                x: left(partition),
                y: Px::new(1),
                width: SIDE - Px::new(3),
                height: SIDE - Px::new(2),
            }
        })
        .collect();
    shapes.extend(chosen.map(|at| number(at, "tiny on-new")));
    shapes.extend(before.map(|at| number(at, "tiny")));
    Some(Picture {
        width: SIDE * partitions,
        height: SIDE,
        title: String::new(),
        description: String::new(),
        shapes,
    })
}

fn left(partition: i32) -> Px {
    SIDE * partition + Px::tenths(15)
}

fn number(partition: i32, class: &'static str) -> Shape {
    Shape::centred(
        class,
        left(partition) + (SIDE - Px::new(3)).half(),
        Px::tenths(125),
        partition.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;

    fn drawn(partitions: i32, chosen: Option<i32>, before: Option<i32>) -> Option<String> {
        picture(partitions, chosen, before).map(|picture| svg(&picture, "s"))
    }

    #[test]
    fn the_choice_is_filled_and_numbered() {
        let svg = drawn(6, Some(4), None).unwrap();
        assert_eq!(svg.matches("cell-faint").count(), 5);
        assert_eq!(svg.matches("cell-new").count(), 1);
        assert!(svg.contains(">4</text>"), "{svg}");
    }

    #[test]
    fn a_key_that_moved_shows_where_it_was() {
        let svg = drawn(12, Some(9), Some(3)).unwrap();
        assert_eq!(svg.matches("cell-left").count(), 1);
        assert!(svg.contains(">3</text>"), "{svg}");
        assert!(!drawn(12, Some(3), Some(3)).unwrap().contains("cell-left"));
    }

    #[test]
    fn too_many_partitions_are_not_drawn() {
        assert_eq!(drawn(13, Some(1), None), None);
        assert_eq!(drawn(0, None, None), None);
    }
}

//! Three architectures under the same load: a chain of calls, a queue per service, a log.
//!
//! 1. Each architecture is a column, or, in a narrow picture, a part below the other: the order service and what its
//!    customers see of it, then one row per service.
//! 2. A row begins with the service: its name, and a cell per instance, filled as far as the order in hand is done. A
//!    service that is stopped is hatched and dashed; one that fails says so.
//! 3. Then what lies between the order service and it: the calls under way, the messages of its queue, or the part of the
//!    log that it has read. Then how many orders it has done, and how many wait.

mod row;
mod story;

pub(crate) use story::stills;

use crate::french::{count, seconds, whole};
use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};
use engine::architecture::view::{LaneView, View, WorkView};
use engine::event::Lane;
use engine::time::Duration;
use std::fmt::Write;

/// From this width on, the architectures stand side by side.
const WIDE: Px = Px::new(850);
/// Room between two architectures.
const GAP: Px = Px::new(18);
/// Room for an architecture's title.
const TITLE: Px = Px::new(24);
/// Size of a service's box.
const BOX: (Px, Px) = (Px::new(108), Px::new(34));
/// From one row to the next.
const ROW: Px = Px::new(44);
/// Room for the broker, or for the line that stands in its place.
const STRIP: Px = Px::new(32);
/// Room for numbers at the end of a row.
const NUMBERS: Px = Px::new(84);
/// Free room around.
const EDGE: Px = Px::new(2);

/// Draws the state in this width.
pub fn picture(view: &View, width: Px) -> Picture {
    let columns = if width < WIDE { 1 } else { 3 };
    let step = (width - EDGE * 2 + GAP) / columns;
    let lane_width = if columns == 1 {
        width - EDGE * 2
    } else {
        step - GAP
    };
    let height = TITLE + ROW + STRIP + ROW.at(view.services.len());
    let shapes = view
        .lanes
        .iter()
        .enumerate()
        .map(|(index, lane)| Shape::Group {
            class: "lane",
            title: String::new(),
            offset: if columns == 1 {
                (EDGE, EDGE + (height + GAP).at(index))
            } else {
                (EDGE + step.at(index), EDGE)
            },
            shapes: draw(view, lane, lane_width),
        })
        .collect();
    let rows = view.lanes.len() / usize::try_from(columns).unwrap_or(1);
    Picture {
        width,
        height: (height + GAP).at(rows) - GAP + EDGE * 2,
        title: "Trois architectures, les mêmes commandes".to_owned(),
        description: describe(view),
        shapes,
    }
}

/// One architecture, at the origin.
fn draw(view: &View, lane: &LaneView, width: Px) -> Vec<Shape> {
    let mut shapes = vec![Shape::text(
        "label",
        Px::ZERO,
        Px::new(14),
        Anchor::Start,
        title(lane.lane),
    )];
    shapes.extend(orders(view, lane, width));
    shapes.push(strip(view, lane.lane, width));
    for index in 0..view.services.len() {
        shapes.push(Shape::Group {
            class: "service",
            title: row::title(view, lane, index),
            offset: (Px::ZERO, TITLE + ROW + STRIP + ROW.at(index)),
            shapes: row::draw(view, lane, index, width),
        });
    }
    shapes
}

const fn title(lane: Lane) -> &'static str {
    match lane {
        Lane::Rest => "REST : une chaîne d’appels",
        Lane::Queue => "File : une par service",
        Lane::Log => "Journal : le même pour tous",
    }
}

/// The order service, and what its customers see.
fn orders(view: &View, lane: &LaneView, width: Px) -> Vec<Shape> {
    let y = TITLE;
    let mut shapes = vec![Shape::Rect {
        class: if view.orders_up { "cell" } else { "cell-next" },
        x: Px::ZERO,
        y,
        width: BOX.0,
        height: BOX.1,
    }];
    shapes.push(Shape::text(
        "label",
        Px::new(8),
        y + Px::new(21),
        Anchor::Start,
        if view.orders_up { "Order" } else { "✗ Order" },
    ));
    let x = BOX.0 + Px::new(10);
    let (first, second) = (y + Px::new(13), y + Px::new(30));
    let long = width >= Px::new(370);
    let number = |sign: &str, number: u64, word: &str| {
        if long {
            format!("{sign} {} {word}", whole(number))
        } else {
            format!("{sign} {}", whole(number))
        }
    };
    let mut say = |class, x, y, anchor, text| shapes.push(Shape::text(class, x, y, anchor, text));
    let accepted = number("✓", lane.accepted, "acceptées");
    say("good", x, first, Anchor::Start, accepted);
    let class = if lane.refused == 0 { "ink-2" } else { "bad" };
    let refused = number("✗", lane.refused, "refusées");
    say(class, x, second, Anchor::Start, refused);
    let wait = |name: &str, wait: Option<Duration>| match wait {
        Some(wait) => format!("{name} {}", length(wait)),
        None => format!("{name} –"),
    };
    say("", width, first, Anchor::End, wait("médiane", lane.median));
    say("", width, second, Anchor::End, wait("p99", lane.p99));
    shapes
}

/// What stands between the order service and the others.
fn strip(view: &View, lane: Lane, width: Px) -> Shape {
    let records: u64 = view.partitions.iter().map(|partition| partition.end).sum();
    let text = match lane {
        Lane::Rest => "l’un après l’autre".to_owned(),
        Lane::Queue => "broker : une copie dans chaque file".to_owned(),
        Lane::Log => format!(
            "orders.created : {}",
            count(records, "événement", "événements")
        ),
    };
    let (top, bottom) = (-(ROW - BOX.1), STRIP - Px::new(8));
    let mut shapes = Vec::new();
    if lane == Lane::Rest {
        shapes.push(arrow(Px::new(16), top, STRIP));
    } else {
        shapes.push(arrow(Px::new(16), top, Px::ZERO));
        shapes.push(Shape::Rect {
            class: if lane == Lane::Log {
                "cell accent-soft"
            } else {
                "cell"
            },
            x: Px::ZERO,
            y: Px::ZERO,
            width,
            height: bottom,
        });
    }
    let x = if lane == Lane::Rest {
        Px::new(30)
    } else {
        Px::new(8)
    };
    shapes.push(Shape::text(
        if lane == Lane::Rest { "ink-2" } else { "" },
        x,
        Px::new(16),
        Anchor::Start,
        text,
    ));
    Shape::Group {
        class: "broker",
        title: String::new(),
        offset: (Px::ZERO, TITLE + ROW),
        shapes,
    }
}

/// A downward arrow.
fn arrow(x: Px, from: Px, to: Px) -> Shape {
    let shaft = to - from - Px::new(1);
    Shape::Path {
        class: "ink",
        d: format!("M{x} {}v{shaft}m-4 -5l4 5l4 -5", from + Px::new(1)),
    }
}

/// A length of time: `5 ms`, `1,000 s`.
fn length(time: Duration) -> String {
    if time.as_millis() < 1_000 {
        format!("{}\u{a0}ms", time.as_millis())
    } else {
        seconds(engine::time::Instant(time.0))
    }
}

fn describe(view: &View) -> String {
    let mut text = format!(
        "À {}, {}.",
        seconds(view.now),
        count(view.received, "commande reçue", "commandes reçues")
    );
    for lane in &view.lanes {
        let waiting: u64 = lane.services.iter().map(WorkView::backlog).sum();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            " {} : {} et {}, {}.",
            match lane.lane {
                Lane::Rest => "REST",
                Lane::Queue => "File",
                Lane::Log => "Journal",
            },
            count(lane.accepted, "acceptée", "acceptées"),
            count(lane.refused, "refusée", "refusées"),
            count(waiting, "traitement en attente", "traitements en attente"),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;
    use engine::architecture::Run;
    use engine::scenario::{Action, Keys, Kind, Produce, Scenario, TimedAction};
    use engine::time::Instant;

    /// A shop whose shipping service is stopped at 10 s.
    fn run() -> Run {
        let mut scenario = Scenario::new(Kind::Architecture, "t");
        let produce = Produce {
            count: 200,
            every: Duration::from_millis(360),
            ..Produce::of(Keys::Null)
        };
        let stop = "break ShippingService".parse().expect("a step");
        for (ms, action) in [(0, Action::Produce(produce)), (10_000, Action::Do(stop))] {
            let at = Instant::from_millis(ms);
            scenario.actions.push(TimedAction { at, action });
        }
        Run::new(scenario)
    }

    #[test]
    fn a_stopped_service_is_told_by_more_than_colour() {
        let mut run = run();
        run.run_until(Instant::from_millis(40_000));
        let drawn = svg(&picture(&run.view(), Px::new(320)), "a");
        assert_eq!(drawn.matches("✗ Shipping").count(), 3, "{drawn}");
        assert!(drawn.contains("hatch"));
        assert!(drawn.contains("✗ 7"), "{drawn}");
    }

    #[test]
    fn without_notes_each_step_and_the_end_are_drawn() {
        let frames = crate::storyboard::storyboard(run().scenario(), "").frames;
        let captions: Vec<&str> = frames.iter().map(|frame| frame.caption.as_str()).collect();
        assert_eq!(captions.len(), 2, "{captions:?}");
        assert!(
            captions[0].starts_with(
                "À 9,999\u{a0}s, sur 28\u{a0}commandes reçues : 0\u{a0}commande refusée en REST"
            ),
            "{captions:?}"
        );
        assert!(!frames[1].svg.contains("style"));
    }

    #[test]
    fn it_fits_in_any_width() {
        let mut run = run();
        for ms in [0, 5_000, 70_000] {
            run.seek(Instant::from_millis(ms));
            for width in [320, 360, 700, 1200, 1900] {
                let picture = picture(&run.view(), Px::new(width));
                assert_eq!(picture.width, Px::new(width));
                inside(&picture.shapes, (Px::ZERO, Px::ZERO), &picture);
            }
        }
    }

    fn inside(shapes: &[Shape], at: (Px, Px), picture: &Picture) {
        for shape in shapes {
            match shape {
                Shape::Group { offset, shapes, .. } => {
                    inside(shapes, (at.0 + offset.0, at.1 + offset.1), picture);
                }
                Shape::Rect {
                    x,
                    y,
                    width,
                    height,
                    ..
                } => {
                    assert!(at.0 + *x + *width <= picture.width, "{shape:?}");
                    assert!(at.1 + *y + *height <= picture.height, "{shape:?}");
                    assert!(*width >= Px::ZERO && *height >= Px::ZERO, "{shape:?}");
                }
                _ => {}
            }
        }
    }
}

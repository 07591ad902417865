//! One service in one architecture.

use super::{BOX, NUMBERS, ROW, arrow};
use crate::board::hatch;
use crate::french::{count, whole};
use crate::px::Px;
use crate::shape::{Anchor, Shape};
use engine::architecture::Health;
use engine::architecture::view::{LaneView, View, WorkView};
use engine::event::Lane;
use std::fmt::Write;

/// Side of a small cell.
const CELL: Px = Px::new(8);
/// From one small cell to the next.
const STEP: Px = Px::new(10);
/// Room between the box and what comes after it.
const LANE: Px = Px::new(10);

/// Draws a service's row, at the origin.
pub(super) fn draw(view: &View, lane: &LaneView, index: usize, width: Px) -> Vec<Shape> {
    let work = &lane.services[index];
    let mut shapes = house(view, work, index);
    if lane.lane == Lane::Rest && index + 1 < view.services.len() {
        shapes.push(arrow(Px::new(16), BOX.1, ROW));
    }
    let x = BOX.0 + LANE;
    let track = (width - NUMBERS - LANE - x).max(STEP * 2);
    match lane.lane {
        Lane::Rest => cells(&mut shapes, x, track, work.calls, "cell"),
        Lane::Queue => cells(&mut shapes, x, track, work.waiting, "cell accent-soft"),
        Lane::Log => log(&mut shapes, x, track, position(view, index)),
    }
    let beside = beside(lane.lane, work);
    if !beside.is_empty() {
        let y = Px::new(32);
        shapes.push(Shape::text("tiny bad", x, y, Anchor::Start, beside));
    }
    let done = format!("✓ {}", whole(work.done));
    shapes.push(Shape::text("", width, Px::new(13), Anchor::End, done));
    let (class, waits) = waits(view, lane.lane, work, index);
    shapes.push(Shape::text(class, width, Px::new(30), Anchor::End, waits));
    shapes
}

/// The service itself: its name, and its instances.
fn house(view: &View, work: &WorkView, index: usize) -> Vec<Shape> {
    let service = &view.services[index];
    let stopped = service.health == Health::Stopped;
    let mut shapes = vec![Shape::Rect {
        class: if stopped { "cell-next" } else { "cell" },
        x: Px::ZERO,
        y: Px::ZERO,
        width: BOX.0,
        height: BOX.1,
    }];
    if stopped {
        shapes.push(hatch(BOX.0, BOX.1));
    }
    let (class, sign) = match service.health {
        Health::Up => ("label", ""),
        Health::Failing => ("label bad", "! "),
        Health::Stopped => ("label bad", "✗ "),
    };
    shapes.push(Shape::text(
        class,
        Px::new(8),
        Px::new(15),
        Anchor::Start,
        format!("{sign}{}", service.name.short()),
    ));
    if !stopped {
        instances(&mut shapes, view, work);
    }
    shapes
}

/// A cell per instance, as many as fit, filled as far as the order in hand is done.
fn instances(shapes: &mut Vec<Shape>, view: &View, work: &WorkView) {
    let fit = (BOX.0 - Px::new(12)).fits(STEP) as u64;
    for instance in 0..view.instances.min(fit) {
        let (x, y) = (
            Px::new(8) + STEP.at(usize::try_from(instance).unwrap_or(0)),
            Px::new(21),
        );
        let hand = usize::try_from(instance)
            .ok()
            .and_then(|instance| work.hand.get(instance));
        shapes.push(square(
            if hand.is_some() { "cell" } else { "cell-faint" },
            x,
            y,
            CELL,
        ));
        if let Some((_, thousandths)) = hand {
            shapes.push(square(
                "fill",
                x,
                y,
                CELL.scaled(u64::from(*thousandths), 1_000),
            ));
        }
    }
}

fn square(class: &'static str, x: Px, y: Px, width: Px) -> Shape {
    Shape::Rect {
        class,
        x,
        y,
        width,
        height: CELL,
    }
}

/// A small cell for each of `number`, as many as fit; the sign that there are more.
fn cells(shapes: &mut Vec<Shape>, x: Px, track: Px, number: u64, class: &'static str) {
    let y = Px::new(8);
    shapes.push(Shape::across("rule", x, x + track, y + CELL + Px::new(2)));
    let fit = track.fits(STEP).max(1);
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let (shown, more) = if number > fit {
        (fit - 1, true)
    } else {
        (number, false)
    };
    for cell in 0..shown {
        shapes.push(square(class, x + STEP.at(cell), y, CELL));
    }
    if more {
        shapes.push(Shape::text(
            "ink-2",
            x + STEP.at(shown),
            y + CELL,
            Anchor::Start,
            "⋯",
        ));
    }
}

/// The log as this service has read it: read, position, unread.
fn log(shapes: &mut Vec<Shape>, x: Px, track: Px, (position, end): (u64, u64)) {
    let (y, height) = (Px::new(6), Px::new(12));
    let read = track.scaled(position, end.max(1));
    let bar = |class, x, width| Shape::Rect {
        class,
        x,
        y,
        width,
        height,
    };
    if end > 0 {
        shapes.push(bar("cell", x, track));
        shapes.push(bar("cell accent-soft", x, read));
    } else {
        shapes.push(bar("cell-next", x, track));
    }
    shapes.push(Shape::Path {
        class: "accent",
        d: format!("M{} {}l5 7h-10z", x + read, y + height),
    });
}

/// How far a service is in the log, and how long the log is, over all partitions.
fn position(view: &View, index: usize) -> (u64, u64) {
    view.partitions
        .iter()
        .map(|partition| {
            let position = partition.positions.get(index).copied().unwrap_or(0);
            (position, partition.end)
        })
        .fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1))
}

/// What went wrong beside the way, shortest words; empty if nothing did.
fn beside(lane: Lane, work: &WorkView) -> String {
    let all = [
        (work.dead, "au rebut"),
        (work.in_vain, "pour rien"),
        (work.again, "en double"),
        (
            work.missed,
            if lane == Lane::Log {
                "sautées"
            } else {
                "jamais vues"
            },
        ),
    ];
    let mut text = String::new();
    for (number, words) in all.into_iter().filter(|(number, _)| *number > 0).take(2) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{} {words}", whole(number));
    }
    text
}

/// What waits for the service, in a few words.
fn waits(view: &View, lane: Lane, work: &WorkView, index: usize) -> (&'static str, String) {
    let up = view.services[index].health != Health::Stopped;
    let waiting = if lane == Lane::Rest {
        work.calls.saturating_sub(work.hand.len() as u64)
    } else {
        work.waiting
    };
    let number = whole(waiting);
    match lane {
        _ if waiting == 0 && up && work.reads => ("ink-2", "à jour".to_owned()),
        Lane::Log if up && !work.reads => ("bad", format!("rejoint {number}")),
        Lane::Log => ("", format!("retard {number}")),
        _ => ("", format!("attend {number}")),
    }
}

/// All there is to say of a service in an architecture.
pub(super) fn title(view: &View, lane: &LaneView, index: usize) -> String {
    let (service, work) = (&view.services[index], &lane.services[index]);
    let health = match service.health {
        Health::Up => "fonctionne",
        Health::Failing => "en erreur",
        Health::Stopped => "arrêté",
    };
    let mut text = format!(
        "{} ({health}) : {}",
        service.name,
        count(work.done, "commande traitée", "commandes traitées")
    );
    let numbers = [
        (work.hand.len() as u64, "en main"),
        (work.waiting, "en attente"),
        (work.again, "en double"),
        (work.in_vain, "pour un client qui a reçu une erreur"),
        (work.dead, "au rebut"),
        (work.missed, "jamais reçues"),
    ];
    for (number, words) in numbers.into_iter().filter(|(number, _)| *number > 0) {
        let _ = write!(text, ", {} {words}", whole(number));
    }
    text
}

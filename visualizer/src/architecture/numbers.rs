//! The numbers that sum a run up.

use crate::lab::{Metric, Wish};
use engine::architecture::view::{LaneView, View, WorkView};
use engine::event::Lane;
use engine::time::Duration;

/// Always the same ones, in the same order.
#[allow(clippy::too_many_lines)] // A table.
pub(super) fn metrics(view: &View) -> Vec<Metric> {
    let rest = &view.lanes[Lane::Rest as usize];
    let queue = &view.lanes[Lane::Queue as usize];
    let log = &view.lanes[Lane::Log as usize];
    vec![
        Metric::new("Commandes reçues", view.received, "", Wish::Any),
        Metric::new("REST : acceptées", rest.accepted, "", Wish::High),
        Metric::new("REST : refusées", rest.refused, "", Wish::Low),
        Metric::new(
            "REST : attente médiane du client",
            ms(rest.median),
            "ms",
            Wish::Low,
        ),
        Metric::new(
            "REST : attente p99 du client",
            ms(rest.p99),
            "ms",
            Wish::Low,
        ),
        Metric::new(
            "REST : traitements pour rien",
            sum(rest, |work| work.in_vain),
            "",
            Wish::Low,
        ),
        Metric::new(
            "REST : traitements en double",
            sum(rest, |work| work.again),
            "",
            Wish::Low,
        ),
        Metric::new("File : acceptées", queue.accepted, "", Wish::High),
        Metric::new("File : refusées", queue.refused, "", Wish::Low),
        Metric::new(
            "File : attente p99 du client",
            ms(queue.p99),
            "ms",
            Wish::Low,
        ),
        Metric::new(
            "File : messages en attente",
            sum(queue, WorkView::backlog),
            "",
            Wish::Low,
        ),
        Metric::new(
            "File : messages au rebut",
            sum(queue, |work| work.dead),
            "",
            Wish::Low,
        ),
        Metric::new(
            "File : jamais vus par un nouveau service",
            sum(queue, |work| work.missed),
            "",
            Wish::Low,
        ),
        Metric::new(
            "File : plus long rattrapage",
            recovery(queue),
            "ms",
            Wish::Low,
        ),
        Metric::new("Journal : acceptées", log.accepted, "", Wish::High),
        Metric::new("Journal : refusées", log.refused, "", Wish::Low),
        Metric::new(
            "Journal : attente p99 du client",
            ms(log.p99),
            "ms",
            Wish::Low,
        ),
        Metric::new(
            "Journal : événements en attente",
            sum(log, WorkView::backlog),
            "",
            Wish::Low,
        ),
        Metric::new(
            "Journal : retard sur les offsets validés",
            sum(log, |work| work.lag),
            "",
            Wish::Low,
        ),
        Metric::new(
            "Journal : traitements en double",
            sum(log, |work| work.again),
            "",
            Wish::Any,
        ),
        Metric::new(
            "Journal : sautés (auto.offset.reset)",
            sum(log, |work| work.missed),
            "",
            Wish::Low,
        ),
        Metric::new(
            "Journal : plus long rattrapage",
            recovery(log),
            "ms",
            Wish::Low,
        ),
    ]
}

fn sum(lane: &LaneView, of: impl Fn(&WorkView) -> u64) -> u64 {
    lane.services.iter().map(of).sum()
}

/// The longest time that a service took to catch up after its last repair.
fn recovery(lane: &LaneView) -> u64 {
    let longest = lane.services.iter().filter_map(|work| work.recovery).max();
    ms(longest)
}

fn ms(time: Option<Duration>) -> u64 {
    time.map_or(0, Duration::as_millis)
}

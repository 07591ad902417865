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
        number("Commandes reçues", view.received, "", Wish::Any),
        number("REST : acceptées", rest.accepted, "", Wish::High),
        number("REST : refusées", rest.refused, "", Wish::Low),
        number(
            "REST : attente médiane du client",
            ms(rest.median),
            "ms",
            Wish::Low,
        ),
        number(
            "REST : attente p99 du client",
            ms(rest.p99),
            "ms",
            Wish::Low,
        ),
        number(
            "REST : traitements pour rien",
            sum(rest, |work| work.in_vain),
            "",
            Wish::Low,
        ),
        number(
            "REST : traitements en double",
            sum(rest, |work| work.again),
            "",
            Wish::Low,
        ),
        number("File : acceptées", queue.accepted, "", Wish::High),
        number("File : refusées", queue.refused, "", Wish::Low),
        number(
            "File : attente p99 du client",
            ms(queue.p99),
            "ms",
            Wish::Low,
        ),
        number(
            "File : messages en attente",
            sum(queue, WorkView::backlog),
            "",
            Wish::Low,
        ),
        number(
            "File : messages au rebut",
            sum(queue, |work| work.dead),
            "",
            Wish::Low,
        ),
        number(
            "File : jamais vus par un nouveau service",
            sum(queue, |work| work.missed),
            "",
            Wish::Low,
        ),
        number(
            "File : plus long rattrapage",
            recovery(queue),
            "ms",
            Wish::Low,
        ),
        number("Journal : acceptées", log.accepted, "", Wish::High),
        number("Journal : refusées", log.refused, "", Wish::Low),
        number(
            "Journal : attente p99 du client",
            ms(log.p99),
            "ms",
            Wish::Low,
        ),
        number(
            "Journal : événements en attente",
            sum(log, WorkView::backlog),
            "",
            Wish::Low,
        ),
        number(
            "Journal : retard sur les offsets validés",
            sum(log, |work| work.lag),
            "",
            Wish::Low,
        ),
        number(
            "Journal : traitements en double",
            sum(log, |work| work.again),
            "",
            Wish::Any,
        ),
        number(
            "Journal : sautés (auto.offset.reset)",
            sum(log, |work| work.missed),
            "",
            Wish::Low,
        ),
        number(
            "Journal : plus long rattrapage",
            recovery(log),
            "ms",
            Wish::Low,
        ),
    ]
}

fn number(name: &'static str, value: u64, unit: &'static str, wish: Wish) -> Metric {
    Metric {
        name,
        value: i64::try_from(value).unwrap_or(i64::MAX),
        unit,
        wish,
    }
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

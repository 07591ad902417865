//! The numbers of a rebalance.

use crate::lab::{Metric, Wish};
use engine::group::{GroupView, HoldingKind};

/// The numbers that sum a view up.
pub(super) fn metrics(view: &GroupView) -> Vec<Metric> {
    let downtimes = || view.partitions.iter().map(|one| one.downtime.as_millis());
    let total: u64 = view.partitions.iter().map(|one| one.downtime.0).sum();
    let unread = view
        .partitions
        .iter()
        .filter(|one| !matches!(one.now.kind, HoldingKind::Owned | HoldingKind::Unassigned));
    let lag: u64 = view
        .partitions
        .iter()
        .map(|one| one.log_end.saturating_sub(one.committed.unwrap_or(0)))
        .sum();
    let touched = downtimes().filter(|ms| *ms > 0).count();
    vec![
        Metric::new(
            "Temps sans lecteur, en tout",
            total / 1_000,
            "ms",
            Wish::Low,
        ),
        Metric::new(
            "La partition la plus touchée",
            downtimes().max().unwrap_or(0),
            "ms",
            Wish::Low,
        ),
        Metric::new("Partitions interrompues", touched as u64, "", Wish::Low),
        Metric::new(
            "Sans lecteur en ce moment",
            unread.count() as u64,
            "",
            Wish::Low,
        ),
        Metric::new(
            "Rééquilibrages",
            u64::from(view.coordinator.rebalances),
            "",
            Wish::Low,
        ),
        Metric::new(
            "Membres",
            view.coordinator.members.len() as u64,
            "",
            Wish::Any,
        ),
        Metric::new("Retard (lag), en messages", lag, "", Wish::Low),
        Metric::new(
            "Messages traités une fois",
            view.counters.once,
            "",
            Wish::High,
        ),
        Metric::new(
            "Messages traités plusieurs fois",
            view.counters.replayed,
            "",
            Wish::Low,
        ),
        Metric::new("Messages perdus", view.counters.lost, "", Wish::Low),
    ]
}

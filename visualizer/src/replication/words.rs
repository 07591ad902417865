//! What the producer and the consumer know, in sentences.

use engine::event::ProduceError;
use engine::ids::PartitionId;
use engine::replication::view::{Counters, Status, View};
use engine::text::grouped;

/// How many of a kind, and their noun.
pub(super) fn count(number: u64, one: &str, several: &str) -> String {
    let noun = if number < 2 { one } else { several };
    let number = grouped(i64::try_from(number).unwrap_or(i64::MAX));
    [&number, "\u{a0}", noun].concat()
}

/// What the producer's newest records met with: each error under its .NET name, and which records.
pub(super) fn producer(view: &View, partition: PartitionId) -> Vec<String> {
    let mut lines: Vec<(ProduceError, &'static str, String)> = Vec::new();
    for sent in &view.producer.records {
        if sent.partition != partition {
            continue;
        }
        let (error, what) = match sent.status {
            Status::Retrying(error) => (error, "nouvel essai en cours"),
            Status::Refused(error) => (error, "abandon, pas écrit (NotPersisted)"),
            Status::Unknown(error) => (error, "abandon, peut-être écrit (PossiblyPersisted)"),
            _ => continue,
        };
        let letter = sent.record.letters();
        match lines
            .iter_mut()
            .find(|line| line.0 == error && line.1 == what)
        {
            Some(line) => {
                line.2.push_str(", ");
                line.2.push_str(&letter);
            }
            None => lines.push((error, what, letter)),
        }
    }
    lines
        .into_iter()
        .map(|(error, what, letters)| {
            [
                "ErrorCode.",
                error.dotnet(),
                " : ",
                what,
                " (",
                &letters,
                ").",
            ]
            .concat()
        })
        .collect()
}

/// The newest records of which the producer's death leaves everybody in the dark.
pub(super) fn unreported(view: &View, partition: PartitionId) -> Option<String> {
    let records = view.producer.records.iter();
    let dark: Vec<_> = records
        .filter(|sent| sent.partition == partition && sent.status == Status::Unreported)
        .map(|sent| sent.record.letters())
        .collect();
    let verb = match dark.len() {
        0 => return None,
        1 => "écrit ou non, l’application ne le saura pas",
        _ => "écrits ou non, l’application ne le saura pas",
    };
    Some(
        [
            "Producer tué sans rapport de livraison pour ",
            &dark.join(", "),
            " : ",
            verb,
            ".",
        ]
        .concat(),
    )
}

/// Where the consumer reads, and what it has read.
pub(super) fn consumer(view: &View, partition: PartitionId) -> String {
    let place = view
        .consumer
        .iter()
        .find(|place| place.partition == partition);
    let mut text = match place.and_then(|place| place.broker) {
        Some(broker) => [
            "Le consumer lit ",
            &broker.to_string(),
            " jusqu’au high watermark",
        ]
        .concat(),
        None => "Le consumer n’a pas de leader à lire".to_owned(),
    };
    text.push_str(" : ");
    text.push_str(&count(view.counters.consumed, "message lu", "messages lus"));
    if view.counters.consumed_lost > 0 {
        text.push_str(", dont ");
        text.push_str(&count(
            view.counters.consumed_lost,
            "qui n’existe plus",
            "qui n’existent plus",
        ));
    }
    text.push('.');
    text
}

/// What became of all records: for each fate its class, its sign and how many.
pub(super) fn parts(counters: &Counters) -> [(&'static str, String); 5] {
    let part = |class: &'static str, name: &str, number: u64| {
        let class = if number == 0 { "none" } else { class };
        let number = grouped(i64::try_from(number).unwrap_or(i64::MAX));
        (class, [name, "\u{a0}", &number].concat())
    };
    [
        part(
            "good",
            "✓\u{a0}acquittés, gardés",
            counters.acknowledged_kept,
        ),
        part(
            "bad",
            "✕\u{a0}acquittés, perdus",
            counters.acknowledged_lost,
        ),
        part("", "⊘\u{a0}refusés", counters.refused),
        part("", "?\u{a0}incertains", counters.unknown()),
        part("", "…\u{a0}en cours", counters.waiting + counters.in_flight),
    ]
}

/// The same on one line.
pub(super) fn summary(counters: &Counters) -> String {
    parts(counters).map(|(_, part)| part).join(" · ")
}

/// The rules that no run may break: what a view shows of them.
pub(super) fn breaches(view: &View, safe: bool) -> Vec<String> {
    let mut broken = Vec::new();
    if safe && view.counters.acknowledged_lost > 0 {
        broken.push(
            "acks=all, min.insync.replicas ≥ 2 et élections propres : aucun message acquitté ne doit se perdre".to_owned(),
        );
    }
    for partition in &view.partitions {
        let short = partition.high_watermark.is_some_and(|high_watermark| {
            let isr = partition.replicas.iter().filter(|replica| replica.in_sync);
            isr.clone().count() > 0
                && isr
                    .filter(|replica| replica.role != engine::replication::view::Role::Offline)
                    .any(|replica| replica.log_end < high_watermark)
        });
        if short {
            broken.push(format!(
                "partition {} : le high watermark dépasse le LEO d’une réplique de l’ISR",
                partition.partition
            ));
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_counted_on_one_line() {
        let counters = Counters {
            acknowledged_kept: 1_000,
            unknown_absent: 1,
            unknown_present: 2,
            ..Counters::default()
        };
        assert_eq!(
            summary(&counters),
            "✓\u{a0}acquittés, gardés\u{a0}1\u{202f}000 · ✕\u{a0}acquittés, perdus\u{a0}0 · ⊘\u{a0}refusés\u{a0}0 · \
             ?\u{a0}incertains\u{a0}3 · …\u{a0}en cours\u{a0}0"
        );
        assert_eq!(count(1, "message lu", "messages lus"), "1\u{a0}message lu");
    }
}

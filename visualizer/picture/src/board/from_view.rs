//! A board of what the simulation shows at one instant.

use super::{Board, Cell, Flight, Log, Look, Producer};
use crate::french::{self, count, seconds};
use crate::marks::Marks;
use engine::time::{Duration, Instant};
use engine::view::{PartitionView, RecordView, View};
use std::fmt::Write;

/// How the instant is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// For how long a record is still seen on its way after it was written; 0 shows it in place at once.
    pub flight: Duration,
    /// How much further on their way records are than the instant says: what lets a paused run come to rest.
    pub settled: Duration,
    /// Records written after this instant are shown as new.
    pub fresh_after: Option<Instant>,
}

/// Most characters of a producer's name: two stand side by side on a telephone.
const NAME: usize = 18;

/// The board of a view.
pub fn of_view(view: &View, marks: &Marks, moment: Moment) -> Board {
    let mut board = Board {
        title: format!("Topic {}", view.topic.name),
        description: describe(view),
        producers: view
            .producers
            .iter()
            .enumerate()
            .map(|(index, producer)| Producer {
                name: french::shortened(&producer.id.to_string(), NAME),
                detail: french::partitioner(producer.partitioner).to_owned(),
                look: look(index),
            })
            .collect(),
        ..Board::default()
    };
    for partition in &view.topic.partitions {
        add(&mut board, view, partition, marks, moment);
    }
    board
}

/// How the records of a producer are drawn.
pub(crate) const fn look(producer: usize) -> Look {
    if producer == 0 {
        Look::Plain
    } else {
        Look::Hatched
    }
}

fn add(board: &mut Board, view: &View, partition: &PartitionView, marks: &Marks, moment: Moment) {
    let index = board.logs.len();
    let mut log = Log {
        number: partition.partition.0,
        end: partition.log_end.0,
        added: partition.added_at.is_some(),
        ..Log::default()
    };
    for record in &partition.recent {
        let cell = Cell {
            offset: record.offset.0,
            mark: marks.mark(record.key.as_deref()),
            look: look(record.producer),
            fresh: moment
                .fresh_after
                .is_some_and(|after| record.appended_at > after),
            title: title(view, record),
        };
        let elapsed = (view.now - record.appended_at).0 + moment.settled.0;
        if elapsed < moment.flight.0 {
            log.end = log.end.min(record.offset.0);
            board.flights.push(Flight {
                producer: record.producer,
                log: index,
                cell,
                // Below 1,000, since the elapsed time is below the whole.
                progress: u16::try_from(elapsed * 1_000 / moment.flight.0).unwrap_or(1_000),
            });
        } else {
            log.cells.push(cell);
        }
    }
    board.logs.push(log);
}

fn title(view: &View, record: &RecordView) -> String {
    let key = record.key.as_deref().unwrap_or("sans clé");
    let producer = view
        .producers
        .get(record.producer)
        .map_or("", |producer| producer.id.as_str());
    format!(
        "{key} · offset {} · {producer} · {}",
        record.offset,
        seconds(record.appended_at)
    )
}

/// Most partitions that a description lists one by one.
const LISTED: usize = 12;

fn describe(view: &View) -> String {
    let partitions = &view.topic.partitions;
    let records: i64 = partitions.iter().map(|p| p.log_end.0).sum();
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "À {} : {} dans {}",
        seconds(view.now),
        count(records.unsigned_abs(), "message", "messages"),
        count(partitions.len() as u64, "partition", "partitions"),
    );
    if partitions.len() <= LISTED {
        let listed: Vec<String> = partitions
            .iter()
            .map(|p| format!("P{} {}", p.partition, p.log_end))
            .collect();
        text.push_str(" (");
        text.push_str(&listed.join(", "));
        text.push(')');
    } else if let Some(largest) = partitions.iter().max_by_key(|p| p.log_end) {
        let _ = write!(
            text,
            " ; la plus chargée est P{} ({})",
            largest.partition, largest.log_end
        );
    }
    text.push('.');
    text
}

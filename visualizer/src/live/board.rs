//! The chosen topic as the picture of the simulations: one log per partition, records landing at its end.

use super::model::Model;
use engine::live::{GroupState, PartitionState, RecentRecord};
use picture::board::{Board, Cell, Log, Look};
use picture::french::count;
use picture::marks::Marks;

/// The board of the chosen topic, with the marks and the lag of one group.
pub(crate) fn board(model: &Model, group: Option<&GroupState>) -> Board {
    let partitions = model.partitions();
    let marks = Marks::of(
        partitions
            .iter()
            .flat_map(|partition| &partition.recent)
            .filter_map(|record| record.key.as_deref()),
    );
    Board {
        title: model
            .state
            .topic
            .as_ref()
            .map(|topic| format!("Partitions de {}", topic.name))
            .unwrap_or_default(),
        description: describe(partitions),
        logs: partitions
            .iter()
            .map(|partition| log(model, partition, group, &marks))
            .collect(),
        ..Board::default()
    }
}

fn log(
    model: &Model,
    partition: &PartitionState,
    group: Option<&GroupState>,
    marks: &Marks,
) -> Log {
    let committed = group
        .and_then(|group| model.offsets(group, partition.partition))
        .and_then(|offsets| offsets.committed);
    let lag = group.and_then(|group| model.lag(group, partition));
    Log {
        number: partition.partition.0,
        end: partition.high.0,
        cells: partition
            .recent
            .iter()
            .map(|record| Cell {
                offset: record.offset.0,
                mark: marks.mark(record.key.as_deref()),
                look: Look::Plain,
                fresh: model.is_fresh(partition.partition, record.offset),
                title: title(record),
            })
            .collect(),
        note: lag.map(|lag| format!("retard {lag}")).unwrap_or_default(),
        committed: committed.map(|offset| offset.0),
        added: false,
    }
}

fn title(record: &RecentRecord) -> String {
    let key = record.key.as_deref().unwrap_or("sans clé");
    let size = count(u64::from(record.size_bytes), "octet", "octets");
    format!("{key} · offset {} · {size}", record.offset)
}

fn describe(partitions: &[PartitionState]) -> String {
    let records: i64 = partitions
        .iter()
        .map(|partition| partition.high.0 - partition.low.0)
        .sum();
    format!(
        "{} dans {}.",
        count(records.unsigned_abs(), "message", "messages"),
        count(partitions.len() as u64, "partition", "partitions")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::event::TopicPartition;
    use engine::ids::{Offset, PartitionId};
    use engine::live::{GroupOffset, Snapshot, Source, TopicState};

    #[test]
    fn a_log_shows_its_records_its_end_and_the_group_behind() {
        let record = |offset, key: &str| RecentRecord {
            offset: Offset(offset),
            key: Some(key.to_owned()),
            size_bytes: 1,
        };
        let group = GroupState {
            id: "g".into(),
            members: Vec::new(),
            offsets: vec![GroupOffset {
                at: TopicPartition {
                    topic: "t".into(),
                    partition: PartitionId(0),
                },
                committed: Some(Offset(4)),
                position: Some(Offset(5)),
            }],
        };
        let model = Model::new(Snapshot {
            seq: 1,
            taken_at_ms: 0,
            observed_at_ms: 0,
            source: Source::Embedded,
            unreachable: None,
            topics: vec!["t".into()],
            topic: Some(TopicState {
                name: "t".into(),
                partitions: vec![PartitionState {
                    partition: PartitionId(0),
                    leader: Some(1),
                    replicas: vec![1],
                    isr: vec![1],
                    low: Offset(0),
                    high: Offset(6),
                    recent: vec![record(4, "customer-A"), record(5, "customer-B")],
                }],
            }),
            groups: vec![group.clone()],
        });
        let drawn = board(&model, Some(&group));
        let log = &drawn.logs[0];
        assert_eq!(
            (log.end, log.committed, log.note.as_str()),
            (6, Some(4), "retard 2")
        );
        let marks: Vec<&str> = log.cells.iter().map(|cell| cell.mark.as_str()).collect();
        assert_eq!(marks, ["A", "B"]);
        assert!(board(&model, None).logs[0].note.is_empty());
    }
}

//! Records that replicas have cut off, for as long as the run remembers.

use super::Gone;
use engine::event::{Event, EventKind, ReplicationEvent};
use engine::ids::PartitionId;

/// What each replica cut off last, of one partition, according to what has happened.
pub fn gone(events: &[Event], partition: PartitionId) -> Vec<Gone> {
    let mut gone: Vec<Gone> = Vec::new();
    for event in events {
        if let EventKind::Replication(ReplicationEvent::LogTruncated {
            partition: of,
            broker,
            to,
            removed,
        }) = &event.kind
            && *of == partition
            && !removed.is_empty()
        {
            gone.retain(|gone| gone.broker != *broker);
            let first = u64::try_from(to.0).unwrap_or(0);
            let cut = removed.iter().zip(first..).map(|(record, offset)| Gone {
                broker: *broker,
                offset,
                record: *record,
            });
            gone.extend(cut);
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{BrokerId, EventId, Offset, RecordId};
    use engine::time::Instant;

    #[test]
    fn the_last_cut_of_each_replica_is_remembered() {
        let cut = |id, broker, to, removed: &[u64]| Event {
            id: EventId::new(id),
            at: Instant::ZERO,
            cause: None,
            kind: EventKind::Replication(ReplicationEvent::LogTruncated {
                partition: PartitionId(0),
                broker: BrokerId(broker),
                to: Offset(to),
                removed: removed.iter().copied().map(RecordId).collect(),
            }),
        };
        let events = [
            cut(0, 1, 5, &[9]),
            cut(1, 2, 3, &[3, 4]),
            cut(2, 1, 7, &[8]),
        ];
        let offsets: Vec<_> = gone(&events, PartitionId(0))
            .iter()
            .map(|gone| (gone.broker.0, gone.offset, gone.record.0))
            .collect();
        assert_eq!(offsets, [(2, 3, 3), (2, 4, 4), (1, 7, 8)]);
        assert!(gone(&events, PartitionId(1)).is_empty());
    }
}

//! Snapshots and frames, as the server writes them (`engine::live`).

use super::{Json, parse};
use engine::event::{Event, EventKind, TopicPartition};
use engine::ids::{EventId, GroupId, MemberId, Offset, PartitionId, TopicName};
use engine::live::{
    Frame, GroupOffset, GroupState, MemberState, PartitionState, RecentRecord, Snapshot, Source,
    TopicState,
};
use engine::time::Instant;

/// The snapshot that a text holds.
pub(crate) fn snapshot(text: &str) -> Option<Snapshot> {
    let json = parse(text)?;
    Some(Snapshot {
        seq: json.get("seq")?.natural()?,
        taken_at_ms: json.get("taken_at_ms")?.natural()?,
        observed_at_ms: json.get("observed_at_ms")?.natural()?,
        source: source(json.get("source")?)?,
        unreachable: json
            .get("unreachable")
            .and_then(Json::text)
            .map(str::to_owned),
        topics: all(&json, "topics", |json| Some(json.text()?.into()))?,
        topic: match json.get("topic") {
            Some(json) => Some(topic(json)?),
            None => None,
        },
        groups: all(&json, "groups", group)?,
    })
}

/// The frame that a text holds. Events of a kind that this version does not know are left out.
pub(crate) fn frame(text: &str) -> Option<Frame> {
    let json = parse(text)?;
    Some(Frame {
        seq: json.get("seq")?.natural()?,
        sent_at_ms: json.get("sent_at_ms")?.natural()?,
        events: json
            .get("events")?
            .list()?
            .iter()
            .filter_map(event)
            .collect(),
        skipped: json.get("skipped").and_then(Json::natural).unwrap_or(0),
        reset: json.get("reset").is_some_and(Json::flag),
    })
}

fn all<T>(json: &Json, name: &str, read: fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    json.get(name)?.list()?.iter().map(read).collect()
}

fn source(json: &Json) -> Option<Source> {
    match json.variant()? {
        ("embedded", _) => Some(Source::Embedded),
        ("cluster", cluster) => Some(Source::Cluster {
            bootstrap: cluster.get("bootstrap")?.text()?.to_owned(),
        }),
        _ => None,
    }
}

fn topic(json: &Json) -> Option<TopicState> {
    Some(TopicState {
        name: name(json, "name")?,
        partitions: all(json, "partitions", partition)?,
    })
}

fn partition(json: &Json) -> Option<PartitionState> {
    Some(PartitionState {
        partition: number(json)?,
        leader: json.get("leader").and_then(Json::int),
        replicas: all(json, "replicas", Json::int)?,
        isr: all(json, "isr", Json::int)?,
        low: offset(json, "low")?,
        high: offset(json, "high")?,
        recent: all(json, "recent", |json| {
            Some(RecentRecord {
                offset: offset(json, "offset")?,
                key: key(json),
                size_bytes: json.get("size_bytes")?.small()?,
            })
        })?,
    })
}

fn group(json: &Json) -> Option<GroupState> {
    Some(GroupState {
        id: name(json, "id")?,
        members: all(json, "members", |json| {
            Some(MemberState {
                id: name(json, "id")?,
                label: json.get("label")?.text()?.to_owned(),
                assignment: all(json, "assignment", place)?,
            })
        })?,
        offsets: all(json, "offsets", |json| {
            Some(GroupOffset {
                at: place(json.get("at")?)?,
                committed: offset(json, "committed"),
                position: offset(json, "position"),
            })
        })?,
    })
}

fn event(json: &Json) -> Option<Event> {
    Some(Event {
        id: EventId::new(json.get("id")?.natural()?),
        at: Instant(json.get("at")?.natural()?),
        cause: json.get("cause").and_then(Json::natural).map(EventId::new),
        kind: kind(json.get("kind")?)?,
    })
}

/// The kinds of event that a server sends; the others are the simulator's.
fn kind(json: &Json) -> Option<EventKind> {
    let (variant, it) = json.variant()?;
    Some(match variant {
        "topic-created" => EventKind::TopicCreated {
            topic: topic_of(it)?,
            partitions: it.get("partitions")?.int()?,
        },
        "partitions-added" => EventKind::PartitionsAdded {
            topic: topic_of(it)?,
            from: it.get("from")?.int()?,
            to: it.get("to")?.int()?,
        },
        "record-appended" => EventKind::RecordAppended {
            topic: topic_of(it)?,
            partition: number(it)?,
            offset: offset(it, "offset")?,
            key: key(it).map(Into::into),
            size_bytes: it.get("size_bytes")?.small()?,
            record: None,
        },
        "record-consumed" => EventKind::RecordConsumed {
            group: group_of(it)?,
            member: member_of(it)?,
            topic: topic_of(it)?,
            partition: number(it)?,
            offset: offset(it, "offset")?,
        },
        "offset-committed" => EventKind::OffsetCommitted {
            group: group_of(it)?,
            topic: topic_of(it)?,
            partition: number(it)?,
            offset: offset(it, "offset")?,
        },
        "watermarks-read" => EventKind::WatermarksRead {
            topic: topic_of(it)?,
            partition: number(it)?,
            low: offset(it, "low")?,
            high: offset(it, "high")?,
        },
        "source-lost" => EventKind::SourceLost {
            reason: it.get("reason")?.text()?.to_owned(),
        },
        "source-recovered" => EventKind::SourceRecovered,
        _ => return membership(variant, it),
    })
}

fn membership(variant: &str, it: &Json) -> Option<EventKind> {
    let (group, member) = (group_of(it)?, member_of(it)?);
    Some(match variant {
        "member-joined" => EventKind::MemberJoined { group, member },
        "member-left" => EventKind::MemberLeft { group, member },
        "partitions-assigned" => EventKind::PartitionsAssigned {
            group,
            member,
            generation: it.get("generation").and_then(Json::int),
            partitions: all(it, "partitions", place)?.into(),
        },
        "partitions-revoked" => EventKind::PartitionsRevoked {
            group,
            member,
            partitions: all(it, "partitions", place)?.into(),
            lost: it.get("lost")?.flag(),
        },
        _ => return None,
    })
}

fn name<T: for<'a> From<&'a str>>(json: &Json, field: &str) -> Option<T> {
    json.get(field)?.text().map(T::from)
}

fn topic_of(json: &Json) -> Option<TopicName> {
    name(json, "topic")
}

fn group_of(json: &Json) -> Option<GroupId> {
    name(json, "group")
}

fn member_of(json: &Json) -> Option<MemberId> {
    name(json, "member")
}

fn number(json: &Json) -> Option<PartitionId> {
    json.get("partition")?.int().map(PartitionId)
}

fn offset(json: &Json, field: &str) -> Option<Offset> {
    json.get(field)?.whole().map(Offset)
}

fn key(json: &Json) -> Option<String> {
    json.get("key").and_then(Json::text).map(str::to_owned)
}

fn place(json: &Json) -> Option<TopicPartition> {
    Some(TopicPartition {
        topic: topic_of(json)?,
        partition: number(json)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(partition: i32) -> TopicPartition {
        TopicPartition {
            topic: "orders.created".into(),
            partition: PartitionId(partition),
        }
    }

    /// What serde writes is what these readers read, field by field.
    #[test]
    fn a_snapshot_is_read_as_it_was_written() {
        let written = Snapshot {
            seq: u64::MAX,
            taken_at_ms: 1_795_462_262_347,
            observed_at_ms: 1_795_462_262_321,
            source: Source::Cluster {
                bootstrap: "kafka:9092".into(),
            },
            unreachable: Some("« panne »\n".into()),
            topics: vec!["orders.created".into()],
            topic: Some(TopicState {
                name: "orders.created".into(),
                partitions: vec![PartitionState {
                    partition: PartitionId(5),
                    leader: None,
                    replicas: vec![1, 2, 3],
                    isr: vec![2],
                    low: Offset(3),
                    high: Offset(9),
                    recent: vec![RecentRecord {
                        offset: Offset(8),
                        key: None,
                        size_bytes: 250,
                    }],
                }],
            }),
            groups: vec![GroupState {
                id: "facturation".into(),
                members: vec![MemberState {
                    id: "m-1".into(),
                    label: "facture é".into(),
                    assignment: vec![at(5)],
                }],
                offsets: vec![GroupOffset {
                    at: at(5),
                    committed: Some(Offset(7)),
                    position: None,
                }],
            }],
        };
        let text = serde_json::to_string(&written).unwrap();
        assert_eq!(snapshot(&text), Some(written));
    }

    #[test]
    fn a_snapshot_of_an_empty_cluster_is_read() {
        let text = r#"{"seq":1,"taken_at_ms":2,"observed_at_ms":2,"source":"embedded","topics":[],"topic":null,"groups":[]}"#;
        let read = snapshot(text).unwrap();
        assert_eq!(
            (read.source, read.topic, read.unreachable),
            (Source::Embedded, None, None)
        );
        assert_eq!(snapshot(&text.replace("embedded", "elsewhere")), None);
    }

    fn of_each_kind() -> Vec<EventKind> {
        let (topic, partition) = (TopicName::from("orders.created"), PartitionId(2));
        let (group, member) = (GroupId::from("g"), MemberId::from("m"));
        vec![
            EventKind::TopicCreated {
                topic: topic.clone(),
                partitions: 6,
            },
            EventKind::PartitionsAdded {
                topic: topic.clone(),
                from: 6,
                to: 12,
            },
            EventKind::RecordAppended {
                topic: topic.clone(),
                partition,
                offset: Offset(4),
                key: Some("customer-A".into()),
                size_bytes: 12,
                record: None,
            },
            EventKind::RecordConsumed {
                group: group.clone(),
                member: member.clone(),
                topic: topic.clone(),
                partition,
                offset: Offset(4),
            },
            EventKind::OffsetCommitted {
                group: group.clone(),
                topic: topic.clone(),
                partition,
                offset: Offset(5),
            },
            EventKind::WatermarksRead {
                topic,
                partition,
                low: Offset(0),
                high: Offset(5),
            },
            EventKind::MemberJoined {
                group: group.clone(),
                member: member.clone(),
            },
            EventKind::MemberLeft {
                group: group.clone(),
                member: member.clone(),
            },
            EventKind::PartitionsAssigned {
                group: group.clone(),
                member: member.clone(),
                generation: Some(3),
                partitions: [at(1), at(2)].into(),
            },
            EventKind::PartitionsRevoked {
                group,
                member,
                partitions: [at(1)].into(),
                lost: true,
            },
            EventKind::SourceLost {
                reason: "délai dépassé".into(),
            },
            EventKind::SourceRecovered,
        ]
    }

    #[test]
    fn a_frame_is_read_as_it_was_written() {
        let written = Frame {
            seq: 8,
            sent_at_ms: 9,
            events: of_each_kind()
                .into_iter()
                .zip(1..)
                .map(|(kind, id)| Event {
                    id: EventId::new(id),
                    at: Instant(id * 1_000),
                    cause: (id == 2).then_some(EventId::new(1)),
                    kind,
                })
                .collect(),
            skipped: 41,
            reset: true,
        };
        let text = serde_json::to_string(&written).unwrap();
        assert_eq!(frame(&text), Some(written));
    }

    #[test]
    fn an_unknown_kind_of_event_is_left_out_and_a_malformed_frame_refused() {
        let text = r#"{"seq":1,"sent_at_ms":2,"events":[{"id":1,"at":2,"kind":{"eclipse":{"total":true}}},{"id":2,"at":2,"kind":"source-recovered"}]}"#;
        let read = frame(text).unwrap();
        assert_eq!(read.events.len(), 1);
        assert_eq!((read.skipped, read.reset), (0, false));
        assert_eq!(frame(r#"{"seq":"1","sent_at_ms":2,"events":[]}"#), None);
        assert_eq!(frame("<html>"), None);
    }
}

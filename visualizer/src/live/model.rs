//! The observed cluster as the page knows it: a snapshot, moved on by frames.
//!
//! 1. [`Model::new`] takes a snapshot whole.
//! 2. [`Model::apply`] takes frames in order. One that is known already is left aside; one that asks for it, or that does
//!    not follow the last, sends the page back to the snapshot.
//! 3. Memory is bounded whatever the stream brings: records by partition, lines of the journal.

use super::journal::{Entry, Journal};
use engine::event::{Event, EventKind, TopicPartition};
use engine::ids::{GroupId, MemberId, Offset, PartitionId, TopicName};
use engine::live::{
    Frame, GroupOffset, GroupState, MemberState, PartitionState, RECENT_RECORDS, RecentRecord,
    Snapshot,
};

/// How long a record counts as just landed, in milliseconds of the server's clock.
const FRESH_MS: u64 = 700;

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It moved the state on.
    Yes,
    /// It was known already.
    Known,
    /// The snapshot must be read again.
    Reset,
}

/// The state of the page.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// The cluster.
    pub state: Snapshot,
    /// Events that the server had to leave out, in all.
    pub skipped: u64,
    /// What happened lately, in words.
    pub journal: Journal,
    /// Records of the chosen topic that arrived since the page was opened.
    pub received: u64,
    /// Server's clock at the last frame, in milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// Records that have just landed, with the server's clock at that moment.
    landed: Vec<(PartitionId, Offset, u64)>,
}

impl Model {
    /// The state that a snapshot tells.
    pub(crate) fn new(state: Snapshot) -> Self {
        Self {
            now_ms: state.taken_at_ms,
            state,
            skipped: 0,
            journal: Journal::default(),
            received: 0,
            landed: Vec::new(),
        }
    }

    /// Takes another snapshot, keeping what the page has told so far.
    pub(crate) fn renew(&mut self, state: Snapshot) {
        self.now_ms = state.taken_at_ms;
        self.state = state;
        self.landed.clear();
    }

    /// Takes a frame.
    pub(crate) fn apply(&mut self, frame: &Frame) -> Applied {
        if frame.reset {
            return Applied::Reset;
        }
        if frame.seq <= self.state.seq {
            return Applied::Known;
        }
        if frame.seq != self.state.seq + 1 && frame.skipped == 0 {
            return Applied::Reset;
        }
        self.state.seq = frame.seq;
        self.now_ms = frame.sent_at_ms;
        self.skipped += frame.skipped;
        if frame.skipped > 0 {
            self.journal.add(Entry::skipped(frame.skipped));
        }
        self.landed
            .retain(|(_, _, at)| frame.sent_at_ms.saturating_sub(*at) < FRESH_MS);
        for event in &frame.events {
            self.happened(event);
        }
        Applied::Yes
    }

    /// Nothing came for a while: no record has just landed any more.
    pub(crate) fn settle(&mut self) {
        self.landed.clear();
    }

    /// Whether a record has just landed.
    pub(crate) fn is_fresh(&self, partition: PartitionId, offset: Offset) -> bool {
        self.landed
            .iter()
            .any(|(p, o, _)| *p == partition && *o == offset)
    }

    /// How far a group is behind on a partition: the records between its committed offset and the end. `None` while
    /// the group has committed nothing there. Never negative: the two numbers were not read at the same instant.
    pub(crate) fn lag(&self, group: &GroupState, partition: &PartitionState) -> Option<u64> {
        let committed = self.offsets(group, partition.partition)?.committed?;
        Some(u64::try_from(partition.high.0 - committed.0).unwrap_or(0))
    }

    /// Where a group stands on a partition of the chosen topic.
    pub(crate) fn offsets<'a>(
        &self,
        group: &'a GroupState,
        partition: PartitionId,
    ) -> Option<&'a GroupOffset> {
        let topic = &self.state.topic.as_ref()?.name;
        group
            .offsets
            .iter()
            .find(|known| known.at.partition == partition && known.at.topic == *topic)
    }

    fn happened(&mut self, event: &Event) {
        let chosen = self.state.topic.as_ref().map(|topic| topic.name.clone());
        if let Some(entry) = Entry::of(event, chosen.as_ref()) {
            self.journal.add(entry);
        }
        match &event.kind {
            EventKind::RecordAppended {
                topic,
                partition,
                offset,
                key,
                size_bytes,
                ..
            } => {
                let record = RecentRecord {
                    offset: *offset,
                    key: key.as_deref().map(str::to_owned),
                    size_bytes: *size_bytes,
                };
                self.appended(topic, *partition, record);
            }
            EventKind::WatermarksRead {
                topic,
                partition,
                low,
                high,
            } => {
                if let Some(known) = self.partition(topic, *partition) {
                    known.low = *low;
                    known.high = known.high.max(*high);
                }
            }
            EventKind::RecordConsumed {
                group,
                topic,
                partition,
                offset,
                ..
            } => {
                let known = self.place(group, topic, *partition);
                known.position = Some(Offset(offset.0 + 1));
            }
            EventKind::OffsetCommitted {
                group,
                topic,
                partition,
                offset,
            } => self.place(group, topic, *partition).committed = Some(*offset),
            EventKind::TopicCreated { topic, partitions } => self.grow(topic, *partitions),
            EventKind::PartitionsAdded { topic, to, .. } => self.grow(topic, *to),
            EventKind::SourceLost { reason } => self.state.unreachable = Some(reason.clone()),
            EventKind::SourceRecovered => self.state.unreachable = None,
            kind => self.membership(kind),
        }
    }

    fn membership(&mut self, kind: &EventKind) {
        match kind {
            EventKind::MemberJoined { group, member } => {
                self.member(group, member);
            }
            EventKind::MemberLeft { group, member } => {
                self.group(group)
                    .members
                    .retain(|known| known.id != *member);
            }
            EventKind::PartitionsAssigned {
                group,
                member,
                partitions,
                ..
            } => {
                let assignment = &mut self.member(group, member).assignment;
                assignment.extend(partitions.iter().cloned());
                assignment.sort();
                assignment.dedup();
            }
            EventKind::PartitionsRevoked {
                group,
                member,
                partitions,
                ..
            } => {
                let member = self.member(group, member);
                member
                    .assignment
                    .retain(|owned| !partitions.contains(owned));
            }
            _ => {}
        }
    }

    fn appended(&mut self, topic: &TopicName, partition: PartitionId, record: RecentRecord) {
        let (offset, now_ms) = (record.offset, self.now_ms);
        let Some(known) = self.partition(topic, partition) else {
            return;
        };
        if offset < known.high && known.recent.iter().any(|kept| kept.offset >= offset) {
            return;
        }
        // Cells stand side by side: after a gap, the row begins again.
        if known
            .recent
            .last()
            .is_some_and(|last| last.offset.0 + 1 != offset.0)
        {
            known.recent.clear();
        }
        known.recent.push(record);
        if known.recent.len() > RECENT_RECORDS {
            known.recent.remove(0);
        }
        known.high = known.high.max(Offset(offset.0 + 1));
        self.received += 1;
        self.landed.push((partition, offset, now_ms));
        let most = RECENT_RECORDS * self.partitions().len().max(1);
        if self.landed.len() > most {
            self.landed.drain(..self.landed.len() - most);
        }
    }

    /// The partitions of the chosen topic.
    pub(crate) fn partitions(&self) -> &[PartitionState] {
        self.state
            .topic
            .as_ref()
            .map_or(&[], |topic| topic.partitions.as_slice())
    }

    fn partition(&mut self, topic: &TopicName, number: PartitionId) -> Option<&mut PartitionState> {
        let chosen = self
            .state
            .topic
            .as_mut()
            .filter(|known| known.name == *topic)?;
        chosen
            .partitions
            .iter_mut()
            .find(|known| known.partition == number)
    }

    fn grow(&mut self, topic: &TopicName, partitions: i32) {
        if let Err(place) = self.state.topics.binary_search(topic) {
            self.state.topics.insert(place, topic.clone());
        }
        let Some(chosen) = self
            .state
            .topic
            .as_mut()
            .filter(|known| known.name == *topic)
        else {
            return;
        };
        let known = i32::try_from(chosen.partitions.len()).unwrap_or(i32::MAX);
        chosen
            .partitions
            .extend((known..partitions).map(|number| PartitionState {
                partition: PartitionId(number),
                leader: None,
                replicas: Vec::new(),
                isr: Vec::new(),
                low: Offset(0),
                high: Offset(0),
                recent: Vec::new(),
            }));
    }

    fn group(&mut self, id: &GroupId) -> &mut GroupState {
        let groups = &mut self.state.groups;
        let index = groups
            .iter()
            .position(|known| known.id == *id)
            .unwrap_or_else(|| {
                groups.push(GroupState {
                    id: id.clone(),
                    members: Vec::new(),
                    offsets: Vec::new(),
                });
                groups.len() - 1
            });
        &mut groups[index]
    }

    fn member(&mut self, group: &GroupId, id: &MemberId) -> &mut MemberState {
        let members = &mut self.group(group).members;
        let index = members
            .iter()
            .position(|known| known.id == *id)
            .unwrap_or_else(|| {
                members.push(MemberState {
                    id: id.clone(),
                    label: id.as_str().to_owned(),
                    assignment: Vec::new(),
                });
                members.len() - 1
            });
        &mut members[index]
    }

    fn place(
        &mut self,
        group: &GroupId,
        topic: &TopicName,
        partition: PartitionId,
    ) -> &mut GroupOffset {
        let at = TopicPartition {
            topic: topic.clone(),
            partition,
        };
        let offsets = &mut self.group(group).offsets;
        let index = match offsets.binary_search_by(|known| known.at.cmp(&at)) {
            Ok(index) => index,
            Err(index) => {
                offsets.insert(
                    index,
                    GroupOffset {
                        at,
                        committed: None,
                        position: None,
                    },
                );
                index
            }
        };
        &mut offsets[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::EventId;
    use engine::live::{Source, TopicState};
    use engine::time::Instant;

    fn model() -> Model {
        Model::new(Snapshot {
            seq: 10,
            taken_at_ms: 1_000,
            observed_at_ms: 1_000,
            source: Source::Embedded,
            unreachable: None,
            topics: vec!["t".into()],
            topic: Some(TopicState {
                name: "t".into(),
                partitions: Vec::new(),
            }),
            groups: Vec::new(),
        })
    }

    fn frame(seq: u64, kinds: impl IntoIterator<Item = EventKind>) -> Frame {
        Frame {
            seq,
            sent_at_ms: 1_000 + seq,
            events: kinds
                .into_iter()
                .map(|kind| Event {
                    id: EventId::new(seq),
                    at: Instant(0),
                    cause: None,
                    kind,
                })
                .collect(),
            skipped: 0,
            reset: false,
        }
    }

    fn appended(partition: i32, offset: i64) -> EventKind {
        EventKind::RecordAppended {
            topic: "t".into(),
            partition: PartitionId(partition),
            offset: Offset(offset),
            key: Some("A".into()),
            size_bytes: 1,
            record: None,
        }
    }

    fn committed(offset: i64) -> EventKind {
        EventKind::OffsetCommitted {
            group: "g".into(),
            topic: "t".into(),
            partition: PartitionId(0),
            offset: Offset(offset),
        }
    }

    fn created(partitions: i32) -> EventKind {
        EventKind::TopicCreated {
            topic: "t".into(),
            partitions,
        }
    }

    #[test]
    fn frames_move_the_state_on_once_each() {
        let mut model = model();
        assert_eq!(
            model.apply(&frame(11, [created(2), appended(1, 0)])),
            Applied::Yes
        );
        assert_eq!(model.apply(&frame(11, [appended(1, 1)])), Applied::Known);
        assert_eq!(model.partitions()[1].high, Offset(1));
        assert!(model.is_fresh(PartitionId(1), Offset(0)));
        assert_eq!(model.apply(&frame(800, [appended(1, 1)])), Applied::Reset);
        assert_eq!(model.received, 1);
    }

    #[test]
    fn a_reset_or_a_hole_sends_back_to_the_snapshot_and_a_told_skip_does_not() {
        let mut model = model();
        let reset = Frame {
            reset: true,
            ..frame(11, [])
        };
        assert_eq!(model.apply(&reset), Applied::Reset);
        assert_eq!(model.apply(&frame(13, [])), Applied::Reset);
        let skipped = Frame {
            skipped: 7,
            ..frame(13, [])
        };
        assert_eq!(model.apply(&skipped), Applied::Yes);
        assert_eq!(model.skipped, 7);
    }

    #[test]
    fn memory_is_bounded_and_rows_have_no_gap() {
        let mut model = model();
        model.apply(&frame(11, [created(1)]));
        let many: Vec<EventKind> = (0..5_000).map(|offset| appended(0, offset)).collect();
        model.apply(&frame(12, many));
        assert_eq!(model.partitions()[0].recent.len(), RECENT_RECORDS);
        assert!(model.landed.len() <= RECENT_RECORDS);
        model.apply(&frame(13, [appended(0, 6_000), appended(0, 6_001)]));
        let offsets: Vec<i64> = model.partitions()[0]
            .recent
            .iter()
            .map(|r| r.offset.0)
            .collect();
        assert_eq!(offsets, [6_000, 6_001]);
        assert_eq!(model.partitions()[0].high, Offset(6_002));
    }

    #[test]
    fn lag_is_unknown_then_exact_and_never_negative() {
        let mut model = model();
        model.apply(&frame(
            11,
            [created(1), appended(0, 0), appended(0, 1), appended(0, 2)],
        ));
        model.apply(&frame(
            12,
            [EventKind::MemberJoined {
                group: "g".into(),
                member: "m".into(),
            }],
        ));
        let lag = |model: &Model| model.lag(&model.state.groups[0], &model.partitions()[0]);
        assert_eq!(lag(&model), None);
        model.apply(&frame(13, [committed(1)]));
        assert_eq!(lag(&model), Some(2));
        model.apply(&frame(14, [committed(9)]));
        assert_eq!(lag(&model), Some(0));
    }

    #[test]
    fn ownership_follows_assignments_and_revocations() {
        let at = |partition| TopicPartition {
            topic: "t".into(),
            partition: PartitionId(partition),
        };
        let assigned =
            |member: &str, partitions: &[TopicPartition]| EventKind::PartitionsAssigned {
                group: "g".into(),
                member: member.into(),
                generation: Some(1),
                partitions: partitions.into(),
            };
        let mut model = model();
        model.apply(&frame(
            11,
            [assigned("m", &[at(1), at(0)]), assigned("m", &[at(1)])],
        ));
        assert_eq!(model.state.groups[0].members[0].assignment, [at(0), at(1)]);
        let revoked = EventKind::PartitionsRevoked {
            group: "g".into(),
            member: "m".into(),
            partitions: [at(0)].into(),
            lost: false,
        };
        model.apply(&frame(12, [revoked]));
        assert_eq!(model.state.groups[0].members[0].assignment, [at(1)]);
        let left = EventKind::MemberLeft {
            group: "g".into(),
            member: "m".into(),
        };
        model.apply(&frame(13, [left]));
        assert!(model.state.groups[0].members.is_empty());
    }

    #[test]
    fn an_unreachable_cluster_is_said_until_it_answers() {
        let mut model = model();
        model.apply(&frame(
            11,
            [EventKind::SourceLost {
                reason: "panne".into(),
            }],
        ));
        assert_eq!(model.state.unreachable.as_deref(), Some("panne"));
        model.apply(&frame(12, [EventKind::SourceRecovered]));
        assert_eq!(model.state.unreachable, None);
    }
}

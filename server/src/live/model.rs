//! The observed state. An opening replaces it, events change it, and nothing else does.

use crate::observer::{Layout, Opening, groups};
use engine::event::EventKind;
use engine::ids::{Offset, PartitionId, TopicName};
use engine::live::{
    GroupState, PartitionState, RECENT_RECORDS, RecentRecord, Snapshot, Source, TopicState,
};

/// What is known of the cluster.
#[derive(Clone, Debug)]
pub struct Model {
    source: Source,
    unreachable: Option<String>,
    observed_at_ms: u64,
    topics: Vec<TopicName>,
    topic: Option<TopicState>,
    groups: Vec<GroupState>,
}

impl Model {
    /// Nothing is known yet; `reason` says why.
    pub fn new(source: Source, reason: String) -> Self {
        Self {
            source,
            unreachable: Some(reason),
            observed_at_ms: 0,
            topics: Vec::new(),
            topic: None,
            groups: Vec::new(),
        }
    }

    /// A watch begins: its opening replaces everything.
    pub fn open(&mut self, opening: Opening) {
        self.unreachable = None;
        self.topics = opening.topics;
        self.topic = Some(opening.topic);
        self.groups = opening.groups;
        self.keep_commits_within_logs();
    }

    /// The cluster is out of reach; what was known stays, marked as old by its date.
    pub fn lose(&mut self, reason: String, topics: Option<&[TopicName]>) {
        self.unreachable = Some(reason);
        if let Some(topics) = topics {
            self.topics = topics.to_vec();
            self.topic = None;
            self.groups.clear();
        }
    }

    /// The cluster answered at `now_ms`.
    pub fn answered(&mut self, now_ms: u64) {
        self.observed_at_ms = now_ms;
    }

    /// Leaders, replicas or the list of topics moved.
    pub fn place(&mut self, layout: Layout) {
        self.topics = layout.topics;
        for placement in layout.partitions {
            if let Some(partition) = self.partition_mut(placement.partition) {
                partition.leader = placement.leader;
                partition.replicas = placement.replicas;
                partition.isr = placement.isr;
            }
        }
    }

    /// Applies an event.
    pub fn apply(&mut self, event: &EventKind) {
        match event {
            EventKind::RecordAppended {
                topic,
                partition,
                offset,
                key,
                size_bytes,
                ..
            } if self.shows(topic) => self.append(
                *partition,
                RecentRecord {
                    offset: *offset,
                    key: key.as_deref().map(str::to_owned),
                    size_bytes: *size_bytes,
                },
            ),
            EventKind::WatermarksRead {
                topic,
                partition,
                low,
                high,
            } if self.shows(topic) => self.move_ends(*partition, *low, *high),
            EventKind::PartitionsAdded { topic, to, .. } if self.shows(topic) => self.grow(*to),
            EventKind::OffsetCommitted {
                topic,
                partition,
                offset,
                ..
            } => {
                groups::apply(&mut self.groups, event);
                if self.shows(topic) {
                    self.raise_end(*partition, *offset);
                }
            }
            _ => groups::apply(&mut self.groups, event),
        }
    }

    /// The topic being shown, if any.
    pub fn topic(&self) -> Option<&TopicName> {
        self.topic.as_ref().map(|topic| &topic.name)
    }

    /// All topics, as far as the cluster told.
    pub fn topics(&self) -> &[TopicName] {
        &self.topics
    }

    /// Why the cluster is out of reach, if it is.
    pub fn unreachable(&self) -> Option<&str> {
        self.unreachable.as_deref()
    }

    /// The end of each partition's log.
    pub fn ends(&self) -> Vec<(PartitionId, Offset, Offset)> {
        self.topic
            .iter()
            .flat_map(|topic| &topic.partitions)
            .map(|partition| (partition.partition, partition.low, partition.high))
            .collect()
    }

    /// The whole state, as of frame `seq`.
    pub fn snapshot(&self, seq: u64, now_ms: u64) -> Snapshot {
        Snapshot {
            seq,
            taken_at_ms: now_ms,
            observed_at_ms: self.observed_at_ms,
            source: self.source.clone(),
            unreachable: self.unreachable.clone(),
            topics: self.topics.clone(),
            topic: self.topic.clone(),
            groups: self.groups.clone(),
        }
    }

    fn shows(&self, topic: &TopicName) -> bool {
        self.topic() == Some(topic)
    }

    fn partition_mut(&mut self, number: PartitionId) -> Option<&mut PartitionState> {
        let partitions = &mut self.topic.as_mut()?.partitions;
        partitions.iter_mut().find(|p| p.partition == number)
    }

    fn append(&mut self, number: PartitionId, record: RecentRecord) {
        let Some(partition) = self.partition_mut(number) else {
            return;
        };
        partition.high = partition.high.max(Offset(record.offset.0 + 1));
        if partition.recent.len() >= RECENT_RECORDS {
            partition.recent.remove(0);
        }
        partition.recent.push(record);
    }

    fn move_ends(&mut self, number: PartitionId, low: Offset, high: Offset) {
        if let Some(partition) = self.partition_mut(number) {
            partition.low = low;
            partition.high = partition.high.max(high);
            partition.recent.retain(|record| record.offset >= low);
        }
    }

    /// What is committed was read, so the log reaches that far: lag is never negative, even if the commit is heard first.
    fn raise_end(&mut self, number: PartitionId, committed: Offset) {
        if let Some(partition) = self.partition_mut(number) {
            partition.high = partition.high.max(committed);
        }
    }

    fn keep_commits_within_logs(&mut self) {
        let commits: Vec<_> = self
            .groups
            .iter()
            .flat_map(|group| &group.offsets)
            .filter_map(|offset| Some((offset.at.clone(), offset.committed?)))
            .collect();
        for (at, committed) in commits {
            if self.shows(&at.topic) {
                self.raise_end(at.partition, committed);
            }
        }
    }

    fn grow(&mut self, to: i32) {
        let Some(topic) = &mut self.topic else {
            return;
        };
        let from = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
        topic
            .partitions
            .extend((from..to).map(|number| PartitionState {
                partition: PartitionId(number),
                leader: None,
                replicas: Vec::new(),
                isr: Vec::new(),
                low: Offset(0),
                high: Offset(0),
                recent: Vec::new(),
            }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let mut model = Model::new(Source::Embedded, "démarrage".to_owned());
        model.open(Opening {
            topics: vec!["orders.created".into()],
            topic: TopicState {
                name: "orders.created".into(),
                partitions: vec![PartitionState {
                    partition: PartitionId(0),
                    leader: Some(1),
                    replicas: vec![1, 2, 3],
                    isr: vec![1, 2, 3],
                    low: Offset(0),
                    high: Offset(5),
                    recent: Vec::new(),
                }],
            },
            groups: Vec::new(),
        });
        model
    }

    fn appended(offset: i64) -> EventKind {
        EventKind::RecordAppended {
            topic: "orders.created".into(),
            partition: PartitionId(0),
            offset: Offset(offset),
            key: Some("customer-A".into()),
            size_bytes: 10,
            record: None,
        }
    }

    #[test]
    fn a_record_moves_the_end_and_only_the_newest_are_kept() {
        let mut model = model();
        for offset in 5..105 {
            model.apply(&appended(offset));
        }
        let topic = model.snapshot(1, 0).topic.unwrap();
        assert_eq!(topic.partitions[0].high, Offset(105));
        assert_eq!(topic.partitions[0].recent.len(), RECENT_RECORDS);
        assert_eq!(topic.partitions[0].recent[0].offset, Offset(85));
    }

    #[test]
    fn a_commit_heard_before_its_record_leaves_no_negative_lag() {
        let mut model = model();
        model.apply(&EventKind::OffsetCommitted {
            group: "billing".into(),
            topic: "orders.created".into(),
            partition: PartitionId(0),
            offset: Offset(8),
        });
        let state = model.snapshot(1, 0);
        let high = state.topic.unwrap().partitions[0].high;
        assert!(state.groups[0].offsets[0].committed.unwrap() <= high);
    }

    #[test]
    fn records_removed_by_retention_are_not_shown_any_more() {
        let mut model = model();
        for offset in 5..10 {
            model.apply(&appended(offset));
        }
        model.apply(&EventKind::WatermarksRead {
            topic: "orders.created".into(),
            partition: PartitionId(0),
            low: Offset(8),
            high: Offset(10),
        });
        let topic = model.snapshot(1, 0).topic.unwrap();
        let offsets: Vec<i64> = topic.partitions[0]
            .recent
            .iter()
            .map(|r| r.offset.0)
            .collect();
        assert_eq!(offsets, [8, 9]);
    }

    #[test]
    fn a_topic_that_grows_has_its_new_partitions() {
        let mut model = model();
        model.apply(&EventKind::PartitionsAdded {
            topic: "orders.created".into(),
            from: 1,
            to: 3,
        });
        assert_eq!(model.ends().len(), 3);
    }

    #[test]
    fn a_topic_that_is_gone_is_not_shown_but_the_others_can_be_chosen() {
        let mut model = model();
        model.lose("inconnu".to_owned(), Some(&["payments".into()]));
        let state = model.snapshot(1, 0);
        assert_eq!(state.topic, None);
        assert_eq!(state.topics, [TopicName::from("payments")]);
        assert_eq!(state.unreachable.as_deref(), Some("inconnu"));
    }
}

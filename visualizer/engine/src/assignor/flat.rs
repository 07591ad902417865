//! The partitions of all topics in one row of numbers, and who is subscribed to what as a table: what the searches work on.

use super::{Member, Topic, TopicPartition};
use crate::ids::PartitionId;
use std::ops::Range;

/// Every partition's number: topic after topic, in the order of the topics.
pub(super) struct Partitions {
    starts: Vec<usize>,
    all: Vec<TopicPartition>,
}

impl Partitions {
    pub(super) fn new(topics: &[Topic<'_>]) -> Self {
        let mut starts = vec![0];
        let mut all = Vec::new();
        for (topic, count) in topics.iter().map(|topic| topic.partitions).enumerate() {
            all.extend((0..count).map(|partition| TopicPartition {
                topic,
                partition: PartitionId(partition),
            }));
            starts.push(all.len());
        }
        Self { starts, all }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Numbers of a topic's partitions.
    pub(super) fn of(&self, topic: usize) -> Range<usize> {
        self.starts[topic]..self.starts[topic + 1]
    }

    /// Numbers of these topics' partitions, topic after topic.
    pub(super) fn of_all(&self, topics: &[usize]) -> Vec<usize> {
        let mut all = Vec::with_capacity(self.len());
        for &topic in topics {
            all.extend(self.of(topic));
        }
        all
    }

    /// A partition's topic.
    pub(super) fn topic(&self, partition: usize) -> usize {
        self.all[partition].topic
    }

    /// A partition's number in its topic.
    pub(super) fn number(&self, partition: usize) -> i32 {
        self.all[partition].partition.0
    }

    /// Numbers of the partitions that a member says it owns.
    pub(super) fn owned(&self, member: &Member<'_>) -> impl Iterator<Item = usize> {
        member.owned.iter().filter_map(|owned| {
            let range = self.starts.get(owned.topic..owned.topic + 2)?;
            let number = range[0] + owned.partition.index();
            (number < range[1]).then_some(number)
        })
    }

    /// The same lists of partitions, as whoever asked knows them.
    pub(super) fn named(&self, lists: Vec<Vec<usize>>) -> Vec<Vec<TopicPartition>> {
        let name = |list: Vec<usize>| list.into_iter().map(|number| self.all[number]).collect();
        lists.into_iter().map(name).collect()
    }
}

/// Who is subscribed to which existing topic.
pub(super) struct Subscriptions {
    members: usize,
    table: Vec<bool>,
    counts: Vec<usize>,
}

impl Subscriptions {
    pub(super) fn new(topics: &[Topic<'_>], members: &[Member<'_>]) -> Self {
        let mut table = vec![false; topics.len() * members.len()];
        let mut counts = vec![0; topics.len()];
        for (at, member) in members.iter().enumerate() {
            for &topic in member.topics {
                if topics.get(topic).is_some_and(|topic| topic.partitions > 0) {
                    table[topic * members.len() + at] = true;
                    counts[topic] += 1;
                }
            }
        }
        let members = members.len();
        Self {
            members,
            table,
            counts,
        }
    }

    /// Whether this member is subscribed to this topic.
    pub(super) fn has(&self, topic: usize, member: usize) -> bool {
        self.table[topic * self.members + member]
    }

    /// How many members are subscribed to this topic.
    pub(super) fn count(&self, topic: usize) -> usize {
        self.counts[topic]
    }

    /// Topics to which somebody is subscribed.
    pub(super) fn topics(&self) -> Vec<usize> {
        let mut topics: Vec<usize> = (0..self.counts.len()).collect();
        topics.retain(|&topic| self.counts[topic] > 0);
        topics
    }
}

//! What must always be true of a run, as code: held against random runs by tests, and against real ones in the page, where a
//! breach is shown rather than hidden.
//!
//! The events are looked at one by one, so that a run can be watched as it goes.

use crate::event::PartitionReason;
use crate::event::{Event, EventKind};
use crate::ids::{EventId, Offset, PartitionId, ProducerId, RecordId, RecordKey, TopicName};
use crate::time::Instant;
use std::collections::BTreeMap;
use std::fmt;

/// A rule that an event breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The event.
    pub event: EventId,
    /// The rule.
    pub rule: Rule,
}

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Events are numbered from 0 without gaps.
    NumberedWithoutGaps,
    /// Time does not go back.
    TimeGoesOn,
    /// A cause comes before its effect.
    CausesComeFirst,
    /// A partition exists before anything happens to it, and topics only grow.
    PartitionsExist,
    /// A partition's offsets follow each other from 0.
    OffsetsWithoutGaps,
    /// A record is sent, then given one partition, then appended there, each once.
    RecordsAccountedFor,
    /// As long as the topic does not grow, a producer that hashes a key sends all its records to one partition.
    OneHashedPartitionPerKey,
    /// Within a partition, a producer's records with the same key keep the order in which they were sent.
    OrderPerKey,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NumberedWithoutGaps => "les événements sont numérotés sans trou",
            Self::TimeGoesOn => "le temps ne recule pas",
            Self::CausesComeFirst => "une cause précède son effet",
            Self::PartitionsExist => "une partition existe avant de servir, et un topic ne fait que grandir",
            Self::OffsetsWithoutGaps => "les offsets d'une partition se suivent sans trou",
            Self::RecordsAccountedFor => "un message est envoyé, reçoit une partition, puis y est écrit, chaque fois une seule fois",
            Self::OneHashedPartitionPerKey => "à nombre de partitions constant, une clé va toujours à la même partition",
            Self::OrderPerKey => "dans une partition, les messages d'une clé gardent leur ordre d'envoi",
        })
    }
}

/// What has become of a record.
#[derive(Clone, Debug)]
struct Record {
    producer: ProducerId,
    key: Option<RecordKey>,
    partition: Option<PartitionId>,
    appended: bool,
}

/// Watches a run.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    next_event: u64,
    now: Instant,
    topics: BTreeMap<TopicName, Vec<Offset>>,
    records: BTreeMap<RecordId, Record>,
    /// Where each producer's keys go since the topic last grew.
    hashed: BTreeMap<(ProducerId, RecordKey), PartitionId>,
    /// The last record appended, by producer, key and partition.
    last: BTreeMap<(ProducerId, RecordKey, PartitionId), RecordId>,
    waiting: u64,
}

impl Checker {
    /// Looks at the next event, and returns the first rule that it breaks.
    ///
    /// # Errors
    /// When it breaks one.
    pub fn observe(&mut self, event: &Event) -> Result<(), Breach> {
        let checked = self.order(event).and_then(|()| self.kind(&event.kind));
        checked.map_err(|rule| Breach {
            event: event.id,
            rule,
        })
    }

    /// Records sent and not appended yet.
    pub fn waiting(&self) -> u64 {
        self.waiting
    }

    fn order(&mut self, event: &Event) -> Result<(), Rule> {
        hold(
            event.id.number() == self.next_event,
            Rule::NumberedWithoutGaps,
        )?;
        hold(event.at >= self.now, Rule::TimeGoesOn)?;
        hold(
            event.cause.is_none_or(|cause| cause < event.id),
            Rule::CausesComeFirst,
        )?;
        self.next_event += 1;
        self.now = event.at;
        Ok(())
    }

    fn kind(&mut self, kind: &EventKind) -> Result<(), Rule> {
        match kind {
            EventKind::TopicCreated { topic, partitions } => self.created(topic, *partitions),
            EventKind::PartitionsAdded { topic, from, to } => self.grown(topic, *from, *to),
            EventKind::RecordSent {
                producer,
                record,
                key,
                ..
            } => self.sent(producer, *record, key.as_ref()),
            EventKind::PartitionChosen {
                record,
                partition,
                reason,
                ..
            } => self.chosen(*record, *partition, reason),
            EventKind::RecordAppended {
                topic,
                partition,
                offset,
                record,
                ..
            } => self.appended(topic, *partition, *offset, *record),
            _ => Ok(()),
        }
    }

    fn created(&mut self, topic: &TopicName, partitions: i32) -> Result<(), Rule> {
        let new = self
            .topics
            .insert(
                topic.clone(),
                vec![Offset(0); PartitionId(partitions).index()],
            )
            .is_none();
        hold(new && partitions > 0, Rule::PartitionsExist)
    }

    fn grown(&mut self, topic: &TopicName, from: i32, to: i32) -> Result<(), Rule> {
        self.hashed.clear();
        let partitions = self.topics.get_mut(topic).ok_or(Rule::PartitionsExist)?;
        hold(
            partitions.len() == PartitionId(from).index() && to > from,
            Rule::PartitionsExist,
        )?;
        partitions.resize(PartitionId(to).index(), Offset(0));
        Ok(())
    }

    fn sent(
        &mut self,
        producer: &ProducerId,
        record: RecordId,
        key: Option<&RecordKey>,
    ) -> Result<(), Rule> {
        let sent = Record {
            producer: producer.clone(),
            key: key.cloned(),
            partition: None,
            appended: false,
        };
        self.waiting += 1;
        hold(
            self.records.insert(record, sent).is_none(),
            Rule::RecordsAccountedFor,
        )
    }

    fn chosen(
        &mut self,
        id: RecordId,
        partition: PartitionId,
        reason: &PartitionReason,
    ) -> Result<(), Rule> {
        let record = self.records.get_mut(&id).ok_or(Rule::RecordsAccountedFor)?;
        hold(
            record.partition.replace(partition).is_none(),
            Rule::RecordsAccountedFor,
        )?;
        match (&record.key, reason) {
            (Some(key), PartitionReason::Hashed { .. }) => {
                let usual = self
                    .hashed
                    .entry((record.producer.clone(), key.clone()))
                    .or_insert(partition);
                hold(*usual == partition, Rule::OneHashedPartitionPerKey)
            }
            _ => Ok(()),
        }
    }

    fn appended(
        &mut self,
        topic: &TopicName,
        partition: PartitionId,
        offset: Offset,
        record: Option<RecordId>,
    ) -> Result<(), Rule> {
        let partitions = self.topics.get_mut(topic).ok_or(Rule::PartitionsExist)?;
        let next = partitions
            .get_mut(partition.index())
            .filter(|_| partition.0 >= 0)
            .ok_or(Rule::PartitionsExist)?;
        hold(*next == offset, Rule::OffsetsWithoutGaps)?;
        next.0 += 1;
        // A real cluster does not tell which record it is.
        let Some(id) = record else { return Ok(()) };
        let record = self.records.get_mut(&id).ok_or(Rule::RecordsAccountedFor)?;
        hold(
            record.partition == Some(partition) && !record.appended,
            Rule::RecordsAccountedFor,
        )?;
        record.appended = true;
        self.waiting -= 1;
        let Some(key) = &record.key else {
            return Ok(());
        };
        let before = self
            .last
            .insert((record.producer.clone(), key.clone(), partition), id);
        hold(before.is_none_or(|before| before < id), Rule::OrderPerKey)
    }
}

/// The first breach in a run's events, if there is one.
///
/// # Errors
/// When there is one.
pub fn check(events: &[Event]) -> Result<Checker, Breach> {
    let mut checker = Checker::default();
    for event in events {
        checker.observe(event)?;
    }
    Ok(checker)
}

fn hold(condition: bool, rule: Rule) -> Result<(), Rule> {
    if condition { Ok(()) } else { Err(rule) }
}

#[cfg(test)]
mod tests;

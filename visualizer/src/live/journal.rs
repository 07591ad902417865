//! What happened lately, in French sentences: the last lines only.

use engine::event::{Event, EventKind, TopicPartition};
use engine::ids::TopicName;
use engine::time::Instant;
use picture::french::count;
use std::collections::VecDeque;

/// Lines that are kept.
pub(crate) const LINES: usize = 40;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Records and offsets.
    Records,
    /// Members of groups and what they own.
    Groups,
    /// The cluster and the connection to it.
    Cluster,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When, since the observation began; `None` for what the page itself says.
    pub at: Option<Instant>,
    /// What it is about.
    pub about: About,
    /// The sentence.
    pub sentence: String,
}

/// The lines, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    lines: VecDeque<Entry>,
    /// Lines written in all.
    written: u64,
}

impl Journal {
    /// Adds a line; the oldest goes when there are too many.
    pub(crate) fn add(&mut self, entry: Entry) {
        self.lines.push_back(entry);
        self.written += 1;
        if self.lines.len() > LINES {
            self.lines.pop_front();
        }
    }

    /// The lines on these things, newest first.
    pub(crate) fn lines(&self, about: Option<About>) -> impl Iterator<Item = &Entry> {
        self.lines
            .iter()
            .rev()
            .filter(move |line| about.is_none_or(|about| line.about == about))
    }

    /// How many lines were written in all, and the last that is not about records: what a screen reader is told.
    pub(crate) fn last_change(&self) -> Option<&Entry> {
        self.lines
            .iter()
            .rev()
            .find(|line| line.about != About::Records)
    }

    /// How many lines were written in all.
    pub(crate) const fn written(&self) -> u64 {
        self.written
    }
}

impl Entry {
    /// What the page says when the server had to leave events out.
    pub(crate) fn skipped(events: u64) -> Self {
        Self {
            at: None,
            about: About::Cluster,
            sentence: format!(
                "{} : le flux allait plus vite que cette page.",
                count(events, "événement sauté", "événements sautés")
            ),
        }
    }

    /// The sentence for an event; `None` for those that the numbers tell well enough, and for records of other topics.
    pub(crate) fn of(event: &Event, chosen: Option<&TopicName>) -> Option<Self> {
        let (about, sentence) = records(&event.kind, chosen)
            .map(|sentence| (About::Records, sentence))
            .or_else(|| groups(&event.kind).map(|sentence| (About::Groups, sentence)))
            .or_else(|| cluster(&event.kind).map(|sentence| (About::Cluster, sentence)))?;
        Some(Self {
            at: Some(event.at),
            about,
            sentence,
        })
    }
}

fn records(kind: &EventKind, chosen: Option<&TopicName>) -> Option<String> {
    match kind {
        EventKind::RecordAppended {
            topic,
            partition,
            offset,
            key,
            ..
        } if Some(topic) == chosen => Some(match key {
            Some(key) => format!("{key} est écrit dans P{partition}, à l’offset {offset}."),
            None => {
                format!("Un message sans clé est écrit dans P{partition}, à l’offset {offset}.")
            }
        }),
        EventKind::OffsetCommitted {
            group,
            topic,
            partition,
            offset,
        } if Some(topic) == chosen => {
            Some(format!("{group} valide l’offset {offset} de P{partition}."))
        }
        _ => None,
    }
}

fn groups(kind: &EventKind) -> Option<String> {
    Some(match kind {
        EventKind::MemberJoined { group, member } => format!("{member} rejoint le groupe {group}."),
        EventKind::MemberLeft { group, member } => format!("{member} quitte le groupe {group}."),
        EventKind::PartitionsAssigned {
            member, partitions, ..
        } => format!("{member} reçoit {}.", named(partitions)),
        EventKind::PartitionsRevoked {
            member,
            partitions,
            lost,
            ..
        } if *lost => format!(
            "{member} perd {} sans avoir été prévenu.",
            named(partitions)
        ),
        EventKind::PartitionsRevoked {
            member, partitions, ..
        } => format!("{member} rend {}.", named(partitions)),
        _ => return None,
    })
}

fn cluster(kind: &EventKind) -> Option<String> {
    Some(match kind {
        EventKind::TopicCreated { topic, partitions } => {
            let partitions = u64::try_from(*partitions).unwrap_or(0);
            format!(
                "Le topic {topic} existe, avec {}.",
                count(partitions, "partition", "partitions")
            )
        }
        EventKind::PartitionsAdded { topic, from, to } => {
            format!("Le topic {topic} passe de {from} à {to} partitions.")
        }
        EventKind::SourceLost { reason } => format!("Le cluster ne répond plus : {reason}."),
        EventKind::SourceRecovered => "Le cluster répond de nouveau.".to_owned(),
        _ => return None,
    })
}

fn named(partitions: &[TopicPartition]) -> String {
    if partitions.is_empty() {
        return "aucune partition".to_owned();
    }
    let names: Vec<String> = partitions
        .iter()
        .map(|at| format!("P{}", at.partition))
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{EventId, Offset, PartitionId};

    fn said(kind: EventKind) -> Option<String> {
        let event = Event {
            id: EventId::new(1),
            at: Instant(0),
            cause: None,
            kind,
        };
        Entry::of(&event, Some(&"t".into())).map(|entry| entry.sentence)
    }

    #[test]
    fn records_of_the_chosen_topic_are_told_and_others_are_not() {
        let appended = |topic: &str, key: Option<&str>| EventKind::RecordAppended {
            topic: topic.into(),
            partition: PartitionId(2),
            offset: Offset(7),
            key: key.map(Into::into),
            size_bytes: 1,
            record: None,
        };
        assert_eq!(
            said(appended("t", Some("customer-A"))).as_deref(),
            Some("customer-A est écrit dans P2, à l’offset 7.")
        );
        assert!(
            said(appended("t", None))
                .unwrap()
                .starts_with("Un message sans clé")
        );
        assert_eq!(said(appended("u", None)), None);
    }

    #[test]
    fn a_lost_assignment_is_not_told_like_one_given_back() {
        let revoked = |lost| EventKind::PartitionsRevoked {
            group: "g".into(),
            member: "m".into(),
            partitions: Box::new([TopicPartition {
                topic: "t".into(),
                partition: PartitionId(3),
            }]),
            lost,
        };
        assert_eq!(said(revoked(false)).as_deref(), Some("m rend P3."));
        assert_eq!(
            said(revoked(true)).as_deref(),
            Some("m perd P3 sans avoir été prévenu.")
        );
    }

    #[test]
    fn only_the_last_lines_are_kept_and_they_filter() {
        let mut journal = Journal::default();
        for _ in 0..100 {
            journal.add(Entry::skipped(2));
        }
        assert_eq!(
            (journal.lines(None).count(), journal.written()),
            (LINES, 100)
        );
        assert_eq!(journal.lines(Some(About::Groups)).count(), 0);
        assert!(journal.last_change().is_some());
    }
}

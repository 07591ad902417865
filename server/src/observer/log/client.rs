//! The Kafka client that reads a log: it asks, is assigned, polls, and never takes part.

use super::super::ObserveError;
use crate::client_log::{Quiet, client_config};
use crate::stop::Stop;
use engine::ids::TopicName;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::metadata::Metadata;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use std::time::Duration;

/// How long the first answer of a cluster may take, in attempts between which the order to stop is heard.
const FIRST_TIMEOUT: Duration = Duration::from_secs(1);
const FIRST_ATTEMPTS: usize = 3;
/// How long any later answer may take; the cluster counts as out of reach after this.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// Keys are shown up to this many bytes.
const KEY_BYTES: usize = 256;

/// A client that reads one topic.
pub(super) struct Client {
    consumer: BaseConsumer<Quiet>,
    bootstrap: String,
}

/// A record, without its value.
pub(super) struct Record {
    pub(super) partition: i32,
    pub(super) offset: i64,
    pub(super) key: Option<String>,
    pub(super) size_bytes: u32,
}

/// What a poll brought.
pub(super) enum Polled {
    Record(Record),
    /// The end of this partition was reached.
    End(i32),
    /// A broker says that topic or partition are not there any more.
    TopicMoved,
    Nothing,
}

/// Which end of a log.
#[derive(Clone, Copy)]
pub(super) enum End {
    Low,
    High,
}

impl Client {
    /// A client that commits nothing, keeps small queues, and creates no topic by asking for it.
    pub(super) fn new(bootstrap: &str, fetch_wait: Duration) -> Result<Self, ObserveError> {
        let consumer = client_config()
            .set("bootstrap.servers", bootstrap)
            .set("client.id", "formation-kafka-observer")
            .set("group.id", "formation-kafka-observer")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("enable.partition.eof", "true")
            .set("auto.offset.reset", "latest")
            .set("isolation.level", "read_uncommitted")
            .set("allow.auto.create.topics", "false")
            .set("fetch.wait.max.ms", fetch_wait.as_millis().to_string())
            .set("fetch.message.max.bytes", "65536")
            .set("queued.min.messages", "1000")
            .set("queued.max.messages.kbytes", "4096")
            .set("reconnect.backoff.max.ms", "2000")
            .create_with_context(Quiet::default())
            .map_err(|error| ObserveError::Client {
                detail: error.to_string(),
            })?;
        Ok(Self {
            consumer,
            bootstrap: bootstrap.to_owned(),
        })
    }

    /// The cluster's metadata, patiently.
    pub(super) fn first_metadata(&self, stop: &Stop) -> Result<Metadata, ObserveError> {
        let mut outcome = self.consumer.fetch_metadata(None, FIRST_TIMEOUT);
        for _ in 1..FIRST_ATTEMPTS {
            if outcome.is_ok() || stop.is_set() {
                break;
            }
            outcome = self.consumer.fetch_metadata(None, FIRST_TIMEOUT);
        }
        outcome.map_err(|error| self.failure(&error))
    }

    /// The cluster's metadata.
    pub(super) fn metadata(&self) -> Result<Metadata, ObserveError> {
        self.consumer
            .fetch_metadata(None, ANSWER_TIMEOUT)
            .map_err(|error| self.failure(&error))
    }

    /// One end of partitions `0..count`; `None` where its leader did not answer.
    pub(super) fn ends(
        &self,
        topic: &TopicName,
        count: usize,
        end: End,
    ) -> Result<Vec<Option<i64>>, ObserveError> {
        let offset = match end {
            End::Low => Offset::Beginning,
            End::High => Offset::End,
        };
        let question = self.list(topic, &vec![offset; count])?;
        let answer = self
            .consumer
            .offsets_for_times(question, ANSWER_TIMEOUT)
            .map_err(|error| self.failure(&error))?;
        let mut ends = vec![None; count];
        let mut refusal = None;
        for element in answer.elements() {
            let index = usize::try_from(element.partition()).unwrap_or(usize::MAX);
            match (element.error(), element.offset(), ends.get_mut(index)) {
                (Ok(()), Offset::Offset(offset), Some(end)) => *end = Some(offset),
                (Err(error), ..) => refusal = Some(error),
                _ => {}
            }
        }
        match refusal {
            Some(error) if ends.iter().all(Option::is_none) => Err(self.failure(&error)),
            _ => Ok(ends),
        }
    }

    /// Reads partitions `0..` from these offsets on, `None` for their end. What was fetched before is dropped.
    pub(super) fn assign(
        &self,
        topic: &TopicName,
        from: &[Option<i64>],
    ) -> Result<(), ObserveError> {
        let offsets: Vec<Offset> = from
            .iter()
            .map(|next| next.map_or(Offset::End, Offset::Offset))
            .collect();
        self.consumer
            .assign(&self.list(topic, &offsets)?)
            .map_err(|error| self.failure(&error))
    }

    /// Waits for the next record, at most `wait`.
    pub(super) fn poll(&self, wait: Duration) -> Polled {
        match self.consumer.poll(wait) {
            None => Polled::Nothing,
            Some(Ok(message)) => Polled::Record(Record {
                partition: message.partition(),
                offset: message.offset(),
                key: message.key().map(key_text),
                size_bytes: u32::try_from(message.key_len() + message.payload_len())
                    .unwrap_or(u32::MAX),
            }),
            Some(Err(KafkaError::PartitionEOF(partition))) => Polled::End(partition),
            Some(Err(error)) => {
                tracing::debug!(%error, "lecture interrompue");
                match error.rdkafka_error_code() {
                    Some(
                        RDKafkaErrorCode::UnknownTopicOrPartition
                        | RDKafkaErrorCode::UnknownTopic
                        | RDKafkaErrorCode::UnknownPartition,
                    ) => Polled::TopicMoved,
                    _ => Polled::Nothing,
                }
            }
        }
    }

    fn list(
        &self,
        topic: &TopicName,
        offsets: &[Offset],
    ) -> Result<TopicPartitionList, ObserveError> {
        let mut list = TopicPartitionList::with_capacity(offsets.len());
        for (partition, offset) in (0..).zip(offsets) {
            list.add_partition_offset(topic.as_str(), partition, *offset)
                .map_err(|error| self.failure(&error))?;
        }
        Ok(list)
    }

    /// Names the failure; the client's own complaint, more telling than its code, waits in its queue of events.
    fn failure(&self, error: &KafkaError) -> ObserveError {
        const QUEUED_EVENTS: usize = 32;
        for _ in 0..QUEUED_EVENTS {
            // Records in the queue are lost here; the watch ends with this failure anyway.
            let _ = self.consumer.poll(Duration::ZERO);
        }
        ObserveError::from_kafka(
            error,
            &self.bootstrap,
            self.consumer.context().take_complaint(),
        )
    }
}

fn key_text(key: &[u8]) -> String {
    if key.len() <= KEY_BYTES {
        return String::from_utf8_lossy(key).into_owned();
    }
    let mut text = String::from_utf8_lossy(&key[..KEY_BYTES]).into_owned();
    text.push('…');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_key_is_cut_and_marked() {
        assert_eq!(key_text(b"customer-A"), "customer-A");
        let long = key_text(&[b'x'; 1_000]);
        assert_eq!(long.chars().count(), KEY_BYTES + 1);
        assert!(long.ends_with('…'));
    }
}

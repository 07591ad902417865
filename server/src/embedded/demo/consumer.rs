//! A consumer of orders, which reports what happens to it.

use super::random::Random;
use super::{DemoSettings, GROUP};
use crate::client_log::{client_config, log_line};
use crate::embedded::TOPIC;
use crate::embedded::reports::Reporter;
use crate::stop::Stop;
use engine::event::{EventKind, TopicPartition};
use engine::ids::{MemberId, Offset, PartitionId};
use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset as Place, TopicPartitionList};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a poll waits for a record.
const POLL: Duration = Duration::from_millis(100);

/// What the library calls when something happens to the consumer.
struct Member {
    /// The `client.id`. The mock's own member ids are memory addresses, which mean nothing to anyone.
    id: MemberId,
    reporter: Reporter,
    joined: AtomicBool,
}

/// Starts consumer `number` on a thread of its own.
pub(super) fn start(
    bootstrap: &str,
    number: usize,
    settings: DemoSettings,
    reporter: Reporter,
    stop: Stop,
) -> Result<JoinHandle<()>, String> {
    let name = format!("consumer-{number}");
    let member = Member {
        id: MemberId::from(name.as_str()),
        reporter,
        joined: AtomicBool::new(false),
    };
    let consumer: BaseConsumer<Member> = client_config()
        .set("bootstrap.servers", bootstrap)
        .set("client.id", &name)
        .set("group.id", GROUP)
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.offset.store", "false")
        .set("auto.commit.interval.ms", "1000")
        // The mock waits session.timeout.ms − 1 s for members to join again: with the default of 45 s, nobody would stay to see.
        .set("session.timeout.ms", "4000")
        .set("heartbeat.interval.ms", "500")
        .set("fetch.wait.max.ms", "100")
        .set("reconnect.backoff.max.ms", "1000")
        .create_with_context(member)
        .map_err(|error| error.to_string())?;
    consumer
        .subscribe(&[TOPIC])
        .map_err(|error| error.to_string())?;
    std::thread::Builder::new()
        .name(format!("demo-{name}"))
        .spawn(move || consume(consumer, &settings, Random::new(number as u64 + 1), &stop))
        .map_err(|error| error.to_string())
}

fn consume(
    consumer: BaseConsumer<Member>,
    settings: &DemoSettings,
    mut random: Random,
    stop: &Stop,
) {
    while !stop.is_set() {
        match consumer.poll(POLL) {
            Some(Ok(record)) => {
                let (partition, offset) = (record.partition(), record.offset());
                consumer.context().consumed(partition, offset);
                if stop.sleep(random.between(settings.work)) {
                    break;
                }
                // Stores offset + 1. Fails if the partition was taken away meanwhile: its new owner reads the record again.
                if let Err(error) = consumer.store_offset(TOPIC, partition, offset) {
                    tracing::debug!(%error, "offset non retenu");
                }
            }
            Some(Err(error)) => tracing::debug!(%error, "consommation interrompue"),
            None => {}
        }
    }
    // Dropping a consumer closes it: it commits what is stored and leaves its group.
    drop(consumer);
}

impl Member {
    fn consumed(&self, partition: i32, offset: i64) {
        self.reporter.tell(EventKind::RecordConsumed {
            group: GROUP.into(),
            member: self.id.clone(),
            topic: TOPIC.into(),
            partition: PartitionId(partition),
            offset: Offset(offset),
        });
    }

    fn assigned(&self, partitions: &TopicPartitionList) {
        if !self.joined.swap(true, Ordering::Relaxed) {
            self.reporter.tell(EventKind::MemberJoined {
                group: GROUP.into(),
                member: self.id.clone(),
            });
        }
        self.reporter.tell(EventKind::PartitionsAssigned {
            group: GROUP.into(),
            member: self.id.clone(),
            generation: None,
            partitions: owned(partitions),
        });
    }

    fn revoked(&self, partitions: &TopicPartitionList, lost: bool) {
        self.reporter.tell(EventKind::PartitionsRevoked {
            group: GROUP.into(),
            member: self.id.clone(),
            partitions: owned(partitions),
            lost,
        });
        // In a rebalance members give everything up and stay; who lost everything was expelled.
        if lost && self.joined.swap(false, Ordering::Relaxed) {
            self.reporter.tell(EventKind::MemberLeft {
                group: GROUP.into(),
                member: self.id.clone(),
            });
        }
    }
}

fn owned(partitions: &TopicPartitionList) -> Box<[TopicPartition]> {
    partitions
        .elements()
        .iter()
        .map(|element| TopicPartition {
            topic: element.topic().into(),
            partition: PartitionId(element.partition()),
        })
        .collect()
}

impl ClientContext for Member {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log_line(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(target: "librdkafka", %error, reason);
    }
}

impl ConsumerContext for Member {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Revoke(partitions) = rebalance {
            self.revoked(partitions, consumer.assignment_lost());
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Assign(partitions) = rebalance {
            self.assigned(partitions);
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, offsets: &TopicPartitionList) {
        if result.is_err() {
            return;
        }
        for element in offsets.elements() {
            if let (Ok(()), Place::Offset(offset)) = (element.error(), element.offset()) {
                self.reporter.tell(EventKind::OffsetCommitted {
                    group: GROUP.into(),
                    topic: TOPIC.into(),
                    partition: PartitionId(element.partition()),
                    offset: Offset(offset),
                });
            }
        }
    }
}

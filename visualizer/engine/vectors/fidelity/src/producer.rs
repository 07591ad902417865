//! Topics and producers.

use crate::observed::Report;
use crate::scenario::Produce;
use crate::{Outcome, now};
use rdkafka::ClientContext;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

/// Brokers, and the group coordinator among their threads, know a new topic a moment later.
const KNOWN: Duration = Duration::from_secs(2);
const FLUSH: Duration = Duration::from_secs(60);

/// A topic on one broker.
pub(crate) fn create_topic(bootstrap: &str, name: &str, partitions: i32) -> Outcome<()> {
    create(
        bootstrap,
        &NewTopic::new(name, partitions, TopicReplication::Fixed(1)),
    )
}

/// A topic as it is described.
pub(crate) fn create(bootstrap: &str, topic: &NewTopic<'_>) -> Outcome<()> {
    let admin: AdminClient<_> = ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .create()?;
    let results = block_on(admin.create_topics([topic], &AdminOptions::new()))?;
    for result in results {
        result.map_err(|(topic, error)| format!("{topic}: {error}"))?;
    }
    thread::sleep(KNOWN);
    Ok(())
}

/// Records that are there before the consumers, with offsets in the order they were sent.
pub(crate) fn preload(bootstrap: &str, topic: &str, produce: &Produce) -> Outcome<()> {
    let settings = BTreeMap::from([("acks", "all")]);
    let producer = Producer::new(bootstrap, topic, &settings)?;
    for number in 0..produce.count {
        producer.send(number, produce.partition)?;
    }
    producer.flush()?;
    let failed = producer
        .reports()
        .into_iter()
        .find(|one| one.error.is_some());
    match failed {
        Some(report) => Err(report.error.unwrap_or_default().into()),
        None => Ok(()),
    }
}

#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<Report>>>);

impl ClientContext for Reports {}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<u32>;

    fn delivery(&self, result: &DeliveryResult<'_>, number: Box<u32>) {
        let error = match result {
            Ok(_) => None,
            Err((KafkaError::MessageProduction(code), _)) => Some(format!("{code:?}")),
            Err((other, _)) => Some(other.to_string()),
        };
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reports.push(Report {
            number: *number,
            at: now(),
            error,
        });
    }
}

/// A producer on one topic; each record's value is its number.
pub(crate) struct Producer {
    producer: ThreadedProducer<Reports>,
    reports: Reports,
    topic: String,
}

impl Producer {
    pub(crate) fn new(
        bootstrap: &str,
        topic: &str,
        settings: &BTreeMap<&str, &str>,
    ) -> Outcome<Self> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", bootstrap);
        for (name, value) in settings {
            config.set(*name, *value);
        }
        let reports = Reports::default();
        Ok(Self {
            producer: config.create_with_context(reports.clone())?,
            reports,
            topic: topic.to_owned(),
        })
    }

    pub(crate) fn send(&self, number: u32, partition: i32) -> Outcome<()> {
        let value = number.to_string();
        let record: BaseRecord<'_, [u8], str, _> =
            BaseRecord::with_opaque_to(&self.topic, Box::new(number))
                .partition(partition)
                .payload(&value);
        self.producer.send(record).map_err(|(error, _)| error)?;
        Ok(())
    }

    pub(crate) fn flush(&self) -> Outcome<()> {
        Ok(self.producer.flush(FLUSH)?)
    }

    /// What became of the records so far.
    pub(crate) fn reports(&self) -> Vec<Report> {
        let reports = self
            .reports
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        reports.clone()
    }
}

/// The admin client's futures are completed by threads of their own.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

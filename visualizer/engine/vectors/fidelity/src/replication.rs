//! Plays a scenario of brokers and a producer on a real cluster of three.

use crate::cluster::Cluster;
use crate::delivery;
use crate::observed::{Deliveries, State};
use crate::producer::{self, Producer};
use crate::scenario::{Action, Scenario, Step};
use crate::trace::Recorded;
use crate::{Outcome, now};
use nix::sys::signal::Signal;
use rdkafka::admin::{NewTopic, TopicReplication};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Time for all replicas to be in sync again after a restart.
const IN_SYNC_WITHIN: Duration = Duration::from_secs(90);
const METADATA: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(50);

/// Plays a scenario, whose topic has one partition, led by `broker-1`.
pub(crate) fn play(cluster: &mut Cluster, name: &str, scenario: &Scenario) -> Outcome<Recorded> {
    cluster.start_all()?;
    let bootstrap = cluster.bootstrap();
    create(&bootstrap, name, scenario)?;
    let watcher = Watcher::start(&bootstrap, name)?;
    watcher.in_sync()?;
    // A connection to a stopped broker opens, and waits for a first answer: ten seconds by default, if the client happens to
    // try that one first.
    let mut settings = BTreeMap::from([("api.version.request.timeout.ms", "1000")]);
    for setting in PRODUCER {
        if let Some(value) = scenario.config.get(setting) {
            settings.insert(setting, value.as_str());
        }
    }
    let producer = Producer::new(&bootstrap, name, &settings)?;
    let mut play = Play {
        cluster,
        producer: &producer,
        incidents: Vec::new(),
        sent: 0,
    };
    let start = Instant::now();
    for (at, event) in schedule(scenario) {
        thread::sleep((start + at).saturating_duration_since(Instant::now()));
        play.act(event)?;
    }
    thread::sleep((start + scenario.duration).saturating_duration_since(Instant::now()));
    let seen = Deliveries {
        incidents: play.incidents,
        sent: play.sent,
        reports: producer.reports(),
        kept: read(&bootstrap, name)?,
        states: watcher.seen(),
    };
    Ok(delivery::of_brokers(&seen))
}

/// Settings of the producer.
const PRODUCER: [&str; 6] = [
    "acks",
    "enable.idempotence",
    "delivery.timeout.ms",
    "request.timeout.ms",
    "socket.timeout.ms",
    "retry.backoff.ms",
];

fn create(bootstrap: &str, name: &str, scenario: &Scenario) -> Outcome<()> {
    let replicas: [&[i32]; 1] = [&[1, 2, 3]];
    let mut topic = NewTopic::new(name, 1, TopicReplication::Variable(&replicas));
    for setting in ["min.insync.replicas", "unclean.leader.election.enable"] {
        if let Some(value) = scenario.config.get(setting) {
            topic = topic.set(setting, value);
        }
    }
    producer::create(bootstrap, &topic)
}

enum Event<'s> {
    Send(u32),
    Do(&'s Step),
    Continue(usize),
}

/// Everything to do, in the order of time.
fn schedule(scenario: &Scenario) -> Vec<(Duration, Event<'_>)> {
    let mut events = Vec::new();
    let mut number = 0;
    for timed in &scenario.actions {
        match &timed.action {
            Action::Produce(produce) => {
                for index in 0..produce.count {
                    events.push((timed.at + produce.every * index, Event::Send(number)));
                    number += 1;
                }
            }
            Action::Do(step) => {
                events.push((timed.at, Event::Do(step)));
                if matches!(step.verb.as_str(), "slow" | "pause") {
                    let until = timed.at + step.duration.unwrap_or_default();
                    events.push((until, Event::Continue(broker(step))));
                }
            }
        }
    }
    events.sort_by_key(|(at, _)| *at);
    events
}

/// `broker-2` is 2.
fn broker(step: &Step) -> usize {
    let number = step.subject.strip_prefix("broker-");
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

struct Play<'p> {
    cluster: &'p mut Cluster,
    producer: &'p Producer,
    incidents: Vec<(i64, String)>,
    sent: u32,
}

impl Play<'_> {
    fn act(&mut self, event: Event<'_>) -> Outcome<()> {
        match event {
            Event::Send(number) => {
                self.sent += 1;
                self.producer.send(number, 0)
            }
            Event::Continue(id) => self.cluster.signal(id, Signal::SIGCONT),
            Event::Do(step) => {
                self.incidents.push((now(), step.text.clone()));
                match step.verb.as_str() {
                    "crash" => self.cluster.crash(broker(step)),
                    "restart" => self.cluster.restart(broker(step)),
                    "slow" | "pause" => self.cluster.signal(broker(step), Signal::SIGSTOP),
                    other => Err(format!("no action of a broker: {other}").into()),
                }
            }
        }
    }
}

/// Asks the brokers again and again for the partition's state.
struct Watcher {
    seen: Arc<Mutex<Vec<(i64, State)>>>,
    stop: Arc<AtomicBool>,
}

impl Watcher {
    fn start(bootstrap: &str, topic: &str) -> Outcome<Self> {
        // A stopped broker must not make it blind: its own connection gives up soon.
        let client: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", bootstrap)
            .set("socket.timeout.ms", "1000")
            .set("api.version.request.timeout.ms", "1000")
            .create()?;
        let (seen, stop) = (
            Arc::<Mutex<Vec<(i64, State)>>>::default(),
            Arc::<AtomicBool>::default(),
        );
        let (into, until, topic) = (Arc::clone(&seen), Arc::clone(&stop), topic.to_owned());
        thread::spawn(move || {
            while !until.load(Ordering::SeqCst) {
                thread::sleep(LOOK);
                let Some(state) = look(&client, &topic) else {
                    continue;
                };
                let mut seen = into.lock().unwrap_or_else(PoisonError::into_inner);
                if seen.last().is_none_or(|(_, last)| *last != state) {
                    seen.push((now(), state));
                }
            }
        });
        Ok(Self { seen, stop })
    }

    fn seen(&self) -> Vec<(i64, State)> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }

    /// Waits for three in-sync replicas under `broker-1`, and forgets what came before.
    fn in_sync(&self) -> Outcome<()> {
        let until = Instant::now() + IN_SYNC_WITHIN;
        while Instant::now() < until {
            thread::sleep(LOOK);
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(last) = seen.last().cloned()
                && last.1.isr.len() == 3
                && last.1.leader == 1
            {
                *seen = vec![last];
                return Ok(());
            }
        }
        Err("the replicas do not come in sync".into())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

fn look(client: &BaseConsumer, topic: &str) -> Option<State> {
    let metadata = client.fetch_metadata(Some(topic), METADATA).ok()?;
    let partition = metadata.topics().first()?.partitions().first()?;
    Some(State {
        leader: partition.leader(),
        isr: partition.isr().iter().copied().collect(),
    })
}

/// The numbers of the records in the log, below the high watermark.
fn read(bootstrap: &str, topic: &str) -> Outcome<Vec<u32>> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("group.id", "not-used")
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true")
        .create()?;
    let mut from = TopicPartitionList::new();
    from.add_partition_offset(topic, 0, Offset::Beginning)?;
    consumer.assign(&from)?;
    let mut numbers = Vec::new();
    let until = Instant::now() + Duration::from_secs(10);
    while Instant::now() < until {
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => {
                let text = std::str::from_utf8(message.payload().unwrap_or_default())?;
                numbers.push(text.parse()?);
            }
            Some(Err(rdkafka::error::KafkaError::PartitionEOF(_))) => return Ok(numbers),
            _ => {}
        }
    }
    Err("the log cannot be read to its end".into())
}

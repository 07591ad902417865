//! The same pages on Apache Kafka itself. One broker for all tests, which run one after the other.
//!
//! Needs Java 17 and Maven. Without them the tests are reported as ignored, with the reason, in the words of any other test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper's failure is the test's failure"
)]

mod common;

#[path = "kafka/broker.rs"]
mod broker;

use broker::{Broker, Unavailable};
use common::{Listener, eventually, get, lively, settings, state};
use engine::event::EventKind;
use engine::ids::{PartitionId, TopicName};
use engine::live::{GroupState, Snapshot, Source};
use engine::partitioner::Partitioner;
use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use server::live::Tuning;
use server::server::{Running, start};
use server::settings::KafkaChoice;
use server::stop::Stop;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Runtime;

type Test = (&'static str, fn(&Runtime, &mut Broker));

/// A test by its name, as a function from the shared broker.
macro_rules! tests {
    ($($name:ident,)*) => {
        const TESTS: &[Test] = &[$((stringify!($name), |runtime, broker| { runtime.block_on($name(broker)); })),*];
    };
}

tests! {
    the_state_shows_the_cluster,
    records_land_where_the_partitioner_says,
    another_topic_is_watched_when_asked_for,
    a_group_of_the_classic_protocol_is_shown_whole,
    a_group_of_the_new_protocol_shows_its_offsets,
    a_topic_that_grows,
    a_broker_that_dies_and_comes_back,
}

fn main() -> ExitCode {
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let chosen = TESTS.iter().filter(|(name, _)| {
        filter
            .as_ref()
            .is_none_or(|part| name.contains(part.as_str()))
    });
    let chosen: Vec<&Test> = chosen.collect();
    if std::env::args().any(|argument| argument == "--list") {
        for (name, _) in chosen {
            println!("{name}: test");
        }
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", chosen.len());
    if chosen.is_empty() {
        return run(&chosen, None);
    }
    match Broker::start(Path::new(env!("CARGO_TARGET_TMPDIR"))) {
        Ok(broker) => run(&chosen, Some(broker)),
        Err(Unavailable(reason)) => ignore(&chosen, &reason),
    }
}

fn ignore(tests: &[&Test], reason: &str) -> ExitCode {
    for (name, _) in tests {
        println!("test {name} ... ignored, {reason}");
    }
    let ignored = tests.len();
    println!(
        "\ntest result: ok. 0 passed; 0 failed; {ignored} ignored; 0 measured; 0 filtered out"
    );
    ExitCode::SUCCESS
}

fn run(tests: &[&Test], broker: Option<Broker>) -> ExitCode {
    let runtime = Runtime::new().unwrap();
    let mut failed = 0;
    if let Some(mut broker) = broker {
        runtime.block_on(create_topics(&broker));
        for (name, test) in tests {
            let passed = catch_unwind(AssertUnwindSafe(|| test(&runtime, &mut broker))).is_ok();
            println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
            failed += usize::from(!passed);
        }
    }
    let passed = tests.len() - failed;
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {verdict}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out"
    );
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(101)
    }
}

const ORDERS: &str = "orders.created";
const PAYMENTS: &str = "payments";
const GROWING: &str = "growing";

async fn the_state_shows_the_cluster(broker: &mut Broker) {
    produce(broker, ORDERS, 60, "none");
    let server = serve(broker, None).await;
    let state = observed(&server).await;
    assert_eq!(
        state.source,
        Source::Cluster {
            bootstrap: broker.bootstrap().to_owned()
        }
    );
    assert_eq!(
        state.topics,
        [GROWING.into(), ORDERS.into(), PAYMENTS.into()]
    );
    let topic = state.topic.unwrap();
    assert_eq!((topic.name.as_str(), topic.partitions.len()), (ORDERS, 6));
    let sent: i64 = topic
        .partitions
        .iter()
        .map(|partition| partition.high.0)
        .sum();
    assert_eq!(sent, 60);
    for partition in &topic.partitions {
        assert_eq!(
            (
                partition.leader,
                &partition.replicas[..],
                &partition.isr[..]
            ),
            (Some(1), &[1][..], &[1][..])
        );
        let newest = partition.recent.last().map(|record| record.offset.0 + 1);
        assert!(
            newest.is_none_or(|end| end == partition.high.0),
            "{partition:?}"
        );
        assert!(
            partition.high.0 == 0 || !partition.recent.is_empty(),
            "history is read"
        );
    }
    let unknown = get(server.addr(), "/api/v1/state?topic=absent", &[]).await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.text().contains(PAYMENTS));
    server.stop().await;

    let server = serve(broker, Some("absent")).await;
    let reason = eventually(async || {
        let state = self::state(server.addr()).await;
        state.unreachable.filter(|_| !state.topics.is_empty())
    })
    .await;
    assert!(
        reason.contains("« absent » n’existe pas") && reason.contains(ORDERS),
        "{reason}"
    );
    server.stop().await;
}

async fn records_land_where_the_partitioner_says(broker: &mut Broker) {
    let server = serve(broker, None).await;
    observed(&server).await;
    for compression in ["none", "gzip", "snappy", "lz4", "zstd"] {
        let mut browser = Listener::open(server.addr(), "/api/v1/events", &[]).await;
        produce(broker, ORDERS, 30, compression);
        let mut landed = 0;
        while landed < 30 {
            for event in browser.frame().await.events {
                if let EventKind::RecordAppended { partition, key, .. } = event.kind {
                    let key = key.unwrap();
                    let keyed = Partitioner::ConsistentRandom.keyed(key.as_bytes(), 6);
                    assert_eq!(
                        keyed.map(|(partition, _)| partition),
                        Some(partition),
                        "{key} {compression}"
                    );
                    landed += 1;
                }
            }
        }
    }
    server.stop().await;
}

async fn another_topic_is_watched_when_asked_for(broker: &mut Broker) {
    let server = serve(broker, None).await;
    observed(&server).await;
    let path = format!("/api/v1/state?topic={PAYMENTS}");
    let reply = get(server.addr(), &path, &[]).await;
    let state: Snapshot = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(state.topic.unwrap().name, PAYMENTS.into());
    let path = format!("/api/v1/events?topic={PAYMENTS}&after={}", state.seq);
    let mut browser = Listener::open(server.addr(), &path, &[]).await;
    produce(broker, PAYMENTS, 5, "none");
    produce(broker, ORDERS, 5, "none");
    let mut landed = 0;
    while landed < 5 {
        for event in browser.frame().await.events {
            if let EventKind::RecordAppended { topic, .. } = event.kind {
                assert_eq!(topic, PAYMENTS.into(), "only the topic asked for");
                landed += 1;
            }
        }
    }
    server.stop().await;
}

async fn a_group_of_the_classic_protocol_is_shown_whole(broker: &mut Broker) {
    let server = serve(broker, None).await;
    let consumers = Consumers::start(broker, "billing", "classic");
    let group = eventually(async || {
        let state = observed(&server).await;
        lag_is_never_negative(&state);
        let ends: i64 = state
            .topic
            .iter()
            .flat_map(|topic| &topic.partitions)
            .map(|p| p.high.0)
            .sum();
        let complete = |group: &GroupState| {
            let committed: i64 = group
                .offsets
                .iter()
                .filter_map(|offset| offset.committed)
                .map(|o| o.0)
                .sum();
            group.id == "billing".into() && owned(group).len() == 6 && committed == ends
        };
        state.groups.into_iter().find(complete)
    })
    .await;
    assert_eq!(group.members.len(), 2);
    let distinct: BTreeSet<PartitionId> = owned(&group).into_iter().collect();
    assert_eq!(distinct.len(), 6, "each partition has one owner");
    assert!(
        group
            .members
            .iter()
            .all(|member| member.label.starts_with("billing-")),
        "{group:?}"
    );
    consumers.stop();
    eventually(async || {
        let groups = observed(&server).await.groups;
        groups
            .iter()
            .any(|group| group.id == "billing".into() && group.members.is_empty())
            .then_some(())
    })
    .await;
    assert!(
        !group_names(broker).contains(&"formation-kafka-observer".to_owned()),
        "it only watches"
    );
    server.stop().await;
}

async fn a_group_of_the_new_protocol_shows_its_offsets(broker: &mut Broker) {
    let server = serve(broker, None).await;
    let consumers = Consumers::start(broker, "shipping", "consumer");
    let group = eventually(async || {
        let state = observed(&server).await;
        lag_is_never_negative(&state);
        let committed =
            |group: &GroupState| group.id == "shipping".into() && !group.offsets.is_empty();
        state.groups.into_iter().find(committed)
    })
    .await;
    // DescribeGroups knows nothing of its members: the limit is known, and pinned here.
    assert!(group.members.is_empty(), "{group:?}");
    consumers.stop();
    server.stop().await;
}

async fn a_topic_that_grows(broker: &mut Broker) {
    let server = serve(broker, Some(GROWING)).await;
    observed(&server).await;
    let mut browser = Listener::open(server.addr(), "/api/v1/events", &[]).await;
    let admin = admin(broker);
    let growth = [NewPartitions::new(GROWING, 4)];
    let grown = admin.create_partitions(&growth, &AdminOptions::new()).await;
    grown.unwrap().pop().unwrap().unwrap();
    let mut added = None;
    while added.is_none() {
        let frame = browser.frame().await;
        added = frame.events.into_iter().find_map(|event| match event.kind {
            EventKind::PartitionsAdded { from, to, .. } => Some((from, to)),
            _ => None,
        });
        assert!(added.is_none() || frame.reset, "leaders are read again");
    }
    assert_eq!(added, Some((1, 4)));
    let topic = state(server.addr()).await.topic.unwrap();
    assert_eq!(topic.partitions.len(), 4);
    server.stop().await;
}

async fn a_broker_that_dies_and_comes_back(broker: &mut Broker) {
    let server = serve(broker, None).await;
    let before = observed(&server).await;
    broker.kill();
    let reason = eventually(async || state(server.addr()).await.unreachable).await;
    assert!(reason.contains(broker.bootstrap()), "{reason}");
    let lost = state(server.addr()).await;
    assert_eq!(lost.topic, before.topic, "what was known stays on the page");
    assert!(lost.taken_at_ms > lost.observed_at_ms);
    broker.run();
    // A broker that was killed tells an older end for a moment, until its high watermark is where it was.
    eventually(async || (ends(&observed(&server).await) == ends(&before)).then_some(())).await;
    produce(broker, ORDERS, 5, "none");
    let sent: i64 = ends(&before).iter().sum::<i64>() + 5;
    eventually(async || (ends(&observed(&server).await).iter().sum::<i64>() == sent).then_some(()))
        .await;
    server.stop().await;
}

async fn serve(broker: &Broker, topic: Option<&str>) -> Running {
    let mut settings = settings(Path::new("absent"));
    settings.kafka = KafkaChoice::Cluster {
        bootstrap: broker.bootstrap().to_owned(),
    };
    settings.topic = topic.map(TopicName::from);
    let tuning = Tuning {
        longest_backoff: Duration::from_millis(500),
        ..Tuning::default()
    };
    start(&settings, tuning, lively()).await.unwrap()
}

async fn observed(server: &Running) -> Snapshot {
    eventually(async || {
        let state = state(server.addr()).await;
        (state.topic.is_some() && state.unreachable.is_none()).then_some(state)
    })
    .await
}

fn ends(state: &Snapshot) -> Vec<i64> {
    let partitions = state.topic.iter().flat_map(|topic| &topic.partitions);
    partitions.map(|partition| partition.high.0).collect()
}

fn owned(group: &GroupState) -> Vec<PartitionId> {
    let assignments = group.members.iter().flat_map(|member| &member.assignment);
    assignments.map(|owned| owned.partition).collect()
}

fn lag_is_never_negative(state: &Snapshot) {
    let partitions = &state.topic.as_ref().unwrap().partitions;
    for offset in state.groups.iter().flat_map(|group| &group.offsets) {
        let partition = partitions
            .iter()
            .find(|p| p.partition == offset.at.partition);
        assert!(
            offset
                .committed
                .is_none_or(|committed| committed <= partition.unwrap().high)
        );
    }
}

fn config(broker: &Broker) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", broker.bootstrap());
    config
}

fn admin(broker: &Broker) -> AdminClient<DefaultClientContext> {
    config(broker).create().unwrap()
}

async fn create_topics(broker: &Broker) {
    let topics = [(ORDERS, 6), (PAYMENTS, 3), (GROWING, 1)];
    let topics = topics
        .map(|(name, partitions)| NewTopic::new(name, partitions, TopicReplication::Fixed(1)));
    let created = admin(broker)
        .create_topics(&topics, &AdminOptions::new())
        .await
        .unwrap();
    assert!(created.iter().all(Result::is_ok), "{created:?}");
}

fn produce(broker: &Broker, topic: &str, count: usize, compression: &str) {
    let producer: BaseProducer = config(broker)
        .set("compression.type", compression)
        .create()
        .unwrap();
    for number in 0..count {
        let key = format!("customer-{number}");
        // Long and repetitive, so that compression is worth its while.
        let payload = "commande ".repeat(50);
        producer
            .send(BaseRecord::to(topic).key(&key).payload(&payload))
            .unwrap();
    }
    producer.flush(common::PATIENCE).unwrap();
}

fn group_names(broker: &Broker) -> Vec<String> {
    let consumer: BaseConsumer = config(broker).create().unwrap();
    let groups = consumer.fetch_group_list(None, common::PATIENCE).unwrap();
    groups
        .groups()
        .iter()
        .map(|group| group.name().to_owned())
        .collect()
}

/// Two consumers of the orders.
struct Consumers {
    stop: Stop,
    threads: Vec<JoinHandle<()>>,
}

impl Consumers {
    fn start(broker: &Broker, group: &str, protocol: &str) -> Self {
        let stop = Stop::new();
        let threads = (1..=2).map(|number| {
            let consumer: BaseConsumer = config(broker)
                .set("group.id", group)
                .set("client.id", format!("{group}-{number}"))
                .set("group.protocol", protocol)
                .set("auto.offset.reset", "earliest")
                .set("auto.commit.interval.ms", "200")
                .create()
                .unwrap();
            consumer.subscribe(&[ORDERS]).unwrap();
            let stop = stop.clone();
            std::thread::spawn(move || {
                while !stop.is_set() {
                    let _ = consumer.poll(Duration::from_millis(50));
                }
            })
        });
        Self {
            threads: threads.collect(),
            stop,
        }
    }

    fn stop(self) {
        self.stop.set();
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}

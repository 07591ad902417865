//! A consumer as a process of its own, so that killing or stopping it is a real crash or pause. It says on standard output
//! what happens to it, each line with the wall clock's microseconds, and obeys what it reads on standard input.

use crate::{Outcome, now};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::{ClientContext, error::KafkaError};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// How often a record being processed looks at what was ordered.
const STEP: Duration = Duration::from_millis(2);
const POLL: Duration = Duration::from_millis(100);

/// `NAME=VALUE` arguments: `simulation.*` are the harness's, `topics` a list, the rest librdkafka's.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let mut own = BTreeMap::new();
    let mut config = ClientConfig::new();
    for argument in arguments {
        let (name, value) = argument.split_once('=').ok_or("NAME=VALUE")?;
        if name == "topics" || name.starts_with("simulation.") {
            own.insert(name, value);
        } else {
            config.set(name, value);
        }
    }
    let topics: Vec<&str> = own["topics"].split(',').collect();
    let handler = *own.get("simulation.handler").unwrap_or(&"auto");
    let own_number = |name: &str, default: &str| own.get(name).unwrap_or(&default).parse::<u64>();
    let orders = Arc::new(Orders {
        processing: AtomicU64::new(own_number("simulation.processing.time", "0")?),
        ..Orders::default()
    });
    say("ready");
    let go = obey(&orders);
    go.recv()?;
    let consumer: BaseConsumer<Callbacks> = config.create_with_context(Callbacks)?;
    consumer.subscribe(&topics)?;
    let workers = usize::try_from(own_number("simulation.workers", "4")?)?;
    let mut hand = Hand {
        handler,
        batch: own_number("simulation.batch", "100")?,
        pool: (handler == "task-pool").then(|| pool(&orders, workers)),
        orders: &orders,
        waiting: Vec::new(),
    };
    while !orders.close.load(Ordering::SeqCst) {
        match consumer.poll(POLL) {
            Some(Ok(message)) => hand.take(
                &consumer,
                message.topic(),
                message.partition(),
                message.offset(),
            )?,
            Some(Err(error)) => say(&format!("error {error}")),
            None => {}
        }
    }
    // While it closes, rdkafka takes what was fetched from the queue, which stores its offsets: records that nobody has seen
    // would be committed. `rd_kafka_consumer_close`, which .NET calls, does not; without fetched records both do the same.
    consumer.pause(&consumer.assignment()?)?;
    drop(consumer);
    say("closed");
    Ok(())
}

fn say(what: &str) {
    println!("{} {what}", now());
}

/// What standard input asked for.
#[derive(Default)]
struct Orders {
    /// Milliseconds that a record takes.
    processing: AtomicU64,
    /// Milliseconds that the record in hand takes, once.
    slow: AtomicU64,
    close: AtomicBool,
}

/// Reads orders in a thread; the receiver hears of `go`. Without its master the process ends.
fn obey(orders: &Arc<Orders>) -> mpsc::Receiver<()> {
    let (sender, receiver) = mpsc::channel();
    let orders = Arc::clone(orders);
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let (order, value) = line.split_once(' ').unwrap_or((&line, "0"));
            let value = value.parse().unwrap_or(0);
            match order {
                "go" => drop(sender.send(())),
                "slow" => orders.slow.store(value, Ordering::SeqCst),
                "processing" => orders.processing.store(value, Ordering::SeqCst),
                _ => orders.close.store(true, Ordering::SeqCst),
            }
        }
        std::process::exit(3);
    });
    receiver
}

/// The application's handler.
struct Hand<'o> {
    handler: &'o str,
    batch: u64,
    pool: Option<mpsc::Sender<(String, i32, i64)>>,
    orders: &'o Orders,
    /// Records of the batch under way.
    waiting: Vec<(String, i32, i64)>,
}

impl Hand<'_> {
    fn take(
        &mut self,
        consumer: &BaseConsumer<Callbacks>,
        topic: &str,
        partition: i32,
        offset: i64,
    ) -> Outcome<()> {
        let next = || {
            let mut next = TopicPartitionList::new();
            next.add_partition_offset(topic, partition, Offset::Offset(offset + 1))?;
            Ok::<_, KafkaError>(next)
        };
        if let Some(pool) = &self.pool {
            pool.send((topic.to_owned(), partition, offset))?;
            return Ok(());
        }
        if self.handler == "sync-before" {
            commit(consumer, &next()?, CommitMode::Sync);
        }
        process(self.orders, topic, partition, offset);
        match self.handler {
            "store-after" => {
                if let Err(error) = consumer.store_offsets(&next()?) {
                    say(&format!("error store {error}"));
                }
            }
            "sync-after" => commit(consumer, &next()?, CommitMode::Sync),
            "async-after" => commit(consumer, &next()?, CommitMode::Async),
            "batch" => {
                self.waiting.push((topic.to_owned(), partition, offset));
                if self.waiting.len() as u64 == self.batch {
                    self.waiting.clear();
                    commit(consumer, &next()?, CommitMode::Sync);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn commit(consumer: &BaseConsumer<Callbacks>, offsets: &TopicPartitionList, mode: CommitMode) {
    match consumer.commit(offsets, mode) {
        Ok(()) => say(&format!("commit {}", shown_offsets(offsets))),
        Err(error) => say(&format!("error commit {error}")),
    }
}

/// Processing is only time.
fn process(orders: &Orders, topic: &str, partition: i32, offset: i64) {
    say(&format!("begin {topic} {partition} {offset}"));
    let begun = Instant::now();
    loop {
        let usual = orders.processing.load(Ordering::SeqCst);
        let takes = match orders.slow.load(Ordering::SeqCst) {
            0 => usual,
            slow => slow,
        };
        let left = Duration::from_millis(takes).saturating_sub(begun.elapsed());
        if left.is_zero() {
            break;
        }
        thread::sleep(left.min(STEP));
    }
    orders.slow.store(0, Ordering::SeqCst);
    say(&format!("end {topic} {partition} {offset}"));
}

/// Threads that process what they are handed, in the order it came.
fn pool(orders: &Arc<Orders>, workers: usize) -> mpsc::Sender<(String, i32, i64)> {
    let (sender, receiver) = mpsc::channel();
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..workers {
        let (orders, receiver) = (Arc::clone(orders), Arc::clone(&receiver));
        thread::spawn(move || {
            loop {
                let next = receiver
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .recv();
                let Ok((topic, partition, offset)): Result<(String, i32, i64), _> = next else {
                    return;
                };
                process(&orders, &topic, partition, offset);
            }
        });
    }
    sender
}

struct Callbacks;

impl ClientContext for Callbacks {
    fn error(&self, error: KafkaError, reason: &str) {
        say(&format!("error {error} {reason}"));
    }
}

impl ConsumerContext for Callbacks {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(partitions) => say(&format!("assigned {}", shown(partitions))),
            Rebalance::Revoke(partitions) if consumer.assignment_lost() => {
                say(&format!("lost {}", shown(partitions)));
            }
            Rebalance::Revoke(partitions) => say(&format!("revoked {}", shown(partitions))),
            Rebalance::Error(error) => say(&format!("error {error}")),
        }
    }
}

/// `topic:0,1 other:3`, sorted.
fn shown(list: &TopicPartitionList) -> String {
    let mut topics: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
    for element in list.elements() {
        let partitions = topics.entry(element.topic().to_owned()).or_default();
        partitions.insert(element.partition());
    }
    let words: Vec<String> = topics
        .iter()
        .map(|(topic, partitions)| {
            let partitions: Vec<String> = partitions.iter().map(i32::to_string).collect();
            format!("{topic}:{}", partitions.join(","))
        })
        .collect();
    words.join(" ")
}

fn shown_offsets(list: &TopicPartitionList) -> String {
    let words: Vec<String> = list
        .elements()
        .iter()
        .map(|element| {
            format!(
                "{}:{}={}",
                element.topic(),
                element.partition(),
                element.offset().to_raw().unwrap_or(-1)
            )
        })
        .collect();
    words.join(" ")
}

//! Records what librdkafka does, for the engine to be compared with: its exported partitioner functions, called directly,
//! and whole producers against its mock cluster. With the argument `assignors`, its assignors instead.

mod assignors;

use rdkafka::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{
    BaseRecord, DefaultProducerContext, Producer, ProducerContext, ThreadedProducer,
};
use std::error::Error;
use std::ffi::c_void;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

type Cluster = MockCluster<'static, DefaultProducerContext>;
type Outcome<T> = Result<T, Box<dyn Error>>;
type Function = unsafe extern "C" fn(
    *const rdkafka_sys::rd_kafka_topic_t,
    *const c_void,
    usize,
    i32,
    *mut c_void,
    *mut c_void,
) -> i32;

fn main() -> Outcome<()> {
    let vectors = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let keys = std::fs::read_to_string(vectors.join("keys.txt"))?;
    let keys: Vec<&str> = keys.lines().collect();
    let counts = std::fs::read_to_string(vectors.join("partitions.txt"))?;
    let counts: Vec<i32> = counts
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let recorded = vectors.join("recorded");
    if std::env::args().nth(1).as_deref() == Some("assignors") {
        return assignors::record(&recorded, &library());
    }

    record_keyed(&recorded.join("librdkafka-keyed.tsv"), &keys, &counts)?;
    let cluster = MockCluster::new(1)?;
    record_produced(&recorded.join("librdkafka-produced.tsv"), &cluster, &keys)?;
    record_sticky(&recorded.join("librdkafka-sticky.tsv"), &cluster)?;
    Ok(())
}

/// Partitioners whose choice the key alone decides, and whether they also decide it for a null key and for an empty one.
const FUNCTIONS: [(&str, Function, bool, bool); 6] = [
    (
        "consistent",
        rdkafka_sys::rd_kafka_msg_partitioner_consistent,
        true,
        true,
    ),
    (
        "consistent_random",
        rdkafka_sys::rd_kafka_msg_partitioner_consistent_random,
        false,
        false,
    ),
    (
        "murmur2",
        rdkafka_sys::rd_kafka_msg_partitioner_murmur2,
        true,
        true,
    ),
    (
        "murmur2_random",
        rdkafka_sys::rd_kafka_msg_partitioner_murmur2_random,
        false,
        true,
    ),
    (
        "fnv1a",
        rdkafka_sys::rd_kafka_msg_partitioner_fnv1a,
        true,
        true,
    ),
    (
        "fnv1a_random",
        rdkafka_sys::rd_kafka_msg_partitioner_fnv1a_random,
        false,
        true,
    ),
];

fn record_keyed(file: &Path, keys: &[&str], counts: &[i32]) -> Outcome<()> {
    let mut out = header("partitioner\tkey\tpartition for each count of partitions.txt");
    for (name, function, decides_null, decides_empty) in FUNCTIONS {
        for written in std::iter::once(&"null-key").chain(keys) {
            let key = if *written == "null-key" {
                None
            } else {
                Some(bytes(written)?)
            };
            match &key {
                None if !decides_null => continue,
                Some(key) if key.is_empty() && !decides_empty => continue,
                _ => {}
            }
            let (pointer, length) = key
                .as_ref()
                .map_or((std::ptr::null(), 0), |key| (key.as_ptr(), key.len()));
            let partitions: Vec<String> = counts
                .iter()
                .map(|&count| {
                    let (topic, opaque) = (std::ptr::null(), std::ptr::null_mut());
                    // SAFETY: the key is readable for its length, and these functions look at the topic only when they
                    // draw at random, which they do not for the keys let through above.
                    unsafe { function(topic, pointer.cast(), length, count, opaque, opaque) }
                        .to_string()
                })
                .collect();
            writeln!(out, "{name}\t{written}\t{}", partitions.join(" "))?;
        }
    }
    Ok(std::fs::write(file, out)?)
}

/// Keys sent by whole producers, in the .NET default configuration but for the partitioner.
fn record_produced(file: &Path, cluster: &Cluster, keys: &[&str]) -> Outcome<()> {
    let mut out = header("partitioner\tpartitions\tkey\tpartition of the delivery report");
    for (name, _, decides_null, decides_empty) in FUNCTIONS {
        for count in [6, 12] {
            let topic = format!("{name}-{count}");
            cluster.create_topic(&topic, count, 1)?;
            let sender = Sender::new(
                cluster,
                &topic,
                &[("partitioner", name), ("linger.ms", "0")],
            )?;
            let null = decides_null.then_some("null-key");
            let sent: Vec<&str> = null
                .into_iter()
                .chain(
                    keys.iter()
                        .copied()
                        .filter(|key| decides_empty || *key != "hex:"),
                )
                .collect();
            for key in &sent {
                sender.send(
                    if *key == "null-key" {
                        None
                    } else {
                        Some(bytes(key)?)
                    }
                    .as_deref(),
                )?;
            }
            for (key, partition) in sent.iter().zip(sender.partitions()?) {
                writeln!(out, "{name}\t{count}\t{key}\t{partition}")?;
            }
        }
    }
    Ok(std::fs::write(file, out)?)
}

/// Records without a key, about one every two milliseconds: when each was sent, and where it went.
fn record_sticky(file: &Path, cluster: &Cluster) -> Outcome<()> {
    let mut out = header(
        "run\tpartitioner\tkey\tsticky.partitioning.linger.ms\tlinger.ms, then \
         send\tus before\tus after\tpartition of the delivery report, among 50",
    );
    cluster.create_topic("sticky", 50, 1)?;
    for (partitioner, key, sticky_ms, linger_ms) in [
        ("consistent_random", "null-key", Some("50"), "0"),
        ("consistent_random", "hex:", Some("50"), "0"),
        ("murmur2_random", "null-key", Some("50"), "0"),
        ("fnv1a_random", "null-key", Some("50"), "0"),
        ("random", "null-key", Some("50"), "0"),
        ("consistent_random", "null-key", None, "30"),
        ("consistent_random", "null-key", Some("0"), "0"),
        ("murmur2_random", "null-key", Some("0"), "0"),
    ] {
        let mut settings = vec![("partitioner", partitioner), ("linger.ms", linger_ms)];
        settings.extend(sticky_ms.map(|ms| ("sticky.partitioning.linger.ms", ms)));
        let sender = Sender::new(cluster, "sticky", &settings)?;
        let key_bytes = if key == "null-key" {
            None
        } else {
            Some(bytes(key)?)
        };
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..300 {
            let before = start.elapsed().as_micros();
            sender.send(key_bytes.as_deref())?;
            times.push((before, start.elapsed().as_micros()));
            std::thread::sleep(Duration::from_millis(2));
        }
        writeln!(
            out,
            "run\t{partitioner}\t{key}\t{}\t{linger_ms}",
            sticky_ms.unwrap_or("default")
        )?;
        for ((before, after), partition) in times.iter().zip(sender.partitions()?) {
            writeln!(out, "send\t{before}\t{after}\t{partition}")?;
        }
    }
    Ok(std::fs::write(file, out)?)
}

/// Where each message was delivered, by number.
#[derive(Clone, Default)]
struct Deliveries(Arc<Mutex<Vec<Option<i32>>>>);

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<usize>;

    fn delivery(&self, result: &DeliveryResult<'_>, number: Box<usize>) {
        let partition = result.as_ref().map(Message::partition).ok();
        self.0
            .lock()
            .expect("no thread panics while it holds the lock")[*number] = partition;
    }
}

/// A producer on one topic.
struct Sender<'t> {
    producer: ThreadedProducer<Deliveries>,
    deliveries: Deliveries,
    topic: &'t str,
}

impl<'t> Sender<'t> {
    fn new(cluster: &Cluster, topic: &'t str, settings: &[(&str, &str)]) -> Outcome<Self> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", cluster.bootstrap_servers());
        for (name, value) in settings {
            config.set(*name, *value);
        }
        let deliveries = Deliveries::default();
        let producer = config.create_with_context(deliveries.clone())?;
        let sender = Self {
            producer,
            deliveries,
            topic,
        };
        // Before it knows the topic, a producer keeps messages aside and partitions them later, all at once.
        sender.deliver(BaseRecord::with_opaque_to(topic, Box::new(0)).partition(0))?;
        sender.flush()?;
        Ok(sender)
    }

    fn send(&self, key: Option<&[u8]>) -> Outcome<()> {
        let record = BaseRecord::with_opaque_to(self.topic, Box::new(0));
        self.deliver(match key {
            Some(key) => record.key(key),
            None => record,
        })
    }

    fn deliver(&self, mut record: BaseRecord<'_, [u8], [u8], Box<usize>>) -> Outcome<()> {
        let mut deliveries = self
            .deliveries
            .0
            .lock()
            .expect("no thread panics while it holds the lock");
        *record.delivery_opaque = deliveries.len();
        deliveries.push(None);
        drop(deliveries);
        self.producer
            .send(record.payload(b"{}"))
            .map_err(|(error, _)| error.into())
    }

    fn flush(&self) -> Outcome<()> {
        Ok(self.producer.flush(Duration::from_secs(30))?)
    }

    /// Where everything sent was delivered, the first message left out.
    fn partitions(&self) -> Outcome<Vec<i32>> {
        self.flush()?;
        let deliveries = self
            .deliveries
            .0
            .lock()
            .expect("no thread panics while it holds the lock");
        deliveries
            .iter()
            .skip(1)
            .map(|partition| partition.ok_or_else(|| "a message was not delivered".into()))
            .collect()
    }
}

fn header(columns: &str) -> String {
    format!("{}# {columns}\n", library())
}

/// The library and its version.
fn library() -> String {
    let (_, version) = rdkafka::util::get_rdkafka_version();
    format!("# librdkafka {version}\n")
}

/// A key as `keys.txt` writes it: hexadecimal after `hex:`, else text.
fn bytes(written: &str) -> Outcome<Vec<u8>> {
    match written.strip_prefix("hex:") {
        Some(hex) => {
            let digits = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16));
            Ok(digits.collect::<Result<_, _>>()?)
        }
        None => Ok(written.as_bytes().to_vec()),
    }
}

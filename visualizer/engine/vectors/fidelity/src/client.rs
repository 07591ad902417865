//! Consumers as processes: started ahead of time, told to begin, killed, stopped and continued by signals, and listened to.

use crate::observed::Said;
use crate::scenario::{Scenario, Step};
use crate::{Outcome, now};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A Java virtual machine that also compiles takes its time.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// What clients said and what was done to them, in the order it was heard.
pub(crate) type Journal = Arc<Mutex<Vec<Said>>>;

/// How consumers are started.
pub(crate) struct Programs {
    /// This program.
    pub(crate) own: PathBuf,
    /// Kafka's jars.
    pub(crate) libraries: PathBuf,
    /// The Java consumer's source.
    pub(crate) java: PathBuf,
}

/// A consumer's process, which ends with its owner.
pub(crate) struct Client {
    pub(crate) name: String,
    process: Child,
}

impl Client {
    /// Starts the process of a `join` or `restart`; it waits for [`Client::order`] `go`.
    pub(crate) fn arm(
        programs: &Programs,
        scenario: &Scenario,
        step: &Step,
        group: &Group<'_>,
        journal: &Journal,
    ) -> Outcome<Self> {
        let name = step.subject.clone();
        let java = scenario.setting("simulation.client", "librdkafka") == "java";
        let mut command = if java {
            let mut command = Command::new("java");
            command
                .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"])
                .arg(programs.libraries.join("*"))
                .arg(&programs.java);
            command
        } else {
            let mut command = Command::new(&programs.own);
            command.arg("consumer");
            command
        };
        command
            .args(settings(scenario, step, group, java))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        listen(name.clone(), BufReader::new(output), Arc::clone(journal));
        Ok(Self { name, process })
    }

    /// Writes a line to its standard input.
    pub(crate) fn order(&mut self, line: &str) -> Outcome<()> {
        let input = self.process.stdin.as_mut().ok_or("no input")?;
        writeln!(input, "{line}")?;
        Ok(input.flush()?)
    }

    pub(crate) fn signal(&self, signal: Signal) -> Outcome<()> {
        Ok(kill(
            Pid::from_raw(self.process.id().cast_signed()),
            signal,
        )?)
    }

    /// Stops the process, and lets it go on after a while.
    pub(crate) fn pause(&self, length: Duration) -> Outcome<()> {
        self.signal(Signal::SIGSTOP)?;
        let id = Pid::from_raw(self.process.id().cast_signed());
        thread::spawn(move || {
            thread::sleep(length);
            let _ = kill(id, Signal::SIGCONT);
        });
        Ok(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The group on the real cluster.
pub(crate) struct Group<'g> {
    pub(crate) bootstrap: &'g str,
    pub(crate) name: &'g str,
}

impl Group<'_> {
    /// A topic's name on the cluster: each scenario has its own.
    pub(crate) fn topic(&self, topic: &str) -> String {
        format!("{}.{topic}", self.name)
    }
}

/// Settings that are the broker's, the producer's or the topic's, not the consumer's.
const NOT_THE_CONSUMER_S: [&str; 12] = [
    "group.initial.rebalance.delay.ms",
    "group.consumer.session.timeout.ms",
    "group.consumer.heartbeat.interval.ms",
    "num.partitions",
    "acks",
    "enable.idempotence",
    "delivery.timeout.ms",
    "default.replication.factor",
    "min.insync.replicas",
    "replica.lag.time.max.ms",
    "broker.session.timeout.ms",
    "request.timeout.ms",
];

fn settings(scenario: &Scenario, step: &Step, group: &Group<'_>, java: bool) -> Vec<String> {
    let topics = match step.options.get("topics") {
        Some(topics) => topics.split(',').map(|topic| group.topic(topic)).collect(),
        None => scenario
            .topics
            .iter()
            .map(|(topic, _)| group.topic(topic))
            .collect::<Vec<_>>(),
    };
    let mut settings = vec![
        format!("bootstrap.servers={}", group.bootstrap),
        format!("group.id={}", group.name),
        format!("client.id={}", step.subject),
        format!("topics={}", topics.join(",")),
    ];
    if let Some(instance) = step.options.get("static") {
        settings.push(format!("group.instance.id={instance}"));
    }
    for (name, value) in &scenario.config {
        let of_java = name == "max.poll.records";
        if NOT_THE_CONSUMER_S.contains(&name.as_str()) || (of_java && !java) {
            continue;
        }
        let value = match (name.as_str(), java) {
            ("partition.assignment.strategy", true) => java_assignor(value).to_owned(),
            _ => value.clone(),
        };
        settings.push(format!("{name}={value}"));
    }
    settings
}

fn java_assignor(name: &str) -> &str {
    match name {
        "range" => "org.apache.kafka.clients.consumer.RangeAssignor",
        "roundrobin" => "org.apache.kafka.clients.consumer.RoundRobinAssignor",
        "sticky" => "org.apache.kafka.clients.consumer.StickyAssignor",
        "cooperative-sticky" => "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        other => other,
    }
}

/// Adds each line of a client to the journal.
fn listen(client: String, output: impl BufRead + Send + 'static, journal: Journal) {
    thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            let mut words = line.splitn(3, ' ');
            let (Some(Ok(at)), Some(word)) = (words.next().map(str::parse), words.next()) else {
                continue;
            };
            note(&journal, at, &client, word, words.next().unwrap_or(""));
        }
    });
}

pub(crate) fn note(journal: &Journal, at: i64, client: &str, word: &str, rest: &str) {
    let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
    journal.push(Said {
        at,
        client: client.to_owned(),
        word: word.to_owned(),
        rest: rest.to_owned(),
    });
}

/// Notes what the harness does.
pub(crate) fn note_action(journal: &Journal, text: &str) {
    note(journal, now(), "", "action", text);
}

/// A copy of the journal, in the order of time.
pub(crate) fn heard(journal: &Journal) -> Vec<Said> {
    let mut said = journal
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    said.sort_by_key(|said| said.at);
    said
}

/// Waits until `count` clients are ready.
pub(crate) fn ready(journal: &Journal, count: usize) -> Outcome<()> {
    let until = Instant::now() + READY_WITHIN;
    loop {
        let ready = heard(journal)
            .iter()
            .filter(|said| said.word == "ready")
            .count();
        if ready >= count {
            return Ok(());
        }
        if Instant::now() > until {
            return Err("a consumer does not start".into());
        }
        thread::sleep(Duration::from_millis(20));
    }
}

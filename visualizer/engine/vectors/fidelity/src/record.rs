//! `fidelity record`: all scenarios, fresh, compared with the traces or written over them.

use crate::Outcome;
use crate::client::Programs;
use crate::cluster::Cluster;
use crate::coordinator::Follower;
use crate::group::{self, Stage};
use crate::observed::Seen;
use crate::producer;
use crate::scenario::Scenario;
use crate::trace::{Recorded, Trace};
use crate::{outcome, replication, trigger};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many groups play at the same time: they mostly wait.
const TOGETHER: usize = 4;

const VERSIONS: &str = "Apache Kafka 4.3.1";

/// Settings of the one broker of the groups. Scenarios say the same of themselves where the engine must know.
const GROUPS: &str = "offsets.topic.replication.factor=1\n\
    offsets.topic.num.partitions=1\n\
    group.initial.rebalance.delay.ms=1000\n\
    group.consumer.session.timeout.ms=6000\n\
    group.consumer.min.session.timeout.ms=6000\n\
    group.consumer.heartbeat.interval.ms=1000\n\
    group.consumer.min.heartbeat.interval.ms=1000\n";

/// Settings of the three brokers: Kafka's own.
const REPLICATION: &str = "";

#[derive(Default)]
struct Options {
    traces: PathBuf,
    libraries: PathBuf,
    java: PathBuf,
    scratch: PathBuf,
    date: String,
    record: bool,
    names: Vec<String>,
}

/// Plays what is asked for; false when something differs from the traces.
pub(crate) fn run(arguments: &[String]) -> Outcome<bool> {
    let options = read(arguments)?;
    let mut traces = Trace::all(&options.traces)?;
    traces.retain(|trace| {
        let mut names = options.names.iter();
        options.names.is_empty() || names.any(|name| trace.name.contains(name))
    });
    let mut groups = Vec::new();
    let mut replications = Vec::new();
    for trace in traces {
        let scenario =
            Scenario::read(&trace.scenario).map_err(|error| format!("{} : {error}", trace.name))?;
        if scenario.kind == "replication" {
            replications.push((trace, scenario));
        } else {
            groups.push((trace, scenario));
        }
    }
    fs::create_dir_all(&options.scratch)?;
    thread::scope(|scope| {
        let brokers = scope.spawn(|| play_replications(&options, &replications));
        let groups = play_groups(&options, &groups)?;
        let replications = brokers
            .join()
            .unwrap_or_else(|_| Err("interrompu".into()))?;
        Ok(groups && replications)
    })
}

fn read(arguments: &[String]) -> Outcome<Options> {
    let mut options = Options::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().cloned().ok_or("il manque une valeur");
        match argument.as_str() {
            "--traces" => options.traces = value()?.into(),
            "--libraries" => options.libraries = value()?.into(),
            "--java" => options.java = value()?.into(),
            "--scratch" => options.scratch = value()?.into(),
            "--date" => options.date = value()?,
            "--record" => options.record = true,
            name => options.names.push(name.to_owned()),
        }
    }
    Ok(options)
}

fn play_groups(options: &Options, traces: &[(Trace, Scenario)]) -> Outcome<bool> {
    if traces.is_empty() {
        return Ok(true);
    }
    println!("démarrage d'un broker");
    let cluster = Cluster::single(&options.scratch, &options.libraries, GROUPS)?;
    let bootstrap = cluster.bootstrap();
    producer::create_topic(&bootstrap, "__consumer_offsets", 1).or_else(|error| {
        if error.to_string().contains("exist") {
            Ok(())
        } else {
            Err(error)
        }
    })?;
    let programs = Programs {
        own: std::env::current_exe()?,
        libraries: options.libraries.clone(),
        java: options.java.clone(),
    };
    let follower = Follower::start(&bootstrap)?;
    let stage = Stage {
        bootstrap: &bootstrap,
        programs: &programs,
        follower: &follower,
    };
    let waiting = Mutex::new(traces.iter());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..TOGETHER {
            scope.spawn(|| {
                loop {
                    let next = lock(&waiting).next();
                    let Some((trace, scenario)) = next else {
                        return;
                    };
                    let result = play_group(&stage, &options.scratch, trace, scenario)
                        .and_then(|fresh| settle(options, trace, scenario, fresh));
                    lock(&results)
                        .push(result.map_err(|error| format!("{} : {error}", trace.name)));
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut good = true;
    for result in results {
        match result {
            Ok(same) => good &= same,
            Err(error) => {
                println!("échec : {error}");
                good = false;
            }
        }
    }
    Ok(good)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn play_group(
    stage: &Stage<'_>,
    scratch: &Path,
    trace: &Trace,
    scenario: &Scenario,
) -> Outcome<Recorded> {
    let seen = group::play(
        stage,
        &trace.name,
        scenario,
        &trigger::read(&trace.harness)?,
    )?;
    fs::write(
        scratch.join(format!("{}.journal", trace.name)),
        journal(&seen),
    )?;
    Ok(outcome::of_group(&trace.name, &scenario.facts()?, &seen))
}

/// All that was heard, for whoever looks into a difference: milliseconds since the start, client, what.
fn journal(seen: &Seen) -> String {
    let start = seen.said.first().map_or(0, |said| said.at);
    let said = seen.said.iter().map(|said| {
        let what = format!("{} {} {}", said.client, said.word, said.rest);
        (said.at, what)
    });
    let written = seen
        .written
        .iter()
        .map(|written| (written.at_ms * 1_000, format!("{:?}", written.what)));
    let mut lines: Vec<(i64, String)> = said.chain(written).collect();
    lines.sort();
    lines
        .into_iter()
        .map(|(at, what)| format!("{:>7} {what}\n", (at - start) / 1_000))
        .collect()
}

fn play_replications(options: &Options, traces: &[(Trace, Scenario)]) -> Outcome<bool> {
    if traces.is_empty() {
        return Ok(true);
    }
    println!("démarrage de trois brokers et d'un contrôleur");
    let mut cluster = Cluster::three(&options.scratch, &options.libraries, REPLICATION)?;
    let mut good = true;
    for (trace, scenario) in traces {
        let fresh = replication::play(&mut cluster, &trace.name, scenario)
            .map_err(|error| format!("{} : {error}", trace.name))?;
        good &= settle(options, trace, scenario, fresh)?;
    }
    Ok(good)
}

/// Writes or compares; false when something differs.
fn settle(options: &Options, trace: &Trace, scenario: &Scenario, fresh: Recorded) -> Outcome<bool> {
    let client = match scenario.setting("simulation.client", "librdkafka") {
        "java" => "kafka-clients 4.3.1".to_owned(),
        _ => format!("librdkafka {}", rdkafka::util::get_rdkafka_version().1),
    };
    let fresh = Recorded {
        with: format!("{VERSIONS}, {client}, {}", options.date),
        ..fresh
    };
    if options.record {
        trace.write(&options.traces, &fresh)?;
        println!("{} : enregistré", trace.name);
        return Ok(true);
    }
    let folder = options.scratch.join("fresh");
    fs::create_dir_all(&folder)?;
    trace.write(&folder, &fresh)?;
    let differences = trace.recorded.differences(&fresh);
    if differences.is_empty() {
        println!("{} : comme enregistré", trace.name);
        return Ok(true);
    }
    println!("{} : {} différences", trace.name, differences.len());
    for difference in differences {
        println!("  {difference}");
    }
    Ok(false)
}

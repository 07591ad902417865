//! The fidelity harness: Apache Kafka and real clients play the scenarios of `../traces`, and what comes out is recorded.
//!
//! 1. `fidelity record` starts the clusters ([`cluster`]), then plays each trace's scenario: [`group`] with consumers that
//!    are processes of their own ([`client`], [`consumer`]), [`replication`] with brokers that crash.
//! 2. What clients say and what the coordinator writes ([`coordinator`]) becomes lines ([`outcome`]).
//! 3. They are compared with what the trace holds, or replace it ([`trace`]).

mod client;
mod cluster;
mod consumer;
mod coordinator;
mod delivery;
mod group;
mod observed;
mod outcome;
mod producer;
mod record;
mod replication;
mod scenario;
mod trace;
mod trigger;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((command, rest)) if command == "consumer" => consumer::run(rest).map(|()| true),
        Some((command, rest)) if command == "record" => record::run(rest),
        _ => Err("fidelity record --traces DOSSIER --libraries DOSSIER --java FICHIER --scratch DOSSIER --date DATE [--record] [NOM…]".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Microseconds of the wall clock, which all processes of a machine share.
fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

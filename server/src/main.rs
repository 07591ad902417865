//! The `server` command.

use clap::Parser;
use server::embedded::demo::DemoSettings;
use server::error::StartError;
use server::live::Tuning;
use server::server::{Running, start};
use server::settings::{Arguments, KafkaChoice, Settings};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

mod usage;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::explain(&error),
    };
    log_to_stderr();
    let Ok(runtime) = Runtime::new() else {
        say(
            &mut io::stderr(),
            "Erreur : le système ne donne pas de fils d’exécution.",
        );
        return ExitCode::FAILURE;
    };
    let outcome = runtime.block_on(run(arguments));
    // Whatever still blocks must not hold the process back.
    runtime.shutdown_timeout(Duration::from_millis(100));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&mut io::stderr(), &format!("Erreur : {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), StartError> {
    let settings = Settings::check(arguments)?;
    let mut interrupt = Interrupt::listen().map_err(|source| StartError::System { source })?;
    let running = start(&settings, Tuning::default(), DemoSettings::default()).await?;
    greet(&settings, &running);
    interrupt.wait().await;
    say(&mut io::stderr(), "Arrêt…");
    tokio::select! {
        clean = running.stop() => {
            if !clean {
                tracing::warn!("un client Kafka tardait à se fermer : arrêt sans l’attendre");
            }
        }
        () = interrupt.wait() => {}
    }
    Ok(())
}

fn greet(settings: &Settings, running: &Running) {
    let source = match &settings.kafka {
        KafkaChoice::Embedded => "cluster embarqué (démonstration)".to_owned(),
        KafkaChoice::Cluster { bootstrap } => format!("cluster {bootstrap}"),
    };
    say(
        &mut io::stdout(),
        &format!(
            "Formation Kafka : {} — mode direct : {source} — Ctrl-C pour arrêter",
            running.url()
        ),
    );
    if !settings.dist.join("index.html").is_file() {
        tracing::warn!(
            "le site n’est pas construit : « {} » n’a pas d’index.html ; lancez « cargo xtask build »",
            settings.dist.display()
        );
    }
}

/// Writes a line. A terminal that is gone or a disk that is full is no reason to stop.
fn say(output: &mut dyn Write, line: &str) {
    let _ = writeln!(output, "{line}").and_then(|()| output.flush());
}

/// Logs go to standard error. `RUST_LOG` chooses what is told.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        .without_time()
        // Otherwise a full disk makes the logger panic while it complains about it.
        .log_internal_errors(false)
        .init();
}

/// Ctrl-C, and the signal that systems send to end a process.
struct Interrupt {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Interrupt {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Interrupt {
    fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    async fn wait(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

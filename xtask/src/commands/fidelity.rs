//! `fidelity`: real Kafka and real clients play the scenarios of the engine's traces, and the engine is held against them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::Fidelity;
use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::setup::system;

/// Kafka's jars are those of the server's tests.
const POM: &str = "server/tests/kafka/pom.xml";
const HARNESS: &str = "visualizer/engine/vectors/fidelity";
const TRACES: &str = "visualizer/engine/vectors/traces";
/// All scenarios take seven minutes.
const PLAY: Duration = Duration::from_secs(900);

/// Records afresh, compares with the traces or replaces them, and runs the engine's comparison.
///
/// # Errors
/// [`Error::Failed`] when something differs, or a part does not build or run.
pub(super) fn run(context: &Context, options: &Fidelity) -> Result<(), Error> {
    system::ensure(context, system::BUILD)?;
    system::ensure(context, system::KAFKA)?;
    system::ensure(context, system::JDK)?;
    let libraries = libraries(context)?;
    let target = context.workspace.target.join("fidelity");
    let build = Job::cargo()
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(context.path(HARNESS).join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target);
    context.run("Compilation du banc de fidélité", build)?;
    let scratch = context.workspace.target.join("xtask/fidelity");
    // What an interrupted run left behind.
    let _ = fs::remove_dir_all(&scratch);
    let played = play(context, options, &target, &libraries, &scratch);
    let test = Job::cargo().args([
        "test",
        "--locked",
        "--package",
        "engine",
        "--features",
        "toml",
        "--test",
        "traces",
    ]);
    let compared = context.run("Le moteur face aux traces", test).map(drop);
    played.and(compared)
}

/// The jars, copied once for each version of the pom.
fn libraries(context: &Context) -> Result<PathBuf, Error> {
    let folder = context.workspace.target.join("xtask/kafka-libraries");
    let pom = context.path(POM);
    let wanted = fs::read_to_string(&pom).map_err(Error::file("lire", &pom))?;
    let stamp = folder.join("pom.xml");
    if fs::read_to_string(&stamp).is_ok_and(|present| present == wanted) {
        return Ok(folder);
    }
    let _ = fs::remove_dir_all(&folder);
    let copy = Job::new("mvn")
        .args(["-q", "-B", "-f"])
        .arg(&pom)
        .args(["dependency:copy-dependencies", "-DincludeScope=runtime"])
        .arg(format!("-DoutputDirectory={}", folder.display()));
    context.run("Apache Kafka (Maven Central)", copy)?;
    fs::write(&stamp, wanted).map_err(Error::file("écrire", &stamp))?;
    Ok(folder)
}

/// Plays the scenarios. The harness and all that it starts are one process group, which ends with this step.
fn play(
    context: &Context,
    options: &Fidelity,
    target: &Path,
    libraries: &Path,
    scratch: &Path,
) -> Result<(), Error> {
    let date = Job::new("date").args(["-u", "+%Y-%m-%d"]).query();
    let mut job = Job::new(target.join("release/fidelity"))
        .args(["record", "--traces"])
        .arg(context.path(TRACES))
        .arg("--libraries")
        .arg(libraries)
        .arg("--java")
        .arg(context.path(HARNESS).join("java/FidelityConsumer.java"))
        .arg("--scratch")
        .arg(scratch)
        .arg("--date")
        .arg(date.unwrap_or_default())
        .args(&options.names);
    if options.record {
        job = job.arg("--record");
    }
    let label = "Scénarios joués sur Apache Kafka";
    let log = context.workspace.log(label);
    context.console.step(label, |step| {
        let job = job.dir(&context.workspace.root).limit(PLAY);
        let said = job.run(step, label, &log)?;
        let scenarios = said.lines().filter(|line| line.contains(" : ")).count();
        step.result(format!("{scenarios} scénarios"));
        Ok(())
    })
}

//! `test`: every test there is, ended by one line that counts them.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::{Serve, Suite};
use crate::commands::{lint, serve, trunk};
use crate::context::Context;
use crate::count::Count;
use crate::course::{self, Pages};
use crate::error::Error;
use crate::fingerprint::files_under;
use crate::port;
use crate::process::Job;
use crate::service::Service;
use crate::setup::{node_package, system};

/// The most that a part of a page's visualizer may weigh on the wire, in bytes, compressed by brotli.
const WASM_BUDGET: u64 = 120_000;
/// How long the server may take to answer.
const START: Duration = Duration::from_secs(60);

/// Runs the suites and counts.
///
/// # Errors
/// [`Error::ChecksFailed`] when a test fails.
pub(super) fn run(context: &Context, suites: &[Suite]) -> Result<(), Error> {
    let mut total = Count::default();
    for suite in suites {
        total += match suite {
            Suite::Lint => lint::count(context)?,
            Suite::Rust => rust(context)?,
            Suite::Wasm => wasm(context)?,
            Suite::Browser => browser(context)?,
        };
    }
    for skip in &total.skipped {
        let reason = if skip.reason.is_empty() {
            "sans raison donnée"
        } else {
            &skip.reason
        };
        println!("non exécuté : {} — {reason}", skip.name);
    }
    println!("{total}");
    if total.failed == 0 {
        Ok(())
    } else {
        Err(Error::ChecksFailed)
    }
}

/// `cargo test` on the whole workspace, the server's against its embedded Kafka and against a real broker included.
fn rust(context: &Context) -> Result<Count, Error> {
    system::ensure(context, system::BUILD)?;
    system::ensure(context, system::KAFKA)?;
    // Two steps, so that a compile error is not looked for among tests, and the time of each is known.
    let workspace = ["--workspace", "--locked"];
    let compiled = lint::check(
        context,
        "Compilation des tests",
        Job::cargo().args(["test", "--no-run"]).args(workspace),
    )?;
    if compiled.failed > 0 {
        return Ok(compiled);
    }
    let job = Job::cargo()
        .args(["test", "--no-fail-fast"])
        .args(workspace);
    runner(
        context,
        "Tests Rust",
        job.dir(&context.workspace.root),
        Count::of_cargo,
    )
}

/// Runs a test runner as one step and reads its count; a failing one's output is shown whole.
fn runner(
    context: &Context,
    label: &str,
    job: Job,
    read: fn(&str) -> Count,
) -> Result<Count, Error> {
    let log = context.workspace.log(label);
    context.console.step(label, |step| {
        let ended = job.run_to_end(step, &log)?;
        let count = read(&ended.output).of_runner(ended.success);
        if count.failed > 0 {
            step.console().say(&ended.output);
        }
        step.result(count.to_string());
        Ok(count)
    })
}

/// The browser's half compiles, is small enough, and Trunk builds it too.
fn wasm(context: &Context) -> Result<Count, Error> {
    let built = course::programs(context, &["site"])?;
    let mut count = Count::check(true);
    let out = context.workspace.target.join("xtask/size");
    course::pages(
        context,
        &built.node,
        &Pages::new(&out, &context.workspace.visualizer()),
    )?;
    count += budget(context, &out)?;
    let dist = context.workspace.target.join("xtask/trunk");
    let job = trunk::job(context)?.args(["build", "--dist"]).arg(&dist);
    count += lint::check(context, "trunk build", job)?;
    count += Count::check(dist.join("jour-1/index.html").exists());
    Ok(count)
}

/// What is served is what is weighed: the precompressed modules in the built site, each on its own.
fn budget(context: &Context, dist: &Path) -> Result<Count, Error> {
    let modules: Vec<_> = files_under(&dist.join("assets"))?
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(".wasm.br"))
        .collect();
    if modules.is_empty() {
        context
            .console
            .say("✗ aucun module wasm compressé dans le site construit");
        return Ok(Count::check(false));
    }
    let mut count = Count::default();
    for module in modules {
        let size = lint::size(&module)?;
        let name = module.file_name().unwrap_or_default().to_string_lossy();
        let good = size <= WASM_BUDGET;
        let mark = if good { '✓' } else { '✗' };
        context.console.say(&format!(
            "{mark} Poids de {name} : {size} octets (limite {WASM_BUDGET})"
        ));
        count += Count::check(good);
    }
    Ok(count)
}

/// A real Chromium on the real server, with its embedded Kafka.
fn browser(context: &Context) -> Result<Count, Error> {
    system::ensure(context, system::BROWSER)?;
    // The HTML checker runs on Java.
    system::ensure(context, system::KAFKA)?;
    let built = course::programs(context, &["site", "server"])?;
    node_package::ensure_test_libraries(context)?;
    let node = node_package::ensure_node(context)?;
    let out = context.workspace.target.join("xtask/site");
    course::pages(
        context,
        &built.node,
        &Pages::new(&out, &context.workspace.visualizer()),
    )?;
    let (server, address) = start_server(context, &out)?;
    let count = runner(
        context,
        "Tests dans le navigateur",
        browser_job(context, &node, &address, &out)?,
        Count::of_tap,
    );
    drop(server);
    count
}

/// Node's test runner, one file at a time: a second browser would only slow down the first.
fn browser_job(context: &Context, node: &Path, address: &str, dist: &Path) -> Result<Job, Error> {
    let folder = context.path("xtask/browser");
    let mut files: Vec<PathBuf> = files_under(&folder)?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.js"));
    let chromium = system::BROWSER
        .iter()
        .find_map(system::find)
        .unwrap_or_default();
    Ok(Job::new(node)
        .dir(&folder)
        .args(["--test", "--test-concurrency=1", "--test-reporter=tap"])
        .args(files)
        .env("COURSE_URL", format!("http://{address}/"))
        .env("COURSE_DIST", dist)
        .env("CHROMIUM", chromium))
}

/// The server on a free port, once it answers.
///
/// # Errors
/// When it stops or stays silent.
pub(super) fn start_server(context: &Context, dist: &Path) -> Result<(Service, String), Error> {
    let address = port::free_address().map_err(Error::file("trouver un port libre pour", dist))?;
    let options = Serve {
        addr: Some(address.to_string()),
        ..Serve::default()
    };
    let job = serve::server(context, &options, dist);
    let command = job.shown();
    let mut server = Service::start(job)?;
    let started = Instant::now();
    while std::net::TcpStream::connect(address).is_err() {
        if server.ended()?.is_some() {
            return Err(Error::Stopped {
                command,
                status: "avant de répondre".to_owned(),
            });
        }
        if started.elapsed() > START {
            return Err(Error::TimedOut {
                command,
                limit: START,
            });
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok((server, address.to_string()))
}

//! `bench`: the figures the product is held to.

use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::service::Service;
use crate::setup::node_package;
use crate::setup::wasm_toolchain::TARGET;
use crate::setup::{self, WasmTools, system};
use crate::wasm::PROFILE;
use std::path::{Path, PathBuf};

/// Crate, example, arguments: each prints its own lines. The server's: 100 browsers, 10 seconds, no pause.
const EXAMPLES: [(&str, &str, &[&str]); 3] = [
    ("site", "bench", &[]),
    (ENGINE, THROUGHPUT, &[]),
    ("server", "load", &["100", "10", "0"]),
];

/// The engine's measure, which runs in wasm too.
const ENGINE: &str = "engine";
const THROUGHPUT: &str = "throughput";

/// Runs every measure in release mode, one after the other.
///
/// # Errors
/// When one does not build or fails.
pub(super) fn run(context: &Context) -> Result<(), Error> {
    system::ensure(context, system::BUILD)?;
    for (package, example, args) in EXAMPLES {
        let label = format!("Compilation de la mesure « {package} »");
        let built = context.workspace.target.join("release/examples");
        let cargo = Job::cargo().args(["build", "--release"]);
        context.run(&label, of_example(cargo, package, example))?;
        println!("\n── {package} ──");
        measure(context, Job::new(built.join(example)).args(args))?;
        if package == ENGINE {
            let module = wasm(context)?;
            println!("\n── {package}, en wasm, sous Node.js ──");
            measure(context, Job::new("node").arg(module))?;
        }
    }
    Ok(())
}

fn of_example(cargo: Job, package: &str, example: &str) -> Job {
    cargo.args(["--locked", "--package", package, "--example", example])
}

fn measure(context: &Context, job: Job) -> Result<(), Error> {
    if Service::start(job.dir(&context.workspace.root))?
        .wait()?
        .success()
    {
        Ok(())
    } else {
        Err(Error::ChecksFailed)
    }
}

/// Builds the engine's measure as the visualizer is built, for Node.js. Returns the script that runs it.
fn wasm(context: &Context) -> Result<PathBuf, Error> {
    let node = node_package::ensure_tools(context)?;
    let tools = setup::wasm_tools(context, &node)?;
    let build = ["build", "--profile", PROFILE, "--target", TARGET];
    let cargo = tools.toolchain.cargo().args(build);
    let label = "Compilation de la mesure « engine » (wasm)";
    context.run(label, of_example(cargo, ENGINE, THROUGHPUT))?;
    let place = context.workspace.target.join("bench");
    bind(context, &tools, &place)?;
    Ok(place.join(THROUGHPUT).with_extension("js"))
}

fn bind(context: &Context, tools: &WasmTools, place: &Path) -> Result<(), Error> {
    let built = context.workspace.target.join(TARGET).join(PROFILE);
    let built = built.join("examples").join(THROUGHPUT);
    let job = Job::new(&tools.bind)
        .arg("nodejs")
        .arg(built.with_extension("wasm"))
        .arg(THROUGHPUT)
        .arg(place);
    context.run("bind", job)?;
    let module = place.join(format!("{THROUGHPUT}_bg.wasm"));
    let job = Job::new("node")
        .arg(&tools.wasm_opt)
        .arg("-Oz")
        .arg(&module)
        .arg("-o")
        .arg(&module);
    context.run("wasm-opt", job).map(drop)
}

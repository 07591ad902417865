//! The browser's half: Rust → wasm → parts and bindings → small wasm, in `target/visualizer/`.
//!
//! A module for each kind of simulation comes of the one crate, under the simulation's name, and `live.js` for the live
//! mode, so that no page downloads another's code. What a simulation's bench shows below its pictures is a part of its own,
//! which the page loads after the first (see `xtask/bind`).
//!
//! Nothing is done when nothing changed: the folder carries the fingerprint of the sources and tools it came from.

use std::fs;
use std::path::Path;

use crate::context::Context;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::process::Job;
use crate::progress::Step;
use crate::setup::wasm_toolchain::{TARGET, WasmToolchain};
use crate::setup::{WasmTools, install};

/// The fingerprint's file, beside the outputs.
const STAMP: &str = ".fingerprint";
/// The Cargo profile that makes small code.
pub(crate) const PROFILE: &str = "wasm";

/// What a page loads for one kind of simulation.
struct Module {
    /// The crate's feature.
    feature: &'static str,
    /// Its name, and that of its files.
    name: &'static str,
    /// The part that is loaded later, if it has one.
    later: Option<&'static str>,
}

impl Module {
    const fn whole(feature: &'static str, name: &'static str) -> Self {
        Self {
            feature,
            name,
            later: None,
        }
    }

    const fn bench(feature: &'static str, name: &'static str) -> Self {
        Self {
            feature,
            name,
            later: Some("lower"),
        }
    }

    /// Its files of code, without their extension.
    fn files(&self) -> impl Iterator<Item = String> {
        let first = format!("{}_bg", self.name);
        let later = self.later.map(|part| format!("{}_{part}", self.name));
        std::iter::once(first).chain(later)
    }
}

const MODULES: [Module; 7] = [
    Module::whole("live", "live"),
    Module::whole("partitioning", "partitionnement"),
    Module::bench("rebalancing", "reequilibrage"),
    Module::bench("commits", "commits"),
    Module::bench("replication", "replication"),
    Module::bench("architecture", "architecture"),
    Module::whole("calculator", "calculateur"),
];

/// Builds `target/visualizer/` if its sources or tools changed.
///
/// # Errors
/// When a compiler or tool fails.
pub(crate) fn build(context: &Context, tools: &WasmTools) -> Result<(), Error> {
    let stamp = fingerprint(context, tools)?;
    let place = context.workspace.visualizer();
    if fs::read_to_string(place.join(STAMP)).is_ok_and(|old| old == stamp) {
        return Ok(());
    }
    context.console.step("Visualiseur (wasm)", |step| {
        let work = context.workspace.target.join("visualizer.new");
        install::remove(&work)?;
        let mut sizes = Vec::new();
        for module in &MODULES {
            compile(context, tools.toolchain, module, step)?;
            bind(context, tools, module, step, &work)?;
            let sizes_of_parts = module
                .files()
                .map(|file| shrink(context, tools, &file, step, &work))
                .collect::<Result<Vec<_>, _>>()?;
            let parts: Vec<_> = sizes_of_parts
                .iter()
                .map(|size| (size / 1000).to_string())
                .collect();
            sizes.push(format!("{} {} ko", module.name, parts.join(" + ")));
        }
        fs::write(work.join(STAMP), &stamp).map_err(Error::file("écrire", &work))?;
        install::replace(&work, &place)?;
        step.result(sizes.join(", "));
        Ok(())
    })
}

fn fingerprint(context: &Context, tools: &WasmTools) -> Result<String, Error> {
    let mut fingerprint = Fingerprint::new();
    for path in ["visualizer", "Cargo.lock", "Cargo.toml"] {
        fingerprint.add_path(&context.path(path))?;
    }
    fingerprint.add(tools.toolchain.version().as_bytes());
    // Their folders carry their versions.
    fingerprint.add(tools.bind.as_os_str().as_encoded_bytes());
    fingerprint.add(tools.wasm_opt.as_os_str().as_encoded_bytes());
    Ok(fingerprint.hex())
}

fn compile(
    context: &Context,
    toolchain: WasmToolchain,
    module: &Module,
    step: &Step<'_>,
) -> Result<(), Error> {
    let split = if module.later.is_some() { ",split" } else { "" };
    let job = toolchain.cargo().args([
        "rustc",
        "-p",
        "visualizer",
        "--lib",
        "--no-default-features",
        "--features",
        &format!("{}{split}", module.feature),
        "--profile",
        PROFILE,
        "--target",
        TARGET,
    ]);
    let job = if module.later.is_some() {
        // What is cut must know what refers to what.
        job.args(["--", "-Clink-arg=--emit-relocs"])
    } else {
        job
    };
    job.dir(&context.workspace.root)
        .run(
            step,
            "compilation du visualiseur",
            &context.workspace.log("wasm"),
        )
        .map(drop)
}

fn bind(
    context: &Context,
    tools: &WasmTools,
    module: &Module,
    step: &Step<'_>,
    work: &Path,
) -> Result<(), Error> {
    let built = context
        .workspace
        .target
        .join(TARGET)
        .join(PROFILE)
        .join("visualizer.wasm");
    Job::new(&tools.bind)
        .arg("web")
        .arg(built)
        .arg(module.name)
        .arg(work)
        .run(step, "bind", &context.workspace.log("bind"))
        .map(drop)
}

/// Returns the size of the smaller module, in bytes.
fn shrink(
    context: &Context,
    tools: &WasmTools,
    file: &str,
    step: &Step<'_>,
    work: &Path,
) -> Result<u64, Error> {
    let module = work.join(file).with_extension("wasm");
    let small = work.join("small.wasm");
    let job = Job::new("node")
        .arg(&tools.wasm_opt)
        .args(["-Oz", "--converge"])
        // Copies of a function that is called once compress worse than calls.
        .arg("--one-caller-inline-max-function-size=0")
        // True of what rustc makes: memory starts empty, and its first kilobyte is the end of the stack.
        .args(["--zero-filled-memory", "--low-memory-unused"])
        // Functions of a kind beside each other, and locals numbered by use: the compressor sees more of the same.
        .arg("--reorder-functions-by-name")
        .arg("--reorder-locals")
        .arg(&module)
        .arg("-o")
        .arg(&small);
    job.run(step, "wasm-opt", &context.workspace.log("wasm-opt"))?;
    fs::rename(&small, &module).map_err(Error::file("mettre en place", &module))?;
    fs::metadata(&module)
        .map(|meta| meta.len())
        .map_err(Error::file("lire", &module))
}

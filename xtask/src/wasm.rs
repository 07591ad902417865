//! The browser's half: Rust → wasm → bindings → small wasm, in `target/visualizer/`.
//!
//! A module for each kind of simulation comes of the one crate, under the simulation's name, and `live.js` for the live
//! mode, so that no page downloads another's code.
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

/// The modules: the crate's feature, and the name of the module.
const MODULES: [(&str, &str); 7] = [
    ("live", "live"),
    ("partitioning", "partitionnement"),
    ("rebalancing", "reequilibrage"),
    ("commits", "commits"),
    ("replication", "replication"),
    ("architecture", "architecture"),
    ("calculator", "calculateur"),
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
        for (feature, name) in MODULES {
            compile(context, tools.toolchain, feature, step)?;
            bind(context, tools, name, step, &work)?;
            let size = shrink(context, tools, name, step, &work)?;
            sizes.push(format!("{name} {} ko", size / 1000));
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
    fingerprint.add(tools.bindgen.as_os_str().as_encoded_bytes());
    fingerprint.add(tools.wasm_opt.as_os_str().as_encoded_bytes());
    Ok(fingerprint.hex())
}

fn compile(
    context: &Context,
    toolchain: WasmToolchain,
    feature: &str,
    step: &Step<'_>,
) -> Result<(), Error> {
    let job = toolchain.cargo().args([
        "build",
        "-p",
        "visualizer",
        "--no-default-features",
        "--features",
        feature,
        "--profile",
        PROFILE,
        "--target",
        TARGET,
    ]);
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
    name: &str,
    step: &Step<'_>,
    work: &Path,
) -> Result<(), Error> {
    let module = context
        .workspace
        .target
        .join(TARGET)
        .join(PROFILE)
        .join("visualizer.wasm");
    let job =
        Job::new(&tools.bindgen).args(["--target", "web", "--no-typescript", "--out-name", name]);
    let job = job.arg("--out-dir").arg(work).arg(module);
    job.run(step, "wasm-bindgen", &context.workspace.log("wasm-bindgen"))
        .map(drop)
}

/// Returns the size of the smaller module, in bytes.
fn shrink(
    context: &Context,
    tools: &WasmTools,
    name: &str,
    step: &Step<'_>,
    work: &Path,
) -> Result<u64, Error> {
    let module = work.join(format!("{name}_bg.wasm"));
    let small = work.join("small.wasm");
    let job = Job::new("node")
        .arg(&tools.wasm_opt)
        .arg("-Oz")
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

//! What the commands need beyond Cargo, found or installed. Each piece checks itself in milliseconds when it is there.

pub(crate) mod cargo_tool;
pub(crate) mod install;
pub(crate) mod node_package;
pub(crate) mod system;
pub(crate) mod wasm_toolchain;

use std::path::PathBuf;

use crate::context::Context;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::lockfile;
use cargo_tool::CargoTool;
use node_package::NodeTools;
use wasm_toolchain::WasmToolchain;

/// Trunk's version: the last one that builds with the workspace's Rust.
const TRUNK: &str = "0.21.14";

/// What turns the visualizer into what a browser loads.
pub(crate) struct WasmTools {
    /// The compiler.
    pub(crate) toolchain: WasmToolchain,
    /// What cuts a module into parts and makes their JavaScript side: `xtask/bind`.
    pub(crate) bind: PathBuf,
    /// wasm-opt's program.
    pub(crate) wasm_opt: PathBuf,
}

/// wasm-opt, pagefind, `bind` and a compiler for the browser.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn wasm_tools(context: &Context, node: &NodeTools) -> Result<WasmTools, Error> {
    let toolchain = wasm_toolchain::ensure(context)?;
    let bind = bind(context)?;
    Ok(WasmTools {
        toolchain,
        bind,
        wasm_opt: node.wasm_opt.clone(),
    })
}

/// Compiled from this repository's `xtask/bind`.
fn bind(context: &Context) -> Result<PathBuf, Error> {
    let source = context.path("xtask/bind");
    let mut fingerprint = Fingerprint::new();
    for part in ["Cargo.toml", "Cargo.lock", "src"] {
        fingerprint.add_path(&source.join(part))?;
    }
    CargoTool {
        package: "bind",
        source: Some(source),
        program: "bind",
        version: fingerprint.hex(),
        options: &["--locked"],
    }
    .ensure(context)
}

/// wasm-bindgen's own program, which Trunk calls. It must have the very version of the library that `Cargo.lock` pins.
///
/// # Errors
/// When it does not compile, or cannot be downloaded.
pub(crate) fn wasm_bindgen(context: &Context) -> Result<PathBuf, Error> {
    let version = lockfile::version(&context.path("Cargo.lock"), "wasm-bindgen")?;
    let options = &["--no-default-features"];
    CargoTool {
        package: "wasm-bindgen-cli",
        source: None,
        program: "wasm-bindgen",
        version,
        options,
    }
    .ensure(context)
}

/// Trunk, for those who know it; nothing else needs it.
///
/// # Errors
/// When it does not compile, or cannot be downloaded.
pub(crate) fn trunk(context: &Context) -> Result<PathBuf, Error> {
    let options = &["--locked", "--no-default-features", "--features", "rustls"];
    CargoTool {
        package: "trunk",
        source: None,
        program: "trunk",
        version: TRUNK.to_owned(),
        options,
    }
    .ensure(context)
}

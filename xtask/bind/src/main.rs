//! `bind TARGET MODULE.wasm NAME FOLDER`: writes `NAME.js` and `NAME_bg.wasm`, and what is to be loaded later, into a folder.
//!
//! The libraries of two well-known programs in one small one, which compiles in half the time of either:
//!
//! 1. `wasm-split` cuts the module where the source says so (Leptos's `wasm_split`); each part becomes `NAME_PART.wasm`, and
//!    `NAME_parts.js` loads them. A module without such places stays whole.
//! 2. `wasm-bindgen` makes the JavaScript side of the first part.
//! 3. Exports that nothing here calls go, and with them what only they reached.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

/// What the linker calls the places where `wasm-split` cuts.
const SEAM: &str = "__wasm_split_load_";
/// Exports of `wasm-streams`, which comes along with Leptos's server functions.
const UNUSED: &str = "intounderlying";
/// What the names of later parts begin with, as `wasm-split` writes them.
const PART: &str = "split_";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--version"] {
        println!("bind {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    let [target, module, name, folder] = arguments.as_slice() else {
        eprintln!("usage: bind web|nodejs MODULE.wasm NAME FOLDER");
        return ExitCode::from(2);
    };
    match run(target, Path::new(module), name, Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bind: {module}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(target: &str, module: &Path, name: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let input = fs::read(module)?;
    let cut = input
        .windows(SEAM.len())
        .any(|window| window == SEAM.as_bytes());
    let first = if cut {
        split(&input, name, folder)?
    } else {
        input
    };
    bind(target, first, cut, name, folder)
}

/// Writes the later parts, and returns the first.
fn split(input: &[u8], name: &str, folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let first = folder.join(format!("{name}.first.wasm"));
    let link = format!("./{name}_parts.js");
    let main = format!("./{name}.js");
    let mut options = Options::new(input);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.link_name = &link;
    options.main_module = &main;
    let parts = wasm_split_cli_support::transform(options)?;
    let link = folder.join(link);
    let mut loader = fs::read_to_string(&link)?;
    for part in parts.split_modules {
        let Some(old) = part.file_name().and_then(|file| file.to_str()) else {
            continue;
        };
        let Some(own) = old.strip_prefix(PART) else {
            continue;
        };
        let new = format!("{name}_{own}");
        loader = loader.replace(old, &new);
        fs::rename(folder.join(old), folder.join(new))?;
    }
    fs::write(&link, loader)?;
    let bytes = fs::read(&first)?;
    fs::remove_file(&first)?;
    Ok(bytes)
}

/// Writes the first part, of a module that was `cut` or not, and its JavaScript side.
fn bind(
    target: &str,
    module: Vec<u8>,
    cut: bool,
    name: &str,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(name, module)
        .out_name(name)
        .typescript(false)
        // The page does not say where the module is: beside its script.
        .omit_default_module_path(false)
        // The later parts take the first one's table of functions, which only the linker exports.
        .keep_lld_exports(cut);
    match target {
        "web" => bindgen.web(true)?,
        "nodejs" => bindgen.nodejs(true)?,
        other => return Err(format!("unknown target: {other}").into()),
    };
    let mut output = bindgen.generate_output()?;
    let exports = &mut output.wasm_mut().exports;
    let unused: Vec<_> = exports
        .iter()
        .filter(|export| export.name.contains(UNUSED))
        .map(|export| export.id())
        .collect();
    for id in unused {
        exports.delete(id);
    }
    output.emit(folder)?;
    Ok(())
}

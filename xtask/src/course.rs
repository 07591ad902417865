//! Builds everything a reader needs: the programs, the visualizer, the pages.

use std::path::Path;
use std::thread;

use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::setup::node_package::NodeTools;
use crate::setup::{self, WasmTools, node_package, system};
use crate::wasm;

/// Built and ready.
pub(crate) struct Built {
    /// The tools it took, for whoever builds again.
    pub(crate) wasm: WasmTools,
    /// wasm-opt and pagefind.
    pub(crate) node: NodeTools,
}

/// How the pages are made.
pub(crate) struct Pages<'a> {
    /// Where they go.
    pub(crate) out: &'a Path,
    /// The visualizer they load.
    pub(crate) visualizer: &'a Path,
    /// The path they are served under, when not `/`.
    pub(crate) base_path: Option<&'a str>,
    /// Their address in public, when not the course's own.
    pub(crate) base_url: Option<&'a str>,
    /// Folder of the PDF files that go with them.
    pub(crate) pdf: Option<&'a Path>,
    /// Whether a reader's browser may keep them: not where they are still being written.
    pub(crate) offline: bool,
}

/// Sets up what is missing and builds the `packages` beside the visualizer: two lines of work, since each of them alone
/// leaves a core idle at times.
///
/// # Errors
/// Those of the first line of work that fails.
pub(crate) fn programs(context: &Context, packages: &[&str]) -> Result<Built, Error> {
    system::ensure(context, system::BUILD)?;
    thread::scope(|scope| {
        let native = scope.spawn(|| binaries(context, packages));
        let browser = visualizer(context);
        let native = native
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        native.and(browser)
    })
}

/// The pages, from the release generator and the built visualizer.
///
/// # Errors
/// When the content has errors; the generator has shown them.
pub(crate) fn pages(context: &Context, node: &NodeTools, pages: &Pages<'_>) -> Result<(), Error> {
    let mut job = Job::new(context.workspace.binary("site"))
        .args(["build", "--compress", "--content"])
        .arg(context.path("content"))
        .arg("--visualizer")
        .arg(pages.visualizer)
        .arg("--pagefind")
        .arg(&node.pagefind)
        .arg("--out")
        .arg(pages.out);
    if let Some(path) = pages.base_path {
        job = job.args(["--base-path", path]);
    }
    if let Some(url) = pages.base_url {
        job = job.args(["--base-url", url]);
    }
    if let Some(folder) = pages.pdf {
        job = job.arg("--pdf").arg(folder);
    }
    if !pages.offline {
        job = job.arg("--no-offline");
    }
    write(context, job)
}

/// Runs the generator; when it fails, every error it found is shown, however many there are.
fn write(context: &Context, job: Job) -> Result<(), Error> {
    let log = context.workspace.log("site");
    context.console.step("Pages du cours", |step| {
        let ended = job.dir(&context.workspace.root).run_to_end(step, &log)?;
        if ended.success {
            step.result(ended.output.lines().last().unwrap_or_default());
            return Ok(());
        }
        step.console().say(&ended.output);
        Err(Error::ChecksFailed)
    })
}

/// Release binaries of the workspace.
///
/// # Errors
/// When they do not compile.
pub(crate) fn binaries(context: &Context, packages: &[&str]) -> Result<(), Error> {
    let label = match packages {
        [one] => format!("Compilation de {one}"),
        several => format!("Compilation de {}", several.join(" et ")),
    };
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    context
        .run(
            &label,
            Job::cargo()
                .args(["build", "--release", "--locked"])
                .args(packages),
        )
        .map(drop)
}

fn visualizer(context: &Context) -> Result<Built, Error> {
    let node = node_package::ensure_tools(context)?;
    let wasm = setup::wasm_tools(context, &node)?;
    wasm::build(context, &wasm)?;
    Ok(Built { wasm, node })
}

impl<'a> Pages<'a> {
    /// The course in `out`, with the visualizer that [`programs`] builds, as the course's own file says.
    pub(crate) fn new(out: &'a Path, visualizer: &'a Path) -> Self {
        Self {
            out,
            visualizer,
            base_path: None,
            base_url: None,
            pdf: None,
            offline: true,
        }
    }
}

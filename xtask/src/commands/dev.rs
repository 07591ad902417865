//! `dev`: the generator watches the content, the server tells the page, and this watches the visualizer's sources.

use std::thread;
use std::time::{Duration, SystemTime};

use crate::cli::Serve;
use crate::commands::serve;
use crate::context::Context;
use crate::course;
use crate::error::Error;
use crate::fingerprint::files_under;
use crate::process::Job;
use crate::service::Service;
use crate::setup::WasmTools;
use crate::wasm;

/// How often the visualizer's sources are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Serves and rebuilds until Ctrl-C.
///
/// # Errors
/// When something does not build at first, or a program stops by itself.
pub(super) fn run(context: &Context, options: &Serve) -> Result<(), Error> {
    let built = course::programs(context, &["site", "server"])?;
    let out = context.workspace.dist();
    let generator = Job::new(context.workspace.binary("site"))
        .dir(&context.workspace.root)
        .args(["watch", "--dev", "--content"])
        .arg(context.path("content"))
        .arg("--visualizer")
        .arg(context.workspace.visualizer())
        .arg("--pagefind")
        .arg(&built.node.pagefind)
        .arg("--out")
        .arg(&out);
    let server = serve::server(context, options, &out).arg("--reload");
    let services = vec![Service::start(generator)?, Service::start(server)?];
    let watcher = context.clone();
    thread::spawn(move || watch_visualizer(&watcher, &built.wasm));
    Service::wait_all(services)
}

/// Builds the visualizer anew when its sources change; the generator notices the result.
fn watch_visualizer(context: &Context, tools: &WasmTools) {
    let mut seen = last_change(context);
    loop {
        thread::sleep(LOOK);
        let now = last_change(context);
        if now == seen {
            continue;
        }
        seen = now;
        if let Err(error) = wasm::build(context, tools) {
            context.console.say(&error.to_string());
        }
    }
}

/// The latest date and the number of the visualizer's files.
fn last_change(context: &Context) -> Option<(SystemTime, usize)> {
    let files = files_under(&context.path("visualizer")).ok()?;
    let dates = files
        .iter()
        .filter_map(|file| file.metadata().and_then(|meta| meta.modified()).ok());
    Some((dates.max()?, files.len()))
}

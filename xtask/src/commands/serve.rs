//! `serve`: build everything, then serve it.

use std::path::Path;

use crate::cli::Serve;
use crate::context::Context;
use crate::course::{self, Pages};
use crate::error::Error;
use crate::process::Job;
use crate::service::Service;

/// Builds what changed and serves until Ctrl-C.
///
/// # Errors
/// When something does not build, or the server stops by itself.
pub(super) fn run(context: &Context, options: &Serve) -> Result<(), Error> {
    let built = course::programs(context, &["site", "server"])?;
    let out = context.workspace.dist();
    course::pages(
        context,
        &built.node,
        &Pages::new(&out, &context.workspace.visualizer()),
    )?;
    context.console.say("Ctrl-C pour arrêter.");
    Service::wait_all(vec![Service::start(server(context, options, &out))?])
}

/// The server, told what to serve and what to observe.
pub(super) fn server(context: &Context, options: &Serve, dist: &Path) -> Job {
    let mut job = Job::new(context.workspace.binary("server"))
        .dir(&context.workspace.root)
        .arg("--dist")
        .arg(dist);
    for (name, value) in [
        ("--addr", &options.addr),
        ("--kafka", &options.kafka),
        ("--topic", &options.topic),
    ] {
        if let Some(value) = value {
            job = job.args([name, value]);
        }
    }
    job
}

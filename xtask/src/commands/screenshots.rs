//! `screenshots`: the README's pictures, from the real course.

use crate::commands::test::start_server;
use crate::context::Context;
use crate::course::{self, Pages};
use crate::error::Error;
use crate::process::Job;
use crate::setup::{node_package, system};

/// Takes the pictures into `site/screenshots/`.
///
/// # Errors
/// When something does not build, or the browser fails.
pub(super) fn run(context: &Context) -> Result<(), Error> {
    system::ensure(context, system::BROWSER)?;
    let built = course::programs(context, &["site", "server"])?;
    node_package::ensure_test_libraries(context)?;
    let node = node_package::ensure_node(context)?;
    let dist = context.workspace.dist();
    course::pages(
        context,
        &built.node,
        &Pages::new(&dist, &context.workspace.visualizer()),
    )?;
    let (_server, address) = start_server(context, &dist)?;
    let job = Job::new(node)
        .arg(context.path("xtask/browser/screenshots.js"))
        .arg(context.path("site/screenshots"))
        .env("COURSE_URL", format!("http://{address}/"))
        .env(
            "CHROMIUM",
            system::BROWSER
                .iter()
                .find_map(system::find)
                .unwrap_or_default(),
        );
    context.run("Captures d'écran", job).map(drop)
}

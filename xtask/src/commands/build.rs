//! `build`: a folder that any static host can serve.

use std::fs;
use std::path::Path;

use crate::cli::Build;
use crate::context::Context;
use crate::course::{self, Pages};
use crate::error::Error;
use crate::process::Job;
use crate::setup::{node_package, system};

/// Builds the site.
///
/// # Errors
/// When something does not build.
pub(super) fn run(context: &Context, options: &Build) -> Result<(), Error> {
    if options.pdf {
        system::ensure(context, system::BROWSER)?;
    }
    let built = course::programs(context, &["site"])?;
    let current = std::env::current_dir().map_err(Error::file("lire", &context.workspace.root))?;
    let out = options
        .out
        .as_ref()
        .map_or_else(|| context.workspace.dist(), |out| current.join(out));
    let visualizer = context.workspace.visualizer();
    let printed = context.workspace.target.join("xtask/pdf");
    if options.pdf {
        print(context, &built.node, &printed)?;
    }
    let pages = Pages {
        base_path: options.base_path.as_deref(),
        base_url: options.base_url.as_deref(),
        pdf: options.pdf.then_some(printed.as_path()),
        ..Pages::new(&out, &visualizer)
    };
    course::pages(context, &built.node, &pages)?;
    println!("Site construit dans {}", out.display());
    Ok(())
}

/// Prints the days and blocs of a first site into `folder`: the site that is asked for can then link to what there is.
///
/// # Errors
/// When that site does not build, or Chromium fails.
fn print(context: &Context, tools: &node_package::NodeTools, folder: &Path) -> Result<(), Error> {
    node_package::ensure_test_libraries(context)?;
    let node = node_package::ensure_node(context)?;
    let site = context.workspace.target.join("xtask/printed-site");
    course::pages(
        context,
        tools,
        &Pages::new(&site, &context.workspace.visualizer()),
    )?;
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::file("supprimer", folder)(error));
        }
        _ => {}
    }
    let chromium = system::BROWSER
        .iter()
        .find_map(system::find)
        .unwrap_or_default();
    let job = Job::new(node)
        .arg(context.path("xtask/browser/pdf.js"))
        .arg(site)
        .arg(folder)
        .env("CHROMIUM", chromium);
    context.run("PDF des jours et des blocs", job).map(drop)
}

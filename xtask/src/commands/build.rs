//! `build`: a folder that any static host can serve.

use crate::cli::Build;
use crate::context::Context;
use crate::course::{self, Pages};
use crate::error::Error;

/// Builds the site.
///
/// # Errors
/// When something does not build.
pub(super) fn run(context: &Context, options: &Build) -> Result<(), Error> {
    let built = course::programs(context, &["site"])?;
    let current = std::env::current_dir().map_err(Error::file("lire", &context.workspace.root))?;
    let out = options
        .out
        .as_ref()
        .map_or_else(|| context.workspace.dist(), |out| current.join(out));
    let visualizer = context.workspace.visualizer();
    let pages = Pages {
        base_path: options.base_path.as_deref(),
        base_url: options.base_url.as_deref(),
        ..Pages::new(&out, &visualizer)
    };
    course::pages(context, &built.node, &pages)?;
    println!("Site construit dans {}", out.display());
    Ok(())
}

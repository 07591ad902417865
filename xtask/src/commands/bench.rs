//! `bench`: the figures the product is held to.

use crate::context::Context;
use crate::error::Error;
use crate::process::{Job, Service};
use crate::setup::system;

/// Crate, example: each prints its own lines.
const EXAMPLES: [(&str, &str); 3] = [
    ("site", "bench"),
    ("engine", "throughput"),
    ("server", "bench"),
];

/// Runs every measure in release mode, one after the other.
///
/// # Errors
/// When one does not build or fails.
pub(super) fn run(context: &Context) -> Result<(), Error> {
    system::ensure(context, system::BUILD)?;
    for (package, example) in EXAMPLES {
        let select = ["--package", package, "--example", example];
        let label = format!("Compilation de la mesure « {package} »");
        context.run(
            &label,
            Job::cargo()
                .args(["build", "--release", "--locked"])
                .args(select),
        )?;
        println!("\n── {package} ──");
        let program = context
            .workspace
            .target
            .join("release/examples")
            .join(example);
        if !Service::wait(Job::new(program).dir(&context.workspace.root).start()?)?.success() {
            return Err(Error::ChecksFailed);
        }
    }
    Ok(())
}

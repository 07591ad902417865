//! `bench`: the figures the product is held to.

use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::service::Service;
use crate::setup::system;

/// Crate, example, arguments: each prints its own lines. The server's: 100 browsers, 10 seconds, no pause.
const EXAMPLES: [(&str, &str, &[&str]); 3] = [
    ("site", "bench", &[]),
    ("engine", "throughput", &[]),
    ("server", "load", &["100", "10", "0"]),
];

/// Runs every measure in release mode, one after the other.
///
/// # Errors
/// When one does not build or fails.
pub(super) fn run(context: &Context) -> Result<(), Error> {
    system::ensure(context, system::BUILD)?;
    for (package, example, args) in EXAMPLES {
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
        let job = Job::new(program).args(args).dir(&context.workspace.root);
        if !Service::start(job)?.wait()?.success() {
            return Err(Error::ChecksFailed);
        }
    }
    Ok(())
}

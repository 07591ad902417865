//! `check`: the content alone, in seconds.

use crate::context::Context;
use crate::course;
use crate::error::Error;
use crate::process::Job;
use crate::service::Service;
use crate::setup::system;

/// Checks the content with the generator, which shows every error in its place.
///
/// # Errors
/// When the generator does not build, or the content has errors.
pub(super) fn run(context: &Context) -> Result<(), Error> {
    system::ensure(context, system::COMPILER)?;
    course::binaries(context, &["site"])?;
    let site = Job::new(context.workspace.binary("site")).dir(&context.workspace.root);
    let job = site
        .args(["check", "--content"])
        .arg(context.path("content"));
    if Service::start(job)?.wait()?.success() {
        Ok(())
    } else {
        Err(Error::ChecksFailed)
    }
}

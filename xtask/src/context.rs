//! What every command receives.

use std::path::PathBuf;

use crate::error::Error;
use crate::process::Job;
use crate::progress::Console;
use crate::workspace::Workspace;

/// The folders and the screen.
#[derive(Clone)]
pub(crate) struct Context {
    /// Where things are.
    pub(crate) workspace: Workspace,
    /// Where progress is shown.
    pub(crate) console: Console,
}

impl Context {
    /// Finds the folders and opens the screen.
    ///
    /// # Errors
    /// When the person has no home folder.
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self {
            workspace: Workspace::find()?,
            console: Console::new(),
        })
    }

    /// A path in the repository.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.workspace.root.join(relative)
    }

    /// Runs one program in the repository as one step, and returns its output.
    ///
    /// # Errors
    /// Those of [`Job::run`].
    pub(crate) fn run(&self, label: &str, job: Job) -> Result<String, Error> {
        let log = self.workspace.log(label);
        self.console.step(label, |step| {
            job.dir(&self.workspace.root).run(step, label, &log)
        })
    }
}

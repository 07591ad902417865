//! Programs that keep running beside this one: servers, watchers, Trunk.

use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::interrupt::{self, Group};
use crate::process::{Job, describe};

/// How often the programs are looked at.
const POLL: Duration = Duration::from_millis(20);
/// How long a program may take to end once told to.
const GRACE: Duration = Duration::from_secs(6);

/// A program that runs until it is told to stop, or stops by itself; dropping it ends it.
pub(crate) struct Service {
    command: String,
    child: Child,
    group: Group,
}

impl Service {
    /// Starts a program that shares this terminal's output.
    ///
    /// # Errors
    /// When it cannot start.
    pub(crate) fn start(job: Job) -> Result<Self, Error> {
        let command = job.shown();
        let child = job
            .into_command()
            .spawn()
            .map_err(|source| Error::NotStarted {
                program: command.clone(),
                source,
            })?;
        let group = Group::register(child.id());
        Ok(Self {
            command,
            child,
            group,
        })
    }

    /// Waits until the program, or any of the others, ends.
    ///
    /// # Errors
    /// [`Error::Interrupted`] when the person asked to stop; otherwise the first program that ended, which none should.
    pub(crate) fn wait_all(mut services: Vec<Self>) -> Result<(), Error> {
        loop {
            for service in &mut services {
                if let Some(status) = service.ended()? {
                    return Err(if interrupt::requested() {
                        Error::Interrupted
                    } else {
                        Error::Stopped {
                            command: service.command.clone(),
                            status: describe(status),
                        }
                    });
                }
            }
            thread::sleep(POLL);
        }
    }

    /// Waits until the program ends.
    ///
    /// # Errors
    /// [`Error::Interrupted`] when the person asked to stop.
    pub(crate) fn wait(mut self) -> Result<ExitStatus, Error> {
        loop {
            match self.ended()? {
                _ if interrupt::requested() => return Err(Error::Interrupted),
                Some(status) => return Ok(status),
                None => thread::sleep(POLL),
            }
        }
    }

    /// How it ended, if it did.
    ///
    /// # Errors
    /// When the system has lost the process.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.child.try_wait().map_err(|source| Error::NotStarted {
            program: self.command.clone(),
            source,
        })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.group.end();
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(POLL);
        }
        self.group.kill();
        let _ = self.child.wait();
    }
}

//! Ctrl-C, a closed terminal, a `kill`: every child must end too, with its own children.
//!
//! Each child leads a process group. On a signal the groups are asked to end (SIGTERM); after a grace period, or on a
//! second signal, they are ended (SIGKILL). The main thread sees its children gone, finds [`requested`] true and
//! leaves with code 130; should it be stuck, the timer leaves in its place.

use std::collections::BTreeSet;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// How long children may take to end by themselves.
const GRACE: Duration = Duration::from_secs(8);

static REQUESTED: AtomicBool = AtomicBool::new(false);
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// Catches SIGINT, SIGTERM and SIGHUP from now on.
///
/// # Errors
/// When the system refuses the handler.
pub(crate) fn install() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            signal_groups(Signal::SIGKILL);
            return;
        }
        signal_groups(Signal::SIGTERM);
        thread::spawn(|| {
            thread::sleep(GRACE);
            signal_groups(Signal::SIGKILL);
            thread::sleep(Duration::from_secs(1));
            process::exit(130);
        });
    })
}

/// Has the person asked to stop?
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// A child's process group, ended with this process unless it ends first.
pub(crate) struct Group(i32);

impl Group {
    /// Registers the group that the process `id` leads.
    pub(crate) fn register(id: u32) -> Self {
        let id = id.cast_signed();
        groups().insert(id);
        let group = Self(id);
        if requested() {
            group.end();
        }
        group
    }

    /// Asks the group to end.
    pub(crate) fn end(&self) {
        let _ = killpg(Pid::from_raw(self.0), Signal::SIGTERM);
    }

    /// Ends the group.
    pub(crate) fn kill(&self) {
        let _ = killpg(Pid::from_raw(self.0), Signal::SIGKILL);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        groups().remove(&self.0);
    }
}

fn groups() -> std::sync::MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn signal_groups(signal: Signal) {
    for group in groups().iter() {
        let _ = killpg(Pid::from_raw(*group), signal);
    }
}

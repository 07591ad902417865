//! One signal that ends everything: set once, seen by threads (which sleep on it) and by tasks (which await it).

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The order to stop. Clones share the same order; it cannot be taken back.
#[derive(Clone, Debug)]
pub struct Stop {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    stopped: Mutex<bool>,
    threads: Condvar,
    tasks: watch::Sender<bool>,
}

impl Stop {
    /// An order that has not been given yet.
    pub fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                stopped: Mutex::new(false),
                threads: Condvar::new(),
                tasks: watch::Sender::new(false),
            }),
        }
    }

    /// Gives the order. Giving it again changes nothing.
    pub fn set(&self) {
        *self
            .shared
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.threads.notify_all();
        self.shared.tasks.send_replace(true);
    }

    /// Whether the order was given.
    pub fn is_set(&self) -> bool {
        *self
            .shared
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps the calling thread for `time`, or until the order is given. Returns whether it was.
    pub fn sleep(&self, time: Duration) -> bool {
        let stopped = self
            .shared
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (stopped, _) = self
            .shared
            .threads
            .wait_timeout_while(stopped, time, |stopped| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        *stopped
    }

    /// Completes when the order is given.
    pub async fn wait(&self) {
        let mut tasks = self.shared.tasks.subscribe();
        // The sender lives as long as `self`, so the only way out is the order itself.
        let _ = tasks.wait_for(|stopped| *stopped).await;
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

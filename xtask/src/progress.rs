//! What is being done and for how long.
//!
//! On a terminal, one line at the bottom shows the running steps, their elapsed time and the last thing their program
//! said. Elsewhere (CI, a file), plain lines: one when a step starts, one every half minute, one when it ends.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::elapsed::French;
use crate::error::Error;

/// How often the terminal's line is redrawn.
const REDRAW: Duration = Duration::from_millis(200);
/// How often a step says that it is still running, without a terminal.
const REPORT: Duration = Duration::from_secs(30);
/// A step that ends before this was only a check, not worth a line of its own when it starts.
const INSTANT: Duration = Duration::from_millis(400);

/// Shows the steps of a command; clones show on the same screen.
#[derive(Clone)]
pub(crate) struct Console(Arc<Mutex<Screen>>);

struct Screen {
    terminal: bool,
    width: usize,
    next: usize,
    running: Vec<Running>,
}

struct Running {
    id: usize,
    label: String,
    since: Instant,
    announced: Option<Instant>,
    note: String,
    result: Option<String>,
}

/// A running step.
pub(crate) struct Step<'a> {
    console: &'a Console,
    id: usize,
}

impl Console {
    /// A console on standard error; its clock stops with the last clone.
    pub(crate) fn new() -> Self {
        let width = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok())
            .unwrap_or(80);
        let screen = Screen {
            terminal: io::stderr().is_terminal(),
            width,
            next: 0,
            running: Vec::new(),
        };
        let screen = Arc::new(Mutex::new(screen));
        let weak = Arc::downgrade(&screen);
        thread::spawn(move || {
            while let Some(screen) = weak.upgrade() {
                lock(&screen).tick();
                drop(screen);
                thread::sleep(REDRAW);
            }
        });
        Self(screen)
    }

    /// Runs `work` as a step called `label` (a noun phrase in French), and says how it ended.
    ///
    /// # Errors
    /// Those of `work`.
    pub(crate) fn step<T>(
        &self,
        label: &str,
        work: impl FnOnce(&Step<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let id = lock(&self.0).start(label);
        let outcome = work(&Step { console: self, id });
        lock(&self.0).end(id, outcome.is_ok());
        outcome
    }

    /// Prints a line of its own.
    pub(crate) fn say(&self, line: &str) {
        lock(&self.0).print(line);
    }
}

impl Step<'_> {
    /// What the step is at: the last line of its program that says something.
    pub(crate) fn note(&self, line: &str) {
        if !line.contains(char::is_alphabetic) {
            return;
        }
        if let Some(step) = lock(&self.console.0)
            .running
            .iter_mut()
            .find(|step| step.id == self.id)
        {
            line.trim().clone_into(&mut step.note);
        }
    }

    /// What the step found or did, shown when it ends.
    pub(crate) fn result(&self, text: impl Into<String>) {
        if let Some(step) = lock(&self.console.0)
            .running
            .iter_mut()
            .find(|step| step.id == self.id)
        {
            step.result = Some(text.into());
        }
    }

    /// The console that shows the step.
    pub(crate) fn console(&self) -> &Console {
        self.console
    }
}

fn lock(screen: &Mutex<Screen>) -> MutexGuard<'_, Screen> {
    screen.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Screen {
    fn start(&mut self, label: &str) -> usize {
        self.next += 1;
        let (id, since) = (self.next, Instant::now());
        let label = label.to_owned();
        self.running.push(Running {
            id,
            label,
            since,
            announced: None,
            note: String::new(),
            result: None,
        });
        id
    }

    fn end(&mut self, id: usize, good: bool) {
        let Some(index) = self.running.iter().position(|step| step.id == id) else {
            return;
        };
        let step = self.running.remove(index);
        let mark = if good { '✓' } else { '✗' };
        let result = step
            .result
            .map(|text| format!(" : {text}"))
            .unwrap_or_default();
        self.print(&format!(
            "{mark} {}{result} ({})",
            step.label,
            French(step.since.elapsed())
        ));
    }

    fn print(&mut self, line: &str) {
        let clear = if self.terminal { "\r\x1b[2K" } else { "" };
        eprintln!("{clear}{line}");
        self.draw();
    }

    fn tick(&mut self) {
        if self.terminal {
            self.draw();
            return;
        }
        for step in &mut self.running {
            let elapsed = step.since.elapsed();
            match step.announced {
                None if elapsed >= INSTANT => eprintln!("… {}", step.label),
                Some(last) if last.elapsed() >= REPORT => {
                    eprintln!(
                        "… {}, depuis {} — {}",
                        step.label,
                        French(elapsed),
                        step.note
                    );
                }
                _ => continue,
            }
            step.announced = Some(Instant::now());
        }
    }

    /// Redraws the bottom line of the terminal.
    fn draw(&self) {
        if !self.terminal || self.running.is_empty() {
            return;
        }
        let parts: Vec<String> = self.running.iter().map(Running::shown).collect();
        let line: String = parts
            .join("  │  ")
            .chars()
            .take(self.width.saturating_sub(1))
            .collect();
        let mut out = io::stderr().lock();
        let _ = write!(out, "\r\x1b[2K{line}");
        let _ = out.flush();
    }
}

impl Running {
    fn shown(&self) -> String {
        let note = if self.note.is_empty() {
            String::new()
        } else {
            format!(" — {}", self.note)
        };
        format!("… {} {}{note}", self.label, French(self.since.elapsed()))
    }
}

//! Runs other programs: each in a process group of its own (so that Ctrl-C reaches its children), without standard
//! input, its output kept in a log and shown only when it failed.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write, pipe};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::interrupt::{self, Group};
use crate::progress::Step;

/// How often a silent program is looked at.
const POLL: Duration = Duration::from_millis(100);
/// A program that ended may leave a child that holds its output open: how long to listen after its end.
const AFTER_END: Duration = Duration::from_secs(1);

/// A program about to run.
pub(crate) struct Job {
    command: Command,
    limit: Option<Duration>,
}

/// How a program ended.
pub(crate) struct Ended {
    /// Did it succeed?
    pub(crate) success: bool,
    /// Standard output and error, as they came.
    pub(crate) output: String,
}

impl Job {
    /// A job for `program`, found in the `PATH` unless it is a path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).process_group(0);
        Self {
            command,
            limit: None,
        }
    }

    /// Cargo, the one that runs this program.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// Adds an argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<I: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = I>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes an environment variable.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets the folder to run in.
    pub(crate) fn dir(mut self, path: &Path) -> Self {
        self.command.current_dir(path);
        self
    }

    /// Gives the program a file to read.
    pub(crate) fn input(mut self, file: fs::File) -> Self {
        self.command.stdin(file);
        self
    }

    /// Sets the time after which the program is ended.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The command line, for messages.
    pub(crate) fn shown(&self) -> String {
        let program = Path::new(self.command.get_program());
        let name = program.file_name().unwrap_or(program.as_os_str());
        let words = std::iter::once(name).chain(self.command.get_args());
        words
            .map(|word| word.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Runs to a successful end and returns the output.
    ///
    /// # Errors
    /// When the program cannot start, fails, takes too long, or the person interrupts.
    pub(crate) fn run(self, step: &Step<'_>, name: &str, log: &Path) -> Result<String, Error> {
        let command = self.shown();
        let (status, output) = self.observe(log, |line| step.note(line))?;
        if status.success() {
            return Ok(output);
        }
        Err(Error::Failed {
            step: name.to_owned(),
            command,
            status: describe(status),
            output,
            log: log.to_path_buf(),
        })
    }

    /// Runs to its end, good or bad.
    ///
    /// # Errors
    /// When the program cannot start, takes too long, or the person interrupts.
    pub(crate) fn run_to_end(self, step: &Step<'_>, log: &Path) -> Result<Ended, Error> {
        let (status, output) = self.observe(log, |line| step.note(line))?;
        Ok(Ended {
            success: status.success(),
            output,
        })
    }

    /// The trimmed output of a short program, or nothing when it cannot run or fails.
    pub(crate) fn query(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// What a short program says against its input: nothing when it succeeds.
    ///
    /// # Errors
    /// When it cannot start.
    pub(crate) fn complaint(mut self) -> Result<Option<String>, Error> {
        let program = self.shown();
        let output = self
            .command
            .output()
            .map_err(|source| Error::NotStarted { program, source })?;
        Ok(
            (!output.status.success())
                .then(|| String::from_utf8_lossy(&output.stderr).into_owned()),
        )
    }

    /// Gives up the command, to be run otherwise.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    fn observe(
        mut self,
        log: &Path,
        mut each: impl FnMut(&str),
    ) -> Result<(ExitStatus, String), Error> {
        let command = self.shown();
        let mut file = create_log(log)?;
        let not_started = |source| Error::NotStarted {
            program: command.clone(),
            source,
        };
        let (reader, writer) = pipe().map_err(not_started)?;
        let copy = writer.try_clone().map_err(not_started)?;
        let mut child = self
            .command
            .stdout(copy)
            .stderr(writer)
            .spawn()
            .map_err(not_started)?;
        // The command owns the pipe's writing ends: they must close for the reader to see the end.
        let limit = self.limit;
        drop(self);
        let group = Group::register(child.id());
        let lines = read_lines(reader);
        let mut output = String::new();
        let status = wait(&mut child, &group, &lines, limit, &command, |line| {
            each(line);
            output.push_str(line);
            output.push('\n');
            let _ = writeln!(file, "{line}");
        })?;
        Ok((status, output))
    }
}

/// Listens until the program has ended and said everything.
fn wait(
    child: &mut Child,
    group: &Group,
    lines: &Receiver<String>,
    limit: Option<Duration>,
    command: &str,
    mut each: impl FnMut(&str),
) -> Result<ExitStatus, Error> {
    let started = Instant::now();
    let mut ended: Option<(ExitStatus, Instant)> = None;
    let lost = |source| Error::NotStarted {
        program: command.to_owned(),
        source,
    };
    loop {
        match lines.recv_timeout(POLL) {
            Ok(line) => each(&line),
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait().map_err(lost)?;
                return if interrupt::requested() {
                    Err(Error::Interrupted)
                } else {
                    Ok(status)
                };
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(limit) = limit.filter(|limit| started.elapsed() > *limit) {
            group.kill();
            let _ = child.wait();
            return Err(Error::TimedOut {
                command: command.to_owned(),
                limit,
            });
        }
        match ended {
            Some((status, at)) if at.elapsed() > AFTER_END => return Ok(status),
            Some(_) => {}
            None => {
                let status = child.try_wait().map_err(lost)?;
                ended = status.map(|status| (status, Instant::now()));
            }
        }
    }
}

/// Reads lines in a thread of their own; a carriage return ends a line too (progress bars).
fn read_lines(reader: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            let text = String::from_utf8_lossy(&bytes);
            let line = text.trim_end_matches(['\r', '\n']);
            let last = line.rsplit('\r').next().unwrap_or(line);
            if sender.send(last.to_owned()).is_err() {
                return;
            }
            bytes.clear();
        }
    });
    receiver
}

fn create_log(path: &Path) -> Result<fs::File, Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(Error::file("créer", parent))?;
    }
    fs::File::create(path).map_err(Error::file("créer", path))
}

/// An exit code or a signal, in French.
pub(crate) fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "fin inconnue".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Console;
    use crate::scratch::Scratch;

    fn run(scratch: &Scratch, script: &str, limit: Option<Duration>) -> Result<String, Error> {
        let console = Console::new();
        console.step("essai", |step| {
            let mut job = Job::new("sh").args(["-c", script]);
            job.limit = limit;
            job.run(step, "essai", &scratch.path().join("log"))
        })
    }

    #[test]
    fn both_outputs_are_kept_in_order_and_logged() {
        let scratch = Scratch::new("process-order");
        let output = run(&scratch, "echo un; echo deux >&2; printf trois", None).unwrap();
        assert_eq!(output, "un\ndeux\ntrois\n");
        assert_eq!(
            fs::read_to_string(scratch.path().join("log")).unwrap(),
            output
        );
    }

    #[test]
    fn a_failure_carries_code_and_output() {
        let scratch = Scratch::new("process-failure");
        let error = run(&scratch, "echo raison; exit 3", None)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("code 3") && error.contains("raison"),
            "{error}"
        );
    }

    #[test]
    fn a_program_over_its_limit_ends_with_its_children() {
        let scratch = Scratch::new("process-limit");
        let pid = scratch.path().join("pid");
        let script = format!("sleep 60 & echo $! > {}; wait", pid.display());
        let error = run(&scratch, &script, Some(Duration::from_millis(600))).unwrap_err();
        assert!(matches!(error, Error::TimedOut { .. }));
        let child = fs::read_to_string(pid).unwrap();
        assert!(is_gone(child.trim()), "still running: {child}");
    }

    /// The system takes a moment to end a process that was told to.
    fn is_gone(process: &str) -> bool {
        let state = || fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        (0..200).any(|_| {
            thread::sleep(Duration::from_millis(20));
            state().is_empty() || state().contains(") Z ")
        })
    }

    #[test]
    fn a_missing_program_is_named() {
        let scratch = Scratch::new("process-missing");
        let console = Console::new();
        let error = console
            .step("essai", |step| {
                Job::new("no-such-program").run(step, "essai", &scratch.path().join("log"))
            })
            .unwrap_err();
        assert!(error.to_string().contains("no-such-program"));
    }
}

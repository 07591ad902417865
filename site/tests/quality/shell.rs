//! Shell by bash itself, which reads without running (`bash -n`).

use std::io::Write as _;
use std::process::{Command, Stdio};

/// The first error in the script `text`: its line from 0, and bash's words.
pub(crate) fn error(text: &str) -> Option<(usize, String)> {
    let mut child = Command::new("bash")
        .arg("-n")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash, to read the listings");
    // A child that stops reading at the first error closes the pipe: what it said is what counts.
    let _ = child
        .stdin
        .take()
        .map(|mut input| input.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("bash ends");
    if output.status.success() {
        return None;
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or_default();
    let line = first
        .split_once("line ")
        .and_then(|(_, rest)| rest.split(':').next())
        .and_then(|number| number.parse::<usize>().ok())
        .unwrap_or(1);
    let words = first.rsplit_once(": ").map_or(first, |(_, words)| words);
    Some((line - 1, words.to_owned()))
}

/// The commands of a session, as the generator shows them: what follows `$ `, with the lines that a `\` continues. Every
/// other line, printed by the commands, is left empty, so that lines keep their numbers.
pub(crate) fn commands(session: &str) -> String {
    let mut out = String::new();
    let mut continued = false;
    for line in session.lines() {
        let command = line.strip_prefix("$ ").or(continued.then_some(line));
        continued = command.is_some_and(|command| command.ends_with('\\'));
        out.push_str(command.unwrap_or_default());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_their_commands() {
        let session = "$ echo a \\\n    b\na (b\n$ true\n";
        assert_eq!(commands(session), "echo a \\\n    b\n\ntrue\n");
        assert_eq!(error(&commands(session)), None);
    }

    #[test]
    fn an_error_has_its_line() {
        let (line, said) = error("echo a\nif true; then\necho )\nfi\n").unwrap();
        assert_eq!(line, 2, "{said}");
        assert!(error("echo 'a\n").is_some());
    }
}

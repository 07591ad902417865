//! Actions that wait for a record: the `=== harness` part of a trace.

use crate::Outcome;
use crate::scenario::duration;
use std::time::Duration;

/// An action that waits for a record instead of a clock.
pub(crate) struct Trigger {
    /// The text of the action.
    pub(crate) action: String,
    pub(crate) client: String,
    /// The how-manieth record that the client begins, from 1.
    pub(crate) record: usize,
    /// How long after its beginning.
    pub(crate) after: Duration,
}

/// Reads one per line.
pub(crate) fn read(text: &str) -> Outcome<Vec<Trigger>> {
    text.lines().map(trigger).collect()
}

/// `crash C1: record 7 of C1 + 500ms`.
fn trigger(line: &str) -> Outcome<Trigger> {
    let form = || format!("ACTION: record N of CLIENT + TIME, not {line}");
    let (action, rest) = line.split_once(": ").ok_or_else(form)?;
    let words: Vec<&str> = rest.split(' ').collect();
    let ["record", number, "of", client, "+", after] = words[..] else {
        return Err(form().into());
    };
    Ok(Trigger {
        action: action.to_owned(),
        client: client.to_owned(),
        record: number.parse()?,
        after: duration(after)?,
    })
}

//! Plays a scenario of consumers on the real cluster.

use crate::client::{Client, Group, Journal, Programs, heard, note_action, ready};
use crate::coordinator::Follower;
use crate::observed::Seen;
use crate::producer;
use crate::scenario::{Action, Scenario, Step, Timed};
use crate::trigger::Trigger;
use crate::{Outcome, now};
use nix::sys::signal::Signal;
use std::thread;
use std::time::{Duration, Instant};

/// How long after its scheduled instant an action may wait for its record.
const TRIGGER_WITHIN: Duration = Duration::from_secs(20);
/// What the coordinator wrote last must reach its follower.
const FOLLOW: Duration = Duration::from_millis(500);

/// Where to play.
pub(crate) struct Stage<'s> {
    pub(crate) bootstrap: &'s str,
    pub(crate) programs: &'s Programs,
    pub(crate) follower: &'s Follower,
}

/// Plays a scenario from its beginning to its end.
pub(crate) fn play(
    stage: &Stage<'_>,
    name: &str,
    scenario: &Scenario,
    triggers: &[Trigger],
) -> Outcome<Seen> {
    let group = Group {
        bootstrap: stage.bootstrap,
        name,
    };
    prepare(&group, scenario)?;
    let journal = Journal::default();
    let mut play = Play {
        armed: arm(stage, scenario, &group, &journal)?,
        running: Vec::new(),
        journal,
    };
    ready(&play.journal, play.armed.len())?;
    let start = Instant::now();
    // An action that waited for its record shifts everything after it.
    let mut shift = 0;
    for Timed { at, action } in &scenario.actions {
        let Action::Do(step) = action else { continue };
        match triggers.iter().find(|trigger| trigger.action == step.text) {
            None => sleep_until(start + shifted(*at, shift)),
            Some(trigger) => {
                wait_for(&play.journal, trigger)?;
                shift = signed(start.elapsed()) - signed(*at);
            }
        }
        play.act(step)?;
    }
    sleep_until(start + shifted(scenario.duration, shift));
    let end = now();
    let said = heard(&play.journal);
    thread::sleep(FOLLOW);
    let mut written = stage.follower.of_group(name);
    written.retain(|one| one.at_ms * 1_000 <= end);
    Ok(Seen { said, written, end })
}

struct Play {
    /// Waiting for their `join` or `restart`.
    armed: Vec<Client>,
    running: Vec<Client>,
    journal: Journal,
}

impl Play {
    fn act(&mut self, step: &Step) -> Outcome<()> {
        let of_subject = |client: &Client| client.name == step.subject;
        note_action(&self.journal, &step.text);
        if matches!(step.verb.as_str(), "join" | "restart") {
            let at = self.armed.iter().position(of_subject);
            let mut client = self.armed.remove(at.ok_or("nobody to join")?);
            client.order("go")?;
            self.running.push(client);
            return Ok(());
        }
        let at = self.running.iter().position(of_subject);
        let at = at.ok_or_else(|| format!("nobody for {}", step.text))?;
        let client = &mut self.running[at];
        let milliseconds = step.duration.unwrap_or_default().as_millis();
        match step.verb.as_str() {
            "close" => client.order("close")?,
            "slow" | "processing" => client.order(&format!("{} {milliseconds}", step.verb))?,
            "pause" => client.pause(step.duration.unwrap_or_default())?,
            "terminate" => client.signal(Signal::SIGTERM)?,
            "crash" => client.signal(Signal::SIGKILL)?,
            other => return Err(format!("no action of a consumer: {other}").into()),
        }
        if matches!(step.verb.as_str(), "close" | "terminate" | "crash") {
            // Out of the way of a restart under the same name; a closing one ends by itself.
            client.name.push_str(" (ended)");
        }
        Ok(())
    }
}

/// Topics, and the records that are there from the beginning.
fn prepare(group: &Group<'_>, scenario: &Scenario) -> Outcome<()> {
    for (topic, partitions) in &scenario.topics {
        producer::create_topic(group.bootstrap, &group.topic(topic), *partitions)?;
    }
    for timed in &scenario.actions {
        if let Action::Produce(produce) = &timed.action {
            let (topic, _) = scenario.topics.first().ok_or("no topic")?;
            producer::preload(group.bootstrap, &group.topic(topic), produce)?;
        }
    }
    Ok(())
}

fn arm(
    stage: &Stage<'_>,
    scenario: &Scenario,
    group: &Group<'_>,
    journal: &Journal,
) -> Outcome<Vec<Client>> {
    let mut armed = Vec::new();
    // A restarted consumer is the one that joined, static or not.
    let mut joined: Vec<&Step> = Vec::new();
    for timed in &scenario.actions {
        let Action::Do(step) = &timed.action else {
            continue;
        };
        let like = match step.verb.as_str() {
            "join" => {
                joined.push(step);
                step
            }
            "restart" => {
                let before = joined.iter().find(|join| join.subject == step.subject);
                before.ok_or("nobody to restart")?
            }
            _ => continue,
        };
        armed.push(Client::arm(stage.programs, scenario, like, group, journal)?);
    }
    Ok(armed)
}

/// Waits until a consumer has begun its n-th record, then for as long as the trigger says.
fn wait_for(journal: &Journal, trigger: &Trigger) -> Outcome<()> {
    let until = Instant::now() + TRIGGER_WITHIN;
    loop {
        let said = heard(journal);
        let mut begun = said
            .iter()
            .filter(|said| said.word == "begin" && said.client == trigger.client);
        if let Some(record) = begun.nth(trigger.record - 1) {
            let since = Duration::from_micros((now() - record.at).max(0).cast_unsigned());
            thread::sleep(trigger.after.saturating_sub(since));
            return Ok(());
        }
        if Instant::now() > until {
            return Err(format!("{} never came to its record", trigger.action).into());
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// A scheduled time, later (or earlier) by some microseconds.
fn shifted(at: Duration, by: i64) -> Duration {
    Duration::from_micros((signed(at) + by).max(0).cast_unsigned())
}

/// In microseconds.
fn signed(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn sleep_until(instant: Instant) {
    thread::sleep(instant.saturating_duration_since(Instant::now()));
}

//! The part of the engine's scenarios that the harness plays: settings, topics and actions. Read on its own, so that a fault
//! of the engine's reader cannot hide itself.

use crate::Outcome;
use crate::observed::Facts;
use std::collections::BTreeMap;
use std::time::Duration;
use toml::{Table, Value};

/// A scenario to play.
pub(crate) struct Scenario {
    /// `reequilibrage`, `commits` or `replication`.
    pub(crate) kind: String,
    /// Settings, durations as whole milliseconds.
    pub(crate) config: BTreeMap<String, String>,
    /// Topics and their partition counts.
    pub(crate) topics: Vec<(String, i32)>,
    /// In the order of time.
    pub(crate) actions: Vec<Timed>,
    /// When it ends.
    pub(crate) duration: Duration,
}

/// An action and its instant.
#[derive(Clone)]
pub(crate) struct Timed {
    pub(crate) at: Duration,
    pub(crate) action: Action,
}

#[derive(Clone)]
pub(crate) enum Action {
    Produce(Produce),
    Do(Step),
}

/// Records without key.
#[derive(Clone)]
pub(crate) struct Produce {
    pub(crate) count: u32,
    pub(crate) every: Duration,
    pub(crate) partition: i32,
}

/// `verb subject [argument] [name=value…]`.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) text: String,
    pub(crate) verb: String,
    pub(crate) subject: String,
    pub(crate) duration: Option<Duration>,
    pub(crate) options: BTreeMap<String, String>,
}

impl Scenario {
    /// Reads the text of a fence.
    pub(crate) fn read(text: &str) -> Outcome<Self> {
        let table: Table = text.parse()?;
        let config = match table.get("config") {
            Some(Value::Table(config)) => config
                .iter()
                .map(|(name, value)| Ok((name.clone(), setting(value)?)))
                .collect::<Outcome<_>>()?,
            _ => BTreeMap::new(),
        };
        let topics = match table.get("topics") {
            Some(Value::Table(topics)) => topics
                .iter()
                .map(|(name, count)| {
                    let count = count.as_integer().ok_or("a topic's value is a number")?;
                    Ok((name.clone(), i32::try_from(count)?))
                })
                .collect::<Outcome<_>>()?,
            _ => return Err("no [topics]".into()),
        };
        let mut actions: Vec<Timed> = match table.get("action") {
            Some(Value::Array(actions)) => actions.iter().map(timed).collect::<Outcome<_>>()?,
            _ => return Err("no [[action]]".into()),
        };
        actions.sort_by_key(|timed| timed.at);
        Ok(Self {
            kind: text_of(&table, "type")?.to_owned(),
            config,
            topics,
            actions,
            duration: duration(text_of(&table, "duration")?)?,
        })
    }

    /// A setting as text, or its default.
    pub(crate) fn setting<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.config.get(name).map_or(default, String::as_str)
    }

    /// What the outcome's lines depend on.
    pub(crate) fn facts(&self) -> Outcome<Facts> {
        let modern = self.setting("group.protocol", "classic") == "consumer";
        let heartbeat = if modern {
            self.milliseconds("group.consumer.heartbeat.interval.ms", 5_000)?
        } else {
            self.milliseconds("heartbeat.interval.ms", 3_000)?
        };
        let records = self.actions.iter().map(|timed| match &timed.action {
            Action::Produce(produce) => produce.count,
            Action::Do(_) => 0,
        });
        Ok(Facts {
            modern,
            topic: self
                .topics
                .first()
                .map_or_else(String::new, |(name, _)| name.clone()),
            records: records.sum(),
            heartbeat: i64::try_from(heartbeat.as_millis())?,
        })
    }

    /// A setting that is a length of time.
    fn milliseconds(&self, name: &str, default: u64) -> Outcome<Duration> {
        Ok(match self.config.get(name) {
            Some(value) => Duration::from_millis(value.parse()?),
            None => Duration::from_millis(default),
        })
    }
}

fn text_of<'t>(table: &'t Table, key: &str) -> Outcome<&'t str> {
    let value = table.get(key).and_then(Value::as_str);
    value.ok_or_else(|| format!("no text at `{key}`").into())
}

/// A duration where there is one, else the text.
fn setting(value: &Value) -> Outcome<String> {
    Ok(match value {
        Value::String(text) => match duration(text) {
            Ok(time) => time.as_millis().to_string(),
            Err(_) => text.clone(),
        },
        Value::Integer(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        other => return Err(format!("no setting: {other:?}").into()),
    })
}

fn timed(value: &Value) -> Outcome<Timed> {
    let table = value.as_table().ok_or("an action is a table")?;
    let at = duration(text_of(table, "at")?)?;
    let action = match table.get("produce") {
        Some(Value::Table(produce)) => Action::Produce(produced(produce)?),
        _ => Action::Do(step(text_of(table, "do")?)?),
    };
    Ok(Timed { at, action })
}

fn produced(table: &Table) -> Outcome<Produce> {
    let number = |key: &str, default: i64| {
        table.get(key).map_or(Ok(default), |value| {
            value.as_integer().ok_or(format!("no number at `{key}`"))
        })
    };
    Ok(Produce {
        count: u32::try_from(number("count", 1)?)?,
        every: match table.get("every") {
            Some(value) => duration(value.as_str().ok_or("no text at `every`")?)?,
            None => Duration::from_millis(100),
        },
        partition: i32::try_from(number("partition", 0)?)?,
    })
}

fn step(text: &str) -> Outcome<Step> {
    let mut words = text.split_whitespace();
    let (Some(verb), Some(subject)) = (words.next(), words.next()) else {
        return Err(format!("no action: {text}").into());
    };
    let mut step = Step {
        text: text.to_owned(),
        verb: verb.to_owned(),
        subject: subject.to_owned(),
        duration: None,
        options: BTreeMap::new(),
    };
    for word in words {
        match word.split_once('=') {
            Some((name, value)) => {
                step.options.insert(name.to_owned(), value.to_owned());
            }
            None => step.duration = Some(duration(word)?),
        }
    }
    Ok(step)
}

/// `250ms`, `10s` or `2min`.
pub(crate) fn duration(text: &str) -> Outcome<Duration> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: f64 = digits.parse()?;
    Ok(Duration::from_secs_f64(match &text[digits.len()..] {
        "ms" => number / 1_000.0,
        "s" => number,
        "min" => number * 60.0,
        unit => return Err(format!("no unit of time: `{unit}` in `{text}`").into()),
    }))
}

//! Actions that fit on a line: a verb, who it is done to, and details. The same line in a fence, in a link and in a log.
//!
//! ```text
//! join C1 static=i1 topics=orders.created processing=50ms
//! pause C1 20s
//! set session.timeout.ms=10s
//! ```
//! In a link the words are separated by `:` instead of spaces.

use crate::config::{Property, Setting, SettingError};
use crate::ids::{ActorName, TopicName};
use crate::text::{closest, suggestion};
use crate::time::Duration;
use crate::units::{UnitError, parse_duration};
use std::fmt;
use std::str::FromStr;

/// Something done to a consumer, a broker or a service.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A new consumer starts and joins the group.
    Join(Join),
    /// The consumer's application calls `Close()`: it commits what it must and leaves the group.
    Close(ActorName),
    /// The process ends in good order, but without `Close()`.
    Terminate(ActorName),
    /// The process, or the broker, is killed.
    Crash(ActorName),
    /// A process, or a broker, that had ended starts again.
    Restart(ActorName),
    /// Nothing of the process runs for this long: a pause of the garbage collector, a frozen machine.
    Pause(ActorName, Duration),
    /// A consumer: the record in hand, or the next one, takes this long, once. A broker: it fetches nothing for this long.
    /// A service: each request takes this long from now on.
    Slow(ActorName, Duration),
    /// From now on each record takes the consumer this long.
    Processing(ActorName, Duration),
    /// The service stops answering.
    Break(ActorName),
    /// The service runs on, and answers everything with an error.
    Fail(ActorName),
    /// The service answers again, as fast as at the start.
    Repair(ActorName),
    /// A service that was not there yet starts to read.
    Subscribe(ActorName),
    /// A service reads everything again from the start.
    Replay(ActorName),
    /// The messages that a service's queue had set aside go back to it.
    Redrive(ActorName),
    /// A setting takes another value.
    Set(Property, Setting),
}

/// How a consumer starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// Its name.
    pub consumer: ActorName,
    /// `group.instance.id`, of a static member.
    pub instance: Option<String>,
    /// What it subscribes to; all topics if empty.
    pub topics: Vec<TopicName>,
    /// How long a record takes it, if not `simulation.processing.time`.
    pub processing: Option<Duration>,
}

/// Why a line is not a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepError {
    /// Nothing is written.
    Empty,
    /// The first word is not a verb.
    UnknownVerb {
        /// The word.
        word: String,
        /// The verb that looks most like it.
        closest: Option<&'static str>,
    },
    /// Something is missing after the verb: what, in French.
    Missing(&'static str),
    /// A word that means nothing there.
    UnknownWord(String),
    /// Not a name: letters without accent, digits and `. _ -`, at most 40.
    BadName(String),
    /// Not a length of time.
    Unit(UnitError),
    /// `set` something that is not a property.
    UnknownProperty {
        /// The word.
        word: String,
        /// The property that looks most like it.
        closest: Option<&'static str>,
    },
    /// `set` a property to what is not a value of it.
    Setting(SettingError),
}

/// The verbs.
pub const VERBS: [&str; 15] = [
    "join",
    "close",
    "terminate",
    "crash",
    "restart",
    "pause",
    "slow",
    "processing",
    "break",
    "fail",
    "repair",
    "subscribe",
    "replay",
    "redrive",
    "set",
];

/// Most characters of a name.
const MAX_NAME: usize = 40;

impl Step {
    /// Its verb.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Join(_) => "join",
            Self::Close(_) => "close",
            Self::Terminate(_) => "terminate",
            Self::Crash(_) => "crash",
            Self::Restart(_) => "restart",
            Self::Pause(..) => "pause",
            Self::Slow(..) => "slow",
            Self::Processing(..) => "processing",
            Self::Break(_) => "break",
            Self::Fail(_) => "fail",
            Self::Repair(_) => "repair",
            Self::Subscribe(_) => "subscribe",
            Self::Replay(_) => "replay",
            Self::Redrive(_) => "redrive",
            Self::Set(..) => "set",
        }
    }

    /// Who it is done to; `None` for a setting.
    pub fn actor(&self) -> Option<&ActorName> {
        match self {
            Self::Join(join) => Some(&join.consumer),
            Self::Close(name)
            | Self::Terminate(name)
            | Self::Crash(name)
            | Self::Restart(name)
            | Self::Pause(name, _)
            | Self::Slow(name, _)
            | Self::Processing(name, _)
            | Self::Break(name)
            | Self::Fail(name)
            | Self::Repair(name)
            | Self::Subscribe(name)
            | Self::Replay(name)
            | Self::Redrive(name) => Some(name),
            Self::Set(..) => None,
        }
    }

    /// The line, with this between its words.
    pub fn line(&self, separator: char) -> String {
        let mut line = self.verb().to_owned();
        let mut push = |word: &str| {
            line.push(separator);
            line.push_str(word);
        };
        if let Some(actor) = self.actor() {
            push(actor.as_str());
        }
        match self {
            Self::Join(join) => {
                if let Some(instance) = &join.instance {
                    push(&format!("static={instance}"));
                }
                if !join.topics.is_empty() {
                    let topics: Vec<_> = join.topics.iter().map(TopicName::as_str).collect();
                    push(&format!("topics={}", topics.join(",")));
                }
                if let Some(processing) = join.processing {
                    push(&format!("processing={processing}"));
                }
            }
            Self::Pause(_, time) | Self::Slow(_, time) | Self::Processing(_, time) => {
                push(&time.to_string());
            }
            Self::Set(property, setting) => push(&format!("{}={setting}", property.name())),
            _ => {}
        }
        line
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(' '))
    }
}

impl FromStr for Step {
    type Err = StepError;

    /// Reads a line whose words are separated by spaces or by `:`.
    fn from_str(line: &str) -> Result<Self, StepError> {
        let mut words = line.split([' ', ':']).filter(|word| !word.is_empty());
        let verb = words.next().ok_or(StepError::Empty)?;
        if !VERBS.contains(&verb) {
            return Err(StepError::UnknownVerb {
                word: verb.to_owned(),
                closest: closest(verb, VERBS),
            });
        }
        let step = if verb == "set" {
            setting(words.next().ok_or(StepError::Missing("propriété=valeur"))?)?
        } else {
            let actor = name(words.next().ok_or(StepError::Missing("un nom"))?)?;
            match verb {
                "join" => return join(actor, words).map(Self::Join),
                "close" => Self::Close(actor),
                "terminate" => Self::Terminate(actor),
                "crash" => Self::Crash(actor),
                "restart" => Self::Restart(actor),
                "break" => Self::Break(actor),
                "fail" => Self::Fail(actor),
                "repair" => Self::Repair(actor),
                "subscribe" => Self::Subscribe(actor),
                "replay" => Self::Replay(actor),
                "redrive" => Self::Redrive(actor),
                _ => {
                    let time = time(words.next().ok_or(StepError::Missing("une durée"))?)?;
                    match verb {
                        "pause" => Self::Pause(actor, time),
                        "slow" => Self::Slow(actor, time),
                        _ => Self::Processing(actor, time),
                    }
                }
            }
        };
        match words.next() {
            Some(word) => Err(StepError::UnknownWord(word.to_owned())),
            None => Ok(step),
        }
    }
}

fn join<'l>(consumer: ActorName, words: impl Iterator<Item = &'l str>) -> Result<Join, StepError> {
    let mut join = Join {
        consumer,
        instance: None,
        topics: Vec::new(),
        processing: None,
    };
    for word in words {
        match word.split_once('=') {
            Some(("static", instance)) if join.instance.is_none() => {
                join.instance = Some(name(instance)?.to_string());
            }
            Some(("topics", topics)) if join.topics.is_empty() => {
                for topic in topics.split(',') {
                    join.topics.push(TopicName::from(name(topic)?.as_str()));
                }
            }
            Some(("processing", processing)) if join.processing.is_none() => {
                join.processing = Some(time(processing)?);
            }
            _ => return Err(StepError::UnknownWord(word.to_owned())),
        }
    }
    Ok(join)
}

fn setting(word: &str) -> Result<Step, StepError> {
    let (name, value) = word
        .split_once('=')
        .ok_or(StepError::Missing("propriété=valeur"))?;
    let property = Property::from_name(name).ok_or_else(|| StepError::UnknownProperty {
        word: name.to_owned(),
        closest: closest(name, crate::config::PROPERTIES.iter().map(|spec| spec.name)),
    })?;
    let setting = Setting::parse(property.spec().form, value).map_err(StepError::Setting)?;
    Ok(Step::Set(property, setting))
}

fn name(word: &str) -> Result<ActorName, StepError> {
    let fits = (1..=MAX_NAME).contains(&word.len())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if fits {
        Ok(ActorName::from(word))
    } else {
        Err(StepError::BadName(word.to_owned()))
    }
}

fn time(word: &str) -> Result<Duration, StepError> {
    parse_duration(word)
        .map(|time| time.min(super::MAX_TIME))
        .map_err(StepError::Unit)
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("une action commence par un verbe : join, crash, close…"),
            Self::UnknownVerb { word, closest } => {
                write!(f, "verbe « {word} » inconnu")?;
                match closest {
                    Some(_) => suggestion(f, *closest),
                    None => write!(f, " ; les verbes sont {}", VERBS.join(", ")),
                }
            }
            Self::Missing(what) => write!(f, "il manque {what}"),
            Self::UnknownWord(word) => write!(f, "« {word} » ne veut rien dire ici"),
            Self::BadName(word) => write!(
                f,
                "« {word} » n'est pas un nom : lettres sans accent, chiffres, point et tirets, {MAX_NAME} au plus"
            ),
            Self::Unit(error) => error.fmt(f),
            Self::UnknownProperty { word, closest } => {
                write!(f, "propriété « {word} » inconnue")?;
                suggestion(f, *closest)
            }
            Self::Setting(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StepError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_written_back() {
        for line in [
            "join C1",
            "join C1 static=i1 topics=orders.created,payments processing=50ms",
            "close C1",
            "terminate C1",
            "crash broker-1",
            "restart C1",
            "pause C1 20s",
            "slow broker-2 400s",
            "processing C1 50ms",
            "break ShippingService",
            "fail ShippingService",
            "repair ShippingService",
            "subscribe Analytics",
            "replay Analytics",
            "redrive ShippingService",
            "set session.timeout.ms=10s",
            "set group.protocol=consumer",
        ] {
            let step: Step = line
                .parse()
                .unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(step.to_string(), line);
            assert_eq!(step.line(':').parse(), Ok(step));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let refused = |line: &str| line.parse::<Step>().expect_err(line).to_string();
        assert_eq!(
            refused(""),
            "une action commence par un verbe : join, crash, close…"
        );
        assert_eq!(
            refused("crach C1"),
            "verbe « crach » inconnu : vouliez-vous dire « crash » ?"
        );
        assert_eq!(refused("crash"), "il manque un nom");
        assert_eq!(refused("pause C1"), "il manque une durée");
        assert_eq!(
            refused("pause C1 3"),
            "il manque l'unité : us, ms, s, min ou h"
        );
        assert_eq!(refused("crash C1 now"), "« now » ne veut rien dire ici");
        assert_eq!(
            refused("join C1 static=a static=b"),
            "« static=b » ne veut rien dire ici"
        );
        assert_eq!(
            refused("crash é"),
            "« é » n'est pas un nom : lettres sans accent, chiffres, point et tirets, 40 au plus"
        );
        assert_eq!(
            refused("set session.timeout=10s"),
            "propriété « session.timeout » inconnue : vouliez-vous dire « session.timeout.ms » ?"
        );
        assert_eq!(
            refused("set acks=quorum"),
            "« quorum » inconnu ; les choix sont all, 1, 0"
        );
    }
}

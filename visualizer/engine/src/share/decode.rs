//! Reads a link, whole or not at all.

use super::{ShareError, ShareErrorKind, VERSION, percent};
use crate::config::{Config, MAX_PARTITIONS, PROPERTIES, Property, Scope};
use crate::ids::{PartitionId, ProducerId, TopicName};
use crate::keys::KeySet;
use crate::scenario::{
    Action, Keys, Kind, MAX_TIME, MAX_VARIANTS, Produce, Scenario, Skew, TimedAction, VERBS,
    Variant, insert_in_time,
};
use crate::text::closest;
use crate::time::{Duration, Instant};
use crate::units;
use ShareErrorKind as Fault;

/// Reads what [`super::encode`] wrote.
///
/// # Errors
/// When any part of it is not understood, makes no sense, or asks for more than a page can run.
pub fn decode(link: &str) -> Result<Scenario, ShareError> {
    let mut column = 1;
    let mut parts = Vec::new();
    for written in link.split('&') {
        parts.push(Part { written, column });
        column += written.chars().count() + 1;
    }
    let (version, parts) = parts.split_first().ok_or(Fault::Version).map_err(whole)?;
    if version.written.strip_prefix("v=") != Some(VERSION) {
        return Err(version.fault(Fault::Version));
    }
    let mut reader = Reader::new();
    for part in parts {
        reader.read(*part).map_err(|kind| part.fault(kind))?;
    }
    reader.finish(parts)
}

/// `name=value`, and where it begins.
#[derive(Clone, Copy)]
struct Part<'l> {
    written: &'l str,
    column: usize,
}

impl Part<'_> {
    fn fault(self, kind: Fault) -> ShareError {
        ShareError {
            part: self.written.to_owned(),
            column: self.column,
            kind,
        }
    }
}

fn whole(kind: Fault) -> ShareError {
    ShareError {
        part: String::new(),
        column: 1,
        kind,
    }
}

/// What has been read so far.
struct Reader<'l> {
    scenario: Scenario,
    /// The part of each of the scenario's actions.
    actions: Vec<Part<'l>>,
    /// Names of the parts read, but for actions, which may be many.
    seen: Vec<&'l str>,
}

/// The parts that must be there.
const REQUIRED: [&str; 4] = ["sim", "title", "seed", "topic"];

impl<'l> Reader<'l> {
    fn new() -> Self {
        Self {
            scenario: Scenario::new(Kind::Partitioning, ""),
            actions: Vec::new(),
            seen: Vec::new(),
        }
    }

    fn read(&mut self, part: Part<'l>) -> Result<(), Fault> {
        let (name, value) = part.written.split_once('=').ok_or(Fault::NoValue)?;
        if name == "do" {
            let place = insert_in_time(&mut self.scenario.actions, action(value)?);
            self.actions.insert(place, part);
            return Ok(());
        }
        match name {
            "topics" => return self.topic(value),
            "variant" => return self.variant(value),
            _ if self.seen.contains(&name) => return Err(Fault::Twice),
            _ => self.seen.push(name),
        }
        match name {
            "sim" => {
                let known = Kind::ALL.into_iter().find(|kind| kind.name() == value);
                self.scenario.kind = known.ok_or(Fault::UnknownSimulation)?;
            }
            "title" => self.scenario.title = text(value)?,
            "seed" => self.scenario.seed = number(value)?,
            "topic" => self.scenario.topic = text(value)?.as_str().into(),
            "duration" => self.scenario.duration = Some(time(value)?),
            "compare" if value == "1" => self.scenario.compare = Some(Config::default()),
            _ => return self.property(name, value),
        }
        Ok(())
    }

    /// `name:partitions`, one of several topics.
    fn topic(&mut self, value: &str) -> Result<(), Fault> {
        let (name, partitions) = value.rsplit_once(':').ok_or(Fault::TopicForm)?;
        let (name, partitions) = (TopicName::from(text(name)?), number::<u32>(partitions)?);
        if !(1..=MAX_PARTITIONS).contains(&partitions) {
            return Err(Fault::TopicForm);
        }
        if self.scenario.topics.iter().any(|(known, _)| *known == name) {
            return Err(Fault::Twice);
        }
        self.scenario.topics.push((name, partitions.cast_signed()));
        Ok(())
    }

    /// A variant's name; its settings follow.
    fn variant(&mut self, value: &str) -> Result<(), Fault> {
        if self.scenario.variants.len() == MAX_VARIANTS {
            return Err(Fault::TooManyVariants);
        }
        self.seen.retain(|name| !name.starts_with("variant."));
        self.scenario.variants.push(Variant {
            name: text(value)?,
            config: Config::default(),
        });
        Ok(())
    }

    fn property(&mut self, name: &str, value: &str) -> Result<(), Fault> {
        let (config, name) = if let Some(name) = name.strip_prefix("compare.") {
            let missing = Fault::Missing("compare=1");
            (self.scenario.compare.as_mut().ok_or(missing)?, name)
        } else if let Some(name) = name.strip_prefix("variant.") {
            let variant = self.scenario.variants.last_mut();
            (&mut variant.ok_or(Fault::Missing("variant"))?.config, name)
        } else {
            (&mut self.scenario.config, name)
        };
        let property = Property::from_name(name).ok_or_else(|| {
            Fault::UnknownName(closest(name, PROPERTIES.iter().map(|spec| spec.name)))
        })?;
        config
            .set_text(property, &text(value)?)
            .map_err(Fault::Setting)
    }

    /// Checks what can only be checked once everything is read.
    fn finish(self, parts: &[Part<'l>]) -> Result<Scenario, ShareError> {
        if let Some(missing) = REQUIRED.into_iter().find(|name| !self.seen.contains(name)) {
            return Err(whole(Fault::Missing(missing)));
        }
        for part in parts {
            self.suits(part.written).map_err(|kind| part.fault(kind))?;
        }
        match self.scenario.faulty_actions().into_iter().next() {
            None => Ok(self.scenario),
            Some((index, error)) => Err(self.actions[index].fault(Fault::Action(error))),
        }
    }

    /// Whether a property means something in this simulation, and to the client that it configures.
    fn suits(&self, written: &str) -> Result<(), Fault> {
        let name = written.split('=').next().unwrap_or_default();
        let plain = name
            .strip_prefix("variant.")
            .or(name.strip_prefix("compare."));
        if let Some(property) = Property::from_name(plain.unwrap_or(name))
            && !property.suits(self.scenario.kind)
        {
            return Err(Fault::OtherSimulation);
        }
        let (name, compare) = name
            .strip_prefix("compare.")
            .map_or((name, None), |name| (name, Some(&self.scenario.compare)));
        let config = match compare {
            Some(Some(compare)) => compare,
            _ => &self.scenario.config,
        };
        match Property::from_name(name).map(|property| property.spec().scope) {
            Some(Scope::Topic) if compare.is_some() => Err(Fault::TopicProperty),
            Some(Scope::ProducerOf(client)) if client != config.client() => Err(Fault::OtherClient),
            _ => Ok(()),
        }
    }
}

fn action(written: &str) -> Result<TimedAction, Fault> {
    let (at, line) = written.split_once(':').ok_or(Fault::ActionForm)?;
    let at = Instant::ZERO + time(at)?;
    let (kind, rest) = line.split_once(':').ok_or(Fault::ActionForm)?;
    let action = match kind {
        "add-partitions" => Action::AddPartitions(number(rest)?),
        "produce" => Action::Produce(produce(rest)?),
        _ if VERBS.contains(&kind) => Action::Do(line.parse().map_err(Fault::Step)?),
        _ => return Err(Fault::ActionForm),
    };
    Ok(TimedAction { at, action })
}

fn produce(written: &str) -> Result<Produce, Fault> {
    let mut details = written.split(':');
    let mut produce = Produce::of(keys(details.next().unwrap_or_default())?);
    let mut seen = Vec::new();
    for detail in details {
        let (name, inside) = call(detail)?;
        if seen.contains(&name) {
            return Err(Fault::Detail(detail.to_owned()));
        }
        seen.push(name);
        match name {
            "count" => produce.count = number(inside)?,
            "burst" => produce.burst = number(inside)?,
            "value-size" => produce.value_size = number(inside)?,
            "every" => produce.every = time(inside)?,
            "partition" => produce.partition = Some(PartitionId(number(inside)?)),
            "producer" => produce.producer = Some(ProducerId::from(text(inside)?)),
            "skew" => {
                let (key, share) = inside
                    .split_once(',')
                    .ok_or_else(|| Fault::Detail(detail.to_owned()))?;
                produce.skew = Some(Skew {
                    key: text(key)?,
                    share: number(share)?,
                });
            }
            _ => return Err(Fault::Detail(detail.to_owned())),
        }
    }
    Ok(produce)
}

fn keys(written: &str) -> Result<Keys, Fault> {
    if written == "nulls" {
        return Ok(Keys::Null);
    }
    match call(written)? {
        ("set", name) => KeySet::from_name(name)
            .map(Keys::Set)
            .ok_or(Fault::UnknownSet),
        ("keys", keys) => keys
            .split(',')
            .map(text)
            .collect::<Result<_, _>>()
            .map(Keys::List),
        _ => Err(Fault::Detail(written.to_owned())),
    }
}

/// `name(inside)`.
fn call(written: &str) -> Result<(&str, &str), Fault> {
    let called = written
        .strip_suffix(')')
        .and_then(|open| open.split_once('('));
    called.ok_or_else(|| Fault::Detail(written.to_owned()))
}

fn text(written: &str) -> Result<String, Fault> {
    percent::read(written).ok_or(Fault::Escape)
}

fn time(written: &str) -> Result<Duration, Fault> {
    let time = units::parse_duration(written).map_err(Fault::Unit)?;
    if time > MAX_TIME {
        Err(Fault::TooLate)
    } else {
        Ok(time)
    }
}

fn number<N: TryFrom<u64>>(written: &str) -> Result<N, Fault> {
    if written.is_empty() || !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Number);
    }
    written
        .parse::<u64>()
        .ok()
        .and_then(|number| N::try_from(number).ok())
        .ok_or(Fault::Number)
}

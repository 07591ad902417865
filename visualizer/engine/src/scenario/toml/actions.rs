//! `[[action]]`: what happens, and whether it makes sense at its time.

use super::reader::{Reader, Span, Table};
use crate::ids::{PartitionId, ProducerId};
use crate::keys::{Family, KeySet};
use crate::scenario::{
    Action, ActionError, Keys, MAX_VALUE_SIZE, Produce, Scenario, ScenarioErrorKind, Skew,
    TimedAction,
};
use crate::text::closest;

/// An action, and where to show what is wrong with it.
pub(super) struct Read<'d, 't> {
    timed: TimedAction,
    table: Table<'d, 't>,
}

const KINDS: [&str; 3] = ["produce", "add-partitions", "do"];
const SOURCES: [&str; 3] = ["keys", "set", "nulls"];

/// Reads all actions.
pub(super) fn read<'d, 't>(
    reader: &mut Reader<'_>,
    tables: Vec<Table<'d, 't>>,
) -> Vec<Read<'d, 't>> {
    tables
        .into_iter()
        .filter_map(|table| read_one(reader, table))
        .collect()
}

fn read_one<'d, 't>(reader: &mut Reader<'_>, table: Table<'d, 't>) -> Option<Read<'d, 't>> {
    reader.only(table, &["at", KINDS[0], KINDS[1], KINDS[2]]);
    if table.get("at").is_none() {
        reader.missing(table, "at");
    }
    let at = reader.instant(table, "at");
    let action = match KINDS.map(|key| table.get(key).is_some()) {
        [true, false, false] => {
            let produce = reader.table(table, "produce", "produce")?;
            Action::Produce(produce_of(reader, produce)?)
        }
        [false, false, true] => {
            let (line, span) = reader.required_text(table, "do")?;
            match line.parse() {
                Ok(step) => Action::Do(step),
                Err(error) => {
                    reader.fault(span, ScenarioErrorKind::Step(error));
                    return None;
                }
            }
        }
        [false, true, false] => Action::AddPartitions(narrow(reader.integer(
            table,
            "add-partitions",
            1,
            i32::MAX.into(),
        )?)),
        _ => {
            reader.not_exactly_one(table, &KINDS);
            return None;
        }
    };
    Some(Read {
        timed: TimedAction { at: at?, action },
        table,
    })
}

fn produce_of(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Option<Produce> {
    const KNOWN: [&str; 10] = [
        "keys",
        "set",
        "nulls",
        "count",
        "every",
        "burst",
        "value-size",
        "skew",
        "partition",
        "producer",
    ];
    reader.only(table, &KNOWN);
    let keys = keys_of(reader, table);
    let count = reader
        .integer(table, "count", 1, i64::from(u32::MAX))
        .map(narrow);
    let every = reader.duration(table, "every");
    let burst = reader
        .integer(table, "burst", 1, i64::from(u32::MAX))
        .map(narrow);
    let value_size = reader
        .integer(table, "value-size", 0, i64::from(MAX_VALUE_SIZE))
        .map(narrow);
    let partition = reader
        .integer(table, "partition", 0, i64::from(i32::MAX))
        .map(narrow);
    let producer = reader
        .text(table, "producer")
        .map(|(name, _)| ProducerId::from(name));
    let skew = reader
        .table(table, "skew", "skew")
        .and_then(|skew| skew_of(reader, skew));

    let default = Produce::of(keys?);
    Some(Produce {
        count: count.unwrap_or(default.count),
        every: every.unwrap_or(default.every),
        burst: burst.unwrap_or(default.burst),
        value_size: value_size.unwrap_or(default.value_size),
        partition: partition.map(PartitionId),
        producer,
        skew,
        ..default
    })
}

fn keys_of(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Option<Keys> {
    if SOURCES
        .iter()
        .filter(|source| table.get(source).is_some())
        .count()
        != 1
    {
        reader.not_exactly_one(table, &SOURCES);
        return None;
    }
    if let Some(flag) = reader.flag(table, "nulls") {
        if !flag {
            reader.not_exactly_one(table, &SOURCES);
        }
        return flag.then_some(Keys::Null);
    }
    if let Some((name, span)) = reader.text(table, "set") {
        return set_of(reader, name, span).map(Keys::Set);
    }
    reader.texts(table, "keys").map(Keys::List)
}

fn set_of(reader: &mut Reader<'_>, name: &str, span: Span) -> Option<KeySet> {
    let set = KeySet::from_name(name);
    if set.is_none() {
        const EXAMPLES: [&str; 4] = [
            "clients-5",
            "restaurants-50",
            "capteurs-100",
            "commandes-1000",
        ];
        let family = name.rsplit_once('-').map_or(name, |(family, _)| family);
        let closest = closest(family, Family::ALL.map(Family::name))
            .filter(|known| *known != family)
            .and_then(|family| {
                EXAMPLES
                    .into_iter()
                    .find(|example| example.starts_with(family))
            });
        let known = EXAMPLES.to_vec();
        reader.fault(
            span,
            ScenarioErrorKind::UnknownWord {
                key: "set",
                word: name.to_owned(),
                closest,
                known,
            },
        );
    }
    set
}

fn skew_of(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Option<Skew> {
    reader.only(table, &["key", "share"]);
    let key = reader.required_text(table, "key");
    if table.get("share").is_none() {
        reader.missing(table, "share");
    }
    let share = reader.integer(table, "share", 0, 100);
    Some(Skew {
        key: key?.0.to_owned(),
        share: narrow(share?),
    })
}

/// Checks each action in the state that those before it leave, and puts them in the scenario, in the order of time.
pub(super) fn settle(
    reader: &mut Reader<'_>,
    mut actions: Vec<Read<'_, '_>>,
    scenario: &mut Scenario,
) {
    actions.sort_by_key(|action| action.timed.at);
    scenario.actions = actions.iter().map(|action| action.timed.clone()).collect();
    for (index, error) in scenario.faulty_actions() {
        let span = span_of(reader, actions[index].table, &error);
        reader.fault(span, ScenarioErrorKind::Action(error));
    }
    for Read { timed, table } in &actions {
        super::within_run(reader, *table, timed.at, scenario);
    }
}

/// Where to show an action's fault: at the value that makes it wrong.
fn span_of(reader: &mut Reader<'_>, table: Table<'_, '_>, error: &ActionError) -> Span {
    let key = match error {
        ActionError::NotMorePartitions { .. } | ActionError::TooManyPartitions => {
            return table.span_of("add-partitions");
        }
        ActionError::TooManyRecords => "count",
        ActionError::NothingToSend => "keys",
        ActionError::BadShare => "skew",
        ActionError::ValueTooLarge => "value-size",
        ActionError::TooSlow => "every",
        ActionError::NoSuchPartition { .. } => "partition",
        ActionError::NoSuchProducer(_) => "producer",
        ActionError::NotInThisSimulation(_)
        | ActionError::NoSuchActor { .. }
        | ActionError::AlreadyRunning(_)
        | ActionError::NotRunning(_)
        | ActionError::NoDeadLetters(_)
        | ActionError::TooManyConsumers => return table.span_of("do"),
    };
    reader
        .table(table, "produce", "produce")
        .map_or(table.start..table.start, |produce| produce.span_of(key))
}

/// A number that was checked to be in the range of the narrower type.
fn narrow<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

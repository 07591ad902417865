//! Reads a scenario from the TOML text of a fence.
//!
//! 1. The text is parsed; its syntax errors end the reading, for what follows one cannot be trusted.
//! 2. Each section is read; every fault is noted with its place, and reading goes on.
//! 3. Actions are checked in the order of time, each in the state that those before it leave.

mod actions;
mod config;
mod reader;
mod syntax;
#[cfg(test)]
mod tests;

use super::{
    Expectation, FrameNote, Kind, MAX_TIME, Prediction, Scenario, ScenarioError, ScenarioErrorKind,
    Variant,
};
use crate::config::MAX_PARTITIONS;
use crate::ids::TopicName;
use crate::query::Value;
use crate::text::closest;
use crate::time::Instant;
use ::toml::Spanned;
use ::toml::de::DeValue;
use config::Section;
use reader::{Reader, Table, integer};

const SECTIONS: [&str; 13] = [
    "type", "title", "seed", "topic", "topics", "duration", "config", "compare", "variant",
    "action", "expect", "frame", "predict",
];

impl Scenario {
    /// Reads a scenario from the TOML text of a fence.
    ///
    /// # Errors
    /// With everything that is wrong with the text, in its order.
    pub fn from_toml(text: &str) -> Result<Self, Vec<ScenarioError>> {
        let (mut reader, document) = Reader::parse(text);
        let root = Table {
            within: "la simulation",
            fields: &document,
            start: 0,
        };
        let scenario = if reader.errors.is_empty() {
            read(&mut reader, root)
        } else {
            None
        };
        let mut errors = reader.errors;
        errors.sort_by_key(|error| (error.line, error.column));
        scenario.filter(|_| errors.is_empty()).ok_or(errors)
    }
}

fn read(reader: &mut Reader<'_>, root: Table<'_, '_>) -> Option<Scenario> {
    reader.only(root, &SECTIONS);
    let kind = kind(reader, root);
    let title = reader
        .required_text(root, "title")
        .map_or("", |(title, _)| title);
    // A scenario without a type is read to the end, so that its other faults are told too.
    let mut scenario = Scenario::new(kind.unwrap_or(Kind::Partitioning), title);
    if let Some(seed) = reader.integer(root, "seed", 0, i64::MAX) {
        scenario.seed = seed.cast_unsigned();
    }
    if let Some((topic, _)) = reader.text(root, "topic") {
        scenario.topic = topic.into();
    }
    scenario.duration = reader.duration(root, "duration");
    if scenario
        .duration
        .is_some_and(|duration| duration > MAX_TIME)
    {
        reader.fault(
            root.span_of("duration"),
            ScenarioErrorKind::AfterEnd(Instant::ZERO + MAX_TIME),
        );
    }
    if let Some(table) = reader.table(root, "config", "[config]") {
        scenario.config = config::read(reader, table, Section::Config, scenario.kind);
    }
    let unused = if scenario.kind == Kind::Partitioning {
        scenario.compare = reader
            .table(root, "compare", "[compare]")
            .map(|table| config::read(reader, table, Section::Compare, scenario.kind));
        ["variant", "topics"]
    } else {
        scenario.topics = topics(reader, root);
        scenario.variants = variants(reader, root, scenario.kind);
        ["compare", "compare"]
    };
    if let Some(section) = unused
        .into_iter()
        .find(|section| root.get(section).is_some())
    {
        let kind = scenario.kind;
        reader.fault(
            root.span_of(section),
            ScenarioErrorKind::NoSuchSection { section, kind },
        );
    }
    let tables = reader.tables(root, "action", "[[action]]");
    let actions = actions::read(reader, tables);
    actions::settle(reader, actions, &mut scenario);
    scenario.expect = expectations(reader, root, &scenario);
    scenario.frames = frames(reader, root, &scenario);
    scenario.predict = reader
        .table(root, "predict", "[predict]")
        .and_then(|table| prediction(reader, table));
    kind.map(|_| scenario)
}

fn kind(reader: &mut Reader<'_>, root: Table<'_, '_>) -> Option<Kind> {
    let (name, span) = reader.required_text(root, "type")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    if kind.is_none() {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let closest = closest(name, known.iter().copied());
        reader.fault(
            span,
            ScenarioErrorKind::UnknownWord {
                key: "type",
                word: name.to_owned(),
                closest,
                known,
            },
        );
    }
    kind
}

/// `[topics]`: how many partitions each topic has.
fn topics(reader: &mut Reader<'_>, root: Table<'_, '_>) -> Vec<(TopicName, i32)> {
    let Some(table) = reader.table(root, "topics", "[topics]") else {
        return Vec::new();
    };
    let mut topics = Vec::new();
    for (name, value) in table.fields {
        let partitions = integer(value.get_ref())
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| (1..=MAX_PARTITIONS).contains(count));
        match partitions {
            Some(count) => {
                topics.push((
                    TopicName::from(name.get_ref().as_ref()),
                    count.cast_signed(),
                ));
            }
            None => reader.fault(
                value.span(),
                ScenarioErrorKind::OutOfRange {
                    key: "topics",
                    min: 1,
                    max: i64::from(MAX_PARTITIONS),
                },
            ),
        }
    }
    topics
}

fn variants(reader: &mut Reader<'_>, root: Table<'_, '_>, kind: Kind) -> Vec<Variant> {
    let mut variants = Vec::new();
    for table in reader.tables(root, "variant", "[[variant]]") {
        reader.only(table, &["name", "config"]);
        let name = reader.required_text(table, "name");
        let config = reader
            .table(table, "config", "[variant.config]")
            .map(|table| config::read(reader, table, Section::Variant, kind));
        if let Some((name, _)) = name {
            variants.push(Variant {
                name: name.to_owned(),
                config: config.unwrap_or_default(),
            });
        }
    }
    variants
}

fn expectations(
    reader: &mut Reader<'_>,
    root: Table<'_, '_>,
    scenario: &Scenario,
) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for table in reader.tables(root, "expect", "[[expect]]") {
        reader.only(table, &["that", "equals", "at", "variant"]);
        let that = reader.required_text(table, "that");
        if table.get("equals").is_none() {
            reader.missing(table, "equals");
        }
        let equals = table
            .get("equals")
            .and_then(|value| expected(reader, value));
        let variant = variant_named(reader, table, scenario);
        let at = reader.instant(table, "at");
        if let Some(at) = at {
            within_run(reader, table, at, scenario);
        }
        if let (Some((that, span)), Some(equals)) = (that, equals) {
            let place = reader.place_inside(span, that);
            expectations.push(Expectation {
                that: that.to_owned(),
                equals,
                at,
                variant,
                place,
            });
        }
    }
    expectations
}

fn expected(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Option<Value> {
    match value.get_ref() {
        DeValue::String(text) => Some(Value::Text(text.clone().into_owned())),
        DeValue::Float(number) => number.as_str().parse().ok().map(Value::Real),
        DeValue::Array(items) => items
            .iter()
            .map(|item| expected(reader, item))
            .collect::<Option<_>>()
            .map(Value::List),
        other => match integer(other) {
            Some(number) => Some(Value::Integer(number)),
            None => reader.wrong_type("equals", value, "un nombre, un texte ou une liste"),
        },
    }
}

/// The run that an expectation is about: that of the variant it names, else the scenario's own.
fn variant_named(reader: &mut Reader<'_>, table: Table<'_, '_>, scenario: &Scenario) -> usize {
    let Some((name, span)) = reader.text(table, "variant") else {
        return 0;
    };
    let place = scenario
        .variants
        .iter()
        .position(|variant| variant.name == name);
    if let Some(index) = place {
        return index + 1;
    }
    let word = name.to_owned();
    reader.fault(span, ScenarioErrorKind::UnknownVariant(word));
    0
}

fn frames(reader: &mut Reader<'_>, root: Table<'_, '_>, scenario: &Scenario) -> Vec<FrameNote> {
    let mut frames = Vec::new();
    for table in reader.tables(root, "frame", "[[frame]]") {
        reader.only(table, &["at", "caption"]);
        if table.get("at").is_none() {
            reader.missing(table, "at");
        }
        let at = reader.instant(table, "at");
        let caption = reader.required_text(table, "caption");
        if let (Some(at), Some((caption, _))) = (at, caption) {
            within_run(reader, table, at, scenario);
            frames.push(FrameNote {
                at,
                caption: caption.to_owned(),
            });
        }
    }
    frames
}

fn prediction(reader: &mut Reader<'_>, table: Table<'_, '_>) -> Option<Prediction> {
    reader.only(table, &["question", "answer"]);
    let question = reader.required_text(table, "question");
    let answer = reader.required_text(table, "answer");
    let ((question, _), (answer, span)) = (question?, answer?);
    let place = reader.place_inside(span, answer);
    Some(Prediction {
        question: question.to_owned(),
        answer: answer.to_owned(),
        computed: None,
        place,
    })
}

/// Notes that the `at` of a table comes after the end of the run.
fn within_run(reader: &mut Reader<'_>, table: Table<'_, '_>, at: Instant, scenario: &Scenario) {
    let end = Instant::ZERO + scenario.duration.unwrap_or(MAX_TIME);
    if at > end {
        reader.fault(table.span_of("at"), ScenarioErrorKind::AfterEnd(end));
    }
}

//! `[config]`, `[compare]` and the settings of a `[[variant]]`: Kafka's properties.

use super::reader::{Reader, Span, Table, integer, unknown_key};
use crate::config::{Config, PROPERTIES, Property, Scope};
use crate::scenario::{Kind, ScenarioErrorKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Which of the sections.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Section {
    /// The topic's configuration and the first producer's.
    Config,
    /// The second producer's.
    Compare,
    /// Those of the same incident under other settings.
    Variant,
}

/// A property as written: its name, and where the name and the value are.
struct Written<'d, 't> {
    name: String,
    key: Span,
    value: &'d Spanned<DeValue<'t>>,
}

/// Reads a section.
pub(super) fn read(
    reader: &mut Reader<'_>,
    table: Table<'_, '_>,
    section: Section,
    kind: Kind,
) -> Config {
    let mut written = Vec::new();
    flatten("", table.fields, &mut written);

    let mut config = Config::default();
    let mut keys = Vec::new();
    for Written { name, key, value } in written {
        let Some(property) = Property::from_name(&name) else {
            let known: Vec<_> = PROPERTIES
                .iter()
                .filter(|spec| spec.property.suits(kind))
                .map(|spec| spec.name)
                .collect();
            reader.fault(key, unknown_key(&name, table.within, &known));
            continue;
        };
        if !property.suits(kind) {
            let property = property.name();
            reader.fault(key, ScenarioErrorKind::OtherSimulation { property, kind });
            continue;
        }
        if section == Section::Compare && property.spec().scope == Scope::Topic {
            reader.fault(key, ScenarioErrorKind::TopicProperty(property.name()));
            continue;
        }
        keys.push((property, key));
        set(reader, &mut config, property, value);
    }
    for (property, key) in keys {
        if let Scope::ProducerOf(client) = property.spec().scope
            && client != config.client()
        {
            let partitioner = config.partitioner().property();
            reader.fault(
                key,
                ScenarioErrorKind::OtherClient {
                    property: property.name(),
                    partitioner,
                },
            );
        }
    }
    config
}

/// `linger.ms = 5` without quotes is a table `linger` with a key `ms`: put the names together again.
fn flatten<'d, 't>(prefix: &str, table: &'d DeTable<'t>, written: &mut Vec<Written<'d, 't>>) {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => flatten(&format!("{name}."), inner, written),
            _ => written.push(Written {
                name,
                key: key.span(),
                value,
            }),
        }
    }
}

fn set(
    reader: &mut Reader<'_>,
    config: &mut Config,
    property: Property,
    value: &Spanned<DeValue<'_>>,
) {
    let text = match value.get_ref() {
        DeValue::String(text) => text.clone().into_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        other => {
            let Some(number) = integer(other) else {
                let expected = "un texte, un nombre entier ou un booléen";
                return reader
                    .wrong_type(property.name(), value, expected)
                    .unwrap_or_default();
            };
            number.to_string()
        }
    };
    if let Err(error) = config.set_text(property, &text) {
        reader.fault(
            value.span(),
            ScenarioErrorKind::Setting {
                property: property.name(),
                error,
            },
        );
    }
}

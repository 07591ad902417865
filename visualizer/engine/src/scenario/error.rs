//! What can be wrong with a scenario's text.

use super::{ActionError, Kind, Place, StepError};
use crate::config::SettingError;
use crate::time::Instant;
use crate::units::UnitError;
use std::fmt;

/// A fault and its place in the text. `Display` says in French what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// Line, counted from 1.
    pub line: usize,
    /// Column of the first character, counted from 1.
    pub column: usize,
    /// How many characters, at least 1.
    pub length: usize,
    /// What is wrong.
    pub kind: ScenarioErrorKind,
}

/// The kinds of fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioErrorKind {
    /// Not TOML; what is wrong, in French.
    Syntax(String),
    /// A key that means nothing here.
    UnknownKey {
        /// The key.
        key: String,
        /// Where it is: `[config]`, `produce`…
        within: &'static str,
        /// The key that looks most like it.
        closest: Option<&'static str>,
        /// All keys that mean something here.
        known: Vec<&'static str>,
    },
    /// A key that must be there.
    MissingKey {
        /// The key.
        key: &'static str,
        /// Where it must be.
        within: &'static str,
    },
    /// Several keys of which exactly one must be there.
    ExactlyOne {
        /// The keys.
        keys: &'static [&'static str],
        /// Where.
        within: &'static str,
    },
    /// A value of the wrong type.
    WrongType {
        /// The key.
        key: String,
        /// What its value must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A number out of its range.
    OutOfRange {
        /// The key.
        key: &'static str,
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A quantity that cannot be read.
    Unit {
        /// The key.
        key: &'static str,
        /// Why.
        error: UnitError,
    },
    /// A value that a property does not take.
    Setting {
        /// The property.
        property: &'static str,
        /// Why.
        error: SettingError,
    },
    /// A property of the topic in `[compare]`.
    TopicProperty(&'static str),
    /// A property that the configured client does not have.
    OtherClient {
        /// The property.
        property: &'static str,
        /// The partitioner, which says what client it is.
        partitioner: &'static str,
    },
    /// A property that means nothing in this simulation.
    OtherSimulation {
        /// The property.
        property: &'static str,
        /// The simulation.
        kind: Kind,
    },
    /// A section that means nothing in this simulation.
    NoSuchSection {
        /// The section.
        section: &'static str,
        /// The simulation.
        kind: Kind,
    },
    /// No variant has this name.
    UnknownVariant(String),
    /// An action that cannot be read.
    Step(StepError),
    /// A word out of a fixed list.
    UnknownWord {
        /// The key.
        key: &'static str,
        /// The word.
        word: String,
        /// The word that looks most like it.
        closest: Option<&'static str>,
        /// All words.
        known: Vec<&'static str>,
    },
    /// An action that makes no sense where it stands.
    Action(ActionError),
    /// An instant after the end that `duration` gives.
    AfterEnd(Instant),
    /// An empty text where one is needed.
    EmptyText(&'static str),
}

impl ScenarioError {
    /// A fault at a place.
    pub fn new(place: Place, kind: ScenarioErrorKind) -> Self {
        Self {
            line: place.line,
            column: place.column,
            length: place.length,
            kind,
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for ScenarioError {}

impl fmt::Display for ScenarioErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => write!(f, "TOML mal formé : {message}"),
            Self::UnknownKey {
                key,
                within,
                closest,
                known,
            } => {
                write!(f, "clé « {key} » inconnue dans {within} : ")?;
                choices(f, *closest, known)
            }
            Self::MissingKey { key, within } => {
                write!(f, "il manque la clé « {key} » dans {within}")
            }
            Self::ExactlyOne { keys, within } => {
                write!(
                    f,
                    "{within} doit contenir une et une seule de ces clés : {}",
                    keys.join(", ")
                )
            }
            Self::WrongType {
                key,
                expected,
                found,
            } => write!(f, "« {key} » doit être {expected}, et non {found}"),
            Self::OutOfRange { key, min, max } => {
                write!(f, "« {key} » doit être compris entre {min} et {max}")
            }
            Self::Unit { key, error } => write!(f, "« {key} » : {error}"),
            Self::Setting { property, error } => write!(f, "« {property} » : {error}"),
            Self::TopicProperty(property) => {
                write!(
                    f,
                    "« {property} » configure le topic, que les deux producers partagent : placez-la dans [config]"
                )
            }
            Self::OtherClient {
                property,
                partitioner,
            } => {
                write!(
                    f,
                    "« {property} » n'existe pas chez le client dont le partitionneur est {partitioner} : retirez-la"
                )
            }
            Self::OtherSimulation { property, kind } => write!(
                f,
                "« {property} » ne veut rien dire dans une simulation de type {} : retirez-la",
                kind.name()
            ),
            Self::NoSuchSection { section, kind } => write!(
                f,
                "« {section} » ne sert à rien dans une simulation de type {} : retirez cette section",
                kind.name()
            ),
            Self::UnknownVariant(name) => write!(
                f,
                "aucune variante ne s'appelle « {name} » : reprenez le « name » d'un [[variant]]"
            ),
            Self::Step(error) => error.fmt(f),
            Self::UnknownWord {
                key,
                word,
                closest,
                known,
            } => {
                write!(f, "« {word} » n'est pas une valeur de « {key} » : ")?;
                choices(f, *closest, known)
            }
            Self::Action(error) => error.fmt(f),
            Self::AfterEnd(end) => write!(
                f,
                "la simulation se termine à {end} : avancez cet instant ou allongez « duration »"
            ),
            Self::EmptyText(key) => write!(f, "« {key} » est vide"),
        }
    }
}

fn choices(f: &mut fmt::Formatter<'_>, closest: Option<&str>, known: &[&str]) -> fmt::Result {
    match closest {
        Some(closest) => write!(f, "vouliez-vous dire « {closest} » ?"),
        None => write!(f, "les choix sont {}", known.join(", ")),
    }
}

//! Why a link is refused.

use crate::config::{MAX_PARTITIONS, SettingError};
use crate::scenario::{ActionError, MAX_VARIANTS, StepError};
use crate::text::suggestion;
use crate::units::UnitError;
use std::fmt;

/// A fault, and the part of the link where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareError {
    /// The part, as written; empty if the fault is in the link as a whole.
    pub part: String,
    /// First character of the part in the link, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub kind: ShareErrorKind,
}

/// The kinds of fault. `Display` says each in French.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareErrorKind {
    /// No version, or one that is not read here.
    Version,
    /// A part without `=`.
    NoValue,
    /// A part whose name means nothing.
    UnknownName(Option<&'static str>),
    /// A part that is there twice.
    Twice,
    /// A part that must be there.
    Missing(&'static str),
    /// `%` without two hexadecimal digits, or bytes that are not UTF-8.
    Escape,
    /// No simulation has this name.
    UnknownSimulation,
    /// Not a whole number, or one that does not fit.
    Number,
    /// A length of time that cannot be read.
    Unit(UnitError),
    /// A value that the property does not take.
    Setting(SettingError),
    /// A property of the topic among those of the second producer.
    TopicProperty,
    /// A property that the configured client does not have.
    OtherClient,
    /// A property that means nothing in this simulation.
    OtherSimulation,
    /// A topic that is not written as one.
    TopicForm,
    /// More variants than a page can show.
    TooManyVariants,
    /// A step that cannot be read.
    Step(StepError),
    /// An action that is not written as one.
    ActionForm,
    /// A detail of a `produce` action that means nothing, or that is there twice.
    Detail(String),
    /// No set of keys has this name.
    UnknownSet,
    /// A time later than a day.
    TooLate,
    /// An action that makes no sense where it stands.
    Action(ActionError),
}

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.part.is_empty() {
            return write!(f, "Ce lien est refusé : {}", self.kind);
        }
        write!(f, "Ce lien est refusé : « {} », {}", self.part, self.kind)
    }
}

impl std::error::Error for ShareError {}

impl fmt::Display for ShareErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("il doit commencer par v=1 ; il a été tronqué, ou fait par une autre version du cours"),
            Self::NoValue => f.write_str("il manque le signe = et une valeur"),
            Self::UnknownName(closest) => {
                f.write_str("ce nom ne veut rien dire ici")?;
                suggestion(f, *closest)
            }
            Self::Twice => f.write_str("donné deux fois"),
            Self::Missing(name) => write!(f, "il manque « {name} »"),
            Self::Escape => f.write_str("un % doit être suivi de deux chiffres hexadécimaux, et le tout être de l'UTF-8"),
            Self::UnknownSimulation => f.write_str("cette simulation n'existe pas"),
            Self::Number => f.write_str("un nombre entier est attendu"),
            Self::Unit(error) => error.fmt(f),
            Self::Setting(error) => error.fmt(f),
            Self::TopicProperty => f.write_str("cette propriété configure le topic, que les deux producers partagent"),
            Self::OtherClient => f.write_str("cette propriété n'existe pas chez le client choisi par « partitioner »"),
            Self::OtherSimulation => f.write_str("cette propriété ne veut rien dire dans cette simulation"),
            Self::TopicForm => write!(f, "un topic s'écrit nom:partitions, de 1 à {MAX_PARTITIONS} partitions"),
            Self::TooManyVariants => write!(f, "un lien compare au plus {MAX_VARIANTS} variantes"),
            Self::Step(error) => error.fmt(f),
            Self::ActionForm => f.write_str("une action s'écrit instant:produce:…, instant:add-partitions:nombre ou instant:verbe:nom"),
            Self::Detail(detail) => write!(f, "« {detail} » est inconnu, mal écrit ou donné deux fois"),
            Self::UnknownSet => f.write_str("ce jeu de clés n'existe pas"),
            Self::TooLate => f.write_str("une simulation dure au plus un jour"),
            Self::Action(error) => error.fmt(f),
        }
    }
}

//! One value of one property.

use super::property::Form;
use crate::partitioner::Partitioner;
use crate::text::closest;
use crate::time::Duration;
use crate::units::{UnitError, parse_duration, parse_size};
use std::fmt;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// A whole number.
    Count(u32),
    /// A length of time.
    Time(Duration),
    /// A size in bytes.
    Bytes(u32),
    /// `true` or `false`.
    Flag(bool),
    /// A partitioner.
    Partitioner(Partitioner),
    /// One of the words of the property.
    Choice(&'static str),
    /// A text.
    Text(String),
}

/// Why a text is not a value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingError {
    /// Not a quantity.
    Unit(UnitError),
    /// A quantity, but too small or too large.
    OutOfRange {
        /// Smallest value, as a person writes it.
        min: String,
        /// Largest value, as a person writes it.
        max: String,
    },
    /// Neither `true` nor `false`.
    NotAFlag,
    /// Not one of the property's words.
    NotAChoice {
        /// The word.
        word: String,
        /// The words.
        known: &'static [&'static str],
    },
    /// No partitioner has this name.
    UnknownPartitioner {
        /// The name.
        name: String,
        /// The name that looks most like it.
        closest: Option<&'static str>,
    },
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(error) => error.fmt(f),
            Self::OutOfRange { min, max } => {
                write!(f, "la valeur doit être comprise entre {min} et {max}")
            }
            Self::NotAFlag => f.write_str("la valeur doit être true ou false"),
            Self::NotAChoice { word, known } => match closest(word, known.iter().copied()) {
                Some(closest) => {
                    write!(f, "« {word} » inconnu : vouliez-vous dire « {closest} » ?")
                }
                None => write!(
                    f,
                    "« {word} » inconnu ; les choix sont {}",
                    known.join(", ")
                ),
            },
            Self::UnknownPartitioner {
                name,
                closest: Some(closest),
            } => {
                write!(
                    f,
                    "partitionneur « {name} » inconnu : vouliez-vous dire « {closest} » ?"
                )
            }
            Self::UnknownPartitioner {
                name,
                closest: None,
            } => {
                write!(
                    f,
                    "partitionneur « {name} » inconnu ; les noms acceptés sont "
                )?;
                for (index, known) in Partitioner::ALL.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    f.write_str(known.property())?;
                }
                Ok(())
            }
        }
    }
}

impl Setting {
    /// Reads a value of this form. A number without unit is in the property's own unit, as in Kafka.
    ///
    /// # Errors
    /// When the text is not such a value.
    pub fn parse(form: Form, text: &str) -> Result<Self, SettingError> {
        let text = text.trim();
        match form {
            Form::Count { min, max } => {
                in_range(number(text)?, min, max, |n| n.to_string()).map(Self::Count)
            }
            Form::Milliseconds { max } => milliseconds(text, max).map(Self::Time),
            Form::Bytes { min, max } => {
                let bytes = number(text)
                    .or_else(|_| parse_size(text))
                    .map_err(SettingError::Unit)?;
                in_range(bytes, min, max, |n| format!("{n}B")).map(Self::Bytes)
            }
            Form::Flag => match text {
                "true" => Ok(Self::Flag(true)),
                "false" => Ok(Self::Flag(false)),
                _ => Err(SettingError::NotAFlag),
            },
            Form::Partitioner => partitioner(text).map(Self::Partitioner),
            Form::Choice(known) => choice(text, known).map(Self::Choice),
            Form::Text if text.is_empty() => Err(UnitError::Empty.into()),
            Form::Text => Ok(Self::Text(text.to_owned())),
        }
    }
}

impl From<UnitError> for SettingError {
    fn from(error: UnitError) -> Self {
        Self::Unit(error)
    }
}

fn number(text: &str) -> Result<u64, UnitError> {
    match text.as_bytes() {
        [] => Err(UnitError::Empty),
        [b'-', ..] => Err(UnitError::Negative),
        digits if digits.iter().all(u8::is_ascii_digit) => {
            text.parse().map_err(|_| UnitError::TooLarge)
        }
        _ => Err(UnitError::NotANumber),
    }
}

fn in_range(value: u64, min: u32, max: u32, write: fn(u32) -> String) -> Result<u32, SettingError> {
    match u32::try_from(value) {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        _ => Err(SettingError::OutOfRange {
            min: write(min),
            max: write(max),
        }),
    }
}

fn milliseconds(text: &str, max: u32) -> Result<Duration, SettingError> {
    let max = Duration::from_millis(u64::from(max));
    let value = match number(text) {
        Ok(ms) => Duration(ms.saturating_mul(1_000)),
        Err(_) => parse_duration(text)?,
    };
    if value > max {
        return Err(SettingError::OutOfRange {
            min: "0ms".to_owned(),
            max: max.to_string(),
        });
    }
    Ok(value)
}

fn choice(text: &str, known: &'static [&'static str]) -> Result<&'static str, SettingError> {
    known
        .iter()
        .find(|word| **word == text)
        .copied()
        .ok_or_else(|| SettingError::NotAChoice {
            word: text.to_owned(),
            known,
        })
}

fn partitioner(name: &str) -> Result<Partitioner, SettingError> {
    Partitioner::from_property(name).ok_or_else(|| SettingError::UnknownPartitioner {
        name: name.to_owned(),
        closest: closest(name, Partitioner::ALL.iter().map(Partitioner::property)),
    })
}

impl fmt::Display for Setting {
    /// As a person writes it; [`Setting::parse`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::Bytes(bytes) => bytes.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Partitioner(partitioner) => f.write_str(partitioner.property()),
            Self::Choice(word) => f.write_str(word),
            Self::Text(text) => f.write_str(text),
        }
    }
}

//! A calculator as text: `v=1&calc=partitions&target=500&per-partition=50&consumers=20&brokers=3`.
//!
//! The same text is in the page, and after `#figure?` in a shared link. It is read whole or refused with the reason.

use super::{Calculator, Field, Formula};
use crate::text::{closest, suggestion};
use std::fmt;

/// The version of the text.
const VERSION: &str = "1";

/// Why a text is not a calculator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It does not begin with the version that is known.
    Version,
    /// A part is not `name=value`.
    NotAPair(String),
    /// No formula has this name.
    UnknownFormula(String),
    /// The formula has no such number.
    UnknownField {
        /// The name.
        name: String,
        /// The name that looks most like it.
        closest: Option<&'static str>,
    },
    /// A number is given twice.
    Twice(&'static str),
    /// A number is missing.
    Missing(&'static str),
    /// Not a number that the field may have, or not one of its choices.
    Value {
        /// The field.
        field: &'static str,
        /// What is written.
        value: String,
        /// Smallest value.
        min: u32,
        /// Largest value.
        max: u32,
        /// The choices, if it is one.
        choices: &'static [&'static str],
    },
}

impl Calculator {
    /// The calculator as text.
    pub fn link(&self) -> String {
        let mut text = ["v=", VERSION, "&calc=", self.formula.name()].concat();
        for (field, value) in self.formula.fields().iter().zip(&self.values) {
            text.push('&');
            text.push_str(field.name);
            text.push('=');
            text.push_str(&field.written(*value));
        }
        text
    }

    /// The calculator that a text says.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn from_link(text: &str) -> Result<Self, LinkError> {
        let mut pairs = text.split('&').map(|part| {
            part.split_once('=')
                .ok_or_else(|| LinkError::NotAPair(part.to_owned()))
        });
        if pairs.next() != Some(Ok(("v", VERSION))) {
            return Err(LinkError::Version);
        }
        let formula = match pairs.next().transpose()? {
            Some(("calc", name)) => Formula::from_name(name)
                .ok_or_else(|| LinkError::UnknownFormula(name.to_owned()))?,
            _ => return Err(LinkError::Missing("calc")),
        };
        let fields = formula.fields();
        let mut values = vec![None; fields.len()];
        for pair in pairs {
            let (name, value) = pair?;
            let place = fields.iter().position(|field| field.name == name);
            let Some(place) = place else {
                return Err(LinkError::UnknownField {
                    name: name.to_owned(),
                    closest: closest(name, fields.iter().map(|field| field.name)),
                });
            };
            let read = fields[place].read(value)?;
            if values[place].replace(read).is_some() {
                return Err(LinkError::Twice(fields[place].name));
            }
        }
        let whole: Result<Vec<u32>, LinkError> = values
            .into_iter()
            .zip(fields)
            .map(|(value, field)| value.ok_or(LinkError::Missing(field.name)))
            .collect();
        Ok(Self {
            formula,
            values: whole?,
        })
    }
}

impl Field {
    /// A value as a text says it: a number, or the name of a choice.
    pub fn written(&self, value: u32) -> String {
        let choice = usize::try_from(value)
            .ok()
            .and_then(|place| self.choices.get(place));
        choice.map_or_else(|| value.to_string(), |name| (*name).to_owned())
    }

    /// The value that a text says.
    ///
    /// # Errors
    /// When the field may not have it.
    pub fn read(&self, text: &str) -> Result<u32, LinkError> {
        let value = if self.choices.is_empty() {
            text.parse().ok()
        } else {
            let place = self.choices.iter().position(|choice| *choice == text);
            place.and_then(|place| u32::try_from(place).ok())
        };
        value
            .filter(|value| (self.min..=self.max).contains(value))
            .ok_or_else(|| LinkError::Value {
                field: self.name,
                value: text.to_owned(),
                min: self.min,
                max: self.max,
                choices: self.choices,
            })
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => write!(
                f,
                "un lien de calculateur commence par « v={VERSION} », suivi de « & »"
            ),
            Self::NotAPair(part) => write!(f, "« {part} » n’est pas de la forme nom=valeur"),
            Self::UnknownFormula(name) => {
                let known = Formula::ALL.map(Formula::name).join(", ");
                write!(f, "calculateur « {name} » inconnu ; il y a {known}")
            }
            Self::UnknownField { name, closest } => {
                write!(f, "« {name} » n’est pas un nombre de ce calculateur")?;
                suggestion(f, *closest)
            }
            Self::Twice(name) => write!(f, "« {name} » est donné deux fois"),
            Self::Missing(name) => write!(f, "il manque « {name} »"),
            Self::Value {
                field,
                value,
                min,
                max,
                choices,
            } => {
                if choices.is_empty() {
                    write!(
                        f,
                        "« {field} » doit être un nombre entier de {min} à {max}, et non « {value} »"
                    )
                } else {
                    let choices = choices.join(", ");
                    write!(
                        f,
                        "« {field} » doit être l’un de {choices}, et non « {value} »"
                    )
                }
            }
        }
    }
}

impl std::error::Error for LinkError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for formula in Formula::ALL {
            for example in formula.examples() {
                let mut calculator = Calculator::new(formula);
                calculator.take(example.values);
                assert_eq!(Calculator::from_link(&calculator.link()), Ok(calculator));
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let refused = |text: &str| {
            let error = Calculator::from_link(text).expect_err(text);
            error.to_string()
        };
        assert_eq!(
            refused("calc=partitions"),
            "un lien de calculateur commence par « v=1 », suivi de « & »"
        );
        assert_eq!(refused("v=1"), "il manque « calc »");
        assert_eq!(
            refused("v=1&calc=lag"),
            "calculateur « lag » inconnu ; il y a partitions, timeouts, lots"
        );
        assert_eq!(
            refused("v=1&calc=partitions&broker=3"),
            "« broker » n’est pas un nombre de ce calculateur : vouliez-vous dire « brokers » ?"
        );
        assert_eq!(
            refused("v=1&calc=partitions&brokers=0"),
            "« brokers » doit être un nombre entier de 1 à 100, et non « 0 »"
        );
        assert_eq!(
            refused("v=1&calc=partitions&brokers=3&brokers=3"),
            "« brokers » est donné deux fois"
        );
        assert_eq!(
            refused("v=1&calc=partitions&brokers=3"),
            "il manque « target »"
        );
        assert_eq!(
            refused("v=1&calc=timeouts&group.protocol=eager"),
            "« group.protocol » doit être l’un de classic, consumer, et non « eager »"
        );
        assert_eq!(
            refused("v=1&calc=partitions&brokers"),
            "« brokers » n’est pas de la forme nom=valeur"
        );
    }
}

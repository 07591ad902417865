//! What an expression gives.

use crate::text::grouped;
use std::fmt;

/// A value, shown in French: `10 000`, `2,5`, `3, 1, 0`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A text.
    Text(String),
    /// Several values.
    List(Vec<Value>),
}

impl Value {
    /// As a number, if it is one.
    pub fn as_real(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            Self::Text(_) | Self::List(_) => None,
        }
    }

    /// As a whole number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether both are the same: numbers within a billionth of each other, whatever their kind; lists item by item.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| left.same(right))
            }
            _ => match (self.as_real(), other.as_real()) {
                (Some(left), Some(right)) => {
                    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0)
                }
                _ => false,
            },
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => f.write_str(&grouped(*number)),
            Self::Real(number) => f.write_str(&decimal(*number)),
            Self::Text(text) => f.write_str(text),
            Self::List(values) => {
                for (index, value) in values.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    value.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

/// A number rounded to two decimals, with a comma and without trailing zeros. Written by hand: the standard formatting of
/// floats weighs more in the page than the rest of this crate's texts together.
#[allow(clippy::cast_possible_truncation)]
fn decimal(number: f64) -> String {
    let hundredths = (number * 100.0).round();
    if !hundredths.is_finite() || hundredths.abs() > 9e17 {
        return "hors limites".to_owned();
    }
    let hundredths = hundredths as i64;
    let mut text = grouped(hundredths / 100);
    if hundredths < 0 && hundredths > -100 {
        text.insert(0, '\u{2212}');
    }
    let decimals = [hundredths / 10 % 10, hundredths % 10].map(i64::unsigned_abs);
    let shown = if decimals[1] > 0 {
        2
    } else {
        usize::from(decimals[0] > 0)
    };
    for (index, decimal) in decimals[..shown].iter().enumerate() {
        text.push_str(if index == 0 { "," } else { "" });
        text.push_str(&decimal.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_in_french() {
        let shown = |value: Value| value.to_string();
        assert_eq!(shown(Value::Integer(10_000)), "10\u{202f}000");
        assert_eq!(shown(Value::Real(2.5)), "2,5");
        assert_eq!(shown(Value::Real(1234.567)), "1\u{202f}234,57");
        assert_eq!(shown(Value::Real(3.0)), "3");
        assert_eq!(shown(Value::Real(-0.25)), "\u{2212}0,25");
        assert_eq!(shown(Value::Real(0.05)), "0,05");
        assert_eq!(shown(Value::Real(f64::NAN)), "hors limites");
        assert_eq!(
            shown(Value::List(vec![
                Value::Integer(3),
                Value::Text("b".into())
            ])),
            "3, b"
        );
    }

    #[test]
    fn sameness_ignores_the_kind_of_number() {
        assert!(Value::Integer(2).same(&Value::Real(2.0)));
        assert!(Value::Real(0.1 + 0.2).same(&Value::Real(0.3)));
        assert!(!Value::Integer(2).same(&Value::Text("2".into())));
        assert!(!Value::List(vec![Value::Integer(1)]).same(&Value::List(vec![])));
    }
}

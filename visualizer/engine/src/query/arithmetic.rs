//! The operators, on whole numbers as long as the result is one.

use super::error::QueryErrorKind;
use super::value::Value;

/// Applies an operator.
pub(super) fn apply(operator: char, left: &Value, right: &Value) -> Result<Value, QueryErrorKind> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => on_integers(operator, *left, *right),
        _ => match (left.as_real(), right.as_real()) {
            (Some(left), Some(right)) => on_reals(operator, left, right),
            _ => Err(QueryErrorKind::Expected(
                "un nombre de chaque côté de l'opérateur",
            )),
        },
    }
}

fn on_integers(operator: char, left: i64, right: i64) -> Result<Value, QueryErrorKind> {
    if matches!(operator, '/' | '%') && right == 0 {
        return Err(QueryErrorKind::DivisionByZero);
    }
    let result = match operator {
        '+' => left.checked_add(right),
        '-' => left.checked_sub(right),
        '*' => left.checked_mul(right),
        '%' => left.checked_rem(right),
        _ if left.checked_rem(right) != Some(0) => {
            return Ok(Value::Real(left as f64 / right as f64));
        }
        _ => left.checked_div(right),
    };
    result.map(Value::Integer).ok_or(QueryErrorKind::Overflow)
}

fn on_reals(operator: char, left: f64, right: f64) -> Result<Value, QueryErrorKind> {
    match operator {
        '+' => Ok(Value::Real(left + right)),
        '-' => Ok(Value::Real(left - right)),
        '*' => Ok(Value::Real(left * right)),
        '/' if right == 0.0 => Err(QueryErrorKind::DivisionByZero),
        '/' => Ok(Value::Real(left / right)),
        _ => Err(QueryErrorKind::Expected(
            "un nombre entier de chaque côté de %",
        )),
    }
}

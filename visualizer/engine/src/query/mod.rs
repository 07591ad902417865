//! The expression language in which prose, quizzes and expectations ask the engine: `partition("customer-A", 6)`.

mod error;
mod value;

pub use error::{QueryError, QueryErrorKind};
pub use value::Value;

use crate::simulation::Simulation;

/// Evaluates an expression that needs no run.
///
/// # Errors
/// At the first fault, with its place.
pub fn evaluate(expression: &str) -> Result<Value, QueryError> {
    let _ = expression;
    Err(QueryError {
        column: 1,
        length: 1,
        kind: QueryErrorKind::Empty,
    })
}

/// Evaluates an expression about a run, in the state it has now.
///
/// # Errors
/// At the first fault, with its place.
pub fn evaluate_in(expression: &str, run: &Simulation) -> Result<Value, QueryError> {
    let _ = run;
    evaluate(expression)
}

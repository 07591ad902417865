//! The expression language in which prose, quizzes and expectations ask the engine: `partition("customer-A", 6)`.
//!
//! An expression is made of whole and decimal numbers, texts in double quotes, lists in brackets, the operators
//! `+ - * / %`, and the functions of [`functions`]. It is evaluated as it is read: there is no tree.

mod arguments;
mod arithmetic;
mod error;
mod evaluator;
mod functions;
mod lexer;
mod value;

pub use error::{QueryError, QueryErrorKind};
pub use functions::{Function, functions};
pub use value::Value;

use crate::partitioning::Simulation;

/// Evaluates an expression that needs no run.
///
/// # Errors
/// At the first fault, with its place.
pub fn evaluate(expression: &str) -> Result<Value, QueryError> {
    evaluator::evaluate(expression, None)
}

/// Evaluates an expression about a run, in the state it has now.
///
/// # Errors
/// At the first fault, with its place.
pub fn evaluate_in(expression: &str, run: &Simulation) -> Result<Value, QueryError> {
    evaluator::evaluate(expression, Some(run))
}

#[cfg(test)]
mod tests;

//! The expression language in which prose, quizzes and expectations ask the engine: `partition("customer-A", 6)`.
//!
//! An expression is made of whole and decimal numbers, texts in double quotes, lists in brackets, the operators
//! `+ - * / %`, and the functions of [`functions`]. It is evaluated as it is read: there is no tree.

mod arguments;
mod arithmetic;
mod calculators;
mod error;
mod evaluator;
mod functions;
mod lexer;
mod value;

pub use arguments::Arguments;
pub use error::{QueryError, QueryErrorKind};
pub use functions::{Function, functions};
pub use value::Value;

use crate::partitioning::Simulation;

/// A run that expressions can ask.
pub trait Subject {
    /// What can be asked of it: made by [`Function::of_run`]. They go before the functions of the same name that need no
    /// run.
    fn functions(&self) -> &'static [Function];

    /// What one of its functions gives.
    ///
    /// # Errors
    /// When the arguments make no sense.
    fn answer(&self, call: &Arguments<'_>) -> Result<Value, QueryError>;

    /// The run, if it is one of the partitioning simulation.
    fn partitioning(&self) -> Option<&Simulation> {
        None
    }
}

impl Subject for Simulation {
    fn functions(&self) -> &'static [Function] {
        &[]
    }

    fn answer(&self, call: &Arguments<'_>) -> Result<Value, QueryError> {
        Err(call.fault(QueryErrorKind::NeedsRun(call.function.name)))
    }

    fn partitioning(&self) -> Option<&Simulation> {
        Some(self)
    }
}

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
pub fn evaluate_in(expression: &str, run: &dyn Subject) -> Result<Value, QueryError> {
    evaluator::evaluate(expression, Some(run))
}

#[cfg(test)]
mod tests;

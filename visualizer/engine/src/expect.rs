//! Runs a scenario and checks what it says of itself.

use crate::play::play;
use crate::query::{self, QueryError, Subject, Value};
use crate::scenario::{Expectation, Place, Scenario};
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

/// Runs the scenario, and its variants that something is expected of, and returns everything in it that does not hold:
/// expectations, each at its instant (the run's end by default), and a prediction that has no answer. In the order of the
/// text.
pub fn check(scenario: &Scenario) -> Vec<ExpectationError> {
    let mut errors: Vec<_> = (0..=scenario.variants.len())
        .flat_map(|variant| check_variant(scenario, variant))
        .collect();
    if let (Some(prediction), Some(Err(error))) = (&scenario.predict, answer(scenario)) {
        errors.push(inside(prediction.place, error));
    }
    errors.sort_by_key(|error| (error.line, error.column));
    errors
}

fn check_variant(scenario: &Scenario, variant: usize) -> Vec<ExpectationError> {
    let of_variant = |expectation: &&Expectation| expectation.variant == variant;
    let mut expectations: Vec<&Expectation> = scenario.expect.iter().filter(of_variant).collect();
    if expectations.is_empty() {
        return Vec::new();
    }
    let mut run = play(scenario.variant(variant));
    let end = run.end();
    expectations.sort_by_key(|expectation| expectation.at.unwrap_or(end));
    expectations
        .into_iter()
        .filter_map(|expectation| {
            run.seek(expectation.at.unwrap_or(end));
            holds(expectation, run.subject()).err()
        })
        .collect()
}

/// The answer to the scenario's prediction, in the state that its run has at its end; `None` if it asks nothing.
///
/// # Errors
/// When the expression cannot be evaluated.
pub fn answer(scenario: &Scenario) -> Option<Result<Value, QueryError>> {
    let prediction = scenario.predict.as_ref()?;
    let mut run = play(scenario.variant(0));
    run.seek(run.end());
    Some(query::evaluate_in(&prediction.answer, run.subject()))
}

fn holds(expectation: &Expectation, run: &dyn Subject) -> Result<(), ExpectationError> {
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

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;

    const RUN: &str = r#"type = "partitionnement"
title = "t"
[config]
num.partitions = 6
[compare]
partitioner = "java_default"
[[action]]
at = "0ms"
produce = { keys = ["21", "foobar", "abc", "kafka"], every = "100ms", count = 40 }
[[action]]
at = "2050ms"
add-partitions = 12
"#;

    /// What is wrong with these expectations about the run, each as `line:column+length message`. The first line after the
    /// run is line 13.
    fn faults(expectations: &str) -> Vec<String> {
        let scenario =
            Scenario::from_toml(&format!("{RUN}{expectations}")).expect("the text is right");
        let show = |error: &ExpectationError| {
            format!("{}:{}+{} {error}", error.line, error.column, error.length)
        };
        check(&scenario).iter().map(show).collect()
    }

    /// An expectation on three lines.
    fn expect(that: &str, at: &str, equals: &str) -> String {
        let at = if at.is_empty() {
            String::new()
        } else {
            format!("at = \"{at}\"\n")
        };
        format!("[[expect]]\nthat = '{that}'\n{at}equals = {equals}\n")
    }

    #[test]
    fn expectations_that_hold_are_silent() {
        // CRC-32 at 6 partitions: 21 → 4, foobar → 5, abc → 0, kafka → 5; at 12: 4, 5, 6, 11. Ten records of each
        // key, half of them (and the one at 2 s) before the topic grows. Java sends 21 and foobar to 0, where abc goes too.
        let all = [
            expect("records(5, \".NET\")", "2s", "10"),
            expect("records(5)", "", "15"),
            expect("records(11)", "", "5"),
            expect("log_end(11)", "2100ms", "0"),
            expect("partition_of(\"kafka\")", "1s", "5"),
            expect("partition_of(\"kafka\")", "", "11"),
            expect("partition_of(\"foobar\", \"Java\")", "", "6"),
            expect("records_of(\"abc\")", "", "20"),
            expect("records_of(\"abc\", \"Java\")", "", "10"),
            expect("records_of(\"autre\")", "", "0"),
            expect("hottest()", "1s", "0"),
            expect("partitions()", "2s", "6"),
            expect("partitions()", "", "12"),
            expect("distinct_partitions(\".NET\")", "1s", "3"),
            expect("keys_moved(\".NET\")", "", "2"),
            expect("total()", "", "80"),
            expect("total(\"Java\") + waiting()", "950ms", "10"),
            expect("load([\"21\", \"abc\"], 6)", "", "[1, 0, 0, 0, 1, 0]"),
            expect("7 / 2", "", "3.5"),
            expect("keys([\"21\", \"abc\"], 6, 4)", "", "[\"21\"]"),
        ];
        assert_eq!(faults(&all.concat()), [""; 0]);
    }

    #[test]
    fn what_does_not_hold_is_told_with_its_place() {
        let wrong = [
            expect("records(5, \".NET\")", "2s", "12"),
            expect("records(55)", "", "0"),
            expect("record(5)", "", "0"),
            "[predict]\nquestion = \"?\"\nanswer = \"partition_of(1)\"\n".to_owned(),
        ];
        assert_eq!(
            faults(&wrong.concat()),
            [
                "14:9+18 records(5, \".NET\") vaut 10, et non 12",
                "18:17+2 il n'y a pas de partition 55 : elles vont de 0 à 11",
                "21:9+6 fonction « record » inconnue : vouliez-vous dire « records » ?",
                "25:24+1 il faut un texte entre guillemets : la fonction s'écrit partition_of(clé [, producer])",
            ]
        );
    }

    #[test]
    fn the_prediction_has_an_answer() {
        let text = format!(
            "{RUN}[predict]\nquestion = \"?\"\nanswer = 'partition(\"kafka\", partitions())'\n"
        );
        let scenario = Scenario::from_toml(&text).expect("the text is right");
        assert_eq!(answer(&scenario), Some(Ok(Value::Integer(11))));
    }
}

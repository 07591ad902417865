//! What can be wrong with a scenario's text.

use super::Place;
use std::fmt;

/// A fault and its place in the text. `Display` says in French what is wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// Line, counted from 1.
    pub line: usize,
    /// Column of the first character, counted from 1.
    pub column: usize,
    /// How many characters, at least 1.
    pub length: usize,
    /// What is wrong.
    pub kind: ScenarioErrorKind,
}

/// The kinds of fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioErrorKind {
    /// Not TOML.
    Syntax(String),
}

impl ScenarioError {
    /// A fault at a place.
    pub fn new(place: Place, kind: ScenarioErrorKind) -> Self {
        Self {
            line: place.line,
            column: place.column,
            length: place.length,
            kind,
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ScenarioErrorKind::Syntax(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ScenarioError {}

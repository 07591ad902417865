//! A scenario as the end of a link: a log of actions that a person can read, and that is never half-read.

use crate::scenario::Scenario;
use std::fmt;

/// Why a link is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareError {
    /// The part of the link that is at fault.
    pub part: String,
    /// What is wrong with it, in French.
    pub reason: String,
}

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "« {} » : {}", self.part, self.reason)
    }
}

impl std::error::Error for ShareError {}

/// Writes what a run depends on. Expectations, frames and the prediction belong to the page and stay there.
pub fn encode(scenario: &Scenario) -> String {
    let _ = scenario;
    String::new()
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// When any part of it is not understood, or asks for more than a page can run.
pub fn decode(link: &str) -> Result<Scenario, ShareError> {
    Err(ShareError {
        part: link.to_owned(),
        reason: String::new(),
    })
}

//! Reads a scenario from the text of a fence.

use super::{Place, Scenario, ScenarioError, ScenarioErrorKind};

impl Scenario {
    /// Reads a scenario from the TOML text of a fence.
    ///
    /// # Errors
    /// With everything that is wrong with the text, in its order.
    pub fn from_toml(text: &str) -> Result<Self, Vec<ScenarioError>> {
        Err(vec![ScenarioError::new(
            Place {
                line: 1,
                column: 1,
                length: 1,
            },
            ScenarioErrorKind::Syntax(text.to_owned()),
        )])
    }
}

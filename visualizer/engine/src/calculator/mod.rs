//! Calculators: a rule of thumb of the course, with its numbers to change and its reasoning shown.
//!
//! 1. A [`Formula`] has [`Field`]s, each a whole number; a [`Calculator`] is a formula with values.
//! 2. [`Calculator::report`] computes: the result, the steps that lead to it, the rules that the values break, and what to
//!    paste.
//! 3. A calculator is saved as text, [`Calculator::link`]: in the page, and in the links that learners share.
//!
//! The rules themselves are pure functions of [`partitions`], [`timeouts`] and [`batches`], which prose asks through
//! [`crate::query`].

pub mod batches;
mod link;
pub mod partitions;
pub mod timeouts;
mod words;

pub use link::LinkError;

/// A rule to calculate with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// How many partitions a topic needs: [`partitions`].
    Partitions,
    /// What a consumer's timeouts come to: [`timeouts`].
    Timeouts,
    /// What a producer's batches come to: [`batches`].
    Batches,
}

/// A number to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in a fence and in a link: Kafka's own where it is a property.
    pub name: &'static str,
    /// What to call it, in French; the name itself if it is a property.
    pub label: &'static str,
    /// Whether the name is a property's.
    pub property: bool,
    /// What it is, in one French sentence.
    pub summary: &'static str,
    /// Its unit; may be empty.
    pub unit: &'static str,
    /// Smallest value.
    pub min: u32,
    /// Largest value.
    pub max: u32,
    /// How far a press of an arrow goes.
    pub step: u32,
    /// The value to begin with.
    pub usual: u32,
    /// What the values 0, 1… are called, if it is a choice.
    pub choices: &'static [&'static str],
}

/// Values worth trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What they are, in French.
    pub name: &'static str,
    /// One for each field.
    pub values: &'static [u32],
}

/// A formula and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculator {
    /// The formula.
    formula: Formula,
    /// One for each field, within its bounds.
    values: Vec<u32>,
}

/// What a calculator says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The result, in a few words.
    pub result: String,
    /// How it comes about, step by step.
    pub steps: Vec<String>,
    /// What to know of it.
    pub remarks: Vec<Remark>,
    /// What to paste: a title, and the lines.
    pub code: Option<(&'static str, String)>,
}

/// Something to know of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// How much it matters.
    pub weight: Weight,
    /// The sentence.
    pub text: String,
}

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// All is well.
    Good,
    /// Better otherwise, or good to know.
    Advice,
    /// A rule is broken: it will not work.
    Broken,
}

impl Formula {
    /// All formulas.
    pub const ALL: [Self; 3] = [Self::Partitions, Self::Timeouts, Self::Batches];

    /// Its name in a fence and in a link.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Partitions => "partitions",
            Self::Timeouts => "timeouts",
            Self::Batches => "lots",
        }
    }

    /// The formula of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|formula| formula.name() == name)
    }

    /// Its numbers.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Partitions => &partitions::FIELDS,
            Self::Timeouts => &timeouts::FIELDS,
            Self::Batches => &batches::FIELDS,
        }
    }

    /// Values worth trying.
    pub const fn examples(self) -> &'static [Example] {
        match self {
            Self::Partitions => &partitions::EXAMPLES,
            Self::Timeouts => &timeouts::EXAMPLES,
            Self::Batches => &batches::EXAMPLES,
        }
    }
}

impl Calculator {
    /// A formula with its usual values.
    pub fn new(formula: Formula) -> Self {
        let values = formula.fields().iter().map(|field| field.usual).collect();
        Self { formula, values }
    }

    /// Its formula.
    pub const fn formula(&self) -> Formula {
        self.formula
    }

    /// The values, in the order of the fields.
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// Gives a field another value, or the nearest that it may have.
    pub fn set(&mut self, field: usize, value: u32) {
        if let (Some(held), Some(field)) =
            (self.values.get_mut(field), self.formula.fields().get(field))
        {
            *held = value.clamp(field.min, field.max);
        }
    }

    /// Gives all fields other values.
    pub fn take(&mut self, values: &[u32]) {
        for (field, value) in values.iter().enumerate() {
            self.set(field, *value);
        }
    }

    /// What it comes to.
    pub fn report(&self) -> Report {
        match self.formula {
            Formula::Partitions => partitions::Need::of(&self.values).report(),
            Formula::Timeouts => timeouts::Timeouts::of(&self.values).report(),
            Formula::Batches => batches::Batching::of(&self.values).report(),
        }
    }
}

impl Remark {
    pub(crate) fn new(weight: Weight, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { weight, text }
    }
}

impl Weight {
    /// Its sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Advice => "!",
            Self::Broken => "✗",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_within_their_bounds() {
        for formula in Formula::ALL {
            assert_eq!(Formula::from_name(formula.name()), Some(formula));
            let mut calculator = Calculator::new(formula);
            for (index, field) in formula.fields().iter().enumerate() {
                assert!((field.min..=field.max).contains(&field.usual), "{field:?}");
                calculator.set(index, u32::MAX);
                assert_eq!(calculator.values()[index], field.max);
                calculator.set(index, 0);
                assert_eq!(calculator.values()[index], field.min);
            }
            calculator.set(99, 1);
            assert_eq!(calculator.values().len(), formula.fields().len());
        }
    }

    #[test]
    fn examples_fit_and_every_report_is_whole() {
        for formula in Formula::ALL {
            for example in formula.examples() {
                let mut calculator = Calculator::new(formula);
                calculator.take(example.values);
                assert_eq!(calculator.values(), example.values, "{}", example.name);
                let report = calculator.report();
                assert!(!report.result.is_empty());
                assert!(!report.remarks.is_empty(), "{}", example.name);
                for line in report
                    .steps
                    .iter()
                    .chain(report.remarks.iter().map(|r| &r.text))
                {
                    assert!(line.ends_with('.'), "{line}");
                    assert!(!line.contains('\''), "{line}");
                }
            }
        }
    }

    #[test]
    fn the_extremes_do_not_overflow() {
        for formula in Formula::ALL {
            let fields = formula.fields();
            for mask in 0..1_u32 << fields.len() {
                let mut calculator = Calculator::new(formula);
                for (index, field) in fields.iter().enumerate() {
                    let high = mask >> index & 1 == 1;
                    calculator.set(index, if high { field.max } else { field.min });
                }
                assert!(!calculator.report().result.is_empty());
            }
        }
    }
}

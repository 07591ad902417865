//! Counts tests in the output of the programs that run them, and collects why the skipped ones are skipped.

use std::fmt;
use std::ops::AddAssign;

/// Passed, failed, skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Tests that passed.
    pub(crate) passed: u32,
    /// Tests that failed.
    pub(crate) failed: u32,
    /// Tests that did not run, each with its name and reason.
    pub(crate) skipped: Vec<Skip>,
}

/// A test that did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Skip {
    /// The test.
    pub(crate) name: String,
    /// Why, in its author's words; empty when the author gave none.
    pub(crate) reason: String,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped.extend(other.skipped);
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed,
            self.skipped.len()
        )
    }
}

impl Count {
    /// One check that is not a test runner's.
    pub(crate) fn check(good: bool) -> Self {
        Self {
            passed: u32::from(good),
            failed: u32::from(!good),
            skipped: Vec::new(),
        }
    }

    /// A runner's count; a runner that failed without a failed test (it did not compile, it crashed) is one failure,
    /// and one that ran nothing is one too.
    pub(crate) fn of_runner(mut self, success: bool) -> Self {
        let ran = self.passed + self.failed > 0;
        if self.failed == 0 && !(success && ran) {
            self.failed = 1;
        }
        self
    }

    /// Reads what `cargo test` printed.
    pub(crate) fn of_cargo(output: &str) -> Self {
        let mut count = Self::default();
        for line in output.lines() {
            if let Some(summary) = line.strip_prefix("test result: ") {
                count.passed += before(summary, "passed").unwrap_or(0);
                count.failed += before(summary, "failed").unwrap_or(0);
            } else if let Some((name, reason)) = ignored(line) {
                count.skipped.push(Skip {
                    name: name.to_owned(),
                    reason: reason.to_owned(),
                });
            }
        }
        count
    }

    /// Reads what `node --test` printed in TAP.
    pub(crate) fn of_tap(output: &str) -> Self {
        let mut count = Self::default();
        for line in output.lines() {
            let summary = |word: &str| {
                line.strip_prefix("# ")?
                    .strip_prefix(word)?
                    .trim()
                    .parse::<u32>()
                    .ok()
            };
            count.passed += summary("pass ").unwrap_or(0);
            count.failed += summary("fail ")
                .or_else(|| summary("cancelled "))
                .unwrap_or(0);
            if let Some((name, reason)) = line.split_once(" # SKIP") {
                let name = name.split_once(" - ").map_or(name, |(_, name)| name);
                count.skipped.push(Skip {
                    name: name.trim().to_owned(),
                    reason: reason.trim().to_owned(),
                });
            }
        }
        count
    }
}

/// The number before `word` in `ok. 12 passed; 0 failed; …`.
fn before(summary: &str, word: &str) -> Option<u32> {
    let words: Vec<&str> = summary
        .split([' ', ';'])
        .filter(|word| !word.is_empty())
        .collect();
    let at = words.iter().position(|candidate| *candidate == word)?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

/// Name and reason in `test a::b ... ignored, reason`.
fn ignored(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("test ")?.split_once(" ... ignored")?;
    Some((name, rest.trim_start_matches(',').trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARGO: &str = "\
     Running unittests src/lib.rs (target/debug/deps/engine-1)
running 3 tests
test time::tests::parses ... ok
test live::against_a_real_broker ... ignored, needs a broker at KAFKA_BOOTSTRAP
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";

    const TAP: &str = "\
TAP version 13
ok 1 - lire et naviguer
ok 2 - imprimer # SKIP pas de PDF ici
not ok 3 - chercher
1..3
# tests 3
# suites 0
# pass 1
# fail 1
# cancelled 0
# skipped 1
# todo 0
# duration_ms 12.5
";

    #[test]
    fn cargo_s_summaries_add_up_with_the_reasons_of_the_skipped() {
        let count = Count::of_cargo(CARGO);
        let name = "live::against_a_real_broker".to_owned();
        let reason = "needs a broker at KAFKA_BOOTSTRAP".to_owned();
        assert_eq!(
            count,
            Count {
                passed: 9,
                failed: 2,
                skipped: vec![Skip { name, reason }]
            }
        );
    }

    #[test]
    fn node_s_summary_is_read() {
        let count = Count::of_tap(TAP);
        let skip = Skip {
            name: "imprimer".into(),
            reason: "pas de PDF ici".into(),
        };
        assert_eq!(
            count,
            Count {
                passed: 1,
                failed: 1,
                skipped: vec![skip]
            }
        );
    }

    #[test]
    fn a_cancelled_test_is_a_failure() {
        assert_eq!(
            Count::of_tap("# pass 1\n# fail 0\n# cancelled 2\n").failed,
            2
        );
    }

    #[test]
    fn a_runner_that_crashed_or_ran_nothing_is_a_failure() {
        let ran = |passed, failed| Count {
            passed,
            failed,
            skipped: Vec::new(),
        };
        assert_eq!(ran(0, 0).of_runner(true).failed, 1);
        assert_eq!(ran(5, 0).of_runner(false).failed, 1);
        assert_eq!(ran(5, 2).of_runner(false).failed, 2);
        assert_eq!(ran(5, 0).of_runner(true).failed, 0);
    }

    #[test]
    fn the_last_line_has_its_exact_form() {
        assert_eq!(
            Count::of_cargo(CARGO).to_string(),
            "9 passed, 2 failed, 1 skipped"
        );
    }
}

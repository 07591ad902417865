//! A trace's file: the scenario, what the harness adds to it, and what was recorded. See `../../traces/README.md`.

use crate::Outcome;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const SCENARIO: &str = "=== scenario";
const HARNESS: &str = "=== harness";
const EQUAL: &str = "=== equal";
const TIMES: &str = "=== times";

/// A trace.
pub(crate) struct Trace {
    pub(crate) name: String,
    pub(crate) scenario: String,
    pub(crate) harness: String,
    pub(crate) recorded: Recorded,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Recorded {
    /// With what, and when.
    pub(crate) with: String,
    /// Lines that must be equal.
    pub(crate) equal: Vec<String>,
    /// Measures that have a tolerance.
    pub(crate) times: Vec<Measure>,
}

/// A length of time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measure {
    pub(crate) name: String,
    pub(crate) milliseconds: i64,
    pub(crate) tolerance: i64,
}

impl Trace {
    /// All traces of a folder, by name.
    pub(crate) fn all(folder: &Path) -> Outcome<Vec<Self>> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Outcome<_>>()?;
        files.retain(|file| {
            file.extension()
                .is_some_and(|extension| extension == "trace")
        });
        files.sort();
        files.iter().map(|file| Self::read(file)).collect()
    }

    fn read(file: &Path) -> Outcome<Self> {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(file)?;
        let (mut scenario, mut harness) = (String::new(), String::new());
        let mut recorded = Recorded::default();
        let mut section = "";
        for line in text.lines() {
            if line.starts_with("=== ") {
                section = line.split(':').next().unwrap_or(line);
                if section == EQUAL {
                    line[EQUAL.len()..]
                        .trim_start_matches(": ")
                        .clone_into(&mut recorded.with);
                }
                continue;
            }
            match section {
                SCENARIO => scenario = scenario + line + "\n",
                HARNESS => harness = harness + line + "\n",
                EQUAL => recorded.equal.push(line.to_owned()),
                TIMES => recorded.times.push(measure(line)?),
                other => return Err(format!("{}: no section {other}", file.display()).into()),
            }
        }
        Ok(Self {
            name: name.into_owned(),
            scenario,
            harness,
            recorded,
        })
    }

    /// Writes the file with something else recorded.
    pub(crate) fn write(&self, folder: &Path, recorded: &Recorded) -> Outcome<()> {
        let mut text = format!("{SCENARIO}\n{}", self.scenario);
        if !self.harness.is_empty() {
            write!(text, "{HARNESS}\n{}", self.harness)?;
        }
        writeln!(text, "{EQUAL}: {}", recorded.with)?;
        for line in &recorded.equal {
            writeln!(text, "{line}")?;
        }
        writeln!(text, "{TIMES}: milliseconds")?;
        for one in &recorded.times {
            writeln!(
                text,
                "{} = {} ± {}",
                one.name, one.milliseconds, one.tolerance
            )?;
        }
        Ok(fs::write(
            folder.join(format!("{}.trace", self.name)),
            text,
        )?)
    }
}

impl Recorded {
    /// What differs in a fresh recording, in French for the person at the terminal.
    pub(crate) fn differences(&self, fresh: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        for line in self.equal.iter().filter(|line| !fresh.equal.contains(line)) {
            differences.push(format!("n'est plus : {line}"));
        }
        for line in fresh.equal.iter().filter(|line| !self.equal.contains(line)) {
            differences.push(format!("est nouveau : {line}"));
        }
        if differences.is_empty() && self.equal != fresh.equal {
            differences.push("les mêmes lignes, dans un autre ordre".to_owned());
        }
        for one in &self.times {
            match fresh.times.iter().find(|other| other.name == one.name) {
                Some(other)
                    if other.milliseconds.abs_diff(one.milliseconds)
                        <= one.tolerance.unsigned_abs() => {}
                Some(other) => differences.push(format!(
                    "{} : {} ms au lieu de {} ± {}",
                    one.name, other.milliseconds, one.milliseconds, one.tolerance
                )),
                None => differences.push(format!("{} n'est plus mesuré", one.name)),
            }
        }
        differences
    }
}

fn measure(line: &str) -> Outcome<Measure> {
    let (name, values) = line.rsplit_once(" = ").ok_or("NAME = VALUE ± TOLERANCE")?;
    let (value, tolerance) = values.split_once(" ± ").ok_or("VALUE ± TOLERANCE")?;
    Ok(Measure {
        name: name.to_owned(),
        milliseconds: value.parse()?,
        tolerance: tolerance.parse()?,
    })
}

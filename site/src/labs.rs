//! Versions written in the labs' files, held against the course's table of versions.
//!
//! The labs are real projects that build on their own, so a version has to be written there too; this check makes sure that
//! it is the one that the course tells. It reads `MSBuild` files (packages, target framework, properties), Dockerfiles and
//! manifests (images), and the `version:` of Strimzi's `Kafka`.

use crate::content::{Content, File, has_extension};
use crate::course::Course;
use crate::diagnostic::{Diagnostics, Explain, Place, Span};

/// A lab has drifted from the course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabProblem {
    /// A version that is not the course's.
    Drift {
        /// Name in the table of versions.
        name: String,
        /// What the lab says.
        found: String,
        /// What the course says.
        expected: String,
    },
    /// A package whose version the table does not have.
    NotInTable {
        /// The name that it would have there.
        name: String,
        /// What the lab says.
        found: String,
    },
}

impl Explain for LabProblem {
    fn title(&self) -> String {
        match self {
            Self::Drift { name, found, .. } => {
                format!("le lab utilise {name} {found}, le cours en annonce une autre version")
            }
            Self::NotInTable { name, .. } => {
                format!("version de « {name} » absente de course.toml")
            }
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Drift { expected, .. } => format!("course.toml dit {expected}"),
            Self::NotInTable { .. } => String::new(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Drift { expected, .. } => {
                format!("écrivez {expected} ici, ou changez la table [versions] de course.toml")
            }
            Self::NotInTable { name, found } => {
                format!("ajoutez « {name} = \"{found}\" » à la table [versions] de course.toml")
            }
        }
    }
}

/// Container images whose tag the course knows: prefix of the image, name in the table of versions.
const IMAGES: [(&str, &str); 4] = [
    ("mcr.microsoft.com/dotnet/", "dotnet"),
    ("apache/kafka", "kafka"),
    ("apache/kafka-native", "kafka"),
    ("quay.io/strimzi/operator", "strimzi"),
];

/// Checks every file of `content/labs`.
pub fn check(course: &Course, content: &Content, problems: &mut Diagnostics) {
    for file in content
        .files()
        .filter(|file| file.path.starts_with("labs/"))
    {
        let Ok(text) = file.text() else { continue };
        let mut checker = Checker {
            course,
            file,
            text,
            problems,
        };
        if is_msbuild(&file.path) {
            checker.msbuild();
        }
        checker.images();
        if has_extension(&file.path, "yaml") || has_extension(&file.path, "yml") {
            checker.strimzi();
        }
    }
}

fn is_msbuild(path: &str) -> bool {
    ["props", "csproj", "targets"]
        .iter()
        .any(|extension| has_extension(path, extension))
}

struct Checker<'a> {
    course: &'a Course,
    file: &'a File,
    text: &'a str,
    problems: &'a mut Diagnostics,
}

impl<'a> Checker<'a> {
    fn report(&mut self, found: &'a str, problem: LabProblem) {
        let span = self.span(found);
        self.problems
            .push(Place::new(&self.file.path, span), problem);
    }

    /// Bytes of `part`, a slice of the text.
    fn span(&self, part: &str) -> Span {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + part.len()
    }

    /// Reports `found` if it is not the version `name`; `agrees` compares them.
    fn compare(&mut self, name: &str, found: &'a str, agrees: impl Fn(&str, &str) -> bool) {
        let Some(expected) = self
            .course
            .versions
            .get(name)
            .filter(|expected| !agrees(found, expected))
        else {
            return;
        };
        let problem = LabProblem::Drift {
            name: name.to_owned(),
            found: found.to_owned(),
            expected: expected.clone(),
        };
        self.report(found, problem);
    }

    fn msbuild(&mut self) {
        for element in self.text.split('<').skip(1) {
            self.package(element);
            self.property(element);
        }
    }

    /// `PackageReference Include="Confluent.Kafka" Version="2.16.0"`: the name is the package's, `confluent-kafka`.
    fn package(&mut self, element: &'a str) {
        if !element.starts_with("PackageReference ") && !element.starts_with("PackageVersion ") {
            return;
        }
        let attribute = |name: &str| {
            element
                .split_once(name)?
                .1
                .split_once('"')
                .map(|(value, _)| value)
        };
        let package = attribute("Include=\"").or_else(|| attribute("Update=\""));
        let (Some(package), Some(version)) = (package, attribute(" Version=\"")) else {
            return;
        };
        if version.starts_with('$') {
            return;
        }
        let name = package.to_lowercase().replace('.', "-");
        if self.course.versions.contains_key(&name) {
            self.compare(&name, version, |found, expected| found == expected);
        } else {
            self.report(
                version,
                LabProblem::NotInTable {
                    name,
                    found: version.to_owned(),
                },
            );
        }
    }

    /// `TargetFramework>net10.0` is `tfm`; `ConfluentKafkaVersion>2.16.0` is `confluent-kafka`.
    fn property(&mut self, element: &'a str) {
        let Some((tag, value)) = element.split_once('>') else {
            return;
        };
        let value = value.trim();
        if value.is_empty() || value.contains("$(") {
            return;
        }
        match tag {
            "TargetFramework" => self.compare("tfm", value, |found, expected| found == expected),
            "TargetFrameworks" => self.compare("tfm", value, |found, expected| {
                found.split(';').any(|one| one == expected)
            }),
            _ => {
                if let Some(name) = tag.strip_suffix("Version") {
                    self.compare(&kebab(name), value, |found, expected| found == expected);
                }
            }
        }
    }

    /// `image:tag` wherever it stands: Dockerfiles, manifests, commands.
    fn images(&mut self) {
        let words = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',');
        for word in self.text.split(words) {
            let Some((image, tag)) = word.rsplit_once(':') else {
                continue;
            };
            let known = IMAGES.iter().find(|(prefix, _)| {
                image == *prefix || (prefix.ends_with('/') && image.starts_with(prefix))
            });
            if let Some((_, name)) = known.filter(|_| !tag.is_empty() && !tag.contains(['$', '{']))
            {
                self.compare(name, tag, tag_agrees);
            }
        }
    }

    /// `version:` and `metadataVersion:` in a manifest of kind `Kafka`.
    fn strimzi(&mut self) {
        for document in self.text.split("\n---") {
            if !document
                .lines()
                .any(|line| line.trim_end() == "kind: Kafka")
            {
                continue;
            }
            for line in document.lines() {
                let value = |key: &str| {
                    line.trim_start()
                        .strip_prefix(key)
                        .map(|value| value.trim().trim_matches(['"', '\'']))
                };
                if let Some(version) = value("version:") {
                    self.compare("kafka", version, |found, expected| found == expected);
                } else if let Some(version) = value("metadataVersion:") {
                    self.compare("kafka-metadata", version, |found, expected| {
                        found == expected
                    });
                }
            }
        }
    }
}

/// A tag says the version, or goes on after it: `10.0-alpine`, `10.0.1`.
fn tag_agrees(tag: &str, version: &str) -> bool {
    tag.strip_prefix(version)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
}

/// `ConfluentKafka` as `confluent-kafka`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drifts(path: &str, text: &str) -> Vec<(String, String)> {
        let versions = [
            ("kafka", "4.3.1"),
            ("dotnet", "10.0"),
            ("tfm", "net10.0"),
            ("confluent-kafka", "2.16.0"),
        ];
        let course = Course {
            versions: versions
                .map(|(name, version)| (name.to_owned(), version.to_owned()))
                .into(),
            ..Course::default()
        };
        let content = Content::from_files([(path, text.as_bytes())]);
        let mut problems = Diagnostics::default();
        check(&course, &content, &mut problems);
        let problems = problems.into_sorted();
        problems
            .iter()
            .map(|d| {
                (
                    text[d.place.start..d.place.end].to_owned(),
                    d.problem.explain().label(),
                )
            })
            .collect()
    }

    fn drift(found: &str, expected: &str) -> (String, String) {
        (found.to_owned(), format!("course.toml dit {expected}"))
    }

    #[test]
    fn project_files() {
        let text = r#"<TargetFramework>net8.0</TargetFramework><PackageVersion Include="Confluent.Kafka" Version="2.10.0" />
            <ConfluentKafkaVersion>2.16.0</ConfluentKafkaVersion><LangVersion>latest</LangVersion>"#;
        assert_eq!(
            drifts("labs/1/Directory.Build.props", text),
            [drift("net8.0", "net10.0"), drift("2.10.0", "2.16.0")]
        );
        assert_eq!(
            drifts(
                "labs/1/x.csproj",
                "<TargetFrameworks>net8.0;net10.0</TargetFrameworks>"
            ),
            []
        );
        assert_eq!(
            drifts(
                "labs/1/x.csproj",
                r#"<PackageReference Include="Other" Version="1.0" />"#
            ),
            [("1.0".into(), String::new())]
        );
    }

    #[test]
    fn images_and_manifests() {
        let dockerfile = "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS b\nFROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine\n";
        assert_eq!(
            drifts("labs/1/Dockerfile", dockerfile),
            [drift("8.0", "10.0")]
        );
        assert_eq!(
            drifts("labs/1/run.sh", "docker run apache/kafka:4.0.0"),
            [drift("4.0.0", "4.3.1")]
        );
        let manifest = "apiVersion: v1\nkind: Kafka\nspec:\n  kafka:\n    version: 4.1.0\n";
        assert_eq!(
            drifts("labs/1/kafka.yaml", manifest),
            [drift("4.1.0", "4.3.1")]
        );
    }
}

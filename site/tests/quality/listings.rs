//! Every listing parses: the labs' files, and what the pages show.
//!
//! C# by tree-sitter, YAML by saphyr, JSON by serde, XML by roxmltree, Dockerfiles by parse-dockerfile, shell by bash, TOML by
//! toml. A `{{…}}` in a fence is read as a word of the same length, so that places stay true. A fence that shows a lab's file
//! between two anchors is read as the fragment that it is.

use crate::finding::{Finding, assert_none, content};
use crate::{csharp, shell, yaml};
use site::content::{Content, has_extension};
use site::diagnostic::Place;
use site::fence::include;
use site::fence::info;
use site::fence::language::Language;
use site::reading;
use std::ops::Range;

/// What a parser says: the bytes, and the words.
type Error = (Range<usize>, String);

#[test]
fn the_labs_files_parse() {
    let mut read = 0;
    let mut findings = Vec::new();
    for file in content().files() {
        let Some(language) = language_of(&file.path) else {
            continue;
        };
        read += 1;
        let text = file.text().expect("UTF-8");
        findings.extend(
            errors(language, text, true)
                .into_iter()
                .map(|(span, said)| Finding {
                    place: Place::new(&file.path, span),
                    title: format!("ce fichier n'est pas du {} : {said}", language.name()),
                    help: "corrigez le fichier : le cours le montre, les apprenants le lancent"
                        .to_owned(),
                }),
        );
    }
    assert!(read > 100, "only {read} files found");
    assert_none(&findings);
}

#[test]
fn the_pages_listings_parse() {
    let mut read = 0;
    let mut findings = Vec::new();
    for (_, reading) in reading::course(content()) {
        for fence in &reading.fences {
            let found = listing(content(), fence);
            read += usize::from(found.is_some());
            findings.extend(found.unwrap_or_default());
        }
    }
    assert!(read > 100, "only {read} listings found");
    assert_none(&findings);
}

/// What is wrong in `fence`; nothing if it is no listing in one of the languages.
fn listing(content: &Content, fence: &reading::Fence) -> Option<Vec<Finding>> {
    let info = info::parse(&fence.info).ok()?;
    let language = Language::from_name(info.name)?;
    let included = info.value("file").map(|path| {
        let text = content.get(path).and_then(|file| file.text().ok());
        include::extract(text.unwrap_or_default(), info.value("anchor")).unwrap_or_default()
    });
    let code = without_substitutions(included.as_deref().unwrap_or(&fence.body));
    let found = errors(language, &code, false);
    let findings = found.into_iter().map(|(span, said)| Finding {
        place: match &included {
            Some(_) => fence.origin.place(0..0),
            None => fence.origin.place(span),
        },
        title: format!("ce listing n'est pas du {} : {said}", info.name),
        help: match info.value("anchor") {
            Some(anchor) => format!(
                "l'ancre « {anchor} » doit entourer des instructions, des membres ou un bloc entier"
            ),
            None => {
                "corrigez-le, ou prenez-le dans un fichier de lab par file= et anchor=".to_owned()
            }
        },
    });
    Some(findings.collect())
}

/// The language of a lab's file, if it is one that is parsed here.
fn language_of(path: &str) -> Option<Language> {
    let extensions = [
        ("cs", Language::CSharp),
        ("yaml", Language::Yaml),
        ("yml", Language::Yaml),
        ("json", Language::Json),
        ("csproj", Language::Xml),
        ("props", Language::Xml),
        ("targets", Language::Xml),
        ("xml", Language::Xml),
        ("config", Language::Xml),
        ("sh", Language::Bash),
        ("toml", Language::Toml),
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "Dockerfile" || name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile") {
        return Some(Language::Dockerfile);
    }
    let found = extensions
        .iter()
        .find(|(extension, _)| has_extension(path, extension));
    found.map(|(_, language)| *language)
}

/// The errors of `text`; of a whole file if `whole`, else of a fragment.
fn errors(language: Language, text: &str, whole: bool) -> Vec<Error> {
    match language {
        Language::CSharp if whole => csharp::file(text),
        Language::CSharp => csharp::fragment(text),
        Language::Yaml => yaml::documents(&if whole {
            text.to_owned()
        } else {
            without_aliases(text)
        })
        .err()
        .map(|(at, said)| (at..at + 1, said))
        .into_iter()
        .collect(),
        Language::Json => json(text).into_iter().collect(),
        Language::Xml => xml(text).into_iter().collect(),
        Language::Dockerfile => dockerfile(text).into_iter().collect(),
        Language::Bash => bash(text, text).into_iter().collect(),
        Language::Console => bash(text, &shell::commands(text)).into_iter().collect(),
        Language::Toml => toml(text).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn json(text: &str) -> Option<Error> {
    let error = serde_json::from_str::<serde_json::Value>(text).err()?;
    let at = line_start(text, error.line().saturating_sub(1)) + error.column().saturating_sub(1);
    Some((at..at + 1, error.to_string()))
}

fn xml(text: &str) -> Option<Error> {
    let error = roxmltree::Document::parse(text).err()?;
    let position = error.pos();
    let line = line_start(text, (position.row as usize).saturating_sub(1));
    let at = line + (position.col as usize).saturating_sub(1);
    Some((at..at + 1, error.to_string()))
}

fn dockerfile(text: &str) -> Option<Error> {
    let error = parse_dockerfile::parse(text).err()?;
    Some((
        line(text, error.line().saturating_sub(1)),
        format!("{error:#}"),
    ))
}

fn toml(text: &str) -> Option<Error> {
    let error = toml::de::DeTable::parse(text).err()?;
    Some((error.span().unwrap_or(0..1), error.message().to_owned()))
}

/// The error of `script`, whose lines are those of `text`.
fn bash(text: &str, script: &str) -> Option<Error> {
    let (number, said) = shell::error(script)?;
    Some((line(text, number), said))
}

/// Bytes of line `number`, from 0.
fn line(text: &str, number: usize) -> Range<usize> {
    let start = line_start(text, number);
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    start..start + length
}

fn line_start(text: &str, number: usize) -> usize {
    text.split_inclusive('\n').take(number).map(str::len).sum()
}

/// `code` with each `{{…}}` as a word of the same length.
fn without_substitutions(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, inside)) = rest.split_once("{{") {
        let Some((inner, after)) = inside.split_once("}}") else {
            break;
        };
        out.push_str(before);
        out.extend(std::iter::repeat_n('x', inner.len() + 4));
        rest = after;
    }
    out + rest
}

/// `code` with each alias as a word: an excerpt may use what the rest of its file anchors.
fn without_aliases(code: &str) -> String {
    code.replace(": *", ": x").replace("- *", "- x")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each parser refuses what is not its language, at its place.
    #[test]
    fn errors_have_their_places() {
        let cases = [
            (Language::CSharp, "class A {\n  void M( }\n", 10),
            (Language::Yaml, "a: 1\nb: [\n", 0),
            (Language::Json, "{\n \"a\": }\n", 7),
            (Language::Xml, "<a>\n <b></a>\n", 4),
            (Language::Dockerfile, "FROM x\nRUM y\n", 7),
            (Language::Bash, "echo\nfi\n", 5),
            (Language::Console, "$ echo\nfi\n$ fi\n", 10),
            (Language::Toml, "a = 1\nb =\n", 6),
        ];
        for (language, text, from) in cases {
            let found = errors(language, text, true);
            assert!(!found.is_empty(), "{language:?} accepts « {text} »");
            assert!(found[0].0.start >= from, "{language:?}: {found:?}");
        }
    }

    #[test]
    fn a_page_shows_where_its_listing_is_wrong() {
        let source = "# Titre\n\n- liste\n\n  ```yaml\n  a: {{version.kafka}}\n  b: [\n  ```\n";
        let content = Content::from_files([("a.md", source.as_bytes())]);
        let readings = reading::course(&content);
        let found = listing(&content, &readings[0].1.fences[0]).unwrap();
        let (line, _) = reading::line_column(&content, &found[0].place);
        assert!(line >= 6, "{found:?}");
    }

    #[test]
    fn substitutions_are_words() {
        assert_eq!(without_substitutions("a: {{x}} {{"), "a: xxxxx {{");
        let excerpt = "b:\n  <<: *commun\n  c: [\n";
        let found = errors(Language::Yaml, excerpt, false);
        assert!(found[0].0.start >= 20, "{found:?}");
        assert_eq!(errors(Language::Yaml, "<<: *commun\n", false), []);
    }
}

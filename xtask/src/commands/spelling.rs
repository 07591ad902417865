//! Spelling of the course: every word of the prose in Debian's French dictionary, or in the project's own list.
//!
//! 1. The generator writes the words with their places (`site words`): no code, no addresses, nothing computed.
//! 2. hunspell, which needs no network, says which of the different words it does not know.
//! 3. Those that `xtask/spelling/mots.txt` does not hold either are mistakes, or words to add to it. A word of the list that
//!    the course no longer uses is reported too, so that the list stays what it says.

use std::collections::BTreeSet;
use std::fs::{self, File};

use crate::context::Context;
use crate::count::{Count, Skip};
use crate::course;
use crate::error::Error;
use crate::process::Job;
use crate::setup::system;

/// The project's list, relative to the repository: words between spaces, `#` before remarks. `mot@fichier` allows a word in
/// one file of the content only, for what elsewhere would be a mistake (English quoted once, a name without its accent).
const LIST: &str = "xtask/spelling/mots.txt";
/// Debian's packages: the program and its dictionary.
const PACKAGES: [&str; 2] = ["hunspell", "hunspell-fr-classical"];
/// The step, as shown and counted.
const LABEL: &str = "Orthographe (hunspell)";

/// A word of the course and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    /// `file:line:column`.
    place: String,
    /// As written, with `'` for every apostrophe.
    text: String,
}

/// Checks the spelling as one check; skipped, with the command that would help, where hunspell cannot be installed.
///
/// # Errors
/// When the generator does not build, or a program cannot run at all.
pub(super) fn count(context: &Context) -> Result<Count, Error> {
    if !ready() {
        if !system::may_install() {
            let skip = Skip {
                name: LABEL.to_owned(),
                reason: format!(
                    "il manque hunspell et son dictionnaire français. {}",
                    system::remedy(&PACKAGES)
                ),
            };
            return Ok(Count {
                skipped: vec![skip],
                ..Count::default()
            });
        }
        let label = format!("Paquets du système ({})", PACKAGES.join(", "));
        context
            .console
            .step(&label, |step| system::install(context, step, &PACKAGES))?;
    }
    course::binaries(context, &["site"])?;
    context.console.step(LABEL, |step| {
        let words = words(context)?;
        let unknown = unknown(context, &words)?;
        let path = context.path(LIST);
        let list = fs::read_to_string(&path).map_err(Error::file("lire", &path))?;
        let complaints = complaints(&words, &unknown, &list);
        for complaint in &complaints {
            step.console().say(complaint);
        }
        step.result(format!(
            "{} mots, {} à reprendre",
            words.len(),
            complaints.len()
        ));
        Ok(Count::check(complaints.is_empty()))
    })
}

/// Does hunspell run, with its French dictionary?
fn ready() -> bool {
    hunspell().query().is_some()
}

fn hunspell() -> Job {
    Job::new("hunspell").args(["-l", "-i", "utf-8", "-d", "fr"])
}

/// The words of the prose, in the order of the files.
fn words(context: &Context) -> Result<Vec<Word>, Error> {
    let job = Job::new(context.workspace.binary("site"))
        .dir(&context.workspace.root)
        .args(["words", "--content", "content"]);
    let command = job.shown();
    let written = job.query().ok_or(Error::Stopped {
        command,
        status: "sans donner les mots du cours".to_owned(),
    })?;
    Ok(read_words(&written))
}

fn read_words(written: &str) -> Vec<Word> {
    let pairs = written.lines().filter_map(|line| line.split_once('\t'));
    pairs
        .map(|(place, text)| Word {
            place: place.to_owned(),
            text: text.replace('’', "'"),
        })
        .collect()
}

/// What hunspell does not know of `words`: whole words, or parts of compounds.
fn unknown(context: &Context, words: &[Word]) -> Result<BTreeSet<String>, Error> {
    let path = context.workspace.target.join("xtask/mots.txt");
    let different: BTreeSet<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let lines: Vec<&str> = different.into_iter().collect();
    fs::write(&path, lines.join("\n")).map_err(Error::file("écrire", &path))?;
    let input = File::open(&path).map_err(Error::file("lire", &path))?;
    let job = hunspell().input(input);
    let command = job.shown();
    let said = job.query().ok_or(Error::Stopped {
        command,
        status: "avant la fin".to_owned(),
    })?;
    Ok(said.lines().map(str::to_owned).collect())
}

/// What to repair, one line each.
fn complaints(words: &[Word], unknown: &BTreeSet<String>, list: &str) -> Vec<String> {
    let list = entries(list);
    let mut used = BTreeSet::new();
    let mut complaints = Vec::new();
    for word in words {
        let parts: Vec<&str> = std::iter::once(word.text.as_str())
            .chain(word.text.split('-'))
            .collect();
        let missing: Vec<&&str> = parts
            .iter()
            .filter(|part| unknown.contains(**part))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let known: Vec<Option<&str>> = missing
            .iter()
            .map(|part| in_list(part, &word.place, &list))
            .collect();
        if let Some(entry) = in_list(&word.text, &word.place, &list) {
            used.insert(entry);
            continue;
        }
        used.extend(known.iter().flatten());
        if known.contains(&None) {
            complaints.push(format!(
                "✗ {} : « {} » n'est pas dans le dictionnaire ; corrigez le mot, ou ajoutez-le à {LIST}",
                word.place, word.text
            ));
        }
    }
    complaints.extend(
        list.difference(&used)
            .map(|entry| format!("✗ {LIST} : « {entry} » ne sert plus ; retirez-le")),
    );
    complaints
}

/// The words of the list.
fn entries(list: &str) -> BTreeSet<&str> {
    let lines = list
        .lines()
        .map(|line| line.split('#').next().unwrap_or(line));
    lines.flat_map(str::split_whitespace).collect()
}

/// The entry that allows `word` at `place`: itself, in lower case, or without the `s` of the plural; in that file, or anywhere.
fn in_list<'l>(word: &str, place: &str, list: &BTreeSet<&'l str>) -> Option<&'l str> {
    let file = place.split(':').next().unwrap_or(place);
    let file = file.strip_prefix("content/").unwrap_or(file);
    let lower = word.to_lowercase();
    let forms = [word, lower.as_str()];
    let singular = forms.map(|form| form.strip_suffix('s').unwrap_or(form));
    forms.iter().chain(&singular).find_map(|form| {
        let here = format!("{form}@{file}");
        let entry = list.get::<str>(&here);
        entry.or_else(|| list.get::<str>(form)).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, unknown: &[&str], list: &str) -> Vec<String> {
        let unknown = unknown.iter().map(|word| (*word).to_owned()).collect();
        complaints(&read_words(text), &unknown, list)
    }

    #[test]
    fn an_unknown_word_is_shown_where_it_stands() {
        let found = said("a.md:3:7\tofset\na.md:4:1\tjournal\n", &["ofset"], "");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("a.md:3:7") && found[0].contains("« ofset »"));
    }

    #[test]
    fn the_list_knows_plurals_capitals_and_parts() {
        let text = "a.md:1:1\tBrokers\na.md:1:9\tauto-commit\n";
        let unknown = ["Brokers", "commit"];
        assert_eq!(said(text, &unknown, "broker # un nœud\ncommit"), [""; 0]);
        assert_eq!(said(text, &unknown, "broker auto-commit"), [""; 0]);
        assert_eq!(said(text, &unknown, "broker").len(), 1);
    }

    #[test]
    fn a_word_may_be_allowed_in_one_file() {
        let text = "content/a.md:1:1\tdefinition\ncontent/b.md:1:1\tdefinition\n";
        let found = said(text, &["definition"], "definition@a.md");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("content/b.md"), "{found:?}");
    }

    #[test]
    fn a_word_that_is_no_longer_used_is_reported() {
        let found = said("a.md:1:1\tbroker\n", &["broker"], "broker\nlag\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("« lag »"), "{found:?}");
    }

    #[test]
    fn apostrophes_are_one() {
        assert_eq!(read_words("a.md:1:1\taujourd’hui\n")[0].text, "aujourd'hui");
    }
}

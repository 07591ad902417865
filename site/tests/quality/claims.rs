//! No quantity without a source. A quantity in the prose (`45 s`, `1 Mo`, `24 messages`) is carried by one of these:
//!
//! 1. a footnote or a link out of the course in its paragraph or table, or in the paragraph beside its table;
//! 2. the same quantity in a fence of its section: a simulation or a quiz, whose numbers the build checks against the engine,
//!    or a listing, which is a file that runs;
//! 3. the same quantity in a sourced passage of the same page: what is sourced once need not be sourced twice;
//! 4. `course.toml`, for the minutes that a page announces;
//! 5. `claims.toml`: a constant of Kafka with its source, near the words that it is about; or an excerpt with the reason why
//!    it needs none.
//!
//! What stands for `{{calcul: …}}` and `{{version.…}}` is computed, and not looked at. Numbers in letters are not either.

use crate::finding::{Finding, assert_none, content};
use crate::quantity::{Quantity, numbers, quantities};
use serde::Deserialize;
use site::content::Content;
use site::fence::{include, info};
use site::reading::{self, Passage, Reading};
use std::collections::BTreeMap;
use std::ops::Range;

/// `claims.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    /// Values of Kafka and its clients that the whole course may use.
    constant: Vec<Constant>,
    /// Reasons that hold for excerpts of pages.
    reason: Vec<Reason>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Constant {
    /// The quantity, written as in the prose.
    quantity: String,
    /// Words one of which must stand in the same passage, code included: what has this value.
    near: Vec<String>,
    /// Where that is said: an address, or a file of the content that holds the number (a lab's setting, a page's simulation).
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// Why these need no source.
    why: String,
    /// Excerpts by page.
    pages: BTreeMap<String, Vec<String>>,
}

const LIST: &str = include_str!("claims.toml");

fn list() -> Allowed {
    toml::from_str(LIST).unwrap_or_else(|error| panic!("site/tests/quality/claims.toml: {error}"))
}

#[test]
fn no_quantity_without_a_source() {
    let allowed = list();
    assert_none(&unsourced(content(), &allowed).0);
}

#[test]
fn the_list_explains_nothing_that_needs_no_explanation() {
    let allowed = list();
    for constant in &allowed.constant {
        assert!(
            holds(content(), constant) && !constant.near.is_empty(),
            "claims.toml: the source of « {} » does not say it, or no words tell what it is about",
            constant.quantity
        );
    }
    for reason in &allowed.reason {
        assert!(
            reason.why.len() > 20,
            "claims.toml: « {} » explains nothing",
            reason.why
        );
    }
    let unused = unsourced(content(), &allowed).1;
    assert!(
        unused.is_empty(),
        "claims.toml explains what the pages no longer say; remove:\n  {}",
        unused.join("\n  ")
    );
}

/// Does the source of `constant` say it? A page of the web is not read.
fn holds(content: &Content, constant: &Constant) -> bool {
    let wanted = quantities(&constant.quantity);
    let text = content
        .get(&constant.source)
        .and_then(|file| file.text().ok())
        .unwrap_or_default();
    constant.source.starts_with("https://")
        || wanted.first().is_some_and(|wanted| {
            quantities(text).iter().any(|said| said.equals(wanted))
                || numbers(text)
                    .iter()
                    .any(|(_, number)| wanted.is_number(*number))
        })
}

/// The quantities of the course that nothing carries, and the entries of the list that carry nothing.
fn unsourced(content: &Content, allowed: &Allowed) -> (Vec<Finding>, Vec<String>) {
    let mut list = List::new(allowed);
    let minutes = Minutes::of(content);
    let mut findings = Vec::new();
    for (path, reading) in reading::course(content) {
        if path.starts_with("jour-") || path.starts_with("annexes/") || &*path == "course.toml" {
            let evidence = Evidence::of(&reading, content);
            for (passage, quantity) in open_quantities(&reading) {
                let carried = evidence.carries(&quantity, passage.section)
                    || minutes.announce(&path, passage, &quantity)
                    || list.allows(&path, passage, &quantity);
                if !carried {
                    findings.push(finding(passage, &quantity));
                }
            }
        }
    }
    (findings, list.unused())
}

/// The quantities of passages that no source covers.
fn open_quantities(reading: &Reading) -> impl Iterator<Item = (&Passage, Quantity)> {
    let passages = reading.passages.iter().enumerate();
    passages
        .filter(|(index, _)| !is_cited(reading, *index))
        .flat_map(|(_, passage)| {
            quantities(passage.text())
                .into_iter()
                .filter(|quantity| !is_alert_time(passage.text(), quantity))
                .map(move |quantity| (passage, quantity))
        })
}

/// Is it the time beside the mark of an alert, `[!FORMATEUR] 3 min`? It plans the lesson, it claims nothing.
fn is_alert_time(text: &str, quantity: &Quantity) -> bool {
    let before = text[..quantity.span.start].trim_end();
    before.starts_with("[!") && before.find(']') == Some(before.len() - 1)
}

fn finding(passage: &Passage, quantity: &Quantity) -> Finding {
    Finding {
        place: passage.place(quantity.span.clone()),
        title: format!("« {} » n'a ni calcul ni source", &passage.text()[quantity.span.clone()]),
        help: "faites-le calculer ({{calcul: …}}, [[expect]] d'une simulation de la section), citez sa source (note ou lien), \
               ou expliquez-le dans site/tests/quality/claims.toml"
            .to_owned(),
    }
}

/// Rule 1.
fn is_cited(reading: &Reading, index: usize) -> bool {
    let passage = &reading.passages[index];
    let beside = [index.wrapping_sub(1), index + 1];
    passage.cited
        || passage.is_table
            && beside
                .iter()
                .filter_map(|at| reading.passages.get(*at))
                .any(|other| other.cited && other.section == passage.section)
}

/// Rules 2 and 3: what a page says with a source, or runs.
struct Evidence {
    /// Quantities and bare numbers of fences, by section.
    fences: Vec<(usize, Vec<Quantity>, Vec<f64>)>,
    /// Quantities of cited passages.
    cited: Vec<Quantity>,
}

impl Evidence {
    fn of(reading: &Reading, content: &Content) -> Self {
        let fences = reading.fences.iter().map(|fence| {
            let info = info::parse(&fence.info).unwrap_or_default();
            let included = info.value("file").and_then(|file| {
                let text = content.get(file)?.text().ok()?;
                include::extract(text, info.value("anchor")).ok()
            });
            let code = included.as_deref().unwrap_or(&fence.body);
            let bare = numbers(code).into_iter().map(|(_, number)| number);
            (fence.section, quantities(code), bare.collect())
        });
        let cited = reading.passages.iter().filter(|passage| passage.cited);
        Self {
            fences: fences.collect(),
            cited: cited
                .flat_map(|passage| quantities(passage.text()))
                .collect(),
        }
    }

    fn carries(&self, quantity: &Quantity, section: usize) -> bool {
        let shown =
            self.fences
                .iter()
                .filter(|(at, ..)| *at == section)
                .any(|(_, quantities, bare)| {
                    quantities.iter().any(|other| other.equals(quantity))
                        || bare.iter().any(|number| quantity.is_number(*number))
                });
        shown || self.cited.iter().any(|other| other.equals(quantity))
    }
}

/// Rule 4: the minutes of each page, and of what its bloc is made of, by file.
struct Minutes(BTreeMap<String, Vec<i64>>);

impl Minutes {
    /// Words beside which a page announces how long it takes.
    const ANNOUNCE: [&str; 3] = ["Comptez", "Durée", "le compte y est"];

    fn of(content: &Content) -> Self {
        let text = content
            .get("course.toml")
            .and_then(|file| file.text().ok())
            .unwrap_or_default();
        let course: toml::Table = text.parse().expect("course.toml");
        let tables = |table: &toml::Table, key: &str| -> Vec<toml::Table> {
            let items = table
                .get(key)
                .and_then(toml::Value::as_array)
                .cloned()
                .unwrap_or_default();
            items
                .into_iter()
                .filter_map(|item| item.as_table().cloned())
                .collect()
        };
        let minutes = |table: &toml::Table| {
            table
                .get("minutes")
                .and_then(toml::Value::as_integer)
                .unwrap_or(0)
        };
        let text_of = |table: &toml::Table, key: &str| {
            table
                .get(key)
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut all = BTreeMap::new();
        for bloc in tables(&course, "day")
            .iter()
            .flat_map(|day| tables(day, "bloc"))
        {
            let pages = tables(&bloc, "page");
            let mut allowed: Vec<i64> = pages.iter().map(minutes).collect();
            let labs = pages.iter().filter(|page| text_of(page, "kind") == "lab");
            allowed.extend([minutes(&bloc), labs.map(minutes).sum()]);
            for page in pages {
                let own = if text_of(&page, "file").ends_with("/index.md") {
                    allowed.clone()
                } else {
                    vec![minutes(&page)]
                };
                all.insert(text_of(&page, "file"), own);
            }
        }
        Self(all)
    }

    fn announce(&self, path: &str, passage: &Passage, quantity: &Quantity) -> bool {
        let announces = passage.is_table && path.ends_with("/index.md")
            || Self::ANNOUNCE
                .iter()
                .any(|word| passage.text().contains(word));
        let said = |minutes: &i64| quantities(&format!("{minutes} min"))[0].equals(quantity);
        announces
            && self
                .0
                .get(path)
                .is_some_and(|allowed| allowed.iter().any(said))
    }
}

/// Rule 5.
struct List<'a> {
    constants: Vec<(Quantity, &'a Constant, bool)>,
    excerpts: Vec<(&'a str, &'a str, bool)>,
}

impl<'a> List<'a> {
    fn new(allowed: &'a Allowed) -> Self {
        let constants = allowed.constant.iter().map(|constant| {
            let quantity = quantities(&constant.quantity).into_iter().next();
            (quantity.expect("a quantity"), constant, false)
        });
        let excerpts = allowed
            .reason
            .iter()
            .flat_map(|reason| &reason.pages)
            .flat_map(|(page, excerpts)| {
                excerpts
                    .iter()
                    .map(|excerpt| (page.as_str(), excerpt.as_str(), false))
            });
        Self {
            constants: constants.collect(),
            excerpts: excerpts.collect(),
        }
    }

    fn allows(&mut self, path: &str, passage: &Passage, quantity: &Quantity) -> bool {
        let about = format!("{} {}", passage.text(), passage.left_out()).to_lowercase();
        let constant = self.constants.iter_mut().find(|(known, constant, _)| {
            known.equals(quantity)
                && constant
                    .near
                    .iter()
                    .any(|word| about.contains(&word.to_lowercase()))
        });
        if let Some((.., used)) = constant {
            *used = true;
            return true;
        }
        let excerpt = self.excerpts.iter_mut().find(|(page, excerpt, _)| {
            *page == path && covers(passage.text(), excerpt, &quantity.span)
        });
        excerpt.is_some_and(|(.., used)| {
            *used = true;
            true
        })
    }

    fn unused(&self) -> Vec<String> {
        let constants = self
            .constants
            .iter()
            .filter(|(.., used)| !used)
            .map(|(_, constant, _)| {
                format!("{} ({})", constant.quantity, constant.near.join(", "))
            });
        let excerpts = self
            .excerpts
            .iter()
            .filter(|(.., used)| !used)
            .map(|(page, excerpt, _)| format!("{page}: {excerpt}"));
        constants.chain(excerpts).collect()
    }
}

/// Does an occurrence of `excerpt` in `text` hold the bytes `span`?
fn covers(text: &str, excerpt: &str, span: &Range<usize>) -> bool {
    text.match_indices(excerpt)
        .any(|(at, found)| at <= span.start && span.end <= at + found.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(page: &str, list: &str) -> Vec<String> {
        let content = Content::from_files([
            ("jour-1/a.md", page.as_bytes()),
            ("labs/x.cs", b"var a = 45_000;"),
        ]);
        let allowed: Allowed = toml::from_str(list).unwrap();
        let (findings, unused) = unsourced(&content, &allowed);
        let said = findings
            .iter()
            .map(|finding| page[finding.place.start..finding.place.end].to_owned());
        said.chain(unused).collect()
    }

    const NONE: &str = "constant = []\nreason = []\n";

    #[test]
    fn what_carries_a_quantity() {
        assert_eq!(claims("# A\n\nIl attend 45 s.\n", NONE), ["45 s"]);
        assert_eq!(
            claims(
                "# A\n\nIl attend 45 s[^a].\n\nOui, 45 secondes.\n\n[^a]: Doc.\n",
                NONE
            ),
            [""; 0]
        );
        assert_eq!(
            claims(
                "# A\n\n| x |\n|---|\n| 45 s |\n\nVoir [la doc](https://x.invalid).\n",
                NONE
            ),
            [""; 0]
        );
        assert_eq!(
            claims(
                "# A\n\n```toml\nat = \"45s\"\n```\n\nEn 45 s.\n\n## B\n\nEn 45 s.\n",
                NONE
            ),
            ["45 s"]
        );
        assert_eq!(
            claims(
                "# A\n\n```csharp file=\"labs/x.cs\"\n```\n\nEn 45 s.\n",
                NONE
            ),
            [""; 0]
        );
        assert_eq!(
            claims("# A\n\n> [!FORMATEUR] 3 min\n> Attendez 5 min.\n", NONE),
            ["5 min"]
        );
        assert_eq!(
            claims(
                "# A\n\nKafka {{version.kafka}}, {{calcul: 6 * 2}} partitions.\n",
                NONE
            ),
            [""; 0]
        );
    }

    #[test]
    fn a_page_announces_its_own_minutes() {
        let course = "[[day]]\n[[day.bloc]]\nminutes = 30\n[[day.bloc.page]]\nfile = \"jour-1/a.md\"\nminutes = 30\n";
        let page = "# A\n\nComptez 30 minutes.\n\nComptez 25 minutes.\n\nEn 30 minutes.\n";
        let content = Content::from_files([
            ("jour-1/a.md", page.as_bytes()),
            ("course.toml", course.as_bytes()),
        ]);
        let allowed: Allowed = toml::from_str(NONE).unwrap();
        let (findings, _) = unsourced(&content, &allowed);
        let places: Vec<usize> = findings.iter().map(|finding| finding.place.start).collect();
        assert_eq!(places, [34, 50]);
    }

    #[test]
    fn what_the_list_explains() {
        let list = "reason = []\n[[constant]]\nquantity = \"45 s\"\nnear = [\"session\"]\nsource = \"https://x.invalid\"\n";
        assert_eq!(
            claims("# A\n\nLa `session.timeout.ms` est de 45 secondes.\n", list),
            [""; 0]
        );
        assert_eq!(
            claims("# A\n\nEn 45 s.\n", list),
            ["45 s", "45 s (session)"]
        );
        let list = "constant = []\n[[reason]]\nwhy = \"définition\"\n[reason.pages]\n\"jour-1/a.md\" = [\"prenez 6 partitions\"]\n";
        assert_eq!(
            claims("# A\n\nIci, prenez 6 partitions, pas 6 brokers.\n", list),
            ["6 brokers"]
        );
    }
}

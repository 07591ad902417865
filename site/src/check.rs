//! Checks that look across pages: do linked anchors exist, is every quiz's id its own?

use crate::diagnostic::{Diagnostics, Place};
use crate::markdown::Page;
use crate::markdown::problem::{LinkProblem, MarkupProblem};
use crate::quiz::problem::QuizProblem;
use crate::text::suggest::closest;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Checks `pages`, by file, against each other, and their ids against those `reserved` by the templates.
pub fn check<'p>(
    pages: impl Iterator<Item = (&'p Arc<str>, &'p Page)> + Clone,
    reserved: &BTreeSet<String>,
    problems: &mut Diagnostics,
) {
    let by_file: HashMap<&str, &Page> = pages.clone().map(|(file, page)| (&**file, page)).collect();
    let mut quizzes: HashMap<&str, &Place> = HashMap::new();
    for (_, page) in pages {
        for link in &page.links {
            let target = by_file
                .get(&*link.page)
                .filter(|_| !link.fragment.is_empty());
            if let Some(problem) =
                target.and_then(|target| missing_anchor(target, &link.page, &link.fragment))
            {
                problems.push(link.place.clone(), problem);
            }
        }
        for quiz in &page.quizzes {
            let (id, place) = (&quiz.id, &quiz.place);
            if let Some(other) = quizzes.insert(id, place) {
                problems.push(
                    place.clone(),
                    QuizProblem::DuplicateId {
                        id: id.clone(),
                        other: other.path.to_string(),
                    },
                );
            }
        }
        for id in reserved {
            if let Some(place) = page.ids.get(id) {
                problems.push(place.clone(), MarkupProblem::ReservedId { id: id.clone() });
            }
        }
    }
}

fn missing_anchor(target: &Page, file: &str, anchor: &str) -> Option<LinkProblem> {
    if target.ids.contains_key(anchor) {
        return None;
    }
    let closest = closest(anchor, target.ids.keys().map(String::as_str)).map(str::to_owned);
    Some(LinkProblem::NoSuchAnchor {
        anchor: anchor.to_owned(),
        closest,
        page: file.to_owned(),
    })
}

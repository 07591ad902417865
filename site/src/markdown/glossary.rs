//! The glossary's definitions: markup for its page, plain text for the bubbles.

use super::page::{Page, State};
use super::writer::{Text, Writer};
use super::{Env, parse};
use crate::diagnostic::Diagnostics;
use crate::text::origin::Origin;
use comrak::Arena;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Definitions without markup, by id.
pub fn plain_definitions(env: &Env<'_>) -> HashMap<String, String> {
    let mut state = State::new(env, Arc::from(crate::course::COURSE_FILE));
    env.course
        .glossary
        .iter()
        .map(|(id, term)| {
            let arena = Arena::new();
            let root = parse(&arena, &term.definition);
            let writer = Writer::new(&mut state, Text::new(&term.definition, &term.origin));
            (id.clone(), writer.plain(root))
        })
        .collect()
}

/// Definitions with markup, by id; and a page that stands for the glossary when links are checked.
pub fn definitions(env: &Env<'_>, problems: &mut Diagnostics) -> (BTreeMap<String, String>, Page) {
    let path: Arc<str> = Arc::from(crate::course::COURSE_FILE);
    let origin = Origin::whole(&path);
    let mut state = State::new(env, path);
    let mut html = BTreeMap::new();
    for (id, term) in &env.course.glossary {
        let mut writer = Writer::new(&mut state, Text::new("", &origin));
        html.insert(
            id.clone(),
            writer.nested_line(&term.definition, &term.origin),
        );
    }
    problems.extend(state.problems.into_vec());
    (html, state.page)
}

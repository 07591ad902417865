//! Lines already parsed, by what the parser knew when it came to them.
//!
//! Code repeats itself: the same `using`, the same braces, the same head of every manifest. What a grammar makes of a line
//! depends only on the line and on the state in which it finds the parser. States get numbers, equal states the same one; a
//! line seen before in the same state is copied with the state that it leads to, and nothing is parsed.
//!
//! A parser's state cannot leave its thread (it may hold a regular expression's captures), so each thread has its own memo.

use super::classes::Effect;
use crate::fence::language::Language;
use rustc_hash::FxHashMap;
use std::rc::Rc;
use syntect::parsing::ParseState;

/// Number of a parser's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct StateId(u32);

/// All that decides what comes of the next line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// Parsers of two languages may look alike, but do not go on alike.
    pub(super) language: Language,
    /// Where the grammar is.
    pub(super) parser: ParseState,
    /// Effects of the scopes that are open.
    pub(super) stack: Vec<Effect>,
    /// Effects set aside by the grammar, to be restored later.
    pub(super) cleared: Vec<Vec<Effect>>,
}

/// What comes of a line: its HTML, and the state that follows.
type Outcome = (Box<str>, StateId);

/// Lines and states that this thread knows so far.
#[derive(Debug, Default)]
pub(super) struct Memo {
    states: Vec<Rc<State>>,
    /// Numbers of the states with these open effects, which tell most states apart.
    by_stack: FxHashMap<Vec<Effect>, Vec<StateId>>,
    starts: FxHashMap<Language, StateId>,
    lines: FxHashMap<StateId, FxHashMap<Box<str>, Outcome>>,
    count: usize,
}

/// Lines beyond which a thread forgets all lines: a bound on memory, some ten MiB.
const LINES_MAX: usize = 40_000;

impl Memo {
    /// The state in which a text in `language` begins; `first` makes it, if there can be one.
    pub(super) fn start(
        &mut self,
        language: Language,
        first: impl FnOnce() -> Option<State>,
    ) -> Option<StateId> {
        if let Some(id) = self.starts.get(&language) {
            return Some(*id);
        }
        let id = self.number(first()?);
        self.starts.insert(language, id);
        Some(id)
    }

    /// Appends the HTML of `line` in the state `id` to `out`, if it is known; says which state follows.
    pub(super) fn recall(&self, id: StateId, line: &str, out: &mut String) -> Option<StateId> {
        let (html, next) = self.lines.get(&id)?.get(line)?;
        out.push_str(html);
        Some(*next)
    }

    /// The state numbered `id`.
    pub(super) fn state(&self, id: StateId) -> Rc<State> {
        Rc::clone(&self.states[id.0 as usize])
    }

    /// Remembers that `line` in the state `id` gives `html` and leads to `next`; says the number of `next`.
    pub(super) fn learn(&mut self, id: StateId, line: &str, html: &str, next: State) -> StateId {
        let next = self.number(next);
        if self.count >= LINES_MAX {
            self.lines.clear();
            self.count = 0;
        }
        self.count += 1;
        self.lines
            .entry(id)
            .or_default()
            .insert(line.into(), (html.into(), next));
        next
    }

    /// The number of `state`, an old one if it is known.
    fn number(&mut self, state: State) -> StateId {
        let alike = self.by_stack.entry(state.stack.clone()).or_default();
        if let Some(id) = alike.iter().find(|id| *self.states[id.0 as usize] == state) {
            return *id;
        }
        // A grammar would need four billion different states to reach the end of the numbers.
        let id = StateId(u32::try_from(self.states.len()).unwrap_or(u32::MAX));
        alike.push(id);
        self.states.push(Rc::new(state));
        id
    }
}

//! A grammar's changes of the scope stack into spans.
//!
//! Adjacent tokens of one class share a span, white space never breaks one, and every line closes what it opened, so that
//! lines can be wrapped on their own.

use super::classes::{Effect, effect};
use super::grammars;
use super::memo::{Memo, State};
use crate::fence::language::Language;
use crate::text::escape;
use syntect::parsing::{ClearAmount, ScopeStackOp};

/// `code` as HTML; escaped only, if `language` has no grammar or its grammar fails.
pub(super) fn highlight(memo: &mut Memo, language: Language, code: &str) -> String {
    let start = || {
        Some(State {
            language,
            parser: grammars::parser(language)?,
            stack: Vec::new(),
            cleared: Vec::new(),
        })
    };
    let Some(mut state) = memo.start(language, start) else {
        return escape::escaped(code);
    };
    let grammars = grammars::set(language);
    let mut out = String::with_capacity(code.len() * 2);
    for line in code.split_inclusive('\n') {
        if let Some(next) = memo.recall(state, line, &mut out) {
            state = next;
            continue;
        }
        let State {
            mut parser,
            stack,
            cleared,
            ..
        } = State::clone(&memo.state(state));
        let Ok(changes) = parser.parse_line(line, grammars) else {
            return escape::escaped(code);
        };
        let mut writer = Writer {
            out: String::with_capacity(line.len() * 2),
            stack,
            cleared,
        };
        writer.line(line, &changes);
        let Writer {
            out: html,
            stack,
            cleared,
        } = writer;
        out.push_str(&html);
        state = memo.learn(
            state,
            line,
            &html,
            State {
                language,
                parser,
                stack,
                cleared,
            },
        );
    }
    out
}

struct Writer {
    out: String,
    stack: Vec<Effect>,
    cleared: Vec<Vec<Effect>>,
}

impl Writer {
    fn line(&mut self, line: &str, changes: &[(usize, ScopeStackOp)]) {
        let text = line.strip_suffix('\n').unwrap_or(line);
        let mut open = None;
        let mut at = 0;
        for (next, change) in changes {
            let next = (*next).min(text.len());
            if next > at {
                self.token(&text[at..next], &mut open);
                at = next;
            }
            self.apply(change);
        }
        self.token(&text[at..], &mut open);
        self.switch(&mut open, None);
        if text.len() < line.len() {
            self.out.push('\n');
        }
    }

    fn token(&mut self, text: &str, open: &mut Option<char>) {
        if !text.bytes().all(|byte| byte == b' ' || byte == b'\t') {
            let class = self.class();
            self.switch(open, class);
        }
        escape_code(&mut self.out, text);
    }

    fn switch(&mut self, open: &mut Option<char>, class: Option<char>) {
        if *open == class {
            return;
        }
        if open.is_some() {
            self.out.push_str("</span>");
        }
        if let Some(class) = class {
            self.out.push_str("<span class=\"z-");
            self.out.push(class);
            self.out.push_str("\">");
        }
        *open = class;
    }

    fn class(&self) -> Option<char> {
        let decides = |effect: &&Effect| !matches!(effect, Effect::Pass | Effect::Key);
        match self.stack.iter().rev().find(decides) {
            Some(Effect::Class('s')) if self.stack.contains(&Effect::Key) => Some('a'),
            Some(Effect::Class(class)) => Some(*class),
            _ => None,
        }
    }

    fn apply(&mut self, change: &ScopeStackOp) {
        match change {
            ScopeStackOp::Push(scope) => self.stack.push(effect(*scope)),
            ScopeStackOp::Pop(count) => {
                self.stack.truncate(self.stack.len().saturating_sub(*count));
            }
            ScopeStackOp::Clear(amount) => {
                let keep = match amount {
                    ClearAmount::TopN(count) => self.stack.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.stack.split_off(keep));
            }
            ScopeStackOp::Restore => self.stack.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }
}

/// Like [`escape::push`], but quotes stay: code is text, never an attribute.
fn escape_code(out: &mut String, text: &str) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            0..=8 | 11..=31 | 127 => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

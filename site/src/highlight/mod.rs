//! Code into lines of HTML with classed tokens.
//!
//! 1. A text already seen comes from the cache (language and content hash), which lives as long as the builder.
//! 2. `grammars` has the grammar of each language.
//! 3. syntect parses it line by line into changes of the scope stack (`tokens` turns these into spans); lines seen before in
//!    the same state are copied (`memo`).
//! 4. `classes` says which scopes get a span at all: the fewer spans, the lighter the page.

mod classes;
mod grammars;
mod memo;
mod tokens;

use crate::fence::language::Language;
use memo::Memo;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    static MEMO: RefCell<Memo> = RefCell::default();
}

/// Highlights code and remembers what it has highlighted.
#[derive(Debug, Default)]
pub struct Highlighter {
    cache: Mutex<FxHashMap<Key, Entry>>,
    round: AtomicU64,
}

type Key = (Language, u128);

#[derive(Debug)]
struct Entry {
    html: Arc<str>,
    /// Round in which it was last asked for.
    round: u64,
}

impl Highlighter {
    /// `code` as HTML, one line of HTML per line of code, each with balanced spans, joined by `\n`.
    pub fn highlight(&self, language: Language, code: &str) -> Arc<str> {
        let key = (language, xxhash_rust::xxh3::xxh3_128(code.as_bytes()));
        let round = self.round.load(Ordering::Relaxed);
        if let Some(entry) = self.cache().get_mut(&key) {
            entry.round = round;
            return Arc::clone(&entry.html);
        }
        let html: Arc<str> =
            Arc::from(MEMO.with_borrow_mut(|memo| tokens::highlight(memo, language, code)));
        self.cache().insert(
            key,
            Entry {
                html: Arc::clone(&html),
                round,
            },
        );
        html
    }

    /// Forgets what was not asked for since the last call: to be called after each build.
    pub fn end_round(&self) {
        let round = self.round.fetch_add(1, Ordering::Relaxed);
        self.cache()
            .retain(|_, entry| entry.round >= round.saturating_sub(1));
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, FxHashMap<Key, Entry>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csharp_is_marked_up() {
        let html = Highlighter::default()
            .highlight(Language::CSharp, "var x = \"a<b\"; // fin\nreturn 12;\n");
        assert_eq!(
            &*html,
            concat!(
                r#"<span class="z-k">var</span> x = <span class="z-s">"a&lt;b"</span>; <span class="z-c">// fin</span>"#,
                "\n",
                r#"<span class="z-k">return </span><span class="z-n">12</span>;"#,
                "\n"
            )
        );
    }
}

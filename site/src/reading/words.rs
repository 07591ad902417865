//! A passage cut into words as a French dictionary knows them.
//!
//! An elided word is cut off (`l'offset` is `offset`), an inverted pronoun too (`lisez-vous` is `lisez`); other compounds stay
//! whole, because the dictionary knows many of them (`arc-en-ciel`). What holds a digit, a dot or an underscore is a name or a
//! number, no word.

use super::Passage;
use crate::diagnostic::Span;

/// Words that lose their last vowel before another.
const ELIDED: [&str; 17] = [
    "c", "d", "j", "l", "m", "n", "s", "t", "qu", "lorsqu", "puisqu", "jusqu", "quoiqu", "presqu",
    "quelqu", "entr", "y",
];
/// What may follow a verb behind a hyphen.
const ENCLITIC: [&str; 24] = [
    "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ce", "le", "la", "les", "lui",
    "leur", "moi", "toi", "y", "en", "t", "là", "ci", "même", "mêmes",
];

/// A word of a passage, and its bytes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'p> {
    /// The word, with `'` for every kind of apostrophe left in it (`aujourd'hui`).
    pub text: &'p str,
    /// Its bytes in the passage.
    pub span: Span,
}

/// The words of `passage`, in order.
pub fn words(passage: &Passage) -> Vec<Word<'_>> {
    let text = passage.text();
    let mut words = Vec::new();
    let mut at = 0;
    for token in text.split(|c: char| !is_part(c)) {
        words.extend(word(token, at));
        at += token.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    words
}

/// What a word, a name or a number may hold.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_' | '.' | '/' | '\u{AD}')
}

/// The word in `token`, which stands at `at`.
fn word(token: &str, at: usize) -> Option<Word<'_>> {
    let edges = |c: char| !c.is_alphanumeric();
    let start = token.len() - token.trim_start_matches(edges).len();
    let trimmed = token.trim_matches(edges);
    let name = |c: char| c.is_numeric() || matches!(c, '.' | '_' | '/');
    if trimmed.is_empty() || trimmed.contains(name) {
        return None;
    }
    let cut = elision(trimmed);
    let kept = without_enclitics(&trimmed[cut..]);
    let start = at + start + cut;
    (kept.chars().count() > 1).then(|| Word {
        text: kept,
        span: start..start + kept.len(),
    })
}

/// Bytes of the elided word and its apostrophe at the start of `word`.
fn elision(word: &str) -> usize {
    word.char_indices()
        .find(|(_, c)| matches!(c, '\'' | '’'))
        .filter(|(at, _)| ELIDED.contains(&word[..*at].to_lowercase().as_str()))
        .map_or(0, |(at, c)| at + c.len_utf8())
}

fn without_enclitics(word: &str) -> &str {
    let mut kept = word;
    while let Some((before, last)) = kept.rsplit_once('-') {
        if !ENCLITIC.contains(&last) {
            break;
        }
        kept = before;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn found(text: &str) -> Vec<String> {
        let mut passage = Passage::new(&Arc::from("a.md"), 0);
        passage.push(text, 0);
        let words = words(&passage);
        for word in &words {
            assert_eq!(&text[word.span.clone()], word.text);
        }
        words.iter().map(|word| word.text.to_owned()).collect()
    }

    #[test]
    fn french_words() {
        assert_eq!(
            found(
                "L’offset qu'il lit aujourd'hui : a-t-il changé ? Vous-même, lisez-vous ceux-là, « entre-temps » ?"
            ),
            [
                "offset",
                "il",
                "lit",
                "aujourd'hui",
                "changé",
                "Vous",
                "lisez",
                "ceux",
                "entre-temps"
            ]
        );
    }

    #[test]
    fn names_and_numbers_are_no_words() {
        assert_eq!(
            found("orders.created 4.3.1 P0 KIP-848 client_id and/or 12 ms."),
            ["ms"]
        );
    }
}

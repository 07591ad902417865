//! Small services around words and numbers for messages in French.

use std::fmt;

/// Narrow no-break space, which separates thousands in French.
const THIN_SPACE: char = '\u{202f}';

/// A whole number with its thousands separated: `10 000`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text =
        String::with_capacity(digits.len() + digits.len() / 3 * THIN_SPACE.len_utf8() + 3);
    if number < 0 {
        text.push('\u{2212}');
    }
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(THIN_SPACE);
        }
        text.push(digit);
    }
    text
}

/// The candidate that looks most like `word`, if one is near enough to be what was meant: at most a third of its letters
/// differ.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.chars().count().max(word.chars().count()) / 3
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Ends a message with the word that was probably meant, if there is one.
pub(crate) fn suggestion(f: &mut fmt::Formatter<'_>, closest: Option<&str>) -> fmt::Result {
    match closest {
        Some(closest) => write!(f, " : vouliez-vous dire « {closest} » ?"),
        None => Ok(()),
    }
}

/// Levenshtein's distance: how many letters to insert, delete or replace.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(10_000), "10\u{202f}000");
        assert_eq!(grouped(-1_234_567), "\u{2212}1\u{202f}234\u{202f}567");
        assert_eq!(grouped(i64::MIN).chars().count(), 26);
    }

    #[test]
    fn the_closest_word_is_found_only_if_near() {
        let names = ["linger.ms", "batch.size", "partitioner"];
        assert_eq!(closest("linger_ms", names), Some("linger.ms"));
        assert_eq!(closest("partitionner", names), Some("partitioner"));
        assert_eq!(closest("acks", names), None);
        assert_eq!(closest("", names), None);
    }
}

//! Words, numbers and instants as a French reader expects them.

use engine::partitioner::Partitioner;
use engine::text::grouped;
use engine::time::Instant;

/// A sentence as it is set in French: the spaces before `; : ! ?` and inside guillemets become narrow and do not break.
///
/// It is for sentences that are made while the page runs, and applied where they are shown; code is never given to it. The
/// text of the pages has a richer typesetter, in the generator.
pub fn typeset(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut last = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let narrow = character == ' '
            && (last == '«' || matches!(characters.peek(), Some(';' | ':' | '!' | '?' | '»')));
        last = if narrow { '\u{202f}' } else { character };
        out.push(last);
    }
    out
}

/// What a partitioner is called on a drawing: the value of the client's property, or for Java, whose default has none, the
/// function that hashes. No name is longer than `consistent_random`: two stand side by side on a telephone.
pub const fn partitioner(partitioner: Partitioner) -> &'static str {
    match partitioner {
        Partitioner::JavaDefault => "murmur2",
        Partitioner::JavaSticky480 => "murmur2, KIP-480",
        Partitioner::RoundRobin => "RoundRobin",
        Partitioner::GetHashCode => "GetHashCode()",
        named => named.property(),
    }
}

/// A name of at most so many characters: one too long for its place on a drawing ends with `…`.
pub fn shortened(name: &str, most: usize) -> String {
    match name.char_indices().nth(most) {
        None => name.to_owned(),
        Some(_) => name.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// A whole number with its thousands separated: `10 000`.
pub fn whole(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A number and its noun: `1 message`, `10 000 messages`; `aucun` is left to the caller.
pub fn count(number: u64, singular: &str, plural: &str) -> String {
    let noun = if number < 2 { singular } else { plural };
    format!("{}\u{a0}{noun}", whole(number))
}

/// An instant in seconds with three decimals, `1,250 s`.
pub fn seconds(at: Instant) -> String {
    let ms = at.as_millis();
    format!("{},{:03}\u{a0}s", ms / 1_000, ms % 1_000)
}

/// A part of a whole in percent, with one decimal below 10: `83 %`, `4,5 %`. `0 %` of nothing.
pub fn percent(part: u64, whole: u64) -> String {
    let per_mille = (part.saturating_mul(1_000) + whole / 2)
        .checked_div(whole)
        .unwrap_or(0);
    match (per_mille, per_mille % 10) {
        (100.., _) => format!("{}\u{202f}%", (per_mille + 5) / 10),
        (_, 0) => format!("{}\u{202f}%", per_mille / 10),
        (_, tenth) => format!("{},{tenth}\u{202f}%", per_mille / 10),
    }
}

/// How many times the mean a value is: `2,4 ×`.
pub fn times(value: u64, total: u64, parts: u64) -> String {
    let tenths = (value.saturating_mul(parts).saturating_mul(10) + total / 2)
        .checked_div(total)
        .unwrap_or(0);
    format!("{},{}\u{a0}×", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_agree_with_their_number() {
        assert_eq!(count(0, "message", "messages"), "0\u{a0}message");
        assert_eq!(count(1, "message", "messages"), "1\u{a0}message");
        assert_eq!(count(10_000, "clé", "clés"), "10\u{202f}000\u{a0}clés");
    }

    #[test]
    fn signs_keep_a_narrow_space_before_them() {
        assert_eq!(
            typeset("P5 : offset 0 ; « P2 » ? Oui !"),
            "P5\u{202f}: offset 0\u{202f}; «\u{202f}P2\u{202f}»\u{202f}? Oui\u{202f}!"
        );
        let untouched = "10:42, a;b, customer-A → P5";
        assert_eq!(typeset(untouched), untouched);
    }

    #[test]
    fn long_names_are_cut_where_their_place_ends() {
        assert_eq!(shortened("été", 3), "été");
        assert_eq!(shortened("étés", 3), "ét…");
    }

    #[test]
    fn no_reader_sees_a_name_that_only_the_scenario_knows() {
        assert_eq!(partitioner(Partitioner::JavaDefault), "murmur2");
        assert_eq!(
            partitioner(Partitioner::ConsistentRandom),
            "consistent_random"
        );
        for known in Partitioner::ALL {
            assert!(partitioner(known).len() <= "consistent_random".len());
        }
    }

    #[test]
    fn fractions_use_a_comma() {
        assert_eq!(seconds(Instant::from_millis(1_250)), "1,250\u{a0}s");
        assert_eq!(percent(5, 6), "83\u{202f}%");
        assert_eq!(percent(45, 1_000), "4,5\u{202f}%");
        assert_eq!(percent(1, 0), "0\u{202f}%");
        assert_eq!(times(14, 50, 24), "6,7\u{a0}×");
    }
}

//! Quantities in a text: a number in digits and its unit, brought to one unit per dimension so that `0,2 s` is `200ms`.
//!
//! Numbers in letters and numbers without unit are not quantities here: they count what stands beside them on the page.

use std::ops::Range;

/// What a quantity measures. Values are compared within a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dimension {
    /// Milliseconds.
    Time,
    /// Bytes.
    Size,
    /// Hundredths.
    Percent,
    /// How many times as much.
    Factor,
    /// Things: messages, partitions, members…
    Count,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantity {
    /// Its bytes in the text, unit included.
    pub(crate) span: Range<usize>,
    /// What it measures.
    pub(crate) dimension: Dimension,
    /// The number as written.
    pub(crate) number: f64,
    /// The number in the unit of its dimension.
    pub(crate) value: f64,
}

/// Units and what one of them is worth, longest first where one begins another.
const UNITS: [(&str, Dimension, f64); 62] = [
    ("ms", Dimension::Time, 1.0),
    ("µs", Dimension::Time, 0.001),
    ("s", Dimension::Time, 1_000.0),
    ("seconde", Dimension::Time, 1_000.0),
    ("secondes", Dimension::Time, 1_000.0),
    ("min", Dimension::Time, 60_000.0),
    ("m", Dimension::Time, 60_000.0),
    ("minute", Dimension::Time, 60_000.0),
    ("minutes", Dimension::Time, 60_000.0),
    ("h", Dimension::Time, 3_600_000.0),
    ("heure", Dimension::Time, 3_600_000.0),
    ("heures", Dimension::Time, 3_600_000.0),
    ("jour", Dimension::Time, 86_400_000.0),
    ("jours", Dimension::Time, 86_400_000.0),
    ("semaines", Dimension::Time, 604_800_000.0),
    ("o", Dimension::Size, 1.0),
    ("octet", Dimension::Size, 1.0),
    ("octets", Dimension::Size, 1.0),
    ("ko", Dimension::Size, 1e3),
    ("kB", Dimension::Size, 1e3),
    ("Mo", Dimension::Size, 1e6),
    ("MB", Dimension::Size, 1e6),
    ("Go", Dimension::Size, 1e9),
    ("GB", Dimension::Size, 1e9),
    ("To", Dimension::Size, 1e12),
    ("Kio", Dimension::Size, 1024.0),
    ("Ki", Dimension::Size, 1024.0),
    ("Mio", Dimension::Size, 1_048_576.0),
    ("Mi", Dimension::Size, 1_048_576.0),
    ("Gio", Dimension::Size, 1_073_741_824.0),
    ("Gi", Dimension::Size, 1_073_741_824.0),
    ("%", Dimension::Percent, 1.0),
    ("fois", Dimension::Factor, 1.0),
    ("message", Dimension::Count, 1.0),
    ("messages", Dimension::Count, 1.0),
    ("événements", Dimension::Count, 1.0),
    ("commandes", Dimension::Count, 1.0),
    ("requêtes", Dimension::Count, 1.0),
    ("partition", Dimension::Count, 1.0),
    ("partitions", Dimension::Count, 1.0),
    ("consumer", Dimension::Count, 1.0),
    ("consumers", Dimension::Count, 1.0),
    ("producer", Dimension::Count, 1.0),
    ("producers", Dimension::Count, 1.0),
    ("broker", Dimension::Count, 1.0),
    ("brokers", Dimension::Count, 1.0),
    ("contrôleurs", Dimension::Count, 1.0),
    ("répliques", Dimension::Count, 1.0),
    ("réplicas", Dimension::Count, 1.0),
    ("membres", Dimension::Count, 1.0),
    ("groupes", Dimension::Count, 1.0),
    ("clés", Dimension::Count, 1.0),
    ("clients", Dimension::Count, 1.0),
    ("restaurants", Dimension::Count, 1.0),
    ("pods", Dimension::Count, 1.0),
    ("lots", Dimension::Count, 1.0),
    ("tâches", Dimension::Count, 1.0),
    ("topics", Dimension::Count, 1.0),
    ("services", Dimension::Count, 1.0),
    ("lignes", Dimension::Count, 1.0),
    ("doublons", Dimension::Count, 1.0),
    ("appels", Dimension::Count, 1.0),
];

impl Quantity {
    /// Do the two say the same?
    pub(crate) fn equals(&self, other: &Self) -> bool {
        self.dimension == other.dimension && close(self.value, other.value)
    }

    /// Is it the bare `number` of a listing, in the unit of the text or in the smallest one?
    pub(crate) fn is_number(&self, number: f64) -> bool {
        close(self.number, number) || close(self.value, number)
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The quantities in `text`.
pub(crate) fn quantities(text: &str) -> Vec<Quantity> {
    let found = numbers(text).into_iter().filter_map(|(span, number)| {
        let rest = &text[span.end..];
        let unit_start = rest.len() - rest.trim_start_matches([' ', '\u{A0}', '\u{202F}']).len();
        let word = &rest[unit_start..];
        let length = word
            .find(|c: char| !c.is_alphabetic() && c != '%')
            .unwrap_or(word.len());
        if word[length..].starts_with(['\'', '’']) {
            // An elided word (« 4 s'arrête »), no unit.
            return None;
        }
        let unit = &word[..length];
        let (_, dimension, worth) = UNITS.iter().find(|(name, ..)| *name == unit)?;
        Some(Quantity {
            span: span.start..span.end + unit_start + length,
            dimension: *dimension,
            number,
            value: number * worth,
        })
    });
    found.collect()
}

/// The numbers in `text`, in French or as a program writes them; those inside names (`P0`, `KIP-848`, `4.3.1`) are left out.
pub(crate) fn numbers(text: &str) -> Vec<(Range<usize>, f64)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..]
        .find(|c: char| c.is_ascii_digit())
        .map(|to| at + to)
    {
        let end = number_end(text, start);
        let before = text[..start].chars().next_back();
        let after = &text[end..];
        let in_name = before
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '#' | '/'))
            || after.starts_with('.') && after[1..].starts_with(|c: char| c.is_ascii_digit());
        let written: String = text[start..end]
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '_'))
            .map(|c| if c == ',' { '.' } else { c })
            .collect();
        if let (false, Ok(number)) = (in_name, written.parse()) {
            found.push((start..end, number));
        }
        at = end;
    }
    found
}

/// The end of the number that begins at `start`: digits, groups of three after a space or `_`, decimals.
fn number_end(text: &str, start: usize) -> usize {
    let digits = |from: usize| {
        let rest = &text[from..];
        rest.find(|c: char| !c.is_ascii_digit())
            .map_or(text.len(), |length| from + length)
    };
    let mut end = digits(start);
    loop {
        let mut rest = text[end..].chars();
        let Some(sign) = rest.next() else { break };
        let group_start = end + sign.len_utf8();
        let group_end = digits(group_start);
        let group = matches!(sign, ' ' | '\u{A0}' | '\u{202F}' | '_')
            && group_end - group_start == 3
            && end - start <= 12;
        let decimals = matches!(sign, ',' | '.')
            && group_end > group_start
            && !text[start..end].contains([',', '.']);
        if !group && !decimals {
            break;
        }
        end = group_end;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, f64)> {
        quantities(text)
            .into_iter()
            .map(|one| (&text[one.span], one.value))
            .collect()
    }

    #[test]
    fn french_numbers_and_their_units() {
        assert_eq!(
            found("En 0,2 s, 1 000 000 octets ; 95 % en 5 min, 24 messages perdus."),
            [
                ("0,2 s", 200.0),
                ("1 000 000 octets", 1e6),
                ("95 %", 95.0),
                ("5 min", 300_000.0),
                ("24 messages", 24.0)
            ]
        );
        assert_eq!(
            found("at = \"5100ms\" then 5s"),
            [("5100ms", 5100.0), ("5s", 5000.0)]
        );
    }

    #[test]
    fn names_are_no_numbers() {
        assert_eq!(
            numbers("P0, KIP-848, 4.3.1, client_2 et 10"),
            [(32..34, 10.0)]
        );
        assert_eq!(found("Kafka 4 s'arrête, 3 et 5"), []);
    }
}

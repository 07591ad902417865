//! Quantities as people write them: `10ms`, `2s`, `16KiB`. Whole numbers only, one unit, written back exactly.

use crate::time::{Duration, Instant};
use std::fmt;

/// Why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitError {
    /// Nothing but spaces.
    Empty,
    /// It begins with a minus sign.
    Negative,
    /// It does not begin with a whole number.
    NotANumber,
    /// The number is too large to hold.
    TooLarge,
    /// No unit, or one that does not exist for this kind of quantity.
    UnknownUnit {
        /// What follows the number; empty if nothing does.
        unit: String,
        /// The units that exist.
        accepted: &'static str,
    },
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("la valeur est vide"),
            Self::Negative => f.write_str("la valeur ne peut pas être négative"),
            Self::NotANumber => {
                f.write_str("un nombre entier suivi de son unité est attendu, par exemple « 10ms »")
            }
            Self::TooLarge => f.write_str("le nombre est trop grand"),
            Self::UnknownUnit { unit, accepted } if unit.is_empty() => {
                write!(f, "il manque l'unité : {accepted}")
            }
            Self::UnknownUnit { unit, accepted } => {
                write!(f, "unité « {unit} » inconnue : {accepted}")
            }
        }
    }
}

/// Units of time, largest first, in microseconds.
const TIME_UNITS: [(&str, u64); 6] = [
    ("h", 3_600_000_000),
    ("min", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
    ("µs", 1),
];

/// Units of size, in bytes.
const SIZE_UNITS: [(&str, u64); 6] = [
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
    ("o", 1),
];

/// Reads a length of time, for example `10ms`, `4s`, `250us`.
///
/// # Errors
/// When it is not one.
pub fn parse_duration(text: &str) -> Result<Duration, UnitError> {
    parse(text, &TIME_UNITS, "us, ms, s, min ou h").map(Duration)
}

/// Reads an instant, written as the time since the start.
///
/// # Errors
/// When it is not one.
pub fn parse_instant(text: &str) -> Result<Instant, UnitError> {
    parse_duration(text).map(|since_start| Instant(since_start.0))
}

/// Reads a size in bytes, for example `512B`, `16KiB`.
///
/// # Errors
/// When it is not one.
pub fn parse_size(text: &str) -> Result<u64, UnitError> {
    parse(text, &SIZE_UNITS, "B, kB, MB, KiB ou MiB")
}

fn parse(text: &str, units: &[(&str, u64)], accepted: &'static str) -> Result<u64, UnitError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(UnitError::Empty);
    }
    if text.starts_with(['-', '−']) {
        return Err(UnitError::Negative);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() || unit.starts_with(['.', ',']) {
        return Err(UnitError::NotANumber);
    }
    let unit = unit.trim();
    let Some((_, factor)) = units.iter().find(|(name, _)| *name == unit) else {
        return Err(UnitError::UnknownUnit {
            unit: unit.to_owned(),
            accepted,
        });
    };
    let number: u64 = number.parse().map_err(|_| UnitError::TooLarge)?;
    number.checked_mul(*factor).ok_or(UnitError::TooLarge)
}

impl fmt::Display for Duration {
    /// The number and the largest unit from seconds down that divides it: `4s`, `100ms`, `250us`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = match self.0 {
            0 => ("ms", 1_000),
            us if us % 1_000_000 == 0 => ("s", 1_000_000),
            us if us % 1_000 == 0 => ("ms", 1_000),
            _ => ("us", 1),
        };
        write!(f, "{}{unit}", self.0 / factor)
    }
}

impl fmt::Display for Instant {
    /// As the time since the start.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Duration(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_back() {
        for (text, us, written) in [
            ("10ms", 10_000, "10ms"),
            (" 4 s ", 4_000_000, "4s"),
            ("250us", 250, "250us"),
            ("250µs", 250, "250us"),
            ("2min", 120_000_000, "120s"),
            ("1h", 3_600_000_000, "3600s"),
            ("0s", 0, "0ms"),
            ("1500ms", 1_500_000, "1500ms"),
        ] {
            let read = parse_duration(text).unwrap();
            assert_eq!(read.0, us, "{text}");
            assert_eq!(read.to_string(), written);
        }
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(parse_size("16KiB"), Ok(16_384));
        assert_eq!(parse_size("1 MB"), Ok(1_000_000));
        assert_eq!(parse_size("200B"), Ok(200));
    }

    #[test]
    fn what_is_not_a_quantity_is_refused_with_the_reason() {
        assert_eq!(parse_duration(""), Err(UnitError::Empty));
        assert_eq!(parse_duration("-3s"), Err(UnitError::Negative));
        assert_eq!(parse_duration("fast"), Err(UnitError::NotANumber));
        assert_eq!(parse_duration("1.5s"), Err(UnitError::NotANumber));
        assert_eq!(
            parse_duration("99999999999999999999s"),
            Err(UnitError::TooLarge)
        );
        assert_eq!(
            parse_duration("9999999999999999h"),
            Err(UnitError::TooLarge)
        );
        assert!(
            matches!(parse_duration("10"), Err(UnitError::UnknownUnit { unit, .. }) if unit.is_empty())
        );
        assert!(
            matches!(parse_duration("10 sec"), Err(UnitError::UnknownUnit { unit, .. }) if unit == "sec")
        );
        assert!(matches!(
            parse_duration("10MB"),
            Err(UnitError::UnknownUnit { .. })
        ));
    }
}

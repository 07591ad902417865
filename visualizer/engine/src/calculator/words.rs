//! Numbers and lengths as the calculators write them.

use crate::text::grouped;

/// A whole number with its thousands separated.
pub(super) fn number(number: impl Into<u64>) -> String {
    grouped(i64::try_from(number.into()).unwrap_or(i64::MAX))
}

/// A number and its noun.
pub(super) fn count(number: impl Into<u64>, one: &str, several: &str) -> String {
    let number = number.into();
    let noun = if number < 2 { one } else { several };
    format!("{}\u{a0}{noun}", self::number(number))
}

/// A number as C# reads it: `45_000`.
pub(super) fn literal(number: u32) -> String {
    self::number(number).replace('\u{202f}', "_")
}

/// A whole number of `1/scale` with a comma and no trailing zeros: 2 500 of 1/1000 is `2,5`. The scale is a power of ten.
pub(super) fn decimal(parts: u64, scale: u64) -> String {
    let whole = number(parts / scale);
    let digits = scale.ilog10() as usize;
    let decimals = format!("{:0digits$}", parts % scale);
    match decimals.trim_end_matches('0') {
        "" => whole,
        decimals => format!("{whole},{decimals}"),
    }
}

/// A number of bytes as one says it: `226 octets`, `4,75 ko`, `5,42 Mo`.
pub(super) fn volume(bytes: u64) -> String {
    let (unit, size) = match bytes {
        0..1_000 => return count(bytes, "octet", "octets"),
        1_000..1_000_000 => ("ko", 1_000),
        1_000_000..1_000_000_000 => ("Mo", 1_000_000),
        _ => ("Go", 1_000_000_000),
    };
    let hundredths = (bytes + size / 200) / (size / 100);
    format!("{}\u{a0}{unit}", decimal(hundredths, 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_cut_to_what_they_say() {
        for (parts, scale, said) in [
            (0, 1_000, "0"),
            (5_000, 1_000, "5"),
            (2_500, 1_000, "2,5"),
            (42, 1_000, "0,042"),
            (114_286, 100, "1\u{202f}142,86"),
        ] {
            assert_eq!(decimal(parts, scale), said);
        }
    }

    #[test]
    fn bytes_have_the_unit_that_reads_best() {
        for (bytes, said) in [
            (1, "1\u{a0}octet"),
            (226, "226\u{a0}octets"),
            (999, "999\u{a0}octets"),
            (1_000, "1\u{a0}ko"),
            (4_746, "4,75\u{a0}ko"),
            (5_424_000, "5,42\u{a0}Mo"),
            (1_000_000_000_000, "1\u{202f}000\u{a0}Go"),
        ] {
            assert_eq!(volume(bytes), said);
        }
    }
}

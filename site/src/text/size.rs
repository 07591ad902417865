//! Sizes as one says them.

/// `bytes` in French decimal units: `640 octets`, `24 ko`, `3,2 Mo`; a no-break space before the unit.
pub fn size_text(bytes: u64) -> String {
    const UNITS: [(u64, &str); 2] = [(1_000_000, "Mo"), (1_000, "ko")];
    let Some((unit, name)) = UNITS.iter().find(|(unit, _)| bytes >= *unit) else {
        let plural = if bytes > 1 { "s" } else { "" };
        return format!("{bytes}\u{A0}octet{plural}");
    };
    let tenths = (bytes * 10 + unit / 2) / unit;
    match (tenths / 10, tenths % 10) {
        (0..=9, 0) => format!("{}\u{A0}{name}", tenths / 10),
        (whole @ 0..=9, tenth) => format!("{whole},{tenth}\u{A0}{name}"),
        _ => format!("{}\u{A0}{name}", (bytes + unit / 2) / unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_at_most_one_decimal() {
        let said = [1, 640, 1_000, 1_949, 24_499, 24_500, 3_210_000, 9_960_000].map(size_text);
        let expected = [
            "1\u{A0}octet",
            "640\u{A0}octets",
            "1\u{A0}ko",
            "1,9\u{A0}ko",
            "24\u{A0}ko",
            "25\u{A0}ko",
            "3,2\u{A0}Mo",
            "10\u{A0}Mo",
        ];
        assert_eq!(said, expected);
    }
}

//! Durations as a French reader writes them: `0,4 s`, `12 s`, `3 min 05 s`.

use std::fmt;
use std::time::Duration;

/// Shows a duration in French.
pub(crate) struct French(pub(crate) Duration);

impl fmt::Display for French {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.as_millis() / 100;
        let seconds = self.0.as_secs();
        if tenths < 100 {
            write!(f, "{},{} s", tenths / 10, tenths % 10)
        } else if seconds < 60 {
            write!(f, "{seconds} s")
        } else {
            write!(f, "{} min {:02} s", seconds / 60, seconds % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_french() {
        let shown = |milliseconds| French(Duration::from_millis(milliseconds)).to_string();
        assert_eq!(shown(0), "0,0 s");
        assert_eq!(shown(449), "0,4 s");
        assert_eq!(shown(9_999), "9,9 s");
        assert_eq!(shown(10_000), "10 s");
        assert_eq!(shown(185_400), "3 min 05 s");
    }
}

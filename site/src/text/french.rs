//! French typography, applied to running text and never to code or addresses.
//!
//! * a narrow no-break space (U+202F) before `; : ! ? %` and inside « », where the author typed an ordinary space or none;
//! * straight double quotes become « », if they come in pairs within their block;
//! * an apostrophe after a letter becomes ’, three dots become …;
//! * thousands (`10 000`) and numbers with their unit (`200 ms`) do not break.
//!
//! A block's text comes in pieces, between its markup. [`Typesetter`] carries from one piece to the next what the rules
//! need to know: the last character, and whether a quotation is open.

/// Narrow no-break space.
pub const NNBSP: char = '\u{202F}';
/// No-break space.
pub const NBSP: char = '\u{A0}';

/// First byte, in UTF-8, of « and ».
const GUILLEMET: u8 = 0xC2;

/// Units that stay beside their number.
const UNITS: [&str; 30] = [
    "%", "€", "ms", "s", "min", "h", "j", "o", "Ko", "Mo", "Go", "To", "Kio", "Mio", "Gio", "kB",
    "MB", "GB", "KiB", "MiB", "GiB", "octets", "octet", "Ko/s", "Mo/s", "Go/s", "MB/s", "bits",
    "CPU", "µs",
];

/// Typesets the text of one block, piece after piece.
#[derive(Debug)]
pub struct Typesetter {
    /// Last character put out, `None` at the start of the block.
    last: Option<char>,
    /// How many digits stand just before.
    digits: usize,
    /// Straight double quotes may be replaced.
    quotes: bool,
    /// The next straight double quote closes a quotation.
    quote_open: bool,
    /// A straight single quote stands open: the next one closes it and is no apostrophe.
    single_open: bool,
}

impl Typesetter {
    /// For a block whose text holds `straight_quotes` double quotes in all: an odd number is left alone.
    pub fn new(straight_quotes: usize) -> Self {
        Self {
            last: None,
            digits: 0,
            quotes: straight_quotes.is_multiple_of(2),
            quote_open: false,
            single_open: false,
        }
    }

    /// Something that is not text (code, an image, a break) stands here and counts as `stand_in`.
    pub fn skip(&mut self, stand_in: char) {
        self.last = Some(stand_in);
        self.digits = 0;
    }

    /// Appends `text`, typeset, to `out`.
    pub fn push(&mut self, text: &str, out: &mut String) {
        if self.is_plain(text) {
            out.push_str(text);
            if let Some(last) = text.chars().next_back() {
                self.skip(last);
            }
            return;
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            rest = self.push_char(c, rest, out);
        }
    }

    /// True if no rule can apply anywhere in `text`.
    fn is_plain(&self, text: &str) -> bool {
        let after_digit = self.digits > 0;
        !after_digit
            && !text.bytes().any(|byte| {
                matches!(
                    byte,
                    b'"' | b'\'' | b'.' | b';' | b':' | b'!' | b'?' | b'%' | b'0'
                        ..=b'9' | GUILLEMET
                )
            })
    }

    /// Puts out `c`; says what is left of `rest` after the characters that `c` took with it.
    fn push_char<'a>(&mut self, c: char, rest: &'a str, out: &mut String) -> &'a str {
        let mut rest = rest;
        match c {
            ' ' => self.space(rest, out),
            '"' if self.quotes => rest = self.quote(rest, out),
            '\'' => self.apostrophe(rest, out),
            '.' => rest = self.dots(rest, out),
            '«' => {
                self.put(c, out);
                rest = rest.trim_start_matches([' ', NBSP, NNBSP]);
                self.put(NNBSP, out);
            }
            '»' | ';' | ':' | '!' | '?' => {
                if self.wants_space_before(c, rest) {
                    self.put(NNBSP, out);
                }
                self.put(c, out);
            }
            _ => self.put(c, out),
        }
        rest
    }

    /// A dot and those after it: three make an ellipsis, any other number stays.
    fn dots<'a>(&mut self, rest: &'a str, out: &mut String) -> &'a str {
        let more = rest.len() - rest.trim_start_matches('.').len();
        if more == 2 {
            self.put('…', out);
        } else {
            (0..=more).for_each(|_| self.put('.', out));
        }
        &rest[more..]
    }

    fn put(&mut self, c: char, out: &mut String) {
        out.push(c);
        self.last = Some(c);
        self.digits = if c.is_ascii_digit() {
            self.digits + 1
        } else {
            0
        };
    }

    /// An ordinary space: narrow before high punctuation, in thousands and before %, unbreakable before a unit.
    fn space(&mut self, rest: &str, out: &mut String) {
        let after_digit = self.digits > 0;
        let next = rest.chars().next();
        let space = match next {
            Some('»' | '!' | '?' | ';') => NNBSP,
            // A colon that glues two words (`a :b`) is not punctuation.
            Some(':')
                if rest[1..]
                    .chars()
                    .next()
                    .is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '"' | '«')) =>
            {
                NNBSP
            }
            Some('%') if after_digit => NNBSP,
            Some(_) if matches!(self.digits, 1..=3) && begins_thousands(rest) => NNBSP,
            Some(_) if after_digit && begins_unit(rest) => NBSP,
            _ => ' ',
        };
        self.put(space, out);
    }

    /// True if `c`, glued to what stands before it, is high punctuation that lacks its space.
    fn wants_space_before(&self, c: char, rest: &str) -> bool {
        let Some(last) = self.last else { return false };
        if c == '»' {
            return !last.is_whitespace();
        }
        let ends_word = last.is_alphanumeric() || matches!(last, ')' | '»' | '’' | '%' | '`');
        ends_word && rest.chars().next().is_none_or(char::is_whitespace)
    }

    fn quote<'a>(&mut self, rest: &'a str, out: &mut String) -> &'a str {
        if self.quote_open {
            self.put(NNBSP, out);
            self.put('»', out);
        } else {
            self.put('«', out);
            self.put(NNBSP, out);
        }
        self.quote_open = !self.quote_open;
        rest
    }

    fn apostrophe(&mut self, rest: &str, out: &mut String) {
        let after_word = self.last.is_some_and(|c| c.is_alphanumeric() || c == '`');
        let before_word = rest.chars().next().is_some_and(char::is_alphanumeric);
        if after_word && self.single_open && !before_word {
            self.single_open = false;
            self.put('\'', out);
        } else if after_word {
            self.put('’', out);
        } else {
            self.single_open = before_word;
            self.put('\'', out);
        }
    }
}

/// `text`, one block without markup, typeset.
pub fn typeset(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    Typesetter::new(count_quotes(text)).push(text, &mut out);
    out
}

/// Straight double quotes in `text`.
pub fn count_quotes(text: &str) -> usize {
    memchr::memchr_iter(b'"', text.as_bytes()).count()
}

/// True if `rest`, after a digit and a space, goes on with exactly three digits.
fn begins_thousands(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3
}

/// True if `rest`, after a number and a space, begins with a unit.
fn begins_unit(rest: &str) -> bool {
    let word = rest
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | '.' | ';' | ')' | ':' | '!' | '?' | NNBSP)
        })
        .next()
        .unwrap_or_default();
    UNITS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(text: &str) -> String {
        typeset(text).replace(NNBSP, "_").replace(NBSP, "~")
    }

    #[test]
    fn high_punctuation_gets_a_narrow_space() {
        assert_eq!(
            visible("Quoi ? Oui ; non : si !"),
            "Quoi_? Oui_; non_: si_!"
        );
        assert_eq!(
            visible("Quoi? Oui; voici: (x)!"),
            "Quoi_? Oui_; voici_: (x)_!"
        );
        assert_eq!(
            visible("à 10:30, localhost:9092, a::b, x ?y"),
            "à 10:30, localhost:9092, a::b, x_?y"
        );
        assert_eq!(visible("?"), "?");
    }

    #[test]
    fn quotations_are_french() {
        assert_eq!(
            visible("Le \"journal\" de « Kafka »"),
            "Le «_journal_» de «_Kafka_»"
        );
        assert_eq!(visible("«Kafka»"), "«_Kafka_»");
        assert_eq!(visible("un écran de 15\""), "un écran de 15\"");
    }

    #[test]
    fn apostrophes_and_dots() {
        assert_eq!(
            visible("l'offset d'une partition..."),
            "l’offset d’une partition…"
        );
        assert_eq!(
            visible("le groupe 'demo' et l'autre"),
            "le groupe 'demo' et l’autre"
        );
        assert_eq!(visible("jusqu'à 0..10 et ...."), "jusqu’à 0..10 et ....");
    }

    #[test]
    fn numbers_do_not_break() {
        assert_eq!(
            visible("10 000 commandes, 200 ms, 30 % et 7 h."),
            "10_000 commandes, 200~ms, 30_% et 7~h."
        );
        assert_eq!(
            visible("en 2025 100 personnes; 3 h 30"),
            "en 2025 100 personnes_; 3~h 30"
        );
        assert_eq!(
            visible("les 3 sections et 12 heures"),
            "les 3 sections et 12 heures"
        );
    }

    #[test]
    fn pieces_know_what_stands_before_them() {
        let mut out = String::new();
        let mut typesetter = Typesetter::new(2);
        typesetter.push("l'", &mut out);
        typesetter.skip('`');
        typesetter.push(" ; \"", &mut out);
        typesetter.skip('`');
        typesetter.push("\"", &mut out);
        assert_eq!(out.replace(NNBSP, "_"), "l’_; «__»");
    }
}

//! HTML escaping.
//!
//! Control characters never reach the output: [`crate::body`] uses some of them as marks.

/// Appends `text` to `out` as HTML text or double-quoted attribute value.
pub fn push(out: &mut String, text: &str) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            0..=8 | 11..=31 | 127 => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

/// `text` as HTML text or double-quoted attribute value.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    push(&mut out, text);
    out
}

/// Appends `url` to `out` as the value of an attribute: what a URL may not hold is percent-encoded, `%` is left alone.
pub fn push_url(out: &mut String, url: &str) {
    for byte in url.bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#39;"),
            b'-' | b'_' | b'.' | b'+' | b'!' | b'*' | b'(' | b')' | b',' | b'%' | b'#' | b'@'
            | b'?' | b'=' | b';' | b':' | b'/' | b'$' | b'~' => {
                out.push(char::from(byte));
            }
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_marks_are_neutralised() {
        assert_eq!(
            escaped("a < b & \"c\"\u{1}\u{10}7\u{11}\n"),
            "a &lt; b &amp; &quot;c&quot;7\n"
        );
    }

    #[test]
    fn urls_keep_their_structure() {
        let mut out = String::new();
        push_url(&mut out, "https://é.fr/a b?x=1&y=%20#z");
        assert_eq!(out, "https://%C3%A9.fr/a%20b?x=1&amp;y=%20#z");
    }
}

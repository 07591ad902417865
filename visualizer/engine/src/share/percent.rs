//! Texts in links: bytes that mean something there are written `%XX`.

/// Appends a text to a link.
pub(super) fn push(link: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            link.push(char::from(byte));
        } else {
            link.push('%');
            link.push(hex_digit(byte >> 4));
            link.push(hex_digit(byte & 15));
        }
    }
}

/// Reads a text from a link. A browser may have undone some of the `%XX`: any character may also stand for itself.
/// `None` if a `%` is not followed by two hexadecimal digits, or if the bytes are not UTF-8.
pub(super) fn read(written: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            (value(rest.next()?)? << 4) | value(rest.next()?)?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(value: u8) -> char {
    char::from(if value < 10 {
        b'0' + value
    } else {
        b'A' + value - 10
    })
}

fn value(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

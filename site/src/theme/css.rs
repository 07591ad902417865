//! Style sheets made small.

/// `css` without comments and without the white space that means nothing.
pub(super) fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if matches!(c, '"' | '\'') {
            let end = string_end(rest, c);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if c.is_whitespace() {
            rest = rest.trim_start();
            // After a colon a space means nothing; before one it does (`a :hover`).
            let glued = out.ends_with(['{', '}', ';', ',', '>', ':'])
                || out.is_empty()
                || rest.starts_with(['{', '}', ';', ',', '>']);
            // A comment may stand between two words: one space stays, unless one is there already.
            if !glued && !rest.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// Bytes of the quoted string at the start of `text`.
fn string_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minified_css_keeps_its_meaning() {
        let css = "a  b > c , d :hover { margin: 0 auto ; content: \"/* x */  y\" }\n@media (min-width: 1px) and (x) { a:not( .b ) { top: calc(1px + 2px); } }\n";
        let expected = "a b>c,d :hover{margin:0 auto;content:\"/* x */  y\"}@media (min-width:1px) and (x){a:not( .b ){top:calc(1px + 2px)}}";
        assert_eq!(minify(css), expected);
    }
}

//! Identifiers made from French text: accents folded, words joined by hyphens.

/// The id of a heading or file made from `text`: lower case ASCII letters, digits and single hyphens; `section` if nothing
/// of it can be kept.
pub fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\u{2019}' | '\'') || !push_folded(&mut out, c) {
            separate(&mut out);
        }
    }
    let trimmed = out.trim_end_matches('-').len();
    out.truncate(trimmed);
    if out.is_empty() {
        "section".to_owned()
    } else {
        out
    }
}

fn separate(out: &mut String) {
    if !out.is_empty() && !out.ends_with('-') {
        out.push('-');
    }
}

/// Appends `c` in lower case without accent if it is a letter or digit; else says false.
fn push_folded(out: &mut String, c: char) -> bool {
    if c.is_ascii_alphanumeric() {
        out.push(c.to_ascii_lowercase());
        return true;
    }
    for lower in c.to_lowercase() {
        match fold(lower) {
            Some(folded) => out.push_str(folded),
            None => return false,
        }
    }
    true
}

/// The ASCII letters of a lower-case letter of French or a neighbouring language.
fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' | 'č' | 'ć' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'š' => "s",
        'ž' => "z",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        _ => return None,
    })
}

/// `text` in lower case without accents, for comparing and sorting.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !push_folded(&mut out, c) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_headings_become_plain_ids() {
        assert_eq!(
            slug("L'équipement : où ça mène ?"),
            "l-equipement-ou-ca-mene"
        );
        assert_eq!(slug("Cœur & « ÆON » n° 2"), "coeur-aeon-n-2");
        assert_eq!(slug("`acks=all`"), "acks-all");
        assert_eq!(slug("?!"), "section");
    }

    #[test]
    fn folding_keeps_what_it_does_not_know() {
        assert_eq!(folded("Équipement №5"), "equipement №5");
    }
}

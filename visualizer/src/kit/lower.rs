//! Lower case, as far as French goes. The standard library's tables of all scripts weigh more in the page than a panel.

/// The same text in lower case: letters of ASCII and of Latin-1, and Œ.
pub(crate) fn lower(text: &str) -> String {
    text.chars().map(letter).collect()
}

fn letter(letter: char) -> char {
    match letter {
        'A'..='Z' => letter.to_ascii_lowercase(),
        // In Latin-1 the two cases are 32 apart, but for the sign × in their midst.
        'À'..='Ö' | 'Ø'..='Þ' => char::from_u32(u32::from(letter) + 32).unwrap_or(letter),
        'Œ' => 'œ',
        'Ÿ' => 'ÿ',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_standard_library_s_as_far_as_latin_1_goes() {
        let all: String = (0..=0xff)
            .filter_map(char::from_u32)
            .chain("ŒœŸ".chars())
            .collect();
        assert_eq!(lower(&all), all.to_lowercase());
    }
}

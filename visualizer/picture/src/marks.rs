//! Short marks for keys, to write in a cell.
//!
//! `customer-A`, `customer-B`… are told apart by `A`, `B`; `commande-0042` by `0042`. The mark is what remains of a key
//! once the beginning that all keys share is taken away, cut at a word's edge so that numbers stay whole.

/// How the keys of one picture are abbreviated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// What all keys begin with.
    prefix: String,
}

/// Most characters of a mark.
const MAX_CHARS: usize = 4;

impl Marks {
    /// The abbreviation that suits these keys.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        let mut keys = keys.into_iter();
        let Some(first) = keys.next() else {
            return Self::default();
        };
        let mut shared = first.len();
        for key in keys {
            shared = common(&first[..shared], key);
        }
        Self {
            prefix: word_edge(&first[..shared]).to_owned(),
        }
    }

    /// The mark of a key, at most four characters; `∅` for a null key, `""` for an empty one.
    pub fn mark(&self, key: Option<&str>) -> String {
        let Some(key) = key else {
            return "∅".to_owned();
        };
        if key.is_empty() {
            return "\"\"".to_owned();
        }
        let rest = key.strip_prefix(self.prefix.as_str()).unwrap_or(key);
        let rest = if rest.is_empty() { key } else { rest };
        let length = rest.chars().count();
        if length <= MAX_CHARS {
            return rest.to_owned();
        }
        // The end tells keys apart better than the beginning.
        let tail: String = rest.chars().skip(length - (MAX_CHARS - 1)).collect();
        format!("…{tail}")
    }
}

/// Length in bytes of what two texts both begin with.
fn common(left: &str, right: &str) -> usize {
    left.char_indices()
        .zip(right.chars())
        .find(|((_, a), b)| a != b)
        .map_or(left.len().min(right.len()), |((at, _), _)| at)
}

/// The text up to its last separator, included.
fn word_edge(text: &str) -> &str {
    let end = text
        .char_indices()
        .rev()
        .find(|(_, c)| !c.is_alphanumeric())
        .map_or(0, |(at, c)| at + c.len_utf8());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(keys: &[&str]) -> Vec<String> {
        let marks = Marks::of(keys.iter().copied());
        keys.iter().map(|key| marks.mark(Some(key))).collect()
    }

    #[test]
    fn what_keys_share_is_left_out() {
        assert_eq!(marks(&["customer-A", "customer-B"]), ["A", "B"]);
        assert_eq!(marks(&["restaurant-01", "restaurant-02"]), ["01", "02"]);
        assert_eq!(marks(&["commande-0001", "commande-1000"]), ["0001", "1000"]);
    }

    #[test]
    fn unlike_keys_keep_their_end() {
        assert_eq!(marks(&["abc", "kafka"]), ["abc", "…fka"]);
        assert_eq!(marks(&["customer-A"]), ["A"]);
        assert_eq!(marks(&["été", "étage-4"]), ["été", "…e-4"]);
    }

    #[test]
    fn absent_keys_have_a_mark_of_their_own() {
        let none = Marks::of([]);
        assert_eq!(none.mark(None), "∅");
        assert_eq!(none.mark(Some("")), "\"\"");
        assert_eq!(Marks::of(["a-", "a-b"]).mark(Some("a-")), "a-");
    }
}

//! The keys at hand: those of a set of the course, or those that the learner typed.

use engine::keys::KeySet;
use engine::scenario::Keys;

/// Most keys that the page takes.
pub(crate) const MAX_KEYS: usize = 10_000;

/// The sets offered, with their names for people.
pub(crate) const SETS: [(&str, &str); 6] = [
    ("clients-5", "5 clients"),
    ("clients-10", "10 clients"),
    ("restaurants-50", "50 restaurants"),
    ("capteurs-100", "100 capteurs"),
    ("commandes-1000", "1 000 commandes"),
    ("commandes-10000", "10 000 commandes"),
];

/// Every key, in order; none for null keys.
pub(crate) fn expand(keys: &Keys) -> Vec<String> {
    match keys {
        Keys::List(keys) => keys.iter().take(MAX_KEYS).cloned().collect(),
        Keys::Set(set) => set.keys().take(MAX_KEYS).collect(),
        Keys::Null => Vec::new(),
    }
}

/// The name of the set, if the keys are one of those offered.
pub(crate) fn set_name(keys: &Keys) -> Option<String> {
    match keys {
        Keys::Set(set) => Some(set.to_string()),
        Keys::List(_) | Keys::Null => None,
    }
}

/// The set called `name`.
pub(crate) fn set(name: &str) -> Option<Keys> {
    KeySet::from_name(name).map(Keys::Set)
}

/// What became of a typed list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    /// The keys, each once, in the order in which they came first.
    pub keys: Vec<String>,
    /// Lines that repeat a key.
    pub repeated: usize,
    /// Lines beyond [`MAX_KEYS`].
    pub dropped: usize,
}

/// Reads one key per line. Spaces around are not part of it; empty lines do not count; `""` is the empty key.
pub(crate) fn read(text: &str) -> Typed {
    let mut typed = Typed::default();
    // Sorted, without repetition.
    let mut seen: Vec<&str> = Vec::new();
    for line in text.lines() {
        let key = match line.trim() {
            "" => continue,
            "\"\"" => "",
            key => key,
        };
        match seen.binary_search(&key) {
            Ok(_) => typed.repeated += 1,
            Err(_) if typed.keys.len() == MAX_KEYS => typed.dropped += 1,
            Err(place) => {
                seen.insert(place, key);
                typed.keys.push(key.to_owned());
            }
        }
    }
    typed
}

/// The keys as [`read`] takes them.
pub(crate) fn write(keys: &[String]) -> String {
    let lines: Vec<&str> = keys.iter().map(|key| shown(key)).collect();
    lines.join("\n")
}

/// A key as it is shown: the empty one would not be seen.
pub(crate) fn shown(key: &str) -> &str {
    if key.is_empty() { "\"\"" } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_key_once() {
        let typed = read("  customer-A \n\ncustomer-B\ncustomer-A\n\"\"\r\nété\n");
        assert_eq!(typed.keys, ["customer-A", "customer-B", "", "été"]);
        assert_eq!(typed.repeated, 1);
        assert_eq!(read(&write(&typed.keys)).keys, typed.keys);
    }

    #[test]
    fn the_list_is_bounded() {
        let text: Vec<String> = (0..MAX_KEYS + 3).map(|n| n.to_string()).collect();
        let typed = read(&text.join("\n"));
        assert_eq!((typed.keys.len(), typed.dropped), (MAX_KEYS, 3));
    }

    #[test]
    fn every_set_offered_exists() {
        for (name, _) in SETS {
            let keys = set(name).unwrap();
            assert_eq!(set_name(&keys).as_deref(), Some(name));
            assert_eq!(u32::try_from(expand(&keys).len()).ok(), Some(keys.len()));
        }
    }
}

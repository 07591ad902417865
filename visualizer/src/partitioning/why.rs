//! "Pourquoi ?": from a key to its partition, step by step, in French.

use super::keybook::shown;
use engine::partitioner::{MASK, Partitioner, crc32, fnv1a, murmur2};
use picture::french::whole;

/// One step of the way from a key to its partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What is done.
    pub name: &'static str,
    /// What comes out, in figures.
    pub result: String,
}

/// How a partitioner comes to a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why {
    /// The way, in figures; empty if no figure decides.
    pub steps: Vec<Step>,
    /// The same in one sentence.
    pub sentence: String,
}

/// Why a partitioner sends a key where it does, among this many partitions.
pub(crate) fn key(partitioner: Partitioner, key: &str, partitions: i32) -> Why {
    let Some((partition, hash)) = partitioner.keyed(key.as_bytes(), partitions) else {
        return Why {
            steps: Vec::new(),
            sentence: undecided(partitioner, key).to_owned(),
        };
    };
    let name = hash_name(partitioner);
    let mut steps = vec![
        Step {
            name: "octets UTF-8",
            result: bytes(key),
        },
        Step {
            name,
            result: hashed(partitioner, key, hash),
        },
    ];
    let divisor = partitions.unsigned_abs().max(1);
    steps.push(Step {
        name: "modulo",
        result: format!(
            "{} = {} × {divisor} + {}",
            number(hash),
            number(hash / divisor),
            hash % divisor
        ),
    });
    let sentence = format!(
        "{name} donne {} pour {} ; le reste de la division par {divisor} est {partition} : partition {partition}.",
        number(hash),
        shown(key)
    );
    Why { steps, sentence }
}

/// Name of the hash that a partitioner takes.
pub(crate) const fn hash_name(partitioner: Partitioner) -> &'static str {
    match partitioner {
        Partitioner::ConsistentRandom | Partitioner::Consistent => "CRC32",
        Partitioner::Murmur2
        | Partitioner::Murmur2Random
        | Partitioner::JavaDefault
        | Partitioner::JavaSticky480 => "murmur2",
        Partitioner::Fnv1a | Partitioner::Fnv1aRandom => "FNV-1a",
        Partitioner::Random | Partitioner::RoundRobin | Partitioner::GetHashCode => "aucun",
    }
}

/// A short word for where a key goes that the partitioner does not hash.
pub(crate) const fn undecided_word(partitioner: Partitioner) -> &'static str {
    match partitioner {
        Partitioner::RoundRobin => "à tour de rôle",
        Partitioner::GetHashCode => "selon le processus",
        Partitioner::ConsistentRandom => "collante",
        _ => "au hasard",
    }
}

const fn undecided(partitioner: Partitioner, key: &str) -> &'static str {
    match partitioner {
        Partitioner::ConsistentRandom if key.is_empty() => {
            "consistent_random traite une clé vide comme une clé nulle : partition collante, tirée au hasard."
        }
        Partitioner::RoundRobin => {
            "RoundRobinPartitioner ignore la clé : chaque message va à la partition suivante. L’ordre par clé est perdu."
        }
        Partitioner::GetHashCode => {
            ".NET tire une graine de hachage à chaque démarrage : String.GetHashCode() change, et la clé change de \
             partition avec le processus."
        }
        _ => {
            "random tire une partition pour chaque message, sans regarder la clé. L’ordre par clé est perdu."
        }
    }
}

/// The hash and what the partitioner makes of it before the modulo.
fn hashed(partitioner: Partitioner, key: &str, hash: u32) -> String {
    let raw = match hash_name(partitioner) {
        "CRC32" => crc32(key.as_bytes()),
        "murmur2" => murmur2(key.as_bytes()),
        _ => fnv1a(key.as_bytes()),
    };
    if raw == hash {
        format!("{} = {}", hex(hash), number(hash))
    } else {
        format!(
            "{} & {} = {} = {}",
            hex(raw),
            hex(MASK),
            hex(hash),
            number(hash)
        )
    }
}

/// Most bytes of a key that are written out.
const MAX_BYTES: usize = 12;

fn bytes(key: &str) -> String {
    let mut text = String::new();
    for byte in key.bytes().take(MAX_BYTES) {
        push_hex(&mut text, u32::from(byte), 2);
        text.push(' ');
    }
    if key.len() > MAX_BYTES {
        text.push_str("… ");
    }
    text.push('(');
    text.push_str(&picture::french::count(key.len() as u64, "octet", "octets"));
    text.push(')');
    text
}

/// Eight hexadecimal digits: `0xd067cf64`.
pub(crate) fn hex(hash: u32) -> String {
    let mut text = String::from("0x");
    push_hex(&mut text, hash, 8);
    text
}

fn push_hex(text: &mut String, value: u32, digits: u32) {
    for digit in (0..digits).rev() {
        text.extend(char::from_digit((value >> (digit * 4)) & 0xf, 16));
    }
}

fn number(value: u32) -> String {
    whole(u64::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        text.replace(['\u{202f}', '\u{a0}'], " ")
    }

    #[test]
    fn the_steps_lead_from_the_bytes_to_the_partition() {
        let why = key(Partitioner::ConsistentRandom, "kafka", 6);
        let results: Vec<String> = why.steps.iter().map(|step| plain(&step.result)).collect();
        assert_eq!(results[0], "6b 61 66 6b 61 (5 octets)");
        let hash = crc32(b"kafka");
        assert!(results[1].starts_with(&hex(hash)), "{}", results[1]);
        assert!(results[2].ends_with("× 6 + 5"), "{}", results[2]);
        assert!(why.sentence.ends_with("partition 5."), "{}", why.sentence);
    }

    #[test]
    fn the_mask_of_murmur2_is_shown_when_it_changes_something() {
        let why = key(Partitioner::Murmur2Random, "kafka", 6);
        assert!(
            plain(&why.steps[1].result)
                .starts_with("0xd067cf64 & 0x7fffffff = 0x5067cf64 = 1 348 980 580"),
            "{}",
            why.steps[1].result
        );
        assert!(why.sentence.ends_with("partition 4."));
        let positive = key(Partitioner::JavaDefault, "abc", 6);
        assert!(!positive.steps[1].result.contains('&'));
    }

    #[test]
    fn what_a_key_does_not_decide_is_said() {
        assert!(key(Partitioner::ConsistentRandom, "", 6).steps.is_empty());
        assert!(!key(Partitioner::Murmur2Random, "", 6).steps.is_empty());
        for partitioner in [
            Partitioner::Random,
            Partitioner::RoundRobin,
            Partitioner::GetHashCode,
        ] {
            let why = key(partitioner, "a", 6);
            assert!(why.steps.is_empty() && !why.sentence.is_empty());
        }
    }
}

//! FNV-1a (32 bits) as librdkafka's `fnv1a` partitioners use it: Sarama's variant, which takes the absolute value.

const OFFSET_BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// FNV-1a of `bytes` read as a signed number, then its absolute value (`rd_fnv1a` in librdkafka's `rdfnv1a.c`).
pub fn fnv1a(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(OFFSET_BASIS, |hash, &byte| {
        (hash ^ u32::from(byte)).wrapping_mul(PRIME)
    });
    hash.cast_signed().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// librdkafka's unit test in `rdfnv1a.c`.
    #[test]
    fn values_of_librdkafkas_own_test() {
        let cases = [
            ("kafka", 0x0d33_c4e1),
            ("giberish123456789", 0x77a5_8295),
            ("1234", 0x023b_dd03),
            ("234", 0x2dea_3cd2),
            ("34", 0x740f_a83e),
            ("4", 0x310c_a263),
            ("PreAmbleWillBeRemoved,ThePrePartThatIs", 0x65cb_d69c),
            ("reAmbleWillBeRemoved,ThePrePartThatIs", 0x6e49_c79a),
            ("eAmbleWillBeRemoved,ThePrePartThatIs", 0x69ee_d356),
            ("AmbleWillBeRemoved,ThePrePartThatIs", 0x6abc_c023),
            ("", 0x7ee3_623b),
        ];
        for (key, hash) in cases {
            assert_eq!(fnv1a(key.as_bytes()), hash, "{key}");
        }
    }
}

//! `MurmurHash2` (32 bits, seed `0x9747b28c`), as Java's producer and librdkafka's `murmur2` partitioners hash keys.

/// Kafka's seed.
const SEED: u32 = 0x9747_b28c;
/// The multiplier of `MurmurHash2`.
const M: u32 = 0x5bd1_e995;
/// Its shift.
const R: u32 = 24;

/// `MurmurHash2` of `bytes`, all 32 bits: the partitioners then mask it with [`MASK`].
pub fn murmur2(bytes: &[u8]) -> u32 {
    let (words, tail) = bytes.as_chunks::<4>();
    // Both implementations keep the length in 32 bits.
    #[allow(clippy::cast_possible_truncation)]
    let start = SEED ^ bytes.len() as u32;
    let hash = words
        .iter()
        .fold(start, |hash, word| mix(hash, u32::from_le_bytes(*word)));
    finish(absorb_tail(hash, tail))
}

/// Java's `toPositive`: the sign bit is cleared. Not an absolute value, which would send most negative hashes elsewhere.
pub const MASK: u32 = 0x7fff_ffff;

const fn mix(hash: u32, word: u32) -> u32 {
    let mut k = word.wrapping_mul(M);
    k ^= k >> R;
    hash.wrapping_mul(M) ^ k.wrapping_mul(M)
}

fn absorb_tail(hash: u32, tail: &[u8]) -> u32 {
    if tail.is_empty() {
        return hash;
    }
    let last = tail
        .iter()
        .rev()
        .fold(0, |last, &byte| (last << 8) | u32::from(byte));
    (hash ^ last).wrapping_mul(M)
}

const fn finish(mut hash: u32) -> u32 {
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Apache Kafka's `UtilsTest.testMurmur2`, whose values are signed.
    #[test]
    fn values_of_kafkas_own_test() {
        let cases: [(&str, i32); 7] = [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            (
                "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8",
                -58_897_971,
            ),
            ("abc", 479_470_107),
            ("", 275_646_681),
        ];
        for (key, hash) in cases {
            assert_eq!(murmur2(key.as_bytes()), hash.cast_unsigned(), "{key}");
        }
    }

    /// librdkafka's unit test in `rdmurmur2.c`.
    #[test]
    fn values_of_librdkafkas_own_test() {
        let cases = [
            ("kafka", 0xd067_cf64),
            ("giberish123456789", 0x8f55_2b0c),
            ("1234", 0x9fc9_7b14),
            ("234", 0xe7c0_09ca),
            ("34", 0x8739_30da),
            ("4", 0x5a4b_5ca1),
            ("PreAmbleWillBeRemoved,ThePrePartThatIs", 0x7842_4f1c),
            ("reAmbleWillBeRemoved,ThePrePartThatIs", 0x4a62_b377),
            ("eAmbleWillBeRemoved,ThePrePartThatIs", 0xe0e4_e09e),
            ("AmbleWillBeRemoved,ThePrePartThatIs", 0x62b8_b43f),
            ("", 0x106e_08d9),
        ];
        for (key, hash) in cases {
            assert_eq!(murmur2(key.as_bytes()), hash, "{key}");
        }
    }

    /// librdkafka's `tests/0048-partitioner.c`, after the mask.
    #[test]
    fn masked_values_of_librdkafkas_partitioner_test() {
        assert_eq!(murmur2(b"23456") & MASK, 0x058d_780f);
        assert_eq!(
            murmur2(b"this is another string with more length to it perhaps") & MASK,
            0x4f77_03da
        );
        assert_eq!(murmur2(b"hejsan") & MASK, 0x5ec1_9395);
    }
}

//! CRC-32 (IEEE 802.3, the one of zlib), as librdkafka's `consistent` partitioners hash keys.

/// The reflected polynomial.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// How many bits a step takes: a byte, or half a byte in a browser. A table for whole bytes would be a kilobyte that no
/// compression makes smaller, in every page's module.
const BITS: usize = if cfg!(target_family = "wasm") { 4 } else { 8 };

/// What a step's bits do to the register, for each of their values.
const TABLE: [u32; 1 << BITS] = table();

const fn table() -> [u32; 1 << BITS] {
    let mut table = [0; 1 << BITS];
    let mut value = 0_u32;
    while value < 1 << BITS {
        let mut register = value;
        let mut bit = 0;
        while bit < BITS {
            register = if register & 1 == 1 {
                (register >> 1) ^ POLYNOMIAL
            } else {
                register >> 1
            };
            bit += 1;
        }
        table[value as usize] = register;
        value += 1;
    }
    table
}

/// CRC-32 of `bytes`; 0 for none.
pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |register: u32, _| (register >> BITS) ^ TABLE[register as usize % TABLE.len()];
    let register = bytes.iter().fold(u32::MAX, |register, &byte| {
        (0..8 / BITS).fold(register ^ u32::from(byte), step)
    });
    !register
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the CRC catalogue, and those of librdkafka's `tests/0048-partitioner.c`.
    #[test]
    fn known_values() {
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b"23456"), 0xb1b4_51d7);
        assert_eq!(
            crc32(b"this is another string with more length to it perhaps"),
            0xb015_0df7
        );
        assert_eq!(crc32(b"hejsan"), 0xd077_037e);
    }
}

//! CRC-32 (IEEE 802.3, the one of zlib), as librdkafka's `consistent` partitioners hash keys.

/// The reflected polynomial.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// What half a byte does to the register, for each of its 16 values. A table for whole bytes would be a kilobyte that no
/// compression makes smaller, in every page's module.
const TABLE: [u32; 16] = table();

const fn table() -> [u32; 16] {
    let mut table = [0; 16];
    let mut half = 0_u32;
    while half < 16 {
        let mut register = half;
        let mut bit = 0;
        while bit < 4 {
            register = if register & 1 == 1 {
                (register >> 1) ^ POLYNOMIAL
            } else {
                register >> 1
            };
            bit += 1;
        }
        table[half as usize] = register;
        half += 1;
    }
    table
}

/// CRC-32 of `bytes`; 0 for none.
pub fn crc32(bytes: &[u8]) -> u32 {
    let half = |register: u32| (register >> 4) ^ TABLE[(register & 0xf) as usize];
    let register = bytes.iter().fold(u32::MAX, |register, &byte| {
        half(half(register ^ u32::from(byte)))
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

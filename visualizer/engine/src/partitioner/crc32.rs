//! CRC-32 (IEEE 802.3, the one of zlib), as librdkafka's `consistent` partitioners hash keys.

/// The reflected polynomial.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// What one byte does to the register, for each of the 256 bytes.
const TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u32;
    while byte < 256 {
        let mut register = byte;
        let mut bit = 0;
        while bit < 8 {
            register = if register & 1 == 1 {
                (register >> 1) ^ POLYNOMIAL
            } else {
                register >> 1
            };
            bit += 1;
        }
        table[byte as usize] = register;
        byte += 1;
    }
    table
}

/// CRC-32 of `bytes`; 0 for none.
pub fn crc32(bytes: &[u8]) -> u32 {
    let register = bytes.iter().fold(u32::MAX, |register, &byte| {
        (register >> 8) ^ TABLE[((register ^ u32::from(byte)) & 0xff) as usize]
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

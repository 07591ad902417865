//! `string.GetHashCode()` of .NET: Marvin32 with a seed that each process draws anew.
//!
//! Here to show why `Math.Abs(key.GetHashCode()) % partitions` is a mistake: after a restart, or in another instance of the
//! same service, the same key goes to another partition. (`Math.Abs` also throws for `int.MinValue`, once in four billion;
//! here that hash counts as 0.)

use super::reduce;
use crate::ids::PartitionId;

/// A process's string hashes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GetHashCode {
    seed: u64,
}

impl GetHashCode {
    /// A process that drew this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The partition that `Math.Abs(key.GetHashCode()) % partitions` names, and the absolute value.
    pub(crate) fn partition(&self, key: &str, partitions: i32) -> Option<(PartitionId, u32)> {
        let utf16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let [low, high] = marvin32(&utf16, self.seed);
        let hash = (low ^ high)
            .cast_signed()
            .checked_abs()
            .unwrap_or(0)
            .cast_unsigned();
        Some((reduce(hash, partitions)?, hash))
    }
}

/// Marvin32's two halves, as `System.Marvin` computes them; .NET's hash code is their exclusive or.
fn marvin32(bytes: &[u8], seed: u64) -> [u32; 2] {
    #[allow(clippy::cast_possible_truncation)]
    let mut state = [seed as u32, (seed >> 32) as u32];
    let (words, tail) = bytes.as_chunks::<4>();
    for word in words {
        state = block(state, u32::from_le_bytes(*word));
    }
    let end = tail
        .iter()
        .rev()
        .fold(0x80, |end, &byte| (end << 8) | u32::from(byte));
    block(block(state, end), 0)
}

fn block([mut p0, mut p1]: [u32; 2], word: u32) -> [u32; 2] {
    p0 = p0.wrapping_add(word);
    p1 ^= p0;
    p0 = p0.rotate_left(20).wrapping_add(p1);
    p1 = p1.rotate_left(9) ^ p0;
    p0 = p0.rotate_left(27).wrapping_add(p1);
    p1 = p1.rotate_left(19);
    [p0, p1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `MarvinTests.cs` of dotnet/runtime, which compares both halves.
    #[test]
    fn values_of_dotnets_own_test() {
        let cases: [(u64, &[u8], u64); 10] = [
            (0x004f_b61a_001b_dbcc, &[], 0x30ed_35c1_00cd_3c7d),
            (0x004f_b61a_001b_dbcc, &[0xaf], 0x48e7_3fc7_7d75_ddc1),
            (0x004f_b61a_001b_dbcc, &[0xe7, 0x0f], 0xb5f6_e1fc_485d_bff8),
            (
                0x004f_b61a_001b_dbcc,
                &[0x37, 0xf4, 0x95],
                0xf0b0_7c78_9b8c_f7e8,
            ),
            (
                0x004f_b61a_001b_dbcc,
                &[0x86, 0x42, 0xdc, 0x59],
                0x7008_f2e8_7e9c_f556,
            ),
            (
                0x004f_b61a_001b_dbcc,
                &[0x15, 0x3f, 0xb7, 0x98, 0x26],
                0xe6c0_8c6d_a2af_a997,
            ),
            (
                0x004f_b61a_001b_dbcc,
                &[0x09, 0x32, 0xe6, 0x24, 0x6c, 0x47],
                0x6f04_bf1a_5ea2_4060,
            ),
            (
                0x004f_b61a_001b_dbcc,
                &[0xab, 0x42, 0x7e, 0xa8, 0xd1, 0x0f, 0xc7],
                0xe118_47e4_f067_8c41,
            ),
            (0x804f_b61a_001b_dbcc, &[], 0x10a9_d5d3_996f_d65d),
            (0x804f_b61a_001b_dbcc, &[0xaf], 0x6820_1f91_960e_bf91),
        ];
        for (seed, bytes, expected) in cases {
            let [low, high] = marvin32(bytes, seed);
            assert_eq!(
                (u64::from(high) << 32) | u64::from(low),
                expected,
                "{bytes:x?}"
            );
        }
    }

    #[test]
    fn another_process_sends_the_same_key_elsewhere() {
        let partition = |seed| {
            GetHashCode::new(seed)
                .partition("customer-A", 6)
                .map(|(partition, _)| partition)
        };
        assert_eq!(partition(1), partition(1));
        let different: std::collections::BTreeSet<_> = (0..50).map(partition).collect();
        assert_eq!(different.len(), 6);
    }
}

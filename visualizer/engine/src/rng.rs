//! Chance that can be replayed: `SplitMix64`, a few lines, the same on every machine.
//!
//! Each producer draws from a stream of its own, so that adding a second one to compare does not disturb the first.

/// A stream of random numbers, entirely given by its seed. Good enough to spread records; not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rng {
    state: u64,
}

impl Rng {
    /// Stream number `stream` of this seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut streams = Self { state: seed };
        let offset = streams.next_u64();
        // An odd multiplier maps each stream to a different state.
        Self {
            state: offset ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03),
        }
    }

    /// 64 random bits (Steele, Lea and Flood, 2014; the constants are those of Java's `SplittableRandom`).
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 31 random bits: what Java's producer draws, `toPositive(nextInt())`.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) fn next_u31(&mut self) -> u32 {
        (self.next_u64() >> 33) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sequence published for seed 1234567.
    #[test]
    fn reference_sequence() {
        let mut rng = Rng { state: 1_234_567 };
        let drawn: Vec<u64> = (0..5).map(|_| rng.next_u64()).collect();
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let draw = |stream| {
            let mut rng = Rng::new(42, stream);
            [rng.next_u31(), rng.next_u31(), rng.next_u31()]
        };
        assert_eq!(draw(0), draw(0));
        assert_ne!(draw(0), draw(1));
    }

    /// Chi-squared over 100 cells: 99 degrees of freedom, 148.2 is the 0.1 % point.
    #[test]
    fn draws_are_spread_evenly() {
        let mut rng = Rng::new(7, 3);
        let mut cells = [0_u32; 100];
        for _ in 0..100_000 {
            cells[(rng.next_u31() % 100) as usize] += 1;
        }
        let chi2: f64 = cells
            .iter()
            .map(|&n| (f64::from(n) - 1_000.0).powi(2) / 1_000.0)
            .sum();
        assert!(chi2 < 148.2, "chi² = {chi2}");
    }
}

//! Numbers that vary. The demonstration needs variety, not unpredictability: every run is the same.

use std::time::Duration;

/// Xorshift (Marsaglia 2003), 64 bits.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = end.max(1) as u64;
        // Below `end`, which was a usize.
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A time between both, the first included.
    pub(super) fn between(&mut self, (shortest, longest): (Duration, Duration)) -> Duration {
        let spread = longest.saturating_sub(shortest).as_micros();
        let spread = usize::try_from(spread).unwrap_or(usize::MAX);
        shortest + Duration::from_micros(self.below(spread) as u64)
    }
}

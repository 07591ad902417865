//! How long to wait before trying again: twice as long each time, up to half a minute.

/// The waits, from one success to the next.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

/// First wait, in seconds.
const FIRST_S: i32 = 1;
/// Longest wait, in seconds.
const LONGEST_S: i32 = 30;

impl Backoff {
    /// Something failed: the seconds to wait.
    pub(crate) fn failed(&mut self) -> i32 {
        let wait = FIRST_S << self.failures.min(8);
        self.failures += 1;
        wait.min(LONGEST_S)
    }

    /// Something worked: the next wait will be the first again.
    pub(crate) fn worked(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_begin_again() {
        let mut backoff = Backoff::default();
        let waits: Vec<i32> = (0..7).map(|_| backoff.failed()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        for _ in 0..100 {
            assert_eq!(backoff.failed(), LONGEST_S);
        }
        backoff.worked();
        assert_eq!(backoff.failed(), FIRST_S);
    }
}

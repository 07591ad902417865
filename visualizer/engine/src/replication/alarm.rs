//! One planned command for many deadlines, of which most come to nothing: what a deadline guards is nearly always done
//! before. So the alarm is set for the earliest one, and when it rings, it is set anew for what still waits.

use crate::time::Instant;

/// An alarm, set or not. A command that was planned for it and is no longer its own does not make it ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Alarm {
    set_for: Option<Instant>,
}

impl Alarm {
    /// Sets it for this deadline, unless it rings before. True if a command has to be planned for that.
    pub(super) fn set(&mut self, deadline: Instant) -> bool {
        let is_earlier = self.set_for.is_none_or(|set_for| deadline < set_for);
        if is_earlier {
            self.set_for = Some(deadline);
        }
        is_earlier
    }

    /// A command of its has come due, on time or late. True if the alarm rings; then it is no longer set.
    pub(super) fn rings(&mut self, now: Instant) -> bool {
        let rings = self.set_for.is_some_and(|set_for| set_for <= now);
        if rings {
            self.set_for = None;
        }
        rings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(ms: u64) -> Instant {
        Instant::from_millis(ms)
    }

    #[test]
    fn the_earliest_deadline_counts() {
        let mut alarm = Alarm::default();
        assert!(alarm.set(at(500)));
        assert!(!alarm.set(at(700)), "it rings before");
        assert!(alarm.set(at(300)), "a shorter wait");
        assert!(alarm.rings(at(300)));
        assert!(!alarm.rings(at(500)), "the first command is outdated");
        assert!(alarm.set(at(700)));
        assert!(alarm.rings(at(900)), "late: its broker was stopped");
    }
}

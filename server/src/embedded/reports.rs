//! What the demonstration's consumers report about their group, told in an order that makes sense.
//!
//! A consumer may receive a record a few milliseconds before the observer reads it. Its report then waits until the observer
//! has read that far, so that on the page a record lands before it is consumed, and is consumed before it is committed.

use crate::observer::groups;
use crate::stop::Stop;
use engine::event::EventKind;
use engine::ids::PartitionId;
use engine::live::GroupState;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

/// Reports on their way; consumers wait when nobody takes them, so that memory cannot grow.
const ON_THEIR_WAY: usize = 4_096;
/// Reports that wait for their record at most; beyond, they are told anyway.
const WAITING: usize = 4_096;
/// How long a consumer waits before it tries again to report.
const RETRY: Duration = Duration::from_millis(20);

/// Where consumers send their reports.
#[derive(Clone, Debug)]
pub(super) struct Reporter {
    sender: SyncSender<EventKind>,
    stop: Stop,
}

/// The reports, and the group that they add up to.
pub(super) struct Reports {
    receiver: Receiver<EventKind>,
    waiting: VecDeque<EventKind>,
    groups: Vec<GroupState>,
}

pub(super) fn channel(stop: Stop) -> (Reporter, Receiver<EventKind>) {
    let (sender, receiver) = sync_channel(ON_THEIR_WAY);
    (Reporter { sender, stop }, receiver)
}

impl Reporter {
    /// Sends a report, as soon as there is room for it. When the server stops it may be lost.
    pub(super) fn tell(&self, event: EventKind) {
        let mut event = event;
        while let Err(TrySendError::Full(back)) = self.sender.try_send(event) {
            if self.stop.sleep(RETRY) {
                return;
            }
            event = back;
        }
    }
}

impl Reports {
    pub(super) fn new(receiver: Receiver<EventKind>) -> Self {
        Self {
            receiver,
            waiting: VecDeque::new(),
            groups: Vec::new(),
        }
    }

    /// The reports whose records were read, in order; `read_up_to` tells how far a partition was.
    pub(super) fn release(
        &mut self,
        read_up_to: impl Fn(PartitionId) -> Option<i64>,
    ) -> Vec<EventKind> {
        let room = WAITING.saturating_sub(self.waiting.len()).max(1);
        self.waiting.extend(self.receiver.try_iter().take(room));
        let mut released = Vec::new();
        while let Some(event) = self.waiting.front() {
            let ready = match needed(event) {
                Some((partition, offset)) => {
                    read_up_to(partition).is_none_or(|read| read >= offset)
                }
                None => true,
            };
            if !ready && self.waiting.len() < WAITING {
                break;
            }
            released.extend(self.waiting.pop_front());
        }
        for event in &released {
            groups::apply(&mut self.groups, event);
        }
        released
    }

    /// The group as of the reports released so far.
    pub(super) fn groups(&self) -> &[GroupState] {
        &self.groups
    }
}

/// How far a partition must have been read before the event can be told.
fn needed(event: &EventKind) -> Option<(PartitionId, i64)> {
    match event {
        EventKind::RecordConsumed {
            partition, offset, ..
        } => Some((*partition, offset.0 + 1)),
        EventKind::OffsetCommitted {
            partition, offset, ..
        } => Some((*partition, offset.0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::Offset;

    fn consumed(partition: i32, offset: i64) -> EventKind {
        EventKind::RecordConsumed {
            group: "billing".into(),
            member: "consumer-1".into(),
            topic: "orders.created".into(),
            partition: PartitionId(partition),
            offset: Offset(offset),
        }
    }

    #[test]
    fn a_report_waits_for_its_record_and_later_ones_wait_behind_it() {
        let (reporter, receiver) = channel(Stop::new());
        let mut reports = Reports::new(receiver);
        reporter.tell(consumed(0, 4));
        reporter.tell(consumed(0, 5));
        reporter.tell(consumed(1, 0));
        assert_eq!(reports.release(|_| Some(5)), [consumed(0, 4)]);
        assert_eq!(reports.release(|_| Some(5)), []);
        assert_eq!(
            reports.release(|_| Some(6)),
            [consumed(0, 5), consumed(1, 0)]
        );
        assert_eq!(reports.groups()[0].offsets.len(), 2);
    }

    #[test]
    fn reports_are_told_anyway_when_too_many_wait() {
        let (reporter, receiver) = channel(Stop::new());
        let mut reports = Reports::new(receiver);
        let mut told = 0;
        for offset in 0..10_000 {
            reporter.tell(consumed(0, offset));
            told += reports.release(|_| Some(0)).len();
        }
        assert!(
            told > 5_000 && reports.waiting.len() < WAITING,
            "{told} told"
        );
    }
}

//! Commits: what is written, when, and how it is answered.

use super::GroupWorld;
use super::consumer::{Application, Phase};
use super::coordinator::{Ask, Slot};
use super::network::{Content, Message};
use super::world::{Command, Context};
use crate::event::{CommitReason, GroupError, GroupEvent, Request};
use crate::ids::{EventId, Offset};
use crate::time::Duration;

/// How long a Java application waits in `poll()` before it calls it again.
const JAVA_POLL: Duration = Duration::from_millis(100);

impl GroupWorld {
    /// An automatic commit is due. librdkafka's background thread does it, but not during a rebalance; Java does it in `poll()`,
    /// which an application without records calls again and again.
    pub(super) fn auto_commit_due(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let process = self.process_of(consumer);
        let interval = self.settings.auto_commit_interval;
        let now = cx.now();
        let one = &mut self.consumers[consumer];
        let next = if !self.settings.java {
            one.next_auto_commit = now + interval;
            if one.phase == Phase::Steady && one.callback.is_none() {
                self.commit_automatically(consumer, cx);
            }
            interval
        } else if now < one.next_auto_commit {
            one.next_auto_commit - now
        } else if one.application == Application::Waiting && one.phase == Phase::Steady {
            one.next_auto_commit = now + interval;
            self.commit_automatically(consumer, cx);
            interval
        } else {
            // The next poll() does it.
            interval.min(JAVA_POLL)
        };
        cx.queue.schedule(next, Command::AutoCommit(process));
    }

    pub(super) fn commit_automatically(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let offsets = self.to_commit(consumer, None);
        let name = self.consumers[consumer].name.clone();
        if offsets.is_empty() {
            return;
        }
        let stored_by = self.consumers[consumer]
            .readings
            .iter()
            .filter_map(|reading| reading.stored_by)
            .max();
        let cause = cx.tell(stored_by, GroupEvent::AutoCommitFired { consumer: name });
        self.commit(consumer, offsets, CommitReason::Auto, Some(cause), cx);
    }

    /// What an automatic commit of these partitions (all if `None`) would write: what is stored (librdkafka), or what
    /// `poll()` has returned (Java), where that is news.
    pub(super) fn to_commit(&self, consumer: usize, slots: Option<&[Slot]>) -> Vec<(Slot, u64)> {
        let one = &self.consumers[consumer];
        one.readings
            .iter()
            .filter(|reading| slots.is_none_or(|slots| slots.contains(&reading.slot)))
            .filter_map(|reading| {
                let offset = if self.settings.java {
                    // Under low-water mark and store-after, Java's application would commit by itself what is done.
                    Some(reading.position)
                } else {
                    reading.stored
                };
                offset
                    .filter(|offset| reading.committed.unwrap_or(0) != *offset)
                    .map(|offset| (reading.slot, offset))
            })
            .collect()
    }

    /// Sends a commit. False if there is nothing to commit.
    pub(super) fn commit(
        &mut self,
        consumer: usize,
        offsets: Vec<(Slot, u64)>,
        reason: CommitReason,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) -> bool {
        if offsets.is_empty() {
            return false;
        }
        let one = &mut self.consumers[consumer];
        let (member, epoch) = (one.member, one.generation);
        if reason == CommitReason::Close {
            one.close_waits += 1;
        }
        let event = GroupEvent::CommitSent {
            consumer: one.name.clone(),
            reason,
            offsets: offsets
                .iter()
                .map(|(slot, offset)| (self.named(*slot), Offset(offset.cast_signed())))
                .collect(),
        };
        let cause = cx.tell(cause, event);
        let message = Message {
            consumer,
            incarnation: self.consumers[consumer].incarnation,
            request: Request::OffsetCommit,
            epoch,
            content: Content::Ask(Ask::Commit {
                member,
                epoch,
                offsets,
            }),
            reason: Some(reason),
            from: cx.now(),
            to: cx.now() + self.settings.latency,
            cause: Some(cause),
        };
        let number = self.network.put(message);
        cx.queue
            .schedule(self.settings.latency, Command::Deliver(number));
        true
    }

    /// The answer to a commit reached the consumer.
    pub(super) fn commit_answered(
        &mut self,
        consumer: usize,
        reason: CommitReason,
        error: Option<GroupError>,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let name = self.consumers[consumer].name.clone();
        let event = match error {
            None => GroupEvent::CommitAccepted { consumer: name },
            Some(error) => GroupEvent::CommitRefused {
                consumer: name,
                error,
            },
        };
        let cause = cx.tell(cause, event);
        if error.is_none() {
            for reading in &mut self.consumers[consumer].readings {
                let committed = self.partitions[reading.slot].log.committed;
                reading.committed = committed.or(reading.committed);
            }
        }
        match reason {
            CommitReason::Sync => self.commit_returned(consumer, cause, cx),
            CommitReason::Close if self.consumers[consumer].application == Application::Closing => {
                self.close_answered(consumer, cause, cx);
            }
            _ => {}
        }
    }
}

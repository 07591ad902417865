//! What is done to consumers from outside: they start, close, die, freeze.

use super::consumer::{Application, Consumer, Phase};
use super::coordinator::{Ask, Slot};
use super::settings::Settings;
use super::world::{Command, Context};
use super::{Ending, GroupWorld, HandlerStep, HoldingKind, Life};
use crate::event::{GroupEvent, Request};
use crate::ids::{EventId, Offset};
use crate::scenario::{Join, Step};
use crate::time::Duration;
use std::sync::Arc;

impl GroupWorld {
    /// Does a step of the scenario.
    pub(super) fn step(&mut self, step: &Step, cx: &mut Context<'_, '_>) {
        if let Step::Join(join) = step {
            return self.start_new(join, cx);
        }
        if let Step::Set(property, setting) = step {
            self.config.set(*property, setting.clone());
            let settings = Settings::of(&self.config);
            // A running group keeps its protocol, its clients and its assignor.
            self.settings = Settings {
                protocol: self.settings.protocol,
                java: self.settings.java,
                assignor: self.settings.assignor,
                assignor_name: self.settings.assignor_name,
                cooperative: self.settings.cooperative,
                refused: None,
                ..settings
            };
            cx.tell(
                None,
                GroupEvent::SettingChanged {
                    property: property.name(),
                    value: setting.to_string().into(),
                },
            );
            return;
        }
        let Some(consumer) = step.actor().and_then(|name| self.find(name)) else {
            return;
        };
        if matches!(step, Step::Restart(_)) {
            return self.start(consumer, cx);
        }
        if !self.consumers[consumer].runs() {
            return;
        }
        let name = self.consumers[consumer].name.clone();
        match step {
            Step::Close(_) => {
                let cause = cx.tell(None, GroupEvent::ConsumerClosing { consumer: name });
                let one = &mut self.consumers[consumer];
                one.closing = true;
                one.ended_by = Some(cause);
                one.life = Life::Closing;
                if one.application == Application::Waiting {
                    self.consume(consumer, cx);
                }
            }
            Step::Terminate(_) => {
                let cause = cx.tell(None, GroupEvent::ConsumerTerminated { consumer: name });
                self.end(consumer, Ending::Terminated, cause, cx);
            }
            Step::Crash(_) => {
                let cause = cx.tell(None, GroupEvent::ConsumerCrashed { consumer: name });
                self.end(consumer, Ending::Crashed, cause, cx);
            }
            Step::Pause(_, lasts) => self.pause(consumer, *lasts, cx),
            Step::Slow(_, lasts) => self.slow(consumer, *lasts, cx),
            Step::Processing(_, time) => self.consumers[consumer].processing = Some(*time),
            _ => {}
        }
    }

    fn start_new(&mut self, join: &Join, cx: &mut Context<'_, '_>) {
        let consumer = self.find(&join.consumer).unwrap_or_else(|| {
            self.consumers.push(Consumer::new(join.consumer.clone()));
            self.consumers.len() - 1
        });
        let all = 0..self.topics.len();
        let one = &mut self.consumers[consumer];
        one.instance = join.instance.as_deref().map(Arc::from);
        one.processing = join.processing;
        one.topics = all
            .filter(|topic| join.topics.is_empty() || join.topics.contains(&self.topics[*topic]))
            .collect();
        self.start(consumer, cx);
    }

    /// A process starts: its constructor, then `Subscribe()`.
    fn start(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let old = &self.consumers[consumer];
        let mut one = Consumer::new(old.name.clone());
        one.instance.clone_from(&old.instance);
        one.topics.clone_from(&old.topics);
        one.processing = old.processing;
        one.incarnation = old.incarnation + 1;
        (one.received, one.processed) = (old.received, old.processed);
        one.life = Life::Running;
        one.application = Application::Waiting;
        one.step = HandlerStep::Consume;
        one.last_poll = now;
        one.answered_at = now;
        one.next_auto_commit = now + self.settings.auto_commit_interval;
        let workers = if self.settings.handler.pools() {
            self.settings.workers
        } else {
            1
        };
        one.workers = vec![None; workers];
        let name = one.name.clone();
        let instance = one.instance.as_deref().map(Box::from);
        self.consumers[consumer] = one;
        let cause = cx.tell(
            None,
            GroupEvent::ConsumerStarted {
                consumer: name.clone(),
                instance,
            },
        );
        if let Some(property) = self.settings.refused {
            let event = GroupEvent::ConsumerRefused {
                consumer: name,
                property,
            };
            let cause = cx.tell(Some(cause), event);
            return self.end(consumer, Ending::Refused, cause, cx);
        }
        let process = self.process_of(consumer);
        let settings = &self.settings;
        cx.queue
            .schedule(settings.max_poll_interval, Command::MaxPoll(process));
        if settings.auto_commit {
            cx.queue
                .schedule(settings.auto_commit_interval, Command::AutoCommit(process));
        }
        self.consumers[consumer].phase = Phase::Joining;
        let request = Request::FindCoordinator;
        self.send(
            consumer,
            request,
            Ask::FindCoordinator,
            None,
            Some(cause),
            cx,
        );
    }

    /// The process is gone: what it held falls.
    pub(super) fn end(
        &mut self,
        consumer: usize,
        ending: Ending,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let one = &mut self.consumers[consumer];
        one.life = Life::Ended(ending);
        one.ended_by = Some(cause);
        one.application = Application::Stopped;
        one.step = HandlerStep::Stopped;
        one.forget_membership();
        one.callback = None;
        let mut held: Vec<(Slot, u64)> = one
            .workers
            .drain(..)
            .flatten()
            .map(|work| (work.slot, work.offset))
            .collect();
        held.extend(one.pool.drain(..).map(|(slot, offset, _)| (slot, offset)));
        one.readings.clear();
        one.fetched.clear();
        let owned = std::mem::take(&mut one.owned);
        self.hold(consumer, &owned, HoldingKind::Orphaned, cx.now());
        for partition in &mut self.partitions {
            if partition.reader == Some(consumer) {
                partition.reader = None;
            }
        }
        held.sort_unstable();
        let mut lost: Vec<(Slot, u64, u32)> = Vec::new();
        for (slot, offset) in held {
            if !self.partitions[slot].log.drop_held(offset) {
                continue;
            }
            match lost.last_mut() {
                Some((last, first, count))
                    if *last == slot && *first + u64::from(*count) == offset =>
                {
                    *count += 1;
                }
                _ => lost.push((slot, offset, 1)),
            }
        }
        for (slot, offset, count) in lost {
            self.tell_lost(slot, (offset, count), cause, cx);
        }
    }

    /// Tells that records are lost.
    pub(super) fn tell_lost(
        &self,
        slot: Slot,
        (offset, count): (u64, u32),
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let at = self.named(slot);
        cx.tell(
            Some(cause),
            GroupEvent::RecordsLost {
                topic: at.topic,
                partition: at.partition,
                offset: Offset(offset.cast_signed()),
                count,
            },
        );
    }

    fn pause(&mut self, consumer: usize, lasts: Duration, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let one = &mut self.consumers[consumer];
        if !matches!(one.life, Life::Paused { .. }) {
            one.paused_since = now;
        }
        one.life = Life::Paused { until: now + lasts };
        let owned = one.owned.clone();
        let event = GroupEvent::ConsumerPaused {
            consumer: one.name.clone(),
            lasts,
        };
        one.paused_by = Some(cx.tell(None, event));
        self.hold(consumer, &owned, HoldingKind::Frozen, now);
        let process = self.process_of(consumer);
        cx.queue.schedule(lasts, Command::Resume(process));
    }

    /// A pause ends. The client notices at once if it was out of contact for a session timeout.
    pub(super) fn resume(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let one = &mut self.consumers[consumer];
        match one.life {
            Life::Paused { until } if until <= now => {}
            _ => return,
        }
        one.life = if one.closing {
            Life::Closing
        } else {
            Life::Running
        };
        let name = one.name.clone();
        let owned = one.owned.clone();
        let silent = now - one.answered_at;
        let member = one.member.is_some() && one.phase == Phase::Steady;
        let event = GroupEvent::ConsumerResumed {
            consumer: name.clone(),
        };
        let cause = cx.tell(one.paused_by, event);
        self.hold(consumer, &owned, HoldingKind::Owned, now);
        if member && silent >= self.settings.session && !self.settings.modern() {
            let cause = cx.tell(Some(cause), GroupEvent::ConnectionLost { consumer: name });
            self.lose_all(consumer, Some(cause), cx);
        }
        if self.consumers[consumer].application == Application::Waiting {
            self.consume(consumer, cx);
        }
    }

    /// The record in hand, or the next one, takes this long.
    fn slow(&mut self, consumer: usize, lasts: Duration, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let process = self.process_of(consumer);
        let one = &mut self.consumers[consumer];
        let in_hand = one
            .workers
            .iter_mut()
            .enumerate()
            .find_map(|(worker, work)| work.as_mut().map(|work| (worker, work)));
        match in_hand {
            Some((worker, work)) => {
                // The command planned for the earlier end finds that it is not due.
                work.until = work.since + lasts;
                let wait = work.until - now;
                let worker = u32::try_from(worker).unwrap_or(0);
                cx.queue.schedule(wait, Command::Processed(process, worker));
            }
            None => one.slow = Some(lasts),
        }
    }

    /// `Close()` has done all it had to.
    pub(super) fn closed(
        &mut self,
        consumer: usize,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let name = self.consumers[consumer].name.clone();
        let cause = cx.tell(cause, GroupEvent::ConsumerClosed { consumer: name });
        self.end(consumer, Ending::Closed, cause, cx);
    }
}

//! The application's thread: `Consume()`, its callbacks, the handler, and the pool of workers.

use super::consumer::{Application, Callback, Phase, Reading, Work};
use super::coordinator::{Ask, Slot};
use super::settings::Handler;
use super::world::{Command, Context};
use super::{GroupWorld, HandlerStep, HoldingKind, Rule};
use crate::event::{CommitReason, EventKind, GroupEvent, PositionSource, Request};
use crate::ids::{EventId, MemberId, Offset};
use crate::time::Duration;
use std::collections::VecDeque;

impl GroupWorld {
    /// The application calls `Consume()`: callbacks first, then a record, if there is one.
    pub(super) fn consume(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        self.consumers[consumer].application = Application::Waiting;
        self.consumers[consumer].step = HandlerStep::Consume;
        loop {
            let one = &mut self.consumers[consumer];
            if !one.runs()
                || one.application != Application::Waiting
                || matches!(one.life, super::Life::Paused { until } if until > cx.now())
            {
                return;
            }
            if self.settings.java && one.batch_left > 0 {
                // The records that poll() returned come before the next poll().
                one.batch_left -= 1;
                if !self.hand_over(consumer, cx) {
                    self.consumers[consumer].batch_left = 0;
                }
                continue;
            }
            self.polled(consumer, cx);
            let one = &mut self.consumers[consumer];
            if let Some(callback) = one.callback.take() {
                self.call_back(consumer, callback, cx);
            } else if one.closing {
                return self.close(consumer, cx);
            } else if one.join_at_poll {
                let cause = one.joined_by;
                self.join(consumer, cause, cx);
            } else if self.settings.java {
                let waiting = one.waiting();
                if waiting == 0 {
                    return;
                }
                let most = u64::from(self.settings.max_poll_records);
                let records = u32::try_from(waiting.min(most)).unwrap_or(u32::MAX);
                one.batch_left = records;
                let name = one.name.clone();
                cx.tell(
                    None,
                    GroupEvent::Polled {
                        consumer: name,
                        records,
                    },
                );
            } else if !self.hand_over(consumer, cx) {
                return;
            }
        }
    }

    /// Notes that the application called `Consume()` (or `poll()`, in which Java commits).
    fn polled(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let one = &mut self.consumers[consumer];
        one.last_poll = now;
        if std::mem::take(&mut one.overdue) {
            let process = self.process_of(consumer);
            let interval = self.settings.max_poll_interval;
            cx.queue.schedule(interval, Command::MaxPoll(process));
        }
        let one = &self.consumers[consumer];
        if self.settings.java
            && self.settings.auto_commit
            && one.phase == Phase::Steady
            && now >= one.next_auto_commit
        {
            self.consumers[consumer].next_auto_commit = now + self.settings.auto_commit_interval;
            self.commit_automatically(consumer, cx);
        }
    }

    /// Gives the application the next record. False if there is none.
    fn hand_over(&mut self, consumer: usize, cx: &mut Context<'_, '_>) -> bool {
        let Some((slot, offset)) = self.consumers[consumer].take() else {
            return false;
        };
        let process = self.process_of(consumer);
        let expected = self.partitions[slot].expected;
        if expected.is_some_and(|(who, next)| who == process && next != offset) {
            self.breach(cx.now(), Rule::InOrder, slot);
        }
        self.partitions[slot].expected = Some((process, offset + 1));
        self.partitions[slot].log.deliver(offset);
        let at = self.named(slot);
        let one = &mut self.consumers[consumer];
        one.received += 1;
        let member = one.id.clone().unwrap_or_else(|| MemberId::from(""));
        let cause = cx.story.tell(
            None,
            EventKind::RecordConsumed {
                group: self.group.clone(),
                member,
                topic: at.topic,
                partition: at.partition,
                offset: Offset(offset.cast_signed()),
            },
        );
        let java = self.settings.java;
        if let Some(reading) = self.consumers[consumer].reading_mut(slot) {
            reading.position = offset + 1;
        }
        if self.settings.auto_store && !java {
            self.store(consumer, slot, offset + 1, cause, cx);
        }
        self.handle(consumer, slot, offset, cause, cx);
        true
    }

    /// The handler begins with a record.
    fn handle(
        &mut self,
        consumer: usize,
        slot: Slot,
        offset: u64,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        match self.settings.handler {
            Handler::TaskPool | Handler::LowWaterMark => {
                if let Some(reading) = self.consumers[consumer].reading_mut(slot) {
                    reading.done.push_back(false);
                }
                self.consumers[consumer]
                    .pool
                    .push_back((slot, offset, cause));
                self.feed_pool(consumer, cx);
            }
            Handler::SyncBefore => {
                let one = &mut self.consumers[consumer];
                one.application = Application::CommitBefore { slot, offset };
                one.step = HandlerStep::Commit;
                // The record waits, in the hands of the application, for the commit.
                one.pool.push_back((slot, offset, cause));
                let offsets = vec![(slot, offset + 1)];
                self.commit(consumer, offsets, CommitReason::Sync, Some(cause), cx);
            }
            _ => {
                let one = &mut self.consumers[consumer];
                one.application = Application::Processing;
                one.step = HandlerStep::Process;
                self.begin_work(consumer, 0, (slot, offset), cause, cx);
            }
        }
    }

    fn begin_work(
        &mut self,
        consumer: usize,
        worker: usize,
        (slot, offset): (Slot, u64),
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let now = cx.now();
        let lasts = self.processing_time(consumer);
        let at = self.named(slot);
        let process = self.process_of(consumer);
        let one = &mut self.consumers[consumer];
        let event = GroupEvent::ProcessingBegan {
            consumer: one.name.clone(),
            topic: at.topic,
            partition: at.partition,
            offset: Offset(offset.cast_signed()),
            worker: u16::try_from(worker).unwrap_or(u16::MAX),
        };
        let cause = cx.tell(Some(cause), event);
        one.workers[worker] = Some(Work {
            slot,
            offset,
            since: now,
            until: now + lasts,
            cause,
        });
        let worker = u32::try_from(worker).unwrap_or(0);
        cx.queue
            .schedule(lasts, Command::Processed(process, worker));
    }

    /// Gives waiting records to idle workers.
    fn feed_pool(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        loop {
            let one = &mut self.consumers[consumer];
            let Some(worker) = one.workers.iter().position(Option::is_none) else {
                return;
            };
            let Some((slot, offset, cause)) = one.pool.pop_front() else {
                return;
            };
            self.begin_work(consumer, worker, (slot, offset), cause, cx);
        }
    }

    /// A worker has done its record, if it is due.
    pub(super) fn work_done(&mut self, consumer: usize, worker: usize, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let one = &mut self.consumers[consumer];
        let Some(work) = one.workers.get(worker).copied().flatten() else {
            return;
        };
        if work.until > now {
            return;
        }
        one.workers[worker] = None;
        one.processed += 1;
        let name = one.name.clone();
        let run = self.partitions[work.slot].log.finish(work.offset);
        let at = self.named(work.slot);
        let event = GroupEvent::ProcessingEnded {
            consumer: name,
            topic: at.topic,
            partition: at.partition,
            offset: Offset(work.offset.cast_signed()),
            run,
        };
        let cause = cx.tell(Some(work.cause), event);
        if self.settings.handler.pools() {
            if self.settings.handler == Handler::LowWaterMark {
                self.raise_low_water_mark(consumer, work, cause, cx);
            }
            return self.feed_pool(consumer, cx);
        }
        self.after_work(consumer, work, cause, cx);
    }

    /// What the handler does after processing, before it asks for the next record.
    fn after_work(
        &mut self,
        consumer: usize,
        work: Work,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let next = work.offset + 1;
        let offsets = || vec![(work.slot, next)];
        match self.settings.handler {
            Handler::StoreAfter if !self.settings.auto_store => {
                self.store(consumer, work.slot, next, cause, cx);
            }
            Handler::SyncAfter => {
                return self.commit_and_wait(consumer, offsets(), cause, cx);
            }
            Handler::AsyncAfter => {
                self.commit(consumer, offsets(), CommitReason::Async, Some(cause), cx);
            }
            Handler::Batch => {
                let one = &mut self.consumers[consumer];
                one.uncommitted += 1;
                if one.uncommitted >= self.settings.batch {
                    one.uncommitted = 0;
                    let all = one
                        .readings
                        .iter()
                        .filter(|reading| reading.committed != Some(reading.position))
                        .map(|reading| (reading.slot, reading.position))
                        .collect();
                    return self.commit_and_wait(consumer, all, cause, cx);
                }
            }
            _ => {}
        }
        self.consume(consumer, cx);
    }

    fn commit_and_wait(
        &mut self,
        consumer: usize,
        offsets: Vec<(Slot, u64)>,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        if !self.commit(consumer, offsets, CommitReason::Sync, Some(cause), cx) {
            return self.consume(consumer, cx);
        }
        let one = &mut self.consumers[consumer];
        one.application = Application::CommitAfter;
        one.step = HandlerStep::Commit;
    }

    /// `Commit()` returns, or throws: the handler goes on either way.
    pub(super) fn commit_returned(
        &mut self,
        consumer: usize,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        match self.consumers[consumer].application {
            Application::CommitBefore { slot, offset } => {
                let one = &mut self.consumers[consumer];
                one.pool.clear();
                one.application = Application::Processing;
                one.step = HandlerStep::Process;
                self.begin_work(consumer, 0, (slot, offset), cause, cx);
            }
            Application::CommitAfter => self.consume(consumer, cx),
            _ => {}
        }
    }

    /// Stores the offset that the next commit will write. Of a partition that is not assigned any more, it is refused
    /// (`Local_State`).
    fn store(
        &mut self,
        consumer: usize,
        slot: Slot,
        offset: u64,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let at = self.named(slot);
        let one = &mut self.consumers[consumer];
        let name = one.name.clone();
        let Some(reading) = one.reading_mut(slot) else {
            return;
        };
        reading.stored = Some(offset);
        let event = GroupEvent::OffsetStored {
            consumer: name,
            topic: at.topic,
            partition: at.partition,
            offset: Offset(offset.cast_signed()),
        };
        reading.stored_by = Some(cx.tell(Some(cause), event));
    }

    fn raise_low_water_mark(
        &mut self,
        consumer: usize,
        work: Work,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let Some(reading) = self.consumers[consumer].reading_mut(work.slot) else {
            return;
        };
        let Some(place) = work.offset.checked_sub(reading.low) else {
            return;
        };
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        if let Some(done) = reading.done.get_mut(place) {
            *done = true;
        }
        let before = reading.low;
        while reading.done.front() == Some(&true) {
            reading.done.pop_front();
            reading.low += 1;
        }
        let low = reading.low;
        if low > before && !self.settings.auto_store {
            self.store(consumer, work.slot, low, cause, cx);
        }
    }

    /// A handler of the application runs, inside `Consume()`.
    fn call_back(&mut self, consumer: usize, callback: Callback, cx: &mut Context<'_, '_>) {
        // Not before: a heartbeat that went meanwhile would say that it lacks what it is about to take.
        self.consumers[consumer].acknowledge |= self.settings.modern() && !callback.is_loss();
        match callback {
            Callback::Assign { slots, cause } => self.assigned(consumer, slots, cause, cx),
            Callback::Revoke {
                slots,
                lost,
                rejoin,
                cause,
            } => {
                let cause = self.give_up(consumer, slots, lost, CommitReason::Revoke, cause, cx);
                let one = &mut self.consumers[consumer];
                if let Some(slots) = one.assign_next.take() {
                    self.assigned(consumer, slots, cause, cx);
                }
                if self.consumers[consumer].closing {
                    return;
                }
                let modern = self.settings.modern();
                if !modern && rejoin || modern && lost {
                    self.join(consumer, cause, cx);
                }
            }
        }
        if self.settings.modern() && !self.consumers[consumer].closing {
            self.approach(consumer, cx);
        }
    }

    /// Partitions are given up, or were lost. librdkafka commits what is stored, Java what it has returned; not what is lost.
    pub(super) fn give_up(
        &mut self,
        consumer: usize,
        slots: Vec<Slot>,
        lost: bool,
        reason: CommitReason,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) -> Option<EventId> {
        if slots.is_empty() {
            return cause;
        }
        let one = &mut self.consumers[consumer];
        let member = one.id.clone().or_else(|| one.former.clone());
        let member = member.unwrap_or_else(|| MemberId::from(""));
        let partitions = self.all_named(&slots);
        let revoked = cx.story.tell(
            cause,
            EventKind::PartitionsRevoked {
                group: self.group.clone(),
                member,
                partitions,
                lost,
            },
        );
        if self.settings.auto_commit && !lost {
            let offsets = self.to_commit(consumer, Some(&slots));
            self.commit(consumer, offsets, reason, Some(revoked), cx);
        }
        for slot in &slots {
            if self.partitions[*slot].reader == Some(consumer) {
                self.partitions[*slot].reader = None;
            }
        }
        self.consumers[consumer].stop_reading(&slots);
        self.hold(consumer, &slots, HoldingKind::InTransit, cx.now());
        Some(revoked)
    }

    /// Partitions are assigned: the client asks where the group had got to.
    fn assigned(
        &mut self,
        consumer: usize,
        slots: Vec<Slot>,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let now = cx.now();
        let one = &mut self.consumers[consumer];
        let member = one.id.clone().unwrap_or_else(|| MemberId::from(""));
        let generation = one.generation;
        one.owned.extend(slots.iter().copied());
        one.owned.sort_unstable();
        let partitions = self.all_named(&slots);
        let cause = cx.story.tell(
            cause,
            EventKind::PartitionsAssigned {
                group: self.group.clone(),
                member,
                generation: Some(generation),
                partitions,
            },
        );
        self.watch_sharers(consumer, &slots, now);
        for slot in &slots {
            self.partitions[*slot]
                .history
                .hold(now, Some(consumer), HoldingKind::Owned);
        }
        if !slots.is_empty() {
            let ask = Ask::FetchOffsets { slots };
            self.send(
                consumer,
                Request::OffsetFetch,
                ask,
                Some(generation),
                Some(cause),
                cx,
            );
        }
    }

    /// The group's offsets are known: the client begins to fetch.
    pub(super) fn offsets_fetched(
        &mut self,
        consumer: usize,
        offsets: &[(Slot, Option<u64>)],
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let mut reset = false;
        for (slot, committed) in offsets.iter().copied() {
            if !self.consumers[consumer].owned.contains(&slot) {
                continue;
            }
            let (position, source) = match (committed, self.settings.earliest) {
                (Some(offset), _) => (offset, PositionSource::Committed),
                (None, true) => (0, PositionSource::Earliest),
                (None, false) => (self.partitions[slot].log.end(), PositionSource::Latest),
            };
            reset |= committed.is_none();
            let at = self.named(slot);
            let cause = cx.tell(
                Some(cause),
                GroupEvent::PositionSet {
                    consumer: self.consumers[consumer].name.clone(),
                    topic: at.topic,
                    partition: at.partition,
                    offset: Offset(position.cast_signed()),
                    source,
                },
            );
            if source == PositionSource::Latest {
                for lost in self.partitions[slot].log.reset_to(position) {
                    self.tell_lost(slot, lost, cause, cx);
                }
            }
            self.consumers[consumer].read(Reading {
                slot,
                position,
                fetched: None,
                stored: None,
                committed,
                low: position,
                done: VecDeque::new(),
                stored_by: None,
            });
            self.partitions[slot].expected = None;
        }
        let hops = if reset { 4 } else { 2 };
        let wait = Duration(self.settings.latency.0 * hops);
        let process = self.process_of(consumer);
        cx.queue.schedule(wait, Command::Fetched(process));
    }

    /// The first fetch is answered: what the log held a hop ago is there; what comes next follows as it is appended.
    pub(super) fn first_fetch(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        for index in 0..self.consumers[consumer].readings.len() {
            let reading = &self.consumers[consumer].readings[index];
            let (slot, from) = (reading.slot, reading.position);
            let one = &self.consumers[consumer];
            let paused = match &one.callback {
                Some(Callback::Revoke { slots, .. }) => slots.contains(&slot),
                _ => false,
            };
            if reading.fetched.is_some() || paused {
                continue;
            }
            let to = self.partitions[slot].visible.max(from);
            self.partitions[slot].reader = Some(consumer);
            let one = &mut self.consumers[consumer];
            one.readings[index].fetched = Some(to);
            one.fetch(slot, from, to);
        }
        if self.consumers[consumer].application == Application::Waiting {
            self.consume(consumer, cx);
        }
    }

    /// `Close()`: gives everything up, commits what is stored, leaves the group. A static member does not leave (classic).
    fn close(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let one = &mut self.consumers[consumer];
        one.application = Application::Closing;
        one.step = HandlerStep::Close;
        let cause = one.ended_by;
        let owned = one.owned.clone();
        let (member, is_static) = (one.member, one.instance.is_some());
        let cause = self.give_up(consumer, owned, false, CommitReason::Close, cause, cx);
        let modern = self.settings.modern();
        if let Some(member) = member.filter(|_| modern || !is_static) {
            let request = if modern {
                Request::ConsumerGroupHeartbeat
            } else {
                Request::LeaveGroup
            };
            let epoch = if is_static { -2 } else { -1 };
            self.send(
                consumer,
                request,
                Ask::Leave { member },
                Some(epoch),
                cause,
                cx,
            );
            self.consumers[consumer].close_waits += 1;
        }
        let one = &mut self.consumers[consumer];
        one.phase = Phase::Out;
        one.heartbeats += 1;
        if one.close_waits == 0 {
            self.closed(consumer, cause, cx);
        }
    }

    /// An answer that `Close()` waits for has come.
    pub(super) fn close_answered(
        &mut self,
        consumer: usize,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let one = &mut self.consumers[consumer];
        one.close_waits = one.close_waits.saturating_sub(1);
        if one.close_waits == 0 {
            self.closed(consumer, Some(cause), cx);
        }
    }
}

//! Between consumers and coordinator: requests leave, arrive, are answered; what the coordinator does becomes events.

use super::consumer::Consumer;
use super::coordinator::{Answer, Ask, Coordinator, Effect, Note, Slot, Timer};
use super::modern::Catalogue;
use super::network::{Content, Message};
use super::world::{Command, Context, TimerCommand};
use super::{GroupWorld, HoldingKind, Rule};
use crate::assignor;
use crate::event::{EventKind, GroupError, GroupEvent, Request, Target};
use crate::ids::{EventId, Offset};
use crate::time::Instant;

impl GroupWorld {
    /// A request leaves a consumer.
    pub(super) fn send(
        &mut self,
        consumer: usize,
        request: Request,
        ask: Ask,
        epoch: Option<i32>,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let epoch = epoch.unwrap_or(-1);
        let one = &self.consumers[consumer];
        let event = GroupEvent::RequestSent {
            consumer: one.name.clone(),
            request,
            epoch,
        };
        let cause = cx.tell(cause, event);
        let message = Message {
            consumer,
            incarnation: one.incarnation,
            request,
            epoch,
            content: Content::Ask(ask),
            reason: None,
            from: cx.now(),
            to: cx.now() + self.settings.latency,
            cause: Some(cause),
        };
        let number = self.network.put(message);
        cx.queue
            .schedule(self.settings.latency, Command::Deliver(number));
    }

    /// A message arrives.
    pub(super) fn deliver(&mut self, number: u32, cx: &mut Context<'_, '_>) {
        let Some(message) = self.network.take(number) else {
            return;
        };
        match message.content {
            Content::Ask(_) => self.at_coordinator(message, cx),
            Content::Answer { .. } => self.at_consumer(message, cx),
        }
    }

    fn at_coordinator(&mut self, message: Message, cx: &mut Context<'_, '_>) {
        let Content::Ask(ask) = message.content else {
            return;
        };
        let consumer = message.consumer;
        let (request, epoch) = (message.request, message.epoch);
        let event = GroupEvent::RequestReceived {
            consumer: self.consumers[consumer].name.clone(),
            request,
            epoch,
        };
        let cause = cx.tell(message.cause, event);
        self.consumers[consumer].heard_by = Some(cause);
        let back = Message {
            content: Content::Answer {
                error: None,
                answer: Answer::Nothing,
            },
            cause: Some(cause),
            ..message
        };
        match ask {
            Ask::FindCoordinator => self.answer(back, cx),
            Ask::FetchOffsets { slots } => {
                let offsets = slots
                    .into_iter()
                    .map(|slot| (slot, self.partitions[slot].log.committed))
                    .collect();
                let content = Content::Answer {
                    error: None,
                    answer: Answer::Offsets(offsets),
                };
                self.answer(Message { content, ..back }, cx);
            }
            Ask::Commit {
                member,
                epoch,
                offsets,
            } => {
                let error = self.coordinator.refuses(member, epoch);
                if error.is_none() {
                    self.write_offsets(&offsets, cause, cx);
                }
                let answer = Answer::Nothing;
                let content = Content::Answer { error, answer };
                self.answer(Message { content, ..back }, cx);
            }
            ask => self.ask_coordinator(consumer, ask, cause, cx),
        }
    }

    fn ask_coordinator(
        &mut self,
        consumer: usize,
        ask: Ask,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let now = cx.now();
        let mut effects = Vec::new();
        match &mut self.coordinator {
            Coordinator::Classic(classic) => {
                classic.ask(consumer, ask, now, &self.settings, &mut effects);
            }
            Coordinator::Modern(modern) => {
                let topics: Vec<assignor::Topic<'_>> = self
                    .topics
                    .iter()
                    .zip(&self.counts)
                    .map(|(name, partitions)| assignor::Topic {
                        name: name.as_str(),
                        partitions: *partitions,
                    })
                    .collect();
                let catalogue = Catalogue {
                    slots: &self.places,
                    topics: &topics,
                };
                modern.ask(
                    consumer,
                    ask,
                    now,
                    (&self.settings, catalogue),
                    &mut effects,
                );
            }
        }
        // Whoever gets or loses a partition is told of.
        let changed = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Note(_)));
        self.apply(effects, Some(cause), cx);
        if changed {
            self.watch_owners(now);
        }
    }

    pub(super) fn coordinator_timer(&mut self, timer: Timer, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let mut effects = Vec::new();
        match &mut self.coordinator {
            Coordinator::Classic(classic) => {
                classic.timer(timer, now, &self.settings, &mut effects);
            }
            Coordinator::Modern(modern) => modern.timer(timer, now, &mut effects),
        }
        // What a timer brings about follows from the rebalance that is under way, unless it tells itself why.
        self.apply(effects, self.rebalance_by, cx);
    }

    /// Tells what the coordinator did, and sends its answers. Each thing is caused by what it told before.
    pub(super) fn apply(
        &mut self,
        effects: Vec<Effect>,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let mut last = cause;
        for effect in effects {
            match effect {
                Effect::Timer(after, timer) => cx
                    .queue
                    .schedule(after, Command::Coordinator(TimerCommand(timer))),
                Effect::Note(note) => {
                    // A heartbeat only lets a member hear of a target that was there before.
                    let only_hears = last == cause && matches!(note, Note::Reconciled { .. });
                    let known = self.target_by.filter(|_| only_hears);
                    last = self.note(note, known.or(last), cx);
                }
                Effect::Reply {
                    consumer,
                    request,
                    epoch,
                    error,
                    answer,
                } => {
                    let message = Message {
                        consumer,
                        incarnation: self.consumers[consumer].incarnation,
                        request,
                        epoch,
                        content: Content::Answer { error, answer },
                        reason: None,
                        from: cx.now(),
                        to: cx.now(),
                        cause: self.reason(consumer, error).or(last),
                    };
                    self.answer(message, cx);
                }
            }
        }
    }

    /// Why the coordinator refuses, if something before the request explains it.
    fn reason(&self, consumer: usize, error: Option<GroupError>) -> Option<EventId> {
        match error? {
            GroupError::RebalanceInProgress | GroupError::IllegalGeneration => self.rebalance_by,
            GroupError::UnknownMemberId | GroupError::FencedMemberEpoch => {
                self.consumers[consumer].expelled_by
            }
            _ => None,
        }
    }

    fn answer(&mut self, mut message: Message, cx: &mut Context<'_, '_>) {
        message.from = cx.now();
        message.to = cx.now() + self.settings.latency;
        let number = self.network.put(message);
        cx.queue
            .schedule(self.settings.latency, Command::Deliver(number));
    }

    fn at_consumer(&mut self, message: Message, cx: &mut Context<'_, '_>) {
        let consumer = message.consumer;
        let one = &self.consumers[consumer];
        let Content::Answer { error, answer } = message.content else {
            return;
        };
        if !one.runs() || one.incarnation != message.incarnation {
            return;
        }
        if let Some(reason) = message.reason {
            return self.commit_answered(consumer, reason, error, message.cause, cx);
        }
        let event = GroupEvent::ResponseReceived {
            consumer: one.name.clone(),
            request: message.request,
            epoch: message.epoch,
            error,
        };
        let cause = cx.tell(message.cause, event);
        self.answered(consumer, message.request, (error, answer), cause, cx);
    }

    /// The coordinator writes committed offsets.
    fn write_offsets(&mut self, offsets: &[(Slot, u64)], cause: EventId, cx: &mut Context<'_, '_>) {
        for (slot, offset) in offsets.iter().copied() {
            if offset > self.partitions[slot].log.end() {
                self.breach(cx.now(), Rule::CommittedWithinLog, slot);
            }
            let at = self.named(slot);
            let cause = cx.story.tell(
                Some(cause),
                EventKind::OffsetCommitted {
                    group: self.group.clone(),
                    topic: at.topic,
                    partition: at.partition,
                    offset: Offset(offset.cast_signed()),
                },
            );
            for lost in self.partitions[slot].log.commit(offset) {
                self.tell_lost(slot, lost, cause, cx);
            }
        }
    }

    /// Tells one thing that the coordinator did. Gives what the next is caused by.
    #[allow(clippy::too_many_lines)] // One arm for each thing there is to tell.
    fn note(
        &mut self,
        note: Note,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) -> Option<EventId> {
        let name = |consumer: usize| self.consumers[consumer].name.clone();
        let now = cx.now();
        let (cause, event) = match note {
            Note::State(from, to) => {
                // The state follows from what was told; what comes next does not follow from it.
                cx.tell(cause, GroupEvent::StateChanged { from, to });
                return cause;
            }
            Note::MemberJoined(_, member) => {
                let group = self.group.clone();
                let kind = EventKind::MemberJoined { group, member };
                return Some(cx.story.tell(cause, kind));
            }
            Note::MemberLeft(consumer, member) => {
                let group = self.group.clone();
                let kind = EventKind::MemberLeft { group, member };
                let left = Some(cx.story.tell(cause, kind));
                self.consumers[consumer].expelled_by = left;
                return left;
            }
            Note::Prepared {
                generation,
                reason,
                consumer,
                after,
            } => (
                cause,
                GroupEvent::RebalancePrepared {
                    generation,
                    reason,
                    consumer: consumer.map(name),
                    until: now + after,
                },
            ),
            Note::DelayExtended(after) => (
                cause,
                GroupEvent::InitialDelayExtended { until: now + after },
            ),
            Note::Generation {
                generation,
                members,
                leader,
            } => (
                cause,
                GroupEvent::GenerationBegan {
                    generation,
                    members: members.into_iter().map(name).collect(),
                    leader: leader.map(name),
                },
            ),
            Note::Completed(generation, took) => {
                (cause, GroupEvent::RebalanceCompleted { generation, took })
            }
            Note::SessionExpired(consumer, last) => {
                let one = &self.consumers[consumer];
                let cause = if one.runs() {
                    one.paused_by.or(one.heard_by)
                } else {
                    one.ended_by.or(one.heard_by)
                };
                let consumer = one.name.clone();
                (cause, GroupEvent::SessionExpired { consumer, last })
            }
            Note::TimedOut(consumer) => {
                let event = GroupEvent::RebalanceTimedOut {
                    consumer: name(consumer),
                };
                (cause, event)
            }
            Note::Expelled(consumer, _) => {
                self.release(consumer, cx);
                return cause;
            }
            Note::EpochBumped {
                epoch,
                reason,
                consumer,
            } => (
                cause,
                GroupEvent::GroupEpochBumped {
                    epoch,
                    reason,
                    consumer: consumer.map(name),
                },
            ),
            Note::Target(epoch, targets) => (
                self.rebalance_by.or(cause),
                GroupEvent::TargetComputed {
                    epoch,
                    by: None,
                    assignor: self.settings.assignor_name,
                    targets: targets
                        .into_iter()
                        .map(|(consumer, slots)| Target {
                            consumer: name(consumer),
                            partitions: self.all_named(&slots),
                        })
                        .collect(),
                },
            ),
            Note::Reconciled {
                consumer,
                epoch,
                state,
                assigned,
                revoking,
            } => (
                cause,
                GroupEvent::MemberReconciled {
                    consumer: name(consumer),
                    epoch,
                    state,
                    assigned: self.all_named(&assigned),
                    pending_revocation: self.all_named(&revoking),
                },
            ),
        };
        let begins = matches!(
            event,
            GroupEvent::RebalancePrepared { .. } | GroupEvent::GroupEpochBumped { .. }
        );
        let target = matches!(event, GroupEvent::TargetComputed { .. });
        let told = Some(cx.tell(cause, event));
        if begins {
            self.rebalance_by = told;
        }
        if target {
            self.target_by = told;
        }
        told
    }

    /// The group knows now that nobody answers for what the consumer held.
    fn release(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        for partition in &mut self.partitions {
            let holding = partition.history.now();
            if holding.consumer == Some(consumer)
                && matches!(holding.kind, HoldingKind::Orphaned | HoldingKind::Frozen)
                && !self.consumers[consumer].runs()
            {
                partition
                    .history
                    .change(now, consumer, HoldingKind::InTransit);
            }
        }
    }

    /// What an application was just assigned, no other application owns in the group's present generation or epoch. A
    /// member that slept through its session may hear late of an assignment of an older one: until it is told that it is
    /// out, it reads what another one owns by now, in Kafka too.
    pub(super) fn watch_sharers(&mut self, consumer: usize, slots: &[Slot], now: Instant) {
        let is_present = |one: &Consumer| {
            one.member.is_some()
                && self
                    .coordinator
                    .refuses(one.member, one.generation)
                    .is_none()
        };
        if !is_present(&self.consumers[consumer]) {
            return;
        }
        let owns = |other: &Consumer, slot: &Slot| {
            other.runs() && other.owned.contains(slot) && is_present(other)
        };
        let shared = slots.iter().find(|slot| {
            let mut others = self.consumers.iter().enumerate();
            others.any(|(place, other)| place != consumer && owns(other, slot))
        });
        if let Some(slot) = shared {
            self.breach(now, Rule::OneOwner, *slot);
        }
    }

    /// By the coordinator's books, nobody shares a partition.
    fn watch_owners(&mut self, now: Instant) {
        let mut owner: Vec<bool> = vec![false; self.partitions.len()];
        let mut shared: Option<Slot> = None;
        for entry in self.coordinator.entries() {
            for slot in entry.assigned.iter().chain(entry.revoking) {
                if std::mem::replace(&mut owner[*slot], true) {
                    shared = Some(*slot);
                }
            }
        }
        if let Some(slot) = shared {
            self.breach(now, Rule::OneOwner, slot);
        }
    }
}

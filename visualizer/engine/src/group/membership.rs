//! A consumer's membership, as its client's background thread conducts it: joins, heartbeats, and what the answers entail.

use super::classic;
use super::consumer::{Application, Callback, Phase};
use super::coordinator::{Answer, Ask, Coordinator, MemberNumber, Slot};
use super::world::{Command, Context};
use super::{Ending, GroupWorld, HoldingKind, Protocol};
use crate::assignor;
use crate::event::{GroupError, GroupEvent, Request, Target};
use crate::ids::{EventId, MemberId};
use crate::time::Duration;

/// How long a client waits before it joins again after a refusal.
const JOIN_BACKOFF: Duration = Duration(1_000_000);

impl GroupWorld {
    fn modern(&self) -> bool {
        self.settings.protocol == Protocol::Consumer
    }

    /// Sends a `JoinGroup`, or the first heartbeat of KIP-848.
    pub(super) fn join(
        &mut self,
        consumer: usize,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let drawn = self.chance.next_u64();
        let modern = self.modern();
        let one = &mut self.consumers[consumer];
        let prefix = one.instance.as_deref().unwrap_or(one.name.as_str());
        let id = MemberId::from(member_id(prefix, drawn).as_str());
        one.phase = Phase::Joining;
        one.join_at_poll = false;
        one.heartbeats += 1;
        let cooperative = self.settings.cooperative;
        let (owned, generation) = if cooperative {
            (one.owned.clone(), one.owned_generation)
        } else if self.settings.assignor == assignor::Assignor::JavaSticky {
            one.remembered.clone()
        } else {
            (Vec::new(), one.owned_generation)
        };
        let ask = Ask::Join {
            member: one.member.filter(|_| !modern),
            id: match (&one.id, modern) {
                (Some(id), true) => id.clone(),
                _ => id,
            },
            instance: one.instance.clone(),
            topics: one.topics.clone(),
            owned,
            generation,
        };
        if let (true, Ask::Join { id, .. }) = (modern, &ask) {
            one.id = Some(id.clone());
        }
        let (request, epoch) = if modern {
            (Request::ConsumerGroupHeartbeat, 0)
        } else {
            (Request::JoinGroup, one.generation)
        };
        self.send(consumer, request, ask, Some(epoch), cause, cx);
    }

    /// A heartbeat is due, if its number says so.
    pub(super) fn heartbeat_due(&mut self, consumer: usize, number: u32, cx: &mut Context<'_, '_>) {
        let one = &self.consumers[consumer];
        if number != one.heartbeats || one.phase != Phase::Steady {
            return;
        }
        self.heartbeat(consumer, None, cx);
    }

    /// Sends a heartbeat, and plans the next one.
    fn heartbeat(&mut self, consumer: usize, cause: Option<EventId>, cx: &mut Context<'_, '_>) {
        let one = &mut self.consumers[consumer];
        let Some(member) = one.member else {
            return;
        };
        let epoch = one.generation;
        let (request, ask) = if self.settings.protocol == Protocol::Consumer {
            let owned = std::mem::take(&mut one.acknowledge).then(|| one.owned.clone());
            let ask = Ask::Report {
                member,
                epoch,
                owned,
            };
            (Request::ConsumerGroupHeartbeat, ask)
        } else {
            let ask = Ask::Heartbeat {
                member,
                generation: epoch,
            };
            (Request::Heartbeat, ask)
        };
        self.send(consumer, request, ask, Some(epoch), cause, cx);
        self.plan_heartbeat(consumer, cx);
    }

    fn plan_heartbeat(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let process = self.process_of(consumer);
        let one = &mut self.consumers[consumer];
        one.heartbeats += 1;
        one.next_heartbeat = cx.now() + self.settings.heartbeat;
        let command = Command::Heartbeat(process, one.heartbeats);
        cx.queue.schedule(self.settings.heartbeat, command);
    }

    /// An answer reached the consumer.
    pub(super) fn answered(
        &mut self,
        consumer: usize,
        request: Request,
        (error, answer): (Option<GroupError>, Answer),
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        if error.is_none() || error == Some(GroupError::RebalanceInProgress) {
            self.consumers[consumer].answered_at = cx.now();
        }
        if self.consumers[consumer].application == Application::Closing {
            if matches!(
                request,
                Request::LeaveGroup | Request::ConsumerGroupHeartbeat
            ) {
                self.close_answered(consumer, cause, cx);
            }
            return;
        }
        // An answer to a join that has been given up meanwhile is dropped, as both clients do.
        match (request, self.consumers[consumer].phase) {
            (Request::JoinGroup, Phase::Joining) | (Request::SyncGroup, Phase::Syncing) => {}
            (Request::JoinGroup | Request::SyncGroup, _) => return,
            _ => {}
        }
        match (request, answer) {
            (Request::FindCoordinator, _) => self.join(consumer, Some(cause), cx),
            (Request::JoinGroup, answer) => {
                self.join_answered(consumer, error, answer, cause, cx);
            }
            (Request::SyncGroup, answer) => {
                self.sync_answered(consumer, error, answer, cause, cx);
            }
            (Request::Heartbeat, _) => self.heartbeat_answered(consumer, error, cause, cx),
            (Request::ConsumerGroupHeartbeat, answer) => {
                self.epoch_answered(consumer, error, answer, cause, cx);
            }
            (Request::OffsetFetch, Answer::Offsets(offsets)) => {
                self.offsets_fetched(consumer, &offsets, cause, cx);
            }
            _ => {}
        }
    }

    fn join_answered(
        &mut self,
        consumer: usize,
        error: Option<GroupError>,
        answer: Answer,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let Answer::Joined {
            member,
            generation,
            leader,
        } = answer
        else {
            return self.join_refused(consumer, error, cause, cx);
        };
        self.consumers[consumer].member = Some(member);
        if error == Some(GroupError::MemberIdRequired) {
            return self.join(consumer, Some(cause), cx);
        }
        self.consumers[consumer].id = self.member_id_of(member);
        self.consumers[consumer].generation = generation;
        self.consumers[consumer].phase = Phase::Syncing;
        let (assignment, cause) = if leader {
            let (assignment, cause) = self.assign_as_leader(consumer, generation, cause, cx);
            (Some(assignment), cause)
        } else {
            (None, cause)
        };
        let ask = Ask::Sync {
            member,
            generation,
            assignment,
        };
        self.send(
            consumer,
            Request::SyncGroup,
            ask,
            Some(generation),
            Some(cause),
            cx,
        );
    }

    fn leads(&self, consumer: usize) -> bool {
        let one = &self.consumers[consumer];
        match &self.coordinator {
            Coordinator::Classic(classic) => {
                one.callback.is_none() && one.member.is_some() && one.member == classic.leader
            }
            Coordinator::Modern(_) => false,
        }
    }

    fn join_refused(
        &mut self,
        consumer: usize,
        error: Option<GroupError>,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        if error == Some(GroupError::FencedInstanceId) {
            return self.fenced(consumer, cause, cx);
        }
        if !self.consumers[consumer].owned.is_empty() {
            // Under the cooperative protocol it joined with what it owns. It is no member any more: that is lost (KAFKA-12983).
            return self.lose_all(consumer, Some(cause), cx);
        }
        self.consumers[consumer].forget_membership();
        self.consumers[consumer].phase = Phase::Joining;
        let process = self.process_of(consumer);
        cx.queue.schedule(JOIN_BACKOFF, Command::Join(process));
    }

    fn member_id_of(&self, number: MemberNumber) -> Option<MemberId> {
        match &self.coordinator {
            Coordinator::Classic(classic) => classic
                .members
                .iter()
                .find(|member| member.number == number)
                .map(|member| member.id.clone()),
            Coordinator::Modern(_) => None,
        }
    }

    /// The leader computes the assignment of the members that the answer to its `JoinGroup` lists.
    fn assign_as_leader(
        &mut self,
        consumer: usize,
        generation: i32,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) -> (Vec<(MemberNumber, Vec<Slot>)>, EventId) {
        let Coordinator::Classic(coordinator) = &self.coordinator else {
            return (Vec::new(), cause);
        };
        self.assigned_counts.clone_from(&self.counts);
        let members = &coordinator.members;
        let computed = self.compute(members);
        let assignment: Vec<(MemberNumber, Vec<Slot>)> = members
            .iter()
            .zip(&computed)
            .map(|(member, slots)| (member.number, slots.clone()))
            .collect();
        let targets = members
            .iter()
            .zip(&computed)
            .map(|(member, slots)| Target {
                consumer: self.consumers[member.consumer].name.clone(),
                partitions: self.all_named(slots),
            })
            .collect();
        let cause = cx.tell(
            Some(cause),
            GroupEvent::TargetComputed {
                epoch: generation,
                by: Some(self.consumers[consumer].name.clone()),
                assignor: self.settings.assignor_name,
                targets,
            },
        );
        (assignment, cause)
    }

    fn compute(&self, members: &[classic::Member]) -> Vec<Vec<Slot>> {
        let topics = self.assignor_topics();
        let owned: Vec<Vec<assignor::TopicPartition>> = members
            .iter()
            .map(|member| {
                let slots = member.owned.iter();
                slots.map(|slot| self.places[*slot]).collect()
            })
            .collect();
        let list: Vec<assignor::Member<'_>> = members
            .iter()
            .zip(&owned)
            .map(|(member, owned)| assignor::Member {
                id: member.id.as_str(),
                instance_id: member.instance.as_deref(),
                topics: &member.topics,
                owned,
                generation: member.owned_generation,
            })
            .collect();
        assignor::assign(self.settings.assignor, &topics, &list)
            .into_iter()
            .map(|partitions| {
                let mut slots: Vec<Slot> = partitions
                    .into_iter()
                    .filter_map(|at| self.slot(at))
                    .collect();
                slots.sort_unstable();
                slots
            })
            .collect()
    }

    pub(super) fn assignor_topics(&self) -> Vec<assignor::Topic<'_>> {
        self.topics
            .iter()
            .zip(&self.counts)
            .map(|(name, partitions)| assignor::Topic {
                name: name.as_str(),
                partitions: *partitions,
            })
            .collect()
    }

    fn sync_answered(
        &mut self,
        consumer: usize,
        error: Option<GroupError>,
        answer: Answer,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        let Answer::Assigned { generation, slots } = answer else {
            return match error {
                Some(GroupError::RebalanceInProgress) => self.join(consumer, Some(cause), cx),
                _ => self.join_refused(consumer, error, cause, cx),
            };
        };
        let one = &mut self.consumers[consumer];
        one.phase = Phase::Steady;
        one.generation = generation;
        one.owned_generation = generation;
        one.remembered = (slots.clone(), generation);
        self.plan_heartbeat(consumer, cx);
        let cause = Some(cause);
        if self.settings.cooperative {
            let owned = &self.consumers[consumer].owned;
            let gained: Vec<Slot> = without(&slots, owned);
            let given: Vec<Slot> = without(owned, &slots);
            if given.is_empty() {
                let callback = Callback::Assign {
                    slots: gained,
                    cause,
                };
                self.call(consumer, callback, cx);
            } else {
                // Told even if there is nothing to gain, by both clients.
                self.consumers[consumer].assign_next = Some(gained);
                self.revoke(consumer, given, false, true, cause, cx);
            }
        } else {
            self.call(consumer, Callback::Assign { slots, cause }, cx);
        }
    }

    fn heartbeat_answered(
        &mut self,
        consumer: usize,
        error: Option<GroupError>,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        if self.consumers[consumer].phase != Phase::Steady {
            return;
        }
        let Some(error) = error else {
            // The leader may have noticed during a rebalance that a topic grew.
            if self.assigned_counts != self.counts && self.leads(consumer) {
                self.rejoin(consumer, cause, cx);
            }
            return;
        };
        match error {
            GroupError::RebalanceInProgress if self.consumers[consumer].callback.is_none() => {
                self.rejoin(consumer, cause, cx);
            }
            GroupError::UnknownMemberId => self.lose_all(consumer, Some(cause), cx),
            GroupError::IllegalGeneration => {
                self.consumers[consumer].generation = -1;
                self.lose_all(consumer, Some(cause), cx);
            }
            GroupError::FencedInstanceId => self.fenced(consumer, cause, cx),
            _ => {}
        }
    }

    /// The group rebalances: give everything up and join again (eager), or join again with what is owned (cooperative).
    pub(super) fn rejoin(&mut self, consumer: usize, cause: EventId, cx: &mut Context<'_, '_>) {
        let one = &mut self.consumers[consumer];
        let cooperative = self.settings.cooperative;
        if cooperative || one.owned.is_empty() {
            // librdkafka's thread joins at once; Java joins inside poll().
            if self.settings.java && one.application != Application::Waiting {
                one.join_at_poll = true;
                one.joined_by = Some(cause);
            } else {
                self.join(consumer, Some(cause), cx);
            }
        } else {
            let owned = one.owned.clone();
            self.revoke(consumer, owned, false, true, Some(cause), cx);
        }
    }

    /// The member is none any more: what it owned is lost, and it must join anew.
    pub(super) fn lose_all(
        &mut self,
        consumer: usize,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let one = &mut self.consumers[consumer];
        one.forget_membership();
        one.target = None;
        one.assign_next = None;
        one.owned_generation = -1;
        let owned = one.owned.clone();
        if let Some(Callback::Revoke {
            rejoin: true,
            slots,
            ..
        }) = &one.callback
            && slots.len() == owned.len()
            && self.settings.protocol == Protocol::Classic
        {
            // Already told to give everything up and join again.
            return;
        }
        self.revoke(consumer, owned, true, true, cause, cx);
    }

    fn revoke(
        &mut self,
        consumer: usize,
        slots: Vec<Slot>,
        lost: bool,
        rejoin: bool,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
        let kind = if lost {
            HoldingKind::Orphaned
        } else {
            HoldingKind::Revoking
        };
        self.hold(consumer, &slots, kind, cx.now());
        // Partitions are paused until the application's thread has given them up.
        for slot in &slots {
            if self.partitions[*slot].reader == Some(consumer) {
                self.partitions[*slot].reader = None;
            }
        }
        self.consumers[consumer]
            .fetched
            .retain(|chunk| !slots.contains(&chunk.slot));
        let callback = Callback::Revoke {
            slots,
            lost,
            rejoin,
            cause,
        };
        self.call(consumer, callback, cx);
    }

    /// Leaves a callback for the application's thread, which does it at once if it waits in `Consume()`.
    fn call(&mut self, consumer: usize, callback: Callback, cx: &mut Context<'_, '_>) {
        let one = &mut self.consumers[consumer];
        one.callback = Some(callback);
        if one.application == Application::Waiting {
            self.consume(consumer, cx);
        }
    }

    fn fenced(&mut self, consumer: usize, cause: EventId, cx: &mut Context<'_, '_>) {
        let name = self.consumers[consumer].name.clone();
        let cause = cx.tell(Some(cause), GroupEvent::ConsumerFenced { consumer: name });
        self.end(consumer, Ending::Fenced, cause, cx);
    }

    fn epoch_answered(
        &mut self,
        consumer: usize,
        error: Option<GroupError>,
        answer: Answer,
        cause: EventId,
        cx: &mut Context<'_, '_>,
    ) {
        match error {
            Some(GroupError::UnreleasedInstanceId) => return self.fenced(consumer, cause, cx),
            Some(_) if self.consumers[consumer].phase == Phase::Steady => {
                return self.lose_all(consumer, Some(cause), cx);
            }
            Some(_) => return self.join_refused(consumer, error, cause, cx),
            None => {}
        }
        let Answer::Epoch {
            member,
            epoch,
            slots,
        } = answer
        else {
            return;
        };
        let one = &mut self.consumers[consumer];
        if one.phase == Phase::Out {
            // Left meanwhile.
            return;
        }
        one.member = Some(member);
        one.generation = epoch;
        one.owned_generation = epoch;
        one.joined_by = Some(cause);
        if one.phase == Phase::Joining {
            one.phase = Phase::Steady;
            self.plan_heartbeat(consumer, cx);
        }
        if let Some(slots) = slots {
            self.consumers[consumer].target = Some(slots);
            self.approach(consumer, cx);
        }
    }

    /// Goes on towards what the coordinator says the consumer may own: gives up first, then takes, then says so (KIP-848).
    pub(super) fn approach(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let one = &mut self.consumers[consumer];
        let (Some(target), None) = (&one.target, &one.callback) else {
            return;
        };
        let given = without(&one.owned, target);
        let gained = without(target, &one.owned);
        let cause = one.joined_by;
        if !given.is_empty() {
            // Told though there is nothing to gain yet; what there is to gain is looked at anew afterwards.
            one.assign_next = Some(Vec::new());
            self.revoke(consumer, given, false, false, cause, cx);
        } else if !gained.is_empty() {
            let callback = Callback::Assign {
                slots: gained,
                cause,
            };
            self.call(consumer, callback, cx);
        } else {
            one.target = None;
            if one.acknowledge && one.phase == Phase::Steady {
                self.heartbeat(consumer, cause, cx);
            }
        }
    }

    /// `max.poll.interval.ms` may have passed without a call of `Consume()`.
    pub(super) fn max_poll_due(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let interval = self.settings.max_poll_interval;
        let process = self.process_of(consumer);
        let one = &mut self.consumers[consumer];
        let polling = matches!(one.application, Application::Waiting | Application::Closing);
        let due = if polling {
            now + interval
        } else {
            one.last_poll + interval
        };
        if due > now {
            cx.queue.schedule(due - now, Command::MaxPoll(process));
            return;
        }
        one.overdue = true;
        let Some(member) = one.member else {
            return;
        };
        let cause = cx.tell(
            None,
            GroupEvent::MaxPollExceeded {
                consumer: one.name.clone(),
                last_poll: one.last_poll,
            },
        );
        let epoch = if one.instance.is_some() { -2 } else { -1 };
        if self.modern() {
            let request = Request::ConsumerGroupHeartbeat;
            self.send(
                consumer,
                request,
                Ask::Leave { member },
                Some(epoch),
                Some(cause),
                cx,
            );
        } else if self.consumers[consumer].instance.is_none() {
            let request = Request::LeaveGroup;
            self.send(
                consumer,
                request,
                Ask::Leave { member },
                Some(epoch),
                Some(cause),
                cx,
            );
        }
        self.lose_all(consumer, Some(cause), cx);
    }

    /// A topic grew: the classic leader joins again, the coordinator of KIP-848 sees it by itself.
    pub(super) fn partitions_added(&mut self, cause: EventId, cx: &mut Context<'_, '_>) {
        let leader = match &mut self.coordinator {
            Coordinator::Modern(modern) => {
                let mut effects = Vec::new();
                modern.grew(cx.now(), &mut effects);
                return self.apply(effects, Some(cause), cx);
            }
            Coordinator::Classic(classic) => classic
                .members
                .iter()
                .find(|member| Some(member.number) == classic.leader)
                .map(|member| member.consumer),
        };
        if let Some(leader) = leader
            && self.consumers[leader].phase == Phase::Steady
            && self.consumers[leader].callback.is_none()
        {
            self.rejoin(leader, cause, cx);
        }
    }
}

/// Those of `slots` that are not in `others`, in order.
fn without(slots: &[Slot], others: &[Slot]) -> Vec<Slot> {
    let mut rest: Vec<Slot> = slots
        .iter()
        .copied()
        .filter(|slot| !others.contains(slot))
        .collect();
    rest.sort_unstable();
    rest
}

/// A member id as clients and coordinators make them: a name, a dash and a UUID.
fn member_id(prefix: &str, drawn: u64) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut id = String::with_capacity(prefix.len() + 37);
    id.push_str(prefix);
    id.push('-');
    let mut bits = drawn;
    for place in 0..32 {
        if matches!(place, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        // The second half repeats the first one mixed: 64 random bits tell members apart.
        if place == 16 {
            bits = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        id.push(char::from(HEX[(bits & 15) as usize]));
        bits >>= 4;
    }
    id
}

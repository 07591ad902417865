//! A consumer's membership, as its client's background thread conducts it: joins, heartbeats, and what the answers entail.

use super::consumer::{Application, Callback, Phase};
use super::coordinator::{Answer, Ask, Coordinator, Slot};
use super::world::{Command, Context};
use super::{Ending, GroupWorld, HoldingKind, Protocol};
use crate::assignor;
use crate::event::{GroupError, GroupEvent, Request};
use crate::ids::{EventId, MemberId};

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
    pub(super) fn heartbeat(
        &mut self,
        consumer: usize,
        cause: Option<EventId>,
        cx: &mut Context<'_, '_>,
    ) {
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

    pub(super) fn plan_heartbeat(&mut self, consumer: usize, cx: &mut Context<'_, '_>) {
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

    pub(super) fn revoke(
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
    pub(super) fn call(&mut self, consumer: usize, callback: Callback, cx: &mut Context<'_, '_>) {
        let one = &mut self.consumers[consumer];
        one.callback = Some(callback);
        if one.application == Application::Waiting {
            self.consume(consumer, cx);
        }
    }

    pub(super) fn fenced(&mut self, consumer: usize, cause: EventId, cx: &mut Context<'_, '_>) {
        let name = self.consumers[consumer].name.clone();
        let cause = cx.tell(Some(cause), GroupEvent::ConsumerFenced { consumer: name });
        self.end(consumer, Ending::Fenced, cause, cx);
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
pub(super) fn without(slots: &[Slot], others: &[Slot]) -> Vec<Slot> {
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

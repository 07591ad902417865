//! How a client goes through a rebalance of the classic protocol: its answers, and what the leader computes.

use super::GroupWorld;
use super::classic;
use super::consumer::{Application, Callback, Phase};
use super::coordinator::{Answer, Ask, Coordinator, MemberNumber, Slot};
use super::membership::without;
use super::world::{Command, Context};
use crate::assignor;
use crate::event::{GroupError, GroupEvent, Request, Target};
use crate::ids::{EventId, MemberId};
use crate::time::Duration;

/// How long a client waits before it joins again after a refusal.
const JOIN_BACKOFF: Duration = Duration(1_000_000);

impl GroupWorld {
    pub(super) fn join_answered(
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

    pub(super) fn join_refused(
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

    pub(super) fn sync_answered(
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

    pub(super) fn heartbeat_answered(
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
}

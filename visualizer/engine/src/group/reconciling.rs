//! How a client goes from what it owns to what it may own (KIP-848).

use super::GroupWorld;
use super::consumer::{Callback, Phase};
use super::coordinator::Answer;
use super::membership::without;
use super::world::Context;
use crate::event::GroupError;
use crate::ids::EventId;

impl GroupWorld {
    pub(super) fn epoch_answered(
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
}

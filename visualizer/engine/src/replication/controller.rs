//! What the controller decides for a partition: leader, epoch, in-sync and eligible leader replicas.
//!
//! A transcription of Kafka 4.3's `PartitionChangeBuilder`, with eligible leader replicas (KIP-966) on, as in every cluster
//! created since 4.1. With them the ISR may become empty: the last replicas to leave it wait in the ELR.

use super::broker_set::BrokerSet;
use crate::event::Election;

/// A partition as the controller's log has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Registration {
    /// Its replicas, in the order in which a leader is chosen among them.
    pub(super) replicas: Vec<usize>,
    pub(super) leader: Option<usize>,
    /// Begins anew with each leader.
    pub(super) epoch: i32,
    /// Grows with each change: the partition epoch.
    pub(super) version: u32,
    pub(super) isr: BrokerSet,
    /// Replicas that left the ISR while it was smaller than `min.insync.replicas`: they have every committed record.
    pub(super) elr: BrokerSet,
    /// The last leader, while there is none.
    pub(super) last_leader: Option<usize>,
}

/// What is asked of the controller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    /// The in-sync replicas from now on, unless an election says otherwise.
    pub(super) isr: BrokerSet,
    /// A broker that came back from an unclean shutdown.
    pub(super) unclean_shutdown: Option<usize>,
    pub(super) rule: Rule,
    /// The brokers that may lead.
    pub(super) active: BrokerSet,
    /// `min.insync.replicas`, at most the number of replicas.
    pub(super) min_isr: usize,
}

/// Who may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A replica that has every committed record.
    Online,
    /// If there is none, any replica.
    Unclean,
    /// The first replica, if it is in sync, even if there is a leader.
    Preferred,
}

impl Registration {
    /// A new partition: its first replica leads, all are in sync.
    pub(super) fn new(replicas: Vec<usize>) -> Self {
        Self {
            leader: replicas.first().copied(),
            epoch: 0,
            version: 0,
            isr: replicas
                .iter()
                .fold(BrokerSet::default(), |set, broker| set.with(*broker)),
            elr: BrokerSet::default(),
            last_leader: None,
            replicas,
        }
    }

    /// What the partition becomes, and by which rule its leader was chosen if it has a new one; `None` if nothing changes.
    pub(super) fn change(&self, change: &Change) -> Option<(Self, Option<Election>)> {
        let mut next = self.clone();
        next.isr = change.isr;
        next.elr = self.next_elr(change);
        let elected = next.elect(change, self.last_leader);
        next.leader = elected.map(|(leader, _)| leader);
        let mut election = None;
        if next.leader != self.leader {
            next.epoch += 1;
            election = elected.map(|(_, election)| election);
        }
        match election {
            Some(Election::Eligible) => {
                let leader = next.leader.unwrap_or_default();
                next.isr = BrokerSet::of(leader);
                next.elr = next.elr.without(leader);
            }
            Some(Election::Unclean | Election::LastKnown) => {
                next.isr = BrokerSet::of(next.leader.unwrap_or_default());
                next.elr = BrokerSet::default();
            }
            _ => {}
        }
        next.last_leader = match next.leader {
            None => self.last_leader.or(self.leader),
            Some(_) if election.is_some() => None,
            Some(_) => self.last_leader,
        };
        if next == *self {
            return None;
        }
        next.version += 1;
        Some((next, election))
    }

    fn next_elr(&self, change: &Change) -> BrokerSet {
        if change.isr.len() >= change.min_isr {
            return BrokerSet::default();
        }
        let kept = self.elr.and(self.isr).minus(change.isr);
        change
            .unclean_shutdown
            .map_or(kept, |broker| kept.without(broker))
    }

    /// Who leads from now on, and why.
    fn elect(&self, change: &Change, last_leader: Option<usize>) -> Option<(usize, Election)> {
        let valid = |broker: &usize| {
            change.active.has(*broker)
                && (self.isr.has(*broker) || self.isr.is_empty() && self.elr.has(*broker))
        };
        let how = if self.isr.is_empty() {
            Election::Eligible
        } else {
            Election::InSync
        };
        let preferred = self.replicas.first().copied();
        if change.rule == Rule::Preferred
            && let Some(leader) = preferred.filter(valid)
        {
            return Some((leader, Election::Preferred));
        }
        let clean = self
            .leader
            .filter(valid)
            .or_else(|| self.replicas.iter().copied().find(valid));
        if let Some(leader) = clean {
            return Some((leader, how));
        }
        let active = |broker: &usize| change.active.has(*broker);
        if self.isr.is_empty()
            && self.elr.is_empty()
            && let Some(leader) = last_leader.filter(active)
        {
            return Some((leader, Election::LastKnown));
        }
        let any = self.replicas.iter().copied().find(active);
        any.filter(|_| change.rule == Rule::Unclean)
            .map(|leader| (leader, Election::Unclean))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fences a broker.
    fn fence(partition: &Registration, broker: usize, active: BrokerSet) -> Registration {
        apply(partition, broker, None, active, Rule::Online)
    }

    fn apply(
        partition: &Registration,
        removed: usize,
        unclean_shutdown: Option<usize>,
        active: BrokerSet,
        rule: Rule,
    ) -> Registration {
        let change = Change {
            isr: partition.isr.without(removed),
            unclean_shutdown,
            rule,
            active: active.without(removed),
            min_isr: 2,
        };
        partition.change(&change).expect("a change").0
    }

    fn set(brokers: &[usize]) -> BrokerSet {
        brokers
            .iter()
            .fold(BrokerSet::default(), |set, broker| set.with(*broker))
    }

    #[test]
    fn the_leader_is_the_first_in_sync_replica_in_the_order_of_the_replicas() {
        let partition = Registration::new(vec![1, 2, 0]);
        let after = fence(&partition, 1, set(&[0, 1, 2]));
        assert_eq!((after.leader, after.epoch), (Some(2), 1));
        assert_eq!((after.isr, after.elr), (set(&[0, 2]), set(&[])));
    }

    /// KIP-966: who leaves an ISR smaller than `min.insync.replicas` stays eligible, until its unclean shutdown is known.
    #[test]
    fn eligible_replicas_survive_an_empty_isr() {
        let partition = fence(&Registration::new(vec![0, 1, 2]), 1, set(&[0, 1, 2]));
        let partition = fence(&partition, 2, set(&[0, 2]));
        assert_eq!((partition.isr, partition.elr), (set(&[0]), set(&[2])));
        let partition = fence(&partition, 0, set(&[0]));
        assert_eq!(partition.leader, None);
        assert_eq!((partition.isr, partition.elr), (set(&[]), set(&[0, 2])));
        assert_eq!(partition.last_leader, Some(0));
        // Broker 2 comes back, after a clean stop: it is eligible.
        let back = apply(&partition, 9, None, set(&[2]), Rule::Online);
        assert_eq!(
            (back.leader, back.isr, back.elr),
            (Some(2), set(&[2]), set(&[0]))
        );
        // It was killed: it is not, and neither is broker 0; the last leader is taken when it is there.
        let partition = apply(&partition, 9, Some(2), set(&[]), Rule::Online);
        assert_eq!((partition.leader, partition.elr), (None, set(&[0])));
        let partition = apply(&partition, 9, Some(0), set(&[2]), Rule::Online);
        assert_eq!((partition.leader, partition.elr), (None, set(&[])));
        let back = apply(&partition, 9, None, set(&[0, 2]), Rule::Online);
        assert_eq!((back.leader, back.last_leader), (Some(0), None));
        assert_eq!(back.isr, set(&[0]));
    }

    #[test]
    fn an_unclean_election_is_the_last_resort() {
        let mut partition = Registration::new(vec![0, 1, 2]);
        partition.isr = set(&[0]);
        let after = apply(&partition, 0, None, set(&[0, 1, 2]), Rule::Online);
        assert_eq!(after.leader, None);
        let after = apply(&partition, 0, None, set(&[0, 1, 2]), Rule::Unclean);
        assert_eq!((after.leader, after.isr), (Some(1), set(&[1])));
        assert_eq!(after.elr, set(&[]));
    }
}

//! Which member of a group reads which partitions: the assignors of the two clients, and those of the broker (KIP-848).
//!
//! Pure functions: the same members and topics give the same assignment, the one that the real library would compute. They
//! are held against thousands of assignments recorded from the real libraries (`tests/assignors.rs`).
//!
//! # Steps
//! 1. The leader of a group (or the coordinator, under KIP-848) knows the [`Topic`]s and the [`Member`]s: what each is
//!    subscribed to, what it owns, since which generation.
//! 2. [`assign`] gives what each member is to own. The cooperative assignor withholds a partition that another member must
//!    give up first: nobody gets it in this generation.
//!
//! # Where the libraries leave an order to chance
//! * Java walks hash maps of member ids; we walk them in the same order, because `String.hashCode` is specified and
//!   `HashMap` is what it is. Members whose ids share a bucket are walked in the order in which they are given.
//! * librdkafka walks topics in the order of its metadata: the order of `topics`.
//! * The broker walks sets of random topic ids: here the order of `topics`, as if the ids were 1, 2, 3…

mod balance;
mod flat;
mod hash_map;
mod java_constrained;
mod java_sticky;
mod librdkafka_sticky;
mod movements;
mod order;
mod range;
mod round_robin;
mod uniform;
mod uniform_heterogeneous;

use crate::ids::PartitionId;

/// A topic with its partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic<'a> {
    /// Its name.
    pub name: &'a str,
    /// How many partitions it has; 0 for a topic that does not exist although members subscribed to it.
    pub partitions: i32,
}

/// A partition of one of the topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicPartition {
    /// The topic's place in the list of topics.
    pub topic: usize,
    /// The partition's number.
    pub partition: PartitionId,
}

/// A member of a group, as whoever assigns the partitions knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Member id, unique in the group.
    pub id: &'a str,
    /// `group.instance.id`, of a static member.
    pub instance_id: Option<&'a str>,
    /// What it is subscribed to: places in the list of topics.
    pub topics: &'a [usize],
    /// What it owns (sticky assignors), or is to own (KIP-848). Of existing topics and partitions.
    pub owned: &'a [TopicPartition],
    /// Generation in which it was assigned what it owns; -1 for none.
    pub generation: i32,
}

/// A way to assign partitions: a library's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assignor {
    /// `RangeAssignor` of kafka-clients 4.3.1.
    JavaRange,
    /// `RoundRobinAssignor` of kafka-clients 4.3.1.
    JavaRoundRobin,
    /// `StickyAssignor` of kafka-clients 4.3.1 (eager).
    JavaSticky,
    /// `CooperativeStickyAssignor` of kafka-clients 4.3.1.
    JavaCooperativeSticky,
    /// `range` of librdkafka 2.12.1.
    LibrdkafkaRange,
    /// `roundrobin` of librdkafka 2.12.1.
    LibrdkafkaRoundRobin,
    /// `cooperative-sticky` of librdkafka 2.12.1, with what its group leader withholds.
    LibrdkafkaCooperativeSticky,
    /// `uniform`, the broker's default under KIP-848, of Kafka 4.3.1.
    ServerUniform,
    /// `range` of the broker under KIP-848, of Kafka 4.3.1.
    ServerRange,
}

/// What each member is to own, in the order of `members`; each member's partitions sorted by topic and number.
pub fn assign(
    assignor: Assignor,
    topics: &[Topic<'_>],
    members: &[Member<'_>],
) -> Vec<Vec<TopicPartition>> {
    let mut assignment = match assignor {
        Assignor::JavaRange | Assignor::ServerRange => {
            range::assign(topics, members, order::static_first)
        }
        Assignor::LibrdkafkaRange => range::assign(topics, members, order::static_by_instance),
        Assignor::JavaRoundRobin => round_robin::assign(topics, members, order::static_first),
        Assignor::LibrdkafkaRoundRobin => {
            round_robin::assign(topics, members, order::static_by_instance)
        }
        Assignor::JavaSticky => java_sticky::assign(topics, members, false),
        Assignor::JavaCooperativeSticky => java_sticky::assign(topics, members, true),
        Assignor::ServerUniform => uniform::assign(topics, members),
        Assignor::LibrdkafkaCooperativeSticky => librdkafka_sticky::assign(topics, members),
    };
    for partitions in &mut assignment {
        partitions.sort_unstable();
    }
    assignment
}

//! Groups as a list of states that events change: what the page shows is what the events said, and nothing else.

use engine::event::{EventKind, TopicPartition};
use engine::ids::{GroupId, MemberId, Offset};
use engine::live::{GroupOffset, GroupState, MemberState};

/// Applies an event to the groups; events about anything else change nothing.
pub fn apply(groups: &mut Vec<GroupState>, event: &EventKind) {
    match event {
        EventKind::MemberJoined { group, member } => {
            member_mut(group_mut(groups, group), member);
        }
        EventKind::MemberLeft { group, member } => {
            group_mut(groups, group).members.retain(|m| m.id != *member);
        }
        EventKind::PartitionsAssigned {
            group,
            member,
            partitions,
            ..
        } => assign(group_mut(groups, group), member, partitions),
        EventKind::PartitionsRevoked {
            group,
            member,
            partitions,
            ..
        } => member_mut(group_mut(groups, group), member)
            .assignment
            .retain(|owned| !partitions.contains(owned)),
        EventKind::RecordConsumed {
            group,
            topic,
            partition,
            offset,
            ..
        } => {
            let at = TopicPartition {
                topic: topic.clone(),
                partition: *partition,
            };
            offset_mut(group_mut(groups, group), at).position = Some(Offset(offset.0 + 1));
        }
        EventKind::OffsetCommitted {
            group,
            topic,
            partition,
            offset,
        } => {
            let at = TopicPartition {
                topic: topic.clone(),
                partition: *partition,
            };
            offset_mut(group_mut(groups, group), at).committed = Some(*offset);
        }
        _ => {}
    }
}

/// A short name for a member: coordinators build member ids as `client.id` + `-` + UUID.
pub fn label(member: &MemberId) -> &str {
    const UUID: usize = 36;
    let id = member.as_str();
    match id
        .len()
        .checked_sub(UUID + 1)
        .and_then(|at| id.split_at_checked(at))
    {
        Some((client, uuid)) if !client.is_empty() && is_dashed_uuid(uuid) => client,
        _ => id,
    }
}

fn is_dashed_uuid(text: &str) -> bool {
    const DASHES: [usize; 5] = [0, 9, 14, 19, 24];
    text.bytes().enumerate().all(|(index, byte)| {
        if DASHES.contains(&index) {
            byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    })
}

fn assign(group: &mut GroupState, member: &MemberId, partitions: &[TopicPartition]) {
    // A partition has one owner: a late or missing revocation must not show two.
    for other in &mut group.members {
        other.assignment.retain(|owned| !partitions.contains(owned));
    }
    let assignment = &mut member_mut(group, member).assignment;
    assignment.extend_from_slice(partitions);
    assignment.sort();
}

fn group_mut<'a>(groups: &'a mut Vec<GroupState>, id: &GroupId) -> &'a mut GroupState {
    let index = match groups.binary_search_by(|group| group.id.cmp(id)) {
        Ok(index) => index,
        Err(index) => {
            let group = GroupState {
                id: id.clone(),
                members: Vec::new(),
                offsets: Vec::new(),
            };
            groups.insert(index, group);
            index
        }
    };
    &mut groups[index]
}

fn member_mut<'a>(group: &'a mut GroupState, id: &MemberId) -> &'a mut MemberState {
    let index = match group.members.binary_search_by(|member| member.id.cmp(id)) {
        Ok(index) => index,
        Err(index) => {
            let member = MemberState {
                id: id.clone(),
                label: label(id).to_owned(),
                assignment: Vec::new(),
            };
            group.members.insert(index, member);
            index
        }
    };
    &mut group.members[index]
}

fn offset_mut(group: &mut GroupState, at: TopicPartition) -> &mut GroupOffset {
    let index = match group.offsets.binary_search_by(|offset| offset.at.cmp(&at)) {
        Ok(index) => index,
        Err(index) => {
            let offset = GroupOffset {
                at,
                committed: None,
                position: None,
            };
            group.offsets.insert(index, offset);
            index
        }
    };
    &mut group.offsets[index]
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::PartitionId;

    fn partition(number: i32) -> TopicPartition {
        TopicPartition {
            topic: "orders.created".into(),
            partition: PartitionId(number),
        }
    }

    fn assigned(member: &str, partitions: &[i32]) -> EventKind {
        EventKind::PartitionsAssigned {
            group: "billing".into(),
            member: member.into(),
            generation: None,
            partitions: partitions.iter().copied().map(partition).collect(),
        }
    }

    #[test]
    fn a_partition_never_has_two_owners() {
        let mut groups = Vec::new();
        apply(&mut groups, &assigned("consumer-1", &[0, 1, 2]));
        apply(&mut groups, &assigned("consumer-2", &[2, 3]));
        let owned: Vec<_> = groups[0]
            .members
            .iter()
            .map(|m| m.assignment.len())
            .collect();
        assert_eq!(owned, [2, 2]);
    }

    #[test]
    fn a_member_that_left_owns_nothing() {
        let mut groups = Vec::new();
        apply(&mut groups, &assigned("consumer-1", &[0]));
        let left = EventKind::MemberLeft {
            group: "billing".into(),
            member: "consumer-1".into(),
        };
        apply(&mut groups, &left);
        assert!(groups[0].members.is_empty());
    }

    #[test]
    fn the_position_is_one_past_the_record_and_the_commit_is_as_told() {
        let mut groups = Vec::new();
        let consumed = EventKind::RecordConsumed {
            group: "billing".into(),
            member: "consumer-1".into(),
            topic: "orders.created".into(),
            partition: PartitionId(3),
            offset: Offset(41),
        };
        let committed = EventKind::OffsetCommitted {
            group: "billing".into(),
            topic: "orders.created".into(),
            partition: PartitionId(3),
            offset: Offset(40),
        };
        apply(&mut groups, &consumed);
        apply(&mut groups, &committed);
        assert_eq!(groups[0].offsets[0].position, Some(Offset(42)));
        assert_eq!(groups[0].offsets[0].committed, Some(Offset(40)));
    }

    #[test]
    fn a_member_is_named_by_its_client() {
        let id = MemberId::from("billing-1-0f8fad5b-d9cb-469f-a165-70867728950e");
        assert_eq!(label(&id), "billing-1");
        assert_eq!(label(&"consumer-1".into()), "consumer-1");
        assert_eq!(label(&"été".into()), "été");
    }
}

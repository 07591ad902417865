//! What happened between two looks at the groups.

use engine::event::{EventKind, TopicPartition};
use engine::live::{GroupState, MemberState};

/// The events that lead from `old` to `new`: who gives up, who leaves, who joins, who receives, what was committed.
pub(super) fn between(old: &[GroupState], new: &[GroupState]) -> Vec<EventKind> {
    let mut events = Vec::new();
    for before in old {
        let after = new.iter().find(|group| group.id == before.id);
        events.extend(departures(before, after));
    }
    for after in new {
        let before = old.iter().find(|group| group.id == after.id);
        events.extend(arrivals(before, after));
        events.extend(commits(before, after));
    }
    events
}

fn departures(before: &GroupState, after: Option<&GroupState>) -> Vec<EventKind> {
    let mut events = Vec::new();
    for member in &before.members {
        let now = after.and_then(|group| find(group, member));
        let given_up = missing(&member.assignment, now);
        if !given_up.is_empty() {
            events.push(EventKind::PartitionsRevoked {
                group: before.id.clone(),
                member: member.id.clone(),
                partitions: given_up.into(),
                // How it came about cannot be seen from outside.
                lost: false,
            });
        }
        if now.is_none() {
            events.push(EventKind::MemberLeft {
                group: before.id.clone(),
                member: member.id.clone(),
            });
        }
    }
    events
}

fn arrivals(before: Option<&GroupState>, after: &GroupState) -> Vec<EventKind> {
    let mut events = Vec::new();
    for member in &after.members {
        let earlier = before.and_then(|group| find(group, member));
        if earlier.is_none() {
            events.push(EventKind::MemberJoined {
                group: after.id.clone(),
                member: member.id.clone(),
            });
        }
        let received = missing(&member.assignment, earlier);
        if !received.is_empty() {
            events.push(EventKind::PartitionsAssigned {
                group: after.id.clone(),
                member: member.id.clone(),
                generation: None,
                partitions: received.into(),
            });
        }
    }
    events
}

fn commits<'a>(
    before: Option<&'a GroupState>,
    after: &'a GroupState,
) -> impl Iterator<Item = EventKind> + 'a {
    let earlier = move |at: &TopicPartition| {
        let offsets = &before?.offsets;
        offsets.iter().find(|offset| offset.at == *at)?.committed
    };
    after.offsets.iter().filter_map(move |offset| {
        let committed = offset.committed?;
        (earlier(&offset.at) != Some(committed)).then(|| EventKind::OffsetCommitted {
            group: after.id.clone(),
            topic: offset.at.topic.clone(),
            partition: offset.at.partition,
            offset: committed,
        })
    })
}

fn find<'a>(group: &'a GroupState, member: &MemberState) -> Option<&'a MemberState> {
    group
        .members
        .iter()
        .find(|candidate| candidate.id == member.id)
}

/// What is in `partitions` and not in the other's assignment.
fn missing(partitions: &[TopicPartition], other: Option<&MemberState>) -> Vec<TopicPartition> {
    let other = other.map_or(&[][..], |member| &member.assignment);
    partitions
        .iter()
        .filter(|owned| !other.contains(owned))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::groups::apply;
    use engine::ids::{Offset, PartitionId};
    use engine::live::GroupOffset;

    fn at(partition: i32) -> TopicPartition {
        TopicPartition {
            topic: "orders.created".into(),
            partition: PartitionId(partition),
        }
    }

    fn group(members: &[(&str, &[i32])], committed: &[(i32, i64)]) -> GroupState {
        GroupState {
            id: "billing".into(),
            members: members
                .iter()
                .map(|(id, owned)| MemberState {
                    id: (*id).into(),
                    label: (*id).to_owned(),
                    assignment: owned.iter().copied().map(at).collect(),
                })
                .collect(),
            offsets: committed
                .iter()
                .map(|(partition, offset)| GroupOffset {
                    at: at(*partition),
                    committed: Some(Offset(*offset)),
                    position: None,
                })
                .collect(),
        }
    }

    #[test]
    fn the_events_lead_from_one_look_to_the_next() {
        let looks = [
            vec![],
            vec![group(&[("a", &[0, 1, 2])], &[])],
            vec![group(&[("a", &[0, 1]), ("b", &[2])], &[(0, 10)])],
            vec![group(&[("b", &[0, 1, 2])], &[(0, 12), (2, 3)])],
            vec![group(&[("b", &[]), ("c", &[0, 1, 2])], &[(0, 5), (2, 3)])],
        ];
        let mut told: Vec<GroupState> = Vec::new();
        for pair in looks.windows(2) {
            for event in between(&pair[0], &pair[1]) {
                apply(&mut told, &event);
            }
            assert_eq!(told, pair[1]);
        }
    }

    #[test]
    fn nothing_happened_between_two_equal_looks() {
        let look = vec![group(&[("a", &[0])], &[(0, 1)])];
        assert!(between(&look, &look).is_empty());
    }

    #[test]
    fn partitions_are_given_up_before_they_are_received() {
        let before = [group(&[("a", &[0, 1])], &[])];
        let after = [group(&[("a", &[0]), ("b", &[1])], &[])];
        let events = between(&before, &after);
        assert!(matches!(events[0], EventKind::PartitionsRevoked { .. }));
        assert!(
            matches!(events[2], EventKind::PartitionsAssigned { .. }),
            "{events:?}"
        );
    }

    #[test]
    fn a_group_that_is_gone_has_no_members() {
        let before = [group(&[("a", &[0])], &[])];
        let mut told = before.to_vec();
        for event in between(&before, &[]) {
            apply(&mut told, &event);
        }
        assert!(told[0].members.is_empty());
    }
}

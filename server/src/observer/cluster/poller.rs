//! Looks at the groups that read a topic, again and again, on a thread of its own.
//!
//! 1. The list of groups, with members and assignments, comes from `ListGroups` and `DescribeGroups`.
//! 2. Committed offsets come from a consumer that carries the group's id and never subscribes: it reads the group's offsets
//!    without becoming a member. One such client per group, so only for the first few groups.
//!
//! What this cannot see: members of groups under the new protocol (KIP-848), which `DescribeGroups` shows as dead. Their
//! committed offsets are shown all the same. Generations are in neither answer.

use crate::client_log::{Quiet, client_config};
use crate::observer::{ObserveError, assignment};
use crate::stop::Stop;
use engine::event::TopicPartition;
use engine::ids::{GroupId, MemberId, Offset, PartitionId, TopicName};
use engine::live::{GroupOffset, GroupState, MemberState};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::groups::{GroupInfo, GroupMemberInfo};
use rdkafka::topic_partition_list::{Offset as Place, TopicPartitionList};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the groups are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a coordinator may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// Groups whose committed offsets are followed at once: each takes a client of its own.
const MAX_FOLLOWED: usize = 8;
/// How long a group that had nothing to do with the topic is left alone.
const FORGET_FOR: Duration = Duration::from_secs(30);

/// The thread, and the latest look that nobody took yet.
pub(super) struct GroupPoller {
    latest: Arc<Mutex<Option<Vec<GroupState>>>>,
    stop: Stop,
}

impl GroupPoller {
    /// Starts to look at the groups that read `topic`. Dropping the poller ends it.
    pub(super) fn start(bootstrap: &str, topic: &TopicName) -> Result<Self, ObserveError> {
        let poller = Self {
            latest: Arc::new(Mutex::new(None)),
            stop: Stop::new(),
        };
        let mut looker = Looker {
            bootstrap: bootstrap.to_owned(),
            topic: topic.clone(),
            list: client(bootstrap, None)?,
            followed: BTreeMap::new(),
            unrelated: BTreeMap::new(),
        };
        let (latest, stop) = (Arc::clone(&poller.latest), poller.stop.clone());
        std::thread::Builder::new()
            .name("groups".to_owned())
            .spawn(move || {
                while !stop.sleep(LOOK_EVERY) {
                    match looker.look() {
                        Ok(groups) => {
                            *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(groups);
                        }
                        Err(error) => tracing::debug!(%error, "groupes illisibles"),
                    }
                }
            })
            .map_err(|error| ObserveError::Client {
                detail: error.to_string(),
            })?;
        Ok(poller)
    }

    /// The latest look, if there is a new one.
    pub(super) fn take(&self) -> Option<Vec<GroupState>> {
        self.latest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl Drop for GroupPoller {
    fn drop(&mut self) {
        self.stop.set();
    }
}

struct Looker {
    bootstrap: String,
    topic: TopicName,
    list: BaseConsumer<Quiet>,
    followed: BTreeMap<GroupId, BaseConsumer<Quiet>>,
    /// Groups that neither own nor committed anything of the topic, and until when this is believed.
    unrelated: BTreeMap<GroupId, Instant>,
}

impl Looker {
    fn look(&mut self) -> Result<Vec<GroupState>, KafkaError> {
        let partitions = self.partitions()?;
        let list = self.list.fetch_group_list(None, ANSWER_TIMEOUT)?;
        let now = Instant::now();
        self.unrelated.retain(|_, until| *until > now);
        self.followed.retain(|id, _| {
            list.groups()
                .iter()
                .any(|group| group.name() == id.as_str())
        });
        let mut candidates: Vec<(GroupId, Vec<MemberState>)> = list
            .groups()
            .iter()
            .filter(|group| is_consumer_group(group))
            .map(|group| (GroupId::from(group.name()), members(group)))
            .collect();
        // Those that surely read the topic come first, for there are only a few places.
        candidates.sort_by_key(|(id, members)| (!self.owns(members), id.clone()));
        let mut groups = Vec::new();
        for (id, members) in candidates {
            let owns = self.owns(&members);
            let offsets = self.follow(&id, owns, &partitions)?;
            if owns || !offsets.is_empty() {
                groups.push(GroupState {
                    id,
                    members,
                    offsets,
                });
            }
        }
        groups.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(groups)
    }

    fn owns(&self, members: &[MemberState]) -> bool {
        let mut owned = members.iter().flat_map(|member| &member.assignment);
        owned.any(|owned| owned.topic == self.topic)
    }

    fn partitions(&self) -> Result<Vec<PartitionId>, KafkaError> {
        let metadata = self
            .list
            .fetch_metadata(Some(self.topic.as_str()), ANSWER_TIMEOUT)?;
        let topic = metadata.topics().first();
        let partitions = topic.map_or(&[][..], |topic| topic.partitions());
        Ok(partitions
            .iter()
            .map(|partition| PartitionId(partition.id()))
            .collect())
    }

    /// The group's committed offsets on the topic, if it has a place among the followed.
    fn follow(
        &mut self,
        id: &GroupId,
        owns: bool,
        partitions: &[PartitionId],
    ) -> Result<Vec<GroupOffset>, KafkaError> {
        if self.unrelated.contains_key(id) && !owns {
            return Ok(Vec::new());
        }
        if !self.followed.contains_key(id) {
            if self.followed.len() >= MAX_FOLLOWED {
                return Ok(Vec::new());
            }
            match client(&self.bootstrap, Some(id)) {
                Ok(client) => self.followed.insert(id.clone(), client),
                Err(error) => {
                    tracing::debug!(%error, "groupe impossible à suivre");
                    return Ok(Vec::new());
                }
            };
        }
        let Some(client) = self.followed.get(id) else {
            return Ok(Vec::new());
        };
        // Serves the client's own events, which would pile up.
        let _ = client.poll(Duration::ZERO);
        let offsets = committed(client, &self.topic, partitions)?;
        if offsets.is_empty() && !owns {
            self.followed.remove(id);
            self.unrelated
                .insert(id.clone(), Instant::now() + FORGET_FOR);
        }
        Ok(offsets)
    }
}

/// Consumer groups name their protocol `consumer`; under the new protocol `DescribeGroups` shows them dead, without a name.
fn is_consumer_group(group: &GroupInfo) -> bool {
    matches!(group.protocol_type(), "consumer" | "")
}

fn members(group: &GroupInfo) -> Vec<MemberState> {
    let mut members: Vec<MemberState> = group.members().iter().map(member).collect();
    members.sort_by(|a, b| a.id.cmp(&b.id));
    members
}

fn member(member: &GroupMemberInfo) -> MemberState {
    let bytes = member.assignment().unwrap_or_default();
    MemberState {
        id: MemberId::from(member.id()),
        label: member.client_id().to_owned(),
        assignment: assignment::decode(bytes).unwrap_or_default(),
    }
}

fn committed(
    client: &BaseConsumer<Quiet>,
    topic: &TopicName,
    partitions: &[PartitionId],
) -> Result<Vec<GroupOffset>, KafkaError> {
    let mut question = TopicPartitionList::with_capacity(partitions.len());
    for partition in partitions {
        question.add_partition(topic.as_str(), partition.0);
    }
    let answer = client.committed_offsets(question, ANSWER_TIMEOUT)?;
    let mut offsets: Vec<GroupOffset> = answer
        .elements()
        .iter()
        .filter_map(|element| match (element.error(), element.offset()) {
            (Ok(()), Place::Offset(offset)) => Some(GroupOffset {
                at: TopicPartition {
                    topic: topic.clone(),
                    partition: PartitionId(element.partition()),
                },
                committed: Some(Offset(offset)),
                position: None,
            }),
            _ => None,
        })
        .collect();
    offsets.sort_by(|a, b| a.at.cmp(&b.at));
    Ok(offsets)
}

/// A client that only asks. With a group's id it may read that group's offsets; it never subscribes, so it never joins.
fn client(bootstrap: &str, group: Option<&GroupId>) -> Result<BaseConsumer<Quiet>, ObserveError> {
    let mut config = client_config();
    config
        .set("bootstrap.servers", bootstrap)
        .set("client.id", "formation-kafka-observer")
        .set("enable.auto.commit", "false")
        .set("allow.auto.create.topics", "false");
    if let Some(group) = group {
        config.set("group.id", group.as_str());
    }
    config
        .create_with_context(Quiet::default())
        .map_err(|error| ObserveError::Client {
            detail: error.to_string(),
        })
}

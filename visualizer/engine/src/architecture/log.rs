//! A log: the order service appends, each service is a group of its own and reads at its own position; nothing is deleted.
//!
//! 1. The order service produces; the record is in its partition after a short time, and the customer has his confirmation.
//! 2. A group's members share its partitions (`range`): a member reads its partitions in turn, one record after another in
//!    each. A handler that fails reads the same record again: the order of a partition is kept, and nothing is passed over.
//! 3. What was done is stored, and committed every `auto.commit.interval.ms`, as .NET's client does with
//!    `enable.auto.offset.store=false`. A group that stopped goes on from what it had committed; without that, from where
//!    `auto.offset.reset` says.
//! 4. A group that starts, or starts again, waits for its partitions: until the session of the members that died has expired
//!    (`session.timeout.ms`), or, if the group is empty, `group.initial.rebalance.delay.ms`.

use super::Command;
use super::context::{Context, Work, record, small};
use super::service::Health;
use crate::event::{ArchitectureEvent, EventKind, Lane};
use crate::ids::{EventId, GroupId, Offset, PartitionId, RecordKey, TopicName};
use crate::rng::Rng;
use crate::shared_list::SharedList;
use crate::time::{Duration, Instant};

const LANE: Lane = Lane::Log;

/// The topic and its groups.
#[derive(Clone, Debug)]
pub(super) struct Log {
    topic: TopicName,
    /// The records of each partition: the order, and the event of its append.
    pub(super) partitions: Vec<SharedList<(u32, EventId)>>,
    /// One per service.
    pub(super) groups: Vec<Group>,
    /// Number of the next piece of work.
    next: u32,
    /// For orders without key.
    rng: Rng,
}

/// A service's group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    id: GroupId,
    /// By partition.
    pub(super) cursors: Vec<Cursor>,
    pub(super) members: Vec<Member>,
    /// Whether its members have their partitions.
    pub(super) reads: bool,
    /// Counts stops, so that timers set before one are recognised as outdated.
    epoch: u32,
    /// When the sessions of members that died expire.
    session_until: Option<Instant>,
    /// Records before a position that the service never did.
    pub(super) skipped: u64,
    /// Why it last had to start.
    cause: EventId,
}

/// Where a group is in a partition.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    /// The next record to do.
    pub(super) position: u32,
    /// What it has committed, if it has.
    pub(super) committed: Option<u32>,
    /// What the next commit will commit: one past the last record done since the start.
    stored: Option<u32>,
    /// How often the record at the position was read.
    attempts: u32,
}

/// An instance of the service.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    /// First partition that it owns, and the first after it that it does not.
    owns: (usize, usize),
    /// The partition that it looks at first.
    turn: usize,
    /// The partition and the record that it has in hand.
    pub(super) hand: Option<(usize, Work)>,
}

impl Log {
    /// An empty topic, and groups that have their partitions.
    pub(super) fn new(topic: &TopicName, context: &Context<'_, '_>, cause: EventId) -> Self {
        let mut log = Self {
            topic: topic.clone(),
            partitions: vec![SharedList::default(); context.settings.partitions],
            groups: Vec::new(),
            next: 0,
            rng: Rng::new(context.settings.seed, u64::MAX),
        };
        for service in 0..context.services.len() {
            log.groups.push(log.group(service, context, cause));
            log.groups[service].reads = true;
        }
        log
    }

    fn group(&self, service: usize, context: &Context<'_, '_>, cause: EventId) -> Group {
        Group {
            id: GroupId::from(context.services[service].name.as_str()),
            cursors: vec![Cursor::default(); self.partitions.len()],
            members: members(self.partitions.len(), context.settings.workers),
            reads: false,
            epoch: 0,
            session_until: None,
            skipped: 0,
            cause,
        }
    }

    /// The partition's leader has an order: it is in the log, and the customer is answered.
    pub(super) fn append(
        &mut self,
        order: u32,
        key: Option<RecordKey>,
        context: &mut Context<'_, '_>,
    ) {
        let partition = self.partition(key.as_deref(), context);
        let offset = self.partitions[partition].len();
        let (_, received) = context.ledger.arrival(order);
        let appended = EventKind::RecordAppended {
            topic: self.topic.clone(),
            partition: PartitionId(i32::try_from(partition).unwrap_or(i32::MAX)),
            offset: Offset(i64::try_from(offset).unwrap_or(i64::MAX)),
            key: key.clone(),
            size_bytes: 0,
            record: Some(record(order)),
        };
        let cause = context.story.tell(Some(received), appended);
        self.partitions[partition].push((order, cause));
        context.accept(LANE, order, self.groups.len(), cause);
        for service in 0..self.groups.len() {
            self.read(service, context);
        }
    }

    /// The partition of a key as the partitioner hashes it; one at random for an order without key.
    fn partition(&mut self, key: Option<&str>, context: &Context<'_, '_>) -> usize {
        let partitions = i32::try_from(self.partitions.len()).unwrap_or(i32::MAX);
        let keyed = key.and_then(|key| {
            context
                .settings
                .partitioner
                .keyed(key.as_bytes(), partitions)
        });
        match keyed {
            Some((partition, _)) => partition.index(),
            None => self.rng.next_u31() as usize % self.partitions.len(),
        }
    }

    /// The members of a group that are free go on reading.
    fn read(&mut self, service: usize, context: &mut Context<'_, '_>) {
        if !self.groups[service].reads {
            return;
        }
        for member in 0..self.groups[service].members.len() {
            self.read_on(service, member, context);
        }
        self.check_caught_up(service, context);
    }

    /// A member takes its next record in hand, if it is free and there is one.
    fn read_on(&mut self, service: usize, member: usize, context: &mut Context<'_, '_>) {
        let group = &mut self.groups[service];
        let reader = &mut group.members[member];
        if reader.hand.is_some() {
            return;
        }
        let (first, end) = reader.owns;
        let next = (0..end - first)
            .map(|step| first + (reader.turn - first + step) % (end - first))
            .find(|&partition| {
                (group.cursors[partition].position as usize) < self.partitions[partition].len()
            });
        let Some(partition) = next else { return };
        reader.turn = if partition + 1 < end {
            partition + 1
        } else {
            first
        };
        let cursor = &mut group.cursors[partition];
        cursor.attempts += 1;
        let (order, cause) = self.partitions[partition][cursor.position as usize];
        let work = context.start(LANE, service, self.next, order, cursor.attempts, cause);
        self.next += 1;
        let ends = Command::RecordEnds {
            service: small(service),
            member: u16::try_from(member).unwrap_or(u16::MAX),
            work: work.number,
        };
        context.schedule(work.until - work.since, ends);
        self.groups[service].members[member].hand = Some((partition, work));
    }

    /// A member is through with a record.
    pub(super) fn ends(
        &mut self,
        service: usize,
        member: usize,
        number: u32,
        context: &mut Context<'_, '_>,
    ) {
        let group = &mut self.groups[service];
        let outdated = |(_, work): &(usize, Work)| work.number != number;
        let Some((partition, work)) = group.members[member].hand else {
            return;
        };
        if outdated(&(partition, work)) {
            return;
        }
        group.members[member].hand = None;
        let cursor = &mut group.cursors[partition];
        if context.health(service) == Health::Failing {
            context.failed(LANE, service, &work, cursor.attempts);
            group.members[member].turn = partition;
        } else {
            cursor.position += 1;
            cursor.stored = Some(cursor.position);
            cursor.attempts = 0;
            context.done(LANE, service, &work, true);
        }
        self.read_on(service, member, context);
        self.check_caught_up(service, context);
    }

    /// Whether a repaired service has come to the end of the log: all that is left is in hand.
    fn check_caught_up(&self, service: usize, context: &mut Context<'_, '_>) {
        if context.ledger.book(LANE).tallies[service]
            .repaired
            .is_none()
            || context.health(service) != Health::Up
        {
            return;
        }
        let group = &self.groups[service];
        if group.reads && self.unread(service) == group.in_hand() {
            context.caught_up(LANE, service);
        }
    }

    /// Records between a group's positions and the ends of the log, those in hand included.
    pub(super) fn unread(&self, service: usize) -> u64 {
        self.partitions
            .iter()
            .zip(&self.groups[service].cursors)
            .map(|(records, cursor)| records.len() as u64 - u64::from(cursor.position))
            .sum()
    }

    /// What tools call the group's lag: records between what it has committed and the ends of the log.
    pub(super) fn lag(&self, service: usize) -> u64 {
        self.partitions
            .iter()
            .zip(&self.groups[service].cursors)
            .map(|(records, cursor)| {
                records.len() as u64 - u64::from(cursor.committed.unwrap_or(0))
            })
            .sum()
    }

    /// A service stops, as a process that is killed: what it had not committed is forgotten.
    pub(super) fn stop(&mut self, service: usize, cause: EventId, context: &mut Context<'_, '_>) {
        let group = &mut self.groups[service];
        group.epoch += 1;
        if std::mem::take(&mut group.reads) {
            group.session_until = Some(context.queue.now() + context.settings.session_timeout);
        }
        for member in 0..group.members.len() {
            if let Some((_, work)) = self.groups[service].members[member].hand.take() {
                context.interrupted(LANE, service, &work, cause);
            }
        }
    }

    /// A service works again. If it was stopped, it joins its group.
    pub(super) fn repair(
        &mut self,
        service: usize,
        cause: EventId,
        was: Health,
        context: &mut Context<'_, '_>,
    ) {
        if was == Health::Stopped {
            self.join(service, cause, context);
        } else {
            self.check_caught_up(service, context);
        }
    }

    /// The members of a group join it, and wait for their partitions.
    fn join(&mut self, service: usize, cause: EventId, context: &mut Context<'_, '_>) {
        let now = context.now();
        let group = &mut self.groups[service];
        group.cause = cause;
        let delay = match group.session_until.filter(|until| *until > now) {
            Some(until) => until - now,
            None => context.settings.rebalance_delay,
        };
        let epoch = group.epoch;
        context.schedule(
            delay,
            Command::ReaderStarts {
                service: small(service),
                epoch,
            },
        );
    }

    /// A group has its partitions: it reads from what it had committed.
    pub(super) fn starts(&mut self, service: usize, epoch: u32, context: &mut Context<'_, '_>) {
        if self.groups[service].epoch != epoch {
            return;
        }
        self.groups[service].reads = true;
        self.groups[service].session_until = None;
        let before: Vec<u32> = self.positions(service).collect();
        let skipped = self.groups[service].skipped;
        for partition in 0..self.partitions.len() {
            let start = self.start_of(service, partition, context.settings.from_the_beginning);
            self.seek(service, partition, start, context);
        }
        let again = before
            .iter()
            .zip(self.positions(service))
            .map(|(before, now)| u64::from(before.saturating_sub(now)))
            .sum();
        let event = ArchitectureEvent::ReaderStarted {
            service: context.name(service),
            again,
            skipped: self.groups[service].skipped.saturating_sub(skipped),
            unread: self.unread(service),
        };
        let cause = self.groups[service].cause;
        self.groups[service].cause = context.tell(cause, event);
        self.plan_commit(service, context);
        self.read(service, context);
    }

    fn positions(&self, service: usize) -> impl Iterator<Item = u32> + '_ {
        self.groups[service]
            .cursors
            .iter()
            .map(|cursor| cursor.position)
    }

    /// Where a group that has just got a partition begins.
    fn start_of(&self, service: usize, partition: usize, from_the_beginning: bool) -> u32 {
        match self.groups[service].cursors[partition].committed {
            Some(committed) => committed,
            None if from_the_beginning => 0,
            None => self.end_of(partition),
        }
    }

    /// About how long copying it takes: see [`crate::run::World::weight`].
    pub(super) fn weight(&self) -> usize {
        let logs: usize = self.partitions.iter().map(SharedList::weight).sum();
        logs + self.groups.len()
    }

    fn end_of(&self, partition: usize) -> u32 {
        u32::try_from(self.partitions[partition].len()).unwrap_or(u32::MAX)
    }

    /// Moves a group's position, and keeps count of what it passes over without having done it.
    fn seek(&mut self, service: usize, partition: usize, to: u32, context: &Context<'_, '_>) {
        let group = &mut self.groups[service];
        let from = group.cursors[partition].position;
        let undone = |from: u32, to: u32| {
            self.partitions[partition]
                .iter_from(from as usize)
                .take((to - from) as usize)
                .filter(|(order, _)| !context.ledger.has_done(LANE, *order, service))
                .count() as u64
        };
        if to > from {
            group.skipped += undone(from, to);
        } else {
            group.skipped -= undone(to, from);
        }
        let cursor = &mut group.cursors[partition];
        (cursor.position, cursor.stored, cursor.attempts) = (to, None, 0);
    }

    fn plan_commit(&self, service: usize, context: &mut Context<'_, '_>) {
        let epoch = self.groups[service].epoch;
        let commit = Command::Commit {
            service: small(service),
            epoch,
        };
        // A timer of length zero would never let time pass.
        let interval = context
            .settings
            .commit_interval
            .max(Duration::from_millis(1));
        context.schedule(interval, commit);
    }

    /// Plans the first commits of the groups that read from the start.
    pub(super) fn begin(&self, context: &mut Context<'_, '_>) {
        for service in 0..self.groups.len() {
            self.plan_commit(service, context);
        }
    }

    /// The timer of a group's automatic commit.
    pub(super) fn commit(&mut self, service: usize, epoch: u32, context: &mut Context<'_, '_>) {
        if self.groups[service].epoch != epoch {
            return;
        }
        for partition in 0..self.partitions.len() {
            let Group {
                id, cursors, cause, ..
            } = &mut self.groups[service];
            let cursor = &mut cursors[partition];
            let Some(stored) = cursor.stored.take() else {
                continue;
            };
            cursor.committed = Some(stored);
            let committed = EventKind::OffsetCommitted {
                group: id.clone(),
                topic: self.topic.clone(),
                partition: PartitionId(i32::try_from(partition).unwrap_or(i32::MAX)),
                offset: Offset(i64::from(stored)),
            };
            context.story.tell(Some(*cause), committed);
        }
        self.plan_commit(service, context);
    }

    /// A group's members seek to the beginning of the log; what is committed follows with the next commits.
    pub(super) fn rewind(&mut self, service: usize, cause: EventId, context: &mut Context<'_, '_>) {
        for member in &mut self.groups[service].members {
            // What it has in hand is dropped: a seek empties what the client has fetched.
            member.hand = None;
        }
        for partition in 0..self.partitions.len() {
            self.seek(service, partition, 0, context);
            let group = &mut self.groups[service];
            if !group.reads {
                // No member could seek: the committed offsets are reset, as `kafka-consumer-groups.sh` does.
                group.cursors[partition].committed = Some(0);
            }
        }
        let event = ArchitectureEvent::ReaderRewound {
            service: context.name(service),
            unread: self.unread(service),
        };
        context.tell(cause, event);
        self.read(service, context);
    }

    /// A new service: its group joins, and begins where `auto.offset.reset` says.
    pub(super) fn add_service(&mut self, cause: EventId, context: &mut Context<'_, '_>) {
        let service = self.groups.len();
        let group = self.group(service, context, cause);
        self.groups.push(group);
        self.join(service, cause, context);
    }
}

impl Group {
    /// Records that its members have in hand.
    pub(super) fn in_hand(&self) -> u64 {
        self.members
            .iter()
            .filter(|member| member.hand.is_some())
            .count() as u64
    }
}

/// Members that share these partitions as `range` does: the first ones have one more if they do not go evenly.
fn members(partitions: usize, members: usize) -> Vec<Member> {
    let (each, more) = (partitions / members, partitions % members);
    (0..members)
        .map(|member| {
            let first = member * each + member.min(more);
            let end = first + each + usize::from(member < more);
            Member {
                owns: (first, end),
                turn: first,
                hand: None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_share_the_partitions_as_range_does() {
        let shares = |partitions, count| -> Vec<(usize, usize)> {
            members(partitions, count)
                .iter()
                .map(|member| member.owns)
                .collect()
        };
        assert_eq!(shares(6, 4), [(0, 2), (2, 4), (4, 5), (5, 6)]);
        assert_eq!(shares(6, 3), [(0, 2), (2, 4), (4, 6)]);
        // The one too many is idle.
        assert_eq!(shares(2, 3), [(0, 1), (1, 2), (2, 2)]);
    }
}

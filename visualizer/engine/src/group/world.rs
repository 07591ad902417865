//! The group's world: topics, consumers, their coordinator, and the messages between them.

use super::consumer::{Application, Consumer};
use super::coordinator::{Coordinator, Slot, Timer};
use super::history::History;
use super::log::Log;
use super::network::Network;
use super::settings::Settings;
use super::{Breach, GroupView, HoldingKind, Life, Rule};
use crate::assignor;
use crate::config::Config;
use crate::event::{EventKind, GroupEvent, TopicPartition};
use crate::ids::{EventId, GroupId, Offset, PartitionId, RecordId, RecordKey, TopicName};
use crate::partitioning::{KeyBook, Series};
use crate::rng::Rng;
use crate::run::{CommandQueue, Story, World};
use crate::scenario::{Action, ActionError, Produce, Roster, Scenario, Step};
use crate::shared_list::SharedList;
use crate::time::{Duration, Instant};
use std::collections::VecDeque;
use std::sync::Arc;

/// A consumer's process: its place, and which of its starts.
pub(super) type Process = (u32, u32);

/// What the world plans for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A series of records goes on.
    Produce(u32, u32),
    /// A message arrives.
    Deliver(u32),
    /// A timer of the coordinator is due.
    Coordinator(TimerCommand),
    /// Records appended one hop ago reach those that fetch.
    Arrive,
    /// The first fetch of partitions that were just assigned is answered.
    Fetched(Process),
    /// A worker has done its record.
    Processed(Process, u32),
    /// A heartbeat is due; the number tells whether it still is.
    Heartbeat(Process, u32),
    /// The automatic commit of librdkafka is due.
    AutoCommit(Process),
    /// `max.poll.interval.ms` may have passed.
    MaxPoll(Process),
    /// A pause may have ended.
    Resume(Process),
    /// A consumer that was refused tries to join again.
    Join(Process),
}

/// A timer of the coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerCommand(pub(super) Timer);

/// What a change may use: the plan and the story.
pub(super) struct Context<'c, 's> {
    pub(super) queue: &'c mut CommandQueue<Command>,
    pub(super) story: &'c mut Story<'s>,
}

impl Context<'_, '_> {
    pub(super) fn now(&self) -> Instant {
        self.queue.now()
    }

    pub(super) fn tell(&mut self, cause: Option<EventId>, event: GroupEvent) -> EventId {
        self.story.tell(cause, EventKind::Group(event))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) log: Log,
    pub(super) history: History,
    /// Offsets before it have had the time to reach a consumer.
    pub(super) visible: u64,
    /// The consumer whose fetches it answers.
    pub(super) reader: Option<usize>,
    /// Offset that the reader's application gets next, for the rule on order.
    pub(super) expected: Option<(Process, u64)>,
}

/// The world of a consumer group.
#[derive(Clone, Debug)]
pub struct GroupWorld {
    pub(super) config: Config,
    pub(super) settings: Settings,
    pub(super) group: GroupId,
    pub(super) topics: Vec<TopicName>,
    /// Partitions of each topic.
    pub(super) counts: Vec<i32>,
    /// How many there were when a classic leader last assigned them.
    pub(super) assigned_counts: Vec<i32>,
    pub(super) partitions: Vec<Partition>,
    /// Topic of each partition, and its number there.
    pub(super) places: Vec<assignor::TopicPartition>,
    pub(super) consumers: Vec<Consumer>,
    pub(super) coordinator: Coordinator,
    pub(super) network: Network,
    /// Records that have not yet had the time to reach a consumer.
    arrivals: VecDeque<(Instant, Slot)>,
    /// What last told that a rebalance begins, or that the group's epoch grew.
    pub(super) rebalance_by: Option<EventId>,
    /// What last told the target (KIP-848).
    pub(super) target_by: Option<EventId>,
    series: Vec<Arc<Series>>,
    key_book: Arc<KeyBook>,
    /// The keys seen, in the order in which they were.
    pub(super) keys: SharedList<RecordKey>,
    /// By number in the book, the place of a key among those seen.
    key_places: SharedList<Option<u32>>,
    pub(super) chance: Rng,
    roster: Roster,
    records_planned: u64,
    records: u64,
    pub(super) breaches: Vec<Breach>,
}

impl World for GroupWorld {
    type Command = Command;
    type View = GroupView;

    fn new(scenario: &Scenario, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) -> Self {
        let settings = Settings::of(&scenario.config);
        let mut world = Self {
            config: scenario.config.clone(),
            coordinator: Coordinator::new(settings.protocol),
            settings,
            group: GroupId::from("groupe"),
            topics: Vec::new(),
            counts: Vec::new(),
            assigned_counts: Vec::new(),
            partitions: Vec::new(),
            places: Vec::new(),
            consumers: Vec::new(),
            network: Network::default(),
            arrivals: VecDeque::new(),
            rebalance_by: None,
            target_by: None,
            series: Vec::new(),
            key_book: Arc::default(),
            keys: SharedList::default(),
            key_places: SharedList::default(),
            chance: Rng::new(scenario.seed, 0),
            roster: Roster::new(scenario),
            records_planned: 0,
            records: 0,
            breaches: Vec::new(),
        };
        for (topic, partitions) in scenario.all_topics() {
            story.tell(
                None,
                EventKind::TopicCreated {
                    topic: topic.clone(),
                    partitions,
                },
            );
            world.topics.push(topic);
            world.counts.push(0);
            world.grow(world.topics.len() - 1, partitions, queue.now());
        }
        world
    }

    fn execute(
        &mut self,
        command: Command,
        queue: &mut CommandQueue<Command>,
        story: &mut Story<'_>,
    ) {
        let cx = &mut Context { queue, story };
        if self.deferred(command, cx) {
            return;
        }
        match command {
            Command::Produce(series, from) => self.produce(series, from, cx),
            Command::Deliver(number) => self.deliver(number, cx),
            Command::Coordinator(TimerCommand(timer)) => self.coordinator_timer(timer, cx),
            Command::Arrive => self.arrive(cx),
            Command::Fetched(process) => {
                if let Some(consumer) = self.process(process) {
                    self.first_fetch(consumer, cx);
                }
            }
            Command::Processed(process, worker) => {
                if let Some(consumer) = self.process(process) {
                    self.work_done(consumer, worker as usize, cx);
                }
            }
            Command::Heartbeat(process, number) => {
                if let Some(consumer) = self.process(process) {
                    self.heartbeat_due(consumer, number, cx);
                }
            }
            Command::AutoCommit(process) => {
                if let Some(consumer) = self.process(process) {
                    self.auto_commit_due(consumer, cx);
                }
            }
            Command::MaxPoll(process) => {
                if let Some(consumer) = self.process(process) {
                    self.max_poll_due(consumer, cx);
                }
            }
            Command::Resume(process) => {
                if let Some(consumer) = self.process(process) {
                    self.resume(consumer, cx);
                }
            }
            Command::Join(process) => {
                if let Some(consumer) = self.process(process) {
                    self.join(consumer, None, cx);
                }
            }
        }
    }

    fn check(&self, action: &Action) -> Result<(), ActionError> {
        match action {
            Action::Do(step) => {
                self.roster.check(step)?;
                match step.actor().and_then(|name| self.find(name)) {
                    // Closing, it has not ended yet, but there is nothing more to do to it; refused, it never ran.
                    Some(consumer) if matches!(step, Step::Join(_) | Step::Restart(_)) => {
                        if self.consumers[consumer].runs() {
                            Err(ActionError::AlreadyRunning(
                                self.consumers[consumer].name.clone(),
                            ))
                        } else {
                            Ok(())
                        }
                    }
                    _ => Ok(()),
                }
            }
            _ => action.check(self.counts[0], self.records_planned, std::iter::empty()),
        }
    }

    fn act(&mut self, action: &Action, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        let cx = &mut Context { queue, story };
        match action {
            Action::Produce(produce) => self.begin(produce, cx),
            Action::AddPartitions(partitions) => self.add_partitions(*partitions, cx),
            Action::Do(step) => {
                self.roster.note(step);
                self.step(step, cx);
            }
        }
    }

    fn weight(&self) -> u64 {
        let logs: usize = self.partitions.iter().map(|one| one.log.weight()).sum();
        (logs + self.partitions.len() * 2 + self.consumers.len() * 8) as u64
    }

    fn view(&self, now: Instant) -> GroupView {
        self.observe(now)
    }
}

impl GroupWorld {
    /// The consumer of this name.
    pub(super) fn find(&self, name: &crate::ids::ActorName) -> Option<usize> {
        self.consumers.iter().position(|one| one.name == *name)
    }

    /// The consumer, if this start of its process still runs.
    fn process(&self, (consumer, incarnation): Process) -> Option<usize> {
        let consumer = consumer as usize;
        self.consumers
            .get(consumer)
            .is_some_and(|one| one.runs() && one.incarnation == incarnation)
            .then_some(consumer)
    }

    pub(super) fn process_of(&self, consumer: usize) -> Process {
        (
            u32::try_from(consumer).unwrap_or(u32::MAX),
            self.consumers[consumer].incarnation,
        )
    }

    /// Puts off what a frozen process should do until it runs again. The record in hand takes longer by the whole pause.
    fn deferred(&mut self, command: Command, cx: &mut Context<'_, '_>) -> bool {
        let process = match command {
            Command::Fetched(process)
            | Command::Processed(process, _)
            | Command::Heartbeat(process, _)
            | Command::AutoCommit(process)
            | Command::MaxPoll(process)
            | Command::Join(process) => Some(process),
            Command::Deliver(number) => self
                .network
                .peek(number)
                .filter(|message| matches!(message.content, super::network::Content::Answer { .. }))
                .map(|message| {
                    let consumer = u32::try_from(message.consumer).unwrap_or(u32::MAX);
                    (consumer, message.incarnation)
                }),
            _ => None,
        };
        let Some(consumer) = process.and_then(|process| self.process(process)) else {
            return false;
        };
        let Life::Paused { until } = self.consumers[consumer].life else {
            return false;
        };
        let now = cx.now();
        if until <= now {
            return false;
        }
        let mut wait = until - now;
        if let Command::Processed(_, worker) = command {
            wait.0 += (now - self.consumers[consumer].paused_since).0;
            if let Some(Some(work)) = self.consumers[consumer].workers.get_mut(worker as usize) {
                work.until = now + wait;
            }
        }
        cx.queue.schedule(wait, command);
        true
    }

    fn grow(&mut self, topic: usize, to: i32, now: Instant) {
        for partition in self.counts[topic]..to {
            let partition = PartitionId(partition);
            self.places
                .push(assignor::TopicPartition { topic, partition });
            self.partitions.push(Partition {
                log: Log::default(),
                history: History::new(now),
                visible: 0,
                reader: None,
                expected: None,
            });
        }
        self.counts[topic] = self.counts[topic].max(to);
    }

    fn add_partitions(&mut self, to: i32, cx: &mut Context<'_, '_>) {
        let from = self.counts[0];
        self.grow(0, to, cx.now());
        let cause = cx.story.tell(
            None,
            EventKind::PartitionsAdded {
                topic: self.topics[0].clone(),
                from,
                to,
            },
        );
        self.partitions_added(cause, cx);
    }

    fn begin(&mut self, produce: &Produce, cx: &mut Context<'_, '_>) {
        self.records_planned += u64::from(produce.count);
        let series = Series::new(produce.clone(), Arc::make_mut(&mut self.key_book));
        self.series.push(Arc::new(series));
        let series = u32::try_from(self.series.len() - 1).unwrap_or(u32::MAX);
        self.produce(series, 0, cx);
    }

    /// Appends a series' next records, and plans those after them.
    fn produce(&mut self, number: u32, from: u32, cx: &mut Context<'_, '_>) {
        let series = Arc::clone(&self.series[number as usize]);
        let next = from + series.burst(from);
        // Null keys of one send stay together: the partitioner is sticky.
        let sticky = self.chance.next_u31();
        let arrivals = self.arrivals.len();
        for record in from..next {
            self.append(&series, record, sticky, cx);
        }
        if self.arrivals.len() > arrivals {
            cx.queue.schedule(self.settings.latency, Command::Arrive);
        }
        if next < series.produce.count {
            cx.queue
                .schedule(series.produce.every, Command::Produce(number, next));
        }
    }

    fn append(&mut self, series: &Series, record: u32, sticky: u32, cx: &mut Context<'_, '_>) {
        let (key, number) = series.numbered_key(record).unzip();
        // With several topics, records go to each in turn.
        let topic = record as usize % self.topics.len();
        let count = self.counts[topic];
        let partition = series.produce.partition.unwrap_or_else(|| {
            key.and_then(|key| self.settings.partitioner.keyed(key.as_bytes(), count))
                .map_or_else(
                    || PartitionId((sticky % count.cast_unsigned()).cast_signed()),
                    |(partition, _)| partition,
                )
        });
        let at = assignor::TopicPartition { topic, partition };
        let Some(slot) = self.slot(at) else {
            return;
        };
        let place = key.zip(number).map(|(key, number)| self.see(key, number));
        let offset = self.partitions[slot].log.append(place);
        self.arrivals.push_back((cx.now(), slot));
        let number = RecordId(self.records);
        self.records += 1;
        cx.story.tell(
            None,
            EventKind::RecordAppended {
                topic: self.topics[topic].clone(),
                partition,
                offset: Offset(offset.cast_signed()),
                key: key.cloned(),
                size_bytes: series.produce.value_size,
                record: Some(number),
            },
        );
    }

    /// The place of a key among those seen, which now includes it.
    fn see(&mut self, key: &RecordKey, number: usize) -> u32 {
        if let Some(Some(place)) = self.key_places.get(number) {
            return *place;
        }
        while self.key_places.len() <= number {
            self.key_places.push(None);
        }
        let place = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.keys.push(key.clone());
        if let Some(known) = self.key_places.get_mut(number) {
            *known = Some(place);
        }
        place
    }

    /// The place of a partition.
    pub(super) fn slot(&self, at: assignor::TopicPartition) -> Option<Slot> {
        let before: i32 = self.counts[..at.topic].iter().sum();
        slot_of(&self.places, before, at)
    }

    /// The name of a partition, for events.
    pub(super) fn named(&self, slot: Slot) -> TopicPartition {
        let at = self.places[slot];
        TopicPartition {
            topic: self.topics[at.topic].clone(),
            partition: at.partition,
        }
    }

    pub(super) fn all_named(&self, slots: &[Slot]) -> Box<[TopicPartition]> {
        slots.iter().map(|slot| self.named(*slot)).collect()
    }

    /// Records appended one hop ago reach the consumers that fetch their partitions.
    fn arrive(&mut self, cx: &mut Context<'_, '_>) {
        let now = cx.now();
        let mut woken: Vec<usize> = Vec::new();
        while let Some((at, slot)) = self.arrivals.front().copied() {
            if at + self.settings.latency > now {
                break;
            }
            self.arrivals.pop_front();
            let partition = &mut self.partitions[slot];
            let offset = partition.visible;
            partition.visible += 1;
            let Some(reader) = partition.reader else {
                continue;
            };
            let consumer = &mut self.consumers[reader];
            let Some(reading) = consumer.reading_mut(slot) else {
                continue;
            };
            if reading.fetched == Some(offset) {
                reading.fetched = Some(offset + 1);
                consumer.fetch(slot, offset, offset + 1);
                if consumer.application == Application::Waiting && !woken.contains(&reader) {
                    woken.push(reader);
                }
            }
        }
        for consumer in woken {
            self.consume(consumer, cx);
        }
    }

    /// Notes that a rule is broken.
    pub(super) fn breach(&mut self, at: Instant, rule: Rule, partition: Slot) {
        const MOST: usize = 100;
        if self.breaches.len() < MOST {
            self.breaches.push(Breach {
                at,
                rule,
                partition,
            });
        }
    }

    /// Changes how partitions are held, where this consumer holds them.
    pub(super) fn hold(&mut self, consumer: usize, slots: &[Slot], kind: HoldingKind, at: Instant) {
        for slot in slots {
            self.partitions[*slot].history.change(at, consumer, kind);
        }
    }

    /// Processing time of the next record.
    pub(super) fn processing_time(&mut self, consumer: usize) -> Duration {
        let one = &mut self.consumers[consumer];
        if let Some(slow) = one.slow.take() {
            return slow;
        }
        let base = one.processing.unwrap_or(self.settings.processing).0;
        let spread = base * u64::from(self.settings.jitter) / 100;
        if spread == 0 {
            return Duration(base);
        }
        let drawn = self.chance.next_u64() % (2 * spread + 1);
        Duration((base + drawn).saturating_sub(spread))
    }
}

/// The place of a partition among all, of which `before` belong to the topics before its own. Partitions there from the start
/// are in order; those added later come after all of them.
pub(super) fn slot_of(
    places: &[assignor::TopicPartition],
    before: i32,
    at: assignor::TopicPartition,
) -> Option<Slot> {
    let guess = PartitionId(before + at.partition.0).index();
    if places.get(guess) == Some(&at) {
        return Some(guess);
    }
    places.iter().position(|place| *place == at)
}

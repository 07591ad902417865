//! The simulated cluster and its two clients: everything that changes, and what each planned command does.

use super::alarm::Alarm;
use super::broker_set::{BrokerSet, name};
use super::controller::Registration;
use super::leadership::{Circumstances, Leadership};
use super::ledger::Ledger;
use super::log::{Entry, Log};
use super::process::PRODUCER;
use super::producer::{Producer, Request};
use super::settings::{CHECKPOINT, ELECTION_CHECK, Settings};
use super::view::View;
use crate::config::{Config, Property};
use crate::event::{EventKind, ReplicationEvent};
use crate::ids::{ActorName, EventId, Offset, PartitionId, TopicName};
use crate::run::{self, CommandQueue, Story};
use crate::scenario::{Action, ActionError, Roster, Scenario, Step};
use crate::shared_list::SharedList;
use crate::time::{Duration, Instant};

/// What the world plans for itself. Brokers and partitions are indices; a `number` tells whether the command is still of
/// interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A series of records goes on.
    Send { series: usize, from: u32 },
    /// The producer looks whether a partition's records may leave.
    Flush { partition: usize },
    /// A request reaches its broker.
    ProduceArrives { request: u32 },
    /// The followers may not have replicated what a broker wrote in time.
    ProduceExpires { broker: usize },
    /// Its answer reaches the producer.
    ProduceAnswered { request: u32 },
    /// A record's `delivery.timeout.ms` may be over.
    Deadline,
    /// The clients notice that a connection broke.
    Disconnected { broker: usize },
    /// The clients ask who leads.
    Refresh,
    /// They are told.
    Refreshed,
    /// A follower's broker asks a leader's for records.
    Fetch {
        follower: usize,
        leader: usize,
        number: u32,
    },
    /// The leader's broker receives the fetch.
    FetchArrives {
        follower: usize,
        leader: usize,
        number: u32,
    },
    /// The fetch that it keeps may have waited long enough.
    FetchExpires { follower: usize, leader: usize },
    /// The follower's broker receives the answer.
    FetchAnswered {
        follower: usize,
        leader: usize,
        number: u32,
    },
    /// The producer's process goes on.
    ProducerGoesOn,
    /// The producer has waited for an answer for `socket.timeout.ms`.
    RequestTimesOut { request: u32 },
    /// The consumer has.
    ReadTimesOut { partition: usize, number: u32 },
    /// A broker's process goes on.
    BrokerGoesOn { broker: usize },
    /// A broker is slow no longer.
    Resume { broker: usize },
    /// A broker looks for followers that lag.
    IsrCheck { broker: usize, number: u32 },
    /// The controller receives a leader's proposal.
    AlterPartition { partition: usize, broker: usize },
    /// A broker reads in the controller's log what became of a partition.
    Learn { partition: usize, broker: usize },
    /// The controller looks whether a broker's session is over.
    SessionCheck { broker: usize, number: u32 },
    /// A broker that was started asks to be registered.
    Register {
        broker: usize,
        number: u32,
        attempt: u32,
    },
    /// The controller hears that a registered broker is up to date.
    Unfence { broker: usize, number: u32 },
    /// The controller looks for leaders to put back or to find.
    ElectionCheck,
    /// The consumer's fetch reaches the leader.
    Consume { partition: usize, number: u32 },
    /// The consumer receives records up to here.
    Consumed {
        partition: usize,
        number: u32,
        to: usize,
    },
    /// The consumer is told where its position's epoch ends at the new leader.
    Validated { partition: usize, number: u32 },
}

/// A broker.
#[derive(Clone, Debug)]
pub(super) struct Broker {
    pub(super) up: bool,
    /// It takes requests: its process is up, and the controller has let it in.
    pub(super) serving: bool,
    /// Which of its lives this is.
    pub(super) number: u32,
    /// The life that the controller has registered.
    pub(super) registered: u32,
    /// When its heartbeats began.
    pub(super) heartbeats_from: Instant,
    /// When the controller last heard of it, once it is dead.
    pub(super) last_heartbeat: Instant,
    pub(super) slow_until: Instant,
    /// Nothing of its process runs before this.
    pub(super) stopped_until: Instant,
    /// Its fetches, by the leader's broker.
    pub(super) fetchers: Vec<super::fetching::Fetcher>,
    /// For the requests that it has written and not answered.
    pub(super) produce_expiry: Alarm,
    /// What was last told of it.
    pub(super) event: Option<EventId>,
}

/// A replica.
#[derive(Clone, Debug, Default)]
pub(super) struct Replica {
    pub(super) log: Log,
    pub(super) role: Role,
    /// The high watermark on disk, and during which interval between two checkpoints it was written there.
    checkpoint: (u64, usize),
    /// What last changed its log.
    pub(super) event: Option<EventId>,
    /// What last moved its high watermark, as leader.
    pub(super) committed: Option<EventId>,
}

/// What a replica is to its partition, as its broker knows.
#[derive(Clone, Debug, Default)]
pub(super) enum Role {
    /// Its broker does not serve, or there is no leader.
    #[default]
    Idle,
    Leader(Leadership),
    Follower {
        leader: usize,
        epoch: i32,
        /// No fetch before this.
        delayed_until: Instant,
    },
}

/// A partition.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// What the controller's log says.
    pub(super) registration: Registration,
    /// The last leader: its log is the one that counts.
    pub(super) authority: usize,
    /// By broker, of which some have none.
    pub(super) replicas: Vec<Replica>,
    /// The controller's last change.
    pub(super) event: Option<EventId>,
    /// A leader was chosen that may lack committed records.
    pub(super) unclean: bool,
}

/// Everything that changes during a run.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) config: Config,
    pub(super) settings: Settings,
    pub(super) roster: Roster,
    pub(super) topic: TopicName,
    pub(super) brokers: Vec<Broker>,
    /// Brokers that the controller has registered and not fenced.
    pub(super) active: BrokerSet,
    pub(super) partitions: Vec<Partition>,
    pub(super) ledger: Ledger,
    pub(super) producer: Producer,
    pub(super) requests: Vec<Request>,
    pub(super) consumer: Vec<super::consumer::Position>,
}

/// The present: where things are planned and told.
pub(super) struct Now<'a, 's> {
    pub(super) queue: &'a mut CommandQueue<Command>,
    pub(super) story: &'a mut Story<'s>,
}

impl Now<'_, '_> {
    pub(super) fn at(&self) -> Instant {
        self.queue.now()
    }

    pub(super) fn after(&mut self, delay: Duration, command: Command) {
        self.queue.schedule(delay, command);
    }

    /// Sets an alarm, at which this command is done.
    pub(super) fn set(&mut self, alarm: &mut Alarm, deadline: Instant, command: Command) {
        if alarm.set(deadline) {
            self.after(deadline - self.at(), command);
        }
    }

    pub(super) fn tell(&mut self, cause: Option<EventId>, event: ReplicationEvent) -> EventId {
        self.story.tell(cause, EventKind::Replication(event))
    }
}

impl Replica {
    /// Moves the high watermark, and remembers what the last checkpoint wrote.
    pub(super) fn set_high_watermark(&mut self, to: usize, now: Instant) {
        let interval = now.0 / CHECKPOINT.0;
        if interval > self.checkpoint.0 {
            self.checkpoint = (interval, self.log.high_watermark);
        }
        self.log.high_watermark = to;
    }

    /// Its process is killed: what it knew of the high watermark is what the disk has.
    pub(super) fn crash(&mut self, now: Instant) {
        self.set_high_watermark(0, now);
        self.log.high_watermark = self.checkpoint.1.min(self.log.end());
        self.role = Role::Idle;
    }

    pub(super) fn leadership(&self) -> Option<&Leadership> {
        match &self.role {
            Role::Leader(leadership) => Some(leadership),
            _ => None,
        }
    }

    pub(super) fn leadership_mut(&mut self) -> Option<&mut Leadership> {
        match &mut self.role {
            Role::Leader(leadership) => Some(leadership),
            _ => None,
        }
    }
}

impl World {
    pub(super) fn circumstances(&self, now: Instant) -> Circumstances {
        Circumstances {
            now,
            max_lag: self.settings.max_lag,
            min_isr: self.settings.min_isr,
            active: self.active,
        }
    }

    /// The number of an actor's broker, from 0.
    fn broker(&self, actor: &str) -> Option<usize> {
        (0..self.brokers.len()).find(|broker| name(*broker).to_string() == actor)
    }

    fn step(&mut self, step: &Step, now: &mut Now<'_, '_>) {
        self.roster.note(step);
        let actor = step.actor().map(ActorName::as_str);
        let broker = actor.and_then(|actor| self.broker(actor));
        match (step, broker) {
            (Step::Crash(_), None) if actor == Some(PRODUCER) => self.kill_producer(now),
            (Step::Restart(_), None) if actor == Some(PRODUCER) => self.restart_producer(now),
            (Step::Pause(_, duration), None) if actor == Some(PRODUCER) => {
                self.stop_producer(*duration, now);
            }
            (Step::Crash(_), Some(broker)) => self.crash(broker, now),
            (Step::Restart(_), Some(broker)) => self.restart(broker, now),
            (Step::Slow(_, duration), Some(broker)) => self.slow(broker, *duration, now),
            (Step::Pause(_, duration), Some(broker)) => self.stop_broker(broker, *duration, now),
            (Step::Set(property, setting), _) => {
                self.config.set(*property, setting.clone());
                self.read_settings();
                let event = ReplicationEvent::SettingChanged {
                    name: property.name().to_owned(),
                    value: setting.to_string(),
                };
                now.tell(None, event);
            }
            _ => {}
        }
    }

    fn read_settings(&mut self) {
        let replicas = self
            .partitions
            .first()
            .map_or(0, |partition| partition.registration.replicas.len());
        self.settings = Settings::new(&self.config, replicas);
    }

    fn begin(&mut self, now: &mut Now<'_, '_>) {
        let brokers = (0..self.brokers.len()).map(name).collect();
        let started = now.tell(None, ReplicationEvent::ClusterStarted { brokers });
        let created = now.story.tell(
            Some(started),
            EventKind::TopicCreated {
                topic: self.topic.clone(),
                partitions: i32::try_from(self.partitions.len()).unwrap_or(i32::MAX),
            },
        );
        for partition in 0..self.partitions.len() {
            let replicas = self.partitions[partition].registration.replicas.iter();
            let replicas = replicas.map(|broker| name(*broker)).collect();
            let event = ReplicationEvent::PartitionPlaced {
                partition: number(partition),
                replicas,
            };
            self.partitions[partition].event = Some(now.tell(Some(created), event));
            for broker in 0..self.brokers.len() {
                self.learn(partition, broker, now);
            }
            self.read_from(partition, self.partitions[partition].authority, now);
        }
        for broker in 0..self.brokers.len() {
            self.plan_isr_check(broker, now);
        }
        now.after(ELECTION_CHECK, Command::ElectionCheck);
    }
}

impl run::World for World {
    type Command = Command;
    type View = View;

    fn new(scenario: &Scenario, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) -> Self {
        let config = scenario.config.clone();
        let count = (config.count(Property::SimulationBrokers) as usize).clamp(1, 9);
        let factor = (config.count(Property::ReplicationFactor) as usize).clamp(1, count);
        let (topic, partitions) = scenario.all_topics().swap_remove(0);
        let partitions = PartitionId(partitions).index();
        let broker = Broker {
            up: true,
            serving: true,
            number: 0,
            registered: 0,
            heartbeats_from: Instant::ZERO,
            last_heartbeat: Instant::ZERO,
            slow_until: Instant::ZERO,
            stopped_until: Instant::ZERO,
            fetchers: vec![super::fetching::Fetcher::default(); count],
            produce_expiry: Alarm::default(),
            event: None,
        };
        let partition = |number: usize| Partition {
            registration: Registration::new(
                (0..factor).map(|place| (number + place) % count).collect(),
            ),
            authority: number % count,
            replicas: vec![Replica::default(); count],
            event: None,
            unclean: false,
        };
        let mut world = Self {
            settings: Settings::new(&config, factor),
            roster: Roster::new(scenario),
            topic,
            brokers: vec![broker; count],
            active: BrokerSet::first(count),
            partitions: (0..partitions).map(partition).collect(),
            ledger: Ledger::default(),
            producer: Producer::new(scenario, partitions, count),
            requests: Vec::new(),
            consumer: vec![super::consumer::Position::default(); partitions],
            config,
        };
        world.begin(&mut Now { queue, story });
        world
    }

    fn execute(
        &mut self,
        command: Command,
        queue: &mut CommandQueue<Command>,
        story: &mut Story<'_>,
    ) {
        let now = &mut Now { queue, story };
        let waits = self.producer_waits(command, now.at());
        if let Some(delay) = waits.or_else(|| self.broker_waits(command, now.at())) {
            now.after(delay, command);
            return;
        }
        match command {
            Command::Send { series, from } => self.go_on(series, from, now),
            Command::Flush { partition } => self.flush(partition, now),
            Command::ProduceArrives { request } => self.produce_arrives(request, now),
            Command::ProduceExpires { broker } => self.produce_expires(broker, now),
            Command::ProduceAnswered { request } => self.produce_answered(request, now),
            Command::Deadline => self.deadline(now),
            Command::Disconnected { broker } => self.disconnected(broker, now),
            Command::Refresh => {
                now.after(Duration(2 * self.settings.latency.0), Command::Refreshed);
            }
            Command::Refreshed => self.refreshed(now),
            Command::Fetch {
                follower,
                leader,
                number,
            } => {
                if self.brokers[follower].fetchers[leader].number == number {
                    self.fetch(follower, leader, now);
                }
            }
            Command::FetchArrives {
                follower,
                leader,
                number,
            } => {
                self.fetch_arrives(follower, leader, number, now);
            }
            Command::FetchExpires { follower, leader } => {
                self.fetch_expires(follower, leader, now);
            }
            Command::FetchAnswered {
                follower,
                leader,
                number,
            } => {
                self.fetch_answered(follower, leader, number, now);
            }
            Command::ProducerGoesOn => self.producer_goes_on(now),
            Command::RequestTimesOut { request } => self.request_times_out(request, now),
            Command::ReadTimesOut { partition, number } => {
                self.read_times_out(partition, number, now);
            }
            Command::BrokerGoesOn { broker } => self.broker_goes_on(broker, now),
            Command::Resume { broker } => self.resume(broker, now),
            Command::IsrCheck { broker, number } => self.isr_check(broker, number, now),
            Command::AlterPartition { partition, broker } => {
                self.alter_partition(partition, broker, now);
            }
            Command::Learn { partition, broker } => self.learn(partition, broker, now),
            Command::SessionCheck { broker, number } => self.session_check(broker, number, now),
            Command::Register {
                broker,
                number,
                attempt,
            } => {
                self.register(broker, number, attempt, now);
            }
            Command::Unfence { broker, number } => self.unfence(broker, number, now),
            Command::ElectionCheck => self.election_check(now),
            Command::Consume { partition, number } => self.consume(partition, number, now),
            Command::Consumed {
                partition,
                number,
                to,
            } => {
                self.consumed(partition, number, to, now);
            }
            Command::Validated { partition, number } => self.validated(partition, number, now),
        }
    }

    fn check(&self, action: &Action) -> Result<(), ActionError> {
        match action {
            Action::Do(step) => self.roster.check(step),
            Action::AddPartitions(_) => Err(ActionError::NotInThisSimulation("add-partitions")),
            Action::Produce(_) => action.check(
                i32::try_from(self.partitions.len()).unwrap_or(i32::MAX),
                self.producer.planned,
                [&self.producer.id],
            ),
        }
    }

    fn act(&mut self, action: &Action, queue: &mut CommandQueue<Command>, story: &mut Story<'_>) {
        let now = &mut Now { queue, story };
        match action {
            Action::Do(step) => self.step(step, now),
            Action::Produce(produce) => self.begin_series(produce, now),
            Action::AddPartitions(_) => {}
        }
    }

    fn weight(&self) -> u64 {
        let logs = self
            .partitions
            .iter()
            .flat_map(|partition| &partition.replicas);
        let entries: usize = logs.map(|replica| replica.log.entries.weight()).sum();
        (entries + self.ledger.weight() + self.requests.len()) as u64
    }

    fn view(&self, now: Instant) -> View {
        self.snapshot(now)
    }
}

/// The log that counts.
impl Partition {
    pub(super) fn counting_log(&self) -> &SharedList<Entry> {
        &self.replicas[self.authority].log.entries
    }
}

/// A partition's number in Kafka.
pub(super) fn number(partition: usize) -> PartitionId {
    PartitionId(i32::try_from(partition).unwrap_or(i32::MAX))
}

/// An index as an offset.
pub(super) fn offset(index: usize) -> Offset {
    Offset(i64::try_from(index).unwrap_or(i64::MAX))
}

//! What reaches the simulation from outside.

use super::Step;
use crate::config::MAX_PARTITIONS;
use crate::ids::{ActorName, PartitionId, ProducerId};
use crate::keys::KeySet;
use crate::text::grouped;
use crate::time::{Duration, Instant};
use std::fmt;

/// An action and its instant.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedAction {
    /// When.
    pub at: Instant,
    /// What.
    pub action: Action,
}

/// Something done to the cluster or to its clients.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Applications hand records to their producers.
    Produce(Produce),
    /// The topic grows to this many partitions.
    AddPartitions(i32),
    /// Something happens to a consumer, a broker or a service.
    Do(Step),
}

/// A series of records.
#[derive(Clone, Debug, PartialEq)]
pub struct Produce {
    /// Their keys, taken in turn.
    pub keys: Keys,
    /// How many records in all.
    pub count: u32,
    /// Time between two sends; 0 sends all at once.
    pub every: Duration,
    /// Records handed over at each send.
    pub burst: u32,
    /// Size of each value, in bytes.
    pub value_size: u32,
    /// A key that gets more than its turn.
    pub skew: Option<Skew>,
    /// The partition, if the application names it: then no partitioner is asked.
    pub partition: Option<PartitionId>,
    /// The only producer that sends them; all producers if `None`.
    pub producer: Option<ProducerId>,
}

/// Where keys come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Keys {
    /// These, in turn.
    List(Vec<String>),
    /// Those of a set of the course, in turn.
    Set(KeySet),
    /// No key at all.
    Null,
}

/// A key that gets more than its turn: the 80/20 case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skew {
    /// The key.
    pub key: String,
    /// Its share of the records, in percent, 0 to 100. Exact, not drawn at random.
    pub share: u8,
}

/// Most records that the actions of a run may ask of one producer.
pub const MAX_RECORDS: u64 = 100_000;

/// Largest value of a record, in bytes: `message.max.bytes`, by default.
pub const MAX_VALUE_SIZE: u32 = 1_000_000;

/// Latest instant of a run, and longest time between two sends: a day.
pub const MAX_TIME: Duration = Duration(24 * 3_600 * 1_000_000);

impl Produce {
    /// Each of these keys once (or one record without key), 100 bytes each, one every 100 ms.
    pub fn of(keys: Keys) -> Self {
        Self {
            count: keys.len().max(1),
            keys,
            every: Duration::from_millis(100),
            burst: 1,
            value_size: 100,
            skew: None,
            partition: None,
            producer: None,
        }
    }

    /// From the first send to the last.
    pub fn lasts(&self) -> Duration {
        let sends = self.count.div_ceil(self.burst.max(1));
        Duration(u64::from(sends.saturating_sub(1)).saturating_mul(self.every.0))
    }
}

impl Keys {
    /// How many there are; 0 for null keys.
    pub fn len(&self) -> u32 {
        match self {
            Self::List(keys) => u32::try_from(keys.len()).unwrap_or(u32::MAX),
            Self::Set(set) => set.size(),
            Self::Null => 0,
        }
    }

    /// Whether there are none: the records have null keys, or there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl TimedAction {
    /// When its last record is sent, or when it is done.
    pub fn ends_at(&self) -> Instant {
        match &self.action {
            Action::Produce(produce) => self.at + produce.lasts(),
            Action::AddPartitions(_) | Action::Do(_) => self.at,
        }
    }
}

/// Puts an action after those of its instant or earlier, and returns its place.
pub(crate) fn insert_in_time(actions: &mut Vec<TimedAction>, action: TimedAction) -> usize {
    let place = actions.partition_point(|before| before.at <= action.at);
    actions.insert(place, action);
    place
}

/// Why an action cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionError {
    /// A topic can only gain partitions.
    NotMorePartitions {
        /// How many it has.
        current: i32,
        /// How many were asked for.
        asked: i32,
    },
    /// More partitions than a simulated topic may have.
    TooManyPartitions,
    /// More records than a run may have.
    TooManyRecords,
    /// Nothing to send: no records, or an empty list of keys.
    NothingToSend,
    /// A share above 100 %.
    BadShare,
    /// A value larger than [`MAX_VALUE_SIZE`].
    ValueTooLarge,
    /// More than [`MAX_TIME`] between two sends.
    TooSlow,
    /// The partition named does not exist.
    NoSuchPartition {
        /// How many the topic has.
        current: i32,
        /// The one that was named.
        asked: i32,
    },
    /// The producer named does not exist.
    NoSuchProducer(ProducerId),
    /// A verb, or a property, that means nothing in this simulation.
    NotInThisSimulation(&'static str),
    /// Nobody has this name.
    NoSuchActor {
        /// The name.
        name: ActorName,
        /// The names that are known.
        known: String,
    },
    /// A consumer, or a broker, that runs already.
    AlreadyRunning(ActorName),
    /// A consumer, or a broker, that does not run.
    NotRunning(ActorName),
    /// A service whose queue has set no message aside.
    NoDeadLetters(ActorName),
    /// More consumers than a group may have here.
    TooManyConsumers,
}

impl Action {
    /// Whether it makes sense to the producers of a topic of this many partitions, after actions that asked for `planned` records, in a run
    /// that has these producers.
    ///
    /// # Errors
    /// When it does not.
    pub fn check<'a>(
        &self,
        partitions: i32,
        planned: u64,
        producers: impl IntoIterator<Item = &'a ProducerId>,
    ) -> Result<(), ActionError> {
        match self {
            Self::AddPartitions(asked) if *asked <= partitions => {
                Err(ActionError::NotMorePartitions {
                    current: partitions,
                    asked: *asked,
                })
            }
            Self::AddPartitions(asked) if asked.cast_unsigned() > MAX_PARTITIONS => {
                Err(ActionError::TooManyPartitions)
            }
            Self::AddPartitions(_) => Ok(()),
            Self::Do(step) => Err(ActionError::NotInThisSimulation(step.verb())),
            Self::Produce(produce) => produce.check(partitions, planned, producers),
        }
    }
}

impl Produce {
    fn check<'a>(
        &self,
        partitions: i32,
        planned: u64,
        producers: impl IntoIterator<Item = &'a ProducerId>,
    ) -> Result<(), ActionError> {
        let empty_list = matches!(&self.keys, Keys::List(keys) if keys.is_empty());
        if self.count == 0 || empty_list {
            return Err(ActionError::NothingToSend);
        }
        if planned + u64::from(self.count) > MAX_RECORDS {
            return Err(ActionError::TooManyRecords);
        }
        if self.value_size > MAX_VALUE_SIZE {
            return Err(ActionError::ValueTooLarge);
        }
        if self.every > MAX_TIME {
            return Err(ActionError::TooSlow);
        }
        if self.skew.as_ref().is_some_and(|skew| skew.share > 100) {
            return Err(ActionError::BadShare);
        }
        if let Some(named) = self
            .partition
            .filter(|named| !(0..partitions).contains(&named.0))
        {
            return Err(ActionError::NoSuchPartition {
                current: partitions,
                asked: named.0,
            });
        }
        match &self.producer {
            Some(id) if !producers.into_iter().any(|known| known == id) => {
                Err(ActionError::NoSuchProducer(id.clone()))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotMorePartitions { current, asked } => write!(
                f,
                "le topic a déjà {current} partitions : on ne peut qu'en ajouter, et {asked} n'est pas plus grand"
            ),
            Self::TooManyPartitions => {
                write!(f, "une simulation a au plus {MAX_PARTITIONS} partitions")
            }
            Self::TooManyRecords => {
                write!(
                    f,
                    "une simulation envoie au plus {} messages par producer",
                    grouped(MAX_RECORDS.cast_signed())
                )
            }
            Self::NothingToSend => {
                f.write_str("il n'y a rien à envoyer : donnez au moins une clé et un message")
            }
            Self::BadShare => f.write_str("une part va de 0 à 100 %"),
            Self::ValueTooLarge => {
                write!(
                    f,
                    "une valeur fait au plus {} octets",
                    grouped(i64::from(MAX_VALUE_SIZE))
                )
            }
            Self::TooSlow => f.write_str("le temps entre deux envois est d'au plus un jour"),
            Self::NoSuchPartition { current, asked } => {
                write!(
                    f,
                    "la partition {asked} n'existe pas : elles vont de 0 à {}",
                    current - 1
                )
            }
            Self::NoSuchProducer(id) => write!(f, "il n'y a pas de producer « {id} »"),
            Self::NotInThisSimulation(word) => {
                write!(f, "« {word} » ne veut rien dire dans cette simulation")
            }
            Self::NoSuchActor { name, known } if known.is_empty() => {
                write!(
                    f,
                    "« {name} » n'existe pas encore : commencez par join {name}"
                )
            }
            Self::NoSuchActor { name, known } => {
                write!(f, "« {name} » n'existe pas ; il y a {known}")
            }
            Self::NoDeadLetters(name) => write!(f, "{name} n’a aucun message au rebut"),
            Self::AlreadyRunning(name) => write!(f, "« {name} » fonctionne déjà"),
            Self::NotRunning(name) => write!(f, "« {name} » est arrêté"),
            Self::TooManyConsumers => {
                write!(
                    f,
                    "un groupe a ici au plus {} consumers",
                    super::MAX_CONSUMERS
                )
            }
        }
    }
}

impl std::error::Error for ActionError {}

//! The configuration properties that the simulations know, under Kafka's own names.

use crate::partitioner::Client;
use crate::scenario::Kind;

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// `num.partitions`.
    NumPartitions,
    /// `client.id`.
    ClientId,
    /// `partitioner`.
    Partitioner,
    /// `linger.ms`.
    LingerMs,
    /// `batch.size`.
    BatchSize,
    /// `batch.num.messages`.
    BatchNumMessages,
    /// `sticky.partitioning.linger.ms`.
    StickyPartitioningLingerMs,
    /// `partitioner.adaptive.partitioning.enable`.
    AdaptivePartitioning,
    /// `partitioner.ignore.keys`.
    IgnoreKeys,
    /// `group.protocol`.
    GroupProtocol,
    /// `partition.assignment.strategy`.
    AssignmentStrategy,
    /// `group.remote.assignor`.
    RemoteAssignor,
    /// `session.timeout.ms`.
    SessionTimeoutMs,
    /// `heartbeat.interval.ms`.
    HeartbeatIntervalMs,
    /// `max.poll.interval.ms`.
    MaxPollIntervalMs,
    /// `max.poll.records`.
    MaxPollRecords,
    /// `enable.auto.commit`.
    EnableAutoCommit,
    /// `auto.commit.interval.ms`.
    AutoCommitIntervalMs,
    /// `enable.auto.offset.store`.
    EnableAutoOffsetStore,
    /// `auto.offset.reset`.
    AutoOffsetReset,
    /// `group.initial.rebalance.delay.ms`.
    InitialRebalanceDelayMs,
    /// `group.consumer.session.timeout.ms`.
    GroupConsumerSessionTimeoutMs,
    /// `group.consumer.heartbeat.interval.ms`.
    GroupConsumerHeartbeatIntervalMs,
    /// `acks`.
    Acks,
    /// `enable.idempotence`.
    EnableIdempotence,
    /// `delivery.timeout.ms`, which librdkafka also calls `message.timeout.ms`.
    DeliveryTimeoutMs,
    /// `request.timeout.ms`.
    RequestTimeoutMs,
    /// `socket.timeout.ms`.
    SocketTimeoutMs,
    /// `retry.backoff.ms`.
    RetryBackoffMs,
    /// `default.replication.factor`.
    ReplicationFactor,
    /// `min.insync.replicas`.
    MinInsyncReplicas,
    /// `replica.lag.time.max.ms`.
    ReplicaLagTimeMaxMs,
    /// `replica.fetch.wait.max.ms`.
    ReplicaFetchWaitMaxMs,
    /// `unclean.leader.election.enable`.
    UncleanLeaderElection,
    /// `broker.session.timeout.ms`.
    BrokerSessionTimeoutMs,
    /// `simulation.client`.
    SimulationClient,
    /// `simulation.brokers`.
    SimulationBrokers,
    /// `simulation.latency`.
    SimulationLatency,
    /// `simulation.processing.time`.
    SimulationProcessingTime,
    /// `simulation.processing.jitter`.
    SimulationProcessingJitter,
    /// `simulation.handler`.
    SimulationHandler,
    /// `simulation.workers`.
    SimulationWorkers,
    /// `simulation.batch`.
    SimulationBatch,
    /// `simulation.service.time`.
    SimulationServiceTime,
    /// `simulation.service.jitter`.
    SimulationServiceJitter,
    /// `simulation.service.instances`.
    SimulationServiceInstances,
    /// `simulation.rest.requests`.
    SimulationRestRequests,
    /// `simulation.rest.queue`.
    SimulationRestQueue,
    /// `simulation.rest.timeout`.
    SimulationRestTimeout,
    /// `simulation.rest.retries`.
    SimulationRestRetries,
    /// `simulation.rest.backoff`.
    SimulationRestBackoff,
    /// `simulation.publish.time`.
    SimulationPublishTime,
    /// `simulation.queue.deliveries`.
    SimulationQueueDeliveries,
}

/// What values a property takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A whole number from `min` to `max`.
    Count {
        /// Smallest value.
        min: u32,
        /// Largest value.
        max: u32,
    },
    /// A length of time, at most this many milliseconds; a number without unit is milliseconds, as in Kafka.
    Milliseconds {
        /// Largest value.
        max: u32,
    },
    /// A size from `min` to `max` bytes; a number without unit is bytes, as in Kafka.
    Bytes {
        /// Smallest value.
        min: u32,
        /// Largest value.
        max: u32,
    },
    /// `true` or `false`.
    Flag,
    /// The name of a [`crate::partitioner::Partitioner`].
    Partitioner,
    /// One of these words, which the property's own documentation explains.
    Choice(&'static [&'static str]),
    /// Any text that is not empty.
    Text,
}

/// Whom a property configures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The topic: it belongs to `[config]` alone.
    Topic,
    /// A producer of either family.
    Producer,
    /// A producer of one family only.
    ProducerOf(Client),
    /// A consumer.
    Consumer,
    /// The brokers.
    Broker,
    /// The simulation: what it takes for granted around Kafka.
    Simulation,
}

/// What is known of a property.
#[derive(Clone, Copy, Debug)]
pub struct PropertySpec {
    /// Which one.
    pub property: Property,
    /// Its name in Kafka.
    pub name: &'static str,
    /// Whom it configures.
    pub scope: Scope,
    /// The values it takes.
    pub form: Form,
    /// The simulations in which it means something.
    pub kinds: &'static [Kind],
    /// Its default, as a person writes it; empty if there is none, or if it depends on the client.
    pub default: &'static str,
}

/// What only a person reads of a property. Apart from the rest, so that what runs a simulation does without.
#[derive(Clone, Copy)]
struct Words {
    dotnet: Option<&'static str>,
    summary: &'static str,
}

impl PropertySpec {
    /// Its name in .NET's `ProducerConfig` or `ConsumerConfig`, if it has one.
    pub fn dotnet(&self) -> Option<&'static str> {
        self.words().dotnet
    }

    /// What it does, in one French sentence.
    pub fn summary(&self) -> &'static str {
        self.words().summary
    }

    fn words(&self) -> &'static Words {
        &WORDS[self.property as usize]
    }
}

/// Most partitions a simulated topic may have.
pub const MAX_PARTITIONS: u32 = 1_000;

const PARTITIONING: &[Kind] = &[Kind::Partitioning];
const GROUP: &[Kind] = &[Kind::Rebalancing, Kind::Commits];
const READERS: &[Kind] = &[Kind::Rebalancing, Kind::Commits, Kind::Architecture];
const ARCHITECTURE: &[Kind] = &[Kind::Architecture];
const REPLICATION: &[Kind] = &[Kind::Replication];
const CLIENTS: &[Kind] = &[Kind::Rebalancing, Kind::Commits, Kind::Replication];

/// Everything there is, in the order in which a person would set it: that of [`Property`].
pub static PROPERTIES: [PropertySpec; COUNT] = {
    let mut specs = [ALL[0].spec(); COUNT];
    let mut at = 0;
    while at < COUNT {
        specs[at] = ALL[at].spec();
        at += 1;
    }
    specs
};

/// In the same order.
static WORDS: [Words; COUNT] = {
    let mut words = [ALL[0].words(); COUNT];
    let mut at = 0;
    while at < COUNT {
        words[at] = ALL[at].words();
        at += 1;
    }
    words
};

/// A property with all that is known of it.
#[derive(Clone, Copy)]
struct Entry {
    property: Property,
    name: &'static str,
    dotnet: Option<&'static str>,
    scope: Scope,
    form: Form,
    kinds: &'static [Kind],
    default: &'static str,
    summary: &'static str,
}

impl Entry {
    const fn spec(&self) -> PropertySpec {
        PropertySpec {
            property: self.property,
            name: self.name,
            scope: self.scope,
            form: self.form,
            kinds: self.kinds,
            default: self.default,
        }
    }

    const fn words(&self) -> Words {
        Words {
            dotnet: self.dotnet,
            summary: self.summary,
        }
    }
}

/// How many there are.
const COUNT: usize = 53;

const ALL: [Entry; COUNT] = [
    Entry {
        property: Property::NumPartitions,
        name: "num.partitions",
        dotnet: None,
        scope: Scope::Topic,
        form: Form::Count {
            min: 1,
            max: MAX_PARTITIONS,
        },
        kinds: &Kind::ALL,
        default: "",
        summary: "Nombre de partitions du topic à sa création.",
    },
    Entry {
        property: Property::ClientId,
        name: "client.id",
        dotnet: Some("ClientId"),
        scope: Scope::Producer,
        form: Form::Text,
        kinds: PARTITIONING,
        default: "",
        summary: "Nom du client dans les logs et les métriques du broker.",
    },
    Entry {
        property: Property::Partitioner,
        name: "partitioner",
        dotnet: Some("Partitioner"),
        scope: Scope::Producer,
        form: Form::Partitioner,
        kinds: &[Kind::Partitioning, Kind::Architecture],
        default: "",
        summary: "Algorithme qui choisit la partition de chaque message.",
    },
    Entry {
        property: Property::LingerMs,
        name: "linger.ms",
        dotnet: Some("LingerMs"),
        scope: Scope::Producer,
        form: Form::Milliseconds { max: 900_000 },
        kinds: PARTITIONING,
        default: "",
        summary: "Temps pendant lequel un lot attend d'autres messages avant de partir.",
    },
    Entry {
        property: Property::BatchSize,
        name: "batch.size",
        dotnet: Some("BatchSize"),
        scope: Scope::Producer,
        form: Form::Bytes {
            min: 1,
            max: i32::MAX as u32,
        },
        kinds: PARTITIONING,
        default: "",
        summary: "Taille à partir de laquelle un lot part sans attendre.",
    },
    Entry {
        property: Property::BatchNumMessages,
        name: "batch.num.messages",
        dotnet: Some("BatchNumMessages"),
        scope: Scope::ProducerOf(Client::Librdkafka),
        form: Form::Count {
            min: 1,
            max: 1_000_000,
        },
        kinds: PARTITIONING,
        default: "",
        summary: "Nombre de messages à partir duquel un lot part sans attendre.",
    },
    Entry {
        property: Property::StickyPartitioningLingerMs,
        name: "sticky.partitioning.linger.ms",
        dotnet: Some("StickyPartitioningLingerMs"),
        scope: Scope::ProducerOf(Client::Librdkafka),
        form: Form::Milliseconds { max: 900_000 },
        kinds: PARTITIONING,
        default: "",
        summary: "Temps pendant lequel les messages sans clé restent sur la même partition ; 0 en tire une par message.",
    },
    Entry {
        property: Property::AdaptivePartitioning,
        name: "partitioner.adaptive.partitioning.enable",
        dotnet: None,
        scope: Scope::ProducerOf(Client::Java),
        form: Form::Flag,
        kinds: PARTITIONING,
        default: "",
        summary: "Préférer, pour les messages sans clé, les partitions dont la file d'attente est courte.",
    },
    Entry {
        property: Property::IgnoreKeys,
        name: "partitioner.ignore.keys",
        dotnet: None,
        scope: Scope::ProducerOf(Client::Java),
        form: Form::Flag,
        kinds: PARTITIONING,
        default: "",
        summary: "Répartir les messages comme s'ils n'avaient pas de clé.",
    },
    Entry {
        property: Property::GroupProtocol,
        name: "group.protocol",
        dotnet: Some("GroupProtocol"),
        scope: Scope::Consumer,
        form: Form::Choice(&["classic", "consumer"]),
        kinds: GROUP,
        default: "classic",
        summary: "Protocole du groupe : classic, ou consumer (KIP-848), que le broker conduit.",
    },
    Entry {
        property: Property::AssignmentStrategy,
        name: "partition.assignment.strategy",
        dotnet: Some("PartitionAssignmentStrategy"),
        scope: Scope::Consumer,
        form: Form::Choice(&["range", "roundrobin", "sticky", "cooperative-sticky"]),
        kinds: GROUP,
        default: "range",
        summary: "Algorithme qui partage les partitions entre les membres ; sticky n’existe que chez Java.",
    },
    Entry {
        property: Property::RemoteAssignor,
        name: "group.remote.assignor",
        dotnet: Some("GroupRemoteAssignor"),
        scope: Scope::Consumer,
        form: Form::Choice(&["uniform", "range"]),
        kinds: GROUP,
        default: "uniform",
        summary: "Algorithme du broker quand group.protocol vaut consumer.",
    },
    Entry {
        property: Property::SessionTimeoutMs,
        name: "session.timeout.ms",
        dotnet: Some("SessionTimeoutMs"),
        scope: Scope::Consumer,
        form: Form::Milliseconds { max: 1_800_000 },
        kinds: READERS,
        default: "45s",
        summary: "Silence après lequel le coordinateur tient un membre pour mort (protocole classic).",
    },
    Entry {
        property: Property::HeartbeatIntervalMs,
        name: "heartbeat.interval.ms",
        dotnet: Some("HeartbeatIntervalMs"),
        scope: Scope::Consumer,
        form: Form::Milliseconds { max: 1_800_000 },
        kinds: GROUP,
        default: "3s",
        summary: "Temps entre deux battements de cœur du membre (protocole classic).",
    },
    Entry {
        property: Property::MaxPollIntervalMs,
        name: "max.poll.interval.ms",
        dotnet: Some("MaxPollIntervalMs"),
        scope: Scope::Consumer,
        form: Form::Milliseconds { max: 86_400_000 },
        kinds: GROUP,
        default: "300s",
        summary: "Temps le plus long entre deux appels à Consume() ; au-delà, le client quitte le groupe.",
    },
    Entry {
        property: Property::MaxPollRecords,
        name: "max.poll.records",
        dotnet: None,
        scope: Scope::Consumer,
        form: Form::Count {
            min: 1,
            max: 100_000,
        },
        kinds: GROUP,
        default: "500",
        summary: "Messages que poll() rend au plus (Java seulement).",
    },
    Entry {
        property: Property::EnableAutoCommit,
        name: "enable.auto.commit",
        dotnet: Some("EnableAutoCommit"),
        scope: Scope::Consumer,
        form: Form::Flag,
        kinds: GROUP,
        default: "true",
        summary: "Valider en arrière-plan les offsets enregistrés.",
    },
    Entry {
        property: Property::AutoCommitIntervalMs,
        name: "auto.commit.interval.ms",
        dotnet: Some("AutoCommitIntervalMs"),
        scope: Scope::Consumer,
        form: Form::Milliseconds { max: 86_400_000 },
        kinds: READERS,
        default: "5s",
        summary: "Temps entre deux validations automatiques.",
    },
    Entry {
        property: Property::EnableAutoOffsetStore,
        name: "enable.auto.offset.store",
        dotnet: Some("EnableAutoOffsetStore"),
        scope: Scope::Consumer,
        form: Form::Flag,
        kinds: GROUP,
        default: "true",
        summary: "Enregistrer l’offset suivant dès que Consume() rend un message (librdkafka seulement).",
    },
    Entry {
        property: Property::AutoOffsetReset,
        name: "auto.offset.reset",
        dotnet: Some("AutoOffsetReset"),
        scope: Scope::Consumer,
        form: Form::Choice(&["latest", "earliest"]),
        kinds: READERS,
        default: "latest",
        summary: "Où commencer quand le groupe n’a rien validé.",
    },
    Entry {
        property: Property::InitialRebalanceDelayMs,
        name: "group.initial.rebalance.delay.ms",
        dotnet: None,
        scope: Scope::Broker,
        form: Form::Milliseconds { max: 300_000 },
        kinds: READERS,
        default: "3s",
        summary: "Temps pendant lequel un groupe vide attend d’autres membres avant son premier partage.",
    },
    Entry {
        property: Property::GroupConsumerSessionTimeoutMs,
        name: "group.consumer.session.timeout.ms",
        dotnet: None,
        scope: Scope::Broker,
        form: Form::Milliseconds { max: 60_000 },
        kinds: GROUP,
        default: "45s",
        summary: "Silence après lequel le broker tient un membre pour mort (protocole consumer).",
    },
    Entry {
        property: Property::GroupConsumerHeartbeatIntervalMs,
        name: "group.consumer.heartbeat.interval.ms",
        dotnet: None,
        scope: Scope::Broker,
        form: Form::Milliseconds { max: 15_000 },
        kinds: GROUP,
        default: "5s",
        summary: "Temps entre deux battements de cœur, fixé par le broker (protocole consumer).",
    },
    Entry {
        property: Property::Acks,
        name: "acks",
        dotnet: Some("Acks"),
        scope: Scope::Producer,
        form: Form::Choice(&["all", "1", "0"]),
        kinds: REPLICATION,
        default: "all",
        summary: "Qui doit avoir écrit un message pour qu’il soit acquitté : toutes les répliques synchronisées, le leader, ou personne.",
    },
    Entry {
        property: Property::EnableIdempotence,
        name: "enable.idempotence",
        dotnet: Some("EnableIdempotence"),
        scope: Scope::Producer,
        form: Form::Flag,
        kinds: REPLICATION,
        default: "false",
        summary: "Numéroter les lots pour que le broker écarte les doublons des réessais (false chez .NET, true chez Java).",
    },
    Entry {
        property: Property::DeliveryTimeoutMs,
        name: "delivery.timeout.ms",
        dotnet: Some("MessageTimeoutMs"),
        scope: Scope::Producer,
        form: Form::Milliseconds { max: 86_400_000 },
        kinds: REPLICATION,
        default: "300s",
        summary: "Temps au bout duquel un message non acquitté est déclaré en échec.",
    },
    Entry {
        property: Property::RequestTimeoutMs,
        name: "request.timeout.ms",
        dotnet: Some("RequestTimeoutMs"),
        scope: Scope::Producer,
        form: Form::Milliseconds { max: 900_000 },
        kinds: REPLICATION,
        default: "30s",
        summary: "Temps pendant lequel le leader attend les répliques avant de répondre, et le producer la réponse.",
    },
    Entry {
        property: Property::SocketTimeoutMs,
        name: "socket.timeout.ms",
        dotnet: Some("SocketTimeoutMs"),
        scope: Scope::Producer,
        form: Form::Milliseconds { max: 300_000 },
        kinds: REPLICATION,
        default: "60s",
        summary: "Temps sans réponse au bout duquel un client .NET rompt la connexion avec un broker.",
    },
    Entry {
        property: Property::RetryBackoffMs,
        name: "retry.backoff.ms",
        dotnet: Some("RetryBackoffMs"),
        scope: Scope::Producer,
        form: Form::Milliseconds { max: 300_000 },
        kinds: REPLICATION,
        default: "100ms",
        summary: "Attente avant un réessai.",
    },
    Entry {
        property: Property::ReplicationFactor,
        name: "default.replication.factor",
        dotnet: None,
        scope: Scope::Topic,
        form: Form::Count { min: 1, max: 9 },
        kinds: REPLICATION,
        default: "3",
        summary: "Nombre de copies de chaque partition.",
    },
    Entry {
        property: Property::MinInsyncReplicas,
        name: "min.insync.replicas",
        dotnet: None,
        scope: Scope::Topic,
        form: Form::Count { min: 1, max: 9 },
        kinds: REPLICATION,
        default: "1",
        summary: "Répliques synchronisées qu’il faut pour écrire avec acks=all.",
    },
    Entry {
        property: Property::ReplicaLagTimeMaxMs,
        name: "replica.lag.time.max.ms",
        dotnet: None,
        scope: Scope::Broker,
        form: Form::Milliseconds { max: 86_400_000 },
        kinds: REPLICATION,
        default: "30s",
        summary: "Retard au-delà duquel une réplique sort des répliques synchronisées (ISR).",
    },
    Entry {
        property: Property::ReplicaFetchWaitMaxMs,
        name: "replica.fetch.wait.max.ms",
        dotnet: None,
        scope: Scope::Broker,
        form: Form::Milliseconds { max: 60_000 },
        kinds: REPLICATION,
        default: "500ms",
        summary: "Temps pendant lequel le leader fait patienter une réplique qui n’a rien à copier.",
    },
    Entry {
        property: Property::UncleanLeaderElection,
        name: "unclean.leader.election.enable",
        dotnet: None,
        scope: Scope::Topic,
        form: Form::Flag,
        kinds: REPLICATION,
        default: "false",
        summary: "Permettre à une réplique en retard de devenir leader, au prix de messages perdus.",
    },
    Entry {
        property: Property::BrokerSessionTimeoutMs,
        name: "broker.session.timeout.ms",
        dotnet: None,
        scope: Scope::Broker,
        form: Form::Milliseconds { max: 600_000 },
        kinds: REPLICATION,
        default: "9s",
        summary: "Silence après lequel le contrôleur écarte un broker.",
    },
    Entry {
        property: Property::SimulationClient,
        name: "simulation.client",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Choice(&["librdkafka", "java"]),
        kinds: CLIENTS,
        default: "librdkafka",
        summary: "Famille du client : librdkafka (celle de .NET) ou java.",
    },
    Entry {
        property: Property::SimulationBrokers,
        name: "simulation.brokers",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 1, max: 9 },
        kinds: REPLICATION,
        default: "3",
        summary: "Nombre de brokers.",
    },
    Entry {
        property: Property::SimulationLatency,
        name: "simulation.latency",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Milliseconds { max: 60_000 },
        kinds: CLIENTS,
        default: "1ms",
        summary: "Durée d’un trajet sur le réseau.",
    },
    Entry {
        property: Property::SimulationProcessingTime,
        name: "simulation.processing.time",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Milliseconds { max: 86_400_000 },
        kinds: GROUP,
        default: "10ms",
        summary: "Durée du traitement d’un message.",
    },
    Entry {
        property: Property::SimulationProcessingJitter,
        name: "simulation.processing.jitter",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 0, max: 100 },
        kinds: GROUP,
        default: "0",
        summary: "Variation de cette durée, en pour cent, tirée de la graine.",
    },
    Entry {
        property: Property::SimulationHandler,
        name: "simulation.handler",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Choice(&[
            "auto",
            "store-after",
            "sync-before",
            "sync-after",
            "async-after",
            "batch",
            "task-pool",
            "low-water-mark",
        ]),
        kinds: GROUP,
        default: "auto",
        summary: "Façon dont le code valide : voir la légende.",
    },
    Entry {
        property: Property::SimulationWorkers,
        name: "simulation.workers",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 1, max: 64 },
        kinds: GROUP,
        default: "4",
        summary: "Tâches parallèles des façons task-pool et low-water-mark.",
    },
    Entry {
        property: Property::SimulationBatch,
        name: "simulation.batch",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count {
            min: 1,
            max: 100_000,
        },
        kinds: GROUP,
        default: "100",
        summary: "Messages d’un lot de la façon batch.",
    },
    Entry {
        property: Property::SimulationServiceTime,
        name: "simulation.service.time",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Milliseconds { max: 3_600_000 },
        kinds: ARCHITECTURE,
        default: "200ms",
        summary: "Durée du traitement d’une commande par un service, réponse comprise.",
    },
    Entry {
        property: Property::SimulationServiceJitter,
        name: "simulation.service.jitter",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 0, max: 100 },
        kinds: ARCHITECTURE,
        default: "0",
        summary: "Variation de cette durée, en pour cent, tirée de la graine.",
    },
    Entry {
        property: Property::SimulationServiceInstances,
        name: "simulation.service.instances",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 1, max: 64 },
        kinds: ARCHITECTURE,
        default: "4",
        summary: "Instances de chaque service ; chacune traite une commande à la fois.",
    },
    Entry {
        property: Property::SimulationRestRequests,
        name: "simulation.rest.requests",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 1, max: 1_000 },
        kinds: ARCHITECTURE,
        default: "20",
        summary: "Commandes qu’OrderService mène de front dans la chaîne d’appels.",
    },
    Entry {
        property: Property::SimulationRestQueue,
        name: "simulation.rest.queue",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count {
            min: 0,
            max: 10_000,
        },
        kinds: ARCHITECTURE,
        default: "20",
        summary: "Commandes qui peuvent attendre qu’une place se libère ; au-delà, 503.",
    },
    Entry {
        property: Property::SimulationRestTimeout,
        name: "simulation.rest.timeout",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Milliseconds { max: 600_000 },
        kinds: ARCHITECTURE,
        default: "1s",
        summary: "Temps pendant lequel un appel attend sa réponse.",
    },
    Entry {
        property: Property::SimulationRestRetries,
        name: "simulation.rest.retries",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 0, max: 100 },
        kinds: ARCHITECTURE,
        default: "2",
        summary: "Nouvelles tentatives d’un appel qui a échoué.",
    },
    Entry {
        property: Property::SimulationRestBackoff,
        name: "simulation.rest.backoff",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Milliseconds { max: 600_000 },
        kinds: ARCHITECTURE,
        default: "200ms",
        summary: "Attente avant une nouvelle tentative.",
    },
    Entry {
        property: Property::SimulationPublishTime,
        name: "simulation.publish.time",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Milliseconds { max: 600_000 },
        kinds: ARCHITECTURE,
        default: "5ms",
        summary: "Temps qu’il faut à un broker pour acquitter une commande.",
    },
    Entry {
        property: Property::SimulationQueueDeliveries,
        name: "simulation.queue.deliveries",
        dotnet: None,
        scope: Scope::Simulation,
        form: Form::Count { min: 1, max: 1_000 },
        kinds: ARCHITECTURE,
        default: "5",
        summary: "Livraisons d’un message avant sa mise au rebut.",
    },
];

impl Property {
    /// The property called `name` in Kafka.
    pub fn from_name(name: &str) -> Option<Self> {
        PROPERTIES
            .iter()
            .find(|spec| spec.name == name)
            .map(|spec| spec.property)
    }

    /// What is known of it.
    pub fn spec(self) -> &'static PropertySpec {
        // The table is in the order of the variants; a test holds it to that.
        &PROPERTIES[self as usize]
    }

    /// Whether it means something in this simulation.
    pub fn suits(self, kind: Kind) -> bool {
        self.spec().kinds.contains(&kind)
    }

    /// Its name in Kafka.
    pub fn name(self) -> &'static str {
        self.spec().name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Setting;

    #[test]
    fn the_table_is_in_the_order_of_the_variants() {
        for spec in &PROPERTIES {
            assert_eq!(spec.property.name(), spec.name);
            assert_eq!(Property::from_name(spec.name), Some(spec.property));
        }
    }

    #[test]
    fn defaults_are_values_of_their_property() {
        for spec in PROPERTIES.iter().filter(|spec| !spec.default.is_empty()) {
            let setting = Setting::parse(spec.form, spec.default);
            let setting = setting.unwrap_or_else(|error| panic!("{}: {error}", spec.name));
            assert_eq!(setting.to_string(), spec.default, "{}", spec.name);
        }
    }
}

//! The configuration properties that the simulations know, under Kafka's own names.

use crate::partitioner::Client;

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
}

/// What is known of a property.
#[derive(Clone, Copy, Debug)]
pub struct PropertySpec {
    /// Which one.
    pub property: Property,
    /// Its name in Kafka.
    pub name: &'static str,
    /// Its name in .NET's `ProducerConfig`, if it has one.
    pub dotnet: Option<&'static str>,
    /// Whom it configures.
    pub scope: Scope,
    /// The values it takes.
    pub form: Form,
    /// What it does, in one French sentence.
    pub summary: &'static str,
}

/// Most partitions a simulated topic may have.
pub const MAX_PARTITIONS: u32 = 1_000;

/// Everything there is, in the order in which a person would set it.
pub const PROPERTIES: [PropertySpec; 9] = [
    PropertySpec {
        property: Property::NumPartitions,
        name: "num.partitions",
        dotnet: None,
        scope: Scope::Topic,
        form: Form::Count {
            min: 1,
            max: MAX_PARTITIONS,
        },
        summary: "Nombre de partitions du topic à sa création.",
    },
    PropertySpec {
        property: Property::ClientId,
        name: "client.id",
        dotnet: Some("ClientId"),
        scope: Scope::Producer,
        form: Form::Text,
        summary: "Nom du client dans les logs et les métriques du broker.",
    },
    PropertySpec {
        property: Property::Partitioner,
        name: "partitioner",
        dotnet: Some("Partitioner"),
        scope: Scope::Producer,
        form: Form::Partitioner,
        summary: "Algorithme qui choisit la partition de chaque message.",
    },
    PropertySpec {
        property: Property::LingerMs,
        name: "linger.ms",
        dotnet: Some("LingerMs"),
        scope: Scope::Producer,
        form: Form::Milliseconds { max: 900_000 },
        summary: "Temps pendant lequel un lot attend d'autres messages avant de partir.",
    },
    PropertySpec {
        property: Property::BatchSize,
        name: "batch.size",
        dotnet: Some("BatchSize"),
        scope: Scope::Producer,
        form: Form::Bytes {
            min: 1,
            max: i32::MAX as u32,
        },
        summary: "Taille à partir de laquelle un lot part sans attendre.",
    },
    PropertySpec {
        property: Property::BatchNumMessages,
        name: "batch.num.messages",
        dotnet: Some("BatchNumMessages"),
        scope: Scope::ProducerOf(Client::Librdkafka),
        form: Form::Count {
            min: 1,
            max: 1_000_000,
        },
        summary: "Nombre de messages à partir duquel un lot part sans attendre.",
    },
    PropertySpec {
        property: Property::StickyPartitioningLingerMs,
        name: "sticky.partitioning.linger.ms",
        dotnet: Some("StickyPartitioningLingerMs"),
        scope: Scope::ProducerOf(Client::Librdkafka),
        form: Form::Milliseconds { max: 900_000 },
        summary: "Temps pendant lequel les messages sans clé restent sur la même partition ; 0 en tire une par message.",
    },
    PropertySpec {
        property: Property::AdaptivePartitioning,
        name: "partitioner.adaptive.partitioning.enable",
        dotnet: None,
        scope: Scope::ProducerOf(Client::Java),
        form: Form::Flag,
        summary: "Préférer, pour les messages sans clé, les partitions dont la file d'attente est courte.",
    },
    PropertySpec {
        property: Property::IgnoreKeys,
        name: "partitioner.ignore.keys",
        dotnet: None,
        scope: Scope::ProducerOf(Client::Java),
        form: Form::Flag,
        summary: "Répartir les messages comme s'ils n'avaient pas de clé.",
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
    pub const fn spec(self) -> &'static PropertySpec {
        // The table is in the order of the variants; a test holds it to that.
        &PROPERTIES[self as usize]
    }

    /// Its name in Kafka.
    pub const fn name(self) -> &'static str {
        self.spec().name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_variants() {
        for spec in &PROPERTIES {
            assert_eq!(spec.property.name(), spec.name);
            assert_eq!(Property::from_name(spec.name), Some(spec.property));
        }
    }
}

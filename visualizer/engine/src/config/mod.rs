//! Configuration: values of Kafka's own properties, checked when they are set, with the clients' real defaults.

mod property;
mod value;

pub use property::{Form, MAX_PARTITIONS, PROPERTIES, Property, PropertySpec, Scope};
pub use value::{Setting, SettingError};

use crate::partitioner::{Client, Partitioner};
use crate::time::Duration;

/// The properties that were set, each at most once; the accessors fill in the defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// In the order of the properties.
    settings: Vec<(Property, Setting)>,
}

impl Config {
    /// Sets a property to a value that was read for it.
    pub fn set(&mut self, property: Property, setting: Setting) {
        match self.place(property) {
            Ok(index) => self.settings[index].1 = setting,
            Err(index) => self.settings.insert(index, (property, setting)),
        }
    }

    /// Reads a value as a person writes it, and sets the property to it.
    ///
    /// # Errors
    /// When the text is not a value of this property.
    pub fn set_text(&mut self, property: Property, text: &str) -> Result<(), SettingError> {
        self.set(property, Setting::parse(property.spec().form, text)?);
        Ok(())
    }

    /// Makes the property take its default.
    pub fn unset(&mut self, property: Property) {
        if let Ok(index) = self.place(property) {
            self.settings.remove(index);
        }
    }

    /// The value that was set, if one was.
    pub fn get(&self, property: Property) -> Option<&Setting> {
        self.place(property)
            .ok()
            .map(|index| &self.settings[index].1)
    }

    /// The properties that were set, and their values.
    pub fn iter(&self) -> impl Iterator<Item = (Property, &Setting)> {
        self.settings
            .iter()
            .map(|(property, setting)| (*property, setting))
    }

    /// Where a property is, or where it would be.
    fn place(&self, property: Property) -> Result<usize, usize> {
        self.settings
            .binary_search_by_key(&property, |(known, _)| *known)
    }

    /// The value in force: what was set, else the client's default.
    pub fn effective(&self, property: Property) -> Option<Setting> {
        self.get(property)
            .cloned()
            .or_else(|| self.default_of(property))
    }

    /// The default of the client that this configures, from the documentation of librdkafka 2.16 and Apache Kafka 4.x;
    /// `None` if there is none.
    fn default_of(&self, property: Property) -> Option<Setting> {
        let java = self.client() == Client::Java;
        Some(match property {
            Property::NumPartitions => Setting::Count(1),
            Property::ClientId => return None,
            Property::Partitioner => Setting::Partitioner(Partitioner::ConsistentRandom),
            // Java 4.0 went from 0 to 5 ms.
            Property::LingerMs => Setting::Time(Duration::from_millis(5)),
            Property::BatchSize => Setting::Bytes(if java { 16_384 } else { 1_000_000 }),
            Property::BatchNumMessages => Setting::Count(10_000),
            // librdkafka doubles linger.ms, whatever it is, at most 900 s.
            Property::StickyPartitioningLingerMs => Setting::Time(Duration(
                (self.linger().0 * 2).min(Duration::from_millis(900_000).0),
            )),
            Property::AdaptivePartitioning => Setting::Flag(true),
            Property::IgnoreKeys => Setting::Flag(false),
            _ => {
                let spec = property.spec();
                return Setting::parse(spec.form, spec.default).ok();
            }
        })
    }

    /// The family of the producer that this configures.
    pub fn client(&self) -> Client {
        self.partitioner().client()
    }

    /// `num.partitions`.
    pub fn partitions(&self) -> i32 {
        self.count(Property::NumPartitions).cast_signed()
    }

    /// `client.id`, if it was set.
    pub fn client_id(&self) -> Option<&str> {
        match self.get(Property::ClientId) {
            Some(Setting::Text(id)) => Some(id),
            _ => None,
        }
    }

    /// `partitioner`.
    pub fn partitioner(&self) -> Partitioner {
        match self.get(Property::Partitioner) {
            Some(Setting::Partitioner(partitioner)) => *partitioner,
            _ => Partitioner::ConsistentRandom,
        }
    }

    /// `linger.ms`.
    pub fn linger(&self) -> Duration {
        self.time(Property::LingerMs)
    }

    /// `batch.size`, in bytes.
    pub fn batch_size(&self) -> u32 {
        match self.effective(Property::BatchSize) {
            Some(Setting::Bytes(bytes)) => bytes,
            _ => 0,
        }
    }

    /// `batch.num.messages`.
    pub fn batch_num_messages(&self) -> u32 {
        self.count(Property::BatchNumMessages)
    }

    /// `sticky.partitioning.linger.ms`: twice `linger.ms` unless set.
    pub fn sticky_linger(&self) -> Duration {
        self.time(Property::StickyPartitioningLingerMs)
    }

    /// `partitioner.adaptive.partitioning.enable`.
    pub fn adaptive_partitioning(&self) -> bool {
        self.flag(Property::AdaptivePartitioning)
    }

    /// `partitioner.ignore.keys`.
    pub fn ignore_keys(&self) -> bool {
        self.flag(Property::IgnoreKeys)
    }

    /// A property that is a whole number; 0 for any other.
    pub fn count(&self, property: Property) -> u32 {
        match self.effective(property) {
            Some(Setting::Count(count)) => count,
            _ => 0,
        }
    }

    /// A property that is a length of time; zero for any other.
    pub fn time(&self, property: Property) -> Duration {
        match self.effective(property) {
            Some(Setting::Time(time)) => time,
            _ => Duration(0),
        }
    }

    /// A property that is one of a few words; empty for any other.
    pub fn choice(&self, property: Property) -> &'static str {
        match self.effective(property) {
            Some(Setting::Choice(word)) => word,
            _ => "",
        }
    }

    /// These settings, with those of `over` in their place where it has some.
    #[must_use]
    pub fn overlaid(&self, over: &Self) -> Self {
        let mut config = self.clone();
        for (property, setting) in over.iter() {
            config.set(property, setting.clone());
        }
        config
    }

    /// A property that is true or false; false for any other.
    pub fn flag(&self, property: Property) -> bool {
        matches!(self.effective(property), Some(Setting::Flag(true)))
    }
}

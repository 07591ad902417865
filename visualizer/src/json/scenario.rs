//! A scenario, as the generator writes it into a figure. Expectations and captions are the generator's own: they are left
//! where they are.

use super::{Json, parse};
use engine::config::{Config, Property};
use engine::ids::{PartitionId, ProducerId, TopicName};
use engine::keys::KeySet;
use engine::scenario::{
    Action, Keys, Kind, Prediction, Produce, Scenario, Skew, TimedAction, Variant,
};
use engine::time::{Duration, Instant};

/// The scenario that a text holds.
pub(crate) fn scenario(text: &str) -> Option<Scenario> {
    let json = parse(text)?;
    let kind = json.get("type")?.text()?;
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
    let mut scenario = Scenario::new(kind, json.get("title")?.text()?);
    scenario.seed = json.get("seed")?.natural()?;
    scenario.topic = json.get("topic")?.text()?.into();
    scenario.duration = optional(json.get("duration"), |json| json.natural().map(Duration))?;
    scenario.config = config(json.get("config")?)?;
    scenario.compare = optional(json.get("compare"), config)?;
    scenario.topics = list(json.get("topics"), topic)?;
    scenario.variants = list(json.get("variants"), variant)?;
    scenario.actions = list(json.get("actions"), action)?;
    scenario.predict = optional(json.get("predict"), prediction)?;
    Some(scenario)
}

/// `Some(None)` if there is nothing to read, `None` if it cannot be read.
#[allow(clippy::option_option)]
fn optional<T>(json: Option<&Json>, read: impl Fn(&Json) -> Option<T>) -> Option<Option<T>> {
    match json {
        None => Some(None),
        Some(json) => read(json).map(Some),
    }
}

/// The items of a list, which may be left out.
fn list<T>(json: Option<&Json>, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    match json {
        None => Some(Vec::new()),
        Some(json) => json.list()?.iter().map(read).collect(),
    }
}

/// `["name", partitions]`.
fn topic(json: &Json) -> Option<(TopicName, i32)> {
    match json.list()? {
        [name, partitions] => Some((name.text()?.into(), partitions.int()?)),
        _ => None,
    }
}

fn variant(json: &Json) -> Option<Variant> {
    Some(Variant {
        name: json.get("name")?.text()?.to_owned(),
        config: config(json.get("config")?)?,
    })
}

fn config(json: &Json) -> Option<Config> {
    let Json::Object(fields) = json else {
        return None;
    };
    let mut config = Config::default();
    for (name, value) in fields {
        config
            .set_text(Property::from_name(name)?, value.text()?)
            .ok()?;
    }
    Some(config)
}

fn prediction(json: &Json) -> Option<Prediction> {
    Some(Prediction {
        question: json.get("question")?.text()?.to_owned(),
        answer: json.get("answer")?.text()?.to_owned(),
        computed: optional(json.get("computed"), |json| json.text().map(str::to_owned))?,
        place: engine::scenario::Place::default(),
    })
}

fn action(json: &Json) -> Option<TimedAction> {
    let action = if let Some(produced) = json.get("produce") {
        Action::Produce(produce(produced)?)
    } else if let Some(line) = json.get("do") {
        Action::Do(line.text()?.parse().ok()?)
    } else {
        Action::AddPartitions(json.get("add-partitions")?.int()?)
    };
    let at = Instant(json.get("at")?.natural()?);
    Some(TimedAction { at, action })
}

fn produce(json: &Json) -> Option<Produce> {
    Some(Produce {
        keys: keys(json.get("keys")?)?,
        count: json.get("count")?.small()?,
        every: Duration(json.get("every")?.natural()?),
        burst: json.get("burst")?.small()?,
        value_size: json.get("value-size")?.small()?,
        skew: optional(json.get("skew"), skew)?,
        partition: optional(json.get("partition"), |json| json.int().map(PartitionId))?,
        producer: optional(json.get("producer"), |json| {
            json.text().map(ProducerId::from)
        })?,
    })
}

fn keys(json: &Json) -> Option<Keys> {
    match json.variant()? {
        ("null", _) => Some(Keys::Null),
        ("set", name) => KeySet::from_name(name.text()?).map(Keys::Set),
        ("list", keys) => {
            let keys = keys.list()?.iter().map(|key| key.text().map(str::to_owned));
            keys.collect::<Option<_>>().map(Keys::List)
        }
        _ => None,
    }
}

fn skew(json: &Json) -> Option<Skew> {
    Some(Skew {
        key: json.get("key")?.text()?.to_owned(),
        share: u8::try_from(json.get("share")?.small()?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::config::Setting;
    use engine::partitioner::Partitioner;

    /// One scenario with everything in it.
    fn full() -> Scenario {
        let mut scenario = Scenario::new(Kind::Partitioning, "Cinq « clients »\n");
        scenario.seed = u64::MAX;
        scenario.duration = Some(Duration::from_millis(5_000));
        scenario
            .config
            .set(Property::NumPartitions, Setting::Count(6));
        scenario
            .config
            .set_text(Property::StickyPartitioningLingerMs, "10ms")
            .unwrap();
        let mut java = Config::default();
        let partitioner = Setting::Partitioner(Partitioner::JavaDefault);
        java.set(Property::Partitioner, partitioner);
        scenario.compare = Some(java);
        let produces = [
            Produce {
                skew: Some(Skew {
                    key: "été".into(),
                    share: 80,
                }),
                ..Produce::of(Keys::List(vec!["été".into(), "\"".into()]))
            },
            Produce {
                partition: Some(PartitionId(2)),
                producer: Some("Java".into()),
                ..Produce::of(Keys::Null)
            },
            Produce::of(Keys::Set(KeySet::from_name("clients-5").unwrap())),
        ];
        scenario.actions = produces
            .map(Action::Produce)
            .into_iter()
            .chain([Action::AddPartitions(12)])
            .map(|action| TimedAction {
                at: Instant::from_millis(40),
                action,
            })
            .collect();
        scenario.predict = Some(Prediction {
            question: "Où ?".into(),
            answer: "partition(\"été\", 6)".into(),
            computed: Some("5".into()),
            place: engine::scenario::Place::default(),
        });
        scenario
    }

    #[test]
    fn what_the_generator_writes_is_read_whole() {
        let bare = Scenario::new(Kind::Partitioning, "");
        for written in [full(), bare] {
            let text = serde_json::to_string(&written).unwrap();
            assert_eq!(scenario(&text), Some(written), "{text}");
        }
    }

    #[test]
    fn incidents_topics_and_variants_are_read() {
        let mut scenario = Scenario::new(Kind::Rebalancing, "Crash");
        scenario.topics = vec![("orders.created".into(), 12)];
        let mut config = Config::default();
        config
            .set_text(Property::GroupProtocol, "consumer")
            .unwrap();
        let name = "KIP-848".to_owned();
        scenario.variants = vec![Variant { name, config }];
        scenario.actions = vec![TimedAction {
            at: Instant::from_millis(20_000),
            action: Action::Do("crash C1".parse().unwrap()),
        }];
        let json = serde_json::to_string(&scenario).unwrap();
        assert_eq!(super::scenario(&json), Some(scenario));
    }

    #[test]
    fn an_unknown_property_or_action_is_refused() {
        let text = serde_json::to_string(&full()).unwrap();
        for (known, unknown) in [
            ("num.partitions", "num.partition"),
            ("add-partitions", "remove-partitions"),
            ("clients-5", "chats-5"),
            ("partitionnement", "groupe"),
        ] {
            assert!(text.contains(known));
            assert_eq!(scenario(&text.replace(known, unknown)), None, "{unknown}");
        }
    }
}

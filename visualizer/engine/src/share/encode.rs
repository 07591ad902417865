//! Writes a link.

use super::{VERSION, percent};
use crate::config::Config;
use crate::scenario::{Action, Keys, Produce, Scenario};

/// Writes what a run depends on. Expectations, frames and the prediction belong to the page and stay there.
pub fn encode(scenario: &Scenario) -> String {
    let mut link = format!("v={VERSION}&sim={}&title=", scenario.kind.name());
    percent::push(&mut link, &scenario.title);
    push(&mut link, "&seed=", &scenario.seed.to_string());
    link.push_str("&topic=");
    percent::push(&mut link, scenario.topic.as_str());
    if let Some(duration) = scenario.duration {
        push(&mut link, "&duration=", &duration.to_string());
    }
    for (topic, partitions) in &scenario.topics {
        link.push_str("&topics=");
        percent::push(&mut link, topic.as_str());
        push(&mut link, ":", &partitions.to_string());
    }
    push_config(&mut link, "", &scenario.config);
    if let Some(compare) = &scenario.compare {
        link.push_str("&compare=1");
        push_config(&mut link, "compare.", compare);
    }
    for variant in &scenario.variants {
        link.push_str("&variant=");
        percent::push(&mut link, &variant.name);
        push_config(&mut link, "variant.", &variant.config);
    }
    for timed in &scenario.actions {
        push(&mut link, "&do=", &timed.at.to_string());
        match &timed.action {
            Action::AddPartitions(partitions) => {
                push(&mut link, ":add-partitions:", &partitions.to_string());
            }
            Action::Produce(produce) => push_produce(&mut link, produce),
            Action::Do(step) => {
                push(&mut link, ":", &step.line(':'));
            }
        }
    }
    link
}

fn push(link: &mut String, name: &str, value: &str) {
    link.push_str(name);
    link.push_str(value);
}

fn push_config(link: &mut String, prefix: &str, config: &Config) {
    for (property, setting) in config.iter() {
        link.push('&');
        push(link, prefix, property.name());
        link.push('=');
        percent::push(link, &setting.to_string());
    }
}

fn push_produce(link: &mut String, produce: &Produce) {
    link.push_str(":produce:");
    match &produce.keys {
        Keys::Null => link.push_str("nulls"),
        Keys::Set(set) => push(link, "set(", &format!("{set})")),
        Keys::List(keys) => {
            for (index, key) in keys.iter().enumerate() {
                link.push_str(if index == 0 { "keys(" } else { "," });
                percent::push(link, key);
            }
            link.push(')');
        }
    }
    let default = Produce::of(produce.keys.clone());
    let mut number = |name: &str, value: u64, default: u64| {
        if value != default {
            for piece in [":", name, "(", &value.to_string(), ")"] {
                link.push_str(piece);
            }
        }
    };
    number("count", produce.count.into(), default.count.into());
    number("burst", produce.burst.into(), default.burst.into());
    number(
        "value-size",
        produce.value_size.into(),
        default.value_size.into(),
    );
    if produce.every != default.every {
        push(link, ":every(", &format!("{})", produce.every));
    }
    if let Some(skew) = &produce.skew {
        link.push_str(":skew(");
        percent::push(link, &skew.key);
        push(link, ",", &format!("{})", skew.share));
    }
    if let Some(partition) = produce.partition {
        push(link, ":partition(", &format!("{partition})"));
    }
    if let Some(producer) = &produce.producer {
        link.push_str(":producer(");
        percent::push(link, producer.as_str());
        link.push(')');
    }
}

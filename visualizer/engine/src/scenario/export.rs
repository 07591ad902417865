//! A scenario as text to take away: the TOML of a Markdown fence, and the configuration of .NET's clients.

use super::{Action, Keys, Produce, Scenario};
use crate::config::{Config, Form, Property, PropertySpec, Scope, Setting};
use crate::query::Value;

impl Scenario {
    /// The scenario as the TOML that `Scenario::from_toml` reads (feature `toml`).
    pub fn to_toml(&self) -> String {
        let mut out = Toml::default();
        out.field("type", &quoted(self.kind.name()));
        out.field("title", &quoted(&self.title));
        out.field("seed", &self.seed.to_string());
        out.field("topic", &quoted(self.topic.as_str()));
        if let Some(duration) = self.duration {
            out.field("duration", &quoted(&duration.to_string()));
        }
        if !self.topics.is_empty() {
            out.section("[topics]");
            for (topic, partitions) in &self.topics {
                out.field(&quoted(topic.as_str()), &partitions.to_string());
            }
        }
        out.config("[config]", &self.config);
        if let Some(compare) = &self.compare {
            out.section("[compare]");
            out.settings(compare);
        }
        for variant in &self.variants {
            out.section("[[variant]]");
            out.field("name", &quoted(&variant.name));
            out.config("[variant.config]", &variant.config);
        }
        for timed in &self.actions {
            out.section("[[action]]");
            out.field("at", &quoted(&timed.at.to_string()));
            match &timed.action {
                Action::Produce(produce) => out.field("produce", &produce_of(produce)),
                Action::AddPartitions(to) => out.field("add-partitions", &to.to_string()),
                Action::Do(step) => out.field("do", &quoted(&step.line(' '))),
            }
        }
        self.notes(&mut out);
        out.text
    }

    /// What is expected, drawn and asked.
    fn notes(&self, out: &mut Toml) {
        for expectation in &self.expect {
            out.section("[[expect]]");
            out.field("that", &quoted(&expectation.that));
            if let Some(at) = expectation.at {
                out.field("at", &quoted(&at.to_string()));
            }
            out.field("equals", &value(&expectation.equals));
        }
        for frame in &self.frames {
            out.section("[[frame]]");
            out.field("at", &quoted(&frame.at.to_string()));
            out.field("caption", &quoted(&frame.caption));
        }
        if let Some(predict) = &self.predict {
            out.section("[predict]");
            out.field("question", &quoted(&predict.question));
            out.field("answer", &quoted(&predict.answer));
        }
    }

    /// The properties that were set, as `ConsumerConfig` and `ProducerConfig` of Confluent.Kafka. What .NET's clients do not
    /// have is said in a comment.
    pub fn to_csharp(&self) -> String {
        let mut out = String::new();
        for (class, variable, of_class) in CLASSES {
            csharp(&mut out, class, variable, &self.config, of_class);
        }
        let mut elsewhere = String::new();
        for (property, setting) in self.config.iter() {
            let spec = property.spec();
            if spec.dotnet().is_none() && spec.scope != Scope::Simulation {
                push(&mut elsewhere, &["// ", spec.name, " = "]);
                push(&mut elsewhere, &[&setting.to_string(), "\n"]);
            }
        }
        if !elsewhere.is_empty() {
            push(
                &mut out,
                &["// À régler ailleurs que dans un client .NET :\n"],
            );
            out.push_str(&elsewhere);
        }
        if out.is_empty() {
            out.push_str("// Rien n’est réglé : tout a sa valeur par défaut.\n");
        }
        out
    }
}

/// Whether a class holds what is of this scope.
type Holds = fn(Scope) -> bool;

/// Confluent.Kafka's classes of settings, a variable's name for each, and what it holds.
const CLASSES: [(&str, &str, Holds); 2] = [
    ("ConsumerConfig", "consumerConfig", |scope| {
        scope == Scope::Consumer
    }),
    ("ProducerConfig", "producerConfig", |scope| {
        matches!(scope, Scope::Producer | Scope::ProducerOf(_))
    }),
];

fn csharp(
    out: &mut String,
    class: &str,
    variable: &str,
    config: &Config,
    of_class: fn(Scope) -> bool,
) {
    let mut lines = String::new();
    for (property, setting) in config.iter() {
        let spec = property.spec();
        if let Some(name) = spec.dotnet()
            && of_class(spec.scope)
        {
            match member(spec, name, setting) {
                Some(value) => push(&mut lines, &["    ", name, " = ", &value, ",\n"]),
                None => push(
                    &mut lines,
                    &[
                        "    // ",
                        spec.name,
                        " = ",
                        &setting.to_string(),
                        " n’existe pas en .NET\n",
                    ],
                ),
            }
        }
    }
    if !lines.is_empty() {
        push(
            out,
            &["var ", variable, " = new ", class, "\n{\n", &lines, "};\n"],
        );
    }
}

/// A value as C# writes it; `None` if .NET's clients do not have it.
fn member(spec: &PropertySpec, name: &str, setting: &Setting) -> Option<String> {
    Some(match setting {
        Setting::Count(count) => count.to_string(),
        Setting::Bytes(bytes) => bytes.to_string(),
        Setting::Time(time) => time.as_millis().to_string(),
        Setting::Flag(flag) => flag.to_string(),
        Setting::Text(text) => quoted(text),
        Setting::Partitioner(partitioner) => {
            let word = partitioner.property();
            let known = [
                "random",
                "consistent",
                "consistent_random",
                "murmur2",
                "murmur2_random",
            ];
            if !known.contains(&word) {
                return None;
            }
            enumerated(name, word)
        }
        Setting::Choice(word) => match (spec.property, *word) {
            (Property::AssignmentStrategy, "sticky") => return None,
            (Property::AssignmentStrategy, "roundrobin") => enumerated(name, "round-robin"),
            (Property::Acks, "0") => enumerated(name, "none"),
            (Property::Acks, "1") => enumerated(name, "leader"),
            (Property::RemoteAssignor, word) => quoted(word),
            (_, word) => enumerated(name, word),
        },
    })
}

/// `PartitionAssignmentStrategy.CooperativeSticky`, of `cooperative-sticky`.
fn enumerated(name: &str, word: &str) -> String {
    let mut text = String::from(name);
    text.push('.');
    for part in word.split(['-', '_']) {
        let mut letters = part.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

/// TOML being written.
#[derive(Default)]
struct Toml {
    text: String,
}

impl Toml {
    fn section(&mut self, header: &str) {
        push(&mut self.text, &["\n", header, "\n"]);
    }

    fn field(&mut self, name: &str, value: &str) {
        push(&mut self.text, &[name, " = ", value, "\n"]);
    }

    fn config(&mut self, header: &str, config: &Config) {
        if config.iter().next().is_some() {
            self.section(header);
            self.settings(config);
        }
    }

    fn settings(&mut self, config: &Config) {
        for (property, setting) in config.iter() {
            let value = match (property.spec().form, setting) {
                (Form::Count { .. } | Form::Flag, setting) => setting.to_string(),
                (_, setting) => quoted(&setting.to_string()),
            };
            self.field(&quoted(property.name()), &value);
        }
    }
}

/// `{ keys = ["a"], count = 3 }`: what differs from each key once.
fn produce_of(produce: &Produce) -> String {
    let mut fields = match &produce.keys {
        Keys::Null => String::from("{ nulls = true"),
        Keys::Set(set) => {
            let mut text = String::from("{ set = ");
            text.push_str(&quoted(&set.to_string()));
            text
        }
        Keys::List(keys) => {
            let keys: Vec<_> = keys.iter().map(|key| quoted(key)).collect();
            let mut text = String::from("{ keys = [");
            push(&mut text, &[&keys.join(", "), "]"]);
            text
        }
    };
    let default = Produce::of(produce.keys.clone());
    let mut field = |name: &str, value: String| push(&mut fields, &[", ", name, " = ", &value]);
    if produce.count != default.count {
        field("count", produce.count.to_string());
    }
    if produce.every != default.every {
        field("every", quoted(&produce.every.to_string()));
    }
    if produce.burst != default.burst {
        field("burst", produce.burst.to_string());
    }
    if produce.value_size != default.value_size {
        field("value-size", produce.value_size.to_string());
    }
    if let Some(skew) = &produce.skew {
        let mut text = String::from("{ key = ");
        push(
            &mut text,
            &[
                &quoted(&skew.key),
                ", share = ",
                &skew.share.to_string(),
                " }",
            ],
        );
        field("skew", text);
    }
    if let Some(partition) = produce.partition {
        field("partition", partition.to_string());
    }
    if let Some(producer) = &produce.producer {
        field("producer", quoted(producer.as_str()));
    }
    fields.push_str(" }");
    fields
}

fn value(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => real(*number),
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(self::value).collect();
            let mut text = String::from("[");
            push(&mut text, &[&items.join(", "), "]"]);
            text
        }
    }
}

/// A number with a fraction: to a billionth, the least that [`Value::same`] tells apart. Written by hand, as in the texts:
/// the standard formatting of floats weighs too much in the page (and `{:?}` says nothing there).
// Neither is negative: both come of an absolute value.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn real(number: f64) -> String {
    const BILLION: u64 = 1_000_000_000;
    let (mut whole, rest) = (number.abs().trunc() as u64, number.abs().fract());
    let mut billionths = (rest * BILLION as f64).round() as u64;
    if billionths == BILLION {
        (whole, billionths) = (whole + 1, 0);
    }
    let mut text = String::from(if number < 0.0 { "-" } else { "" });
    push(&mut text, &[&whole.to_string(), "."]);
    let digits = (BILLION + billionths).to_string();
    let digits = digits[1..].trim_end_matches('0');
    text.push_str(if digits.is_empty() { "0" } else { digits });
    text
}

/// A text between quotes, as TOML and C# both read it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn push(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        let link = "v=1&sim=reequilibrage&title=Un%20%22crash%22&seed=7&topic=orders.created&duration=60s\
                    &topics=orders.created:6&topics=payments:3&session.timeout.ms=10s&enable.auto.commit=false\
                    &partition.assignment.strategy=roundrobin&group.initial.rebalance.delay.ms=0ms\
                    &variant=Coop&variant.partition.assignment.strategy=cooperative-sticky&variant=Java\
                    &variant.partition.assignment.strategy=sticky\
                    &do=0ms:join:C1:static=i1:topics=payments&do=1s:produce:set(clients-5):count(30):every(50ms)\
                    &do=20s:crash:C1";
        crate::share::decode(link).unwrap()
    }

    #[test]
    fn csharp_says_only_what_was_set() {
        assert_eq!(
            scenario().to_csharp(),
            "var consumerConfig = new ConsumerConfig\n{\n    \
             PartitionAssignmentStrategy = PartitionAssignmentStrategy.RoundRobin,\n    SessionTimeoutMs = 10000,\n    \
             EnableAutoCommit = false,\n};\n// À régler ailleurs que dans un client .NET :\n\
             // group.initial.rebalance.delay.ms = 0ms\n"
        );
        let java = scenario().variant(2).to_csharp();
        assert!(java.contains("// partition.assignment.strategy = sticky n’existe pas en .NET"));
        let coop = scenario().variant(1).to_csharp();
        assert!(coop.contains("= PartitionAssignmentStrategy.CooperativeSticky,"));
        let none = Scenario::new(crate::scenario::Kind::Replication, "t");
        assert!(none.to_csharp().starts_with("// Rien n’est réglé"));
    }

    #[test]
    fn numbers_with_a_fraction_are_read_back() {
        for (number, written) in [
            (2.5, "2.5"),
            (3.0, "3.0"),
            (-0.25, "-0.25"),
            (1_234.567, "1234.567"),
            (0.000_000_001, "0.000000001"),
            (0.999_999_999_9, "1.0"),
            (1e15, "1000000000000000.0"),
        ] {
            assert_eq!(value(&Value::Real(number)), written);
            assert!(Value::Real(written.parse().unwrap()).same(&Value::Real(number)));
        }
    }

    #[test]
    fn replication_speaks_of_the_producer() {
        let link = "v=1&sim=replication&title=t&seed=1&topic=t&acks=1&delivery.timeout.ms=30s&min.insync.replicas=2";
        assert_eq!(
            crate::share::decode(link).unwrap().to_csharp(),
            "var producerConfig = new ProducerConfig\n{\n    Acks = Acks.Leader,\n    MessageTimeoutMs = 30000,\n};\n\
             // À régler ailleurs que dans un client .NET :\n// min.insync.replicas = 2\n"
        );
    }

    #[cfg(feature = "toml")]
    #[test]
    fn what_is_written_is_read_back() {
        let mut scenario = scenario();
        scenario.frames = vec![crate::scenario::FrameNote {
            at: crate::time::Instant::from_millis(1_500),
            caption: "Un « crash » \\ \"net\"".to_owned(),
        }];
        let written = scenario.to_toml();
        let read =
            Scenario::from_toml(&written).unwrap_or_else(|errors| panic!("{errors:?}\n{written}"));
        assert_eq!(read, scenario, "{written}");
    }

    #[cfg(feature = "toml")]
    #[test]
    fn records_are_written_in_full() {
        let link = "v=1&sim=partitionnement&title=t&seed=1&topic=t&num.partitions=6&compare=1&compare.partitioner=murmur2_random\
                    &do=0ms:produce:keys(a,b):count(9):burst(3):value-size(10):every(5ms):skew(a,80)\
                    &do=1s:produce:nulls:partition(2)&do=2s:add-partitions:12";
        let scenario = crate::share::decode(link).unwrap();
        let written = scenario.to_toml();
        let read =
            Scenario::from_toml(&written).unwrap_or_else(|errors| panic!("{errors:?}\n{written}"));
        assert_eq!(read, scenario, "{written}");
    }
}

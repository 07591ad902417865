//! Questions to answer before looking, whose answers the engine computes.

use super::keybook;
use super::tally::{Growth, Tally, reduce};
use super::why;
use engine::partitioner::Partitioner;
use engine::partitioning::Simulation;
use engine::query::Value;
use engine::scenario::{Prediction, Scenario};
use engine::text::grouped;
use picture::french::{count, whole};

/// A question and its answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// The question.
    pub text: String,
    /// Partitions to choose among; `None` if the answer is to be typed.
    pub partitions: Option<i32>,
    /// The answer.
    pub answer: Value,
    /// How far from the answer still counts as right: large counts are estimated, not computed by heart.
    pub tolerance: i64,
    /// Why it is so.
    pub explanation: String,
}

/// Most partitions that are offered as buttons.
const MAX_BUTTONS: i32 = 12;

impl Question {
    /// The page's own question about its scenario; `None` if it has no answer.
    pub(crate) fn of_page(prediction: &Prediction, scenario: &Scenario) -> Option<Self> {
        let computed = prediction.computed.as_ref()?;
        let answer = match computed.parse() {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Text(computed.clone()),
        };
        let mut run = Simulation::new(scenario.clone());
        let end = run.end();
        run.run_until(end);
        let expression = prediction.answer.trim();
        let about_partition = ["partition(", "partition_of(", "hottest("]
            .iter()
            .any(|name| expression.starts_with(name));
        Some(Self {
            text: prediction.question.clone(),
            partitions: about_partition
                .then(|| run.partitions())
                .filter(|&partitions| partitions <= MAX_BUTTONS),
            explanation: explained(expression, scenario.config.partitioner()),
            answer,
            tolerance: 0,
        })
    }

    /// Which partition a key goes to, its hash being given.
    pub(crate) fn partition(
        name: &str,
        partitioner: Partitioner,
        key: &str,
        partitions: i32,
    ) -> Option<Self> {
        let hash = partitioner.hash(key.as_bytes())?;
        let partition = reduce(Some(hash), partitions)?;
        Some(Self {
            text: format!(
                "{name} calcule {}({}) = {}. Avec {}, laquelle reçoit la clé ?",
                why::hash_name(partitioner),
                keybook::shown(key),
                whole(u64::from(hash)),
                count(
                    u64::from(partitions.unsigned_abs()),
                    "partition",
                    "partitions"
                )
            ),
            partitions: Some(partitions).filter(|&partitions| partitions <= MAX_BUTTONS),
            answer: Value::Integer(i64::from(partition)),
            tolerance: 0,
            explanation: why::key(partitioner, key, partitions).sentence,
        })
    }

    /// How many keys the two producers send to different partitions.
    pub(crate) fn differ(names: (&str, &str), tally: &Tally, partitions: i32) -> Option<Self> {
        let keys = u64::try_from(tally.compared)
            .ok()
            .filter(|&keys| keys > 0)?;
        Some(Self {
            text: format!(
                "Sur {}, combien vont à deux partitions différentes selon que {} ou {} les envoie, avec {partitions} \
                 partitions ?{}",
                count(keys, "clé", "clés"),
                names.0,
                names.1,
                about(keys)
            ),
            partitions: None,
            answer: integer(tally.differ),
            tolerance: tolerance(keys),
            explanation: format!(
                "Deux hachages différents ne tombent d’accord que par hasard : environ une clé sur {partitions}. S’ils sont \
                 les mêmes, toutes les clés s’accordent."
            ),
        })
    }

    /// How many keys change partition when the topic grows.
    pub(crate) fn moved(name: &str, tally: &Tally, growth: Growth) -> Option<Self> {
        let keys = u64::try_from(tally.keys).ok().filter(|&keys| keys > 0)?;
        (growth.from < growth.to).then(|| Self {
            text: format!(
                "Le topic passe de {} à {} partitions. Sur {}, combien changent de partition pour {name} ?{}",
                growth.from,
                growth.to,
                count(keys, "clé", "clés"),
                about(keys)
            ),
            partitions: None,
            answer: integer(tally.left.moved),
            tolerance: tolerance(keys),
            explanation: "Une clé ne reste que si les deux divisions donnent le même reste. Quand le nombre double, c’est le \
                          cas une fois sur deux ; sinon, bien plus rarement."
                .to_owned(),
        })
    }

    /// Whether what was typed is the answer.
    pub(crate) fn accepts(&self, typed: &str) -> bool {
        let typed = normal(typed);
        match (&self.answer, typed.parse::<i64>()) {
            (Value::Integer(answer), Ok(typed)) => {
                answer.abs_diff(typed) <= self.tolerance.unsigned_abs()
            }
            (answer, _) => !typed.is_empty() && normal(&shown(answer)) == typed,
        }
    }
}

/// An answer as it is shown. Numbers that are not whole are rounded to a hundredth.
pub(crate) fn shown(answer: &Value) -> String {
    match answer {
        Value::Integer(number) => grouped(*number),
        Value::Text(text) => text.clone(),
        Value::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Real(number) => {
            #[allow(clippy::cast_possible_truncation)]
            let hundredths = (number * 100.0).round() as i64;
            let sign = if hundredths < 0 { "−" } else { "" };
            let hundredths = hundredths.unsigned_abs();
            format!("{sign}{},{:02}", whole(hundredths / 100), hundredths % 100)
        }
    }
}

/// One line of explanation for `partition("key", n)` and the like; empty if the expression is another.
fn explained(expression: &str, partitioner: Partitioner) -> String {
    let inside = expression
        .strip_prefix("partition(")
        .and_then(|rest| rest.strip_suffix(')'));
    let mut arguments = inside.unwrap_or_default().split(',').map(str::trim);
    let key = arguments
        .next()
        .and_then(|key| key.strip_prefix('"')?.strip_suffix('"'));
    let partitions = arguments.next().and_then(|count| count.parse().ok());
    let partitioner = match arguments.next() {
        None => Some(partitioner),
        Some(name) => Partitioner::from_property(name.trim_matches('"')),
    };
    match (key, partitions, partitioner) {
        (Some(key), Some(partitions), Some(partitioner)) => {
            why::key(partitioner, key, partitions).sentence
        }
        _ => String::new(),
    }
}

fn integer(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A tenth of many; few are to be counted exactly.
fn tolerance(keys: u64) -> i64 {
    if keys < 20 {
        0
    } else {
        i64::try_from(keys / 10).unwrap_or(0)
    }
}

fn about(keys: u64) -> &'static str {
    if keys < 20 {
        ""
    } else {
        " Une réponse à un dixième du total près suffit."
    }
}

/// What was typed, without what does not count: spaces, case, the kind of decimal point.
fn normal(text: &str) -> String {
    let words = crate::kit::lower(text);
    let counted = words.chars().filter(|c| !c.is_whitespace());
    counted.map(|c| if c == '.' { ',' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partitioning::tally::{hashes, tally};

    #[test]
    fn the_partition_of_a_key_is_asked_and_explained() {
        let question =
            Question::partition(".NET", Partitioner::ConsistentRandom, "kafka", 6).unwrap();
        assert!(question.accepts(" 5 "));
        assert!(!question.accepts("4") && !question.accepts(""));
        assert_eq!(question.partitions, Some(6));
        assert!(question.explanation.ends_with("partition 5."));
        assert_eq!(
            Question::partition("x", Partitioner::Random, "kafka", 6),
            None
        );
    }

    #[test]
    fn the_pages_question_takes_the_answer_that_came_with_it() {
        let scenario = Scenario::new(engine::scenario::Kind::Partitioning, "t");
        let asked = |computed: Option<&str>| Prediction {
            question: "Combien ?".into(),
            answer: "moved(\"clients-10\", 6, 12)".into(),
            computed: computed.map(str::to_owned),
            place: engine::scenario::Place::default(),
        };
        let question = Question::of_page(&asked(Some("4")), &scenario).unwrap();
        assert!(question.accepts("4") && !question.accepts("5"));
        assert_eq!(question.partitions, None);
        let named = Question::of_page(&asked(Some("customer-A")), &scenario).unwrap();
        assert!(named.accepts("Customer-a"));
        assert_eq!(Question::of_page(&asked(None), &scenario), None);
    }

    #[test]
    fn large_counts_may_be_estimated() {
        let keys: Vec<String> = (0..1_000).map(|n| format!("k{n}")).collect();
        let left = hashes(Partitioner::ConsistentRandom, &keys);
        let growth = Growth { from: 6, to: 12 };
        let tally = tally(&left, None, growth, None);
        let question = Question::moved(".NET", &tally, growth).unwrap();
        assert!(question.accepts("500") && question.accepts("5 00"));
        assert!(!question.accepts("900"));
        let still = Growth { from: 6, to: 6 };
        assert_eq!(Question::moved(".NET", &tally, still), None);
    }

    #[test]
    fn the_pages_question_explains_itself_when_it_is_about_a_key() {
        let text = explained("partition(\"kafka\", 6)", Partitioner::ConsistentRandom);
        assert!(text.ends_with("partition 5."), "{text}");
        let text = explained(
            "partition(\"kafka\", 6, \"murmur2_random\")",
            Partitioner::ConsistentRandom,
        );
        assert!(text.ends_with("partition 4."), "{text}");
        assert_eq!(
            explained("moved(\"clients-10\", 6, 12)", Partitioner::Murmur2),
            ""
        );
    }
}

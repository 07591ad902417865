//! How many partitions a topic needs.
//!
//! 1. Enough for the throughput: what is aimed at, divided by what one partition was measured to take, rounded up.
//! 2. Enough for the readers: in a group, a partition is read by one member at a time, so at least one for each.
//! 3. The larger of the two, rounded up to a multiple of the brokers, so that each leads as many as the others.

use super::words::{count, number};
use super::{Example, Field, Remark, Report, Weight};

/// What is asked of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Throughput aimed at, in any unit; at least 1.
    pub target: u32,
    /// What one partition takes, measured, in the same unit; at least 1.
    pub per_partition: u32,
    /// Most consumers in a group; at least 1.
    pub consumers: u32,
    /// Brokers; at least 1.
    pub brokers: u32,
}

/// The numbers of the calculator, in the order of [`Need`].
pub(super) static FIELDS: [Field; 4] = [
    Field {
        name: "target",
        label: "débit visé",
        property: false,
        summary: "Ce que le topic devra recevoir à la pointe.",
        unit: "Mo/s",
        min: 1,
        max: 1_000,
        step: 1,
        usual: 60,
        choices: &[],
    },
    Field {
        name: "per-partition",
        label: "débit par partition",
        property: false,
        summary: "Mesuré sur votre cluster, avec votre traitement le plus lent.",
        unit: "Mo/s",
        min: 1,
        max: 200,
        step: 1,
        usual: 10,
        choices: &[],
    },
    Field {
        name: "consumers",
        label: "consumers d’un groupe",
        property: false,
        summary: "Le plus grand nombre de réplicas qu’un service aura jamais.",
        unit: "",
        min: 1,
        max: 200,
        step: 1,
        usual: 8,
        choices: &[],
    },
    Field {
        name: "brokers",
        label: "brokers",
        property: false,
        summary: "Ceux qui porteront le topic.",
        unit: "",
        min: 1,
        max: 100,
        step: 1,
        usual: 3,
        choices: &[],
    },
];

pub(super) static EXAMPLES: [Example; 4] = [
    Example {
        name: "60 Mo/s, 8 consumers",
        values: &[60, 10, 8, 3],
    },
    Example {
        name: "500 Mo/s, 20 consumers",
        values: &[500, 50, 20, 3],
    },
    Example {
        name: "beaucoup d’octets, peu de lecteurs",
        values: &[900, 20, 6, 5],
    },
    Example {
        name: "orders.created",
        values: &[1, 10, 8, 3],
    },
];

impl Need {
    /// The need that four values say.
    pub(super) fn of(values: &[u32]) -> Self {
        let value = |index: usize| values.get(index).copied().unwrap_or(1).max(1);
        Self {
            target: value(0),
            per_partition: value(1),
            consumers: value(2),
            brokers: value(3),
        }
    }

    /// Partitions that the throughput takes.
    pub const fn for_throughput(self) -> u32 {
        self.target.div_ceil(self.per_partition)
    }

    /// Partitions needed, before rounding.
    pub fn least(self) -> u32 {
        self.for_throughput().max(self.consumers)
    }

    /// Partitions to create: a multiple of the brokers.
    pub fn partitions(self) -> u32 {
        self.least().next_multiple_of(self.brokers)
    }

    /// The smallest number, at least [`Self::least`], that brokers and consumers both share evenly.
    pub fn even(self) -> u64 {
        let (brokers, consumers) = (u64::from(self.brokers), u64::from(self.consumers));
        let both = brokers / gcd(brokers, consumers) * consumers;
        u64::from(self.least()).next_multiple_of(both)
    }

    /// The result and how it comes about.
    pub fn report(self) -> Report {
        let partitions = self.partitions();
        Report {
            result: count(partitions, "partition", "partitions"),
            steps: vec![
                self.throughput_step(),
                format!(
                    "Lecteurs : {} dans un groupe, et une partition n’y a qu’un lecteur : il en faut {}.",
                    count(self.consumers, "consumer", "consumers"),
                    number(self.consumers)
                ),
                format!(
                    "Le plus grand des deux : max({}, {}) = {}.",
                    number(self.for_throughput()),
                    number(self.consumers),
                    number(self.least())
                ),
                self.rounding_step(),
            ],
            remarks: vec![self.sharing()],
            code: None,
        }
    }

    fn throughput_step(self) -> String {
        let exact = self.target.is_multiple_of(self.per_partition);
        format!(
            "Débit : {} Mo/s ÷ {} Mo/s par partition {} {}.",
            number(self.target),
            number(self.per_partition),
            if exact { "=" } else { ", arrondi au-dessus :" },
            number(self.for_throughput())
        )
    }

    fn rounding_step(self) -> String {
        let (least, partitions) = (self.least(), self.partitions());
        let each = count(partitions / self.brokers, "partition", "partitions");
        if partitions == least {
            return format!(
                "{} se partage à parts égales entre {} : chacun mène {each}.",
                number(least),
                count(self.brokers, "broker", "brokers")
            );
        }
        format!(
            "Arrondi au multiple de {} qui suit, pour que chaque broker mène autant de partitions : {}, soit {each} par broker.",
            number(self.brokers),
            number(partitions)
        )
    }

    /// Whether the readers share the partitions evenly, and with how many they would.
    fn sharing(self) -> Remark {
        let (partitions, consumers) = (self.partitions(), self.consumers);
        let (each, more) = (partitions / consumers, partitions % consumers);
        if more == 0 {
            let text = format!(
                "{} pour {} : chacun en lit {}.",
                count(partitions, "partition", "partitions"),
                count(consumers, "consumer", "consumers"),
                number(each)
            );
            return Remark::new(Weight::Good, text);
        }
        let mut text = format!(
            "{} pour {} : {} en {} {}, les autres {}. Les plus chargés fixent le rythme du groupe.",
            count(partitions, "partition", "partitions"),
            count(consumers, "consumer", "consumers"),
            number(more),
            if more == 1 { "lit" } else { "lisent" },
            number(each + 1),
            number(each)
        );
        let even = self.even();
        if even <= u64::from(partitions) * 3 {
            text.push_str(" Avec ");
            text.push_str(&number(even));
            text.push_str(", brokers et consumers auraient tous la même part.");
        }
        Remark::new(Weight::Advice, text)
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(target: u32, per_partition: u32, consumers: u32, brokers: u32) -> Need {
        Need::of(&[target, per_partition, consumers, brokers])
    }

    #[test]
    fn the_larger_of_throughput_and_readers_is_rounded_up_to_the_brokers() {
        let need = need(500, 50, 20, 3);
        assert_eq!(
            (
                need.for_throughput(),
                need.least(),
                need.partitions(),
                need.even()
            ),
            (10, 20, 21, 60)
        );
    }

    #[test]
    fn throughput_is_rounded_up() {
        assert_eq!(need(501, 50, 1, 1).partitions(), 11);
        assert_eq!(need(1, 50, 1, 1).partitions(), 1);
        assert_eq!(need(60, 10, 8, 3).partitions(), 9);
        assert_eq!(need(60, 10, 8, 3).even(), 24);
        assert_eq!(need(24, 1, 8, 3).partitions(), 24);
    }

    #[test]
    fn the_reasoning_is_shown() {
        let report = need(500, 50, 20, 3).report();
        assert_eq!(report.result, "21\u{a0}partitions");
        assert_eq!(
            report.steps,
            [
                "Débit : 500 Mo/s ÷ 50 Mo/s par partition = 10.",
                "Lecteurs : 20\u{a0}consumers dans un groupe, et une partition n’y a qu’un lecteur : il en faut 20.",
                "Le plus grand des deux : max(10, 20) = 20.",
                "Arrondi au multiple de 3 qui suit, pour que chaque broker mène autant de partitions : 21, soit 7\u{a0}partitions par broker.",
            ]
        );
        assert_eq!(
            report.remarks[0].text,
            "21\u{a0}partitions pour 20\u{a0}consumers : 1 en lit 2, les autres 1. Les plus chargés fixent le rythme du \
             groupe. Avec 60, brokers et consumers auraient tous la même part."
        );
    }

    #[test]
    fn an_even_share_is_said_to_be_one() {
        let report = need(60, 10, 6, 3).report();
        assert_eq!(report.remarks[0].weight, Weight::Good);
        assert_eq!(
            report.remarks[0].text,
            "6\u{a0}partitions pour 6\u{a0}consumers : chacun en lit 1."
        );
    }
}

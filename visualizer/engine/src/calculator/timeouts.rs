//! What a consumer's timeouts come to: when a crash is noticed, when a slow handler is expelled, which rules are broken.
//!
//! 1. Two things are watched apart: that the process lives (heartbeats, sent in the background), and that the application
//!    makes progress (the time between two calls of `Consume()`).
//! 2. A process that dies is noticed when its session expires, counted from its last heartbeat. A handler that takes too
//!    long leaves the group by itself, `max.poll.interval.ms` after its last call.
//! 3. Under the classic protocol the client says session and heartbeat, within the broker's bounds. Under the consumer
//!    protocol (KIP-848) the broker does, and a client that sets them does not start.
//!
//! Sources: Kafka's `GroupCoordinatorConfig` for the bounds and the defaults; librdkafka 2.16 for what its constructor
//! refuses.

use super::words::{count, decimal, literal, number};
use super::{Example, Field, Remark, Report, Weight};

/// Bounds of the session under the classic protocol, in ms: `group.min.session.timeout.ms` and
/// `group.max.session.timeout.ms`.
pub const CLASSIC_SESSION: (u32, u32) = (6_000, 1_800_000);
/// Bounds of the session under the consumer protocol, in ms: `group.consumer.min.session.timeout.ms` and its maximum.
pub const CONSUMER_SESSION: (u32, u32) = (45_000, 60_000);
/// Bounds of the heartbeat under the consumer protocol, in ms.
pub const CONSUMER_HEARTBEAT: (u32, u32) = (5_000, 15_000);

/// A group's protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `classic`: members join and are given their partitions by one of them.
    Classic,
    /// `consumer`: the broker gives them (KIP-848).
    Consumer,
}

/// A consumer's timeouts and its work, in ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// `group.protocol`.
    pub protocol: Protocol,
    /// `session.timeout.ms`; the group's `consumer.session.timeout.ms` under the consumer protocol.
    pub session: u32,
    /// `heartbeat.interval.ms`; the group's `consumer.heartbeat.interval.ms` under the consumer protocol.
    pub heartbeat: u32,
    /// `max.poll.interval.ms`.
    pub max_poll: u32,
    /// Records between two calls of `Consume()`: 1 if each is processed before the next is asked for.
    pub records: u32,
    /// Time that a record takes.
    pub per_record: u32,
}

/// A rule, and what it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The broker takes a session between its bounds only.
    SessionBounds,
    /// The broker takes a heartbeat between its bounds only (consumer protocol).
    HeartbeatBounds,
    /// librdkafka wants `max.poll.interval.ms` to be at least `session.timeout.ms` (classic protocol).
    PollShorterThanSession,
    /// A heartbeat must come before the session expires.
    HeartbeatAfterSession,
    /// A third of the session is recommended at most, so that two lost heartbeats do no harm.
    HeartbeatOverThird,
    /// The work between two calls must fit in `max.poll.interval.ms`.
    WorkTooLong,
}

const fn time(name: &'static str, summary: &'static str, max: u32, usual: u32, step: u32) -> Field {
    Field {
        name,
        label: name,
        property: true,
        summary,
        unit: "ms",
        min: 1,
        max,
        step,
        usual,
        choices: &[],
    }
}

/// The numbers of the calculator, in the order of [`Timeouts`]. Bounds are librdkafka's.
pub(super) static FIELDS: [Field; 6] = [
    Field {
        name: "group.protocol",
        label: "group.protocol",
        property: true,
        summary: "classic : le client règle ses délais. consumer (KIP-848) : c’est le broker.",
        unit: "",
        min: 0,
        max: 1,
        step: 1,
        usual: 0,
        choices: &["classic", "consumer"],
    },
    time(
        "session.timeout.ms",
        "Sans battement pendant ce temps, le membre est tenu pour mort.",
        3_600_000,
        45_000,
        1_000,
    ),
    time(
        "heartbeat.interval.ms",
        "D’un battement au suivant, en arrière-plan.",
        3_600_000,
        3_000,
        500,
    ),
    time(
        "max.poll.interval.ms",
        "Entre deux appels de Consume(), pas plus que ce temps.",
        86_400_000,
        300_000,
        10_000,
    ),
    Field {
        name: "records",
        label: "messages entre deux Consume()",
        property: false,
        summary: "1 si chacun est traité avant de demander le suivant ; la taille du lot si vous en accumulez.",
        unit: "",
        min: 1,
        max: 1_000_000,
        step: 1,
        usual: 1,
        choices: &[],
    },
    Field {
        name: "processing",
        label: "durée d’un traitement",
        property: false,
        summary: "La plus longue que vous ayez mesurée, appels distants et nouveaux essais compris.",
        unit: "ms",
        min: 1,
        max: 86_400_000,
        step: 50,
        usual: 200,
        choices: &[],
    },
];

pub(super) static EXAMPLES: [Example; 5] = [
    Example {
        name: "valeurs par défaut",
        values: &[0, 45_000, 3_000, 300_000, 1, 200],
    },
    Example {
        name: "crash vu au plus vite",
        values: &[0, 6_000, 2_000, 300_000, 1, 200],
    },
    Example {
        name: "lots de 500, 1 s par message",
        values: &[0, 45_000, 3_000, 300_000, 500, 1_000],
    },
    Example {
        name: "max.poll trop court",
        values: &[0, 45_000, 3_000, 30_000, 1, 200],
    },
    Example {
        name: "KIP-848",
        values: &[1, 45_000, 5_000, 300_000, 1, 200],
    },
];

impl Timeouts {
    /// The timeouts that six values say.
    pub(super) fn of(values: &[u32]) -> Self {
        let value = |index: usize| values.get(index).copied().unwrap_or(1);
        Self {
            protocol: if value(0) == 0 {
                Protocol::Classic
            } else {
                Protocol::Consumer
            },
            session: value(1),
            heartbeat: value(2),
            max_poll: value(3),
            records: value(4),
            per_record: value(5),
        }
    }

    /// When a crash is noticed after it happened, at the earliest and at the latest: the session runs from the last
    /// heartbeat, which is at most one interval old.
    pub const fn crash_noticed(self) -> (u32, u32) {
        (self.session.saturating_sub(self.heartbeat), self.session)
    }

    /// Time between two calls of `Consume()`.
    pub fn work(self) -> u64 {
        u64::from(self.records) * u64::from(self.per_record)
    }

    /// Most records between two calls that fit in `max.poll.interval.ms`.
    pub fn most_records(self) -> u32 {
        self.max_poll / self.per_record.max(1)
    }

    /// The rules that are broken; the recommendation is the last.
    pub fn broken(self) -> Vec<Rule> {
        let classic = self.protocol == Protocol::Classic;
        let within = |value: u32, (least, most): (u32, u32)| (least..=most).contains(&value);
        let session = if classic {
            CLASSIC_SESSION
        } else {
            CONSUMER_SESSION
        };
        let late = self.heartbeat >= self.session;
        let third = u64::from(self.heartbeat) * 3 > u64::from(self.session);
        [
            (!within(self.session, session), Rule::SessionBounds),
            (
                !classic && !within(self.heartbeat, CONSUMER_HEARTBEAT),
                Rule::HeartbeatBounds,
            ),
            (
                classic && self.max_poll < self.session,
                Rule::PollShorterThanSession,
            ),
            (late, Rule::HeartbeatAfterSession),
            (self.work() > u64::from(self.max_poll), Rule::WorkTooLong),
            (third && !late, Rule::HeartbeatOverThird),
        ]
        .into_iter()
        .filter_map(|(broken, rule)| broken.then_some(rule))
        .collect()
    }

    /// The result and how it comes about.
    pub fn report(self) -> Report {
        let (_, latest) = self.crash_noticed();
        Report {
            result: format!(
                "Crash détecté en {} au plus tard ; traitement bloqué exclu au bout de {}",
                duration(latest.into()),
                duration(self.max_poll.into())
            ),
            steps: vec![
                self.noticed_step(),
                self.takeover_step(),
                self.work_step(),
                format!(
                    "Si le traitement se bloque, les battements continuent : c’est {} après le dernier Consume() que le \
                     membre quitte le groupe, avec l’erreur Local_MaxPollExceeded.",
                    duration(self.max_poll.into())
                ),
            ],
            remarks: self.remarks(),
            code: Some(self.code()),
        }
    }

    fn noticed_step(self) -> String {
        let (earliest, latest) = self.crash_noticed();
        let beats = format!(
            "Un battement toutes les {} ; sans nouvelle pendant {}, le membre est exclu",
            duration(self.heartbeat.into()),
            duration(self.session.into())
        );
        if self.heartbeat >= self.session {
            return format!("{beats} : ici, même un membre bien portant le serait.");
        }
        format!(
            "{beats}. Le dernier battement datant d’au plus {}, un crash est vu entre {} et {} après l’arrêt.",
            duration(self.heartbeat.into()),
            duration(earliest.into()),
            duration(latest.into())
        )
    }

    fn takeover_step(self) -> String {
        let beat = duration(self.heartbeat.into());
        match self.protocol {
            Protocol::Classic => format!(
                "Les autres l’apprennent à leur prochain battement, {beat} plus tard au plus, et rejoignent ; le groupe attend \
                 un membre occupé jusqu’à {}.",
                duration(self.max_poll.into())
            ),
            Protocol::Consumer => format!(
                "Les autres reçoivent ses partitions en réponse à leur prochain battement, {beat} plus tard au plus : personne \
                 n’attend personne."
            ),
        }
    }

    fn work_step(self) -> String {
        let work = self.work();
        let mut records = count(self.records, "message", "messages");
        records.push_str(" de ");
        records.push_str(&seconds(self.per_record.into()));
        if self.records > 1 {
            records.push_str(", soit ");
            records.push_str(&seconds(work));
        }
        let most = self.most_records();
        let room = if most == 0 {
            "pas même un seul n’y tient".to_owned()
        } else {
            format!("il en tiendrait {} au plus", number(most))
        };
        format!(
            "Entre deux Consume() : {records}, sur {} permises ; {room}.",
            seconds(self.max_poll.into())
        )
    }

    fn remarks(self) -> Vec<Remark> {
        let mut remarks: Vec<Remark> = self
            .broken()
            .into_iter()
            .map(|rule| {
                let weight = if rule == Rule::HeartbeatOverThird {
                    Weight::Advice
                } else {
                    Weight::Broken
                };
                Remark::new(weight, self.said(rule))
            })
            .collect();
        if remarks.is_empty() {
            remarks.push(Remark::new(Weight::Good, "Aucune règle n’est enfreinte."));
        }
        if self.protocol == Protocol::Consumer {
            remarks.push(Remark::new(
                Weight::Advice,
                "Session et battement se règlent sur le broker, ou pour le groupe. Dans le ConsumerConfig, SessionTimeoutMs, \
                 HeartbeatIntervalMs et PartitionAssignmentStrategy font échouer Build() (Local_InvalidArg).",
            ));
        }
        remarks
    }

    /// What a broken rule means here.
    fn said(self, rule: Rule) -> String {
        let bounds = |(least, most): (u32, u32)| {
            format!("{} à {}", duration(least.into()), duration(most.into()))
        };
        match (rule, self.protocol) {
            (Rule::SessionBounds, Protocol::Classic) => format!(
                "Le broker n’admet qu’une session de {} (group.min.session.timeout.ms et group.max.session.timeout.ms) : le \
                 membre est refusé, InvalidSessionTimeout.",
                bounds(CLASSIC_SESSION)
            ),
            (Rule::SessionBounds, Protocol::Consumer) => format!(
                "Le broker n’admet qu’une session de {} : pour aller plus vite, abaissez d’abord \
                 group.consumer.min.session.timeout.ms.",
                bounds(CONSUMER_SESSION)
            ),
            (Rule::HeartbeatBounds, _) => format!(
                "Le broker n’admet qu’un battement de {} : voyez group.consumer.min.heartbeat.interval.ms et son maximum.",
                bounds(CONSUMER_HEARTBEAT)
            ),
            (Rule::PollShorterThanSession, _) => {
                "max.poll.interval.ms doit valoir au moins session.timeout.ms : librdkafka le vérifie, et Build() échoue."
                    .to_owned()
            }
            (Rule::HeartbeatAfterSession, _) => {
                "Le battement doit être plus court que la session, sans quoi tout membre est exclu entre deux battements. \
                 librdkafka ne le vérifie pas."
                    .to_owned()
            }
            (Rule::HeartbeatOverThird, _) => format!(
                "On recommande un battement d’un tiers de la session au plus, ici {} : deux battements perdus ne suffisent \
                 alors pas à exclure le membre.",
                duration((self.session / 3).into())
            ),
            (Rule::WorkTooLong, _) => format!(
                "Le traitement dure plus que max.poll.interval.ms : le membre est exclu en plein travail, ses partitions passent \
                 à un autre, qui recommence. Demandez {}, ou allongez le délai.",
                if self.most_records() == 0 {
                    "moins à chaque traitement".to_owned()
                } else {
                    format!("{} au plus", count(self.most_records(), "message", "messages"))
                }
            ),
        }
    }

    /// What to paste.
    fn code(self) -> (&'static str, String) {
        match self.protocol {
            Protocol::Classic => (
                "ConsumerConfig",
                format!(
                    "var config = new ConsumerConfig\n{{\n    BootstrapServers = \"localhost:9092\",\n    \
                     GroupId = \"shipping\",\n    SessionTimeoutMs = {},\n    HeartbeatIntervalMs = {},\n    \
                     MaxPollIntervalMs = {},\n}};\n",
                    literal(self.session),
                    literal(self.heartbeat),
                    literal(self.max_poll)
                ),
            ),
            Protocol::Consumer => (
                "ConsumerConfig, et le groupe",
                format!(
                    "var config = new ConsumerConfig\n{{\n    BootstrapServers = \"localhost:9092\",\n    \
                     GroupId = \"shipping\",\n    GroupProtocol = GroupProtocol.Consumer,\n    MaxPollIntervalMs = {},\n}};\n\n\
                     // Sur le cluster :\n// kafka-configs.sh --bootstrap-server localhost:9092 --alter \\\n//   \
                     --entity-type groups --entity-name shipping --add-config \\\n//   \
                     consumer.session.timeout.ms={},consumer.heartbeat.interval.ms={}\n",
                    literal(self.max_poll),
                    self.session,
                    self.heartbeat
                ),
            ),
        }
    }
}

/// A length of time in ms as one says it: `500 ms`, `4,5 s`, `5 min`.
pub fn duration(ms: u64) -> String {
    let (unit, size) = match ms {
        0..1_000 => ("ms", 1),
        _ if ms.is_multiple_of(3_600_000) => ("h", 3_600_000),
        120_000.. if ms.is_multiple_of(60_000) => ("min", 60_000),
        _ => ("s", 1_000),
    };
    if size == 1_000 {
        return seconds(ms);
    }
    format!("{}\u{a0}{unit}", number(ms / size))
}

/// A length of time in ms in seconds, so that two can be compared: `0,2 s`, `500 s`.
fn seconds(ms: u64) -> String {
    format!("{}\u{a0}s", decimal(ms, 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classic(
        session: u32,
        heartbeat: u32,
        max_poll: u32,
        records: u32,
        per_record: u32,
    ) -> Timeouts {
        Timeouts::of(&[0, session, heartbeat, max_poll, records, per_record])
    }

    #[test]
    fn a_crash_is_noticed_when_the_session_expires() {
        let usual = classic(45_000, 3_000, 300_000, 1, 200);
        assert_eq!(usual.crash_noticed(), (42_000, 45_000));
        assert_eq!(usual.broken(), []);
        assert_eq!(usual.most_records(), 1_500);
        assert_eq!(
            usual.work_step(),
            "Entre deux Consume() : 1\u{a0}message de 0,2\u{a0}s, sur 300\u{a0}s permises ; il en tiendrait 1\u{202f}500 au plus."
        );
        assert_eq!(
            classic(45_000, 3_000, 300_000, 500, 1_000).work_step(),
            "Entre deux Consume() : 500\u{a0}messages de 1\u{a0}s, soit 500\u{a0}s, sur 300\u{a0}s permises ; il en tiendrait 300 au plus."
        );
        assert_eq!(
            classic(1_000, 3_000, 1_000, 1, 1).crash_noticed(),
            (0, 1_000)
        );
    }

    #[test]
    fn rules_are_broken_at_their_bounds_and_not_before() {
        let broken = |session, heartbeat, max_poll, records, per_record| {
            classic(session, heartbeat, max_poll, records, per_record).broken()
        };
        assert_eq!(broken(6_000, 2_000, 6_000, 1, 6_000), []);
        assert_eq!(broken(5_999, 1_000, 6_000, 1, 1), [Rule::SessionBounds]);
        assert_eq!(broken(1_800_000, 1_000, 1_800_000, 1, 1), []);
        assert_eq!(
            broken(1_800_001, 1_000, 1_800_001, 1, 1),
            [Rule::SessionBounds]
        );
        assert_eq!(
            broken(6_000, 2_001, 6_000, 1, 1),
            [Rule::HeartbeatOverThird]
        );
        assert_eq!(
            broken(6_000, 6_000, 6_000, 1, 1),
            [Rule::HeartbeatAfterSession]
        );
        assert_eq!(
            broken(6_000, 2_000, 5_999, 1, 1),
            [Rule::PollShorterThanSession]
        );
        assert_eq!(broken(6_000, 2_000, 6_000, 2, 3_001), [Rule::WorkTooLong]);
    }

    #[test]
    fn under_kip_848_the_broker_bounds_both_and_the_client_neither() {
        let broken = |session, heartbeat, max_poll| {
            Timeouts::of(&[1, session, heartbeat, max_poll, 1, 1]).broken()
        };
        assert_eq!(broken(45_000, 5_000, 1_000), []);
        assert_eq!(broken(60_000, 15_000, 300_000), []);
        assert_eq!(
            broken(10_000, 3_000, 300_000),
            [Rule::SessionBounds, Rule::HeartbeatBounds]
        );
        let (_, code) = Timeouts::of(&[1, 45_000, 5_000, 300_000, 1, 1]).code();
        assert!(code.contains("GroupProtocol.Consumer"));
        assert!(!code.contains("SessionTimeoutMs"), "{code}");
        assert!(
            code.contains("consumer.session.timeout.ms=45000,consumer.heartbeat.interval.ms=5000")
        );
    }

    #[test]
    fn the_configuration_can_be_pasted() {
        let (_, code) = classic(45_000, 3_000, 300_000, 1, 200).code();
        assert!(code.contains("    SessionTimeoutMs = 45_000,\n    HeartbeatIntervalMs = 3_000,\n    MaxPollIntervalMs = 300_000,\n};"));
    }

    #[test]
    fn lengths_of_time_are_said_as_one_says_them() {
        for (ms, said) in [
            (0, "0\u{a0}ms"),
            (999, "999\u{a0}ms"),
            (1_000, "1\u{a0}s"),
            (4_500, "4,5\u{a0}s"),
            (1_005, "1,005\u{a0}s"),
            (45_000, "45\u{a0}s"),
            (60_000, "60\u{a0}s"),
            (90_000, "90\u{a0}s"),
            (300_000, "5\u{a0}min"),
            (1_800_000, "30\u{a0}min"),
            (3_600_000, "1\u{a0}h"),
            (500_000, "500\u{a0}s"),
        ] {
            assert_eq!(duration(ms), said);
        }
    }
}

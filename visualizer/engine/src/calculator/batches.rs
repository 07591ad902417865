//! What a producer's batches hold, how long messages wait for them, and how many requests they make.
//!
//! 1. Messages come evenly to a producer and go evenly to its partitions, so each partition has one every
//!    `partitions / rate`. The first opens a batch.
//! 2. The batch goes at the first of three signals: `linger.ms` after the first message; when the queue holds `batch.size`
//!    bytes; when it holds `batch.num.messages`.
//! 3. At the signal by size, the message that goes over the size does not fit: it opens the next batch.
//! 4. A batch is a request: librdkafka puts one batch, of one partition, in each `ProduceRequest`.
//!
//! Time is in µs and everything is whole: what is divided by the rate is kept multiplied by it until the end. A message that
//! comes at the very end of the linger is in the batch, for librdkafka takes what is queued when its thread wakes, then or
//! later.
//!
//! Sources: librdkafka, `rd_kafka_msgq_allow_wakeup_at` (the signals), `rd_kafka_msgset_writer_write_msgq` (what fits) and
//! `rd_kafka_msgset_writer_write_Produce_header` (one batch a request); `CONFIGURATION.md` for the defaults and the bounds.
//! Compared with what librdkafka 2.16.0 sends to its mock cluster, 800 messages/s on 4 partitions, in messages a request:
//! linger 4 ms, 1 (1.02 measured); 5 ms, 2 (2.06); 50 ms, 11 (11.5); 4 messages a batch, 4 (4.00); 10 000 bytes, messages of
//! 1 200, 8 (8.00).

use super::words::{count, decimal, literal, number, volume};
use super::{Example, Field, Remark, Report, Weight};

/// Microseconds in a second.
const SECOND: u64 = 1_000_000;
/// Messages that the local queue holds: the default of `queue.buffering.max.messages`.
pub const QUEUE: u64 = 100_000;

/// A steady flow and the settings that cut it in batches. Each value is within the bounds of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batching {
    /// Messages per second, over all partitions; at least 1.
    pub rate: u32,
    /// Bytes of a message; at least 1.
    pub size: u32,
    /// Partitions that share them; at least 1.
    pub partitions: u32,
    /// `linger.ms`.
    pub linger: u32,
    /// `batch.size`, in bytes; at least 1.
    pub batch_size: u32,
    /// `batch.num.messages`; at least 1.
    pub batch_messages: u32,
    /// `compression.type`: its place in [`CODECS`].
    pub codec: u32,
    /// What is left of 100 bytes after compression, from 1 to 100: the reader's own measure.
    pub compressed: u32,
}

/// What makes a batch go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// `linger.ms` is over.
    Linger,
    /// `batch.size` is reached.
    Size,
    /// `batch.num.messages` is reached.
    Messages,
}

/// The values of `compression.type`; the first is none.
pub const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];

const fn field(name: &'static str, label: &'static str, summary: &'static str) -> Field {
    Field {
        name,
        label,
        property: false,
        summary,
        unit: "",
        min: 1,
        max: 1_000_000,
        step: 1,
        usual: 1,
        choices: &[],
    }
}

const fn property(name: &'static str, summary: &'static str) -> Field {
    Field {
        property: true,
        ..field(name, name, summary)
    }
}

/// The numbers of the calculator, in the order of [`Batching`]. Sizes end where `message.max.bytes` does, by default.
pub(super) static FIELDS: [Field; 8] = [
    Field {
        step: 100,
        usual: 24_000,
        ..field(
            "rate",
            "messages par seconde",
            "Ce que ce producer envoie, à un rythme régulier.",
        )
    },
    Field {
        unit: "octets",
        usual: 226,
        ..field(
            "size",
            "taille d’un message",
            "Clé, valeur, en-têtes et cadre, avant compression.",
        )
    },
    Field {
        max: 1_000,
        usual: 6,
        ..field(
            "partitions",
            "partitions",
            "Celles qui se partagent les messages, à parts égales.",
        )
    },
    Field {
        unit: "ms",
        min: 0,
        max: 1_000,
        usual: 5,
        ..property(
            "linger.ms",
            "L’attente permise, à partir du premier message du lot.",
        )
    },
    Field {
        unit: "octets",
        step: 1_000,
        usual: 1_000_000,
        ..property(
            "batch.size",
            "La taille d’un lot, avant compression ; message.max.bytes la borne aussi.",
        )
    },
    Field {
        step: 100,
        usual: 10_000,
        ..property("batch.num.messages", "Le nombre de messages d’un lot.")
    },
    Field {
        min: 0,
        max: 4,
        usual: 0,
        choices: &CODECS,
        ..property("compression.type", "Le codec qui compresse le lot entier.")
    },
    Field {
        unit: "%",
        max: 100,
        usual: 100,
        ..field(
            "compressed",
            "taille après compression",
            "Celle que vous avez mesurée sur vos lots, en pour cent de la taille avant.",
        )
    },
];

pub(super) static EXAMPLES: [Example; 5] = [
    Example {
        name: "dix par seconde",
        values: &[10, 226, 6, 5, 1_000_000, 10_000, 0, 100],
    },
    Example {
        name: "24 000 par seconde",
        values: &[24_000, 226, 6, 5, 1_000_000, 10_000, 0, 100],
    },
    Example {
        name: "linger 50 ms",
        values: &[24_000, 226, 6, 50, 1_000_000, 10_000, 0, 100],
    },
    Example {
        name: "lots de 16 384 octets",
        values: &[24_000, 226, 6, 50, 16_384, 10_000, 0, 100],
    },
    Example {
        name: "un message par lot",
        values: &[24_000, 226, 6, 5, 1_000_000, 1, 0, 100],
    },
];

impl Signal {
    /// The property that sets it.
    pub const fn property(self) -> &'static str {
        match self {
            Self::Linger => "linger.ms",
            Self::Size => "batch.size",
            Self::Messages => "batch.num.messages",
        }
    }
}

impl Batching {
    /// The batching that eight values say.
    pub(crate) fn of(values: &[u32]) -> Self {
        let value = |index: usize| values.get(index).copied().unwrap_or(1);
        Self {
            rate: value(0).max(1),
            size: value(1).max(1),
            partitions: value(2).max(1),
            linger: value(3),
            batch_size: value(4).max(1),
            batch_messages: value(5).max(1),
            codec: value(6),
            compressed: value(7),
        }
    }

    /// Time between two messages of a partition, in µs multiplied by the rate.
    fn between(self) -> u64 {
        u64::from(self.partitions) * SECOND
    }

    /// `linger.ms`, in µs multiplied by the rate.
    fn linger_scaled(self) -> u64 {
        u64::from(self.linger) * 1_000 * u64::from(self.rate)
    }

    /// Messages in the queue of a partition when `linger.ms` is over.
    pub fn by_linger(self) -> u64 {
        1 + self.linger_scaled() / self.between()
    }

    /// Messages that reach `batch.size`.
    pub fn by_size(self) -> u64 {
        self.batch_size.div_ceil(self.size).into()
    }

    /// Messages that reach `batch.num.messages`.
    pub fn by_messages(self) -> u64 {
        self.batch_messages.into()
    }

    /// What makes the batches go.
    pub fn signal(self) -> Signal {
        let full = self.by_size().min(self.by_messages());
        if self.by_linger() < full {
            Signal::Linger
        } else if self.by_size() == full {
            Signal::Size
        } else {
            Signal::Messages
        }
    }

    /// Messages in the queue of a partition at the signal.
    fn queued(self) -> u64 {
        self.by_linger().min(self.by_size()).min(self.by_messages())
    }

    /// Messages in a batch. The first is in it whatever its size.
    pub fn messages(self) -> u64 {
        let fit = u64::from(self.batch_size / self.size).max(1);
        self.queued().min(fit)
    }

    /// How long the first message of a batch waits, in µs multiplied by the rate.
    fn longest(self) -> u64 {
        match self.signal() {
            Signal::Linger => self.linger_scaled(),
            Signal::Size | Signal::Messages => (self.queued() - 1) * self.between(),
        }
    }

    /// What batching adds to the latency of a message, in µs, rounded: at most, and on average.
    pub fn delays(self) -> (u64, u64) {
        let rate = u64::from(self.rate);
        let twice = 2 * self.longest();
        // The last message of the batch came this long after the first; the others in between, evenly.
        let spread = (self.messages() - 1) * self.between();
        (rounded(twice, 2 * rate), rounded(twice - spread, 2 * rate))
    }

    /// Requests per second, in hundredths, rounded.
    pub fn requests(self) -> u64 {
        rounded(u64::from(self.rate) * 100, self.messages())
    }

    /// Bytes of a batch before compression.
    pub fn bytes(self) -> u64 {
        self.messages() * u64::from(self.size)
    }

    /// Bytes per second, before and after compression.
    pub fn throughput(self) -> (u64, u64) {
        let before = u64::from(self.rate) * u64::from(self.size);
        let left = if self.codec == 0 {
            100
        } else {
            self.compressed
        };
        (before, (before * u64::from(left)).div_ceil(100))
    }

    /// Most messages that wait at once, in all partitions together.
    pub fn waiting(self) -> u64 {
        1 + self.longest() / SECOND
    }

    /// The result and how it comes about.
    pub fn report(self) -> Report {
        let (longest, _) = self.delays();
        Report {
            result: format!(
                "Lots de {} : {}\u{a0}requêtes/s, {}\u{a0}ms d’attente au plus",
                count(self.messages(), "message", "messages"),
                decimal(self.requests(), 100),
                decimal(longest, 1_000)
            ),
            steps: vec![
                self.pace_step(),
                format!(
                    "Signaux : linger.ms laisse venir {}, batch.size en permet {}, batch.num.messages {}. C’est {} qui fait \
                     partir le lot.",
                    count(self.by_linger(), "message", "messages"),
                    number(u64::from(self.batch_size / self.size).max(1)),
                    number(self.by_messages()),
                    self.signal().property()
                ),
                self.batch_step(),
                self.requests_step(),
                self.delay_step(),
                self.throughput_step(),
            ],
            remarks: self.remarks(),
            code: Some(("ProducerConfig", self.code())),
        }
    }

    fn pace_step(self) -> String {
        let every = rounded(self.between(), self.rate.into());
        let exact = self.between().is_multiple_of(self.rate.into());
        format!(
            "Cadence : {} par seconde sur {}, soit un toutes les {}\u{a0}ms{} dans chacune.",
            count(self.rate, "message", "messages"),
            count(self.partitions, "partition", "partitions"),
            decimal(every, 1_000),
            if exact { "" } else { " environ" }
        )
    }

    fn batch_step(self) -> String {
        let next = if self.messages() < self.queued() {
            " ; le message suivant dépasserait batch.size, et ouvre un autre lot"
        } else {
            ""
        };
        format!(
            "Lot : {} de {}, soit {} avant compression{next}.",
            count(self.messages(), "message", "messages"),
            count(self.size, "octet", "octets"),
            volume(self.bytes())
        )
    }

    fn requests_step(self) -> String {
        let exact = (u64::from(self.rate) * 100).is_multiple_of(self.messages());
        format!(
            "Requêtes : {} ÷ {} {} {} ProduceRequest par seconde, car librdkafka met un seul lot dans chacune.",
            number(self.rate),
            number(self.messages()),
            if exact { "=" } else { "≈" },
            decimal(self.requests(), 100)
        )
    }

    fn delay_step(self) -> String {
        match (self.delays(), self.messages()) {
            ((0, _), _) => "Attente : aucune, chaque message part à son arrivée.".to_owned(),
            ((longest, _), 1) => format!(
                "Attente : {}\u{a0}ms pour chaque message.",
                decimal(longest, 1_000)
            ),
            ((longest, mean), _) => format!(
                "Attente : {}\u{a0}ms pour le premier message d’un lot, {}\u{a0}ms en moyenne.",
                decimal(longest, 1_000),
                decimal(mean, 1_000)
            ),
        }
    }

    fn throughput_step(self) -> String {
        let (before, after) = self.throughput();
        let flow = format!(
            "Débit : {} × {} = {}/s",
            number(self.rate),
            count(self.size, "octet", "octets"),
            volume(before)
        );
        if self.codec == 0 {
            return format!("{flow}, envoyés tels quels, sans compression.");
        }
        format!(
            "{flow} ; à {}\u{a0}% après compression, {}/s.",
            number(self.compressed),
            volume(after)
        )
    }

    fn remarks(self) -> Vec<Remark> {
        let mut remarks = vec![self.worth()];
        if self.waiting() > QUEUE {
            remarks.push(Remark::new(
                Weight::Broken,
                format!(
                    "Jusqu’à {} attendraient à la fois, et le tampon local en tient {} : Produce lève Local_QueueFull. Baissez \
                     LingerMs, ou relevez QueueBufferingMaxMessages.",
                    count(self.waiting(), "message", "messages"),
                    number(QUEUE)
                ),
            ));
        }
        if let Some(text) = self.compression() {
            remarks.push(Remark::new(Weight::Advice, text));
        }
        remarks.push(Remark::new(
            Weight::Advice,
            "Laissé de côté : les cadres du lot et de la requête, le réseau et l’accusé de réception, max.in.flight, des clés \
             inégales ou absentes. Quand le thread d’envoi est occupé, les vrais lots sont plus gros.",
        ));
        remarks
    }

    /// What the batches are good for.
    fn worth(self) -> Remark {
        match (self.messages(), self.delays()) {
            (1, (0, _)) => Remark::new(
                Weight::Advice,
                "Un message par lot : rien n’attend, et il faut autant de requêtes que de messages.",
            ),
            (1, (longest, _)) => Remark::new(
                Weight::Advice,
                format!(
                    "Un message par lot : linger.ms le retient {}\u{a0}ms, et rien ne le rejoint. À 0, il partirait aussitôt, \
                     avec autant de requêtes.",
                    decimal(longest, 1_000)
                ),
            ),
            (messages, _) => Remark::new(
                Weight::Good,
                format!(
                    "{} fois moins de requêtes qu’avec un message par lot.",
                    number(messages)
                ),
            ),
        }
    }

    /// What to know of the compression.
    fn compression(self) -> Option<String> {
        match (self.codec, self.compressed, self.messages()) {
            (0, 100, _) => None,
            (0, ..) => Some(
                "Sans codec, la taille après compression ne sert pas : choisissez compression.type."
                    .to_owned(),
            ),
            (_, 100, _) => Some(
                "À 100 %, la compression ne gagne rien : donnez la taille que vous mesurez sur vos lots."
                    .to_owned(),
            ),
            (_, left, 1) => Some(format!(
                "La compression porte sur le lot : sur un message seul, elle gagne peu. Vérifiez vos {left}\u{a0}% sur des lots \
                 d’un message."
            )),
            (_, left, messages) => Some(format!(
                "{left}\u{a0}% est votre mesure, que le calcul ne vérifie pas : prenez-la sur des lots de {}.",
                count(messages, "message", "messages")
            )),
        }
    }

    /// What to paste.
    fn code(self) -> String {
        let codec = match self.codec {
            1 => "Gzip",
            2 => "Snappy",
            3 => "Lz4",
            4 => "Zstd",
            _ => "None",
        };
        format!(
            "var config = new ProducerConfig\n{{\n    BootstrapServers = \"localhost:9092\",\n    EnableIdempotence = true,\n    \
             LingerMs = {},\n    BatchSize = {},\n    BatchNumMessages = {},\n    CompressionType = CompressionType.{codec},\n}};\n",
            literal(self.linger),
            literal(self.batch_size),
            literal(self.batch_messages)
        )
    }
}

/// `part / whole`, rounded to the nearest.
const fn rounded(part: u64, whole: u64) -> u64 {
    (part + whole / 2) / whole
}

#[cfg(test)]
mod tests;

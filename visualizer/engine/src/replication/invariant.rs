//! What must always be true of a replication run, as code: held against random runs by tests, and against real ones in the
//! page, where a breach is shown rather than hidden.

use super::World;
use super::settings::Acks;
use super::world::Partition;
use std::collections::BTreeMap;
use std::fmt;

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A leader epoch has at most one leader.
    OneLeaderPerEpoch,
    /// Two logs that agree on the epoch of an offset agree on everything before it.
    LogsMatch,
    /// What is below the leader's high watermark is the same on all in-sync replicas.
    CommittedOnIsr,
    /// Within a leader epoch, the high watermark never goes back.
    HighWatermarkGoesOn,
    /// Without unclean election, what was once committed stays in the log that counts. (A new leader's high watermark may
    /// begin lower: it learned it late. The records are there.)
    CommittedKept,
    /// With `acks=all` and without unclean election, no acknowledged record is lost.
    AcknowledgedKept,
    /// An idempotent producer writes no record twice, as long as no delivery report gave one up: then its sequence numbers
    /// begin anew, and what was on its way may be written again.
    NoDuplicates,
    /// Under the same condition, a partition holds its records in the order in which they were sent: those of a key too.
    OrderPerKey,
    /// The consumer has read only what was committed.
    OnlyCommittedRead,
    /// Every record is in exactly one of the counters.
    EveryRecordCounted,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneLeaderPerEpoch => "une époque a au plus un leader",
            Self::LogsMatch => {
                "deux logs qui ont la même époque à un offset sont identiques jusque-là"
            }
            Self::CommittedOnIsr => {
                "ce qui est sous le high watermark est le même sur toutes les répliques synchronisées"
            }
            Self::HighWatermarkGoesOn => {
                "pendant une époque, le high watermark ne recule pas"
            }
            Self::CommittedKept => {
                "sans élection unclean, ce qui a été validé reste dans le log du leader"
            }
            Self::AcknowledgedKept => {
                "avec acks=all et sans élection unclean, aucun message acquitté n’est perdu"
            }
            Self::NoDuplicates => {
                "un producer idempotent qui n’a rien abandonné n’écrit aucun message deux fois"
            },
            Self::OrderPerKey => {
                "un producer idempotent qui n’a rien abandonné garde l’ordre des messages d’une clé"
            }
            Self::OnlyCommittedRead => "le consumer ne lit que ce qui est validé",
            Self::EveryRecordCounted => "chaque message est compté une fois et une seule",
        })
    }
}

/// Watches a run's states, as often as one likes: more often sees more.
#[derive(Clone, Debug, Default)]
pub struct Monitor {
    partitions: Vec<History>,
    /// Whether `acks=all`, and idempotence, held all along; set when the first state is seen.
    settings: Option<(bool, bool)>,
}

#[derive(Clone, Debug, Default)]
struct History {
    /// Leader and high watermark of each epoch.
    epochs: BTreeMap<i32, (usize, usize)>,
    /// The records that were once committed.
    committed: Vec<usize>,
    /// Some election was unclean.
    unclean: bool,
}

impl Monitor {
    /// Looks at the present state, and returns the first rule that it breaks.
    ///
    /// # Errors
    /// When it breaks one.
    pub fn observe(&mut self, world: &World) -> Result<(), Rule> {
        let (all, idempotent) = self.settings.unwrap_or((true, true));
        let all = all && world.settings.acks == Acks::All;
        let idempotent =
            idempotent && world.settings.idempotent && world.producer.gave_nothing_up();
        self.settings = Some((all, idempotent));
        self.partitions
            .resize_with(world.partitions.len(), History::default);
        let mut clean = true;
        for (history, partition) in self.partitions.iter_mut().zip(&world.partitions) {
            history.observe(partition)?;
            clean &= !history.unclean;
        }
        let counters = world.ledger.counters();
        hold(
            counters.sent() == world.ledger.len() as u64,
            Rule::EveryRecordCounted,
        )?;
        hold(
            !(all && clean) || counters.acknowledged_lost == 0,
            Rule::AcknowledgedKept,
        )?;
        hold(!idempotent || counters.duplicates == 0, Rule::NoDuplicates)?;
        let mut partitions = world.partitions.iter();
        hold(!idempotent || partitions.all(in_order), Rule::OrderPerKey)?;
        let read = self.partitions.iter().zip(&world.consumer);
        for (history, position) in read {
            hold(
                history.unclean || position.offset <= history.committed.len(),
                Rule::OnlyCommittedRead,
            )?;
        }
        Ok(())
    }
}

impl History {
    fn observe(&mut self, partition: &Partition) -> Result<(), Rule> {
        self.unclean |= partition.unclean;
        logs_match(partition)?;
        for (broker, replica) in partition.replicas.iter().enumerate() {
            let Some(leadership) = replica.leadership() else {
                continue;
            };
            let high_watermark = replica.log.high_watermark;
            let (leader, before) = self
                .epochs
                .insert(leadership.epoch, (broker, high_watermark))
                .unwrap_or((broker, 0));
            hold(leader == broker, Rule::OneLeaderPerEpoch)?;
            hold(before <= high_watermark, Rule::HighWatermarkGoesOn)?;
            if leadership.epoch == partition.registration.epoch {
                committed_on_isr(partition, broker)?;
            }
            // A leader that was stopped, and does not know yet that it leads no more, commits what all in-sync replicas of
            // its epoch have.
            let log = &replica.log;
            let committed = log.entries.iter().take(log.high_watermark);
            let more = committed.skip(self.committed.len());
            self.committed.extend(more.map(|entry| entry.record));
        }
        let counts = partition.counting_log();
        let same = |(place, record): (usize, &usize)| {
            counts
                .get(place)
                .is_some_and(|entry| entry.record == *record)
        };
        hold(
            self.unclean || self.committed.iter().enumerate().all(same),
            Rule::CommittedKept,
        )
    }
}

/// What the leader has committed is on all in-sync replicas.
fn committed_on_isr(partition: &Partition, leader: usize) -> Result<(), Rule> {
    let log = &partition.replicas[leader].log;
    for (broker, replica) in partition.replicas.iter().enumerate() {
        if partition.registration.isr.has(broker) {
            let mut entries = replica.log.entries.iter();
            let mut committed = log.entries.iter().take(log.high_watermark);
            let holds = committed.all(|entry| entries.next() == Some(entry));
            hold(holds, Rule::CommittedOnIsr)?;
        }
    }
    Ok(())
}

fn logs_match(partition: &Partition) -> Result<(), Rule> {
    let logs = || {
        partition
            .replicas
            .iter()
            .map(|replica| &replica.log.entries)
    };
    for (place, left) in logs().enumerate() {
        for right in logs().skip(place + 1) {
            let shared = left.len().min(right.len());
            let agree = (0..shared).rfind(|at| left[*at].epoch == right[*at].epoch);
            let agree = agree.map_or(0, |last| last + 1);
            let mut pairs = left.iter().zip(right.iter()).take(agree);
            hold(pairs.all(|(left, right)| left == right), Rule::LogsMatch)?;
        }
    }
    Ok(())
}

/// Records are numbered as they are sent.
fn in_order(partition: &Partition) -> bool {
    let log = partition.counting_log();
    log.iter().map(|entry| entry.record).is_sorted()
}

fn hold(condition: bool, rule: Rule) -> Result<(), Rule> {
    if condition { Ok(()) } else { Err(rule) }
}

//! A partition's replicas, one log above the other: what each holds, how far it is committed, and what the producer and the
//! consumer know of it.
//!
//! 1. The producer's records stand first, each with what its delivery report says.
//! 2. A replica is a line of words — role, ISR, `LEO`, `HW` — and its log. All logs share one scale of offsets, so that a
//!    follower that is behind is seen to be shorter.
//! 3. A record is a letter; the same letter is the same record. Below the high watermark its cell is plain, above it is
//!    dashed; one that the leader does not have is crossed, and so is one that was cut off, in a line of its own.
//! 4. The consumer's position stands under the leader's log.

mod draw;
mod from_view;
mod gone;

pub use draw::picture;
pub use gone::gone;

use engine::ids::{BrokerId, RecordId};

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replicas {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Who writes, and how; empty if it is not shown.
    pub producer: String,
    /// The producer's newest records, oldest first.
    pub sent: Vec<Sent>,
    /// The partition: its epoch and its rules, on one line.
    pub heading: String,
    /// The replicas, in the order in which a leader is chosen among them.
    pub rows: Vec<Row>,
    /// Offset of the next record that the consumer will receive.
    pub position: Option<u64>,
}

/// A record as the producer knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its letter.
    pub letter: String,
    /// What the producer knows of it.
    pub sign: &'static str,
    /// The producer believes it written, and the log that counts does not have it.
    pub lost: bool,
    /// All there is to say of it.
    pub title: String,
}

/// A replica.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its broker.
    pub name: String,
    /// What it is to the partition.
    pub role: &'static str,
    /// Whether it leads.
    pub leads: bool,
    /// Whether its broker serves.
    pub alive: bool,
    /// Whether it is in the ISR.
    pub in_sync: bool,
    /// Its log's end.
    pub end: u64,
    /// The high watermark that it knows.
    pub high_watermark: u64,
    /// Its newest records, oldest first, offsets without gaps; the last one is at `end - 1`.
    pub cells: Vec<Cell>,
    /// Records that it has cut off, where they were.
    pub gone: Vec<(u64, String)>,
}

/// A record in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its offset.
    pub offset: u64,
    /// Its letter.
    pub letter: String,
    /// What it looks like.
    pub look: Look,
    /// All there is to say of it.
    pub title: String,
}

/// What a record in a log looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Below the high watermark: consumers may read it.
    Committed,
    /// Above the high watermark.
    Pending,
    /// The leader does not have it here: it will be cut off.
    Diverging,
    /// The same record is at a lower offset too.
    Duplicate,
}

/// A record that a replica cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The replica's broker.
    pub broker: BrokerId,
    /// Where it was.
    pub offset: u64,
    /// Which it was.
    pub record: RecordId,
}

/// A replica's line of words.
fn words(row: &Row) -> String {
    let isr = if row.in_sync {
        " · ISR"
    } else {
        " · hors ISR"
    };
    [
        &row.name,
        " ",
        row.role,
        isr,
        " · LEO ",
        &row.end.to_string(),
        " · HW ",
        &row.high_watermark.to_string(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::px::Px;
    use crate::svg::svg;

    fn cells(letters: &str, committed: u64) -> Vec<Cell> {
        letters
            .chars()
            .zip(0..)
            .map(|(letter, offset)| Cell {
                offset,
                letter: letter.to_string(),
                look: if offset < committed {
                    Look::Committed
                } else {
                    Look::Pending
                },
                title: String::new(),
            })
            .collect()
    }

    fn row(name: &str, letters: &str, committed: u64) -> Row {
        Row {
            name: name.into(),
            role: "suiveur",
            alive: true,
            in_sync: true,
            end: letters.len() as u64,
            high_watermark: committed,
            cells: cells(letters, committed),
            ..Row::default()
        }
    }

    fn replicas() -> Replicas {
        let mut leader = row("broker-1", "ABCD", 3);
        (leader.role, leader.leads) = ("★ leader", true);
        let mut late = row("broker-3", "AB", 2);
        late.in_sync = false;
        late.gone = vec![(2, "X".into()), (3, "Y".into())];
        Replicas {
            producer: "Producer, acks=all".into(),
            sent: vec![Sent {
                letter: "X".into(),
                sign: "✓",
                lost: true,
                title: "message X : acquitté et pourtant perdu".into(),
            }],
            heading: "époque 4 · ISR 2 (min. 2)".into(),
            rows: vec![leader, row("broker-2", "ABC", 2), late],
            position: Some(3),
            ..Replicas::default()
        }
    }

    #[test]
    fn what_each_replica_knows_is_written() {
        let drawn = svg(&picture(&replicas(), Px::new(320)), "r");
        for expected in [
            ">broker-1 ★ leader · ISR · LEO 4 · HW 3<",
            ">broker-3 suiveur · hors ISR · LEO 2 · HW 2<",
            ">époque 4 · ISR 2 (min. 2)<",
            ">consumer : lira 3<",
            "message X, offset 2 : tronqué",
            "acquitté et pourtant perdu",
        ] {
            assert!(drawn.contains(expected), "{expected} in {drawn}");
        }
        assert_eq!(drawn.matches("class=\"gone\"").count(), 2);
        assert_eq!(drawn.matches("cell-pending").count(), 2);
        assert_eq!(drawn.matches("class=\"watermark\"").count(), 3);
    }

    #[test]
    fn replicas_share_one_scale_of_offsets() {
        let width = Px::new(320);
        let mut replicas = replicas();
        replicas.rows[0] = row("broker-1", "ABCDEFGHIJKLMNOPQRST", 20);
        let drawn = svg(&picture(&replicas, width), "r");
        assert!(drawn.contains(">19</text>"), "{drawn}");
        assert!(drawn.contains("⋯"), "{drawn}");
        // The late ones have nothing to show there but that they are behind.
        assert!(!drawn.contains("tronqué"), "{drawn}");
    }

    #[test]
    fn a_run_is_drawn_as_it_is() {
        use engine::config::Property;
        use engine::replication::Simulation;
        use engine::scenario::{Action, Keys, Kind, Produce, Scenario, TimedAction};
        use engine::time::{Duration, Instant};

        let mut scenario = Scenario::new(Kind::Replication, "Un leader, deux suiveurs");
        scenario
            .config
            .set_text(Property::MinInsyncReplicas, "2")
            .unwrap();
        let mut produce = Produce::of(Keys::List(vec!["a".into()]));
        produce.count = 3;
        scenario.actions.push(TimedAction {
            at: Instant::from_millis(100),
            action: Action::Produce(produce),
        });
        let mut run = Simulation::new(scenario);
        run.run_until(Instant::from_millis(100) + Duration::from_millis(5_000));
        let view = run.view();
        let replicas = Replicas::of(&view, &view.partitions[0], &[]);
        assert_eq!(replicas.rows.len(), 3);
        assert_eq!(replicas.position, Some(3));
        let drawn = svg(&picture(&replicas, Px::new(320)), "r");
        assert!(drawn.contains(">époque 0 · ISR 3 (min. 2)<"), "{drawn}");
        assert_eq!(drawn.matches("HW 3").count(), 6, "{drawn}");
        assert!(!drawn.contains("cell-pending"), "{drawn}");
    }
}

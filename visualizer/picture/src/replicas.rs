//! A partition's replicas, one log above the other: what each holds, how far it is committed, and what the producer and the
//! consumer know of it.
//!
//! 1. The producer's records stand first, each with what its delivery report says.
//! 2. A replica is a line of words — role, ISR, `LEO`, `HW` — and its log. All logs share one scale of offsets, so that a
//!    follower that is behind is seen to be shorter.
//! 3. A record is a letter; the same letter is the same record. Below the high watermark its cell is plain, above it is
//!    dashed; one that the leader does not have is crossed, and so is one that was cut off, in a line of its own.
//! 4. The consumer's position stands under the leader's log.

mod gone;

pub use gone::gone;

use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};
use engine::event::ProduceError;
use engine::ids::{BrokerId, RecordId};
use engine::replication::view::{
    BrokerState, PartitionView, RecordView, ReplicaView, Role, SentView, Status, View,
};

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

/// Side of a cell.
const CELL: Px = Px::new(32);
/// Room for a row's words.
const WORDS: Px = Px::new(18);
/// Height of a record that is gone.
const GONE: Px = Px::new(16);
/// Between rows.
const GAP: Px = Px::new(12);
/// Room for the sign that there are older records.
const MORE: Px = Px::new(16);
/// From one of the producer's records to the next.
const SENT: Px = Px::new(36);
/// Free room around.
const EDGE: Px = Px::new(2);

impl Replicas {
    /// One partition of a view, with what was cut off.
    pub fn of(view: &View, partition: &PartitionView, gone: &[Gone]) -> Self {
        let high_watermark = partition.high_watermark.map(|offset| unsigned(offset.0));
        let rows: Vec<Row> = partition
            .replicas
            .iter()
            .map(|replica| row(view, replica, high_watermark, gone))
            .collect();
        let sent = view
            .producer
            .records
            .iter()
            .filter(|sent| sent.partition == partition.partition)
            .map(sent_record)
            .collect();
        let place = view
            .consumer
            .iter()
            .find(|consumer| consumer.partition == partition.partition);
        let mut replicas = Self {
            title: title(view, partition),
            description: String::new(),
            producer: producer(view),
            sent,
            heading: heading(view, partition),
            rows,
            position: place.map(|place| unsigned(place.position.0)),
        };
        replicas.description = replicas.spoken();
        replicas
    }

    /// Everything that is drawn, in a few sentences.
    fn spoken(&self) -> String {
        let mut text = self.heading.clone();
        for row in &self.rows {
            text.push_str(" — ");
            text.push_str(&words(row));
        }
        if let Some(position) = self.position {
            text.push_str(" — le consumer lira l’offset ");
            text.push_str(&position.to_string());
        }
        text
    }
}

fn unsigned(offset: i64) -> u64 {
    u64::try_from(offset).unwrap_or(0)
}

/// The sign of what the producer knows of a record.
pub const fn sign(status: Status) -> &'static str {
    match status {
        Status::Waiting => "·",
        Status::InFlight => "…",
        Status::Retrying(_) => "↻",
        Status::Acknowledged => "✓",
        Status::Refused(_) => "✕",
        Status::Unknown(_) => "?",
    }
}

/// What the producer knows of a record, in words.
pub fn status_words(status: Status) -> String {
    let (words, error): (&str, Option<ProduceError>) = match status {
        Status::Waiting => ("attend d’être envoyé", None),
        Status::InFlight => ("envoyé, sans réponse", None),
        Status::Retrying(error) => ("nouvel essai après ", Some(error)),
        Status::Acknowledged => ("acquitté", None),
        Status::Refused(error) => ("échec, pas écrit (NotPersisted) : ", Some(error)),
        Status::Unknown(error) => ("échec, peut-être écrit (PossiblyPersisted) : ", Some(error)),
    };
    [words, error.map_or("", ProduceError::dotnet)].concat()
}

fn sent_record(sent: &SentView) -> Sent {
    let lost = sent.status == Status::Acknowledged && !sent.kept;
    let letter = sent.record.letters();
    let mut title = ["message ", &letter, " : ", &status_words(sent.status)].concat();
    if lost {
        title.push_str(" et pourtant perdu");
    }
    Sent {
        letter,
        sign: sign(sent.status),
        lost,
        title,
    }
}

fn title(view: &View, partition: &PartitionView) -> String {
    [
        view.topic.as_str(),
        ", partition ",
        &partition.partition.to_string(),
    ]
    .concat()
}

fn producer(view: &View) -> String {
    let acks = match view.producer.acks {
        -1 => "all",
        0 => "0",
        _ => "1",
    };
    ["Producer, acks=", acks].concat()
}

fn heading(view: &View, partition: &PartitionView) -> String {
    let leader = match partition.leader {
        Some(_) => "",
        None => "aucun leader · ",
    };
    [
        leader,
        "époque ",
        &partition.epoch.to_string(),
        " · ISR ",
        &partition.isr.len().to_string(),
        " (min. ",
        &view.min_insync_replicas.to_string(),
        ")",
    ]
    .concat()
}

fn row(view: &View, replica: &ReplicaView, high_watermark: Option<u64>, gone: &[Gone]) -> Row {
    let broker = view.brokers.iter().find(|b| b.broker == replica.broker);
    let state = broker.map_or(BrokerState::Up, |broker| broker.state);
    let role = match (replica.role, state) {
        (_, BrokerState::Down) => "arrêté",
        (_, BrokerState::Starting) => "démarre",
        (Role::Leader, _) => "★ leader",
        (Role::Follower, BrokerState::Slow(_)) => "suiveur lent",
        (Role::Follower, _) => "suiveur",
        (Role::Offline, _) => "hors service",
    };
    let own = unsigned(replica.high_watermark.0);
    let committed = high_watermark.unwrap_or(own);
    Row {
        name: replica.broker.to_string(),
        role,
        leads: replica.role == Role::Leader,
        alive: replica.role != Role::Offline,
        in_sync: replica.in_sync,
        end: unsigned(replica.log_end.0),
        high_watermark: own,
        cells: replica
            .records
            .iter()
            .map(|record| cell_of(record, committed))
            .collect(),
        gone: gone
            .iter()
            .filter(|gone| gone.broker == replica.broker)
            .map(|gone| (gone.offset, gone.record.letters()))
            .collect(),
    }
}

fn cell_of(record: &RecordView, committed: u64) -> Cell {
    let offset = unsigned(record.offset.0);
    let look = match () {
        () if record.on_leader == Some(false) => Look::Diverging,
        () if record.duplicate => Look::Duplicate,
        () if offset < committed => Look::Committed,
        () => Look::Pending,
    };
    let place = match look {
        Look::Committed => "sous le high watermark",
        Look::Pending => "au-dessus du high watermark : pas encore lisible",
        Look::Diverging => "absent du leader : sera tronqué",
        Look::Duplicate => "doublon",
    };
    let letter = record.record.letters();
    let title = [
        "message ",
        &letter,
        ", offset ",
        &offset.to_string(),
        ", écrit à l’époque ",
        &record.epoch.to_string(),
        " : ",
        place,
        " ; ",
        &status_words(record.status),
    ]
    .concat();
    Cell {
        offset,
        letter,
        look,
        title,
    }
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

/// Where things are.
struct Layout {
    width: Px,
    /// The offset in the first slot.
    first: u64,
    slots: usize,
}

impl Layout {
    fn new(replicas: &Replicas, width: Px) -> Self {
        let slots = (width - MORE - EDGE).fits(CELL).max(2);
        let longest = replicas.rows.iter().map(|row| row.end);
        let gone = replicas.rows.iter().flat_map(|row| &row.gone);
        let end = longest
            .chain(gone.map(|(offset, _)| offset + 1))
            .max()
            .unwrap_or(0);
        Self {
            width,
            first: (end + 1).saturating_sub(slots as u64),
            slots,
        }
    }

    /// Left side of an offset's cell, if it is in sight.
    fn slot(&self, offset: u64) -> Option<Px> {
        let slot = usize::try_from(offset.checked_sub(self.first)?).ok()?;
        (slot < self.slots).then(|| MORE + CELL.at(slot))
    }
}

/// Draws the replicas in this width.
pub fn picture(replicas: &Replicas, width: Px) -> Picture {
    let layout = Layout::new(replicas, width);
    let mut shapes = Vec::new();
    let mut y = Px::ZERO;
    if !replicas.producer.is_empty() {
        y = draw_sent(replicas, &layout, &mut shapes);
    }
    let (x, baseline) = (Px::ZERO, y + Px::new(13));
    shapes.push(Shape::text(
        "num",
        x,
        baseline,
        Anchor::Start,
        &*replicas.heading,
    ));
    y += Px::new(24);
    for row in &replicas.rows {
        let position = replicas.position.filter(|_| row.leads);
        let (shape, height) = draw_row(row, &layout, position);
        shapes.push(Shape::Group {
            class: if row.alive {
                "replica"
            } else {
                "replica replica-down"
            },
            title: String::new(),
            offset: (Px::ZERO, y),
            shapes: shape,
        });
        y += height + GAP;
    }
    Picture {
        width,
        height: y.max(Px::new(10)),
        title: replicas.title.clone(),
        description: replicas.description.clone(),
        shapes,
    }
}

/// The producer's records; where they end.
fn draw_sent(replicas: &Replicas, layout: &Layout, shapes: &mut Vec<Shape>) -> Px {
    shapes.push(Shape::text(
        "label",
        Px::ZERO,
        Px::new(13),
        Anchor::Start,
        &*replicas.producer,
    ));
    let room = (layout.width - MORE).fits(SENT).max(1);
    let first = replicas.sent.len().saturating_sub(room);
    for (slot, sent) in replicas.sent[first..].iter().enumerate() {
        let class = if sent.lost { "cell cell-lost" } else { "cell" };
        let text = [&sent.letter, sent.sign].concat();
        let mut cell = vec![Shape::Rect {
            class,
            x: Px::ZERO,
            y: Px::ZERO,
            width: SENT - Px::new(4),
            height: Px::new(22),
        }];
        if sent.lost {
            cell.push(cross(SENT - Px::new(4), Px::new(22)));
        }
        let middle = SENT.half() - Px::new(2);
        cell.push(Shape::centred("num", middle, Px::new(15), text));
        shapes.push(Shape::Group {
            class: "sent",
            title: sent.title.clone(),
            offset: (MORE + SENT.at(slot), Px::new(20)),
            shapes: cell,
        });
    }
    Px::new(52)
}

fn draw_row(row: &Row, layout: &Layout, position: Option<u64>) -> (Vec<Shape>, Px) {
    let class = if row.leads {
        "label"
    } else {
        "label label-thin"
    };
    let mut shapes = vec![
        Shape::text(class, Px::ZERO, Px::new(13), Anchor::Start, words(row)),
        Shape::across("rule", MORE, MORE + CELL.at(layout.slots), WORDS + CELL),
    ];
    if layout.first > 0 && row.end > 0 {
        let y = WORDS + CELL.half() + Px::new(4);
        shapes.push(Shape::centred("ink-2 more", MORE.half(), y, "⋯"));
    }
    for cell in &row.cells {
        if let Some(x) = layout.slot(cell.offset) {
            shapes.push(draw_cell(cell, x));
        }
    }
    if let Some(x) = layout.slot(row.end) {
        shapes.push(next(row, x));
    }
    if let Some(x) = layout.slot(row.high_watermark) {
        shapes.push(watermark(x));
    }
    let mut height = WORDS + CELL;
    if !row.gone.is_empty() {
        for (offset, letter) in &row.gone {
            if let Some(x) = layout.slot(*offset) {
                shapes.push(draw_gone(letter, *offset, x, height + Px::new(3)));
            }
        }
        height += GONE + Px::new(3);
    }
    if let Some(position) = position {
        shapes.push(reader(position, layout, height));
        height += Px::new(18);
    }
    (shapes, height)
}

fn draw_cell(cell: &Cell, x: Px) -> Shape {
    let class = match cell.look {
        Look::Committed => "cell",
        Look::Pending => "cell cell-pending",
        Look::Diverging => "cell cell-lost",
        Look::Duplicate => "cell cell-hot",
    };
    let mut shapes = vec![Shape::Rect {
        class,
        x: Px::ZERO,
        y: Px::ZERO,
        width: CELL,
        height: CELL,
    }];
    if cell.look == Look::Diverging {
        shapes.push(cross(CELL, CELL));
    }
    let middle = CELL.half();
    let letter = match cell.look {
        Look::Duplicate => [&cell.letter, "="].concat(),
        _ => cell.letter.clone(),
    };
    shapes.push(Shape::centred(
        "offset",
        middle,
        Px::new(11),
        cell.offset.to_string(),
    ));
    shapes.push(Shape::centred("mark", middle, Px::new(26), letter));
    Shape::Group {
        class: "record",
        title: cell.title.clone(),
        offset: (x, WORDS),
        shapes,
    }
}

/// Two diagonals: gone, or about to go.
fn cross(width: Px, height: Px) -> Shape {
    let (w, h) = (width.to_string(), height.to_string());
    Shape::Path {
        class: "cross",
        d: ["M0 0L", &w, " ", &h, "M", &w, " 0L0 ", &h].concat(),
    }
}

fn draw_gone(letter: &str, offset: u64, x: Px, y: Px) -> Shape {
    Shape::Group {
        class: "gone",
        title: [
            "message ",
            letter,
            ", offset ",
            &offset.to_string(),
            " : tronqué",
        ]
        .concat(),
        offset: (x, y),
        shapes: vec![
            Shape::Rect {
                class: "cell-left",
                x: Px::new(2),
                y: Px::ZERO,
                width: CELL - Px::new(4),
                height: GONE,
            },
            cross(CELL, GONE),
            Shape::centred("mark mark-small", CELL.half(), Px::new(12), letter),
        ],
    }
}

/// The place of the next record: the log's end offset.
fn next(row: &Row, x: Px) -> Shape {
    let side = CELL - Px::new(4);
    Shape::Group {
        class: "next",
        title: ["LEO de ", &row.name].concat(),
        offset: (x, WORDS),
        shapes: vec![
            Shape::Rect {
                class: "cell-next",
                x: Px::new(2),
                y: Px::new(2),
                width: side,
                height: side,
            },
            Shape::centred(
                "offset ink-2",
                CELL.half(),
                Px::new(20),
                row.end.to_string(),
            ),
        ],
    }
}

/// The high watermark: a thick line before the first record that is not committed.
fn watermark(x: Px) -> Shape {
    Shape::Rect {
        class: "watermark",
        x: x - Px::tenths(15),
        y: WORDS - Px::new(3),
        width: Px::new(3),
        height: CELL + Px::new(6),
    }
}

/// Where the consumer has got to.
fn reader(position: u64, layout: &Layout, y: Px) -> Shape {
    let x = layout.slot(position).unwrap_or(if position < layout.first {
        MORE.half()
    } else {
        layout.width - Px::new(8)
    });
    let tip = [
        "M",
        &x.to_string(),
        " ",
        &(y + Px::new(2)).to_string(),
        "l4 7h-8z",
    ]
    .concat();
    let (anchor, text_x) = if x > layout.width.half() {
        (Anchor::End, x - Px::new(7))
    } else {
        (Anchor::Start, x + Px::new(7))
    };
    let text = ["consumer : lira ", &position.to_string()].concat();
    Shape::Group {
        class: "reader",
        title: String::new(),
        offset: (Px::ZERO, Px::ZERO),
        shapes: vec![
            Shape::Path {
                class: "mark-tip",
                d: tip,
            },
            Shape::text("num", text_x, y + Px::new(12), anchor, text),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn letters_go_on_after_z() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702]
            .map(|record| RecordId(record).letters())
            .into();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
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

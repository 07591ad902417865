//! The members of a group: what state each is in, what it owns, and how much of its three timers is left.
//!
//! A timer is a bar that empties: the session (the coordinator's patience with the member), the next heartbeat (the client's
//! own), and the time to the next call of `Consume()` (`max.poll.interval.ms`). One that fired says so and keeps its instant.

use crate::ownership::PartitionName;
use crate::px::Px;
use crate::shape::{Anchor, Picture, Shape};
use engine::event::{Event, EventKind, GroupEvent, MemberState};
use engine::group::{ConsumerView, Ending, GroupView, Life, MemberView};
use engine::time::{Duration, Instant};
use std::fmt::Write;

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members {
    /// What it is.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// The members.
    pub rows: Vec<Row>,
    /// How many more there are.
    pub more: usize,
}

/// A member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// A sign of its state, told apart by its form.
    pub sign: &'static str,
    /// Its state, generation or epoch included.
    pub state: String,
    /// What it owns.
    pub owned: String,
    /// Session, heartbeat, poll.
    pub timers: Vec<Timer>,
}

/// A timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Its name.
    pub name: &'static str,
    /// What is left of it.
    pub left: Duration,
    /// Its whole length.
    pub of: Duration,
    /// When it fired, if it did.
    pub fired: Option<Instant>,
}

/// Which timer put a consumer out of the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fired {
    /// `session.timeout.ms`.
    Session(Instant),
    /// `max.poll.interval.ms`.
    Poll(Instant),
    /// It did not join again, or give up, in time.
    Rebalance(Instant),
}

/// Most members that are drawn.
pub const MAX_MEMBERS: usize = 12;

/// From this width on a member is one line.
const WIDE: Px = Px::new(680);
/// Height of a line.
const LINE: Px = Px::new(24);
/// Most partitions that are named.
const MAX_NAMED: usize = 8;

/// Draws the members in this width.
pub fn picture(members: &Members, width: Px) -> Picture {
    let wide = width >= WIDE;
    let height = if wide {
        LINE + Px::new(6)
    } else {
        LINE * 2 + Px::new(10)
    };
    let mut shapes = Vec::new();
    for (index, row) in members.rows.iter().enumerate() {
        shapes.push(Shape::Group {
            class: "member",
            title: String::new(),
            offset: (Px::ZERO, height.at(index)),
            shapes: member(row, width, wide, height),
        });
    }
    let mut bottom = height.at(members.rows.len());
    if members.more > 0 {
        bottom += LINE;
        let text = format!("… et {} autres", members.more);
        let y = bottom - Px::new(7);
        shapes.push(Shape::text("tiny ink-2", Px::ZERO, y, Anchor::Start, text));
    }
    Picture {
        width,
        height: bottom + Px::new(2),
        title: members.title.clone(),
        description: members.description.clone(),
        shapes,
    }
}

fn member(row: &Row, width: Px, wide: bool, height: Px) -> Vec<Shape> {
    let base = Px::new(16);
    let mut shapes = vec![
        Shape::text(
            "label",
            Px::ZERO,
            base,
            Anchor::Start,
            format!("{} {}", row.sign, row.name),
        ),
        Shape::text("tiny ink-2", Px::new(62), base, Anchor::Start, &*row.state),
    ];
    let (left, top, owned_at) = if wide {
        (Px::new(290), Px::ZERO, width)
    } else {
        (Px::ZERO, LINE, width)
    };
    shapes.push(Shape::text(
        "tiny num",
        owned_at,
        base,
        Anchor::End,
        &*row.owned,
    ));
    let room = if wide {
        width - left - Px::new(150)
    } else {
        width
    };
    let each = room / 3;
    for (index, timer) in row.timers.iter().enumerate() {
        let x = left + each.at(index);
        shapes.extend(bar(timer, x, top, each - Px::new(10)));
    }
    shapes.push(Shape::across("rule", Px::ZERO, width, height - Px::new(1)));
    shapes
}

fn bar(timer: &Timer, x: Px, y: Px, width: Px) -> Vec<Shape> {
    let thick = Px::new(5);
    let y = y + Px::new(16);
    let mut words = String::from(timer.name);
    let class = match timer.fired {
        Some(at) => {
            let _ = write!(words, " ✕ {}", in_tenths(at - Instant::ZERO));
            "tiny bad"
        }
        None if timer.of == Duration(0) => {
            words.push_str(" –");
            "tiny ink-2"
        }
        None => {
            let _ = write!(words, " {}", rounded(timer.left));
            "tiny ink-2"
        }
    };
    let mut shapes = vec![
        Shape::text(class, x, y - Px::new(3), Anchor::Start, words),
        Shape::Rect {
            class: "timer",
            x,
            y,
            width,
            height: thick,
        },
    ];
    if timer.fired.is_none() && timer.of > Duration(0) {
        shapes.push(Shape::Rect {
            class: "timer-left",
            x,
            y,
            // In whole pixels: what nobody sees move is not drawn anew.
            width: Px::new(
                width
                    .scaled(timer.left.0.min(timer.of.0), timer.of.0)
                    .whole(),
            ),
            height: thick,
        });
    }
    shapes
}

/// What is left: in seconds, the last ten of them to a tenth. Digits that nobody can read are not drawn at each frame.
fn rounded(time: Duration) -> String {
    match time.as_millis() / 1_000 {
        0..10 => in_tenths(time),
        seconds => format!("{seconds}\u{a0}s"),
    }
}

/// A length of time to a tenth of a second.
fn in_tenths(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    format!("{},{}\u{a0}s", tenths / 10, tenths % 10)
}

/// The timer that last put each consumer out of the group, since its last start. By the consumers' places.
pub fn fired(events: &[Event], consumers: &[ConsumerView]) -> Vec<Option<Fired>> {
    let mut fired = vec![None; consumers.len()];
    let mut set = |name: &str, value: Option<Fired>| {
        if let Some(place) = consumers.iter().position(|one| one.name.as_str() == name) {
            fired[place] = value;
        }
    };
    for event in events {
        let EventKind::Group(told) = &event.kind else {
            continue;
        };
        match told {
            GroupEvent::ConsumerStarted { consumer, .. } => set(consumer.as_str(), None),
            GroupEvent::SessionExpired { consumer, .. } => {
                set(consumer.as_str(), Some(Fired::Session(event.at)));
            }
            GroupEvent::MaxPollExceeded { consumer, .. } => {
                set(consumer.as_str(), Some(Fired::Poll(event.at)));
            }
            GroupEvent::RebalanceTimedOut { consumer } => {
                set(consumer.as_str(), Some(Fired::Rebalance(event.at)));
            }
            _ => {}
        }
    }
    fired
}

/// The members of a view. `heartbeat` is the interval in force.
pub fn of_view(view: &GroupView, heartbeat: Duration, fired: &[Option<Fired>]) -> Members {
    let rows: Vec<Row> = view
        .consumers
        .iter()
        .enumerate()
        .map(|(place, consumer)| {
            row(
                view,
                place,
                consumer,
                heartbeat,
                fired.get(place).copied().flatten(),
            )
        })
        .collect();
    let mut description = format!(
        "Groupe {}, {} {}.",
        view.coordinator.state.name(),
        epoch_word(view),
        view.coordinator.epoch
    );
    for row in rows.iter().take(MAX_MEMBERS) {
        let _ = write!(description, " {} : {}, {}.", row.name, row.state, row.owned);
    }
    let more = rows.len().saturating_sub(MAX_MEMBERS);
    Members {
        title: "Membres du groupe".to_owned(),
        description,
        rows: rows.into_iter().take(MAX_MEMBERS).collect(),
        more,
    }
}

/// What a number that grows with each change of the group is called.
pub const fn epoch_word(view: &GroupView) -> &'static str {
    match view.protocol {
        engine::group::Protocol::Classic => "génération",
        engine::group::Protocol::Consumer => "epoch",
    }
}

fn row(
    view: &GroupView,
    place: usize,
    consumer: &ConsumerView,
    heartbeat: Duration,
    fired: Option<Fired>,
) -> Row {
    let member = view
        .coordinator
        .members
        .iter()
        .find(|member| member.consumer == place);
    let (sign, state) = state(view, consumer, member);
    Row {
        name: consumer.name.as_str().to_owned(),
        sign,
        state,
        owned: owned(view, consumer),
        timers: timers(view.now, consumer, member, heartbeat, fired),
    }
}

/// A consumer's state: its process first, then what the coordinator makes of it.
pub fn state(
    view: &GroupView,
    consumer: &ConsumerView,
    member: Option<&MemberView>,
) -> (&'static str, String) {
    let (sign, word) = match consumer.life {
        Life::Ended(Ending::Closed) => ("○", "fermé"),
        Life::Ended(Ending::Terminated) => ("✕", "SIGTERM"),
        Life::Ended(Ending::Crashed) => ("✕", "mort"),
        Life::Ended(Ending::Fenced) => ("⊘", "évincé"),
        Life::Ended(Ending::Refused) => ("⊘", "config refusée"),
        Life::Paused { .. } => ("❚❚", "gelé"),
        Life::Closing => ("◌", "se ferme"),
        Life::Running if member.is_none() => ("◌", "hors groupe"),
        Life::Running if consumer.rebalancing => ("◐", "se rééquilibre"),
        Life::Running => ("●", "stable"),
    };
    let mut text = word.to_owned();
    if let Some(member) = member {
        let reached = match member.state {
            MemberState::Stable => "",
            MemberState::UnrevokedPartitions => ", doit rendre",
            MemberState::UnreleasedPartitions => ", attend",
        };
        text.push_str(reached);
        if matches!(consumer.life, Life::Ended(_)) {
            // The coordinator still believes in it.
            text.push_str(", encore membre");
        }
        let word = match view.protocol {
            engine::group::Protocol::Classic => "gén.",
            engine::group::Protocol::Consumer => "epoch",
        };
        let _ = write!(text, " · {word} {}", member.epoch);
    }
    (sign, text)
}

fn owned(view: &GroupView, consumer: &ConsumerView) -> String {
    let name = |place: &usize| {
        let partition = view.partitions.get(*place)?;
        Some(PartitionName::new(partition, &view.topics).to_string())
    };
    match consumer.owned.len() {
        0 => "rien".to_owned(),
        few if few <= MAX_NAMED => {
            let names: Vec<_> = consumer.owned.iter().filter_map(name).collect();
            names.join(" ")
        }
        many => format!("{many} partitions"),
    }
}

fn timers(
    now: Instant,
    consumer: &ConsumerView,
    member: Option<&MemberView>,
    heartbeat: Duration,
    fired: Option<Fired>,
) -> Vec<Timer> {
    let runs = !matches!(consumer.life, Life::Ended(_));
    let timer = |name, ends: Option<Instant>, of: Duration, fired| Timer {
        name,
        left: ends.map_or(Duration(0), |ends| ends - now),
        of: if ends.is_some() { of } else { Duration(0) },
        fired,
    };
    let session = match fired {
        Some(Fired::Session(at)) => Some(at),
        _ => None,
    };
    let poll = match fired {
        Some(Fired::Poll(at) | Fired::Rebalance(at)) => Some(at),
        _ => None,
    };
    let session_of = member.map_or(Duration(0), |one| one.session_ends - one.last_heartbeat);
    let poll_ends = (runs && member.is_some()).then_some(consumer.max_poll_ends);
    let next = consumer.next_heartbeat.filter(|_| runs);
    vec![
        timer(
            "session",
            member.map(|one| one.session_ends),
            session_of,
            session,
        ),
        timer("heartbeat", next, heartbeat, None),
        timer(
            "poll",
            poll_ends,
            consumer.max_poll_ends - consumer.last_poll,
            poll,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::svg;
    use engine::group::GroupWorld;
    use engine::run::Run;

    fn at(ms: u64) -> (Run<GroupWorld>, Members) {
        let link = "v=1&sim=reequilibrage&title=t&seed=1&topic=t&num.partitions=6&group.initial.rebalance.delay.ms=0ms\
                    &duration=90s&do=0ms:join:C1&do=0ms:join:C2&do=20s:crash:C2";
        let mut run = Run::new(engine::share::decode(link).unwrap());
        run.seek(Instant::from_millis(ms));
        let view: GroupView = run.view();
        let fired = fired(run.events(), &view.consumers);
        let members = of_view(&view, Duration::from_millis(3_000), &fired);
        (run, members)
    }

    #[test]
    fn a_dead_member_is_believed_alive_until_its_session_ends() {
        let (_, members) = at(30_000);
        assert_eq!(members.rows[0].sign, "●");
        assert!(
            members.rows[1].state.starts_with("mort, encore membre"),
            "{:?}",
            members.rows[1]
        );
        assert!(members.rows[1].timers[0].left > Duration(0));
        let (_, members) = at(80_000);
        assert_eq!(members.rows[1].state, "mort");
        assert!(members.rows[1].timers[0].fired.is_some());
        assert_eq!(members.rows[0].owned, "P0 P1 P2 P3 P4 P5");
    }

    #[test]
    fn what_is_left_is_told_to_a_tenth_when_it_matters() {
        let told = |ms| rounded(Duration::from_millis(ms));
        assert_eq!(told(44_990), "44\u{a0}s");
        assert_eq!(told(10_000), "10\u{a0}s");
        assert_eq!(told(9_990), "9,9\u{a0}s");
        assert_eq!(told(40), "0,0\u{a0}s");
    }

    #[test]
    fn bars_stay_in_the_picture() {
        let (_, members) = at(30_000);
        for width in [300, 700] {
            let drawn = picture(&members, Px::new(width));
            assert!(svg(&drawn, "m").contains("timer-left"));
            assert!(drawn.height > Px::new(40));
        }
    }
}

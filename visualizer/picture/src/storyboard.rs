//! A scenario as a few still pictures with captions: what a page shows without JavaScript, and on paper.
//!
//! 1. The scenario says which instants are worth drawing (`[[frame]]`); otherwise the start, each growth of the topic and
//!    the end are drawn.
//! 2. The run is brought to each instant in turn; records written since the previous picture are shown as new.
//! 3. Topics of many partitions, and runs of many records, are drawn as a chart of their load instead of logs.

use crate::architecture;
use crate::bars::{self, Chart, Series};
use crate::board;
use crate::french::{count, seconds};
use crate::incident;
use crate::marks::Marks;
use crate::ownership;
use crate::px::Px;
use crate::shape::{Picture, Shape};
use crate::svg::svg;
use engine::partitioning::Simulation;
use engine::scenario::{Action, FrameNote, Kind, Scenario};
use engine::time::Instant;
use engine::view::View;

/// The pictures of a scenario, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storyboard {
    /// At least one.
    pub frames: Vec<Frame>,
}

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it shows, in French.
    pub caption: String,
    /// The picture, as one `<svg>` element.
    pub svg: String,
}

/// Width in which the pictures are drawn: they stay legible when a telephone shows them.
const WIDTH: Px = Px::new(320);
/// Most characters of a producer's name beside its partitioner's and a note.
const NAME: usize = 10;
/// Most partitions that are drawn as logs.
const MAX_LOGS: usize = 16;

/// Runs the scenario and draws it. Ids in the drawings begin with `prefix`: they must not clash where several pages stand in
/// one document.
pub fn storyboard(scenario: &Scenario, prefix: &str) -> Storyboard {
    let slug = format!("{prefix}{}", slug(&scenario.title));
    match scenario.kind {
        Kind::Rebalancing => return drawn(&slug, ownership::stills(scenario, WIDTH)),
        Kind::Commits => return drawn(&slug, incident::commits(scenario, WIDTH)),
        Kind::Replication => return drawn(&slug, incident::replication(scenario, WIDTH)),
        Kind::Architecture => return drawn(&slug, architecture::stills(scenario, WIDTH)),
        Kind::Partitioning => {}
    }
    let mut simulation = Simulation::new(scenario.clone());
    let notes = if scenario.frames.is_empty() {
        default_instants(scenario, simulation.end())
    } else {
        scenario.frames.clone()
    };
    let mut previous = Instant::ZERO;
    let mut frames = Vec::with_capacity(notes.len());
    for (index, note) in notes.into_iter().enumerate() {
        simulation.seek(note.at);
        let view = simulation.view();
        let caption = if note.caption.is_empty() {
            default_caption(&view)
        } else {
            note.caption
        };
        let picture = draw(&view, &marks(&simulation), (index > 0).then_some(previous));
        frames.push(Frame {
            caption,
            svg: svg(&picture, &format!("{slug}-{index}")),
        });
        previous = note.at;
    }
    Storyboard { frames }
}

/// Still pictures with what is said of each.
fn drawn(slug: &str, stills: Vec<(String, Picture)>) -> Storyboard {
    let frames = stills
        .into_iter()
        .enumerate()
        .map(|(index, (caption, mut picture))| {
            untitle(&mut picture.shapes);
            Frame {
                caption,
                svg: svg(&picture, &format!("{slug}-{index}")),
            }
        })
        .collect();
    Storyboard { frames }
}

/// Takes the words away that a pointer would show over each part of a drawing: a still has its caption and description, and
/// they are a twentieth of a page.
fn untitle(shapes: &mut [Shape]) {
    for shape in shapes {
        if let Shape::Group { title, shapes, .. } = shape {
            title.clear();
            untitle(shapes);
        }
    }
}

fn draw(view: &View, marks: &Marks, previous: Option<Instant>) -> Picture {
    if view.topic.partitions.len() > MAX_LOGS {
        return bars::picture(&chart(view), WIDTH);
    }
    let moment = board::Moment {
        fresh_after: previous,
        ..board::Moment::default()
    };
    board::picture(&board::of_view(view, marks, moment), WIDTH)
}

/// The load of a view's partitions, each producer's apart.
pub fn chart(view: &View) -> Chart {
    let series = |index: usize| -> Option<Series> {
        let producer = view.producers.get(index)?;
        let values: Vec<u64> = view
            .topic
            .partitions
            .iter()
            .map(|p| p.records_by_producer.get(index).copied().unwrap_or(0))
            .collect();
        let mut series = Series {
            name: format!(
                "{} · {}",
                crate::french::shortened(&producer.id.to_string(), NAME),
                crate::french::partitioner(producer.partitioner)
            ),
            values,
            note: String::new(),
        };
        if let Some(hottest) = series.hottest() {
            series.note = format!("max. P{hottest} : {}", series.values[hottest]);
        }
        Some(series)
    };
    Chart {
        title: format!("Topic {}", view.topic.name),
        description: default_caption(view),
        up: series(0).unwrap_or_default(),
        down: series(1),
        added_from: view
            .topic
            .partitions
            .iter()
            .position(|partition| partition.added_at.is_some()),
    }
}

/// The abbreviation of the keys that a run has seen so far.
pub fn marks(simulation: &Simulation) -> Marks {
    let keys = simulation.keys();
    Marks::of(keys.iter().map(|key| &*key.key))
}

/// The start of the action, the growths of the topic and the end.
fn default_instants(scenario: &Scenario, end: Instant) -> Vec<FrameNote> {
    let mut instants = vec![Instant::ZERO];
    for timed in &scenario.actions {
        if matches!(timed.action, Action::AddPartitions(_)) {
            instants.push(timed.at);
        }
    }
    instants.push(end);
    instants.sort_unstable();
    instants.dedup();
    instants
        .into_iter()
        .map(|at| FrameNote {
            at,
            caption: String::new(),
        })
        .collect()
}

fn default_caption(view: &View) -> String {
    let records: i64 = view.topic.partitions.iter().map(|p| p.log_end.0).sum();
    let partitions = view.topic.partitions.len() as u64;
    format!(
        "À {}, {} dans {}.",
        seconds(view.now),
        count(records.unsigned_abs(), "message", "messages"),
        count(partitions, "partition", "partitions"),
    )
}

/// An HTML id made of a title.
fn slug(title: &str) -> String {
    let mut slug = String::from("planche");
    for word in title.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !word.is_empty() {
            slug.push('-');
            slug.push_str(&word.to_ascii_lowercase());
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::config::Property;
    use engine::keys::KeySet;
    use engine::scenario::{Keys, Produce, TimedAction};

    fn scenario(partitions: &str) -> Scenario {
        let mut scenario = Scenario::new(Kind::Partitioning, "Cinq clients, six partitions");
        scenario
            .config
            .set_text(Property::NumPartitions, partitions)
            .unwrap();
        let keys = Keys::Set(KeySet::from_name("clients-5").unwrap());
        scenario.actions.push(TimedAction {
            at: Instant::ZERO,
            action: Action::Produce(Produce::of(keys)),
        });
        scenario
    }

    #[test]
    fn without_notes_the_start_the_growths_and_the_end_are_drawn() {
        let mut scenario = scenario("6");
        scenario.actions.push(TimedAction {
            at: Instant::from_millis(300),
            action: Action::AddPartitions(12),
        });
        let frames = storyboard(&scenario, "").frames;
        let captions: Vec<&str> = frames.iter().map(|frame| frame.caption.as_str()).collect();
        assert_eq!(captions.len(), 3, "{captions:?}");
        assert!(
            captions[0].ends_with("0\u{a0}message dans 6\u{a0}partitions."),
            "{captions:?}"
        );
        assert!(
            captions[2].ends_with("5\u{a0}messages dans 12\u{a0}partitions."),
            "{captions:?}"
        );
    }

    #[test]
    fn notes_say_when_and_what() {
        let mut scenario = scenario("6");
        scenario.frames = vec![
            FrameNote {
                at: Instant::from_millis(50),
                caption: "Un premier message.".into(),
            },
            FrameNote {
                at: Instant::from_millis(450),
                caption: "Tous.".into(),
            },
        ];
        let frames = storyboard(&scenario, "").frames;
        assert_eq!(frames[0].caption, "Un premier message.");
        assert_eq!(frames[0].svg.matches("class=\"record\"").count(), 1);
        assert_eq!(frames[1].svg.matches("class=\"record\"").count(), 5);
        // What came since the picture before is new, no more.
        assert_eq!(frames[1].svg.matches("cell-new").count(), 4);
        // customer-A goes to partition 5 of 6.
        assert!(
            frames[0].svg.contains("customer-A · offset 0 · .NET"),
            "{}",
            frames[0].svg
        );
    }

    #[test]
    fn ids_tell_frames_apart_and_nothing_is_styled_in_place() {
        for partitions in ["6", "100"] {
            let frames = storyboard(&scenario(partitions), "").frames;
            for (index, frame) in frames.iter().enumerate() {
                let id = format!("id=\"planche-cinq-clients-six-partitions-{index}-title\"");
                assert!(frame.svg.contains(&id), "{}", frame.svg);
                assert!(!frame.svg.contains("style"), "{}", frame.svg);
            }
        }
    }
}

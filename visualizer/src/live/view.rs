//! What the person sees: where the data comes from and how old it is, the partitions, the groups, the journal.
//!
//! Texts follow the state one by one; rows are made anew only when partitions, groups or lines come or go.

use super::board::board;
use super::journal::{About, LINES};
use super::model::Model;
use super::state::Live;
use super::stream::{Link, Stream};
use crate::dom::{El, class, el, field_value, text};
use crate::drawing::drawing;
use crate::kit;
use crate::state::{Var, forever};
use engine::live::{GroupState, PartitionState, Source};
use picture::french::{count, seconds};
use picture::{Picture, Px, board as picture_board};
use std::fmt::Write;
use web_sys::HtmlElement;

/// Replaces an element's content by the live view as soon as the server answers; until then, and whenever it has not
/// answered yet, what the page says stays, below the reason.
pub(crate) fn mount(element: &HtmlElement, api: String) {
    let live = Live::new();
    let page: &'static &'static Live = forever(live);
    let stream = forever(Stream::new(api, page));
    let fallback = moved(element);
    let known = forever(Var::new(false));
    crate::dom::effect(move || known.put(live.shown.with(Option::is_some)));
    let absent = class("div", "live-absent")
        .add(
            text("p", "simulation-notice", "")
                .attr("role", "status")
                .text_of(move || absence(live.link.get())),
        )
        .add(fallback)
        .flag("hidden", move || known.get());
    let body = class("div", "live-body").region(move || {
        if known.get() {
            vec![
                header(live, stream),
                partitions(live),
                groups(live),
                journal(live),
                said(live),
            ]
        } else {
            Vec::new()
        }
    });
    let _ = El::of(element).add(absent).add(body);
    stream.open();
}

/// The content of an element, taken out of it.
fn moved(element: &HtmlElement) -> El {
    let taken = class("div", "live-fallback");
    while let Some(child) = element.first_child() {
        if taken.element().append_child(&child).is_err() {
            break;
        }
    }
    taken
}

fn absence(link: Link) -> String {
    match link {
        Link::Waiting(seconds) => {
            format!("Le serveur compagnon ne répond pas ; nouvel essai dans {seconds} s.")
        }
        _ => "Connexion au serveur compagnon…".to_owned(),
    }
}

/// What a screen reader is told from time to time.
pub(crate) fn summary(model: &Model, received: u64) -> String {
    let mut said = format!("{} en 10 secondes.", count(received, "message", "messages"));
    if let Some(group) = Live::group(model) {
        let lag = total_lag(model, group);
        // Writing to a String cannot fail.
        let _ = write!(said, " {} : retard total {lag}.", group.id);
    }
    if let Some(change) = model.journal.last_change() {
        said.push(' ');
        said.push_str(&change.sentence);
    }
    said
}

fn total_lag(model: &Model, group: &GroupState) -> u64 {
    model
        .partitions()
        .iter()
        .filter_map(|partition| model.lag(group, partition))
        .sum()
}

/// A text that follows the model that is shown.
fn told(tag: &str, name: &str, live: &'static Live, say: fn(&Model) -> String) -> El {
    text(tag, name, "").text_of(move || {
        live.shown
            .with(|model| model.as_ref().map(say).unwrap_or_default())
    })
}

fn header(live: &'static Live, stream: &'static Stream) -> El {
    let state = class("p", "live-state")
        .class_if("bad", move || live.link.get() != Link::Open)
        .text_of(move || connection(live.link.get(), live.age_s.get()));
    let unreachable = told("p", "live-unreachable simulation-notice", live, |model| {
        let reason = model.state.unreachable.as_deref();
        reason
            .map(|reason| format!("Le cluster ne répond pas : {reason}"))
            .unwrap_or_default()
    });
    let skipped = told("p", "live-skipped", live, |model| match model.skipped {
        0 => String::new(),
        skipped => format!(
            "{} depuis l’ouverture de la page",
            count(skipped, "événement sauté", "événements sautés")
        ),
    });
    let pause = el("button")
        .attr("type", "button")
        .says("aria-pressed", move || live.paused.get())
        .text_of(move || {
            if live.paused.get() {
                "Reprendre"
            } else {
                "Figer l’image"
            }
            .to_owned()
        })
        .on("click", move |_| live.toggle_pause());
    let waiting = text("span", "live-waiting", "").text_of(move || match live.waiting.get() {
        0 => String::new(),
        waiting => format!("{} depuis", count(waiting, "événement", "événements")),
    });
    class("div", "live-head").all(vec![
        class("div", "live-source")
            .add(told("p", "live-name", live, |model| {
                source(&model.state.source)
            }))
            .add(state)
            .add(skipped),
        class("div", "live-controls").all(vec![topics(live, stream), pause, waiting]),
        unreachable,
    ])
}

fn source(source: &Source) -> String {
    match source {
        Source::Embedded => "Cluster embarqué (démonstration)".to_owned(),
        Source::Cluster { bootstrap } => format!("Cluster {bootstrap}"),
    }
}

fn connection(link: Link, age_s: u64) -> String {
    match link {
        Link::Opening => "connexion…".to_owned(),
        Link::Open if age_s < 2 => "en direct".to_owned(),
        Link::Open => format!("en direct, dernière nouvelle il y a {age_s} s"),
        Link::Cut => format!("flux coupé, reconnexion… Dernière nouvelle il y a {age_s} s"),
        Link::Waiting(seconds) => {
            format!(
                "serveur absent, nouvel essai dans {seconds} s. Dernière nouvelle il y a {age_s} s"
            )
        }
    }
}

fn topics(live: &'static Live, stream: &'static Stream) -> El {
    let id = kit::unique_id();
    let names = forever(Var::new(Vec::<String>::new()));
    crate::dom::effect(move || {
        names.put(live.shown.with(|model| {
            let topics = model.as_ref().map(|model| model.state.topics.as_slice());
            topics
                .unwrap_or_default()
                .iter()
                .map(ToString::to_string)
                .collect()
        }));
    });
    let chosen = move || {
        live.shown.with(|model| {
            let topic = model.as_ref().and_then(|model| model.state.topic.as_ref());
            topic
                .map(|topic| topic.name.to_string())
                .unwrap_or_default()
        })
    };
    let field = el("select")
        .attr("id", &id)
        .region(move || {
            let option = |name: &String| {
                let own = name.clone();
                el("option")
                    .attr("value", name)
                    .flag("selected", move || chosen() == own)
                    .text(name)
            };
            names.with(|names| names.iter().map(option).collect())
        })
        .on("change", move |event| stream.watch(&field_value(&event)));
    class("div", "live-topic")
        .add(el("label").attr("for", &id).text("Topic"))
        .add(field)
}

fn partitions(live: &'static Live) -> El {
    let picture = drawing(move |width| {
        live.shown.with(|model| match model {
            Some(model) => picture_board::picture(&board(model, Live::group(model)), width),
            None => Picture {
                width,
                height: Px::ZERO,
                title: String::new(),
                description: String::new(),
                shapes: Vec::new(),
            },
        })
    });
    let legend = "Chaque case est un message : son offset, puis sa clé. Le triangle marque la position validée par le groupe ; la case en pointillés, le prochain offset.";
    class("section", "live-partitions")
        .add(told("h2", "sim-title", live, |model| {
            let topic = model.state.topic.as_ref();
            topic.map_or_else(|| "Aucun topic".to_owned(), |topic| topic.name.to_string())
        }))
        .add(picture)
        .add(text("p", "sim-hint", legend))
        .add(kit::details(
            "Leaders, répliques et bornes de chaque partition",
            replicas(live),
        ))
}

type PartitionCell = fn(&PartitionState) -> String;

/// How many partitions are shown, as a value that changes only when that does.
fn partition_count(live: &'static Live) -> &'static Var<usize> {
    let shown = forever(Var::new(0));
    crate::dom::effect(move || {
        shown.put(
            live.shown
                .with(|model| model.as_ref().map_or(0, |model| model.partitions().len())),
        );
    });
    shown
}

fn replicas(live: &'static Live) -> El {
    let columns: [(&str, PartitionCell); 6] = [
        ("Partition", |partition| format!("P{}", partition.partition)),
        ("Leader", |partition| {
            partition
                .leader
                .map_or_else(|| "aucun".to_owned(), |id| id.to_string())
        }),
        ("Répliques", |partition| list(&partition.replicas)),
        ("ISR", |partition| list(&partition.isr)),
        ("Début", |partition| partition.low.to_string()),
        ("Fin", |partition| partition.high.to_string()),
    ];
    let count = partition_count(live);
    table(
        "Partitions du topic",
        columns.iter().map(|(name, _)| *name),
        el("tbody").region(move || {
            let cell = |row: usize, say: PartitionCell| {
                el("td").text_of(move || {
                    live.shown.with(|model| {
                        let partition =
                            model.as_ref().and_then(|model| model.partitions().get(row));
                        partition.map(say).unwrap_or_default()
                    })
                })
            };
            let row = |row| el("tr").all(columns.iter().map(|(_, say)| cell(row, *say)).collect());
            (0..count.get()).map(row).collect()
        }),
    )
}

fn list(brokers: &[i32]) -> String {
    let ids: Vec<String> = brokers.iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        "—".to_owned()
    } else {
        ids.join(", ")
    }
}

fn table<'a>(label: &str, columns: impl Iterator<Item = &'a str>, body: El) -> El {
    let names = columns
        .map(|name| text("th", "", name).attr("scope", "col"))
        .collect();
    class("div", "table-wrap live-table")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", label)
        .add(
            el("table")
                .add(el("thead").add(el("tr").all(names)))
                .add(body),
        )
}

fn groups(live: &'static Live) -> El {
    let ids = forever(Var::new(Vec::<String>::new()));
    crate::dom::effect(move || {
        ids.put(live.shown.with(|model| {
            let groups = model.as_ref().map(|model| model.state.groups.as_slice());
            groups
                .unwrap_or_default()
                .iter()
                .map(|group| group.id.to_string())
                .collect()
        }));
    });
    class("section", "live-groups").region(move || {
        let mut shown = vec![text("h2", "sim-title", "Groupes de consommateurs")];
        ids.with(|ids| {
            if ids.is_empty() {
                shown.push(text("p", "", "Aucun groupe connu ne lit ce topic."));
            }
            shown.extend((0..ids.len()).map(|index| group(live, index, &ids[index])));
        });
        shown
    })
}

/// One group: who owns what, how far it has read and committed.
fn group(live: &'static Live, index: usize, id: &str) -> El {
    let columns: [(&str, GroupCell); 6] = [
        ("Partition", |_, _, partition| {
            format!("P{}", partition.partition)
        }),
        ("Membre", |model, group, partition| {
            owner(model, group, partition)
        }),
        ("Position", |model, group, partition| {
            offset(model, group, partition, false)
        }),
        ("Validé", |model, group, partition| {
            offset(model, group, partition, true)
        }),
        ("Fin", |_, _, partition| partition.high.to_string()),
        ("Retard", |model, group, partition| {
            model
                .lag(group, partition)
                .map_or_else(|| "—".to_owned(), |lag| lag.to_string())
        }),
    ];
    let read = move |say: &dyn Fn(&Model, &GroupState) -> String| {
        live.shown.with(|model| {
            model
                .as_ref()
                .and_then(|model| Some(say(model, model.state.groups.get(index)?)))
                .unwrap_or_default()
        })
    };
    let summary = el("p").text_of(move || {
        read(&|model, group| {
            let members = count(group.members.len() as u64, "membre", "membres");
            format!("{members}, retard total {}", total_lag(model, group))
        })
    });
    let count = partition_count(live);
    let body = el("tbody").region(move || {
        let cell = |row: usize, say: GroupCell| {
            el("td").text_of(move || {
                read(&|model, group| {
                    let partition = model.partitions().get(row);
                    partition
                        .map(|partition| say(model, group, partition))
                        .unwrap_or_default()
                })
            })
        };
        let row = |row| el("tr").all(columns.iter().map(|(_, say)| cell(row, *say)).collect());
        (0..count.get()).map(row).collect()
    });
    class("div", "live-group")
        .add(text("h3", "live-id", id))
        .add(summary)
        .add(table(
            &format!("Positions du groupe {id}"),
            columns.iter().map(|(name, _)| *name),
            body,
        ))
}

type GroupCell = fn(&Model, &GroupState, &PartitionState) -> String;

fn owner(model: &Model, group: &GroupState, partition: &PartitionState) -> String {
    let topic = model.state.topic.as_ref().map(|topic| &topic.name);
    let owns = |owned: &engine::event::TopicPartition| {
        owned.partition == partition.partition && Some(&owned.topic) == topic
    };
    group
        .members
        .iter()
        .find(|member| member.assignment.iter().any(owns))
        .map_or_else(|| "personne".to_owned(), |member| member.label.clone())
}

fn offset(
    model: &Model,
    group: &GroupState,
    partition: &PartitionState,
    committed: bool,
) -> String {
    model
        .offsets(group, partition.partition)
        .and_then(|known| {
            if committed {
                known.committed
            } else {
                known.position
            }
        })
        .map_or_else(|| "—".to_owned(), |offset| offset.to_string())
}

fn journal(live: &'static Live) -> El {
    let id = kit::unique_id();
    let choices = [
        ("", "tout"),
        ("groups", "les groupes"),
        ("records", "les messages"),
        ("cluster", "le cluster"),
    ];
    let options = choices.map(|(value, label)| el("option").attr("value", value).text(label));
    let filter = class("div", "live-topic")
        .add(el("label").attr("for", &id).text("Montrer"))
        .add(
            el("select")
                .attr("id", &id)
                .all(options.into())
                .on("change", move |event| {
                    live.filter.set(match field_value(&event).as_str() {
                        "groups" => Some(About::Groups),
                        "records" => Some(About::Records),
                        "cluster" => Some(About::Cluster),
                        _ => None,
                    });
                }),
        );
    // The lines stay; only their words change.
    let lines = (0..LINES).map(|index| line(live, index)).collect();
    class("section", "live-journal").all(vec![
        text("h2", "sim-title", "Ce qui vient de se passer"),
        filter,
        el("ol")
            .attr("tabindex", "0")
            .attr("aria-label", "Derniers événements, le plus récent d’abord")
            .all(lines),
    ])
}

fn line(live: &'static Live, index: usize) -> El {
    let words = move |say: fn(&super::journal::Entry) -> String| {
        let about = live.filter.get();
        live.shown.with(|model| {
            let entry = model
                .as_ref()
                .and_then(|model| model.journal.lines(about).nth(index));
            entry.map(say).unwrap_or_default()
        })
    };
    el("li")
        .flag("hidden", move || {
            words(|entry| entry.sentence.clone()).is_empty()
        })
        .add(
            text("span", "sim-at", "")
                .text_of(move || words(|entry| entry.at.map(seconds).unwrap_or_default())),
        )
        .add(text("span", "", "").text_of(move || words(|entry| entry.sentence.clone())))
}

fn said(live: &'static Live) -> El {
    text("p", "sr", "")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .text_of(move || live.said.get())
}

//! What the learner may do now: it happens in all runs, and the timeline forks.

use super::desk::Desk;
use crate::dom::{El, class, effect, el, field_value, text};
use crate::kit;
use crate::state::Var;
use engine::keys::KeySet;
use engine::scenario::{Action, Keys, Kind, Produce, Scenario, Step, verbs};
use engine::time::Duration;
use std::rc::Rc;

/// What is chosen in the controls.
struct Chosen {
    actor: Var<String>,
    /// As typed.
    time: Var<String>,
    names: Var<Vec<String>>,
}

pub(super) fn acts(lab: Desk) -> El {
    let kind = lab.kind();
    let chosen = Rc::new(Chosen {
        actor: Var::new(String::new()),
        time: Var::new("20s".to_owned()),
        names: Var::new(Vec::new()),
    });
    let known = Rc::clone(&chosen);
    effect(move || {
        let names = names(lab);
        let gone = known.actor.peek(|actor| !names.contains(actor));
        if gone {
            let first = names.first().cloned().unwrap_or_default();
            known.actor.put(first);
        }
        known.names.put(names);
    });
    let buttons = |timed: bool| {
        let verbs = verbs(kind).iter().copied();
        let verbs = verbs.filter(|verb| *verb != "set" && takes_time(verb) == timed);
        verbs
            .map(|verb| button(lab, kind, verb, &chosen))
            .collect::<Vec<_>>()
    };
    let mut things = vec![
        class("div", "lab-act")
            .add(who(lab, &chosen))
            .add(kit::row(buttons(false))),
    ];
    let lasting = buttons(true);
    if !lasting.is_empty() {
        things.push(
            class("div", "lab-act")
                .add(time(&chosen))
                .add(kit::row(lasting)),
        );
    }
    let mut cluster = class("div", "lab-act").add(burst(lab));
    if kind == Kind::Rebalancing {
        cluster = cluster.add(growth(lab));
    }
    things.push(cluster);
    things.push(el("div").region(move || {
        let notice = lab.notice.get();
        if notice.is_empty() {
            return Vec::new();
        }
        vec![text("p", "sim-refusal", &notice).attr("role", "alert")]
    }));
    kit::group("Intervenir à cet instant", things).attr("class", "sim-group lab-acts")
}

/// Whether a step says for how long.
fn takes_time(verb: &str) -> bool {
    matches!(verb, "pause" | "slow" | "processing")
}

/// Names of those that can be acted on, in all runs.
fn names(lab: Desk) -> Vec<String> {
    lab.player.with_listed(|timeline| {
        let mut names: Vec<String> = Vec::new();
        for track in timeline.tracks() {
            for actor in (lab.detail.actors)(track.as_ref()) {
                if !names.contains(&actor.name) {
                    names.push(actor.name);
                }
            }
        }
        names
    })
}

fn who(lab: Desk, chosen: &Rc<Chosen>) -> El {
    let id = kit::unique_id();
    let (listed, shown, taken, stated) = (
        Rc::clone(chosen),
        Rc::clone(chosen),
        Rc::clone(chosen),
        Rc::clone(chosen),
    );
    let field = el("select")
        .attr("id", &id)
        .region(move || {
            let names = listed.names.get();
            let options = names.into_iter().map(|name| {
                let (own, shown) = (name.clone(), Rc::clone(&shown));
                el("option")
                    .attr("value", &name)
                    .flag("selected", move || shown.actor.with(|actor| *actor == own))
                    .text(&name)
            });
            options.collect()
        })
        .on("change", move |event| taken.actor.set(field_value(&event)));
    class("div", "lab-field")
        .add(text("label", "", "Sur qui").attr("for", &id))
        .add(class("output", "sim-hint").text_of(move || state(lab, &stated.actor.get())))
        .add(field)
}

/// The state of somebody, in each run where it differs.
fn state(lab: Desk, name: &str) -> String {
    lab.player.with_listed(|timeline| {
        let mut states: Vec<String> = Vec::new();
        for track in timeline.tracks() {
            let actors = (lab.detail.actors)(track.as_ref());
            if let Some(actor) = actors.into_iter().find(|actor| actor.name == name)
                && !states.contains(&actor.state)
            {
                states.push(actor.state);
            }
        }
        states.join(" / ")
    })
}

fn time(chosen: &Rc<Chosen>) -> El {
    let id = kit::unique_id();
    let (shown, taken) = (Rc::clone(chosen), Rc::clone(chosen));
    let field = el("input")
        .attr("type", "text")
        .attr("id", &id)
        .attr("autocomplete", "off")
        .value_of(move || shown.time.get())
        .on("change", move |event| {
            taken.time.set(field_value(&event).trim().to_owned());
        });
    class("div", "lab-field")
        .add(text("label", "", "Pendant").attr("for", &id))
        .add(field)
}

fn button(lab: Desk, kind: Kind, verb: &'static str, chosen: &Rc<Chosen>) -> El {
    let (tried, done) = (Rc::clone(chosen), Rc::clone(chosen));
    kit::button(label(kind, verb), "", move || {
        match line(verb, &done).parse::<Step>() {
            Ok(step) => lab.bench.act(&Action::Do(step)),
            Err(error) => lab.notice.set(format!("{error}.")),
        }
    })
    .flag("disabled", move || {
        let step = line(verb, &tried).parse().map(Action::Do);
        lab.player
            .with_listed(|timeline| step.is_ok_and(|step| !timeline.can(&step)))
    })
}

/// Records sent at once.
fn burst(lab: Desk) -> El {
    counted("Messages", "100", "Rafale", move |count| {
        let action = lab
            .player
            .with_scenario(|timeline| burst_of(timeline.scenario(), count));
        lab.bench.act(&action);
    })
}

/// As many records at once, with the keys that the scenario sends already.
fn burst_of(scenario: &Scenario, count: u32) -> Action {
    let sent = scenario
        .actions
        .iter()
        .find_map(|timed| match &timed.action {
            Action::Produce(produce) => Some(produce.clone()),
            _ => None,
        });
    let like = sent.unwrap_or_else(|| {
        Produce::of(KeySet::from_name("clients-10").map_or(Keys::Null, Keys::Set))
    });
    Action::Produce(Produce {
        count,
        burst: count,
        every: Duration(0),
        ..like
    })
}

/// More partitions for the topic.
fn growth(lab: Desk) -> El {
    counted(
        "Partitions, en tout",
        "12",
        "Ajouter des partitions",
        move |all| {
            lab.bench.act(&Action::AddPartitions(
                i32::try_from(all).unwrap_or(i32::MAX),
            ));
        },
    )
}

/// A whole number, and a button that does something with it.
fn counted(label: &str, first: &str, button: &str, on: impl Fn(u32) + 'static) -> El {
    let id = kit::unique_id();
    let typed = Rc::new(Var::new(first.to_owned()));
    let (shown, taken, read) = (Rc::clone(&typed), Rc::clone(&typed), typed);
    let field = el("input")
        .attr("type", "number")
        .attr("id", &id)
        .attr("min", "1")
        .attr("inputmode", "numeric")
        .value_of(move || shown.get())
        .on("input", move |event| taken.set(field_value(&event)));
    class("div", "lab-field lab-counted")
        .add(text("label", "", label).attr("for", &id))
        .add(kit::row(vec![
            field,
            kit::button(button, "", move || {
                if let Ok(count) = read.now().trim().parse() {
                    on(count);
                }
            }),
        ]))
}

/// The step that a button stands for, as one writes it.
fn line(verb: &str, chosen: &Chosen) -> String {
    let actor = chosen.actor.get();
    match verb {
        "join" => format!("join {}", chosen.names.with(|names| newcomer(names))),
        _ if takes_time(verb) => format!("{verb} {actor} {}", chosen.time.get()),
        _ => format!("{verb} {actor}"),
    }
}

/// A name that nobody has yet.
fn newcomer(names: &[String]) -> String {
    (1..=names.len() + 1)
        .map(|number| format!("C{number}"))
        .find(|name| !names.contains(name))
        .unwrap_or_default()
}

/// What a button says.
fn label(kind: Kind, verb: &'static str) -> &'static str {
    match (kind, verb) {
        (_, "join") => "Ajouter un consumer",
        (_, "close") => "Close()",
        (_, "terminate") => "SIGTERM sans Close()",
        (Kind::Replication, "crash") => "Arrêter net",
        (_, "crash") => "SIGKILL",
        (_, "restart") => "Redémarrer",
        (_, "pause") => "Pause du processus",
        (Kind::Replication, "slow") => "Ne plus répliquer",
        (Kind::Architecture, "slow") => "Ralentir",
        (_, "slow") => "Bloquer sur un message",
        (_, "processing") => "Cette durée par message",
        (_, "break") => "Casser",
        (_, "fail") => "Mettre en erreur",
        (_, "repair") => "Réparer",
        (_, "subscribe") => "Abonner",
        (_, "replay") => "Relire depuis le début",
        (_, "redrive") => "Rejouer le rebut",
        (_, other) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_sends_what_the_scenario_sends_all_at_once() {
        let sent = |link: &str| match burst_of(&engine::share::decode(link).unwrap(), 50) {
            Action::Produce(produce) => produce,
            other => panic!("{other:?}"),
        };
        let link = "v=1&sim=reequilibrage&title=t&seed=1&topic=t&duration=4s&do=0ms:join:C1";
        let burst = sent(link);
        assert_eq!(
            (burst.count, burst.burst, burst.every),
            (50, 50, Duration(0))
        );
        assert_eq!(burst.keys.len(), 10);
        let nulls = sent(&format!("{link}&do=0ms:produce:nulls:count(3):every(1s)"));
        assert_eq!((nulls.count, nulls.keys), (50, Keys::Null));
    }

    #[test]
    fn every_button_stands_for_a_step() {
        let chosen = Chosen {
            actor: Var::new("C1".to_owned()),
            time: Var::new("20s".to_owned()),
            names: Var::new(vec!["C1".to_owned(), "C3".to_owned()]),
        };
        for kind in Kind::ALL {
            for verb in verbs(kind).iter().filter(|verb| **verb != "set") {
                let step: Step = line(verb, &chosen).parse().unwrap();
                assert_eq!(step.verb(), *verb);
                assert_ne!(label(kind, verb), *verb);
            }
        }
        assert_eq!(line("join", &chosen), "join C2");
    }
}

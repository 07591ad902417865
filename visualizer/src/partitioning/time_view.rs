//! The run in time: records leave their producer and land in the log of their partition.

use super::keybook;
use super::model::Shared;
use super::narrate::Line;
use super::player::{Player, SPEEDS};
use crate::dom::{El, class, effect, el, field_value, on_drop, text};
use crate::drawing::drawing;
use crate::kit;
use crate::state::Var;
use engine::ids::EventId;
use engine::scenario::{Action, Keys, Produce};
use engine::time::Instant;
use engine::view::View;
use picture::board;
use picture::french::{count, seconds};
use picture::{bars, storyboard};
use std::rc::Rc;

/// Most partitions that are drawn as logs.
const MAX_LOGS: usize = 16;
/// Lines of the story that are shown.
const LINES: usize = 6;

pub(super) fn time_view(model: Shared) -> El {
    let player = &model.player;
    effect(|| player.adopt(model.scenario()));
    // Away from this view nothing needs to move.
    on_drop(|| player.pause());
    let picture = drawing(|width| {
        let (view, moment) = player.view();
        if view.topic.partitions.len() > MAX_LOGS {
            return bars::picture(&storyboard::chart(&view), width);
        }
        board::picture(&board::of_view(&view, &model.marks(), moment), width)
    });
    class("div", "sim-time").all(vec![
        transport(model),
        picture,
        class("div", "sim-state").region(|| state(player)),
        story(player),
        acts(model),
    ])
}

fn transport(model: Shared) -> El {
    let player = &model.player;
    let at_start = || player.time().0 == Instant::ZERO;
    let at_end = || {
        let (now, end) = player.time();
        now >= end
    };
    let play = kit::button("", "", || player.toggle())
        .attr("class", "sim-play")
        .text_of(|| {
            let label = if player.playing.get() {
                "❚❚ Pause"
            } else {
                "▶ Lecture"
            };
            label.to_owned()
        })
        .maybe(kit::key("K"));
    let back = move || {
        player.step_back();
        tell(model);
    };
    let forth = move || {
        player.step();
        tell(model);
    };
    let buttons = vec![
        kit::button("Recommencer", "Début", || player.seek(Instant::ZERO))
            .flag("disabled", at_start),
        kit::button("Reculer", "←", back).flag("disabled", at_start),
        play,
        kit::button("Avancer", "→", forth).flag("disabled", at_end),
        speed(player),
    ];
    class("div", "sim-transport")
        .add(kit::row(buttons))
        .add(scrubber(player))
}

/// Says the newest line.
pub(super) fn tell(model: Shared) {
    if let Some(line) = model.player.story(1).into_iter().next() {
        model.say(&format!("{} : {}", line.at, line.text));
    }
}

fn speed(player: &'static Player) -> El {
    let slower = kit::button("−", "", || player.faster(-1))
        .attr("aria-label", "Plus lentement")
        .flag("disabled", || player.speed.get() == 0);
    let faster = kit::button("+", "", || player.faster(1))
        .attr("aria-label", "Plus vite")
        .flag("disabled", || player.speed.get() + 1 == SPEEDS.len());
    let now = || SPEEDS.get(player.speed.get()).map_or("", |speed| speed.2);
    class("span", "sim-speed")
        .attr("role", "group")
        .attr("aria-label", "Vitesse")
        .add(slower)
        .add(el("output").text_of(move || now().to_owned()))
        .add(faster)
}

fn scrubber(player: &'static Player) -> El {
    let slider = el("input")
        .attr("type", "range")
        .attr("aria-label", "Instant")
        .attr("min", "0")
        .attr("step", "1")
        .attr_of("max", || Some(player.time().1.as_millis().to_string()))
        .attr_of("aria-valuetext", || Some(seconds(player.time().0)))
        .value_of(|| player.time().0.as_millis().to_string())
        .on("input", |event| {
            if let Ok(ms) = field_value(&event).parse() {
                player.seek(Instant::from_millis(ms));
            }
        });
    let text = el("output").text_of(|| {
        let (now, end) = player.time();
        format!("{} sur {}", seconds(now), seconds(end))
    });
    class("div", "sim-scrub").add(slider).add(text)
}

/// What has come about so far, in one or two sentences.
fn state(player: &Player) -> Vec<El> {
    let (view, _) = player.view();
    let mut lines = vec![text("p", "sim-hint", &written(&view))];
    lines.extend(lost_order(&view).map(|line| text("p", "sim-verdict bad", &line)));
    lines
}

fn written(view: &View) -> String {
    let records: i64 = view.topic.partitions.iter().map(|p| p.log_end.0).sum();
    let waiting: u64 = view.producers.iter().map(|producer| producer.waiting).sum();
    let mut text = count(records.unsigned_abs(), "message écrit", "messages écrits");
    if waiting > 0 {
        text.push_str(" ; ");
        text.push_str(&count(
            waiting,
            "attend dans un lot (linger.ms)",
            "attendent dans des lots (linger.ms)",
        ));
    }
    text.push('.');
    text
}

/// Keys whose records are in several partitions.
fn lost_order(view: &View) -> Option<String> {
    let moved = view
        .producers
        .iter()
        .map(|producer| producer.keys_moved)
        .max()?;
    let keys = match moved {
        0 => return None,
        1 => "1 clé a".to_owned(),
        _ => format!("{} ont", count(moved, "clé", "clés")),
    };
    Some(format!(
        "↷ {keys} des messages dans deux partitions : leur ordre n’est plus garanti d’un bout à l’autre."
    ))
}

fn story(player: &'static Player) -> El {
    let asked = Rc::new(Var::new(None::<EventId>));
    let answered = Rc::clone(&asked);
    let lines = el("ol").region(move || {
        let lines = player.story(LINES).into_iter();
        lines.map(|line| told(player, &line, &asked)).collect()
    });
    let answer = el("div").attr("role", "status").region(move || {
        let asked = answered.get();
        let lines = player.story(LINES).into_iter();
        lines
            .filter(|line| Some(line.event) == asked)
            .map(|line| {
                class("p", "sim-because")
                    .add(text("strong", "", &format!("{}. ", line.text)))
                    .text(&line.because)
            })
            .collect()
    });
    class("div", "sim-story").add(lines).add(answer)
}

fn told(player: &'static Player, line: &Line, asked: &Rc<Var<Option<EventId>>>) -> El {
    let event = line.event;
    let (pressed, ask) = (Rc::clone(asked), Rc::clone(asked));
    let why = kit::toggle(
        "pourquoi ?",
        move || pressed.get() == Some(event),
        move || {
            player.pause();
            ask.update(|asked| *asked = (*asked != Some(event)).then_some(event));
        },
    );
    el("li")
        .add(text("span", "sim-at", &line.at))
        .text(" ")
        .add(text("span", "", &line.text))
        .text(" ")
        .add(why)
}

/// What the learner may do in the run. Acting in the past forgets what was to come.
fn acts(model: Shared) -> El {
    let notice = Rc::new(Var::new(String::new()));
    let said = Rc::clone(&notice);
    let act = Rc::new(
        move |action: Action, done: &str| match model.player.act(action) {
            Ok(()) => {
                said.set(String::new());
                model.say(done);
            }
            Err(reason) => said.set(reason),
        },
    );
    let grow = Rc::clone(&act);
    let send = kit::line_form(
        "Envoyer maintenant un message de clé",
        "vide : sans clé",
        "Envoyer",
        move |typed| {
            let key = keybook::read(&typed).keys.into_iter().next();
            let keys = key.map_or(Keys::Null, |key| Keys::List(vec![key]));
            act(Action::Produce(Produce::of(keys)), "Message envoyé.");
        },
    );
    let grow = kit::button("Ajouter une partition maintenant", "", move || {
        let partitions = model.player.view().0.topic.partitions.len();
        let to = i32::try_from(partitions)
            .unwrap_or(i32::MAX)
            .saturating_add(1);
        grow(
            Action::AddPartitions(to),
            &format!("Le topic a maintenant {to} partitions."),
        );
    });
    let state = el("div").region(move || {
        let mut lines = Vec::new();
        notice.with(|notice| {
            if !notice.is_empty() {
                lines.push(text("p", "sim-refusal", notice).attr("role", "alert"));
            }
        });
        if model.player.forked.get() {
            let forked = "Vous avez agi à cet instant : les actions prévues plus tard n’auront pas lieu ; les envois \
                          commencés continuent. Le lien garde votre déroulé.";
            lines.push(text("p", "sim-hint", forked));
        }
        lines
    });
    kit::group("Intervenir", vec![send, kit::row(vec![grow]), state])
}

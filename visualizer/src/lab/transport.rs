//! Play, pause, step, speed, and a slider to go anywhere, with marks where somebody acted.

use super::{Bench, Player, player::SPEEDS};
use crate::dom::{El, class, el, field_value, text};
use crate::kit;
use engine::time::Instant;
use picture::french::seconds;

pub(super) fn transport(lab: Bench) -> El {
    let player = &lab.player;
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
        lab.tell();
    };
    let forth = move || {
        player.step();
        lab.tell();
    };
    let buttons = vec![
        kit::button("Début", "Début", || player.seek(Instant::ZERO)).flag("disabled", at_start),
        kit::button("Reculer", "←", back).flag("disabled", at_start),
        play,
        kit::button("Avancer", "→", forth).flag("disabled", at_end),
        kit::button("Fin", "Fin", || player.seek(player.time().1)).flag("disabled", at_end),
        speed(player),
    ];
    class("div", "sim-transport")
        .add(kit::row(buttons))
        .add(scrubber(player))
        .add(forks(lab))
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

/// Where the learner acted, and the way back.
fn forks(lab: Bench) -> El {
    el("div").region(move || {
        let forks = lab
            .player
            .with_scenario(|timeline| timeline.forks().to_vec());
        if forks.is_empty() {
            return Vec::new();
        }
        let marks = forks.into_iter().map(|at| {
            kit::button(&format!("à {}", seconds(at)), "", move || {
                lab.player.seek(at);
            })
        });
        let mut row = vec![text("span", "sim-hint", "Bifurcation :")];
        row.extend(marks);
        row.push(kit::button("Revenir au déroulé d’origine", "R", || {
            lab.unfork();
        }));
        vec![kit::row(row).attr("class", "sim-row lab-forks")]
    })
}

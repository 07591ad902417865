//! Questions about what a run comes to, which the engine answers by playing it to its end.

use super::view;
use crate::kit::{Answer, Question};
use crate::lab::Bench;
use engine::group::GroupView;
use engine::query::Value;
use engine::time::Duration;
use picture::ownership::milliseconds;

/// What a run comes to.
struct Ended {
    name: String,
    view: GroupView,
}

/// Question number `turn`; they come round again.
pub(super) fn ask(lab: Bench, turn: usize) -> Option<Question> {
    let ended = lab.player.with_scenario(|timeline| {
        let tracks = timeline.tracks().iter().zip(timeline.names());
        let ended: Vec<Ended> = tracks
            .filter_map(|(track, name)| {
                let mut run = track.anew();
                let end = run.end();
                run.seek(end);
                let view = view(run.as_ref())?;
                Some(Ended { name, view })
            })
            .collect();
        ended
    });
    let chosen = ended.get(lab.chosen.now())?;
    questions(&ended, chosen, turn)
}

fn questions(ended: &[Ended], chosen: &Ended, turn: usize) -> Option<Question> {
    let questions: Vec<Question> = [
        least(ended),
        total(chosen),
        rebalances(chosen),
        share(chosen),
    ]
    .into_iter()
    .flatten()
    .collect();
    let count = questions.len().max(1);
    questions.into_iter().nth(turn % count)
}

fn downtime(view: &GroupView) -> u64 {
    view.partitions.iter().map(|one| one.downtime.0).sum()
}

/// Which run costs least.
fn least(ended: &[Ended]) -> Option<Question> {
    let best = ended.iter().min_by_key(|one| downtime(&one.view))?;
    let ties = |one: &&Ended| downtime(&one.view) == downtime(&best.view);
    if ended.len() < 2 || ended.iter().filter(ties).count() > 1 {
        return None;
    }
    let costs: Vec<_> = ended
        .iter()
        .map(|one| {
            format!(
                "{} : {}",
                one.name,
                milliseconds(Duration(downtime(&one.view)))
            )
        })
        .collect();
    let choices = ended.iter().map(|one| Answer {
        value: one.name.clone(),
        label: one.name.clone(),
        spoken: String::new(),
    });
    Some(Question {
        text: "Lequel de ces déroulés laissera, en tout, les partitions le moins longtemps sans lecteur ?".to_owned(),
        choices: choices.collect(),
        answer: Value::Text(best.name.clone()),
        tolerance: 0,
        explanation: format!("{}.", costs.join(" ; ")),
    })
}

/// How long nobody reads, over all partitions.
fn total(chosen: &Ended) -> Option<Question> {
    let ms = Duration(downtime(&chosen.view)).as_millis();
    let touched = chosen.view.partitions.iter();
    let touched = touched.filter(|one| one.downtime > Duration(0)).count();
    (ms > 0).then(|| Question {
        text: format!(
            "{} : jusqu’à la fin, combien de millisecondes sans lecteur, toutes partitions additionnées ? (À 20 % près.)",
            chosen.name
        ),
        choices: Vec::new(),
        answer: Value::Integer(ms.cast_signed()),
        tolerance: (ms / 5).cast_signed(),
        explanation: format!(
            "{touched} partitions sur {} ont été interrompues. Ce qui coûte, c’est le temps que met le groupe à s’apercevoir \
             de la panne, puis, pour un protocole eager, l’arrêt de tous pendant l’échange.",
            chosen.view.partitions.len()
        ),
    })
}

/// How many generations (or epochs) there are.
fn rebalances(chosen: &Ended) -> Option<Question> {
    let rebalances = chosen.view.coordinator.rebalances;
    (rebalances > 0).then(|| Question {
        text: format!("{} : combien de rééquilibrages en tout, jusqu’à la fin ?", chosen.name),
        choices: Vec::new(),
        answer: Value::Integer(i64::from(rebalances)),
        tolerance: 0,
        explanation: "En coopératif, un partage qui déplace des partitions demande deux générations : rendre, puis attribuer. \
                      Une arrivée pendant group.initial.rebalance.delay.ms n’en demande pas de plus."
            .to_owned(),
    })
}

/// How many partitions the first consumer owns in the end.
fn share(chosen: &Ended) -> Option<Question> {
    let consumer = chosen
        .view
        .consumers
        .iter()
        .rfind(|one| !one.owned.is_empty())?;
    Some(Question {
        text: format!(
            "{} : combien de partitions {} aura-t-il à la fin ?",
            chosen.name, consumer.name
        ),
        choices: Vec::new(),
        answer: Value::Integer(i64::try_from(consumer.owned.len()).unwrap_or(i64::MAX)),
        tolerance: 0,
        explanation: format!(
            "{} partitions pour {} membres, réparties par l’assignor de ce déroulé.",
            chosen.view.partitions.len(),
            chosen.view.coordinator.members.len()
        ),
    })
}

//! Questions about the run at hand, answered by playing it to its end.

use super::matrix::{ACKS, Case, MIN_ISR, Verdict};
use crate::kit::{Answer, Question};
use crate::lab::{Bench, Track, view};
use engine::config::Config;
use engine::query::Value;
use engine::replication::World;
use engine::replication::view::View;

/// Question number so and so.
pub(super) fn ask(lab: Bench, turn: usize) -> Option<Question> {
    match turn % 3 {
        0 => Some(of_the_table(turn / 3)),
        1 => lab.with_chosen(lost).flatten(),
        _ => lab.with_chosen(leader).flatten(),
    }
}

/// What becomes of one record in a case of the table.
fn of_the_table(turn: usize) -> Question {
    // The instructive ones first.
    const CASES: [(usize, usize, usize); 5] =
        [(1, 1, 1), (0, 2, 2), (1, 2, 1), (0, 1, 2), (1, 0, 2)];
    let (crash, acks, min_isr) = CASES[turn % CASES.len()];
    let case = Case {
        crash,
        acks,
        min_isr,
    };
    let verdict = case.play(&Config::default());
    let choices = [
        Verdict::Kept,
        Verdict::Lost,
        Verdict::Refused,
        Verdict::UnknownAbsent,
    ];
    Question {
        text: format!(
            "Trois répliques, acks={}, min.insync.replicas={}. Le leader meurt {}. Que devient le message ?",
            ACKS[acks],
            MIN_ISR[min_isr],
            super::matrix::CRASHES[crash]
        ),
        choices: choices
            .iter()
            .map(|choice| Answer {
                value: choice.words().to_owned(),
                label: choice.words().to_owned(),
                spoken: String::new(),
            })
            .collect(),
        answer: Value::Text(verdict.words().to_owned()),
        tolerance: 0,
        explanation: explanation(acks, verdict).to_owned(),
    }
}

const fn explanation(acks: usize, verdict: Verdict) -> &'static str {
    match (acks, verdict) {
        (_, Verdict::Lost) => {
            "Le producer a été acquitté avant que les suiveurs n’aient copié : le nouveau leader n’a jamais eu ce message."
        }
        (2, Verdict::Refused) => {
            "Avec acks=all, un leader dont l’ISR est plus petit que min.insync.replicas refuse d’écrire : NotEnoughReplicas."
        }
        (2, _) => {
            "Avec acks=all, l’acquittement attend tout l’ISR : le nouveau leader a le message, ou le client le renvoie."
        }
        _ => {
            "min.insync.replicas ne compte qu’avec acks=all ; ici, le nouveau leader écrit sans attendre personne."
        }
    }
}

/// The view at the end of a run.
fn at_end(track: &dyn Track) -> Option<View> {
    let mut run = track.anew();
    run.seek(run.end());
    view::<World>(run.as_ref())
}

fn lost(track: &dyn Track) -> Option<Question> {
    let counters = at_end(track)?.counters;
    let lost = i64::try_from(counters.acknowledged_lost).unwrap_or(i64::MAX);
    Some(Question {
        text: "À la fin de ce déroulé, combien de messages acquittés seront perdus ?".to_owned(),
        choices: Vec::new(),
        answer: Value::Integer(lost),
        tolerance: 0,
        explanation: super::words::summary(&counters),
    })
}

fn leader(track: &dyn Track) -> Option<Question> {
    let view = at_end(track)?;
    let partition = view.partitions.first()?;
    let leader = partition
        .leader
        .map_or_else(|| "aucun".to_owned(), |leader| leader.to_string());
    let mut names: Vec<String> = view.brokers.iter().map(|b| b.broker.to_string()).collect();
    names.push("aucun".to_owned());
    Some(Question {
        text: format!(
            "À la fin de ce déroulé, qui sera leader de la partition {} ?",
            partition.partition
        ),
        choices: names
            .into_iter()
            .map(|name| Answer {
                label: name.clone(),
                value: name,
                spoken: String::new(),
            })
            .collect(),
        answer: Value::Text(leader),
        tolerance: 0,
        explanation: format!("Époque du leader à la fin : {}.", partition.epoch),
    })
}

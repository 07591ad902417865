//! Questions about what a run comes to, which the engine answers by playing it to its end.

use super::view;
use crate::kit::{Answer, Question};
use crate::lab::Bench;
use engine::architecture::view::View;
use engine::event::Lane;
use engine::query::Value;
use engine::text::grouped;

/// Question number `turn` about the chosen run; they come round again.
pub(super) fn ask(lab: Bench, turn: usize) -> Option<Question> {
    let end = lab.with_chosen(|track| {
        let mut run = track.anew();
        let end = run.end();
        run.seek(end);
        view(run.as_ref())
    });
    let end = end.flatten()?;
    let questions: Vec<Question> = [
        Some(refused(&end)),
        worst(&end),
        in_vain(&end),
        recovery(&end),
        missed(&end),
        again(&end),
    ]
    .into_iter()
    .flatten()
    .collect();
    let count = questions.len().max(1);
    questions.into_iter().nth(turn % count)
}

fn numeric(text: &str, answer: u64, tolerance: u64, explanation: String) -> Question {
    Question {
        text: text.to_owned(),
        choices: Vec::new(),
        answer: Value::Integer(answer.cast_signed()),
        tolerance: tolerance.cast_signed(),
        explanation,
    }
}

fn refused(end: &View) -> Question {
    let rest = &end.lanes[Lane::Rest as usize];
    numeric(
        "À la fin, combien de clients la chaîne d’appels REST aura-t-elle renvoyés avec une erreur ? (À 10 % près.)",
        rest.refused,
        rest.refused / 10,
        format!(
            "Sur {} commandes, {} sont refusées : une chaîne d’appels n’aboutit que si chaque service répond.",
            grouped(end.received.cast_signed()),
            grouped(rest.refused.cast_signed())
        ),
    )
}

/// Which architecture refuses most.
fn worst(end: &View) -> Option<Question> {
    let most = end.lanes.iter().map(|lane| lane.refused).max()?;
    let alike = end.lanes.iter().filter(|lane| lane.refused == most).count();
    let answer = if alike > 1 {
        "aucune"
    } else {
        end.lanes
            .iter()
            .find(|lane| lane.refused == most)?
            .lane
            .name()
    };
    let choice = |value: &str, label: &str| Answer {
        value: value.to_owned(),
        label: label.to_owned(),
        spoken: String::new(),
    };
    let counts: Vec<String> = end
        .lanes
        .iter()
        .map(|lane| format!("{} {}", lane.lane.name(), lane.refused))
        .collect();
    Some(Question {
        text: "Quelle architecture refuse plus de commandes que les deux autres ?".to_owned(),
        choices: vec![
            choice(Lane::Rest.name(), "REST"),
            choice(Lane::Queue.name(), "la file"),
            choice(Lane::Log.name(), "le journal"),
            choice("aucune", "aucune"),
        ],
        answer: Value::Text(answer.to_owned()),
        tolerance: 0,
        explanation: format!("Refusées : {}.", counts.join(", ")),
    })
}

fn in_vain(end: &View) -> Option<Question> {
    let payment = end
        .services
        .iter()
        .position(|service| service.name.as_str() == "PaymentService")?;
    let work = &end.lanes[Lane::Rest as usize].services[payment];
    Some(numeric(
        "REST : combien de clients PaymentService aura-t-il encaissés alors qu’ils ont reçu une erreur ? (À 10 % près.)",
        work.in_vain,
        work.in_vain / 10,
        "Ce qu’un service a fait avant l’échec d’un autre n’est pas défait : il faudrait écrire la compensation.".to_owned(),
    ))
}

fn recovery(end: &View) -> Option<Question> {
    let queue = &end.lanes[Lane::Queue as usize];
    let (service, after) = queue
        .services
        .iter()
        .zip(&end.services)
        .find_map(|(work, service)| Some((&service.name, work.recovery?)))?;
    let seconds = after.as_millis().div_ceil(1_000);
    Some(numeric(
        &format!("File : combien de secondes faut-il à {service}, une fois réparé, pour être à jour ? (À 20 % près.)"),
        seconds,
        seconds / 5,
        "Le retard accumulé, divisé par ce que le service traite de plus par seconde que ce qui arrive.".to_owned(),
    ))
}

fn missed(end: &View) -> Option<Question> {
    let late = end
        .services
        .iter()
        .position(|service| service.name.as_str() == engine::scenario::LATE_SERVICE)?;
    let missed = |lane: Lane| end.lanes[lane as usize].services[late].missed;
    Some(numeric(
        "File : combien de commandes passées FraudService n’aura-t-il jamais reçues ? (À 10 % près.)",
        missed(Lane::Queue),
        missed(Lane::Queue) / 10,
        format!(
            "Sa file n’existe que depuis son arrivée. Avec le journal, il en manque {}.",
            grouped(missed(Lane::Log).cast_signed())
        ),
    ))
}

/// What a crash makes the log's reader do again.
fn again(end: &View) -> Option<Question> {
    let log = &end.lanes[Lane::Log as usize];
    let (service, again) = log
        .services
        .iter()
        .zip(&end.services)
        .find(|(work, _)| work.again > 0)
        .map(|(work, service)| (&service.name, work.again))?;
    Some(numeric(
        &format!("Journal : combien d’événements {service} aura-t-il traités une deuxième fois ? (À 3 près.)"),
        again,
        3,
        "Ceux qui suivent le dernier offset validé (auto.commit.interval.ms), ou tout le journal après une relecture.".to_owned(),
    ))
}

//! Rebalancing: who reads which partition and when, for several protocols on one time axis. What the bench needs to hold it.

mod ask;
mod numbers;
mod presets;
mod stage;
mod words;

use crate::figure::Figure;
use crate::lab::{self, Actor, Detail, Subject, Track};
use engine::group::{GroupView, GroupWorld, Rule};
use picture::french::seconds;
use picture::{members, ownership};
use web_sys::Element;

/// Puts the simulation of a figure into its stage.
pub(crate) fn rebalancing(stage: &Element, figure: Figure) {
    lab::bench(stage, figure, &SUBJECT);
}

pub(crate) static SUBJECT: Subject = Subject {
    start: lab::start::<GroupWorld>,
    name: ownership::protocol_name,
    stage: stage::stage,
    told: words::is_told,
};

/// What stands below the pictures.
pub(crate) static DETAIL: Detail = Detail {
    actors,
    metrics: |track| view(track).map_or_else(Vec::new, |view| numbers::metrics(&view)),
    breaches: |track| view(track).map_or_else(Vec::new, |view| breaches(&view)),
    sentence: words::sentence,
    family: words::family,
    families: &words::FAMILIES,
    ask: ask::ask,
    presets: &presets::PRESETS,
    limits: &LIMITS,
};

const LIMITS: [&str; 9] = [
    "Les brokers ne tombent jamais et aucun message réseau ne se perd : le coordinateur est toujours là. Voir la simulation \
     « Réplication ».",
    "Chaque message réseau met simulation.latency ; les vrais temps varient.",
    "librdkafka vérifie max.poll.interval.ms toutes les 500 ms ; ici, le délai est exact.",
    "Les clients apprennent aussitôt qu’un topic a gagné des partitions ; les vrais, au prochain rafraîchissement de leurs \
     métadonnées.",
    "Le leader n’a pas besoin de demander les métadonnées des topics avant de calculer l’affectation.",
    "Un fetch n’a pas de taille maximale.",
    "KIP-848 : les identifiants des membres commencent par le nom du consumer, alors que les vrais sont tirés au hasard ; \
     l’ordre des membres en dépend.",
    "Ni abonnement par expression régulière, ni racks, ni transactions, ni groupe qui change de protocole en marche.",
    "« Sans lecteur » compte le temps où aucun consumer vivant ne peut lire la partition ; un consumer vivant mais lent la \
     lit toujours.",
];

/// What the run shows now.
fn view(track: &dyn Track) -> Option<GroupView> {
    lab::view::<GroupWorld>(track)
}

fn actors(track: &dyn Track) -> Vec<Actor> {
    let Some(view) = view(track) else {
        return Vec::new();
    };
    let state = |place: usize| {
        let consumer = &view.consumers[place];
        let members = &view.coordinator.members;
        let member = members.iter().find(|member| member.consumer == place);
        members::state(&view, consumer, member).1
    };
    (0..view.consumers.len())
        .map(|place| Actor {
            name: view.consumers[place].name.as_str().to_owned(),
            state: state(place),
        })
        .collect()
}

fn breaches(view: &GroupView) -> Vec<String> {
    let breaches = view.breaches.iter().map(|breach| {
        let rule = match breach.rule {
            Rule::OneOwner => "une partition a deux propriétaires dans une même génération",
            Rule::CommittedWithinLog => "un offset validé est au-delà de la fin du log",
            Rule::InOrder => "un consumer a reçu des messages dans le désordre",
            Rule::EveryRecordCounted => "un message est compté deux fois, ou pas du tout",
        };
        format!(
            "à {}, partition {} : {rule}",
            seconds(breach.at),
            breach.partition
        )
    });
    breaches.collect()
}

#[cfg(test)]
mod tests;

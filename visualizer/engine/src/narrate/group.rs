//! Sentences for what happens in a consumer group.

use crate::event::{
    CommitReason, EventKind, GroupError, GroupEvent, MemberState, PositionSource, RebalanceReason,
    Request, TopicPartition,
};
use crate::ids::{ActorName, MemberId, Offset};
use crate::time::{Duration, Instant};

/// What an event of a group's run says, in one French sentence; `None` if it is of another simulation.
pub fn group_run(event: &EventKind) -> Option<String> {
    Some(match event {
        EventKind::Group(event) => group(event),
        EventKind::TopicCreated { topic, partitions } => match partitions {
            1 => format!("Le topic {topic} est créé avec une partition."),
            _ => format!("Le topic {topic} est créé avec {partitions} partitions."),
        },
        EventKind::PartitionsAdded { topic, from, to } => {
            format!("Le topic {topic} passe de {from} à {to} partitions.")
        }
        EventKind::RecordAppended {
            partition, offset, ..
        } => format!("La partition {partition} reçoit un message, à l’offset {offset}."),
        EventKind::RecordConsumed {
            member,
            partition,
            offset,
            ..
        } => format!(
            "Consume() rend à {} le message {offset} de la partition {partition}.",
            name(member)
        ),
        EventKind::OffsetCommitted {
            partition, offset, ..
        } => format!(
            "Le coordinateur inscrit l’offset {offset} pour la partition {partition} : le groupe reprendrait là."
        ),
        EventKind::MemberJoined { member, .. } => format!(
            "Le coordinateur inscrit {} parmi les membres du groupe.",
            name(member)
        ),
        EventKind::MemberLeft { member, .. } => {
            format!("{} n’est plus membre du groupe.", name(member))
        }
        EventKind::PartitionsAssigned {
            member, partitions, ..
        } => assigned(&name(member), partitions),
        EventKind::PartitionsRevoked {
            member,
            partitions,
            lost,
            ..
        } => revoked(&name(member), partitions, *lost),
        _ => return None,
    })
}

/// What an event says, in one French sentence.
pub fn group(event: &GroupEvent) -> String {
    use GroupEvent as E;
    match event {
        E::ConsumerStarted { .. }
        | E::ConsumerRefused { .. }
        | E::ConsumerClosing { .. }
        | E::ConsumerClosed { .. }
        | E::ConsumerTerminated { .. }
        | E::ConsumerCrashed { .. }
        | E::ConsumerPaused { .. }
        | E::ConsumerResumed { .. }
        | E::ConsumerFenced { .. }
        | E::SettingChanged { .. } => process(event),
        E::RequestSent {
            consumer, request, ..
        } => sent(consumer, *request),
        E::RequestReceived {
            consumer, request, ..
        } => format!(
            "Le coordinateur reçoit {} de {consumer}.",
            with_article(*request)
        ),
        E::ResponseReceived {
            consumer,
            request,
            error,
            epoch,
        } => answered(consumer, *request, *error, *epoch),
        E::StateChanged { .. }
        | E::RebalancePrepared { .. }
        | E::InitialDelayExtended { .. }
        | E::GenerationBegan { .. }
        | E::RebalanceCompleted { .. }
        | E::GroupEpochBumped { .. }
        | E::TargetComputed { .. }
        | E::MemberReconciled { .. } => coordinator(event),
        E::SessionExpired { .. }
        | E::RebalanceTimedOut { .. }
        | E::MaxPollExceeded { .. }
        | E::ConnectionLost { .. } => timer(event),
        _ => record(event),
    }
}

fn process(event: &GroupEvent) -> String {
    use GroupEvent as E;
    match event {
        E::ConsumerStarted {
            consumer,
            instance: Some(instance),
        } => format!(
            "{consumer} démarre et s’abonne ; son group.instance.id est {instance}, c’est un membre statique."
        ),
        E::ConsumerStarted { consumer, .. } => format!("{consumer} démarre et s’abonne."),
        E::ConsumerRefused { consumer, property } => format!(
            "Le constructeur de {consumer} lève une exception : {property} est refusée avec les autres réglages."
        ),
        E::ConsumerClosing { consumer } => {
            format!("L’application de {consumer} décide de s’arrêter proprement, par Close().")
        }
        E::ConsumerClosed { consumer } => format!("Close() a rendu la main : {consumer} s’arrête."),
        E::ConsumerTerminated { consumer } => {
            format!(
                "SIGTERM arrête {consumer}, qui n’appelle pas Close() : le groupe n’en sait rien."
            )
        }
        E::ConsumerCrashed { consumer } => {
            format!("{consumer} meurt sur le coup (SIGKILL) : le groupe n’en sait rien.")
        }
        E::ConsumerPaused { consumer, lasts } => format!(
            "Plus rien ne bouge dans {consumer} pendant {} : ni traitement, ni battement de cœur.",
            seconds(*lasts)
        ),
        E::ConsumerResumed { consumer } => format!("{consumer} se réveille."),
        E::ConsumerFenced { consumer } => format!(
            "Un autre consumer porte le même group.instance.id : {consumer} s’arrête sur une erreur fatale."
        ),
        E::SettingChanged { property, value } => format!("{property} vaut maintenant {value}."),
        _ => String::new(),
    }
}

fn sent(consumer: &ActorName, request: Request) -> String {
    match request {
        Request::FindCoordinator => {
            format!("{consumer} demande quel broker coordonne le groupe.")
        }
        Request::JoinGroup => format!("{consumer} envoie JoinGroup : il veut être membre."),
        Request::SyncGroup => {
            format!("{consumer} envoie SyncGroup, pour connaître ses partitions.")
        }
        Request::Heartbeat => format!("{consumer} envoie un battement de cœur."),
        Request::LeaveGroup => format!("{consumer} envoie LeaveGroup : il quitte le groupe."),
        Request::ConsumerGroupHeartbeat => {
            format!("{consumer} envoie un battement de cœur (ConsumerGroupHeartbeat).")
        }
        Request::OffsetFetch => format!("{consumer} demande où le groupe en était."),
        Request::OffsetCommit => format!("{consumer} envoie un commit."),
    }
}

fn answered(
    consumer: &ActorName,
    request: Request,
    error: Option<GroupError>,
    epoch: i32,
) -> String {
    let Some(error) = error else {
        return match request {
            Request::FindCoordinator => {
                format!("{consumer} sait quel broker coordonne le groupe.")
            }
            Request::JoinGroup => {
                format!("{consumer} apprend qu’il est membre de la génération {epoch}.")
            }
            Request::SyncGroup => format!("{consumer} apprend quelles partitions lui reviennent."),
            Request::Heartbeat => format!("{consumer} apprend que rien n’a changé."),
            Request::ConsumerGroupHeartbeat if epoch >= 0 => {
                format!("{consumer} apprend du coordinateur qu’il en est à l’époque {epoch}.")
            }
            Request::LeaveGroup | Request::ConsumerGroupHeartbeat => {
                format!("{consumer} apprend que son départ est enregistré.")
            }
            Request::OffsetFetch => format!("{consumer} apprend où le groupe en était."),
            Request::OffsetCommit => format!("{consumer} apprend que son commit est accepté."),
        };
    };
    let means = match error {
        GroupError::MemberIdRequired => "il a reçu un identifiant, avec lequel il doit recommencer",
        GroupError::UnknownMemberId => "le coordinateur ne le connaît pas, ou plus",
        GroupError::IllegalGeneration => "une autre génération a commencé sans lui",
        GroupError::RebalanceInProgress => "un rééquilibrage a commencé, il doit y revenir",
        GroupError::FencedInstanceId => "un autre consumer porte maintenant son group.instance.id",
        GroupError::FencedMemberEpoch => {
            "son époque n’est plus valable, il doit rejoindre à nouveau"
        }
        GroupError::StaleMemberEpoch => "son époque n’est pas la bonne",
        GroupError::UnreleasedInstanceId => "un autre consumer porte encore son group.instance.id",
    };
    format!("{consumer} reçoit {} : {means}.", error.name())
}

fn coordinator(event: &GroupEvent) -> String {
    use GroupEvent as E;
    match event {
        E::StateChanged { from, to } => {
            format!("Le groupe passe de {} à {}.", from.name(), to.name())
        }
        E::RebalancePrepared {
            reason,
            consumer,
            until,
            ..
        } => format!(
            "Le coordinateur prépare un rééquilibrage, parce que {} ; il attend les membres jusqu’à T = {}.",
            because(*reason, consumer.as_ref()),
            at(*until)
        ),
        E::InitialDelayExtended { until } => format!(
            "Un autre membre est arrivé pendant group.initial.rebalance.delay.ms : le coordinateur attend encore, jusqu’à T = {}.",
            at(*until)
        ),
        E::GenerationBegan {
            generation,
            members,
            leader,
        } => {
            let chief = leader.as_ref().map_or_else(String::new, |leader| {
                format!(" ; {leader} calculera la répartition")
            });
            format!(
                "La génération {generation} commence avec {}{chief}.",
                list(members)
            )
        }
        E::RebalanceCompleted { generation, took } => format!(
            "La répartition de la génération {generation} est connue, {} après le début du rééquilibrage.",
            seconds(*took)
        ),
        E::GroupEpochBumped {
            epoch,
            reason,
            consumer,
        } => format!(
            "Le groupe passe à l’époque {epoch}, parce que {}.",
            because(*reason, consumer.as_ref())
        ),
        E::TargetComputed {
            by: Some(by),
            assignor,
            ..
        } => format!("{by}, qui mène le groupe, répartit les partitions avec {assignor}."),
        E::TargetComputed {
            epoch, assignor, ..
        } => format!(
            "Le coordinateur calcule la répartition visée pour l’époque {epoch}, avec {assignor}."
        ),
        E::MemberReconciled {
            consumer,
            state,
            pending_revocation,
            epoch,
            ..
        } => match state {
            MemberState::UnrevokedPartitions => format!(
                "{consumer} doit d’abord rendre {}.",
                partitions(pending_revocation)
            ),
            MemberState::UnreleasedPartitions => format!(
                "{consumer} est à l’époque {epoch}, mais attend des partitions que d’autres n’ont pas encore rendues."
            ),
            MemberState::Stable => {
                format!("{consumer} est à l’époque {epoch}, avec tout ce qui lui revient.")
            }
        },
        _ => String::new(),
    }
}

fn timer(event: &GroupEvent) -> String {
    use GroupEvent as E;
    match event {
        E::SessionExpired { consumer, last } => format!(
            "Le coordinateur n’a plus de nouvelles de {consumer} depuis T = {} : sa session expire, il est exclu.",
            at(*last)
        ),
        E::RebalanceTimedOut { consumer } => format!(
            "{consumer} n’est pas revenu à temps dans le rééquilibrage (max.poll.interval.ms) : il est exclu."
        ),
        E::MaxPollExceeded {
            consumer,
            last_poll,
        } => format!(
            "{consumer} n’a pas rappelé Consume() depuis T = {} : max.poll.interval.ms est dépassé, son client quitte le groupe (Local_MaxPollExceeded).",
            at(*last_poll)
        ),
        E::ConnectionLost { consumer } => format!(
            "Le client de {consumer} voit qu’il est resté muet plus longtemps que sa session : il tient ses partitions pour perdues."
        ),
        _ => String::new(),
    }
}

fn record(event: &GroupEvent) -> String {
    use GroupEvent as E;
    match event {
        E::PositionSet {
            consumer,
            partition,
            offset,
            source,
            ..
        } => match source {
            PositionSource::Committed => format!(
                "{consumer} lira la partition {partition} à partir de l’offset committé, {offset}."
            ),
            PositionSource::Earliest => format!(
                "Rien n’est committé pour la partition {partition} : {consumer} la lira depuis le début (auto.offset.reset=earliest)."
            ),
            PositionSource::Latest => format!(
                "Rien n’est committé pour la partition {partition} : {consumer} la lira à partir de sa fin, l’offset {offset} (auto.offset.reset=latest)."
            ),
        },
        E::Polled { consumer, records } => {
            format!("poll() rend {records} messages à {consumer}.")
        }
        E::ProcessingBegan {
            consumer,
            partition,
            offset,
            ..
        } => format!(
            "{consumer} commence à traiter le message {offset} de la partition {partition}."
        ),
        E::ProcessingEnded {
            consumer,
            partition,
            offset,
            run: 1,
            ..
        } => format!("{consumer} a traité le message {offset} de la partition {partition}."),
        E::ProcessingEnded {
            consumer,
            partition,
            offset,
            run,
            ..
        } => format!(
            "{consumer} a traité le message {offset} de la partition {partition}… pour la {run}e fois."
        ),
        E::RecordsLost {
            partition,
            offset,
            count: 1,
            ..
        } => format!(
            "Le message {offset} de la partition {partition} est perdu : personne ne l’a traité, et personne ne le relira."
        ),
        E::RecordsLost {
            partition,
            offset,
            count,
            ..
        } => format!(
            "{count} messages de la partition {partition}, à partir de l’offset {offset}, sont perdus : personne ne les a traités, et personne ne les relira."
        ),
        E::OffsetStored {
            consumer,
            partition,
            offset,
            ..
        } => format!(
            "{consumer} stocke l’offset {offset} pour la partition {partition} : le prochain commit l’écrira."
        ),
        E::AutoCommitFired { consumer } => {
            format!("auto.commit.interval.ms est écoulé : {consumer} valide ce qu’il a stocké.")
        }
        E::CommitSent {
            consumer,
            reason,
            offsets,
        } => commit(consumer, *reason, offsets),
        E::CommitAccepted { consumer } => format!("{consumer} apprend que son commit est accepté."),
        E::CommitRefused { consumer, error } => {
            format!("Le commit de {consumer} est refusé : {}.", error.name())
        }
        _ => String::new(),
    }
}

fn commit(
    consumer: &ActorName,
    reason: CommitReason,
    offsets: &[(TopicPartition, Offset)],
) -> String {
    let what = match offsets {
        [(at, offset)] => format!("l’offset {offset} de la partition {}", at.partition),
        _ => format!("les offsets de {} partitions", offsets.len()),
    };
    match reason {
        CommitReason::Auto => format!("{consumer} envoie au coordinateur {what}."),
        CommitReason::Sync => format!("{consumer} valide {what}, et attend la réponse."),
        CommitReason::Async => format!("{consumer} valide {what}, sans attendre la réponse."),
        CommitReason::Revoke => format!("Avant de rendre la main, {consumer} valide {what}."),
        CommitReason::Close => format!("Close() valide {what}."),
    }
}

fn assigned(consumer: &str, list: &[TopicPartition]) -> String {
    match list.len() {
        0 => format!("{consumer} ne reçoit aucune partition de plus."),
        _ => format!("{consumer} reçoit {}.", partitions(list)),
    }
}

fn revoked(consumer: &str, list: &[TopicPartition], lost: bool) -> String {
    if lost {
        format!(
            "{consumer} a perdu {} : il n’est plus membre, il ne peut rien valider.",
            partitions(list)
        )
    } else {
        format!("{consumer} rend {}.", partitions(list))
    }
}

fn because(reason: RebalanceReason, consumer: Option<&ActorName>) -> String {
    let who = consumer.map_or("un membre", ActorName::as_str);
    match reason {
        RebalanceReason::Join => format!("{who} arrive"),
        RebalanceReason::Rejoin => format!("{who} revient après avoir rendu des partitions"),
        RebalanceReason::Leave => format!("{who} part"),
        RebalanceReason::SessionExpired => format!("la session de {who} a expiré"),
        RebalanceReason::TimedOut => format!("{who} n’a pas répondu à temps"),
        RebalanceReason::PartitionsAdded => "le topic a de nouvelles partitions".to_owned(),
        RebalanceReason::StaticMemberChanged => {
            format!("{who}, membre statique, revient avec d’autres souhaits")
        }
    }
}

fn with_article(request: Request) -> &'static str {
    match request {
        Request::FindCoordinator => "la question « qui coordonne ? »",
        Request::JoinGroup => "le JoinGroup",
        Request::SyncGroup => "le SyncGroup",
        Request::Heartbeat | Request::ConsumerGroupHeartbeat => "le battement de cœur",
        Request::LeaveGroup => "le LeaveGroup",
        Request::OffsetFetch => "la demande d’offsets",
        Request::OffsetCommit => "le commit",
    }
}

/// Partitions as a person lists them; the topic is named if there are several.
fn partitions(list: &[TopicPartition]) -> String {
    let one_topic = list.windows(2).all(|pair| pair[0].topic == pair[1].topic);
    let names: Vec<String> = list
        .iter()
        .map(|at| {
            if one_topic {
                at.partition.to_string()
            } else {
                format!("{}-{}", at.topic, at.partition)
            }
        })
        .collect();
    match names.as_slice() {
        [one] => format!("la partition {one}"),
        _ => format!("les partitions {}", and(&names)),
    }
}

fn list(names: &[ActorName]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    and(&names)
}

fn and(names: &[String]) -> String {
    match names {
        [] => "personne".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} et {last}", first.join(", ")),
    }
}

/// A consumer's name: its member id without the UUID.
fn name(member: &MemberId) -> String {
    const UUID: usize = 37;
    let id = member.as_str();
    match id.len().checked_sub(UUID).filter(|end| *end > 0) {
        Some(end) if id.is_char_boundary(end) => id[..end].to_owned(),
        _ if id.is_empty() => "Le consumer".to_owned(),
        _ => id.to_owned(),
    }
}

fn at(instant: Instant) -> String {
    seconds(Duration(instant.0))
}

fn seconds(duration: Duration) -> String {
    let ms = duration.as_millis();
    if ms < 1_000 {
        return format!("{ms} ms");
    }
    let (whole, rest) = (ms / 1_000, ms % 1_000);
    if rest == 0 {
        return format!("{whole} s");
    }
    let text = format!("{rest:03}");
    format!("{whole},{} s", text.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_a_person_reads_them() {
        assert_eq!(seconds(Duration::from_millis(12)), "12 ms");
        assert_eq!(seconds(Duration::from_millis(3_000)), "3 s");
        assert_eq!(seconds(Duration::from_millis(3_050)), "3,05 s");
    }

    #[test]
    fn a_member_is_called_by_its_consumers_name() {
        let id = "C1-01234567-89ab-cdef-0123-456789abcdef";
        assert_eq!(name(&MemberId::from(id)), "C1");
    }
}

//! Sentences for what happens to replicas, and to their clients.

use crate::event::{Election, EventKind, ProduceError, ReplicationEvent, ShrinkReason};
use crate::ids::{BrokerId, Offset, RecordId};
use crate::time::Duration;

/// What an event of a replication run says, in one French sentence; `None` if it is of another simulation.
pub fn replication_run(event: &EventKind) -> Option<String> {
    Some(match event {
        EventKind::Replication(event) => replication(event),
        EventKind::TopicCreated { topic, partitions } => match partitions {
            1 => format!("Le topic {topic} est créé avec une partition."),
            _ => format!("Le topic {topic} est créé avec {partitions} partitions."),
        },
        EventKind::RecordSent { record, key, .. } => match key {
            Some(key) => format!(
                "L’application confie le message {} au producer, avec la clé {key}.",
                record.letters()
            ),
            None => format!(
                "L’application confie le message {} au producer.",
                record.letters()
            ),
        },
        EventKind::RecordAppended {
            partition,
            offset,
            record,
            ..
        } => {
            let what = record.map_or_else(
                || "un message".to_owned(),
                |record| format!("le message {}", record.letters()),
            );
            format!("Le leader de la partition {partition} écrit {what} à l’offset {offset}.")
        }
        _ => return None,
    })
}

/// What an event says, in one French sentence.
pub fn replication(event: &ReplicationEvent) -> String {
    use ReplicationEvent as E;
    match event {
        E::ClusterStarted { brokers } => format!(
            "Le cluster démarre avec {} ; un quorum de contrôleurs les surveille.",
            list(brokers)
        ),
        E::PartitionPlaced {
            partition,
            replicas,
        } => format!(
            "La partition {partition} est placée sur {} ; le premier est son leader préféré, et la dirige.",
            list(replicas)
        ),
        E::LeaderElected { .. }
        | E::PartitionOffline { .. }
        | E::IsrShrunk { .. }
        | E::IsrExpanded { .. } => controller(event),
        E::RecordsReplicated { .. }
        | E::HighWatermarkAdvanced { .. }
        | E::HighWatermarkLearned { .. }
        | E::LogTruncated { .. }
        | E::RecordsLost { .. }
        | E::DuplicateRecognised { .. } => logs(event),
        E::BatchSent { .. }
        | E::BatchFailed { .. }
        | E::RecordsAcknowledged { .. }
        | E::RecordsFailed { .. }
        | E::MetadataRefreshed { .. }
        | E::RecordsConsumed { .. }
        | E::PositionTruncated { .. } => clients(event),
        E::ProducerCrashed { .. }
        | E::ProducerRestarted
        | E::ProducerStopped { .. }
        | E::ProducerResumed => process(event),
        E::SettingChanged { name, value } => format!("{name} vaut désormais {value}."),
        _ => brokers(event),
    }
}

/// A broker comes or goes.
fn brokers(event: &ReplicationEvent) -> String {
    use ReplicationEvent as E;
    match event {
        E::BrokerCrashed { broker } => format!(
            "{broker} est tué net : ses connexions se rompent, ses battements de cœur s’arrêtent, son journal reste sur son disque."
        ),
        E::BrokerRestarted { broker } => {
            format!("{broker} redémarre et demande au contrôleur à être enregistré.")
        }
        E::RegistrationRefused { broker } => format!(
            "Le contrôleur refuse encore {broker} : la session de sa vie précédente n’a pas expiré, il réessaiera."
        ),
        E::BrokerFenced { broker, silent } => format!(
            "Sans nouvelles de {broker} depuis {}, le contrôleur l’écarte : il ne dirige plus rien.",
            seconds(*silent)
        ),
        E::BrokerUnfenced { broker } => {
            format!("{broker} est à jour : le contrôleur le laisse servir de nouveau.")
        }
        E::BrokerSlowed { broker, duration } => {
            format!(
                "{broker} ne copie plus rien pendant {}.",
                seconds(*duration)
            )
        }
        E::FetchingResumed { broker } => format!("{broker} reprend ses copies."),
        E::BrokerStopped { broker, duration } => format!(
            "{broker} est figé pendant {} : ni battement de cœur, ni copie, ni réponse, mais ses connexions restent ouvertes et personne n’est prévenu.",
            seconds(*duration)
        ),
        E::BrokerResumed { broker } => format!(
            "{broker} reprend où il en était : il traite ce qui attendait dans ses connexions avant d’apprendre ce qui a changé sans lui."
        ),
        _ => String::new(),
    }
}

/// The controller decides.
fn controller(event: &ReplicationEvent) -> String {
    use ReplicationEvent as E;
    match event {
        E::LeaderElected {
            partition,
            leader,
            epoch,
            election,
            isr,
        } => {
            let why = match election {
                Election::InSync => "première réplique synchronisée encore debout",
                Election::Eligible => {
                    "éligible parce qu’il a tout ce qui était validé (ELR), l’ISR étant vide"
                }
                Election::LastKnown => "dernier leader connu, faute de réplique synchronisée",
                Election::Unclean => {
                    "élu sans être synchronisé : ce qui lui manque est perdu (unclean.leader.election.enable)"
                }
                Election::Preferred => "leader préféré, de nouveau synchronisé",
            };
            format!(
                "{leader} devient leader de la partition {partition}, époque {epoch} : {why}. ISR : {}.",
                list(isr)
            )
        }
        E::PartitionOffline {
            partition,
            isr,
            elr,
            ..
        } => {
            let eligible: Vec<_> = isr.iter().chain(elr).copied().collect();
            let waits = if eligible.is_empty() {
                "le dernier leader".to_owned()
            } else {
                list(&eligible)
            };
            format!(
                "La partition {partition} n’a plus de leader : on ne peut ni l’écrire ni la lire tant que {waits} ne revient pas."
            )
        }
        E::IsrShrunk {
            partition,
            removed,
            isr,
            elr,
            reason,
        } => {
            let why = match reason {
                ShrinkReason::Lag => "en retard depuis plus de replica.lag.time.max.ms",
                ShrinkReason::Fenced => "écarté par le contrôleur",
                ShrinkReason::UncleanShutdown => {
                    "revenu d’un arrêt brutal, personne ne sait ce que son disque a gardé"
                }
            };
            let eligible = if elr.is_empty() {
                String::new()
            } else {
                format!(" ; {} : éligible (ELR)", list(elr))
            };
            format!(
                "{} sort de l’ISR de la partition {partition} ({why}) ; il y reste {}{eligible}.",
                list(removed),
                list(isr)
            )
        }
        E::IsrExpanded {
            partition,
            added,
            isr,
        } => format!(
            "{added} a rattrapé son leader et rejoint l’ISR de la partition {partition} : {}.",
            list(isr)
        ),
        _ => String::new(),
    }
}

/// Something moves in the logs.
fn logs(event: &ReplicationEvent) -> String {
    use ReplicationEvent as E;
    match event {
        E::RecordsReplicated {
            partition,
            broker,
            from,
            to,
        } => format!(
            "{broker} copie {} de la partition {partition}.",
            offsets(*from, *to)
        ),
        E::HighWatermarkAdvanced {
            partition,
            broker,
            to,
            ..
        } => format!(
            "Toutes les répliques synchronisées ont les messages d’avant l’offset {to} : {broker} avance le high watermark de la partition {partition}, les consumers peuvent les lire."
        ),
        E::HighWatermarkLearned {
            partition,
            broker,
            high_watermark,
        } => format!(
            "{broker} apprend, dans la réponse à son fetch, que la partition {partition} est validée jusqu’à l’offset {high_watermark}."
        ),
        E::LogTruncated {
            partition,
            broker,
            to,
            removed,
        } => format!(
            "Le journal de {broker} ne suit plus celui du leader de la partition {partition} : il le coupe à l’offset {to}, et {} disparaît.",
            records(removed)
        ),
        E::RecordsLost {
            partition,
            records: lost,
            acknowledged,
        } => {
            let report = match acknowledged {
                0 => "aucun n’était acquitté",
                1 => "dont un acquitté : son producer le croit écrit",
                _ => "dont plusieurs acquittés : leur producer les croit écrits",
            };
            format!(
                "Le nouveau leader de la partition {partition} n’a jamais eu {} : perdu, {report}.",
                records(lost)
            )
        }
        E::DuplicateRecognised {
            broker,
            records: known,
            ..
        } => format!(
            "{broker} reconnaît {} à son numéro de séquence : il ne l’écrit pas deux fois et répond comme la première.",
            records(known)
        ),
        _ => String::new(),
    }
}

/// The producer's process comes and goes.
fn process(event: &ReplicationEvent) -> String {
    use ReplicationEvent as E;
    match event {
        E::ProducerCrashed { unreported } if unreported.is_empty() => {
            "Le processus du producer est tué : tout ce qu’il avait envoyé était déjà acquitté ou abandonné.".to_owned()
        }
        E::ProducerCrashed { unreported } => format!(
            "Le processus du producer est tué : personne ne saura ce qu’il est advenu {}.",
            of(unreported)
        ),
        E::ProducerRestarted => {
            "Le producer redémarre : c’est un nouveau producer, ses numéros de séquence repartent de zéro.".to_owned()
        }
        E::ProducerStopped { duration } => format!(
            "Le processus du producer est figé pendant {} : il n’envoie rien et ne lit aucune réponse.",
            seconds(*duration)
        ),
        E::ProducerResumed => "Le processus du producer reprend.".to_owned(),
        _ => String::new(),
    }
}

/// What the producer and the consumer do and see.
fn clients(event: &ReplicationEvent) -> String {
    use ReplicationEvent as E;
    match event {
        E::BatchSent {
            partition,
            broker,
            records: batch,
            attempt,
        } => {
            let again = match attempt {
                1 => String::new(),
                _ => format!(" (tentative {attempt})"),
            };
            format!(
                "Le producer envoie {} à {broker}, leader de la partition {partition}{again}.",
                records(batch)
            )
        }
        E::BatchFailed {
            records: batch,
            error,
            backoff,
            ..
        } => format!(
            "{} pour {} : {}. Le producer réessaiera dans {}.",
            error.dotnet(),
            records(batch),
            meaning(*error),
            seconds(*backoff)
        ),
        E::RecordsAcknowledged {
            records: batch,
            offset,
            ..
        } => match offset {
            Some(offset) => format!(
                "Le producer reçoit l’acquittement {}, à l’offset {offset}.",
                of(batch)
            ),
            None => format!(
                "Avec acks=0, le producer tient {} pour écrit dès l’envoi, sans que personne le lui ait dit.",
                records(batch)
            ),
        },
        E::RecordsFailed {
            records: batch,
            error,
            possibly_persisted,
            ..
        } => {
            let truth = if *possibly_persisted {
                "peut-être écrit malgré tout (PossiblyPersisted)"
            } else {
                "jamais écrit (NotPersisted)"
            };
            format!(
                "Le producer abandonne {} avec {} : {truth}.",
                records(batch),
                error.dotnet()
            )
        }
        E::MetadataRefreshed { partition, leader } => match leader {
            Some(leader) => {
                format!("Les clients apprennent que {leader} dirige la partition {partition}.")
            }
            None => {
                format!("Les clients apprennent que la partition {partition} n’a plus de leader.")
            }
        },
        E::RecordsConsumed {
            partition,
            broker,
            from,
            to,
        } => format!(
            "Le consumer lit {} de la partition {partition} chez {broker}.",
            offsets(*from, *to)
        ),
        E::PositionTruncated {
            partition,
            from,
            to,
        } => format!(
            "Ce que le consumer avait lu de la partition {partition} n’existe plus : sa position recule de {from} à {to}."
        ),
        _ => String::new(),
    }
}

fn meaning(error: ProduceError) -> &'static str {
    match error {
        ProduceError::NotEnoughReplicas => {
            "l’ISR est plus petit que min.insync.replicas, le leader n’a rien écrit"
        }
        ProduceError::NotEnoughReplicasAfterAppend => {
            "le leader a écrit, puis l’ISR est devenu trop petit"
        }
        ProduceError::NotLeaderForPartition => "ce broker n’est pas, ou plus, le leader",
        ProduceError::RequestTimedOut => {
            "le leader a écrit, mais les répliques n’ont pas copié à temps"
        }
        ProduceError::Transport => "la connexion s’est rompue avant la réponse",
        ProduceError::TimedOut => {
            "pas de réponse pendant socket.timeout.ms, le client rompt la connexion"
        }
        ProduceError::MsgTimedOut => "delivery.timeout.ms est passé",
        ProduceError::OutOfOrderSequenceNumber => "le journal a perdu un lot précédent",
        ProduceError::Fatal => "le producer a déjà renoncé",
    }
}

/// Brokers in a sentence.
fn list(brokers: &[BrokerId]) -> String {
    match brokers {
        [] => "personne".to_owned(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(ToString::to_string).collect();
            format!("{} et {last}", first.join(", "))
        }
    }
}

/// Records in a sentence, in the singular or as one whole.
fn records(records: &[RecordId]) -> String {
    match records {
        [one] => format!("le message {}", one.letters()),
        [first, last] if last.0 == first.0 + 1 => format!(
            "le lot de 2 messages ({} et {})",
            first.letters(),
            last.letters()
        ),
        [first, .., last] if records.is_sorted_by(|one, next| next.0 == one.0 + 1) => format!(
            "le lot de {} messages ({} à {})",
            records.len(),
            first.letters(),
            last.letters()
        ),
        _ => format!("un lot de {} messages", records.len()),
    }
}

/// `de` and records, contracted as French does.
fn of(batch: &[RecordId]) -> String {
    let named = records(batch);
    match named.strip_prefix("le ") {
        Some(rest) => format!("du {rest}"),
        None => format!("d’{named}"),
    }
}

fn offsets(from: Offset, to: Offset) -> String {
    if to.0 == from.0 + 1 {
        format!("l’offset {from}")
    } else {
        format!("les offsets {from} à {}", to.0 - 1)
    }
}

fn seconds(duration: Duration) -> String {
    match duration.as_millis() {
        ms if ms < 1_000 => format!("{ms} ms"),
        ms if ms % 1_000 == 0 => format!("{} s", ms / 1_000),
        ms => format!("{},{} s", ms / 1_000, ms % 1_000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PartitionId;

    #[test]
    fn records_have_the_letters_of_the_drawings_and_sentences_are_contracted() {
        let acknowledged = |records: &[u64]| {
            replication(&ReplicationEvent::RecordsAcknowledged {
                partition: PartitionId(0),
                records: records.iter().copied().map(RecordId).collect(),
                offset: Some(Offset(4)),
            })
        };
        assert_eq!(
            acknowledged(&[4]),
            "Le producer reçoit l’acquittement du message E, à l’offset 4."
        );
        assert_eq!(
            acknowledged(&[2, 3, 4]),
            "Le producer reçoit l’acquittement du lot de 3 messages (C à E), à l’offset 4."
        );
        assert_eq!(
            acknowledged(&[2, 4]),
            "Le producer reçoit l’acquittement d’un lot de 2 messages, à l’offset 4."
        );
        // What was sent again may stand behind what was sent later.
        assert_eq!(
            acknowledged(&[4, 2, 3]),
            "Le producer reçoit l’acquittement d’un lot de 3 messages, à l’offset 4."
        );
    }
}

//! Sentences for what happens in the three architectures.

use crate::event::{ArchitectureEvent, CallFailure, EventKind, Lane, Refusal};
use crate::ids::RecordId;
use crate::text::grouped;
use crate::time::Duration;
use std::fmt::Write;

/// What an event of a run of the architectures says, in one French sentence; `None` if it is of another simulation.
pub fn architecture_run(event: &EventKind) -> Option<String> {
    Some(match event {
        EventKind::Architecture(event) => architecture(event),
        EventKind::TopicCreated { topic, partitions } => format!(
            "Journal : le topic {topic} est créé avec {}.",
            plural(
                u64::from(partitions.unsigned_abs()),
                "partition",
                "partitions"
            )
        ),
        EventKind::RecordAppended {
            partition,
            offset,
            record,
            ..
        } => {
            let what = record.map_or_else(|| "un événement".to_owned(), of_the);
            format!(
                "Journal : {what} est écrite dans la partition {partition}, à l’offset {offset}."
            )
        }
        EventKind::OffsetCommitted {
            group,
            partition,
            offset,
            ..
        } => format!(
            "Journal : le groupe {group} valide l’offset {offset} de la partition {partition}."
        ),
        _ => return None,
    })
}

/// What an event says, in one French sentence.
pub fn architecture(event: &ArchitectureEvent) -> String {
    use ArchitectureEvent as E;
    match event {
        E::OrderReceived { order, customer } => match customer {
            Some(customer) => format!("{} arrive, de {customer}.", the(*order)),
            None => format!("{} arrive.", the(*order)),
        },
        E::OrderWaits { order } => format!(
            "REST : toutes les places d’OrderService sont prises, {} attend.",
            of_the(*order)
        ),
        E::OrderAccepted {
            lane,
            order,
            waited,
        } => accepted(*lane, *order, *waited),
        E::OrderRefused {
            lane,
            order,
            reason,
            waited,
            done,
        } => refused(*lane, *order, *reason, *waited, *done),
        E::CallSent { .. } | E::CallFailed { .. } => call(event),
        E::MessagePublished { order, copies } => format!(
            "File : le broker a {} et en met {} copies, une par file.",
            of_the(*order),
            grouped(i64::from(*copies))
        ),
        E::WorkStarted { .. }
        | E::WorkDone { .. }
        | E::WorkFailed { .. }
        | E::WorkInterrupted { .. } => work(event),
        E::DeadLettered {
            service,
            order,
            attempts,
        } => format!(
            "File : après {attempts} livraisons sans succès, {} part au rebut de {service}.",
            of_the(*order)
        ),
        E::DeadLettersReturned { service, messages } => format!(
            "File : {} reviennent du rebut dans la file de {service}.",
            plural(u64::from(*messages), "message", "messages")
        ),
        E::ServiceStopped { service } => format!("{service} s’arrête."),
        E::ServiceFails { service } => {
            format!("{service} tourne encore, mais chacun de ses traitements se termine en erreur.")
        }
        E::ServiceRepaired { service } => format!("{service} est réparé."),
        E::ServicePaced { service, time } => {
            format!("{service} met maintenant {} par commande.", length(*time))
        }
        E::ServiceAdded { service } => format!("Un nouveau service arrive : {service}."),
        E::PastMissed { .. }
        | E::ReaderStarted { .. }
        | E::ReplayAsked { .. }
        | E::ReaderRewound { .. }
        | E::NothingToReplay { .. } => past(event),
        E::CaughtUp {
            lane,
            service,
            after,
        } => match lane {
            Lane::Rest => format!(
                "REST : {} après la réparation de {service}, une commande aboutit de nouveau.",
                length(*after)
            ),
            _ => format!(
                "{} : {} après sa réparation, {service} est à jour.",
                title(*lane),
                length(*after)
            ),
        },
    }
}

fn accepted(lane: Lane, order: RecordId, waited: Duration) -> String {
    let (what, waited) = (of_the(order), length(waited));
    match lane {
        Lane::Rest => format!(
            "REST : tous les services ont répondu, le client de {what} reçoit 201 Created après {waited}."
        ),
        Lane::Queue => format!(
            "File : le message est déposé, le client de {what} reçoit 202 Accepted après {waited}."
        ),
        Lane::Log => format!(
            "Journal : l’événement est écrit, le client de {what} reçoit 202 Accepted après {waited}."
        ),
    }
}

fn refused(lane: Lane, order: RecordId, reason: Refusal, waited: Duration, done: u32) -> String {
    let status = match reason {
        Refusal::Busy => "503 Service Unavailable (plus une place libre)",
        Refusal::NoAnswer => "504 Gateway Timeout (un service n’a pas répondu)",
        Refusal::Error => "502 Bad Gateway (un service a répondu par une erreur)",
        Refusal::Stopped => "une erreur (OrderService est arrêté)",
    };
    // Writing to a String cannot fail, here and below.
    let mut text = format!(
        "{} : le client de {} reçoit {status} après {}",
        title(lane),
        of_the(order),
        length(waited)
    );
    match done {
        0 => text.push('.'),
        1 => text.push_str(" ; un service avait pourtant fait sa part."),
        done => {
            let _ = write!(text, " ; {done} services avaient pourtant fait leur part.");
        }
    }
    text
}

fn call(event: &ArchitectureEvent) -> String {
    match event {
        ArchitectureEvent::CallSent {
            service,
            order,
            attempt,
        } => {
            let again = if *attempt > 1 {
                format!(" ({attempt}ᵉ tentative)")
            } else {
                String::new()
            };
            format!(
                "REST : OrderService appelle {service} pour {}{again}.",
                of_the(*order)
            )
        }
        ArchitectureEvent::CallFailed {
            service,
            order,
            failure,
            retries,
            ..
        } => {
            let what = match failure {
                CallFailure::Timeout => "ne répond pas dans le délai",
                CallFailure::Error => "répond par une erreur",
            };
            let next = if *retries {
                "OrderService réessaiera"
            } else {
                "c’était la dernière tentative"
            };
            format!("REST : {service} {what} pour {} ; {next}.", of_the(*order))
        }
        _ => String::new(),
    }
}

fn work(event: &ArchitectureEvent) -> String {
    match event {
        ArchitectureEvent::WorkStarted {
            lane,
            service,
            order,
            attempt,
        } => {
            let (title, what) = (title(*lane), of_the(*order));
            match (lane, attempt) {
                (Lane::Rest, _) | (_, 1) => format!("{title} : {service} commence {what}."),
                (Lane::Queue, attempt) => {
                    format!("{title} : {what} est livrée à {service} pour la {attempt}ᵉ fois.")
                }
                (Lane::Log, attempt) => {
                    format!("{title} : {service} relit {what} ({attempt}ᵉ essai).")
                }
            }
        }
        ArchitectureEvent::WorkDone {
            lane,
            service,
            order,
            again,
            awaited,
        } => {
            let end = match (lane, awaited) {
                (Lane::Rest, true) => " et répond",
                (Lane::Rest, false) => ", mais plus personne n’attend sa réponse",
                (Lane::Queue, _) => " et l’acquitte : le message disparaît",
                (Lane::Log, _) => " et avance d’un offset",
            };
            let again = if *again { " encore une fois" } else { "" };
            format!(
                "{} : {service} a traité {}{again}{end}.",
                title(*lane),
                of_the(*order)
            )
        }
        ArchitectureEvent::WorkFailed {
            lane,
            service,
            order,
            ..
        } => {
            let end = match lane {
                Lane::Rest => "une erreur part vers OrderService",
                Lane::Queue => "le message retourne dans la file",
                Lane::Log => "la position ne bouge pas",
            };
            format!(
                "{} : {service} échoue sur {} ; {end}.",
                title(*lane),
                of_the(*order)
            )
        }
        ArchitectureEvent::WorkInterrupted {
            lane,
            service,
            order,
        } => {
            let end = match lane {
                Lane::Rest => "l’appel restera sans réponse",
                Lane::Queue => "sans acquittement, le message retourne dans la file",
                Lane::Log => "l’offset n’est pas validé, l’événement sera relu",
            };
            format!(
                "{} : {service} s’arrête avec {} en main ; {end}.",
                title(*lane),
                of_the(*order)
            )
        }
        _ => String::new(),
    }
}

fn past(event: &ArchitectureEvent) -> String {
    match event {
        ArchitectureEvent::PastMissed {
            lane,
            service,
            orders,
        } => {
            let why = match lane {
                Lane::Rest => "personne ne le rappellera pour elles",
                _ => "sa file commence vide",
            };
            format!(
                "{} : {service} n’aura jamais {} ; {why}.",
                title(*lane),
                plural(*orders, "commande passée", "commandes passées")
            )
        }
        ArchitectureEvent::ReaderStarted {
            service,
            again,
            skipped,
            unread,
        } => {
            let mut text = format!(
                "Journal : le groupe {service} a ses partitions et reprend la lecture ; {} devant lui",
                plural(*unread, "événement est", "événements sont")
            );
            if *again > 0 {
                let again = plural(*again, "déjà lu", "déjà lus");
                let _ = write!(text, ", dont {again} au-delà de l’offset validé");
            }
            if *skipped > 0 {
                let skipped = grouped((*skipped).cast_signed());
                let _ = write!(
                    text,
                    " ; sans offset validé, auto.offset.reset=latest en saute {skipped}"
                );
            }
            text.push('.');
            text
        }
        ArchitectureEvent::ReplayAsked { service } => {
            format!("{service} doit retraiter toutes les commandes passées.")
        }
        ArchitectureEvent::ReaderRewound { service, unread } => format!(
            "Journal : la position de {service} revient au début ; {} devant lui.",
            plural(*unread, "événement est", "événements sont")
        ),
        ArchitectureEvent::NothingToReplay { lane, service } => {
            let why = match lane {
                Lane::Rest => "un appel passé ne laisse rien",
                _ => "les messages acquittés n’existent plus",
            };
            format!("{} : {service} n’a rien à relire, {why}.", title(*lane))
        }
        _ => String::new(),
    }
}

/// The architecture's name at the beginning of a sentence.
const fn title(lane: Lane) -> &'static str {
    match lane {
        Lane::Rest => "REST",
        Lane::Queue => "File",
        Lane::Log => "Journal",
    }
}

/// Orders are numbered from 1 for a reader.
fn number(order: RecordId) -> String {
    grouped(order.0.cast_signed() + 1)
}

fn the(order: RecordId) -> String {
    format!("La commande {}", number(order))
}

fn of_the(order: RecordId) -> String {
    format!("la commande {}", number(order))
}

fn plural(count: u64, one: &str, many: &str) -> String {
    format!(
        "{}\u{a0}{}",
        grouped(count.cast_signed()),
        if count < 2 { one } else { many }
    )
}

/// A length of time as a person says it: `200 ms`, `3,4 s`, `194 s`.
fn length(time: Duration) -> String {
    let ms = time.as_millis();
    match ms {
        0..1_000 => format!("{ms}\u{a0}ms"),
        _ if ms.is_multiple_of(1_000) => format!("{}\u{a0}s", grouped((ms / 1_000).cast_signed())),
        1_000..60_000 => {
            let decimals = format!("{:03}", ms % 1_000);
            format!("{},{}\u{a0}s", ms / 1_000, decimals.trim_end_matches('0'))
        }
        _ => format!("{}\u{a0}s", grouped((ms / 1_000).cast_signed())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ServiceName;

    #[test]
    fn sentences_say_what_happened_and_what_follows() {
        let service = ServiceName::from("ShippingService");
        let said = |event: ArchitectureEvent| architecture(&event);
        assert_eq!(
            said(ArchitectureEvent::OrderRefused {
                lane: Lane::Rest,
                order: RecordId(11),
                reason: Refusal::NoAnswer,
                waited: Duration::from_millis(3_800),
                done: 2,
            }),
            "REST : le client de la commande 12 reçoit 504 Gateway Timeout (un service n’a pas répondu) après \
             3,8\u{a0}s ; 2 services avaient pourtant fait leur part."
        );
        assert_eq!(
            said(ArchitectureEvent::ReaderStarted {
                service: service.clone(),
                again: 3,
                skipped: 0,
                unread: 1_200,
            }),
            "Journal : le groupe ShippingService a ses partitions et reprend la lecture ; 1\u{202f}200\u{a0}événements \
             sont devant lui, dont 3\u{a0}déjà lus au-delà de l’offset validé."
        );
        assert_eq!(
            said(ArchitectureEvent::CaughtUp {
                lane: Lane::Queue,
                service,
                after: Duration::from_millis(194_120),
            }),
            "File : 194\u{a0}s après sa réparation, ShippingService est à jour."
        );
    }

    #[test]
    fn lengths_have_the_unit_that_suits_them() {
        let said = |ms| length(Duration::from_millis(ms));
        assert_eq!(said(5), "5\u{a0}ms");
        assert_eq!(said(1_000), "1\u{a0}s");
        assert_eq!(said(3_450), "3,45\u{a0}s");
    }
}

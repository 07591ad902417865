//! Why a cluster cannot be watched, in words for the person in front of the page or the terminal.

use engine::ids::TopicName;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use std::fmt;

/// Why watching cannot begin or go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObserveError {
    /// The embedded cluster is not up yet.
    Starting,
    /// The embedded cluster could not be started.
    EmbeddedFailed {
        /// What the library said.
        detail: String,
    },
    /// No broker answers.
    Unreachable {
        /// `bootstrap.servers`.
        bootstrap: String,
        /// What the client said.
        detail: String,
    },
    /// The cluster answers, and refuses.
    Refused {
        /// What it said.
        detail: String,
    },
    /// The cluster has no such topic.
    UnknownTopic {
        /// The topic asked for.
        topic: TopicName,
        /// The topics there are, sorted.
        topics: Vec<TopicName>,
    },
    /// The cluster has no topic at all, internal ones left out.
    NoTopic,
    /// The topic was recreated, or its log went back: watching must begin anew.
    LogWentBack {
        /// The topic.
        topic: TopicName,
    },
    /// The client library does not accept its configuration.
    Client {
        /// What it said.
        detail: String,
    },
}

impl ObserveError {
    /// Names a client's failure against the cluster at `bootstrap`; `context` is the client's latest complaint.
    pub(crate) fn from_kafka(error: &KafkaError, bootstrap: &str, context: Option<String>) -> Self {
        match error.rdkafka_error_code() {
            Some(
                code @ (RDKafkaErrorCode::TopicAuthorizationFailed
                | RDKafkaErrorCode::GroupAuthorizationFailed
                | RDKafkaErrorCode::ClusterAuthorizationFailed
                | RDKafkaErrorCode::SaslAuthenticationFailed
                | RDKafkaErrorCode::Authentication),
            ) => Self::Refused {
                detail: code.to_string(),
            },
            code => Self::Unreachable {
                bootstrap: bootstrap.to_owned(),
                detail: match (context, code) {
                    (Some(complaint), _) => in_french(&complaint),
                    (
                        None,
                        Some(
                            RDKafkaErrorCode::OperationTimedOut
                            | RDKafkaErrorCode::BrokerTransportFailure,
                        ),
                    ) => "pas de réponse".to_owned(),
                    (None, Some(code)) => code.to_string(),
                    (None, None) => error.to_string(),
                },
            },
        }
    }

    /// The topics that the cluster named while refusing this one.
    pub fn known_topics(&self) -> Option<&[TopicName]> {
        match self {
            Self::UnknownTopic { topics, .. } => Some(topics),
            Self::NoTopic => Some(&[]),
            _ => None,
        }
    }
}

impl fmt::Display for ObserveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starting => f.write_str("le cluster embarqué démarre"),
            Self::EmbeddedFailed { detail } => {
                write!(f, "le cluster embarqué n’a pas pu démarrer ({detail})")
            }
            Self::Unreachable { bootstrap, detail } => {
                write!(
                    f,
                    "aucune réponse de Kafka à l’adresse {bootstrap} ({detail})"
                )
            }
            Self::Refused { detail } => write!(f, "le cluster refuse l’accès ({detail})"),
            Self::UnknownTopic { topic, topics } => {
                write!(f, "le topic « {topic} » n’existe pas sur ce cluster")?;
                write_choice(f, topics)
            }
            Self::NoTopic => f.write_str("ce cluster n’a encore aucun topic"),
            Self::LogWentBack { topic } => {
                write!(
                    f,
                    "le topic « {topic} » a été recréé, ou son journal a reculé : relecture"
                )
            }
            Self::Client { detail } => {
                write!(f, "le client Kafka refuse sa configuration ({detail})")
            }
        }
    }
}

impl std::error::Error for ObserveError {}

/// The library's complaint without its own bookkeeping, which changes from one attempt to the next, and in French where it
/// is a common one. A complaint reads `host:port/id: what happened (after 3ms in state CONNECT, …)`.
fn in_french(complaint: &str) -> String {
    let what = complaint.split(" (after ").next().unwrap_or(complaint);
    let what = match what.split_once(": ") {
        Some((broker, what)) if broker.contains('/') => what,
        _ => what,
    };
    let sentence = if what.contains("Connection refused") {
        "connexion refusée : rien n’écoute à cette adresse"
    } else if what.contains("Failed to resolve") {
        "nom d’hôte introuvable"
    } else if what.contains("timed out") {
        "pas de réponse"
    } else if what.contains("Disconnected") || what.contains("security.protocol") {
        "le broker coupe la connexion ; attend-il TLS ou une authentification, que ce serveur ne parle pas ?"
    } else {
        return what.to_owned();
    };
    sentence.to_owned()
}

/// At most five names, so that the sentence stays one.
fn write_choice(f: &mut fmt::Formatter<'_>, topics: &[TopicName]) -> fmt::Result {
    const SHOWN: usize = 5;
    if topics.is_empty() {
        return f.write_str(" (il n’en a aucun)");
    }
    let names: Vec<&str> = topics.iter().take(SHOWN).map(TopicName::as_str).collect();
    write!(f, " ; topics disponibles : {}", names.join(", "))?;
    if topics.len() > SHOWN {
        write!(f, " et {} autres", topics.len() - SHOWN)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_trouble_gives_the_same_words() {
        let first = "127.0.0.1:9/bootstrap: Connect to ipv4#127.0.0.1:9 failed: Connection refused (after 0ms in state CONNECT)";
        let second = "127.0.0.1:9/bootstrap: Connect to ipv4#127.0.0.1:9 failed: Connection refused (after 7ms in state CONNECT, 30 identical error(s) suppressed)";
        assert_eq!(in_french(first), in_french(second));
        assert!(in_french(first).starts_with("connexion refusée"));
    }

    #[test]
    fn an_uncommon_complaint_stays_as_it_is() {
        assert_eq!(
            in_french("kafka:9092/1: Unexpected thing: 42 (after 1ms in state UP)"),
            "Unexpected thing: 42"
        );
    }
}

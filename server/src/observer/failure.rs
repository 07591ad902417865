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
                detail: context.unwrap_or_else(|| match code {
                    Some(code) => code.to_string(),
                    None => error.to_string(),
                }),
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
                    "le topic « {topic} » a été recréé ou son log a reculé : relecture"
                )
            }
            Self::Client { detail } => {
                write!(f, "le client Kafka refuse sa configuration ({detail})")
            }
        }
    }
}

impl std::error::Error for ObserveError {}

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

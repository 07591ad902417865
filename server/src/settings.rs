//! What the person at the terminal asked for, checked before anything starts.

use crate::error::StartError;
use crate::live::feeds::is_topic_name;
use clap::Parser;
use engine::ids::TopicName;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

/// Sert le cours et le mode direct : les messages d'un cluster Kafka, dans le navigateur, au moment où ils arrivent.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "server",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    help_template = "{about}\n\nUtilisation : server [OPTIONS]\n\nOptions :\n{options}\n"
)]
pub struct Arguments {
    /// Adresse d'écoute (127.0.0.1:8080 par défaut)
    #[arg(
        long,
        value_name = "ADRESSE:PORT",
        default_value = "127.0.0.1:8080",
        hide_default_value = true
    )]
    pub addr: String,

    /// Dossier du site construit (dist par défaut)
    #[arg(
        long,
        value_name = "DOSSIER",
        default_value = "dist",
        hide_default_value = true
    )]
    pub dist: PathBuf,

    /// Cluster observé : « embedded » (démonstration, rien à installer) ou les adresses d'un vrai cluster
    #[arg(
        long,
        value_name = "embedded|HÔTE:PORT[,…]",
        default_value = "embedded"
    )]
    pub kafka: String,

    /// Topic montré d'abord
    #[arg(long, value_name = "NOM")]
    pub topic: Option<String>,

    /// Navigateurs en direct, au plus (1000 par défaut)
    #[arg(
        long,
        value_name = "NOMBRE",
        default_value_t = 1_000,
        hide_default_value = true
    )]
    pub max_clients: usize,

    /// Développement : recharge les pages quand le site est reconstruit
    #[arg(long)]
    pub reload: bool,

    /// Affiche cette aide
    #[arg(long, short, action = clap::ArgAction::Help)]
    help: Option<bool>,

    /// Affiche la version
    #[arg(long, short = 'V', action = clap::ArgAction::Version)]
    version: Option<bool>,
}

/// Settings that make sense. They do not change while the server runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where to listen.
    pub addr: SocketAddr,
    /// The folder of the built site.
    pub dist: PathBuf,
    /// The cluster to watch.
    pub kafka: KafkaChoice,
    /// The topic shown first.
    pub topic: Option<TopicName>,
    /// Browsers served at once.
    pub max_clients: usize,
    /// Tell pages to reload when the site was rebuilt.
    pub reload: bool,
}

/// Which cluster to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KafkaChoice {
    /// The one inside this process.
    Embedded,
    /// A real one.
    Cluster {
        /// `bootstrap.servers`.
        bootstrap: String,
    },
}

impl Settings {
    /// Checks the arguments.
    ///
    /// # Errors
    /// The first argument that makes no sense.
    pub fn check(arguments: Arguments) -> Result<Self, StartError> {
        Ok(Self {
            addr: address(&arguments.addr)?,
            dist: arguments.dist,
            kafka: kafka(&arguments.kafka)?,
            topic: arguments.topic.map(topic).transpose()?,
            max_clients: arguments.max_clients,
            reload: arguments.reload,
        })
    }
}

fn address(text: &str) -> Result<SocketAddr, StartError> {
    // Also resolves names such as `localhost`.
    text.to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next())
        .ok_or_else(|| StartError::BadAddress {
            text: text.to_owned(),
        })
}

fn kafka(text: &str) -> Result<KafkaChoice, StartError> {
    if text == "embedded" {
        return Ok(KafkaChoice::Embedded);
    }
    for server in text.split(',') {
        if !is_server(server.trim()) {
            return Err(StartError::BadBootstrap {
                text: text.to_owned(),
                part: server.trim().to_owned(),
            });
        }
    }
    Ok(KafkaChoice::Cluster {
        bootstrap: text.to_owned(),
    })
}

/// `host:port`, with the port a number; IPv6 addresses in brackets.
fn is_server(server: &str) -> bool {
    server.rsplit_once(':').is_some_and(|(host, port)| {
        let bracketed = host.starts_with('[') && host.ends_with(']');
        let plain = !host.is_empty() && !host.contains([':', '/', ' ']);
        (bracketed || plain) && port.parse::<u16>().is_ok_and(|port| port > 0)
    })
}

fn topic(text: String) -> Result<TopicName, StartError> {
    if is_topic_name(&text) {
        Ok(TopicName::from(text))
    } else {
        Err(StartError::BadTopic { text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str]) -> Result<Settings, StartError> {
        let arguments = std::iter::once("server").chain(arguments.iter().copied());
        Settings::check(Arguments::try_parse_from(arguments).unwrap())
    }

    #[test]
    fn nothing_asked_for_is_the_demonstration_on_loopback() {
        let settings = check(&[]).unwrap();
        assert_eq!(settings.addr.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.kafka, KafkaChoice::Embedded);
    }

    #[test]
    fn addresses_need_a_port_and_exist() {
        assert!(check(&["--addr", "[::1]:80"]).is_ok());
        for bad in [
            "8080",
            "127.0.0.1",
            "127.0.0.1:99999",
            "http://127.0.0.1:80",
            "",
        ] {
            let error = check(&["--addr", bad]).unwrap_err().to_string();
            assert!(error.contains("--addr") && error.contains(bad), "{error}");
        }
    }

    #[test]
    fn bootstrap_servers_are_hosts_with_ports() {
        for good in [
            "localhost:9092",
            "a:1,b:2",
            "[::1]:9092",
            "kafka.example:443",
        ] {
            assert!(check(&["--kafka", good]).is_ok(), "{good}");
        }
        for bad in [
            "localhost",
            "a:1,b",
            "a:0",
            "http://a:1",
            "::1:9092",
            "a:1,",
            "Embedded",
        ] {
            assert!(check(&["--kafka", bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_topic_needs_a_name_that_kafka_allows() {
        assert!(check(&["--topic", "orders.created"]).is_ok());
        assert!(check(&["--topic", "commandes créées"]).is_err());
    }
}

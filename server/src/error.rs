//! Why the server does not start: what happened, and what to do, in French for the person at the terminal.

use std::fmt;
use std::io;
use std::net::SocketAddr;

/// Why the server does not start.
#[derive(Debug)]
pub enum StartError {
    /// `--addr` is not an address.
    BadAddress {
        /// What was given.
        text: String,
    },
    /// `--kafka` is not a list of servers.
    BadBootstrap {
        /// What was given.
        text: String,
        /// The part that is wrong.
        part: String,
    },
    /// `--topic` is not a name that Kafka allows.
    BadTopic {
        /// What was given.
        text: String,
    },
    /// The address cannot be listened on.
    Listen {
        /// The address.
        addr: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The system gives no thread or no signal handler.
    System {
        /// Why.
        source: io::Error,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAddress { text } => write!(
                f,
                "--addr : « {text} » n’est pas une adresse de cette machine. Attendu ADRESSE:PORT, par exemple --addr 127.0.0.1:8080."
            ),
            Self::BadBootstrap { text, part } => write!(
                f,
                "--kafka : « {part} » n’est pas un serveur{}. Attendu « embedded » ou HÔTE:PORT[,HÔTE:PORT…], par exemple --kafka localhost:9092.",
                if part == text {
                    String::new()
                } else {
                    format!(" dans « {text} »")
                }
            ),
            Self::BadTopic { text } => write!(
                f,
                "--topic : « {text} » n’est pas un nom de topic. Kafka accepte lettres sans accent, chiffres, « . », « _ » et « - » (249 caractères au plus)."
            ),
            Self::Listen { addr, source } => write_listen(f, *addr, source),
            Self::System { source } => {
                write!(f, "le système refuse une ressource nécessaire : {source}.")
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } | Self::System { source } => Some(source),
            _ => None,
        }
    }
}

fn write_listen(f: &mut fmt::Formatter<'_>, addr: SocketAddr, source: &io::Error) -> fmt::Result {
    let mut other = addr;
    other.set_port(addr.port().checked_add(1).unwrap_or(8080).max(1_024));
    match source.kind() {
        io::ErrorKind::AddrInUse => write!(
            f,
            "le port {} est déjà utilisé sur {}. Arrêtez l’autre programme, ou choisissez un autre port : cargo xtask serve --addr {other}",
            addr.port(),
            addr.ip()
        ),
        io::ErrorKind::PermissionDenied => write!(
            f,
            "le port {} est réservé au système. Choisissez un port à partir de 1024 : cargo xtask serve --addr {other}",
            addr.port()
        ),
        io::ErrorKind::AddrNotAvailable => write!(
            f,
            "l’adresse {} n’est pas sur cette machine. Pour l’ordinateur lui-même : cargo xtask serve --addr 127.0.0.1:{port} ; pour tout le réseau : --addr 0.0.0.0:{port}",
            addr.ip(),
            port = addr.port()
        ),
        _ => write!(f, "impossible d’écouter sur {addr} : {source}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_names_the_command_that_changes_it() {
        let error = StartError::Listen {
            addr: SocketAddr::from(([127, 0, 0, 1], 8080)),
            source: io::ErrorKind::AddrInUse.into(),
        };
        let text = error.to_string();
        assert!(text.contains("port 8080"), "{text}");
        assert!(
            text.ends_with("cargo xtask serve --addr 127.0.0.1:8081"),
            "{text}"
        );
    }
}

//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use crate::error::Error;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Commandes de la formation. Chacune installe d'abord ce qui lui manque.

  cargo xtask serve [--addr ADRESSE:PORT] [--kafka embedded|SERVEURS] [--topic NOM]
      Construit le cours et le sert, avec le mode direct.
      --addr   adresse d'écoute [127.0.0.1:8080]
      --kafka  « embedded » : cluster de démonstration, dans le serveur (par défaut) ;
               sinon les serveurs d'amorçage d'un vrai cluster, par exemple localhost:9092
      --topic  topic à suivre [orders.created]

  cargo xtask dev [--addr ADRESSE:PORT]
      Comme serve, mais un fichier enregistré est à l'écran en moins d'une seconde.

  cargo xtask build [--out DOSSIER] [--base-path /chemin/] [--base-url URL] [--pdf]
      Construit le site, à déposer tel quel sur un hébergement statique [dist].
      --pdf  imprime aussi chaque jour et chaque bloc en PDF, avec Chromium, dans le dossier pdf du site

  cargo xtask check
      Vérifie le contenu sans rien écrire : liens, ancres, simulations, quiz, durées.

  cargo xtask test [rust] [wasm] [browser] [lint]
      Tous les tests, ou seulement ceux des familles nommées.

  cargo xtask lint
      Format, clippy (y compris pour wasm), syntaxe des scripts.

  cargo xtask bench
      Mesure le générateur, le moteur et le serveur.

  cargo xtask fidelity [--record] [NOM…]
      Rejoue les traces du moteur sur Apache Kafka et de vrais clients, puis compare (trois à cinq minutes).
      --record remplace les traces ; NOM : seulement celles dont le nom le contient

  cargo xtask setup [--tests] [--trunk]
      Installe les outils sans rien construire ; --tests et --trunk ajoutent les leurs.

  cargo xtask trunk -- ARGUMENTS
      Lance Trunk dans l'environnement qu'il lui faut, par exemple : trunk -- serve

  cargo xtask screenshots
      Refait les captures d'écran du README.

Outils installés dans ~/.cache/formation-kafka (ou $XDG_CACHE_HOME/formation-kafka).
";

/// A family of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suite {
    /// Format and lints.
    Lint,
    /// `cargo test`, Kafka included.
    Rust,
    /// The browser's half: it builds, and is small.
    Wasm,
    /// A real browser on the real server.
    Browser,
}

impl Suite {
    /// All of them, in the order they run: those that fail fastest first.
    pub(crate) const ALL: [Self; 4] = [Self::Lint, Self::Rust, Self::Wasm, Self::Browser];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "lint" => Some(Self::Lint),
            "rust" => Some(Self::Rust),
            "wasm" => Some(Self::Wasm),
            "browser" => Some(Self::Browser),
            _ => None,
        }
    }
}

/// Options of `serve` and `dev`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Serve {
    /// Address to listen on.
    pub(crate) addr: Option<String>,
    /// `embedded`, or bootstrap servers.
    pub(crate) kafka: Option<String>,
    /// Topic to follow.
    pub(crate) topic: Option<String>,
}

/// Options of `build`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Build {
    /// Output folder.
    pub(crate) out: Option<PathBuf>,
    /// Path the site is served under.
    pub(crate) base_path: Option<String>,
    /// Public address.
    pub(crate) base_url: Option<String>,
    /// Also print days and blocs as PDF files.
    pub(crate) pdf: bool,
}

/// Options of `fidelity`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fidelity {
    /// Replace the traces.
    pub(crate) record: bool,
    /// Parts of the traces' names; all traces when empty.
    pub(crate) names: Vec<String>,
}

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Show the help.
    Help,
    /// Build and serve.
    Serve(Serve),
    /// Serve, and rebuild what is saved.
    Dev(Serve),
    /// Build the static site.
    Build(Build),
    /// Check the content.
    Check,
    /// Run tests.
    Test(Vec<Suite>),
    /// Format and lints.
    Lint,
    /// Measure.
    Bench,
    /// Hold the engine against real Kafka.
    Fidelity(Fidelity),
    /// Install tools.
    Setup {
        /// Also what the tests need.
        tests: bool,
        /// Also Trunk.
        trunk: bool,
    },
    /// Run Trunk.
    Trunk(Vec<OsString>),
    /// What Trunk calls after each build.
    Hook,
    /// Make the README's pictures.
    Screenshots,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// [`Error::Usage`] with what is wrong.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    let for_trunk = args.first().is_some_and(|name| name == "trunk");
    if !for_trunk && args.iter().any(|arg| arg == "--help" || arg == "-h") {
        return Ok(Command::Help);
    }
    read(Parser::from_args(args)).map_err(|error| Error::Usage(in_french(&error)))
}

fn read(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let name = match parser.next()? {
        None => return Ok(Command::Help),
        Some(Arg::Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected()),
    };
    let command = match name.as_str() {
        "help" => Command::Help,
        "serve" => Command::Serve(serve(&mut parser)?),
        "dev" => Command::Dev(serve(&mut parser)?),
        "build" => Command::Build(build(&mut parser)?),
        "check" => Command::Check,
        "test" => Command::Test(suites(&mut parser)?),
        "lint" => Command::Lint,
        "bench" => Command::Bench,
        "fidelity" => Command::Fidelity(fidelity(&mut parser)?),
        "setup" => setup(&mut parser)?,
        "trunk" => Command::Trunk(parser.raw_args()?.skip_while(|arg| arg == "--").collect()),
        "hook" => Command::Hook,
        "screenshots" => Command::Screenshots,
        _ => {
            return Err(lexopt::Error::Custom(
                format!("commande inconnue : « {name} »").into(),
            ));
        }
    };
    match parser.next()? {
        None => Ok(command),
        Some(other) => Err(other.unexpected()),
    }
}

fn serve(parser: &mut Parser) -> Result<Serve, lexopt::Error> {
    let mut options = Serve::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("addr") => options.addr = Some(parser.value()?.string()?),
            Arg::Long("kafka") => options.kafka = Some(parser.value()?.string()?),
            Arg::Long("topic") => options.topic = Some(parser.value()?.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

fn build(parser: &mut Parser) -> Result<Build, lexopt::Error> {
    let mut options = Build::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("out") => options.out = Some(parser.value()?.into()),
            Arg::Long("base-path") => options.base_path = Some(parser.value()?.string()?),
            Arg::Long("base-url") => options.base_url = Some(parser.value()?.string()?),
            Arg::Long("pdf") => options.pdf = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

fn suites(parser: &mut Parser) -> Result<Vec<Suite>, lexopt::Error> {
    let mut suites = Vec::new();
    while let Some(arg) = parser.next()? {
        let Arg::Value(name) = arg else {
            return Err(arg.unexpected());
        };
        let name = name.string()?;
        suites.push(Suite::from_name(&name).ok_or_else(|| {
            lexopt::Error::Custom(
                format!("famille de tests inconnue : « {name} » (lint, rust, wasm, browser)")
                    .into(),
            )
        })?);
    }
    Ok(if suites.is_empty() {
        Suite::ALL.to_vec()
    } else {
        suites
    })
}

fn fidelity(parser: &mut Parser) -> Result<Fidelity, lexopt::Error> {
    let mut options = Fidelity::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("record") => options.record = true,
            Arg::Value(name) => options.names.push(name.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

fn setup(parser: &mut Parser) -> Result<Command, lexopt::Error> {
    let (mut tests, mut trunk) = (false, false);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("tests") => tests = true,
            Arg::Long("trunk") => trunk = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Setup { tests, trunk })
}

fn in_french(error: &lexopt::Error) -> String {
    match error {
        lexopt::Error::MissingValue {
            option: Some(option),
        } => format!("l'option {option} attend une valeur"),
        lexopt::Error::MissingValue { option: None } => "il manque une valeur".to_owned(),
        lexopt::Error::UnexpectedOption(option) => format!("option inconnue : {option}"),
        lexopt::Error::UnexpectedArgument(value) => {
            format!("argument inattendu : « {} »", value.to_string_lossy())
        }
        lexopt::Error::UnexpectedValue { option, .. } => {
            format!("l'option {option} n'attend pas de valeur")
        }
        lexopt::Error::NonUnicodeValue(value) => {
            format!("texte illisible : « {} »", value.to_string_lossy())
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn commands_take_their_options() {
        let serve = parse_line("serve --addr 0.0.0.0:9000 --kafka=localhost:9092").unwrap();
        let expected = Serve {
            addr: Some("0.0.0.0:9000".into()),
            kafka: Some("localhost:9092".into()),
            ..Serve::default()
        };
        assert_eq!(serve, Command::Serve(expected));
        assert_eq!(
            parse_line("setup --trunk").unwrap(),
            Command::Setup {
                tests: false,
                trunk: true
            }
        );
        let build = parse_line("build --pdf --out public").unwrap();
        let expected = Build {
            out: Some("public".into()),
            pdf: true,
            ..Build::default()
        };
        assert_eq!(build, Command::Build(expected));
        let fidelity = parse_line("fidelity crash --record").unwrap();
        let expected = Fidelity {
            record: true,
            names: vec!["crash".into()],
        };
        assert_eq!(fidelity, Command::Fidelity(expected));
        assert_eq!(
            parse_line("test").unwrap(),
            Command::Test(Suite::ALL.to_vec())
        );
        assert_eq!(
            parse_line("test browser").unwrap(),
            Command::Test(vec![Suite::Browser])
        );
    }

    #[test]
    fn trunk_receives_its_arguments_untouched() {
        let args = vec![OsString::from("serve"), OsString::from("--open")];
        assert_eq!(
            parse_line("trunk -- serve --open").unwrap(),
            Command::Trunk(args.clone())
        );
        assert_eq!(
            parse_line("trunk serve --open").unwrap(),
            Command::Trunk(args)
        );
    }

    #[test]
    fn nothing_or_help_shows_the_help() {
        assert_eq!(parse_line("").unwrap(), Command::Help);
        assert_eq!(parse_line("--help").unwrap(), Command::Help);
        assert_eq!(parse_line("serve --addr x --help").unwrap(), Command::Help);
    }

    #[test]
    fn mistakes_are_named_in_french() {
        let message = |line| parse_line(line).unwrap_err();
        assert!(message("server").contains("commande inconnue : « server »"));
        assert!(message("serve --adr x").contains("option inconnue : --adr"));
        assert!(message("serve --addr").contains("attend une valeur"));
        assert!(message("check dist").contains("argument inattendu"));
        assert!(message("test brower").contains("famille de tests inconnue"));
    }
}

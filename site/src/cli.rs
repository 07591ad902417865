//! The commands, and what they say at the terminal.

use crate::builder::{BuildError, BuildOptions, Builder, Report, check_out};
use crate::content::Content;
use crate::diagnostic::frame;
use crate::reading;
use crate::watch::Watch;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use engine::play::play;
use engine::scenario::Scenario;
use std::ffi::OsString;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Générateur de la formation.
#[derive(Debug, Parser)]
#[command(
    name = "site",
    about = "Générateur de la formation : vérifie le contenu et construit le site",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Construit le site
    Build(SiteArgs),
    /// Vérifie le contenu sans rien écrire
    Check(ContentArgs),
    /// Construit le site, puis le reconstruit à chaque changement
    Watch(SiteArgs),
    /// Écrit les mots du texte, un par ligne après « fichier:ligne:colonne », pour un correcteur
    Words(ContentArgs),
    /// Joue un scénario et écrit ses événements, un JSON par ligne
    Simulate {
        /// Fichier TOML du scénario
        file: PathBuf,
    },
}

#[derive(Clone, Debug, Args)]
struct ContentArgs {
    /// Dossier du contenu
    #[arg(long, value_name = "DOSSIER", default_value = "content")]
    content: PathBuf,
}

#[derive(Clone, Debug, Args)]
struct SiteArgs {
    #[command(flatten)]
    content: ContentArgs,
    /// Dossier du site
    #[arg(long, value_name = "DOSSIER", default_value = "dist")]
    out: PathBuf,
    /// Dossier du thème (templates/ et assets/) ; par défaut « site » s'il existe, sinon le thème incorporé
    #[arg(long, value_name = "DOSSIER")]
    theme: Option<PathBuf>,
    /// Dossier du visualiseur compilé
    #[arg(long, value_name = "DOSSIER")]
    visualizer: Option<PathBuf>,
    /// Dossier des PDF à joindre aux documents imprimables, par exemple jour-1.pdf et jour-1/bloc-1-1.pdf
    #[arg(long, value_name = "DOSSIER")]
    pdf: Option<PathBuf>,
    /// Programme Pagefind, pour la recherche
    #[arg(long, value_name = "PROGRAMME")]
    pagefind: Option<PathBuf>,
    /// Adresse publique du site, au lieu de celle de course.toml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Chemin du site sur son hôte, par exemple /cours/
    #[arg(long, value_name = "CHEMIN")]
    base_path: Option<String>,
    /// Écrit aussi les copies compressées (.br et .gz)
    #[arg(long)]
    compress: bool,
    /// Ajoute le script qui recharge la page après chaque construction ; rien n'est gardé pour lire hors ligne
    #[arg(long)]
    dev: bool,
    /// Ne garde rien dans le navigateur pour lire hors ligne
    #[arg(long)]
    no_offline: bool,
}

impl SiteArgs {
    fn options(&self) -> BuildOptions {
        let slashed = |text: &String| format!("{}/", text.trim_end_matches('/'));
        let path = |text: &String| {
            if text.trim_matches('/').is_empty() {
                "/".to_owned()
            } else {
                format!("/{}/", text.trim_matches('/'))
            }
        };
        BuildOptions {
            content: self.content.content.clone(),
            out: self.out.clone(),
            theme: self.theme.clone().or_else(theme_on_disk),
            visualizer: self.visualizer.clone(),
            pdf: self.pdf.clone(),
            pagefind: self.pagefind.clone(),
            compress: self.compress,
            base_url: self.base_url.as_ref().map(slashed),
            base_path: self.base_path.as_ref().map(path),
            dev: self.dev,
            offline: !self.dev && !self.no_offline,
        }
    }
}

/// The theme in the source tree, if the command is run there.
fn theme_on_disk() -> Option<PathBuf> {
    let folder = PathBuf::from("site");
    folder.join("templates").is_dir().then_some(folder)
}

/// Runs the command in `arguments` (the program's name first). The exit code is 0 if all went well, 1 if the content has
/// errors or something failed, 2 if the command makes no sense.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = in_french(Cli::command())
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => execute(&cli.command),
        Err(error) => {
            // Nothing more can be done if the terminal is gone.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

/// clap's own headings and options, in French.
fn in_french(command: clap::Command) -> clap::Command {
    const TEMPLATE: &str = "{about}\n\nUsage : {usage}\n\n{all-args}";
    command
        .help_template(TEMPLATE)
        .subcommand_help_heading("Commandes")
        .disable_help_flag(true)
        .arg(help_argument())
        .mut_subcommands(|sub| {
            sub.help_template(TEMPLATE)
                .disable_help_flag(true)
                .mut_args(|arg| arg.help_heading("Options"))
                .arg(help_argument())
        })
}

fn help_argument() -> clap::Arg {
    clap::Arg::new("help")
        .short('h')
        .long("help")
        .action(clap::ArgAction::Help)
        .help("Affiche cette aide")
        .help_heading("Options")
}

fn execute(command: &Command) -> ExitCode {
    match command {
        Command::Build(args) => build(&args.options()),
        Command::Check(args) => check(&args.content),
        Command::Watch(args) => watch(&args.options()),
        Command::Words(args) => words(&args.content),
        Command::Simulate { file } => simulate(file),
    }
}

fn build(options: &BuildOptions) -> ExitCode {
    let started = Instant::now();
    if let Err(error) = check_out(&options.out) {
        return fail(&error.to_string());
    }
    let mut builder = match Builder::new(options.clone()) {
        Ok(builder) => builder,
        Err(error) => return fail(&error.to_string()),
    };
    match builder.build() {
        Ok(report) => {
            say(&format!(
                "{} dans « {} » en {}",
                summary(&report),
                options.out.display(),
                seconds(started.elapsed())
            ));
            ExitCode::SUCCESS
        }
        Err(error) => explain(&error, &builder, &options.content),
    }
}

fn check(content: &Path) -> ExitCode {
    let started = Instant::now();
    let options = BuildOptions {
        content: content.to_owned(),
        theme: theme_on_disk(),
        ..BuildOptions::default()
    };
    let mut builder = match Builder::new(options) {
        Ok(builder) => builder,
        Err(error) => return fail(&error.to_string()),
    };
    match builder.check() {
        Ok(checked) => {
            let pages = checked.pages.len();
            say(&format!(
                "{} sans erreur, vérifiées en {}",
                counted(pages, "page"),
                seconds(started.elapsed())
            ));
            ExitCode::SUCCESS
        }
        Err(problems) => explain(&BuildError::Content(problems), &builder, content),
    }
}

fn watch(options: &BuildOptions) -> ExitCode {
    if let Err(error) = check_out(&options.out) {
        return fail(&error.to_string());
    }
    // Watching starts before the first build, so that no change falls between the two.
    let watch = match Watch::start(&options.content, options.theme.as_deref()) {
        Ok(watch) => watch,
        Err(error) => {
            return fail(&format!(
                "impossible de surveiller « {} » : {error}",
                options.content.display()
            ));
        }
    };
    let mut builder = match Builder::new(options.clone()) {
        Ok(builder) => builder,
        Err(error) => return fail(&error.to_string()),
    };
    build_again(&mut builder, options);
    while let Some(changes) = watch.next() {
        match changes.apply(&mut builder) {
            Ok(()) => build_again(&mut builder, options),
            Err(error) => say(&format!("erreur : {error}")),
        }
    }
    ExitCode::SUCCESS
}

/// Builds and says how it went; an error is said, and the watch goes on.
fn build_again(builder: &mut Builder, options: &BuildOptions) {
    let started = Instant::now();
    match builder.build() {
        Ok(report) => {
            let plural = if report.written > 1 { "s" } else { "" };
            say(&format!(
                "{} : {} document{plural} écrit{plural} en {}",
                summary(&report),
                report.written,
                seconds(started.elapsed())
            ));
        }
        Err(error) => {
            explain(&error, builder, &options.content);
        }
    }
}

/// The words of the content's prose, for a spell checker.
fn words(folder: &Path) -> ExitCode {
    let content = match Content::load(folder) {
        Ok(content) => content,
        Err(error) => return fail(&error.to_string()),
    };
    let prefix = folder.display().to_string();
    let prefix = prefix.trim_end_matches('/');
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (path, reading) in reading::course(&content) {
        for passage in &reading.passages {
            for word in reading::words::words(passage) {
                let (line, column) =
                    reading::line_column(&content, &passage.place(word.span.clone()));
                if writeln!(out, "{prefix}/{path}:{line}:{column}\t{}", word.text).is_err() {
                    return ExitCode::FAILURE;
                }
            }
        }
    }
    match out.flush() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn simulate(file: &Path) -> ExitCode {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            return fail(&format!(
                "impossible de lire « {} » : {error}",
                file.display()
            ));
        }
    };
    let scenario = match Scenario::from_toml(&text) {
        Ok(scenario) => scenario,
        Err(errors) => {
            for error in &errors {
                say(&format!(
                    "erreur : {}:{}:{} : {error}",
                    file.display(),
                    error.line,
                    error.column
                ));
            }
            return ExitCode::FAILURE;
        }
    };
    let mut run = play(scenario);
    run.seek(run.end());
    let mut out = std::io::stdout().lock();
    for event in run.events() {
        let line = serde_json::to_string(event).unwrap_or_default();
        if writeln!(out, "{line}").is_err() {
            // The reader (`head`, for example) has seen enough.
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Says why there is no site.
fn explain(error: &BuildError, builder: &Builder, content: &Path) -> ExitCode {
    match error {
        BuildError::Content(problems) => {
            let prefix = format!("{}/", content.display().to_string().trim_end_matches('/'));
            let frames = frame::render(
                problems,
                builder.content(),
                &prefix,
                std::io::stderr().is_terminal(),
            );
            let _ = write!(std::io::stderr(), "{frames}");
            ExitCode::FAILURE
        }
        other => fail(&other.to_string()),
    }
}

fn fail(message: &str) -> ExitCode {
    say(&format!("erreur : {message}"));
    ExitCode::FAILURE
}

/// One line for the person; nothing can be done if the terminal is gone.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn summary(report: &Report) -> String {
    let parts = [
        counted(report.pages, "page"),
        counted(report.simulations, "simulation"),
        format!("{} quiz", report.quizzes),
    ];
    parts.join(", ")
}

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n > 1 { "s" } else { "" })
}

fn seconds(elapsed: Duration) -> String {
    if elapsed < Duration::from_secs(1) {
        format!("{} ms", elapsed.as_millis())
    } else {
        format!("{:.1} s", elapsed.as_secs_f64()).replace('.', ",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        in_french(Cli::command()).debug_assert();
    }

    fn parse(arguments: &[&str]) -> BuildOptions {
        let cli = Cli::try_parse_from(arguments).unwrap();
        match cli.command {
            Command::Build(args) => args.options(),
            other => panic!("unexpected {other:?}"),
        }
    }

    #[test]
    fn a_site_is_for_offline_reading_unless_it_is_being_written() {
        assert!(parse(&["site", "build"]).offline);
        assert!(!parse(&["site", "build", "--dev"]).offline);
        assert!(!parse(&["site", "build", "--no-offline"]).offline);
    }

    #[test]
    fn paths_get_their_slashes() {
        let options = parse(&[
            "site",
            "build",
            "--base-path",
            "cours",
            "--base-url",
            "https://x.fr/cours",
        ]);
        assert_eq!(options.base_path.as_deref(), Some("/cours/"));
        assert_eq!(options.base_url.as_deref(), Some("https://x.fr/cours/"));
        assert_eq!(
            parse(&["site", "build", "--base-path", "/"])
                .base_path
                .as_deref(),
            Some("/")
        );
    }
}

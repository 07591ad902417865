//! What can be wrong with a fenced block.

use super::language::Language;
use crate::diagnostic::Explain;
use crate::text::problem::quoted_list;
use crate::text::suggest::did_you_mean;

/// A fenced block is malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FenceProblem {
    /// No word after the backticks.
    NoLanguage,
    /// A word that is neither a language nor one of our own blocks.
    UnknownLanguage {
        /// The word.
        name: String,
    },
    /// Code by indentation.
    Indented,
    /// No closing fence.
    NotClosed,
    /// A key that this block does not have.
    UnknownKey {
        /// The key.
        key: String,
        /// Keys that it has.
        known: &'static [&'static str],
    },
    /// A key given twice.
    KeyTwice {
        /// The key.
        key: String,
    },
    /// Something that is no key.
    MalformedKey,
    /// A value without quotes.
    UnquotedValue,
    /// A value without closing quote.
    UnclosedValue,
    /// A key that needs a value has none, or one that takes none has one.
    ValueExpected {
        /// The key.
        key: &'static str,
        /// True if it needs one.
        needed: bool,
    },
    /// Line numbers that are not.
    BadLines,
    /// Line numbers beyond the code.
    LinesOutside {
        /// The number.
        line: usize,
        /// Number of lines of the code.
        lines: usize,
    },
    /// `anchor` without `file`.
    AnchorWithoutFile,
    /// `file` with code in the block.
    BodyNotEmpty,
    /// A file to include is not there.
    NoSuchFile {
        /// Its path.
        file: String,
        /// A file that it may be.
        closest: Option<String>,
    },
    /// A file to include is not text.
    FileNotText {
        /// Its path.
        file: String,
    },
    /// An anchor is not in the file.
    NoSuchAnchor {
        /// The anchor.
        anchor: String,
        /// An anchor that it may be.
        closest: Option<String>,
        /// Anchors of the file.
        known: Vec<String>,
    },
    /// An anchor is opened and not closed.
    AnchorNotClosed {
        /// The anchor.
        anchor: String,
    },
    /// A line of a diff that begins with none of `+`, `-`, space.
    DiffLine,
    /// Marks and explanations do not match.
    AnnotationCount {
        /// Marks in the code.
        marks: usize,
        /// Items of the list after it.
        items: usize,
    },
    /// Marks that are not 1, 2, 3…
    AnnotationOrder {
        /// The numbers as they come.
        numbers: Vec<usize>,
    },
    /// A diagram without description.
    NoAlt,
    /// A block with nothing in it.
    Empty,
}

/// Blocks that are not code.
pub const OWN_BLOCKS: [&str; 3] = ["simulation", "quiz", "schema"];

impl Explain for FenceProblem {
    fn title(&self) -> String {
        match self {
            Self::NoLanguage => "bloc de code sans langage".into(),
            Self::UnknownLanguage { name } => format!("bloc inconnu « {name} »"),
            Self::Indented => "bloc de code par indentation".into(),
            Self::NotClosed => "bloc jamais fermé".into(),
            Self::UnknownKey { key, .. } => format!("clé inconnue « {key} »"),
            Self::KeyTwice { key } => format!("clé « {key} » donnée deux fois"),
            Self::MalformedKey => "clé mal formée".into(),
            Self::UnquotedValue => "valeur sans guillemets".into(),
            Self::UnclosedValue => "guillemet jamais fermé".into(),
            Self::ValueExpected { key, needed: true } => format!("« {key} » attend une valeur"),
            Self::ValueExpected { key, needed: false } => {
                format!("« {key} » ne prend pas de valeur")
            }
            Self::BadLines => "numéros de lignes mal formés".into(),
            Self::LinesOutside { line, lines } => {
                format!("ligne {line} hors du code, qui en compte {lines}")
            }
            Self::AnchorWithoutFile => "ancre sans fichier".into(),
            Self::BodyNotEmpty => "du code dans un bloc qui inclut un fichier".into(),
            Self::NoSuchFile { file, .. } => format!("fichier introuvable « {file} »"),
            Self::FileNotText { file } => format!("« {file} » n'est pas un texte en UTF-8"),
            Self::NoSuchAnchor { anchor, .. } => format!("ancre introuvable « {anchor} »"),
            Self::AnchorNotClosed { anchor } => format!("ancre « {anchor} » jamais fermée"),
            Self::DiffLine => "ligne de diff sans signe".into(),
            Self::AnnotationCount { marks, items } => {
                format!("{marks} repère(s) dans le code, {items} explication(s) dans la liste")
            }
            Self::AnnotationOrder { numbers } => {
                format!("repères dans le désordre : {}", joined(numbers))
            }
            Self::NoAlt => "schéma sans description".into(),
            Self::Empty => "bloc vide".into(),
        }
    }

    fn label(&self) -> String {
        match self {
            Self::NotClosed => "ouvert ici".into(),
            Self::UnquotedValue => "guillemets attendus après « = »".into(),
            _ => String::new(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NoLanguage => "écrivez le langage après les accents graves, « text » s'il n'y en a pas".into(),
            Self::UnknownLanguage { name } => {
                let known: Vec<&str> = Language::ALL.iter().map(|language| language.name()).chain(OWN_BLOCKS).collect();
                did_you_mean(name, known.iter().copied(), &format!("les blocs possibles sont {}", quoted_list(&known)))
            }
            Self::Indented => "entourez le code de ``` et dites son langage ; si c'est du texte, retirez les espaces de tête".into(),
            Self::NotClosed => "ajoutez une ligne d'autant d'accents graves à la fin du bloc".into(),
            Self::UnknownKey { key, known } => {
                did_you_mean(key, known.iter().copied(), &format!("les clés possibles ici sont {}", quoted_list(known)))
            }
            Self::KeyTwice { .. } => "gardez-en une seule".into(),
            Self::MalformedKey | Self::UnquotedValue | Self::UnclosedValue => "écrivez clé=\"valeur\", ou la clé seule pour « diff »".into(),
            Self::ValueExpected { key, needed: true } => format!("écrivez {key}=\"…\""),
            Self::ValueExpected { key, needed: false } => format!("écrivez « {key} » seul"),
            Self::BadLines => "écrivez par exemple lines=\"3-5,8\"".into(),
            Self::LinesOutside { .. } => "corrigez les numéros : la première ligne porte le numéro 1".into(),
            Self::AnchorWithoutFile => "ajoutez file=\"labs/…\", le chemin du fichier depuis le dossier de contenu".into(),
            Self::BodyNotEmpty => "videz le bloc : le code vient du fichier".into(),
            Self::NoSuchFile { closest, .. } => or_else(closest.as_ref(), "donnez un chemin relatif au dossier de contenu, par exemple « labs/1.1/… »"),
            Self::FileNotText { .. } => "enregistrez ce fichier en UTF-8, ou n'incluez que du texte".into(),
            Self::NoSuchAnchor { closest: None, known, .. } if !known.is_empty() => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                format!("les ancres de ce fichier sont {}", quoted_list(&known))
            }
            Self::NoSuchAnchor { anchor, closest, .. } => {
                or_else(closest.as_ref(), &format!("entourez l'extrait de « // <{anchor}> » et « // </{anchor}> » dans le fichier"))
            }
            Self::AnchorNotClosed { anchor } => format!("ajoutez « // </{anchor}> » après l'extrait dans le fichier"),
            Self::DiffLine => "commencez chaque ligne par « + », « - » ou une espace".into(),
            Self::AnnotationCount { .. } => {
                "placez juste après le bloc une liste numérotée, avec une explication par repère « // (1) »".into()
            }
            Self::AnnotationOrder { .. } => "numérotez les repères 1, 2, 3… dans l'ordre des lignes".into(),
            Self::NoAlt => "ajoutez alt=\"…\" : ce que le schéma montre, pour qui ne le voit pas".into(),
            Self::Empty => "écrivez le contenu du bloc, ou supprimez-le".into(),
        }
    }
}

fn or_else(closest: Option<&String>, otherwise: &str) -> String {
    closest.map_or_else(
        || otherwise.to_owned(),
        |name| format!("vouliez-vous écrire « {name} » ?"),
    )
}

fn joined(numbers: &[usize]) -> String {
    numbers
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

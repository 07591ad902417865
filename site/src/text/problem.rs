//! What can be wrong with a file as text, and with TOML as TOML.

use crate::diagnostic::Explain;
use crate::text::suggest::did_you_mean;

/// A file is not readable text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A control character other than tab and newline.
    Control(char),
}

impl Explain for TextProblem {
    fn title(&self) -> String {
        match self {
            Self::NotUtf8 => "fichier qui n'est pas en UTF-8".into(),
            Self::Control(c) => format!("caractère de contrôle U+{:04X}", u32::from(*c)),
        }
    }

    fn label(&self) -> String {
        match self {
            Self::NotUtf8 => "octet invalide".into(),
            Self::Control(_) => "invisible ici".into(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NotUtf8 => "enregistrez le fichier en UTF-8 (dans l'éditeur : « Enregistrer avec l'encodage », UTF-8)".into(),
            Self::Control(_) => "supprimez ce caractère : il vient sans doute d'un copier-coller".into(),
        }
    }
}

/// TOML that cannot be read, or that is not what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TomlProblem {
    /// It is not TOML; the reason is already in French.
    Syntax(&'static str),
    /// A key nobody reads.
    UnknownKey {
        /// The key.
        key: String,
        /// Keys that may stand there.
        known: Vec<&'static str>,
    },
    /// A key that must be there is not.
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// A value of another type.
    WrongType {
        /// The key.
        key: String,
        /// What was expected, in French, with its article.
        expected: &'static str,
    },
    /// A value of the right type that is not allowed.
    NotAllowed {
        /// The value, as written.
        value: String,
        /// Values that are.
        allowed: Vec<&'static str>,
    },
    /// A number outside of its range.
    OutOfRange {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
    },
    /// A text that may not be empty is.
    Empty {
        /// The key.
        key: String,
    },
}

impl Explain for TomlProblem {
    fn title(&self) -> String {
        match self {
            Self::Syntax(_) => "TOML mal formé".into(),
            Self::UnknownKey { key, .. } => format!("clé inconnue « {key} »"),
            Self::MissingKey { key } => format!("clé « {key} » absente"),
            Self::WrongType { key, .. } => format!("type inattendu pour « {key} »"),
            Self::NotAllowed { value, .. } => format!("valeur inconnue « {value} »"),
            Self::OutOfRange { .. } => "nombre hors limites".into(),
            Self::Empty { key } => format!("« {key} » est vide"),
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Syntax(reason) => (*reason).to_owned(),
            Self::MissingKey { .. } => "il manque une clé ici".into(),
            Self::WrongType { expected, .. } => format!("il faut ici {expected}"),
            _ => String::new(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Syntax(_) => {
                "corrigez la ligne soulignée ; la syntaxe est décrite sur toml.io/fr".into()
            }
            Self::UnknownKey { key, known } => did_you_mean(
                key,
                known.iter().copied(),
                &format!("les clés possibles ici sont {}", quoted_list(known)),
            ),
            Self::MissingKey { key } => format!("ajoutez la ligne « {key} = … »"),
            Self::WrongType { expected, .. } => format!("remplacez la valeur par {expected}"),
            Self::NotAllowed { value, allowed } => did_you_mean(
                value,
                allowed.iter().copied(),
                &format!("les valeurs possibles sont {}", quoted_list(allowed)),
            ),
            Self::OutOfRange { min, max } => format!("choisissez un nombre de {min} à {max}"),
            Self::Empty { .. } => {
                "écrivez un texte, ou supprimez la ligne si elle est facultative".into()
            }
        }
    }
}

/// `« a », « b » et « c »`.
pub fn quoted_list(names: &[&str]) -> String {
    match names {
        [] => "aucune".into(),
        [one] => format!("« {one} »"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|name| format!("« {name} »")).collect();
            format!("{} et « {last} »", first.join(", "))
        }
    }
}

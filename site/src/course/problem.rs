//! What can be wrong with `course.toml` beyond its form.

use crate::diagnostic::Explain;

/// `course.toml` contradicts itself or the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CourseProblem {
    /// There is no `course.toml`.
    NoCourse,
    /// Durations that do not add up.
    Durations {
        /// What contains them, for example `le bloc 1.1`.
        whole: String,
        /// What they are, for example `pages`.
        parts: &'static str,
        /// Announced minutes.
        announced: u32,
        /// Sum of the parts.
        sum: u32,
    },
    /// A listed page has no file.
    NoSuchFile {
        /// Its path.
        file: String,
        /// A file that it may be.
        closest: Option<String>,
    },
    /// A file is listed twice.
    ListedTwice {
        /// Its path.
        file: String,
    },
    /// Two pages would be written at the same address.
    SameAddress {
        /// The address.
        url: String,
        /// The other file.
        other: String,
    },
    /// A Markdown file that no entry lists.
    NotListed,
    /// Two days, blocs or annexes with the same number or slug.
    SameName {
        /// The name.
        name: String,
    },
    /// A page's file is not Markdown.
    NotMarkdown,
    /// A slug that is not one.
    BadSlug {
        /// One that is.
        better: String,
    },
    /// The base URL is no URL.
    NotAUrl,
    /// A time of day that is none.
    NotATime,
    /// Two breaks at the same time.
    BreaksMeet,
}

impl Explain for CourseProblem {
    fn title(&self) -> String {
        match self {
            Self::NoCourse => "course.toml est absent".into(),
            Self::Durations {
                whole,
                announced,
                sum,
                ..
            } => {
                format!(
                    "les durées ne tombent pas juste : {whole} annonce {announced} min, la somme fait {sum} min"
                )
            }
            Self::NoSuchFile { file, .. } => format!("page introuvable « {file} »"),
            Self::ListedTwice { file } => format!("page « {file} » donnée deux fois"),
            Self::SameAddress { url, .. } => format!("deux pages à la même adresse « {url} »"),
            Self::NotListed => "page absente de course.toml".into(),
            Self::SameName { name } => format!("« {name} » est déjà pris"),
            Self::NotMarkdown => "ce fichier n'est pas une page".into(),
            Self::BadSlug { .. } => "nom de dossier incorrect".into(),
            Self::NotAUrl => "adresse de base incorrecte".into(),
            Self::NotATime => "heure incorrecte".into(),
            Self::BreaksMeet => "deux pauses à la même heure".into(),
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Durations { announced, sum, .. } if sum > announced => {
                format!("{} min de trop", sum - announced)
            }
            Self::Durations { announced, sum, .. } => format!("il manque {} min", announced - sum),
            Self::SameAddress { other, .. } => format!("comme {other}"),
            _ => String::new(),
        }
    }

    fn help(&self) -> String {
        match self {
            Self::NoCourse => "créez course.toml à la racine du dossier de contenu".into(),
            Self::Durations {
                parts,
                announced,
                sum,
                ..
            } => {
                format!(
                    "corrigez les minutes des {parts} pour arriver à {announced}, ou annoncez {sum}"
                )
            }
            Self::NoSuchFile {
                closest: Some(path),
                ..
            } => format!("vouliez-vous écrire « {path} » ?"),
            Self::NoSuchFile { closest: None, .. } => {
                "créez ce fichier, ou retirez la page de course.toml".into()
            }
            Self::ListedTwice { .. } => "gardez une seule des deux entrées".into(),
            Self::SameAddress { .. } => {
                "renommez l'un des deux fichiers, ou changez le slug du bloc".into()
            }
            Self::NotListed => {
                "ajoutez-la à son bloc par une entrée [[day.bloc.page]], ou supprimez le fichier"
                    .into()
            }
            Self::SameName { .. } => "choisissez un autre numéro ou un autre slug".into(),
            Self::NotMarkdown => {
                "donnez le chemin d'un fichier .md, relatif au dossier de contenu".into()
            }
            Self::BadSlug { better } => {
                format!("écrivez « {better} » : minuscules sans accent, chiffres et traits d'union")
            }
            Self::NotATime => "écrivez-la avec deux chiffres de chaque côté : « 09:00 »".into(),
            Self::BreaksMeet => {
                "gardez-en une, avec la somme des minutes, ou décalez l'autre".into()
            }
            Self::NotAUrl => {
                "donnez une adresse complète, par exemple « https://formation.example/ »".into()
            }
        }
    }
}

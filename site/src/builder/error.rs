//! Why there is no new site.

use crate::content::LoadError;
use crate::diagnostic::Diagnostic;
use crate::layout::TemplateError;
use crate::output::OutputError;
use crate::theme::assets::AssetError;
use std::fmt;

/// Why there is no new site.
#[derive(Debug)]
pub enum BuildError {
    /// The content has problems.
    Content(Vec<Diagnostic>),
    /// Something cannot be read.
    Load(LoadError),
    /// An asset of the theme is broken.
    Asset(AssetError),
    /// A template is broken.
    Template(TemplateError),
    /// Something cannot be written.
    Output(OutputError),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(problems) => write!(f, "{} erreur(s) dans le contenu", problems.len()),
            Self::Load(error) => error.fmt(f),
            Self::Asset(error) => error.fmt(f),
            Self::Template(error) => error.fmt(f),
            Self::Output(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BuildError {}

macro_rules! from_errors {
    ($($variant:ident($error:ty)),*) => {
        $(impl From<$error> for BuildError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

from_errors!(
    Load(LoadError),
    Asset(AssetError),
    Template(TemplateError),
    Output(OutputError),
    Content(Vec<Diagnostic>)
);

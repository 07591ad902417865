//! The theme: templates and assets, embedded in the program, or read from a folder while someone works on them.

pub mod assets;
mod css;

use crate::content::LoadError;
use include_dir::{Dir, include_dir};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static ASSETS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// Templates and assets, as they were written.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// Text of the templates by name, for example `partials/header.html`.
    pub templates: BTreeMap<String, String>,
    /// Bytes of the assets by path, for example `css/site.css`.
    pub assets: BTreeMap<String, Vec<u8>>,
}

impl Theme {
    /// The theme that was there when the program was compiled.
    pub fn embedded() -> Self {
        let mut theme = Self::default();
        let mut templates = BTreeMap::new();
        collect(&TEMPLATES, &mut templates);
        collect(&ASSETS, &mut theme.assets);
        theme.templates = as_text(templates);
        theme
    }

    /// The theme in `folder`, which holds `templates` and `assets`.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self, LoadError> {
        let mut templates = BTreeMap::new();
        let mut assets = BTreeMap::new();
        read_folder(&folder.join("templates"), "", &mut templates)?;
        if folder.join("assets").is_dir() {
            read_folder(&folder.join("assets"), "", &mut assets)?;
        }
        Ok(Self {
            templates: as_text(templates),
            assets,
        })
    }
}

impl Theme {
    /// Ids that the templates around a page's content give to elements of their own: no content may have them.
    pub fn ids(&self) -> BTreeSet<String> {
        let around = |name: &str| matches!(name, "page.html" | "base.html") || name.contains('/');
        let texts = self
            .templates
            .iter()
            .filter(|(name, _)| around(name))
            .map(|(_, text)| text);
        let values = texts
            .flat_map(|text| text.split(" id=\"").skip(1))
            .filter_map(|rest| rest.split('"').next());
        values
            .filter(|id| !id.contains('{'))
            .map(str::to_owned)
            .collect()
    }
}

fn as_text(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    files
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

fn collect(dir: &Dir<'_>, into: &mut BTreeMap<String, Vec<u8>>) {
    for file in dir.files() {
        into.insert(
            file.path().to_string_lossy().replace('\\', "/"),
            file.contents().to_vec(),
        );
    }
    for dir in dir.dirs() {
        collect(dir, into);
    }
}

/// Adds the files of `folder` to `into`, by path, each path with `prefix` before it.
pub(crate) fn read_folder(
    folder: &Path,
    prefix: &str,
    into: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), LoadError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |source| LoadError { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(fail(folder))? {
        let entry = entry.map_err(fail(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            read_folder(&path, &format!("{prefix}{name}/"), into)?;
        } else {
            into.insert(
                format!("{prefix}{name}"),
                std::fs::read(&path).map_err(fail(&path))?,
            );
        }
    }
    Ok(())
}

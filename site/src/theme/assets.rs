//! Assets under names that carry a hash of their content, so that browsers may keep them for ever.
//!
//! 1. Style sheets are bundled (`@import` at the top is replaced by the file) and stripped of comments and white space.
//! 2. What a file refers to (`url(…)` in CSS, `"./x.js"` in JavaScript) is published first, and the reference rewritten: the
//!    hash of a file changes when anything below it does.

use super::css::minify;
use crate::content::has_extension;
use crate::markdown::link::{join, relative};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use xxhash_rust::xxh3::xxh3_64;

/// Folder of the assets on the site.
pub const FOLDER: &str = "assets";

/// Assets ready to be written.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// Path on the site, by path in the theme.
    pub names: HashMap<String, String>,
    /// Bytes by path on the site.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// An asset refers to something that is not there, or to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetError {
    /// The asset.
    pub file: String,
    /// The reference, as written.
    pub reference: String,
    /// True if following the reference leads back to the asset.
    pub cycle: bool,
}

impl fmt::Display for AssetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            reference,
            cycle,
        } = self;
        if *cycle {
            write!(
                f,
                "« {file} » : l'import « {reference} » ramène à ce même fichier"
            )
        } else {
            write!(
                f,
                "« {file} » : la référence « {reference} » ne mène à aucun fichier"
            )
        }
    }
}

impl std::error::Error for AssetError {}

/// Publishes all `sources`, by path in the theme.
///
/// # Errors
/// The first reference that cannot be followed.
pub fn publish(sources: &BTreeMap<String, Vec<u8>>) -> Result<Assets, AssetError> {
    let mut publisher = Publisher {
        sources,
        assets: Assets::default(),
        open: Vec::new(),
    };
    let imported = imported_sheets(sources);
    for path in sources
        .keys()
        .filter(|path| !imported.contains(*path) && !has_extension(path, "md"))
    {
        publisher.publish(path, path)?;
    }
    Ok(publisher.assets)
}

/// Style sheets that others import: they are published as part of these.
fn imported_sheets(sources: &BTreeMap<String, Vec<u8>>) -> HashSet<String> {
    let sheets = sources
        .iter()
        .filter(|(path, _)| has_extension(path, "css"));
    sheets
        .flat_map(|(path, bytes)| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let imports: Vec<String> = text
                .split("@import")
                .skip(1)
                .filter_map(|rest| join(path, import_target(rest)))
                .collect();
            imports
        })
        .collect()
}

/// The file named after `@import`, where `rest` begins.
fn import_target(rest: &str) -> &str {
    rest.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .trim_matches(['"', '\''])
}

struct Publisher<'a> {
    sources: &'a BTreeMap<String, Vec<u8>>,
    assets: Assets,
    /// Files whose references are being followed.
    open: Vec<String>,
}

impl Publisher<'_> {
    /// Publishes `path`, to which `reference` in the file opened last refers; says its path on the site.
    fn publish(&mut self, path: &str, reference: &str) -> Result<String, AssetError> {
        if let Some(name) = self.assets.names.get(path) {
            return Ok(name.clone());
        }
        let fail = |file: &str, cycle| AssetError {
            file: file.to_owned(),
            reference: reference.to_owned(),
            cycle,
        };
        let opened_by = self.open.last().map_or(path, String::as_str);
        let Some(bytes) = self.sources.get(path) else {
            return Err(fail(opened_by, false));
        };
        if self.open.iter().any(|open| open == path) {
            return Err(fail(path, true));
        }
        self.open.push(path.to_owned());
        let bytes = match (
            path.rsplit_once('.').map(|(_, extension)| extension),
            std::str::from_utf8(bytes),
        ) {
            (Some("css"), Ok(text)) => self.style_sheet(path, text)?.into_bytes(),
            (Some("js"), Ok(text)) => self.script(path, &without_comments(text))?.into_bytes(),
            _ => bytes.clone(),
        };
        self.open.pop();
        let name = hashed_name(path, &bytes);
        self.assets.names.insert(path.to_owned(), name.clone());
        self.assets.files.insert(name.clone(), bytes);
        Ok(name)
    }

    fn style_sheet(&mut self, path: &str, text: &str) -> Result<String, AssetError> {
        let bundled = self.bundle(path, text, path)?;
        Ok(minify(&bundled))
    }

    /// `text`, the style sheet `path`, with what it imports, and with addresses as they read from `entry`.
    fn bundle(&mut self, path: &str, text: &str, entry: &str) -> Result<String, AssetError> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("@import") {
            self.addresses(path, before, entry, &mut out)?;
            let reference = import_target(after);
            let after = after.split_once(';').map_or("", |(_, after)| after);
            let target = join(path, reference).unwrap_or_default();
            let Some(bytes) = self.sources.get(&target) else {
                return Err(AssetError {
                    file: path.to_owned(),
                    reference: reference.to_owned(),
                    cycle: false,
                });
            };
            if target == path || target == entry {
                return Err(AssetError {
                    file: path.to_owned(),
                    reference: reference.to_owned(),
                    cycle: true,
                });
            }
            let imported = String::from_utf8_lossy(bytes).into_owned();
            out.push_str(&self.bundle(&target, &imported, entry)?);
            rest = after;
        }
        self.addresses(path, rest, entry, &mut out)?;
        Ok(out)
    }

    /// Appends `text`, a part of the style sheet `path`, with its `url(…)` published and as they read from `entry`.
    fn addresses(
        &mut self,
        path: &str,
        text: &str,
        entry: &str,
        out: &mut String,
    ) -> Result<(), AssetError> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("url(") {
            let (raw, after) = after.split_once(')').unwrap_or((after, ""));
            let reference = raw.trim().trim_matches(['"', '\'']);
            out.push_str(before);
            out.push_str("url(");
            if reference.starts_with("data:") || reference.starts_with('#') {
                out.push_str(raw);
            } else {
                let target = join(path, reference).unwrap_or_default();
                let name = self.publish(&target, reference)?;
                out.push_str(&relative(&format!("{FOLDER}/{entry}"), &name));
            }
            out.push(')');
            rest = after;
        }
        out.push_str(rest);
        Ok(())
    }

    /// `text`, the module `path`, with its imports published and rewritten.
    fn script(&mut self, path: &str, text: &str) -> Result<String, AssetError> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['"', '\'']) {
            let quote = &rest[at..=at];
            let after = &rest[at + 1..];
            let reference = after.split(quote).next().unwrap_or_default();
            out.push_str(&rest[..=at]);
            rest = after;
            if !(reference.starts_with("./") || reference.starts_with("../"))
                || reference.contains('\n')
            {
                continue;
            }
            let before = out[..out.len() - 1].trim_end();
            let is_import = before.ends_with("from")
                || before.ends_with("import(")
                || before.ends_with("import");
            let target = join(path, reference).unwrap_or_default();
            if !is_import && !self.sources.contains_key(&target) {
                continue;
            }
            let name = self.publish(&target, reference)?;
            let relative = relative(&format!("{FOLDER}/{path}"), &name);
            if !relative.starts_with('.') {
                out.push_str("./");
            }
            out.push_str(&relative);
            rest = &after[reference.len()..];
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// A script without the lines that are comments, and without the indentation of the others: readers of the source have
/// both, pages need neither.
pub(crate) fn without_comments(script: &str) -> String {
    let kept: Vec<&str> = script
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .filter(|line| !(line.starts_with("/**") && line.ends_with("*/")))
        .collect();
    kept.join("\n")
}

/// `css/site.css` as `assets/css/site-0123456789abcdef.css`.
fn hashed_name(path: &str, bytes: &[u8]) -> String {
    let hash = xxh3_64(bytes);
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{FOLDER}/{stem}-{hash:016x}.{extension}"),
        None => format!("{FOLDER}/{path}-{hash:016x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    fn text(assets: &Assets, path: &str) -> String {
        String::from_utf8(assets.files[&assets.names[path]].clone()).unwrap()
    }

    #[test]
    fn style_sheets_are_bundled_and_their_fonts_named() {
        let sources = sources(&[
            (
                "css/site.css",
                "@import \"./parts/fonts.css\";\n/* x */\na { color: red; }\n",
            ),
            (
                "css/parts/fonts.css",
                "@font-face { src: url(\"../../fonts/a.woff2\") }\n",
            ),
            ("fonts/a.woff2", "font"),
        ]);
        let assets = publish(&sources).unwrap();
        let font = assets.names["fonts/a.woff2"]
            .trim_start_matches("assets/")
            .to_owned();
        assert_eq!(
            text(&assets, "css/site.css"),
            format!("@font-face{{src:url(../{font})}}a{{color:red}}")
        );
    }

    #[test]
    fn scripts_are_published_without_their_comments() {
        let script = "// Why.\n/** What. */\nconst a = 1; // stays\n\n  go(a);\n";
        assert_eq!(without_comments(script), "const a = 1; // stays\ngo(a);");
    }

    #[test]
    fn a_change_below_changes_the_names_above() {
        let files = |leaf: &'static str| {
            sources(&[
                (
                    "js/app.js",
                    "import { a } from \"./a.js\";\nimport('./a.js');",
                ),
                ("js/a.js", leaf),
            ])
        };
        let (first, second) = (publish(&files("1")).unwrap(), publish(&files("2")).unwrap());
        assert_ne!(first.names["js/app.js"], second.names["js/app.js"]);
        let a = first.names["js/a.js"].rsplit('/').next().unwrap();
        assert_eq!(
            text(&first, "js/app.js"),
            format!("import {{ a }} from \"./{a}\";\nimport('./{a}');")
        );
    }

    #[test]
    fn broken_references_and_cycles_are_refused() {
        let error = |files: &[(&str, &str)]| publish(&sources(files)).unwrap_err();
        let missing = error(&[("css/site.css", "a{background:url(x.svg)}")]);
        assert_eq!(
            missing,
            AssetError {
                file: "css/site.css".into(),
                reference: "x.svg".into(),
                cycle: false
            }
        );
        assert!(
            error(&[
                ("js/a.js", "import \"./b.js\""),
                ("js/b.js", "import \"./a.js\"")
            ])
            .cycle
        );
    }
}

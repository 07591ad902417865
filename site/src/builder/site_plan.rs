//! What the site consists of, and writing what is not there yet.

use super::{BuildError, Builder, Checked, Skin, fingerprint};
use crate::archive;
use crate::calculator;
use crate::content::{Content, has_extension};
use crate::course::{COURSE_FILE, Position};
use crate::layout::contexts::Book;
use crate::layout::documents::{Document, Scribe};
use crate::markdown::Page;
use crate::offline;
use crate::output::{OutputError, Staging};
use crate::theme::read_folder;
use engine::scenario::Kind;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Files of the site that are copied as they are.
#[derive(Debug, Default)]
pub(super) struct ExtraFiles {
    /// Path on the site → file of the content folder.
    content: BTreeMap<String, Arc<str>>,
    /// Path on the site → bytes.
    bytes: BTreeMap<String, Vec<u8>>,
    /// Folder of the visualizer's modules.
    pub(super) visualizer: Option<String>,
    /// What has a module of its own there, separated by spaces; `visualizer.js` holds the rest.
    pub(super) modules: String,
}

/// What may have a module of its own: the live view, the calculators, and each simulation under its name.
fn modules() -> impl Iterator<Item = &'static str> {
    ["live", calculator::KIND]
        .into_iter()
        .chain(Kind::ALL.map(Kind::name))
}

/// What the site consists of.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) documents: Vec<(Document, String)>,
    /// Fingerprint of what each file is written from, by path.
    pub(super) fingerprints: HashMap<String, u64>,
}

impl Plan {
    fn is_kept(&self, path: &str, site: &HashMap<String, u64>) -> bool {
        site.get(path)
            .is_some_and(|old| self.fingerprints.get(path) == Some(old))
    }
}

impl ExtraFiles {
    /// Sizes of the PDF files, by path on the site.
    pub(super) fn pdfs(&self) -> BTreeMap<String, u64> {
        let pdfs = self
            .bytes
            .iter()
            .filter(|(path, _)| has_extension(path, "pdf"));
        pdfs.map(|(path, bytes)| (path.clone(), bytes.len() as u64))
            .collect()
    }
}

impl Builder {
    /// Files that come neither from a template nor from the theme.
    pub(super) fn extra_files(&self, checked: &Checked) -> Result<ExtraFiles, BuildError> {
        let mut extra = ExtraFiles::default();
        for page in checked.pages.values() {
            extra.content.extend(
                page.files
                    .iter()
                    .map(|(path, file)| (path.clone(), Arc::clone(file))),
            );
        }
        extra.bytes.extend(
            self.archives
                .iter()
                .map(|(lab, archive)| (archive::path(lab), archive.bytes.to_vec())),
        );
        if !self.options.offline {
            let worker = offline::retiring_worker().into_bytes();
            extra.bytes.insert(offline::WORKER.to_owned(), worker);
        }
        if let Some(folder) = &self.options.visualizer {
            let mut files = BTreeMap::new();
            read_folder(folder, "", &mut files)?;
            let modules: Vec<_> = modules()
                .filter(|module| files.contains_key(&format!("{module}.js")))
                .collect();
            if modules.is_empty() && !files.contains_key("visualizer.js") {
                let path = folder.join("visualizer.js");
                return Err(OutputError::Disk {
                    path,
                    source: std::io::ErrorKind::NotFound.into(),
                }
                .into());
            }
            let name = format!("assets/visualizer-{:016x}", fingerprint(&files));
            extra.visualizer = Some(format!("{name}/"));
            extra.modules = modules.join(" ");
            extra.bytes.extend(
                files
                    .into_iter()
                    .map(|(path, bytes)| (format!("{name}/{path}"), bytes)),
            );
        }
        if let Some(folder) = &self.options.pdf {
            let mut files = BTreeMap::new();
            read_folder(folder, "", &mut files)?;
            files.retain(|path, _| has_extension(path, "pdf"));
            extra.bytes.extend(
                files
                    .into_iter()
                    .map(|(path, bytes)| (format!("pdf/{path}"), bytes)),
            );
        }
        Ok(extra)
    }

    /// What the site consists of, with the fingerprint of each file.
    pub(super) fn plan(
        &self,
        book: &Book<'_>,
        skin: &Skin,
        checked: &Checked,
        extra: &ExtraFiles,
    ) -> Plan {
        let outline: Vec<_> = book
            .pages
            .iter()
            .map(|page| (&page.page.title, &page.url, page.entry.minutes))
            .collect();
        let course_hash = self.content.get(COURSE_FILE).map(|file| file.hash);
        let options = (
            &book.options.base_url,
            &book.options.base_path,
            book.options.dev,
            &book.options.visualizer,
            &book.options.modules,
            book.options.search,
            &book.options.pdfs,
            book.options.offline,
        );
        let shell = fingerprint(&(skin.fingerprint, outline, course_hash, options));
        let mut plan = Plan::default();
        for document in book.documents() {
            let own = self.content_of(document, book, checked);
            plan.documents.push((document, book.path(document)));
            plan.fingerprints
                .insert(book.path(document), fingerprint(&(shell, own)));
        }
        // Names of assets carry the hash of their bytes.
        plan.fingerprints
            .extend(skin.assets.files.keys().map(|path| (path.clone(), 0)));
        plan.fingerprints.extend(
            extra
                .bytes
                .iter()
                .map(|(path, bytes)| (path.clone(), xxh3_64(bytes))),
        );
        for (path, file) in &extra.content {
            plan.fingerprints.insert(
                path.clone(),
                fingerprint(&self.content.get(file).map(|file| file.hash)),
            );
        }
        plan
    }

    /// Fingerprint of the pages whose content goes into `document`; zero if it shows none.
    fn content_of(&self, document: Document, book: &Book<'_>, checked: &Checked) -> u64 {
        let of = |index: usize| {
            self.compiled
                .get(&book.pages[index].entry.file)
                .map_or(0, |compiled| compiled.fingerprint)
        };
        let of_pages = |wanted: usize, of_bloc: Option<usize>| {
            let is_wanted = |index: &usize| matches!(book.pages[*index].position, Position::InBloc { day, bloc, .. } if day == wanted && of_bloc.is_none_or(|wanted| wanted == bloc));
            let pages = (0..book.pages.len()).filter(is_wanted);
            fingerprint(&pages.map(of).collect::<Vec<_>>())
        };
        match document {
            Document::Page(index) => {
                let archive = book.archive(index).map(|archive| archive.size);
                fingerprint(&(of(index), archive))
            }
            Document::Print { day, bloc } => of_pages(day, bloc),
            Document::Presentation { day, bloc } | Document::Notes { day, bloc } => {
                of_pages(day, Some(bloc))
            }
            Document::Glossary => {
                let terms: Vec<_> = book.pages.iter().map(|page| &page.page.terms).collect();
                fingerprint(&(&checked.definitions, terms))
            }
            Document::Journey => {
                let tasks: Vec<_> = book.pages.iter().map(|page| tasks(page.page)).collect();
                fingerprint(&tasks)
            }
            _ => 0,
        }
    }
}

/// What there is to do on `page`, for whoever keeps count.
fn tasks(page: &Page) -> impl Hash + '_ {
    let quizzes: Vec<_> = page
        .quizzes
        .iter()
        .map(|quiz| (&quiz.id, &quiz.title, quiz.questions))
        .collect();
    (&page.checklists, quizzes)
}

/// Writes the documents that changed; says how many.
pub(super) fn write_documents(
    plan: &Plan,
    scribe: &Scribe<'_>,
    staging: &Staging,
    site: &HashMap<String, u64>,
) -> Result<usize, BuildError> {
    let changed: Vec<&(Document, String)> = plan
        .documents
        .iter()
        .filter(|(_, path)| !plan.is_kept(path, site))
        .collect();
    changed
        .par_iter()
        .try_for_each(|(document, path)| -> Result<(), BuildError> {
            let text = scribe.write(*document)?;
            Ok(staging.write(path, text.as_bytes())?)
        })?;
    Ok(changed.len())
}

/// Writes the files that changed.
pub(super) fn write_files(
    plan: &Plan,
    skin: &Skin,
    extra: &ExtraFiles,
    content: &Content,
    staging: &Staging,
    site: &HashMap<String, u64>,
) -> Result<(), OutputError> {
    for (path, bytes) in skin
        .assets
        .files
        .iter()
        .chain(&extra.bytes)
        .filter(|(path, _)| !plan.is_kept(path, site))
    {
        staging.write(path, bytes)?;
    }
    for (path, file) in extra
        .content
        .iter()
        .filter(|(path, _)| !plan.is_kept(path, site))
    {
        if let Some(file) = content.get(file) {
            staging.write(path, &file.bytes)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A figure asks for the module under the type of its fence.
    #[test]
    fn whatever_a_fence_can_play_may_have_a_module() {
        let names: Vec<_> = modules().collect();
        assert!(names.contains(&calculator::KIND));
        assert!(Kind::ALL.iter().all(|kind| names.contains(&kind.name())));
    }
}

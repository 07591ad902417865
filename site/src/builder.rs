//! A build from the content folder to the site's folder, and the next one, which does again only what changed.
//!
//! Nothing is told about what changed. Each page remembers a fingerprint of everything it was compiled from, each document of
//! the site a fingerprint of everything it was written from; what has the same fingerprint as in the last build is kept.

use crate::content::{Content, LoadError};
use crate::course::problem::CourseProblem;
use crate::course::{self, COURSE_FILE, Course};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::highlight::Highlighter;
use crate::layout::contexts::{Book, SiteOptions};
use crate::layout::documents::{Document, Scribe};
use crate::layout::{Layout, TemplateError};
use crate::markdown::{self, Env, Page, glossary};
use crate::output::{OutputError, Staging, compress, disk, search};
use crate::text::origin::Origin;
use crate::text::problem::TextProblem;
use crate::theme::assets::{AssetError, Assets, publish};
use crate::theme::{Theme, read_folder};
use crate::{check, labs};
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3Default;

/// What to build, from what, to where.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// The content folder.
    pub content: PathBuf,
    /// The site's folder.
    pub out: PathBuf,
    /// Folder of the theme; the embedded one if `None`.
    pub theme: Option<PathBuf>,
    /// Folder of the built visualizer.
    pub visualizer: Option<PathBuf>,
    /// The program Pagefind.
    pub pagefind: Option<PathBuf>,
    /// Write compressed copies.
    pub compress: bool,
    /// Canonical base URL instead of the course's.
    pub base_url: Option<String>,
    /// Path of the site on its host.
    pub base_path: Option<String>,
    /// Load the script that reloads the page.
    pub dev: bool,
}

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

/// What a build did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Pages of the course.
    pub pages: usize,
    /// Pages compiled, the others being as in the last build.
    pub compiled: usize,
    /// Documents written, the others being as in the last build.
    pub written: usize,
    /// Simulations in all pages.
    pub simulations: usize,
    /// Quizzes in all pages.
    pub quizzes: usize,
}

/// Builds the site, again and again.
#[derive(Debug)]
pub struct Builder {
    options: BuildOptions,
    content: Content,
    highlighter: Highlighter,
    /// Compiled pages by file.
    compiled: HashMap<Arc<str>, Compiled>,
    skin: Option<Skin>,
    /// Fingerprint of what each file of the site was written from, by path; empty if there is no site of ours.
    site: HashMap<String, u64>,
}

#[derive(Debug)]
struct Compiled {
    page: Arc<Page>,
    problems: Vec<Diagnostic>,
    /// Of all that it was compiled from.
    fingerprint: u64,
}

/// The theme, ready to be used.
#[derive(Debug)]
struct Skin {
    layout: Layout,
    assets: Assets,
    fingerprint: u64,
}

/// The course, checked and compiled.
#[derive(Debug)]
pub struct Checked {
    /// The course.
    pub course: Course,
    /// Its pages by file.
    pub pages: HashMap<Arc<str>, Arc<Page>>,
    /// Markup of the glossary's definitions by id.
    pub definitions: BTreeMap<String, String>,
    /// How many pages were compiled for it.
    pub compiled: usize,
}

impl Builder {
    /// Reads the content folder.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn new(options: BuildOptions) -> Result<Self, LoadError> {
        let content = Content::load(&options.content)?;
        Ok(Self::with_content(options, content))
    }

    /// For content that is already in memory.
    pub fn with_content(options: BuildOptions, content: Content) -> Self {
        Self {
            options,
            content,
            highlighter: Highlighter::default(),
            compiled: HashMap::new(),
            skin: None,
            site: HashMap::new(),
        }
    }

    /// The content, as read last.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Reads the files at `paths`, relative to the content folder, again. True if one of them changed.
    ///
    /// # Errors
    /// If one is there but cannot be read.
    pub fn refresh(&mut self, paths: &[String]) -> Result<bool, LoadError> {
        let mut changed = false;
        for path in paths {
            changed |= self.content.refresh(path)?;
        }
        Ok(changed)
    }

    /// Reads the whole content folder again.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn reload(&mut self) -> Result<(), LoadError> {
        self.content = Content::load(&self.options.content)?;
        Ok(())
    }

    /// Forgets the theme, which is read again for the next build.
    pub fn forget_theme(&mut self) {
        self.skin = None;
    }

    /// Checks the whole course and compiles its pages.
    ///
    /// # Errors
    /// All problems of the content, sorted.
    pub fn check(&mut self) -> Result<Checked, Vec<Diagnostic>> {
        let found = RefCell::new(Diagnostics::default());
        let course = self.course(&found);
        let mut problems = found.into_inner();
        // A course that cannot be read whole would seem to lack pages and minutes: one fault at a time there.
        let readable = problems.is_empty();
        if readable {
            course::check::check(&course, &self.content, &mut problems);
        }
        self.check_encoding(&mut problems);
        let written = || {
            self.content
                .files()
                .filter(|file| course::check::is_page(&file.path))
        };
        let listed: HashSet<Arc<str>> = if readable {
            course
                .pages()
                .map(|(_, entry)| Arc::clone(&entry.file))
                .collect()
        } else {
            written().map(|file| Arc::clone(&file.path)).collect()
        };
        let mut env = Env {
            content: &self.content,
            course: &course,
            pages: &listed,
            definitions: &HashMap::new(),
            highlighter: &self.highlighter,
        };
        let plain = glossary::plain_definitions(&env);
        env.definitions = &plain;
        let (definitions, glossary) = glossary::definitions(&env, &mut problems);
        let compiled = compile_pages(&env, &mut self.compiled);
        let glossary_path: Arc<str> = Arc::from(COURSE_FILE);
        let pages = self
            .compiled
            .iter()
            .map(|(file, compiled)| (file, &*compiled.page));
        check::check(
            pages.chain(std::iter::once((&glossary_path, &glossary))),
            &mut problems,
        );
        problems.extend(
            self.compiled
                .values()
                .flat_map(|compiled| compiled.problems.iter().cloned()),
        );
        labs::check(&course, &self.content, &mut problems);
        self.highlighter.end_round();
        if !problems.is_empty() {
            return Err(problems.into_sorted());
        }
        let pages = self
            .compiled
            .iter()
            .map(|(file, compiled)| (Arc::clone(file), Arc::clone(&compiled.page)))
            .collect();
        Ok(Checked {
            course,
            pages,
            definitions,
            compiled,
        })
    }

    fn check_encoding(&self, problems: &mut Diagnostics) {
        for file in self
            .content
            .files()
            .filter(|file| file.is_source() && !file.is_text)
        {
            if let Err(error) = file.text() {
                let at = error.valid_up_to();
                // Positions are those of the text as it is shown, each invalid byte as one replacement character.
                problems.push(Place::new(&file.path, at..at + 1), TextProblem::NotUtf8);
            }
        }
    }

    fn course(&self, problems: &RefCell<Diagnostics>) -> Course {
        let path: Arc<str> = Arc::from(COURSE_FILE);
        let Some(file) = self.content.get(COURSE_FILE) else {
            problems
                .borrow_mut()
                .push(Place::new(&path, 0..0), CourseProblem::NoCourse);
            return Course::default();
        };
        let text = file.text().unwrap_or_default();
        course::parse::parse(text, &Origin::whole(&path), problems)
    }

    /// Builds the site and puts it in its place.
    ///
    /// # Errors
    /// Whatever is wrong with content, theme or disk; the site's folder is then as it was.
    pub fn build(&mut self) -> Result<Report, BuildError> {
        let checked = self.check()?;
        if self.skin.is_none() {
            self.skin = Some(self.load_skin()?);
        }
        let Some(skin) = &self.skin else {
            return Ok(Report::default());
        };
        let extra = self.extra_files(&checked)?;
        let site_options = SiteOptions {
            base_url: self.options.base_url.clone(),
            base_path: self.options.base_path.clone(),
            dev: self.options.dev,
            visualizer: extra.visualizer.clone(),
            search: self.options.pagefind.is_some(),
        };
        let book = Book::new(&checked.course, &site_options, &checked.pages);
        let scribe = Scribe::new(&book, &skin.layout, &checked.definitions);
        let plan = self.plan(&book, skin, &checked, &extra);
        let staging = Staging::new(&self.options.out)?;
        let known = self.known_site();
        let written = write_documents(&plan, &scribe, &staging, &known)?;
        write_files(&plan, skin, &extra, &self.content, &staging, &known)?;
        if known.is_empty() {
            self.finish(&plan, &staging)?;
            staging.swap()?;
        } else {
            let gone = known
                .keys()
                .filter(|path| !plan.fingerprints.contains_key(*path));
            staging.merge(gone.map(String::as_str))?;
        }
        let report = report(&book, checked.compiled, written);
        self.site = plan.fingerprints;
        Ok(report)
    }

    /// What the site's folder holds already and may be kept, by path; empty if the whole site must be written: the first time,
    /// and when an index or compressed copies are made from it.
    fn known_site(&self) -> HashMap<String, u64> {
        let whole = self.options.pagefind.is_some() || self.options.compress;
        if whole || !self.options.out.join("sitemap.xml").is_file() {
            HashMap::new()
        } else {
            self.site.clone()
        }
    }

    /// Search index and compressed copies.
    fn finish(&self, plan: &Plan, staging: &Staging) -> Result<(), OutputError> {
        if let Some(program) = &self.options.pagefind {
            let paths = plan.documents.iter().map(|(_, path)| path.as_str());
            search::index(program, paths, staging)?;
        }
        if self.options.compress {
            compress::compress(staging.folder(), &self.options.out)?;
        }
        Ok(())
    }

    fn load_skin(&self) -> Result<Skin, BuildError> {
        let theme = match &self.options.theme {
            Some(folder) => Theme::from_folder(folder)?,
            None => Theme::embedded(),
        };
        let assets = publish(&theme.assets)?;
        let layout = Layout::new(
            theme
                .templates
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str())),
            &assets,
        )?;
        let names: Vec<&String> = assets.files.keys().collect();
        Ok(Skin {
            fingerprint: fingerprint(&(&theme.templates, names)),
            layout,
            assets,
        })
    }

    /// Files that come neither from a template nor from the theme.
    fn extra_files(&self, checked: &Checked) -> Result<ExtraFiles, BuildError> {
        let mut extra = ExtraFiles::default();
        for page in checked.pages.values() {
            extra.content.extend(
                page.files
                    .iter()
                    .map(|(path, file)| (path.clone(), Arc::clone(file))),
            );
        }
        if let Some(folder) = &self.options.visualizer {
            let mut files = BTreeMap::new();
            read_folder(folder, "", &mut files)?;
            if !files.contains_key("visualizer.js") {
                let path = folder.join("visualizer.js");
                return Err(OutputError::Disk {
                    path,
                    source: std::io::ErrorKind::NotFound.into(),
                }
                .into());
            }
            let name = format!("assets/visualizer-{:016x}", fingerprint(&files));
            extra.visualizer = Some(format!("{name}/visualizer.js"));
            extra.bytes = files
                .into_iter()
                .map(|(path, bytes)| (format!("{name}/{path}"), bytes))
                .collect();
        }
        Ok(extra)
    }

    /// What the site consists of, with the fingerprint of each file.
    fn plan(&self, book: &Book<'_>, skin: &Skin, checked: &Checked, extra: &ExtraFiles) -> Plan {
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
            book.options.search,
        );
        let shell = fingerprint(&(skin.fingerprint, outline, course_hash, options));
        let of = |index: usize| {
            self.compiled
                .get(&book.pages[index].entry.file)
                .map_or(0, |compiled| compiled.fingerprint)
        };
        let mut plan = Plan::default();
        for document in book.documents() {
            let own = match document {
                Document::Page(index) => of(index),
                Document::Print(day) => {
                    let in_day = |index: &usize| matches!(book.pages[*index].position, course::Position::InBloc { day: d, .. } if d == day);
                    fingerprint(
                        &(0..book.pages.len())
                            .filter(in_day)
                            .map(of)
                            .collect::<Vec<_>>(),
                    )
                }
                Document::Glossary => {
                    let terms: Vec<_> = book.pages.iter().map(|page| &page.page.terms).collect();
                    fingerprint(&(&checked.definitions, terms))
                }
                _ => 0,
            };
            plan.documents.push((document, book.path(document)));
            plan.fingerprints
                .insert(book.path(document), fingerprint(&(shell, own)));
        }
        // Names of assets carry the hash of their bytes.
        plan.fingerprints.extend(
            skin.assets
                .files
                .keys()
                .chain(extra.bytes.keys())
                .map(|path| (path.clone(), 0)),
        );
        for (path, file) in &extra.content {
            plan.fingerprints.insert(
                path.clone(),
                fingerprint(&self.content.get(file).map(|file| file.hash)),
            );
        }
        plan
    }
}

/// Files of the site that are copied as they are.
#[derive(Debug, Default)]
struct ExtraFiles {
    /// Path on the site → file of the content folder.
    content: BTreeMap<String, Arc<str>>,
    /// Path on the site → bytes.
    bytes: BTreeMap<String, Vec<u8>>,
    /// Entry module of the visualizer.
    visualizer: Option<String>,
}

/// What the site consists of.
#[derive(Debug, Default)]
struct Plan {
    documents: Vec<(Document, String)>,
    /// Fingerprint of what each file is written from, by path.
    fingerprints: HashMap<String, u64>,
}

impl Plan {
    fn is_kept(&self, path: &str, site: &HashMap<String, u64>) -> bool {
        site.get(path)
            .is_some_and(|old| self.fingerprints.get(path) == Some(old))
    }
}

/// Compiles the pages of the course that are not in `compiled` as they are now; forgets those that are no longer in the
/// course. Says how many were compiled.
fn compile_pages(env: &Env<'_>, compiled: &mut HashMap<Arc<str>, Compiled>) -> usize {
    compiled.retain(|file, _| env.pages.contains(file) && is_text(env, file));
    let course = env.content.get(COURSE_FILE).map(|file| file.hash);
    let names: Vec<&str> = env.content.files().map(|file| &*file.path).collect();
    let around = fingerprint(&(course, names));
    let stale: Vec<&Arc<str>> = env
        .pages
        .iter()
        .filter(|file| is_text(env, file))
        .filter(|file| {
            compiled
                .get(*file)
                .is_none_or(|old| old.fingerprint != page_fingerprint(file, &old.page, env, around))
        })
        .collect();
    let fresh: Vec<(Arc<str>, Compiled)> = stale
        .into_par_iter()
        .filter_map(|path| {
            let (page, problems) = markdown::compile(env.content.get(path)?, env);
            let fingerprint = page_fingerprint(path, &page, env, around);
            Some((
                Arc::clone(path),
                Compiled {
                    page: Arc::new(page),
                    problems: problems.into_vec(),
                    fingerprint,
                },
            ))
        })
        .collect();
    let count = fresh.len();
    compiled.extend(fresh);
    count
}

/// True if `file` is there and can be read; what cannot is reported elsewhere.
fn is_text(env: &Env<'_>, file: &str) -> bool {
    env.content
        .get(file)
        .is_some_and(|file| file.text().is_ok())
}

/// Of everything that the page `page`, made from `file`, was compiled from; `around` stands for the course and the names of
/// all files.
fn page_fingerprint(file: &str, page: &Page, env: &Env<'_>, around: u64) -> u64 {
    let bytes = |path: &str| env.content.get(path).map(|file| file.hash);
    let includes: Vec<_> = page.depends_on.iter().map(|path| bytes(path)).collect();
    fingerprint(&(around, bytes(file), includes))
}

fn fingerprint(data: &impl Hash) -> u64 {
    let mut hasher = Xxh3Default::new();
    data.hash(&mut hasher);
    hasher.finish()
}

/// Writes the documents that changed; says how many.
fn write_documents(
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
fn write_files(
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

fn report(book: &Book<'_>, compiled: usize, written: usize) -> Report {
    Report {
        pages: book.pages.len(),
        compiled,
        written,
        simulations: book
            .pages
            .iter()
            .map(|page| page.page.counts.simulations)
            .sum(),
        quizzes: book.pages.iter().map(|page| page.page.quizzes.len()).sum(),
    }
}

/// True if the site's folder at `out` can be written: checked before a long build.
///
/// # Errors
/// If it cannot.
pub fn check_out(out: &Path) -> Result<(), OutputError> {
    let parent = out
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(disk(parent))
}

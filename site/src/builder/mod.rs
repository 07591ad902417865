//! A build from the content folder to the site's folder, and the next one, which does again only what changed.
//!
//! Nothing is told about what changed. Each page remembers a fingerprint of everything it was compiled from, each document of
//! the site a fingerprint of everything it was written from; what has the same fingerprint as in the last build is kept.
//!
//! `checking` compiles and checks the content, `site_plan` says what the site consists of and writes what changed.

mod checking;
mod error;
mod site_plan;

pub use checking::Checked;
pub use error::BuildError;

use crate::archive::Archives;
use crate::content::{Content, LoadError};
use crate::course::Course;
use crate::highlight::Highlighter;
use crate::layout::Layout;
use crate::layout::contexts::{Book, SiteOptions};
use crate::layout::documents::Scribe;
use crate::offline;
use crate::output::{OutputError, Staging, compress, disk, search};
use crate::theme::Theme;
use crate::theme::assets::{Assets, publish};
use checking::Compiled;
use site_plan::{Plan, write_documents, write_files};
use std::collections::{BTreeSet, HashMap};
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
    /// Folder of the PDF files that the printable documents link to.
    pub pdf: Option<PathBuf>,
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
    /// Make the site readable offline.
    pub offline: bool,
}

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
    theme: Option<Theme>,
    /// Ids that the theme's templates use for themselves.
    reserved_ids: BTreeSet<String>,
    skin: Option<Skin>,
    /// The labs' archives.
    archives: Archives,
    /// Fingerprint of what each file of the site was written from, by path; empty if there is no site of ours.
    site: HashMap<String, u64>,
}

/// The theme, ready to be used.
#[derive(Debug)]
struct Skin {
    layout: Layout,
    assets: Assets,
    fingerprint: u64,
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
            theme: None,
            reserved_ids: BTreeSet::new(),
            skin: None,
            archives: Archives::default(),
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
        self.theme = None;
        self.skin = None;
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
        self.archives
            .refresh(&self.content)
            .map_err(|(lab, source)| OutputError::Archive { lab, source })?;
        let extra = self.extra_files(&checked)?;
        let site_options = SiteOptions {
            base_url: self.options.base_url.clone(),
            base_path: self.options.base_path.clone(),
            dev: self.options.dev,
            visualizer: extra.visualizer.clone(),
            modules: extra.modules.clone(),
            search: self.options.pagefind.is_some(),
            pdfs: extra.pdfs(),
            offline: self.options.offline,
        };
        let book = Book::new(
            &checked.course,
            &site_options,
            &checked.pages,
            &self.archives,
        );
        let scribe = Scribe::new(&book, &skin.layout, &checked.definitions);
        let plan = self.plan(&book, skin, &checked, &extra);
        let staging = Staging::new(&self.options.out)?;
        let known = self.known_site();
        let written = write_documents(&plan, &scribe, &staging, &known)?;
        write_files(&plan, skin, &extra, &self.content, &staging, &known)?;
        if known.is_empty() {
            self.finish(&plan, &checked.course, skin, &staging)?;
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
    /// and when an index, a list of its files or compressed copies are made from it.
    fn known_site(&self) -> HashMap<String, u64> {
        let BuildOptions {
            pagefind,
            compress,
            offline,
            ..
        } = &self.options;
        let whole = pagefind.is_some() || *compress || *offline;
        if whole || !self.options.out.join("sitemap.xml").is_file() {
            HashMap::new()
        } else {
            self.site.clone()
        }
    }

    /// What is made from the whole site: search index, worker, compressed copies.
    fn finish(
        &self,
        plan: &Plan,
        course: &Course,
        skin: &Skin,
        staging: &Staging,
    ) -> Result<(), OutputError> {
        if let Some(program) = &self.options.pagefind {
            let paths = plan.documents.iter().map(|(_, path)| path.as_str());
            search::index(program, paths, staging)?;
        }
        if self.options.offline {
            offline::write(course, &skin.assets, staging)?;
        }
        if self.options.compress {
            compress::compress(staging.folder(), &self.options.out)?;
        }
        Ok(())
    }

    fn load_theme(&self) -> Result<Theme, LoadError> {
        match &self.options.theme {
            Some(folder) => Theme::from_folder(folder),
            None => Ok(Theme::embedded()),
        }
    }

    fn load_skin(&self) -> Result<Skin, BuildError> {
        let read_now;
        let theme = if let Some(theme) = &self.theme {
            theme
        } else {
            read_now = self.load_theme()?;
            &read_now
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
}

fn fingerprint(data: &impl Hash) -> u64 {
    let mut hasher = Xxh3Default::new();
    data.hash(&mut hasher);
    hasher.finish()
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

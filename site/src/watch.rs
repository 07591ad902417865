//! Build, then build again whenever a file of the content or of the theme changes.
//!
//! Editors write a file in several steps: changes are gathered until none comes for a moment, then built in one go.

use crate::builder::Builder;
use crate::content::is_ignored;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long nothing must have changed before a build starts.
const QUIET: Duration = Duration::from_millis(30);

/// What changed since the last build.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files of the content folder, relative to it.
    pub files: BTreeSet<String>,
    /// A folder appeared or went: everything must be read again.
    pub folders: bool,
    /// The theme changed.
    pub theme: bool,
}

impl Changes {
    /// True if nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Tells `builder`.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn apply(&self, builder: &mut Builder) -> Result<(), crate::content::LoadError> {
        if self.theme {
            builder.forget_theme();
        }
        if self.folders {
            return builder.reload();
        }
        builder
            .refresh(&self.files.iter().cloned().collect::<Vec<_>>())
            .map(drop)
    }
}

/// Watches the content folder and, if there is one on disk, the theme's.
#[derive(Debug)]
pub struct Watch {
    content: PathBuf,
    theme: Option<PathBuf>,
    events: Receiver<notify::Result<Event>>,
    /// Stops watching when dropped.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Starts watching.
    ///
    /// # Errors
    /// If the system cannot watch the folders.
    pub fn start(content: &Path, theme: Option<&Path>) -> notify::Result<Self> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(move |event| {
            // The receiver is gone only when the watch has ended.
            let _ = sender.send(event);
        })?;
        // Events carry absolute paths.
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (content, theme) = (absolute(content), theme.map(absolute));
        watcher.watch(&content, RecursiveMode::Recursive)?;
        if let Some(theme) = &theme {
            watcher.watch(theme, RecursiveMode::Recursive)?;
        }
        Ok(Self {
            content,
            theme,
            events,
            _watcher: watcher,
        })
    }

    /// Waits for changes; `None` when there is nothing left to watch.
    pub fn next(&self) -> Option<Changes> {
        loop {
            let mut changes = Changes::default();
            self.add(self.events.recv().ok()?, &mut changes);
            while let Ok(event) = self.events.recv_timeout(QUIET) {
                self.add(event, &mut changes);
            }
            if !changes.is_empty() {
                return Some(changes);
            }
        }
    }

    fn add(&self, event: notify::Result<Event>, changes: &mut Changes) {
        let Ok(event) = event else {
            changes.folders = true;
            return;
        };
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for path in &event.paths {
            if self
                .theme
                .as_ref()
                .is_some_and(|theme| path.starts_with(theme))
            {
                changes.theme = true;
            } else if let Ok(relative) = path.strip_prefix(&self.content) {
                add_file(relative, path, event.kind, changes);
            }
        }
    }
}

fn add_file(relative: &Path, path: &Path, kind: EventKind, changes: &mut Changes) {
    let parts: Vec<String> = relative
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let Some((name, folders)) = parts.split_last() else {
        return;
    };
    if is_ignored(name, false) || folders.iter().any(|folder| is_ignored(folder, true)) {
        return;
    }
    let was_file = Path::new(name).extension().is_some();
    if path.is_dir() || (matches!(kind, EventKind::Remove(_)) && !was_file) {
        // A change inside a folder is also told of the folder itself, without anything new to read.
        changes.folders |= matches!(
            kind,
            EventKind::Create(_)
                | EventKind::Remove(_)
                | EventKind::Modify(notify::event::ModifyKind::Name(_))
        );
    } else {
        changes.files.insert(parts.join("/"));
    }
}

//! Waits until something changes that an answer depends on.
//!
//! The folders that were looked into are watched one by one: to watch everything below the root
//! would take in build output and what is ignored, and use up what the system has for it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::tree::dir;
use crate::{Workspace, rules, sys};

/// How long nothing may change before what changed counts as done: editors write in several steps.
const QUIET: Duration = Duration::from_millis(60);

/// How long a change waits at most for the next one.
const PATIENCE: Duration = Duration::from_secs(1);

/// What git changes in its folder when another commit is checked out, made or fetched.
const GIT_FILES: [&str; 4] = ["HEAD", "FETCH_HEAD", "packed-refs", "shallow"];

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system watches no more folders.
    #[error("the system does not let so many folders be watched")]
    TooMany,
    /// The system refused.
    #[error("the folders cannot be watched: {0}")]
    System(String),
}

impl From<notify::Error> for WatchError {
    fn from(error: notify::Error) -> Self {
        match error.kind {
            ErrorKind::MaxFilesWatch => Self::TooMany,
            ErrorKind::Io(error) => Self::System(sys::reason(&error)),
            _ => Self::System(error.to_string()),
        }
    }
}

/// Watches the folders of a workspace.
#[derive(Debug)]
pub struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    folders: BTreeSet<PathBuf>,
    /// Files beside those of the workspace that matter: absolute paths.
    also: Vec<PathBuf>,
}

impl Watch {
    /// Watches nothing yet. `also` are files whose content matters, whatever they are called, as
    /// long as they lie in a folder of the workspace.
    ///
    /// # Errors
    /// When the system has no means to watch.
    pub fn new(also: Vec<PathBuf>) -> Result<Self, WatchError> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender)?;
        Ok(Self {
            watcher,
            events,
            folders: BTreeSet::new(),
            also,
        })
    }

    /// Watches the folders that a workspace was read from, and no others. True when some are new:
    /// what changed in them since they were read went unseen.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn follow(&mut self, ws: &Workspace) -> Result<bool, WatchError> {
        let wanted = folders(ws);
        let old: Vec<PathBuf> = self.folders.difference(&wanted).cloned().collect();
        for folder in old {
            self.forget(&folder);
        }
        let new: Vec<PathBuf> = wanted.difference(&self.folders).cloned().collect();
        let mut is_new = false;
        for folder in new {
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.folders.insert(folder);
                    is_new = true;
                }
                // It is gone by now, or was never to be looked into.
                Err(_) if !folder.is_dir() || std::fs::read_dir(&folder).is_err() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(is_new)
    }

    /// Waits until something changes that answers from a workspace depend on, and until it is done.
    ///
    /// # Errors
    /// When the system has stopped watching.
    pub fn wait(&mut self, ws: &Workspace) -> Result<(), WatchError> {
        let stopped = || WatchError::System("the system has stopped watching".to_owned());
        loop {
            let event = self.events.recv().map_err(|_| stopped())?;
            if self.matters(ws, event) {
                break;
            }
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(QUIET.min(left)) {
                Ok(event) => {
                    self.matters(ws, event);
                }
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(stopped()),
            }
        }
    }

    /// True for an event after which an answer may be another.
    fn matters(&mut self, ws: &Workspace, event: notify::Result<Event>) -> bool {
        // What was missed may have been anything.
        let Ok(event) = event else { return true };
        if event.need_rescan() {
            return true;
        }
        let is_name = match event.kind {
            EventKind::Access(_) => return false,
            EventKind::Create(_)
            | EventKind::Remove(_)
            | EventKind::Modify(ModifyKind::Name(_)) => true,
            _ => false,
        };
        if is_name {
            // A folder of the same name that takes its place is another one.
            for path in &event.paths {
                let below: Vec<PathBuf> = self
                    .folders
                    .range(path.clone()..)
                    .take_while(|folder| folder.starts_with(path))
                    .cloned()
                    .collect();
                for folder in below {
                    self.forget(&folder);
                }
            }
        }
        event
            .paths
            .iter()
            .any(|path| self.also.contains(path) || concerns(ws, path, is_name).unwrap_or_default())
    }

    fn forget(&mut self, folder: &Path) {
        self.folders.remove(folder);
        // The system has done so itself where the folder is gone.
        let _ = self.watcher.unwatch(folder);
    }
}

/// True when a file or folder matters that came or went (`is_name`), or whose content changed.
fn concerns(ws: &Workspace, path: &Path, is_name: bool) -> Option<bool> {
    if let Some(cache) = &ws.cache_dir
        && path.starts_with(cache.canonicalize().ok().as_ref().unwrap_or(cache))
    {
        return Some(false);
    }
    let git = git_folder(ws.root());
    if let Some(rest) = git.and_then(|git| path.strip_prefix(git).ok().map(Path::to_owned)) {
        let is_log = rest == Path::new("logs/HEAD");
        return Some(is_log || GIT_FILES.iter().any(|name| rest == Path::new(name)));
    }
    let inside = path.strip_prefix(ws.root()).ok()?;
    let name = inside.file_name()?;
    if rules::is_never_entered(&sys::os_bytes(name)) {
        return Some(false);
    }
    if is_name || inside.starts_with(".planwright") {
        return Some(true);
    }
    let text = crate::path::slashed(inside);
    let dialects = ws.dialects();
    Some(
        rules::is_rules_file(&sys::os_bytes(name))
            || dialects.is_candidate(&text)
            || dialects.is_relations_file(&text),
    )
}

/// The folders that were looked into, those of the configuration and those of git.
fn folders(ws: &Workspace) -> BTreeSet<PathBuf> {
    let tree = &ws.opened.tree;
    let looked_into = tree
        .live_dirs()
        .filter(|dir| tree.dirs[*dir].flags & dir::CLOSED == 0)
        .map(|dir| ws.root.absolute(tree.path(dir)));
    let mut folders: BTreeSet<PathBuf> = looked_into.collect();
    folders.insert(ws.root().to_owned());
    let own = ws.root().join(".planwright");
    let dialects = own.join("dialects");
    if let Ok(entries) = std::fs::read_dir(&dialects) {
        for folder in entries.flatten().map(|entry| entry.path()) {
            folders.insert(folder.join("templates"));
            folders.insert(folder);
        }
    }
    folders.extend([own, dialects]);
    if let Some(git) = git_folder(ws.root()) {
        folders.insert(git.join("logs"));
        folders.insert(git);
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

/// The folder in which git keeps what it knows of a work tree.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    rules::git_dir(&git)?.canonicalize().ok()
}

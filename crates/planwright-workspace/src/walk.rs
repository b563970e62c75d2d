//! Lists folders, alone or with everything beneath them.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use planwright_dialect::Dialects;

use crate::rules::{self, Level, Marks, Rules};
use crate::sys::{self, FileKind, Root, Stat};
use crate::tree::{dir, file, push_name, shown};

/// What a folder holds, before any rule.
#[derive(Debug)]
pub(crate) struct Listing {
    /// The folder's status before it was listed.
    pub(crate) stat: Stat,
    /// Its entries in the system's order.
    pub(crate) entries: Vec<(Vec<u8>, FileKind)>,
}

impl Listing {
    pub(crate) fn marks(&self) -> Marks {
        let mut marks = Marks::default();
        for (name, kind) in &self.entries {
            match name.as_slice() {
                b".gitignore" => marks.gitignore |= *kind != FileKind::Dir,
                b".ignore" => marks.ignore |= *kind != FileKind::Dir,
                b".git" => marks.repository = true,
                b".jj" => marks.repository |= *kind == FileKind::Dir,
                _ => {}
            }
        }
        marks
    }
}

/// Lists a folder; what the system said when it cannot be listed.
pub(crate) fn list(root: &Root, path: &[u8]) -> std::io::Result<Listing> {
    // The status comes first: a change while the folder is being listed makes it stale.
    let stat = root.stat(path)?;
    if stat.kind != FileKind::Dir {
        return Err(std::io::ErrorKind::NotADirectory.into());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(root.absolute(path))? {
        let entry = entry?;
        let kind = entry.file_type().map_or(FileKind::Other, FileKind::from);
        entries.push((sys::os_bytes(&entry.file_name()).into_owned(), kind));
    }
    Ok(Listing { stat, entries })
}

/// A folder after the rules.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) path: Vec<u8>,
    /// Status of the folder.
    pub(crate) key: u64,
    /// Bits of [`mod@dir`].
    pub(crate) flags: u8,
    /// Files that matter, with bits of [`mod@file`].
    pub(crate) files: Vec<(Vec<u8>, u8)>,
    /// Names of the folders beneath it that are looked into.
    pub(crate) folders: Vec<Vec<u8>>,
    /// Why it could not be listed.
    pub(crate) problem: Option<String>,
}

/// A folder that is to be listed, and the rules outside it.
type Task = (Vec<u8>, Option<Arc<Level>>);

/// Applies the rules to folders.
pub(crate) struct Walker<'a> {
    pub(crate) root: &'a Root,
    pub(crate) rules: &'a Rules,
    pub(crate) dialects: &'a Dialects,
    /// When the walk began, in nanoseconds since the Unix epoch.
    pub(crate) now: i64,
}

impl Walker<'_> {
    /// Lists folders and everything beneath them, on several threads.
    pub(crate) fn walk(&self, start: Vec<Task>, threads: usize) -> Vec<Found> {
        let queue = Queue::new(start);
        let work = || {
            let mut all = Vec::new();
            while let Some((path, outer)) = queue.take() {
                let Some((found, level)) = self.visit(path, outer) else {
                    queue.add(std::iter::empty());
                    continue;
                };
                queue.add(found.folders.iter().map(|name| {
                    let mut path = Vec::with_capacity(found.path.len() + 1 + name.len());
                    push_name(&mut path, &found.path, name);
                    (path, level.clone())
                }));
                all.push(found);
            }
            all
        };
        crate::parallel::run(threads, work)
            .into_iter()
            .flatten()
            .collect()
    }

    /// Lists one folder; also gives the rules inside it. `None` when it is gone by now.
    fn visit(
        &self,
        path: Vec<u8>,
        outer: Option<Arc<Level>>,
    ) -> Option<(Found, Option<Arc<Level>>)> {
        match list(self.root, &path) {
            Ok(listing) => {
                let level = self
                    .rules
                    .enter(outer, &self.root.absolute(&path), listing.marks());
                Some((self.apply(path, &listing, level.as_ref()), level))
            }
            Err(error) if is_gone(&error) => None,
            Err(error) => Some((broken(path, &error), outer)),
        }
    }

    /// Applies the rules inside a folder to what it holds.
    pub(crate) fn apply(
        &self,
        path: Vec<u8>,
        listing: &Listing,
        level: Option<&Arc<Level>>,
    ) -> Found {
        let mut found = Found {
            key: listing.stat.key,
            flags: self.dir_flags(&path, listing),
            path,
            files: Vec::new(),
            folders: Vec::new(),
            problem: None,
        };
        if found.flags & dir::CLOSED != 0 {
            return found;
        }
        for (name, kind) in &listing.entries {
            if *kind == FileKind::Dir {
                if self.enters(&found.path, name, level) {
                    found.folders.push(name.clone());
                }
            } else if let Some(flags) = self.file_flags(&found.path, name, *kind, level) {
                found.files.push((name.clone(), flags));
            }
        }
        found
    }

    /// Bits of [`mod@dir`] for a folder that could be listed.
    pub(crate) fn dir_flags(&self, path: &[u8], listing: &Listing) -> u8 {
        let mut flags = 0;
        if listing.stat.is_racy(self.now) {
            flags |= dir::RACY;
        }
        if listing.marks().repository {
            flags |= dir::REPOSITORY;
        }
        let has = |wanted: &[u8]| listing.entries.iter().any(|(name, _)| name == wanted);
        let is_build_output =
            (path == b"target" || path.ends_with(b"/target")) && has(b"CACHEDIR.TAG");
        let is_copy = !path.is_empty()
            && has(b".git")
            && rules::is_linked_work_tree(&self.root.absolute(path));
        if is_build_output || is_copy {
            flags |= dir::CLOSED;
        }
        flags
    }

    /// True when a folder is to be looked into.
    pub(crate) fn enters(&self, dir: &[u8], name: &[u8], level: Option<&Arc<Level>>) -> bool {
        if rules::is_never_entered(name) {
            return false;
        }
        let mut path = Vec::with_capacity(dir.len() + 1 + name.len());
        push_name(&mut path, dir, name);
        !self.rules.exclude(level, &self.root.absolute(&path), true)
    }

    /// Bits of [`mod@file`] for a file that matters.
    pub(crate) fn file_flags(
        &self,
        dir: &[u8],
        name: &[u8],
        kind: FileKind,
        level: Option<&Arc<Level>>,
    ) -> Option<u8> {
        let link = if kind == FileKind::Link {
            file::LINK
        } else {
            0
        };
        if rules::is_rules_file(name) {
            return Some(file::RULES | file::UNREAD | link);
        }
        let mut path = Vec::with_capacity(dir.len() + 1 + name.len());
        push_name(&mut path, dir, name);
        let text = shown(&path);
        let flags = if self.dialects.is_relations_file(&text) {
            file::RELATIONS | file::UNREAD
        } else if self.dialects.is_candidate(&text) {
            file::CANDIDATE | file::UNREAD
        } else {
            return None;
        };
        let excluded = self.rules.exclude(level, &self.root.absolute(&path), false);
        (!excluded).then_some(flags | link)
    }
}

/// True for an error that says that there is no such folder or file.
pub(crate) fn is_gone(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
    )
}

/// The record of a folder that could not be listed.
pub(crate) fn broken(path: Vec<u8>, error: &std::io::Error) -> Found {
    Found {
        path,
        key: 0,
        flags: dir::BROKEN,
        files: Vec::new(),
        folders: Vec::new(),
        problem: Some(sys::reason(error)),
    }
}

/// Folders that wait to be listed, shared by the threads of a walk.
struct Queue {
    state: Mutex<(Vec<Task>, usize)>,
    changed: Condvar,
}

impl Queue {
    fn new(tasks: Vec<Task>) -> Self {
        Self {
            state: Mutex::new((tasks, 0)),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, (Vec<Task>, usize)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next folder, or `None` when all have been listed. Each folder taken is given back by
    /// [`Queue::add`] with what was found in it.
    fn take(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if let Some(task) = state.0.pop() {
                state.1 += 1;
                return Some(task);
            }
            if state.1 == 0 {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn add(&self, tasks: impl Iterator<Item = Task>) {
        let mut state = self.lock();
        state.0.extend(tasks);
        state.1 -= 1;
        drop(state);
        self.changed.notify_all();
    }
}

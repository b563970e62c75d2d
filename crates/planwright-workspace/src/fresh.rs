//! Proves that what is known about the tree is still true, without walking it.
//!
//! A folder whose status is unchanged holds the same names, so its files need only a status each.
//! Folders that changed are listed here too, on the same threads.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::parallel::Portions;
use crate::sys::{FileKind, Root};
use crate::tree::{Tree, dir, file};
use crate::walk::{self, Listing};

/// A folder that is not as it was.
#[derive(Debug)]
pub(crate) enum DirChange {
    /// It is no longer there.
    Gone,
    /// It was listed anew.
    Listed(Listing),
    /// It cannot be listed.
    Broken(io::Error),
}

/// What is no longer as it was.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Index of the folder.
    pub(crate) dirs: Vec<(usize, DirChange)>,
    /// Indexes of the files whose status is not what it was, or that need a look for other reasons;
    /// ascending.
    pub(crate) files: Vec<usize>,
}

/// How many names one portion of work holds.
const PORTION: usize = 128;

/// A check that several threads take part in.
pub(crate) struct Check<'a> {
    root: &'a Root,
    tree: &'a Tree,
    dirs: Portions,
    files: Portions,
    changes: Mutex<Changes>,
}

impl<'a> Check<'a> {
    /// A check of everything.
    pub(crate) fn new(root: &'a Root, tree: &'a Tree) -> Self {
        Self {
            root,
            tree,
            dirs: Portions::new(tree.dirs.len(), PORTION),
            files: Portions::new(tree.files.len(), PORTION),
            changes: Mutex::default(),
        }
    }

    /// A check of the folders alone: which files came and went.
    pub(crate) fn of_folders(root: &'a Root, tree: &'a Tree) -> Self {
        Self {
            files: Portions::new(0, PORTION),
            ..Self::new(root, tree)
        }
    }

    /// A check of the files alone.
    pub(crate) fn of_files(root: &'a Root, tree: &'a Tree) -> Self {
        Self {
            dirs: Portions::new(0, PORTION),
            ..Self::new(root, tree)
        }
    }

    /// Takes part until nothing is left to be taken.
    pub(crate) fn work(&self) {
        let mut found = Changes::default();
        while let Some(portion) = self.dirs.take() {
            found
                .dirs
                .extend(portion.filter_map(|dir| Some((dir, self.dir_change(dir)?))));
        }
        let mut path = Vec::new();
        while let Some(portion) = self.files.take() {
            // Folders hold ascending ranges of files.
            let mut dir = self
                .tree
                .dirs
                .partition_point(|dir| (dir.first as usize) <= portion.start);
            dir = dir.saturating_sub(1);
            for index in portion {
                while !self.tree.files_of(dir).contains(&index) {
                    dir += 1;
                }
                if self.is_changed(dir, index, &mut path) {
                    found.files.push(index);
                }
            }
        }
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.dirs.extend(found.dirs);
        changes.files.extend(found.files);
    }

    /// Those of some files, given by the indexes of their folder and their own, whose status is not
    /// what it was; ascending, each once.
    pub(crate) fn changed_among(&self, files: &[(usize, usize)]) -> Vec<usize> {
        let mut path = Vec::new();
        let changed = files
            .iter()
            .filter(|(dir, file)| self.is_changed(*dir, *file, &mut path));
        let mut changed: Vec<usize> = changed.map(|(_, file)| *file).collect();
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// What was found by all.
    pub(crate) fn finish(&self) -> Changes {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changes = std::mem::take(&mut *changes);
        changes.dirs.sort_unstable_by_key(|(dir, _)| *dir);
        changes.files.sort_unstable();
        changes
    }

    fn dir_change(&self, index: usize) -> Option<DirChange> {
        let path = self.tree.path(index);
        let known = self.tree.dirs[index];
        match self.root.stat(path) {
            Ok(stat) if stat.kind != FileKind::Dir => return Some(DirChange::Gone),
            Ok(stat) if stat.key == known.key && known.flags & (dir::RACY | dir::BROKEN) == 0 => {
                return None;
            }
            Err(error) if walk::is_gone(&error) => return Some(DirChange::Gone),
            Ok(_) | Err(_) => {}
        }
        Some(match walk::list(self.root, path) {
            Ok(listing) => DirChange::Listed(listing),
            Err(error) if walk::is_gone(&error) => DirChange::Gone,
            Err(error) => DirChange::Broken(error),
        })
    }

    fn is_changed(&self, dir: usize, index: usize, path: &mut Vec<u8>) -> bool {
        let known = &self.tree.files[index];
        if known.is(file::RACY | file::UNREAD | file::LINK) {
            return true;
        }
        self.tree.file_path(dir, index, path);
        self.root
            .stat(path)
            .map_or(true, |stat| stat.key != known.key)
    }
}

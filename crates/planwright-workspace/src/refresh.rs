//! Brings what is known about the tree up to date: walks what is new, keeps what is proven.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rapidhash::RapidHashMap;

use crate::fresh::{Changes, DirChange};
use crate::rules::Level;
use crate::shard::{ShardSet, shard_of};
use crate::sys::{FileKind, os_path};
use crate::tree::{File, Name, Tree, dir, file, push_name, shown};
use crate::walk::{Found, Listing, Walker, broken};

/// The tree as it is now.
#[derive(Debug, Default)]
pub(crate) struct Refreshed {
    /// Files that must be looked at: indexes of folder and file.
    pub(crate) pending: Vec<(usize, usize)>,
    /// Paths of listed documents that are gone.
    pub(crate) gone: Vec<String>,
    /// Paths of files that stated relations and are gone.
    pub(crate) gone_stated: Vec<String>,
    /// How many candidates are gone, listed or not.
    pub(crate) removed: u32,
    /// Folders that cannot be listed, and why.
    pub(crate) problems: Vec<(String, String)>,
    /// Shards of the tree that are to be written.
    pub(crate) dirty: ShardSet,
}

impl Refreshed {
    fn forget(&mut self, path: &[u8], known: &File) {
        if known.is(file::LISTED) {
            self.gone.push(shown(path).into_owned());
        }
        if known.is(file::RELATIONS) {
            self.gone_stated.push(shown(path).into_owned());
        }
        self.removed += u32::from(known.is(file::CANDIDATE));
    }

    fn note_problem(&mut self, found: &Found) {
        if let Some(reason) = &found.problem {
            let path = if found.path.is_empty() {
                "."
            } else {
                &*shown(&found.path)
            };
            self.problems.push((path.to_owned(), reason.clone()));
        }
    }
}

/// Only a full walk can tell what the tree holds now: ignore rules changed, or so much else that
/// nothing is won by taking the changes one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NeedsWalk;

/// Walks everything. What the old tree knew about a file is carried over; whether it still holds
/// is for the caller to check.
pub(crate) fn from_scratch(walker: &Walker<'_>, old: &Tree, threads: usize) -> (Tree, Refreshed) {
    let mut found = walker.walk(vec![(Vec::new(), walker.rules.above())], threads);
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let mut path = Vec::new();
    let mut known: RapidHashMap<Vec<u8>, File> = RapidHashMap::default();
    for (dir, file) in old.live_files() {
        old.file_path(dir, file, &mut path);
        known.insert(path.clone(), old.files[file]);
    }
    let mut tree = Tree::default();
    let mut refreshed = Refreshed {
        dirty: ShardSet::all(),
        ..Refreshed::default()
    };
    for found in found {
        refreshed.note_problem(&found);
        let files: Vec<(Vec<u8>, File)> = found
            .files
            .into_iter()
            .map(|(name, flags)| {
                if known.is_empty() {
                    return (name, new_file(flags));
                }
                path.clear();
                push_name(&mut path, &found.path, &name);
                let record = match known.remove(&path) {
                    Some(old) if is_same_sort(flags, old.flags) => old,
                    Some(old) => {
                        refreshed.forget(&path, &old);
                        new_file(flags)
                    }
                    None => new_file(flags),
                };
                (name, record)
            })
            .collect();
        tree.add(&found.path, found.key, found.flags, &files);
    }
    for (path, file) in known {
        refreshed.forget(&path, &file);
    }
    (tree, refreshed)
}

/// Takes single changes into the tree.
///
/// # Errors
/// When a full walk is needed. The tree is then unchanged.
pub(crate) fn incremental(
    walker: &Walker<'_>,
    tree: &mut Tree,
    changes: Changes,
    threads: usize,
) -> Result<Refreshed, NeedsWalk> {
    let mut refreshed = Refreshed::default();
    let Changes { dirs, files } = changes;
    let mut pending: BTreeMap<usize, usize> = BTreeMap::new();
    let is_many = dirs.len() > 64 + tree.dirs.len() / 32;
    if is_many
        || dirs
            .iter()
            .any(|(index, change)| changes_rules(walker, tree, *index, change))
    {
        return Err(NeedsWalk);
    }
    if !dirs.is_empty() {
        let mut update = Update {
            walker,
            gone: HashSet::new(),
            new: Vec::new(),
            refreshed: &mut refreshed,
        };
        for (index, change) in dirs {
            update.dir(tree, index, change, &files, &mut pending);
        }
        update.drop_gone(tree);
        let new = std::mem::take(&mut update.new);
        update.add_new(tree, new, threads, &mut pending);
    }
    pending.extend(owners(tree, &files));
    refreshed.pending = pending
        .into_iter()
        .filter(|(_, dir)| !tree.dirs[*dir].gone)
        .map(|(file, dir)| (dir, file))
        .collect();
    Ok(refreshed)
}

/// The folder of each of some files that still belong to one, both ascending. Files of a folder
/// that was listed anew have new records.
pub(crate) fn owners(tree: &Tree, files: &[usize]) -> Vec<(usize, usize)> {
    if files.is_empty() {
        return Vec::new();
    }
    let mut dirs: Vec<usize> = tree
        .live_dirs()
        .filter(|dir| tree.dirs[*dir].count > 0)
        .collect();
    dirs.sort_unstable_by_key(|dir| tree.dirs[*dir].first);
    files
        .iter()
        .filter_map(|file| {
            let at = dirs.partition_point(|dir| tree.dirs[*dir].first as usize <= *file);
            let dir = *dirs.get(at.checked_sub(1)?)?;
            tree.files_of(dir).contains(file).then_some((*file, dir))
        })
        .collect()
}

struct Update<'a, 'b> {
    walker: &'a Walker<'a>,
    /// Paths of folders that are gone, with everything beneath them.
    gone: HashSet<Vec<u8>>,
    /// Folders that are new, and the rules outside them.
    new: Vec<(Vec<u8>, Option<Arc<Level>>)>,
    refreshed: &'b mut Refreshed,
}

impl Update<'_, '_> {
    /// Takes one folder that changed.
    fn dir(
        &mut self,
        tree: &mut Tree,
        index: usize,
        change: DirChange,
        changed_files: &[usize],
        pending: &mut BTreeMap<usize, usize>,
    ) {
        let path = tree.path(index).to_vec();
        match change {
            DirChange::Gone => {
                self.gone.insert(path);
            }
            DirChange::Broken(error) => {
                let found = broken(path, &error);
                self.refreshed.note_problem(&found);
                self.close_missing_children(tree, &found);
                self.replace(tree, index, &found, &[], changed_files, pending);
            }
            DirChange::Listed(listing) => {
                self.listed(tree, index, path, &listing, changed_files, pending);
            }
        }
    }

    fn listed(
        &mut self,
        tree: &mut Tree,
        index: usize,
        path: Vec<u8>,
        listing: &Listing,
        changed_files: &[usize],
        pending: &mut BTreeMap<usize, usize>,
    ) {
        let flags = self.walker.dir_flags(&path, listing);
        let mut found = Found {
            path,
            key: listing.stat.key,
            flags,
            files: Vec::new(),
            folders: Vec::new(),
            problem: None,
        };
        if flags & dir::CLOSED != 0 {
            self.close_missing_children(tree, &found);
            self.replace(tree, index, &found, &[], changed_files, pending);
            return;
        }
        // The rules are read only where a name is new: what is known has passed them.
        let mut rules: Option<Option<Arc<Level>>> = None;
        let walker = self.walker;
        let mut level = |path: &[u8]| {
            rules
                .get_or_insert_with(|| walker.rules.chain(&os_path(path)))
                .clone()
        };
        let names: HashMap<&[u8], usize> = tree
            .files_of(index)
            .map(|file| (tree.bytes(tree.files[file].name), file))
            .collect();
        let children = children(tree, &found.path);
        let mut kept = Vec::new();
        for (name, kind) in &listing.entries {
            if *kind == FileKind::Dir {
                if children.contains(name.as_slice()) {
                    found.folders.push(name.clone());
                } else if walker.enters(&found.path, name, level(&found.path).as_ref()) {
                    let mut child = Vec::new();
                    push_name(&mut child, &found.path, name);
                    self.new.push((child, level(&found.path)));
                }
                continue;
            }
            let is_link = *kind == FileKind::Link;
            let old = names.get(name.as_slice()).copied();
            if let Some(old) = old.filter(|old| tree.files[*old].is(file::LINK) == is_link) {
                kept.push((name.clone(), Some(old), tree.files[old].flags));
                continue;
            }
            let level = level(&found.path);
            if let Some(flags) = walker.file_flags(&found.path, name, *kind, level.as_ref()) {
                kept.push((name.clone(), None, flags));
            }
        }
        self.close_missing_children(tree, &found);
        self.replace(tree, index, &found, &kept, changed_files, pending);
    }

    /// Gives a folder its new record. `kept` names its files, each with its old index where it has
    /// one, and its flags where it is new.
    fn replace(
        &mut self,
        tree: &mut Tree,
        index: usize,
        found: &Found,
        kept: &[(Vec<u8>, Option<usize>, u8)],
        changed_files: &[usize],
        pending: &mut BTreeMap<usize, usize>,
    ) {
        let old = tree.dirs[index];
        let old_range = tree.files_of(index);
        let is_same = old.key == found.key
            && old.flags == found.flags
            && kept.len() == old_range.len()
            && kept.iter().all(|(_, old, _)| old.is_some());
        if is_same {
            return;
        }
        self.refreshed.dirty.insert(shard_of(&found.path));
        let remaining: HashSet<usize> = kept.iter().filter_map(|(_, old, _)| *old).collect();
        let mut path = Vec::new();
        for gone in old_range.filter(|file| !remaining.contains(file)) {
            tree.file_path(index, gone, &mut path);
            let known = tree.files[gone];
            self.refreshed.forget(&path, &known);
        }
        let files: Vec<(Vec<u8>, File)> = kept
            .iter()
            .map(|(name, old, flags)| {
                (
                    name.clone(),
                    old.map_or_else(|| new_file(*flags), |old| tree.files[old]),
                )
            })
            .collect();
        let first = tree.add_files(&files);
        let record = &mut tree.dirs[index];
        (record.key, record.flags) = (found.key, found.flags);
        (record.first, record.count) = (first, files.len() as u32);
        for (at, (_, old, flags)) in kept.iter().enumerate() {
            let is_new = old.is_none() && flags & file::UNREAD != 0;
            if is_new || old.is_some_and(|old| changed_files.binary_search(&old).is_ok()) {
                pending.insert(first as usize + at, index);
            }
        }
    }

    /// Marks the known folders that are no longer in a folder as gone.
    fn close_missing_children(&mut self, tree: &Tree, found: &Found) {
        for name in children(tree, &found.path) {
            if !found.folders.iter().any(|folder| folder == name) {
                let mut child = Vec::new();
                push_name(&mut child, &found.path, name);
                self.gone.insert(child);
            }
        }
    }

    /// Forgets folders that are gone, and everything beneath them.
    fn drop_gone(&mut self, tree: &mut Tree) {
        if self.gone.is_empty() {
            return;
        }
        let is_gone = |path: &[u8]| {
            let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
            self.gone.contains(path)
                || slashes
                    .into_iter()
                    .any(|(at, _)| self.gone.contains(&path[..at]))
        };
        let gone: Vec<usize> = tree
            .live_dirs()
            .filter(|dir| is_gone(tree.path(*dir)))
            .collect();
        let mut path = Vec::new();
        for index in gone {
            for file in tree.files_of(index) {
                tree.file_path(index, file, &mut path);
                let known = tree.files[file];
                self.refreshed.forget(&path, &known);
            }
            self.refreshed.dirty.insert(shard_of(tree.path(index)));
            tree.dirs[index].gone = true;
        }
    }

    /// Walks the folders that are new.
    fn add_new(
        &mut self,
        tree: &mut Tree,
        new: Vec<(Vec<u8>, Option<Arc<Level>>)>,
        threads: usize,
        pending: &mut BTreeMap<usize, usize>,
    ) {
        let new = new
            .into_iter()
            .filter(|(path, _)| !self.is_beneath_gone(path))
            .collect::<Vec<_>>();
        if new.is_empty() {
            return;
        }
        for found in self.walker.walk(new, threads) {
            self.refreshed.note_problem(&found);
            self.refreshed.dirty.insert(shard_of(&found.path));
            let files: Vec<(Vec<u8>, File)> = found
                .files
                .iter()
                .map(|(name, flags)| (name.clone(), new_file(*flags)))
                .collect();
            let index = tree.add(&found.path, found.key, found.flags, &files);
            let unread = tree
                .files_of(index)
                .filter(|file| tree.files[*file].is(file::UNREAD));
            pending.extend(unread.map(|file| (file, index)));
        }
    }

    /// True for a folder whose parent, or one above it, is gone by now.
    fn is_beneath_gone(&self, path: &[u8]) -> bool {
        path.iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'/')
            .any(|(at, _)| self.gone.contains(&path[..at]))
    }
}

/// True when a changed folder has other ignore rules than before, so that folders beneath it may be
/// concerned which did not change themselves.
fn changes_rules(walker: &Walker<'_>, tree: &Tree, index: usize, change: &DirChange) -> bool {
    let old = tree.dirs[index];
    let known = &tree.files[tree.files_of(index)];
    let old_rules = known.iter().filter(|known| known.is(file::RULES)).count();
    match change {
        DirChange::Gone => false,
        DirChange::Broken(_) => old_rules > 0,
        DirChange::Listed(listing) => {
            let flags = walker.dir_flags(tree.path(index), listing);
            // Nothing beneath a folder that is or was closed is known.
            if (flags | old.flags) & (dir::CLOSED | dir::BROKEN) != 0 {
                return false;
            }
            let marks = listing.marks();
            let rules = usize::from(marks.ignore) + usize::from(marks.gitignore);
            (flags ^ old.flags) & dir::REPOSITORY != 0 || rules != old_rules
        }
    }
}

/// Names of the known folders directly in a folder.
fn children<'a>(tree: &'a Tree, folder: &[u8]) -> HashSet<&'a [u8]> {
    let name = |path: &'a [u8]| {
        let name = if folder.is_empty() {
            path
        } else {
            path.strip_prefix(folder)?.strip_prefix(b"/")?
        };
        (!name.is_empty() && !name.contains(&b'/')).then_some(name)
    };
    tree.live_dirs()
        .filter_map(|dir| name(tree.path(dir)))
        .collect()
}

/// A file that has not been looked at.
fn new_file(flags: u8) -> File {
    File {
        name: Name::default(),
        key: 0,
        content: 0,
        flags,
    }
}

/// True when a record fits what was found now.
fn is_same_sort(found: u8, known: u8) -> bool {
    let sort = file::CANDIDATE | file::RELATIONS | file::RULES | file::LINK;
    found & sort == known & sort
}

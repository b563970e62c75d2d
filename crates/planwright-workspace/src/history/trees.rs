//! Reads trees and files of any commit, without checking it out.

use std::collections::{BTreeMap, HashMap};
use std::io;

use serde::{Deserialize, Serialize};

use super::boxes::{has_ending, is_document};
use super::columns::Column;
use super::id::Id;
use super::run::Objects;
use super::store::File;
use super::{History, NoHistory};

/// Larger trees and files are not read, in bytes.
const LARGE: usize = 64 * 1024 * 1024;

/// What of a tree is kept: its folders, and the files that may be documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tree {
    folders: Vec<(String, Column<u8>)>,
    files: Vec<(String, Column<u8>)>,
}

/// Trees that were read, by the bytes of their id.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Cache {
    trees: BTreeMap<Vec<u8>, Tree>,
}

/// A file in one or more of the trees that were looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) blob: Id,
    /// Numbers of the commits that have it so.
    pub(super) members: Vec<u32>,
}

/// True for the name of a file that may be a document: Markdown, or the JSON of a board.
fn may_be_document(name: &str) -> bool {
    is_document(name) || has_ending(name, &["json"])
}

impl History {
    /// The files of some commits that may be documents, those that are the same in several of them
    /// once. In the order of path and content. Folders that commits share are read once, and those
    /// that an earlier call has read not at all.
    pub(super) fn documents_of(
        &self,
        commits: &[Id],
        keep: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Found>, NoHistory> {
        let mut reader = Reader::new(self);
        let found = reader.walk(commits, keep).map_err(|error| match error {
            Failure::Git(none) => none,
            Failure::Io(error) => NoHistory::Failed {
                command: "git cat-file".to_owned(),
                reason: crate::sys::reason(&error),
            },
        })?;
        reader.save();
        Ok(found)
    }

    /// Starts to read files of any branch.
    pub fn blobs(&self) -> Result<Blobs, NoHistory> {
        Ok(Blobs {
            objects: self.git.objects()?,
        })
    }
}

/// A process that reads the content of files.
#[derive(Debug)]
pub struct Blobs {
    objects: Objects,
}

impl Blobs {
    /// The content of a file. `None` when the repository does not hold it (a partial clone), or it
    /// is larger than 64 MB.
    ///
    /// # Errors
    /// When git stopped.
    pub fn read(&mut self, id: &Id) -> io::Result<Option<Vec<u8>>> {
        let mut content = None;
        self.objects.read(&[id.to_string()], LARGE, |_, object| {
            content = object.map(|(_, bytes)| bytes.to_vec());
        })?;
        Ok(content)
    }

    /// The contents of several files, in their order: faster than one by one.
    ///
    /// # Errors
    /// When git stopped.
    pub fn read_all(
        &mut self,
        ids: &[Id],
        mut found: impl FnMut(usize, Option<&[u8]>),
    ) -> io::Result<()> {
        let names: Vec<String> = ids.iter().map(Id::to_string).collect();
        self.objects.read(&names, LARGE, |number, object| {
            found(number, object.map(|(_, bytes)| bytes));
        })
    }
}

enum Failure {
    Git(NoHistory),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A folder, and the commits that have it with this content.
type Level = BTreeMap<(String, Id), Vec<u32>>;

struct Reader<'a> {
    history: &'a History,
    file: Option<File>,
    objects: Option<Objects>,
    known: HashMap<Id, Tree>,
    /// The trees that this call needed: what is worth keeping.
    used: BTreeMap<Vec<u8>, Tree>,
    is_new: bool,
}

impl<'a> Reader<'a> {
    fn new(history: &'a History) -> Self {
        let dir = history.cache_dir.as_deref();
        let file = dir.map(|dir| File::new(dir, "trees", &history.repo.common_dir));
        let cache = file.as_ref().and_then(|file| file.load::<Cache>(0));
        let trees = cache.unwrap_or_default().trees.into_iter();
        let known = trees.filter_map(|(id, tree)| Some((Id::from_bytes(&id)?, tree)));
        Self {
            history,
            file,
            objects: None,
            known: known.collect(),
            used: BTreeMap::new(),
            is_new: false,
        }
    }

    fn save(self) {
        if let Some(file) = self.file.filter(|_| self.is_new) {
            file.save(0, &Cache { trees: self.used });
        }
    }

    /// Reads objects by their names.
    fn read(
        &mut self,
        names: &[String],
        found: impl FnMut(usize, Option<(Id, &[u8])>),
    ) -> Result<(), Failure> {
        if names.is_empty() {
            return Ok(());
        }
        let objects = match &mut self.objects {
            Some(objects) => objects,
            none => none.insert(self.history.git.objects().map_err(Failure::Git)?),
        };
        Ok(objects.read(names, LARGE, found)?)
    }

    /// Reads the trees of a level that are not known.
    fn fetch(&mut self, level: &Level) -> Result<(), Failure> {
        let mut ids: Vec<Id> = level.keys().map(|(_, id)| *id).collect();
        ids.retain(|id| !self.known.contains_key(id));
        ids.sort_unstable();
        ids.dedup();
        let names: Vec<String> = ids.iter().map(Id::to_string).collect();
        let mut trees = Vec::with_capacity(ids.len());
        self.read(&names, |number, object| {
            // A tree that is missing is an empty one; so is a file at the place of a folder.
            let tree = object.and_then(|(id, bytes)| parse(bytes, id.as_bytes().len()));
            trees.push((ids[number], tree.unwrap_or_default()));
        })?;
        self.is_new |= !trees.is_empty();
        self.known.extend(trees);
        Ok(())
    }

    fn walk(&mut self, commits: &[Id], keep: &dyn Fn(&str) -> bool) -> Result<Vec<Found>, Failure> {
        let prefix = self.history.repo.prefix.trim_end_matches('/');
        let roots = commits.iter().map(|id| format!("{id}:{prefix}"));
        let roots: Vec<String> = roots.collect();
        let mut level = Level::new();
        self.read(&roots, |number, object| {
            if let Some((id, _)) = object {
                let members: &mut Vec<u32> = level.entry((String::new(), id)).or_default();
                members.push(number as u32);
            }
        })?;
        let mut found: BTreeMap<(String, Id), Vec<u32>> = BTreeMap::new();
        while !level.is_empty() {
            self.fetch(&level)?;
            let mut below = Level::new();
            for ((folder, id), members) in level {
                let Some(tree) = self.known.get(&id) else {
                    continue;
                };
                for (name, id) in &tree.folders {
                    if let Some(id) = Id::from_bytes(id) {
                        let path = join(&folder, name);
                        below.entry((path, id)).or_default().extend(&members);
                    }
                }
                for (name, id) in &tree.files {
                    let path = join(&folder, name);
                    if let Some(id) = Id::from_bytes(id).filter(|_| keep(&path)) {
                        found.entry((path, id)).or_default().extend(&members);
                    }
                }
                self.used.insert(id.as_bytes().to_vec(), tree.clone());
            }
            level = below;
        }
        let found = found.into_iter().map(|((path, blob), mut members)| {
            members.sort_unstable();
            members.dedup();
            Found {
                path,
                blob,
                members,
            }
        });
        Ok(found.collect())
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Reads a tree as git stores it: `<mode> <name> NUL <id>`, one behind the other.
fn parse(mut bytes: &[u8], id_len: usize) -> Option<Tree> {
    let mut tree = Tree::default();
    while !bytes.is_empty() {
        let space = memchr::memchr(b' ', bytes)?;
        let (mode, rest) = (&bytes[..space], &bytes[space + 1..]);
        let end = memchr::memchr(0, rest)?;
        let (name, rest) = (&rest[..end], &rest[end + 1..]);
        let (id, rest) = rest.split_at_checked(id_len)?;
        bytes = rest;
        let name_shown = || String::from_utf8_lossy(name).into_owned();
        if mode == b"40000" {
            if !crate::rules::is_never_entered(name) {
                tree.folders.push((name_shown(), id.to_vec().into()));
            }
        } else if mode.starts_with(b"100") {
            let name = name_shown();
            if may_be_document(&name) {
                tree.files.push((name, id.to_vec().into()));
            }
        }
    }
    Some(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_gives_its_folders_and_documents() {
        let mut bytes = Vec::new();
        for (mode, name) in [
            ("100644", &b"a\n b.md"[..]),
            ("100755", b"x.rs"),
            ("120000", b"link.md"),
            ("40000", b"docs"),
            ("40000", b"node_modules"),
            ("160000", b"sub"),
            ("100644", b"\xff.MD"),
        ] {
            bytes.extend_from_slice(mode.as_bytes());
            bytes.push(b' ');
            bytes.extend_from_slice(name);
            bytes.push(0);
            bytes.extend_from_slice(&[7; 20]);
        }
        let tree = parse(&bytes, 20).unwrap();
        let names = |entries: &[(String, Column<u8>)]| {
            entries
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&tree.folders), ["docs"]);
        assert_eq!(names(&tree.files), ["a\n b.md", "\u{fffd}.MD"]);
        for len in 1..bytes.len() {
            // Cut anywhere, it is read or refused.
            let _ = parse(&bytes[..len], 20);
        }
    }
}

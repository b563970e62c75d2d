//! Folders and files as they were when they were last looked at.
//!
//! Ten thousand records are taken from the snapshot at each start, so names are ranges of one
//! buffer and nothing is allocated per record.

use std::borrow::Cow;

use crate::shard::{SHARDS, ShardSet, shard_of};

/// What is known about a folder, as bits.
pub(crate) mod dir {
    /// Its status was too young when it was listed: list it again.
    pub(crate) const RACY: u8 = 1;
    /// It is the top of a repository.
    pub(crate) const REPOSITORY: u8 = 2;
    /// It is not looked into: build output, or another work tree.
    pub(crate) const CLOSED: u8 = 4;
    /// It could not be listed: try again each time.
    pub(crate) const BROKEN: u8 = 8;
}

/// What is known about a file, as bits.
pub(crate) mod file {
    /// It may hold a plan.
    pub(crate) const CANDIDATE: u8 = 1;
    /// It holds one that lists show.
    pub(crate) const LISTED: u8 = 2;
    /// It states relations between other files.
    pub(crate) const RELATIONS: u8 = 4;
    /// It holds ignore rules.
    pub(crate) const RULES: u8 = 8;
    /// Its status was too young when it was read: compare its content.
    pub(crate) const RACY: u8 = 16;
    /// It has not been read, or could not be: try again each time.
    pub(crate) const UNREAD: u8 = 32;
    /// It is a symbolic link.
    pub(crate) const LINK: u8 = 64;
}

/// A range of [`Tree::names`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    at: u32,
    len: u32,
}

/// One folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dir {
    /// Its path from the root.
    pub(crate) path: Name,
    /// Its status; 0 for a folder that is gone.
    pub(crate) key: u64,
    /// Bits of [`mod@dir`].
    pub(crate) flags: u8,
    /// Its files are `files[first..first + count]`.
    pub(crate) first: u32,
    pub(crate) count: u32,
    /// True once it is known to be gone; it is not written back.
    pub(crate) gone: bool,
}

/// One file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct File {
    pub(crate) name: Name,
    /// Its status.
    pub(crate) key: u64,
    /// Hash of its content, kept for [`file::RACY`] files only.
    pub(crate) content: u64,
    /// Bits of [`mod@file`].
    pub(crate) flags: u8,
}

impl File {
    pub(crate) fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// All folders that are watched, and the files in them that matter.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    names: Vec<u8>,
    pub(crate) dirs: Vec<Dir>,
    pub(crate) files: Vec<File>,
}

impl Tree {
    pub(crate) fn bytes(&self, name: Name) -> &[u8] {
        &self.names[name.at as usize..(name.at + name.len) as usize]
    }

    pub(crate) fn intern(&mut self, bytes: &[u8]) -> Name {
        let name = Name {
            at: self.names.len() as u32,
            len: bytes.len() as u32,
        };
        self.names.extend_from_slice(bytes);
        name
    }

    pub(crate) fn path(&self, dir: usize) -> &[u8] {
        self.bytes(self.dirs[dir].path)
    }

    /// Indexes of a folder's files.
    pub(crate) fn files_of(&self, dir: usize) -> std::ops::Range<usize> {
        let dir = &self.dirs[dir];
        dir.first as usize..(dir.first + dir.count) as usize
    }

    /// The path of a file from the root, written over `path`.
    pub(crate) fn file_path(&self, dir: usize, file: usize, path: &mut Vec<u8>) {
        path.clear();
        push_name(path, self.path(dir), self.bytes(self.files[file].name));
    }

    /// Indexes of the folders that are there.
    pub(crate) fn live_dirs(&self) -> impl Iterator<Item = usize> {
        self.dirs
            .iter()
            .enumerate()
            .filter(|(_, dir)| !dir.gone)
            .map(|(index, _)| index)
    }

    /// Every file that is there: index of its folder, and its own.
    pub(crate) fn live_files(&self) -> impl Iterator<Item = (usize, usize)> {
        self.live_dirs()
            .flat_map(|dir| self.files_of(dir).map(move |file| (dir, file)))
    }

    /// The indexes of the folder and of the file at a path from the root.
    pub(crate) fn find(&self, path: &[u8]) -> Option<(usize, usize)> {
        let at = path.iter().rposition(|byte| *byte == b'/');
        let (folder, name) = match at {
            Some(at) => (&path[..at], &path[at + 1..]),
            None => (&[][..], path),
        };
        let dir = self.live_dirs().find(|dir| self.path(*dir) == folder)?;
        let mut files = self.files_of(dir);
        let file = files.find(|file| self.bytes(self.files[*file].name) == name)?;
        Some((dir, file))
    }

    /// Adds a folder and its files.
    pub(crate) fn add(
        &mut self,
        path: &[u8],
        key: u64,
        flags: u8,
        files: &[(Vec<u8>, File)],
    ) -> usize {
        let path = self.intern(path);
        let first = self.add_files(files);
        let count = files.len() as u32;
        self.dirs.push(Dir {
            path,
            key,
            flags,
            first,
            count,
            gone: false,
        });
        self.dirs.len() - 1
    }

    /// Adds the files of a folder; returns the index of the first.
    pub(crate) fn add_files(&mut self, files: &[(Vec<u8>, File)]) -> u32 {
        let first = self.files.len() as u32;
        for (name, file) in files {
            let name = self.intern(name);
            self.files.push(File { name, ..*file });
        }
        first
    }

    /// The records of the folders of each shard of `wanted`, in a form that [`Tree::load`] takes.
    pub(crate) fn store(&self, wanted: &ShardSet) -> Vec<(u8, Vec<u8>)> {
        let mut shards: Vec<Vec<u8>> = vec![Vec::new(); SHARDS];
        for index in self.live_dirs() {
            let dir = &self.dirs[index];
            let path = self.path(index);
            let shard = shard_of(path);
            if !wanted.has(shard) {
                continue;
            }
            let out = &mut shards[usize::from(shard)];
            put_number(out, path.len() as u32);
            out.extend_from_slice(path);
            out.extend_from_slice(&dir.key.to_le_bytes());
            out.push(dir.flags);
            put_number(out, dir.count);
            for file in &self.files[self.files_of(index)] {
                let name = self.bytes(file.name);
                put_number(out, name.len() as u32);
                out.extend_from_slice(name);
                out.extend_from_slice(&file.key.to_le_bytes());
                out.push(file.flags);
                if file.is(file::RACY) {
                    out.extend_from_slice(&file.content.to_le_bytes());
                }
            }
        }
        shards
            .into_iter()
            .enumerate()
            .map(|(shard, bytes)| (shard as u8, bytes))
            .filter(|(shard, _)| wanted.has(*shard))
            .collect()
    }

    /// Adds the folders of a stored shard. `None` when the bytes are not what `store` writes.
    pub(crate) fn load(&mut self, bytes: &[u8]) -> Option<()> {
        let is_first = self.names.is_empty();
        if is_first {
            self.names.reserve(whole(bytes.len()));
        }
        let base = self.names.len();
        self.names.extend_from_slice(bytes);
        let mut reader = Reader { bytes, at: 0, base };
        while reader.at < bytes.len() {
            let path = reader.name()?;
            let key = reader.word()?;
            let flags = reader.byte()?;
            let count = reader.number()?;
            let first = self.files.len() as u32;
            for _ in 0..count {
                let name = reader.name()?;
                let key = reader.word()?;
                let flags = reader.byte()?;
                let content = if flags & file::RACY == 0 {
                    0
                } else {
                    reader.word()?
                };
                self.files.push(File {
                    name,
                    key,
                    content,
                    flags,
                });
            }
            self.dirs.push(Dir {
                path,
                key,
                flags,
                first,
                count,
                gone: false,
            });
        }
        if is_first {
            self.dirs.reserve(whole(self.dirs.len()));
            self.files.reserve(whole(self.files.len()));
        }
        Some(())
    }
}

/// About how much all shards hold, by what the first holds: hashes make them nearly equal.
fn whole(first: usize) -> usize {
    first * SHARDS * 5 / 4
}

/// A folder's path, `/` where there is a folder, and a name.
pub(crate) fn push_name(path: &mut Vec<u8>, dir: &[u8], name: &[u8]) {
    path.extend_from_slice(dir);
    if !dir.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
}

/// A path as text; what is not UTF-8 is shown as U+FFFD.
pub(crate) fn shown(path: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(path)
}

fn put_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    base: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn word(&mut self) -> Option<u64> {
        let bytes = self.bytes.get(self.at..self.at + 8)?;
        self.at += 8;
        bytes.try_into().ok().map(u64::from_le_bytes)
    }

    fn name(&mut self) -> Option<Name> {
        let len = self.number()?;
        let at = self.at;
        self.at = at.checked_add(len as usize)?;
        self.bytes.get(at..self.at)?;
        Some(Name {
            at: u32::try_from(self.base + at).ok()?,
            len,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Path, key and flags of a folder, and its files: name, key, content, flags.
    type Listed = (Vec<u8>, u64, u8, Vec<(Vec<u8>, u64, u64, u8)>);

    fn records() -> impl Strategy<Value = Vec<Listed>> {
        let name = prop::collection::vec(any::<u8>(), 1..200);
        let file = (name.clone(), any::<u64>(), any::<u64>(), any::<u8>());
        let dir = (
            name,
            any::<u64>(),
            any::<u8>(),
            prop::collection::vec(file, 0..5),
        );
        prop::collection::vec(dir, 0..20)
    }

    fn listing(tree: &Tree) -> Vec<Listed> {
        let mut all: Vec<_> = tree
            .live_dirs()
            .map(|index| {
                let files = tree.files[tree.files_of(index)].iter();
                let dir = tree.dirs[index];
                let files = files.map(|f| (tree.bytes(f.name).to_vec(), f.key, f.content, f.flags));
                (
                    tree.path(index).to_vec(),
                    dir.key,
                    dir.flags,
                    files.collect(),
                )
            })
            .collect();
        all.sort();
        all
    }

    proptest! {
        #[test]
        fn what_is_stored_is_loaded(records in records()) {
            let mut tree = Tree::default();
            for (path, key, flags, files) in &records {
                let files: Vec<_> = files.iter().map(|(name, key, content, flags)| {
                    let content = if flags & file::RACY == 0 { 0 } else { *content };
                    (name.clone(), File { name: Name::default(), key: *key, content, flags: *flags })
                }).collect();
                tree.add(path, *key, *flags, &files);
            }
            let mut loaded = Tree::default();
            for (_, bytes) in tree.store(&ShardSet::all()) {
                prop_assert!(loaded.load(&bytes).is_some());
            }
            prop_assert_eq!(listing(&loaded), listing(&tree));
        }

        #[test]
        fn damaged_bytes_are_refused_or_read_but_never_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let mut tree = Tree::default();
            let _ = tree.load(&bytes);
            for (dir, file) in tree.live_files().collect::<Vec<_>>() {
                tree.file_path(dir, file, &mut Vec::new());
            }
        }
    }
}

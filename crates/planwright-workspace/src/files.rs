//! The files of the tree themselves.

use std::borrow::Cow;

use planwright_dialect::Reading;
use planwright_model::Document;

use crate::tree::{file, shown};
use crate::{Unreadable, Workspace, parse, path, sys};

impl Workspace {
    /// True when the user's ignore rules leave out a path from the root, whether anything is there or
    /// not: what lies there is on some machines and not on others.
    pub fn is_ignored(&self, path: &str) -> bool {
        self.ignored.covers(&self.root, path)
    }

    /// Reads one file now, whole, its relations and code references resolved. `path` is from the
    /// root and may name a file that is not listed, or that ignore rules leave out.
    ///
    /// # Errors
    /// When the path leads out of the root, or the file cannot be read.
    pub fn read(&self, path: &str) -> Result<Reading, Unreadable> {
        let mut reading = self.parse(path)?;
        self.resolve_all(&mut reading.document);
        Ok(reading)
    }

    /// Adds to a document what other files state about it, and resolves its relations and code
    /// references as they stand now.
    pub fn resolve_all(&self, document: &mut Document) {
        self.stray();
        let path = document.path.clone();
        document
            .relations
            .extend(self.stated().about(&path).cloned());
        let origin = self.origin(&path);
        for relation in &mut document.relations {
            self.resolve_relation(&origin, relation);
        }
        for code in &mut document.code_refs {
            self.resolve_code(&path, code);
        }
    }

    /// Reads one file, its relations left as they are.
    ///
    /// # Errors
    /// As [`Workspace::read`].
    pub fn parse(&self, path: &str) -> Result<Reading, Unreadable> {
        let inside = self.inside(path).unwrap_or_else(|| path.to_owned());
        let bytes = self.read_bytes(path)?;
        Ok(self.dialects().read(&inside, bytes))
    }

    /// The content of a file inside the root.
    ///
    /// # Errors
    /// When the path leads out of the root, or the file cannot be read.
    pub fn read_bytes(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let failed = |reason: String| Unreadable {
            path: path.to_owned(),
            reason,
        };
        let outside = || failed("the path leads out of the repository".to_owned());
        let inside = self.inside(path).ok_or_else(outside)?;
        let bytes = self.real_path(&inside);
        let is_inside = self.presence.is_inside(&self.root, &bytes);
        if !is_inside.map_err(|error| failed(sys::reason(&error)))? {
            return Err(outside());
        }
        match parse::read_file(&self.root, &bytes) {
            Ok(Ok((bytes, _))) => Ok(bytes),
            Ok(Err(reason)) => Err(failed(reason)),
            Err(error) => Err(failed(sys::reason(&error))),
        }
    }

    /// A path from the root without `.` and `..`. `None` when it leads out of the root.
    pub(crate) fn inside(&self, path: &str) -> Option<String> {
        path::inside(self.root.path(), path)
    }

    /// True when the tree has a file or folder at a path from the root; as it was when its folder
    /// was first asked about.
    pub fn exists(&self, path: &str) -> bool {
        self.presence.has(&self.root, path)
    }

    /// The names of what lies in a folder, listed or not; none where there is no such folder.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let inside = self.inside(folder);
        let path = inside.map(|inside| self.root.path().join(inside));
        let entries = path.and_then(|path| std::fs::read_dir(path).ok());
        let entries = entries.into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// True when the tree has a folder at a path from the root.
    pub fn is_folder(&self, path: &str) -> bool {
        let stat = self.root.stat(path.as_bytes());
        stat.is_ok_and(|stat| stat.kind == sys::FileKind::Dir)
    }

    /// The bytes of a path as the system knows it, where its text had to replace some.
    pub(crate) fn real_path<'a>(&self, path: &'a str) -> Cow<'a, [u8]> {
        if path.contains(char::REPLACEMENT_CHARACTER) {
            let tree = &self.opened.tree;
            let mut real = Vec::new();
            for (dir, file) in tree.live_files() {
                tree.file_path(dir, file, &mut real);
                if shown(&real) == path {
                    return Cow::Owned(real);
                }
            }
        }
        Cow::Borrowed(path.as_bytes())
    }

    /// The paths of all files that may hold a plan, listed or not, in no order.
    pub fn candidates(&self) -> impl Iterator<Item = String> {
        self.files_of(file::CANDIDATE)
    }

    /// The paths of all files that state relations between others, in no order.
    pub(crate) fn relations_files(&self) -> impl Iterator<Item = String> {
        self.files_of(file::RELATIONS)
    }

    fn files_of(&self, sort: u8) -> impl Iterator<Item = String> {
        let tree = &self.opened.tree;
        let mut path = Vec::new();
        tree.live_files().filter_map(move |(dir, index)| {
            if !tree.files[index].is(sort) {
                return None;
            }
            tree.file_path(dir, index, &mut path);
            Some(shown(&path).into_owned())
        })
    }
}

/// Why the files of a folder cannot be listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FolderError {
    /// It holds a symbolic link or something else that is no file.
    #[error("{0} is no regular file")]
    Special(String),
    /// The system refused.
    #[error("cannot read {0}: {1}")]
    Io(String, String),
}

impl Workspace {
    /// The paths of all files in a folder and the folders below it, those that ignore rules leave
    /// out included.
    ///
    /// # Errors
    /// When it holds anything but files and folders, or cannot be read.
    pub fn files_below(&self, folder: &str) -> Result<Vec<String>, FolderError> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            let failed =
                |error: std::io::Error| FolderError::Io(folder.clone(), sys::reason(&error));
            for entry in std::fs::read_dir(self.root().join(&folder)).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let name = entry.file_name();
                let path = format!("{folder}/{}", name.to_string_lossy());
                match entry.file_type().map_err(failed)? {
                    kind if kind.is_dir() => open.push(path),
                    kind if kind.is_file() && name.to_str().is_some() => found.push(path),
                    _ => return Err(FolderError::Special(path)),
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::Repository;

    #[test]
    fn candidates_are_listed_whether_plans_or_not() {
        let repository = Repository::new(&[("README.md", "# Hello\n"), ("main.rs", "")]);
        let found: Vec<String> = repository.open().candidates().collect();
        assert_eq!(found, ["README.md"]);
    }
}

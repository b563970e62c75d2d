//! The files of the tree themselves.

use crate::Workspace;
use crate::tree::{file, shown};

impl Workspace {
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
                |error: std::io::Error| FolderError::Io(folder.clone(), crate::sys::reason(&error));
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

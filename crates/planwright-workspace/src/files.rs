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

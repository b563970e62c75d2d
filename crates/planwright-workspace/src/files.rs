//! The files of the tree themselves.

use crate::Workspace;
use crate::tree::{file, shown};

impl Workspace {
    /// The paths of all files that may hold a plan, listed or not, in no order.
    pub fn candidates(&self) -> impl Iterator<Item = String> {
        let tree = &self.opened.tree;
        let mut path = Vec::new();
        tree.live_files().filter_map(move |(dir, index)| {
            if !tree.files[index].is(file::CANDIDATE) {
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

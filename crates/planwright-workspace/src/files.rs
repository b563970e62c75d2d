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
    use crate::{Options, Workspace};

    fn open(dir: &std::path::Path) -> Workspace {
        let options = Options {
            dir: dir.to_owned(),
            cache_dir: None,
        };
        Workspace::open(&options).unwrap()
    }

    #[test]
    fn candidates_are_listed_whether_plans_or_not() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("README.md"), "# Hello\n").unwrap();
        std::fs::write(dir.path().join("main.rs"), "").unwrap();
        let found: Vec<String> = open(dir.path()).candidates().collect();
        assert_eq!(found, ["README.md"]);
    }
}

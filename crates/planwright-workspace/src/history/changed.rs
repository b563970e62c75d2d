//! What the work tree has that a commit has not.

use std::collections::BTreeMap;

use super::log::Status;
use super::{History, NoHistory};

/// A path whose content in the work tree is not that of a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changed {
    /// The path from the root.
    pub path: String,
    /// What happened to it.
    pub status: Status,
    /// Where it was before a rename.
    pub from: Option<String>,
    /// True when git does not know the file yet.
    pub is_untracked: bool,
}

impl History {
    /// What differs from HEAD: staged, not staged, and not known to git. In the order of the paths.
    pub fn changed(&self) -> Result<Vec<Changed>, NoHistory> {
        let args = [
            "status",
            "--porcelain=v2",
            "-z",
            "--untracked-files=all",
            "--find-renames",
            "--ignore-submodules=dirty",
            "--",
            ".",
        ];
        let answer = self.git.output(&args)?;
        let mut tokens = answer.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let mut found = BTreeMap::new();
        while let Some(token) = tokens.next() {
            // The path is what stands behind a number of words that depends on the first.
            let words = match token.as_bytes().first() {
                Some(b'1') => 8,
                Some(b'2') => 9,
                Some(b'u') => 10,
                Some(b'?') => 1,
                _ => continue,
            };
            let Some(path) = token.splitn(words + 1, ' ').nth(words) else {
                continue;
            };
            let from = (words == 9).then(|| tokens.next()).flatten();
            let xy = token.get(2..4).unwrap_or("");
            let status = if words == 1 || xy.contains('A') {
                Status::Added
            } else if xy.contains('D') {
                Status::Deleted
            } else if xy.contains('R') {
                Status::Renamed
            } else {
                Status::Modified
            };
            self.add(&mut found, status, path, from.as_deref(), words == 1);
        }
        Ok(found.into_values().collect())
    }

    /// What differs from where the current branch left another revision: all that was changed since,
    /// committed or not. Where both have nothing in common, from the revision itself.
    pub fn changed_since(&self, revision: &str) -> Result<Vec<Changed>, NoHistory> {
        let unknown = || NoHistory::NoRevision {
            name: revision.to_owned(),
        };
        // What begins with a dash would be an option.
        if revision.starts_with('-') {
            return Err(unknown());
        }
        let commit = format!("{revision}^{{commit}}");
        let commit = self
            .git
            .output(&["rev-parse", "--quiet", "--verify", &commit]);
        let commit = text(&commit.map_err(|_| unknown())?);
        let base = self.git.output(&["merge-base", &commit, "HEAD"]);
        let base = base.map_or(commit, |base| text(&base));
        let args = [
            "diff",
            "--name-status",
            "-z",
            "-M",
            "--no-relative",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=dirty",
            &base,
            "--",
            ".",
        ];
        let answer = self.git.output(&args)?;
        let mut tokens = answer.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let mut found = BTreeMap::new();
        while let Some(letter) = tokens.next() {
            let status = match letter.as_bytes().first() {
                Some(b'A') => Status::Added,
                Some(b'D') => Status::Deleted,
                Some(b'R') => Status::Renamed,
                Some(_) => Status::Modified,
                None => continue,
            };
            let from = (status == Status::Renamed).then(|| tokens.next()).flatten();
            if let Some(path) = tokens.next() {
                self.add(&mut found, status, &path, from.as_deref(), false);
            }
        }
        for new in self.changed()?.into_iter().filter(|new| new.is_untracked) {
            found.insert(new.path.clone(), new);
        }
        Ok(found.into_values().collect())
    }

    /// The content of a file where the current branch left its base, else in HEAD. `None` where it was
    /// not there.
    pub fn before(&self, path: &str) -> Option<Vec<u8>> {
        let base = self.branch_work().and_then(|work| work.merge_base);
        let commit = base.or_else(|| self.head())?.id();
        let name = format!("{commit}:{}{path}", self.repo.prefix);
        self.git.output(&["cat-file", "blob", &name]).ok()
    }

    /// Adds a path as git says it, from the top of the work tree.
    fn add(
        &self,
        found: &mut BTreeMap<String, Changed>,
        status: Status,
        path: &str,
        from: Option<&str>,
        is_untracked: bool,
    ) {
        let inside = |path: &str| path.strip_prefix(&self.repo.prefix).map(str::to_owned);
        if let Some(path) = inside(path) {
            let changed = Changed {
                path: path.clone(),
                status,
                from: from.and_then(inside),
                is_untracked,
            };
            found.insert(path, changed);
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

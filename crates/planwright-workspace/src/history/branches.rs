//! What other branches have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::id::Id;
use super::{History, NoHistory, short};

/// A branch, or a commit that another work tree has checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its name as people write it (`feature/x`, `origin/main`); the id of a detached commit.
    pub name: String,
    /// Where it stands.
    pub tip: Id,
    /// When its last commit was made, in seconds since the Unix epoch. `None` for a commit that is
    /// no branch.
    pub time: Option<i64>,
    /// It is what was last fetched from a remote.
    pub is_remote: bool,
    /// The work tree that has it checked out.
    pub work_tree: Option<PathBuf>,
}

/// A file of some branches that may be a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchDocument {
    /// The path from the root.
    pub path: String,
    /// Its content, for [`Blobs::read`](super::Blobs::read).
    pub blob: Id,
    /// The branches that have it with this content: numbers of [`Branches::branches`], ascending.
    pub branches: Vec<u32>,
}

/// The branches and their documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branches {
    /// The branches looked at: the current one first, then the one it follows and the one it is to
    /// be merged into, then those with the youngest commits.
    pub branches: Vec<Branch>,
    /// How many further branches there are that were not looked at.
    pub left_out: usize,
    /// Their documents in the order of path and content.
    pub documents: Vec<BranchDocument>,
}

/// Which branch a document of a merge comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Both have it, the same.
    Both,
    /// The current branch.
    Ours,
    /// The other branch.
    Theirs,
    /// Both, each in its own way: a conflict.
    Conflict,
}

/// A document that a merge would leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedDocument {
    /// The path from the root.
    pub path: String,
    /// Its content; in a conflict that of the current branch.
    pub blob: Id,
    /// Who brings it.
    pub side: Side,
}

impl History {
    /// The documents of all local and remote-tracking branches and of other work trees. Branches
    /// that stand at the same commit are looked at once; beyond `limit`, those whose commits are
    /// oldest are left out. `keep` decides by their path which files are documents.
    pub fn branches(
        &self,
        limit: usize,
        keep: &dyn Fn(&str) -> bool,
    ) -> Result<Branches, NoHistory> {
        let mut branches = self.list_branches()?;
        let left_out = branches.len().saturating_sub(limit);
        branches.truncate(limit);
        let tips: Vec<Id> = branches.iter().map(|branch| branch.tip).collect();
        let documents = self.documents_of(&tips, keep)?.into_iter();
        let documents = documents.map(|found| BranchDocument {
            path: found.path,
            blob: found.blob,
            branches: found.members,
        });
        Ok(Branches {
            documents: documents.collect(),
            branches,
            left_out,
        })
    }

    /// What the root is in the other work trees of the repository, where it is there.
    ///
    /// # Errors
    /// When git stopped.
    pub fn other_roots(&self, root: &Path) -> Result<Vec<PathBuf>, NoHistory> {
        let prefix = self.repo.prefix.trim_end_matches('/');
        let work_trees = self.work_trees()?.into_values();
        let roots = work_trees.filter_map(|(top, _)| top.join(prefix).canonicalize().ok());
        let mut roots: Vec<PathBuf> = roots.filter(|other| other != root).collect();
        roots.sort();
        Ok(roots)
    }

    /// The current branch first, then those it is merged with, then the others, the youngest first.
    fn list_branches(&self) -> Result<Vec<Branch>, NoHistory> {
        let args = [
            "for-each-ref",
            "--sort=refname",
            "--sort=-committerdate",
            "--format=%(refname)%00%(objectname)%00%(symref)%00%(committerdate:unix)",
            "refs/heads",
            "refs/remotes",
        ];
        let answer = self.git.output(&args)?;
        let mut work_trees = self.work_trees()?;
        let mut branches = Vec::new();
        for line in answer.split(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(line);
            let mut parts = line.split('\0');
            let (Some(name), Some(tip), Some(""), time) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                // A name that stands for another, such as `origin/HEAD`.
                continue;
            };
            if let Some(tip) = Id::parse(tip.as_bytes()) {
                branches.push(Branch {
                    name: short(name).to_owned(),
                    tip,
                    time: time.and_then(|time| time.parse().ok()),
                    is_remote: name.starts_with("refs/remotes/"),
                    work_tree: work_trees.remove(name).map(|(path, _)| path),
                });
            }
        }
        // What is left stands at no branch, or at one without a commit.
        for (path, tip) in work_trees.into_values() {
            if let Some(tip) = tip {
                branches.insert(
                    0,
                    Branch {
                        name: tip.to_string(),
                        tip,
                        time: None,
                        is_remote: false,
                        work_tree: Some(path),
                    },
                );
            }
        }
        let head = self.tips.head;
        let is_current = |branch: &Branch| match self.branch() {
            Some(name) => !branch.is_remote && branch.name == name,
            None => Some(branch.tip) == head && branch.name == branch.tip.to_string(),
        };
        let targets = [self.upstream(), self.base()].map(|target| target.map(|(name, _)| name));
        let is_target = |branch: &Branch| targets.contains(&Some(branch.name.as_str()));
        branches.sort_by_key(|branch| (!is_current(branch), !is_target(branch)));
        Ok(branches)
    }

    /// The work trees by the branch they have checked out, and where they stand; none where there is only
    /// the one with the current branch.
    fn work_trees(&self) -> Result<BTreeMap<String, (PathBuf, Option<Id>)>, NoHistory> {
        // Git is not started to say that there is one.
        if self.branch().is_some() && !self.repo.common_dir.join("worktrees").is_dir() {
            return Ok(BTreeMap::new());
        }
        let answer = match self.git.output(&["worktree", "list", "--porcelain", "-z"]) {
            Ok(answer) => answer,
            // Before git 2.36 only lines end an entry.
            Err(NoHistory::Failed { .. }) => {
                let answer = self.git.output(&["worktree", "list", "--porcelain"])?;
                let end = |byte: u8| if byte == b'\n' { 0 } else { byte };
                answer.into_iter().map(end).collect()
            }
            Err(none) => return Err(none),
        };
        let mut found = BTreeMap::new();
        let mut path = PathBuf::new();
        let (mut tip, mut is_skipped) = (None, false);
        for line in answer.split(|byte| *byte == 0) {
            let (key, value) = match memchr::memchr(b' ', line) {
                Some(at) => (&line[..at], &line[at + 1..]),
                None => (line, &b""[..]),
            };
            match key {
                b"worktree" => {
                    path = crate::sys::os_path(value).into_owned();
                    (tip, is_skipped) = (None, false);
                }
                b"HEAD" => tip = Id::parse(value).filter(|id| !id.is_none()),
                b"bare" | b"prunable" => is_skipped = true,
                b"branch" => {
                    let name = String::from_utf8_lossy(value).into_owned();
                    found.insert(name, (path.clone(), tip));
                }
                b"detached" => {
                    found.insert(path.to_string_lossy().into_owned(), (path.clone(), tip));
                }
                _ => {}
            }
            if is_skipped {
                found.retain(|_, (other, _)| *other != path);
            }
        }
        Ok(found)
    }

    /// The documents that a merge of HEAD with another commit would leave, in the order of their
    /// paths. What one side removed and the other changed counts as removed: mostly it was moved.
    pub fn merged_with(
        &self,
        other: &Id,
        keep: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<MergedDocument>, NoHistory> {
        let Some(head) = self.tips.head else {
            return Ok(Vec::new());
        };
        let other_text = other.to_string();
        let base = self
            .git
            .output(&["merge-base", &head.to_string(), &other_text]);
        let base = base.ok().and_then(|base| Id::parse(base.trim_ascii_end()));
        let commits: Vec<Id> = [Some(head), Some(*other), base]
            .into_iter()
            .flatten()
            .collect();
        let mut paths: BTreeMap<String, [Option<Id>; 3]> = BTreeMap::new();
        for found in self.documents_of(&commits, keep)? {
            let sides = paths.entry(found.path).or_default();
            for member in found.members {
                sides[member as usize] = Some(found.blob);
            }
        }
        let merged = paths
            .into_iter()
            .filter_map(|(path, [ours, theirs, base])| {
                let (blob, side) = match (ours, theirs) {
                    (Some(ours), Some(theirs)) if ours == theirs => (ours, Side::Both),
                    (Some(ours), Some(theirs)) => match base {
                        Some(base) if base == ours => (theirs, Side::Theirs),
                        Some(base) if base == theirs => (ours, Side::Ours),
                        _ => (ours, Side::Conflict),
                    },
                    // The other side removed it, or never had it.
                    (Some(ours), None) => (base.is_none()).then_some((ours, Side::Ours))?,
                    (None, Some(theirs)) => (base.is_none()).then_some((theirs, Side::Theirs))?,
                    (None, None) => return None,
                };
                Some(MergedDocument { path, blob, side })
            });
        Ok(merged.collect())
    }
}

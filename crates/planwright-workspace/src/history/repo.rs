//! The repository that a folder belongs to, and where its branches stand.
//!
//! Git is asked once. Later calls prove by the files that git's answer rests upon that it would
//! say the same again; branches are then read from their files, as far as they have any.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::NoHistory;
use super::id::Id;
use super::run::Git;
use crate::sys::hash;

/// What the default branch is called where nothing says.
const DEFAULTS: [&str; 3] = ["main", "master", "trunk"];

/// What git knows about the repository that seldom changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Repo {
    /// The folder of this work tree's own state.
    git_dir: PathBuf,
    /// The folder that all work trees share.
    pub(crate) common_dir: PathBuf,
    /// Path of the root from the top of the work tree, with `/` at its end; empty at the top.
    pub(crate) prefix: String,
    /// Full name of the branch that is checked out; none for a detached HEAD.
    pub(crate) branch: Option<String>,
    /// Full name of the branch that it follows.
    pub(crate) upstream: Option<String>,
    /// Full name of the branch that work is merged into.
    pub(crate) base: Option<String>,
    /// Hash of the files that this rests upon, none for those that are not there.
    watched: BTreeMap<PathBuf, Option<u64>>,
}

/// Where the branches stand that matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tips {
    /// None before the first commit.
    pub(crate) head: Option<Id>,
    pub(crate) upstream: Option<Id>,
    pub(crate) base: Option<Id>,
}

impl Tips {
    /// Each once.
    pub(crate) fn all(&self) -> Vec<Id> {
        let mut all: Vec<Id> = [self.head, self.upstream, self.base]
            .into_iter()
            .flatten()
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Repo {
    /// Asks git.
    pub(crate) fn ask(git: &Git, root: &Path) -> Result<Self, NoHistory> {
        let args = [
            "rev-parse",
            "--is-bare-repository",
            "--is-inside-work-tree",
            "--absolute-git-dir",
            "--git-common-dir",
            "--show-cdup",
        ];
        let answer = git.output(&args)?;
        let lines: Vec<&[u8]> = answer.split(|byte| *byte == b'\n').collect();
        let strange = || NoHistory::Failed {
            command: "git rev-parse".to_owned(),
            reason: "its answer cannot be read".to_owned(),
        };
        // Without a work tree the answer is shorter.
        match lines[..] {
            [b"true", ..] => return Err(NoHistory::Bare),
            [_, b"false", ..] => return Err(NoHistory::NotARepository),
            _ => {}
        }
        let [_, _, git_dir, common_dir, up, b""] = lines[..] else {
            return Err(strange());
        };
        let path = |bytes: &[u8]| crate::sys::os_path(bytes).into_owned();
        let git_dir = path(git_dir);
        let common_dir = root.join(path(common_dir));
        let common_dir = common_dir.canonicalize().unwrap_or(common_dir);
        let depth = up
            .split(|byte| *byte == b'/')
            .filter(|part| *part == b"..")
            .count();
        let top = root.ancestors().nth(depth).ok_or_else(strange)?;
        let mut prefix = root
            .strip_prefix(top)
            .map_or(String::new(), crate::path::slashed);
        if !prefix.is_empty() {
            prefix.push('/');
        }
        let mut repo = Self {
            git_dir,
            common_dir,
            prefix,
            branch: None,
            upstream: None,
            base: None,
            watched: BTreeMap::new(),
        };
        repo.ask_branches(git)?;
        repo.watched = repo.watch(root);
        Ok(repo)
    }

    fn ask_branches(&mut self, git: &Git) -> Result<(), NoHistory> {
        let head = fs::read_to_string(self.git_dir.join("HEAD")).unwrap_or_default();
        self.branch = match head.trim().strip_prefix("ref: ") {
            // Where branches are not files, HEAD is not one either.
            Some("refs/heads/.invalid") => {
                let name = git.output(&["symbolic-ref", "--quiet", "HEAD"]).ok();
                name.map(|name| String::from_utf8_lossy(&name).trim().to_owned())
            }
            name => name.map(str::to_owned),
        };
        let mut args = vec![
            "for-each-ref".to_owned(),
            "--format=%(refname)%00%(symref)%00%(upstream)".to_owned(),
            "refs/remotes/*/HEAD".to_owned(),
        ];
        for name in DEFAULTS {
            args.push(format!("refs/remotes/origin/{name}"));
            args.push(format!("refs/heads/{name}"));
        }
        args.extend(self.branch.clone());
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let answer = git.output(&args)?;
        let answer = String::from_utf8_lossy(&answer);
        let mut refs: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for line in answer.lines() {
            let mut parts = line.split('\0');
            if let (Some(name), Some(to), Some(upstream)) =
                (parts.next(), parts.next(), parts.next())
            {
                refs.insert(name, (to, upstream));
            }
        }
        let branch = self.branch.as_deref();
        let upstream = branch.and_then(|branch| refs.get(branch));
        self.upstream = upstream
            .map(|(_, upstream)| (*upstream).to_owned())
            .filter(|name| !name.is_empty());
        // The default branch of the remote, said or guessed; else the local one.
        let said = refs
            .get("refs/remotes/origin/HEAD")
            .or_else(|| refs.values().find(|(to, _)| !to.is_empty()))
            .map(|(to, _)| (*to).to_owned())
            .filter(|to| !to.is_empty());
        let guess = |folder: &str| {
            let names = DEFAULTS.iter().map(|name| format!("{folder}/{name}"));
            names
                .into_iter()
                .find(|name| refs.contains_key(name.as_str()))
        };
        let default = said
            .or_else(|| guess("refs/remotes/origin"))
            .or_else(|| guess("refs/heads"));
        let own = branch.map(last);
        let is_default = default.as_deref().map(last) == own;
        self.base = if is_default {
            self.upstream.clone()
        } else {
            default.or_else(|| self.upstream.clone())
        };
        Ok(())
    }

    /// The files that git's answer rests upon.
    fn watch(&self, root: &Path) -> BTreeMap<PathBuf, Option<u64>> {
        let common = |name: &str| self.common_dir.join(name);
        [
            root.join(".git"),
            self.git_dir.join("HEAD"),
            self.git_dir.join("commondir"),
            self.git_dir.join("config.worktree"),
            common("config"),
            common("refs/remotes/origin/HEAD"),
        ]
        .into_iter()
        .map(|path| {
            let now = content(&path);
            (path, now)
        })
        .collect()
    }

    /// True when git would say the same again.
    pub(crate) fn is_true(&self, root: &Path) -> bool {
        self.watched == self.watch(root)
            && self.watched.get(&self.git_dir.join("HEAD")) != Some(&None)
    }

    /// What of the history the clone was made without; 0 where it has all of it.
    pub(crate) fn shallow(&self) -> u64 {
        content(&self.common_dir.join("shallow")).unwrap_or(0)
    }

    /// Where the branches stand, from their files. `None` when git has to be asked.
    pub(crate) fn tips(&self) -> Option<Tips> {
        let head = match &self.branch {
            Some(branch) => self.branch_file(branch)?,
            None => Id::parse(fs::read(self.git_dir.join("HEAD")).ok()?.trim_ascii_end())?,
        };
        let of = |name: &Option<String>| match name {
            Some(name) => self.branch_file(name).map(Some),
            None => Some(None),
        };
        Some(Tips {
            head: Some(head),
            upstream: of(&self.upstream)?,
            base: of(&self.base)?,
        })
    }

    /// Where the branches stand, from git. A branch that is not there stands nowhere.
    pub(crate) fn ask_tips(&self, git: &Git) -> Tips {
        let of = |name: &str| {
            let name = format!("{name}^{{commit}}");
            let id = git
                .output(&["rev-parse", "--quiet", "--verify", &name])
                .ok()?;
            Id::parse(id.trim_ascii_end())
        };
        Tips {
            head: of("HEAD"),
            upstream: self.upstream.as_deref().and_then(of),
            base: self.base.as_deref().and_then(of),
        }
    }

    fn branch_file(&self, name: &str) -> Option<Id> {
        if let Ok(bytes) = fs::read(self.common_dir.join(name)) {
            // Anything else than an id is a name that stands for another.
            return Id::parse(bytes.trim_ascii_end());
        }
        let packed = fs::read(self.common_dir.join("packed-refs")).ok()?;
        let line = format!(" {name}\n");
        let at = memchr::memmem::find(&packed, line.as_bytes())?;
        let start = memchr::memrchr(b'\n', &packed[..at]).map_or(0, |before| before + 1);
        Id::parse(&packed[start..at])
    }
}

/// Hash of a file's content; a folder's is that it is one. `None` when there is nothing.
fn content(path: &Path) -> Option<u64> {
    match fs::read(path) {
        Ok(bytes) => Some(hash(&bytes)),
        Err(_) if path.is_dir() => Some(0),
        Err(_) => None,
    }
}

/// The last part of a branch's name: what people call it, apart from the remote.
fn last(name: &str) -> &str {
    let name = name.strip_prefix("refs/").unwrap_or(name);
    match name.split_once('/') {
        Some(("remotes", rest)) => rest.split_once('/').map_or(rest, |(_, name)| name),
        Some((_, rest)) => rest,
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_has_the_same_name_here_and_there() {
        assert_eq!(last("refs/heads/feature/x"), "feature/x");
        assert_eq!(last("refs/remotes/origin/feature/x"), "feature/x");
    }
}

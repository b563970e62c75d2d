//! What git knows: when something was first there, who touched it since, where it went.
//!
//! [`History::open`] reads the commits that lead to HEAD, to the branch that it follows and to the
//! default branch. What was read of a commit is kept in the cache, as commits never change; a call
//! after which nothing happened starts no program. Everything is read through the `git` program
//! (decision 0005), without a shell, hooks, locks or the network.
//!
//! Paths are texts from the root with `/`, as everywhere in the workspace; bytes that are not
//! UTF-8 are replaced. What lies outside of the root, where the root is a folder of a larger
//! repository, is not there.
//!
//! ```no_run
//! use planwright_workspace::history::{History, HistoryOptions, PathSet, Since};
//!
//! # fn main() -> Result<(), planwright_workspace::history::NoHistory> {
//! let history = History::open(".".as_ref(), &HistoryOptions::default())?;
//! let plan = history.first_touch("docs/plans/login.md");
//! let since = plan.map_or(Since::Ever, |commit| Since::Commit(commit.id()));
//! for commit in history.touching(&PathSet::new(["src/login/"]), since) {
//!     println!("{} at {}", commit.id().short(), commit.committer().seconds);
//! }
//! # Ok(())
//! # }
//! ```

mod answers;
mod boxes;
mod branches;
mod changed;
mod columns;
mod commit;
mod facts;
mod id;
mod items;
mod log;
mod moves;
mod paths;
mod read;
mod repo;
mod run;
mod store;
mod trees;
mod view;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use answers::{BranchWork, Since};
pub use boxes::{BoxLine, BoxState};
pub use branches::{Branch, BranchDocument, Branches, MergedDocument, Side};
pub use changed::Changed;
pub use commit::{Commit, TouchedPath};
pub use facts::Timestamp;
pub use id::{Id, InvalidId};
pub use items::{ItemEvent, done_by};
pub use log::Status;
pub use moves::Move;
pub use paths::PathSet;
pub use trees::Blobs;

use crate::history::facts::Facts;
use crate::history::repo::{Repo, Tips};
use crate::history::run::Git;
pub(crate) use crate::history::store::File;
use crate::history::store::Store;
use crate::history::view::View;

/// Commits that can no longer be reached beyond which what is known is read anew, if they are most.
const STALE: usize = 5_000;

/// How to read the history.
#[derive(Clone, Debug)]
pub struct HistoryOptions {
    /// Where what was read is kept; `None` reads everything anew.
    pub cache_dir: Option<PathBuf>,
    /// How many commits are read at most, the youngest first.
    pub max_commits: usize,
    /// The program to run.
    pub git: OsString,
}

impl Default for HistoryOptions {
    fn default() -> Self {
        Self {
            cache_dir: None,
            max_commits: 200_000,
            git: "git".into(),
        }
    }
}

/// Why there is no history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHistory {
    /// The program is not there.
    #[error("`git` was not found; install it, or add its folder to PATH")]
    NoGit,
    /// The folder lies in no repository.
    #[error("not a git repository; run `git init` to begin a history")]
    NotARepository,
    /// The repository has no work tree.
    #[error(
        "a bare repository has no files to plan with; run `plan` in a clone or work tree of it"
    )]
    Bare,
    /// The repository belongs to somebody else, and git refuses to read it.
    #[error("git does not trust the owner of the repository: {reason}")]
    NotTrusted {
        /// What git said, with the command that makes an exception.
        reason: String,
    },
    /// The revision that was named does not exist.
    #[error("`{name}` is not a revision of this repository; `git branch --all` lists branches")]
    NoRevision {
        /// The name.
        name: String,
    },
    /// Git failed.
    #[error("`{command}` failed: {reason}")]
    Failed {
        /// What was run.
        command: String,
        /// What it said.
        reason: String,
    },
}

/// How far back the history is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Horizon {
    /// To the first commit.
    Whole,
    /// The clone was made without older commits (`git clone --depth`). What its oldest commits
    /// seem to add may have been there before.
    Shallow,
    /// There are more commits than are read.
    Capped,
}

/// How what is known was come by, for `--verbose` and for benchmarks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Commits that an earlier call had read.
    pub kept: usize,
    /// Commits that this call read.
    pub read: usize,
    /// Git had to be asked about the repository itself.
    pub is_asked: bool,
}

/// The history of a repository.
#[derive(Debug)]
pub struct History {
    git: Git,
    cache_dir: Option<PathBuf>,
    repo: Repo,
    tips: Tips,
    facts: Facts,
    view: View,
    known: Known,
}

impl History {
    /// Reads what is not known yet. `root` is a folder inside a work tree; all paths are from there.
    ///
    /// A repository without a commit has a history: an empty one.
    ///
    /// # Errors
    /// When git is not there, or there is no repository that it can or will read.
    pub fn open(root: &Path, options: &HistoryOptions) -> Result<Self, NoHistory> {
        let root = root.canonicalize().map_err(|error| NoHistory::Failed {
            command: format!("opening {}", root.display()),
            reason: crate::sys::reason(&error),
        })?;
        let git = Git::new(&options.git, &root);
        let cache_dir = options.cache_dir.clone();
        let (repo, tips, is_asked) = stand(&git, &root, cache_dir.as_deref())?;

        let store = cache_dir.as_deref();
        let mut store = store.map(|dir| Store::new(dir, &repo.common_dir, repo.shallow()));
        let mut facts = store.as_mut().map_or_else(Facts::default, Store::load);
        let mut kept = facts.len();
        let mut is_changed = read::update(&mut facts, &git, &tips.all(), options.max_commits)?;
        let head = find(&facts, tips.head);
        if let Some(missing) = tips.head.filter(|_| head.is_none()) {
            return Err(NoHistory::Failed {
                command: "git log".to_owned(),
                reason: format!("HEAD is {missing}, which is missing; `git fsck` tells more"),
            });
        }
        let mut view = View::new(&facts, head);
        if is_changed && facts.len() > STALE && view.order.len() * 2 < facts.len() {
            facts = Facts::default();
            store.iter_mut().for_each(Store::discard);
            kept = 0;
            is_changed = read::update(&mut facts, &git, &tips.all(), options.max_commits)?;
            view = View::new(&facts, find(&facts, tips.head));
        }
        if let Some(store) = store.filter(|_| is_changed) {
            store.save(&facts);
        }
        let known = Known {
            kept,
            read: facts.len() - kept,
            is_asked,
        };
        Ok(Self {
            git,
            cache_dir,
            repo,
            tips,
            facts,
            view,
            known,
        })
    }

    /// The repository as it stands, without its commits: branches, other work trees and what lies in
    /// them are known, what happened is not.
    ///
    /// # Errors
    /// As [`History::open`].
    pub fn stand(root: &Path, options: &HistoryOptions) -> Result<Self, NoHistory> {
        let git = Git::new(&options.git, root);
        let cache_dir = options.cache_dir.clone();
        let (repo, tips, is_asked) = stand(&git, root, cache_dir.as_deref())?;
        let facts = Facts::default();
        let view = View::new(&facts, None);
        let known = Known {
            is_asked,
            ..Known::default()
        };
        Ok(Self {
            git,
            cache_dir,
            repo,
            tips,
            facts,
            view,
            known,
        })
    }

    /// The folder that all work trees of the repository share.
    pub fn common_dir(&self) -> &Path {
        &self.repo.common_dir
    }

    /// The commit that is checked out. `None` before the first one.
    pub fn head(&self) -> Option<Commit<'_>> {
        self.view.order.first().map(|_| self.at(0))
    }

    /// The branch that is checked out, without `refs/heads/`. `None` for a detached HEAD.
    pub fn branch(&self) -> Option<&str> {
        let name = self.repo.branch.as_deref()?;
        Some(name.strip_prefix("refs/heads/").unwrap_or(name))
    }

    /// The branch that the current one follows (`origin/main`), and where it stands.
    pub fn upstream(&self) -> Option<(&str, Id)> {
        Some((short(self.repo.upstream.as_deref()?), self.tips.upstream?))
    }

    /// The branch that the current one is to be merged into, and where it stands: the default branch,
    /// and for the default branch itself the one that it follows.
    pub fn base(&self) -> Option<(&str, Id)> {
        Some((short(self.repo.base.as_deref()?), self.tips.base?))
    }

    /// How far back the history is known.
    pub fn horizon(&self) -> Horizon {
        let is_cut = |commit: &u32| self.facts.parents(*commit).contains(&facts::NONE);
        if self.view.order.iter().any(is_cut) {
            Horizon::Capped
        } else if self.repo.shallow() != 0 {
            Horizon::Shallow
        } else {
            Horizon::Whole
        }
    }

    /// True when renames were only found where the content stayed the same, because the repository
    /// lacks some content (a partial clone).
    pub fn are_renames_exact(&self) -> bool {
        self.facts.are_renames_exact
    }

    /// How much was read.
    pub fn known(&self) -> Known {
        self.known
    }

    /// How many commits lead to HEAD, itself among them.
    pub fn len(&self) -> usize {
        self.view.order.len()
    }

    /// True before the first commit.
    pub fn is_empty(&self) -> bool {
        self.view.order.is_empty()
    }

    /// The commits that lead to HEAD: children before their parents, otherwise the youngest first.
    pub fn commits(&self) -> impl DoubleEndedIterator<Item = Commit<'_>> + ExactSizeIterator {
        (0..self.view.order.len()).map(|place| self.at(place as u32))
    }

    /// A commit that leads to HEAD, to the upstream branch or to the base.
    pub fn commit(&self, id: &Id) -> Option<Commit<'_>> {
        let number = find(&self.facts, Some(*id))?;
        Some(Commit {
            history: self,
            number,
        })
    }

    fn at(&self, place: u32) -> Commit<'_> {
        Commit {
            history: self,
            number: self.view.order[place as usize],
        }
    }

    /// The number of a path from the root.
    fn path(&self, path: &str) -> Option<u32> {
        let path = path.trim_end_matches('/');
        if self.repo.prefix.is_empty() {
            return self.view.path(&self.facts, path);
        }
        let path = format!("{}{path}", self.repo.prefix);
        self.view.path(&self.facts, &path)
    }

    /// The path from the root that a number stands for; `None` outside of the root.
    fn shown(&self, path: u32) -> Option<&str> {
        self.facts.paths().get(path).strip_prefix(&self.repo.prefix)
    }
}

/// The repository and where its branches stand, and whether git had to be asked.
fn stand(git: &Git, root: &Path, cache: Option<&Path>) -> Result<(Repo, Tips, bool), NoHistory> {
    let file = cache.map(|dir| File::new(dir, "repository", root));
    let known = file.as_ref().and_then(|file| file.load::<Repo>(0));
    if let Some(repo) = known.filter(|repo| repo.is_true(root))
        && let Some(tips) = repo.tips()
    {
        return Ok((repo, tips, false));
    }
    let repo = Repo::ask(git, root)?;
    if let Some(file) = file {
        file.save(0, &repo);
    }
    let tips = match repo.tips() {
        Some(tips) => tips,
        None => repo.ask_tips(git),
    };
    Ok((repo, tips, true))
}

/// The number of a commit.
fn find(facts: &Facts, id: Option<Id>) -> Option<u32> {
    let id = id?;
    let mut all = 0..facts.len() as u32;
    // Those that are asked for are mostly young.
    all.rfind(|commit| facts.id_bytes(*commit) == id.as_bytes())
}

/// A branch's name as people write it.
fn short(name: &str) -> &str {
    ["refs/heads/", "refs/remotes/", "refs/"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name)
}

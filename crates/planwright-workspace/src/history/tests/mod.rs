//! Tests on real repositories, made in temporary folders with fixed names and dates.

mod answers;
mod branches;
mod cache;
mod edges;
mod random;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{History, HistoryOptions, NoHistory};

/// When the first commit of every repository is made, in seconds since the Unix epoch.
pub(super) const START: i64 = 1_767_225_600;
/// From one commit to the next, in seconds.
pub(super) const HOUR: i64 = 3600;

/// A repository on disk and the cache beside it.
pub(super) struct Repo {
    dir: TempDir,
    cache: TempDir,
    /// When the next commit is made.
    now: Cell<i64>,
}

impl Repo {
    /// A repository without a commit, its branch called `main`.
    pub(super) fn new() -> Self {
        let repo = Self::bare_folder();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// A folder that is no repository.
    pub(super) fn bare_folder() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            cache: tempfile::tempdir().unwrap(),
            now: Cell::new(START),
        }
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(super) fn cache(&self) -> &Path {
        self.cache.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Runs git at the time of the next commit.
    pub(super) fn try_git(&self, args: &[&str]) -> Output {
        let date = format!("{} +0100", self.now.get());
        Command::new("git")
            .current_dir(self.dir.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@planwright.invalid")
            .env("GIT_COMMITTER_NAME", "Ben")
            .env("GIT_COMMITTER_EMAIL", "ben@planwright.invalid")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .env("GIT_ALLOW_PROTOCOL", "file")
            .args(["-c", "gc.auto=0", "-c", "commit.gpgSign=false"])
            .args(["-c", "advice.detachedHead=false"])
            .args(args)
            .output()
            .unwrap()
    }

    /// Runs git, which must succeed; what it prints.
    pub(super) fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {complaint}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Commits everything that lies in the folder, an hour after the commit before. Its id.
    pub(super) fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=work"]);
        self.pass();
        self.head()
    }

    /// Merges a branch. The merge is there to be changed before it is committed.
    pub(super) fn merge(&self, branch: &str) {
        let _ = self.try_git(&["merge", "--quiet", "--no-ff", "--no-commit", branch]);
    }

    pub(super) fn pass(&self) {
        self.now.set(self.now.get() + HOUR);
    }

    pub(super) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    fn options(&self, is_cached: bool) -> HistoryOptions {
        HistoryOptions {
            cache_dir: is_cached.then(|| self.cache.path().to_owned()),
            ..HistoryOptions::default()
        }
    }

    /// Reads the history with the cache.
    pub(super) fn history(&self) -> History {
        self.try_history().unwrap()
    }

    pub(super) fn try_history(&self) -> Result<History, NoHistory> {
        History::open(self.dir.path(), &self.options(true))
    }

    /// Reads all of the history.
    pub(super) fn anew(&self) -> History {
        History::open(self.dir.path(), &self.options(false)).unwrap()
    }
}

/// What a history says about everything, to be compared with another.
pub(super) fn everything(history: &History) -> Vec<String> {
    let mut all = vec![format!(
        "{:?} {:?} {:?} {:?}",
        history.branch(),
        history.upstream(),
        history.base(),
        history.horizon()
    )];
    let mut paths = Vec::new();
    for commit in history.commits() {
        let mut touched: Vec<_> = commit.paths().collect();
        touched.sort();
        let mut parents: Vec<_> = commit.parents().map(|parent| parent.id()).collect();
        parents.sort_unstable();
        all.push(format!(
            "{commit:?} {parents:?} {:?} {:?} {touched:?}",
            commit.author(),
            commit.committer()
        ));
        paths.extend(
            touched
                .iter()
                .flat_map(|touched| [Some(touched.path), touched.from]),
        );
    }
    paths.sort_unstable();
    paths.dedup();
    for path in paths.into_iter().flatten() {
        let mut events: Vec<_> = history.item_events(path).into_iter().collect();
        events.sort_by_key(|event| (event.commit.id(), event.text, event.before, event.after));
        all.push(format!(
            "{path} {:?} {:?} {:?} {:?} {events:?}",
            history.touches(path),
            history.last_touch(path),
            history.moved_to(path),
            history.removed_by(path),
        ));
    }
    all.push(format!("{:?}", history.branch_work()));
    all
}

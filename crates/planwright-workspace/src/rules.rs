//! Which paths the user's ignore rules leave out.
//!
//! The rules of one folder are a [`Level`]; levels form a chain up to the root. Unlike a plain
//! walk, the chain can be built for any single folder, so that listing one changed folder again
//! applies exactly the rules of a full walk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};

/// Folders that never hold plans of the repository.
const NEVER: [&[u8]; 5] = [b".git", b".jj", b".hg", b".svn", b"node_modules"];

/// True for the name of a folder that is not looked into.
pub(crate) fn is_never_entered(name: &[u8]) -> bool {
    NEVER.contains(&name)
}

/// True for the name of a file that holds ignore rules.
pub(crate) fn is_rules_file(name: &[u8]) -> bool {
    matches!(name, b".gitignore" | b".ignore")
}

/// What a folder holds that changes the rules beneath it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// A file `.ignore`.
    pub(crate) ignore: bool,
    /// A file `.gitignore`.
    pub(crate) gitignore: bool,
    /// `.git` or `.jj`.
    pub(crate) repository: bool,
}

/// The rules of one folder and, by the chain, of those above it.
#[derive(Debug)]
pub(crate) struct Level {
    parent: Option<Arc<Level>>,
    ignore: Gitignore,
    gitignore: Gitignore,
    exclude: Gitignore,
    repository: bool,
}

/// The rules of a workspace.
#[derive(Debug)]
pub(crate) struct Rules {
    root: PathBuf,
    global: Gitignore,
    above: Option<Arc<Level>>,
    /// Files outside the walked tree on which the rules depend, there or not.
    watched: Mutex<Vec<PathBuf>>,
}

impl Rules {
    /// Reads the rules that hold for the whole tree under `root`.
    pub(crate) fn new(root: &Path) -> Self {
        let mut watched = config_files();
        let mut global = GitignoreBuilder::new(root);
        if let Some(path) = gitconfig_excludes_path() {
            // A rule that cannot be read is left out, as git does.
            let _ = global.add(&path);
            watched.push(path);
        }
        let mut above = None;
        for dir in folders_above(root) {
            watched.extend([dir.join(".gitignore"), dir.join(".ignore")]);
            let marks = Marks {
                ignore: dir.join(".ignore").is_file(),
                gitignore: dir.join(".gitignore").is_file(),
                repository: is_repository(dir),
            };
            let (level, exclude) = Level::new(above, dir, marks);
            watched.extend(exclude);
            above = Some(Arc::new(level));
        }
        let global = global.build().unwrap_or_else(|_| Gitignore::empty());
        Self {
            root: root.to_owned(),
            global,
            above,
            watched: Mutex::new(watched),
        }
    }

    /// The chain that holds above the root.
    pub(crate) fn above(&self) -> Option<Arc<Level>> {
        self.above.clone()
    }

    /// The chain inside a folder, given the chain outside it.
    pub(crate) fn enter(
        &self,
        outer: Option<Arc<Level>>,
        dir: &Path,
        marks: Marks,
    ) -> Option<Arc<Level>> {
        if marks == Marks::default() {
            return outer;
        }
        let (level, exclude) = Level::new(outer, dir, marks);
        if let Some(exclude) = exclude {
            self.watched
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(exclude);
        }
        Some(Arc::new(level))
    }

    /// The chain inside the folder at `dir`, a path from the root, found by looking at every
    /// folder on the way.
    pub(crate) fn chain(&self, dir: &Path) -> Option<Arc<Level>> {
        let outer = match dir.parent() {
            Some(above) => self.chain(above),
            None => self.above(),
        };
        self.inside(outer, dir)
    }

    /// The chain inside the folder at `dir`, a path from the root, given the chain outside it.
    pub(crate) fn inside(&self, outer: Option<Arc<Level>>, dir: &Path) -> Option<Arc<Level>> {
        let dir = if dir.as_os_str().is_empty() {
            self.root.clone()
        } else {
            self.root.join(dir)
        };
        let marks = Marks {
            ignore: dir.join(".ignore").is_file(),
            gitignore: dir.join(".gitignore").is_file(),
            repository: is_repository(&dir),
        };
        self.enter(outer, &dir, marks)
    }

    /// True when the rules leave out a path.
    pub(crate) fn exclude(&self, level: Option<&Arc<Level>>, path: &Path, is_dir: bool) -> bool {
        let levels = || std::iter::successors(level, |level| level.parent.as_ref());
        for level in levels() {
            match level.ignore.matched(path, is_dir) {
                Match::None => {}
                decided => return decided.is_ignore(),
            }
        }
        for level in levels() {
            match level.gitignore.matched(path, is_dir) {
                Match::None => {}
                decided => return decided.is_ignore(),
            }
            // What git ignores outside a repository does not reach into it.
            if level.repository {
                match level.exclude.matched(path, is_dir) {
                    Match::None => break,
                    decided => return decided.is_ignore(),
                }
            }
        }
        self.global.matched(path, is_dir).is_ignore()
    }

    /// The files outside the walked tree on which the rules depend.
    pub(crate) fn into_watched(self) -> Vec<PathBuf> {
        let mut watched = self
            .watched
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        watched.sort();
        watched.dedup();
        watched
    }
}

impl Level {
    /// Reads a folder's rules; also gives the path of the repository's own exclude file.
    fn new(parent: Option<Arc<Level>>, dir: &Path, marks: Marks) -> (Self, Option<PathBuf>) {
        let read = |wanted: bool, path: PathBuf| {
            if !wanted {
                return Gitignore::empty();
            }
            let mut builder = GitignoreBuilder::new(dir);
            // Lines that are no valid rule are left out, as git does.
            let _ = builder.add(path);
            builder.build().unwrap_or_else(|_| Gitignore::empty())
        };
        let exclude = if marks.repository {
            exclude_file(dir)
        } else {
            None
        };
        let level = Self {
            parent,
            ignore: read(marks.ignore, dir.join(".ignore")),
            gitignore: read(marks.gitignore, dir.join(".gitignore")),
            exclude: match &exclude {
                Some(path) if path.is_file() => read(true, path.clone()),
                _ => Gitignore::empty(),
            },
            repository: marks.repository,
        };
        (level, exclude)
    }
}

/// True when a folder is the top of a repository.
pub(crate) fn is_repository(dir: &Path) -> bool {
    dir.join(".git").exists() || dir.join(".jj").is_dir()
}

/// True for a further work tree of some repository: a copy of files that are listed where they
/// come from.
pub(crate) fn is_linked_work_tree(dir: &Path) -> bool {
    git_dir(&dir.join(".git")).is_some_and(|git| {
        git.parent()
            .and_then(Path::file_name)
            .is_some_and(|name| name == "worktrees")
    })
}

/// The folder that a `.git` file names.
pub(crate) fn git_dir(file: &Path) -> Option<PathBuf> {
    if !file.is_file() {
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    let path = text.lines().next()?.strip_prefix("gitdir:")?.trim();
    Some(file.parent()?.join(path))
}

/// `info/exclude` of the repository whose top is `dir`, there or not.
fn exclude_file(dir: &Path) -> Option<PathBuf> {
    let git = dir.join(".git");
    if git.is_dir() {
        return Some(git.join("info/exclude"));
    }
    let git = git_dir(&git)?;
    let common = match std::fs::read_to_string(git.join("commondir")) {
        Ok(path) => git.join(path.trim()),
        Err(_) => git,
    };
    Some(common.join("info/exclude"))
}

/// The folders above a root that is no repository of its own, up to the repository that holds it;
/// outermost first.
fn folders_above(root: &Path) -> Vec<&Path> {
    if is_repository(root) {
        return Vec::new();
    }
    let mut folders = Vec::new();
    for dir in root.ancestors().skip(1) {
        folders.push(dir);
        if is_repository(dir) {
            folders.reverse();
            return folders;
        }
    }
    Vec::new()
}

/// The files that name git's global exclude file, and its usual place, by the environment alone.
pub(crate) fn config_files() -> Vec<PathBuf> {
    let var = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = std::env::home_dir();
    let mut files = Vec::new();
    if let Some(global) = var("GIT_CONFIG_GLOBAL") {
        files.push(global);
    }
    files.extend(home.as_ref().map(|home| home.join(".gitconfig")));
    if let Some(config) = var("XDG_CONFIG_HOME").or_else(|| home.map(|home| home.join(".config"))) {
        files.extend([config.join("git/config"), config.join("git/ignore")]);
    }
    files.push(var("GIT_CONFIG_SYSTEM").unwrap_or_else(|| PathBuf::from("/etc/gitconfig")));
    files
}

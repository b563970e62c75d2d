//! What a workspace stands on: the cache and git, for those who look for a fault there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::snapshot::{Location, Snapshot};
use crate::{Workspace, rules, sys};

/// How the snapshot fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cache {
    /// None is kept.
    Off,
    /// It is there and can be read.
    Sound {
        /// The folder it lies in.
        folder: PathBuf,
        /// Bytes of all files there.
        bytes: u64,
    },
    /// It cannot be written, or what was written cannot be read.
    Broken {
        /// The folder it should lie in.
        folder: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// The git program and how a repository is set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Git {
    /// As it says itself: `2.43.0`.
    pub version: String,
    /// Names of the remotes.
    pub remotes: Vec<String>,
    /// The folder that git looks for hooks in; none where there is no repository.
    pub hooks: Option<PathBuf>,
    /// What it runs before a commit.
    pub pre_commit: Option<Hook>,
}

/// A program that git runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hook {
    /// Its text.
    pub text: String,
    /// False where git passes over it.
    pub is_executable: bool,
}

/// How the root was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// By `.git` or `.jj`.
    Repository,
    /// By `.planwright`.
    Planwright,
    /// By nothing: it is the folder that was asked for.
    Nothing,
}

impl Workspace {
    /// How the root was told.
    pub fn mark(&self) -> Mark {
        if rules::is_repository(self.root()) {
            Mark::Repository
        } else if self.root().join(".planwright").is_dir() {
            Mark::Planwright
        } else {
            Mark::Nothing
        }
    }

    /// How the snapshot fares, which this workspace has written if it was not there.
    pub fn cache_health(&self) -> Cache {
        let Some(cache) = &self.cache_dir else {
            return Cache::Off;
        };
        let location = Location::new(cache, self.root(), self.team.fingerprint());
        let folder = location.file().parent().unwrap_or(cache).to_owned();
        let is_sound =
            Snapshot::open(&location).is_some_and(|(mut found, _)| found.docs(false).is_some());
        if is_sound {
            let bytes = size(&folder).unwrap_or_default();
            return Cache::Sound { folder, bytes };
        }
        let reason = match try_to_write(&folder) {
            Err(error) => sys::reason(&error),
            Ok(()) => "what is written there cannot be read back".to_owned(),
        };
        Cache::Broken { folder, reason }
    }

    /// The git program and how the repository is set up. `None` where there is no such program.
    pub fn git_health(&self) -> Option<Git> {
        let line = |args: &[&str]| {
            let said = self.git(args).ok()?.concat();
            Some(said.trim_end().to_owned())
        };
        let version = line(&["--version"])?;
        let version = version.strip_prefix("git version ").unwrap_or(&version);
        let hooks = line(&["rev-parse", "--git-path", "hooks"]).map(|path| self.root().join(path));
        let remotes = line(&["remote"]).unwrap_or_default();
        Some(Git {
            version: version.to_owned(),
            remotes: remotes.lines().map(str::to_owned).collect(),
            pre_commit: hooks.as_deref().and_then(pre_commit),
            hooks,
        })
    }

    /// Folders of the team's own dialects that hold neither a manifest nor a template, from the root.
    pub fn empty_dialects(&self) -> Vec<String> {
        self.team.empty(self.root())
    }

    /// Names of the team's own dialects.
    pub fn own_dialects(&self) -> impl Iterator<Item = &str> {
        self.team.names()
    }
}

fn pre_commit(hooks: &Path) -> Option<Hook> {
    let path = hooks.join("pre-commit");
    let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
    #[cfg(unix)]
    let is_executable = {
        use std::os::unix::fs::PermissionsExt as _;
        metadata.permissions().mode() & 0o111 != 0
    };
    #[cfg(not(unix))]
    let is_executable = metadata.is_file();
    let text = fs::read(path).unwrap_or_default();
    Some(Hook {
        text: String::from_utf8_lossy(&text).into_owned(),
        is_executable,
    })
}

/// Bytes of the files of a folder.
fn size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let file = folder.join(format!("probe-{}.tmp", std::process::id()));
    fs::write(&file, "probe")?;
    fs::remove_file(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[test]
    fn a_cache_that_cannot_be_written_says_why() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("plan.md"), "# Plan\n").unwrap();
        let health = |cache: Option<&str>| {
            let options = Options {
                dir: dir.path().to_owned(),
                cache_dir: cache.map(|cache| dir.path().join(cache)),
            };
            Workspace::open(&options).unwrap().cache_health()
        };
        assert_eq!(health(None), Cache::Off);
        assert!(matches!(health(Some("cache")), Cache::Sound { bytes, .. } if bytes > 0));
        let Cache::Broken { reason, .. } = health(Some("plan.md")) else {
            panic!("a file is no folder");
        };
        assert_eq!(reason, "not a directory");
    }
}

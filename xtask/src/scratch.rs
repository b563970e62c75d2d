//! A repository of its own for a run of the built `plan`, with nothing of this machine around it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::run;

/// The `plan` that is tried: the one given, else one that is built as this program was.
pub(crate) fn plan(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(given) = given {
        return given
            .canonicalize()
            .with_context(|| format!("there is no {}", given.display()));
    }
    run::note("building plan");
    run::run(run::cargo().args(["build", "--quiet", "--package=planwright"]))?;
    Ok(run::target_dir()?.join("debug").join(run::program("plan")))
}

/// A repository, and where `plan` keeps what it knows of it.
pub(crate) struct Scratch {
    dir: tempfile::TempDir,
    plan: PathBuf,
}

impl Scratch {
    pub(crate) fn new(plan: &Path) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        fs::create_dir(dir.path().join("home"))?;
        let scratch = Self {
            dir,
            plan: plan.to_owned(),
        };
        fs::create_dir(scratch.root())?;
        run::run(run::git(&scratch.root()).args(["init", "--quiet"]))?;
        Ok(scratch)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("repo")
    }

    /// `plan` at the root.
    pub(crate) fn command<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(&self.plan);
        command
            .args(args)
            .current_dir(self.root())
            .env("HOME", self.dir.path().join("home"))
            .env("PLANWRIGHT_CACHE_DIR", self.dir.path().join("cache"))
            .env("PLANWRIGHT_STATE_DIR", self.dir.path().join("state"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    /// The folders in which operations are noted; none before the first.
    pub(crate) fn journals(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.dir.path().join("state"));
        let folders = folders.into_iter().flatten().flatten();
        folders.map(|entry| entry.path().join("journal")).collect()
    }

    /// True while an operation is noted that has not come to its end.
    pub(crate) fn is_pending(&self) -> bool {
        let entries = self
            .journals()
            .into_iter()
            .filter_map(|folder| fs::read_dir(folder).ok());
        let mut entries = entries.flatten().flatten();
        entries.any(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|kind| kind == "pending")
        })
    }

    /// The files of a folder that nobody asked for.
    pub(crate) fn leftovers(&self, folder: &str, wanted: &[String]) -> Result<Vec<String>> {
        let mut left = Vec::new();
        for entry in fs::read_dir(self.root().join(folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !wanted.contains(&name) {
                left.push(name);
            }
        }
        Ok(left)
    }
}

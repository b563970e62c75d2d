//! Lays repositories out on disk, one after the other, and checks them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use planwright_check::{CONFIG_PATH, Check, Config, Now, Project, Request, check};
use planwright_workspace::{Options, Workspace};

use super::repository::{Bytes, MAIN, Repository};
use crate::run::{git, run};

/// The day on which every check takes place.
pub(crate) const TODAY: &str = "2026-03-02";

/// Something that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) rule: &'static str,
    pub(crate) path: String,
    pub(crate) lines: RangeInclusive<usize>,
    pub(crate) message: String,
    /// Reported to everybody, not only to those who ask for the rule.
    pub(crate) is_loud: bool,
}

/// A folder in which one repository lies at a time.
pub(crate) struct Lab {
    dir: tempfile::TempDir,
    files: BTreeMap<String, Bytes>,
    has_history: bool,
}

impl Lab {
    pub(crate) fn new() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        fs::create_dir(dir.path().join(".git"))?;
        Ok(Self {
            dir,
            files: BTreeMap::new(),
            has_history: false,
        })
    }

    /// What the rules of these names find in a repository; all rules where there are no names.
    pub(crate) fn check(&mut self, repository: &Repository, rules: &[&str]) -> Result<Vec<Found>> {
        self.lay_out(repository)?;
        let options = Options {
            dir: self.dir.path().to_owned(),
            cache_dir: None,
        };
        let ws = Workspace::open(&options)?;
        let config = Config::parse(repository.text(CONFIG_PATH))?;
        let now = Now::noon(TODAY.parse()?);
        let project = Project::read(&ws, config, now, &[]);
        // What is said of comments depends on what all other rules found.
        let is_engine = |name: &&str| {
            planwright_check::find(name).is_some_and(|rule| matches!(rule.check, Check::Engine))
        };
        let select = if rules.iter().any(is_engine) {
            Vec::new()
        } else {
            rules.iter().map(|name| (*name).to_owned()).collect()
        };
        let request = Request {
            select,
            ..Request::default()
        };
        let report = check(&project, &request);
        let mut found = Vec::new();
        for finding in report.findings {
            let lines = project.file(&finding.path).map_or(1..=1, |file| {
                let line = |offset| file.source.line(offset) as usize;
                line(finding.span.start)..=line(finding.span.end.max(finding.span.start))
            });
            found.push(Found {
                rule: finding.rule.name,
                path: finding.path,
                lines,
                message: finding.message,
                is_loud: finding.is_sure && finding.rule.level.is_some(),
            });
        }
        Ok(found)
    }

    /// Writes what differs from what lies there.
    fn lay_out(&mut self, repository: &Repository) -> Result<()> {
        let root = self.dir.path();
        for path in self.files.keys() {
            if !repository.files.contains_key(path) {
                fs::remove_file(root.join(path))?;
                // A folder that is left empty would still be there for a link.
                let parents = Path::new(path).ancestors().skip(1);
                for parent in parents.take_while(|parent| !parent.as_os_str().is_empty()) {
                    if fs::remove_dir(root.join(parent)).is_err() {
                        break;
                    }
                }
            }
        }
        for (path, bytes) in &repository.files {
            if self.files.get(path) == Some(bytes) {
                continue;
            }
            let path = root.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
        self.files.clone_from(&repository.files);
        if self.has_history || !repository.history.is_empty() {
            fs::remove_dir_all(root.join(".git"))?;
            fs::create_dir(root.join(".git"))?;
            self.has_history = false;
        }
        if !repository.history.is_empty() {
            self.has_history = true;
            commit(root, repository)?;
        }
        Ok(())
    }
}

/// Makes a history.
fn commit(root: &Path, repository: &Repository) -> Result<()> {
    run(git(root)
        .args(["init", "--quiet", "--initial-branch"])
        .arg(repository.head()))?;
    let mut import = git(root)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start `git fast-import`")?;
    let mut stream: Vec<u8> = Vec::new();
    let mut branches = BTreeSet::from([MAIN]);
    for commit in &repository.history {
        let noon = Now::noon(commit.day.parse()?).instant;
        let mut head = String::new();
        let branch = commit.branch.as_str();
        let kind = if branch.starts_with("origin/") {
            "remotes"
        } else {
            "heads"
        };
        let _ = write!(
            head,
            "commit refs/{kind}/{branch}\ncommitter Ann <ann@example.org> {noon} +0000\ndata 5\nwork\n"
        );
        if branches.insert(branch) {
            let _ = writeln!(head, "from refs/heads/{MAIN}");
        }
        stream.extend(head.bytes());
        for (path, bytes) in &commit.files {
            match bytes {
                Some(bytes) => {
                    writeln!(stream, "M 100644 inline {path}\ndata {}", bytes.len())?;
                    stream.extend(bytes.iter());
                    stream.push(b'\n');
                }
                None => writeln!(stream, "D {path}")?,
            }
        }
    }
    if let Some(mut stdin) = import.stdin.take() {
        stdin.write_all(&stream)?;
    }
    let status = import.wait()?;
    if !status.success() {
        bail!("`git fast-import` ended with {status}");
    }
    run(git(root).args(["reset", "--quiet"]))
}

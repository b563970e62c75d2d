//! Asks with the subject of a commit, at its parent, for the sections that it edited.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use planwright_brief::section::split;
use planwright_workspace::{Options, Workspace};

use super::baseline::{Baseline, WAYS};
use super::table::{Looked, OURS, Table};
use super::{Args, BUDGETS, asked, shown};
use crate::run::{git, line, note, run};

/// Commits that edit more sections are made by programs.
const SECTIONS: usize = 12;

pub(super) fn trial(clones: &[PathBuf], args: &Args) -> Result<Table> {
    let most = args.commits;
    let mut table = Table::default();
    let (mut repositories, mut commits) = (0, 0);
    for clone in clones {
        let lab = Lab::of(clone)?;
        let mut tried = 0;
        let candidates = lab.candidates()?;
        // Spread over the history: consecutive commits are mostly about one plan.
        let step = (candidates.len() / (most * 3).max(1)).max(1);
        for commit in candidates.into_iter().step_by(step) {
            if tried == most {
                break;
            }
            match lab.ask(&commit, &mut table, args) {
                Ok(is_asked) => tried += usize::from(is_asked),
                Err(error) => note(&format!("{} {commit}: {error:#}", clone.display())),
            }
        }
        note(&format!("{}: {tried} commits", clone.display()));
        repositories += usize::from(tried > 0);
        commits += tried;
    }
    table.note = format!("{commits} commits of {repositories} repositories.");
    Ok(table)
}

/// A work tree of the plans alone.
struct Lab {
    folder: tempfile::TempDir,
}

/// A section that a commit edited.
type Edited = BTreeSet<(String, u32, u32)>;

impl Lab {
    fn of(clone: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let lab = Self { folder };
        let clone = clone
            .canonicalize()
            .with_context(|| format!("no folder {}", clone.display()))?;
        run(git(lab.folder.path())
            .args(["clone", "--quiet", "--shared", "--no-checkout"])
            .arg(&clone)
            .arg("repo"))?;
        run(git(&lab.root()).args([
            "sparse-checkout",
            "set",
            "--no-cone",
            "*.md",
            "*.mdx",
            "board.json",
            ".sync-state.json",
        ]))?;
        Ok(lab)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    fn git(&self, args: &[&str]) -> Result<String> {
        let output = git(&self.root()).args(args).output()?;
        anyhow::ensure!(
            output.status.success(),
            "git {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
                .lines()
                .next()
                .unwrap_or_default()
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Commits that change Markdown that was there before, and something else; the youngest first.
    fn candidates(&self) -> Result<Vec<String>> {
        let log = self.git(&[
            "log",
            "--no-merges",
            "--name-status",
            "--no-renames",
            "--format=%x00%H",
            "-n",
            "3000",
        ])?;
        let is_markdown = |path: &str| {
            Path::new(path)
                .extension()
                .is_some_and(|ending| ending == "md")
        };
        let commits = log.split('\0').filter_map(|block| {
            let mut lines = block.lines().filter(|line| !line.is_empty());
            let id = lines.next()?;
            let changes: Vec<(&str, &str)> =
                lines.filter_map(|line| line.split_once('\t')).collect();
            let edits = changes
                .iter()
                .any(|(status, path)| *status == "M" && is_markdown(path));
            let code = changes.iter().any(|(_, path)| !is_markdown(path));
            (edits && code).then(|| id.to_owned())
        });
        Ok(commits.collect())
    }

    fn ask(&self, commit: &str, table: &mut Table, args: &Args) -> Result<bool> {
        let parent = format!("{commit}^");
        let diff = self.git(&[
            "diff",
            "-U0",
            "--no-renames",
            "--diff-filter=M",
            &parent,
            commit,
            "--",
            "*.md",
        ])?;
        let edits = edited_lines(&diff);
        self.git(&["checkout", "--quiet", "--force", "--detach", &parent])?;
        let ws = Workspace::open(&Options {
            dir: self.root(),
            cache_dir: Some(self.folder.path().join("cache")),
        })?;
        let edited = Self::sections(&ws, &edits);
        if edited.is_empty() || edited.len() > SECTIONS {
            return Ok(false);
        }
        let documents: BTreeSet<&String> = edited.iter().map(|(path, ..)| path).collect();
        let question = self.question(commit, args.whole_message)?;
        let question = question.as_str();
        let dates = self.dates()?;
        let baseline = Baseline::read(&ws, None, &|path| dates.get(path).cloned());
        for (number, budget) in BUDGETS.into_iter().enumerate() {
            let own = shown(&asked(&ws, None, Some(question), budget)?);
            let mut ways = vec![(OURS, own)];
            ways.extend(WAYS.into_iter().zip(baseline.shown(question, budget)));
            for (way, shown) in ways {
                let found = documents.iter().filter(|path| shown.has(path)).count();
                table.add(Looked::Document, way, number, found, documents.len());
                let has = |section: &&(String, u32, u32)| {
                    shown.has_section(&section.0, (section.1, section.2), &edits[&section.0])
                };
                let sections = edited.iter().filter(has).count();
                table.add(Looked::Section, way, number, sections, edited.len());
                if args.misses && way == OURS && number == 2 && sections < edited.len() {
                    for (path, first, last) in edited.iter().filter(|section| !has(section)) {
                        line(&format!("missed: {question} -> {path}:{first}-{last}"));
                    }
                }
            }
        }
        Ok(true)
    }

    /// What is asked: the subject of a commit, or its message without the trailers.
    fn question(&self, commit: &str, whole: bool) -> Result<String> {
        let subject = self.git(&["log", "-1", "--format=%s", commit])?;
        if !whole {
            return Ok(subject.trim().to_owned());
        }
        let body = self.git(&["log", "-1", "--format=%b", commit])?;
        let trailers = self.git(&["log", "-1", "--format=%(trailers)", commit])?;
        let body = body.trim_end();
        let body = body.strip_suffix(trailers.trim_end()).unwrap_or(body);
        Ok(format!("{}\n{}", subject.trim(), body.trim()))
    }

    /// The sections around lines, of documents that are listed.
    fn sections(ws: &Workspace, edits: &BTreeMap<String, Vec<u32>>) -> Edited {
        let mut edited = Edited::new();
        for (path, lines) in edits {
            let Some(entry) = ws.find(path).map(|index| ws.entry(index)) else {
                continue;
            };
            if entry.template {
                continue;
            }
            let bytes = ws.read_bytes(path).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            for section in split(&text) {
                if lines
                    .iter()
                    .any(|line| (section.line..=section.end_line + 1).contains(line))
                {
                    edited.insert((path.clone(), section.line, section.end_line));
                }
            }
        }
        edited
    }

    /// When each file was changed last.
    fn dates(&self) -> Result<BTreeMap<String, String>> {
        let log = self.git(&[
            "log",
            "--no-merges",
            "--name-only",
            "--no-renames",
            "--format=%x00%cI",
            "-n",
            "1000",
            "--",
            "*.md",
        ])?;
        let mut dates = BTreeMap::new();
        for block in log.split('\0') {
            let mut lines = block.lines().filter(|line| !line.is_empty());
            let Some(date) = lines.next() else { continue };
            for path in lines {
                dates
                    .entry(path.to_owned())
                    .or_insert_with(|| date.to_owned());
            }
        }
        Ok(dates)
    }
}

/// Of each file the lines that a diff without context touches, as they are numbered before it.
fn edited_lines(diff: &str) -> BTreeMap<String, Vec<u32>> {
    let mut edits: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut path = None;
    for line in diff.lines() {
        if let Some(name) = line.strip_prefix("--- a/") {
            path = Some(name.to_owned());
        } else if let Some(rest) = line.strip_prefix("@@ -")
            && let Some(path) = &path
        {
            let range = rest.split(' ').next().unwrap_or_default();
            let (first, count) = range.split_once(',').unwrap_or((range, "1"));
            let first: u32 = first.parse().unwrap_or(1);
            let count: u32 = count.parse().unwrap_or(1);
            edits
                .entry(path.clone())
                .or_default()
                .extend(first..first + count.max(1));
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edited_lines_are_those_before_the_edit() {
        let diff = "--- a/x.md\n+++ b/x.md\n@@ -3 +3 @@ h\n-a\n+b\n@@ -7,2 +7,0 @@\n-c\n-d\n@@ -12,0 +11,2 @@\n+e\n";
        assert_eq!(edited_lines(diff)["x.md"], [3, 7, 8, 12]);
    }
}

//! A history that ends in what was written: files come one after the other, then boxes are ticked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::run::{git, run};

/// When the first commit is made, and how much later each of the others, in seconds.
const START: usize = 1_735_689_600;
const STEP: usize = 1_800;

const TICKED: &str = "- [x] ";
const OPEN: &str = "- [ ] ";

/// Commits what lies in `dir` as the work of a number of commits, the same for the same numbers.
pub(super) fn commit(dir: &Path, commits: usize, seed: u64) -> Result<()> {
    let files = files(dir)?;
    run(git(dir).args(["init", "--quiet", "--initial-branch=main"]))?;
    let mut import = git(dir)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start `git fast-import`")?;
    let written = match import.stdin.take() {
        Some(mut stdin) => {
            let mut step = |text: &str| stdin.write_all(text.as_bytes());
            stream(&files, commits, seed, &mut step)
        }
        None => Ok(()),
    };
    let status = import.wait()?;
    if !status.success() {
        bail!("`git fast-import` ended with {status}");
    }
    written?;
    run(git(dir).args(["reset", "--quiet"]))
}

/// Every file by its path from `dir`.
fn files(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in ignore::WalkBuilder::new(dir)
        .standard_filters(false)
        .build()
    {
        let path = entry?.into_path();
        if path.is_file() {
            let name = path.strip_prefix(dir)?.to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(files)
}

/// A text in which only the first boxes are ticked.
fn begun(text: &str, ticks: usize) -> String {
    let mut parts = text.split(TICKED);
    let mut begun = parts.next().unwrap_or_default().to_owned();
    for (number, part) in parts.enumerate() {
        begun.push_str(if number < ticks { TICKED } else { OPEN });
        begun.push_str(part);
    }
    begun
}

/// Writes the commits as `git fast-import` reads them.
fn stream(
    files: &BTreeMap<String, String>,
    commits: usize,
    seed: u64,
    write: &mut dyn FnMut(&str) -> std::io::Result<()>,
) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(seed);
    let all: Vec<(&String, &String)> = files.iter().collect();
    let code: Vec<&String> = files.keys().filter(|path| path.contains("src/")).collect();
    let mut ticks: Vec<(usize, usize)> = Vec::new();
    for (number, (_, text)) in all.iter().enumerate() {
        let count = text.matches(TICKED).count();
        ticks.extend((1..=count).map(|tick| (number, tick)));
    }
    // Stable, so that the boxes of one document keep their order.
    let turns: Vec<u32> = all.iter().map(|_| random.u32(..)).collect();
    ticks.sort_by_key(|(number, tick)| (*tick, turns[*number]));

    let (mut added, mut ticked) = (0, 0);
    for commit in 0..commits {
        let is_last = commit + 1 == commits;
        let mut changed: BTreeMap<&str, String> = BTreeMap::new();
        // The files come in the first half.
        let due = if is_last {
            all.len()
        } else {
            (all.len() * 2 * (commit + 1) / commits).min(all.len())
        };
        for (path, text) in &all[added..due] {
            changed.insert(path.as_str(), begun(text, 0));
        }
        added = due;
        let due = (ticks.len() * commit / commits).min(ticks.len());
        for (number, tick) in &ticks[ticked..due] {
            // A document that is not there yet comes with the last commit as it is.
            if *number < added {
                let (path, text) = all[*number];
                changed.insert(path.as_str(), begun(text, *tick));
            }
        }
        ticked = due;
        for _ in 0..=random.usize(..3) {
            if let Some(path) = code.get(random.usize(..code.len().max(1)))
                && !changed.contains_key(path.as_str())
                && all[..added]
                    .binary_search_by(|(other, _)| other.cmp(path))
                    .is_ok()
            {
                changed.insert(path.as_str(), format!("{}// {commit}\n", files[*path]));
            }
        }
        if is_last {
            changed = all
                .iter()
                .map(|(path, text)| (path.as_str(), (*text).clone()))
                .collect();
        }
        let when = START + commit * STEP;
        let mut text = format!(
            "commit refs/heads/main\ncommitter Planwright <dev@planwright.invalid> {when} +0000\ndata 5\nwork\n\n"
        );
        for (path, content) in changed {
            writeln!(text, "M 100644 inline {path}\ndata {}", content.len())?;
            writeln!(text, "{content}")?;
        }
        write(&text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_commit_holds_what_was_written() {
        let dir = tempfile::tempdir().unwrap();
        super::super::repository(dir.path(), 40, 1).unwrap();
        commit(dir.path(), 100, 1).unwrap();
        let output = |args: &[&str]| {
            let output = git(dir.path()).args(args).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        assert_eq!(output(&["status", "--porcelain"]), "");
        assert_eq!(output(&["rev-list", "--count", "HEAD"]).trim(), "100");
        let ticks = output(&["log", "-p", "--format=", "HEAD~1"]);
        assert!(ticks.contains("\n+- [x] "));
    }

    #[test]
    fn boxes_are_ticked_from_the_first_on() {
        let text = "- [x] a\n- [ ] b\n- [x] c\n";
        assert_eq!(begun(text, 0), "- [ ] a\n- [ ] b\n- [ ] c\n");
        assert_eq!(begun(text, 1), "- [x] a\n- [ ] b\n- [ ] c\n");
        assert_eq!(begun(text, 2), text);
    }
}

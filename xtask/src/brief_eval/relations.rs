//! Hides what a document declares and looks whether it is found all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use planwright_ops::show;
use planwright_workspace::{Options, Workspace};

use super::baseline::{Baseline, WAYS};
use super::table::{Looked, OURS, Table};
use super::{BUDGETS, asked, folders, shown};
use crate::run::{line, note};

pub(super) fn trial(corpus: &Path, most: usize, misses: bool) -> Result<Table> {
    let mut table = Table::default();
    let (mut repositories, mut hidden, mut stuck) = (0, 0, 0);
    for folder in folders(corpus)? {
        let lab = Lab::copy(&folder)?;
        let pairs = lab.pairs(most)?;
        if pairs.is_empty() {
            continue;
        }
        note(&format!("{}: {} relations", folder.display(), pairs.len()));
        repositories += 1;
        for (from, to) in pairs {
            if lab.hide(&from, &to, &mut table, misses)? {
                hidden += 1;
            } else {
                stuck += 1;
            }
        }
    }
    table.note = format!(
        "{hidden} relations of {repositories} repositories; {stuck} more could not be hidden."
    );
    Ok(table)
}

/// A copy of a repository that may be changed.
struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    fn copy(from: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let repository = folder.path().join("repo");
        fs::create_dir_all(repository.join(".git"))?;
        for entry in ignore::WalkBuilder::new(from)
            .standard_filters(false)
            .build()
            .flatten()
        {
            let relative = entry.path().strip_prefix(from)?;
            let is_state = relative.components().any(|part| part.as_os_str() == ".git");
            let target = repository.join(relative);
            match entry.file_type() {
                Some(kind) if kind.is_dir() && !is_state => fs::create_dir_all(target)?,
                Some(kind) if kind.is_file() && !is_state => {
                    fs::copy(entry.path(), target)?;
                }
                _ => {}
            }
        }
        Ok(Self { folder })
    }

    fn open(&self) -> Result<Workspace> {
        Ok(Workspace::open(&Options {
            dir: self.folder.path().join("repo"),
            cache_dir: Some(self.folder.path().join("cache")),
        })?)
    }

    /// Relations between documents of different undertakings, spread over the repository.
    fn pairs(&self, most: usize) -> Result<Vec<(String, String)>> {
        let ws = self.open()?;
        let mut pairs = BTreeSet::new();
        for link in ws.graph().links() {
            let Some(to) = link.to.filter(|to| *to != link.from) else {
                continue;
            };
            let (from, to) = (ws.entry(link.from), ws.entry(to));
            let is_over =
                from.template || to.template || from.kind == "index" || to.kind == "index";
            if !is_over && (from.initiative != to.initiative || from.initiative.is_empty()) {
                pairs.insert((from.path.to_owned(), to.path.to_owned()));
            }
        }
        let pairs: Vec<_> = pairs.into_iter().collect();
        let step = pairs.len().div_ceil(most).max(1);
        Ok(pairs.into_iter().step_by(step).collect())
    }

    /// Takes a relation out of the files and asks; false where it is still there.
    fn hide(&self, from: &str, to: &str, table: &mut Table, misses: bool) -> Result<bool> {
        let root = self.folder.path().join("repo");
        let mut saved: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        {
            let ws = self.open()?;
            for (path, other) in [(from, to), (to, from)] {
                let index = ws.find(other).context("a document is gone")?;
                let names = names(&ws, index);
                let bytes = fs::read(root.join(path))?;
                let kept = without(&String::from_utf8_lossy(&bytes), &names);
                saved.insert(path.to_owned(), bytes);
                fs::write(root.join(path), kept)?;
            }
            let stated = ".archcore/.sync-state.json";
            if let Ok(bytes) = fs::read(root.join(stated)) {
                fs::write(root.join(stated), unstated(&bytes, from, to)?)?;
                saved.insert(stated.to_owned(), bytes);
            }
        }
        let result = self.ask(from, to, table, misses);
        for (path, bytes) in saved {
            fs::write(root.join(path), bytes)?;
        }
        result
    }

    fn ask(&self, from: &str, to: &str, table: &mut Table, misses: bool) -> Result<bool> {
        let ws = self.open()?;
        let (Some(a), Some(b)) = (ws.find(from), ws.find(to)) else {
            return Ok(false);
        };
        let is_joined = |a: usize, b: usize| ws.graph().outgoing(a).any(|link| link.to == Some(b));
        if is_joined(a, b) || is_joined(b, a) {
            return Ok(false);
        }
        let request = show::Request {
            reference: from.to_owned(),
            path: Some(from.to_owned()),
        };
        let goal = match show::run(&ws, &request) {
            Ok(show::Answer::Document(found)) => found.goal.unwrap_or_default(),
            _ => String::new(),
        };
        let question = format!("{} {goal}", ws.entry(a).title);
        let baseline = Baseline::read(&ws, Some(from), &|_| None);
        for (number, budget) in BUDGETS.into_iter().enumerate() {
            let found = shown(&asked(&ws, Some(from), None, budget)?).has(to);
            table.add(Looked::Document, OURS, number, usize::from(found), 1);
            if misses && !found && number == 3 {
                line(&format!("missed: {from} -> {to}"));
            }
            let free = shown(&asked(&ws, None, Some(&question), budget)?).has(to);
            table.add(
                Looked::Document,
                "brief, of its title and goal",
                number,
                usize::from(free),
                1,
            );
            for (way, shown) in WAYS.into_iter().zip(baseline.shown(&question, budget)) {
                table.add(Looked::Document, way, number, usize::from(shown.has(to)), 1);
            }
        }
        Ok(true)
    }
}

/// What a document is called in texts.
fn names(ws: &Workspace, index: usize) -> Vec<String> {
    let entry = ws.entry(index);
    let file = entry.path.rsplit('/').next().unwrap_or(entry.path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let is_common = ["plan", "spec", "tasks", "readme", "index", "research"]
        .contains(&stem.to_lowercase().as_str());
    let mut names = vec![
        entry.path.to_lowercase(),
        entry.reference.to_lowercase(),
        entry.title.to_lowercase(),
    ];
    names.extend(entry.aliases.iter().map(|alias| alias.to_lowercase()));
    if is_common {
        // The file of a feature is called by its folder.
        let folder = entry.path.rsplit('/').nth(1).unwrap_or(file);
        names.push(format!("{}/{}", folder.to_lowercase(), file.to_lowercase()));
    } else {
        names.push(stem.to_lowercase());
    }
    let says = |name: &String| {
        name.len() > 3 && (name.len() > 7 || name.contains(|c: char| c.is_ascii_digit()))
    };
    names.retain(says);
    names
}

/// A text without the lines that hold a name; the lines themselves stay.
fn without(text: &str, names: &[String]) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let lower = line.to_lowercase();
        if names.iter().any(|name| lower.contains(name.as_str())) {
            "\n"
        } else {
            line
        }
    });
    lines.collect()
}

/// A file of relations without those between two documents.
fn unstated(bytes: &[u8], from: &str, to: &str) -> Result<Vec<u8>> {
    let mut value: serde_json::Value = serde_json::from_slice(bytes)?;
    if let Some(relations) = value
        .get_mut("relations")
        .and_then(|list| list.as_array_mut())
    {
        relations.retain(|relation| {
            let is = |key: &str, path: &str| {
                let name = relation.get(key).and_then(|name| name.as_str());
                name.is_some_and(|name| path == format!(".archcore/{name}"))
            };
            !(is("source", from) && is("target", to) || is("source", to) && is("target", from))
        });
    }
    Ok(serde_json::to_vec_pretty(&value)?)
}

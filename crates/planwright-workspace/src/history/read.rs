//! Reads the commits that are not known yet.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;

use super::NoHistory;
use super::boxes::is_document;
use super::facts::{Adder, Facts, NONE};
use super::id::Id;
use super::log::{self, Logged};
use super::run::Git;

/// Commits without children that git is told to stop at. Further ones are read again and dropped.
const ENDS: usize = 100;
/// Documents larger than this are not read for boxes, in bytes.
const LARGE: usize = 4 * 1024 * 1024;

/// Adds every commit that can be reached from `tips`, at most `limit` of them. False when all of
/// them were known.
pub(crate) fn update(
    facts: &mut Facts,
    git: &Git,
    tips: &[Id],
    limit: usize,
) -> Result<bool, NoHistory> {
    let are_known = {
        let all = 0..facts.len() as u32;
        let mut unknown: Vec<&Id> = tips.iter().collect();
        // Tips are young, and young commits come last.
        for commit in all.rev() {
            if unknown.is_empty() {
                break;
            }
            unknown.retain(|id| id.as_bytes() != facts.id_bytes(commit));
        }
        unknown.is_empty()
    };
    if are_known {
        return Ok(false);
    }
    let mut input = String::new();
    for tip in tips {
        let _ = writeln!(input, "{tip}");
    }
    for end in ends(facts) {
        let _ = writeln!(input, "^{end}");
    }
    let commits = match log(git, "-M", &input, limit) {
        // Content that is missing, or damaged, hinders only the search for renames that changed
        // the content as well.
        Err(NoHistory::Failed { .. }) => {
            facts.are_renames_exact = true;
            log(git, "-M100%", &input, limit)?
        }
        read => read?,
    };
    let mut adder = Adder::new(facts);
    let commits = parents_first(commits, |id| adder.find(id).is_some());
    let boxes = boxes(&mut adder, git, &commits)?;
    for commit in &commits {
        adder.add(commit, &boxes);
    }
    Ok(true)
}

fn log(git: &Git, renames: &str, input: &str, limit: usize) -> Result<Vec<Logged>, NoHistory> {
    let limit = format!("--max-count={limit}");
    // A commit that was pruned since it was read does not have to be stopped at.
    let mut args = vec!["log", "--ignore-missing", "--stdin", renames, &limit];
    args.extend(log::ARGS);
    git.stream(&args, input.as_bytes(), |stdout| log::read(stdout))
}

/// The youngest commits without children.
fn ends(facts: &Facts) -> Vec<Id> {
    let mut has_child = vec![false; facts.len()];
    let all = 0..facts.len() as u32;
    for parent in all.clone().flat_map(|commit| facts.parents(commit)) {
        if *parent != NONE {
            has_child[*parent as usize] = true;
        }
    }
    let ends = all.rev().filter(|commit| !has_child[*commit as usize]);
    ends.map(|commit| facts.id(commit)).take(ENDS).collect()
}

/// The commits that are not known, each once and behind its parents.
fn parents_first(commits: Vec<Logged>, is_known: impl Fn(&Id) -> bool) -> Vec<Logged> {
    let mut places: HashMap<Id, usize> = HashMap::with_capacity(commits.len());
    for (at, commit) in commits.iter().enumerate() {
        if !is_known(&commit.id) {
            places.insert(commit.id, at);
        }
    }
    let mut waiting: Vec<Option<Logged>> = commits.into_iter().map(Some).collect();
    let mut sorted = Vec::with_capacity(places.len());
    for at in (0..waiting.len()).rev() {
        let mut stack = vec![at];
        while let Some(&at) = stack.last() {
            let Some(commit) = &waiting[at] else {
                stack.pop();
                continue;
            };
            let parents = commit
                .parents
                .iter()
                .filter_map(|parent| places.get(parent));
            let before: Vec<usize> = parents
                .copied()
                .filter(|parent| *parent != at && waiting[*parent].is_some())
                .collect();
            if before.is_empty() {
                stack.pop();
                sorted.extend(
                    waiting[at]
                        .take()
                        .filter(|commit| places.get(&commit.id) == Some(&at)),
                );
            } else {
                stack.extend(before);
            }
        }
    }
    sorted
}

/// Reads the boxes of every version of a document that the commits made or replaced.
fn boxes(
    adder: &mut Adder<'_>,
    git: &Git,
    commits: &[Logged],
) -> Result<HashMap<Id, Vec<super::boxes::Line>>, NoHistory> {
    let mut boxes = HashMap::new();
    let mut wanted = Vec::new();
    for touched in commits.iter().flat_map(|commit| &commit.changes) {
        if !is_document(&touched.path) {
            continue;
        }
        for id in touched.old.iter().chain([&touched.new]).flatten() {
            if boxes.insert(*id, Vec::new()).is_none() {
                wanted.push(id.to_string());
            }
        }
    }
    if wanted.is_empty() {
        return Ok(boxes);
    }
    boxes.clear();
    let mut objects = git.objects()?;
    let read = objects.read(&wanted, LARGE, |_, object| {
        if let Some((id, bytes)) = object {
            boxes.insert(id, adder.boxes(bytes));
        }
    });
    read.map_err(|error: io::Error| NoHistory::Failed {
        command: "git cat-file".to_owned(),
        reason: crate::sys::reason(&error),
    })?;
    Ok(boxes)
}

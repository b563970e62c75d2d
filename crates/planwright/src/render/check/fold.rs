//! Findings that say the same in many places: a form filled in by a machine makes one mistake a
//! hundred times, and the hundred-and-first finding may be the one that matters.

use std::collections::{BTreeMap, BTreeSet};

use planwright_ops::check::Finding;

use super::super::counted;
use super::super::line::Line;
use super::super::style::Style;

/// How many of the same are shown.
const SHOWN: usize = 3;

/// What is shown.
#[derive(Debug)]
pub(super) enum Entry<'a> {
    /// A finding.
    Finding(&'a Finding),
    /// In the place of others.
    More(More<'a>),
}

/// Findings of one rule that say what others say that are shown.
#[derive(Debug)]
pub(super) struct More<'a> {
    name: &'a str,
    /// How many.
    pub(super) count: usize,
    files: usize,
}

impl More<'_> {
    pub(super) fn line(&self, style: &Style) -> Line {
        let files = counted(self.files as u32, "file", "files");
        let Self { name, count, .. } = self;
        Line::new().dim(format!(
            "{} {count} more of {name} say the same in {files}: plan check --select {name} --all",
            style.signs().ellipsis,
        ))
    }
}

/// The findings in their order; of those that say the same the first, and behind the last of these
/// what stands for the rest. `all` leaves nothing out.
pub(super) fn fold(findings: &[Finding], all: bool) -> Vec<Entry<'_>> {
    let mut same: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, found) in findings.iter().enumerate() {
        same.entry((found.name, &found.message))
            .or_default()
            .push(at);
    }
    let mut hidden = BTreeSet::new();
    let mut behind = BTreeMap::new();
    // A line that stands for a single finding spares nothing.
    for ((name, _), places) in same {
        if all || places.len() <= SHOWN + 1 {
            continue;
        }
        let (shown, rest) = places.split_at(SHOWN);
        let files: BTreeSet<&str> = rest.iter().map(|at| findings[*at].path.as_str()).collect();
        let more = More {
            name,
            count: rest.len(),
            files: files.len(),
        };
        behind.extend(shown.last().map(|last| (*last, more)));
        hidden.extend(rest.iter().copied());
    }
    let mut entries = Vec::new();
    for (at, found) in findings.iter().enumerate() {
        if !hidden.contains(&at) {
            entries.push(Entry::Finding(found));
        }
        entries.extend(behind.remove(&at).map(Entry::More));
    }
    entries
}

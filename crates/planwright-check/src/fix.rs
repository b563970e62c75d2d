//! Applies fixes: splices against the bytes that were checked.

use std::collections::BTreeMap;

use planwright_syntax::splice::{self, Edit};

use crate::finding::Finding;
use crate::project::Project;

/// One file as it was and as the fixes leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path from the root.
    pub path: String,
    /// The bytes that were checked.
    pub before: Vec<u8>,
    /// The bytes with every fix in them.
    pub after: Vec<u8>,
    /// How many findings this puts right, those of fixes that touch several files counted once in
    /// the first.
    pub fixed: u32,
}

/// Applies the fixes of findings to the bytes of their files, in memory. Of fixes that touch the
/// same bytes the first is taken; the others wait for the next time.
pub fn apply<'f>(
    project: &Project<'_>,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Vec<Change> {
    let mut edits: BTreeMap<&'f str, Vec<Edit>> = BTreeMap::new();
    let mut fixed: BTreeMap<&'f str, u32> = BTreeMap::new();
    for fix in findings
        .into_iter()
        .filter_map(|finding| finding.fix.as_ref())
    {
        let is_free = fix.edits.iter().all(|(path, new)| {
            let known = edits.get(path.as_str()).map_or(&[][..], Vec::as_slice);
            new.iter()
                .all(|new| known.iter().all(|old| are_apart(old, new)))
        });
        if !is_free {
            continue;
        }
        for (path, new) in &fix.edits {
            edits.entry(path).or_default().extend(new.iter().cloned());
        }
        if let Some((path, _)) = fix.edits.first() {
            *fixed.entry(path).or_default() += 1;
        }
    }
    let changes = edits.into_iter().filter_map(|(path, edits)| {
        let source = project.source(path)?;
        let before = source.bytes();
        // A rule whose edits do not fit the file it was shown has a fault; nothing is changed then.
        let after = splice::apply(before, &edits).ok()?;
        (after != before).then(|| Change {
            path: path.to_owned(),
            before: before.to_vec(),
            after,
            fixed: fixed.get(path).copied().unwrap_or_default(),
        })
    });
    changes.collect()
}

/// True when two edits neither overlap nor touch at an insertion.
fn are_apart(a: &Edit, b: &Edit) -> bool {
    a.span.end < b.span.start
        || b.span.end < a.span.start
        || (a.span.end == b.span.start || b.span.end == a.span.start)
            && !a.span.is_empty()
            && !b.span.is_empty()
}

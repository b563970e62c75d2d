//! What a text shows of the documents of a repository.

use std::collections::{BTreeMap, BTreeSet};

/// Lines of a section that are enough of it, where it is longer than twice as many.
const ENOUGH: usize = 15;

/// Documents that are named, and lines that are shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    documents: BTreeMap<String, BTreeSet<u32>>,
}

impl Shown {
    /// A document is named.
    pub(super) fn name(&mut self, path: &str) {
        self.documents.entry(path.to_owned()).or_default();
    }

    /// Lines of a document stand there.
    pub(super) fn lines(&mut self, path: &str, first: u32, last: u32) {
        self.documents
            .entry(path.to_owned())
            .or_default()
            .extend(first..=last);
    }

    /// True where a document is named.
    pub(super) fn has(&self, path: &str) -> bool {
        self.documents.contains_key(path)
    }

    /// True where half of a section stands there, or [`ENOUGH`] lines of it, or a line of it that was
    /// to be edited.
    pub(super) fn has_section(
        &self,
        path: &str,
        (first, last): (u32, u32),
        edited: &[u32],
    ) -> bool {
        let lines = self.documents.get(path);
        let is_inside = |line: &&u32| (first..=last).contains(*line);
        if edited
            .iter()
            .filter(is_inside)
            .any(|line| lines.is_some_and(|lines| lines.contains(line)))
        {
            return true;
        }
        let all = (last + 1 - first) as usize;
        let found = self
            .documents
            .get(path)
            .map_or(0, |lines| lines.range(first..=last).count());
        found > 0 && (found * 2 >= all || found >= ENOUGH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_section_is_enough_of_it() {
        let mut shown = Shown::default();
        shown.name("a.md");
        shown.lines("b.md", 3, 5);
        assert!(shown.has("a.md") && !shown.has_section("a.md", (1, 1), &[]));
        assert!(shown.has_section("b.md", (1, 6), &[]) && !shown.has_section("b.md", (1, 7), &[]));
        assert!(
            shown.has_section("b.md", (1, 7), &[4]) && !shown.has_section("b.md", (6, 9), &[4])
        );
        shown.lines("b.md", 3, 20);
        assert!(shown.has_section("b.md", (1, 90), &[]));
    }
}

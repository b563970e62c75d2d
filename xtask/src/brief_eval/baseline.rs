//! Simpler ways: whole documents by BM25, by `grep`, by date, and the lines that `grep` prints.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use planwright_brief::rank::{Counted, Statistics, count};
use planwright_brief::section::Section;
use planwright_brief::tokens::{cut, estimate};
use planwright_brief::words::Terms;
use planwright_workspace::Workspace;

use super::shown::Shown;

/// The ways, in the order of the table.
pub(super) const WAYS: [&str; 4] = [
    "BM25 over documents",
    "grep, whole files",
    "grep, lines",
    "recency",
];

struct Document {
    path: String,
    name: String,
    text: String,
    date: String,
}

/// The documents of a repository.
pub(super) struct Baseline {
    documents: Vec<Document>,
}

impl Baseline {
    /// Reads all documents but one. `date` says when a file was changed last.
    pub(super) fn read(
        ws: &Workspace,
        without: Option<&str>,
        date: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let listed = ws
            .entries()
            .filter(|entry| !entry.template && without != Some(entry.path));
        let documents = listed.map(|entry| Document {
            path: entry.path.to_owned(),
            name: format!("{} {}", entry.title, entry.reference),
            text: String::from_utf8_lossy(&ws.read_bytes(entry.path).unwrap_or_default())
                .into_owned(),
            date: date(entry.path)
                .or(entry.touched.map(str::to_owned))
                .unwrap_or_default(),
        });
        Self {
            documents: documents.collect(),
        }
    }

    /// What each way shows, in the order of [`WAYS`].
    pub(super) fn shown(&self, question: &str, budget: u32) -> [Shown; 4] {
        let by_score = self.by_score(question);
        let by_hits = self.by_hits(question);
        let mut by_date: Vec<usize> = (0..self.documents.len()).collect();
        by_date.sort_by_key(|at| Reverse(&self.documents[*at].date));
        [
            self.whole(&by_score, budget),
            self.whole(&by_hits, budget),
            self.lines(&by_hits, question, budget),
            self.whole(&by_date, budget),
        ]
    }

    fn by_score(&self, question: &str) -> Vec<usize> {
        let mut terms = Terms::default();
        terms.add(question, 1.0);
        let counted = |document: &Document| {
            let whole = Section {
                text: &document.text,
                ..Section::default()
            };
            count(&terms, &document.name, &[whole]).remove(0)
        };
        let counted: Vec<Counted> = self.documents.iter().map(counted).collect();
        let statistics = Statistics::new(terms.len(), counted.iter());
        let scores = counted
            .iter()
            .map(|counted| statistics.score(terms.weights(), counted));
        let mut scored: Vec<(f64, usize)> =
            scores.zip(0..).filter(|(score, _)| *score > 0.0).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.into_iter().map(|(_, at)| at).collect()
    }

    /// By how many of the words are found, then by how often.
    fn by_hits(&self, question: &str) -> Vec<usize> {
        let words = words(question);
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for (at, document) in self.documents.iter().enumerate() {
            let text = document.text.to_lowercase();
            let hits: Vec<usize> = words
                .iter()
                .map(|word| text.matches(word.as_str()).count())
                .collect();
            let different = hits.iter().filter(|hits| **hits > 0).count();
            if different > 0 {
                found.push((different, hits.iter().sum(), at));
            }
        }
        found.sort_by_key(|(different, hits, at)| (Reverse(*different), Reverse(*hits), *at));
        found.into_iter().map(|(.., at)| at).collect()
    }

    /// Whole documents, the last one cut.
    fn whole(&self, order: &[usize], budget: u32) -> Shown {
        let mut shown = Shown::default();
        let mut left = budget;
        for document in order.iter().map(|at| &self.documents[*at]) {
            let head = estimate(&document.path) + 2;
            let Some(room) = left.checked_sub(head).filter(|room| *room > 20) else {
                break;
            };
            let text = cut(&document.text, room, estimate);
            left = room - estimate(text).min(room);
            shown.lines(&document.path, 1, text.lines().count() as u32);
        }
        shown
    }

    /// `path:line:text` of every line that holds a word.
    fn lines(&self, order: &[usize], question: &str, budget: u32) -> Shown {
        let words = words(question);
        let mut shown = Shown::default();
        let mut left = budget;
        for document in order.iter().map(|at| &self.documents[*at]) {
            for (number, text) in (1..).zip(document.text.lines()) {
                let lower = text.to_lowercase();
                if !words.iter().any(|word| lower.contains(word.as_str())) {
                    continue;
                }
                let cost = estimate(&format!("{}:{number}:{text}\n", document.path));
                match left.checked_sub(cost) {
                    Some(rest) => left = rest,
                    None => return shown,
                }
                shown.lines(&document.path, number, number);
            }
        }
        shown
    }
}

/// The words that somebody would look for: those of four letters and more.
fn words(question: &str) -> BTreeSet<String> {
    let words = question
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 3);
    words.map(str::to_lowercase).collect()
}

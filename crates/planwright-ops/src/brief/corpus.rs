//! Every document, read once: what it says about the question, about paths, and about being loaded.

use std::borrow::Cow;

use memchr::memmem::{self, Finder};
use planwright_brief::rank::{Counted, Statistics, count};
use planwright_brief::section::{Section, split};
use planwright_brief::words::Terms;
use planwright_model::DocumentState;
use planwright_workspace::Entry;

use super::Scene;
use super::policy::Policy;
use crate::cards;
use crate::hold::Board;

/// What a brief is wanted for.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    terms: Terms,
    /// All of it in lower case, to be held against triggers.
    text: String,
}

impl Question {
    pub(super) fn add(&mut self, text: &str, weight: f64) {
        self.terms.add(text, weight);
        self.text.push_str(&text.to_lowercase());
        self.text.push('\n');
    }

    /// The names of a path's file and of the folder that it lies in say what it is about.
    pub(super) fn add_path(&mut self, path: &str) {
        let mut parts = path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.add(stem, 2.0);
        if let Some(folder) = parts.next() {
            self.add(folder, 1.0);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// A document as the question sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Scanned {
    pub(super) entry: usize,
    pub(super) sections: Vec<Counted>,
    pub(super) policy: Policy,
    /// For each section, whether work leaves its traces there.
    pub(super) living: Vec<bool>,
    /// Where it names the paths that are asked about.
    pub(super) mentions: Vec<Mention>,
    /// False for what is finished, expired, replaced or put aside.
    pub(super) is_live: bool,
}

/// A place where a document names a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) line: u32,
    /// The line's text.
    pub(super) text: String,
    /// How many parts of the path it names.
    pub(super) parts: usize,
}

/// All documents that may speak.
pub(super) struct Corpus {
    pub(super) documents: Vec<Scanned>,
    question: Question,
    statistics: Statistics,
}

impl Corpus {
    pub(super) fn scan(scene: &Scene<'_>, question: Question, paths: &[String]) -> Self {
        let entries = scene.entries;
        let may_speak = |index: &usize| {
            let entry = &entries[*index];
            !entry.template && !cards::is_board(entry)
        };
        let kept: Vec<usize> = (0..entries.len()).filter(may_speak).collect();
        let finders: Vec<PathFinder<'_>> = paths.iter().map(|path| PathFinder::new(path)).collect();
        let documents = scene.ws.look_through(&kept, |index, bytes| {
            let entry = &entries[index];
            // Checking is faster than mending.
            let text = std::str::from_utf8(bytes)
                .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
            let policy = Policy::read(&text, scene.ws.dialects().get(entry.dialect));
            let name = format!("{} {}", entry.title, entry.reference);
            let mut mentions = Vec::new();
            for finder in &finders {
                finder.find(&text, &mut mentions);
            }
            let sections = split(&text);
            Scanned {
                entry: index,
                living: sections.iter().map(is_living).collect(),
                sections: count(&question.terms, &name, &sections),
                is_live: is_live(scene.board, index) && !policy.is_over(&scene.request.today),
                policy,
                mentions,
            }
        });
        let sections = documents.iter().flat_map(|document| &document.sections);
        Self {
            statistics: Statistics::new(question.terms.len(), sections),
            documents,
            question,
        }
    }

    /// The document of an entry.
    pub(super) fn of_entry(&self, entry: usize) -> Option<&Scanned> {
        let found = self
            .documents
            .binary_search_by_key(&entry, |document| document.entry);
        found.ok().map(|at| &self.documents[at])
    }

    /// The trigger of a document that is spoken of.
    pub(super) fn triggered<'a>(&self, document: &'a Scanned, paths: &[String]) -> Option<&'a str> {
        document.policy.triggered(&self.question.text, paths)
    }

    /// How well a section answers, on the words alone.
    pub(super) fn score(&self, section: &Counted) -> f64 {
        self.statistics
            .score(self.question.terms.weights(), section)
    }
}

/// True for a section in which work leaves its traces: boxes to tick, or a log.
fn is_living(section: &Section<'_>) -> bool {
    let logs = [
        "progress",
        "decision",
        "surprise",
        "discover",
        "outcome",
        "tasks",
        "todo",
        "to-do",
        "status",
        "changelog",
    ];
    let title = section.title.to_lowercase();
    logs.iter().any(|log| title.contains(log))
        || memmem::find(section.text.as_bytes(), b"[ ] ").is_some()
}

/// True for a document that speaks for the present. A plan that is done does not; a decision, a rule or
/// a guide that is finished is in force.
pub(super) fn is_live(board: &Board<'_, '_>, index: usize) -> bool {
    let entry: &Entry<'_> = &board.entries[index];
    let is_given_up = matches!(
        entry.state,
        DocumentState::Rejected | DocumentState::Abandoned | DocumentState::Superseded
    );
    if entry.archived || is_given_up {
        return false;
    }
    let group = board.home(index).map(|home| &board.initiatives[home]);
    group.is_none_or(|group| !group.plans || group.live(board.entries))
}

/// Finds where a text names a path, or a folder that it lies in.
struct PathFinder<'a> {
    path: &'a str,
    name: Finder<'a>,
}

impl<'a> PathFinder<'a> {
    fn new(path: &'a str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        Self {
            path,
            name: Finder::new(name),
        }
    }

    fn find(&self, text: &str, mentions: &mut Vec<Mention>) {
        let bytes = text.as_bytes();
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"_./-*".contains(byte) || !byte.is_ascii();
        for at in self.name.find_iter(bytes) {
            let start = at
                - bytes[..at]
                    .iter()
                    .rev()
                    .take_while(|byte| is_part(byte))
                    .count();
            let end = at + bytes[at..].iter().take_while(|byte| is_part(byte)).count();
            let Some(parts) = text.get(start..end).and_then(|word| self.parts(word)) else {
                continue;
            };
            let row = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
            let row_end = memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |end| at + end);
            let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() as u32 + 1;
            if mentions
                .last()
                .is_some_and(|last: &Mention| last.line == line)
            {
                continue;
            }
            mentions.push(Mention {
                line,
                text: text[row..row_end].trim().to_owned(),
                parts,
            });
        }
    }

    /// How many parts of the path a word names; `None` where it means something else.
    fn parts(&self, word: &str) -> Option<usize> {
        let word = word.trim_matches(['.', '/']);
        let is_end = self.path == word
            || self
                .path
                .strip_suffix(word)
                .is_some_and(|rest| rest.ends_with('/'));
        let is_below = word
            .strip_prefix(self.path)
            .is_some_and(|rest| rest.starts_with('/'));
        (is_end || is_below).then(|| word.split('/').count().min(self.path.split('/').count()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_by_its_end_and_not_inside_of_another() {
        let text = "See `src/auth/token.rs:12` and token.rs.\nNot my_token.rs, other/token.rs.\n- @auth/token.rs\n";
        let mut mentions = Vec::new();
        PathFinder::new("src/auth/token.rs").find(text, &mut mentions);
        let found: Vec<_> = mentions
            .iter()
            .map(|found| (found.line, found.parts))
            .collect();
        assert_eq!(found, [(1, 3), (3, 2)]);
    }

    #[test]
    fn what_lies_below_a_folder_is_meant_by_it() {
        let mut mentions = Vec::new();
        PathFinder::new("src/auth").find(
            "`src/auth/token.rs`\n`src/author`\nsrc/auth/\n",
            &mut mentions,
        );
        let lines: Vec<u32> = mentions.iter().map(|found| found.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}

//! What is known of commits: columns of numbers, because there are many.
//!
//! Commits are only ever added, parents before their children, and nothing that is known of one
//! changes. Which of them count is decided by what is reachable, not here.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::boxes::{self, BoxLine, Event, Line};
use super::columns::{Cell, Column, Numbers, Strings};
use super::id::Id;
use super::log::{Logged, Status, Touched};

/// A number that stands for nothing: a parent that was not read, a path that was not renamed.
pub(crate) const NONE: u32 = u32::MAX;

/// A moment with the zone it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since the Unix epoch.
    pub seconds: i64,
    /// Minutes that the zone is ahead of UTC.
    pub offset: i16,
}

impl Cell for Timestamp {
    const LEN: usize = 10;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.seconds.to_le_bytes());
        bytes.extend_from_slice(&self.offset.to_le_bytes());
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        let (seconds, rest) = bytes.split_first_chunk()?;
        Some(Self {
            seconds: i64::from_le_bytes(*seconds),
            offset: i16::from_le_bytes(*rest.first_chunk()?),
        })
    }
}

/// A path that a commit touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) status: Status,
    /// Numbers of [`Facts::paths`].
    pub(crate) path: u32,
    pub(crate) from: u32,
    /// Where the box events of this change end in [`Facts::events`].
    pub(crate) events_end: u32,
}

impl Cell for Change {
    const LEN: usize = 13;

    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.status as u8);
        for number in [self.path, self.from, self.events_end] {
            number.put(bytes);
        }
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        let (status, rest) = bytes.split_first()?;
        Some(Self {
            status: *Status::ALL.get(usize::from(*status))?,
            path: u32::get(rest)?,
            from: u32::get(rest.get(4..)?)?,
            events_end: u32::get(rest.get(8..)?)?,
        })
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// Bytes of an id.
    id_len: u8,
    ids: Column<u8>,
    author: Column<Timestamp>,
    committer: Column<Timestamp>,
    parents_end: Column<u32>,
    parents: Column<u32>,
    changes_end: Column<u32>,
    changes: Column<Change>,
    events: Column<Event>,
    paths: Strings,
    texts: Strings,
    /// Renames were only found where the content stayed the same, because some content is missing.
    pub(crate) are_renames_exact: bool,
}

impl Facts {
    pub(crate) fn len(&self) -> usize {
        self.author.len()
    }

    pub(crate) fn id_bytes(&self, commit: u32) -> &[u8] {
        let (at, len) = (commit as usize, usize::from(self.id_len));
        &self.ids[at * len..(at + 1) * len]
    }

    pub(crate) fn id(&self, commit: u32) -> Id {
        Id::of(self.id_bytes(commit))
    }

    pub(crate) fn author(&self, commit: u32) -> Timestamp {
        self.author[commit as usize]
    }

    pub(crate) fn committer(&self, commit: u32) -> Timestamp {
        self.committer[commit as usize]
    }

    /// Numbers of the parents, [`NONE`] for those that were not read.
    pub(crate) fn parents(&self, commit: u32) -> &[u32] {
        &self.parents[range(&self.parents_end, commit)]
    }

    /// Numbers of the changes of a commit.
    pub(crate) fn changes(&self, commit: u32) -> std::ops::Range<usize> {
        range(&self.changes_end, commit)
    }

    pub(crate) fn change(&self, number: usize) -> &Change {
        &self.changes[number]
    }

    pub(crate) fn events(&self, change: usize) -> &[Event] {
        let start = change
            .checked_sub(1)
            .map_or(0, |at| self.changes[at].events_end);
        &self.events[start as usize..self.changes[change].events_end as usize]
    }

    pub(crate) fn paths(&self) -> &Strings {
        &self.paths
    }

    pub(crate) fn texts(&self) -> &Strings {
        &self.texts
    }

    /// How long the columns are.
    pub(crate) fn lengths(&self) -> Lengths {
        [
            self.len(),
            self.parents.len(),
            self.changes.len(),
            self.events.len(),
            self.paths.len(),
            self.texts.len(),
        ]
        .map(|len| len as u32)
    }

    /// What was added since the columns had these lengths.
    pub(crate) fn tail(&self, since: &Lengths) -> Self {
        let [commits, parents, changes, events, paths, texts] = since.map(|len| len as usize);
        Self {
            id_len: self.id_len,
            ids: self.ids.tail(commits * usize::from(self.id_len)),
            author: self.author.tail(commits),
            committer: self.committer.tail(commits),
            parents_end: self.parents_end.tail(commits),
            parents: self.parents.tail(parents),
            changes_end: self.changes_end.tail(commits),
            changes: self.changes.tail(changes),
            events: self.events.tail(events),
            paths: self.paths.tail(paths),
            texts: self.texts.tail(texts),
            are_renames_exact: self.are_renames_exact,
        }
    }

    /// Puts a tail back behind what it was taken from.
    pub(crate) fn append(&mut self, mut tail: Self) {
        self.ids.append(&mut tail.ids);
        self.author.append(&mut tail.author);
        self.committer.append(&mut tail.committer);
        self.parents_end.append(&mut tail.parents_end);
        self.parents.append(&mut tail.parents);
        self.changes_end.append(&mut tail.changes_end);
        self.changes.append(&mut tail.changes);
        self.events.append(&mut tail.events);
        self.paths.append(&mut tail.paths);
        self.texts.append(&mut tail.texts);
        self.are_renames_exact = tail.are_renames_exact;
    }

    /// True when all numbers lie inside their tables. What was stored is not trusted further.
    pub(crate) fn is_sound(&self) -> bool {
        let commits = self.author.len();
        let ends = |ends: &[u32], len: usize| {
            ends.len() == commits
                && ends.is_sorted()
                && ends.last().map_or(0, |end| *end as usize) == len
        };
        let within = |number: u32, len: usize| (number as usize) < len;
        let events: Vec<u32> = self
            .changes
            .iter()
            .map(|change| change.events_end)
            .collect();
        (commits == 0 || matches!(self.id_len, 20 | 32))
            && self.ids.len() == commits * usize::from(self.id_len)
            && self.committer.len() == commits
            && ends(&self.parents_end, self.parents.len())
            && ends(&self.changes_end, self.changes.len())
            && events.is_sorted()
            && events.last().map_or(0, |end| *end as usize) == self.events.len()
            && (0..commits as u32).all(|commit| {
                let parents = &self.parents[range(&self.parents_end, commit)];
                parents
                    .iter()
                    .all(|parent| *parent == NONE || *parent < commit)
            })
            && self.changes.iter().all(|change| {
                within(change.path, self.paths.len())
                    && (change.from == NONE || within(change.from, self.paths.len()))
            })
            && self.events.iter().all(|event| {
                within(event.text, self.texts.len()) && within(event.was, self.texts.len())
            })
    }
}

/// How many commits, parents, changes, events, paths and texts there are.
pub(crate) type Lengths = [u32; 6];

fn range(ends: &[u32], at: u32) -> std::ops::Range<usize> {
    let start = at.checked_sub(1).map_or(0, |before| ends[before as usize]);
    start as usize..ends[at as usize] as usize
}

/// Adds commits to what is known.
pub(crate) struct Adder<'a> {
    facts: &'a mut Facts,
    commits: Numbers,
    paths: Numbers,
    texts: Numbers,
}

impl<'a> Adder<'a> {
    pub(crate) fn new(facts: &'a mut Facts) -> Self {
        let mut commits = Numbers::default();
        for commit in 0..facts.len() as u32 {
            commits.add(facts.id_bytes(commit), commit);
        }
        Self {
            commits,
            paths: facts.paths.numbered(),
            texts: facts.texts.numbered(),
            facts,
        }
    }

    pub(crate) fn find(&self, id: &Id) -> Option<u32> {
        let id = id.as_bytes();
        self.commits
            .find(id, |commit| self.facts.id_bytes(commit) == id)
    }

    /// The boxes of a document, their texts as numbers.
    pub(crate) fn boxes(&mut self, document: &[u8]) -> Vec<Line> {
        let (strings, known) = (&mut self.facts.texts, &mut self.texts);
        let lines = BoxLine::all(document).into_iter();
        lines
            .map(|line| Line {
                text: strings.intern(known, &line.text),
                state: line.state,
            })
            .collect()
    }

    /// Adds a commit whose parents are known already or never will be. `boxes` has the boxes of
    /// documents by the id of their content.
    pub(crate) fn add(&mut self, commit: &Logged, boxes: &HashMap<Id, Vec<Line>>) {
        let parents = commit.parents.iter();
        let parents: Vec<u32> = parents.map(|id| self.find(id).unwrap_or(NONE)).collect();
        let facts = &mut *self.facts;
        facts.id_len = commit.id.as_bytes().len() as u8;
        let number = facts.len() as u32;
        facts.ids.extend_from_slice(commit.id.as_bytes());
        facts.author.push(commit.author);
        facts.committer.push(commit.committer);
        facts.parents.extend(parents);
        facts.parents_end.push(facts.parents.len() as u32);
        // A document that seems to be new may be one that was renamed with a change.
        let is_removed = |touched: &Touched| {
            touched.status == Status::Deleted && boxes::is_document(&touched.path)
        };
        let is_doubtful = facts.are_renames_exact && commit.changes.iter().any(is_removed);
        for touched in &commit.changes {
            if !is_doubtful || touched.status != Status::Added {
                let events = boxes::events(touched, boxes, &facts.texts);
                facts.events.extend(events);
            }
            let from = touched.from.as_ref();
            let from = from.map_or(NONE, |from| facts.paths.intern(&mut self.paths, from));
            facts.changes.push(Change {
                status: touched.status,
                path: facts.paths.intern(&mut self.paths, &touched.path),
                from,
                events_end: facts.events.len() as u32,
            });
        }
        facts.changes_end.push(facts.changes.len() as u32);
        self.commits.add(commit.id.as_bytes(), number);
    }
}

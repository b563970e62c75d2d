//! One commit and the paths that it touched.

use std::fmt;

use super::History;
use super::facts::{NONE, Timestamp};
use super::id::Id;
use super::log::Status;

/// A commit.
#[derive(Clone, Copy)]
pub struct Commit<'a> {
    pub(super) history: &'a History,
    pub(super) number: u32,
}

/// A path that a commit touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TouchedPath<'a> {
    /// What happened to it.
    pub status: Status,
    /// The path, for a rename the new one.
    pub path: &'a str,
    /// The path before a rename; `None` also where that lies outside of the root.
    pub from: Option<&'a str>,
}

impl<'a> Commit<'a> {
    /// Its id.
    pub fn id(&self) -> Id {
        self.history.facts.id(self.number)
    }

    /// When it was written.
    pub fn author(&self) -> Timestamp {
        self.history.facts.author(self.number)
    }

    /// When it got its place: after a rebase or an amendment later than it was written.
    pub fn committer(&self) -> Timestamp {
        self.history.facts.committer(self.number)
    }

    /// Its parents, as far as they were read.
    pub fn parents(&self) -> impl Iterator<Item = Commit<'a>> {
        let history = self.history;
        let parents = history.facts.parents(self.number).iter();
        let parents = parents.filter(|parent| **parent != NONE);
        parents.map(|parent| Commit {
            history,
            number: *parent,
        })
    }

    /// True for a merge.
    pub fn is_merge(&self) -> bool {
        self.history.facts.parents(self.number).len() > 1
    }

    /// The paths that it touched; for a merge those that are unlike each of its parents.
    pub fn paths(&self) -> impl Iterator<Item = TouchedPath<'a>> {
        let history = self.history;
        let changes = history.facts.changes(self.number);
        changes.filter_map(|change| history.touched(change))
    }
}

impl PartialEq for Commit<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Commit<'_> {}

impl fmt::Debug for Commit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Commit({})", self.id())
    }
}

impl History {
    /// What a change touched inside the root. A file that was moved out of it counts as deleted.
    pub(super) fn touched(&self, change: usize) -> Option<TouchedPath<'_>> {
        let change = self.facts.change(change);
        let from = (change.from != NONE)
            .then(|| self.shown(change.from))
            .flatten();
        match (self.shown(change.path), from) {
            (Some(path), from) => Some(TouchedPath {
                status: match change.status {
                    Status::Renamed if from.is_none() => Status::Added,
                    status => status,
                },
                path,
                from,
            }),
            (None, Some(path)) => Some(TouchedPath {
                status: Status::Deleted,
                path,
                from: None,
            }),
            (None, None) => None,
        }
    }
}

//! What is shown of documents while they are read.

use std::fmt;

use planwright_dialect::{Dialects, Reading};

use crate::dialects::Team;
use crate::parse;
use crate::sys::Root;

/// Is shown every document that has to be read while a workspace is opened, on several threads.
pub trait Visitor: Sync {
    /// Takes a document, its relations not resolved; `content` stands for its bytes, as in
    /// [`Entry::content`](crate::Entry::content).
    fn visit(&self, seen: &Seen<'_>, reading: Reading, content: u64);
}

/// What there is of a workspace while its documents are still being read.
pub struct Seen<'a> {
    root: &'a Root,
    team: &'a Team,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(root: &'a Root, team: &'a Team) -> Self {
        Self { root, team }
    }

    /// The dialects in force.
    pub fn dialects(&self) -> &Dialects {
        self.team.dialects()
    }

    /// The content of a file, by its path from the root. `None` where it cannot be read.
    pub fn read_bytes(&self, path: &str) -> Option<Vec<u8>> {
        let read = parse::read_file(self.root, path.as_bytes()).ok()?;
        read.ok().map(|(bytes, _)| bytes)
    }
}

impl fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").finish_non_exhaustive()
    }
}

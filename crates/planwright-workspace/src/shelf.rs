//! What is made of documents and kept beside the snapshot, for whoever made it.
//!
//! A shelf is a few files in the cache, each with a part of the documents, so that one that changed
//! does not rewrite them all. Each carries a checksum and what it was made with; whatever does not
//! fit counts as not there.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::history::File;
use crate::sys::hash;

/// Into how many parts the documents are divided.
const PARTS: usize = 16;

/// A place for something about each document.
#[derive(Clone, Debug)]
pub struct Shelf {
    files: Vec<File>,
    key: u64,
}

impl Shelf {
    pub(crate) fn new(cache: &Path, root: &Path, name: &str, key: u64) -> Self {
        let file = |part: usize| File::new(cache, &format!("{name}-{part:02}"), root);
        Self {
            files: (0..PARTS).map(file).collect(),
            key,
        }
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.files.len()
    }

    /// The part that a document belongs to.
    pub fn part_of(&self, path: &str) -> usize {
        (hash(path.as_bytes()) % PARTS as u64) as usize
    }

    /// What was kept in a part under the same key. `None` when there is any doubt.
    pub fn load<T: DeserializeOwned>(&self, part: usize) -> Option<T> {
        self.files.get(part)?.load(self.key)
    }

    /// Keeps something in a part, in place of what was there. What cannot be written is made again.
    pub fn save<T: Serialize>(&self, part: usize, content: &T) {
        if let Some(file) = self.files.get(part) {
            let _ = file.save(self.key, content);
        }
    }
}

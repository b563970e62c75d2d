//! Names that begin as the one that was asked for, or are nearly it. A check asks for many that
//! nothing answers to, so both are looked up in tables that the first such name makes.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use rapidfuzz::distance::levenshtein::{Args, BatchComparator, normalized_similarity};

use crate::names::{Namer, Wanted};
use crate::{Workspace, names, path};

/// How many names are proposed where nothing answers.
const PROPOSALS: usize = 3;

/// How like the name of a document must be to be proposed.
const ENOUGH: f64 = 0.6;

/// The names of all documents.
#[derive(Debug, Default)]
pub(crate) struct NearNames {
    near: OnceLock<Vec<Near>>,
    /// Every key that a document answers to, and the document; in order.
    keys: OnceLock<Vec<(Box<str>, u32)>>,
    /// What was proposed before: the same slip is often made in many places.
    proposed: Mutex<HashMap<String, Vec<String>>>,
}

#[derive(Debug)]
struct Near {
    entry: u32,
    shape: Shape,
    key: String,
}

/// What tells that two names cannot be alike, without comparing them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    len: usize,
    /// How often each letter stands in it, where all are ASCII.
    letters: Option<[u8; 32]>,
}

impl Shape {
    fn of(key: &str) -> Self {
        let mut letters = [0_u8; 32];
        for byte in key.bytes() {
            let count = &mut letters[usize::from(byte % 32)];
            *count = count.saturating_add(1);
        }
        Self {
            len: key.len(),
            letters: key.is_ascii().then_some(letters),
        }
    }

    /// False where the names are less alike than [`ENOUGH`], whatever the order of their letters: the
    /// distance is at least the difference in length, and one edit takes one letter and brings one.
    fn may_be_like(&self, other: &Self) -> bool {
        let (short, long) = (self.len.min(other.len), self.len.max(other.len));
        let (Some(own), Some(others)) = (&self.letters, &other.letters) else {
            return true;
        };
        let edits = long * 2 / 5;
        if short == 0 || long - short > edits {
            return false;
        }
        let differing = own.iter().zip(others);
        let differing: u32 = differing.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        differing as usize <= edits * 2
    }
}

impl Workspace {
    /// The documents of which a name begins with what was asked for, in their order.
    pub(crate) fn beginning_with(&self, wanted: &Wanted) -> Vec<usize> {
        let keys = self.near.keys.get_or_init(|| self.keys());
        let first = keys.partition_point(|(key, _)| **key < *wanted.key);
        let found = keys[first..].iter();
        let found = found.take_while(|(key, _)| key.starts_with(&wanted.key));
        let mut found: Vec<usize> = found.map(|(_, document)| *document as usize).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn keys(&self) -> Vec<(Box<str>, u32)> {
        let mut namer = Namer::new(self.team.prefixes());
        let mut keys = Vec::with_capacity(self.len() * 8);
        for (index, entry) in self.known_entries().enumerate() {
            namer.names(&entry, &mut |_, key| keys.push((key.into(), index as u32)));
        }
        keys.sort_unstable();
        keys
    }

    /// The names nearest to one that nothing answers to.
    pub(crate) fn nearest(&self, name: &str) -> Vec<String> {
        self.stray();
        let wanted = names::key(name);
        let proposed = &self.near.proposed;
        let known = |wanted: &str| {
            let proposed = proposed.lock().unwrap_or_else(PoisonError::into_inner);
            proposed.get(wanted).cloned()
        };
        if let Some(proposals) = known(&wanted) {
            return proposals;
        }
        let shape = Shape::of(&wanted);
        let compare = BatchComparator::new(wanted.chars());
        let args = Args::default().score_cutoff(ENOUGH);
        let near = self.near_names().iter();
        let near = near.filter(|near| shape.may_be_like(&near.shape));
        let near = near.filter_map(|near| {
            let likeness = compare.normalized_similarity_with_args(near.key.chars(), &args)?;
            let entry = self.known_entry(near.entry as usize);
            let name = if entry.reference.is_empty() {
                entry.path
            } else {
                entry.reference
            };
            Some((likeness, name.to_owned()))
        });
        let proposals = propose(near);
        let mut proposed = proposed.lock().unwrap_or_else(PoisonError::into_inner);
        proposed.insert(wanted, proposals.clone());
        proposals
    }

    fn near_names(&self) -> &[Near] {
        self.near.near.get_or_init(|| {
            let mut all = Vec::with_capacity(self.len() * 4);
            for (index, entry) in self.known_entries().enumerate() {
                let stem = path::stem(entry.path);
                let own = [entry.reference, stem, entry.title].into_iter();
                let others = own.filter(|name| !entry.aliases.contains(name));
                for name in entry.aliases.iter().copied().chain(others) {
                    let key = names::key(name);
                    all.push(Near {
                        entry: index as u32,
                        shape: Shape::of(&key),
                        key,
                    });
                }
            }
            all
        })
    }
}

/// How alike two names are: 1 for equal names, 0 for names that have nothing in common.
pub(crate) fn similarity(wanted: &str, name: &str) -> f64 {
    if wanted.is_empty() || name.is_empty() {
        return 0.0;
    }
    normalized_similarity(wanted.chars(), name.chars())
}

/// The best few, best first, each once.
pub(crate) fn propose(all: impl Iterator<Item = (f64, String)>) -> Vec<String> {
    let mut all: Vec<(f64, String)> = all.collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut proposals: Vec<String> = Vec::new();
    for (_, name) in all {
        if !proposals.contains(&name) {
            proposals.push(name);
        }
        if proposals.len() == PROPOSALS {
            break;
        }
    }
    proposals
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_shape_hides_a_name_that_is_like_enough(a in "[a-e0-9-]{1,12}|[aé漢b]{1,5}", b in "[a-e0-9-]{1,12}|[aé漢b]{1,5}") {
            if normalized_similarity(a.chars(), b.chars()) >= ENOUGH {
                prop_assert!(Shape::of(&a).may_be_like(&Shape::of(&b)), "{a} {b}");
            }
        }
    }

    #[test]
    fn names_without_common_letters_are_not_compared() {
        assert!(!Shape::of("login-page").may_be_like(&Shape::of("audit-book")));
        assert!(Shape::of("login-page").may_be_like(&Shape::of("login-pages")));
    }
}

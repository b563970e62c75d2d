//! Finds documents by their names and paths.

use rapidhash::RapidHashMap;

use crate::name_shard::StoredName;
use crate::names::{Rank, Wanted};
use crate::stored;
use crate::sys::hash;

/// Every name and path of every document, by hash.
///
/// Names are put into buckets by the upper bits of their hash: nothing is compared but what falls
/// into one bucket.
#[derive(Debug)]
pub(crate) struct NameIndex {
    /// The documents by the hashes of their paths.
    paths: RapidHashMap<u64, u32>,
    /// Bucket `n` is `names[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    names: Vec<Name>,
    /// How far a hash is shifted to give its bucket.
    shift: u32,
}

/// A name of a document. The fields are in the order by which the names of a bucket are sorted: the
/// best first, of equally good ones those of documents that are neither archived nor templates,
/// then by path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    key: u64,
    rank: Rank,
    is_put_aside: bool,
    /// Index of the entry.
    pub(crate) document: u32,
}

impl Name {
    /// A stored name of the document at an index.
    pub(crate) fn new(name: StoredName, document: u32) -> Self {
        Self {
            key: name.key,
            rank: name.rank,
            is_put_aside: name.is_put_aside,
            document,
        }
    }

    /// How good it is; lower is better.
    pub(crate) fn goodness(self) -> (Rank, bool) {
        (self.rank, self.is_put_aside)
    }
}

impl NameIndex {
    /// `paths` gives the path of every document, in their order; `stored` calls with all of their
    /// names, in the order of their keys.
    pub(crate) fn new<'a>(
        paths: impl ExactSizeIterator<Item = &'a str>,
        stored: impl FnOnce(&mut dyn FnMut(StoredName)),
    ) -> Self {
        let mut index: RapidHashMap<u64, u32> = RapidHashMap::default();
        index.reserve(paths.len());
        index.extend(paths.zip(0..).map(|(path, at)| (hash(path.as_bytes()), at)));
        let mut names: Vec<Name> = Vec::with_capacity(index.len() * 12);
        stored(&mut |name| {
            let document = index.get(&name.document);
            names.extend(document.map(|document| Name::new(name, *document)));
        });
        for same in names.chunk_by_mut(|a, b| a.key == b.key) {
            same.sort_unstable();
        }
        let bits = (names.len() / 8).max(1).ilog2() + 1;
        let shift = u64::BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for name in &names {
            starts[(name.key >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self {
            paths: index,
            starts,
            names,
            shift,
        }
    }

    /// The documents that answer to a name best, in the order of their path.
    pub(crate) fn find(&self, wanted: &Wanted) -> &[Name] {
        better(wanted, |key| self.best(key))
    }

    /// The document at a path.
    pub(crate) fn path(&self, path: &str) -> Option<usize> {
        let found = self.paths.get(&hash(path.as_bytes()))?;
        Some(*found as usize)
    }

    fn best(&self, key: u64) -> &[Name] {
        let bucket = (key >> self.shift) as usize;
        let bucket = &self.names[self.starts[bucket] as usize..self.starts[bucket + 1] as usize];
        let same = &bucket[bucket.partition_point(|name| name.key < key)..];
        let Some(best) = same.first().filter(|best| best.key == key) else {
            return &[];
        };
        let is_best = |name: &&Name| name.key == key && name.goodness() == best.goodness();
        &same[..same.iter().take_while(is_best).count()]
    }
}

/// What answers best to a name as it is written and in its usual spelling. `best` gives what answers
/// best to a key.
pub(crate) fn better<N: AsRef<[Name]> + Default>(wanted: &Wanted, best: impl Fn(u64) -> N) -> N {
    let by_key = if wanted.key.is_empty() {
        N::default()
    } else {
        best(stored::name_hash(&wanted.key))
    };
    let Some(usual) = &wanted.usual else {
        return by_key;
    };
    let by_usual = best(stored::name_hash(usual));
    let goodness = |names: &N| names.as_ref().first().map(|name| name.goodness());
    match (goodness(&by_key), goodness(&by_usual)) {
        (Some(key), Some(usual)) if usual < key => by_usual,
        (None, _) => by_usual,
        _ => by_key,
    }
}

//! Finds documents by their names and paths.

use crate::names::{Rank, Wanted};
use crate::stored::{self, StoredName};

/// Every name and path of every document, by hash.
///
/// Names are put into buckets by the upper bits of their hash: nothing is compared but what falls
/// into one bucket, and ten thousand documents are indexed in a few milliseconds.
#[derive(Debug)]
pub(crate) struct NameIndex {
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
    fn goodness(self) -> (Rank, bool) {
        (self.rank, self.is_put_aside)
    }
}

impl NameIndex {
    /// `links` gives the stored links of each document, in the order of their paths.
    pub(crate) fn new<'a>(links: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut all: Vec<Name> = Vec::with_capacity(links.size_hint().0 * 12);
        for (document, links) in links.enumerate() {
            let (is_put_aside, names) = stored::names(links);
            all.extend(names.map(|StoredName { key, rank }| Name {
                key,
                rank,
                is_put_aside,
                document: document as u32,
            }));
        }
        let bits = (all.len() / 8).max(1).ilog2() + 1;
        let shift = u64::BITS - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for name in &all {
            starts[(name.key >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut ends = starts.clone();
        let mut names = vec![Name::default(); all.len()];
        for name in all {
            let end = &mut ends[(name.key >> shift) as usize];
            names[*end as usize] = name;
            *end += 1;
        }
        for bucket in starts.windows(2) {
            names[bucket[0] as usize..bucket[1] as usize].sort_unstable();
        }
        Self {
            starts,
            names,
            shift,
        }
    }

    /// The documents that answer to a name best, in the order of their path.
    pub(crate) fn find(&self, wanted: &Wanted) -> &[Name] {
        let by_key = if wanted.key.is_empty() {
            &[]
        } else {
            self.best(stored::name_hash(&wanted.key))
        };
        let usual = wanted.usual.as_deref();
        let by_usual = usual.map_or(&[][..], |usual| self.best(stored::name_hash(usual)));
        let goodness = |names: &[Name]| names.first().map(|name| name.goodness());
        match (goodness(by_key), goodness(by_usual)) {
            (Some(key), Some(usual)) if usual < key => by_usual,
            (None, _) => by_usual,
            _ => by_key,
        }
    }

    /// The document at a path.
    pub(crate) fn path(&self, path: &str) -> Option<usize> {
        let name = self.best(stored::path_hash(path)).first()?;
        (name.rank == Rank::Path).then_some(name.document as usize)
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

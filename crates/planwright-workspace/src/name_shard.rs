//! The names of all documents, in shards by the hash of a name: what answers to one name is found in
//! one shard, and nothing else need be read.

use std::collections::BTreeMap;

use crate::names::Rank;

/// A name by which a document is found. The fields are in the order by which names are sorted: the
/// best first, of equally good ones those of documents that are neither archived nor templates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StoredName {
    /// Hash of the name's key.
    pub(crate) key: u64,
    pub(crate) rank: Rank,
    pub(crate) is_put_aside: bool,
    /// Hash of the document's path, which stays while others come and go.
    pub(crate) document: u64,
}

/// Bytes of a stored name.
const SIZE: usize = 18;

impl StoredName {
    pub(crate) fn goodness(self) -> (Rank, bool) {
        (self.rank, self.is_put_aside)
    }

    fn put(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&[self.rank as u8, u8::from(self.is_put_aside)]);
        out.extend_from_slice(&self.document.to_le_bytes());
    }

    /// `bytes` are [`SIZE`] many.
    fn take(bytes: &[u8]) -> Self {
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(word)
        };
        Self {
            key: word(0),
            rank: Rank::from_number(bytes[8]),
            is_put_aside: bytes[9] != 0,
            document: word(10),
        }
    }
}

/// The shard in which a name is found. Names in the order of shards are in the order of their keys.
pub(crate) fn shard_of_name(key: u64) -> u8 {
    (key >> (u64::BITS - 8)) as u8
}

/// The names in stored bytes.
pub(crate) fn names(bytes: &[u8]) -> impl Iterator<Item = StoredName> {
    bytes.chunks_exact(SIZE).map(StoredName::take)
}

/// The names of one shard, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameShard(Vec<u8>);

impl NameShard {
    /// Takes stored bytes over. `None` when they are not what [`NameShard::bytes`] gives.
    pub(crate) fn load(bytes: Vec<u8>) -> Option<Self> {
        bytes.len().is_multiple_of(SIZE).then_some(Self(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = StoredName> {
        names(&self.0)
    }

    /// Every document that answers to a name, best first.
    pub(crate) fn find(&self, key: u64) -> impl Iterator<Item = StoredName> {
        let name = |at: usize| StoredName::take(&self.0[at * SIZE..(at + 1) * SIZE]);
        let (mut first, mut end) = (0, self.0.len() / SIZE);
        while first < end {
            let middle = first.midpoint(end);
            if name(middle).key < key {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        let found = self.0[first * SIZE..].chunks_exact(SIZE);
        let found = found.map(StoredName::take);
        found.take_while(move |name| name.key == key)
    }
}

/// Names that come and go, by shard.
#[derive(Debug, Default)]
pub(crate) struct NameChanges(BTreeMap<u8, Changed>);

#[derive(Debug, Default)]
struct Changed {
    gone: Vec<StoredName>,
    new: Vec<StoredName>,
}

impl NameChanges {
    /// A document had some names and has others now.
    pub(crate) fn replace(&mut self, old: &[StoredName], new: &[StoredName]) {
        if old == new {
            return;
        }
        for name in old {
            self.of(*name).gone.push(*name);
        }
        for name in new {
            self.of(*name).new.push(*name);
        }
    }

    fn of(&mut self, name: StoredName) -> &mut Changed {
        self.0.entry(shard_of_name(name.key)).or_default()
    }

    /// The shards that hold other names from now on. `known` gives what a shard held. `None` when it
    /// cannot.
    pub(crate) fn apply(
        self,
        known: impl Fn(u8) -> Option<NameShard>,
    ) -> Option<BTreeMap<u8, NameShard>> {
        let changed = self.0.into_iter().map(|(shard, mut changed)| {
            changed.gone.sort_unstable();
            let known = known(shard)?;
            let is_kept = |name: &StoredName| changed.gone.binary_search(name).is_err();
            let mut names: Vec<StoredName> = known.iter().filter(is_kept).collect();
            names.append(&mut changed.new);
            names.sort_unstable();
            names.dedup();
            let mut bytes = Vec::with_capacity(names.len() * SIZE);
            for name in names {
                name.put(&mut bytes);
            }
            Some((shard, NameShard(bytes)))
        });
        changed.collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name() -> impl Strategy<Value = StoredName> {
        let key = prop_oneof![any::<u64>(), 0_u64..4];
        (key, 0_u8..6, any::<bool>(), 0_u64..9).prop_map(|(key, rank, is_put_aside, document)| {
            StoredName {
                key,
                rank: Rank::from_number(rank),
                is_put_aside,
                document,
            }
        })
    }

    proptest! {
        #[test]
        fn names_are_found_whatever_came_and_went(
            rounds in prop::collection::vec((0_u64..9, prop::collection::vec(name(), 0..8)), 0..12),
            wanted in 0_u64..4,
        ) {
            let mut shards: BTreeMap<u8, NameShard> = BTreeMap::new();
            let mut expected: BTreeMap<u64, Vec<StoredName>> = BTreeMap::new();
            for (document, names) in rounds {
                let mut names: Vec<StoredName> =
                    names.into_iter().map(|name| StoredName { document, ..name }).collect();
                names.sort_unstable();
                names.dedup();
                let mut changes = NameChanges::default();
                let old = expected.insert(document, names.clone()).unwrap_or_default();
                changes.replace(&old, &names);
                let known = |shard: u8| Some(shards.get(&shard).cloned().unwrap_or_default());
                let changed = changes.apply(known).unwrap();
                shards.extend(changed);
            }
            let mut all: Vec<StoredName> = expected.into_values().flatten().collect();
            all.sort_unstable();
            let stored: Vec<StoredName> = shards.values().flat_map(NameShard::iter).collect();
            prop_assert_eq!(&stored, &all);
            let found: Vec<StoredName> = shards
                .get(&shard_of_name(wanted))
                .map_or_else(Vec::new, |shard| shard.find(wanted).collect());
            all.retain(|name| name.key == wanted);
            prop_assert_eq!(found, all);
        }
    }

    #[test]
    fn bytes_that_are_no_names_are_refused() {
        assert!(NameShard::load(vec![0; SIZE]).is_some());
        assert!(NameShard::load(vec![0; SIZE + 1]).is_none());
    }
}

//! The documents of a workspace as encoded records, in shards by path.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::name_shard::{NameChanges, StoredName};
use crate::names::Prefixes;
use crate::shard::{Records, SHARDS, ShardSet, shard_of};
use crate::snapshot::Heads;
use crate::stored::{self, Record};
use crate::sys::hash;

/// Where a document lies: its shard in the upper eight bits, its number in it below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

impl Place {
    pub(crate) fn new(shard: usize, number: usize) -> Self {
        Self((shard as u32) << 24 | number as u32)
    }

    pub(crate) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(crate) fn bits(self) -> u32 {
        self.0
    }

    pub(crate) fn shard(self) -> usize {
        (self.0 >> 24) as usize
    }

    pub(crate) fn number(self) -> usize {
        (self.0 & 0x00FF_FFFF) as usize
    }
}

/// What a shard holds beside its heads, in the same order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub(crate) summaries: Records,
    pub(crate) links: Records,
}

/// The heads of all documents, each shard in the order of its paths, and the order of all.
#[derive(Debug)]
pub(crate) struct Docs {
    heads: Vec<OnceLock<Records>>,
    order: Vec<Place>,
    /// Where heads are that were not needed yet.
    later: Option<Heads>,
}

impl Default for Docs {
    fn default() -> Self {
        Self {
            heads: vec![OnceLock::from(Records::default()); SHARDS],
            order: Vec::new(),
            later: None,
        }
    }
}

/// What became of documents: by path, the record from now on or none.
pub(crate) type Changed = BTreeMap<String, Option<Record>>;

/// What changes did.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// The shards that are not what they were.
    pub(crate) dirty: ShardSet,
    /// True when paths came or went.
    pub(crate) is_reordered: bool,
    pub(crate) names: NameChanges,
}

impl Docs {
    /// Takes stored parts over. `None` when they do not fit together.
    pub(crate) fn load(heads: Vec<Records>, order: Vec<Place>) -> Option<Self> {
        let total: usize = heads.iter().map(Records::len).sum();
        let fits = |place: &Place| {
            heads
                .get(place.shard())
                .is_some_and(|shard| place.number() < shard.len())
        };
        (heads.len() == SHARDS && total == order.len() && order.iter().all(fits)).then(|| Self {
            heads: heads.into_iter().map(OnceLock::from).collect(),
            order,
            later: None,
        })
    }

    /// Documents whose heads are read when they are needed.
    pub(crate) fn later(later: Heads, order: Vec<Place>) -> Self {
        Self {
            heads: vec![OnceLock::new(); SHARDS],
            order,
            later: Some(later),
        }
    }

    /// True when heads that were needed could not be read: what was answered then is nothing worth.
    pub(crate) fn has_failed(&self) -> bool {
        self.later.as_ref().is_some_and(Heads::has_failed)
    }

    /// The heads of one shard.
    pub(crate) fn shard(&self, shard: usize) -> &Records {
        self.heads[shard].get_or_init(|| {
            let later = self.later.as_ref();
            later.map_or_else(Records::default, |heads| heads.read(shard))
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    pub(crate) fn order(&self) -> &[Place] {
        &self.order
    }

    /// The encoded entry of a document, by its position in the order of paths.
    pub(crate) fn head(&self, index: usize) -> &[u8] {
        let place = self.order[index];
        self.shard(place.shard()).get(place.number())
    }

    /// The position of a path in the order of paths.
    pub(crate) fn find(&self, path: &str) -> Option<usize> {
        let at = self.position(path);
        (at < self.len() && stored::path(self.head(at)) == path).then_some(at)
    }

    /// The position of the document whose path has a hash.
    pub(crate) fn find_hashed(&self, path: u64) -> Option<usize> {
        // The shard of a path is the lowest byte of its hash.
        let heads = self.shard(usize::from(path as u8));
        let paths = heads.iter().map(stored::path);
        let mut paths = paths.filter(|known| hash(known.as_bytes()) == path);
        self.find(paths.next()?)
    }

    /// The documents of a feature, by the path of its folder, in their order.
    pub(crate) fn members(&self, feature: &str) -> Vec<usize> {
        if feature.is_empty() {
            return Vec::new();
        }
        let inside = format!("{feature}/");
        (self.position(&inside)..self.len())
            .take_while(|index| stored::path(self.head(*index)).starts_with(&inside))
            .filter(|index| stored::entry(self.head(*index)).initiative == feature)
            .collect()
    }

    /// The first position whose path is not before `path`.
    pub(crate) fn position(&self, path: &str) -> usize {
        self.order.partition_point(|place| {
            stored::path(self.shard(place.shard()).get(place.number())) < path
        })
    }

    /// Puts changes in. `sides` holds what every shard that changes holds beside its heads, and is
    /// changed with them.
    pub(crate) fn apply(
        &mut self,
        changed: Changed,
        sides: &mut BTreeMap<usize, Side>,
        prefixes: &Prefixes,
    ) -> Applied {
        let mut shards: BTreeMap<usize, Changed> = BTreeMap::new();
        for (path, record) in changed {
            let shard = usize::from(shard_of(path.as_bytes()));
            shards.entry(shard).or_default().insert(path, record);
        }
        let mut dirty = ShardSet::default();
        let mut names = NameChanges::default();
        // Old number of each document of a changed shard -> new number.
        let mut moved: BTreeMap<usize, Vec<Option<usize>>> = BTreeMap::new();
        let mut added: Vec<(String, Place)> = Vec::new();
        for (shard, changes) in shards {
            let side = sides.entry(shard).or_default();
            let heads = self.shard(shard);
            let merged = merge(heads, side, &changes, &mut |old, new| {
                let old = old.map(|old| stored::names(&stored::entry(heads.get(old)), prefixes));
                names.replace(&old.unwrap_or_default(), new);
            });
            if !merged.is_changed {
                continue;
            }
            dirty.insert(shard as u8);
            self.heads[shard] = OnceLock::from(merged.heads);
            *side = merged.side;
            if merged
                .moved
                .iter()
                .enumerate()
                .any(|(old, new)| *new != Some(old))
            {
                moved.insert(shard, merged.moved);
            }
            added.extend(
                merged
                    .added
                    .into_iter()
                    .map(|(path, number)| (path, Place::new(shard, number))),
            );
        }
        let is_reordered = !moved.is_empty() || !added.is_empty();
        if is_reordered {
            self.reorder(&moved, added);
        }
        Applied {
            dirty,
            is_reordered,
            names,
        }
    }

    fn reorder(
        &mut self,
        moved: &BTreeMap<usize, Vec<Option<usize>>>,
        mut added: Vec<(String, Place)>,
    ) {
        let mut moves: Vec<Option<&[Option<usize>]>> = vec![None; SHARDS];
        for (shard, numbers) in moved {
            moves[*shard] = Some(numbers);
        }
        self.order = std::mem::take(&mut self.order)
            .into_iter()
            .filter_map(|place| match moves[place.shard()] {
                None => Some(place),
                Some(numbers) => Some(Place::new(place.shard(), numbers[place.number()]?)),
            })
            .collect();
        if added.is_empty() {
            return;
        }
        added.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut order = Vec::with_capacity(self.order.len() + added.len());
        let mut taken = 0;
        for (path, place) in added {
            let until = if taken == self.order.len() {
                taken
            } else {
                self.position(&path)
            };
            order.extend_from_slice(&self.order[taken..until.max(taken)]);
            taken = until.max(taken);
            order.push(place);
        }
        order.extend_from_slice(&self.order[taken..]);
        self.order = order;
    }
}

/// A shard after its changes.
struct Merged {
    heads: Records,
    side: Side,
    moved: Vec<Option<usize>>,
    added: Vec<(String, usize)>,
    is_changed: bool,
}

/// Merges the records of a shard with its changes, both in the order of paths. `renamed` is told the
/// number that each document had, where it had one, and its names from now on.
fn merge(
    heads: &Records,
    side: &Side,
    changes: &Changed,
    renamed: &mut dyn FnMut(Option<usize>, &[StoredName]),
) -> Merged {
    let mut kept: Vec<[&[u8]; 3]> = Vec::with_capacity(heads.len() + changes.len());
    let mut moved = vec![None; heads.len()];
    let mut added = Vec::new();
    let mut is_changed = false;
    let mut old = 0;
    let known = |old: usize| [heads.get(old), side.summaries.get(old), side.links.get(old)];
    let keep = |old: usize, moved: &mut Vec<Option<usize>>, kept: &mut Vec<_>| {
        moved[old] = Some(kept.len());
        kept.push(known(old));
    };
    for (path, record) in changes {
        while old < heads.len() && stored::path(heads.get(old)) < path.as_str() {
            keep(old, &mut moved, &mut kept);
            old += 1;
        }
        let is_known = old < heads.len() && stored::path(heads.get(old)) == path;
        if let Some(record) = record {
            let fresh: [&[u8]; 3] = [&record.head, &record.summary, &record.links];
            if is_known {
                moved[old] = Some(kept.len());
                if fresh != known(old) {
                    is_changed = true;
                    renamed(Some(old), &record.names);
                }
            } else {
                renamed(None, &record.names);
                added.push((path.clone(), kept.len()));
                is_changed = true;
            }
            kept.push(fresh);
        } else if is_known {
            is_changed = true;
            renamed(Some(old), &[]);
        }
        old += usize::from(is_known);
    }
    while old < heads.len() {
        keep(old, &mut moved, &mut kept);
        old += 1;
    }
    let part = |part: usize| Records::new(kept.iter().map(move |record| record[part]));
    Merged {
        heads: part(0),
        side: Side {
            summaries: part(1),
            links: part(2),
        },
        moved,
        added,
        is_changed,
    }
}

#[cfg(test)]
mod tests {
    use planwright_model::{Document, Title};
    use proptest::prelude::*;

    use super::*;
    use crate::name_shard::NameShard;

    fn record(path: &str, title: &str) -> Record {
        let title = Title {
            text: title.to_owned(),
            line: None,
        };
        let document = Document {
            path: path.to_owned(),
            title,
            ..Document::default()
        };
        Record::new(&document, 0, 0, &Prefixes::default())
    }

    fn listing(docs: &Docs) -> Vec<(String, String)> {
        (0..docs.len())
            .map(|index| {
                let entry = stored::entry(docs.head(index));
                (entry.path.to_owned(), entry.title.to_owned())
            })
            .collect()
    }

    proptest! {
        #[test]
        fn changes_one_by_one_give_what_all_at_once_gives(
            rounds in prop::collection::vec(
                prop::collection::btree_map("[a-c]{1,3}(/[a-c]{1,2})?", prop::option::of("[xy]"), 0..12),
                1..6,
            ),
        ) {
            let mut docs = Docs::default();
            let mut sides = BTreeMap::new();
            let mut names: BTreeMap<u8, NameShard> = BTreeMap::new();
            let mut expected: BTreeMap<String, String> = BTreeMap::new();
            for round in rounds {
                let mut changed = Changed::new();
                for (path, title) in round {
                    changed.insert(path.clone(), title.as_deref().map(|title| record(&path, title)));
                    match title {
                        Some(title) => expected.insert(path, title),
                        None => expected.remove(&path),
                    };
                }
                let applied = docs.apply(changed, &mut sides, &Prefixes::default());
                let known = |shard: u8| Some(names.get(&shard).cloned().unwrap_or_default());
                let renamed = applied.names.apply(known).unwrap();
                names.extend(renamed);
                prop_assert_eq!(listing(&docs), expected.clone().into_iter().collect::<Vec<_>>());
                for shard in 0..SHARDS {
                    let count = sides.get(&shard).map_or(0, |side| side.links.len());
                    prop_assert_eq!(count, docs.shard(shard).len());
                }
            }
            for (at, path) in expected.keys().enumerate() {
                prop_assert_eq!(docs.find(path), Some(at));
            }
            prop_assert_eq!(docs.find("nowhere"), None);
            let heads = (0..docs.len()).map(|index| stored::entry(docs.head(index)));
            let mut all: Vec<StoredName> =
                heads.flat_map(|entry| stored::names(&entry, &Prefixes::default())).collect();
            all.sort_unstable();
            let stored: Vec<StoredName> = names.values().flat_map(NameShard::iter).collect();
            prop_assert_eq!(stored, all);
        }
    }

    #[test]
    fn a_record_that_says_the_same_changes_nothing() {
        let mut docs = Docs::default();
        let mut sides = BTreeMap::new();
        let change = || Changed::from([("a.md".to_owned(), Some(record("a.md", "A")))]);
        let mut apply = || docs.apply(change(), &mut sides, &Prefixes::default());
        assert!(apply().is_reordered);
        let again = apply();
        assert!(again.dirty.is_empty() && !again.is_reordered);
    }
}

//! Which documents answer to a name, and how sure that is.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::atomic::Ordering;

use crate::index::{self, Name, NameIndex};
use crate::name_shard::{StoredName, shard_of_name};
use crate::names::{Rank, Wanted};
use crate::{FEW, Resolution, Workspace, named, stored};

impl Workspace {
    /// The names of all documents.
    pub(crate) fn names(&self) -> &NameIndex {
        self.names.get_or_init(|| {
            let paths = || (0..self.len()).map(|index| stored::path(self.opened.docs.head(index)));
            let mut is_whole = false;
            let kept = NameIndex::new(paths(), |put| {
                is_whole = self.opened.details.all_names(put).is_some();
            });
            if is_whole {
                return kept;
            }
            let names = self.known_entries();
            let names = names.flat_map(|entry| stored::names(&entry, self.team.prefixes()));
            let mut names: Vec<StoredName> = names.collect();
            names.sort_unstable();
            NameIndex::new(paths(), |put| names.into_iter().for_each(put))
        })
    }

    /// What answers best to a name, in the order of paths. Reads no more than it needs while little
    /// is asked.
    pub(crate) fn answering(&self, wanted: &Wanted) -> Cow<'_, [Name]> {
        if self.names.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) < FEW {
            let unknown = Cell::new(false);
            let found = index::better(wanted, |key| {
                self.best_named(key).unwrap_or_else(|| {
                    unknown.set(true);
                    Vec::new()
                })
            });
            if !unknown.get() {
                return Cow::Owned(found);
            }
        }
        Cow::Borrowed(self.names().find(wanted))
    }

    /// True when a reference means what was found whatever documents hold that are not proven: by its
    /// path, or as the document's own reference, which no other name goes before.
    pub(crate) fn is_sure(&self, reference: &str, found: &Resolution) -> bool {
        let (Resolution::Document(index) | Resolution::Line(index, _)) = found else {
            return false;
        };
        let entry = self.known_entry(*index);
        let is_own = |form: &str| {
            let answering = self.answering(&Wanted::new(form, self.team.prefixes()));
            let is_best = |name: &Name| {
                let other = self.known_entry(name.document as usize);
                name.goodness() == (Rank::Reference, false)
                    && (name.document as usize == *index || other.initiative == entry.initiative)
            };
            !answering.is_empty() && answering.iter().all(is_best)
        };
        self.is_proven(entry.path)
            && named::forms(reference)
                .any(|form| self.resolve_path(form) == Some(*index) || is_own(form))
    }

    /// The documents that answer best to the hash of a name. `None` when that cannot be read.
    fn best_named(&self, key: u64) -> Option<Vec<Name>> {
        let shard = self.opened.details.names(shard_of_name(key))?;
        let best = shard.find(key).next().map(StoredName::goodness);
        let found = shard.find(key);
        let found = found.take_while(|name| Some(name.goodness()) == best);
        let place = |name: StoredName| {
            let index = self.opened.docs.find_hashed(name.document)?;
            Some(Name::new(name, index as u32))
        };
        let mut found: Vec<Name> = found.map(place).collect::<Option<_>>()?;
        found.sort_unstable();
        Some(found)
    }
}

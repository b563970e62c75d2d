//! What is kept of a document beside its entry, fetched from the snapshot when it is asked for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::docs::Side;
use crate::name_shard::{NameShard, StoredName};
use crate::shard::{Records, SHARDS};
use crate::snapshot::Snapshot;

/// Below this many bytes what was read in this call is kept, to spare reading it back.
const KEEP: usize = 64 * 1024 * 1024;

/// After so many shards, one by one, all others are fetched at once.
const FEW: u32 = 8;

/// The two kinds of details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Phases and open tasks.
    Summaries,
    /// Relations.
    Links,
}

/// The details of all documents, by shard, each shard in the order of its heads.
#[derive(Debug)]
pub(crate) struct Details {
    shards: [Vec<OnceLock<Records>>; 2],
    fetched: [AtomicU32; 2],
    names: Vec<OnceLock<NameShard>>,
    snapshot: Option<Mutex<Snapshot>>,
}

impl Default for Details {
    fn default() -> Self {
        Self::new(BTreeMap::new(), BTreeMap::new(), None, false)
    }
}

impl Details {
    /// `known` and `names` hold shards that were read in this call, which the snapshot holds too if
    /// `is_written`.
    pub(crate) fn new(
        known: BTreeMap<usize, Side>,
        names: BTreeMap<u8, NameShard>,
        snapshot: Option<Snapshot>,
        is_written: bool,
    ) -> Self {
        let mut shards = [empty(), empty()];
        let mut all_names = empty();
        for (shard, names) in names {
            all_names[usize::from(shard)] = OnceLock::from(names);
        }
        if snapshot.is_none() {
            // What is not known holds none.
            for names in &all_names {
                let _ = names.set(NameShard::default());
            }
        }
        let size = |side: &Side| side.summaries.bytes().len() + side.links.bytes().len();
        if !is_written || known.values().map(size).sum::<usize>() < KEEP {
            for (shard, side) in known {
                shards[Detail::Summaries as usize][shard] = OnceLock::from(side.summaries);
                shards[Detail::Links as usize][shard] = OnceLock::from(side.links);
            }
        }
        Self {
            shards,
            fetched: Default::default(),
            names: all_names,
            snapshot: snapshot.map(Mutex::new),
        }
    }

    /// The details of a shard that holds `count` documents. `again` makes them from the files, for
    /// the case that another process has replaced the snapshot.
    pub(crate) fn shard(
        &self,
        detail: Detail,
        shard: usize,
        count: usize,
        again: impl FnOnce() -> Records,
    ) -> &Records {
        let shards = &self.shards[detail as usize];
        if let Some(records) = shards[shard].get() {
            return records;
        }
        if self.fetched[detail as usize].fetch_add(1, Ordering::Relaxed) == FEW {
            self.fetch_all(detail);
        }
        shards[shard].get_or_init(|| {
            self.with_snapshot(|snapshot| snapshot.detail(detail, shard))
                .filter(|records| records.len() == count)
                .unwrap_or_else(again)
        })
    }

    /// Fetches what is not there yet of all shards.
    pub(crate) fn fetch_all(&self, detail: Detail) {
        let shards = &self.shards[detail as usize];
        if shards.iter().all(|shard| shard.get().is_some()) {
            return;
        }
        let all = self
            .with_snapshot(|snapshot| snapshot.all_details(detail))
            .unwrap_or_default();
        for (shard, records) in all {
            // What was read in this call, or fetched before, is as good.
            let _ = shards[shard].set(records);
        }
    }

    /// One shard of the names. `None` when another process has replaced it since.
    pub(crate) fn names(&self, shard: u8) -> Option<&NameShard> {
        let place = &self.names[usize::from(shard)];
        if place.get().is_none() {
            let found = self.with_snapshot(|snapshot| snapshot.names(shard))?;
            return Some(place.get_or_init(|| found));
        }
        place.get()
    }

    /// Calls `put` with all names, in the order of their keys. `None` when another process has
    /// replaced some since.
    pub(crate) fn all_names(&self, put: &mut dyn FnMut(StoredName)) -> Option<()> {
        let known = |shard: u8| self.names[usize::from(shard)].get();
        if self.snapshot.is_some() {
            return self.with_snapshot(|snapshot| snapshot.all_names(&known, put));
        }
        let shards = self.names.iter().filter_map(OnceLock::get);
        shards.flat_map(NameShard::iter).for_each(put);
        Some(())
    }

    fn with_snapshot<T>(&self, ask: impl FnOnce(&Snapshot) -> Option<T>) -> Option<T> {
        let snapshot = self
            .snapshot
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ask(&snapshot)
    }
}

/// A place for each shard.
fn empty<T>() -> Vec<OnceLock<T>> {
    let mut shards: Vec<OnceLock<T>> = Vec::new();
    shards.resize_with(SHARDS, OnceLock::new);
    shards
}

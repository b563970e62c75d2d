//! What is kept of a document beside its entry, fetched from the snapshot when it is asked for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::docs::Side;
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
    /// Names and relations.
    Links,
}

impl Detail {
    pub(crate) const ALL: [Self; 2] = [Self::Summaries, Self::Links];
}

/// The details of all documents, by shard, each shard in the order of its heads.
#[derive(Debug)]
pub(crate) struct Details {
    shards: [Vec<OnceLock<Records>>; 2],
    fetched: [AtomicU32; 2],
    snapshot: Option<Mutex<Snapshot>>,
}

impl Default for Details {
    fn default() -> Self {
        Self::new(BTreeMap::new(), None, false)
    }
}

impl Details {
    /// `known` holds shards that were read in this call, which the snapshot holds too if
    /// `is_written`.
    pub(crate) fn new(
        known: BTreeMap<usize, Side>,
        snapshot: Option<Snapshot>,
        is_written: bool,
    ) -> Self {
        let empty = || {
            let mut shards: Vec<OnceLock<Records>> = Vec::new();
            shards.resize_with(SHARDS, OnceLock::new);
            shards
        };
        let mut shards = [empty(), empty()];
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

    fn with_snapshot<T>(&self, ask: impl FnOnce(&Snapshot) -> Option<T>) -> Option<T> {
        let snapshot = self
            .snapshot
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ask(&snapshot)
    }
}

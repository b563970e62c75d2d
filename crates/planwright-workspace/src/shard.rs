//! How the snapshot is cut into pieces that are rewritten one by one.

use crate::sys::hash;

/// Number of shards of each table.
pub(crate) const SHARDS: usize = 256;

/// The shard of a path.
pub(crate) fn shard_of(path: &[u8]) -> u8 {
    hash(path) as u8
}

/// A set of shards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShardSet([u64; SHARDS / 64]);

impl ShardSet {
    pub(crate) fn all() -> Self {
        Self([u64::MAX; SHARDS / 64])
    }

    pub(crate) fn insert(&mut self, shard: u8) {
        self.0[usize::from(shard / 64)] |= 1 << (shard % 64);
    }

    pub(crate) fn has(&self, shard: u8) -> bool {
        self.0[usize::from(shard / 64)] & (1 << (shard % 64)) != 0
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own |= other;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0 == [0; SHARDS / 64]
    }
}

/// Records one behind the other, each found by its number.
///
/// In bytes: their number, the end of each counted from the first, the records; numbers are 32 bits,
/// little-endian.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Records(Vec<u8>);

impl Records {
    /// Puts records together.
    pub(crate) fn new<'a>(records: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let count = records.clone().count();
        if count == 0 {
            return Self::default();
        }
        let total: usize = records.clone().map(<[u8]>::len).sum();
        let mut bytes = Vec::with_capacity(4 + 4 * count + total);
        bytes.extend_from_slice(&(count as u32).to_le_bytes());
        let mut end = 0_u32;
        for record in records.clone() {
            end += record.len() as u32;
            bytes.extend_from_slice(&end.to_le_bytes());
        }
        for record in records {
            bytes.extend_from_slice(record);
        }
        Self(bytes)
    }

    /// Takes stored bytes over. `None` when they are not what [`Records::new`] makes.
    pub(crate) fn load(bytes: Vec<u8>) -> Option<Self> {
        let records = Self(bytes);
        if records.0.is_empty() {
            return Some(records);
        }
        let count = records.len();
        let start = 4 + 4 * count;
        let mut last = 0;
        for index in 0..count {
            let end = records.number(4 + 4 * index)?;
            if end < last {
                return None;
            }
            last = end;
        }
        (count > 0 && start + last == records.0.len()).then_some(records)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn len(&self) -> usize {
        self.number(0).unwrap_or(0)
    }

    /// One record; empty where there is none.
    pub(crate) fn get(&self, index: usize) -> &[u8] {
        let count = self.len();
        if index >= count {
            return &[];
        }
        let start = if index == 0 {
            Some(0)
        } else {
            self.number(4 * index)
        };
        let (Some(start), Some(end)) = (start, self.number(4 + 4 * index)) else {
            return &[];
        };
        let base = 4 + 4 * count;
        self.0.get(base + start..base + end).unwrap_or(&[])
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> + Clone {
        (0..self.len()).map(|index| self.get(index))
    }

    fn number(&self, at: usize) -> Option<usize> {
        let bytes = self.0.get(at..at + 4)?;
        bytes
            .try_into()
            .ok()
            .map(|bytes| u32::from_le_bytes(bytes) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn records_come_back(records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 0..20)) {
            let stored = Records::new(records.iter().map(Vec::as_slice));
            let loaded = Records::load(stored.bytes().to_vec()).unwrap();
            prop_assert_eq!(loaded.len(), records.len());
            prop_assert_eq!(loaded.iter().map(<[u8]>::to_vec).collect::<Vec<_>>(), records);
            prop_assert!(loaded.get(loaded.len()).is_empty());
        }

        #[test]
        fn damaged_records_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(records) = Records::load(bytes) {
                prop_assert_eq!(records.iter().count(), records.len());
            }
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut set = ShardSet::default();
        assert!(set.is_empty());
        for shard in [0, 63, 64, 255] {
            set.insert(shard);
        }
        assert!(set.has(0) && set.has(63) && set.has(64) && set.has(255));
        assert!(!set.has(1) && !set.has(254));
    }
}

//! Files outside the tree on which the ignore rules depend.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::rules::{self, Rules};
use crate::sys::{self, Stat};

/// Such a file as it was when the rules were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Watched {
    /// Absolute path.
    path: Vec<u8>,
    /// Its status; 0 where it is not there, [`RACY`] where it was too young to be trusted.
    key: u64,
}

/// The key of no status.
const RACY: u64 = 1;

/// True when one of the files has changed, or when the environment names others.
pub(crate) fn is_changed(watched: &[Watched], now: i64) -> bool {
    let is_known = |path: &PathBuf| {
        let path = sys::os_bytes(path.as_os_str());
        watched.iter().any(|watched| watched.path == *path)
    };
    !rules::config_files().iter().all(is_known)
        || watched.iter().any(|known| {
            known.key == RACY || watch(&sys::os_path(&known.path), now).key != known.key
        })
}

/// The files on which the rules depend, as they are now, besides those known before.
pub(crate) fn all(rules: Rules, before: &[Watched], now: i64) -> Vec<Watched> {
    let mut all = before.to_vec();
    for path in rules.into_watched() {
        let bytes = sys::os_bytes(path.as_os_str());
        if !all.iter().any(|known| known.path == *bytes) {
            all.push(watch(&path, now));
        }
    }
    all
}

fn watch(path: &Path, now: i64) -> Watched {
    let key = fs::metadata(path).map_or(0, |metadata| {
        let stat = Stat::of(&metadata);
        if stat.is_racy(now) { RACY } else { stat.key }
    });
    Watched {
        path: sys::os_bytes(path.as_os_str()).into_owned(),
        key,
    }
}

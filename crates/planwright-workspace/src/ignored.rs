//! Which paths ignore rules leave out, whether anything is there or not.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::rules::{Level, Rules};
use crate::sys::Root;

/// The ignore rules of the folders that were asked about, each read once.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    rules: OnceLock<Rules>,
    chains: Mutex<HashMap<PathBuf, Option<Arc<Level>>>>,
}

impl Ignored {
    /// True when rules leave out a path from the root, or a folder above it.
    pub(crate) fn covers(&self, root: &Root, path: &str) -> bool {
        let rules = self.rules.get_or_init(|| Rules::new(root.path()));
        let mut at = Path::new(path);
        let mut is_dir = false;
        loop {
            let folder = at.parent().unwrap_or_else(|| Path::new(""));
            let chain = self.chain(rules, folder);
            if rules.exclude(chain.as_ref(), &root.path().join(at), is_dir) {
                return true;
            }
            if folder.as_os_str().is_empty() {
                return false;
            }
            at = folder;
            is_dir = true;
        }
    }

    /// The chain inside a folder, from the one inside the folder above it.
    fn chain(&self, rules: &Rules, folder: &Path) -> Option<Arc<Level>> {
        let known = |chains: &HashMap<PathBuf, _>| chains.get(folder).cloned();
        let chains = self.chains.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chain) = known(&chains) {
            return chain;
        }
        drop(chains);
        let outer = match folder.parent() {
            Some(above) => self.chain(rules, above),
            None => rules.above(),
        };
        let chain = rules.inside(outer, folder);
        let mut chains = self.chains.lock().unwrap_or_else(PoisonError::into_inner);
        chains.insert(folder.to_owned(), chain.clone());
        chain
    }
}

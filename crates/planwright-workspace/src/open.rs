//! From a folder to the documents in it: the snapshot where it holds, the files where it does not.

use crate::details::Details;
use crate::dialects::Team;
use crate::docs::Docs;
use crate::fresh::{Changes, Check};
use crate::named::{Named, Proven};
use crate::parallel;
use crate::parse::Looker;
use crate::refresh::{self, Refreshed};
use crate::rules::Rules;
use crate::settle::State;
use crate::shard::{ShardSet, shard_of};
use crate::snapshot::{Location, Snapshot};
use crate::sys::Root;
use crate::tree::{Tree, file};
use crate::visit::Visitor;
use crate::walk::Walker;
use crate::watched::{self, Watched};
use crate::{Freshness, Unreadable};

/// Names per thread below which another thread does not pay.
const ENOUGH: usize = 400;

/// Everything that is known after a workspace was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) tree: Tree,
    pub(crate) docs: Docs,
    pub(crate) details: Details,
    /// What [`StatedFiles`](crate::stated::StatedFiles) stores.
    pub(crate) stated: Vec<u8>,
    pub(crate) unreadable: Vec<Unreadable>,
    pub(crate) freshness: Freshness,
    /// The documents that are proven; `None` for all of them.
    pub(crate) proven: Option<Proven>,
}

/// One call's view of the repository.
pub(crate) struct Opener<'a> {
    pub(crate) root: &'a Root,
    pub(crate) team: &'a Team,
    /// When the call began, in nanoseconds since the Unix epoch.
    pub(crate) now: i64,
    pub(crate) location: Option<Location>,
    /// Is shown the plans that have to be read, whole.
    pub(crate) visitor: Option<&'a dyn Visitor>,
    /// What the call is about; `None` for a call about everything.
    pub(crate) named: Option<Named<'a>>,
}

impl Opener<'_> {
    pub(crate) fn open(&self) -> Opened {
        self.warm().unwrap_or_else(|| self.cold())
    }

    /// Walks and reads everything.
    fn cold(&self) -> Opened {
        let (tree, refreshed, watched) = self.walk(&Tree::default());
        let docs = Docs::default();
        let state = State {
            tree,
            docs,
            snapshot: None,
            refreshed,
            watched,
            is_rewatched: true,
            proven: None,
        };
        let settled = self.settle(state);
        // Without a snapshot no summary can be missing.
        settled.unwrap_or_else(|| Opened {
            tree: Tree::default(),
            docs: Docs::default(),
            details: Details::default(),
            stated: Vec::new(),
            unreadable: Vec::new(),
            freshness: Freshness::default(),
            proven: None,
        })
    }

    /// Takes the snapshot up and reads what changed since. `None` when it cannot be used.
    fn warm(&self) -> Option<Opened> {
        let (mut snapshot, mut tree) = Snapshot::open(self.location.as_ref()?)?;
        self.team.know_prefixes(snapshot.prefixes().clone());
        let (check, names) = match self.named {
            None => (
                Check::new(self.root, &tree),
                tree.dirs.len() + tree.files.len(),
            ),
            Some(_) => (Check::of_folders(self.root, &tree), tree.dirs.len()),
        };
        let threads = parallel::threads(names, ENOUGH);
        let docs = std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| check.work());
            }
            let docs = snapshot.docs(self.named.is_some());
            check.work();
            docs
        })?;
        let mut changes = check.finish();
        let mut proven = None;
        if let Some(named) = self.named {
            let files = self.rests_on(named, &tree, (&docs, &snapshot), &changes);
            changes.files = match files {
                Some(files) => {
                    let changed = check.changed_among(&files);
                    proven = Some(Proven::new(&tree, files.into_iter()));
                    changed
                }
                None => self.changed_files(&tree),
            };
        }
        let watched = snapshot.watched().to_vec();
        let mut dirty = ShardSet::default();
        let is_walk_needed = watched::is_changed(&watched, self.now)
            || self.rules_changed(&mut tree, &changes, &mut dirty);
        let updated = if is_walk_needed {
            None
        } else if changes.dirs.is_empty() {
            let pending = refresh::owners(&tree, &changes.files);
            let pending = pending.into_iter().map(|(file, dir)| (dir, file)).collect();
            Some((
                Refreshed {
                    pending,
                    ..Refreshed::default()
                },
                None,
            ))
        } else {
            let rules = Rules::new(self.root.path());
            let walker = self.walker(&rules);
            let threads = parallel::threads(usize::MAX, 1);
            let done = refresh::incremental(&walker, &mut tree, changes, threads).ok();
            done.map(|refreshed| (refreshed, Some(rules)))
        };
        let (refreshed, watched, is_rewatched) = if let Some((mut refreshed, rules)) = updated {
            refreshed.dirty.extend(&dirty);
            let now = rules.map_or_else(
                || watched.clone(),
                |rules| watched::all(rules, &watched, self.now),
            );
            let is_rewatched = now != watched;
            if let Some(proven) = &mut proven {
                proven.extend(Proven::new(&tree, refreshed.pending.iter().copied()));
            }
            (refreshed, now, is_rewatched)
        } else {
            let (new, refreshed, watched) = self.walk(&tree);
            (tree, proven) = (new, None);
            (refreshed, watched, true)
        };
        let snapshot = Some(snapshot);
        self.settle(State {
            tree,
            docs,
            snapshot,
            refreshed,
            watched,
            is_rewatched,
            proven,
        })
    }

    /// The files whose status is not what it was.
    fn changed_files(&self, tree: &Tree) -> Vec<usize> {
        let check = Check::of_files(self.root, tree);
        parallel::run(parallel::threads(tree.files.len(), ENOUGH), || check.work());
        check.finish().files
    }

    pub(crate) fn looker<'b>(&'b self, tree: &'b Tree) -> Looker<'b> {
        Looker {
            root: self.root,
            tree,
            team: self.team,
            now: self.now,
            visitor: self.visitor,
        }
    }

    fn walker<'b>(&'b self, rules: &'b Rules) -> Walker<'b> {
        Walker {
            root: self.root,
            rules,
            dialects: self.team.dialects(),
            now: self.now,
        }
    }

    /// Walks everything, carrying over what the old tree knew and what is still true of it.
    fn walk(&self, old: &Tree) -> (Tree, Refreshed, Vec<Watched>) {
        let rules = Rules::new(self.root.path());
        let threads = parallel::threads(usize::MAX, 1);
        let (tree, mut refreshed) = refresh::from_scratch(&self.walker(&rules), old, threads);
        let pending = refresh::owners(&tree, &self.changed_files(&tree));
        refreshed.pending = pending.into_iter().map(|(file, dir)| (dir, file)).collect();
        (tree, refreshed, watched::all(rules, &[], self.now))
    }

    /// True when a file of ignore rules in the tree has changed. Those that have not, though their
    /// status was too young, get their new record.
    fn rules_changed(&self, tree: &mut Tree, changes: &Changes, dirty: &mut ShardSet) -> bool {
        let is_rules = |index: &usize| tree.files[*index].is(file::RULES);
        let files: Vec<usize> = changes.files.iter().copied().filter(is_rules).collect();
        let mut path = Vec::new();
        for (index, dir) in refresh::owners(tree, &files) {
            tree.file_path(dir, index, &mut path);
            let known = tree.files[index];
            let (record, is_changed) = self.looker(tree).look_at_rules(&path, known);
            if is_changed {
                return true;
            }
            if record.flags != known.flags {
                tree.files[index] = record;
                dirty.insert(shard_of(tree.path(dir)));
            }
        }
        false
    }
}

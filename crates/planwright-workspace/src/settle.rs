//! The last step of opening: reads the files that need it and writes down what came of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::details::{Detail, Details};
use crate::docs::{Changed, Docs, Side};
use crate::name_shard::NameShard;
use crate::named::Proven;
use crate::open::{Opened, Opener};
use crate::parse::{Look, Outcome};
use crate::refresh::Refreshed;
use crate::shard::{Records, ShardSet, shard_of};
use crate::snapshot::{Parts, Snapshot};
use crate::stated::{StatedFile, StatedFiles};
use crate::tree::{File, Tree, file, shown};
use crate::watched::Watched;
use crate::{Freshness, Unreadable};

/// What is known before the files are read.
pub(crate) struct State {
    pub(crate) tree: Tree,
    pub(crate) docs: Docs,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) refreshed: Refreshed,
    pub(crate) watched: Vec<Watched>,
    /// True when the snapshot's record of watched files is no longer right.
    pub(crate) is_rewatched: bool,
    /// As in [`Opened`].
    pub(crate) proven: Option<Proven>,
}

/// What became of the files that were looked at.
#[derive(Default)]
struct Looked {
    docs: Changed,
    stated: BTreeMap<String, Option<StatedFile>>,
    unreadable: Vec<Unreadable>,
    /// Shards of the tree whose records changed.
    dirty: ShardSet,
    /// Candidates that are not what they were.
    fresh: u32,
    parsed: u32,
    removed: u32,
}

impl Opener<'_> {
    /// Brings everything up to date. `None` when the snapshot cannot give what is needed of it.
    pub(crate) fn settle(&self, state: State) -> Option<Opened> {
        let State {
            mut tree,
            mut docs,
            snapshot,
            refreshed,
            watched,
            is_rewatched,
            proven,
        } = state;
        let Refreshed {
            pending,
            gone,
            gone_stated,
            removed,
            problems,
            mut dirty,
        } = refreshed;
        let looked = self.look(&mut tree, &pending);
        dirty.extend(&looked.dirty);

        let problems = problems
            .into_iter()
            .map(|(path, reason)| Unreadable { path, reason });
        let mut unreadable: Vec<Unreadable> = problems.chain(looked.unreadable).collect();
        unreadable.sort_by(|a, b| a.path.cmp(&b.path));
        let is_candidate = |index: usize| tree.files[index].is(file::CANDIDATE);
        let candidates = tree
            .live_files()
            .filter(|(_, index)| is_candidate(*index))
            .count();
        let freshness = Freshness {
            kept: (candidates as u32).saturating_sub(looked.fresh),
            parsed: looked.parsed,
            removed: removed + looked.removed,
        };

        // What is gone from one place may have been found again under the same path.
        let mut changed: Changed = gone.into_iter().map(|path| (path, None)).collect();
        changed.extend(looked.docs);
        let mut sides = match &snapshot {
            Some(snapshot) => sides(snapshot, &docs, &changed)?,
            None => BTreeMap::new(),
        };
        let prefixes = self.team.prefixes();
        let applied = docs.apply(changed, &mut sides, prefixes);
        let names = applied.names.apply(|shard| match &snapshot {
            Some(snapshot) => snapshot.names(shard),
            None => Some(NameShard::default()),
        })?;
        if let Some(snapshot) = &snapshot {
            snapshot.release();
        }
        let mut changed: BTreeMap<_, _> =
            gone_stated.into_iter().map(|path| (path, None)).collect();
        changed.extend(looked.stated);
        let known = snapshot.as_ref().map_or(&[][..], Snapshot::stated);
        let (mut stated, mut is_restated) = (known.to_vec(), false);
        if !changed.is_empty() {
            let mut files = StatedFiles::load(known)?;
            is_restated = files.apply(changed);
            stated = files.store();
        }

        let parts = Parts {
            tree: &tree,
            dirty_stat: &dirty,
            docs: &docs,
            dirty_docs: &applied.dirty,
            is_reordered: applied.is_reordered,
            sides: &sides,
            names: &names,
            stated: is_restated.then_some(stated.as_slice()),
            watched: is_rewatched.then_some(watched.as_slice()),
            prefixes,
        };
        let (snapshot, is_written) = if let Some(mut snapshot) = snapshot {
            let is_written = parts.are_none() || snapshot.update(&parts);
            (Some(snapshot), is_written)
        } else {
            let location = self.location.as_ref();
            let snapshot = location.and_then(|location| Snapshot::create(location, &parts));
            let is_written = snapshot.is_some();
            (snapshot, is_written)
        };
        let details = Details::new(sides, names, snapshot, is_written);
        Some(Opened {
            tree,
            docs,
            details,
            stated,
            unreadable,
            freshness,
            proven,
        })
    }

    /// Looks at files, given by the indexes of their folder and their own, and gives them their
    /// new records.
    fn look(&self, tree: &mut Tree, pending: &[(usize, usize)]) -> Looked {
        let mut looked = Looked::default();
        let is_rules = |tree: &Tree, index: usize| tree.files[index].is(file::RULES);
        let files: Vec<(usize, usize)> = pending
            .iter()
            .copied()
            .filter(|(_, index)| !is_rules(tree, *index))
            .collect();
        let looker = self.looker(tree);
        let looks = looker.look_at(&files);
        let mut path = Vec::new();
        let mut records: Vec<(usize, usize, File)> = Vec::new();
        for (dir, index) in pending
            .iter()
            .copied()
            .filter(|(_, index)| is_rules(tree, *index))
        {
            tree.file_path(dir, index, &mut path);
            records.push((dir, index, looker.look_at_rules(&path, tree.files[index]).0));
        }
        for Look {
            dir,
            file: index,
            record,
            outcome,
        } in looks
        {
            records.push((dir, index, record));
            tree.file_path(dir, index, &mut path);
            looked.take(tree.files[index], &shown(&path), outcome);
        }
        for (dir, index, record) in records {
            let known = std::mem::replace(&mut tree.files[index], record);
            let of = |file: File| (file.key, file.content, file.flags);
            if of(known) != of(record) {
                looked.dirty.insert(shard_of(tree.path(dir)));
            }
        }
        looked
    }
}

impl Looked {
    /// Takes in what became of a file of which `known` was known.
    fn take(&mut self, known: File, path: &str, outcome: Outcome) {
        if matches!(outcome, Outcome::Same) {
            return;
        }
        self.fresh += u32::from(known.is(file::CANDIDATE));
        let (mut plan, mut stated) = (None, None);
        match outcome {
            Outcome::Same | Outcome::Duplicate => {}
            Outcome::Plan(record) => {
                self.parsed += 1;
                plan = Some(record);
            }
            Outcome::Stated(file) => stated = Some(file),
            Outcome::NotPlan => self.parsed += 1,
            Outcome::Gone => self.removed += u32::from(known.is(file::CANDIDATE)),
            Outcome::Failed(reason) => {
                self.unreadable.push(Unreadable {
                    path: path.to_owned(),
                    reason,
                });
            }
        }
        if plan.is_some() || known.is(file::LISTED) {
            self.docs.insert(path.to_owned(), plan);
        }
        if known.is(file::RELATIONS) {
            self.stated.insert(path.to_owned(), stated);
        }
    }
}

/// What the shards that change hold beside their heads, from the snapshot.
fn sides(snapshot: &Snapshot, docs: &Docs, changed: &Changed) -> Option<BTreeMap<usize, Side>> {
    let mut sides = BTreeMap::new();
    for path in changed.keys() {
        let shard = usize::from(shard_of(path.as_bytes()));
        if let Entry::Vacant(vacant) = sides.entry(shard) {
            let count = docs.shard(shard).len();
            let load = |detail| {
                snapshot
                    .detail(detail, shard)
                    .filter(|all: &Records| all.len() == count)
            };
            vacant.insert(Side {
                summaries: load(Detail::Summaries)?,
                links: load(Detail::Links)?,
            });
        }
    }
    Some(sides)
}

//! Finds, reads and caches the plans of a repository and links them into one graph.
//!
//! [`Workspace::open`] proves that the snapshot of the last call is still true, or reads what
//! changed since. Everything else answers from what was read then; only [`Workspace::read`],
//! [`Workspace::search`] and references to items go back to the files.

mod answering;
mod changed;
mod convert;
mod details;
mod dialects;
mod docs;
mod files;
mod fresh;
mod graph;
pub mod health;
pub mod history;
mod ignored;
mod index;
mod links;
mod name_shard;
mod named;
mod names;
mod nearest;
mod open;
mod parallel;
mod parse;
pub mod path;
mod presence;
mod query;
mod record;
mod refresh;
pub mod relink;
mod resolve;
mod rules;
mod search;
mod settle;
mod shard;
mod shelf;
mod snapshot;
mod stated;
mod stored;
mod sys;
mod tree;
pub mod verify;
mod visit;
mod walk;
pub mod watch;
mod watched;
pub mod write;

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::SystemTime;

use planwright_dialect::Dialects;
use planwright_model::Diagnostic;

pub use changed::ChangedError;
pub use files::FolderError;
pub use graph::{Graph, Link};
pub use record::{Entry, NextItem, OpenTask, PhaseLine, Summary};
pub use search::Hit;
pub use shelf::Shelf;
pub use visit::{Seen, Visitor};
pub use write::WriteError;

use crate::details::Detail;
use crate::dialects::Team;
use crate::history::{History, HistoryOptions, NoHistory};
use crate::ignored::Ignored;
use crate::index::NameIndex;
use crate::named::Named;
use crate::nearest::NearNames;
use crate::open::{Opened, Opener};
use crate::presence::Presence;
use crate::shard::Records;
use crate::snapshot::Location;
use crate::stated::Stated;
use crate::stored::Record;
use crate::sys::Root;

/// After so many names, one by one, all of them are put in order.
const FEW: u32 = 24;

/// How to open a workspace.
#[derive(Clone, Debug)]
pub struct Options {
    /// Any folder of the repository; paths given by the user are relative to it.
    pub dir: PathBuf,
    /// Where snapshots are kept (`<cache>/<hash of root>/`); `None` reads everything anew.
    pub cache_dir: Option<PathBuf>,
}

/// Why a workspace could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is not there or cannot be read.
    #[error("cannot open {}: {source}", path.display())]
    Dir {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A file or folder that should have been read and could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Path from the root.
    pub path: String,
    /// What the system said.
    pub reason: String,
}

/// How the snapshot was used, for `--verbose` and for benchmarks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// Files whose snapshot was still true.
    pub kept: u32,
    /// Files read and parsed by this call.
    pub parsed: u32,
    /// Files that are gone since.
    pub removed: u32,
}

/// What a reference means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A document.
    Document(usize),
    /// A place inside a document: the item or phase that starts at `line`.
    Line(usize, u32),
    /// Several documents or items answer to the name: the refs to choose from.
    Ambiguous(Vec<String>),
    /// Nothing does: the nearest names.
    Nothing(Vec<String>),
}

/// The plans of a repository.
#[derive(Debug)]
pub struct Workspace {
    root: Root,
    /// The user's folder, from the root.
    folder: String,
    cache_dir: Option<PathBuf>,
    team: Team,
    opened: Opened,
    /// True when something was asked that rests on documents that are not proven.
    strayed: AtomicBool,
    names: OnceLock<NameIndex>,
    /// How many names were asked for.
    asked: AtomicU32,
    stated: OnceLock<Stated>,
    graph: OnceLock<Graph>,
    near: NearNames,
    ignored: Ignored,
    presence: Presence,
}

impl Workspace {
    /// Finds the repository's root, takes the snapshot up, and reads what changed since.
    ///
    /// # Errors
    /// When `options.dir` is not a folder that can be read. Everything below it that cannot be
    /// read is listed by [`Workspace::unreadable`].
    pub fn open(options: &Options) -> Result<Self, OpenError> {
        Self::open_at(options, sys::nanos(SystemTime::now()), None, None)
    }

    /// Opens a workspace and shows the documents that have to be read to somebody who needs more of
    /// them than the snapshot keeps, so that none is read twice.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn open_with(options: &Options, visitor: &dyn Visitor) -> Result<Self, OpenError> {
        Self::open_at(options, sys::nanos(SystemTime::now()), Some(visitor), None)
    }

    /// Opens a workspace for a call about what some references name, and proves no more than that
    /// takes: what a reference means by its path or as the document's own, and the documents that it
    /// means. Where anything else is asked of it, [`Workspace::has_strayed`] says so: then the
    /// answer may be that of a moment ago, and the call is to be made again on a workspace that
    /// was opened for everything.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn open_for(options: &Options, references: &[String]) -> Result<Self, OpenError> {
        Self::open_at(
            options,
            sys::nanos(SystemTime::now()),
            None,
            Some(references),
        )
    }

    /// True when something was asked that rests on more than was proven. Never where the workspace
    /// was opened for everything.
    pub fn has_strayed(&self) -> bool {
        self.strayed.load(Ordering::Relaxed) || self.opened.docs.has_failed()
    }

    /// Notes a question that rests on documents that may not be proven.
    fn stray(&self) {
        if self.opened.proven.is_some() {
            self.strayed.store(true, Ordering::Relaxed);
        }
    }

    /// True when what is known of the document at a path is so.
    fn is_proven(&self, path: &str) -> bool {
        let proven = self.opened.proven.as_ref();
        proven.is_none_or(|proven| proven.has(path))
    }

    /// Opens a workspace as if it were `now`, in nanoseconds since the Unix epoch.
    fn open_at(
        options: &Options,
        now: i64,
        visitor: Option<&dyn Visitor>,
        references: Option<&[String]>,
    ) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Dir {
            path: options.dir.clone(),
            source,
        };
        let dir = options.dir.canonicalize().map_err(failed)?;
        if !dir.is_dir() {
            return Err(failed(io::ErrorKind::NotADirectory.into()));
        }
        let top = find_root(&dir);
        let folder = dir.strip_prefix(top).map_or(String::new(), path::slashed);
        let root = Root::open(top.to_owned()).map_err(failed)?;
        let team = Team::find(root.path());
        let location = options
            .cache_dir
            .as_deref()
            .map(|cache| Location::new(cache, root.path(), team.fingerprint()));
        let opened = Opener {
            root: &root,
            team: &team,
            now,
            location,
            visitor,
            named: references.map(|references| Named {
                references,
                folder: &folder,
            }),
        }
        .open();
        let cache_dir = options.cache_dir.clone();
        Ok(Self::assemble(root, folder, cache_dir, team, opened))
    }

    fn assemble(
        root: Root,
        folder: String,
        cache_dir: Option<PathBuf>,
        team: Team,
        opened: Opened,
    ) -> Self {
        Self {
            root,
            folder,
            cache_dir,
            team,
            opened,
            strayed: AtomicBool::new(false),
            names: OnceLock::new(),
            asked: AtomicU32::new(0),
            stated: OnceLock::new(),
            graph: OnceLock::new(),
            near: NearNames::default(),
            ignored: Ignored::default(),
            presence: Presence::default(),
        }
    }

    /// The repository's root: the nearest folder upwards that holds `.git`, `.jj` or
    /// `.planwright`, else the folder given. Absolute, without links.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The history of the repository, kept beside the snapshot. Reads what is not known of it yet,
    /// at every call.
    ///
    /// # Errors
    /// When git is not there, or there is no repository that it can or will read.
    pub fn history(&self) -> Result<History, NoHistory> {
        let options = HistoryOptions {
            cache_dir: self.cache_dir.clone(),
            ..HistoryOptions::default()
        };
        History::open(self.root(), &options)
    }

    /// The branches and work trees of the repository and what lies in them, without its commits.
    ///
    /// # Errors
    /// As [`Workspace::history`].
    pub fn branches(&self) -> Result<History, NoHistory> {
        let options = HistoryOptions {
            cache_dir: self.cache_dir.clone(),
            ..HistoryOptions::default()
        };
        History::stand(self.root(), &options)
    }

    /// The plans below another folder, with the same cache.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn beside(&self, dir: &Path) -> Result<Self, OpenError> {
        Self::open(&Options {
            dir: dir.to_owned(),
            cache_dir: self.cache_dir.clone(),
        })
    }

    /// The user's folder, from the root; empty for the root itself.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The dialects in force.
    pub fn dialects(&self) -> &Dialects {
        self.team.dialects()
    }

    /// What is wrong with the team's own dialects: manifest path and diagnostic.
    pub fn dialect_diagnostics(&self) -> &[(String, Diagnostic)] {
        self.team.diagnostics()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.opened.docs.len()
    }

    /// True when no plan document was found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every listed plan document in the order of its path. Decodes as it goes; keep what you need.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> {
        self.stray();
        self.known_entries()
    }

    fn known_entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> {
        (0..self.len()).map(|index| self.known_entry(index))
    }

    /// One entry.
    ///
    /// # Panics
    /// When `index` is not below [`Workspace::len`].
    pub fn entry(&self, index: usize) -> Entry<'_> {
        let entry = self.known_entry(index);
        if !self.is_proven(entry.path) {
            self.stray();
        }
        entry
    }

    fn known_entry(&self, index: usize) -> Entry<'_> {
        stored::entry(self.opened.docs.head(index))
    }

    /// The index of the entry at a path from the root.
    pub fn find(&self, path: &str) -> Option<usize> {
        // A file that was none may hold a plan by now.
        if !self.is_proven(path) {
            self.stray();
        }
        self.find_known(path)
    }

    fn find_known(&self, path: &str) -> Option<usize> {
        match self.names.get() {
            Some(names) => names.path(path),
            None => self.opened.docs.find(path),
        }
    }

    /// The open tasks and the phases of one entry.
    ///
    /// # Panics
    /// When `index` is not below [`Workspace::len`].
    pub fn summary(&self, index: usize) -> Summary {
        if !self.is_proven(stored::path(self.opened.docs.head(index))) {
            self.stray();
        }
        stored::summary(self.detail(Detail::Summaries, index))
    }

    /// The stored relations of an entry.
    fn link_bytes(&self, index: usize) -> &[u8] {
        self.detail(Detail::Links, index)
    }

    fn detail(&self, detail: Detail, index: usize) -> &[u8] {
        let place = self.opened.docs.order()[index];
        let heads = self.opened.docs.shard(place.shard());
        let again = || {
            let records = heads.iter().map(|head| {
                let path = stored::path(head);
                let bytes = self.read_bytes(path).ok();
                let document = bytes.and_then(|bytes| self.dialects().summarise(path, bytes));
                let record = document.map(|found| Record::new(&found, 0, 0, self.team.prefixes()));
                record.map_or_else(Vec::new, |record| match detail {
                    Detail::Summaries => record.summary,
                    Detail::Links => record.links,
                })
            });
            let records: Vec<Vec<u8>> = records.collect();
            Records::new(records.iter().map(Vec::as_slice))
        };
        let details = &self.opened.details;
        details
            .shard(detail, place.shard(), heads.len(), again)
            .get(place.number())
    }

    /// What could not be read, in the order of its path.
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.opened.unreadable
    }

    /// How the snapshot was used.
    pub fn freshness(&self) -> Freshness {
        self.opened.freshness
    }

    /// What a reference means.
    ///
    /// In this order: a path, from the user's folder or from the root, with or without its `.md`; a
    /// document's reference; another name, its file name or identifier (`PLAN-001` is `PLN-1`); a
    /// number, or the words behind one (`012-login` is `12` and `login`); its title; the beginning
    /// of any of these. Case does not matter. Documents that are archived or templates give way to
    /// others that answer equally well. `#T012`, `#2.3`, `#phase-2` behind it name an item or a
    /// phase, for which the file is read. The name of a feature's folder means its plan, and before
    /// `#` all documents of the feature. `path:line` is the item or phase that the line belongs to.
    pub fn resolve(&self, reference: &str) -> Resolution {
        let found = self.resolve_reference(reference);
        if self.opened.proven.is_some() && !self.is_sure(reference, &found) {
            self.stray();
        }
        found
    }

    /// True when a reference means this document and no other, as the last call knew it that looked
    /// at everything.
    pub fn is_known_as(&self, reference: &str, index: usize) -> bool {
        self.means(reference, index)
    }

    /// True when a reference means anything, be it several things. Cheaper than
    /// [`Workspace::resolve`] where nothing answers, because no nearest names are looked for.
    pub fn knows(&self, reference: &str) -> bool {
        self.stray();
        self.is_reference(reference)
    }

    /// The relations of all documents, resolved. Built at the first call.
    pub fn graph(&self) -> &Graph {
        self.stray();
        self.graph.get_or_init(|| self.build_graph())
    }

    fn stated(&self) -> &Stated {
        self.stated.get_or_init(|| Stated::new(&self.opened.stated))
    }

    /// Where something about each document can be kept between two calls, beside the snapshot.
    /// `key` stands for all that it depends on but this build, the dialects in force, and the
    /// documents themselves. `None` where nothing is kept.
    pub fn shelf(&self, name: &str, key: u64) -> Option<Shelf> {
        let cache = self.cache_dir.as_deref()?;
        let key = sys::hash(
            &[self.team.fingerprint(), key]
                .map(u64::to_le_bytes)
                .concat(),
        );
        Some(Shelf::new(cache, self.root(), name, key))
    }

    /// What is wrong with files that state relations between other documents: path and diagnostic.
    pub fn relation_diagnostics(&self) -> &[(String, Diagnostic)] {
        &self.stated().problems
    }

    /// Documents that hold the words, best first: those that hold all of them, else those that hold
    /// some. A word also finds words that begin with it; words in double quotes must stand together.
    /// `keep` decides which entries are looked at.
    pub fn search(&self, words: &str, keep: &dyn Fn(&Entry<'_>) -> bool, limit: usize) -> Vec<Hit> {
        self.search_words(words, keep, limit)
    }
}

/// Stands for the bytes of a file, as in [`Entry::content`].
pub fn content(bytes: &[u8]) -> u64 {
    sys::hash(bytes)
}

/// True for a folder of a repository, or of something else that is marked as the root of plans. What
/// is not can be large, and is not looked through without having been asked for.
pub fn has_root(dir: &Path) -> bool {
    dir.canonicalize()
        .is_ok_and(|dir| dir.ancestors().any(is_top))
}

fn is_top(dir: &Path) -> bool {
    rules::is_repository(dir) || dir.join(".planwright").is_dir()
}

/// The nearest folder upwards that is marked as the top of something, else the folder itself.
fn find_root(dir: &Path) -> &Path {
    dir.ancestors().find(|dir| is_top(dir)).unwrap_or(dir)
}

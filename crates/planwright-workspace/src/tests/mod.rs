//! Tests of the whole crate on real files, and on documents made by hand.

mod damage;
mod freshness;
mod named;
mod outside;
mod random;
mod references;
mod relations;
mod search;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use planwright_model::{Document, Title};
use tempfile::TempDir;

use crate::details::Details;
use crate::dialects::Team;
use crate::docs::{Changed, Docs};
use crate::name_shard::NameShard;
use crate::open::Opened;
use crate::stored::Record;
use crate::sys::{self, Root};
use crate::tree::Tree;
use crate::{Freshness, Options, Visitor, Workspace};

/// A repository on disk and the cache beside it.
pub(crate) struct Repository {
    dir: TempDir,
    cache: TempDir,
}

impl Repository {
    /// A repository that holds some files, each with its text.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let repository = Self {
            dir: tempfile::tempdir().unwrap(),
            cache: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(repository.path(".git")).unwrap();
        for (path, text) in files {
            repository.write(path, text);
        }
        repository
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    fn options(&self, dir: &str, cached: bool) -> Options {
        Options {
            dir: self.path(dir),
            cache_dir: cached.then(|| self.cache.path().to_owned()),
        }
    }

    /// Opens it as the program does.
    pub(crate) fn open(&self) -> Workspace {
        Workspace::open(&self.options("", true)).unwrap()
    }

    /// Opens it from a folder inside.
    pub(crate) fn open_in(&self, dir: &str) -> Workspace {
        Workspace::open(&self.options(dir, true)).unwrap()
    }

    /// Opens it as if everything had been written long ago, so that no status is too young to be
    /// trusted. Waits until the file system's clock has ticked, as time would have.
    pub(crate) fn open_later(&self) -> Workspace {
        std::thread::sleep(Duration::from_millis(15));
        let now = sys::nanos(SystemTime::now() + Duration::from_mins(1));
        let workspace = Workspace::open_at(&self.options("", true), now, None, None).unwrap();
        std::thread::sleep(Duration::from_millis(15));
        workspace
    }

    /// Opens it for some references, `later` or now.
    pub(crate) fn open_for(&self, references: &[&str], later: bool) -> Workspace {
        let pause = Duration::from_millis(if later { 15 } else { 0 });
        let ahead = Duration::from_secs(if later { 60 } else { 0 });
        let references: Vec<String> = references.iter().map(|name| (*name).to_owned()).collect();
        std::thread::sleep(pause);
        let now = sys::nanos(SystemTime::now() + ahead);
        let options = self.options("", true);
        Workspace::open_at(&options, now, None, Some(&references)).unwrap()
    }

    /// Opens it without a snapshot.
    pub(crate) fn open_anew(&self) -> Workspace {
        Workspace::open(&self.options("", false)).unwrap()
    }

    /// Opens it without a snapshot, and looks at what is read.
    pub(crate) fn open_with(&self, visitor: &dyn Visitor) -> Workspace {
        Workspace::open_with(&self.options("", false), visitor).unwrap()
    }

    /// The snapshot's file.
    pub(crate) fn snapshot(&self) -> PathBuf {
        let folder = fs::read_dir(self.cache.path())
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        let mut files = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().path());
        files
            .find(|path| path.extension().is_some_and(|extension| extension == "db"))
            .unwrap()
    }

    pub(crate) fn cache(&self) -> &Path {
        self.cache.path()
    }
}

/// Paths of the listed documents.
pub(crate) fn paths(workspace: &Workspace) -> Vec<&str> {
    workspace.entries().map(|entry| entry.path).collect()
}

/// What a workspace says about everything, to be compared with another.
pub(crate) fn everything(workspace: &Workspace) -> Vec<String> {
    let entries = workspace.entries().enumerate();
    let entries = entries.map(|(at, entry)| format!("{entry:?} {:?}", workspace.summary(at)));
    let unreadable = workspace
        .unreadable()
        .iter()
        .map(|unreadable| format!("{unreadable:?}"));
    let links = workspace
        .graph()
        .links()
        .iter()
        .map(|link| format!("{link:?}"));
    let problems = workspace
        .relation_diagnostics()
        .iter()
        .map(|problem| format!("{problem:?}"));
    entries
        .chain(unreadable)
        .chain(links)
        .chain(problems)
        .collect()
}

/// The text of a small plan.
pub(crate) fn plan(title: &str) -> String {
    format!("# {title}\n\nStatus: Active\n\n## Tasks\n\n- [ ] first\n- [x] second\n")
}

/// How many files of a kind a freshness speaks of.
pub(crate) fn counts(workspace: &Workspace) -> (u32, u32, u32) {
    let Freshness {
        kept,
        parsed,
        removed,
    } = workspace.freshness();
    (kept, parsed, removed)
}

/// A document made by hand.
pub(crate) fn document(path: &str, reference: &str, aliases: &[&str], title: &str) -> Document {
    Document {
        path: path.to_owned(),
        reference: reference.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        title: Title {
            text: title.to_owned(),
            line: Some(1),
        },
        kind: "plan".to_owned(),
        ..Document::default()
    }
}

/// A workspace of documents made by hand; their files need not exist.
pub(crate) fn workspace_of(
    repository: &Repository,
    folder: &str,
    documents: &[Document],
) -> Workspace {
    let root = Root::open(repository.dir.path().canonicalize().unwrap()).unwrap();
    let team = Team::find(root.path());
    let changed: Changed = documents
        .iter()
        .map(|document| {
            (
                document.path.clone(),
                Some(Record::new(document, 0, 0, team.prefixes())),
            )
        })
        .collect();
    let (mut docs, mut sides) = (Docs::default(), std::collections::BTreeMap::new());
    let applied = docs.apply(changed, &mut sides, team.prefixes());
    let names = applied.names.apply(|_| Some(NameShard::default())).unwrap();
    let opened = Opened {
        tree: Tree::default(),
        docs,
        details: Details::new(sides, names, None, false),
        stated: Vec::new(),
        unreadable: Vec::new(),
        freshness: Freshness::default(),
        proven: None,
    };
    Workspace::assemble(root, folder.to_owned(), None, team, opened)
}

//! Repositories of plan documents, the same for the same numbers.
//!
//! A repository is a row of projects of 100 documents: the first at its root, the others in
//! `services/`. Every document has a seed of its own, so that any of them can be written alone and
//! in any order.

mod ai_docs;
mod archcore;
mod dev_ops;
mod document;
mod execplan;
mod history;
mod spec_kit;
mod words;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};

use self::document::Draft;
use self::words::{Topic, Words};

/// Changes whenever the same numbers give other files; names the repositories that `bench` keeps.
pub(crate) const VERSION: u32 = 2;

/// Documents of a project.
const PROJECT: usize = 100;
/// How many of them are in which dialect. A feature of spec-kit is three documents.
const MIX: [(Dialect, usize); 5] = [
    (Dialect::Archcore, 25),
    (Dialect::AiDocs, 20),
    (Dialect::ExecPlan, 20),
    (Dialect::DevOps, 14),
    (Dialect::SpecKit, 7),
];
const SERVICES: [&str; 9] = [
    "atlas", "beacon", "cinder", "delta", "ember", "fjord", "garnet", "harbor", "indigo",
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many plan documents to write.
    #[arg(long, value_name = "N")]
    documents: usize,
    /// The folder to write them to; made if it is not there, and has to be empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Another seed gives other words.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Commit everything to a new git repository.
    #[arg(long)]
    git: bool,
    /// Commit it as the work of N commits: files come one after the other, boxes are ticked one by
    /// one. Needs at least two.
    #[arg(long, value_name = "N", conflicts_with = "git", value_parser = clap::value_parser!(u32).range(2..))]
    commits: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Archcore,
    AiDocs,
    ExecPlan,
    DevOps,
    SpecKit,
}

pub(crate) fn main(args: &Args) -> Result<ExitCode> {
    let started = std::time::Instant::now();
    let written = repository(&args.out, args.documents, args.seed)?;
    if args.git {
        commit(&args.out)?;
    }
    if let Some(commits) = args.commits {
        history::commit(&args.out, commits as usize, args.seed)?;
    }
    crate::run::line(&format!(
        "{} documents of {} bytes on average and {} other files in {} ({:.1} s)",
        written.documents,
        written.bytes / written.documents.max(1),
        written.others,
        args.out.display(),
        started.elapsed().as_secs_f64(),
    ));
    Ok(ExitCode::SUCCESS)
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) documents: usize,
    /// Bytes of the documents.
    pub(crate) bytes: usize,
    pub(crate) others: usize,
}

impl std::ops::AddAssign for Written {
    fn add_assign(&mut self, other: Self) {
        self.documents += other.documents;
        self.bytes += other.bytes;
        self.others += other.others;
    }
}

/// Writes a repository to an empty or absent folder.
pub(crate) fn repository(dir: &Path, documents: usize, seed: u64) -> Result<Written> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    if fs::read_dir(dir)?.next().is_some() {
        bail!(
            "{} is not empty; name a folder that is not there yet",
            dir.display()
        );
    }
    let projects = documents.div_ceil(PROJECT);
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut total = std::thread::scope(|scope| {
        let work = || -> Result<Written> {
            let mut written = Written::default();
            loop {
                let project = next.fetch_add(1, Ordering::Relaxed);
                if project >= projects {
                    return Ok(written);
                }
                let count = PROJECT.min(documents - project * PROJECT);
                written += Project {
                    number: project,
                    seed,
                }
                .write(dir, count)?;
            }
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut total = Written::default();
        for handle in handles {
            match handle.join() {
                Ok(written) => total += written?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok::<_, anyhow::Error>(total)
    })?;
    fs::write(dir.join(".gitignore"), "/target\n*.log\n")?;
    total.others += 1;
    Ok(total)
}

/// Commits everything that lies in `dir`, at a fixed date and by nobody in particular.
pub(crate) fn commit(dir: &Path) -> Result<()> {
    use crate::run::{git, run};
    run(git(dir).args(["init", "--quiet", "--initial-branch=main"]))?;
    run(git(dir).args(["add", "--all"]))?;
    let who = [
        "-c",
        "user.name=Planwright",
        "-c",
        "user.email=dev@planwright.invalid",
    ];
    run(git(dir)
        .args(who)
        .args(["-c", "gc.auto=0", "-c", "commit.gpgsign=false"])
        .args(["commit", "--quiet", "--message=Add the plans"])
        .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"))
}

#[derive(Clone, Copy, Debug)]
struct Project {
    number: usize,
    seed: u64,
}

impl Project {
    /// The folder of the project below the repository's root.
    fn folder(self) -> PathBuf {
        match self.number {
            0 => PathBuf::new(),
            number => {
                let name = SERVICES[number % SERVICES.len()];
                PathBuf::from(format!("services/{name}/{name}-{number:04}"))
            }
        }
    }

    /// A seed for the `place`-th file.
    fn seed_of(self, place: usize) -> u64 {
        // Two odd constants keep neighbouring projects and files apart; fastrand mixes the rest.
        self.seed
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add((self.number as u64) << 20)
            .wrapping_add(place as u64)
            .wrapping_mul(0xD6E8_FEB8_6659_FD93)
    }

    fn write(self, root: &Path, count: usize) -> Result<Written> {
        let units = units(count);
        let mut folder = Folder {
            root: root.join(self.folder()),
            written: Written::default(),
        };
        let (mut place, mut before) = (0, 0);
        for (dialect, share) in MIX {
            let count = units.iter().filter(|(other, _)| *other == dialect).count();
            let topics: Vec<Topic> = (0..count)
                .map(|index| {
                    Topic::new(self.number, before + index, self.number * share + index + 1)
                })
                .collect();
            before += share;
            for index in 0..topics.len() {
                let parts: &[&str] = if dialect == Dialect::SpecKit {
                    &spec_kit::PARTS
                } else {
                    &[""]
                };
                for part in parts {
                    if place == count {
                        break;
                    }
                    let mut draft = Draft::new(self.seed_of(place), index, &topics);
                    let (path, text) = document(dialect, part, &mut draft);
                    folder.document(&path, &text)?;
                    place += 1;
                }
            }
            let mut words = Words::new(self.seed_of(PROJECT + index_of(dialect)));
            match dialect {
                Dialect::Archcore if !topics.is_empty() => folder.other(
                    ".archcore/.sync-state.json",
                    &archcore::sync_state(&topics, &mut words),
                )?,
                Dialect::DevOps if !topics.is_empty() => {
                    folder.other(".dev_ops/board.json", &dev_ops::board(&topics, &mut words))?;
                }
                _ => {}
            }
        }
        for file in 0..count / 2 {
            let mut words = Words::new(self.seed_of(2 * PROJECT + file));
            let mut text = format!("//! {}\n\n", words.sentence());
            for function in 0..4 + words.below(12) {
                let line = words.sentence();
                let _ = write!(
                    text,
                    "/// {line}\npub fn step_{function}() -> usize {{\n    {function}\n}}\n\n"
                );
            }
            folder.other(&format!("src/part_{}/file_{file:02}.rs", file % 5), &text)?;
        }
        Ok(folder.written)
    }
}

fn document(dialect: Dialect, part: &str, draft: &mut Draft<'_>) -> (String, String) {
    let (index, topic) = (draft.index, draft.topic());
    let path = match dialect {
        Dialect::Archcore => archcore::path(index, topic),
        Dialect::AiDocs => ai_docs::path(draft.stage, topic),
        Dialect::ExecPlan => execplan::path(topic),
        Dialect::DevOps => dev_ops::path(topic),
        Dialect::SpecKit => spec_kit::path(topic, part),
    };
    let text = match dialect {
        Dialect::Archcore => archcore::write(draft),
        Dialect::AiDocs => ai_docs::write(draft),
        Dialect::ExecPlan => execplan::write(draft),
        Dialect::DevOps => dev_ops::write(draft),
        Dialect::SpecKit => spec_kit::write(draft, part),
    };
    (path, text)
}

fn index_of(dialect: Dialect) -> usize {
    MIX.iter()
        .position(|(other, _)| *other == dialect)
        .unwrap_or(0)
}

/// The first units (documents, or features of spec-kit) of a project that make `count` documents:
/// the dialects take turns as their share demands, so that a small repository holds all of them.
fn units(count: usize) -> Vec<(Dialect, usize)> {
    let mut all: Vec<(usize, Dialect, usize)> = MIX
        .iter()
        .flat_map(|(dialect, share)| {
            (0..*share).map(move |index| ((2 * index + 1) * 10_000 / share, *dialect, index))
        })
        .collect();
    all.sort_by_key(|(turn, dialect, _)| (*turn, index_of(*dialect)));
    let mut documents = 0;
    let mut units = Vec::new();
    for (_, dialect, index) in all {
        if documents >= count {
            break;
        }
        documents += if dialect == Dialect::SpecKit {
            spec_kit::PARTS.len()
        } else {
            1
        };
        units.push((dialect, index));
    }
    units
}

/// Writes the files of a project and counts them.
struct Folder {
    root: PathBuf,
    written: Written,
}

impl Folder {
    fn document(&mut self, path: &str, text: &str) -> Result<()> {
        self.written.documents += 1;
        self.written.bytes += text.len();
        self.file(path, text)
    }

    fn other(&mut self, path: &str, text: &str) -> Result<()> {
        self.written.others += 1;
        self.file(path, text)
    }

    fn file(&self, path: &str, text: &str) -> Result<()> {
        let path = self.root.join(path);
        // Most folders are there already, so try the file first.
        if fs::write(&path, text).is_err() {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)
                    .with_context(|| format!("cannot make {}", parent.display()))?;
            }
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        ignore::WalkBuilder::new(dir)
            .standard_filters(false)
            .build()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.is_file())
            .map(|path| {
                (
                    path.strip_prefix(dir).unwrap().to_owned(),
                    fs::read(&path).unwrap(),
                )
            })
            .collect()
    }

    fn generated(documents: usize, seed: u64) -> (Written, BTreeMap<PathBuf, Vec<u8>>) {
        let dir = tempfile::tempdir().unwrap();
        let written = repository(dir.path(), documents, seed).unwrap();
        (written, files(dir.path()))
    }

    #[test]
    fn the_same_numbers_give_the_same_files() {
        assert_eq!(generated(230, 7), generated(230, 7));
        assert_ne!(generated(230, 7), generated(230, 8));
    }

    #[test]
    fn there_are_exactly_as_many_documents_as_asked_for() {
        for documents in [0, 1, 5, 99, 100, 101, 230] {
            let (written, files) = generated(documents, 1);
            let found = files
                .keys()
                .filter(|path| path.extension().is_some_and(|e| e == "md"))
                .count();
            assert_eq!((written.documents, found), (documents, documents));
        }
    }

    #[test]
    fn a_small_repository_holds_every_dialect() {
        let (_, files) = generated(20, 1);
        for part in [
            ".archcore/",
            "docs/ai/plans/",
            "docs/execplans/",
            ".dev_ops/docs/plans/",
            "specs/",
        ] {
            assert!(
                files
                    .keys()
                    .any(|path| path.to_string_lossy().starts_with(part)),
                "{part}"
            );
        }
    }

    #[test]
    fn documents_are_as_large_as_said_and_folders_stay_small() {
        let (written, files) = generated(3_000, 1);
        let mean = written.bytes / written.documents;
        assert!((3_000..3_500).contains(&mean), "{mean} bytes on average");
        let mut folders: BTreeMap<_, usize> = BTreeMap::new();
        for path in files.keys() {
            *folders.entry(path.parent()).or_default() += 1;
        }
        assert!(folders.values().all(|count| *count <= 100));
    }

    #[test]
    fn a_folder_that_holds_something_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("mine.txt"), "mine").unwrap();
        assert!(repository(dir.path(), 10, 1).is_err());
        assert_eq!(files(dir.path()).len(), 1);
    }
}

//! The only place that changes files.
//!
//! A [`Writer`] runs operations over one or several files. An operation is a function from what the
//! files hold *now* to what they are to hold; it runs under a lock on each of them, and again
//! whenever a file turns out to have been changed by somebody who knows of no locks. All of its
//! files change or none: each new content is complete on disk beside its file before the first
//! changes places with the old, and a journal outside the repository lets the next call bring to an
//! end what a killed one began. Decision 0006 tells why it is done so.

mod disk;
mod journal;
pub(crate) mod lock;
mod place;
mod recover;
mod reserve;
mod steps;
#[cfg(test)]
mod tests;
mod undo;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use reserve::Reservation;
pub use undo::{Undo, UndoError};

use disk::{Disk, System};
use journal::{Journal, Note, Step};
use lock::Locks;
use place::Place;

use crate::sys;
use crate::verify::{Ledger, LedgerError};

/// How often an operation is tried while others keep changing its files.
const ATTEMPTS: u32 = 50;

/// How long other writers are waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why nothing was written. Every file is as it was, but where [`WriteError::Torn`] says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file has changed since it was read.
    #[error("{path} has changed in the meantime")]
    Changed {
        /// Path from the root.
        path: String,
    },
    /// The system refused, or the path leads out of the repository.
    #[error("cannot write {path}: {reason}")]
    Io {
        /// Path from the root.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// Others write to it, or change it, without end.
    #[error("cannot write {path}: others keep writing to it")]
    Busy {
        /// Path from the root.
        path: String,
    },
    /// Where locks and the journal are kept cannot be used.
    #[error("cannot use {}: {reason}", path.display())]
    State {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Some files were written and others not, and the written ones could not be put back.
    #[error(
        "cannot write {path}: {reason}; {written} is written already and could not be put back"
    )]
    Torn {
        /// The file that was not written.
        path: String,
        /// What the system said.
        reason: String,
        /// The first file that was.
        written: String,
    },
}

/// Why an operation has no result.
#[derive(Debug)]
pub enum Failure<E> {
    /// It cannot be done to what the files hold.
    Refused(E),
    /// It could not be written.
    Write(WriteError),
}

impl<E> From<WriteError> for Failure<E> {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// What the files of an operation hold; `None` where there is no file. Keys are the paths asked for.
pub type Contents = BTreeMap<String, Option<Vec<u8>>>;

/// What an operation wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// To see these files too before it decides.
    Read(Vec<String>),
    /// These changes. Every path is one that it was shown.
    Write(Vec<Change>),
}

/// A change to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file holds these bytes from now on; it is made where there is none.
    Write {
        /// Path from the root.
        path: String,
        /// All of its bytes.
        bytes: Vec<u8>,
    },
    /// The file is gone from now on.
    Remove {
        /// Path from the root.
        path: String,
    },
    /// The file has another name and these bytes from now on.
    Rename {
        /// Path from the root.
        from: String,
        /// Path from the root. Nothing is there.
        to: String,
        /// All of its bytes.
        bytes: Vec<u8>,
    },
}

/// A file that an operation changed, or would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Path from the root.
    pub path: String,
    /// The path that it had before, where it was renamed.
    pub from: Option<String>,
    /// What it held; `None` where it was not there.
    pub before: Option<Vec<u8>>,
    /// What it holds; `None` where it is gone.
    pub after: Option<Vec<u8>>,
}

/// Writes to the files of one repository.
pub struct Writer<'a> {
    root: PathBuf,
    state_dir: PathBuf,
    folder: PathBuf,
    journal: Journal,
    disk: &'a dyn Disk,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("root", &self.root)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Writer<'static> {
    /// A writer for the repository at `root`, which is absolute and free of links. Locks and the
    /// journal are kept in `<state_dir>/<hash of root>/`; everybody who writes to the repository
    /// must use the same.
    pub fn new(root: &Path, state_dir: &Path) -> Self {
        Self::on(root, state_dir, &System)
    }
}

impl<'a> Writer<'a> {
    fn on(root: &Path, state_dir: &Path, disk: &'a dyn Disk) -> Self {
        let hash = sys::hash(&sys::os_bytes(root.as_os_str()));
        let folder = state_dir.join(format!("{hash:016x}"));
        Self {
            root: root.to_owned(),
            state_dir: state_dir.to_owned(),
            journal: Journal::new(folder.join("journal")),
            folder,
            disk,
        }
    }

    /// What an operation would change; nothing is locked and nothing written.
    ///
    /// # Errors
    /// What `operation` refuses, and files that cannot be read.
    pub fn preview<E>(
        &self,
        paths: &[String],
        mut operation: impl FnMut(&Contents) -> Result<Outcome, E>,
    ) -> Result<Vec<Changed>, Failure<E>> {
        let mut wanted: BTreeSet<String> = paths.iter().cloned().collect();
        for _ in 0..ATTEMPTS {
            let places = self.places(&wanted)?;
            let contents = self.read(&places)?;
            match operation(&contents).map_err(Failure::Refused)? {
                Outcome::Read(more) => wanted.extend(more),
                Outcome::Write(changes) => {
                    let steps = steps::of(&places, &contents, changes)?;
                    return Ok(steps::changed(steps));
                }
            }
        }
        Err(busy(&wanted).into())
    }

    /// Runs an operation and writes what it wants: all of it, or nothing. `label` is what `undo`
    /// calls it.
    ///
    /// # Errors
    /// What `operation` refuses, and what cannot be written.
    pub fn run<E>(
        &self,
        label: &str,
        paths: &[String],
        operation: impl FnMut(&Contents) -> Result<Outcome, E>,
    ) -> Result<Vec<Changed>, Failure<E>> {
        self.run_as(label, None, paths, operation)
    }

    fn run_as<E>(
        &self,
        label: &str,
        undoes: Option<u64>,
        paths: &[String],
        mut operation: impl FnMut(&Contents) -> Result<Outcome, E>,
    ) -> Result<Vec<Changed>, Failure<E>> {
        self.recover()?;
        let mut wanted: BTreeSet<String> = paths.iter().cloned().collect();
        for attempt in 0..ATTEMPTS {
            let places = self.places(&wanted)?;
            let locks = self.lock(&places)?;
            // A link may have been turned elsewhere while others were waited for.
            if self.places(&wanted)? != places {
                continue;
            }
            let contents = self.read(&places)?;
            match operation(&contents).map_err(Failure::Refused)? {
                Outcome::Read(more) => wanted.extend(more),
                Outcome::Write(changes) => {
                    let steps = steps::of(&places, &contents, changes)?;
                    if steps.is_empty() {
                        return Ok(Vec::new());
                    }
                    if let Some(changed) = self.apply(label, undoes, steps)? {
                        self.tidy_folders(&changed);
                        return Ok(changed);
                    }
                    drop(locks);
                    std::thread::sleep(Duration::from_millis(u64::from(attempt)));
                }
            }
        }
        Err(busy(&wanted).into())
    }

    /// What is known of the commands of the same repository.
    ///
    /// # Errors
    /// When that would lie inside of the repository.
    pub fn ledger(&self) -> Result<Ledger, LedgerError> {
        Ledger::new(&self.root, &self.folder)
    }

    /// The file behind a path, with all links followed. Nothing need be there.
    ///
    /// # Errors
    /// When the path leads out of the folder that is written to.
    pub fn real(&self, path: &str) -> Result<PathBuf, WriteError> {
        Ok(Place::find(&self.root, path)?.real)
    }

    /// A writer for another folder, which need not be there, with the same place for locks and the
    /// journal; and the path of that folder from the writer's root, which is the nearest folder above it
    /// that is there.
    ///
    /// # Errors
    /// When no folder above it can be read, or its name is not UTF-8.
    pub fn elsewhere(&self, folder: &Path) -> Result<(Self, String), WriteError> {
        let failed = |reason: &str| WriteError::Io {
            path: folder.display().to_string(),
            reason: reason.to_owned(),
        };
        let mut above = folder.ancestors();
        let found = above.find_map(|above| Some((above, above.canonicalize().ok()?)));
        let (above, root) = found.ok_or_else(|| failed("no such folder"))?;
        let below = folder.strip_prefix(above).unwrap_or(Path::new(""));
        let below = below
            .to_str()
            .ok_or_else(|| failed("its name is not UTF-8"))?;
        let writer = Self::on(&root, &self.state_dir, self.disk);
        Ok((writer, below.replace('\\', "/")))
    }

    fn places(&self, paths: &BTreeSet<String>) -> Result<Vec<Place>, WriteError> {
        let found = paths.iter().map(|path| Place::find(&self.root, path));
        found.collect()
    }

    fn lock(&self, places: &[Place]) -> Result<Locks, WriteError> {
        let keys = places.iter().map(Place::key);
        let locks = Locks::acquire(&self.folder.join("locks"), keys, PATIENCE);
        locks
            .map_err(|error| self.state_error(&error))?
            .ok_or_else(|| WriteError::Busy {
                path: places
                    .first()
                    .map_or_else(String::new, |place| place.path.clone()),
            })
    }

    fn read(&self, places: &[Place]) -> Result<Contents, WriteError> {
        let read = places.iter().map(|place| {
            let bytes = self
                .disk
                .read(&place.real)
                .map_err(|error| WriteError::Io {
                    path: place.path.clone(),
                    reason: sys::reason(&error),
                })?;
            Ok((place.path.clone(), bytes))
        });
        read.collect()
    }

    /// Notes the steps, makes them, and says what changed. `None` where a file was changed by
    /// somebody else meanwhile; nothing is written then.
    fn apply(
        &self,
        label: &str,
        undoes: Option<u64>,
        steps: Vec<Step>,
    ) -> Result<Option<Vec<Changed>>, WriteError> {
        let begun = self
            .journal
            .begin(|number| Note::new(label, undoes, steps::named(steps, number)));
        let (pending, note) = begun.map_err(|error| self.state_error(&error))?;
        let noted = if note.steps.len() > 1 {
            pending.sync()
        } else {
            Ok(())
        };
        let done = match noted {
            Ok(()) => steps::make(self.disk, &note.steps),
            Err(error) => Err(self.state_error(&error)),
        };
        match done {
            Ok(true) => {
                // The files are in place whatever becomes of the note.
                let _ = pending.finish();
                self.journal.prune();
                Ok(Some(steps::changed(note.steps)))
            }
            Ok(false) => {
                pending.forget();
                Ok(None)
            }
            // The note stays: the next call tries to put things right.
            Err(torn @ WriteError::Torn { .. }) => Err(torn),
            Err(error) => {
                pending.forget();
                Err(error)
            }
        }
    }

    /// Removes the folders of files that are gone, as far as nothing else lies in them: git knows no
    /// empty folders.
    fn tidy_folders(&self, files: &[Changed]) {
        for file in files.iter().filter(|file| file.after.is_none()) {
            let path = self.root.join(&file.path);
            let folders = path.ancestors().skip(1);
            for folder in folders.take_while(|folder| *folder != self.root) {
                if std::fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
    }

    fn state_error(&self, error: &std::io::Error) -> WriteError {
        WriteError::State {
            path: self.folder.clone(),
            reason: sys::reason(error),
        }
    }
}

fn busy(wanted: &BTreeSet<String>) -> WriteError {
    WriteError::Busy {
        path: wanted.first().cloned().unwrap_or_default(),
    }
}

//! What is being written and what was written last, kept outside the repository.
//!
//! An operation is noted before its first file is touched (`7.pending`) and renamed when the last is
//! in place (`7.done`). The process that works on it holds a lock on the note, so that one without a
//! lock is what a killed process left; [`super::recover`] brings it to an end. Notes that are done
//! are what `undo` takes back.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::lock;
use crate::sys;

/// How many finished operations are kept.
const KEPT: usize = 20;

/// Changes whenever [`Note`] does; notes of another version are left alone.
const VERSION: u32 = 1;

/// One operation: what it is called and what it does to which files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    version: u32,
    /// In the words of whoever asked for it.
    pub(super) label: String,
    /// The finished operation that this one takes back.
    pub(super) undoes: Option<u64>,
    pub(super) steps: Vec<Step>,
}

/// What an operation does to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    /// The path from the root that was asked for.
    pub(super) path: String,
    /// The file behind it, absolute.
    pub(super) real: PathBuf,
    /// The file beside it that holds the new bytes until they are in place, then the old ones.
    pub(super) beside: PathBuf,
    /// The file whose permissions a new one takes over.
    pub(super) like: Option<PathBuf>,
    /// `None` where there was no file.
    pub(super) before: Option<Vec<u8>>,
    /// `None` where there is to be none.
    pub(super) after: Option<Vec<u8>>,
}

impl Note {
    pub(super) fn new(label: &str, undoes: Option<u64>, steps: Vec<Step>) -> Self {
        Self {
            version: VERSION,
            label: label.to_owned(),
            undoes,
            steps,
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let body = postcard::to_stdvec(self).unwrap_or_default();
        let mut bytes = sys::hash(&body).to_le_bytes().to_vec();
        bytes.extend(body);
        bytes
    }

    /// `None` for a note that was not written to its end.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (sum, body) = bytes.split_first_chunk::<8>()?;
        if u64::from_le_bytes(*sum) != sys::hash(body) {
            return None;
        }
        let note: Self = postcard::from_bytes(body).ok()?;
        (note.version == VERSION).then_some(note)
    }
}

/// The journal of one repository.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
}

/// An operation that is under way.
#[derive(Debug)]
pub(super) struct Pending {
    folder: PathBuf,
    pub(super) number: u64,
    undoes: Option<u64>,
    /// Holds the lock.
    file: File,
}

impl Journal {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Numbers of the notes of one kind, ascending.
    fn numbers(&self, kind: &str) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(numbers),
            other => other?,
        };
        for entry in entries {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            let number = name.split_once('.').filter(|(_, found)| *found == kind);
            numbers.extend(number.and_then(|(number, _)| number.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Waits until nobody else gives out numbers.
    fn turn(&self) -> io::Result<File> {
        let until = Instant::now() + Duration::from_secs(30);
        lock::wait(&self.folder.join("turn"), until)?
            .ok_or_else(|| io::Error::other("another process holds the journal"))
    }

    /// Notes an operation before it begins. `steps` makes its steps from its number.
    pub(super) fn begin(&self, note: impl FnOnce(u64) -> Note) -> io::Result<(Pending, Note)> {
        let turn = self.turn()?;
        let known = self.numbers("done")?.into_iter().max();
        let open = self.numbers("pending")?.into_iter().max();
        let number = known.max(open).map_or(1, |number| number + 1);
        let path = name(&self.folder, number, "pending");
        let mut file = File::create_new(&path)?;
        file.try_lock()
            .map_err(|_| io::Error::other("the journal cannot be locked"))?;
        drop(turn);
        let note = note(number);
        let pending = Pending {
            folder: self.folder.clone(),
            number,
            undoes: note.undoes,
            file: file.try_clone()?,
        };
        match file.write_all(&note.to_bytes()) {
            Ok(()) => Ok((pending, note)),
            Err(error) => {
                pending.forget();
                Err(error)
            }
        }
    }

    /// Operations that a killed process left, each with its lock.
    pub(super) fn left(&self) -> io::Result<Vec<(Pending, Option<Note>)>> {
        if self.numbers("pending")?.is_empty() {
            return Ok(Vec::new());
        }
        // Nobody is between making a note and locking it.
        let _turn = self.turn()?;
        let mut left = Vec::new();
        for number in self.numbers("pending")? {
            let path = name(&self.folder, number, "pending");
            let Some(file) = lock::take(&path)? else {
                continue;
            };
            let note = Note::from_bytes(&fs::read(&path)?);
            let pending = Pending {
                folder: self.folder.clone(),
                number,
                undoes: note.as_ref().and_then(|note| note.undoes),
                file,
            };
            left.push((pending, note));
        }
        Ok(left)
    }

    /// True where a killed process left an operation; takes none of them up.
    pub(super) fn waits(&self) -> bool {
        let open = || self.numbers("pending").unwrap_or_default();
        if open().is_empty() {
            return false;
        }
        // Nobody is between making a note and locking it, and finds it locked by this look.
        let Ok(_turn) = self.turn() else {
            return false;
        };
        open().into_iter().any(|number| {
            let file = File::open(name(&self.folder, number, "pending"));
            // Whoever works on it holds the lock.
            file.is_ok_and(|file| file.try_lock().is_ok())
        })
    }

    /// The operation that was finished last.
    pub(super) fn last(&self) -> io::Result<Option<(u64, Note)>> {
        for number in self.numbers("done")?.into_iter().rev() {
            match fs::read(name(&self.folder, number, "done")) {
                Ok(bytes) => {
                    if let Some(note) = Note::from_bytes(&bytes) {
                        return Ok(Some((number, note)));
                    }
                }
                // Another process took it back.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Removes what is too old to be taken back.
    pub(super) fn prune(&self) {
        let numbers = self.numbers("done").unwrap_or_default();
        for number in &numbers[..numbers.len().saturating_sub(KEPT)] {
            let _ = fs::remove_file(name(&self.folder, *number, "done"));
        }
    }
}

impl Pending {
    /// Returns once the note has reached the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// The operation is done.
    pub(super) fn finish(self) -> io::Result<()> {
        let path = name(&self.folder, self.number, "pending");
        match self.undoes {
            Some(undone) => {
                let _ = fs::remove_file(name(&self.folder, undone, "done"));
                fs::remove_file(path)
            }
            None => fs::rename(path, name(&self.folder, self.number, "done")),
        }
    }

    /// The operation did not happen.
    pub(super) fn forget(self) {
        let _ = fs::remove_file(name(&self.folder, self.number, "pending"));
    }
}

fn name(folder: &Path, number: u64, kind: &str) -> PathBuf {
    folder.join(format!("{number}.{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(label: &str) -> Note {
        Note::new(label, None, Vec::new())
    }

    #[test]
    fn notes_are_pending_then_done_and_the_oldest_go() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::new(dir.path().join("journal"));
        assert!(journal.last().unwrap().is_none());
        for number in 1..=25 {
            let (pending, _) = journal.begin(|_| note(&format!("{number}"))).unwrap();
            // What its own process works on is not left over.
            assert!(journal.left().unwrap().is_empty());
            assert!(!journal.waits());
            pending.finish().unwrap();
            journal.prune();
        }
        assert_eq!(journal.last().unwrap().unwrap().1.label, "25");
        assert_eq!(journal.numbers("done").unwrap().len(), KEPT);
        drop(journal.begin(|_| note("killed")).unwrap());
        assert!(journal.waits());
        journal
            .left()
            .unwrap()
            .into_iter()
            .for_each(|(left, _)| left.forget());
        assert!(!journal.waits());
        let undo = |_| Note::new("undo", Some(25), Vec::new());
        journal.begin(undo).unwrap().0.finish().unwrap();
        assert_eq!(journal.last().unwrap().unwrap().1.label, "24");
    }

    #[test]
    fn a_note_that_was_not_written_to_its_end_is_none() {
        let bytes = note("x").to_bytes();
        assert_eq!(Note::from_bytes(&bytes), Some(note("x")));
        for end in 0..bytes.len() {
            assert_eq!(Note::from_bytes(&bytes[..end]), None);
        }
    }
}

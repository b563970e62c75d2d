//! What is trusted and what was run, in two files that only their owner can read.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Key, Record, Trusted};
use crate::sys;
use crate::write::lock;

/// How many outcomes are kept, the latest.
const RECORDS: usize = 2_000;

/// How long others are waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why what is trusted or was run cannot be told or kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The system refused.
    #[error("cannot use {}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        reason: String,
    },
    /// The file holds something else.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It would lie where the repository could change it.
    #[error("{} lies inside the repository, which could then trust itself", path.display())]
    Inside {
        /// The folder.
        path: PathBuf,
    },
}

/// The record of one repository.
#[derive(Clone, Debug)]
pub struct Ledger {
    folder: PathBuf,
}

impl Ledger {
    /// The record of the repository at `root`, which is absolute and free of links, in a folder of
    /// its own.
    pub(crate) fn new(root: &Path, folder: &Path) -> Result<Self, LedgerError> {
        // What is not there yet lies where the nearest folder above it does.
        let mut above = folder.ancestors();
        let real = above.find_map(|folder| folder.canonicalize().ok());
        if real.is_some_and(|real| real.starts_with(root)) {
            return Err(LedgerError::Inside {
                path: folder.to_owned(),
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The commands that are trusted, in the order in which they came to be.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn trusted(&self) -> Result<Vec<Trusted>, LedgerError> {
        self.read("trust.json")
    }

    /// Trusts commands. True for each that was not trusted before.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn trust(&self, keys: &[Key], now: i64) -> Result<Vec<bool>, LedgerError> {
        let _lock = self.lock()?;
        let mut all = self.trusted()?;
        let mut new = Vec::new();
        for key in keys {
            let is_new = !all.iter().any(|known| known.key == *key);
            if is_new {
                all.push(Trusted {
                    key: key.clone(),
                    since: now,
                });
            }
            new.push(is_new);
        }
        if new.contains(&true) {
            self.write("trust.json", &all)?;
        }
        Ok(new)
    }

    /// Trusts commands no longer. Those that were trusted.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn revoke(&self, which: impl Fn(&Key) -> bool) -> Result<Vec<Trusted>, LedgerError> {
        let _lock = self.lock()?;
        let all = self.trusted()?;
        let (gone, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|known| which(&known.key));
        if !gone.is_empty() {
            self.write("trust.json", &left)?;
        }
        Ok(gone)
    }

    /// What came of commands when they were last run.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, LedgerError> {
        self.read("runs.json")
    }

    /// Keeps what came of commands, in place of what came of them before.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn record(&self, new: Vec<Record>) -> Result<(), LedgerError> {
        let _lock = self.lock()?;
        let mut all = self.records()?;
        all.retain(|old| {
            !new.iter()
                .any(|new| new.key == old.key && new.files == old.files)
        });
        all.extend(new);
        let first = all.len().saturating_sub(RECORDS);
        self.write("runs.json", &all[first..])
    }

    fn failed(path: &Path, error: &io::Error) -> LedgerError {
        LedgerError::Io {
            path: path.to_owned(),
            reason: sys::reason(error),
        }
    }

    fn lock(&self) -> Result<std::fs::File, LedgerError> {
        let path = self.folder.join("verify.lock");
        let held = lock::wait(&path, Instant::now() + PATIENCE);
        let held = held.map_err(|error| Self::failed(&path, &error))?;
        held.ok_or_else(|| Self::failed(&path, &io::ErrorKind::TimedOut.into()))
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, LedgerError> {
        let path = self.folder.join(name);
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(|error| Self::failed(&path, &error))?,
        };
        serde_json::from_slice(&bytes).map_err(|error| LedgerError::Damaged {
            path,
            reason: error.to_string(),
        })
    }

    /// Writes beside the file and puts the new one in its place.
    fn write<T: Serialize>(&self, name: &str, all: &[T]) -> Result<(), LedgerError> {
        let path = self.folder.join(name);
        let new = self.folder.join(format!("{name}.new"));
        let written = || -> io::Result<()> {
            let bytes = serde_json::to_vec_pretty(all)?;
            let _ = std::fs::remove_file(&new);
            let mut file = private(&new)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&new, &path)
        };
        written().map_err(|error| Self::failed(&path, &error))
    }
}

/// A new file that only its owner can read and write.
fn private(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

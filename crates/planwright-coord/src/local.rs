//! The claims of one machine: a folder under a lock.
//!
//! Every change happens under the lock, so it is one step for everybody who uses the folder; files
//! are replaced whole, so that a process that is killed leaves the old or the new. The lock is the
//! system's own and ends with its process.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::place;
use crate::record::{Actor, Key, Record, State};
use crate::session::Session;

/// How long others are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) record: Record,
    /// The object on the remote that it repeats; `None` for what only this machine knows.
    #[serde(default)]
    pub(crate) remote: Option<String>,
}

/// Where the claims of a repository are kept on this machine.
#[derive(Clone, Debug)]
pub struct Local {
    dir: PathBuf,
}

/// The folder, and the right to change what is in it.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    local: &'a Local,
    _lock: File,
}

impl Local {
    /// The claims of the repository at `root`: in the folder that git shares between its work
    /// trees, else in `<state_dir>/claims-<hash of root>`.
    pub fn find(root: &Path, state_dir: &Path) -> Self {
        let alone = || {
            let hash = rapidhash::v3::rapidhash_v3(root.as_os_str().as_encoded_bytes());
            state_dir.join(format!("claims-{hash:016x}"))
        };
        Self {
            dir: place::shared(root).unwrap_or_else(alone),
        }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// True where nobody ever claimed anything.
    pub fn is_unused(&self) -> bool {
        !self.claims().is_dir()
    }

    /// True where no session is known, either.
    pub(crate) fn is_untouched(&self) -> bool {
        self.is_unused() && !self.sessions_dir().is_dir()
    }

    fn sessions_dir(&self) -> PathBuf {
        self.dir.join("sessions")
    }

    fn claims(&self) -> PathBuf {
        self.dir.join("claims")
    }

    /// Waits for the lock.
    pub(crate) fn turn(&self) -> io::Result<Turn<'_>> {
        fs::create_dir_all(&self.dir)?;
        let path = self.dir.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        let until = Instant::now() + PATIENCE;
        let mut pause = Duration::from_micros(200);
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(fs::TryLockError::Error(error)) => return Err(error),
                Err(fs::TryLockError::WouldBlock) if Instant::now() >= until => {
                    return Err(io::Error::other("another process holds the lock"));
                }
                Err(fs::TryLockError::WouldBlock) => std::thread::sleep(pause),
            }
            pause = (pause * 2).min(Duration::from_millis(8));
        }
        Ok(Turn {
            local: self,
            _lock: lock,
        })
    }

    /// Every record, in the order of its key.
    pub(crate) fn all(&self) -> io::Result<Vec<Stored>> {
        let mut found = Vec::new();
        for folder in entries(&self.claims())? {
            found.extend(read_folder(&folder)?);
        }
        found.sort_by(|a, b| a.record.key.cmp(&b.record.key));
        Ok(found)
    }

    /// The records of one document and its items.
    pub(crate) fn of_document(&self, key: &Key) -> io::Result<Vec<Stored>> {
        read_folder(&self.claims().join(key.folder()))
    }

    /// Every session that is known, in the order of its start.
    pub(crate) fn sessions(&self) -> io::Result<Vec<Session>> {
        let files = entries(&self.sessions_dir())?;
        let files = files.iter().filter(|path| is_json(path));
        let read = files.map(|path| read_json::<Session>(path));
        let mut found: Vec<Session> = read
            .collect::<io::Result<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect();
        found.sort_by_key(|session| session.started);
        Ok(found)
    }

    pub(crate) fn session(&self, actor: &Actor) -> io::Result<Option<Session>> {
        let found = read_json::<Session>(&self.session_path(actor))?;
        Ok(found.filter(|session| session.actor == *actor))
    }

    fn session_path(&self, actor: &Actor) -> PathBuf {
        let hash = rapidhash::v3::rapidhash_v3(actor.to_string().as_bytes());
        self.sessions_dir().join(format!("{hash:016x}.json"))
    }
}

impl Turn<'_> {
    pub(crate) fn get(&self, key: &Key) -> io::Result<Option<Stored>> {
        let found = read_json::<Stored>(&self.path(key))?;
        match found {
            Some(found) if found.record.key != *key => {
                Err(io::Error::other("two things share the name of one claim"))
            }
            found => Ok(found),
        }
    }

    pub(crate) fn put(&self, stored: &Stored) -> io::Result<()> {
        write_json(&self.path(&stored.record.key), stored)
    }

    pub(crate) fn put_session(&self, session: &Session) -> io::Result<()> {
        write_json(&self.local.session_path(&session.actor), session)
    }

    /// Removes the sessions that rested longest and hold nothing, until no more than `kept` are left.
    pub(crate) fn collect_sessions(&self, kept: usize) -> io::Result<()> {
        let mut all = self.local.sessions()?;
        let surplus = all.len().saturating_sub(kept);
        all.sort_by_key(|session| session.last);
        let old = all.iter().filter(|session| session.is_over());
        for session in old.take(surplus) {
            fs::remove_file(self.local.session_path(&session.actor))?;
        }
        Ok(())
    }

    fn path(&self, key: &Key) -> PathBuf {
        let folder = self.local.claims().join(key.folder());
        folder.join(format!("{}.json", key.leaf()))
    }

    pub(crate) fn remove(&self, key: &Key) -> io::Result<()> {
        fs::remove_file(self.path(key))
    }

    /// The highest fencing number of the records that were removed.
    pub(crate) fn floor(&self) -> io::Result<u64> {
        Ok(read_json(&self.local.dir.join("floor"))?.unwrap_or(0))
    }

    /// Removes records that nobody has held since `before`. The floor goes up first, so no number comes
    /// back.
    pub(crate) fn collect(&self, before: i64) -> io::Result<usize> {
        let is_old =
            |stored: &Stored| stored.record.state != State::Held && stored.record.until < before;
        let old: Vec<Stored> = self.local.all()?.into_iter().filter(is_old).collect();
        let Some(highest) = old.iter().map(|stored| stored.record.fence).max() else {
            return Ok(0);
        };
        let floor = self.floor()?.max(highest);
        write_json(&self.local.dir.join("floor"), &floor)?;
        for stored in &old {
            self.remove(&stored.record.key)?;
        }
        Ok(old.len())
    }
}

/// The entries of a folder; none where there is no folder.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        found => found?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn read_folder(folder: &Path) -> io::Result<Vec<Stored>> {
    let files = entries(folder)?;
    let files = files.iter().filter(|path| is_json(path));
    let read: Vec<Option<Stored>> = files
        .map(|path| read_json(path))
        .collect::<io::Result<_>>()?;
    Ok(read.into_iter().flatten().collect())
}

/// False for a file that is being written.
fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|found| found == "json")
}

fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            io::Error::other(format!("{} cannot be understood: {error}", path.display()))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces a file whole. Called under the lock, so nobody else uses the name beside it.
fn write_json<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(&serde_json::to_vec(value).map_err(io::Error::other)?)?;
    file.sync_data()?;
    fs::rename(beside, path)
}

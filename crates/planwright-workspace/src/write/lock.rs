//! Who writes to a file. Locks are the system's own, so they end with the process that holds them.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many lock files a repository has. Files share them by the hash of their path: more files than
/// these are seldom written to at one moment, and a lock file cannot be removed safely.
const STRIPES: u64 = 256;

/// Locks on files, until they are dropped.
#[derive(Debug)]
pub(super) struct Locks {
    _held: Vec<File>,
}

impl Locks {
    /// Waits for the files behind some keys. Everybody takes locks in the same order, so nobody
    /// waits in a circle. `None` where that takes longer than `patience`.
    pub(super) fn acquire(
        folder: &Path,
        keys: impl Iterator<Item = u64>,
        patience: Duration,
    ) -> io::Result<Option<Self>> {
        let mut stripes: Vec<u64> = keys.map(|key| key % STRIPES).collect();
        stripes.sort_unstable();
        stripes.dedup();
        let until = Instant::now() + patience;
        let mut held = Vec::with_capacity(stripes.len());
        for stripe in stripes {
            match wait(&folder.join(format!("{stripe:02x}")), until)? {
                Some(file) => held.push(file),
                None => return Ok(None),
            }
        }
        Ok(Some(Self { _held: held }))
    }
}

/// Waits for the lock of one file.
pub(crate) fn wait(path: &Path, until: Instant) -> io::Result<Option<File>> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(file) = take(path)? {
            return Ok(Some(file));
        }
        if Instant::now() >= until {
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(8));
    }
}

/// Takes the lock of one file, made where there is none, unless another process holds it.
pub(super) fn take(path: &Path) -> io::Result<Option<File>> {
    let open = || {
        File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
    };
    let file = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            std::fs::create_dir_all(path.parent().unwrap_or(path))?;
            open()?
        }
        other => other?,
    };
    match file.try_lock() {
        Ok(()) if is_at(&file, path) => Ok(Some(file)),
        // Somebody cleaned up: what was locked is no longer what others will find.
        Ok(()) | Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// True when a path still names an open file.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
pub(super) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_waited_for_and_not_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let locks = dir.path().join("locks");
        let take = |keys: &[u64], patience: u64| {
            let patience = Duration::from_millis(patience);
            Locks::acquire(&locks, keys.iter().copied(), patience).unwrap()
        };
        let held = take(&[1, 2, 257], 0).unwrap();
        assert!(take(&[3, 2], 1).is_none());
        assert!(take(&[3, 4], 1).is_some());
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| take(&[2], 10_000).is_some());
            drop(held);
            assert!(waits.join().unwrap());
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_file_that_was_removed_locks_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("00");
        let old = take(&path).unwrap().unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(!is_at(&old, &path));
        assert!(take(&path).unwrap().is_some());
    }
}

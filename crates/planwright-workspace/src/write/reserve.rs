//! Numbers that are given out, so that nobody else on this machine gets the same.
//!
//! A number is an empty-handed promise until its file is there: whoever takes one looked for the
//! highest before others wrote theirs. So each that was given out is noted, in a file of its own
//! that its taker holds a lock on, in a folder that all work trees of the repository share. A note
//! counts while its taker lives, and afterwards while its file is there; what was undone or killed
//! gives its number back.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{WriteError, Writer, lock};
use crate::sys;

/// How long a note of a file that is there is kept. Whoever looks for the highest number later than
/// that finds the file itself.
const KEPT: Duration = Duration::from_hours(1);

/// How long others that take numbers are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A number that nobody else gets, as long as this is not dropped or its file is there.
#[derive(Debug)]
pub struct Reservation {
    number: u64,
    /// Holds the lock.
    _note: File,
}

impl Reservation {
    /// The number.
    pub const fn number(&self) -> u64 {
        self.number
    }
}

impl Writer<'_> {
    /// Takes the next number of a series: the first above `highest`, the highest that is known to be
    /// taken, that nobody was given. `shared` is the folder that all work trees of the repository
    /// share; `place` says which file the number is for, absolute.
    ///
    /// # Errors
    /// When the folder of the notes cannot be used.
    pub fn reserve(
        &self,
        shared: &Path,
        series: &str,
        highest: u64,
        place: impl Fn(u64) -> PathBuf,
    ) -> Result<Reservation, WriteError> {
        let hash = sys::hash(&sys::os_bytes(shared.as_os_str()));
        let folder = self.state_dir.join(format!("{hash:016x}")).join("numbers");
        reserve(&folder, series, highest, place).map_err(|error| WriteError::State {
            path: folder.clone(),
            reason: sys::reason(&error),
        })
    }
}

fn reserve(
    folder: &Path,
    series: &str,
    highest: u64,
    place: impl Fn(u64) -> PathBuf,
) -> io::Result<Reservation> {
    let turn = lock::wait(&folder.join("turn"), Instant::now() + PATIENCE)?;
    let _turn = turn.ok_or_else(|| io::Error::other("another process holds the numbers"))?;
    let name = format!("{:016x}", sys::hash(series.as_bytes()));
    let given = given(folder, &name)?;
    let number = given.max(Some(highest)).map_or(1, |highest| highest + 1);
    let path = folder.join(format!("{name}.{number}"));
    // A taker who lives holds a lock, and a file that is there counts: nothing of worth is replaced.
    let mut note = File::create(&path)?;
    note.try_lock()
        .map_err(|_| io::Error::other("a number cannot be locked"))?;
    note.write_all(&sys::os_bytes(place(number).as_os_str()))?;
    Ok(Reservation {
        number,
        _note: note,
    })
}

/// The highest number of a series that counts. Notes that do not are removed.
fn given(folder: &Path, series: &str) -> io::Result<Option<u64>> {
    let mut highest = None;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let number = name.split_once('.').filter(|(name, _)| *name == series);
        let Some(number) = number.and_then(|(_, number)| number.parse::<u64>().ok()) else {
            continue;
        };
        let path = entry.path();
        if let Some(note) = lock::take(&path)? {
            let file = fs::read(&path)?;
            if !sys::os_path(&file).exists() {
                fs::remove_file(&path)?;
                continue;
            }
            let age = note.metadata()?.modified()?.elapsed();
            if age.is_ok_and(|age| age > KEPT) {
                fs::remove_file(&path)?;
            }
        }
        highest = highest.max(Some(number));
    }
    Ok(highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_while_its_taker_lives_or_its_file_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("numbers");
        let file = |number: u64| dir.path().join(format!("{number}.md"));
        let take = |series: &str, highest: u64| reserve(&folder, series, highest, file).unwrap();
        let one = take("plans", 4);
        let two = take("plans", 4);
        assert_eq!((one.number(), two.number()), (5, 6));
        // Another series counts by itself, and whoever knows of more gets more.
        assert_eq!(take("adrs", 0).number(), 1);
        fs::write(file(6), "").unwrap();
        drop((one, two));
        // 5 was never written, but numbers that lie before another are not given again.
        assert_eq!(take("plans", 4).number(), 7);
        fs::remove_file(file(6)).unwrap();
        assert_eq!(take("plans", 4).number(), 5);
        assert_eq!(take("plans", 11).number(), 12);
    }

    #[test]
    fn many_at_once_get_different_numbers() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("numbers");
        let take = || reserve(&folder, "x", 0, |n| dir.path().join(n.to_string())).unwrap();
        let taken: Vec<Reservation> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..40).map(|_| scope.spawn(take)).collect();
            let taken = threads.into_iter().map(|thread| thread.join().unwrap());
            taken.collect()
        });
        let mut numbers: Vec<u64> = taken.iter().map(Reservation::number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<u64>>());
    }
}

//! From changes to steps on files, and the steps themselves.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::journal::Step;
use super::place::Place;
use super::{Change, Changed, Contents, WriteError};
use crate::sys;

/// How a step ended.
enum Made {
    Done,
    /// The file does not hold what was read.
    Moved,
}

/// The steps of some changes: first what is made or replaced, then what is removed, so that nothing
/// is gone before it stands elsewhere. What changes nothing is left out.
pub(super) fn of(
    places: &[Place],
    contents: &Contents,
    changes: Vec<Change>,
) -> Result<Vec<Step>, WriteError> {
    let mut wanted: BTreeMap<String, (Option<Vec<u8>>, Option<String>)> = BTreeMap::new();
    for change in changes {
        match change {
            Change::Write { path, bytes } => {
                wanted.insert(path, (Some(bytes), None));
            }
            Change::Remove { path } => {
                wanted.insert(path, (None, None));
            }
            Change::Rename { from, to, bytes } => {
                wanted.insert(to, (Some(bytes), Some(from.clone())));
                wanted.insert(from, (None, None));
            }
        }
    }
    let place = |path: &str| places.iter().find(|place| place.path == path);
    let mut steps: Vec<Step> = Vec::new();
    for (path, (after, like)) in wanted {
        let failed = |reason: &str| WriteError::Io {
            path: path.clone(),
            reason: reason.to_owned(),
        };
        let found = place(&path).zip(contents.get(&path));
        let (place_, before) = found.ok_or_else(|| failed("it was not read before"))?;
        if *before == after {
            continue;
        }
        if steps.iter().any(|step| step.real == place_.real) {
            return Err(failed("two of the names to write to are links to one file"));
        }
        if like.is_some() && before.is_some() {
            return Err(failed("there is a file of that name"));
        }
        if before.is_some() && is_read_only(&place_.real) {
            return Err(failed("it is read-only"));
        }
        let like = like
            .and_then(|like| place(&like))
            .map(|like| like.real.clone());
        steps.push(Step {
            path,
            real: place_.real.clone(),
            beside: PathBuf::new(),
            like: like.or_else(|| before.is_some().then(|| place_.real.clone())),
            before: before.clone(),
            after,
        });
    }
    steps.sort_by_key(|step| step.after.is_none());
    Ok(steps)
}

/// What the owner does not let himself write is not replaced behind his back.
fn is_read_only(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| metadata.permissions().readonly())
}

/// The steps with the names of the files beside, which no other process uses.
pub(super) fn named(mut steps: Vec<Step>, number: u64) -> Vec<Step> {
    let process = std::process::id();
    for (at, step) in steps.iter_mut().enumerate() {
        step.beside = step
            .real
            .with_file_name(format!(".plan-{process}-{number}-{at}.tmp"));
    }
    steps
}

/// The step that takes away the file which another makes under a new name.
pub(super) fn origin<'s>(steps: &'s [Step], made: &Step) -> Option<&'s Step> {
    let like = made.like.as_ref().filter(|_| made.before.is_none())?;
    let mut gone = steps.iter().filter(|step| step.after.is_none());
    gone.find(|step| step.real == *like)
}

/// What steps changed; the two of a renamed file are one change.
pub(super) fn changed(steps: Vec<Step>) -> Vec<Changed> {
    let origins: Vec<Option<(String, Option<Vec<u8>>)>> = steps
        .iter()
        .map(|step| origin(&steps, step).map(|gone| (gone.path.clone(), gone.before.clone())))
        .collect();
    let renamed: Vec<String> = origins
        .iter()
        .flatten()
        .map(|(path, _)| path.clone())
        .collect();
    let all = steps.into_iter().zip(origins);
    let all = all.filter(|(step, _)| !(step.after.is_none() && renamed.contains(&step.path)));
    all.map(|(step, origin)| match origin {
        Some((from, before)) => Changed {
            path: step.path,
            from: Some(from),
            before,
            after: step.after,
        },
        None => Changed {
            path: step.path,
            from: None,
            before: step.before,
            after: step.after,
        },
    })
    .collect()
}

/// Makes all steps or none. False where a file no longer holds what was read.
pub(super) fn make(disk: &dyn Disk, steps: &[Step]) -> Result<bool, WriteError> {
    let mut folders = Folders::default();
    let prepared = steps.iter().try_for_each(|step| {
        prepare(disk, step, &mut folders).map_err(|error| failed(step, &error))
    });
    if let Err(error) = prepared {
        tidy(disk, steps);
        folders.remove();
        return Err(error);
    }
    for (at, step) in steps.iter().enumerate() {
        let made = commit(disk, step);
        if matches!(made, Ok(Made::Done)) {
            continue;
        }
        // A step that failed may have been half made.
        let begun = if made.is_err() { at + 1 } else { at };
        let back = steps[..begun].iter().rev().find_map(|done| {
            let error = take_back(disk, done).err()?;
            Some((done.path.clone(), error))
        });
        if let Some((written, error)) = back {
            return Err(WriteError::Torn {
                path: step.path.clone(),
                reason: sys::reason(&made.err().unwrap_or(error)),
                written,
            });
        }
        tidy(disk, steps);
        folders.remove();
        return match made {
            Err(error) => Err(failed(step, &error)),
            Ok(_) => Ok(false),
        };
    }
    tidy(disk, steps);
    let mut synced: Vec<&Path> = Vec::new();
    for folder in steps.iter().filter_map(|step| step.real.parent()) {
        if !synced.contains(&folder) {
            // The new names are there; that a power cut could take them back is no failure.
            let _ = disk.sync_dir(folder);
            synced.push(folder);
        }
    }
    sweep(steps);
    Ok(true)
}

fn failed(step: &Step, error: &io::Error) -> WriteError {
    WriteError::Io {
        path: step.path.clone(),
        reason: sys::reason(error),
    }
}

/// Folders that were made for new files.
#[derive(Default)]
struct Folders(Vec<PathBuf>);

impl Folders {
    /// Makes the folder of a new file and those above it.
    fn make(&mut self, disk: &dyn Disk, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|above| !above.exists());
        self.0.extend(missing.map(Path::to_owned));
        disk.create_dirs(folder)
    }

    /// Removes those that are still empty.
    fn remove(self) {
        for folder in self.0 {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Writes the new bytes beside the file.
fn prepare(disk: &dyn Disk, step: &Step, folders: &mut Folders) -> io::Result<()> {
    let Some(after) = &step.after else {
        return Ok(());
    };
    if let Some(folder) = step.real.parent().filter(|folder| !folder.exists()) {
        folders.make(disk, folder)?;
    }
    disk.create(&step.beside, after, step.like.as_deref())
}

/// Removes the folders that files went from and left empty, up to the root.
pub(super) fn sweep(steps: &[Step]) {
    for step in steps {
        if step.real.exists() || !step.real.ends_with(&step.path) {
            continue;
        }
        let inside = step.path.matches('/').count();
        for folder in step.real.ancestors().skip(1).take(inside) {
            if std::fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// Puts the new bytes in the place of the old ones, which stay beside. A file that does not hold
/// what was read is left as it is.
fn commit(disk: &dyn Disk, step: &Step) -> io::Result<Made> {
    match (&step.before, &step.after) {
        (None, _) => match disk.rename_new(&step.beside, &step.real) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Made::Moved),
            other => other.map(|()| Made::Done),
        },
        (Some(before), Some(after)) => {
            if disk.read(&step.real)?.as_ref() != Some(before) {
                return Ok(Made::Moved);
            }
            match disk.exchange(&step.beside, &step.real) {
                Ok(true) => {}
                Ok(false) => {
                    disk.rename(&step.beside, &step.real)?;
                    return Ok(Made::Done);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Made::Moved),
                Err(error) => return Err(error),
            }
            // What was there until this moment is beside now, so nobody's save can be missed.
            if disk.read(&step.beside)?.as_ref() == Some(before) {
                return Ok(Made::Done);
            }
            disk.exchange(&step.beside, &step.real)?;
            if disk.read(&step.beside)?.as_ref() != Some(after) {
                // And saved once more meanwhile: the latest counts.
                disk.rename(&step.beside, &step.real)?;
            }
            Ok(Made::Moved)
        }
        (Some(before), None) => {
            match disk.rename(&step.real, &step.beside) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Made::Moved),
                other => other?,
            }
            if disk.read(&step.beside)?.as_ref() == Some(before) {
                return Ok(Made::Done);
            }
            restore_name(disk, step)?;
            Ok(Made::Moved)
        }
    }
}

/// Gives the file beside its old name again, unless a newer one has it.
fn restore_name(disk: &dyn Disk, step: &Step) -> io::Result<()> {
    match disk.rename_new(&step.beside, &step.real) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Undoes a step that was made, unless somebody changed the file since.
pub(super) fn take_back(disk: &dyn Disk, step: &Step) -> io::Result<()> {
    if disk.read(&step.real)? != step.after || put_back_save(disk, step)? {
        return Ok(());
    }
    let Some(before) = &step.before else {
        return disk.remove(&step.real);
    };
    if disk.read(&step.beside)?.as_ref() != Some(before) {
        // Left from a kill, or the bytes to write: neither is needed.
        let _ = disk.remove(&step.beside);
        let like = step.like.as_deref().filter(|like| like.exists());
        disk.create(&step.beside, before, like)?;
    }
    if step.after.is_some() {
        disk.rename(&step.beside, &step.real)
    } else {
        restore_name(disk, step)
    }
}

/// A save that came in the moment of the exchange lies beside; it goes back to its place. True where
/// there was one.
pub(super) fn put_back_save(disk: &dyn Disk, step: &Step) -> io::Result<bool> {
    let Some(beside) = disk.read(&step.beside)? else {
        return Ok(false);
    };
    // What else can lie there are the old bytes, or the new ones up to where writing them ended.
    let is_ours = step.before.as_ref().is_none_or(|before| *before == beside)
        || step
            .after
            .as_ref()
            .is_some_and(|after| after.starts_with(&beside));
    if is_ours {
        return Ok(false);
    }
    disk.rename(&step.beside, &step.real)?;
    Ok(true)
}

/// Makes a step that a killed process did not come to. False where the file holds something else.
pub(super) fn catch_up(disk: &dyn Disk, step: &Step) -> io::Result<bool> {
    let _ = disk.remove(&step.beside);
    prepare(disk, step, &mut Folders::default())?;
    commit(disk, step).map(|made| matches!(made, Made::Done))
}

/// Removes what stands beside. What cannot be removed is worth less than the answer.
pub(super) fn tidy(disk: &dyn Disk, steps: &[Step]) {
    for step in steps {
        let _ = disk.remove(&step.beside);
    }
}

//! Puts new bytes in the place of a file's old ones, without a lock and without a note for `undo`.

use super::disk::{Disk as _, System};
use super::journal::Step;
use super::place::Place;
use super::{WriteError, steps};
use crate::{Workspace, sys};

impl Workspace {
    /// Puts new bytes in the place of a file's old ones: all of them or none. Permissions stay, and
    /// a symbolic link stays a link.
    ///
    /// # Errors
    /// When the file no longer holds `old`, or cannot be written.
    pub fn replace(&self, path: &str, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
        let place = Place::find(self.root(), path)?;
        let changed = || WriteError::Changed {
            path: path.to_owned(),
        };
        let read = System.read(&place.real).map_err(|error| WriteError::Io {
            path: path.to_owned(),
            reason: sys::reason(&error),
        })?;
        if read.as_deref() != Some(old) {
            return Err(changed());
        }
        let step = Step {
            path: place.path,
            like: Some(place.real.clone()),
            beside: place.real.clone(),
            real: place.real,
            before: Some(old.to_vec()),
            after: Some(new.to_vec()),
        };
        let made = steps::make(&System, &steps::named(vec![step], 0))?;
        if made { Ok(()) } else { Err(changed()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, Workspace, WriteError};

    fn open(dir: &std::path::Path) -> Workspace {
        let options = Options {
            dir: dir.to_owned(),
            cache_dir: None,
        };
        Workspace::open(&options).unwrap()
    }

    #[test]
    fn a_file_is_replaced_only_while_it_is_what_was_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.md");
        std::fs::write(&path, "old").unwrap();
        let ws = open(dir.path());
        ws.replace("plan.md", b"old", b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert!(matches!(
            ws.replace("plan.md", b"old", b"other"),
            Err(WriteError::Changed { .. })
        ));
        assert!(matches!(
            ws.replace("../plan.md", b"", b""),
            Err(WriteError::Io { .. })
        ));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}

//! Takes back the last operation.

use super::{Change, Changed, Contents, Failure, Outcome, WriteError, Writer, steps};

/// What was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// What the operation was called.
    pub label: String,
    /// The files, each as it was before this and as it is now.
    pub files: Vec<Changed>,
}

/// Why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// No operation is known.
    #[error("there is nothing to take back")]
    Nothing,
    /// Files were changed since.
    #[error("{} changed since", paths.join(", "))]
    Changed {
        /// What the operation was called.
        label: String,
        /// Paths of the files.
        paths: Vec<String>,
    },
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Writer<'_> {
    /// Takes back the operation that was finished last. With `dry_run`, says only what that would
    /// change.
    ///
    /// # Errors
    /// When there is none, a file has changed since, or cannot be written.
    pub fn undo(&self, dry_run: bool) -> Result<Undo, UndoError> {
        if !dry_run {
            self.recover()?;
        }
        let last = self.journal.last();
        let last = last.map_err(|error| self.state_error(&error))?;
        let (number, note) = last.ok_or(UndoError::Nothing)?;
        let paths: Vec<String> = note.steps.iter().map(|step| step.path.clone()).collect();
        let back = |contents: &Contents| {
            let is_other = |path: &&String| {
                let step = note.steps.iter().find(|step| step.path == **path);
                step.is_none_or(|step| contents.get(*path) != Some(&step.after))
            };
            let changed: Vec<String> = paths.iter().filter(is_other).cloned().collect();
            if !changed.is_empty() {
                return Err(changed);
            }
            let changes = note.steps.iter().map(|step| {
                let path = step.path.clone();
                let origin = steps::origin(&note.steps, step);
                match (&step.before, origin) {
                    (None, Some(origin)) => Change::Rename {
                        from: path,
                        to: origin.path.clone(),
                        bytes: origin.before.clone().unwrap_or_default(),
                    },
                    (Some(bytes), _) => Change::Write {
                        path,
                        bytes: bytes.clone(),
                    },
                    (None, None) => Change::Remove { path },
                }
            });
            let mut changes: Vec<Change> = changes.collect();
            let is_renamed = |path: &String| {
                let mut renames = note.steps.iter();
                renames.any(|step| {
                    steps::origin(&note.steps, step).is_some_and(|origin| origin.path == *path)
                })
            };
            changes.retain(|change| match change {
                Change::Write { path, .. } => !is_renamed(path),
                _ => true,
            });
            Ok(Outcome::Write(changes))
        };
        let done = if dry_run {
            self.preview(&paths, back)
        } else {
            self.run_as(&note.label, Some(number), &paths, back)
        };
        match done {
            Ok(files) => Ok(Undo {
                label: note.label,
                files,
            }),
            Err(Failure::Refused(paths)) => Err(UndoError::Changed {
                label: note.label,
                paths,
            }),
            Err(Failure::Write(error)) => Err(UndoError::Write(error)),
        }
    }
}

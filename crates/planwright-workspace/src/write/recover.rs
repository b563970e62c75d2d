//! Brings to an end what a killed process left half done.

use std::time::Duration;

use super::journal::{Note, Step};
use super::lock::Locks;
use super::place::Place;
use super::{WriteError, Writer, steps};
use crate::sys;

/// What a file of the operation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Before,
    After,
    /// Somebody changed it since.
    Other,
}

impl Writer<'_> {
    /// True where an operation was killed that the next call that writes will bring to an end. Until
    /// then some of its files may be changed and others not. Costs the look into one folder.
    pub fn is_interrupted(&self) -> bool {
        self.journal.waits()
    }

    /// Brings operations to an end that were killed: those of which a file was written are done to
    /// the end, unless somebody has changed another of their files since; then they are taken back.
    /// Costs the look into one folder where there are none.
    ///
    /// # Errors
    /// When the folder of the journal or a file cannot be used.
    pub fn recover(&self) -> Result<(), WriteError> {
        let left = self.journal.left();
        for (pending, note) in left.map_err(|error| self.state_error(&error))? {
            let note = note.filter(|note| note.steps.iter().all(|step| self.is_ours(step)));
            let Some(note) = note else {
                // Killed while it was noted, and so before anything was done; or nothing of ours.
                pending.forget();
                continue;
            };
            match self.settle(&note)? {
                Some(true) => pending.finish().map_err(|error| self.state_error(&error))?,
                Some(false) => pending.forget(),
                None => {}
            }
        }
        Ok(())
    }

    /// False for a step that leads anywhere else than its path in the repository does.
    fn is_ours(&self, step: &Step) -> bool {
        let place = Place::find(&self.root, &step.path);
        let is_there = place.is_ok_and(|place| place.real == step.real);
        is_there && step.beside.parent() == step.real.parent()
    }

    /// True where the operation is done now, false where it never happened, `None` where others
    /// write to its files.
    fn settle(&self, note: &Note) -> Result<Option<bool>, WriteError> {
        let places = note.steps.iter().map(|step| Place {
            path: step.path.clone(),
            real: step.real.clone(),
        });
        let keys: Vec<u64> = places.map(|place| place.key()).collect();
        let folder = self.folder.join("locks");
        let locks = Locks::acquire(&folder, keys.into_iter(), Duration::from_secs(5));
        let Some(_locks) = locks.map_err(|error| self.state_error(&error))? else {
            return Ok(None);
        };
        let mut stands = Vec::with_capacity(note.steps.len());
        for step in &note.steps {
            let stand = self.stand(step).map_err(|error| WriteError::Io {
                path: step.path.clone(),
                reason: sys::reason(&error),
            })?;
            stands.push(stand);
        }
        let is_begun = stands.contains(&Stand::After);
        let onward = is_begun && !stands.contains(&Stand::Other);
        let mut done = onward;
        for (step, stand) in note.steps.iter().zip(&stands) {
            let made = match stand {
                Stand::Before if onward => steps::catch_up(self.disk, step),
                Stand::After if !onward => steps::take_back(self.disk, step).map(|()| true),
                _ => Ok(true),
            };
            done &= made.map_err(|error| WriteError::Io {
                path: step.path.clone(),
                reason: sys::reason(&error),
            })?;
        }
        steps::tidy(self.disk, &note.steps);
        steps::sweep(&note.steps);
        Ok(Some(done))
    }

    /// What a file holds now.
    fn stand(&self, step: &Step) -> std::io::Result<Stand> {
        let now = self.disk.read(&step.real)?;
        if now == step.after && steps::put_back_save(self.disk, step)? {
            return Ok(Stand::Other);
        }
        Ok(if now == step.after {
            Stand::After
        } else if now == step.before {
            Stand::Before
        } else {
            Stand::Other
        })
    }
}

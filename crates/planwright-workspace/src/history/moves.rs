//! Where paths went that are not there any more.

use std::collections::HashMap;

use super::History;
use super::commit::Commit;
use super::log::Status;
use super::view::Touch;

/// How often a path is followed on. A file that goes round in circles has to stop somewhere.
const FARTHEST: usize = 100;

/// Where a path went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move<'a> {
    /// Where it is now, as far as commits say.
    pub to: String,
    /// The commit that moved it there.
    pub commit: Commit<'a>,
}

impl History {
    /// Where a file or folder is that was at a path once. `None` when it still is there, never was,
    /// or was removed.
    ///
    /// A folder went where most of its files went.
    pub fn moved_to(&self, path: &str) -> Option<Move<'_>> {
        match self.path(path) {
            Some(_) => self.file_moved_to(path),
            None => self.folder_moved_to(path.trim_end_matches('/')),
        }
    }

    /// The commit that removed a file. `None` when it is there, never was, or went elsewhere.
    pub fn removed_by(&self, path: &str) -> Option<Commit<'_>> {
        let touches = self.view.touches(&self.facts, self.path(path)?);
        let newest = touches.first()?;
        self.removes(newest).then(|| self.at(newest.place))
    }

    fn file_moved_to(&self, path: &str) -> Option<Move<'_>> {
        let newest = self.view.touches(&self.facts, self.path(path)?).first()?;
        let mut away = *newest;
        if !away.is_source {
            return None;
        }
        for _ in 0..FARTHEST {
            let number = self.facts.change(away.change as usize).path;
            let touches = self.view.touches(&self.facts, number);
            // What happened to the name before the file got it is not the file's.
            let since = touches.partition_point(|touch| touch.place < away.place);
            let since = &touches[..since];
            if let Some(next) = since.iter().rfind(|touch| touch.is_source) {
                away = *next;
                continue;
            }
            let is_removed = since.first().is_some_and(|touch| self.removes(touch));
            return (!is_removed).then_some(Move {
                to: self.shown(number)?.to_owned(),
                commit: self.at(away.place),
            });
        }
        None
    }

    fn removes(&self, touch: &Touch) -> bool {
        self.facts.change(touch.change as usize).status == Status::Deleted
    }

    fn folder_moved_to(&self, folder: &str) -> Option<Move<'_>> {
        if folder.is_empty() {
            return None;
        }
        let prefix = format!("{folder}/");
        let mut targets: HashMap<String, (usize, u32)> = HashMap::new();
        for number in self.below(&prefix) {
            let Some(path) = self.shown(number) else {
                continue;
            };
            let newest = self.view.touches(&self.facts, number).first()?;
            if !newest.is_source && !self.removes(newest) {
                return None;
            }
            let Some(moved) = self.file_moved_to(path) else {
                continue;
            };
            let Some(target) = moved.to.strip_suffix(&path[prefix.len() - 1..]) else {
                continue;
            };
            let place = self
                .view
                .order
                .iter()
                .position(|commit| *commit == moved.commit.number);
            let place = place.unwrap_or(0) as u32;
            let entry = targets.entry(target.to_owned()).or_insert((0, place));
            *entry = (entry.0 + 1, entry.1.min(place));
        }
        let best = targets
            .into_iter()
            .max_by(|(a, (more, _)), (b, (less, _))| more.cmp(less).then_with(|| b.cmp(a)))?;
        let (to, (_, place)) = best;
        Some(Move {
            to,
            commit: self.at(place),
        })
    }
}

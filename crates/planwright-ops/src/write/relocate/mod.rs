//! Documents and folders that get another path, with all that refers to them.
//!
//! A `Relocation` is planned before anything is locked: what moves where, which files may refer to
//! it. `carry` then makes the changes from what these files hold under their locks.

pub mod verbs;

use std::collections::BTreeMap;

use planwright_coord::Key;
use planwright_workspace::relink::Moves;
use planwright_workspace::write::{self, Contents};
use planwright_workspace::{Resolution, Workspace, path};

use super::{Done, Draft, Left, gone};
use crate::{ErrorKind, Hint, OpsError, claims};

/// What moves, and what may refer to it. Nothing at all by default.
#[derive(Debug, Default)]
pub(super) struct Relocation {
    moves: Moves,
    /// Every file that moves: old path and new.
    files: BTreeMap<String, String>,
    /// Files that may refer to what moves.
    referrers: Vec<String>,
}

/// What a relocation does to the files.
#[derive(Debug, Default)]
pub(super) struct Carried {
    pub(super) changes: Vec<write::Change>,
    pub(super) done: Vec<Done>,
    pub(super) left: Vec<Left>,
}

impl Relocation {
    /// Plans to move files and folders, given as old path and new, and checks that each can be.
    pub(super) fn plan(ws: &Workspace, pairs: &[(String, String)]) -> Result<Self, OpsError> {
        let mut found = Self::default();
        for (from, to) in pairs {
            check(ws, from, to)?;
            if ws.is_folder(from) {
                found.moves.folder(from.as_str(), to.as_str());
                let inside = ws.files_below(from).map_err(|error| {
                    let message = format!("cannot move {from}: {error}");
                    OpsError::new(ErrorKind::Refused, message)
                })?;
                let moved = inside.into_iter().map(|file| {
                    let new = format!("{to}{}", &file[from.len()..]);
                    (file, new)
                });
                found.files.extend(moved);
            } else {
                found.moves.file(from.as_str(), to.as_str());
                found.files.insert(from.clone(), to.clone());
            }
        }
        found.rename(ws);
        found.refer(ws);
        Ok(found)
    }

    /// Another title goes with a file, whose links carry the old one.
    pub(super) fn title(&mut self, path: &str, old: &str, new: &str) {
        self.moves.title(path, old, new);
    }

    /// Looks for the files that may refer to what moves.
    fn refer(&mut self, ws: &Workspace) {
        if !self.files.is_empty() {
            self.referrers = ws.referrers(&self.moves);
        }
    }

    /// The names that become others with the paths.
    fn rename(&mut self, ws: &Workspace) {
        let mut names: BTreeMap<String, u32> = BTreeMap::new();
        if self
            .files
            .iter()
            .any(|(from, to)| path::name(from) != path::name(to))
        {
            for file in ws.candidates() {
                *names.entry(path::name(&file).to_owned()).or_default() += 1;
            }
        }
        for (from, to) in &self.files {
            let Some(index) = ws.find(from) else { continue };
            let is_its = |name: &str| ws.resolve(name) == Resolution::Document(index);
            let (old, new) = (path::name(from), path::name(to));
            if old != new && names.get(old) == Some(&1) {
                self.moves.file_name(old, new);
            }
            let stems = (path::stem(from), path::stem(to));
            if stems.0 != stems.1 && is_its(stems.0) {
                self.moves.name(stems.0, stems.1);
            }
            let Ok(bytes) = ws.read_bytes(from) else {
                continue;
            };
            let read = |path: &str| ws.dialects().read(path, bytes.clone()).document.reference;
            let (old, new) = (read(from), read(to));
            if old != new && !new.is_empty() && is_its(&old) {
                self.moves.name(old, new);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What moves, as claims call it: nobody moves what others work on.
    pub(super) fn keys(&self, ws: &Workspace) -> Vec<Key> {
        let moved = self.files.keys();
        moved
            .filter_map(|path| claims::document_key(ws, path))
            .collect()
    }

    /// The path that a file has in the end.
    pub(super) fn now(&self, path: &str) -> String {
        self.moves.now(path).into_owned()
    }

    /// Every file that is read or written.
    pub(super) fn paths(&self) -> impl Iterator<Item = String> {
        let moved = self.files.iter().flat_map(|(from, to)| [from, to]);
        moved.chain(&self.referrers).cloned()
    }

    /// The changes to files that hold `contents`, some of which have a draft with other changes.
    pub(super) fn carry(
        &self,
        ws: &Workspace,
        contents: &Contents,
        drafts: &BTreeMap<String, Draft<'_>>,
    ) -> Result<Carried, OpsError> {
        let mut carried = Carried::default();
        let is_new = |path: &String| self.files.values().any(|to| to == path);
        for (path, bytes) in contents {
            let is_old = self.files.contains_key(path);
            if is_new(path) && !is_old {
                if bytes.is_some() {
                    return Err(taken(path));
                }
                continue;
            }
            let held = bytes.as_ref().ok_or_else(|| gone(path))?;
            let draft = drafts.get(path);
            let held = draft.map_or(held.as_slice(), |draft| draft.reading.parsed.source.bytes());
            let relinked = ws.relink(path, held, &self.moves);
            let new = relinked.apply(held);
            let now = self.now(path);
            if new.is_some() {
                carried.done.push(rewritten(&now, relinked.edits.len()));
            }
            carried
                .left
                .extend(relinked.unproved.into_iter().map(|left| Left {
                    path: now.clone(),
                    line: left.line,
                    text: left.text,
                    why: left.why.to_owned(),
                }));
            let bytes = new.unwrap_or_else(|| held.to_vec());
            if is_old {
                carried.done.extend(reading(ws, path, &now, &bytes));
            }
            carried.changes.push(match self.files.get(path) {
                Some(to) => write::Change::Rename {
                    from: path.clone(),
                    to: to.clone(),
                    bytes,
                },
                None => write::Change::Write {
                    path: path.clone(),
                    bytes,
                },
            });
        }
        carried.done.sort_by_key(|done| done.what != "references");
        Ok(carried)
    }
}

/// Refuses what cannot be moved, or not to there.
fn check(ws: &Workspace, from: &str, to: &str) -> Result<(), OpsError> {
    let refused = |message: String| Err(OpsError::new(ErrorKind::Refused, message));
    if from == to {
        return refused(format!("{from} lies there already"));
    }
    if path::join("", to).is_none_or(|path| path != to || path.is_empty()) {
        return refused(format!("{to} is not in the repository"));
    }
    if to.starts_with(&format!("{from}/")) {
        return refused(format!("{from} cannot be moved into itself"));
    }
    let link = ws.root().join(from).symlink_metadata();
    if link.is_ok_and(|link| link.is_symlink()) {
        let error = OpsError::new(ErrorKind::Refused, format!("{from} is a symbolic link"));
        return Err(error.with_hint(Hint::Note("move the file that it leads to".to_owned())));
    }
    if ws.exists(to) {
        return Err(taken(to));
    }
    if ws.is_ignored(to) {
        let error = OpsError::new(
            ErrorKind::Refused,
            format!("{to} is left out by ignore rules"),
        );
        return Err(error.with_hint(Hint::Run(format!("git check-ignore -v {to}"))));
    }
    Ok(())
}

fn taken(path: &str) -> OpsError {
    OpsError::new(ErrorKind::Refused, format!("{path} is there already"))
        .with_hint(Hint::Note("give another name or folder".to_owned()))
}

/// A file whose references were written anew.
fn rewritten(path: &str, count: usize) -> Done {
    Done {
        reference: path.to_owned(),
        path: path.to_owned(),
        line: 1,
        what: "references",
        before: None,
        after: Some(count.to_string()),
        native: None,
        text: String::new(),
        changed: true,
    }
}

/// Says so where a document is read as something else in its new place.
fn reading(ws: &Workspace, from: &str, to: &str, bytes: &[u8]) -> Option<Done> {
    ws.find(from)?;
    let read = |path: &str| {
        let reading = ws.dialects().read(path, bytes.to_vec());
        let document = reading.document;
        if reading.recognition.listed {
            (
                format!("{} {}", document.dialect, document.kind),
                document.reference,
            )
        } else {
            ("no plan document".to_owned(), document.reference)
        }
    };
    let ((before, _), (after, reference)) = (read(from), read(to));
    (before != after).then(|| Done {
        reference,
        path: to.to_owned(),
        line: 1,
        what: "reading",
        before: Some(before),
        after: Some(after),
        native: None,
        text: String::new(),
        changed: true,
    })
}
